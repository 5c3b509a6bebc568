"""Cases are found by any fact, by what was said, by who allowed it; what nobody recorded is found as not known."""

import datetime as dt

import pytest
from django.db import connection

from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases import finding
from amends.cases.actions import listening, raising
from amends.cases.facts import may_be_typed
from amends.cases.finding import NOT_KNOWN, by_facts
from amends.cases.models import Case, Person
from amends.policy.facts import catalogue
from support.record import Crew

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path


@pytest.fixture
def crew():
    return Crew("gwent")


def found(crew, by=None, **wanted):
    named = {name.replace("__", "."): value for name, value in wanted.items()}
    return [one.pk for one in by_facts(by or crew.officer, named, why="a test")]


def test_a_fact_counts_as_it_was_recorded_last_and_the_newest_case_stands_first(crew):
    first, second = crew.shoplifting(), crew.shoplifting()
    other = crew.shoplifting(offence__code="39")
    assert found(crew, offence__code="46") == [second.pk, first.pk]
    crew.does(raising.record_circumstances, first, facts={"offence.code": "39"})
    assert found(crew, offence__code="46") == [second.pk]
    assert found(crew, offence__code="39") == [other.pk, first.pk]


def test_not_known_is_neither_yes_nor_no(crew):
    known, bare = crew.shoplifting(), crew.raised()
    assert found(crew, flags__knife=False) == [known.pk]
    assert found(crew, flags__knife=True) == []
    assert found(crew, flags__knife=NOT_KNOWN) == [bare.pk]
    assert found(crew, admission__form=NOT_KNOWN) == [bare.pk]
    assert found(crew, admission__form="admits_offence") == [known.pk]


def test_a_victim_counts_by_the_last_thing_they_said(crew):
    case, silent = crew.shoplifting(), crew.raised()
    crew.does(raising.add_person, silent, part="victim", kind="person", name="Invented")
    assert found(crew, victims__position="agree") == [case.pk]
    assert found(crew, victims__position=NOT_KNOWN) == [silent.pk]
    shop = Person.objects.get(case=case, part="victim")
    crew.does(
        listening.record_view, case, victim=shop, position="disagree", informed=True, words="No.",
        remedy="", wording="shop-1", channel="in_person", language="English",
        said_by=Person.objects.get(case=case, part="speaks_for"),
    )  # fmt: skip
    assert found(crew, victims__position="agree") == []
    assert found(crew, victims__position="disagree") == [case.pk]


def test_cases_are_found_by_who_allowed_them_state_outcome_group_and_day(crew):
    allowed, raised, done = crew.authorised(), crew.raised(), crew.done()
    assert found(crew, authority__rank="superintendent") == [done.pk, allowed.pk]
    assert found(crew, authority__rank="inspector") == []
    assert found(crew, **{"case.state": "raised"}) == [raised.pk]
    assert found(crew, **{"case.outcome": "8"}) == []
    assert found(crew, offence__group="theft", **{"case.state": "done"}) == [done.pk]
    tomorrow = today() + dt.timedelta(days=1)
    assert found(crew, **{"case.raised_from": tomorrow}) == []
    assert len(found(crew, **{"case.raised_from": today(), "case.raised_to": tomorrow})) == 3


def test_nobody_finds_what_they_may_not_search(crew):
    crew.shoplifting()
    other = Crew("kent")
    theirs = other.shoplifting()
    assert found(other, offence__code="46") == [theirs.pk]
    assert found(crew, by=other.sergeant, offence__code="46") == [theirs.pk]


def test_a_page_begins_after_the_last_one(crew):
    made = [crew.raised().pk for _ in range(5)]
    wanted = {"case.state": "raised"}
    first = by_facts(crew.officer, wanted, why="a test", size=2)
    then = by_facts(crew.officer, wanted, why="a test", size=2, after=first[-1].pk)
    assert [one.pk for one in first + then] == made[:0:-1]


@pytest.mark.parametrize(
    ("wanted", "why", "code"),
    [
        ({}, "a test", "FIND-NOTHING"),
        ({"offence.code": "46"}, " ", "LOOK-WHY"),
        ({"recorded.rationale": True}, "a test", "FIND-FACT"),
        ({"victims": 1}, "a test", "FIND-FACT"),
        ({"no.such": 1}, "a test", "FIND-FACT"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_code(crew, wanted, why, code):
    with pytest.raises(Refused) as caught:
        by_facts(crew.officer, wanted, why=why)
    assert caught.value.code == code


def test_every_fact_that_is_typed_in_can_be_asked_for_and_every_choice_is_understood(crew):
    crew.shoplifting()
    for name in catalogue():
        if may_be_typed(name) and "." in name and catalogue()[name].type != "list":
            found(crew, **{name: NOT_KNOWN})
    for name, choices in finding.choices().items():
        for value, label in choices:
            found(crew, **{name: value})
            assert label


def test_a_day_is_the_day_here_and_is_looked_up_in_an_index(crew):
    case = crew.raised()
    Case.objects.filter(pk=case.pk).update(
        raised_at=dt.datetime(2026, 5, 31, 23, 30, tzinfo=dt.UTC)
    )
    first, last = dt.date(2026, 6, 1), dt.date(2026, 5, 31)
    assert found(crew, **{"case.raised_from": first, "case.raised_to": first}) == [case.pk]
    assert found(crew, **{"case.raised_from": last, "case.raised_to": last}) == []
    asked = Case.objects.filter(force=crew.force).filter(finding.ALSO["case.raised_from"](first))
    if connection.vendor == "sqlite":  # PostgreSQL reads so small a table from end to end
        assert "case_by_day" in asked.explain()
    assert found(crew, **{"case.raised_from": dt.date.min, "case.raised_to": dt.date.max}) == [
        case.pk
    ]


def test_a_consent_that_was_withdrawn_is_not_found_as_consent(crew):
    case = crew.shoplifting()
    victim = Person.objects.get(case=case, part="victim")
    assert found(crew, victims__position="agree") == [case.pk]
    crew.does(listening.withdraw, case, person=victim)
    assert found(crew, victims__position="agree") == []
    assert found(crew, victims__position=NOT_KNOWN) == [case.pk]
