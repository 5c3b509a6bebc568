"""Dates, durations and numbers are read exactly, moved as FEEL says, and shown as FEEL writes them."""

import datetime as dt
from decimal import Decimal

import pytest

from amends.feel import NOT_FALSE, UNKNOWN
from amends.feel.values import (
    DECIMAL_128,
    Months,
    add_months,
    as_number,
    months_between,
    read_date,
    read_duration,
    read_moment,
    read_time,
    shown,
)

D = dt.date
MS = dt.timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("P1Y2M", Months(14)),
        ("P2M", Months(2)),
        ("P3Y", Months(36)),
        ("-P1Y", Months(-12)),
        ("P99999Y999999M", Months(99999 * 12 + 999999)),
        ("P100000Y", None),
        ("P1000000M", None),
        ("P3D", dt.timedelta(days=3)),
        ("P1DT2H3M4.5S", dt.timedelta(days=1, hours=2, minutes=3, seconds=4, microseconds=500_000)),
        ("PT0.000001S", MS),
        ("PT1.1234567S", None),
        ("-PT2H", -dt.timedelta(hours=2)),
        ("PT90M", dt.timedelta(minutes=90)),
        ("PT5S", dt.timedelta(seconds=5)),
        ("P", None),
        ("PT", None),
        ("P1D2H", None),
        ("P1Y2D", None),
        ("1D", None),
        ("P1DT", None),
        ("+P1D", None),
        ("P1.5D", None),
        ("", None),
    ],
)
def test_durations_are_read(text, value):
    assert read_duration(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2013-06-01", D(2013, 6, 1)),
        ("2012-02-29", D(2012, 2, 29)),
        ("2013-02-29", None),
        ("2013-13-01", None),
        ("0000-01-01", None),
        ("2013-6-1", None),
        ("20130601", None),
        ("2013-W22-6", None),
        ("2013-06-01 ", None),
        ("12013-06-01", None),
    ],
)
def test_dates_are_read(text, value):
    assert read_date(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10:30:00", dt.time(10, 30)),
        ("23:59:59.999999", dt.time(23, 59, 59, 999_999)),
        ("01:02:03.4", dt.time(1, 2, 3, 400_000)),
        ("24:00:00", None),
        ("10:60:00", None),
        ("10:30", None),
        ("10:30:00Z", None),
        ("1:30:00", None),
    ],
)
def test_times_are_read(text, value):
    assert read_time(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2013-06-01T10:30:00", dt.datetime(2013, 6, 1, 10, 30)),
        ("2013-06-01", dt.datetime(2013, 6, 1)),
        ("2013-06-01T", None),
        ("2013-02-30T10:30:00", None),
        ("2013-06-01T25:00:00", None),
        ("2013-06-01T10:30:00+01:00", None),
    ],
)
def test_moments_are_read(text, value):
    assert read_moment(text) == value


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("2.00", 2), ("2.50", Decimal("2.5")), ("-0", 0), ("1E+3", 1000), ("-7", -7)],
)
def test_a_whole_number_is_an_int(value, wanted):
    found = as_number(Decimal(value))
    assert found == wanted
    assert type(found) is type(wanted)


def test_a_number_of_more_than_34_digits_stays_a_decimal():
    assert type(as_number(Decimal("9" * 34))) is int
    assert type(as_number(Decimal("1E+33"))) is int
    assert type(as_number(Decimal("1E+34"))) is Decimal


def test_arithmetic_has_34_digits():
    assert DECIMAL_128.divide(Decimal(1), Decimal(3)) == Decimal("0." + "3" * 34)


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (D(2013, 1, 31), 1, D(2013, 2, 28)),
        (D(2012, 1, 31), 1, D(2012, 2, 29)),
        (D(2013, 1, 15), 1, D(2013, 2, 15)),
        (D(2013, 11, 30), 1, D(2013, 12, 30)),
        (D(2013, 12, 31), 2, D(2014, 2, 28)),
        (D(2013, 10, 31), 2, D(2013, 12, 31)),
        (D(2013, 3, 31), -1, D(2013, 2, 28)),
        (D(2013, 1, 15), -1, D(2012, 12, 15)),
        (D(2013, 5, 31), 13, D(2014, 6, 30)),
        (D(9999, 12, 31), 0, D(9999, 12, 31)),
        (D(9999, 12, 31), 1, None),
        (D(1, 1, 1), 0, D(1, 1, 1)),
        (D(1, 1, 31), -1, None),
    ],
)
def test_a_month_more_is_the_same_day_or_the_last(day, months, wanted):
    assert add_months(day, months) == wanted


def test_a_moment_keeps_its_time():
    assert add_months(dt.datetime(2013, 1, 31, 9), 1) == dt.datetime(2013, 2, 28, 9)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (D(2013, 1, 15), D(2013, 2, 15), 1),
        (D(2013, 1, 15), D(2013, 2, 14), 0),
        (D(2013, 1, 15), D(2014, 1, 14), 11),
        (D(2013, 1, 15), D(2014, 1, 15), 12),
        (D(2013, 2, 15), D(2013, 1, 15), -1),
        (D(2013, 2, 15), D(2013, 1, 16), 0),
        (D(2013, 1, 15), D(2013, 1, 15), 0),
        (D(2012, 11, 1), D(2013, 2, 1), 3),
    ],
)
def test_months_between_are_whole_and_towards_nought(start, end, months):
    assert months_between(start, end) == Months(months)


def test_months_have_an_order():
    assert Months(1) < Months(2) <= Months(2)
    assert sorted([Months(3), Months(-1)]) == [Months(-1), Months(3)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        ("a", '"a"'),
        ('say "x" \\', '"say \\"x\\" \\\\"'),
        (3, "3"),
        (Decimal("1.50"), "1.5"),
        (Decimal("1E+2"), "100"),
        (Decimal("0.001"), "0.001"),
        ((1, "b", None), '[1, "b", null]'),
        ((), "[]"),
        (D(2013, 6, 1), "2013-06-01"),
        (dt.datetime(2013, 6, 1, 10, 30), "2013-06-01T10:30:00"),
        (dt.time(10, 30), "10:30:00"),
        (Months(14), "P1Y2M"),
        (Months(12), "P1Y"),
        (Months(2), "P2M"),
        (Months(0), "P0M"),
        (Months(-14), "-P1Y2M"),
        (dt.timedelta(), "PT0S"),
        (dt.timedelta(days=2), "P2D"),
        (dt.timedelta(days=1, hours=2, minutes=3, seconds=4), "P1DT2H3M4S"),
        (dt.timedelta(hours=1), "PT1H"),
        (dt.timedelta(minutes=1), "PT1M"),
        (dt.timedelta(minutes=61), "PT1H1M"),
        (dt.timedelta(seconds=1), "PT1S"),
        (dt.timedelta(milliseconds=250), "PT0.25S"),
        (-dt.timedelta(hours=25), "-P1DT1H"),
        (-dt.timedelta(seconds=30), "-PT30S"),
        (UNKNOWN, "not known"),
        (NOT_FALSE, "not false"),
    ],
)
def test_values_are_shown_as_feel_writes_them(value, text):
    assert shown(value) == text


@pytest.mark.parametrize("text", ["P1Y2M", "-P5M", "P3DT4H5M6.7S", "-PT8S", "P400D"])
def test_what_is_shown_is_read_again(text):
    assert shown(read_duration(text)) == text
