"""The three processes of the article, each from its beginning to Outcome 8, in a real browser."""

import datetime as dt

import pytest
from django.utils import timezone

from amends.accounts.standing import today
from amends.cases.facts import facts_of
from amends.cases.models import Case
from support.record import Crew, person
from support.stories import allow, carry_out, gather, parts

KINDS = {
    "Immediate restorative disposal": ("immediate_rd", False, ["Person responsible", "Victim"], 1),
    "Victim-offender conference": ("vo_conference", True, ["Person responsible", "Victim"], 1),
    "Community conference": (
        "community_conference", True,
        ["Person responsible", "Somebody of the place who was affected", "Somebody who speaks for the community"], 2,
    ),
}  # fmt: skip
OF_CASE = {"Person responsible": "Invented Suspect", "Victim": "Invented Stores"}


@pytest.fixture
def later(monkeypatch):
    """Lets a story go on some days later."""
    real = timezone.now

    def on(days):
        monkeypatch.setattr("django.utils.timezone.now", lambda: real() + dt.timedelta(days=days))

    return on


@pytest.mark.parametrize("title", KINDS)
def test_a_process_is_prepared_held_and_ends_as_outcome_8(desk, later, title):
    kind, planned, roles, leaders = KINDS[title]
    crew = Crew("kent")
    gather(desk, crew, "RJ/1")
    allow(desk, crew, "RJ/1")
    case = Case.objects.get(reference="RJ/1")
    leads = [person(crew.force, "facilitator") if planned else crew.officer for _ in range(leaders)]
    begin(desk, crew, case, title, leads)
    desk.be(leads[0])
    desk.go(f"/cases/{case.pk}/")
    names = take_part(desk, roles)
    refused_too_early(desk)
    for name in names:
        made_ready(desk, name)
    set_a_day(desk, planned)
    if planned:
        later(8)
        desk.be(leads[0])
        desk.go(f"/cases/{case.pk}/")
    hold(desk, names)
    assert facts_of(case, today())["resolution.restorative_standards_met"] is True
    how_it_was(desk, names)
    carry_out(desk, crew, "RJ/1")
    assert "Outcome 8" in desk.text()
    assert title in desk.text()
    desk.shot(f"closed-{kind}")


def begin(desk, crew, case, title, leads):
    desk.be(crew.officer)
    desk.go(f"/cases/{case.pk}/")
    desk.tap("Begin a restorative process")
    desk.choose("Which process?", title)
    desk.tap("Save and go on")
    assert "Before a day can be set:" in desk.text()
    for who in leads:
        if who != crew.officer:
            desk.tap("Give somebody a task in the case")
            desk.pick_with("Who?", who.username)
            desk.choose("Which task?", "Facilitate")
            desk.tap("Save and go on")
        desk.tap("Say who leads the process")
        desk.pick_with("Who?", who.username)
        desk.choose("Are they trained for it?", "Yes")
        desk.write("In what, and when?", "Three days, 2024. Invented.")
        desk.tap("Save and go on")


def take_part(desk, roles):
    names = []
    for role in roles:
        desk.tap("Add somebody who takes part")
        desk.choose("As what?", role)
        if role in OF_CASE:
            name = OF_CASE[role]
            desk.choose("Who, of those in the case?", name)
        else:
            name = f"Invented Neighbour {len(names)}"
            desk.write("Or, if they are not in the case", name)
        names.append(name)
        desk.tap("Save and go on")
    desk.shot("people-of-a-process")
    return names


def refused_too_early(desk):
    """Nobody meets before everybody was prepared."""
    desk.tap("Set the day and the place")
    desk.date("Day", *parts(today() + dt.timedelta(days=7)))
    desk.write("Place", "Invented Hall")
    desk.tap("Save and go on")
    assert "There is a problem" in desk.text()
    assert "(RJ-" in desk.text()
    desk.tap("Cancel")


def made_ready(desk, name):
    desk.tap("Sign that somebody was prepared")
    desk.choose("Who?", name)
    desk.choose("Are they willing to take part?", "Yes")
    desk.write("What was talked over", "What will be asked, and that they may stop.")
    desk.tap("Save and go on")
    for stage in ("First", "Second"):
        desk.tap("Sign a risk assessment")
        desk.choose("Who?", name)
        desk.choose("Which stage?", stage)
        desk.choose("Can the risk be managed?", "Yes")
        desk.write("The risks", "None was found.")
        desk.tap("Save and go on")


def set_a_day(desk, planned):
    desk.tap("Set the day and the place")
    if planned:
        desk.date("Day", *parts(today() + dt.timedelta(days=7)))
        desk.write("Time", "14:30")
    desk.write("Place", "Invented Hall")
    desk.tap("Save and go on")
    assert "They meet on" in desk.text()
    desk.shot("meeting-set")


def hold(desk, names):
    for name in names:
        desk.tap("Record who came")
        desk.choose("Who?", name)
        desk.choose("Did they come", "Yes")
        desk.tap("Save and go on")
    desk.tap("Record what came of the meeting")
    for label in desk.driver.find_elements("css selector", ".govuk-checkboxes__label"):
        label.click()
    desk.choose("Was something agreed?", "Yes")
    desk.choose("Does what was agreed seek", "Yes")
    desk.write("In words", "An apology, and a day's work at the shop.")
    desk.shot("outcome-of-a-meeting")
    desk.tap("Save and go on")
    assert "held" in desk.text()


def how_it_was(desk, names):
    desk.tap("Record how it was for somebody")
    desk.choose("Who?", names[0])
    boxes = desk.driver.find_elements("css selector", "fieldset")[1:]
    for box in boxes:
        box.find_elements("css selector", "label")[-1].click()
    desk.tap("Save and go on")
