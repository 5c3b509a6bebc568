"""The receipt of a case: one text file that shows its events in the log, to be checked offline.

It is a line of its own, then for each event of the case the lines of a C2SP `tlog-proof` (the
leaf's bytes are its `extra`), and at the end the checkpoint, once. Each event's lines with the
checkpoint after them are a whole `.tlog-proof` file that other people's tools read.

Source: c2sp.org/tlog-proof.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from amends.ledger.leaves import Leaf, LeafError
from amends.ledger.log import Nodes, inclusion

HEADING: Final = "amends case receipt v1"
PROOF: Final = "c2sp.org/tlog-proof@v1"
CLOSING_KIND: Final = "ledger.receipt"
"""The kind of the event by which a receipt is asked for: the last event that the receipt shows."""
LONGEST: Final = 16_000_000


class ReceiptError(Exception):
    """A receipt that cannot be read: where, what is wrong."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One event of the case: its leaf, its place in the log, and the path from it to the root."""

    leaf: Leaf
    index: int
    path: tuple[bytes, ...]

    @property
    def text(self) -> str:
        """The lines of the proof, without the checkpoint."""
        extra = base64.b64encode(self.leaf.data).decode()
        path = "".join(f"{base64.b64encode(part).decode()}\n" for part in self.path)
        return f"{PROOF}\nextra {extra}\nindex {self.index}\n{path}\n"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says; nothing of it is to be believed before `verifying` has judged it."""

    proofs: tuple[Proof, ...]
    note: str

    @property
    def text(self) -> str:
        """The file."""
        return f"{HEADING}\n\n{''.join(proof.text for proof in self.proofs)}{self.note}"


def receipt(events: Sequence[tuple[int, Leaf]], nodes: Nodes, size: int, note: str) -> Receipt:
    """The receipt of *events* (index and leaf), in the tree of *size* whose checkpoint is *note*."""
    proofs = (Proof(leaf, index, tuple(inclusion(nodes, index, size))) for index, leaf in events)
    return Receipt(tuple(proofs), note)


def read_receipt(text: str) -> Receipt:
    """The receipt written as *text*."""
    if len(text) > LONGEST:
        raise ReceiptError(f"A receipt of more than {LONGEST:,} characters is not read.")
    heading, gap, rest = text.partition("\n\n")
    if heading != HEADING or not gap:
        raise ReceiptError(f"Line 1: a receipt begins with {HEADING!r} and an empty line.")
    proofs: list[Proof] = []
    while rest.startswith(f"{PROOF}\n"):
        block, gap, rest = rest.partition("\n\n")
        if not gap:
            raise ReceiptError("The checkpoint is missing: the receipt was cut off.")
        proofs.append(_proof(block.split("\n"), len(proofs) + 1))
    if not proofs:
        raise ReceiptError("The receipt shows no event.")
    return Receipt(tuple(proofs), rest)


def _proof(lines: list[str], number: int) -> Proof:
    place = f"Event {number} of the receipt"
    if len(lines) < 3 or not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise ReceiptError(f"{place}: a line `extra` and a line `index` are wanted.")
    index = lines[2].removeprefix("index ")
    if not (index.isascii() and index.isdecimal()) or str(int(index[:20])) != index:
        raise ReceiptError(f"{place}: the index is a plain number, not {index[:40]!r}.")
    try:
        leaf = Leaf.read(base64.b64decode(lines[1].removeprefix("extra "), validate=True))
        path = tuple(base64.b64decode(line, validate=True) for line in lines[3:])
    except (LeafError, binascii.Error, ValueError) as error:
        raise ReceiptError(f"{place}: {error}") from None
    return Proof(leaf, int(index), path)
