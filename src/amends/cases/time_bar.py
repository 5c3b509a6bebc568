"""How long a prosecution stays possible, which a breach must be decided in time for.

Source: Magistrates' Courts Act 1980 s127 (six months from the offence, for an offence that can only be
tried summarily) and the exceptions in `time_limits.csv`; none was read (domain.md 1.6, from general
knowledge). So the law is never said to bar a prosecution while an exception might still allow it, nor
where the code does not say for certain that the offence is one that can only be tried summarily.
"""

import calendar
import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from amends.policy import offences

MONTHS: Final = 6
CONFIDENCE: Final = "illustrative"
"""From general knowledge: shown as such, and checked with whoever prosecutes."""
_USUAL: Final = (
    "A summary offence must be prosecuted within six months (Magistrates' Courts Act 1980 s127)"
)
NOT_READ: Final = "Not read in the Acts (illustrative): ask whoever prosecutes"
DOUBT: Final = "the ordinary six months may not apply"


@dataclass(frozen=True, slots=True)
class TimeBar:
    """Until when a prosecution can begin: surely until `sure_until`, and never after `last_day`.

    Between the two it turns on what is not known here. Where `last_day` is None no limit is known, or none
    can be relied on; `why` says so.
    """

    sure_until: dt.date | None
    last_day: dt.date | None
    why: str
    confidence: str = CONFIDENCE


@dataclass(frozen=True, slots=True)
class Longer:
    """An exception: offences of these codes may be prosecuted for longer, in the end for `months`, or for ever.

    `domestic` says that it is only for domestic abuse; `starts` is the first day of an offence it is for.
    An exception without codes is for offences of which no code is held, and is told where the code is in doubt.
    """

    codes: frozenset[str]
    months: int | None
    domestic: bool
    starts: dt.date | None
    why: str

    def may_apply(self, code: str, on: dt.date, domestic: bool | None) -> bool:
        """Whether it applies, or might for all that is known."""
        if code not in self.codes:
            return False
        if self.domestic and domestic is False:
            return False
        return self.starts is None or on >= self.starts


def time_bar(facts: Mapping[str, Any]) -> TimeBar:
    """The bar for a case with these *facts*; what is not known gives no day, or the later one."""
    mode, on = facts.get("offence.mode_of_trial"), facts.get("offence.date")
    if mode is None or on is None:
        why = "The offence or its day is not known, so the time limit is not known."
        return TimeBar(None, None, why)
    if mode != "summary_only":
        why = "It can be tried in the Crown Court, so the six months do not apply."
        return TimeBar(None, None, why)
    sure = _months_later(on, MONTHS)
    code, domestic = facts.get("offence.code"), facts.get("flags.domestic_abuse")
    if code is None or not _is_summary(code):
        others = "; ".join(one.why for one in exceptions())
        doubt = f"{DOUBT}: its code does not say that it can only be tried summarily"
        return TimeBar(sure, None, f"{_USUAL}, but {doubt}. Longer limits: {others}. {NOT_READ}.")
    longer = [one for one in exceptions() if one.may_apply(code, on, domestic)]
    if not longer:
        return TimeBar(sure, sure, f"{_USUAL}. {NOT_READ}.")
    ends = [None if one.months is None else _months_later(on, one.months) for one in longer]
    last = None if None in ends else max(end for end in ends if end is not None)
    others = "; ".join(one.why for one in longer)
    return TimeBar(sure, last, f"{_USUAL}, but {DOUBT}: {others}. {NOT_READ}.")


def _is_summary(code: str) -> bool:
    """Whether all offences of *code* can only be tried summarily, by the offence table."""
    row = offences.published().find(code)
    return row is not None and row.mode_of_trial == "summary_only"


@cache
def exceptions() -> tuple[Longer, ...]:
    """Every exception that is held."""
    text = (files(__package__) / "time_limits.csv").read_text("utf-8")
    return tuple(_read(csv.DictReader(text.splitlines())))


def _read(rows: Iterable[Mapping[str, str]]) -> Iterator[Longer]:
    for row in rows:
        starts = dt.date.fromisoformat(row["starts"]) if row["starts"] else None
        codes, domestic = frozenset(row["codes"].split()), row["domestic"] == "yes"
        months = int(row["months"]) if row["months"] else None
        yield Longer(codes, months, domestic, starts, row["why"])


def _months_later(day: dt.date, months: int) -> dt.date:
    """The same day of the month *months* later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
