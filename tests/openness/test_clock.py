"""By when a request must be answered: published examples, a plain count of every day, and what moves the clock."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.openness.clock import (
    ANSWER,
    Event,
    OutsideCalendar,
    WrongOrder,
    calendar,
    due,
    made_of,
    read,
    review_due,
)

DAY = dt.timedelta(1)
FIRST, LAST = dt.date(2012, 1, 2), dt.date(2028, 12, 26)
ENOUGH = LAST - DAY * 150
days = st.dates(FIRST, ENOUGH)

# The eight examples, by day, of spec/models/holiday_spec.rb of Alaveteli (github.com/mysociety/alaveteli), and the
# bank holidays of the United Kingdom on their way: St Patrick's Day, Good Friday and Easter Monday of 2009.
PUBLISHED = [
    ("2008-10-01", "2008-10-29"), ("2007-02-01", "2007-03-01"), ("2008-02-01", "2008-02-29"),
    ("2009-03-12", "2009-04-14"), ("2009-03-13", "2009-04-15"), ("2009-03-14", "2009-04-15"),
    ("2009-03-15", "2009-04-15"), ("2009-03-16", "2009-04-16"),
]  # fmt: skip
THEN = frozenset(map(dt.date.fromisoformat, ("2009-03-17", "2009-04-10", "2009-04-13")))


@pytest.mark.parametrize(("on", "by"), PUBLISHED)
def test_the_published_examples(on, by):
    known = made_of(dt.date(2007, 1, 1), dt.date(2009, 12, 31), THEN)
    assert due(dt.date.fromisoformat(on), by=known) == dt.date.fromisoformat(by)


def test_the_published_examples_notice_a_holiday_of_northern_ireland_left_out():
    known = made_of(dt.date(2007, 1, 1), dt.date(2009, 12, 31), THEN - {dt.date(2009, 3, 17)})
    wrong = [on for on, by in PUBLISHED if f"{due(dt.date.fromisoformat(on), by=known)}" != by]
    assert len(wrong) == 5


def slowly(on: dt.date, working_days: int, left_out=frozenset()) -> dt.date:
    """Day by day, with nothing but the weekday and the list of holidays."""
    while working_days:
        on += DAY
        if on.isoweekday() < 6 and on not in calendar().holidays and on not in left_out:
            working_days -= 1
    return on


def test_no_day_of_sixteen_years_is_reckoned_wrongly():
    asked = [FIRST + DAY * n for n in range((ENOUGH - FIRST).days + 1)]
    assert len(asked) > 6000
    assert [one for one in asked if due(one) != slowly(one, ANSWER)] == []


@given(days, st.integers(1, 60))
def test_any_number_of_days_is_what_a_plain_count_gives(on, number):
    assert due(on, number) == slowly(on, number)


@given(days)
def test_a_request_on_a_closed_day_is_due_as_if_it_came_the_working_day_before(on):
    if on not in calendar().working and on > FIRST + DAY:
        before = max(day for day in calendar().working if day < on)
        assert due(on) == due(before)


@pytest.mark.parametrize(
    "day", ["2024-01-02", "2025-03-17", "2024-07-12", "2025-08-04", "2025-08-25", "2024-12-02", "2025-04-18"],
)  # fmt: skip
def test_the_holidays_of_every_part_count(day):
    assert dt.date.fromisoformat(day) in calendar().holidays
    assert dt.date.fromisoformat(day) not in calendar().working


def test_the_union_is_more_than_what_all_have_in_common():
    assert len(calendar().holidays) == 225


@pytest.mark.parametrize(
    "day", [dt.date(2011, 12, 31), dt.date(2028, 12, 27), dt.date(2028, 12, 1)]
)
def test_beyond_what_is_known_nothing_is_guessed(day):
    with pytest.raises(OutsideCalendar, match="2028"):
        due(day)


def test_a_time_is_not_a_day():
    with pytest.raises(TypeError, match="not a time"):
        due(dt.datetime(2026, 3, 2, 12, 0))


def test_less_than_a_day_is_none():
    with pytest.raises(ValueError, match="At least one"):
        due(dt.date(2026, 3, 2), 0)


# --- what happens to a request ----------------------------------------------------------------------


def at(kind, day, **more):
    return Event(kind, dt.date.fromisoformat(day), **more)


RECEIVED = at("received", "2026-03-02")


def test_each_due_date_is_explained():
    clock = read([RECEIVED])
    assert (clock.state, clock.due, clock.number) == ("running", dt.date(2026, 3, 31), 1)
    assert clock.why == (
        "Day 0 is Monday 2 March 2026: the request was received.",
        "Bank holidays in some part of the United Kingdom on the way: Tuesday 17 March 2026.",
        "Working day 20 after that is Tuesday 31 March 2026: the answer is due by then at the latest.",
    )


def test_a_request_may_come_on_a_closed_day_and_that_is_said():
    assert (
        "Saturday 7 March 2026, a day on which nobody works"
        in read([at("received", "2026-03-07")]).why[0]
    )


def test_asking_what_is_wanted_stops_the_clock_and_the_answer_starts_it_anew():
    asked = [RECEIVED, at("asked", "2026-03-20")]
    assert (read(asked).state, read(asked).due) == ("waiting for the requester", None)
    clock = read([*asked, at("clarified", "2026-04-09")])
    assert clock.due == due(dt.date(2026, 4, 9))
    assert clock.number == 1


def test_a_fees_notice_pauses_it_with_both_its_days():
    noticed = [RECEIVED, at("fees notice", "2026-03-10")]
    assert read(noticed).due is None
    assert "until Tuesday 9 June 2026" in read(noticed).why[0]
    clock = read([*noticed, at("paid", "2026-03-12")])
    assert clock.due == dt.date(2026, 4, 7)  # three days, Good Friday and Easter Monday later
    assert clock.why[1].startswith("3 working days from Tuesday 10 March 2026")


def test_a_refined_request_is_a_new_one():
    clock = read([RECEIVED, at("asked", "2026-03-05"), at("refined", "2026-03-25")])
    assert (clock.number, clock.due) == (2, due(dt.date(2026, 3, 25)))


def test_the_public_interest_gives_more_days_once():
    clock = read([RECEIVED, at("extended", "2026-03-31", days=20, exemption="section 31")])
    assert clock.due == due(dt.date(2026, 3, 2), 40)
    assert any("section 31" in line for line in clock.why)


@given(days, st.integers(0, 30), st.integers(0, 80), st.integers(0, 20))
def test_reset_pause_and_new_are_three_things(on, before, long, extra):
    start, end = on + DAY * before, on + DAY * (before + long)
    received = Event("received", on)
    reset = read([received, Event("asked", start), Event("clarified", end)])
    paused = read([received, Event("fees notice", start), Event("paid", end)])
    new = read([received, Event("refined", end)])
    gone = frozenset(start + DAY * n for n in range(long + 1))
    assert reset.due == new.due == slowly(end, ANSWER)
    assert (reset.number, new.number) == (1, 2)
    assert paused.due == slowly(on, ANSWER, gone)
    assert paused.due <= reset.due or before == 0
    if extra:
        more = read([received, Event("extended", on, days=extra, exemption="section 30")])
        assert more.due == slowly(on, ANSWER + extra)


@pytest.mark.parametrize(
    "events",
    [
        [],
        [at("asked", "2026-03-02")],
        [RECEIVED, at("asked", "2026-03-01")],
        [RECEIVED, at("clarified", "2026-03-05")],
        [RECEIVED, at("paid", "2026-03-05")],
        [RECEIVED, RECEIVED],
        [RECEIVED, at("asked", "2026-03-05"), at("asked", "2026-03-06")],
        [RECEIVED, at("fees notice", "2026-03-10"), at("paid", "2026-06-10")],
        [RECEIVED, at("extended", "2026-03-31", days=21, exemption="section 31")],
        [RECEIVED, at("extended", "2026-03-31", days=20)],
        [RECEIVED, at("extended", "2026-04-01", days=20, exemption="section 31")],
        [RECEIVED, *[at("extended", "2026-03-20", days=5, exemption="section 31")] * 2],
    ],
)
def test_what_cannot_have_happened_is_refused(events):
    with pytest.raises(WrongOrder):
        read(events)


def test_a_review_takes_twenty_days_and_where_exceptional_forty():
    assert review_due(dt.date(2026, 3, 2)) == due(dt.date(2026, 3, 2), 20)
    assert review_due(dt.date(2026, 3, 2), exceptional=True) == due(dt.date(2026, 3, 2), 40)
