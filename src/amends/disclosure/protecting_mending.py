"""Witnesses that a new answer breaks, mended in pairs.

Two moves that change every published value by the same are no witnesses, but one less the other
changes none of them. Most moves that a new answer breaks differ from it in few numbers, so many
pairs are alike.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from amends.disclosure.attacking_history import Move

_MOST_ALIKE: Final = 200
"""So many moves that are alike are tried with each other; more would take longer than a search."""

Array = np.ndarray[Any, np.dtype[Any]]


class Broken:
    """Moves that are no witnesses any more, by how they change the published values."""

    def __init__(self, counts: Array) -> None:
        self._counts = counts
        self._alike: dict[bytes, list[tuple[Move, Array]]] = {}

    def add(self, move: Move, values: Array, targets: Array) -> None:
        """Take *move*, which changes the published *values* and, low and high, the *targets* so far."""
        changed = np.flatnonzero(values)
        sign = -1 if len(changed) and values[changed[0]] < 0 else 1
        held = self._alike.setdefault((values * sign).tobytes(), [])
        if len(held) < _MOST_ALIKE:
            held.append((Move(move.variables, move.changes * sign), targets * sign))

    def mended(self, wanted: Array, covered: Array) -> Iterator[Move]:
        """Moves that change no published value and take a target as far as is *wanted* of it.

        *covered* says, low and high, which targets need none. It may change from one move to the next.
        """
        for held in self._alike.values():
            open_ = np.flatnonzero(~covered.all(0))
            if len(held) > 1 and len(open_):
                yield from self._pairs(held, wanted[:, open_], covered, open_)

    def _pairs(
        self, held: Sequence[tuple[Move, Array]], wanted: Array, covered: Array, at: Array
    ) -> Iterator[Move]:
        variables = np.unique(np.concatenate([move.variables for move, _ in held]))
        changes = np.zeros((len(held), len(variables)), np.int64)
        for number, (move, _) in enumerate(held):
            changes[number, np.searchsorted(variables, move.variables)] = move.changes
        taken = np.stack([targets[:, at] for _, targets in held])
        for number in range(len(held)):
            pairs = changes[number] - changes
            good = np.flatnonzero((self._counts[variables] + pairs >= 0).all(1))
            far = taken[number] - taken[good]
            reached = np.stack([far[:, 0] <= wanted[0], far[:, 1] >= wanted[1]], 1)
            while (many := (reached & ~covered[:, at]).sum((1, 2))).any():
                best = int(many.argmax())
                changed = pairs[good[best]]
                used = np.flatnonzero(changed)
                yield Move(variables[used], changed[used])
                reached[best] = False
