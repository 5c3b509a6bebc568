"""The targets: every small count that somebody could try to work out from what was published.

A target is a count from 1 to the threshold less 1 (to the threshold, where one of those counted can be
told from all others by the codes of the records: see `least`), of

* a cell that a release withheld, at the threshold of that release or of the one considered, whichever is
  greater; and
* every box that the categories of the releases generate: in a dimension of dates or ages (codes that
  are dates, months, years or whole numbers, in order) every run of codes from one cut to another
  that some release made; in any other dimension every set of codes that some release used, every
  part that they leave, and the whole. These are the differences of answers that overlap.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.refining import Box, Cell, Grid, Mask, Space, bits
from amends.disclosure.snapshots import Dimension

MOST_TARGETS: Final = 500_000
"""Targets beyond which a history is too finely cut to be judged."""
_DATE: Final = re.compile(r"\d{4}(-\d\d){0,2}|\d{1,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Target:
    """A count that must stay unknown: of `cell`, which counts `count`.

    It must be possible that it is `threshold`, and against insiders `against`, the threshold that was
    asked for. A difference that counts no less than that is one that nobody may work out exactly.
    It is the sum of the variables `inside`, and of a part that nobody knows of those it has `cut`.
    `hidden` says that a release withheld it; else it is a difference of answers.
    """

    cell: Cell
    count: int
    threshold: int
    against: int
    inside: tuple[int, ...]
    cut: tuple[int, ...]
    hidden: bool


def least(threshold: int, count: int, lone: int) -> int:
    """The least count that may be known where *count* people are counted, *lone* of them unlike all others.

    Whoever is asked for by themselves later, and knows that, knows the count of the others: one less.
    So one more than the *threshold* it must be; but not where nothing is withheld, or nobody is alone.
    """
    return threshold + (threshold > 1 and count > 1 and lone > 0)


def in_order(dimension: Dimension) -> bool:
    """Whether the codes of *dimension* follow each other: dates, months, years or whole numbers."""
    codes = dimension.codes
    if not all(map(_DATE.fullmatch, codes)):
        return False
    if len({len(code) for code in codes}) > 1:
        numbers = [int(code) if code.isdigit() else -1 for code in codes]
        return -1 not in numbers and numbers == sorted(numbers)
    return list(codes) == sorted(codes)


def targets(
    grid: Grid, cells: Iterable[Cell], hidden: Mapping[Cell, int], threshold: int
) -> list[Target]:
    """The targets of a history, those that a release withheld first.

    *cells* are all that was asked, whether published or not; *hidden* has the threshold of each of
    those that were withheld, before `least`. *threshold* is that of differences, likewise. Raises
    `DisclosureError` where there are too many to judge.
    """
    asked, counts, lone = list(cells), grid.counts(), grid.lone()
    found: dict[Cell, Target] = {}
    for cell, wanted in hidden.items():
        inside, cut = grid.around(cell)
        count = sum(counts[each] for each in inside)
        high = least(wanted, count, sum(lone[each] for each in inside))
        if 0 < count < high:
            found[cell] = Target(cell, count, high, wanted, inside, cut, True)
    for population in range(len(grid.space.snapshots)):
        for box, count in _differences(grid, population, asked, threshold):
            cell = Cell(population, box)
            if cell not in found:
                found[cell] = Target(cell, count, threshold, threshold, *grid.around(cell), False)
            if len(found) > MOST_TARGETS:
                raise DisclosureError(
                    "the published cells", f"make more than {MOST_TARGETS:,} differences to judge",
                    "Ask for coarser dates or categories.",
                )  # fmt: skip
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Side:
    """A dimension as targets see it: its pieces, and the nodes made of them."""

    pieces: tuple[Mask, ...]
    nodes: tuple[tuple[Mask, tuple[int, ...]], ...]
    runs: bool


def _differences(
    grid: Grid, population: int, cells: Sequence[Cell], threshold: int
) -> Iterator[tuple[Box, int]]:
    """Each box that *cells* generate whose count may not be known, and the count."""
    space = grid.space
    sides = [_side(grid, population, number, cells) for number in range(len(space.dimensions))]
    long = max(range(len(sides)), key=lambda at: (sides[at].runs, len(sides[at].pieces)))
    for nodes, counts in _by_node(space, population, sides, long).items():
        masks = [side.nodes[node][0] for side, node in zip(sides, nodes, strict=True)]
        for mask, count, lone in _runs(sides[long], counts, threshold):
            if count < least(threshold, count, lone):
                masks[long] = mask
                yield tuple(masks), count


Held = tuple[int, int]
"""How many people, and how many of them share all their codes with nobody."""


def _runs(
    side: _Side, counts: Mapping[int, Held], threshold: int
) -> Iterator[tuple[Mask, int, int]]:
    """The nodes of *side* that count from 1 to *threshold*, how many, and how many of them are alone."""
    if not side.runs:
        for mask, pieces in side.nodes:
            held = [counts[piece] for piece in pieces if piece in counts]
            if 0 < (count := sum(one for one, _ in held)) <= threshold:
                yield mask, count, sum(lone for _, lone in held)
        return
    for first in range(len(side.pieces)):
        mask = count = lone = 0
        for piece in range(first, len(side.pieces)):
            more, alone = counts.get(piece, (0, 0))
            count, lone = count + more, lone + alone
            if count > threshold or not side.pieces[piece]:  # a longer run has as many, or a gap
                break
            mask |= side.pieces[piece]
            if count:
                yield mask, count, lone


def _by_node(
    space: Space, population: int, sides: Sequence[_Side], long: int
) -> dict[tuple[int, ...], dict[int, Held]]:
    """For each node of all dimensions but *long*, who is counted in the pieces of that."""
    snapshot = space.snapshots[population]
    at = [
        [_holder(side.pieces, joint.places[code]) for code in own.codes]
        for side, own, joint in zip(sides, snapshot.dimensions, space.dimensions, strict=True)
    ]
    by_piece: dict[tuple[int, ...], Held] = {}
    for leaf, count in snapshot.counts.items():
        pieces = tuple(of[code] for of, code in zip(at, leaf, strict=True))
        held = by_piece.get(pieces, (0, 0))
        by_piece[pieces] = held[0] + count, held[1] + (count == 1)
    above = [_above(side) for side in sides]
    found: dict[tuple[int, ...], dict[int, Held]] = defaultdict(dict)
    for pieces, (count, lone) in by_piece.items():
        choices = [
            (0,) if number == long else above[number].get(piece, ())
            for number, piece in enumerate(pieces)
        ]
        for nodes in product(*choices):
            of_node = found[nodes]
            held = of_node.get(pieces[long], (0, 0))
            of_node[pieces[long]] = held[0] + count, held[1] + lone
    return found


def _above(side: _Side) -> dict[int, list[int]]:
    """The nodes that each piece is in."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, (_, pieces) in enumerate(side.nodes):
        for piece in pieces:
            found[piece].append(number)
    return found


def _holder(pieces: Sequence[Mask], bit: int) -> int:
    return next((number for number, piece in enumerate(pieces) if piece >> bit & 1), -1)


def _side(grid: Grid, population: int, number: int, cells: Sequence[Cell]) -> _Side:
    dimension = grid.space.dimensions[number]
    own = grid.space.mask(number, grid.space.snapshots[population].dimensions[number].codes)
    asked = {cell.box[number] & own for cell in cells} - {0}
    if in_order(dimension):
        pieces = _segments(asked, own)
        runs = [
            tuple(range(first, last))
            for first in range(len(pieces))
            for last in range(first + 1, len(pieces) + 1)
            if all(pieces[first:last])
        ]
        return _Side(pieces, tuple((_union(pieces, run), run) for run in runs), True)
    parts = tuple(mask for part in grid.parts[number] if (mask := part & own))
    masks = sorted({*asked, *parts, own})
    nodes = tuple(
        (mask, tuple(at for at, part in enumerate(parts) if part & mask)) for mask in masks
    )
    return _Side(parts, nodes, False)


def _union(pieces: Sequence[Mask], run: Iterable[int]) -> Mask:
    return sum(pieces[at] for at in run)


def _segments(asked: Iterable[Mask], own: Mask) -> tuple[Mask, ...]:
    """The runs of *own* codes that no mask cuts, in order; 0 stands for codes that nobody asked of."""
    edges = 0
    masks = list(asked)
    for mask in (*masks, own):
        edges |= mask ^ (mask << 1)
    starts = [*bits(edges), own.bit_length()]
    found = []
    for first, last in pairwise(starts):
        run = ((1 << last) - (1 << first)) & own
        found.append(run if any(run & mask for mask in masks) else 0)
    return tuple(found)


def words(space: Space, cell: Cell) -> str:
    """What *cell* counts, in words for staff: each dimension that it does not take whole."""
    whole = space.box(space.snapshots[cell.population].id, {})
    said = [
        f"{dimension.name} {_codes(dimension, mask)}"
        for dimension, mask, all_codes in zip(space.dimensions, cell.box, whole, strict=True)
        if mask != all_codes
    ]
    return ", ".join(said) or "everybody"


def _codes(dimension: Dimension, mask: Mask) -> str:
    held = list(bits(mask))
    codes = [dimension.codes[at] for at in held]
    if len(codes) > 2 and held == list(range(held[0], held[-1] + 1)) and in_order(dimension):
        return f"{codes[0]} to {codes[-1]}"
    return (
        ", ".join(codes) if len(codes) <= 4 else f"{', '.join(codes[:3])} and {len(codes) - 3} more"
    )
