"""Checks a certificate by addition alone: no solver, and nothing in common with what made it.

A move is a change of the snapshot. Where no published figure notices it, every whole multiple of it that leaves no
count below 0 could as well be true. Enough is proved when such tables give each protected cell 1 or less and others the
threshold or more, and for each person who is alone in a cell, and knows it, some do so that leave that cell alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, prod

from amends.disclosure.certificates import Certificate, Move
from amends.disclosure.published import Release, check_codes
from amends.disclosure.snapshots import Snapshot

Releases = Sequence[Release]
Counts = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: how many cells are to be `protected`, and `faults`, each with its place."""

    protected: int
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


@dataclass(slots=True)
class _Need:
    """A protected cell, and who can rule out every table so far that has it at `low` or at `high`."""

    count: int
    low: int
    high: int
    person: int | None
    below: set[int] | None = None
    above: set[int] | None = None

    def see(self, ends: tuple[float, float], disturbed: set[int]) -> None:
        if min(ends) <= self.low:
            self.below = set(disturbed) if self.below is None else self.below & disturbed
        if max(ends) >= self.high:
            self.above = set(disturbed) if self.above is None else self.above & disturbed


class _Cells:
    """A table: for each dimension and class, how far its categories are along `values`; who needs proof."""

    def __init__(self, release: Release, number: int, snapshot: Snapshot, claimed: Certificate):
        self.release, self.table = release, (table := release.tables[number])
        self.place = f"release {release.id}, table {number + 1}"
        self.true: dict[int, int] = {}
        self.needs: dict[int, _Need] = {}
        self.people: dict[int, int] = {}
        self.split: list[str] = []
        self._sides: list[list[list[int]]] = []
        steps = {
            axis.dimension: (prod(table.shape[at:]), [one.codes for one in axis.categories])
            for at, axis in enumerate(table.axes, 1)
        }
        for dimension in snapshot.dimensions:
            every, classes = frozenset(dimension.codes), claimed.classes[dimension.name]
            step, categories = steps.get(dimension.name, (0, [every]))
            side: list[list[int]] = [[] for _ in range(max(classes, default=-1) + 1)]
            for row, codes in enumerate(categories):
                inside = codes & table.where.get(dimension.name, every)
                within = {classes[dimension.places[code]] for code in inside}
                without = {classes[dimension.places[code]] for code in every - inside}
                self.split += [dimension.name] if within & without else []
                for one in within:
                    side[one].append(row * step)
            self._sides.append(side)

    def sums(self, changes: Counts) -> dict[int, int]:
        """The cells that *changes* of variables change, and by how much: added up one dimension at a time."""
        left = prod(map(len, self._sides))
        for side in reversed(self._sides):
            left, added = left // len(side), defaultdict[int, int](int)
            for number, change in changes.items():
                rest, one = divmod(number, len(side))
                for step in side[one]:
                    added[rest + step * left] += change
            changes = {number: change for number, change in added.items() if change}
        return dict(changes)

    def named(self, cell: int) -> str:
        return f"{self.place}, cell ({self.table.named(cell)})"

    def figures(self, counts: Counts) -> Iterator[str]:
        """What is untrue here, or told though it is small; note which cells need proof."""
        yield from (f"{self.place}: a class of {name} is split" for name in self.split)
        self.true = self.sums(counts)
        alone = self.sums({one: one + 1 for one, count in counts.items() if count == 1})
        threshold, smallest = self.release.threshold, int(self.release.profile != "research")
        for cell, value in enumerate(self.table.values):
            count = self.true.get(cell, 0)
            least, most = (value, value) if isinstance(value, int) else value or (0, inf)
            if not least <= count <= most:
                yield f"{self.named(cell)}: it says {value}, and the snapshot counts {count}"
            if count == 1 and least != most:
                self.people[cell] = alone[cell]
            if smallest <= count < threshold:
                if most - least + 1 < threshold:
                    yield f"{self.named(cell)}: it tells of {count}, which is small"
                high = int(min(threshold, most))
                self.needs[cell] = _Need(count, max(1, least), high, self.people.get(cell))
                self.needs[cell].see((count, count), set())

    def unproved(self) -> Iterator[str]:
        """Each protected cell for which tables are missing."""
        for cell, need in self.needs.items():
            ends = (f"{need.low} or less", need.below), (f"{need.high} or more", need.above)
            for end, left in ends:
                if left is None:
                    yield f"{self.named(cell)}: nothing shows that it may be {end}"
                elif left - {need.person}:
                    yield f"{self.named(cell)}: somebody alone in a cell may know it is not {end}"


def check(snapshot: Snapshot, releases: Releases, claimed: Certificate) -> Verdict:
    """Whether *claimed* proves that *releases*, which are all that left of *snapshot*, are safe.

    Raises `DisclosureError` where a release names codes that the snapshot does not know.
    """
    faults, tables = list(_misnamed(snapshot, releases, claimed)), []
    if not faults:
        counts, size = _variables(snapshot, claimed)
        for release in releases:
            for number in range(len(release.tables)):
                tables.append(_Cells(release, number, snapshot, claimed))
                faults += tables[-1].figures(counts)
        for number, move in enumerate(claimed.moves, 1):
            faults += [f"move {number}: {wrong}" for wrong in _moved(move, tables, counts, size)]
        faults += [one for cells in tables for one in cells.unproved()]
    return Verdict(sum(len(cells.needs) for cells in tables), tuple(faults))


def _misnamed(snapshot: Snapshot, releases: Releases, claimed: Certificate) -> Iterator[str]:
    """Whether the certificate is of another snapshot, or of other releases."""
    if claimed.snapshot != snapshot.digest:
        yield f"snapshot {snapshot.id}: the certificate is of another"
    here = {(release.id, release.digest) for release in releases}
    for name in sorted({name for name, _ in here ^ claimed.releases.items()}):
        yield f"release {name}: what is certified is not what is here"
    for release in releases:
        check_codes(release, snapshot)
        if release.snapshot != snapshot.id:
            yield f"release {release.id}: it is from the snapshot {release.snapshot}"
    for dimension in snapshot.dimensions:
        classes = claimed.classes.get(dimension.name, ())
        if len(classes) != len(dimension.codes) or min(classes, default=0) < 0:
            yield f"classes of {dimension.name}: there must be one for each code"


def _variables(snapshot: Snapshot, claimed: Certificate) -> tuple[dict[int, int], int]:
    """The count of each variable that is not 0, and how many there are."""
    sides = [claimed.classes[dimension.name] for dimension in snapshot.dimensions]
    sizes = [max(side, default=-1) + 1 for side in sides]
    counts: dict[int, int] = defaultdict(int)
    for leaf, count in snapshot.counts.items():
        number = 0
        for at, side, size in zip(leaf, sides, sizes, strict=True):
            number = number * size + side[at]
        counts[number] += count
    return counts, prod(sizes)


def _moved(move: Move, tables: list[_Cells], counts: Counts, size: int) -> Iterator[str]:
    """What is wrong with *move*; where nothing is, note which cells it shows to be uncertain."""
    changes = dict(move)
    if len(changes) != len(move) or not all(0 <= one < size and by for one, by in move) or not move:
        yield "it must change one variable or more that are there, each once"
        return
    room = [_multiples(counts.get(one, 0), 0, inf, by) for one, by in move]
    effects, disturbed = [(cells, cells.sums(changes)) for cells in tables], set()
    for cells, effect in effects:
        for cell, by in effect.items():
            value = cells.table.values[cell]
            if isinstance(value, int):
                yield f"it changes what is told in {cells.named(cell)}"
                return
            room += [_multiples(cells.true.get(cell, 0), *value, by)] if value else []
        disturbed |= {cells.people[cell] for cell in effect.keys() & cells.people.keys()}
    fewest, most = max(low for low, _ in room), min(high for _, high in room)
    for cells, effect in effects:
        for cell in effect.keys() & cells.needs.keys():
            need, by = cells.needs[cell], effect[cell]
            need.see((need.count + by * fewest, need.count + by * most), disturbed)


def _multiples(count: int, least: int, most: float, by: int) -> tuple[float, float]:
    """How often *by* may be taken from, and added to, *count*, for it to stay between *least* and *most*."""
    down, up = (count - least) // abs(by), inf if most == inf else (most - count) // abs(by)
    return (-down, up) if by > 0 else (-up, down)
