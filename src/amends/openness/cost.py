"""What answering would cost, in minutes a record, and the sentence that refuses where it is too much."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from amends.openness.exemptions import Limit, limit


class NoEstimate(ValueError):
    """An estimate that cannot be made from what was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What has to be read for one thing that was asked.

    `records` files at `minutes` each, as a sample of them took; nought minutes where a field holds it, so
    that a query answers it. `why` says what is not in a field.
    """

    asked: str
    records: int
    minutes: Fraction | int = 0
    why: str = ""

    def __post_init__(self) -> None:
        if self.records < 0 or self.minutes < 0:
            raise NoEstimate(f"{self.asked}: Records and minutes are not negative.")
        if self.minutes and not self.why.strip():
            raise NoEstimate(
                f"{self.asked}: Say what is not in a field, so that files must be read."
            )

    @property
    def hours(self) -> Fraction:
        """Hours that it takes."""
        return Fraction(self.minutes) * self.records / 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request to be estimated: its reference, when it came, and what it asks for."""

    reference: str
    received: dt.date
    work: tuple[Work, ...]

    @property
    def hours(self) -> Fraction:
        """Hours that the whole of it takes."""
        return sum((one.hours for one in self.work), Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a request costs together with those that may be added to it, against the limit of its day."""

    request: Request
    added: tuple[Request, ...]
    limit: Limit

    @property
    def hours(self) -> Fraction:
        """Hours for all of it."""
        return sum((one.hours for one in self.added), self.request.hours)

    @property
    def too_much(self) -> bool:
        """Whether it is more than the limit; a request of just the limit must be answered."""
        return self.hours * self.limit.pounds_an_hour > self.limit.pounds

    def sentences(self) -> tuple[str, ...]:
        """The estimate for the requester: how it was made, and whether it is too much."""
        told = [_told(one) for each in (self.request, *self.added) for one in each.work]
        if self.added:
            named = ", ".join(one.reference for one in self.added)
            told.insert(0, f"Added up with what was asked in {named}, which asks about the same.")
        pounds = self.hours * self.limit.pounds_an_hour
        an_hour = f"£{self.limit.pounds_an_hour} an hour"
        whole = f"Together that is {_number(self.hours)} hours, or £{_number(pounds)} at {an_hour}"
        bounds = (
            f"the appropriate limit of £{self.limit.pounds:,}, which is {self.limit.hours} hours"
        )
        if not self.too_much:
            return (*told, f"{whole}: no more than {bounds}.")
        refused = (
            "Section 12(1) of the Freedom of Information Act 2000 does not oblige us to answer."
        )
        return (*told, f"{whole}: more than {bounds}. {refused}", self._within())

    def _within(self) -> str:
        """What could be asked instead: advice and assistance under section 16."""
        free = [one.asked for one in self.request.work if not one.minutes]
        if free:
            return f"Without reading files we can answer: {'; '.join(free)}."
        slowest = max(one.minutes for one in self.request.work)
        most = int(Fraction(self.limit.hours * 60) / slowest)
        less = "a shorter time or fewer kinds of offence may do"
        return f"About {most:,} records could be read within the limit: {less}."


def estimate(request: Request, others: Sequence[Request] = ()) -> Estimate:
    """What *request* costs, together with *others* of the same requester about the same.

    Whether others are about the same, and from the same person or people who act together, is for whoever
    calls to judge; that they are near enough in time is looked at by `openness.aggregating`. Raises NoLaw
    where no limit is held for the day.
    """
    return Estimate(request=request, added=tuple(others), limit=limit(request.received))


def reading(minutes: int, records: int, on: dt.date) -> str:
    """What it takes to read *records* at *minutes* each, and whether that is above the limit of a day.

    Nought records where it is not known how many a request was of. Raises NoLaw where no limit is held for the day.
    """
    most = limit(on)
    each = "1 minute a record" if minutes == 1 else f"{minutes} minutes a record"
    reach = f"{most.hours * 60 // minutes:,} records can be read in the {most.hours} hours of section 12(1)"
    if not records:
        return f"{each}; {reach}"
    hours = Fraction(minutes * records, 60)
    passed = "more than" if hours * most.pounds_an_hour > most.pounds else "no more than"
    return (
        f"{each}: {_number(hours)} hours for the {records:,} records of the request, {passed} the {most.hours} hours "
        f"of section 12(1)"
    )


def _told(one: Work) -> str:
    if not one.minutes:
        return (
            f"{one.asked}: {one.records:,} records hold it in a field. No files are read: 0 hours."
        )
    minutes = "1 minute" if one.minutes == 1 else f"{_number(Fraction(one.minutes))} minutes"
    return (
        f"{one.asked}: {one.records:,} records at {minutes} each, {_number(one.hours)} hours, because "
        f"{one.why}."
    )


def _number(value: Fraction) -> str:
    """The number to one place, rounded up, so that no estimate looks smaller than it is; whole where it is."""
    tenths = -(-value * 10 // 1)
    return f"{tenths // 10:,}" if not tenths % 10 else f"{tenths // 10:,}.{tenths % 10}"
