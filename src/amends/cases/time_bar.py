"""How long a prosecution stays possible, which a breach must be decided in time for.

Source: Magistrates' Courts Act 1980 s127 (six months from the offence, for an offence that can only be
tried summarily) and the exceptions in `time_limits.csv`; none was read (domain.md 1.6, from general
knowledge). So the law is never said to bar a prosecution while an exception might still allow it.
"""

import calendar
import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

MONTHS: Final = 6
CONFIDENCE: Final = "background"
"""From general knowledge: shown as such, and checked with whoever prosecutes."""


@dataclass(frozen=True, slots=True)
class TimeBar:
    """Until when a prosecution can begin: surely until `sure_until`, and never after `last_day`.

    Between the two it turns on what is not known here; either is None where no limit is known, and
    `why` says so.
    """

    sure_until: dt.date | None
    last_day: dt.date | None
    why: str
    confidence: str = CONFIDENCE


@dataclass(frozen=True, slots=True)
class Longer:
    """An exception: offences of these codes may be prosecuted for longer, in the end for `months`.

    `domestic` says that it is only for domestic abuse; `starts` is the first day of an offence it is for.
    An exception without codes may apply to any offence whose code is not known.
    """

    codes: frozenset[str]
    months: int
    domestic: bool
    starts: dt.date | None
    why: str

    def may_apply(self, code: str | None, on: dt.date, domestic: bool | None) -> bool:
        """Whether it applies, or might for all that is known."""
        if code is not None and code not in self.codes:
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
    usual = (
        "A summary offence must be prosecuted within six months (Magistrates' Courts Act 1980 s127)"
    )
    code, domestic = facts.get("offence.code"), facts.get("flags.domestic_abuse")
    longer = [one for one in exceptions() if one.may_apply(code, on, domestic)]
    if not longer:
        return TimeBar(sure, sure, f"{usual}.")
    last = _months_later(on, max(one.months for one in longer))
    others = "; ".join(one.why for one in longer)
    return TimeBar(sure, last, f"{usual}, but a longer limit may apply: {others}.")


@cache
def exceptions() -> tuple[Longer, ...]:
    """Every exception that is held."""
    text = (files(__package__) / "time_limits.csv").read_text("utf-8")
    return tuple(_read(csv.DictReader(text.splitlines())))


def _read(rows: Iterable[Mapping[str, str]]) -> Iterator[Longer]:
    for row in rows:
        starts = dt.date.fromisoformat(row["starts"]) if row["starts"] else None
        codes, domestic = frozenset(row["codes"].split()), row["domestic"] == "yes"
        yield Longer(codes, int(row["months"]), domestic, starts, row["why"])


def _months_later(day: dt.date, months: int) -> dt.date:
    """The same day of the month *months* later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
