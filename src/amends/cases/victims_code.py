"""By when a victim is to be told of what was decided, and whether they were: the clocks of the Victims' Code.

Source: `amends.notices.clock` and its `obligations.toml`, which say how far each may be relied on.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from amends.notices.clock import Obligation, OutsideCalendar, obligations

TOLD: Final = "out_of_court"
"""The obligation to say that it is dealt with out of court, and why."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing that one victim is to be told: since when, by when, and whether they were."""

    victim: int
    name: str
    since: dt.date
    due: dt.date | None
    told: bool
    confidence: str

    def late_on(self, day: dt.date) -> bool:
        """Whether it is overdue on *day*."""
        return not self.told and self.due is not None and self.due < day


def clocks(
    victims: Sequence[tuple[int, bool]], decided: dt.date | None, told: frozenset[int]
) -> list[Clock]:
    """The clocks of *victims* (number, and whether they have enhanced rights) since it was *decided*.

    *told* are the numbers of those who were told since. None runs before anything was decided.
    """
    if decided is None:
        return []
    try:
        owed = next((one for one in obligations(decided) if one.id == TOLD), None)
    except OutsideCalendar:  # no Code of that day is held
        owed = None
    if owed is None:
        return []
    return [
        Clock(
            number,
            owed.name,
            decided,
            _due(owed, decided, enhanced),
            number in told,
            owed.confidence,
        )
        for number, enhanced in victims
    ]


def _due(owed: Obligation, since: dt.date, enhanced: bool) -> dt.date | None:
    """The day it is due; None where the calendar of bank holidays does not reach so far."""
    try:
        return owed.due(since, enhanced=enhanced)
    except OutsideCalendar:
        return None
