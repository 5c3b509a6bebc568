"""By when a request for information must be answered, in the working days of the whole United Kingdom."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from govuk_bank_holidays.bank_holidays import BankHolidays

ANSWER: Final = 20
"""Working days after receipt by which a request is answered at the latest: section 10(1) of the Act."""
EXTENSION: Final = 20
"""More working days that weighing the public interest may take, at most: the Commissioner's view of section 10(3)."""
REVIEW: Final = 20
"""Working days for an internal review, and as many again where it is exceptional: the Code under section 45."""
FEE_MONTHS: Final = 3
"""Months in which a fee must be paid, counted with the day of the notice: section 9(2)."""
_WEEKEND: Final = (5, 6)
_DAY: Final = dt.timedelta(1)

Kind = Literal["received", "asked", "clarified", "fees notice", "paid", "refined", "extended"]
State = Literal["running", "waiting for the requester", "waiting for the fee", "not to be answered"]


class OutsideCalendar(ValueError):
    """A day that the bank holidays held do not reach: nobody guesses it."""


class WrongOrder(ValueError):
    """Something said to have happened to a request that cannot have happened then."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days from the day `first` to the day `last`, in order; holidays are known in between only."""

    first: dt.date
    last: dt.date
    holidays: frozenset[dt.date]
    working: tuple[dt.date, ...]

    def inside(self, day: dt.date) -> dt.date:
        """*day*; raises OutsideCalendar where it is not between first and last, TypeError for a time of day."""
        if isinstance(day, dt.datetime):
            raise TypeError(
                "A day is counted from, and not a time: say in which zone it is which day."
            )
        if not self.first <= day <= self.last:
            raise OutsideCalendar(
                f"{_said(day)}: The bank holidays of the United Kingdom are known from {_said(self.first)} "
                f"to {_said(self.last)}. Outside that nobody can count working days."
            )
        return day


def made_of(first: dt.date, last: dt.date, holidays: frozenset[dt.date]) -> Calendar:
    """The calendar from *first* to *last*, both among it, on which *holidays* are closed."""
    between = (first + _DAY * number for number in range((last - first).days + 1))
    open_ = tuple(day for day in between if day.weekday() not in _WEEKEND and day not in holidays)
    return Calendar(first, last, holidays, open_)


@cache
def calendar() -> Calendar:
    """The working days of section 10(6): no Saturday, no Sunday, no bank holiday of any part of the United Kingdom.

    The days are those that govuk-bank-holidays carries (source: gov.uk/bank-holidays), never fetched; it
    must be asked for each part apart, because without a part it gives only the days that all have in common.
    """
    known = BankHolidays(use_cached_holidays=True)
    parts = (known.ENGLAND_AND_WALES, known.SCOTLAND, known.NORTHERN_IRELAND)
    each = [sorted(one["date"] for one in known.get_holidays(division=part)) for part in parts]
    first, last = max(days[0] for days in each), min(days[-1] for days in each)
    return made_of(first, last, frozenset(day for days in each for day in days))


def due(on: dt.date, working_days: int = ANSWER, *, by: Calendar | None = None) -> dt.date:
    """The last day for what is to be done within *working_days* after *on*, which is day 0, open or closed.

    Raises ValueError for fewer than one day, OutsideCalendar where a holiday on the way may not be known.
    """
    return _count(on, working_days, frozenset(), by or calendar())


def _count(on: dt.date, working_days: int, left_out: frozenset[dt.date], by: Calendar) -> dt.date:
    if working_days < 1:
        raise ValueError(f"{working_days}: At least one working day is counted.")
    place = bisect_right(by.working, by.inside(on))
    for day in by.working[place:]:
        working_days -= day not in left_out
        if not working_days:
            return day
    raise OutsideCalendar(
        f"The working days from {_said(on)} end after {_said(by.last)}, the last bank holiday known. "
        "A newer release of govuk-bank-holidays knows more."
    )


# --- what happens to a request ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """Something that moved the clock of a request, and on which day.

    `received` starts it. `asked` (more is needed to know what is wanted, section 1(3)) stops it until
    `clarified`, which starts it anew. A `fees notice` pauses it until `paid`. `refined` is a new request
    in place of the old. `extended` gives `days` more, for weighing the public interest under `exemption`.
    """

    kind: Kind
    on: dt.date
    days: int = 0
    exemption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where a request stands: by when it is due (None where nothing runs), and in sentences why.

    `number` is 1 for the request as first made, one more each time that it was refined.
    """

    state: State
    due: dt.date | None
    why: tuple[str, ...]
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the events so far say."""

    zero: dt.date  # the day that counts as day 0
    start: str  # why it does
    state: State = "running"
    since: dt.date  # of the state
    left_out: frozenset[dt.date] = frozenset()
    paused: tuple[str, ...] = ()
    extra: int = 0
    exemption: str = ""
    number: int = 1


def read(events: Sequence[Event], *, by: Calendar | None = None) -> Clock:
    """Where a request stands after *events*, in the order in which they happened.

    Raises WrongOrder where one cannot have happened then, OutsideCalendar where a day is not known.
    """
    days = by or calendar()
    if not events or events[0].kind != "received":
        raise WrongOrder("A request begins with the day on which it was received.")
    told = _started(events[0].on, "the request was received")
    last = events[0].on
    for event in events[1:]:
        if event.on < last:
            raise WrongOrder(
                f"{_said(event.on)}: {event.kind!r} comes after {_said(last)}, and is earlier."
            )
        told, last = _next(told, event, days), event.on
    return _clock(told, days)


def _started(on: dt.date, start: str, number: int = 1) -> _Told:
    return _Told(zero=on, start=start, since=on, number=number)


def _next(told: _Told, event: Event, days: Calendar) -> _Told:
    waited: State = {
        "clarified": "waiting for the requester",
        "paid": "waiting for the fee",
    }.get(event.kind, "running")  # type: ignore[assignment]
    if event.kind == "refined":  # whatever became of the old one
        return _started(
            event.on, "the refined request, which is a new one, was received", told.number + 1
        )
    if event.kind == "received" or told.state != waited:
        raise WrongOrder(
            f"{_said(event.on)}: {event.kind!r} cannot happen while it is {told.state}."
        )
    return _STEPS[event.kind](told, event, days)


def _asked(told: _Told, event: Event, _: Calendar) -> _Told:
    return replace(told, state="waiting for the requester", since=event.on)


def _clarified(told: _Told, event: Event, _: Calendar) -> _Told:
    return _started(
        event.on, "what was wanted was made clear, which starts the time anew", told.number
    )


def _fees_notice(told: _Told, event: Event, _: Calendar) -> _Told:
    return replace(told, state="waiting for the fee", since=event.on)


def _paid(told: _Told, event: Event, days: Calendar) -> _Told:
    last = _months_on(told.since, FEE_MONTHS) - _DAY
    if event.on > last:
        raise WrongOrder(
            f"{_said(event.on)}: The fee could be paid until {_said(last)}. What came later is a new request."
        )
    gone = frozenset(day for day in days.working if told.since <= day <= event.on)
    said = (
        f"{_working(len(gone))} from {_said(told.since)}, the day of the fees notice, to {_said(event.on)}, "
        f"the day on which the fee was received, {'is' if len(gone) == 1 else 'are'} not counted."
    )
    return replace(
        told,
        state="running",
        since=event.on,
        left_out=told.left_out | gone,
        paused=(*told.paused, said),
    )


def _extended(told: _Told, event: Event, days: Calendar) -> _Told:
    if not event.exemption:
        raise WrongOrder(
            "More time is only for weighing the public interest: say under which exemption."
        )
    if not 1 <= event.days <= EXTENSION or told.extra:
        raise WrongOrder(f"More time is given once, and for 1 to {EXTENSION} working days.")
    by = _count(told.zero, ANSWER, told.left_out, days)
    if event.on > by:
        raise WrongOrder(f"{_said(event.on)}: More time had to be told by {_said(by)}.")
    return replace(told, extra=event.days, exemption=event.exemption)


_STEPS: Final = {
    "asked": _asked, "clarified": _clarified, "fees notice": _fees_notice, "paid": _paid, "extended": _extended,
}  # fmt: skip


def _clock(told: _Told, days: Calendar) -> Clock:
    if told.state == "waiting for the requester":
        why = f"Since {_said(told.since)} it is asked what is wanted; the answer starts {_working(ANSWER)} anew."
        return Clock(state=told.state, due=None, why=(why,), number=told.number)
    if told.state == "waiting for the fee":
        last = _months_on(told.since, FEE_MONTHS) - _DAY
        why = f"A fees notice was given on {_said(told.since)}. The fee may be paid until {_said(last)}."
        return Clock(state=told.state, due=None, why=(why,), number=told.number)
    by = _count(told.zero, ANSWER + told.extra, told.left_out, days)
    return Clock(state="running", due=by, why=tuple(_why(told, by, days)), number=told.number)


def _why(told: _Told, by: dt.date, days: Calendar) -> Iterator[str]:
    closed = "" if told.zero in days.working else ", a day on which nobody works"
    yield f"Day 0 is {_said(told.zero)}{closed}: {told.start}."
    yield from told.paused
    if told.extra:
        yield (
            f"The public interest under {told.exemption} takes up to {_working(told.extra)} more than {ANSWER}."
        )
    passed = [
        day
        for day in sorted(days.holidays)
        if told.zero < day < by and day.weekday() not in _WEEKEND
    ]
    if passed:
        yield f"Bank holidays in some part of the United Kingdom on the way: {', '.join(map(_said, passed))}."
    yield f"Working day {ANSWER + told.extra} after that is {_said(by)}: the answer is due by then at the latest."


def review_due(asked: dt.date, *, exceptional: bool = False, by: Calendar | None = None) -> dt.date:
    """By when an internal review that was asked for on *asked* is to be done; twice the time where *exceptional*."""
    return due(asked, REVIEW * (2 if exceptional else 1), by=by)


def anew_due(asked: dt.date, decided: dt.date, *, by: Calendar | None = None) -> dt.date:
    """By when a new answer is due after a review asked for on *asked* was upheld on *decided*.

    The Code of practice asks for it as soon as practicable; here it is as long as an answer takes, and no later
    than an exceptional review may take in all.
    """
    return min(due(decided, ANSWER, by=by), due(asked, 2 * REVIEW, by=by))


def _months_on(day: dt.date, months: int) -> dt.date:
    """The day that many months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return dt.date(year, month + 1, number)
        except ValueError:
            continue
    return dt.date(year, month + 1, day.day)


def _working(number: int) -> str:
    return f"{number} working day{'' if number == 1 else 's'}"


def _said(day: dt.date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
