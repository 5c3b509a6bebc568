"""The certificate of a release that the ledger let through: its witnesses, as changes that a checker can add up.

The ledger proves more than a certificate says, of differences too, but keeps its witnesses for itself.
Here they are written as moves of one snapshot, and those that are missing are sought.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from amends.disclosure.attacking_history import Equation
from amends.disclosure.certificates import Certificate, Move
from amends.disclosure.checking import check
from amends.disclosure.errors import DisclosureError
from amends.disclosure.protecting_history import Step, gate, silent
from amends.disclosure.published import Release
from amends.disclosure.refining import Cell, Grid, coarsest
from amends.disclosure.releases import Ledger
from amends.disclosure.systems import Grid as Classes
from amends.disclosure.systems import grid
from amends.disclosure.targets import Target
from amends.disclosure.witnesses import Speller, Spelt, read_witnesses

_SHOWN: Final = 3


def certify(ledger: Ledger, id: str, tell: Step = silent) -> Certificate:  # noqa: A002
    """The certificate of release *id* of *ledger*, and of all those of its snapshot before it; see `certified`."""
    return certified(ledger, up_to(ledger, id), read_witnesses(ledger.folder), tell)


def certified(
    ledger: Ledger, releases: Sequence[Release], witnesses: Iterable[Spelt], tell: Step = silent
) -> Certificate:
    """The certificate of *releases* of one snapshot of *ledger*, the last of which need not be in it yet.

    *witnesses* are those that were found when it was considered; what is missing is sought.
    `checking.check` was asked, and has no fault to find. Raises `DisclosureError` where there is no such
    release, where its snapshot is judged together with another, or where it cannot be proved safe.
    """
    id_, snapshot = releases[-1].id, ledger.snapshots[releases[-1].snapshot]
    if len(ledger.family(snapshot.id)) > 1:
        raise DisclosureError(
            f"release {id_}", f"cannot be certified: {snapshot.id} repeats another snapshot, or is repeated",
            "A certificate is of one snapshot: answer from one that stands alone.",
        )  # fmt: skip
    classes = grid(snapshot, (table for one in releases for table in one.tables))
    moves = [_move(classes, one) for one in _witnesses(ledger, releases, witnesses, tell)]
    certificate = Certificate(
        snapshot.digest,
        {one.id: one.digest for one in releases},
        dict(zip(snapshot.by_name, classes.classes, strict=True)),
        tuple(dict.fromkeys(move for move in moves if move)),
    )
    faults = check(snapshot, releases, certificate).faults
    if faults:
        raise DisclosureError(
            f"release {id_}",
            f"is not proved safe: {'; '.join(faults[:_SHOWN])}",
            "Do not publish it.",
        )
    return certificate


def up_to(ledger: Ledger, id: str) -> list[Release]:  # noqa: A002
    """Release *id* of *ledger*, last, and before it the earlier ones of its snapshot, in order."""
    if id not in ledger.releases:
        known = ", ".join(ledger.releases) or "none"
        raise DisclosureError(f"release {id}", "is not in the ledger", f"Known: {known}.")
    snapshot, found = ledger.releases[id].snapshot, []
    for one in ledger.releases.values():
        found += [one] if one.snapshot == snapshot else []
        if one.id == id:
            break
    return found


def _witnesses(
    ledger: Ledger, releases: Sequence[Release], known: Iterable[Spelt], tell: Step
) -> Iterator[Spelt]:
    """Changes of records that agree with all of *releases* and prove their withheld cells, spelt in codes."""
    space = ledger.space(releases[-1].snapshot)
    numbers = [
        (cell, value, one.threshold)
        for one in releases
        for table in one.tables
        for cell, value in zip(space.cells(one.snapshot, table), table.values, strict=True)
    ]
    fine = coarsest(space).refined(cell for cell, _, _ in numbers)
    equations = [
        Equation(fine.row(cell), *(value if isinstance(value, tuple) else (value, value)))
        for cell, value, _ in numbers
        if value is not None
    ]
    hidden: dict[Cell, int] = {}
    for cell, value, threshold in numbers:
        if not isinstance(value, int):
            hidden[cell] = max(hidden.get(cell, 0), threshold)
    speller = Speller(fine)
    before = [each for one in known if (each := speller.read(one))]
    wanted = list(_targets(fine, hidden))
    found = gate((*fine.counts(), 0), equations, [], wanted, before, tell)
    for move in found.moves:
        yield speller.spelt(dict(zip(move.variables.tolist(), move.changes.tolist(), strict=True)))


def _targets(fine: Grid, hidden: dict[Cell, int]) -> Iterator[Target]:
    """The small counts that were withheld, each with the greatest threshold of those who withheld it."""
    counts = fine.counts()
    for cell, threshold in hidden.items():
        row = fine.row(cell)
        count = sum(counts[each] for each in row)
        if 0 < count < threshold:
            yield Target(cell, count, threshold, threshold, row, (), True)


def _move(classes: Classes, spelt: Spelt) -> Move:
    """A change of records as one of the variables of a certificate."""
    found: dict[int, int] = {}
    for _, leaf, change in spelt:
        number = 0
        for at, of_codes, size in zip(leaf, classes.classes, classes.sizes, strict=True):
            number = number * size + of_codes[at]
        found[number] = found.get(number, 0) + change
    return tuple((number, change) for number, change in sorted(found.items()) if change)
