"""The service starts only where its settings are safe, and says what is wrong where they are not."""

import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import connection

from amends.config.environment import SQLITE, SettingsError, read

SAFE = {
    "AMENDS_MODE": "production",
    "AMENDS_SECRET_KEY": "x" * 50,
    "AMENDS_HOSTS": "amends.example.police.uk",
    "AMENDS_DATABASE_URL": "postgresql://amends:p%40ss@db.example:5433/amends?sslmode=require",
}
NOTIFY = {
    "AMENDS_NOTIFY_KEY": "invented-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0",
    "AMENDS_NOTIFY_EMAIL_TEMPLATE": "one",
    "AMENDS_NOTIFY_TEXT_TEMPLATE": "two",
}


def test_a_laptop_needs_no_setting(tmp_path):
    found = read({"AMENDS_FOLDER": str(tmp_path)})
    assert (found.mode, found.production) == ("demo", False)
    assert found.database["NAME"] == str(tmp_path / "amends.sqlite3")
    assert found.database["OPTIONS"] == SQLITE
    assert "localhost" in found.hosts
    assert len(found.secret) >= 50
    assert found.secret != read({}).secret


def test_a_force_may_have_an_account_with_notify():
    assert read({}).notify == {}
    found = read({**SAFE, **NOTIFY}).notify
    assert found["url"] == "https://api.notifications.service.gov.uk"
    assert (found["email_template"], found["text_template"]) == ("one", "two")
    local = read({**NOTIFY, "AMENDS_NOTIFY_URL": "http://127.0.0.1:8080"})
    assert local.notify["url"] == "http://127.0.0.1:8080"


def test_a_force_names_its_database_host_and_secret():
    found = read(SAFE)
    assert found.production
    assert found.hosts == ["amends.example.police.uk"]
    told = found.database
    assert (told["NAME"], told["USER"], told["PASSWORD"]) == ("amends", "amends", "p@ss")
    assert (told["HOST"], told["PORT"]) == ("db.example", "5433")
    assert told["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"AMENDS_MODE": "prod"}, "AMENDS_MODE: 'prod' is no mode. It is demo or production."),
        (
            {"AMENDS_SECRET_KEY": "short"},
            "AMENDS_SECRET_KEY: In production it must have at least 50",
        ),
        ({"AMENDS_SECRET_KEY": ""}, "AMENDS_SECRET_KEY: "),
        ({"AMENDS_HOSTS": ""}, "AMENDS_HOSTS: In production every host name must be given."),
        ({**NOTIFY, "AMENDS_NOTIFY_URL": "http://notify.example"}, "AMENDS_NOTIFY_URL: "),
        ({**NOTIFY, "AMENDS_NOTIFY_KEY": "short"}, "AMENDS_NOTIFY_KEY: It is no key of Notify."),
        ({**NOTIFY, "AMENDS_NOTIFY_KEY": ""}, "AMENDS_NOTIFY_KEY: The other settings of Notify"),
        ({"AMENDS_NOTIFY_TEXT_TEMPLATE": "t"}, "AMENDS_NOTIFY_KEY: The other settings of Notify"),
        ({"AMENDS_HOSTS": "a.example, *"}, "AMENDS_HOSTS: "),
        (
            {"AMENDS_DATABASE_URL": ""},
            "AMENDS_DATABASE_URL: In production the database must be named.",
        ),
        ({"AMENDS_DATABASE_URL": "oracle://x"}, "AMENDS_DATABASE_URL: 'oracle' is no database"),
        ({"AMENDS_DATABASE_URL": "postgresql://h:port/x"}, "AMENDS_DATABASE_URL: "),
        ({"AMENDS_DATABASE_URL": "postgresql://h/x?colour=red"}, "AMENDS_DATABASE_URL: It cannot"),
    ],
)
def test_what_is_not_safe_is_refused(changed, said):
    with pytest.raises(SettingsError) as caught:
        read(SAFE | changed)
    assert str(caught.value).startswith(said)


def test_django_finds_nothing_unsafe_in_production():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env={**SAFE, "AMENDS_SECRET_KEY": "a1B2c3D4e5" * 6, "DJANGO_SETTINGS_MODULE": "amends.config.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    call_command("makemigrations", "--check", "--dry-run")


@pytest.mark.django_db(transaction=True)
def test_the_database_is_set_as_it_must_be():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
            found = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
            assert found == ["wal", 2, 1, 1]
        else:
            cursor.execute("SHOW server_version_num")
            assert int(cursor.fetchone()[0]) >= 140_000


def test_it_answers_that_it_is_alive_and_sets_no_cookie(client):
    answer = client.get("/alive")
    assert (answer.status_code, answer.content) == (200, b"alive\n")
    assert not answer.cookies
    assert answer["X-Frame-Options"] == "DENY"
