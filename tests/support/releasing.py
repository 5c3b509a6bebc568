"""An invented force's three years of figures, and the requests for them that overlap."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from amends.disclosure.published import Axis, Category, Release, Table
from amends.disclosure.releases import Ledger, read_ledger, record
from amends.disclosure.snapshots import Dimension, Snapshot

FIRST = date(2023, 4, 1)
DAYS = tuple((FIRST + timedelta(days=at)).isoformat() for at in range(1096))
OFFENCES = tuple(
    f"{group:02}.{kind}" for group in range(11) for kind in range(6 if group < 5 else 5)
)
AGES = ("10-17", "18+", "unknown")
SEXUAL = 4
"""The group of offences that is rare."""
RECORDS = 13_168


def force(records: int = RECORDS, seed: int = 1) -> Snapshot:
    """A snapshot of *records* over 1,096 days, 60 offences in 11 groups and 3 ages."""
    pick = random.Random(seed)
    groups = [0.0 if group == SEXUAL else 1 / (1 + group) for group in range(11)]
    weights = []
    for offence in OFFENCES:
        group, kind = int(offence[:2]), int(offence[3:])
        weights.append(groups[group] / (1 + kind) ** 1.5)
    sexual = [at for at, offence in enumerate(OFFENCES) if int(offence[:2]) == SEXUAL]
    counts: Counter[tuple[int, ...]] = Counter()
    few = round(records * 60 / RECORDS)
    for number in range(records):
        if number < few:
            offence = pick.choice(sexual)
        else:
            (offence,) = pick.choices(range(len(OFFENCES)), weights)
        (age,) = pick.choices(range(3), (30, 67, 3))
        counts[pick.randrange(len(DAYS)), offence, age] += 1
    dimensions = (Dimension("day", DAYS), Dimension("offence", OFFENCES), Dimension("age", AGES))
    return Snapshot("2026-03-31", "outcomes", dimensions, counts)


KEY = "00" * 32
"""The secret that breaks ties, in tests the same each time."""


def opened(folder: Path, *snapshots: Snapshot) -> Ledger:
    """A new ledger in *folder* that holds *snapshots*."""
    for snapshot in snapshots:
        record(read_ledger(folder), snapshot)
        (folder / "order.key").write_text(KEY)
    return read_ledger(folder)


def alone(snapshot: Snapshot) -> Ledger:
    """A ledger without a folder, in which nothing was released."""
    return Ledger(Path("nowhere"), snapshots={snapshot.id: snapshot}, key=bytes.fromhex(KEY))


def small(counts: Mapping[tuple[int, ...], int], *sizes: int, id: str = "one") -> Snapshot:  # noqa: A002
    """A snapshot of a few codes: a0, a1 … in dimension a, b0, b1 … in b."""
    dimensions = tuple(
        Dimension(name, tuple(f"{name}{code}" for code in range(size)))
        for name, size in zip("abcd", sizes, strict=False)
    )
    return Snapshot(id, "cases", dimensions, {leaf: n for leaf, n in counts.items() if n})


def axis(dimension: str, *categories: str) -> Axis:
    """An axis; each category is written as its codes, joined with +."""
    return Axis(
        dimension,
        tuple(Category(one, frozenset(filter(None, one.split("+")))) for one in categories),
    )


def answer(
    snapshot: Snapshot,
    *axes: Axis,
    id: str = "1",  # noqa: A002
    where: Mapping[str, frozenset[str]] | None = None,
    threshold: int = 5,
    withheld: Iterable[int] = (),
) -> Release:
    """A release of one table, counted from *snapshot*, without the cells *withheld*."""
    table = _counted(Table("Counts", axes, (), where or {}), snapshot)
    gone = set(withheld)
    values = tuple(None if at in gone else value for at, value in enumerate(table.values))
    return Release(
        id,
        snapshot.id,
        date(2026, 4, 1),
        "foi",
        threshold,
        "Judged.",
        (replace(table, values=values),),
    )


def requests(count: int, snapshot: Snapshot, seed: int = 2) -> list[Release]:
    """*count* answers, as they are counted: periods that overlap, groups or details, some with age."""
    pick = random.Random(seed)
    return [
        Release(
            f"{2024 + number // 20}/{number:03}",
            snapshot.id,
            date(2026, 4, 1) + timedelta(number),
            "foi",
            5,
            "Judged by the disclosure officer.",
            (_counted(_asked(pick), snapshot),),
        )
        for number in range(count)
    ]


def _counted(table: Table, snapshot: Snapshot) -> Table:
    return Table(table.title, table.axes, table.count(snapshot), table.where)


def _asked(pick: random.Random) -> Table:
    periods = pick.choice((_financial, _calendar, _to_date, _to_date))(pick)
    group = pick.choice((None, None, SEXUAL, pick.randrange(11)))
    axes = [Axis("day", tuple(Category(label, _days(*ends)) for label, ends in periods))]
    axes.append(Axis("offence", tuple(_offences(group, pick.random() < 0.3))))
    if pick.random() < 0.4:
        axes.append(Axis("age", _ages()))
    where = {} if group is None else {"offence": _of_group(group)}
    return Table("Community resolutions", tuple(axes), (), where)


def _days(first: date, last: date) -> frozenset[str]:
    return frozenset(day for day in DAYS if first.isoformat() <= day <= last.isoformat())


def _financial(pick: random.Random) -> list[tuple[str, tuple[date, date]]]:
    ends = [(date(year, 4, 1), date(year + 1, 3, 31)) for year in (2023, 2024, 2025)]
    return _with_total([(f"{first.year}/{last.year % 100}", (first, last)) for first, last in ends])


def _calendar(pick: random.Random) -> list[tuple[str, tuple[date, date]]]:
    years = pick.choice(((2024,), (2024, 2025), (2025,)))
    return _with_total([(str(year), (date(year, 1, 1), date(year, 12, 31))) for year in years])


def _to_date(pick: random.Random) -> list[tuple[str, tuple[date, date]]]:
    last = FIRST + timedelta(days=pick.randrange(400, 1096))
    first = pick.choice((FIRST, date(2024, 1, 1), date(2024, 4, 1)))
    middle = [day for day in (date(2024, 4, 1), date(2025, 4, 1)) if first < day <= last]
    starts = [first, *middle]
    ends = [*(day - timedelta(days=1) for day in middle), last]
    return _with_total(
        [(f"{one} to {end}", (one, end)) for one, end in zip(starts, ends, strict=True)]
    )


def _with_total(
    periods: list[tuple[str, tuple[date, date]]],
) -> list[tuple[str, tuple[date, date]]]:
    if len(periods) == 1:
        return periods
    return [("All", (periods[0][1][0], periods[-1][1][1])), *periods]


def _of_group(group: int) -> frozenset[str]:
    return frozenset(code for code in OFFENCES if int(code[:2]) == group)


def _offences(group: int | None, details: bool) -> list[Category]:
    """All or a group, and the parts of it: groups, or the offences of each."""
    if group is not None:
        codes = sorted(_of_group(group))
        return [
            Category("All", frozenset(codes)),
            *(Category(code, frozenset({code})) for code in codes),
        ]
    found = [Category("All", frozenset(OFFENCES))]
    for number in range(11):
        found.append(Category(f"Group {number}", _of_group(number)))
        if details:
            found += [Category(code, frozenset({code})) for code in sorted(_of_group(number))]
    return found


def _ages() -> tuple[Category, ...]:
    return (Category("All", frozenset(AGES)), *(Category(age, frozenset({age})) for age in AGES))
