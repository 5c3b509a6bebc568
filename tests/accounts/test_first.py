"""The first administrator of a force, made by a command: once, and in the ledger."""

import json
import threading

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client

from amends.accounts.first import first_administrator
from amends.accounts.models import Force, User
from amends.accounts.passwords import TOKENS
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing
from amends.cli import main
from amends.ledger.models import Entry
from support.record import force, person

pytestmark = pytest.mark.django_db
PASSWORD = "an invented password 7"


def first(*more, slug="avon-and-somerset", username="jo", again=False):
    names = [] if again else ["--name", "Invented Constabulary", "--full-name", "Jo Invented"]
    words = ["accounts", "first", "--force", slug, *names, "--username", username, *more]
    return main(words)


def link_in(text):
    return next(line for line in text.splitlines() if "/choose-password/" in line)


def path_of(link):
    return "/" + link.split("/", 3)[3]


def test_it_makes_the_force_and_its_administrator_who_chooses_a_password(capsys):
    assert first() == 0
    link = link_in(capsys.readouterr().out)
    assert link.startswith("http://")
    jo = User.objects.get(username="jo")
    assert (str(jo), jo.force.name, jo.force.invented) == (
        "Jo Invented", "Invented Constabulary", False,
    )  # fmt: skip
    assert standing(jo).roles == {"administrator"}
    assert not jo.has_usable_password()
    entry = Entry.objects.get()
    assert (entry.kind, entry.by, entry.force) == ("accounts.first", jo.pseudonym, jo.force_id)
    assert json.loads(bytes(entry.kept.payload))["username"] == "jo"
    cache.clear()
    client = Client()
    answer = client.post(path_of(link), {"first": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 200
    client.post("/sign-in/", {"login": "jo", "password": PASSWORD})
    assert client.get("/people/").status_code == 200
    assert client.post(path_of(link), {"first": PASSWORD, "again": PASSWORD}).status_code == 404


def test_where_there_is_an_administrator_it_makes_nobody(capsys):
    assert first() == 0
    for username in ("jo", "sam"):
        assert first(username=username) == 2
        assert "has an administrator already" in capsys.readouterr().err
    assert User.objects.count() == 1
    User.objects.update(is_active=False)
    assert first(username="sam") == 0
    assert User.objects.filter(is_active=True).get().username == "sam"


def test_a_force_that_is_there_is_used_and_its_name_is_not_changed(capsys):
    force("kent")
    assert (
        main(["accounts", "first", "--force", "kent", "--username", "jo", "--full-name", "J"]) == 0
    )
    assert User.objects.get().force_id == "kent"
    force("gwent")
    assert "keeps its name" not in capsys.readouterr().err
    assert first(slug="gwent", username="sam") == 0
    assert "'gwent (invented)': it was there, and keeps its name" in capsys.readouterr().err
    assert Force.objects.get(slug="gwent").name == "gwent (invented)"
    assert Force.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"slug": "Not A Slug"}, "--force: Enter a valid"),
        ({"username": "with blanks"}, "A username has letters"),
        ({"username": "link.x"}, "does not begin with link."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(given, told, capsys):
    assert first(**given) == 2
    assert told in capsys.readouterr().err
    assert not User.objects.exists()
    assert not Force.objects.exists()


def test_a_force_that_no_policy_knows_is_made_only_where_one_insists(capsys):
    assert first(slug="kentt") == 2
    said = capsys.readouterr().err
    assert "There is no such force in England and Wales. Did you mean kent" in said
    assert "add --other-force. (ACC-FORCE)" in said
    assert not Force.objects.exists()
    assert not Entry.objects.exists()
    assert first("--other-force", slug="kentt") == 0
    assert Force.objects.get().slug == "kentt"


def test_names_are_needed(capsys):
    words = ["accounts", "first", "--force", "kent", "--username", "jo"]
    assert main([*words, "--full-name", "Jo"]) == 2
    assert "--name: This field cannot be blank" in capsys.readouterr().err
    assert main([*words, "--name", "Kent"]) == 2
    assert "Give their full name" in capsys.readouterr().err
    assert not Force.objects.exists()


def test_another_link_only_for_whoever_never_signed_in(capsys, monkeypatch):
    first()
    old = link_in(capsys.readouterr().out)
    real = TOKENS._now
    monkeypatch.setattr(TOKENS, "_now", lambda: real().replace(microsecond=0))
    assert first("--again", again=True) == 0
    new = link_in(capsys.readouterr().out)
    assert path_of(new).startswith("/choose-password/")
    assert Entry.objects.filter(kind="accounts.first").count() == 2
    assert Client().post(path_of(new), {"first": PASSWORD, "again": PASSWORD}).status_code == 200
    assert Client().get(path_of(old)).status_code == 404
    assert first("--again", again=True) == 2
    assert "chosen a password, before" in capsys.readouterr().err
    assert first("--again", again=True, username="nobody") == 2
    person(force(), "administrator")
    assert first("--again", again=True) == 2
    assert "not the only administrator" in capsys.readouterr().err


def test_without_tables_it_says_what_makes_them(capsys, monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", list)
    assert first() == 2
    assert "amends migrate" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_of_two_commands_at_once_one_makes_an_administrator():
    start, told = threading.Barrier(2), []

    def make(username):
        try:
            start.wait()
            first_administrator(
                force="kent", name="Kent", username=username, full_name="Jo Invented"
            )
            told.append("made")
        except Refused as refusal:
            told.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=make, args=[name]) for name in ("jo", "sam")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == ["ACC-FIRST", "made"]
    assert User.objects.count() == Entry.objects.count() == 1
