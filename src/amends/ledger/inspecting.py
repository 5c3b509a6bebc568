"""A whole database set against a published checkpoint: is it what was published, and if not, where?

Every payload is hashed to its commitment, every row to its leaf, every leaf set against the
published one, and the published leaves against the signed root. Rows are read as plain tuples,
because a full check reads millions.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from django.db import connection

from amends.ledger import rows
from amends.ledger.erasing import KIND as ERASED
from amends.ledger.leaves import leaf_data
from amends.ledger.notes import Checkpoint
from amends.ledger.tiles import Published

AHEAD: Final = 64
"""How far a row that is out of place is looked for."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and at which index of the log."""

    index: int
    wrong: str

    def __str__(self) -> str:
        return f"entry {self.index}: {self.wrong}"


@dataclass(slots=True)
class Inspection:
    """What was found: nothing wrong if there are no faults. *later* entries are not yet covered."""

    checkpoint: Checkpoint
    checked: int = 0
    erased: int = 0
    later: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults


@dataclass(slots=True)
class _Notes:
    """What is gathered on the way: the faults, and what is missing or was said to be erased."""

    faults: list[Fault] = field(default_factory=list)
    missing: dict[bytes, int] = field(default_factory=dict)
    erased: set[bytes] = field(default_factory=set)


def inspect(log: Published, checkpoint: Checkpoint) -> Inspection:
    """Set the database against *checkpoint*, whose signature the caller has checked.

    Raises `PublishedError` if the published tiles do not give the checkpoint's root: then what
    was published was itself altered, and must be put back before anything can be located.
    """
    view = log.trusted(checkpoint)
    view.check(checkpoint)
    notes = _Notes()
    ours, theirs = _leaves(0, checkpoint.size, notes), view.leaves()
    checked = _compare(ours, theirs, checkpoint.size, notes.faults)
    _later_erasures(checkpoint.size, notes)
    for gone, index in notes.missing.items():
        if gone not in notes.erased:
            notes.faults.append(Fault(index, "its payload is gone, and no erasure was recorded"))
    notes.faults.sort(key=lambda fault: fault.index)
    return Inspection(
        checkpoint, checked, len(notes.missing), _count(checkpoint.size), notes.faults
    )


def _leaves(start: int, end: int, notes: _Notes) -> Iterator[tuple[int, bytes]]:
    """The index and the leaf, made anew, of each row from *start*; faults of the row itself noted."""
    sha256 = hashlib.sha256
    for row in rows.whole(start, end):
        (index, at, by, case, number, force, kind, policy, before, committed, leaf, nonce, held) = (
            row
        )
        hashed = sha256(
            b"\x00" + leaf_data(at, by, case, number, force, kind, policy, before, committed)
        ).digest()
        if hashed != leaf:
            notes.faults.append(
                Fault(index, "who, what or when does not give the leaf kept with it")
            )
        if nonce is None:
            notes.missing[bytes(committed)] = index
        elif sha256(nonce + held).digest() != committed:
            notes.faults.append(Fault(index, "its payload does not give its commitment"))
        elif kind == ERASED:
            notes.erased.add(bytes.fromhex(json.loads(held)["commitment"]))
        yield index, hashed


def _compare(
    ours: Iterator[tuple[int, bytes]], theirs: Iterator[bytes], size: int, faults: list[Fault]
) -> int:
    """Set our leaves against the published ones, in order; how many were looked at."""
    checked = 0
    for place, wanted in enumerate(theirs):
        mine = next(ours, None)
        if mine is None:
            faults.append(Fault(place, f"missing, with all up to {size - 1}"))
            return checked
        checked += 1
        if mine != (place, wanted):
            rest = [mine, *ours]
            # Rows put in have pushed others past the end.
            pushed = _leaves(size, size + AHEAD, _Notes())
            _align([*rest, *pushed], [wanted, *theirs], place, faults)
            return checked + len(rest) - 1
    return checked


def _align(
    ours: list[tuple[int, bytes]], theirs: list[bytes], first: int, faults: list[Fault]
) -> None:
    """Locate what differs: rows missing, rows put in, rows moved, rows altered."""
    places = {leaf: first + at for at, leaf in enumerate(theirs)}
    mine = at = 0
    while at < len(theirs):
        if mine == len(ours):
            faults.append(Fault(first + at, f"missing, with all up to {first + len(theirs) - 1}"))
            return
        index, leaf = ours[mine]
        if leaf == theirs[at]:
            mine, at = mine + 1, at + 1
            continue
        ahead = [one for _, one in islice(ours, mine + 1, mine + 1 + AHEAD)]
        came = places.get(leaf)
        if index > first + at and index == came:
            faults.append(Fault(first + at, "missing"))
            at += 1
        elif came == first + at + 1 and theirs[at] not in ahead:
            faults.append(Fault(first + at, "missing, and those after it were moved up"))
            at += 1
        elif came is None and ahead[:1] == [theirs[at]]:
            faults.append(Fault(first + at, "put in; it was never published"))
            mine += 1
        else:
            altered = "altered" if came is None else f"moved here from {came}"
            faults.append(Fault(first + at, altered))
            mine, at = mine + 1, at + 1


def _later_erasures(size: int, notes: _Notes) -> None:
    """Erasures entered since the checkpoint, sequenced or not."""
    if all(gone in notes.erased for gone in notes.missing):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.payload FROM ledger_entry e JOIN ledger_payload p ON p.entry_id = e.id "
            'WHERE e.kind = %s AND (e."index" IS NULL OR e."index" >= %s)',
            (ERASED, size),
        )
        for (held,) in cursor.fetchall():
            notes.erased.add(bytes.fromhex(json.loads(bytes(held))["commitment"]))


def _count(size: int) -> int:
    """How many rows the checkpoint does not cover."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT count(*) FROM ledger_entry WHERE "index" IS NULL OR "index" >= %s OR "index" < 0',
            (size,),
        )
        return int(cursor.fetchone()[0])
