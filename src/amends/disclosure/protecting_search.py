"""Withholding no more than it takes: flows through blocks, each cell proved, then given back where possible."""

import hmac
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from math import prod
from typing import Final

import numpy as np

from amends.disclosure.protecting_blocks import WHOLE, Block, Move, Shape, Solvers
from amends.disclosure.protecting_layout import FREE, Flags, Layout
from amends.disclosure.protecting_pool import SENSES, Pool, Target

SIZES: Final = (4, 6, 10, 16)
"""Of a dimension with many classes, so many neighbours are looked at first, then so many."""
CHEAP: Final = 60
"""A move that withholds no more than this is taken; else a wider block is asked for a cheaper one."""
MEAN: Final = 8
"""Half of a few neighbours are such as count so many in a variable on average, or little more: they can give way."""
WORTH: Final = ((CHEAP, 0), (1_000, 600), (20_000, 1_500))
"""Where a move withholds no more than this, a cheaper one is looked for only in blocks of so many variables."""
LARGE: Final = 30_000
WORTH_WHERE_LARGE: Final = ((5_000, 0), (100_000, 600), (1_000_000, 1_500))
"""The same where there are more than `LARGE` variables: such tables should be coarser, and time counts."""
KEPT: Final = 400
"""Blocks whose solvers are kept for the next cell."""

Tell = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and of how much."""


class Unprotectable(Exception):
    """A cell that nothing protects, whatever else is withheld."""

    def __init__(self, cell: int) -> None:
        super().__init__(cell)
        self.cell = cell


class Search:
    """Finds what must be withheld besides, and the moves that prove it enough."""

    def __init__(self, layout: Layout, pool: Pool, key: bytes, tell: Tell) -> None:
        self.layout, self.pool, self.tell = layout, pool, tell
        self.because: dict[int, int] = {}
        self.price = layout.cost.copy()
        self._key = key
        self._blocks: OrderedDict[Shape, Block] = OrderedDict()
        self._solvers: Solvers = {}
        self._known: dict[tuple[int, int, tuple[int, ...]], list[tuple[int, ...]]] = {}
        counts = layout.counts.reshape(layout.grid.sizes)
        axes = range(counts.ndim)
        self._totals = [
            counts.sum(axis=tuple(one for one in axes if one != at)).tolist() for at in axes
        ]
        self._may_change: Flags | None = None
        self._worth = WORTH if layout.grid.variables <= LARGE else WORTH_WHERE_LARGE
        self._patient = False
        self.flows = 0

    # ---- where to look ----------------------------------------------------------------------

    def shapes(self, cell: int, patient: bool = False, closed: bool = False) -> Iterator[Shape]:
        """Blocks around *cell*: its neighbours on every axis, then wider, then everything.

        Where there is little in all, everything at once, unless a search will be *patient*.
        """
        everything = tuple(tuple(range(size)) for size in self.layout.grid.sizes)
        if self.layout.grid.variables <= WHOLE and (closed or not patient):
            yield everything
            return
        ladders = self._ladders(cell)
        before = None
        for height in range(max(map(len, ladders))):
            shape = tuple(ladder[min(height, len(ladder) - 1)] for ladder in ladders)
            if shape != before:
                yield shape
            before = shape
        if before != everything and not closed and patient:
            yield everything

    def _ladders(self, cell: int) -> list[list[tuple[int, ...]]]:
        """For each dimension, ever more classes around those of *cell*."""
        number = self.layout.table_of(cell)
        table = self.layout.tables[number]
        categories = self.layout.categories(cell)
        own = [
            np.flatnonzero(members[at])
            for members, at in zip(table.members, categories, strict=True)
        ]
        inside = self.layout.counts.reshape(self.layout.grid.sizes)[np.ix_(*own)]
        found = []
        for at, classes in enumerate(own):
            # Those that count somebody come first.
            others = tuple(one for one in range(inside.ndim) if one != at)
            ranked = classes[np.argsort(-inside.sum(axis=others), kind="stable")]
            found.append(self._ladder(number, at, tuple(ranked.tolist())))
        return found

    def _ladder(self, table: int, at: int, own: tuple[int, ...]) -> list[tuple[int, ...]]:
        """Ever more classes of dimension *at*: from few neighbours of *own* to all under its parents."""
        if (table, at, own) in self._known:
            return self._known[table, at, own]
        members = self.layout.tables[table].members[at]
        inside = members[:, list(own)].all(axis=1)
        parents = sorted({tuple(np.flatnonzero(one).tolist()) for one in members[inside]}, key=len)
        wider = [one for one in parents if len(one) > len(own)]
        nearest = wider[0] if wider else tuple(sorted(own))
        steps = [self._some(at, nearest, own, size) for size in SIZES if size < len(nearest)]
        self._known[table, at, own] = found = [*steps, nearest, *wider[1:]]
        return found

    def _some(
        self, at: int, among: tuple[int, ...], own: tuple[int, ...], size: int
    ) -> tuple[int, ...]:
        """About *size* classes of *among*, with one or more of *own*: rare ones and common ones.

        Among rare ones alone nothing could give way, and what they add up to would have to be withheld.
        """
        totals = self._totals[at]
        ranked = sorted(among, key=lambda one: (totals[one], one))
        if len(own) == 1:
            half = size // 2
            start = min(ranked.index(own[0]) // half * half, len(ranked) - half)
            near = ranked[start : start + half]
            enough = MEAN * self.layout.grid.variables / len(totals)
            others = [one for one in ranked if one not in near]
            others.sort(key=lambda one: (totals[one] < enough, abs(totals[one] - enough)))
            return tuple(sorted([*near, *others[: size - half]]))
        others = [one for one in ranked if one not in own]
        return tuple(sorted({*own[:size], *others[:size]}))

    def block(self, shape: Shape) -> Block:
        """The block of *shape*, made or kept."""
        if shape in self._blocks:
            self._blocks.move_to_end(shape)
        else:
            if len(self._blocks) >= KEPT:
                self._blocks.popitem(last=False)
            self._blocks[shape] = Block(self.layout, shape, self._may_change, self._solvers)
        return self._blocks[shape]

    # ---- proving a cell ---------------------------------------------------------------------

    def find(
        self, target: Target, sense: int, still: Collection[int] = (), closed: bool = False
    ) -> bool:
        """Look for a move that shows *target* far enough in this *sense*; whether one was found."""
        if self._find(target, sense, still, closed, patient=False):
            return True
        if len(still) > 1 or (closed and not self._patient):
            return False  # several people at once may be too many: each alone is asked next
        return self._find(target, sense, still, closed, patient=True)

    def _find(
        self, target: Target, sense: int, still: Collection[int], closed: bool, patient: bool
    ) -> bool:
        by, best, least = sense * target.need(sense), None, np.inf
        for shape in self.shapes(target.cell, patient, closed):
            size = prod(map(len, shape))
            most = WHOLE if closed or not patient or best else np.inf
            if size > next((wide for price, wide in self._worth if least <= price), most):
                break
            self.flows += 1
            move = self.block(shape).flow(target.cell, by, still, 0 if closed else FREE, patient)
            if move is None:
                continue
            price = self.price_of(move)
            if price < least:
                best, least = move, price
        if best is not None:
            self.take(best, target)
        return best is not None

    def price_of(self, move: Move) -> float:
        """What it costs to withhold all that *move* changes and that is told so far."""
        return float(self.layout.cost[move.cells].sum())

    def take(self, move: Move, target: Target) -> list[int]:
        """Keep *move*, and withhold what it changes; those cells that were told until now."""
        new: list[int] = move.cells[self.layout.cost[move.cells] > 0].tolist()
        for cell in new:
            self.layout.cost[cell] = 0
            self.because[cell] = target.cell
        self.pool.add(move)
        return new

    def reason(self, cell: int) -> int:
        """A protected cell for the sake of which *cell* is withheld: some move changes both."""
        moves = [self.pool.moves[number] for number in sorted(self.pool.touching.get(cell, ()))]
        others = [other for move in moves for other in move.cells.tolist()]
        if self.because[cell] in others:
            return self.because[cell]
        return next((one for one in others if one in self.pool.targets), self.because[cell])

    def prove(self, target: Target, closed: bool = False) -> bool:
        """Look for all that is missing of *target*; whether it was found."""
        for sense in SENSES:
            if target.left[sense] is None and not self.find(target, sense, (), closed):
                return False
            left = target.left[sense]
            if left and not self.find(target, sense, left, closed):
                for person in sorted(left):
                    now = target.left[sense]
                    if now and person in now and not self.find(target, sense, [person], closed):
                        return False
        return target.proved

    def spread(self) -> None:
        """Prove every protected cell, the most demanding first; raises `Unprotectable`."""
        todo = sorted(self.pool.targets.values(), key=self._rank)
        for done, target in enumerate(todo):
            self.tell("protecting", done, len(todo))
            if not self.prove(target):
                raise Unprotectable(target.cell)

    def _rank(self, target: Target) -> tuple[int, bytes]:
        return -(target.above + target.below), self.mark(target.cell)

    def mark(self, cell: int) -> bytes:
        """What decides between equals: nobody without the key can foretell it."""
        return hmac.digest(self._key, cell.to_bytes(8, "big"), "sha256")

    # ---- giving back ------------------------------------------------------------------------

    def give_back(self, most_flows: int) -> None:
        """Publish again, dearest first, each cell without which everything can still be proved."""
        self._may_change = self.layout.dearest() == 0
        self._blocks.clear()
        todo = sorted(self.because, key=lambda cell: (-self.price[cell], self.mark(cell)))
        end = self.flows + most_flows
        for done, cell in enumerate(todo):
            self.tell("giving back", done, len(todo))
            if self.flows >= end:
                return
            self._try_without(cell)

    def _try_without(self, cell: int) -> None:
        pool = self.pool
        lost = [pool.moves[number] for number in sorted(pool.touching.get(cell, ()))]
        self.layout.cost[cell] = self.price[cell]
        wanting = pool.without(cell)
        self._patient = self.price[cell] > CHEAP
        for target in wanting:
            if not self.prove(target, closed=True):
                break
        else:
            del self.because[cell]
            return
        self.layout.cost[cell] = 0
        for move in lost:
            pool.add(move)
