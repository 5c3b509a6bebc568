"""The community remedy document of an area as dated data: a victim chooses from the list of the day.

Source: Anti-social Behaviour, Crime and Policing Act 2014 ss101-102: rehabilitation, reparation or
punishing, and a victim's choice is invited unless it seems inappropriate.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from amends.accounts.acting import opening
from amends.accounts.models import Force, User
from amends.accounts.permissions import check
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing, today
from amends.cases import texts
from amends.cases.models import RemedyAction, RemedyDocument
from amends.cases.models.resolving import OBJECTS
from amends.ledger import book

NAME: Final = "cases.set_remedies"
NOW, LATER, BEFORE = "in force", "later", "earlier"


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as a page shows it: from which day to which, and whether it is in force, later or earlier."""

    starts: dt.date
    until: dt.date | None
    source: str
    actions: tuple[RemedyAction, ...]
    when: str


def in_force(force: Force, on: dt.date) -> RemedyDocument | None:
    """The document of *force* on the day *on*; None where none is held."""
    rows = RemedyDocument.objects.filter(force=force, starts__lte=on)
    return rows.order_by("starts").last()


def listed(force: Force, on: dt.date) -> list[str] | None:
    """The actions that a victim could ask for on the day *on*; None where no document is held."""
    document = in_force(force, on)
    return (
        None
        if document is None
        else list(document.actions.order_by("pk").values_list("name", flat=True))
    )


def documents(by: User) -> list[Listed]:
    """Every document of the force of *by*, who may put one in force: the latest first."""
    check(standing(by).roles, NAME, {"same_force"} if by.force_id else {"other_force"})
    rows = RemedyDocument.objects.filter(force=by.force_id).prefetch_related("actions")
    found: list[Listed] = []
    until: dt.date | None = None
    for row in rows.order_by("-starts"):
        actions = tuple(sorted(row.actions.all(), key=lambda one: one.pk))
        found.append(Listed(row.starts, until, row.source, actions, _when(row.starts, until)))
        until = row.starts
    return found


def _when(starts: dt.date, until: dt.date | None) -> str:
    if starts > today():
        return LATER
    return NOW if until is None or until > today() else BEFORE


def set_remedies(
    by: User, *, key: str, starts: dt.date, actions: Sequence[tuple[str, str]], source: str
) -> RemedyDocument:
    """Put a document in force from the day *starts*: each action with its object. Earlier ones stay."""
    check(standing(by).roles, NAME, {"same_force"} if by.force else {"other_force"})
    force = by.force
    assert force is not None

    def body() -> RemedyDocument:
        try:
            return _made(by, force, starts, actions, source)
        except texts.BadValue as error:
            raise Refused(error.code, error.sentence) from None

    given = {"starts": starts, "actions": list(actions), "source": source}
    return opening(by, NAME, key, given, body)


def _made(
    by: User, force: Force, starts: dt.date, actions: Sequence[tuple[str, str]], source: str
) -> RemedyDocument:
    texts.text(source, "source", most=300)
    if not actions or len({name for name, _ in actions}) != len(actions):
        raise Refused("REM-NONE", "List at least one action, and each of them once.")
    if RemedyDocument.objects.filter(force=force, starts=starts).exists():
        raise Refused("REM-TWICE", "There is a document from that day already. Choose another day.")
    made = RemedyDocument.objects.create(force=force, by=by, starts=starts, source=source)
    for name, purpose in actions:
        if purpose not in OBJECTS:
            raise Refused("AGR-OBJECT", "Each must rehabilitate, repair or punish: choose one.")
        texts.text(name, "action", most=120)
        RemedyAction.objects.create(document=made, name=name, object=purpose)
    payload = {
        "starts": starts.isoformat(),
        "actions": [list(one) for one in actions],
        "source": source,
    }
    book.enter(force=force.pk, case=None, kind=NAME, by=by.pseudonym, payload=payload)
    return made
