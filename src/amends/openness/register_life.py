"""What may happen to a request for information, in which order, and where it stands: derived from its events alone."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from amends.openness import clock
from amends.openness.exemptions import NoLaw
from amends.openness.refusing import Holding, Refusal, faults
from amends.openness.register_words import (
    ACKNOWLEDGE,
    CLEARERS,
    CLOCK,
    COST,
    DRAFT,
    NEXT,
    OUTCOMES,
    RULINGS,
)


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

    `claims` are the reasons to refuse by section; `question` is the saved question chosen for it; `draft` is
    what was drafted last, and no longer where something it rests on has changed since; `cleared` are those
    who cleared that draft.
    """

    state: str
    clock: clock.Clock
    events: tuple[Event, ...]
    claims: Mapping[str, Refusal]
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
    if kind in ("review asked", "published", "complained", "appealed"):
        return _barred_after_sending(life, kind)
    if kind == "review decided":
        open_ = life.review is not None and life.review_decided is None
        return "" if open_ else "No internal review is open."
    if kind == "commissioner decided":
        open_ = life.complained is not None and life.commissioner is None
        return "" if open_ else "Nothing is before the Information Commissioner."
    if kind == "tribunal decided":
        open_ = life.appealed is not None and life.tribunal is None
        return "" if open_ else "Nothing is before the Tribunal."
    if kind == "refined" and not life.anew:
        return "A refined request took the place of this one already." if life.refined else ""
    if life.over:
        return "This request is over: it was answered, or another took its place."
    return _barred_before(life, kind)


def _barred_after_sending(life: Life, kind: str) -> str:
    if life.sent is None and (kind == "published" or not life.earlier):
        return "Send the answer first."
    if kind == "appealed" and life.commissioner is None:
        return "The Information Commissioner decides first."
    done = {
        "review asked": life.review, "published": life.published, "complained": life.complained,
        "appealed": life.appealed,
    }  # fmt: skip
    return "That has happened already." if done[kind] is not None else ""


def _barred_before(life: Life, kind: str) -> str:
    if life.anew and kind in (*CLOCK, "refined", "acknowledged"):
        return "A new answer is to be given: its day is set, and nothing moves it."
    waits = {"clarified": "waiting for the requester", "paid": "waiting for the fee"}
    if kind in waits:
        return "" if life.clock.state == waits[kind] else f"It is not {waits[kind]}."
    if kind in ("scoped", "estimated", "claimed"):
        return ""
    if kind in ("dropped", "acknowledged"):
        return _barred_once(life, kind)
    if life.clock.state != "running":
        return f"It is {life.clock.state}: nothing is answered until then."
    return _barred_draft(life, kind)


def _barred_once(life: Life, kind: str) -> str:
    if kind == "dropped":
        return "" if life.claims else "No reason to refuse is recorded."
    return "" if life.acknowledged is None else "That has happened already."


def _barred_draft(life: Life, kind: str) -> str:
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


def _scoped(life: Life, event: Event) -> Life:
    _ask(life, event)
    return replace(life, question=str(event.data["question"]))


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
    made = replace(life, review_decided=event)
    assert life.review is not None
    if event.data["outcome"] == "not upheld":
        return made
    return _opened_anew(made, clock.anew_due(life.review.on, event.on))


def _opened_anew(life: Life, by: dt.date) -> Life:
    """The request opened for a new answer *by* a day; what was sent stays among `earlier`."""
    if life.refined:  # the refined request is what is answered now
        return life
    if life.sent is None:
        return replace(life, anew=by)
    made = replace(life, anew=by, earlier=(*life.earlier, life))
    return replace(made, draft=None, cleared=(), sent=None, published=None)


def _ruled(name: str) -> Callable[[Life, Event], Life]:
    """A step in which the Commissioner or the Tribunal decides; where they say by when, it is answered anew."""

    def step(life: Life, event: Event) -> Life:
        _ask(life, event)
        if event.data.get("outcome") not in RULINGS:
            raise OutOfTurn(f"It ends in one of: {', '.join(RULINGS)}.")
        made = replace(life, **cast(Any, {name: event}))
        by = str(event.data.get("answer_by", ""))
        if not by:
            return made
        if dt.date.fromisoformat(by) < event.on:
            raise OutOfTurn("A new answer cannot be due before the day of the decision.")
        return _opened_anew(made, dt.date.fromisoformat(by))

    return step


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
    "asked": _moves, "clarified": _moves, "fees notice": _moves, "paid": _moves, "scoped": _scoped,
    "estimated": _estimated,
    "claimed": _claimed, "dropped": _dropped, "extended": _moves, "refined": _refined, "drafted": _drafted,
    "cleared": _cleared, "sent": _sent, "published": _kept("published"), "review asked": _kept("review"),
    "review decided": _review_decided, "complained": _kept("complained"),
    "commissioner decided": _ruled("commissioner"), "appealed": _kept("appealed"),
    "tribunal decided": _ruled("tribunal"), "acknowledged": _kept("acknowledged"),
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
    if life.anew and not life.over:
        return _readiness(life)
    if life.appealed is not None and life.tribunal is None:
        return "before the Tribunal"
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
    return NEXT.get(life.state, "Nothing more is due.")
