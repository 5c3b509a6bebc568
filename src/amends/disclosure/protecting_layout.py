"""Every cell of every table, numbered through, as sums over one grid of variables."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from amends.disclosure.published import Table, Value
from amends.disclosure.snapshots import Snapshot
from amends.disclosure.systems import Grid, order, spans

Numbers = NDArray[np.int64]
Amounts = NDArray[np.float64]
Flags = NDArray[np.bool_]

FREE = np.inf


@dataclass(frozen=True, slots=True)
class Sides:
    """One table: where its cells start, and for each dimension its categories' classes and its step."""

    start: int
    members: tuple[Flags, ...]
    steps: tuple[int, ...]
    size: int

    @property
    def shape(self) -> tuple[int, ...]:
        """How many categories it has in each dimension; 1 where it has no axis."""
        return tuple(len(one) for one in self.members)

    def cells(self, chosen: Sequence[Numbers]) -> Numbers:
        """The numbers of the cells of *chosen* categories, in the order of their combinations."""
        return self.start + outer(chosen, self.steps)


def outer(chosen: Sequence[Numbers], steps: Sequence[int]) -> Numbers:
    """For each combination of *chosen*, the last fastest, the sum of what is chosen times its step."""
    total = np.zeros(1, np.int64)
    for numbers, step in zip(chosen, steps, strict=True):
        total = (total[:, None] + numbers[None, :] * step).ravel()
    return total


def strides(sizes: Sequence[int]) -> tuple[int, ...]:
    """How far apart neighbours are in each dimension, the last fastest."""
    return tuple(prod(sizes[at + 1 :]) for at in range(len(sizes)))


class Layout:
    """The cells of *tables*, one after another, and what is known of each.

    `true` has their counts; `fixed` says which are published and may not be taken back, `cost` what
    it would cost to withhold each other one (0: it is withheld). `fall` and `rise` say by how much
    a cell may differ from its count: less than `FREE` where an interval is published. `person` is
    the variable of whoever is alone in a cell that is not told, or -1.
    """

    def __init__(self, snapshot: Snapshot, tables: Sequence[Table], variables: Grid) -> None:
        self.grid = variables
        self.tables: list[Sides] = []
        start = 0
        for table in tables:
            members = tuple(
                _matrix(categories, size)
                for categories, size in zip(
                    spans(table, snapshot, variables), variables.sizes, strict=True
                )
            )
            self.tables.append(Sides(start, members, order(table, snapshot), prod(table.shape)))
            start += prod(table.shape)
        self.size = start
        self.counts = np.zeros(variables.variables, np.int64)
        self.counts[list(variables.counts)] = list(variables.counts.values())
        self.true = self.sums(self.counts)
        self.fixed = np.zeros(start, bool)
        self.cost = np.zeros(start)
        self.fall = np.full(start, FREE)
        self.rise = np.full(start, FREE)
        self.person = np.full(start, -1, np.int64)

    def sums(self, values: Numbers) -> Numbers:
        """What each cell counts where the variables have *values*."""
        found = np.zeros(self.size, np.int64)
        for table in self.tables:
            array = values.reshape(self.grid.sizes)
            for at, members in enumerate(table.members):
                array = np.moveaxis(np.tensordot(members.astype(np.int64), array, (1, at)), 0, at)
            found[table.cells([np.arange(len(one)) for one in table.members])] = array.ravel()
        return found

    def publish(self, number: int, values: Sequence[Value]) -> None:
        """Note that *values* of the table with this *number* are out and stay as they are."""
        start = self.tables[number].start
        for cell, value in enumerate(values, start):
            if isinstance(value, int):
                self.fixed[cell] = True
            elif value:
                self.fall[cell] = self.true[cell] - value[0]
                self.rise[cell] = value[1] - self.true[cell]

    def find_people(self, told: Flags) -> None:
        """Note who is alone in a cell that is not *told*."""
        ones = np.where(self.counts == 1, np.arange(len(self.counts)) + 1, 0)
        alone = (self.true == 1) & ~told
        self.person[alone] = self.sums(ones)[alone] - 1

    def dearest(self) -> Amounts:
        """For each variable, what it costs to withhold the dearest cell that is it alone; `FREE` where fixed."""
        found = np.zeros(len(self.counts))
        for table in self.tables:
            sizes = [one.sum(axis=1) for one in table.members]
            alone = [np.flatnonzero(one == 1) for one in sizes]
            cells = table.cells(alone)
            classes = [
                one[some].argmax(axis=1) for one, some in zip(table.members, alone, strict=True)
            ]
            variables = outer(classes, strides(self.grid.sizes))
            np.maximum.at(found, variables, np.where(self.fixed[cells], FREE, self.cost[cells]))
        return found

    def table_of(self, cell: int) -> int:
        """The number of the table that has *cell*."""
        return next(n for n, one in enumerate(self.tables) if cell < one.start + one.size)

    def categories(self, cell: int) -> tuple[int, ...]:
        """The category of *cell* in each dimension of its table."""
        table = self.tables[self.table_of(cell)]
        inside = cell - table.start
        return tuple(
            inside // step % len(members) if step else 0
            for members, step in zip(table.members, table.steps, strict=True)
        )


def _matrix(categories: Sequence[Sequence[int]], size: int) -> Flags:
    found = np.zeros((len(categories), size), bool)
    for number, classes in enumerate(categories):
        found[number, list(classes)] = True
    return found
