"""What a case answers to whoever doubts it: its receipt, and who looked at it, when and why."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings

from amends.accounts.acting import opening
from amends.accounts.models import User
from amends.accounts.permissions import check
from amends.accounts.queries import names
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing
from amends.cases.models import Case
from amends.cases.queries import looked
from amends.cases.seeing import find
from amends.ledger import looking, receiving
from amends.ledger.leaves import LeafError
from amends.ledger.models import Entry
from amends.ledger.notes import NoteError
from amends.ledger.receiving import Asked
from amends.ledger.tiles import PublishedError

RECEIPT: Final = "ledger.receipt"
LOOKS: Final = "ledger.looks"
BROKEN: Final = (
    "The published ledger cannot be read, so no receipt can be made of it. Tell whoever runs Amends for your "
    "force: amends ledger verify says what is wrong."
)
log = structlog.get_logger("amends.cases")
PAGE: Final = 25
"""Looks on one page."""
PLACES: Final[Mapping[str, str]] = {
    "case": "the case", "timeline": "everything that was done", "receipt": "its receipt",
    "looks": "who looked at it",
}  # fmt: skip
"""What of a case can be looked at, as the record of looks begins, and in words."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One look: by whom, at what of the case, when and why; *number* leads to the next page."""

    who: str
    what: str
    at: dt.datetime
    why: str
    number: int


def receipt(by: User, number: int) -> tuple[Case, Asked]:
    """How far the receipt of the case is, for somebody who may ask for one; that they looked is kept."""
    case = _allowed(by, number, RECEIPT)
    looked(by, f"receipt {case.reference}", "to have one")
    try:
        return case, receiving.asked_for(_folder(), force=case.force_id, case=case.reference)
    except (NoteError, PublishedError) as error:
        log.error("published_ledger_broken", error=str(error))
        raise Refused("RCPT-BROKEN", BROKEN) from None


def ask_receipt(by: User, number: int, *, key: str) -> Case:
    """Ask for a receipt of the case: an event of its own, which the next published head will cover."""
    case = _allowed(by, number, RECEIPT)

    def body() -> Entry:
        try:
            return receiving.ask(force=case.force_id, case=case.reference, by=by.pseudonym)
        except LeafError:
            raise Refused("RCPT-NONE", "The ledger holds nothing of this case.") from None

    opening(by, RECEIPT, key, {"case": case.pk}, body)
    return case


def looks(by: User, number: int, *, after: int | None = None) -> tuple[Case, list[Looked]]:
    """Who looked at the case, the newest first, a page from *after* a number; this look is kept too.

    Looks of the last minutes are not in it: they are gathered when the ledger is next sequenced.
    """
    case = _allowed(by, number, LOOKS)
    looked(by, f"looks {case.reference}", "who looked at it")
    what = [f"{place} {case.reference}" for place in PLACES]
    rows = looking.newest(case.force_id, what, after=after, most=PAGE)
    known = names(case.force_id, (row.by for row in rows))
    return case, [
        Looked(
            known.get(row.by, row.by), PLACES[row.what.partition(" ")[0]], row.time, row.why, row.pk
        )
        for row in rows
    ]


def _allowed(by: User, number: int, name: str) -> Case:
    case, relations = find(by, number)
    check(standing(by).roles, name, relations)
    return case


def _folder() -> Path:
    return Path(settings.AMENDS_FOLDER) / "ledger"
