"""The sequencer: gives entries their places, extends the tree, re-derives, signs and publishes.

Writers commit without a shared lock; one sequencer at a time follows them. The tree is extended
from what was *published*, never from what the database says of the past, so a head that is signed
is always consistent with the last one published, whatever has become of the database since.
"""

import datetime as dt
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import Max

from amends.ledger import notes, rows
from amends.ledger.leaves import commitment, leaf_data, moment
from amends.ledger.log import (
    EMPTY_ROOT,
    Frontier,
    consistency,
    leaf_hash,
    verify_consistency,
)
from amends.ledger.models import Checkpoint, Entry, Epoch
from amends.ledger.notes import Signer
from amends.ledger.tiles import Published, View

BATCH: Final = 4000


class WillNotSign(Exception):
    """The sequencer refuses to sign: what does not fit, and what to do."""


class Behind(WillNotSign):
    """The database is older than what was published, as after restoring a backup."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log stands before it is extended: what was published, and the tree of it."""

    epoch: Epoch
    published: Published
    view: View
    root: bytes
    unpublished: dict[int, bytes]
    """Heads that were signed, but not published before a crash: size and root."""


def sequence(folder: Path, key: Signer, *, at: dt.datetime | None = None) -> Checkpoint:
    """Sequence what is waiting, and publish the new checkpoint in *folder*; or give the last one.

    *key* signs, and its name is that of the log. Raises `WillNotSign` if the database, the
    published log and the key do not fit together; nothing is signed or published then.
    """
    with alone(folder):
        head = _head(folder, key)
        frontier = head.view.frontier()
        root = head.root
        while True:
            size = frontier.size
            leaves = _rederived(size) or (_assign(size) and _rederived(size))
            if not leaves:
                break
            _append(frontier, leaves, head.unpublished)
            root = head.published.extend(size, leaves)
        return _sign(head, key, frontier, root, at or dt.datetime.now(tz=dt.UTC))


def refusal(folder: Path, key: Signer) -> WillNotSign | None:
    """Why `sequence` would refuse now, if it would; to be asked while `alone`."""
    try:
        _head(folder, key)
    except WillNotSign as error:
        return error
    return None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other sequencers of this folder out."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def published(folder: Path, epoch: int) -> Published:
    """The published log of an epoch."""
    return Published(folder / f"epoch-{epoch}")


def latest_published(folder: Path) -> int:
    """The number of the last epoch that has a checkpoint in *folder*; 0 if none has."""
    numbers = (
        path.parent.name.removeprefix("epoch-") for path in folder.glob("epoch-*/checkpoint")
    )
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def assigned() -> int:
    """How many entries of the database have an index."""
    known = Entry.objects.filter(index__isnull=False).order_by("-index")
    last = known.values_list("index", flat=True).first()
    return 0 if last is None else last + 1


# --- does what was published fit? -----------------------------------------------------------------


def _head(folder: Path, key: Signer) -> Head:
    epoch = Epoch.objects.order_by("-number").first()
    latest = latest_published(folder)
    if epoch is None:
        if latest or assigned():
            raise Behind(
                f"The database knows of no epoch, but epoch {latest} was published. If this is a "
                "backup that was restored, open a new epoch: amends ledger epoch."
            )
        epoch = _first_epoch(key)
    if latest > epoch.number:
        raise Behind(
            f"Epoch {latest} was published, and the database is still in epoch {epoch.number}: it "
            "is an older backup. Open a new epoch: amends ledger epoch."
        )
    if epoch.origin != origin(key, epoch.number):
        raise WillNotSign(f"The key is of the log {key.name!r}, and the log is {epoch.origin!r}.")
    return _fitting(epoch, published(folder, epoch.number), key)


def origin(key: Signer, epoch: int) -> str:
    """The origin line of an epoch's checkpoints."""
    return f"{key.name}/{epoch}"


def _first_epoch(key: Signer) -> Epoch:
    now = moment(dt.datetime.now(tz=dt.UTC))
    return Epoch.objects.create(number=1, origin=origin(key, 1), at=now, reason="The log begins.")


def _fitting(epoch: Epoch, log: Published, key: Signer) -> Head:
    checkpoint = log.checkpoint(key.verifier)
    signed = epoch.checkpoints.order_by("-size").first()
    if checkpoint is None:
        if signed is not None and epoch.checkpoints.filter(published=True).exists():
            raise WillNotSign(
                f"A checkpoint at {signed.size} was signed, and none is in {log.folder.name}. Put "
                "the published folder back from a copy."
            )
        # Heads may have been signed and not published before a crash: they are kept to.
        heads = epoch.checkpoints.values_list("size", "root")
        unpublished = {size: bytes(root) for size, root in heads}
        return Head(epoch, log, log.view(0), EMPTY_ROOT, unpublished)
    if assigned() < checkpoint.size or signed is None or signed.size < checkpoint.size:
        raise Behind(
            f"The published checkpoint is at {checkpoint.size}, and the database has "
            f"{assigned()}: it is an older backup. Signing would begin a second history. Open a "
            "new epoch, which records the gap: amends ledger epoch."
        )
    same = epoch.checkpoints.filter(size=checkpoint.size).first()
    if checkpoint.origin != epoch.origin or same is None or bytes(same.root) != checkpoint.root:
        raise WillNotSign(
            f"The database knows of no such head as was published at {checkpoint.size}. Check it: "
            "amends ledger verify."
        )
    later = epoch.checkpoints.filter(size__gt=checkpoint.size).values_list("size", "root")
    unpublished = {size: bytes(root) for size, root in later}
    return Head(epoch, log, log.trusted(checkpoint), checkpoint.root, unpublished)


def _append(frontier: Frontier, leaves: list[bytes], unpublished: dict[int, bytes]) -> None:
    for leaf in leaves:
        frontier.append(leaf)
        if frontier.size in unpublished and unpublished[frontier.size] != frontier.root():
            raise WillNotSign(f"Another head was signed at {frontier.size} before a crash.")


# --- giving places --------------------------------------------------------------------------------


def _assign(size: int) -> bool:
    """Give the next indexes to entries that wait; whether there were any."""
    with transaction.atomic():
        waiting = list(Entry.objects.filter(index=None).order_by("id")[:BATCH])
        heads = _case_heads({(entry.force, entry.case) for entry in waiting if entry.case})
        placed = []
        for index, entry in enumerate(waiting, size):
            before, leaf = heads.get((entry.force, entry.case), (0, b""))
            entry.case_sequence, entry.previous = (before + 1, leaf) if entry.case else (0, b"")
            hashed = entry.as_leaf().hash
            heads[entry.force, entry.case] = (entry.case_sequence, hashed)
            placed.append((index, entry.case_sequence, entry.previous, hashed, entry.pk))
        if placed:
            rows.place(placed)
    return bool(placed)


def _case_heads(cases: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, bytes]]:
    """The number and leaf of the last event of each case; each is named by its force and reference."""
    known = Entry.objects.filter(  # the order of the index that finds them
        force__in={force for force, _ in cases},
        case__in={case for _, case in cases},
        case_sequence__gt=0,
    )
    last = known.values("force", "case").annotate(last=Max("index")).values_list("last", flat=True)
    found = Entry.objects.filter(index__in=list(last)).values_list(
        "force", "case", "case_sequence", "leaf"
    )
    return {(force, case): (number or 0, bytes(leaf or b"")) for force, case, number, leaf in found}


def _rederived(size: int) -> list[bytes]:
    """The leaf hashes of the entries from index *size*, read back and made anew from every column."""
    leaves = []
    for place, row in enumerate(rows.whole(size, size + BATCH), size):
        index, *fields, leaf, nonce, held = row
        made = leaf_hash(leaf_data(*fields))
        if index != place or made != leaf:
            raise WillNotSign(f"The entry at {index} does not give its leaf: it was altered.")
        if nonce is not None and commitment(nonce, held) != fields[-1]:
            raise WillNotSign(f"The payload of the entry at {index} was altered.")
        leaves.append(made)
    return leaves


# --- signing --------------------------------------------------------------------------------------


def _sign(head: Head, key: Signer, frontier: Frontier, root: bytes, at: dt.datetime) -> Checkpoint:
    """Sign and publish the head, once two ways of working it out agree."""
    if frontier.root() != root:
        raise WillNotSign("The tiles written and the leaves re-derived give different roots.")
    size = frontier.size
    if head.view.size and size > head.view.size:
        path = consistency(head.published.view(size).node, head.view.size, size)
        verify_consistency(head.view.size, size, path, head.root, root)
    note = notes.sign_checkpoint(notes.Checkpoint(head.epoch.origin, size, root), key)
    # Kept before it is published: a crash between the two publishes the same head the next time.
    checkpoint, _ = Checkpoint.objects.get_or_create(
        epoch=head.epoch, size=size, defaults={"root": root, "at": moment(at), "note": note}
    )
    if bytes(checkpoint.root) != root:
        raise WillNotSign(f"Another head was signed at {size} before.")
    if head.published.note() != note:
        head.published.publish_key(key.verifier)
        head.published.publish(note)
    if not checkpoint.published:
        checkpoint.published = True
        checkpoint.save(update_fields=["published"])
    return checkpoint
