"""Giving back: each secondary cell is told again where cheaper ones, or none, can take its place."""

from typing import Final, NamedTuple

from amends.disclosure.protecting_blocks import Block, Shape
from amends.disclosure.protecting_layout import FREE
from amends.disclosure.protecting_pool import SENSES, Target
from amends.disclosure.protecting_search import Search

STEPS: Final = (0.0, 16.0, 32.0, 64.0, FREE)
"""Blocks are made of variables that cost less than this: the fewer, the quicker a flow is found."""


class Want(NamedTuple):
    """A protected cell that is to move in one sense, whoever of *still* knows their own."""

    target: Target
    sense: int
    still: tuple[int, ...] = ()


class Exchange:
    """Tries to tell again what a search withheld, within so many flows.

    Without a cell the protected cells that it served want other moves. Those may withhold other cells, as
    long as these together cost less than the cell did. Only where everything is one block.
    """

    def __init__(self, search: Search, most_flows: int) -> None:
        self.search, self.layout, self.pool = search, search.layout, search.pool
        self._half, self._most = search.flows + most_flows // 2, search.flows + most_flows
        self._whole: Shape = tuple(tuple(range(size)) for size in self.layout.grid.sizes)
        self._blocks: dict[float, Block] = {}
        self._stuck: dict[int, Want] = {}
        self._left = 0.0
        self._new: list[int] = []

    def run(self) -> None:
        """Try every cell, dearest first, again and again until nothing more comes of it.

        Where half of the flows are spent, the rest are kept for cells that need no other in their place.
        """
        search, found = self.search, True
        while found and search.flows < self._half:
            found = False
            todo = sorted(search.because, key=lambda cell: (-search.price[cell], search.mark(cell)))
            for done, cell in enumerate(todo):
                search.tell("giving back", done, len(todo))
                if search.flows >= self._most:
                    return
                found = (cell in search.because and self._without(cell)) or found

    def _without(self, cell: int) -> bool:
        """Whether *cell* can be told; if so, it is."""
        pool, search = self.pool, self.search
        lost = [pool.moves[number] for number in sorted(pool.touching.get(cell, ()))]
        self._left, self._new = search.price[cell], []
        self.layout.cost[cell] = search.price[cell]
        wanting = pool.without(cell)
        if self._all_proved(cell, wanting):
            del search.because[cell]
            if self._new:
                self._blocks.clear()
            return True
        for new in self._new:
            self.layout.cost[new] = search.price[new]
            del search.because[new]
            pool.without(new)
        self.layout.cost[cell] = 0
        for move in lost:
            pool.add(move)
        return False

    def _all_proved(self, cell: int, wanting: list[Target]) -> bool:
        stuck = self._stuck.get(cell)
        if stuck and self._wants(stuck) and not self._find(cell, stuck):
            return False
        first = self.search.because[cell]
        return all(
            target.proved or self._prove(cell, target)
            for target in sorted(wanting, key=lambda one: one.cell != first)
        )

    def _wants(self, want: Want) -> bool:
        left = want.target.left[want.sense]
        return left is None or not left.isdisjoint(want.still)

    def _prove(self, cell: int, target: Target) -> bool:
        for sense in SENSES:
            if target.left[sense] is None and not self._find(cell, Want(target, sense)):
                return False
            left = target.left[sense]
            if left and len(left) > 1:
                self._find(cell, Want(target, sense, tuple(sorted(left))))
            for person in sorted(target.left[sense] or ()):
                want = Want(target, sense, (person,))
                if self._wants(want) and not self._find(cell, want):
                    return False
        return target.proved

    def _find(self, cell: int, want: Want) -> bool:
        """Look for a move for *want* that withholds nothing, then one for no more than is left for *cell*."""
        search, target = self.search, want.target
        by = want.sense * target.need(want.sense)
        for limit in (0.0, self._left) if search.flows < self._half else (0.0,):
            search.flows += 1
            move = self._block(limit).flow(target.cell, by, want.still, limit, patient=False)
            price = FREE if move is None else search.price_of(move)
            if move is not None and price < self._left:
                self._left -= price
                self._new += search.take(move, target)
                return True
        self._stuck[cell] = want._replace(still=want.still[:1])
        return False

    def _block(self, limit: float) -> Block:
        step = next(step for step in STEPS if limit <= step)
        if step not in self._blocks:
            self._blocks[step] = Block(self.layout, self._whole, self.layout.dearest() <= step)
        return self._blocks[step]
