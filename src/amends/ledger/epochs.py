"""Opening a new epoch of the log, after a head that was published has been lost with its database.

The only lawful way on from an older backup: the log goes on under a new origin, from the entries
that are still there, and its first new entry records what is missing. The old epoch's published
files stay as they are, so everybody can see what was lost.
"""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.db import transaction

from amends.ledger.book import Event, enter_own
from amends.ledger.leaves import moment
from amends.ledger.models import Checkpoint, Entry, Epoch
from amends.ledger.notes import Signer
from amends.ledger.sequencing import (
    Behind,
    alone,
    assigned,
    latest_published,
    origin,
    published,
    refusal,
    sequence,
)

KIND: Final = "ledger.epoch"


class NothingLost(Exception):
    """A new epoch was asked for, and the log has no need of one."""


def open_epoch(
    folder: Path, key: Signer, *, by: str, reason: str, at: dt.datetime | None = None
) -> Checkpoint:
    """Open a new epoch, enter the gap, and publish the epoch's first checkpoint.

    Raises `NothingLost` unless `sequence` refuses because the database is behind.
    """
    now = at or dt.datetime.now(tz=dt.UTC)
    with alone(folder):
        if not isinstance(refusal(folder, key), Behind):
            raise NothingLost("The database holds all that was published: sequence it as before.")
        with transaction.atomic():
            _record(folder, key, by, reason, now)
    return sequence(folder, key, at=now)


def _record(folder: Path, key: Signer, by: str, reason: str, now: dt.datetime) -> None:
    latest = latest_published(folder)
    log = published(folder, latest)
    head = log.checkpoint(key.verifier)
    kept = assigned()
    agree = _agreeing(log.trusted(head).leaves()) if head else 0
    Epoch.objects.create(
        number=latest + 1, origin=origin(key, latest + 1), at=moment(now), reason=reason,
        kept=min(kept, head.size if head else 0), lost=head.size if head else 0,
        last_note=log.note() or "",
    )  # fmt: skip
    gap = {
        "before": head.origin if head else "", "published": head.size if head else 0,
        "root": head.root.hex() if head else "", "kept": kept, "agree": agree, "reason": reason,
    }  # fmt: skip
    enter_own(Event(force=key.name, case=None, kind=KIND, by=by, at=now, payload=gap))


def _agreeing(leaves: Iterable[bytes]) -> int:
    """How many entries, from the first, are those that were published."""
    count = 0
    ours = Entry.objects.filter(index__isnull=False).order_by("index")
    for mine, theirs in zip(ours.values_list("leaf", flat=True).iterator(), leaves, strict=False):
        if bytes(mine or b"") != theirs:
            break
        count += 1
    return count
