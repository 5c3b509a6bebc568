"""Settled at the scene: the same actions as everywhere, one after another, all of them or none.

An immediate restorative disposal is told once, on one page; each thing told is still an action of its
own, allowed or refused by itself, with its own entry in the ledger.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from amends.accounts.acting import retried
from amends.accounts.models import User
from amends.accounts.standing import today
from amends.cases.actions import agreeing, authorising, ending, listening, raising
from amends.cases.models import Case

NONE_APPLIES: Final = (
    "flags.domestic_abuse", "flags.hate", "flags.knife", "flags.sexual", "flags.child",
    "offence.serious", "offence.serious_sexual", "offence.likely_crown_court", "offender.vulnerable",
    "evidence.caution_more_appropriate",
)  # fmt: skip
"""Facts of which an officer says together that none applies."""
CLEAR: Final[Mapping[str, Any]] = {
    "offender.relevant_history": False, "earlier.community_resolutions": 0, "earlier_disposals": [],
}  # fmt: skip
"""What a check of earlier disposals that found nothing means."""


@dataclass(frozen=True)
class Victim:
    """The victim as met at the scene: a business is spoken for by *speaker*."""

    kind: str
    name: str
    born: dt.date | None
    speaker: str
    position: str
    words: str
    remedy: str | None


@dataclass(frozen=True)
class Scene:
    """What an officer tells of what happened, and what was said, at the scene."""

    reference: str
    facts: Mapping[str, Any]
    name: str
    born: dt.date | None
    form: str
    words: str
    where: str
    at: dt.datetime
    cautioned: bool | None
    agrees: bool
    victim: Victim | None
    history: str
    reasons: str


class _Turn:
    """Does one action after another to one case, each with a key and a version of its own."""

    def __init__(self, by: User, case: Case, key: str, expected: int) -> None:
        self.by, self.case, self.key, self.expected, self.number = by, case, key, expected, 0

    def do(self, what: Callable[..., Any], **given: Any) -> Any:
        """Do *what*, as the next in turn."""
        self.number += 1
        made = what(
            self.by, self.case, key=f"{self.key}:{self.number}", expected=self.expected, **given
        )
        self.expected += 1
        return made


def tell(by: User, scene: Scene, *, key: str) -> Case:
    """Raise a case and record everything told of it; refused whole where any part is. Raises Refused."""

    def once() -> Case:
        case = raising.raise_case(by, key=f"{key}:0", reference=scene.reference)
        turn = _Turn(by, case, key, 1)
        turn.do(raising.record_circumstances, facts=scene.facts)
        turn.do(raising.add_person, part="suspect", kind="person", name=scene.name, born=scene.born)
        turn.do(
            listening.record_admission, form=scene.form, words=scene.words, where=scene.where,
            said_at=scene.at, cautioned=scene.cautioned,
        )  # fmt: skip
        turn.do(listening.record_offender, agrees=scene.agrees, words=scene.words)
        if scene.victim is not None:
            _victim(turn, scene.victim, scene.at)
        for kind, words in (("history_check", scene.history), ("full_rationale", scene.reasons)):
            if words:
                turn.do(authorising.record, kind=kind, words=words)
        return case

    return retried(once, alone=f"street:{by.pk}:{key}")


def _victim(turn: _Turn, victim: Victim, at: dt.datetime) -> None:
    row = turn.do(
        raising.add_person, part="victim", kind=victim.kind, name=victim.name, born=victim.born
    )
    speaker = None
    if victim.speaker:
        speaker = turn.do(
            raising.add_person,
            part="speaks_for",
            kind="person",
            name=victim.speaker,
            speaks_for=row,
        )
    turn.do(listening.record_contact, victim=row, method="in_person", result="reached", tried_at=at)
    turn.do(
        listening.record_view, victim=row, position=victim.position, words=victim.words,
        wording="plain-1", channel="in_person", language="English", informed=True,
        remedy=victim.remedy, said_by=speaker,
    )  # fmt: skip


def settle(
    by: User, case: Case, *, key: str, expected: int, reasons: str, what: str,
    knows_it_is_recorded: bool, knows_it_may_be_disclosed: bool,
) -> Case:  # fmt: skip
    """Allow a case that an officer may allow, explain, agree on *what* is done at once, and close it as Outcome 8.

    Refused whole where any of these is.
    """

    def once() -> Case:
        turn = _Turn(by, case, key, expected)
        turn.do(authorising.authorise, reasons=reasons, no_conflict=True)
        turn.do(
            agreeing.explain, wording="plain-1", knows_it_is_recorded=knows_it_is_recorded,
            knows_it_may_be_disclosed=knows_it_may_be_disclosed, language="English",
        )  # fmt: skip
        action = {"what": what, "object": "repair", "due": today(), "proof": "Seen by the officer"}
        turn.do(agreeing.agree, actions=[action])
        (made,) = agreeing.current_actions(case)
        turn.do(agreeing.record_action, action=made, kind="done", proof="Seen by the officer")
        turn.do(ending.complete, words="Done at the scene, seen by the officer.")
        turn.do(ending.close, outcome="8", reasons=reasons)
        case.refresh_from_db()
        return case

    return retried(once, alone=f"{case._meta.label}:{case.pk}")
