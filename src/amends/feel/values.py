"""The values a condition can have, among them *not known*.

Numbers are `int` or 34-digit `Decimal`, FEEL null is `None` and means *known to be absent*, dates,
times and durations are Python's own, but for `Months`, the years-and-months duration.
Source: DMN 1.5, 10.3.2.3 (values), 10.3.4 (arithmetic).
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Final

DECIMAL_128: Final = Context(
    prec=34, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow]
)


class Unknown:
    """Something not known. It is neither true nor false, and refuses to be taken for either."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    def __bool__(self) -> bool:
        raise TypeError("Not known is neither true nor false: compare with `is True`.")


UNKNOWN: Final = Unknown("not known")
"""Not known, but not absent. As a boolean: it may be true or false."""
UNKNOWN_OR_ABSENT: Final = Unknown("not known, perhaps absent")
"""Not known; it may turn out to be known to be absent (null)."""
NOT_TRUE: Final = Unknown("not true")
"""A boolean that is false or null: which, is not known."""
NOT_FALSE: Final = Unknown("not false")
"""A boolean that is true or null: which, is not known."""


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years-and-months duration, in whole months (negative for a duration backwards)."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        sign = "-" if self.months < 0 else ""
        body = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return f"{sign}P{body or '0M'}"


Value = (
    None
    | bool
    | int
    | Decimal
    | str
    | dt.date
    | dt.time
    | dt.timedelta
    | Months
    | Unknown
    | tuple["Value", ...]
)

_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d{1,5})Y)?(?:(\d{1,6})M)?")
_DAYS = re.compile(
    r"(-)?P(?=\d|T\d)(?:(\d{1,7})D)?"
    r"(?:T(?=\d)(?:(\d{1,8})H)?(?:(\d{1,9})M)?(?:(\d{1,10})(?:\.(\d{1,6}))?S)?)?"
)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?")


def read_duration(text: str) -> Months | dt.timedelta | None:
    """The duration written as *text* (ISO 8601, `P1Y2M` or `P3DT4H`), or None if it is not one."""
    if found := _MONTHS.fullmatch(text):
        sign, years, months = found.groups()
        total = int(years or 0) * 12 + int(months or 0)
        return Months(-total if sign else total)
    if found := _DAYS.fullmatch(text):
        sign, days, hours, minutes, seconds, fraction = found.groups()
        length = dt.timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=int((fraction or "0").ljust(6, "0")),
        )
        return -length if sign else length
    return None


def read_date(text: str) -> dt.date | None:
    """The date written as *text* (`2013-06-01`), or None if it is not a date that exists."""
    if not (found := _DATE.fullmatch(text)):
        return None
    try:
        return dt.date(*map(int, found.groups()))
    except ValueError:
        return None


def read_time(text: str) -> dt.time | None:
    """The local time written as *text* (`10:30:00`), or None if it is not one; zones are not read."""
    if not (found := _TIME.fullmatch(text)):
        return None
    hour, minute, second, fraction = found.groups()
    try:
        return dt.time(int(hour), int(minute), int(second), int((fraction or "0").ljust(6, "0")))
    except ValueError:
        return None


def read_moment(text: str) -> dt.datetime | None:
    """The local date and time written as *text*, midnight where no time is given, or None."""
    day, divider, clock = text.partition("T")
    date = read_date(day)
    time = read_time(clock) if divider else dt.time()
    if date is None or time is None:
        return None
    return dt.datetime.combine(date, time)


def as_number(value: Decimal) -> Decimal | int:
    """*value* as an `int` where it is whole, so that 2.00 and 2 are one value."""
    if value == value.to_integral_value() and value.adjusted() < 34:
        return int(value)
    return value


def add_months(day: dt.date, months: int) -> dt.date | None:
    """*day* moved by *months*, held back to the last day of a shorter month; None out of range.

    A `datetime` keeps its time of day.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not 1 <= year <= 9999:
        return None
    return day.replace(year=year, month=month + 1, day=min(day.day, _last_day(year, month + 1)))


def _last_day(year: int, month: int) -> int:
    if month == 12:
        return 31
    return (dt.date(year, month + 1, 1) - dt.timedelta(days=1)).day


def months_between(start: dt.date, end: dt.date) -> Months:
    """Whole months from *start* to *end*, towards zero.

    Source: DMN 1.5, 10.3.4.1, `years and months duration`.
    """
    if end < start:
        return Months(-months_between(end, start).months)
    whole = (end.year - start.year) * 12 + end.month - start.month
    return Months(whole - 1 if end.day < start.day else whole)


def shown(value: Value) -> str:
    """*value* as FEEL would write it, for people and for error messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, tuple):
        return "[" + ", ".join(map(shown, value)) + "]"
    if isinstance(value, Decimal):
        return f"{value.normalize(DECIMAL_128):f}"
    if isinstance(value, dt.timedelta):
        return _shown_length(value)
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value)


def _shown_length(length: dt.timedelta) -> str:
    sign, length = ("-", -length) if length < dt.timedelta() else ("", length)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    days = f"{length.days}D" if length.days else ""
    return f"{sign}P{days}{'T' + clock if clock else ''}" if days or clock else "PT0S"
