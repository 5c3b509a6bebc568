"""The page that finds cases by what is known of them."""

import pytest
from django.urls import reverse

from support.record import Crew

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(sign_in):
    crew = Crew("gwent")
    return crew, sign_in(crew.officer)


def test_nothing_is_looked_for_until_something_is_asked(client_of):
    crew, client = client_of
    crew.raised("GWENT/1")
    html = client.get(reverse("find")).content.decode()
    assert "GWENT/1" not in html
    assert "Offence code" in html


def test_cases_are_found_and_what_was_asked_stays_on_the_page(client_of):
    crew, client = client_of
    known, bare = crew.shoplifting(), crew.raised("GWENT/2")
    answer = client.get(reverse("find"), {"offence.code": "46", "why": "a test"})
    html = answer.content.decode()
    assert known.reference in html
    assert bare.reference not in html
    assert 'value="46"' in html


def test_another_fact_is_added_and_what_was_answered_stays(client_of):
    crew, client = client_of
    crew.shoplifting()
    added = client.get(
        reverse("find"),
        {"offence.code": "46", "also": ["flags.knife"], "add": "yes", "why": "x", "case.raised_from_day": "3"},
    ).content.decode()  # fmt: skip
    assert 'name="flags.knife"' in added
    assert 'value="46"' in added
    assert 'value="3"' in added
    assert "cases found" not in added
    found = client.get(
        reverse("find"), {"also": ["flags.knife", "made.up"], "flags.knife": "not_known", "why": "x"}
    ).content.decode()  # fmt: skip
    assert "No cases found" in found


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"why": "x"}, "Answer at least one question"),
        ({"offence.code": "46", "why": ""}, "Answer this: Why do you look?"),
        ({"case.state": "made-up", "why": "x"}, "Choose one that is listed"),
        ({"case.raised_from_day": "40", "case.raised_from_month": "1", "case.raised_from_year": "2026", "why": "x"},
         "must be a real date"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(client_of, given, told):
    _, client = client_of
    answer = client.get(reverse("find"), given)
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_older_cases_are_a_page_away(client_of):
    crew, client = client_of
    first = crew.raised("GWENT/FIRST")
    for _ in range(25):
        crew.raised()
    html = client.get(reverse("find"), {"case.state": "raised", "why": "x"}).content.decode()
    assert first.reference not in html
    older = html.split('href="?')[1].split('"')[0].replace("&amp;", "&")
    assert first.reference in client.get(f"{reverse('find')}?{older}").content.decode()
