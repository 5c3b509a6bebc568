"""Says, to staff only, what was withheld and why, how much it is, and what would need less."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from amends.disclosure.published import Axis, Category, Release, Table
from amends.disclosure.snapshots import Snapshot
from amends.disclosure.systems import Place, told

MOST: Final = 0.10
"""A table of which a larger share is withheld should be made coarser instead."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A cell that is not told, and for the sake of which other cell; for its own where None."""

    place: Place
    count: int
    because: Place | None


@dataclass(frozen=True, slots=True)
class Report:
    """What was withheld of how many cells and of which value, and what to merge where it is much."""

    cells: int
    value: int
    withheld: tuple[Withheld, ...]
    proposals: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of cells withheld."""
        return len(self.withheld) / self.cells if self.cells else 0.0

    @property
    def value_share(self) -> float:
        """The share withheld of all that the cells count."""
        return sum(one.count for one in self.withheld) / self.value if self.value else 0.0

    def lines(self, releases: Sequence[Release]) -> Iterator[str]:
        """The report as text; *releases* are those that its places speak of."""
        release = releases[-1]
        yield f"Release {release.id} from the snapshot {release.snapshot}. For staff only."
        yield f"Counts below {release.threshold} are withheld ({release.profile}): {release.reason}"
        primary = sum(one.because is None for one in self.withheld)
        yield (
            f"{len(self.withheld):,} of {self.cells:,} cells withheld ({self.share:.1%}): {primary:,} primary, "
            f"{len(self.withheld) - primary:,} secondary; {self.value_share:.1%} of the value."
        )
        yield from self.proposals
        for one in self.withheld:
            if one.because is None:
                why = f"primary (counts {one.count})"
            else:
                other = one.because
                why = f"secondary for {told(releases[other.release], other.table, other.cell)}"
            yield f"{told(releases[one.place.release], one.place.table, one.place.cell)}: {why}"


def report(
    snapshot: Snapshot, releases: Sequence[Release], because: Mapping[Place, Place], smallest: int
) -> Report:
    """What the last of *releases* withholds; *because* says for which other cell, where not for its own."""
    number = len(releases) - 1
    withheld, proposals, cells, value = [], [], 0, 0
    for which, table in enumerate(releases[-1].tables):
        counts = table.count(snapshot)
        cells, value = cells + len(counts), value + sum(counts)
        hidden = 0
        for cell, (shown, count) in enumerate(zip(table.values, counts, strict=True)):
            if shown is None:
                place = Place(number, which, cell)
                withheld.append(Withheld(place, count, because.get(place)))
                hidden += 1
        if hidden > MOST * len(counts):
            proposals.append(proposal(snapshot, table, releases[-1].threshold, smallest, hidden))
    return Report(cells, value, tuple(withheld), tuple(proposals))


def proposal(snapshot: Snapshot, table: Table, threshold: int, smallest: int, hidden: int) -> str:
    """Which axis of *table* to merge, so that the smallest share of its cells is small."""
    best, least = "", 2.0
    for at, axis in enumerate(table.axes):
        merged = coarser(axis)
        if merged is None:
            continue
        axes = (*table.axes[:at], merged, *table.axes[at + 1 :])
        counts = Table(table.title, axes, (), table.where).count(snapshot)
        share = sum(smallest <= count < threshold for count in counts) / len(counts)
        if share < least:
            best, least = axis.called, share
    start = f"{table.title}: {hidden:,} of {len(table.values):,} cells withheld is more than {MOST:.0%}."
    if not best:
        return f"{start} Ask for fewer dimensions."
    return f"{start} Merge categories of {best}: then {least:.1%} of its cells would be small."


def coarser(axis: Axis) -> Axis | None:
    """*axis* without its finest categories; where all are finest but totals, those in pairs; None where one is left."""
    finest = [
        one
        for one in axis.categories
        if not any(other.codes < one.codes for other in axis.categories)
    ]
    rest = [one for one in axis.categories if one not in finest]
    if len(finest) < 2:
        return None
    if len(rest) > 1:
        return replace(axis, categories=tuple(rest))
    pairs = [
        Category(
            " and ".join(one.label for one in finest[at : at + 2]),
            frozenset().union(*(one.codes for one in finest[at : at + 2])),
        )
        for at in range(0, len(finest), 2)
    ]
    return replace(axis, categories=(*pairs, *rest))
