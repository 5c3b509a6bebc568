"""Whoever does not work on a case says why they look at it: on its page, on its timeline, and at any step."""

import pytest
from django.test import Client
from django.urls import reverse

from amends.cases.models import Case, Step
from amends.ledger import looking

pytestmark = pytest.mark.django_db
PARTS = [("case", []), ("timeline", []), ("step", ["note"])]
REASON = "To answer a complaint"


@pytest.fixture
def whys(monkeypatch, settings, tmp_path):
    """Why somebody looked, as it is kept, the first look first."""
    settings.AMENDS_FOLDER = tmp_path
    told, real = [], looking.looked

    def looked(*parts, why, **given):
        told.append(why)
        return real(*parts, why=why, **given)

    monkeypatch.setattr(looking, "looked", looked)
    return told


@pytest.mark.parametrize(("name", "more"), PARTS)
def test_whoever_does_not_work_on_it_is_asked_first(crew, sign_in, whys, name, more):
    case = crew.shoplifting()
    client, where = sign_in(crew.sergeant), reverse(name, args=[case.pk, *more])
    asked = client.get(where)
    assert asked.status_code == 403
    assert "Why do you look at this case?" in asked.content.decode()
    assert not whys
    assert client.get(where, {"why": REASON}).status_code == 200
    assert client.get(where).status_code == 200  # said once, it is kept with each look
    assert whys == [REASON, REASON]


@pytest.mark.parametrize(("name", "more"), PARTS)
def test_a_reason_given_on_the_page_of_the_case_goes_for_all_of_it(crew, sign_in, whys, name, more):
    case = crew.shoplifting()
    client = sign_in(crew.sergeant)
    client.get(reverse("case", args=[case.pk]), {"why": REASON})
    assert client.get(reverse(name, args=[case.pk, *more])).status_code == 200
    assert whys == [REASON, REASON]


@pytest.mark.parametrize(("name", "more"), PARTS)
def test_whoever_works_on_it_is_not_asked(crew, sign_in, name, more):
    case = crew.shoplifting()
    assert sign_in(crew.officer).get(reverse(name, args=[case.pk, *more])).status_code == 200


def test_what_was_typed_is_taken_although_they_signed_in_anew(crew, sign_in):
    case = crew.shoplifting()
    note = reverse("step", args=[case.pk, "note"])
    html = sign_in(crew.sergeant).get(note, {"why": REASON}).content.decode()
    given = {
        name: html.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]
        for name in ("key", "expected")
    }
    text = html.split("<textarea")[1].split('name="')[1].split('"')[0]
    anew: Client = sign_in(crew.sergeant)
    assert anew.post(note, {**given, text: "Their own words."}).status_code == 302
    assert Step.objects.filter(case=Case.objects.get(), command="cases.note").count() == 1
