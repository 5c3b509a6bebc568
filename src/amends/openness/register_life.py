"""What may happen to a request for information, in which order, and where it stands: derived from its events alone."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from amends.openness import clock
from amends.openness.exemptions import NoLaw
from amends.openness.refusing import Holding, Refusal, faults
from amends.openness.register_events import Event, Life, OutOfTurn
from amends.openness.register_words import CLEARERS, CLOCK, COST, NEXT, OUTCOMES, RULINGS, TAKE_BACK


def follow(events: Sequence[Event]) -> Life:
    """Where a request stands after *events*, in their order; raises OutOfTurn where one could not happen."""
    if not events or events[0].kind != "received":
        raise OutOfTurn("A request begins with the day on which it was received.")
    life = Life(
        state="to be answered", clock=_clock(events[:1]), events=(events[0],), claims={},
        subject=str(events[0].data.get("subject", "")),
    )  # fmt: skip
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
        raise OutOfTurn(_GO_ON)
    made = step(life, event)
    events = (*life.events, event)
    moved = _clock(events) if event.kind in CLOCK else life.clock
    made = replace(made, events=events, clock=moved)
    return replace(made, state=_state(made))


_GO_ON: Final = "A refined request took the place of this one: go on with that."


def possible(life: Life) -> tuple[str, ...]:
    """The kinds of event that may come next, whatever they hold."""
    return tuple(kind for kind in _STEPS if not _barred(life, kind))


def _barred(life: Life, kind: str) -> str:
    """Why an event of *kind* cannot come next; empty where it may."""
    if kind == "titled":
        return _GO_ON if life.refined and life.sent is None else ""
    if kind in ("review asked", "published", "complained", "appealed"):
        return _barred_after_sending(life, kind)
    if kind in _OPEN:
        open_, told = _OPEN[kind]
        return "" if open_(life) else told
    if kind == "refined" and not life.anew:
        return "A refined request took the place of this one already." if life.refined else ""
    if life.over:
        return "This request is over: it was answered, or another took its place."
    return _barred_before(life, kind)


_OPEN: Final[Mapping[str, tuple[Callable[[Life], bool], str]]] = {
    "review decided": (
        lambda life: life.review is not None and life.review_decided is None,
        "No internal review is open.",
    ),
    "commissioner decided": (
        lambda life: life.complained is not None and life.commissioner is None,
        "Nothing is before the Information Commissioner.",
    ),
    "tribunal decided": (
        lambda life: life.appealed is not None and life.tribunal is None,
        "Nothing is before the Tribunal.",
    ),
    "withdrawal asked": (
        lambda life: life.logged > len(life.withdrawn),
        "No answer to it is in the disclosure log.",
    ),
    "withdrawal dropped": (
        lambda life: life.withdrawal is not None,
        "Nobody has asked to take an answer back.",
    ),
    "withdrawn": (
        lambda life: life.withdrawal is not None,
        "Nobody has asked to take an answer back.",
    ),
}
"""What ends or follows something that must be open, and what is said where it is not."""


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


def _titled(life: Life, event: Event) -> Life:
    _ask(life, event)
    return replace(life, subject=str(event.data["subject"]))


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


def _withdrawal_asked(life: Life, event: Event) -> Life:
    """Somebody wants an answer taken back; asked anew, this takes the place of what was asked before."""
    _ask(life, event)
    number = int(event.data["number"])
    if not 1 <= number <= life.logged or number in life.withdrawn:
        raise OutOfTurn(f"Answer {number} is not in the disclosure log.")
    return replace(life, withdrawal=event)


def _withdrawal_dropped(life: Life, event: Event) -> Life:
    """Whoever wanted an answer taken back wants it no more: nobody else gives it up for them."""
    _ask(life, event)
    assert life.withdrawal is not None
    if event.by != life.withdrawal.by:
        raise OutOfTurn("Somebody else asked for it, and only they can give it up.")
    return replace(life, withdrawal=None)


def _withdrawn(life: Life, event: Event) -> Life:
    """An answer is taken back from the log, by somebody else than who wanted it."""
    _ask(life, event)
    assert life.withdrawal is not None
    if event.by == life.withdrawal.by:
        raise OutOfTurn("You asked for it. Somebody else must take the answer back.")
    number = int(life.withdrawal.data["number"])
    return replace(life, withdrawal=None, withdrawn=(*life.withdrawn, number))


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
    "tribunal decided": _ruled("tribunal"), "titled": _titled, "acknowledged": _kept("acknowledged"),
    "withdrawal asked": _withdrawal_asked, "withdrawal dropped": _withdrawal_dropped,
    "withdrawn": _withdrawn,
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
        return _in_the_log(life)
    if life.refined:
        return "replaced by a refined request"
    if life.clock.state != "running":
        return life.clock.state
    return _readiness(life)


def _in_the_log(life: Life) -> str:
    """What is to be said of an answer that was sent."""
    if life.withdrawal is not None:
        return TAKE_BACK
    if life.published is None:
        return "answered"
    return "answered and taken back" if life.logged in life.withdrawn else "answered and published"


def _readiness(life: Life) -> str:
    if life.draft is None:
        return "to be answered"
    return ("to be cleared", "to be cleared by a second person", "to be sent")[len(life.cleared)]


def next_in_words(life: Life) -> str:
    """What is to be done next, in a sentence or two: an answer that somebody wants taken back comes first."""
    told = NEXT.get(life.state, "Nothing more is due.")
    if life.withdrawal is None or life.state == TAKE_BACK:
        return told
    return f"{NEXT[TAKE_BACK]} {told}"
