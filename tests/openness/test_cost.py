"""What answering would cost: real refusals reckoned again, the limit, adding up, and the law of the day."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.openness import exemptions
from amends.openness.aggregating import near_enough
from amends.openness.clock import due
from amends.openness.cost import NoEstimate, Request, Work, estimate
from amends.openness.exemptions import NoLaw, ground, grounds, limit

DAY = dt.date(2026, 3, 2)


def request(*work, reference="101/26", received=DAY):
    return Request(reference=reference, received=received, work=work)


def reading(records, minutes, asked="What each was resolved by"):
    return Work(
        asked=asked,
        records=records,
        minutes=minutes,
        why="the resolution is told in the officer's notes only",
    )


@pytest.mark.parametrize(
    ("records", "minutes", "hours"),
    [(5100, 3, 255), (2700, 10, 450), (6000, 3, 300)],  # Cheshire 2863 and 2953, Northumbria 467/12
)
def test_real_refusals_are_reckoned_as_the_forces_did(records, minutes, hours):
    found = estimate(request(reading(records, minutes)))
    assert found.hours == hours
    assert found.too_much


def test_a_field_costs_nothing_however_many_records_there_are():
    found = estimate(request(Work(asked="How many by offence", records=1_000_000)))
    assert (found.hours, found.too_much) == (0, False)
    assert found.sentences()[0].endswith("No files are read: 0 hours.")


def test_the_limit_itself_is_not_too_much():
    assert not estimate(request(reading(360, 3))).too_much
    assert estimate(request(reading(361, 3))).too_much


def test_a_refusal_says_how_it_was_reckoned_and_what_could_be_asked():
    told = estimate(request(reading(5100, 3))).sentences()
    assert told == (
        "What each was resolved by: 5,100 records at 3 minutes each, 255 hours, because the resolution is told in "
        "the officer's notes only.",
        "Together that is 255 hours, or £6,375 at £25 an hour: more than the appropriate limit of £450, which is 18 "
        "hours. Section 12(1) of the Freedom of Information Act 2000 does not oblige us to answer.",
        "About 360 records could be read within the limit: a shorter time or fewer kinds of offence may do.",
    )


def test_what_fields_hold_is_offered():
    told = estimate(
        request(reading(5100, 3), Work(asked="How many by year", records=5100))
    ).sentences()
    assert told[-1] == "Without reading files we can answer: How many by year."


def test_requests_that_are_added_up_are_named():
    other = request(reading(200, 3), reference="99/26")
    found = estimate(request(reading(200, 3)), [other])
    assert (found.hours, found.too_much) == (20, True)
    assert "99/26" in found.sentences()[0]


@given(st.integers(-200, 200))
def test_sixty_working_days_are_near_enough(apart):
    other = request(received=DAY + dt.timedelta(apart), reference="99/26")
    first, last = sorted((DAY, other.received))
    inside = last < due(first, 60) or first == last
    # A closed first day is day 0 of its count, an open one is day 1 of the period.
    if dt.date.weekday(first) < 5 and first not in {
        dt.date(2025, 8, 25),
        dt.date(2025, 12, 25),
        dt.date(2025, 12, 26),
    }:
        assert (other in near_enough(request(), [other])) is inside


def test_an_estimate_says_why_files_must_be_read():
    with pytest.raises(NoEstimate, match="Say what is not in a field"):
        Work(asked="Why", records=3, minutes=3)
    with pytest.raises(NoEstimate, match="not negative"):
        Work(asked="Why", records=-1)


@given(st.integers(0, 100_000), st.fractions(0, 60))
def test_no_estimate_looks_smaller_than_it_is(records, minutes):
    work = Work(asked="A", records=records, minutes=minutes, why="it is in no field")
    found = estimate(request(work))
    told = next(line for line in found.sentences() if line.startswith("Together"))
    assert Fraction(told.split()[3].replace(",", "")) >= found.hours
    assert found.too_much is (work.hours > 18)


# --- the law of the day -----------------------------------------------------------------------------


def test_every_section_from_21_to_44_is_held_and_cost_and_vexation():
    held = {one.section.partition("(")[0] for one in grounds()}
    assert held >= {
        str(number) for number in range(21, 45) if number != 25
    }  # 25 is about certificates
    assert {"12(1)", "12(2)", "14(1)", "14(2)"} <= {one.section for one in grounds()}


def test_absolute_ones_need_no_public_interest_test():
    absolute = {one.section for one in grounds() if one.kind == "absolute"}
    assert absolute == {"21", "23", "32", "34", "40(1)", "41", "44"}
    assert ground("31", DAY).needs_public_interest_test is True
    assert ground("41", DAY).needs_public_interest_test is False
    assert ground("40(2)", DAY).needs_public_interest_test is None


def test_of_what_can_be_had_elsewhere_it_is_said_that_it_is_held():
    assert not ground("21", DAY).may_neither_confirm_nor_deny
    assert ground("30", DAY).may_neither_confirm_nor_deny


def test_each_names_its_source_and_how_sure_it_is_and_none_stands_twice_on_a_day():
    for one in (*grounds(), *exemptions.limits()):
        assert one.source
        assert one.confidence in exemptions.CONFIDENCES
    sections = [one.section for one in grounds() if one.ends is None]
    assert len(sections) == len(set(sections))


def test_a_day_without_law_is_refused():
    with pytest.raises(NoLaw, match="22A on 2010-01-01"):
        ground("22A", dt.date(2010, 1, 1))
    with pytest.raises(NoLaw, match="2004"):
        limit(dt.date(2004, 12, 31))
    assert (limit(DAY).pounds, limit(DAY).hours) == (450, 18)
