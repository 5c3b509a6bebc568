"""Makes tables that may leave the building, once their certificate was checked."""

from collections.abc import Iterator, Sequence

from amends.disclosure.certificates import Certificate
from amends.disclosure.checking import check
from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Release, Table, Value
from amends.disclosure.snapshots import Snapshot
from amends.disclosure.tables import _ISSUED, MARKER, Cell, Safe


def issue(
    snapshot: Snapshot, releases: Sequence[Release], certificate: Certificate
) -> tuple[Safe, ...]:
    """The tables of the last of *releases*, which are all that left of *snapshot*, for publication.

    Raises `DisclosureError` where *certificate* does not prove that they are safe.
    """
    faults = check(snapshot, releases, certificate).faults
    release = releases[-1]
    if faults:
        raise DisclosureError(f"release {release.id}", f"is not proved safe: {faults[0]}")
    return tuple(
        Safe(
            title=table.title,
            unit=snapshot.unit,
            columns=(*(axis.called for axis in table.axes), "count"),
            rows=tuple(_rows(table)),
            note=f"{MARKER}: withheld, so that nobody can be identified.",
            release=release.digest,
            token=_ISSUED,
        )
        for table in release.tables
    )


def _rows(table: Table) -> Iterator[tuple[Cell, ...]]:
    for categories, value in zip(table.cells(), table.values, strict=True):
        yield (*(category.label for category in categories), _shown(value))


def _shown(value: Value) -> Cell:
    if value is None:
        return MARKER
    return value if isinstance(value, int) else f"{value[0]} to {value[1]}"
