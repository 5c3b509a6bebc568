"""Class tables: the whole behaviour of a set of rules in arrays, filled by the interpreter itself.

Every case is one cell. Where all cells fit in one table the answers in it are exact; where they do not,
the rules are divided among several tables, and what they leave open is settled kind by kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from amends.feel.truth import Kleene
from amends.policy.classes import Classes, classes_of
from amends.policy.exactness import is_exact
from amends.policy.rules import Authority, Ruleset

Codes = Sequence[npt.NDArray[np.uint8]]
"""For each input, the state of every row."""
Bits = npt.NDArray[np.int64]
Answers = npt.NDArray[np.int8]

MOST_CELLS: Final = 1 << 22
"""Cells in the one table of exact answers, at most."""
BLOCK_CELLS: Final = 1 << 14
"""Cells in each table of bits, at most, where the rules can be so divided: these stay in the cache."""
ROWS_AT_ONCE: Final = 1 << 15
"""Rows whose index is worked out at a time, so that it stays in the cache."""
_UNKNOWN: Final = int(Authority.NOT_YET_KNOWN)
_LEVELS: Final = tuple(level for level in Authority if level is not Authority.NOT_YET_KNOWN)
_LARGEST: Final = 1 << 62


@dataclass(frozen=True)
class Block:
    """Some of the rules, and for each combination of the states of their inputs what they say."""

    inputs: tuple[int, ...]
    shape: tuple[int, ...]
    rules: tuple[int, ...]
    classes: Classes

    @cached_property
    def _each(self) -> list[tuple[int, npt.NDArray[np.int8]]]:
        """For each rule, its findings, spread over the block: 0 no, 1 yes, 2 not known."""
        return [(rule, self._spread(rule)) for rule in self.rules]

    def _spread(self, rule: int) -> npt.NDArray[np.int8]:
        used = sorted(self.classes.uses[rule])
        sizes = [len(self.classes.inputs[i].states) for i in used]
        numbers = map(_number, self.classes.every_finding(rule, used))
        found = np.fromiter(numbers, np.int8, prod(sizes))
        place = [self.shape[n] if i in used else 1 for n, i in enumerate(self.inputs)]
        return found.reshape(place)

    @cached_property
    def bits(self) -> npt.NDArray[np.int64]:
        """For each cell, the bits of the rules raised, and of those unknown: shape (cells, 2)."""
        table = np.zeros((*self.shape, 2), np.int64)
        for rule, found in self._each:
            table[..., 0] |= (found == 1).astype(np.int64) << rule
            table[..., 1] |= (found == 2).astype(np.int64) << rule
        return table.reshape(-1, 2)

    @cached_property
    def steps(self) -> npt.NDArray[np.uint8]:
        """For each cell, the freest and the strictest answer that its rules leave open.

        A bit for each step above the freest authority: the strictest of several tables is their *or*.
        """
        rules = self.classes.ruleset
        free = _steps(rules.otherwise)
        table = np.full(self.shape, free | free << 4, np.uint8)
        for rule, found in self._each:
            step = _steps(rules.rules[rule].allow)
            table |= np.where(found == 1, step, 0).astype(np.uint8)
            table |= np.where(found != 0, step << 4, 0).astype(np.uint8)
        return table.reshape(-1)

    @cached_property
    def answers(self) -> Answers:
        """For each cell, the exact answer: *not yet known* only if completions differ."""
        rules = self.classes.ruleset
        low = np.full(self.shape, int(rules.otherwise), np.int8)
        high = low.copy()
        for rule, found in self._each:
            allow = np.int8(rules.rules[rule].allow)
            np.maximum(low, np.where(found == 1, allow, 0), out=low)
            np.maximum(high, np.where(found != 0, allow, 0), out=high)
        for axis, i in enumerate(self.inputs):
            one = self.classes.inputs[i]
            for state in range(len(one.known), len(one.states)):
                ways = list(one.completions(state))
                at: tuple[slice | int, ...] = (slice(None),) * axis
                low[(*at, state)] = low.take(ways, axis).min(axis)
                high[(*at, state)] = high.take(ways, axis).max(axis)
        return np.where(low == high, low, np.int8(_UNKNOWN)).reshape(-1)

    def index(self, codes: Codes, rows: slice) -> npt.NDArray[Any]:
        """The cell of each of *rows*.

        Inputs are joined in bytes for as long as they fit, which a processor does many at a time.
        """
        groups: list[tuple[npt.NDArray[Any], int]] = []
        for i, size in zip(self.inputs, self.shape, strict=True):
            if groups and groups[-1][1] * size <= 256:
                joined, cells = groups[-1]
                joined *= np.uint8(size)
                joined += codes[i][rows]
                groups[-1] = (joined, cells * size)
            else:
                groups.append((codes[i][rows].copy(), size))
        if not groups:
            return np.zeros(rows.stop - rows.start, np.intp)
        total = groups[0][0].astype(np.uint32) if len(groups) > 1 else groups[0][0]
        for joined, cells in groups[1:]:
            total *= np.uint32(cells)
            total += joined
        return total


def _steps(level: Authority) -> int:
    return (1 << _LEVELS.index(level)) - 1


def _number(finding: Kleene) -> int:
    return 2 if finding is None else int(finding)


class ClassTable:
    """The class tables of a set of rules, and the judging of coded rows by them."""

    def __init__(self, rules: Ruleset) -> None:
        self.rules = rules
        self.classes = classes_of(rules)
        self.sizes = [len(one.states) for one in self.classes.inputs]
        self.blocks = self._divided()

    @cached_property
    def whole(self) -> Block | None:
        """All rules in one table, or None where it would have more than MOST_CELLS.

        None too where the table could prove an answer that the other engines give up on: what the
        rules leave open is then settled as they settle it.
        """
        if self.classes.together or prod(self.sizes) > MOST_CELLS:
            return None
        if not self.classes.always_settled and not is_exact(self.classes):
            return None
        return self._block(range(len(self.rules.rules)))

    def _block(self, rules: Sequence[int]) -> Block:
        used = sorted({i for rule in rules for i in self.classes.uses[rule]})
        return Block(tuple(used), tuple(self.sizes[i] for i in used), tuple(rules), self.classes)

    def _divided(self) -> list[Block]:
        """The rules in as few tables as their cells allow, those with the same inputs together."""
        groups: list[tuple[set[int], list[int]]] = []
        order = sorted(range(len(self.rules.rules)), key=lambda r: -len(self.classes.uses[r]))
        for rule in order:
            uses = set(self.classes.uses[rule])
            best = min(groups, key=lambda g: self._cells(g[0] | uses), default=None)
            if best is None or self._cells(best[0] | uses) > BLOCK_CELLS:
                groups.append((uses, [rule]))
            else:
                best[0].update(uses)
                best[1].append(rule)
        return [self._block(sorted(rules)) for _, rules in groups]

    def _cells(self, inputs: set[int]) -> int:
        return prod(self.sizes[i] for i in inputs)

    def answers(self, codes: Codes) -> Answers:
        """The answer of each row."""
        found = np.empty(len(codes[0]) if codes else 0, np.int8)
        for rows in pieces(len(found)):
            if self.whole is not None:
                np.take(
                    self.whole.answers, self.whole.index(codes, rows), out=found[rows], mode="clip"
                )
            else:
                steps = np.zeros(rows.stop - rows.start, np.uint8)
                for block in self.blocks:
                    steps |= block.steps.take(block.index(codes, rows), mode="clip")
                np.take(_OF_STEPS, steps, out=found[rows], mode="clip")
        return self._settled(codes, found)

    def judge(self, codes: Codes) -> tuple[Answers, Bits]:
        """The answer of each row, and the bits of its rules: shape (rows, 2), raised and unknown."""
        count = len(codes[0]) if codes else 0
        bits = np.zeros((count, 2), np.int64)
        found = np.empty(count, np.int8)
        for rows in pieces(count):
            steps = np.zeros(rows.stop - rows.start, np.uint8)
            for n, block in enumerate(self.blocks):
                cells = block.index(codes, rows)
                steps |= block.steps.take(cells, mode="clip")
                if n:
                    bits[rows] |= block.bits.take(cells, 0, mode="clip")
                else:
                    np.take(block.bits, cells, 0, out=bits[rows], mode="clip")
            np.take(_OF_STEPS, steps, out=found[rows], mode="clip")
        if is_exact(self.classes):
            return found, bits
        return (self._settled(codes, found) if self.whole is None else self.answers(codes)), bits

    def _settled(self, codes: Codes, answers: Answers) -> Answers:
        """Settle what rule by rule was left open, once for each kind of row."""
        if self.whole is not None or is_exact(self.classes):
            return answers
        open_rows = np.flatnonzero(answers == _UNKNOWN)
        if not len(open_rows):
            return answers
        kinds, which = _kinds([code[open_rows] for code in codes], self.sizes)
        settled = [int(self.classes.settle(kind)) for kind in kinds]
        answers[open_rows] = np.array(settled, np.int8)[which.reshape(-1)]
        return answers


def _kinds(
    codes: Codes, sizes: Sequence[int]
) -> tuple[list[tuple[int, ...]], npt.NDArray[np.intp]]:
    """The different combinations of *codes*, and which of them each row has."""
    if prod(sizes) > _LARGEST:
        different, which = np.unique(np.stack(codes, 1), axis=0, return_inverse=True)
        return [tuple(map(int, kind)) for kind in different], which
    one = np.zeros(len(codes[0]), np.int64)  # one number a row sorts far sooner than many
    for code, size in zip(codes, sizes, strict=True):
        one *= size
        one += code
    numbers, which = np.unique(one, return_inverse=True)
    columns = np.unravel_index(numbers, tuple(sizes))
    return [tuple(map(int, kind)) for kind in zip(*columns, strict=True)], which


def _answer_of(steps: int) -> int:
    """The answer where the freest and the strictest that findings leave open are *steps*."""
    low, high = steps & 15, steps >> 4
    return int(_LEVELS[low.bit_length()]) if low == high else _UNKNOWN


_OF_STEPS: Final = np.array([_answer_of(steps) for steps in range(256)], np.int8)


def pieces(count: int) -> list[slice]:
    """*count* rows in pieces of at most ROWS_AT_ONCE."""
    return [slice(n, min(count, n + ROWS_AT_ONCE)) for n in range(0, count, ROWS_AT_ONCE)]
