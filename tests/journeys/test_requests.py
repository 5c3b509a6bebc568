"""A request for information is answered from receipt to the log, and one is refused for its cost: in a real browser."""

import pytest
from django.core.cache import cache

from amends.accounts.standing import today
from amends.openness.register import queries
from support.browser import DESK, PHONE
from support.record import person

NAME = "Zebedee Invented"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def officer(crew):
    cache.clear()
    return person(crew.force, "disclosure_officer")


def registered(page, words):
    page.go("/")
    page.shot("disclosure-home")
    page.tap("Requests for information")
    page.tap("Register a request")
    day = today()
    page.date("On which day did it come?", day.day, day.month, day.year)
    page.choose("How did it come?", "By e-mail")
    page.write("What was asked", words)
    page.write("Short title", "Reasons for resolutions")
    page.write("Name of the requester", NAME)
    page.write("Where the answer goes", "zebedee@example.org")
    page.shot("request-new")
    page.tap("Register it")
    assert "Registered as FOI-" in page.text()
    page.shot("request")


def estimated(page, records, *, added=()):
    page.tap("Estimate the cost")
    page.write("1. What was asked for", "the reasons")
    page.write("1. Records to read", str(records))
    page.write("1. Minutes for each", "3")
    page.write("1. What is not in a field", "Reasons are in the notes")
    for name in added:
        page.choose("Add up with", name)
    page.shot("request-estimate")
    page.tap("Save")


def drafted(page, letter):
    page.tap("Draft the answer")
    page.choose("Is it held?", "Held")
    page.write("The letter", letter)
    page.write("Title for the disclosure log", "Reasons for resolutions")
    page.write("What was asked, restated", "What were the reasons?")
    page.shot("request-draft")
    page.tap("Save")


def cleared(page):
    page.tap("Clear the draft")
    assert "What were the reasons?" in page.text()
    page.shot("request-clear")
    page.tap("I have read it")
    page.tap("Clear it")


def ended(page, crew, officer):
    """Cleared by two, sent and published."""
    place = page.driver.current_url.removeprefix(page.base)
    cleared(page)
    assert "A second person clears the draft" in page.text()
    assert "Clear the draft" not in [one.text for one in page.driver.find_elements("tag name", "a")]
    page.be(crew.inspector)
    page.go(place)
    assert NAME not in page.text()
    cleared(page)
    page.be(officer)
    page.go(place)
    page.tap("The answer was sent")
    page.choose("How was it sent?", "By e-mail")
    page.tap("Save")
    page.tap("Put it in the disclosure log")
    page.tap("Publish it")
    page.shot("request-ended")
    page.driver.delete_all_cookies()  # the log is for everybody
    page.go("/disclosures/")
    page.shot("disclosure-log")
    page.tap(page.driver.find_element("css selector", ".amends-list a").text)
    assert NAME not in page.text()
    page.shot("disclosure")


@pytest.mark.parametrize(("width", "scripts"), [(PHONE, True), (DESK, False)])
def test_a_request_is_clarified_estimated_drafted_cleared_twice_sent_and_published(
    on, width, scripts, crew, officer
):
    page = on(width, scripts)
    page.be(officer)
    registered(page, "What were the reasons in my street?")
    page.tap("Ask what is wanted")
    page.write("What do you ask them?", "Which street is meant?")
    page.tap("Save")
    assert "The requester makes clear what is wanted" in page.text()
    page.tap("The requester made it clear")
    page.write("What did they say", "The one I live in.")
    page.tap("Save")
    assert "starts the time anew" in page.text()
    estimated(page, 10)
    assert "no more than the appropriate limit" in page.text()
    drafted(page, "There were 7 of them.")
    assert "says 7, and nothing has shown" in page.text()
    page.write("The letter", "See the table that goes with this letter.")
    page.tap("Save")
    ended(page, crew, officer)
    assert "See the table that goes with this letter." in page.text()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_two_requests_are_added_up_and_refused_for_their_cost(on, width, crew, officer):
    page = on(width)
    page.be(officer)
    registered(page, "What were the reasons in one year?")
    estimated(page, 200)
    (first,) = queries.queue(officer)
    registered(page, "What were the reasons in another year?")
    estimated(page, 200, added=[first.row.reference])
    assert "Together that is 20 hours" in page.text()
    page.tap("Record a reason to refuse")
    page.pick_with("Under which section?", "12(1)")
    page.write("Why does it apply here?", "The notes would have to be read.")
    page.tap("Save")
    drafted(page, "We cannot answer within the limit. You can ask for less.")
    ended(page, crew, officer)
    assert "Section 12(1) of the Freedom of Information Act" in page.text()
