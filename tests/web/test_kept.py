"""A form that a script sends is told where to go next, and what the next page says waits for it."""

import uuid

import pytest
from django.urls import reverse

from support.record import Crew

pytestmark = pytest.mark.django_db
SENT = {"Amends-Kept": "yes"}


def note(client, case, **headers):
    data = {"key": str(uuid.uuid4()), "expected": case.version, "words": "A note."}
    return client.post(reverse("step", args=[case.pk, "note"]), data, headers=headers)


def test_what_was_saved_is_said_on_the_page_that_follows(sign_in):
    crew = Crew("gwent")
    case = crew.raised()
    client = sign_in(crew.officer)
    answer = note(client, case, **SENT)
    page = reverse("case", args=[case.pk])
    assert (answer.status_code, answer.content, answer["Amends-Go"]) == (204, b"", page)
    assert "The note is kept." in client.get(page).content.decode()
    assert "The note is kept." not in client.get(page).content.decode()


def test_without_the_script_it_is_a_redirect_as_ever(sign_in):
    crew = Crew("gwent")
    case = crew.raised()
    answer = note(sign_in(crew.officer), case)
    assert (answer.status_code, answer.url) == (302, reverse("case", args=[case.pk]))
    assert "Amends-Go" not in answer


def test_whoever_was_signed_out_is_told_so(client):
    case = Crew("gwent").raised()
    answer = note(client, case, **SENT)
    assert answer.status_code == 204
    assert answer["Amends-Go"].startswith(reverse("account_login"))
