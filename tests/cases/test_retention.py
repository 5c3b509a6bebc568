"""How long a case is kept at least: by its group, from when it last ended, and again once it was reopened."""

import datetime as dt

import pytest

from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases.actions import ending, raising
from amends.cases.models import Closure, Person
from amends.cases.retention import earliest_erasure, periods
from support.record import Crew, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew():
    return Crew()


@pytest.fixture
def manager(crew):
    return person(crew.force, "records_manager")


@pytest.fixture
def on_a_day(monkeypatch):
    """Lets a test act on another day."""

    def move(day: dt.date) -> None:
        monkeypatch.setattr("amends.accounts.standing.timezone.localdate", lambda: day)

    return move


def refused(code, what, *args, **given):
    with pytest.raises(Refused) as caught:
        what(*args, **given)
    assert caught.value.code == code, caught.value
    return caught.value


def ended(crew, born=None):
    case = crew.raised()
    crew.does(raising.add_person, case, part="suspect", kind="person", name="Invented S", born=born)
    crew.does(ending.no_crime, case, reasons="A quarrel.")
    return case


def kept(crew, case, manager, group, review_on, **given):
    told = {"group": group, "review_on": review_on, "reasons": "Reviewed."}
    crew.does(ending.set_retention, case, manager, **told, **given)


def years_on(years):
    return dt.date(today().year + years, 12, 31)


# --- the periods as data ----------------------------------------------------------------------------


def test_every_period_says_where_it_is_from_and_how_far_it_is_known():
    assert set(periods()) == {"1", "2", "3", "4"}
    for one in periods().values():
        assert one.what
        assert "domain.md 9" in one.source
        assert one.confidence == "illustrative"
    assert {name: (one.years, one.until_age) for name, one in periods().items()} == {
        "1": (10, 100), "2": (10, None), "3": (6, None), "4": (6, None),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("group", "born", "first"),
    [
        ("1", dt.date(2000, 2, 29), dt.date(2100, 3, 1)),
        ("1", dt.date(1930, 5, 1), dt.date(2030, 5, 1)),
        ("1", dt.date(1920, 5, 1), dt.date(2030, 1, 2)),
        ("1", None, None),
        ("2", None, dt.date(2030, 1, 2)),
        ("3", dt.date(2000, 1, 1), dt.date(2026, 1, 2)),
    ],
)
def test_nothing_is_erased_before_the_period_of_its_group_is_over(group, born, first):
    assert earliest_erasure(group, dt.date(2020, 1, 2), born) == first


# --- kept by the action -----------------------------------------------------------------------------


def test_a_review_set_before_the_periods_were_known_erases_nothing_too_soon(
    crew, manager, monkeypatch
):
    case = ended(crew)
    with monkeypatch.context() as before:
        before.setattr("amends.cases.actions.ending.earliest_review", lambda group, on: on)
        kept(crew, case, manager, "3", today())
    told = refused("RET-SOON", crew.does, ending.erase, case, manager)
    assert "illustrative" in told.sentence


def test_the_first_group_is_kept_until_the_person_is_a_hundred(crew, manager, on_a_day):
    born = dt.date(today().year - 40, 1, 1)
    case, unknown = ended(crew, born), ended(crew)
    for one in (case, unknown):
        kept(crew, one, manager, "1", years_on(10))
    on_a_day(years_on(11))
    told = refused("RET-SOON", crew.does, ending.erase, case, manager)
    assert f"1 January {born.year + 100}" in told.sentence
    told = refused("RET-SOON", crew.does, ending.erase, unknown, manager)
    assert "not known" in told.sentence
    kept(crew, unknown, manager, "1", years_on(0), ground="right_to_erasure")
    crew.does(ending.erase, unknown, manager)
    assert unknown.state == "erased"


def test_a_case_that_was_reopened_is_kept_from_its_last_end(crew, manager, on_a_day):
    case = ended(crew)
    kept(crew, case, manager, "3", years_on(6))
    on_a_day(years_on(7))
    crew.does(ending.reopen, case, crew.sergeant, reasons="It was no quarrel.")
    crew.does(ending.no_crime, case, reasons="It was a quarrel after all.")
    refused("RET-AGAIN", crew.does, ending.erase, case, manager)
    soon = {"group": "3", "review_on": today(), "reasons": "As before."}
    refused("RET-SOON", crew.does, ending.set_retention, case, manager, **soon)
    kept(crew, case, manager, "3", years_on(6))
    refused("RET-EARLY", crew.does, ending.erase, case, manager)
    assert Person.objects.filter(case=case).exists()
    assert Closure.objects.filter(case=case).count() == 2


def test_a_ground_of_before_it_was_reopened_is_a_ground_no_more(crew, manager):
    case = ended(crew)
    kept(crew, case, manager, "3", today(), ground="recorded_in_error")
    crew.does(ending.reopen, case, crew.sergeant, reasons="It was no error.")
    crew.does(ending.no_crime, case, reasons="A quarrel.")
    refused("RET-AGAIN", crew.does, ending.erase, case, manager)
    kept(crew, case, manager, "3", today(), ground="court_order")
    crew.does(ending.erase, case, manager)
    assert case.state == "erased"
