"""The targets: every small count that somebody could try to work out from what was published.

A target is a count from 1 to the threshold less 1, of

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
    """A count that must stay unknown: of `cell`, which counts `count`, below `threshold`.

    It is the sum of the variables `inside`, and of a part that nobody knows of those it has `cut`.
    `hidden` says that a release withheld it; else it is a difference of answers.
    """

    cell: Cell
    count: int
    threshold: int
    inside: tuple[int, ...]
    cut: tuple[int, ...]
    hidden: bool


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
    those that were withheld. *threshold* is that of differences. Raises `DisclosureError` where
    there are too many to judge.
    """
    asked, counts = list(cells), grid.counts()
    found: dict[Cell, Target] = {}
    for cell, least in hidden.items():
        inside, cut = grid.around(cell)
        count = sum(counts[each] for each in inside)
        if 0 < count < least:
            found[cell] = Target(cell, count, least, inside, cut, True)
    for population in range(len(grid.space.snapshots)):
        for box, count in _differences(grid, population, asked, threshold):
            cell = Cell(population, box)
            if cell not in found:
                found[cell] = Target(cell, count, threshold, *grid.around(cell), False)
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
    """Each box that *cells* generate whose count is from 1 to *threshold* less 1, and the count."""
    space = grid.space
    sides = [_side(grid, population, number, cells) for number in range(len(space.dimensions))]
    long = max(range(len(sides)), key=lambda at: (sides[at].runs, len(sides[at].pieces)))
    for nodes, counts in _by_node(space, population, sides, long).items():
        masks = [side.nodes[node][0] for side, node in zip(sides, nodes, strict=True)]
        for mask, count in _runs(sides[long], counts, threshold):
            masks[long] = mask
            yield tuple(masks), count


def _runs(side: _Side, counts: Mapping[int, int], threshold: int) -> Iterator[tuple[Mask, int]]:
    """The nodes of *side* that count from 1 to *threshold* less 1."""
    if not side.runs:
        for mask, pieces in side.nodes:
            if 0 < (count := sum(counts.get(piece, 0) for piece in pieces)) < threshold:
                yield mask, count
        return
    for first in range(len(side.pieces)):
        mask = count = 0
        for piece in range(first, len(side.pieces)):
            count += counts.get(piece, 0)
            if count >= threshold or not side.pieces[piece]:  # a longer run has as many, or a gap
                break
            mask |= side.pieces[piece]
            if count:
                yield mask, count


def _by_node(
    space: Space, population: int, sides: Sequence[_Side], long: int
) -> dict[tuple[int, ...], dict[int, int]]:
    """For each node of all dimensions but *long*, the counts of the pieces of that."""
    snapshot = space.snapshots[population]
    at = [
        [_holder(side.pieces, joint.places[code]) for code in own.codes]
        for side, own, joint in zip(sides, snapshot.dimensions, space.dimensions, strict=True)
    ]
    by_piece: dict[tuple[int, ...], int] = defaultdict(int)
    for leaf, count in snapshot.counts.items():
        by_piece[tuple(of[code] for of, code in zip(at, leaf, strict=True))] += count
    above = [_above(side) for side in sides]
    found: dict[tuple[int, ...], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for pieces, count in by_piece.items():
        choices = [
            (0,) if number == long else above[number].get(piece, ())
            for number, piece in enumerate(pieces)
        ]
        for nodes in product(*choices):
            found[nodes][pieces[long]] += count
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
