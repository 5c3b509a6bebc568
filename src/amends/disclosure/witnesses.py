"""Witnesses kept from one answer to the next: changes of whole numbers to records, spelt out in codes.

The second gate finds, for each small count, other populations that agree with everything published.
Most of them agree with the next answer too. They are kept in the ledger's folder, in `witnesses.json`,
by the codes of the records that they move, so that a finer grid can read them. Nothing rests on the
file: each witness is checked by addition before it is used, and without the file all are sought anew.
It is as confidential as the snapshots.
"""

import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.refining import Grid, Place, bits
from amends.disclosure.shapes import Part, read
from amends.disclosure.snapshots import Leaf

FILE: Final = "witnesses.json"
FORMAT: Final = "amends-witnesses-1"

Spelt = tuple[tuple[str, Leaf, int], ...]
"""A change: for each leaf of a snapshot that changes, the snapshot's id, the leaf, and by how much."""


class Speller:
    """Spells the changes of a grid's variables in codes, and reads them again."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._places: dict[int, list[Place]] = defaultdict(list)
        for place, variable in grid.variables.items():
            self._places[variable].append(place)
        self._records: dict[int, list[tuple[int, Leaf, int]]] = defaultdict(list)
        self._at = [grid.parts_of(population) for population in range(len(grid.space.snapshots))]
        for population, snapshot in enumerate(grid.space.snapshots):
            for leaf, count in snapshot.counts.items():
                home, variable = self._variable(population, leaf)
                if home == population:
                    self._records[variable].append((population, leaf, count))

    def _variable(self, population: int, leaf: Leaf) -> tuple[int, int]:
        place = tuple(at[code] for at, code in zip(self._at[population], leaf, strict=True))
        home = self._grid.home(population, place)
        return home, self._grid.variables.get((home, *place), -1)

    def spelt(self, changes: Mapping[int, int]) -> Spelt:
        """The change of variables *changes* as one of records: those that go are there to go.

        What changes where nothing was ever asked is left out.
        """
        found: list[tuple[str, Leaf, int]] = []
        ids = [snapshot.id for snapshot in self._grid.space.snapshots]
        for variable, change in changes.items():
            left = -change
            for population, leaf, count in self._records.get(variable, ()) if change < 0 else ():
                if take := min(left, count):
                    found.append((ids[population], leaf, -take))
                    left -= take
        gone = [leaf for _, leaf, _ in found]
        for variable, change in changes.items():
            if change > 0 and variable in self._places:
                population, leaf = self._somewhere(variable, gone)
                found.append((ids[population], leaf, change))
        return tuple(found)

    def _somewhere(self, variable: int, gone: Sequence[Leaf]) -> tuple[int, Leaf]:
        """A leaf of *variable*: where it can, with the codes of records that go.

        A record that comes on the day that another goes is not seen by a later cut between days.
        """
        population, *parts = self._places[variable][0]
        space = self._grid.space
        leaf = []
        for number, (at, dimension) in enumerate(zip(parts, space.dimensions, strict=True)):
            own = space.snapshots[population].dimensions[number]
            of = self._at[population][number]
            held = [one[number] for one in gone if one[number] < len(of) and of[one[number]] == at]
            codes = (own.places.get(dimension.codes[b]) for b in bits(self._grid.parts[number][at]))
            leaf.append(held[0] if held else next(code for code in codes if code is not None))
        return population, tuple(leaf)

    def read(self, spelt: Spelt) -> dict[int, int] | None:
        """The change of variables that *spelt* makes; none where it names what is not there."""
        numbers = self._grid.space.numbers
        found: dict[int, int] = defaultdict(int)
        for snapshot, leaf, change in spelt:
            if snapshot not in numbers or not self._fits(numbers[snapshot], leaf):
                return None
            found[self._variable(numbers[snapshot], leaf)[1]] += change
        found.pop(-1, None)
        return {variable: change for variable, change in found.items() if change}

    def _fits(self, population: int, leaf: Leaf) -> bool:
        sizes = [len(at) for at in self._at[population]]
        return len(leaf) == len(sizes) and all(
            0 <= code < size for code, size in zip(leaf, sizes, strict=True)
        )


def read_witnesses(folder: Path) -> list[Spelt]:
    """The witnesses kept in *folder*; raises `DisclosureError` where the file cannot be read."""
    path = folder / FILE
    if not path.exists():
        return []
    part = read(path).only("format", "witnesses")
    if part.get("format").a(str) != FORMAT:
        raise part.get("format").refuse("are not witnesses that this version can read", FORMAT)
    return [tuple(map(_change, one.each())) for one in part.get("witnesses").each()]


def _change(part: Part) -> tuple[str, Leaf, int]:
    snapshot, *numbers = part.each()
    *leaf, change = [one.a(int) for one in numbers]
    return snapshot.a(str), tuple(leaf), change


def write_witnesses(folder: Path, witnesses: Iterable[Spelt]) -> None:
    """Keep *witnesses* in *folder*, instead of those that are there."""
    told = [[[name, *leaf, change] for name, leaf, change in one] for one in witnesses]
    text = json.dumps({"format": FORMAT, "witnesses": told}, separators=(",", ":"))
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=folder, prefix=".new-", delete=False
        ) as held:
            held.write(text)
            held.flush()
            os.fsync(held.fileno())
        Path(held.name).replace(folder / FILE)
    except OSError as error:
        raise DisclosureError(str(folder / FILE), error.strerror or "cannot be written") from None
