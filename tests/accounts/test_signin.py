"""Signing in: with a password and a second factor, by a force's directory, and locked out after five."""

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from amends.accounts import actions, sessions
from amends.accounts.models import RankHeld, RoleHeld, User
from amends.accounts.standing import standing, today
from amends.ledger.models import Entry, Payload
from support.directory import Directory
from support.record import Crew, fresh_key, person

pytestmark = pytest.mark.django_db
PASSWORD = "an invented password 7"
WRONG = "not the password at all"


@pytest.fixture(autouse=True)
def _fresh_cache(db):
    cache.clear()


@pytest.fixture
def crew():
    return Crew()


@pytest.fixture
def officer(crew):
    crew.officer.set_password(PASSWORD)
    crew.officer.save()
    return crew.officer


def sign_in(client, username, password=PASSWORD):
    return client.post("/sign-in/", {"login": username, "password": password})


def is_in(client):
    return client.get("/two-factor/").status_code == 200


def kinds():
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


# --- a password -----------------------------------------------------------------------------------------


def test_an_officer_signs_in_and_out_and_both_are_entered(client, officer):
    page = client.get("/sign-in/").content.decode()
    assert '<html lang="en-GB"' in page
    assert 'for="id_login"' in page
    answer = sign_in(client, officer.username)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    client.post("/sign-out/")
    assert not is_in(client)
    assert kinds() == ["accounts.signed_in", "accounts.signed_out"]
    assert set(Entry.objects.values_list("by", flat=True)) == {officer.pseudonym}


def test_a_wrong_password_is_told_as_an_unknown_name_is(client, officer):
    told = [
        sign_in(client, name, WRONG).content.decode().replace(name, "").partition("<form")[0]
        for name in (officer.username, "nobody.of.that.name")
    ]
    assert told[0] == told[1]
    assert "not correct" in told[0]
    assert kinds() == ["accounts.sign_in_failed"]
    kept = bytes(Payload.objects.get().payload).decode()
    assert WRONG not in kept
    assert officer.username not in kept


def test_after_five_wrong_ones_no_more_are_tried_for_a_name_known_or_not(client, officer):
    for name in (officer.username, "nobody.of.that.name"):
        for _ in range(5):
            assert "not correct" in sign_in(client, name, WRONG).content.decode()
        locked = sign_in(client, name).content.decode()
        assert "Too many failed" in locked, locked
        assert not is_in(client)
    other = person(officer.force)
    other.set_password(PASSWORD)
    other.save()
    assert sign_in(client, other.username).status_code == 302


def test_an_unknown_name_costs_as_much_as_a_wrong_password(client, officer, monkeypatch):
    made = []
    real = ScryptPasswordHasher.encode
    monkeypatch.setattr(
        ScryptPasswordHasher, "encode", lambda *a, **k: made.append(1) or real(*a, **k)
    )
    sign_in(client, officer.username, WRONG)
    known, made[:] = len(made), []
    sign_in(client, "nobody.of.that.name", WRONG)
    assert len(made) == known == 1


def test_whoever_has_left_does_not_get_in(client, officer):
    officer.is_active = False
    officer.save()
    sign_in(client, officer.username)
    assert not is_in(client)


def test_nobody_signs_up(client):
    assert client.get("/sign-up/").status_code in (302, 404)
    assert not User.objects.exists()


# --- a second factor ------------------------------------------------------------------------------------


def code(secret):
    counter = next(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counter))


def request_of(client):
    request = RequestFactory().get("/")
    request.session = client.session
    request.user = User.objects.get(pk=client.session["_auth_user_id"])
    return request


def test_a_second_factor_is_asked_for_once_it_is_set_up(client, officer):
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(officer, secret)
    answer = sign_in(client, officer.username)
    assert answer["Location"] == "/two-factor/authenticate/"
    assert not is_in(client)
    client.post("/two-factor/authenticate/", {"code": "000000"})
    assert not is_in(client)
    client.post("/two-factor/authenticate/", {"code": code(secret)})
    assert is_in(client)
    assert sessions.second_factor(request_of(client))


def test_a_password_alone_is_no_second_factor(client, officer):
    sign_in(client, officer.username)
    assert not sessions.second_factor(request_of(client))


def test_a_second_factor_is_set_up_by_whoever_gives_the_password_again(client, officer):
    sign_in(client, officer.username)
    wanted = "/two-factor/totp/activate/"
    again = client.get(wanted)["Location"]
    assert again.startswith("/sign-in/again/")
    assert client.post(again, {"password": WRONG}).status_code == 200
    assert client.post(again, {"password": PASSWORD})["Location"] == wanted
    for place in ("/two-factor/", wanted):
        page = client.get(place)
        assert page.status_code == 200, place
        assert '<html lang="en-GB"' in page.content.decode()


# --- how long it lasts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "still"),
    [
        (60, True),
        (sessions.IDLE - 5, True),
        (sessions.IDLE + 5, False),
        (sessions.WHOLE + 5, False),
    ],
)
def test_a_sign_in_ends_after_a_quarter_of_an_hour_without_a_request(
    client, officer, monkeypatch, after, still
):
    sign_in(client, officer.username)
    real = sessions.time.time
    monkeypatch.setattr(sessions.time, "time", lambda: real() + after)
    assert is_in(client) is still
    assert ("accounts.signed_out" in kinds()) is not still


def test_a_sign_in_ends_after_twelve_hours_however_busy(client, officer, monkeypatch):
    sign_in(client, officer.username)
    real = sessions.time.time
    for minutes in range(10, 12 * 60, 10):
        monkeypatch.setattr(sessions.time, "time", lambda m=minutes: real() + m * 60)
        assert is_in(client), minutes
    monkeypatch.setattr(sessions.time, "time", lambda: real() + sessions.WHOLE + 1)
    assert not is_in(client)


@pytest.mark.parametrize(
    "change",
    [
        lambda user: RoleHeld.objects.create(user=user, role="facilitator", starts=today()),
        lambda user: user.roles.update(ends=today()),
        lambda user: RankHeld.objects.create(user=user, rank="sergeant", starts=today()),
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    ],
    ids=["a role more", "a role less", "a rank", "left"],
)
def test_a_sign_in_ends_when_somebody_is_no_longer_what_they_were(client, officer, change):
    sign_in(client, officer.username)
    assert is_in(client)
    change(officer)
    assert not is_in(client)


def test_closing_an_account_through_its_action_ends_its_sign_in(client, crew, officer):
    sign_in(client, officer.username)
    boss = person(crew.force, "administrator")
    actions.close_account(boss, officer, key=fresh_key())
    assert not is_in(client)


# --- every page asks who you are ---------------------------------------------------------------------------

OPEN = {"alive", "account_login", "account_inactive", "openid_connect_callback", "socialaccount_login_cancelled",
        "socialaccount_login_error", "socialaccount_signup", "openid_connect_login", "mfa_authenticate",
        "guide", "guide_sign_in", "guide_letters", "guide_letter", "yours", "yours_leave", "your_answer", "link",
        "choose_password", "published", "disclosures", "disclosure_log", "disclosure_log_csv",
        "disclosure_log_json", "disclosure", "disclosure_file"}  # fmt: skip


def pages(patterns, before="") -> Iterator[tuple[str, str]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from pages(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield (
                one.name or "",
                "/"
                + before
                + str(one.pattern)
                .replace("<slug:provider_id>", "force")
                .replace("<provider_id>", "force")
                .replace("<int:number>", "1")
                .replace("<int:held>", "1")
                .replace("<int:task>", "1")
                .replace("<slug:name>", "note")
                .replace("<slug:what>", "role")
                .replace("<str:uid>", "x")
                .replace("<str:token>", "x"),
            )


def test_every_page_asks_who_you_are(client):
    found = dict(pages(get_resolver().url_patterns))
    assert set(found) >= OPEN
    for name, place in found.items():
        answer = client.get(place)
        if name not in OPEN:
            assert answer.status_code == 302, (name, place, answer.status_code)
            assert answer["Location"].startswith("/sign-in/"), (name, answer["Location"])


# --- a force's directory ---------------------------------------------------------------------------------


@pytest.fixture
def directory(settings) -> Iterator[Directory]:
    made = Directory()
    settings.AMENDS_OIDC_FORCE = "avon-and-somerset"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [{"provider_id": "force", "name": "x", "client_id": "amends", "secret": "s",
                      "settings": {"server_url": made.url}}],
        }
    }  # fmt: skip
    yield made
    made.stop()


def through(client, directory, **claims):
    """Sign in by the directory, which says *claims*: the last answer."""
    directory.claims = {"sub": claims.pop("sub", "s-1"), **claims}
    there = client.post("/directory/oidc/force/login/")
    assert there.status_code == 302, there.content
    back = requests.get(there["Location"], allow_redirects=False, timeout=10)
    parts = urlsplit(back.headers["Location"])
    return client.get(f"{parts.path}?{parts.query}")


def test_an_officer_signs_in_by_the_directory_with_rank_from_its_claims(client, directory, officer):
    answer = through(
        client, directory, preferred_username=officer.username, force="avon-and-somerset",
        rank="inspector", amr=["pwd", "mfa"],
    )  # fmt: skip
    assert answer.status_code == 302, answer.content
    assert is_in(client)
    assert sessions.second_factor(request_of(client))
    assert standing(officer, today() + dt.timedelta(days=1)).rank == "inspector"
    assert directory.asked[0]["code_challenge_method"] == "S256"
    assert "accounts.rank_from_directory" in kinds()
    first = RankHeld.objects.get(user=officer, rank="constable")
    assert first.ends == today()


def test_the_second_time_nothing_changes_but_that_they_are_in(client, directory, officer):
    told = {
        "preferred_username": officer.username,
        "force": "avon-and-somerset",
        "rank": "constable",
    }
    through(client, directory, **told)
    client.post("/sign-out/")
    through(client, directory, **told)
    assert is_in(client)
    assert not sessions.second_factor(request_of(client))
    assert RankHeld.objects.filter(user=officer).count() == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"force": "kent"}, {"force": None}, {"preferred_username": "somebody.else"},
        {"preferred_username": None}, {"force": "AVON-AND-SOMERSET"},
    ],
)  # fmt: skip
def test_whoever_is_of_another_force_or_has_no_account_is_refused_alike(
    client, directory, officer, claims
):
    told = {
        "preferred_username": officer.username,
        "force": "avon-and-somerset",
        "rank": "inspector",
    }
    answer = through(client, directory, **(told | claims))
    assert answer.status_code == 403
    assert "Ask an administrator for an account" in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == 4
    assert not RankHeld.objects.filter(user=officer, rank="inspector").exists()


def test_one_directory_entry_never_becomes_two_accounts(client, directory, officer):
    told = {"force": "avon-and-somerset", "rank": "constable"}
    through(client, directory, preferred_username=officer.username, **told)
    client.post("/sign-out/")
    other = person(officer.force, "officer")
    answer = through(client, directory, preferred_username=other.username, **told)
    assert answer.status_code == 403
    assert not is_in(client)


def test_a_claim_that_is_no_rank_changes_nothing(client, directory, officer):
    through(
        client,
        directory,
        preferred_username=officer.username,
        force="avon-and-somerset",
        rank="captain",
    )
    assert is_in(client)
    assert standing(officer).rank == "constable"
