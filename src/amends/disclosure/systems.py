"""What published tables say as equations over the coarsest variables that tell their cells apart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final, NamedTuple

from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Release, Table
from amends.disclosure.snapshots import Snapshot

MOST_VARIABLES: Final = 20_000_000
"""More than this many are not held in memory."""


class Place(NamedTuple):
    """Where a cell is: which release, which of its tables, which of the table's values; from 0."""

    release: int
    table: int
    cell: int


@dataclass(frozen=True)
class Grid:
    """The variables: one for each combination of classes, a class being codes that no cell tells apart.

    `classes` gives the class of each code of each dimension, `sizes` how many classes there are, and
    `counts` the count of each variable that is not 0. A variable's number counts combinations, the
    last dimension fastest.
    """

    classes: tuple[tuple[int, ...], ...]
    sizes: tuple[int, ...]
    counts: dict[int, int]

    @property
    def variables(self) -> int:
        """How many variables there are."""
        return prod(self.sizes)


def grid(snapshot: Snapshot, tables: Iterable[Table]) -> Grid:
    """The coarsest variables in which every cell of *tables* is a sum; `DisclosureError` where too many."""
    asked: dict[str, dict[frozenset[str], None]] = {name: {} for name in snapshot.by_name}
    for table in tables:
        for name, codes in table.where.items():
            asked[name][codes] = None
        for axis in table.axes:
            asked[axis.dimension].update(dict.fromkeys(one.codes for one in axis.categories))
    classes = tuple(_classes(one.codes, asked[one.name]) for one in snapshot.dimensions)
    sizes = tuple(max(of_codes, default=-1) + 1 for of_codes in classes)
    if prod(sizes) > MOST_VARIABLES:
        raise DisclosureError(
            f"snapshot {snapshot.id}",
            f"its tables tell {prod(sizes):,} combinations apart, and {MOST_VARIABLES:,} is the most",
            "Publish fewer dimensions together, or coarser categories.",
        )
    counts: dict[int, int] = {}
    for leaf, count in snapshot.counts.items():
        number = 0
        for at, of_codes, size in zip(leaf, classes, sizes, strict=True):
            number = number * size + of_codes[at]
        counts[number] = counts.get(number, 0) + count
    return Grid(classes, sizes, counts)


def _classes(codes: Sequence[str], asked: Iterable[frozenset[str]]) -> tuple[int, ...]:
    signs: dict[str, list[int]] = {code: [] for code in codes}
    for number, some in enumerate(asked):
        for code in some:
            signs[code].append(number)
    numbers: dict[tuple[int, ...], int] = {}
    return tuple(numbers.setdefault(tuple(signs[code]), len(numbers)) for code in codes)


Spans = tuple[tuple[tuple[int, ...], ...], ...]
"""For each dimension, the classes of each category of a table; one category where it has no axis."""


def spans(table: Table, snapshot: Snapshot, variables: Grid) -> Spans:
    """The classes that each category of *table* takes in, in every dimension of *snapshot*."""
    by_axis = {axis.dimension: [one.codes for one in axis.categories] for axis in table.axes}
    found = []
    for dimension, of_codes in zip(snapshot.dimensions, variables.classes, strict=True):
        every = frozenset(dimension.codes)
        allowed = table.where.get(dimension.name, every)
        found.append(
            tuple(
                tuple(sorted({of_codes[dimension.places[code]] for code in codes & allowed}))
                for codes in by_axis.get(dimension.name, [every])
            )
        )
    return tuple(found)


def order(table: Table, snapshot: Snapshot) -> tuple[int, ...]:
    """For each dimension, how far apart in a table's values two neighbours on its axis are; 0 without one."""
    steps, step = {}, prod(table.shape)
    for axis in table.axes:
        step //= len(axis.categories) or 1
        steps[axis.dimension] = step
    return tuple(steps.get(one.name, 0) for one in snapshot.dimensions)


@dataclass(frozen=True, slots=True)
class Equation:
    """A cell: its place, the variables it is the sum of, and what is published of it.

    `least` and `greatest` are equal where its count is published; `greatest` is None where it is withheld.
    """

    place: Place
    variables: tuple[int, ...]
    least: int
    greatest: int | None

    @property
    def hidden(self) -> bool:
        """Whether nothing is published of it."""
        return self.greatest is None


def equations(
    snapshot: Snapshot, releases: Sequence[Release], variables: Grid
) -> Iterator[Equation]:
    """Every cell of *releases*, in order, as an equation over *variables*."""
    for number, release in enumerate(releases):
        for which, table in enumerate(release.tables):
            for cell, members in _members(table, snapshot, variables):
                value = table.values[cell]
                least, greatest = (
                    (0, None)
                    if value is None
                    else (value, value)
                    if isinstance(value, int)
                    else value
                )
                yield Equation(Place(number, which, cell), members, least, greatest)


def _members(
    table: Table, snapshot: Snapshot, variables: Grid
) -> Iterator[tuple[int, tuple[int, ...]]]:
    steps = order(table, snapshot)
    sides = [list(enumerate(categories)) for categories in spans(table, snapshot, variables)]
    for combination in product(*sides):
        cell = sum(number * step for (number, _), step in zip(combination, steps, strict=True))
        members = [0]
        for (_, classes), size in zip(combination, variables.sizes, strict=True):
            members = [number * size + one for number in members for one in classes]
        yield cell, tuple(members)


def told(release: Release, table: int, cell: int) -> str:
    """A cell's place in words: its release, its table, and the labels of its row and column."""
    return f"release {release.id}, table {table + 1}, cell ({release.tables[table].named(cell)})"
