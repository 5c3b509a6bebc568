"""Which earlier answers a new question was answered by, in whole or in part: by what is counted, not words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from amends.disclosure.published import Table
from amends.disclosure.releases import Ledger
from amends.disclosure.snapshots import Snapshot

EQUAL: Final = "the same"
CONTAINED: Final = "all of it"
OVERLAPS: Final = "overlaps"
_ORDER: Final = (EQUAL, CONTAINED, OVERLAPS)

Asked = frozenset[tuple[str, frozenset[str]]]
"""What a cell counts: the codes of each dimension that is not taken whole."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier table that answers a new question: how far, and in how many of the new cells.

    `how` is EQUAL where both have the same cells, CONTAINED where the earlier has all of the new
    and more, OVERLAPS where some records are counted in both. `same_snapshot` says whether the two
    are counted from one snapshot, so that their numbers agree.
    """

    release: str
    table: int
    title: str
    how: str
    same: int
    same_snapshot: bool


def already_answered(table: Table, snapshot: str, ledger: Ledger) -> list[Earlier]:
    """The earlier tables that answer *table*, asked of *snapshot*; those that answer most come first.

    Questions of other snapshots are found too: dimensions and codes are compared by their names.
    """
    new = _cells(table, ledger.snapshots[snapshot])
    found = []
    for release in ledger.releases.values():
        own = ledger.snapshots[release.snapshot]
        for number, other in enumerate(release.tables, 1):
            if how := _how(table, new, other, _cells(other, own)):
                same = len(new & _cells(other, own))
                agree = release.snapshot == snapshot
                found.append(Earlier(release.id, number, other.title, how, same, agree))
    return sorted(found, key=lambda one: (_ORDER.index(one.how), -one.same))


def _how(table: Table, new: frozenset[Asked], other: Table, old: frozenset[Asked]) -> str | None:
    if new == old:
        return EQUAL
    if new <= old:
        return CONTAINED
    one, two = _region(table), _region(other)
    meet = all(one[name] & two[name] for name in one.keys() & two.keys())
    return OVERLAPS if meet else None


def _region(table: Table) -> Mapping[str, frozenset[str]]:
    """The codes of each dimension that a table counts anybody of; a dimension not named is whole."""
    found = dict(table.where)
    for axis in table.axes:
        codes = frozenset[str]().union(*(category.codes for category in axis.categories))
        found[axis.dimension] = codes & found.get(axis.dimension, codes)
    return found


def _cells(table: Table, snapshot: Snapshot) -> frozenset[Asked]:
    return frozenset(asked(table, snapshot))


def asked(table: Table, snapshot: Snapshot) -> list[Asked]:
    """What each cell of *table* counts, in the order of its values."""
    found = []
    for categories in table.cells():
        where = dict(table.where)
        for axis, category in zip(table.axes, categories, strict=True):
            where[axis.dimension] = category.codes & where.get(axis.dimension, category.codes)
        found.append(
            frozenset(
                (name, codes)
                for name, codes in where.items()
                if len(codes) < len(snapshot.by_name[name].codes)
            )
        )
    return found
