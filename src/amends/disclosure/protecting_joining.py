"""Witnesses joined from two that were found: the second puts right what an insider would notice in the first.

The sum of two moves that no published value notices is noticed by none either; only counts could fall
below 0, or an interval be left. Looking through all sums with a few good beginnings is shorter work
than one linear programme.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from amends.disclosure.attacking_history import Move

BEGINNINGS: Final = 6
"""So many of the moves that take a target far enough are tried, those with the fewest changes first."""
TRIED: Final = 3
"""Of the sums with each, so many are given, those against which most insiders can say nothing."""

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """What some insiders know: sums, by their numbers, where each insider's begin, and what they cannot tell.

    A change of a sum from its `least` to its `most` they cannot tell from the truth.
    """

    sums: Array
    starts: Array
    least: Array
    most: Array


class Joining:
    """The moves found, by how far each takes the withheld targets, low and high, and the sums insiders know."""

    def __init__(self, targets: int, sums: int) -> None:
        self._moves: list[Move] = []
        self._far = np.zeros((64, 2, targets), np.int32)
        self._known = np.zeros((64, sums), np.int32)

    def add(self, move: Move, far: Array, known: Array) -> None:
        """Take *move* too."""
        number = len(self._moves)
        if number == len(self._far):
            self._far = np.concatenate([self._far, np.zeros_like(self._far)])
            self._known = np.concatenate([self._known, np.zeros_like(self._known)])
        self._far[number], self._known[number] = far, known
        self._moves.append(move)

    def sums(self, row: int, side: int, wanted: int, known: Known) -> Iterator[Move]:
        """Sums of two moves that take the target of *row* as far as is *wanted*, on that *side*.

        Those come first of which the most insiders can say nothing by what is *known* to them.
        """
        many, sign = len(self._moves), -1 if side == 0 else 1
        far = self._far[:many, side, row] * sign
        changes = self._known[:many][:, known.sums]
        good = np.flatnonzero(far >= wanted * sign)
        shortest = sorted(good.tolist(), key=lambda at: len(self._moves[at].variables))
        for first in shortest[:BEGINNINGS]:
            together = changes + changes[first]
            silent = (known.least <= together) & (together <= known.most)
            many_silent = np.logical_and.reduceat(silent, known.starts, axis=1).sum(1)
            many_silent[far + far[first] < wanted * sign] = 0
            best = np.argsort(-many_silent, kind="stable")[:TRIED]
            for second in best[many_silent[best] > 0].tolist():
                yield joined(self._moves[first], self._moves[second])


def joined(one: Move, other: Move) -> Move:
    """The sum of two moves."""
    variables, at = np.unique(np.concatenate([one.variables, other.variables]), return_inverse=True)
    changes = np.zeros(len(variables), np.int64)
    np.add.at(changes, at, np.concatenate([one.changes, other.changes]))
    used = np.flatnonzero(changes)
    return Move(variables[used], changes[used])
