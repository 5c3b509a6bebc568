"""The receipt of a case, made from the database: asking for it is itself an event of the case."""

import datetime as dt
from pathlib import Path

from django.db import transaction

from amends.ledger.book import Event, enter_own
from amends.ledger.leaves import LeafError
from amends.ledger.models import Entry
from amends.ledger.notes import Signer
from amends.ledger.receipts import CLOSING_KIND, Receipt, receipt
from amends.ledger.sequencing import published, sequence


def case_receipt(
    folder: Path, key: Signer, *, force: str, case: str, by: str, at: dt.datetime | None = None
) -> Receipt:
    """The receipt of *case*, up to the event of asking for it, which is entered and sequenced.

    Raises `LeafError` if the ledger holds nothing of the case.
    """
    now = at or dt.datetime.now(tz=dt.UTC)
    with transaction.atomic():
        before = Entry.objects.filter(force=force, case=case).count() if case else 0
        if not before:
            raise LeafError(f"case: the ledger holds nothing of the case {case!r} of {force!r}.")
        asked = enter_own(
            Event(
                force=force, case=case, kind=CLOSING_KIND, by=by, at=now,
                payload={"events": before},
            )
        )  # fmt: skip
    checkpoint = sequence(folder, key, at=now)
    asked.refresh_from_db()
    events = Entry.objects.filter(
        force=force, case=case, case_sequence__lte=asked.case_sequence
    ).order_by("case_sequence")
    shown = [(entry.index or 0, entry.as_leaf()) for entry in events]
    view = published(folder, checkpoint.epoch.number).view(checkpoint.size)
    return receipt(shown, view.node, checkpoint.size, checkpoint.note)
