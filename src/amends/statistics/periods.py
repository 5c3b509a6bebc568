"""Months, quarters and years into which days fall, and the months that a source does not hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from amends.disclosure.errors import DisclosureError

MONTH: Final = "month"
QUARTER: Final = "quarter"
FINANCIAL: Final = "financial year"
CALENDAR: Final = "calendar year"
KINDS: Final = {MONTH: 1, QUARTER: 3, FINANCIAL: 12, CALENDAR: 12}
"""How many months a period of each kind has; quarters are those of the calendar."""
_APRIL: Final = 3


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month, as the number of months since the year 0."""

    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month of *day*."""
        return cls(day.year * 12 + day.month - 1)

    @classmethod
    def written(cls, text: str) -> "Month":
        """The month written as YYYY-MM; raises DisclosureError where *text* is none."""
        try:
            if len(text) != len("YYYY-MM"):
                raise ValueError
            return cls.of(date.fromisoformat(f"{text}-01"))
        except ValueError:
            raise DisclosureError("a month", f"{text!r} is none", "Write it as 2013-04.") from None

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.number // 12, self.number % 12 + 1, 1)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


def label(kind: str, day: date) -> str:
    """The name of the period of *kind* that *day* falls into: 2013-06, 2013 Q2, 2013-14, 2013."""
    month = Month.of(day)
    if kind == MONTH:
        return str(month)
    if kind == QUARTER:
        return f"{day.year} Q{(day.month + 2) // 3}"
    if kind == FINANCIAL:
        start = (month.number - _APRIL) // 12
        return f"{start}-{(start + 1) % 100:02}"
    if kind == CALENDAR:
        return str(day.year)
    raise DisclosureError(
        "a series", f"there is no period {kind!r}", f"It is one of: {', '.join(KINDS)}."
    )


def months(start: date, end: date) -> list[Month]:
    """Every month from that of *start* to that of *end*; raises DisclosureError where *end* is earlier."""
    if end < start:
        raise DisclosureError("a period", f"ends on {end}, before its start on {start}")
    return [Month(number) for number in range(Month.of(start).number, Month.of(end).number + 1)]


def periods(kind: str, start: date, end: date) -> Iterator[tuple[str, list[Month]]]:
    """Each period of *kind* from *start* to *end*, with its months; raises DisclosureError as `label` does.

    Where *start* and *end* cut a period, it has only the months between them.
    """
    found: dict[str, list[Month]] = {}
    for month in months(start, end):
        found.setdefault(label(kind, month.first), []).append(month)
    yield from found.items()


def whole(kind: str, held: list[Month]) -> bool:
    """Whether *held* are all the months of a period of *kind*."""
    return len(held) == KINDS[kind]
