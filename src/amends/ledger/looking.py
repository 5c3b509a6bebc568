"""Who looked at what, and why: a second log, with a tree for each month, outside the request's way.

Source: Data Protection Act 2018 s62 (consultation and disclosure). A look is one line added to a
local file, so that reading a page takes no lock of the database; `gather` brings the lines into
the database and into the month's tree, signs and publishes. A look that cannot be written is an
error: no page without its record. The line outlives the process, but not a loss of power before
the system writes it to disk.
"""

import datetime as dt
import fcntl
import json
import os
import secrets
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, Q

from amends.ledger import notes
from amends.ledger.book import Event, enter_own
from amends.ledger.leaves import LeafError, check_text, commitment, moment, new_nonce, payload_bytes
from amends.ledger.log import consistency, leaf_hash, verify_consistency
from amends.ledger.models import Entry, Look
from amends.ledger.notes import Signer
from amends.ledger.sequencing import Behind, WillNotSign
from amends.ledger.tiles import Published

SPOOL: Final = "looks/waiting"
BATCH: Final = 2000
LONGEST: Final = 200
DISPOSED: Final = "ledger.looks-disposed"


def looked(
    folder: Path, *, force: str, by: str, what: str, why: str, at: dt.datetime | None = None
) -> uuid.UUID:
    """Record that *by* looked at *what*, and *why*; the mark under which it is kept.

    *what* names a record (`case INV/2026/1`), never what is in it.
    """
    mark = uuid.uuid4()
    line = {
        "mark": mark.hex, "at": moment(at or dt.datetime.now(tz=dt.UTC)),
        "force": check_text("force", force), "by": check_text("by", by),
        "what": _short("what", what), "why": _short("why", why),
    }  # fmt: skip
    # The newline comes first: a line that a full disk cut short spoils no other.
    data = b"\n" + json.dumps(line).encode() + b"\n"
    path = folder / SPOOL
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
            if _is_still(path, handle):  # else it was just taken in, and another begins
                if os.write(handle, data) != len(data):
                    raise OSError("The look could not be written whole: is the disk full?")
                return mark
        finally:
            os.close(handle)


def gather(folder: Path, key: Signer) -> int:
    """Bring the looks that wait into the database and their months' trees; how many were new.

    Whatever stops it part way, a later run finishes: a look is taken in once, by its mark.
    """
    _take(folder)
    taken = 0
    for path in sorted((folder / "looks").glob("taken-*")):
        taken += _bring_in(path.read_bytes().splitlines(), path)
        path.unlink()
    months = Look.objects.order_by().values_list("month", flat=True).distinct()
    for month in sorted(set(months.filter(index=None)) | _signed_late(folder, months)):
        _extend(folder, key, month)
    return taken


def published(folder: Path, month: str) -> Published:
    """The published tree of one month."""
    return Published(folder / "looks" / month)


def newest(
    force: str, what: Iterable[str], *, after: int | None = None, most: int = 25
) -> list[Look]:
    """The newest looks in *force* at any of *what* that were gathered; a next page begins *after* one of them."""
    rows = Look.objects.filter(force=force, what__in=list(what))
    last = None if after is None else rows.filter(pk=after).first()
    if last is not None:
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    return list(rows.order_by("-at", "-pk")[:most])


def leaf(look: Look) -> bytes:
    """The leaf hash of a look: a commitment, so that the tree tells nothing once it is disposed of."""
    text = {name: getattr(look, name) for name in ("at", "force", "by", "what", "why")}
    data = payload_bytes({**text, "mark": look.mark.hex})
    return leaf_hash(commitment(bytes(look.nonce), data))


def altered(folder: Path, key: notes.Verifier, month: str) -> list[int]:
    """The places in the tree of *month* where the database is not what was published."""
    log = published(folder, month)
    checkpoint = log.checkpoint(key)
    if checkpoint is None:
        return []
    view = log.trusted(checkpoint)
    view.check(checkpoint)
    ours = {look.index: leaf(look) for look in Look.objects.filter(month=month).exclude(index=None)}
    return [place for place, wanted in enumerate(view.leaves()) if ours.get(place) != wanted]


def dispose(month: str, *, force: str, by: str, at: dt.datetime | None = None) -> Entry:
    """Dispose of a month of looks whose time is over, as an entry of the ledger records."""
    with transaction.atomic():
        if Look.objects.filter(month=month, index=None).exists():
            raise LeafError(f"month: {month} has looks that were not yet gathered.")
        gone, _ = Look.objects.filter(month=month).delete()
        if not gone:
            raise LeafError(f"month: there are no looks of {month!r}.")
        now = at or dt.datetime.now(tz=dt.UTC)
        held = {"month": month, "looks": gone}
        return enter_own(Event(force=force, case=None, kind=DISPOSED, by=by, at=now, payload=held))


# --- from the waiting file to the tree ------------------------------------------------------------


def _short(name: str, value: str) -> str:
    if not value or len(value) > LONGEST or not value.isprintable():
        raise LeafError(f"{name}: a text of 1 to {LONGEST} printable characters is wanted.")
    return value


def _is_still(path: Path, handle: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(handle).st_ino
    except FileNotFoundError:
        return False


def _take(folder: Path) -> None:
    """Set the waiting file aside, once nobody is writing to it."""
    path = folder / SPOOL
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if _is_still(path, handle):
            path.rename(path.with_name(f"taken-{secrets.token_hex(8)}"))
    finally:
        os.close(handle)


def _bring_in(lines: Iterable[bytes], path: Path) -> int:
    looks = [_look(line, path) for line in lines if line.strip()]
    with transaction.atomic():
        marks = [look.mark for look in looks]
        known = set()
        for start in range(0, len(marks), BATCH):
            part = Look.objects.filter(mark__in=marks[start : start + BATCH])
            known |= set(part.values_list("mark", flat=True))
        new = [look for look in looks if look.mark not in known]
        Look.objects.bulk_create(new, batch_size=BATCH)
    return len(new)


def _look(line: bytes, path: Path) -> Look:
    try:
        said: dict[str, Any] = json.loads(line)
        mark = uuid.UUID(said.pop("mark"))
        return Look(mark=mark, month=said["at"][:7], nonce=new_nonce(), **said)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise WillNotSign(
            f"A line of {path.name} cannot be read: {line[:200]!r}. Take it out, and keep it."
        ) from None


def _signed_late(folder: Path, months: Iterable[str]) -> set[str]:
    """Months whose last looks have a place, but no checkpoint yet: a run was cut short."""
    late = set()
    for month in months:
        note = published(folder, month).note()
        size = int(note.split("\n")[1]) if note else 0
        if _assigned(month) != size:
            late.add(month)
    return late


def _assigned(month: str) -> int:
    last: int | None = Look.objects.filter(month=month).aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


def _extend(folder: Path, key: Signer, month: str) -> None:
    log = published(folder, month)
    origin = f"{key.name}/looks/{month}"
    head = log.checkpoint(key.verifier)
    size = head.size if head else 0
    if head and (head.origin != origin or _assigned(month) < size):
        raise Behind(f"The looks of {month} were published to {size}; the database has fewer.")
    _assign(month)
    looks = list(Look.objects.filter(month=month, index__gte=size).order_by("index"))
    if head:
        log.trusted(head)
    root = log.extend(size, [leaf(look) for look in looks])
    new = size + len(looks)
    if head and size:
        path = consistency(log.view(new).node, size, new)
        verify_consistency(size, new, path, head.root, root)
    log.publish(notes.sign_checkpoint(notes.Checkpoint(origin, new, root), key))


def _assign(month: str) -> None:
    with transaction.atomic():
        size = _assigned(month)
        waiting = list(Look.objects.filter(month=month, index=None).order_by("id"))
        for index, look in enumerate(waiting, size):
            look.index = index
        Look.objects.bulk_update(waiting, ["index"], batch_size=500)
