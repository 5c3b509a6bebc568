"""Links by which somebody chooses a password: shown once, used once, for a day, and never for oneself."""

import datetime as dt
import json
import threading

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.urls import reverse

from amends.accounts import actions, passwords
from amends.accounts.passwords import TOKENS, choose, digest_of, holder, password_link
from amends.accounts.refusals import Refused
from amends.cases.actions import inviting
from amends.cases.models import Person
from amends.ledger.models import Entry, Payload
from support.record import Crew, fresh_key, person

pytestmark = pytest.mark.django_db
PASSWORD = "an invented password 7"
OTHER = "another invented password 8"


@pytest.fixture(autouse=True)
def _fresh_cache(db):
    cache.clear()


@pytest.fixture
def crew():
    return Crew()


@pytest.fixture
def boss(crew):
    return person(crew.force, "administrator")


def refused(code, what, *args, **given):
    with pytest.raises(Refused) as caught:
        what(*args, **given)
    assert caught.value.code == code, caught.value
    return caught.value.sentence


def page_of(link):
    return reverse("choose_password", args=link)


def chosen(client, link, first=PASSWORD, again=None):
    given = {"first": first, "again": first if again is None else again}
    return client.post(page_of(link), given)


def test_a_link_is_made_and_whoever_holds_it_chooses_once(crew, boss, client):
    link = password_link(boss, crew.officer, key=fresh_key())
    page = client.get(page_of(link))
    assert page.status_code == 200
    assert crew.officer.username in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "strict-origin"
    done = chosen(client, link)
    assert done.status_code == 200
    assert "Your password is chosen" in done.content.decode()
    crew.officer.refresh_from_db()
    assert crew.officer.check_password(PASSWORD)
    for answer in (client.get(page_of(link)), chosen(client, link, OTHER)):
        assert answer.status_code == 404
        assert answer["Referrer-Policy"] == "strict-origin"
    crew.officer.refresh_from_db()
    assert crew.officer.check_password(PASSWORD)
    assert not client.session.get("_auth_user_id")  # it signs nobody in
    in_it = client.post("/sign-in/", {"login": crew.officer.username, "password": PASSWORD})
    assert in_it.status_code == 302


def test_the_ledger_knows_who_made_it_and_who_used_it_and_never_the_link(crew, boss):
    uid, token = password_link(boss, crew.officer, key=fresh_key())
    choose(uid, token, PASSWORD)
    entries = Entry.objects.filter(kind__startswith="accounts.password").order_by("pk")
    assert [(one.kind, one.by) for one in entries] == [
        ("accounts.password", boss.pseudonym), ("accounts.password_chosen", crew.officer.pseudonym),
    ]  # fmt: skip
    held = [json.loads(bytes(one.kept.payload)) for one in entries]
    assert {one["link"] for one in held} == {digest_of(token)}
    kept = b"".join(bytes(one) for one in Payload.objects.values_list("payload", flat=True))
    assert token.encode() not in kept
    assert PASSWORD.encode() not in kept


def test_a_form_sent_twice_shows_the_same_link_until_it_is_used(crew, boss):
    key = fresh_key()
    made = {password_link(boss, crew.officer, key=key) for _ in range(3)}
    assert len(made) == 1
    assert Entry.objects.filter(kind="accounts.password").count() == 1
    choose(*made.pop(), PASSWORD)
    refused("ACC-SHOWN", password_link, boss, crew.officer, key=key)


def test_a_link_is_old_after_a_day(crew, boss, monkeypatch):
    link = password_link(boss, crew.officer, key=fresh_key())
    real = TOKENS._now
    day = dt.timedelta(days=1)
    monkeypatch.setattr(TOKENS, "_now", lambda: real() + day - dt.timedelta(seconds=30))
    assert holder(*link) == crew.officer
    monkeypatch.setattr(TOKENS, "_now", lambda: real() + day + dt.timedelta(seconds=30))
    refused("ACC-LINK", holder, *link)


def test_a_link_is_no_more_once_they_sign_in_or_leave(crew, boss, client):
    link = password_link(boss, crew.officer, key=fresh_key())
    actions.close_account(boss, crew.officer, key=fresh_key())
    refused("ACC-LINK", choose, *link, PASSWORD)
    refused("ACC-CLOSED", password_link, boss, crew.officer, key=fresh_key())
    other = password_link(boss, crew.sergeant, key=fresh_key())
    client.force_login(crew.sergeant)
    refused("ACC-LINK", choose, *other, PASSWORD)


def test_what_is_no_link_is_told_as_an_old_one_is(crew, boss, client):
    uid, token = password_link(boss, crew.officer, key=fresh_key())
    foreign = password_link(boss, crew.sergeant, key=fresh_key())
    choose(uid, token, PASSWORD)
    wrong = [
        (uid, token),
        (uid, foreign[1]),
        ("x", token),
        ("MQ", "x"),
        ("_w", "1-2"),
        (uid, "é-é"),
    ]
    told = {client.get(page_of(one)).content for one in wrong}
    assert len(told) == 1
    assert all(client.get(page_of(one)).status_code == 404 for one in wrong)


def test_nobody_makes_one_for_themselves_for_another_force_or_for_whoever_acts_by_a_link(
    crew, boss
):
    refused("ACC-SELF", password_link, boss, boss, key=fresh_key())
    refused("ACT-NONE", password_link, boss, Crew("kent").officer, key=fresh_key())
    refused("ACT-MAY-NOT", password_link, crew.sergeant, crew.officer, key=fresh_key())
    case = crew.shoplifting()
    _, digest = inviting.new_token()
    victim = Person.objects.get(case=case, part="victim")
    party = crew.does(inviting.invite, case, person=victim, digest=digest).user
    refused("ACT-NONE", password_link, boss, party, key=fresh_key())
    for act in (actions.close_account, passwords.password_link):
        refused("ACT-NONE", act, boss, party, key=fresh_key())
    assert not Entry.objects.filter(kind="accounts.password").exists()


def test_choosing_signs_out_everywhere_else_and_leaves_the_second_factor(crew, boss):
    crew.officer.set_password(OTHER)
    crew.officer.save()
    TOTP.activate(crew.officer, "JBSWY3DPEHPK3PXP")
    elsewhere = Client()
    elsewhere.force_login(crew.officer)
    assert elsewhere.get("/").status_code == 200
    link = password_link(boss, crew.officer, key=fresh_key())
    assert chosen(Client(), link).status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert Authenticator.objects.filter(user=crew.officer, type="totp").count() == 1
    client = Client()
    answer = client.post("/sign-in/", {"login": crew.officer.username, "password": PASSWORD})
    assert answer["Location"] == "/two-factor/authenticate/"


@pytest.mark.parametrize(
    ("first", "again", "told"),
    [
        ("", "", "Enter new password"),
        (PASSWORD, OTHER, "The two are not the same"),
        ("tiny-7", "tiny-7", "at least 12 characters"),
        ("password1234", "password1234", "too common"),
        ("marigold-1234", "marigold-1234", "too similar"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays(
    crew, boss, client, caplog, first, again, told
):
    crew.officer.username = "marigold"
    crew.officer.save()
    link = password_link(boss, crew.officer, key=fresh_key())
    answer = chosen(client, link, first, again)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert told in html
    assert "There is a problem" in html
    assert not first or first not in html
    assert link[1] not in caplog.text  # what is logged opens nothing
    assert chosen(client, link).status_code == 200


def test_the_action_itself_refuses_a_weak_password(crew, boss):
    link = password_link(boss, crew.officer, key=fresh_key())
    with pytest.raises(ValidationError):
        choose(*link, "short")
    assert holder(*link) == crew.officer


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_it_at_once_one_chooses():
    crew = Crew()
    link = password_link(person(crew.force, "administrator"), crew.officer, key=fresh_key())
    start, told = threading.Barrier(2), []

    def use(password):
        try:
            start.wait()
            choose(*link, password)
            told.append(password)
        except Refused as refusal:
            told.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=use, args=[one]) for one in (PASSWORD, OTHER)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told)[0] == "ACC-LINK"
    crew.officer.refresh_from_db()
    assert crew.officer.check_password(next(one for one in told if one != "ACC-LINK"))
    assert Entry.objects.filter(kind="accounts.password_chosen").count() == 1
