"""Working days, counted again the slow way and beside every bank holiday; and what the Code owes when."""

import datetime as dt

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from amends.notices import clock
from amends.notices.clock import OutsideCalendar, calendar, due, is_working_day

FIRST, LAST = dt.date(2012, 1, 2), dt.date(2028, 12, 26)
DAY = dt.timedelta(1)
ENOUGH = LAST - dt.timedelta(120)
days = st.dates(FIRST, ENOUGH)
counts = st.integers(1, 40)


def easter(year: int) -> dt.date:
    """Easter Sunday, by the rule that Meeus, Jones and Butcher wrote down."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    over = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + over - 7 * ((a + 11 * h + 22 * over) // 451) + 114, 31)
    return dt.date(year, month, day + 1)


def first_monday(year, month):
    return next(
        day for day in (dt.date(year, month, one) for one in range(1, 8)) if not day.weekday()
    )


def last_monday(year, month):
    return next(
        day for day in (dt.date(year, month, 31 - one) for one in range(7)) if not day.weekday()
    )


def by_rule(year: int) -> set[dt.date]:
    """The bank holidays of a year by the rules, and the days on which those were set aside."""
    new_year = dt.date(year, 1, 1)
    new_year += DAY * {5: 2, 6: 1}.get(new_year.weekday(), 0)
    christmas = dt.date(year, 12, 25)
    early, spring = first_monday(year, 5), last_monday(year, 5)
    early = {2020: dt.date(2020, 5, 8)}.get(year, early)
    spring = {2012: dt.date(2012, 6, 4), 2022: dt.date(2022, 6, 2)}.get(year, spring)
    once = {
        2012: {dt.date(2012, 6, 5)},  # sixty years a queen
        2022: {dt.date(2022, 6, 3), dt.date(2022, 9, 19)},  # seventy years; her funeral
        2023: {dt.date(2023, 5, 8)},  # a king crowned
    }.get(year, set())
    boxing = christmas + DAY
    if christmas.weekday() in (5, 6):
        christmas, boxing = (
            dt.date(year, 12, 27),
            dt.date(year, 12, 28 if christmas.weekday() == 5 else 26),
        )
    elif boxing.weekday() in (5, 6):
        boxing = dt.date(year, 12, 28)
    fixed = {new_year, christmas, boxing, early, spring, last_monday(year, 8)}
    return fixed | once | {easter(year) - 2 * DAY, easter(year) + DAY}


HOLIDAYS = set().union(*map(by_rule, range(2012, 2029)))


def slowly(on: dt.date, working_days: int) -> dt.date:
    """The same by walking, over holidays that are worked out and not looked up."""
    while working_days:
        on += DAY
        working_days -= on.weekday() < 5 and on not in HOLIDAYS
    return on


def test_the_bundled_holidays_are_those_of_the_rules():
    assert calendar().holidays == HOLIDAYS
    assert (calendar().first, calendar().last) == (FIRST, LAST)


def test_the_days_near_every_bank_holiday():
    tried = 0
    for holiday in sorted(HOLIDAYS):
        for off in range(-8, 9):
            on = holiday + off * DAY
            if FIRST <= on <= ENOUGH:
                for working_days in (1, 2, 5, 10, 20):
                    assert due(on, working_days) == slowly(on, working_days), (on, working_days)
                    tried += 1
    assert tried > 10_000


@given(days, counts)
@example(dt.date(2026, 4, 2), 1)  # the day before Good Friday
def test_a_due_day_is_a_working_day_with_as_many_before_it(on, working_days):
    found = due(on, working_days)
    assert is_working_day(found)
    between = [on + number * DAY for number in range(1, (found - on).days + 1)]
    assert sum(map(is_working_day, between)) == working_days


@given(days, counts, counts)
def test_days_add_up(on, some, more):
    assume(on < ENOUGH - dt.timedelta(120))
    assert due(on, some + more) == due(due(on, some), more)


@given(days, days, counts)
def test_a_later_start_is_never_due_earlier(one, other, working_days):
    earlier, later = sorted((one, other))
    assert due(earlier, working_days) <= due(later, working_days)


def test_days_that_anybody_can_check():
    assert due(dt.date(2026, 4, 1), 5) == dt.date(2026, 4, 10)  # a Wednesday; Easter is on the 5th
    assert due(dt.date(2026, 4, 2), 1) == dt.date(2026, 4, 7)
    assert due(dt.date(2025, 12, 24), 1) == dt.date(2025, 12, 29)
    assert due(dt.date(2022, 9, 16), 1) == dt.date(2022, 9, 20)


def test_nothing_is_guessed_outside_the_calendar():
    assert due(FIRST, 1) == dt.date(2012, 1, 3)
    for on, working_days in (
        (FIRST - DAY, 1),
        (LAST + DAY, 1),
        (LAST, 1),
        (dt.date(2028, 12, 20), 5),
    ):
        with pytest.raises(OutsideCalendar, match="2028"):
            due(on, working_days)
    with pytest.raises(OutsideCalendar):
        is_working_day(dt.date(2029, 1, 1))
    assert due(dt.date(2028, 12, 20), 2) == dt.date(2028, 12, 22)
    for few in (0, -1):
        with pytest.raises(ValueError, match="At least one"):
            due(FIRST, few)
    with pytest.raises(TypeError):
        due(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), 1)


def test_the_calendar_asks_nobody(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the network was asked")

    monkeypatch.setattr("requests.get", refuse)
    assert calendar.__wrapped__() == calendar()


def test_what_the_code_owes():
    held = {one.id: one for one in clock.obligations(dt.date(2026, 3, 2))}
    told = held["out_of_court"]
    assert (told.ordinary, told.enhanced, told.confidence) == (5, 1, "illustrative")
    assert told.due(dt.date(2026, 4, 1), enhanced=False) == dt.date(2026, 4, 10)
    assert told.due(dt.date(2026, 4, 1), enhanced=True) == dt.date(2026, 4, 2)
    assert held["steps"].confidence == "read"
    assert all(one.clause and one.source and one.owed_to and one.starts for one in held.values())
    assert len(clock.all_obligations()) == len({one.id for one in clock.all_obligations()})
    with pytest.raises(OutsideCalendar, match="No Victims' Code"):
        clock.obligations(dt.date(2021, 3, 31))
