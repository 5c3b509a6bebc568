"""Checks a certificate by addition alone: no solver, and nothing in common with what made it.

A move is a change of the snapshot. Where no published figure notices it, every whole multiple of it
that leaves no count below 0 is a table that could as well be the true one. Enough is proved when
such tables give each protected cell 1 or less and others the threshold or more, also for anybody
who is alone in a cell, and knows it: for each such person there are tables that leave it alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, prod

from amends.disclosure.certificates import Certificate, Move
from amends.disclosure.published import Release, Table, check_codes
from amends.disclosure.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found: `faults`, each with its place, and how much was `protected`, of how many `cells`."""

    cells: int
    protected: int
    moves: int
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the certificate proves what it claims."""
        return not self.faults


@dataclass(slots=True)
class _Need:
    """A protected cell: it must be seen at `low` or less and at `high` or more; with whom those tables disagree."""

    count: int
    low: int
    high: int
    person: int | None
    below: set[int] | None = None
    above: set[int] | None = None

    def see(self, least: float, greatest: float, disturbed: set[int]) -> None:
        """Note tables in which the cell is *least* and *greatest*, and that are news to the *disturbed*."""
        if least <= self.low:
            self.below = set(disturbed) if self.below is None else self.below & disturbed
        if greatest >= self.high:
            self.above = set(disturbed) if self.above is None else self.above & disturbed


class _Cells:
    """The cells of one table, found from variables; each variable is in the sum of one cell or more."""

    def __init__(self, table: Table, snapshot: Snapshot, classes: Mapping[str, Sequence[int]]):
        self.table, self.size = table, prod(table.shape)
        self._sides: list[tuple[int, list[list[int]]]] = []
        self.split: list[str] = []
        step, steps = self.size, {}
        for axis in table.axes:
            step //= len(axis.categories) or 1
            steps[axis.dimension] = (step, [category.codes for category in axis.categories])
        for dimension in snapshot.dimensions:
            step, categories = steps.get(dimension.name, (0, [frozenset(dimension.codes)]))
            of_code = dict(zip(dimension.codes, classes[dimension.name], strict=True))
            allowed = table.where.get(dimension.name, frozenset(dimension.codes))
            found: list[list[int]] = [[] for _ in range(max(of_code.values(), default=-1) + 1)]
            for number, codes in enumerate(categories):
                inside = {of_code[code] for code in codes & allowed}
                if any(of_code[c] in inside for c in dimension.codes if c not in codes & allowed):
                    self.split.append(dimension.name)
                for one in inside:
                    found[one].append(number * step)
            self._sides.append((len(found), found))

    def sums(self, changes: Mapping[int, int]) -> dict[int, int]:
        """The cells that *changes* of variables change, and by how much: added up one dimension at a time."""
        left = prod(size for size, _ in self._sides)
        for size, steps in reversed(self._sides):
            rest = left // size
            added: dict[int, int] = defaultdict(int)
            for number, change in changes.items():
                cell, variable = divmod(number, left)
                variable, one = divmod(variable, size)
                for step in steps[one]:
                    added[(cell + step) * rest + variable] += change
            left, changes = rest, {number: change for number, change in added.items() if change}
        return dict(changes)

    def named(self, cell: int) -> str:
        """The labels of the row and column of *cell*."""
        labels = []
        for axis in reversed(self.table.axes):
            cell, at = divmod(cell, len(axis.categories))
            labels.append(axis.categories[at].label)
        return ", ".join(reversed(labels))


@dataclass(frozen=True, slots=True)
class _Figures:
    """Of one table: true counts that are not 0, cells to be proved, and who is alone in a cell not told."""

    true: dict[int, int]
    needs: dict[int, _Need]
    people: dict[int, int]


class _Check:
    """One certificate against one snapshot and the releases made from it."""

    def __init__(self, snapshot: Snapshot, releases: Sequence[Release], claimed: Certificate):
        self.tables: list[tuple[str, _Cells]] = []
        self.known: list[_Figures] = []
        self.faults = list(self.named(snapshot, releases, claimed))
        if self.faults:
            return
        self.variables(snapshot, claimed)
        for release in releases:
            for number, table in enumerate(release.tables, 1):
                place = f"release {release.id}, table {number}"
                cells = _Cells(table, snapshot, claimed.classes)
                self.tables.append((place, cells))
                self.faults += [f"{place}: a class of {one} is split" for one in cells.split]
                self.faults += self.figures(place, release, cells)
        for number, move in enumerate(claimed.moves, 1):
            self.faults += [f"move {number}: {wrong}" for wrong in self.move(move)]
        self.faults += self.unproved()

    def named(
        self, snapshot: Snapshot, releases: Sequence[Release], claimed: Certificate
    ) -> Iterator[str]:
        """Whether the certificate is of this snapshot and of these releases, and of no others."""
        if claimed.snapshot != snapshot.digest:
            yield f"snapshot {snapshot.id}: the certificate is of another"
        digests = {release.id: release.digest for release in releases}
        if len(digests) != len(releases):
            yield "two releases have one id"
        for name in sorted(digests.keys() | claimed.releases.keys()):
            if digests.get(name) != claimed.releases.get(name):
                yield f"release {name}: what is certified is not what is here"
        for dimension in snapshot.dimensions:
            classes = claimed.classes.get(dimension.name, ())
            if len(classes) != len(dimension.codes) or min(classes, default=0) < 0:
                yield f"classes of {dimension.name}: there must be one for each code"
        for release in releases:
            check_codes(release, snapshot)
            if release.snapshot != snapshot.id:
                yield f"release {release.id}: it is from the snapshot {release.snapshot}"

    def variables(self, snapshot: Snapshot, claimed: Certificate) -> None:
        """Count each variable, and say how many there are."""
        sides = [claimed.classes[dimension.name] for dimension in snapshot.dimensions]
        sizes = [max(classes, default=-1) + 1 for classes in sides]
        self.size, self.counts = prod(sizes), defaultdict[int, int](int)
        for leaf, count in snapshot.counts.items():
            number = 0
            for at, classes, size in zip(leaf, sides, sizes, strict=True):
                number = number * size + classes[at]
            self.counts[number] += count

    def figures(self, place: str, release: Release, cells: _Cells) -> Iterator[str]:
        """What is untrue in a table, or told though it is small; note which cells need proof."""
        known = _Figures(cells.sums(self.counts), {}, {})
        alone = cells.sums({one: one + 1 for one, count in self.counts.items() if count == 1})
        smallest = 0 if release.profile == "research" else 1
        for cell, value in enumerate(cells.table.values):
            count = known.true.get(cell, 0)
            least, greatest = (value, value) if isinstance(value, int) else value or (0, inf)
            if not least <= count <= greatest:
                where = f"{place}, cell ({cells.named(cell)})"
                yield f"{where}: it says {value}, and the snapshot counts {count}"
            if count == 1 and least != greatest:
                known.people[cell] = alone[cell]
            if smallest <= count < release.threshold:
                if greatest - least + 1 < release.threshold:
                    yield f"{place}, cell ({cells.named(cell)}): it tells of {count}, which is small"
                high = int(min(release.threshold, greatest))
                need = _Need(count, max(1, least), high, known.people.get(cell))
                need.see(count, count, set())
                known.needs[cell] = need
        self.known.append(known)

    def move(self, move: Move) -> Iterator[str]:
        """What is wrong with *move*; where nothing is, note which cells it shows to be uncertain."""
        changes = dict(move)
        if len(changes) != len(move) or not all(changes.values()) or not changes:
            yield "it names a variable twice, or changes nothing"
            return
        if not 0 <= min(changes) <= max(changes) < self.size:
            yield "it names a variable that is not there"
            return
        room = [_multiples(self.counts.get(one, 0), 0, inf, by) for one, by in move]
        effects = [cells.sums(changes) for _, cells in self.tables]
        disturbed: set[int] = set()
        for (place, cells), figures, effect in zip(self.tables, self.known, effects, strict=True):
            for cell, by in effect.items():
                value = cells.table.values[cell]
                if isinstance(value, int):
                    yield f"it changes what is published in {place}, cell ({cells.named(cell)})"
                    return
                if value:
                    room.append(_multiples(figures.true.get(cell, 0), *value, by))
                if cell in figures.people:
                    disturbed.add(figures.people[cell])
        fewest, most = max(low for low, _ in room), min(high for _, high in room)
        for figures, effect in zip(self.known, effects, strict=True):
            for cell in effect.keys() & figures.needs.keys():
                need, by = figures.needs[cell], effect[cell]
                need.see(*sorted((need.count + by * fewest, need.count + by * most)), disturbed)

    def unproved(self) -> Iterator[str]:
        """Each protected cell for which tables are missing."""
        for (place, cells), figures in zip(self.tables, self.known, strict=True):
            for cell, need in figures.needs.items():
                ends = (f"{need.low} or less", need.below), (f"{need.high} or more", need.above)
                for end, left in ends:
                    where = f"{place}, cell ({cells.named(cell)})"
                    if left is None:
                        yield f"{where}: nothing shows that it may be {end}"
                    elif left - {need.person}:
                        yield f"{where}: somebody alone in a cell may know that it is not {end}"


def _multiples(count: int, least: int, greatest: float, by: int) -> tuple[float, float]:
    """How many times *by* may be taken from, and added to, *count*, for it to stay between the two."""
    down = (count - least) // abs(by)
    up = inf if greatest == inf else (int(greatest) - count) // abs(by)
    return (-down, up) if by > 0 else (-up, down)


def check(snapshot: Snapshot, releases: Sequence[Release], claimed: Certificate) -> Verdict:
    """Whether *claimed* proves that *releases*, which are all that left of *snapshot*, are safe.

    Raises `DisclosureError` where a release names codes that the snapshot does not know.
    """
    done = _Check(snapshot, releases, claimed)
    cells = sum(cells.size for _, cells in done.tables)
    protected = sum(len(figures.needs) for figures in done.known)
    return Verdict(cells, protected, len(claimed.moves), tuple(done.faults))
