"""Working days in England and Wales, and by which day the Victims' Code wants a victim told."""

import datetime as dt
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from govuk_bank_holidays.bank_holidays import BankHolidays

CONFIDENCES: Final = ("read", "reported", "illustrative")
_WEEKEND: Final = (5, 6)


class OutsideCalendar(ValueError):
    """A day that the calendar of bank holidays, or the Victims' Code, does not reach: nobody guesses it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days between the first and the last bank holiday known, in order."""

    first: dt.date
    last: dt.date
    holidays: frozenset[dt.date]
    working: tuple[dt.date, ...]


@cache
def calendar() -> Calendar:
    """The calendar of England and Wales that govuk-bank-holidays carries; it is never fetched.

    Source: gov.uk/bank-holidays, as bundled. That the Victims' Code counts by the holidays of England and
    Wales alone was not read in the Code; the Freedom of Information Act counts those of all the UK.
    """
    known = BankHolidays(use_cached_holidays=True)
    days = sorted(one["date"] for one in known.get_holidays(division=known.ENGLAND_AND_WALES))
    first, last, holidays = days[0], days[-1], frozenset(days)
    between = (first + dt.timedelta(number) for number in range((last - first).days + 1))
    working = tuple(day for day in between if day.weekday() not in _WEEKEND and day not in holidays)
    return Calendar(first, last, holidays, working)


def is_working_day(day: dt.date) -> bool:
    """Whether *day* is no Saturday, Sunday or bank holiday. Raises OutsideCalendar where that is not known."""
    return _inside(day).weekday() not in _WEEKEND and day not in calendar().holidays


def due(on: dt.date, working_days: int) -> dt.date:
    """The last day for what is to be done within *working_days* of *on*; *on* itself is day 0.

    Raises ValueError for fewer than one working day, and OutsideCalendar where a bank holiday on the way
    may not be known.
    """
    if working_days < 1:
        raise ValueError(f"{working_days}: At least one working day is counted.")
    working = calendar().working
    place = bisect_right(working, _inside(on)) + working_days - 1
    if place >= len(working):
        raise OutsideCalendar(
            f"{working_days} working days from {on:%-d %B %Y} end after {calendar().last:%-d %B %Y}, the "
            "last bank holiday known. A newer release of govuk-bank-holidays knows more."
        )
    return working[place]


def _inside(day: dt.date) -> dt.date:
    known = calendar()
    if isinstance(day, dt.datetime):
        raise TypeError("A day is counted from, and not a time: say in which zone it is which day.")
    if not known.first <= day <= known.last:
        raise OutsideCalendar(
            f"{day:%-d %B %Y}: The bank holidays are known from {known.first:%-d %B %Y} to "
            f"{known.last:%-d %B %Y}. Outside that nobody can count working days."
        )
    return day


# --- the Victims' Code ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """Something a Code owes: what, to whom, within how many working days of what, and who says so.

    `starts_on` is the first day it stands, `ends` the first day it no longer does; None while it does.
    """

    id: str
    name: str
    owed_to: str
    starts: str
    ordinary: int
    enhanced: int
    starts_on: dt.date
    ends: dt.date | None
    clause: str
    source: str
    confidence: str

    def due(self, on: dt.date, *, enhanced: bool) -> dt.date:
        """By which day it is owed where the clock starts *on*; *enhanced*: the victim has enhanced rights."""
        return due(on, self.enhanced if enhanced else self.ordinary)


@cache
def all_obligations() -> tuple[Obligation, ...]:
    """Every obligation held, of every version of the Code."""
    data = tomllib.loads((files(__package__) / "obligations.toml").read_text("utf-8"))
    return tuple(map(_read, data["obligation"]))


def obligations(on: dt.date) -> tuple[Obligation, ...]:
    """The obligations in force on the day *on*. Raises OutsideCalendar where none is held for that day."""
    found = tuple(
        one
        for one in all_obligations()
        if one.starts_on <= on and (one.ends is None or on < one.ends)
    )
    if not found:
        raise OutsideCalendar(f"{on:%-d %B %Y}: No Victims' Code of that day is held.")
    return found


def _read(given: dict[str, Any]) -> Obligation:
    rest = {key: value for key, value in given.items() if key not in ("from", "until")}
    found = Obligation(starts_on=given["from"], ends=given.get("until"), **rest)
    if found.confidence not in CONFIDENCES or not 1 <= found.enhanced <= found.ordinary:
        raise ValueError(f"obligations.toml: {found.id}: Its confidence or its days make no sense.")
    return found
