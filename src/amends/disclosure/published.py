"""A release: tables of figures that left, or are about to leave, with what was withheld in them."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.shapes import Part, read
from amends.disclosure.snapshots import Leaf, Snapshot

FORMAT: Final = "amends-release-1"

Value = int | tuple[int, int] | None
"""What is published of a cell: its count, a least and a greatest count, or nothing (withheld)."""


@dataclass(frozen=True, slots=True)
class Category:
    """A row or column: what it is called, and the finest codes that it takes together."""

    label: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Axis:
    """A side of a table: a dimension, and its categories, totals among them.

    `name` says what its column is called, where it tells apart less than the dimension does.
    """

    dimension: str
    categories: tuple[Category, ...]
    name: str = ""

    @property
    def called(self) -> str:
        """What its column is called: by its name, or else by the dimension."""
        return self.name or self.dimension


@dataclass(frozen=True)
class Table:
    """Counts of what `where` describes, by its axes.

    `where` gives the codes allowed in a dimension; a dimension that neither it nor an axis names is
    taken whole. `values` has one value for each combination of categories, the last axis fastest.
    """

    title: str
    axes: tuple[Axis, ...]
    values: tuple[Value, ...]
    where: Mapping[str, frozenset[str]]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many categories each axis has."""
        return tuple(len(axis.categories) for axis in self.axes)

    def cells(self) -> Iterator[tuple[Category, ...]]:
        """The categories of each cell, in the order of `values`."""
        return product(*(axis.categories for axis in self.axes))

    def named(self, cell: int) -> str:
        """The labels of the row and column of the cell at this place in `values`."""
        labels = []
        for axis in reversed(self.axes):
            cell, at = divmod(cell, len(axis.categories))
            labels.append(axis.categories[at].label)
        return ", ".join(reversed(labels))

    def count(self, snapshot: Snapshot) -> tuple[int, ...]:
        """The true count of each cell in *snapshot*, in the order of `values`."""
        found = [0] * math.prod(self.shape)
        holders = self.holders(snapshot)
        for leaf, count in snapshot.counts.items():
            for cell in holders(leaf):
                found[cell] += count
        return tuple(found)

    def holders(self, snapshot: Snapshot) -> "Holders":
        """Which cells of this table a leaf of *snapshot* is counted in."""
        return Holders(self, snapshot)


class Holders:
    """Says which cells of a table a leaf is counted in, by their places in its `values`."""

    def __init__(self, table: Table, snapshot: Snapshot) -> None:
        steps: dict[str, list[list[int]]] = {}
        step = math.prod(table.shape)
        for axis in table.axes:
            step //= len(axis.categories) or 1
            found: list[list[int]] = [[] for _ in snapshot.by_name[axis.dimension].codes]
            for number, category in enumerate(axis.categories):
                for code in category.codes:
                    found[snapshot.by_name[axis.dimension].places[code]].append(number * step)
            steps[axis.dimension] = found
        self._steps = [steps.get(dimension.name) for dimension in snapshot.dimensions]
        self._allowed = [
            None
            if dimension.name not in table.where
            else {dimension.places[code] for code in table.where[dimension.name]}
            for dimension in snapshot.dimensions
        ]

    def __call__(self, leaf: Leaf) -> list[int]:
        """The cells that *leaf* is counted in."""
        cells = [0]
        for at, steps, allowed in zip(leaf, self._steps, self._allowed, strict=True):
            if allowed is not None and at not in allowed:
                return []
            if steps is not None:
                cells = [cell + step for cell in cells for step in steps[at]]
        return cells


@dataclass(frozen=True)
class Release:
    """Tables that left together: from which snapshot, when, and how they were protected.

    `threshold` is the least count that is published as it is, 1 where none is withheld; `reason` says who judged that
    it should be so, and why. `snapshot` is the snapshot's id.
    """

    id: str
    snapshot: str
    made: date
    profile: str
    threshold: int
    reason: str
    tables: tuple[Table, ...]

    def text(self) -> str:
        """The release as its file."""
        document = {
            "format": FORMAT,
            "id": self.id,
            "snapshot": self.snapshot,
            "made": self.made.isoformat(),
            "profile": self.profile,
            "threshold": self.threshold,
            "reason": self.reason,
            "tables": [_table_document(table) for table in self.tables],
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `text`."""
        return hashlib.sha256(self.text().encode()).hexdigest()


def _table_document(table: Table) -> dict[str, object]:
    return {
        "title": table.title,
        "where": {name: sorted(codes) for name, codes in sorted(table.where.items())},
        "axes": [
            {
                "dimension": axis.dimension,
                **({"name": axis.name} if axis.name else {}),
                "categories": [[each.label, sorted(each.codes)] for each in axis.categories],
            }
            for axis in table.axes
        ],
        "values": list(table.values),
    }


def read_release(path: Path) -> Release:
    """The release in the file at *path*; raises `DisclosureError` with the place of a fault."""
    part = read(path).only(
        "format", "id", "snapshot", "made", "profile", "threshold", "reason", "tables"
    )
    if part.get("format").a(str) != FORMAT:
        raise part.get("format").refuse("is not a release that this version can read", FORMAT)
    made = part.get("made")
    try:
        day = date.fromisoformat(made.a(str))
    except ValueError:
        raise made.refuse(f"is no date: {made.value!r}", "Write it as 2026-03-31.") from None
    return Release(
        part.get("id").a(str),
        part.get("snapshot").a(str),
        day,
        part.get("profile").a(str),
        part.get("threshold").a(int),
        part.get("reason").a(str),
        tuple(map(_table, part.get("tables").each())),
    )


def _table(part: Part) -> Table:
    part.only("title", "where", "axes", "values")
    axes = tuple(_axis(each) for each in part.get("axes").each())
    values = tuple(_value(each) for each in part.get("values").each())
    size = math.prod(len(axis.categories) for axis in axes)
    if len(values) != size:
        raise part.get("values").refuse(f"has {len(values)} values for {size} cells")
    named = [axis.dimension for axis in axes]
    if len(set(named)) != len(named):
        raise part.get("axes").refuse("uses one dimension for two axes")
    where = {name: frozenset(codes.texts()) for name, codes in part.get("where").items()}
    return Table(part.get("title").a(str), axes, values, where)


def _axis(part: Part) -> Axis:
    part.only("dimension", "name", "categories")
    categories = []
    for each in part.get("categories").each():
        pair = list(each.each())
        if len(pair) != 2:
            raise each.refuse("must be a label and a list of codes")
        categories.append(Category(pair[0].a(str), frozenset(pair[1].texts())))
    if len({category.label for category in categories}) != len(categories):
        raise part.get("categories").refuse("has two categories of one label")
    name = part.find("name", "").a(str)
    return Axis(part.get("dimension").a(str), tuple(categories), name)


def _value(part: Part) -> Value:
    if part.value is None:
        return None
    if isinstance(part.value, list):
        ends = [each.a(int) for each in part.each()]
        if len(ends) != 2 or not 0 <= ends[0] <= ends[1]:
            raise part.refuse("must be a least and a greatest count")
        return ends[0], ends[1]
    if (count := part.a(int)) < 0:
        raise part.refuse(f"is {count}", "A count is not negative.")
    return count


def check_codes(release: Release, snapshot: Snapshot) -> None:
    """Raise `DisclosureError` where *release* names a dimension or a code unknown to *snapshot*."""
    for number, table in enumerate(release.tables, 1):
        place = f"release {release.id}, table {number}"
        asked = [(axis.dimension, each.codes) for axis in table.axes for each in axis.categories]
        for name, codes in [*table.where.items(), *asked]:
            if name not in snapshot.by_name:
                known = ", ".join(snapshot.by_name)
                raise DisclosureError(place, f"there is no dimension {name!r}", f"Known: {known}.")
            if unknown := sorted(codes - snapshot.by_name[name].places.keys()):
                raise DisclosureError(place, f"there is no code {unknown[0]!r} in {name}")
