"""Lawful erasure: the payload and nonce of an entry go, the entry and every proof stay.

Source: Data Protection Act 2018 s47; College of Policing APP, retention, review and disposal. The
erasure is an entry too, and holds nothing of what was erased.
"""

import datetime as dt
import re
from typing import Final

from django.db import transaction

from amends.ledger.book import RESERVED, Event, enter_own
from amends.ledger.leaves import LeafError
from amends.ledger.models import Entry, Payload

KIND: Final = "ledger.erased"
REASON: Final = re.compile(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*")


def erase(entry: Entry, *, by: str, reason: str, at: dt.datetime | None = None) -> Entry:
    """Erase what *entry* holds, and give the entry that records it.

    *reason* is a code such as `retention-review`, never a text of its own, so that nothing of what
    is erased can be written into the record of its erasure. Raises `LeafError` if there is nothing
    to erase, or nothing that may be.
    """
    if not REASON.fullmatch(reason):
        raise LeafError(f"reason: a code is wanted, for example retention-review, not {reason!r}.")
    if entry.kind.startswith(RESERVED):
        raise LeafError(f"The entry is the ledger's own ({entry.kind}), and is kept.")
    with transaction.atomic():
        gone, _ = Payload.objects.filter(entry=entry).delete()
        if not gone:
            raise LeafError(f"What the entry {entry.pk} held was erased before.")
        return enter_own(
            Event(
                force=entry.force, case=entry.case or None, kind=KIND, by=by,
                at=at or dt.datetime.now(tz=dt.UTC),
                payload={"commitment": bytes(entry.commitment).hex(), "reason": reason},
            )
        )  # fmt: skip
