"""The moves found so far, and what they prove of each protected cell."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from amends.disclosure.protecting_blocks import Move
from amends.disclosure.protecting_layout import FREE, Layout

UP: Final = 1
DOWN: Final = -1
SENSES: Final = (UP, DOWN)


@dataclass(slots=True)
class Target:
    """A protected cell: how far it must be seen above and below its count, and to whom that is news.

    `left` has, for each sense, the people who can still rule it out; None where nobody has to, for
    nothing shows it yet. `own` is the person alone in it, if it counts one.
    """

    cell: int
    above: int
    below: int
    own: int
    left: dict[int, frozenset[int] | None] = field(default_factory=dict)
    moves: dict[int, int] = field(default_factory=dict)
    """The moves that change it, by number, and by how much."""

    def need(self, sense: int) -> int:
        """How far it must be seen to move in this *sense*."""
        return self.above if sense == UP else self.below

    def reset(self) -> None:
        """Forget what was seen; the snapshot itself shows what needs no change."""
        self.left = {sense: None if self.need(sense) > 0 else frozenset() for sense in SENSES}

    def see(self, move: Move, by: int) -> bool:
        """Note what *move*, which changes this cell by *by*, shows; whether that is new."""
        up, down = (move.most, move.fewest) if by > 0 else (move.fewest, move.most)
        new = False
        for sense, times in ((UP, up), (DOWN, down)):
            left = self.left[sense]
            if left is not None and not left:
                continue
            if times * abs(by) >= self.need(sense):
                now = move.people - {self.own} if left is None else left & move.people
                new = new or now != left
                self.left[sense] = now
        return new

    @property
    def proved(self) -> bool:
        """Whether nothing is missing."""
        return all(left is not None and not left for left in self.left.values())


class Pool:
    """Moves that hold, by number, and for each protected cell those that change it."""

    def __init__(self, layout: Layout, targets: Iterable[Target]) -> None:
        self.layout = layout
        self.targets = {target.cell: target for target in targets}
        self.moves: dict[int, Move] = {}
        self.touching: dict[int, set[int]] = defaultdict(set)
        self._next = 0
        self._wanted = np.zeros(layout.size, bool)
        self._wanted[list(self.targets)] = True
        for target in self.targets.values():
            target.moves = {}
            target.reset()

    def add(self, move: Move) -> None:
        """Keep *move*, which holds, and note all that it proves."""
        number = self._next
        self._next += 1
        self.moves[number] = move
        for cell, by in zip(move.cells.tolist(), move.by.tolist(), strict=True):
            self.touching[cell].add(number)
            if self._wanted[cell]:
                target = self.targets[cell]
                target.moves[number] = by
                target.see(move, by)

    def without(self, cell: int) -> list[Target]:
        """Drop the moves that change *cell*; the targets that want proof anew."""
        dropped = self.touching.pop(cell, set())
        changed: dict[int, None] = {}
        for number in sorted(dropped):
            move = self.moves.pop(number)
            for other in move.cells.tolist():
                if other in self.touching:
                    self.touching[other].discard(number)
                if self._wanted[other]:
                    changed[other] = None
                    self.targets[other].moves.pop(number)
        for other in changed:
            self.look_again(self.targets[other])
        return [self.targets[other] for other in changed if not self.targets[other].proved]

    def meet_people(self) -> None:
        """Note anew who is disturbed by each move, and what that leaves to be proved."""
        for number, move in self.moves.items():
            people = self.layout.person[move.cells]
            self.moves[number] = replace(move, people=frozenset(people[people >= 0].tolist()))
        for target in self.targets.values():
            self.look_again(target)

    def look_again(self, target: Target) -> None:
        """Work out anew what the moves that are left prove of *target*."""
        target.reset()
        for number, by in target.moves.items():
            target.see(self.moves[number], by)

    def needed(self) -> list[Move]:
        """Moves that prove everything, as few as are easily found: a move is left out that adds nothing."""
        kept = []
        for target in self.targets.values():
            target.reset()
        wide = sorted(self.moves, key=lambda number: (len(self.moves[number].people), number))
        for number in wide:
            move, new = self.moves[number], False
            for cell, by in zip(move.cells.tolist(), move.by.tolist(), strict=True):
                if self._wanted[cell]:
                    new = self.targets[cell].see(move, by) or new
            if new:
                kept.append(move)
        return kept


def targets_of(layout: Layout, thresholds: Iterable[tuple[int, int, int, int]]) -> list[Target]:
    """The protected cells: those of the tables of *thresholds* that are small and not told.

    Each of *thresholds* is a range of cells (start and end), the least count that is published, and
    the least one that is withheld.
    """
    found = []
    for start, end, threshold, smallest in thresholds:
        counts = layout.true[start:end]
        for cell in (start + np.flatnonzero((counts < threshold) & (counts >= smallest))).tolist():
            count = int(layout.true[cell])
            least = 0 if layout.fall[cell] == FREE else count - int(layout.fall[cell])
            most = threshold if layout.rise[cell] == FREE else count + int(layout.rise[cell])
            above, below = min(threshold, most) - count, count - max(1, least)
            found.append(Target(cell, above, below, int(layout.person[cell])))
    return found
