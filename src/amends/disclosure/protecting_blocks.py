"""A block: some classes of each dimension, inside which counts may move, and what moves there cost."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np

from amends.disclosure.protecting_layout import (
    FREE,
    Amounts,
    Flags,
    Layout,
    Numbers,
    Sides,
    outer,
    strides,
)

Shape = tuple[tuple[int, ...], ...]
"""The classes of each dimension that a block takes in."""

Solvers = dict[bytes, highspy.Highs]
"""A solver for each build of blocks: which slots are sums of which."""

SECONDS: Final = 20.0
"""For one flow: what is not found in time is not there."""
NODES: Final = 200
"""Of a search for whole numbers: few, so that the same question gets the same answer on any machine."""
WHOLE: Final = 3_500
"""With so many variables or fewer, everything is one block, and time is taken."""
TRIES: Final = {True: 10, False: 6}
"""Corners of a flow to look at where everything is one block, and in one of many."""
PATIENT: Final = 60
"""Corners to look at before whole numbers are asked for, which takes a hundred times longer."""
_NEAR: Final = 1e-6
_SHORT: Final = 0.02
_ALONE: Final = {True: 2.0, False: 0.3}
"""What it costs to change a cell somebody is alone in, for then another move is wanted without it."""
_MOST: Final = 1e7


@dataclass(frozen=True, slots=True)
class Move:
    """A change of variables that no published cell notices, once what it disturbs is withheld.

    `cells` and `by` say which cells it changes and by how much; from -`fewest` to `most` times it
    leaves every count at 0 or more; `people` are those who are alone in a cell that it changes.
    """

    variables: Numbers
    changes: Numbers
    cells: Numbers
    by: Numbers
    fewest: float
    most: float
    people: frozenset[int]


class Block:
    """The variables of *shape*, with one solver in which every flow inside it is looked for.

    Where it is said which variables *may_change*, only those do.

    A *slot* is what a cell is a sum of inside the block: a variable, or a sum of several. Cells of one slot
    change together.
    """

    def __init__(
        self,
        layout: Layout,
        shape: Shape,
        may_change: Flags | None = None,
        solvers: Solvers | None = None,
    ) -> None:
        self.layout = layout
        self._classes = [np.array(one, np.int64) for one in shape]
        self._sizes = [len(one) for one in shape]
        every = outer(self._classes, strides(layout.grid.sizes))
        kept = np.ones(len(every), bool) if may_change is None else may_change[every]
        self.variables = every[kept]
        self.count = len(self.variables)
        self._column = np.where(kept, np.cumsum(kept) - 1, -1)
        self.slots = self.count
        found = [one for table in layout.tables if (one := self._fold(table)) is not None]
        cells, slots, rows, columns = zip(*found, strict=True)
        self.cells, self.slot_of = np.concatenate(cells), np.concatenate(slots)
        self._rows, self._columns = np.concatenate(rows), np.concatenate(columns)
        self.room = layout.counts[self.variables]
        self._slowly = layout.grid.variables <= WHOLE
        self._all = np.arange(2 * self.slots, dtype=np.int32)
        self._whole = np.arange(self.count, dtype=np.int32)
        self._solver = self._shared({} if solvers is None else solvers)

    def _fold(self, table: Sides) -> tuple[Numbers, Numbers, Numbers, Numbers] | None:
        """The cells of *table* that the block changes, their slots, and the new slots' sums."""
        chosen, kinds, folded = [], [], []
        for members, classes in zip(table.members, self._classes, strict=True):
            inside = members[:, classes]
            some = np.flatnonzero(inside.any(axis=1))
            if not len(some):
                return None
            unique, kind = np.unique(inside[some], axis=0, return_inverse=True)
            chosen.append(some)
            kinds.append(kind.ravel())
            folded.append(unique)
        steps, leaf_steps = strides([len(one) for one in folded]), strides(self._sizes)
        single = np.ones(1, bool)
        for one in folded:
            single = (single[:, None] & (one.sum(axis=1) == 1)[None, :]).ravel()
        slot = self._column[outer([one.argmax(axis=1) for one in folded], leaf_steps)]
        pairs = [np.nonzero(one) for one in folded]
        sums = outer([one for one, _ in pairs], steps)
        columns = self._column[outer([one for _, one in pairs], leaf_steps)]
        used = ~single[sums] & (columns >= 0)
        sums, columns = sums[used], columns[used]
        slot[~single] = -1
        new = np.unique(sums)
        slot[new] = self.slots + np.arange(len(new))
        self.slots += len(new)
        cells, slots = table.cells(chosen), slot[outer(kinds, steps)]
        return cells[slots >= 0], slots[slots >= 0], slot[sums], columns

    def _shared(self, solvers: Solvers) -> highspy.Highs:
        """The one of *solvers* for blocks of this build, of which there are many; made where there is none."""
        build = hashlib.sha256(self._rows.tobytes())
        build.update(self._columns.tobytes())
        build.update(bytes(f"{self.count} {self.slots}", "ascii"))
        if build.digest() not in solvers:
            solvers[build.digest()] = self._model()
        return solvers[build.digest()]

    def _model(self) -> highspy.Highs:
        size, extra = self.slots, self.slots - self.count
        sums = np.arange(self.count, size)
        rows = np.concatenate([self._rows, self._rows, sums, sums]) - self.count
        columns = np.concatenate([self._columns, self._columns + size, sums, sums + size])
        ones = np.ones(len(self._rows))
        values = np.concatenate([ones, -ones, -np.ones(extra), np.ones(extra)])
        sort = np.lexsort((columns, rows))
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = 2 * size, extra
        model.col_cost_ = np.zeros(2 * size)
        model.col_lower_ = np.zeros(2 * size)
        model.col_upper_ = np.zeros(2 * size)
        model.row_lower_ = np.zeros(extra)
        model.row_upper_ = np.zeros(extra)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        starts = np.searchsorted(rows[sort], np.arange(extra + 1))
        model.a_matrix_.start_ = starts.astype(np.int32)
        model.a_matrix_.index_ = columns[sort].astype(np.int32)
        model.a_matrix_.value_ = values[sort]
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        options: dict[str, bool | int | float | str] = {
            "output_flag": False,
            "threads": 1,
            "mip_max_nodes": NODES,
            "presolve": "off",
            "mip_rel_gap": 0.2,
        }
        for name, value in options.items():
            solver.setOptionValue(name, value)
        solver.passModel(model)
        return solver

    def slot(self, cell: int) -> int | None:
        """The slot of *cell*, or None where the block does not change it."""
        found = np.flatnonzero(self.cells == cell)
        return int(self.slot_of[found[0]]) if len(found) else None

    def flow(
        self,
        target: int,
        by: int,
        still: Collection[int] = (),
        limit: float = FREE,
        patient: bool = True,
    ) -> Move | None:
        """The cheapest move found that changes the cell *target* by *by*; None where none was.

        It leaves alone the cells of the people *still*, and what is published where withholding it costs
        *limit* or more: with 0, all that is published. Only where *patient* does it search for whole
        numbers that are not come by easily.
        """
        slot = self.slot(target)
        if slot is None:
            return None
        cost, upper = self._prices(still, limit)
        lower = np.zeros(2 * self.slots)
        here, there = (slot, slot + self.slots) if by > 0 else (slot + self.slots, slot)
        if upper[here] < abs(by):
            return None
        lower[here] = upper[here] = abs(by)
        upper[there] = 0
        found = self._solve(cost, lower, upper, patient)
        return None if found is None else self.move(found)

    def _prices(self, still: Collection[int], limit: float) -> tuple[Amounts, Amounts]:
        layout, slots = self.layout, self.slots
        prices = layout.cost[self.cells]
        cost = np.bincount(self.slot_of, prices, slots)
        people = layout.person[self.cells]
        shut = layout.fixed[self.cells] | ((prices > 0) & (prices >= limit))
        if len(still):
            shut |= np.isin(people, list(still))
        fall, rise = np.full(slots, FREE), np.full(slots, FREE)
        np.minimum.at(fall, self.slot_of, np.where(shut, 0, layout.fall[self.cells]))
        np.minimum.at(rise, self.slot_of, np.where(shut, 0, layout.rise[self.cells]))
        np.minimum(fall[: self.count], self.room, out=fall[: self.count])
        cost[: self.count] = cost[: self.count] + _SHORT
        alone = np.bincount(self.slot_of, people >= 0, slots) > 0
        cost[alone] = cost[alone] + _ALONE[self._slowly]
        upper = np.minimum(np.concatenate([rise, fall]), _MOST)
        return np.concatenate([cost, cost]), upper

    def _solve(
        self, cost: Amounts, lower: Amounts, upper: Amounts, patient: bool
    ) -> Numbers | None:
        """The cheapest changes of the variables in whole numbers, or nearly the cheapest."""
        solver, every = self._solver, self._all
        solver.changeColsBounds(len(every), every, lower, upper)
        shaken = np.random.default_rng(0)
        for turn in range(PATIENT if patient else TRIES[self._slowly]):
            solver.changeColsCost(len(every), every, cost)
            values = self._run(fresh=turn == 0)
            if values is None:
                return None
            changes = values[: self.count] - values[self.slots : self.slots + self.count]
            if (found := self._multiple(changes)) is not None:
                return found
            # Another corner, nearly as cheap, is whole more often than not.
            cost = cost * shaken.uniform(1, 1.5, len(cost))
        return self._solve_whole() if patient else None

    def _multiple(self, changes: Amounts) -> Numbers | None:
        """The smallest multiple of *changes* in whole numbers, where the counts have room for it."""
        for times in (1, 2, 3, 4, 6):
            whole = np.rint(changes * times)
            if np.abs(changes * times - whole).max(initial=0) < _NEAR:
                found = whole.astype(np.int64)
                return found if times == 1 or self.move(found).most >= 1 else None
        return None

    def _run(self, fresh: bool = False) -> Amounts | None:
        solver = self._solver
        if fresh:
            solver.clearSolver()
        solver.setOptionValue("time_limit", solver.getRunTime() + SECONDS)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal or (
            status == highspy.HighsModelStatus.kSolutionLimit
            and solver.getInfo().primal_solution_status == 2
        ):
            return np.array(solver.getSolution().col_value)
        return None

    def _solve_whole(self) -> Numbers | None:
        solver = self._solver
        columns = np.concatenate([self._whole, self._whole + self.slots]).astype(np.int32)
        for kind in (highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous):
            kinds = np.full(len(columns), int(kind), np.uint8)
            solver.changeColsIntegrality(len(columns), columns, kinds)
            integer = kind == highspy.HighsVarType.kInteger
            solver.setOptionValue("presolve", "on" if integer else "off")
            if kind == highspy.HighsVarType.kInteger:
                values = self._run()
        if values is None:
            return None
        changes = values[: self.count] - values[self.slots : self.slots + self.count]
        whole = np.rint(changes)
        return whole.astype(np.int64) if np.abs(changes - whole).max() < 1e-3 else None

    def move(self, changes: Numbers) -> Move:
        """The move that *changes* the block's variables, with all that follows from it."""
        slots = np.zeros(self.slots, np.int64)
        slots[: self.count] = changes
        np.add.at(slots, self._rows, changes[self._columns])
        by = slots[self.slot_of]
        touched = np.flatnonzero(by)
        touched = touched[np.argsort(self.cells[touched])]
        cells, by = self.cells[touched], by[touched]
        moved = np.flatnonzero(changes)
        layout = self.layout
        fewest, most = _times(self.room[moved], np.full(len(moved), FREE), changes[moved])
        more = _times(layout.fall[cells], layout.rise[cells], by)
        people = layout.person[cells]
        return Move(
            self.variables[moved],
            changes[moved],
            cells,
            by,
            min(fewest, more[0]),
            min(most, more[1]),
            frozenset(people[people >= 0].tolist()),
        )


def _times(fall: Amounts | Numbers, rise: Amounts, by: Numbers) -> tuple[float, float]:
    """How often *by* may be taken from, and added to, what may *fall* and *rise* so far."""
    if not len(by):
        return FREE, FREE
    size = np.abs(by)
    down, up = np.where(by > 0, fall, rise), np.where(by > 0, rise, fall)
    return float(np.floor(down / size).min()), float(np.floor(up / size).min())
