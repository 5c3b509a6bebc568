"""The grid of variables: the coarsest parts of a population that no published cell tells apart.

A published cell is a box: in each dimension the codes that it takes. The grid cuts each dimension
only where some box begins or ends, and then puts together again the places that lie in exactly the
same boxes. Each such part is one variable, an unknown count; a published value is one equation
over variables. A place that is in no box is in no variable.

A snapshot is a population of its own, unless it was declared to repeat an earlier one for a stated
part; that part is then one population, and its variables are shared.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Category, Table
from amends.disclosure.snapshots import Dimension, Snapshot

MOST_PLACES: Final = 2_000_000
"""Combinations of parts of dimensions beyond which a history is too finely cut to be judged."""

Mask = int
"""Codes of one dimension: bit *n* is its *n*th code."""
Box = tuple[Mask, ...]
"""The codes taken in each dimension."""
Place = tuple[int, ...]
"""A population, and the number of a part in each dimension."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one published number counts: the records of a population (a snapshot) in a box."""

    population: int
    box: Box


@dataclass(frozen=True, slots=True)
class Repeat:
    """Says that a snapshot counts the same as the snapshot *of*, for what `where` describes."""

    of: str
    where: Mapping[str, frozenset[str]]


def words_of(repeat: Repeat) -> str:
    """What a snapshot repeats, in words."""
    said = [f"{name} {', '.join(sorted(codes))}" for name, codes in sorted(repeat.where.items())]
    return "; ".join(said) or "everything"


class Space:
    """The snapshots that are judged together, and their codes side by side.

    `repeats` has, for a population, the earlier population that it repeats and the box in which it
    does. Raises `DisclosureError` where snapshots that repeat each other have other dimensions.
    """

    def __init__(
        self, snapshots: Sequence[Snapshot], repeats: Mapping[str, Repeat] | None = None
    ) -> None:
        self.snapshots = tuple(snapshots)
        self.numbers = {one.id: number for number, one in enumerate(self.snapshots)}
        names = [dimension.name for dimension in self.snapshots[0].dimensions]
        for other in self.snapshots[1:]:
            if (found := [dimension.name for dimension in other.dimensions]) != names:
                raise DisclosureError(
                    f"snapshot {other.id}",
                    f"has the dimensions {', '.join(found)}",
                    f"What it repeats has {', '.join(names)}.",
                )
        self.dimensions = tuple(
            Dimension(name, _together(one.by_name[name].codes for one in self.snapshots))
            for name in names
        )
        self.repeats = {
            self.numbers[snapshot]: (self.numbers[one.of], self.box(snapshot, one.where))
            for snapshot, one in (repeats or {}).items()
            if snapshot in self.numbers and one.of in self.numbers
        }

    def mask(self, dimension: int, codes: Iterable[str]) -> Mask:
        """The bits of *codes*."""
        places = self.dimensions[dimension].places
        return sum(1 << places[code] for code in set(codes))

    def box(self, snapshot: str, where: Mapping[str, Iterable[str]]) -> Box:
        """The box of *where* in a snapshot, which is taken whole in what *where* does not name."""
        own = self.snapshots[self.numbers[snapshot]].dimensions
        return tuple(
            self.mask(number, where.get(dimension.name, dimension.codes))
            for number, dimension in enumerate(own)
        )

    def cell(self, snapshot: str, table: Table, categories: Sequence[Category]) -> Cell:
        """The cell of *table*, counted from *snapshot*, that has *categories*."""
        where = dict(table.where)
        for axis, category in zip(table.axes, categories, strict=True):
            allowed = where.get(axis.dimension, category.codes)
            where[axis.dimension] = category.codes & allowed
        return Cell(self.numbers[snapshot], self.box(snapshot, where))

    def cells(self, snapshot: str, table: Table) -> Iterator[Cell]:
        """The cells of *table*, in the order of its values."""
        for categories in table.cells():
            yield self.cell(snapshot, table, categories)


def _together(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for codes in lists for code in codes))


@dataclass(frozen=True, slots=True)
class Grid:
    """The variables that tell apart what has been published so far.

    `parts` has, for each dimension, the sets of codes that no box cuts; `variables` the variable of
    each place; `sizes` how many places each variable has. `came_from` has, for each variable, that
    of the coarser grid which it is part of, -1 where it was in none.
    """

    space: Space
    parts: tuple[tuple[Mask, ...], ...]
    variables: Mapping[Place, int]
    sizes: tuple[int, ...]
    came_from: tuple[int, ...]

    @property
    def outside(self) -> int:
        """The number that stands for all places that are in no variable."""
        return len(self.sizes)

    def refined(self, cells: Iterable[Cell]) -> "Grid":
        """The grid that tells *cells* apart too; raises `DisclosureError` where it is too large."""
        asked = list(dict.fromkeys(cells))
        cut = [
            _cut(parts, {cell.box[number] for cell in asked})
            for number, parts in enumerate(self.parts)
        ]
        finer = replace(self, parts=tuple(tuple(mask for mask, _ in parts) for parts in cut))
        if (many := math.prod(map(len, finer.parts))) > MOST_PLACES:
            raise DisclosureError(
                "the published cells", f"cut the records into {many:,} parts, too many to judge",
                f"At most {MOST_PLACES:,} can be judged: ask for coarser dates or categories.",
            )  # fmt: skip
        held: dict[Place, list[int]] = {}
        for place, variable in self._carried(cut):
            held[place] = [variable]
        for number, cell in enumerate(asked):
            for place in finer.places(cell):
                held.setdefault(place, [-1]).append(number)
        return _numbered(finer, held)

    def _carried(self, cut: list[list[tuple[Mask, int]]]) -> Iterator[tuple[Place, int]]:
        """Each place of the finer parts *cut* that was in a variable, and which."""
        inside: list[list[list[int]]] = [[[] for _ in parts] for parts in self.parts]
        for pieces, finer in zip(inside, cut, strict=True):
            for number, (_, old) in enumerate(finer):
                pieces[old].append(number)
        for (population, *places), variable in self.variables.items():
            for new in product(*(pieces[at] for pieces, at in zip(inside, places, strict=True))):
                yield (population, *new), variable

    def places(self, cell: Cell) -> Iterator[Place]:
        """The places that *cell* reaches into, wholly or in part."""
        numbers = [
            [number for number, part in enumerate(parts) if part & mask]
            for parts, mask in zip(self.parts, cell.box, strict=True)
        ]
        if cell.population not in self.space.repeats:
            yield from product((cell.population,), *numbers)
            return
        for place in product(*numbers):
            yield (self.home(cell.population, place), *place)

    def home(self, population: int, place: Place) -> int:
        """The population that *place* is counted in: the earliest of those that repeat each other."""
        while population in self.space.repeats:
            earlier, box = self.space.repeats[population]
            inside = zip(self.parts, place, box, strict=True)
            if not all(parts[at] & mask for parts, at, mask in inside):
                break
            population = earlier
        return population

    def row(self, cell: Cell) -> tuple[int, ...]:
        """The variables that *cell*, for which the grid was refined, is the sum of."""
        return tuple(sorted({self.variables[place] for place in self.places(cell)}))

    def around(self, cell: Cell) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The variables that lie wholly in any *cell*, and those that it only cuts.

        Places that are in no variable, of which nothing was asked, are together one more: `outside`.
        """
        whole = [
            [not part & ~mask for part in parts]
            for parts, mask in zip(self.parts, cell.box, strict=True)
        ]
        found: Counter[int] = Counter()
        touched: set[int] = set()
        for place in self.places(cell):
            variable = self.variables.get(place, self.outside)
            touched.add(variable)
            if all(wholly[at] for wholly, at in zip(whole, place[1:], strict=True)):
                found[variable] += 1
        held = {one for one in touched - {self.outside} if found[one] == self.sizes[one]}
        return tuple(sorted(held)), tuple(sorted(touched - held))

    def parts_of(self, population: int) -> list[tuple[int, ...]]:
        """For each dimension, the part that each code of a population's snapshot is in."""
        found = []
        own = self.space.snapshots[population].dimensions
        for parts, dimension, joint in zip(self.parts, own, self.space.dimensions, strict=True):
            of_bit = {bit: number for number, part in enumerate(parts) for bit in bits(part)}
            found.append(tuple(of_bit[joint.places[code]] for code in dimension.codes))
        return found

    def counts(self) -> tuple[int, ...]:
        """The true count of each variable; a place that snapshots share is counted once."""
        return self._added(lambda count: count)

    def lone(self) -> tuple[int, ...]:
        """How many people of each variable share all their codes with nobody."""
        return self._added(lambda count: int(count == 1))

    def _added(self, weight: Callable[[int], int]) -> tuple[int, ...]:
        found = [0] * len(self.sizes)
        for population, snapshot in enumerate(self.space.snapshots):
            numbers = self.parts_of(population)
            for leaf, count in snapshot.counts.items():
                place = tuple(at[code] for at, code in zip(numbers, leaf, strict=True))
                if self.home(population, place) == population:
                    variable = self.variables.get((population, *place), -1)
                    if variable >= 0:
                        found[variable] += weight(count)
        return tuple(found)


def bits(mask: Mask) -> Iterator[int]:
    """The places of the codes in *mask*, in order."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _cut(parts: tuple[Mask, ...], masks: set[Mask]) -> list[tuple[Mask, int]]:
    """*parts* cut by each of *masks*, in order, each with the number of the part that it was in."""
    found = [(part, number) for number, part in enumerate(parts)]
    for mask in sorted(masks):
        found = [
            (piece, number)
            for part, number in found
            for piece in (part & mask, part & ~mask)
            if piece
        ]
    return sorted(found, key=lambda pair: pair[0] & -pair[0])


def _numbered(grid: Grid, held: Mapping[Place, list[int]]) -> Grid:
    """*grid* with one variable for the places that *held* says are in the same variable and cells."""
    ids: dict[tuple[int, ...], int] = {}
    variables = {place: ids.setdefault(tuple(held[place]), len(ids)) for place in sorted(held)}
    sizes = Counter(variables.values())
    return replace(
        grid,
        variables=variables,
        sizes=tuple(sizes[number] for number in range(len(ids))),
        came_from=tuple(signature[0] for signature in ids),
    )


def coarsest(space: Space) -> Grid:
    """The grid of *space* before anything was published: one part in each dimension, no variable."""
    whole = tuple(((1 << len(dimension.codes)) - 1,) for dimension in space.dimensions)
    shared = [Cell(population, box) for population, (_, box) in space.repeats.items()]
    own = [Cell(number, space.box(one.id, {})) for number, one in enumerate(space.snapshots)]
    parts = tuple(
        tuple(mask for mask, _ in _cut(parts, {cell.box[number] for cell in (*own, *shared)}))
        for number, parts in enumerate(whole)
    )
    return Grid(space, parts, {}, (), ())
