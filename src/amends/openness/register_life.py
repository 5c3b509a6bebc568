"""What may happen to a request for information, in which order, and where it stands: derived from its events alone."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from amends.openness import clock
from amends.openness.exemptions import NoLaw
from amends.openness.refusing import Holding, Refusal, faults

WORDS: Final[Mapping[str, str]] = {
    "received": "The request was received",
    "asked": "The requester was asked what is wanted",
    "clarified": "The requester made clear what is wanted",
    "fees notice": "A fees notice was given",
    "paid": "The fee was paid",
    "refined": "A refined request took its place",
    "estimated": "The cost was estimated",
    "claimed": "A reason to refuse was recorded",
    "dropped": "A reason to refuse was taken back",
    "extended": "More time was taken for the public interest",
    "drafted": "The answer was drafted",
    "cleared": "The draft was cleared",
    "sent": "The answer was sent",
    "published": "The answer was put in the disclosure log",
    "review asked": "An internal review was asked for",
    "review decided": "The internal review was decided",
    "complained": "The Information Commissioner was asked to decide",
    "commissioner decided": "The Information Commissioner decided",
}
"""Every kind of event, in words."""
CLOCK: Final = ("asked", "clarified", "fees notice", "paid", "extended")
"""Those that move the clock."""
COST: Final = ("12(1)", "12(2)")
CLEARERS: Final = 2
"""People who clear a draft before it is sent: two different ones, so that nobody sends what they alone have read."""
OUTCOMES: Final = ("upheld", "partly upheld", "not upheld")


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

    `claims` are the reasons to refuse by section; `draft` is what was drafted last, and no longer where
    something it rests on has changed since; `cleared` are those who cleared that draft.
    """

    state: str
    clock: clock.Clock
    events: tuple[Event, ...]
    claims: Mapping[str, Refusal]
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

    @property
    def due(self) -> dt.date | None:
        """The last day for what is to be done next; None where nothing runs."""
        if self.review is not None and self.review_decided is None:
            return clock.review_due(
                self.review.on, exceptional=bool(self.review.data.get("exceptional"))
            )
        return None if self.over else self.clock.due

    @property
    def over(self) -> bool:
        """Whether nothing waits to be answered: it was sent, or another request took its place."""
        return self.sent is not None or self.refined

    @property
    def why(self) -> tuple[str, ...]:
        """The sentences behind the day it is due."""
        if self.due is not None and self.review is not None:
            return (
                "An internal review is due within 20 working days, and 40 where it is exceptional.",
            )
        return () if self.over else self.clock.why

    @property
    def holding(self) -> Holding | None:
        """What the draft says of whether the information is held."""
        return None if self.draft is None else Holding(self.draft.data["holding"])


def follow(events: Sequence[Event]) -> Life:
    """Where a request stands after *events*, in their order; raises OutOfTurn where one could not happen."""
    if not events or events[0].kind != "received":
        raise OutOfTurn("A request begins with the day on which it was received.")
    life = Life(state="to be answered", clock=_clock(events[:1]), events=(events[0],), claims={})
    for event in events[1:]:
        life = after(life, event)
    return life


def after(life: Life, event: Event) -> Life:
    """Where it stands after one more *event*; raises OutOfTurn where it cannot happen now."""
    step = _STEPS.get(event.kind)
    if step is None:
        raise OutOfTurn(f"{event.kind!r}: Nothing of that name happens to a request.")
    if event.on < life.events[-1].on:
        raise OutOfTurn(
            f"{event.on.isoformat()} is before {life.events[-1].on.isoformat()}, the day of what happened last."
        )
    if life.refined and life.sent is None:
        raise OutOfTurn("A refined request took the place of this one: go on with that.")
    made = step(life, event)
    events = (*life.events, event)
    moved = _clock(events) if event.kind in CLOCK else life.clock
    made = replace(made, events=events, clock=moved)
    return replace(made, state=_state(made))


def possible(life: Life) -> tuple[str, ...]:
    """The kinds of event that may come next, whatever they hold."""
    return tuple(kind for kind in _STEPS if not _barred(life, kind))


def _barred(life: Life, kind: str) -> str:
    """Why an event of *kind* cannot come next; empty where it may."""
    if kind in ("review asked", "published", "complained"):
        return _barred_after_sending(life, kind)
    if kind == "review decided":
        open_ = life.review is not None and life.review_decided is None
        return "" if open_ else "No internal review is open."
    if kind == "commissioner decided":
        open_ = life.complained is not None and life.commissioner is None
        return "" if open_ else "Nothing is before the Information Commissioner."
    if kind == "refined":
        return "A refined request took the place of this one already." if life.refined else ""
    if life.over:
        return "This request is over: it was answered, or another took its place."
    return _barred_before(life, kind)


def _barred_after_sending(life: Life, kind: str) -> str:
    if life.sent is None:
        return "Send the answer first."
    done = {"review asked": life.review, "published": life.published, "complained": life.complained}
    return "That has happened already." if done[kind] is not None else ""


def _barred_before(life: Life, kind: str) -> str:
    waits = {"clarified": "waiting for the requester", "paid": "waiting for the fee"}
    if kind in waits:
        return "" if life.clock.state == waits[kind] else f"It is not {waits[kind]}."
    if kind in ("estimated", "claimed"):
        return ""
    if kind == "dropped":
        return "" if life.claims else "No reason to refuse is recorded."
    if life.clock.state != "running":
        return f"It is {life.clock.state}: nothing is answered until then."
    if kind == "cleared":
        if len(life.cleared) >= CLEARERS:
            return "Two people have cleared this draft: it can be sent."
        return "" if life.draft is not None else "Draft the answer first."
    if kind == "sent" and len(life.cleared) < CLEARERS:
        return "Two different people must clear the draft before it is sent."
    return ""


def _ask(life: Life, event: Event) -> None:
    if told := _barred(life, event.kind):
        raise OutOfTurn(told)


def _moves(life: Life, event: Event) -> Life:
    """What moves the clock; a draft made before more was known falls."""
    _ask(life, event)
    return life if event.kind == "extended" else replace(life, draft=None, cleared=())


def _refined(life: Life, event: Event) -> Life:
    _ask(life, event)
    return replace(life, refined=True)


def _estimated(life: Life, event: Event) -> Life:
    _ask(life, event)
    return replace(life, estimate=event.data, draft=None, cleared=())


def _claimed(life: Life, event: Event) -> Life:
    _ask(life, event)
    given = event.data
    made = Refusal(
        section=str(given["section"]), because=str(given["because"]),
        public_interest=str(given.get("public_interest", "")),
    )  # fmt: skip
    if made.section in COST and not (life.estimate and life.estimate.get("too_much")):
        raise OutOfTurn(
            f"Section {made.section} is for a cost above the limit: estimate it first, and only if it is above."
        )
    _complete(Holding.HELD if made.section != "12(2)" else Holding.NEITHER, [made], event.on)
    return replace(life, claims={**life.claims, made.section: made}, draft=None, cleared=())


def _dropped(life: Life, event: Event) -> Life:
    _ask(life, event)
    section = str(event.data["section"])
    if section not in life.claims:
        raise OutOfTurn(f"Section {section} was not claimed.")
    kept = {name: one for name, one in life.claims.items() if name != section}
    return replace(life, claims=kept, draft=None, cleared=())


def _drafted(life: Life, event: Event) -> Life:
    _ask(life, event)
    held = Holding(event.data["holding"])
    _complete(held, list(life.claims.values()), event.on)
    if any(one in COST for one in life.claims) and not (life.estimate or {}).get("too_much"):
        raise OutOfTurn("The last estimate is within the limit: take section 12 back.")
    return replace(life, draft=event, cleared=())


def _complete(holding: Holding, claims: Sequence[Refusal], on: dt.date) -> None:
    """Refuse a reason that section 17 would find wanting."""
    try:
        found = faults(holding, claims, on)
    except NoLaw as error:
        raise OutOfTurn(str(error)) from None
    if found:
        raise OutOfTurn(" ".join(found))


def _cleared(life: Life, event: Event) -> Life:
    _ask(life, event)
    if event.by in life.cleared:
        raise OutOfTurn("You have cleared this draft. Somebody else must clear it as well.")
    return replace(life, cleared=(*life.cleared, event.by))


def _sent(life: Life, event: Event) -> Life:
    _ask(life, event)
    held = life.holding
    assert held is not None
    _complete(held, list(life.claims.values()), event.on)
    return replace(life, sent=event)


def _review_decided(life: Life, event: Event) -> Life:
    _ask(life, event)
    if event.data.get("outcome") not in OUTCOMES:
        raise OutOfTurn(f"A review ends in one of: {', '.join(OUTCOMES)}.")
    if event.by in deciders(life):
        raise OutOfTurn("You had a part in the first decision: somebody else decides the review.")
    return replace(life, review_decided=event)


def deciders(life: Life) -> frozenset[int]:
    """Whoever had a part in what was sent: drafted, cleared, sent it, or recorded a reason to refuse."""
    part = {one.by for one in life.events if one.kind in ("claimed", "drafted", "cleared", "sent")}
    return frozenset(part)


def _kept(name: str) -> Callable[[Life, Event], Life]:
    """A step that only keeps its event under *name*."""

    def step(life: Life, event: Event) -> Life:
        _ask(life, event)
        return replace(life, **cast(Any, {name: event}))

    return step


_STEPS: Final[Mapping[str, Callable[[Life, Event], Life]]] = {
    "asked": _moves, "clarified": _moves, "fees notice": _moves, "paid": _moves, "estimated": _estimated,
    "claimed": _claimed, "dropped": _dropped, "extended": _moves, "refined": _refined, "drafted": _drafted,
    "cleared": _cleared, "sent": _sent, "published": _kept("published"), "review asked": _kept("review"),
    "review decided": _review_decided, "complained": _kept("complained"),
    "commissioner decided": _kept("commissioner"),
}  # fmt: skip


def _clock(events: Sequence[Event]) -> clock.Clock:
    kept = [
        clock.Event(
            cast(clock.Kind, one.kind), one.on, days=int(one.data.get("days", 0)),
            exemption=str(one.data.get("exemption", "")),
        )
        for one in events
        if one.kind == "received" or one.kind in CLOCK
    ]  # fmt: skip
    try:
        return clock.read(kept)
    except (clock.WrongOrder, clock.OutsideCalendar) as error:
        raise OutOfTurn(str(error)) from None


def _state(life: Life) -> str:
    if life.complained is not None and life.commissioner is None:
        return "before the Information Commissioner"
    if life.review is not None and life.review_decided is None:
        return "under internal review"
    if life.sent is not None:
        return "answered and published" if life.published is not None else "answered"
    if life.refined:
        return "replaced by a refined request"
    if life.clock.state != "running":
        return life.clock.state
    return _readiness(life)


def _readiness(life: Life) -> str:
    if life.draft is None:
        return "to be answered"
    return ("to be cleared", "to be cleared by a second person", "to be sent")[len(life.cleared)]


def next_in_words(life: Life) -> str:
    """What is to be done next, as a sentence."""
    return _NEXT.get(life.state, "Nothing more is due.")


_NEXT: Final = {
    "to be answered": "Find what was asked for, and draft the answer.",
    "to be cleared": "Two people clear the draft.",
    "to be cleared by a second person": "A second person clears the draft.",
    "to be sent": "Send the answer.",
    "waiting for the requester": "The requester makes clear what is wanted.",
    "waiting for the fee": "The requester pays the fee.",
    "answered": "Put the answer in the disclosure log.",
    "under internal review": "Somebody who had no part in the answer decides the review.",
    "before the Information Commissioner": "Wait for what the Commissioner decides.",
}
