"""How long a case is kept at least, by its group: dated reviews, and never sooner without a coded ground.

Source: domain.md 9 (the groups and periods are from general knowledge: `illustrative`).
"""

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Period:
    """How long a group is kept at least: so many years from the end of the case, and until an age if it has one."""

    years: int
    until_age: int | None
    what: str
    source: str
    confidence: str


@cache
def periods() -> dict[str, Period]:
    """The period of each group, by the group."""
    text = (files(__package__) / "retention.csv").read_text("utf-8")
    return {
        row["group"]: Period(
            int(row["years"]), int(row["until_age"]) if row["until_age"] else None,
            row["what"], row["source"], row["confidence"],
        )
        for row in csv.DictReader(text.splitlines())
    }  # fmt: skip


def earliest_review(group: str, ended: dt.date) -> dt.date:
    """The first day on which a case of *group* that ended on *ended* may be reviewed for erasure."""
    return _years_later(ended, periods()[group].years)


def earliest_erasure(group: str, ended: dt.date, born: dt.date | None) -> dt.date | None:
    """The first day on which it may be erased, about somebody *born* then; None where that is not known."""
    reviewed, age = earliest_review(group, ended), periods()[group].until_age
    if age is None:
        return reviewed
    return None if born is None else max(reviewed, _years_later(born, age))


def _years_later(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return dt.date(day.year + years, 3, 1)
