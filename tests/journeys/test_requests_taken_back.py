"""An answer is taken back from the disclosure log by two people, or left there after all: in a real browser."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse

from amends.accounts.standing import today
from amends.openness.register import actions
from support.browser import DESK, PHONE
from support.record import fresh_key, person

NAME = "Zebedee Invented"
REASON = "It told more than it should."


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def officer(crew):
    cache.clear()
    return person(crew.force, "disclosure_officer")


@pytest.fixture
def row(crew, officer):
    """A request whose answer is in the log."""
    made = actions.receive(
        officer, key=fresh_key(), received=today() - dt.timedelta(5), channel="email",
        subject="Thefts by year", words="How many community resolutions?", name=NAME, contact="zebedee@example.org",
    )  # fmt: skip
    draft = {
        "holding": "held", "title": "Resolutions by year", "restated": "How many were there?",
        "letter": "See the table that goes with this letter.", "folder": "",
    }  # fmt: skip
    steps = (
        (actions.handle, officer, {"kind": "drafted", "data": draft}), (actions.clear, officer, {}),
        (actions.clear, crew.inspector, {}), (actions.send, officer, {"how": "email"}),
        (actions.publish, officer, {}),
    )  # fmt: skip
    for what, by, given in steps:
        made.refresh_from_db()
        what(by, made, key=fresh_key(), expected=made.version, on=today(), **given)
    return made


def asked_for(page, row):
    """Somebody asks that the answer be taken back, from the page of the request."""
    page.go(reverse("request", args=[row.pk]))
    page.tap("Take an answer back from the disclosure log")
    page.pick_with("Which answer?", row.reference)
    page.write("Why?", REASON)
    page.shot("taken-back-asked")
    page.tap("Ask for it")
    assert "A second person takes the answer back" in page.text()
    assert "Take the answer back, as the second person" not in page.text()


def log_says(page, row):
    page.driver.delete_all_cookies()  # the log is for everybody
    page.go(reverse("disclosure_log", args=[row.force_id]))
    return page.text()


@pytest.mark.parametrize(("width", "scripts"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_two_people_take_an_answer_back(on, width, scripts, crew, officer, row):
    page = on(width, scripts)
    page.be(officer)
    asked_for(page, row)
    page.be(crew.inspector)
    page.go("/")
    assert "to be taken back from the log" in page.text()  # first on the page of one's own work
    page.shot(f"taken-back-home-{width}")
    page.tap(row.reference)
    page.shot(f"taken-back-request-{width}")
    page.tap("Take the answer back, as the second person")
    assert REASON in page.text()
    page.tap("Take it back")
    assert "Take the answer back, as the second person" in page.text()  # not without a tick
    page.tap("I have read the answer and the reason")
    page.shot(f"taken-back-second-{width}")
    page.tap("Take it back")
    assert "answered and taken back" in page.text()
    assert row.reference not in log_says(page, row)
    page.go(reverse("disclosure", args=[row.force_id, row.reference]))
    assert REASON in page.text()
    assert "Resolutions by year" not in page.text()
    page.shot(f"taken-back-gone-{width}")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_whoever_asked_for_it_leaves_it_there_after_all(on, width, crew, officer, row):
    page = on(width)
    page.be(officer)
    asked_for(page, row)
    page.tap("Leave the answer in the disclosure log after all")
    assert REASON in page.text()
    page.shot(f"taken-back-left-{width}")
    page.tap("Leave it there")
    assert "answered and published" in page.text()
    assert "wants it no more" in page.text()  # the history keeps both
    assert REASON in page.text()
    page.be(crew.inspector)
    page.go(reverse("request", args=[row.pk]))
    assert "as the second person" not in page.text()
    assert "Resolutions by year" in log_says(page, row)
