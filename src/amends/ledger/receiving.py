"""The receipt of a case, made from the database: asking for it is itself an event of the case."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from amends.ledger.book import Event, enter_own
from amends.ledger.leaves import LeafError
from amends.ledger.log import Nodes
from amends.ledger.models import Entry
from amends.ledger.notes import Checkpoint, Signer, Verifier
from amends.ledger.receipts import CLOSING_KIND, Receipt, receipt
from amends.ledger.sequencing import latest_published, published, sequence
from amends.ledger.tiles import KEY


@dataclass(frozen=True, slots=True)
class Asked:
    """How far a receipt of a case is: when the last one was asked for, and what came of it.

    `receipt` shows the case up to the last asking that the published checkpoint covers, `covered` says
    when that was, and `later` how many events of the case came after it. `key` is the public key as it
    lies beside the checkpoint: for convenience, not for trust.
    """

    asked: dt.datetime | None
    receipt: Receipt | None = None
    covered: dt.datetime | None = None
    later: int = 0
    key: str = ""


def ask(*, force: str, case: str, by: str, at: dt.datetime | None = None) -> Entry:
    """Enter that *by* asks for a receipt of *case*: it is made once this event is sequenced and published.

    Raises `LeafError` if the ledger holds nothing of the case.
    """
    with transaction.atomic():
        before = Entry.objects.filter(force=force, case=case).count() if case else 0
        if not before:
            raise LeafError(f"case: the ledger holds nothing of the case {case!r} of {force!r}.")
        return enter_own(
            Event(
                force=force, case=case, kind=CLOSING_KIND, by=by,
                at=at or dt.datetime.now(tz=dt.UTC), payload={"events": before},
            )
        )  # fmt: skip


def case_receipt(
    folder: Path, key: Signer, *, force: str, case: str, by: str, at: dt.datetime | None = None
) -> Receipt:
    """The receipt of *case*, up to the event of asking for it, which is entered and sequenced.

    Raises `LeafError` if the ledger holds nothing of the case.
    """
    now = at or dt.datetime.now(tz=dt.UTC)
    asked = ask(force=force, case=case, by=by, at=now)
    checkpoint = sequence(folder, key, at=now)
    asked.refresh_from_db()
    view = published(folder, checkpoint.epoch.number).view(checkpoint.size)
    return _up_to(asked, view.node, checkpoint.size, checkpoint.note)


def asked_for(folder: Path, *, force: str, case: str) -> Asked:
    """How far the receipt of *case* is, by what is published in *folder*: nothing is signed here."""
    rows = Entry.objects.filter(force=force, case=case)
    asked = rows.filter(kind=CLOSING_KIND)
    last = asked.order_by("-pk").first()
    if last is None:
        return Asked(None)
    head = _head(folder)
    if head is None:
        return Asked(last.time)
    checkpoint, note, key = head
    shown = asked.filter(index__lt=checkpoint.size).order_by("-index").first()
    if shown is None:
        return Asked(last.time, key=key)
    view = published(folder, latest_published(folder)).trusted(checkpoint)
    made = _up_to(shown, view.node, checkpoint.size, note)
    later = rows.exclude(case_sequence__lte=shown.case_sequence or 0).count()
    return Asked(last.time, made, shown.time, later, key)


def _head(folder: Path) -> tuple[Checkpoint, str, str] | None:
    """The published checkpoint, as the key beside it shows it, its note and that key; None before the first."""
    log = published(folder, latest_published(folder))
    try:
        key = (log.folder / KEY).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    checkpoint, note = log.checkpoint(Verifier.read(key)), log.note()
    return None if checkpoint is None or note is None else (checkpoint, note, key)


def _up_to(asked: Entry, nodes: Nodes, size: int, note: str) -> Receipt:
    events = Entry.objects.filter(
        force=asked.force, case=asked.case, case_sequence__lte=asked.case_sequence
    ).order_by("case_sequence")
    shown = [(entry.index or 0, entry.as_leaf()) for entry in events]
    return receipt(shown, nodes, size, note)
