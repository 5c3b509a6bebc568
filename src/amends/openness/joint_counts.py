"""Counts of several editions as those of one population: each record with the first and last edition that it is in.

The code `1-` stands for what edition 1 and all later ones count, `1-2` for what editions 1 and 2 do and 3 does not. Of
records that are alike nobody knows which one came or went: where fewer are counted, those that came last went.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from amends.disclosure.published import Axis, Release, Table
from amends.disclosure.snapshots import Dimension, Leaf, Snapshot
from amends.openness.families import widened

EDITION: Final = "edition"
LEAST: Final = 10
"""The least number of records by which what was told may change; the limit is ours."""
THEN: Final = "then-"
"""Begins the id of what an earlier edition told, as figures of the later one."""
SINCE: Final = "since-"
"""Begins the id of what came or went since, of which nothing is told."""
Named = tuple[str, ...]


def named(snapshot: Snapshot) -> Counter[Named]:
    """The counts of *snapshot* by the codes of its leaves."""
    codes = [one.codes for one in snapshot.dimensions]
    return Counter(
        {
            tuple(of[at] for of, at in zip(codes, leaf, strict=True)): count
            for leaf, count in snapshot.counts.items()
        }
    )


def shown(snapshot: Snapshot) -> Counter[Named]:
    """What the last edition in *snapshot* counts, without the editions."""
    if EDITION not in snapshot.by_name:
        return named(snapshot)
    found: Counter[Named] = Counter()
    for (*leaf, edition), count in named(snapshot).items():
        found[tuple(leaf)] += count if edition.endswith("-") else 0
    return found


def editions_now(snapshot: Snapshot) -> frozenset[str]:
    """The codes of what the last edition in *snapshot* counts."""
    return frozenset(one for one in snapshot.by_name[EDITION].codes if one.endswith("-"))


def few(
    old: Mapping[Named, int], new: Mapping[Named, int], row_of: Callable[[Named], str]
) -> frozenset[str]:
    """The rows by which fewer than LEAST came, went, or are more or fewer in all: not none, and not many."""
    came: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    for leaf in old.keys() | new.keys():
        change = new.get(leaf, 0) - old.get(leaf, 0)
        came[row_of(leaf)] += max(change, 0)
        gone[row_of(leaf)] += max(-change, 0)
    return frozenset(
        row
        for row in came.keys() | gone.keys()
        if row and any(0 < n < LEAST for n in (came[row], gone[row], abs(came[row] - gone[row])))
    )


def joined(id: str, old: Snapshot, like: Sequence[Dimension], new: Mapping[Named, int]) -> Snapshot:  # noqa: A002
    """The snapshot *old* and the counts *new* of the next edition; *like* are the dimensions of *new*."""
    number = _editions(old) + 1
    held: dict[Named, dict[str, int]] = {}
    for leaf, count in named(old).items():
        plain, edition = (leaf[:-1], leaf[-1]) if EDITION in old.by_name else (leaf, "1-")
        held.setdefault(plain, {})[edition] = count
    counts: dict[Named, int] = {}
    for plain in held.keys() | new.keys():
        for edition, count in _next(held.get(plain, {}), new.get(plain, 0), number).items():
            counts[(*plain, edition)] = count
    editions = tuple(sorted({leaf[-1] for leaf in counts}))
    dimensions = (
        *(Dimension(one.name, _codes(one, old.by_name[one.name])) for one in like),
        Dimension(EDITION, editions),
    )
    at = [one.places for one in dimensions]
    leaves: dict[Leaf, int] = {
        tuple(of[code] for of, code in zip(at, leaf, strict=True)): count
        for leaf, count in counts.items()
    }
    return Snapshot(id, old.unit, dimensions, leaves)


def _next(held: Mapping[str, int], count: int, number: int) -> dict[str, int]:
    """The counts by editions once edition *number* counts *count*."""
    found = {edition: many for edition, many in held.items() if not edition.endswith("-")}
    open_ = {edition: many for edition, many in held.items() if edition.endswith("-")}
    more = count - sum(open_.values())
    if more > 0:
        open_[f"{number}-"] = more
    for edition in sorted(open_, key=lambda one: int(one[:-1]), reverse=True):
        gone = min(max(-more, 0), open_[edition])
        if gone:
            more += gone
            open_[edition] -= gone
            found[f"{edition}{number - 1}"] = found.get(f"{edition}{number - 1}", 0) + gone
    return {edition: many for edition, many in (found | open_).items() if many}


def _editions(snapshot: Snapshot) -> int:
    """The number of the last edition; one by which nothing changed has that of the one before."""
    if EDITION not in snapshot.by_name:
        return 1
    ends = [one.split("-") for one in snapshot.by_name[EDITION].codes]
    return max((int(end) + 1 if end else int(first) for first, end in ends), default=1)


def _codes(new: Dimension, old: Dimension) -> tuple[str, ...]:
    """The codes of both; the days and rows in order."""
    return (
        tuple(sorted({*new.codes, *old.codes}))
        if new.name in ("day", "row")
        else tuple(dict.fromkeys((*old.codes, *new.codes)))
    )


def then(release: Release, old: Snapshot, snapshot: Snapshot) -> Release:
    """What *release* told of *old*, as figures of the later *snapshot*."""
    tables = tuple(_then(table, old, snapshot) for table in release.tables)
    return replace(release, id=f"{THEN}{release.id}", snapshot=snapshot.id, tables=tables)


def _then(table: Table, old: Snapshot, snapshot: Snapshot) -> Table:
    codes = snapshot.by_name[EDITION].codes
    every = old.by_name[EDITION].codes if EDITION in old.by_name else ("1-",)
    inside = table.where.get(EDITION, frozenset(every))
    last = _editions(old)
    kept = {
        one
        for one in codes
        if one in inside or (one.endswith(f"-{last}") and one.removesuffix(str(last)) in inside)
    }
    axes = tuple(_wide(axis, old, snapshot) for axis in table.axes)
    return replace(table, axes=axes, where={**table.where, EDITION: frozenset(kept)})


def _wide(axis: Axis, old: Snapshot, snapshot: Snapshot) -> Axis:
    """*axis*, in which whatever took all codes still does: nobody of an earlier edition has a new one."""
    if axis.dimension in ("day", "row"):
        return axis
    before = frozenset(old.by_name[axis.dimension].codes)
    now = frozenset(snapshot.by_name[axis.dimension].codes)
    return replace(
        axis,
        categories=tuple(
            replace(one, codes=now if one.codes == before else _like(axis, one.codes, now))
            for one in axis.categories
        ),
    )


def _like(axis: Axis, codes: frozenset[str], now: frozenset[str]) -> frozenset[str]:
    """*codes* of a category of *axis*, and those of *now* that its label takes in, too."""
    joint = axis.name not in ("", axis.dimension)
    return widened(axis.name, codes, now) if joint else codes


def changes(snapshot: Snapshot, table: Table) -> Iterator[Table]:
    """The cells of *table* among those alone that came later, or went: nothing of them is told."""
    for edition in snapshot.by_name[EDITION].codes:
        if edition != "1-":
            where = {EDITION: frozenset({edition})}
            size = len(tuple(table.cells()))
            yield replace(table, title="Changes, told nowhere", values=(None,) * size, where=where)
