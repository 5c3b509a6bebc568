"""What happened to a request for information, event by event, and what is known of it where it stands."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from amends.openness import clock
from amends.openness.refusing import Holding, Refusal
from amends.openness.register_words import ACKNOWLEDGE, DRAFT


class OutOfTurn(ValueError):
    """Something that cannot happen to a request as it stands: why, in a whole sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened, on which day, by whom (the number of a user), and what it holds."""

    kind: str
    on: dt.date
    by: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Where a request stands: `state` in words, its clock, and what the events so far hold.

    `subject` is its short title, as it was last given, without a name. `claims` are the reasons to refuse by
    section; `question` is the saved question chosen for it; `draft` is what was drafted last, and no longer
    where something it rests on has changed since; `cleared` are those who cleared that draft.
    """

    state: str
    clock: clock.Clock
    events: tuple[Event, ...]
    claims: Mapping[str, Refusal]
    subject: str = ""
    question: str = ""
    estimate: Mapping[str, Any] | None = None
    draft: Event | None = None
    cleared: tuple[int, ...] = ()
    sent: Event | None = None
    published: Event | None = None
    refined: bool = False
    review: Event | None = None
    review_decided: Event | None = None
    complained: Event | None = None
    commissioner: Event | None = None
    appealed: Event | None = None
    tribunal: Event | None = None
    acknowledged: Event | None = None
    earlier: tuple["Life", ...] = ()
    """How it stood each time that it was answered before it was opened for a new answer."""
    anew: dt.date | None = None
    """By when a new answer is due."""

    withdrawal: Event | None = None
    """That somebody wants an answer taken back from the log, until a second person has done it."""
    withdrawn: tuple[int, ...] = ()
    """Which of the answers in the log were taken back, by their order from 1."""

    @property
    def logged(self) -> int:
        """How many answers were put in the disclosure log, those that were taken back among them."""
        return sum(one.published is not None for one in (*self.earlier, self))

    @property
    def due(self) -> dt.date | None:
        """The last day for what is to be done next; None where nothing runs."""
        if self.review is not None and self.review_decided is None:
            return clock.review_due(
                self.review.on, exceptional=bool(self.review.data.get("exceptional"))
            )
        return None if self.over else self.anew or self.clock.due

    @property
    def over(self) -> bool:
        """Whether nothing waits to be answered: it was sent, or another request took its place."""
        return self.sent is not None or self.refined

    @property
    def why(self) -> tuple[str, ...]:
        """The sentences behind the day it is due."""
        if self.review is not None and self.review_decided is None:
            return (
                "An internal review is due within 20 working days, and 40 where it is exceptional.",
            )
        if self.anew and not self.over:
            return ("A new answer is to be given. What was sent before stays as it was.",)
        return () if self.over else self.clock.why

    @property
    def internal(self) -> tuple[str, dt.date] | None:
        """What this office wants done next and by which day, before the day of the law; None where nothing."""
        if self.over or self.anew or self.draft is not None or self.clock.state != "running":
            return None
        zero = [one.on for one in self.events if one.kind in ("received", "clarified")][-1]
        if self.acknowledged is None:
            return "Acknowledge it and give it to somebody", clock.due(zero, ACKNOWLEDGE)
        return "Draft the answer, so that it can be checked", clock.due(zero, DRAFT)

    @property
    def holding(self) -> Holding | None:
        """What the draft says of whether the information is held."""
        return None if self.draft is None else Holding(self.draft.data["holding"])
