"""Small invented tables to protect, to attack, and to check."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from amends.disclosure.published import Axis, Category, Release, Table, Value
from amends.disclosure.snapshots import Dimension, Snapshot
from amends.disclosure.specifying import Spec

DAY = date(2026, 3, 31)


def spec(**changes: object) -> Spec:
    """How to protect a release `new`, with a key that is always the same."""
    usual = {
        "id": "new", "made": DAY, "profile": "foi", "threshold": 5, "reason": "few people live there",
        "judged_by": "the data protection officer", "key": b"always the same",
    }  # fmt: skip
    return Spec(**(usual | changes))  # type: ignore[arg-type]


def grid(rows: Sequence[Sequence[int]], name: str = "day") -> tuple[Snapshot, Table]:
    """A snapshot of the counts in *rows*, and its table with both totals, without values."""
    codes = tuple(f"r{n}" for n in range(len(rows))), tuple(f"c{n}" for n in range(len(rows[0])))
    counts = {(r, c): n for r, row in enumerate(rows) for c, n in enumerate(row) if n}
    dimensions = (Dimension("row", codes[0]), Dimension("column", codes[1]))
    axes = tuple(axis(one.name, one.codes) for one in dimensions)
    return Snapshot(name, "cases", dimensions, counts), Table("Table", axes, (), {})


def axis(name: str, codes: Sequence[str], *groups: Sequence[str]) -> Axis:
    """Every code, every one of *groups*, and the total."""
    finest = [Category(code, frozenset([code])) for code in codes]
    middle = [Category(f"{group[0]} and on", frozenset(group)) for group in groups]
    return Axis(name, (*finest, *middle, Category("All", frozenset(codes))))


def filled(snapshot: Snapshot, table: Table, hidden: Sequence[int] = ()) -> Table:
    """*table* with true values, but for the *hidden* cells."""
    values: list[Value] = list(table.count(snapshot))
    for cell in hidden:
        values[cell] = None
    return replace(table, values=tuple(values))


def release(snapshot: Snapshot, *tables: Table, **changes: object) -> Release:
    """*tables* as a release."""
    made = Release("old", snapshot.id, DAY, "foi", 5, "few people live there", tables)
    return replace(made, **changes)  # type: ignore[arg-type]


def small_hidden(snapshot: Snapshot, table: Table, threshold: int = 5) -> Table:
    """*table* as common practice has it: small counts withheld, all else told."""
    counts = table.count(snapshot)
    return filled(snapshot, table, [n for n, one in enumerate(counts) if 0 < one < threshold])


def invented(rng: random.Random) -> tuple[Snapshot, list[Table]]:
    """A snapshot of two to four dimensions, some with groups, and one table of it or two that overlap."""
    dimensions = []
    for number in range(rng.choice([2, 2, 2, 3, 3, 4])):
        most = {0: 6, 1: 5, 2: 3, 3: 2}[number]
        codes = tuple(f"{'abcd'[number]}{n}" for n in range(rng.randint(2, most)))
        dimensions.append(Dimension(f"d{number}", codes))
    level = rng.choice([1, 3, 8, 20])
    counts: dict[tuple[int, ...], int] = {}
    places: list[tuple[int, ...]] = [()]
    for dimension in dimensions:
        places = [(*place, at) for place in places for at in range(len(dimension.codes))]
    for place in places:
        count = int(rng.expovariate(1 / level)) if rng.random() < 0.85 else 0
        if count:
            counts[place] = count
    snapshot = Snapshot("day", "cases", tuple(dimensions), counts)
    tables = [_table(rng, dimensions)]
    if rng.random() < 0.3 and len(dimensions) > 2:
        tables.append(_table(rng, rng.sample(dimensions, 2)))
    return snapshot, tables


def _table(rng: random.Random, dimensions: Sequence[Dimension]) -> Table:
    axes = []
    for one in dimensions:
        cut = rng.randint(2, len(one.codes))
        groups = [one.codes[:cut]] if cut < len(one.codes) and rng.random() < 0.6 else []
        axes.append(axis(one.name, one.codes, *groups))
    return Table("Invented", tuple(axes), (), {})
