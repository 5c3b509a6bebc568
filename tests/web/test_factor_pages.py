"""The pages of a second factor: what they say to whom, and that they look like all others."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
PASSWORD = "an invented password 7"
ACTIVATE = "/two-factor/totp/activate/"


def without_password(sign_in, user):
    user.set_unusable_password()
    user.save()
    return sign_in(user)


@pytest.mark.parametrize(
    ("production", "words"),
    [(False, "People of the demo have no password"), (True, "by your force’s directory")],
)
def test_whoever_has_no_password_is_told_that_there_is_nothing_to_set_up(
    crew, sign_in, settings, production, words
):
    settings.AMENDS_PRODUCTION, settings.SECURE_SSL_REDIRECT = production, False
    client = without_password(sign_in, crew.officer)
    page = client.get(reverse("mfa_index"))
    html = page.content.decode()
    assert page.status_code == 200
    assert "There is nothing to set up" in html
    assert words in html
    assert ACTIVATE not in html
    assert client.get(ACTIVATE)["Location"] == reverse("mfa_index")
    assert client.post(ACTIVATE, {"code": "000000"})["Location"] == reverse("mfa_index")


def test_pages_of_a_second_factor_look_like_all_others_and_lead_back(crew):
    crew.officer.set_password(PASSWORD)
    crew.officer.save()
    client = Client()
    client.post("/sign-in/", {"login": crew.officer.username, "password": PASSWORD})
    again = client.get(ACTIVATE)["Location"]
    asked = client.get(again).content.decode()
    wrong = client.post(again, {"password": "not it at all, no"}).content.decode()
    assert client.post(again, {"password": PASSWORD})["Location"] == ACTIVATE
    shown = [client.get(where) for where in (reverse("mfa_index"), ACTIVATE)]
    for html in (asked, wrong, *(one.content.decode() for one in shown)):
        assert 'class="govuk-heading-l"' in html
        assert 'class="govuk-back-link" href="/"' in html
    assert "<title>Enter your password again" in asked
    assert "<title>Error: Enter your password again" in wrong
    assert 'class="govuk-error-message"' in wrong


def test_an_image_may_be_inside_a_page_only_where_the_code_is_shown(crew):
    crew.officer.set_password(PASSWORD)
    crew.officer.save()
    client = Client()
    client.post("/sign-in/", {"login": crew.officer.username, "password": PASSWORD})
    client.post(client.get(ACTIVATE)["Location"], {"password": PASSWORD})
    assert "img-src 'self' data:" in client.get(ACTIVATE)["Content-Security-Policy"]
    for where in ("/", reverse("mfa_index"), "/people/", "/sign-in/again/"):
        assert "data:" not in client.get(where)["Content-Security-Policy"], where
