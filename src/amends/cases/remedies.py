"""The community remedy document of an area as dated data: a victim chooses from the list of the day.

Source: Anti-social Behaviour, Crime and Policing Act 2014 ss101-102: rehabilitation, reparation or
punishing, and a victim's choice is invited unless it seems inappropriate.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from amends.accounts.acting import opening
from amends.accounts.models import Force, User
from amends.accounts.permissions import check
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing
from amends.cases import texts
from amends.cases.models import RemedyAction, RemedyDocument
from amends.cases.models.resolving import OBJECTS
from amends.ledger import book

NAME: Final = "cases.set_remedies"


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
