"""Invented tables with the shapes of published police figures, to protect and to attack."""

import random
from dataclasses import dataclass

import numpy as np

from amends.disclosure.published import Axis, Category, Table
from amends.disclosure.snapshots import Dimension, Snapshot


@dataclass(frozen=True)
class Side:
    """A dimension: how many codes it has, in how many groups (one code alone makes no group of its own)."""

    name: str
    codes: int
    groups: int = 0
    spread: float = 1.0


YEARS = Side("year", 4, spread=0.1)
OFFENCES = Side("offence", 60, 11, 1.6)
OUTCOMES = Side("outcome", 12, 5, 1.3)
FORCES = Side("force", 43, 10, 0.8)
REAL = (Side("year", 5, spread=0.3), Side("type", 15, spread=1.5), Side("outcome", 26, spread=2.2))

# name: sides, mean of the logarithm of a count, how much two dimensions vary together, and the share of
# combinations of the last two that never happen
SHAPES = {
    "S": ((YEARS, OFFENCES), 5.2, 0.0, 0.0),
    "Scr": ((YEARS, OFFENCES), 2.2, 0.2, 0.04),
    "M": ((YEARS, OFFENCES, OUTCOMES), 2.4, 0.6, 0.10),
    "L": ((FORCES, YEARS, OFFENCES), 3.3, 0.4, 0.05),
    "XL": ((FORCES, YEARS, OFFENCES, OUTCOMES), 4.0, 0.4, 0.06),
    "Ravon-like": (REAL, 3.3, 1.0, 0.25),
    "R3-like": ((Side("force", 43, spread=0.8), *REAL[:2]), 4.2, 0.5, 0.12),
    "R4-like": ((Side("force", 43, spread=0.8), *REAL), 3.1, 1.0, 0.28),
}


def _groups(side: Side, rng: random.Random) -> list[list[str]]:
    codes = [f"{side.name}-{number:02}" for number in range(side.codes)]
    if not side.groups:
        return [[code] for code in codes]
    alone = {60: 2, 43: 3, 12: 1}.get(
        side.codes, 0
    )  # so that cells are as many as in the originals
    cuts = sorted(rng.sample(range(1, (side.codes - alone) // 2), side.groups - alone - 1))
    ends = [2 * cut for cut in cuts] + [side.codes - alone]
    starts = [0, *ends[:-1]]
    groups = [codes[start:end] for start, end in zip(starts, ends, strict=True)]
    return groups + [[code] for code in codes[side.codes - alone :]]


def axis(side: Side, rng: random.Random) -> Axis:
    """The side of a table: every code, every group of two codes or more, and the total."""
    groups = _groups(side, rng)
    finest = [Category(code, frozenset([code])) for group in groups for code in group]
    middle = [
        Category(f"{group[0]} and on", frozenset(group)) for group in groups if len(group) > 1
    ]
    total = Category("All", frozenset(code for group in groups for code in group))
    return Axis(side.name, (*finest, *middle, total))


def instance(name: str, seed: int = 1) -> tuple[Snapshot, Table]:
    """An invented snapshot and its table, without values, of the shape called *name*."""
    sides, level, together, never = SHAPES[name]
    rng, random_numbers = random.Random(seed), np.random.default_rng(seed)
    rate = np.full([side.codes for side in sides], level)
    for at, side in enumerate(sides):
        shape = [1] * len(sides)
        shape[at] = side.codes
        rate = rate + random_numbers.normal(0, side.spread, side.codes).reshape(shape)
        if together and at:
            shape[at - 1] = sides[at - 1].codes
            pairs = random_numbers.normal(0, together, (sides[at - 1].codes, side.codes))
            rate = rate + pairs.reshape(shape)
    impossible = random_numbers.random([side.codes for side in sides[-2:]]) < never
    rate = np.where(impossible, -30, rate)
    counts = random_numbers.poisson(np.exp(np.minimum(rate, 12)))
    dimensions = tuple(
        Dimension(side.name, tuple(f"{side.name}-{n:02}" for n in range(side.codes)))
        for side in sides
    )
    leaves = {tuple(map(int, leaf)): int(counts[tuple(leaf)]) for leaf in np.argwhere(counts)}
    axes = tuple(axis(side, rng) for side in sides)
    return Snapshot(name, "crimes", dimensions, leaves), Table(name, axes, (), {})
