"""How long a prosecution stays possible, which a breach must be decided in time for.

Source: Magistrates' Courts Act 1980 s127 (six months from the offence, for an offence that can only be
tried summarily); reported, not read (domain.md 1.6). Some statutes give longer: what is not known is said.
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Final

MONTHS: Final = 6


@dataclass(frozen=True, slots=True)
class TimeBar:
    """The last day on which a prosecution can begin; None where no bar is known, and why."""

    last_day: dt.date | None
    why: str
    confidence: str = "reported"


def time_bar(mode_of_trial: str | None, offence_date: dt.date | None) -> TimeBar:
    """The bar for an offence of *mode_of_trial* on *offence_date*; what is not known gives no day."""
    if mode_of_trial is None or offence_date is None:
        return TimeBar(None, "The offence or its day is not known, so the time limit is not known.")
    if mode_of_trial != "summary_only":
        return TimeBar(None, "It can be tried in the Crown Court, so the six months do not apply.")
    why = "A summary offence must be prosecuted within six months (Magistrates' Courts Act 1980 s127)."
    return TimeBar(_months_later(offence_date, MONTHS), why)


def _months_later(day: dt.date, months: int) -> dt.date:
    """The same day of the month *months* later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
