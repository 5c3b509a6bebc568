"""What is strong, in production: open to whoever gave a second factor, and to nobody else."""

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from amends.accounts import sessions
from amends.accounts.permissions import table
from amends.cases.actions import authorising
from support.record import person

pytestmark = pytest.mark.django_db
PASSWORD, SECRET = "a long one, invented 1", "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def production(settings):
    settings.AMENDS_PRODUCTION, settings.SECURE_SSL_REDIRECT = True, False
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def with_a_code(user):
    """A browser in which *user* has given the password, and the code of an app."""
    user.set_password(PASSWORD)
    user.save()
    TOTP.activate(user, SECRET)
    client = Client()
    client.post("/sign-in/", {"login": user.username, "password": PASSWORD})
    code = format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))
    client.post("/two-factor/authenticate/", {"code": code})
    return client


def by_directory(user):
    """A browser in which *user* was let in by the directory of the force, with a second factor."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[sessions.DIRECTORY_FACTOR] = True
    session.save()
    return client


@pytest.mark.parametrize("way", [with_a_code, by_directory])
def test_whoever_gave_a_second_factor_runs_the_accounts(crew, way):
    client = way(person(crew.force, "administrator"))
    number = crew.officer.pk
    for where in (
        reverse("account_open"), reverse("delegations"), reverse("account_give", args=[number, "role"]),
        reverse("account_close", args=[number]), reverse("account_password", args=[number]),
    ):  # fmt: skip
        assert client.get(where).status_code == 200, where


@pytest.mark.parametrize("way", [with_a_code, by_directory])
def test_whoever_gave_a_second_factor_signs_a_case(crew, way):
    case = crew.shoplifting()
    crew.does(authorising.consult_supervisor, case, crew.sergeant, words="Go ahead.")
    crew.does(authorising.ask_authority, case, of=crew.superintendent)
    assert table().actions["cases.authorise"].strong
    client = way(crew.superintendent)
    where = reverse("step", args=[case.pk, "authorise"])
    shown = client.get(where)
    assert shown.status_code == 200
    html = shown.content.decode()
    given = {"reasons": "A minor theft, put right.", "no_conflict": "yes"}
    for name in ("key", "expected"):
        given[name] = html.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]
    answer = client.post(where, given)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    case.refresh_from_db()
    assert case.state == "authorised"
    assert client.get(reverse("step", args=[case.pk, "refuse"])).status_code != 500


def test_a_password_alone_leads_to_where_one_is_set_up(crew, sign_in):
    case = crew.shoplifting()
    answer = sign_in(crew.superintendent).get(reverse("step", args=[case.pk, "authorise"]))
    assert answer["Location"] == reverse("mfa_index")
