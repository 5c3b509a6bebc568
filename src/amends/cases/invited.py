"""What somebody sees who opened a link of their own: the case in plain words, and what they may say."""

from dataclasses import dataclass
from typing import Any

from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases import remedies
from amends.cases.actions.agreeing import is_settled
from amends.cases.actions.inviting import NOT_OPEN
from amends.cases.facts import facts_of
from amends.cases.hearing import agreement_of, stays_withdrawn, view_of
from amends.cases.lifecycle import lifecycle
from amends.cases.models import (
    AgreedAction,
    Agreement,
    Feedback,
    Invitation,
    Person,
    ReviewAsked,
)
from amends.policy import offences

PLAIN = {
    "raised": "The police are finding out what happened, and what everybody says. Nothing is decided yet.",
    "asked": "A senior officer has been asked whether it can be settled in this way.",
    "authorised": "A senior officer has said that it can be settled in this way. What will be done is not agreed yet.",
    "agreed": "It has been agreed what will be done to put it right.",
    "breached": "Something that was agreed was not done. The police are deciding what to do.",
    "done": "Everything that was agreed was done.",
    "stopped": "This has stopped. The police will say what happens next.",
    "closed": "This is closed.",
    "incident": "This was found to be no crime, and is closed.",
    "erased": "Nothing is kept of this any more.",
}
"""Each state of a case, as a victim or person responsible is told of it."""


@dataclass(frozen=True)
class Told:
    """What is shown to one person, and nobody else's name, words or needs."""

    case: Any
    person: Any
    user: Any
    victim: bool
    offence: str
    state: str
    items: tuple[tuple[Any, bool], ...]
    said: Any
    withdrawn: bool
    listed: tuple[str, ...]
    may: frozenset[str]
    fed_back: bool
    reviews: tuple[Any, ...]
    speakers: tuple[Any, ...]

    @property
    def unheard(self) -> bool:
        """Whether it is a business or public body for whom nobody is recorded as speaking."""
        return self.victim and self.person.kind != "person" and not self.speakers


def told(number: int) -> Told:
    """What the holder of the opened link *number* is told. Raises Refused where there is none."""
    found = (
        Invitation.objects.select_related("case__force", "person", "user").filter(pk=number).first()
    )
    if found is None:
        raise Refused("LINK-OLD", NOT_OPEN)
    case, person = found.case, found.person
    victim = person.part == "victim"
    return Told(
        case=case,
        person=person,
        user=found.user,
        victim=victim,
        offence=_offence(case),
        state=PLAIN[case.state],
        items=_items(case),
        said=view_of(person) if victim else agreement_of(person),
        withdrawn=stays_withdrawn(person),
        listed=tuple(remedies.listed(case.force, today()) or ()) if victim else (),
        may=frozenset(lifecycle().possible(case.state)),
        fed_back=Feedback.objects.filter(person=person).exists(),
        reviews=tuple(
            ReviewAsked.objects.filter(person=person).select_related("answer").order_by("pk")
        ),
        speakers=tuple(Person.objects.filter(speaks_for=person, case=case).order_by("pk")),
    )


def _offence(case: Any) -> str:
    code = facts_of(case, today()).get("offence.code")
    row = offences.published().find(code, today()) if code else None
    return str(row.name) if row else "what happened"


def _items(case: Any) -> tuple[tuple[Any, bool], ...]:
    last = Agreement.objects.filter(case=case).order_by("pk").last()
    if last is None:
        return ()
    rows = AgreedAction.objects.filter(agreement=last).order_by("pk")
    return tuple((row, is_settled(row)) for row in rows)
