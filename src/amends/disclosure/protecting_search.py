"""Withholding no more than it takes: flows through blocks, each cell proved, then given back where possible."""

import hmac
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from amends.disclosure.protecting_blocks import Block, Move, Shape
from amends.disclosure.protecting_layout import Layout
from amends.disclosure.protecting_pool import SENSES, Pool, Target

WHOLE: Final = 3_500
"""With so many variables or fewer, everything is one block."""
KEPT: Final = 400
"""Blocks whose solvers are kept for the next cell."""

Tell = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and of how much."""


class Unprotectable(Exception):
    """A cell that nothing protects, whatever else is withheld."""

    def __init__(self, cell: int) -> None:
        super().__init__(cell)
        self.cell = cell


@dataclass(frozen=True, slots=True)
class Secondary:
    """A cell withheld for the sake of another."""

    cell: int
    target: int


class Search:
    """Finds what must be withheld besides, and the moves that prove it enough."""

    def __init__(self, layout: Layout, pool: Pool, key: bytes, tell: Tell) -> None:
        self.layout, self.pool, self.tell = layout, pool, tell
        self.because: dict[int, int] = {}
        self.price = layout.cost.copy()
        self._key = key
        self._blocks: OrderedDict[Shape, Block] = OrderedDict()
        self._parents: dict[tuple[int, int, int], list[tuple[int, ...]]] = {}
        self.flows = 0

    # ---- where to look ----------------------------------------------------------------------

    def shapes(self, cell: int) -> Iterator[Shape]:
        """Blocks around *cell*: its neighbours on every axis, then wider, then everything."""
        everything = tuple(tuple(range(size)) for size in self.layout.grid.sizes)
        if self.layout.grid.variables <= WHOLE:
            yield everything
            return
        table = self.layout.table_of(cell)
        ladders = [
            self._ladder(table, at, category)
            for at, category in enumerate(self.layout.categories(cell))
        ]
        before = None
        for height in range(max(map(len, ladders))):
            shape = tuple(ladder[min(height, len(ladder) - 1)] for ladder in ladders)
            if shape != before:
                yield shape
            before = shape
        if before != everything:
            yield everything

    def _ladder(self, table: int, at: int, category: int) -> list[tuple[int, ...]]:
        """The classes of a category's parent in dimension *at*, of that one's parent, and so on."""
        asked = (table, at, category)
        if asked not in self._parents:
            members = self.layout.tables[table].members[at]
            inside = members[category]
            holders = members[(members & inside).sum(axis=1) == inside.sum()]
            sizes = sorted({int(size) for size in holders.sum(axis=1) if size > inside.sum()})
            steps = [
                tuple(np.flatnonzero(holders[holders.sum(axis=1) == size].any(axis=0)).tolist())
                for size in sizes
            ]
            own = tuple(np.flatnonzero(inside).tolist())
            self._parents[asked] = steps or [own]
        return self._parents[asked]

    def block(self, shape: Shape) -> Block:
        """The block of *shape*, made or kept."""
        if shape in self._blocks:
            self._blocks.move_to_end(shape)
        else:
            if len(self._blocks) >= KEPT:
                self._blocks.popitem(last=False)
            self._blocks[shape] = Block(self.layout, shape)
        return self._blocks[shape]

    # ---- proving a cell ---------------------------------------------------------------------

    def find(
        self, target: Target, sense: int, still: Collection[int] = (), closed: bool = False
    ) -> bool:
        """Look for a move that shows *target* far enough in this *sense*; whether one was found."""
        need = target.need(sense)
        for shape in self.shapes(target.cell):
            self.flows += 1
            move = self.block(shape).flow(target.cell, sense * need, still=still, closed=closed)
            if move is not None:
                self.take(move, target)
                return True
        return False

    def take(self, move: Move, target: Target) -> None:
        """Keep *move*, and withhold what it changes."""
        for cell in move.cells[self.layout.cost[move.cells] > 0].tolist():
            self.layout.cost[cell] = 0
            self.because[cell] = target.cell
        self.pool.add(move)

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
        return True

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
        todo = sorted(self.because, key=lambda cell: (-self.price[cell], self.mark(cell)))
        end = self.flows + most_flows
        for done, cell in enumerate(todo):
            self.tell("giving back", done, len(todo))
            if self.flows >= end:
                return
            self._try_without(cell)

    def _try_without(self, cell: int) -> None:
        pool, moves = self.pool, dict(self.pool.moves)
        lost = [moves[number] for number in sorted(pool.touching.get(cell, ()))]
        self.layout.cost[cell] = self.price[cell]
        wanting = pool.without(cell)
        for target in wanting:
            if not self.prove(target, closed=True):
                break
        else:
            del self.because[cell]
            return
        self.layout.cost[cell] = 0
        for move in lost:
            pool.add(move)
