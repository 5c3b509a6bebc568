"""Whether a receipt holds: checked offline, with nothing but Python, `cryptography` and a public key.

A receipt holds if its checkpoint is signed by the log's key, every event shown is in the log, and
none was held back: the events count from 1 without a gap, each names the leaf before it, their
places in the log rise, and the last is the event by which the receipt was asked for. Up to that
event, so, the case is shown whole. Of what came after it a receipt says nothing: ask for a new one.
"""

from collections import Counter
from dataclasses import dataclass

from amends.ledger.leaves import Leaf
from amends.ledger.log import ProofError, verify_inclusion
from amends.ledger.notes import Checkpoint, NoteError, Verifier, open_checkpoint
from amends.ledger.receipts import CLOSING_KIND, Receipt, read_receipt


class NotShown(Exception):
    """A receipt that does not hold: which event, and why."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a receipt that holds has shown."""

    checkpoint: Checkpoint
    force: str
    case: str
    events: tuple[Leaf, ...]

    @property
    def asked_for(self) -> str:
        """When the receipt was asked for: the case is shown whole up to then."""
        return self.events[-1].at

    def summary(self) -> str:
        """In plain words."""
        kinds = Counter(leaf.kind for leaf in self.events)
        listed = "\n".join(f"  {leaf.case_sequence:>4}  {leaf.at}  {leaf.kind}"
                           for leaf in self.events)  # fmt: skip
        return (
            f"The receipt holds.\n"
            f"Case {self.case} of {self.force}: {kinds.total()} events, and none was held back "
            f"up to {self.asked_for}, when the receipt was asked for.\n"
            f"Log {self.checkpoint.origin}, checkpoint at {self.checkpoint.size} entries.\n{listed}\n"
        )


def verify(text: str, verifier: Verifier) -> Shown:
    """What the receipt written as *text* shows, by the log key *verifier*.

    Raises `ReceiptError` if it cannot be read, and `NotShown` if it does not hold.
    """
    found = read_receipt(text)
    try:
        checkpoint = open_checkpoint(found.note, verifier)
    except NoteError as error:
        raise NotShown(f"The checkpoint: {error}") from None
    _check_in_log(found, checkpoint)
    _check_whole(found)
    first = found.proofs[0].leaf
    return Shown(checkpoint, first.force, first.case, tuple(one.leaf for one in found.proofs))


def _check_in_log(found: Receipt, checkpoint: Checkpoint) -> None:
    for number, one in enumerate(found.proofs, 1):
        try:
            verify_inclusion(one.leaf.hash, one.index, checkpoint.size, one.path, checkpoint.root)
        except ProofError as error:
            raise NotShown(f"Event {number} is not shown to be in the log: {error}") from None


def _check_whole(found: Receipt) -> None:
    of = (found.proofs[0].leaf.force, found.proofs[0].leaf.case)
    if not of[1]:
        raise NotShown("The events belong to no case.")
    previous, index = b"", -1
    for number, one in enumerate(found.proofs, 1):
        leaf = one.leaf
        if (leaf.force, leaf.case) != of:
            raise NotShown(f"Event {number} is of another case: {leaf.case} of {leaf.force}.")
        if leaf.case_sequence != number or leaf.previous != previous:
            raise NotShown(
                f"Event {number} of the case was held back, or was altered: what stands in its "
                f"place is number {leaf.case_sequence} and does not follow on."
            )
        if one.index <= index:
            raise NotShown(f"Event {number} does not come after the one before it in the log.")
        previous, index = leaf.hash, one.index
    if leaf.kind != CLOSING_KIND:
        raise NotShown(
            f"The last event shown is {leaf.kind!r}, not the asking for a receipt "
            f"({CLOSING_KIND!r}): later events may have been held back."
        )
