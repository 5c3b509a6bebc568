"""An answer that the program made is attached and sent, then contested to the Tribunal: in a real browser."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse

from amends.accounts.standing import today
from amends.cli import main
from amends.openness.register import actions
from support.browser import DESK, PHONE
from support.record import fresh_key, person

NAME = "Zebedee Invented"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with an answer from an invented history, and the memory of it."""
    place = tmp_path_factory.mktemp("answered")
    assert main(["invent", str(place / "cases.parquet"), "--rows", "2000"]) == 0
    asked = [
        "answer", "article", "--cases", str(place / "cases.parquet"), "--answers", str(place / "memory"),
        "--publisher", "Invented Constabulary", "--contact", "foi@invented.example", "--as-at", "2026-03-31",
        "--out", str(place / "article"),
    ]  # fmt: skip
    assert main(asked) == 0
    return place


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def officer(crew):
    cache.clear()
    return person(crew.force, "disclosure_officer")


@pytest.fixture
def row(officer):
    return actions.receive(
        officer, key=fresh_key(), received=today() - dt.timedelta(5), channel="email",
        subject="Thefts by year", words="How many community resolutions?", name=NAME, contact="zebedee@example.org",
    )  # fmt: skip


class Story:
    """One request on one browser, and who looks at it."""

    def __init__(self, page, crew, officer, row):
        self.page, self.crew, self.officer = page, crew, officer
        self.place = reverse("request", args=[row.pk])

    def seen_by(self, who):
        self.page.be(who)
        self.page.go(self.place)

    def shot(self, name):
        self.page.shot(f"{name}-{self.page.driver.execute_script('return innerWidth')}")

    def cleared_twice_and_sent(self):
        for who in (self.officer, self.crew.inspector):
            self.seen_by(who)
            self.page.tap("Clear the draft")
            self.shot("contested-clear")
            self.page.tap("I have read it")
            self.page.tap("Clear it")
        self.seen_by(self.officer)
        self.page.tap("The answer was sent")
        self.page.choose("How was it sent?", "By e-mail")
        self.page.tap("Save")

    def decided(self, step, outcome, notice, by=None):
        self.page.tap(step)
        self.page.choose("The complaint is", outcome)
        self.page.write("What does the decision notice say?", notice)
        if by:
            self.page.date("By which day is a new answer", by.day, by.month, by.year)
        self.shot(f"contested-{step.split()[1].lower()}")
        self.page.tap("Save")


def answered(story, row, figures):
    """Drafted from what was attached, cleared by two, and sent."""
    page = story.page
    story.seen_by(story.officer)
    story.shot("contested-attached")
    assert "attached to this request" in page.text()
    page.tap(f"Draft from {row.reference}-article")
    story.shot("contested-draft")
    page.tap("Save")
    assert "The letter with the figures" in page.text()
    story.cleared_twice_and_sent()
    assert figures in page.text()
    page.tap("Put it in the disclosure log")
    page.tap("Publish it")


def read_by_everybody(story, row):
    """The files behind the answer: listed with their digests, and the page of the release opened."""
    page = story.page
    page.driver.delete_all_cookies()
    page.go(reverse("disclosure", args=[row.force_id, row.reference]))
    assert "table-1.csv" in page.text()
    story.shot("contested-log")
    page.tap("Read them as a page")
    assert page.driver.find_elements("css selector", "table caption")
    story.shot("contested-log-page")
    page.be(story.officer)
    page.go(story.place)


def reviewed(story):
    """A review is asked for, and upheld by somebody who had no part in the answer."""
    page = story.page
    page.tap("An internal review was asked for")
    page.write("What are they not content with", "More is held than this.")
    page.choose("Is it exceptional", "No")
    story.shot("contested-review-asked")
    page.tap("Save")
    assert "Decide the internal review" not in page.text()
    story.seen_by(story.crew.superintendent)
    page.tap("Decide the internal review")
    page.choose("The complaint is", "Upheld")
    page.write("Why?", "More is held.")
    story.shot("contested-review")
    page.tap("Save")
    assert "A new answer is to be given" in page.text()
    story.shot("contested-anew")


def answered_anew(story):
    """Drafted by hand, cleared by two, and sent; what went before stays."""
    page = story.page
    story.seen_by(story.officer)
    page.tap("Draft the answer")
    page.choose("Is it held?", "Held")
    page.write("The letter", "Here is the rest of it, in words alone.")
    page.write("Title for the disclosure log", "Community resolutions, and the rest")
    page.write("What was asked, restated", "How many, and what else is held?")
    page.tap("Save")
    story.cleared_twice_and_sent()
    assert "What was sent before" in page.text()


def judged(story, by):
    """The Commissioner finds it right, and the Tribunal wants a new answer *by* a day."""
    page = story.page
    page.tap("The Information Commissioner was asked to decide")
    page.tap("Save")
    assert "before the Information Commissioner" in page.text()
    story.decided("The Information Commissioner decided", "Not upheld", "The answer was right.")
    page.tap("The Tribunal was asked to decide")
    page.tap("Save")
    assert "before the Tribunal" in page.text()
    story.decided("The Tribunal decided", "Upheld", "Tell the reasons as well.", by)
    story.shot("contested-tribunal-after")
    day = f"{by.day} {by:%B %Y}"
    assert f"Due {day}. A new answer is to be given" in page.text()
    assert f"upheld. Tell the reasons as well. A new answer by {day}." in page.text()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_attached_answer_is_sent_reviewed_given_anew_and_goes_to_the_tribunal(
    on, width, crew, officer, row, made
):
    attach = ["attach", str(made / "article"), "--to", row.reference]
    assert main([*attach, "--answers", str(made / "memory")]) == 0
    figures = (made / "article" / "letter.txt").read_text("utf-8").splitlines()[0]
    story = Story(on(width), crew, officer, row)
    answered(story, row, figures)
    read_by_everybody(story, row)
    reviewed(story)
    answered_anew(story)
    judged(story, today() + dt.timedelta(30))
    assert figures not in story.page.text()  # folded away
    story.page.tap("What was sent before")
    assert figures in story.page.text()
    story.shot("contested-earlier")
    assert NAME in story.page.text()
    story.seen_by(crew.inspector)
    assert NAME not in story.page.text()
