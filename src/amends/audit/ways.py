"""The ways in which each rule may come to be raised, and the bits in which a query keeps them.

A rule is raised where one of its ways holds, and a way where each of its tests does. Every way has a
bit in some *word*, a whole number of 62 bits, so that a few operations judge all the rules of a row.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Final

from amends.feel import tree
from amends.feel.truth import pair

Literals = tuple[tuple[tree.Node, int], ...]
"""Tests that must all hold: each with what is asked of it, 0 *is it true?* or 1 *is it false?*."""

MOST_WAYS: Final = 4
"""Ways in which one rule may come to be raised, at most, to be told by cells."""
WORD_BITS: Final = 62
"""Bits of one word: no sum or shift of them then reaches the sign of a BIGINT."""


def ways_to_raise(node: tree.Node, question: int = 0) -> list[Literals] | None:
    """The ways in which the answer to *question* of *node* is yes; None where they are too many.

    In Kleene's logic too, *and* may be multiplied out over *or*; that is all that is done here.
    """
    match node:
        case tree.Const(value=value):
            return [()] if pair(value)[question] is True else []
        case tree.Not(of=of):
            return ways_to_raise(of, 1 - question)
        case tree.And(parts=parts) | tree.Or(parts=parts):
            return _of_parts(parts, question, every=isinstance(node, tree.And) == (question == 0))
        case tree.Compare(left=left) if left.type.kind == "boolean":
            return None
        case tree.Choose():
            return None
    return [((node, question),)]


def _of_parts(parts: tuple[tree.Node, ...], question: int, *, every: bool) -> list[Literals] | None:
    found: list[list[Literals]] = []
    for part in parts:
        ways = ways_to_raise(part, question)
        if ways is None:
            return None
        found.append(ways)
    if (prod(map(len, found)) if every else sum(map(len, found))) > MOST_WAYS:
        return None
    if every:
        return [tuple(one for way in chosen for one in way) for chosen in product(*found)]
    return [way for ways in found for way in ways]


class Layout:
    """In which word, and at which bit of it, each way of each rule stands.

    *ways* says how many ways each rule has; *blocks* which rules are one set, whose own masks have rule
    number *i* of the set at bit *i*.
    """

    def __init__(self, ways: Sequence[int], blocks: Sequence[range]) -> None:
        self.places: dict[tuple[int, int], tuple[int, int]] = {}
        self.moves: list[dict[tuple[int, int], int]] = []
        self._used: list[set[int]] = []
        for block in blocks:
            self._lay(ways, block)

    def _lay(self, ways: Sequence[int], block: range) -> None:
        home = self._new_word()
        self._used[home] = set(range(len(block)))
        moves: dict[tuple[int, int], int] = {(home, 0): 0}
        self.moves.append(moves)
        for way in range(max((ways[rule] for rule in block), default=0)):
            for bit, rule in enumerate(block):
                if way < ways[rule]:
                    word, shift = (home, 0) if way == 0 else self._room(moves, home, bit)
                    self._used[word].add(bit + shift)
                    self.places[rule, way] = word, bit + shift
                    moves[word, shift] = moves.get((word, shift), 0) | 1 << bit

    def _room(self, moves: dict[tuple[int, int], int], home: int, bit: int) -> tuple[int, int]:
        """A word, and how far above *bit* its free bit stands: where others moved as far, if it can be."""
        for word, shift in moves:
            if bit + shift < WORD_BITS and bit + shift not in self._used[word]:
                return word, shift
        free = (place for place in range(WORD_BITS) if place not in self._used[home])
        place = next((place for place in free if place > bit), None)
        return (self._new_word(), 0) if place is None else (home, place - bit)

    def _new_word(self) -> int:
        self._used.append(set())
        return len(self._used) - 1

    @property
    def words(self) -> range:
        """The number of every word."""
        return range(len(self._used))

    def full(self, word: int) -> int:
        """Every bit of *word* that stands for a way."""
        return sum(1 << bit for where, bit in self.places.values() if where == word)

    def rule(self, rule: int) -> Iterator[tuple[int, int]]:
        """The words and bits of every way of *rule*."""
        return (place for (one, _), place in self.places.items() if one == rule)
