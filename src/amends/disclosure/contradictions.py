"""Answers that cannot all be true: each shown with the places that disagree.

Three ways are looked for. A published number is not what its snapshot counts. Two answers give
different numbers for the same question. Numbers do not add up, for example because a total holds
people of unknown age whom no part shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from amends.disclosure.answered import Asked, asked
from amends.disclosure.determined import Known
from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Release, Table, Value
from amends.disclosure.refining import Space, coarsest
from amends.disclosure.releases import Ledger
from amends.disclosure.snapshots import Snapshot

RECOUNT: Final = "recount"
TWICE: Final = "twice"
SUM: Final = "sum"
SNAPSHOTS: Final = "snapshots"


@dataclass(frozen=True, slots=True)
class Said:
    """A number that was published, and where: the release, its table (from 1) and the cell's labels."""

    release: str
    snapshot: str
    table: int
    title: str
    labels: tuple[str, ...]
    value: Value

    def __str__(self) -> str:
        value = self.value
        number = f"{value[0]:,} to {value[1]:,}" if isinstance(value, tuple) else f"{value:,}"
        what = " / ".join(self.labels) or "the only cell"
        return f"release {self.release}, table {self.table} ({self.title}), {what}: {number}"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Numbers that cannot all be true: `kind` is RECOUNT, TWICE or SUM; `right` what would be right.

    SNAPSHOTS is no fault by itself: two snapshots were asked the same and count differently.
    """

    kind: str
    said: tuple[Said, ...]
    wrong: str
    right: str = ""


def check_counts(release: Release, snapshot: Snapshot) -> None:
    """Raise `DisclosureError` where a number of *release* is not what *snapshot* counts."""
    for found in _recounted(release, snapshot):
        raise DisclosureError(str(found.said[0]), found.wrong, found.right)


def contradictions(ledger: Ledger) -> list[Contradiction]:
    """All the contradictions of a ledger, release by release."""
    found: list[Contradiction] = []
    for release in ledger.releases.values():
        snapshot = ledger.snapshots[release.snapshot]
        if snapshot.counts:  # else it is kept for its codes alone: the answer came from elsewhere
            found += _recounted(release, snapshot)
    found += _twice(ledger)
    done: set[str] = set()
    for release in ledger.releases.values():
        if release.snapshot not in done:
            done.update(ledger.family(release.snapshot))
            found += _sums(ledger, release.snapshot)
    return found


def _said(release: Release) -> Iterator[tuple[Said, Table, int]]:
    for number, table in enumerate(release.tables, 1):
        for place, (categories, value) in enumerate(zip(table.cells(), table.values, strict=True)):
            labels = tuple(category.label for category in categories)
            said = Said(release.id, release.snapshot, number, table.title, labels, value)
            yield said, table, place


def _recounted(release: Release, snapshot: Snapshot) -> Iterator[Contradiction]:
    counts = {id(table): table.count(snapshot) for table in release.tables}
    for said, table, place in _said(release):
        if said.value is None:
            continue
        least, most = said.value if isinstance(said.value, tuple) else (said.value, said.value)
        if not least <= (count := counts[id(table)][place]) <= most:
            wrong = f"snapshot {snapshot.id} counts {count:,}"
            right = "Say what differs in the definition, or count again."
            yield Contradiction(RECOUNT, (said,), wrong, right)


def _twice(ledger: Ledger) -> Iterator[Contradiction]:
    first: dict[Asked, list[Said]] = {}
    for release in ledger.releases.values():
        snapshot = ledger.snapshots[release.snapshot]
        cells = {id(table): asked(table, snapshot) for table in release.tables}
        for said, table, place in _said(release):
            if said.value is None:
                continue
            before = first.setdefault(cells[id(table)][place], [])
            against = next((one for one in before if _apart(one.value, said.value)), None)
            if against is None:
                before.append(said)
            else:
                yield _two(ledger, against, said)


def _apart(one: Value, other: Value) -> bool:
    a = one if isinstance(one, tuple) else (one, one)
    b = other if isinstance(other, tuple) else (other, other)
    return max(a[0] or 0, b[0] or 0) > min(a[1] or 0, b[1] or 0)


def _two(ledger: Ledger, one: Said, other: Said) -> Contradiction:
    if other.snapshot in ledger.family(one.snapshot):
        right = "Find the definition that differs, and tell both who asked."
        return Contradiction(TWICE, (one, other), "the same question, and two numbers", right)
    wrong = (
        f"the same question of the snapshots {one.snapshot} and {other.snapshot}, and two numbers"
    )
    right = "Records may have changed between them; say so with the later answer."
    return Contradiction(SNAPSHOTS, (one, other), wrong, right)


def _sums(ledger: Ledger, snapshot: str) -> Iterator[Contradiction]:
    """Numbers that others give another sum; the same question asked twice is told elsewhere."""
    space: Space = ledger.space(snapshot)
    told = [
        (cell, said)
        for release in ledger.released(snapshot)
        for cell, (said, _, _) in zip(
            (cell for table in release.tables for cell in space.cells(release.snapshot, table)),
            _said(release),
            strict=True,
        )
        if isinstance(said.value, int)
    ]
    grid = coarsest(space).refined(cell for cell, _ in told)
    known, seen = Known(), set[tuple[int, ...]]()
    rows = sorted(((grid.row(cell), said) for cell, said in told), key=lambda pair: len(pair[0]))
    for row, said in rows:
        assert isinstance(said.value, int)
        if not known.agrees(row, said.value) and row not in seen:
            parts = [tag for tag in known.tags(row) if isinstance(tag, Said)]
            given = known.says(row)
            yield Contradiction(SUM, (said, *parts), *_difference(said.value, given))
        known.add(row, said, said.value)
        seen.add(row)


def _difference(said: int, given: int) -> tuple[str, str]:
    more = said - given
    wrong = f"the other numbers give {given:,}: {abs(more):,} {'more' if more > 0 else 'fewer'}"
    right = "Show what no part shows as a part of its own (unknown), or leave it out of the total."
    return wrong, right
