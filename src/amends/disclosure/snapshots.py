"""A snapshot: the frozen, confidential counts of one day, from which figures are published.

A snapshot counts records by the finest codes of each of its dimensions (a day, an offence code, an
age). Where records change afterwards (a crime is reclassified), that is another snapshot, and what
was published from one says nothing certain about the other.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from amends.disclosure.shapes import Part, read

FORMAT: Final = "amends-snapshot-1"

Leaf = tuple[int, ...]
"""One combination of finest codes: the place of its code in each dimension."""


@dataclass(frozen=True)
class Dimension:
    """What records are told apart by: its name, and its finest codes in order."""

    name: str
    codes: tuple[str, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each code."""
        return {code: place for place, code in enumerate(self.codes)}


@dataclass(frozen=True)
class Snapshot:
    """Counts by leaf; a leaf that is not there counts nobody.

    `id` names it in releases; `unit` says what is counted (cases, people). Counts are whole and
    positive.
    """

    id: str
    unit: str
    dimensions: tuple[Dimension, ...]
    counts: Mapping[Leaf, int]

    @cached_property
    def by_name(self) -> dict[str, Dimension]:
        """The dimensions by their names."""
        return {dimension.name: dimension for dimension in self.dimensions}

    def text(self) -> str:
        """The snapshot as its file: the same bytes for the same counts, whatever their order."""
        document = {
            "format": FORMAT,
            "id": self.id,
            "unit": self.unit,
            "dimensions": {dimension.name: dimension.codes for dimension in self.dimensions},
            "counts": [[*leaf, count] for leaf, count in sorted(self.counts.items())],
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `text`, by which certificates know the snapshot; as little for publication as theirs.

        Whoever guesses the few counts withheld could try each guess against it.
        """
        return hashlib.sha256(self.text().encode()).hexdigest()


def read_snapshot(path: Path) -> Snapshot:
    """The snapshot in the file at *path*; raises `DisclosureError` with the place of a fault."""
    part = read(path).only("format", "id", "unit", "dimensions", "counts")
    if part.get("format").a(str) != FORMAT:
        raise part.get("format").refuse("is not a snapshot that this release can read", FORMAT)
    dimensions = tuple(
        Dimension(name, codes.texts()) for name, codes in part.get("dimensions").items()
    )
    counts = dict(_counts(part.get("counts"), dimensions))
    return Snapshot(part.get("id").a(str), part.get("unit").a(str), dimensions, counts)


def _counts(part: Part, dimensions: tuple[Dimension, ...]) -> Iterator[tuple[Leaf, int]]:
    sizes = tuple(len(dimension.codes) for dimension in dimensions)
    seen: set[Leaf] = set()
    for row in part.each():
        numbers = [number.a(int) for number in row.each()]
        if len(numbers) != len(sizes) + 1:
            raise row.refuse(f"has {len(numbers)} numbers, not {len(sizes) + 1}")
        *place, count = numbers
        leaf = tuple(place)
        if any(not 0 <= at < size for at, size in zip(leaf, sizes, strict=True)):
            raise row.refuse("points outside the codes of a dimension")
        if count <= 0:
            raise row.refuse(f"counts {count}", "A count is at least 1; leave out what is 0.")
        if leaf in seen:
            raise row.refuse("counts the same codes as an earlier row")
        seen.add(leaf)
        yield leaf, count
