"""A restorative process as data, and the rules that follow from it: what is missing, and what it may be called.

Nothing but Python. A kind of process is a file of `processes/`, read by `reading`; a force adds one
without code. The four minimum standards: ACPO 2011/2012, as summed up by the Restorative Justice Council
(src 8, 9).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

SIDES: Final = ("responsible", "victim", "affected", "support")
"""What somebody is to the harm. The middle two are those to whom it was done."""
HARMED: Final = ("victim", "affected")
STAGES: Final = (1, 2)
"""The two stages of a written risk assessment: before anything is planned, and again before the day."""
HOW: Final = ("at_once", "planned", "indirect")
STEPS: Final = (
    "people", "facilitators", "prepare", "risk_1", "risk_2", "meet", "attend", "agree", "feedback",
    "follow_up",
)  # fmt: skip
"""Every step a process can have."""
BEFORE_MEETING: Final = ("people", "facilitators", "prepare", "risk_1", "risk_2")
"""Steps that no process may leave out, or put after the meeting: they are what keeps people safe."""
ESTABLISHES: Final = ("what_happened", "impact", "putting_right")
STANDARDS: Final = ("responsibility", "involvement", "structure", "putting_right")
"""The four minimum standards, in the order in which they are published."""
ADULT: Final = 18
"""Source: Children Act 1989 s105, a child is somebody under 18."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a part of a process comes from, and how far to trust it: read, reported or illustrative."""

    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Role:
    """Who takes part as what: at least and at most how many, and which part they have in the case.

    Without `parts` it may be somebody who is not in the case at all. `for_child` asks for one of them
    wherever somebody under 18 takes part.
    """

    id: str
    title: str
    side: str
    parts: tuple[str, ...]
    least: int
    most: int | None
    for_child: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class Facilitators:
    """Who leads: how many, in which role of the permission table, trained, and not the officer in the case."""

    least: int
    roles: tuple[str, ...]
    trained: bool
    independent: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class MeetingRule:
    """Whether they meet at once, on a day that is set, or never; and days within which it is best held."""

    how: str
    hold_within_days: int | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions put to each participant apart from the others, and how or when."""

    title: str
    ask: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A part of the meeting, and what it establishes for the third standard, if anything."""

    id: str
    title: str
    establishes: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class FeedbackRule:
    """Three statements, each answered from 1 (no) to 5 (yes), and the sides that are asked."""

    sides: tuple[str, ...]
    questions: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class FollowUpRule:
    """Something to do a number of days after the meeting."""

    days: int
    title: str
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of process in one version: everything that a force decides about it, as data.

    `counts_as` is what a policy is told: a value of the fact `resolution.restorative_process`.
    """

    id: str
    version: int
    title: str
    counts_as: str
    steps: tuple[str, ...]
    meeting: MeetingRule
    facilitators: Facilitators
    roles: Mapping[str, Role]
    preparation: Asked
    risk: Mapping[int, Asked]
    agenda: Mapping[str, AgendaItem]
    feedback: FeedbackRule | None
    follow_up: tuple[FollowUpRule, ...]
    origin: Origin

    def due(self, held: dt.date) -> list[dt.date]:
        """The day of each follow-up, for a meeting held on the day *held*."""
        return [held + dt.timedelta(days=one.days) for one in self.follow_up]


@dataclass(frozen=True, slots=True)
class Party:
    """What is recorded of one participant: the last word on each thing, None where nobody signed it.

    `child` is None where it is not known. `joined` and `unfit` are places in the order of what was done
    in the case: when they came in, and when a risk stage was last signed as not fit (0 for never).
    """

    number: int
    role: str
    name: str
    child: bool | None = None
    willing: bool | None = None
    risk: Mapping[int, bool | None] = field(default_factory=dict)
    joined: int = 0
    unfit: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """Something without which there can be no meeting: a stable code, the step, and a plain sentence."""

    code: str
    step: str
    sentence: str
    party: int | None = None


def missing(kind: Kind, parties: Iterable[Party], facilitators: int) -> list[Missing]:
    """Everything still to be done before a meeting can be set, in the order of the steps of *kind*.

    Empty where each party's preparation and both risk stages are signed, they are willing and it is fit.
    """
    here = list(parties)
    found = [*_people(kind, here), *_facilitators(kind, facilitators)]
    for party in here:
        found += _prepared(party)
        found += _fit(kind, party)
    return sorted(found, key=lambda one: kind.steps.index(one.step))


def _people(kind: Kind, parties: list[Party]) -> Iterator[Missing]:
    for role in kind.roles.values():
        there = sum(party.role == role.id for party in parties)
        if there < role.least:
            told = f"{role.title}: {role.least} must take part, and there are {there}."
            yield Missing("RJ-PEOPLE", "people", told)
    adults = [role for role in kind.roles.values() if role.for_child]
    if adults and not any(kind.roles[party.role].for_child for party in parties):
        for party in parties:
            if party.child:
                told = f"{party.name} is under 18. Add: {adults[0].title.lower()}."
                yield Missing("RJ-ADULT", "people", told, party.number)


def _facilitators(kind: Kind, there: int) -> Iterator[Missing]:
    if there < kind.facilitators.least:
        told = f"{kind.facilitators.least} must lead this, and {there} are named."
        yield Missing("RJ-LEADERS", "facilitators", f"Name who leads it: {told}")


def _prepared(party: Party) -> Iterator[Missing]:
    if party.willing is None:
        told = f"{party.name} has not been prepared, apart from the others."
        yield Missing("RJ-PREPARE", "prepare", told, party.number)
    elif not party.willing:
        told = f"{party.name} said that they do not want to take part."
        yield Missing("RJ-UNWILLING", "prepare", told, party.number)


def _fit(kind: Kind, party: Party) -> Iterator[Missing]:
    for stage in STAGES:
        fit, step = party.risk.get(stage), f"risk_{stage}"
        if fit is None:
            told = f"The risk to and from {party.name} is not assessed: {kind.risk[stage].title.lower()}."
            yield Missing("RJ-RISK", step, told, party.number)
        elif not fit:
            told = f"The risk to or from {party.name} cannot be managed, as last signed. Stop, or assess it anew."
            yield Missing("RJ-UNFIT", step, told, party.number)


def stands(set_at: int, parties: Iterable[Party]) -> bool:
    """Whether a meeting set at the place *set_at* in the order of things done still stands.

    It falls when somebody comes in after it, or a risk is signed as not fit: then it must be set anew.
    """
    return all(set_at > max(party.joined, party.unfit) for party in parties)


def absent(kind: Kind, came: Mapping[str, int]) -> list[Role]:
    """The roles of which too few came for the meeting to be held; *came* counts by role."""
    return [role for role in kind.roles.values() if came.get(role.id, 0) < role.least]


def standards(
    kind: Kind, *, admits: bool | None, harmed_came: Iterable[bool | None],
    covered: Collection[str] | None, puts_right: bool | None,
) -> dict[str, bool | None]:  # fmt: skip
    """Which of the four minimum standards hold: None where what is recorded does not say.

    *admits* is whether the person responsible takes responsibility; *harmed_came* says of each who was
    harmed whether they took part; *covered* is the agenda as it was gone through, None until it was.
    """
    structure = None if covered is None else _established(kind, covered)
    found = (admits, any_of(harmed_came), structure, puts_right)
    return dict(zip(STANDARDS, found, strict=True))


def _established(kind: Kind, covered: Collection[str]) -> bool:
    gone_through = {kind.agenda[one].establishes for one in covered if one in kind.agenda}
    return {"what_happened", "impact"} <= gone_through


def any_of(known: Iterable[bool | None]) -> bool | None:
    """Whether one of *known* is true: not known where none is and one is not known, or there are none."""
    values = list(known)
    if True in values:
        return True
    return None if None in values or not values else False


def all_of(known: Iterable[bool | None]) -> bool | None:
    """Whether all of *known* are true: a false one decides, and one that is not known leaves it open."""
    values = list(known)
    if False in values:
        return False
    return None if None in values else True
