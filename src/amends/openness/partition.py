"""The rows by which attributes are counted: financial years and offence groups, the small ones together.

They are fixed at the first question and the same for every attribute, and their totals are published.
So whatever is withheld of one attribute can be otherwise without any other answer noticing: people
change places inside a row.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from amends.disclosure.considering import Considered, consider, keep
from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Axis, Category, Release, Table
from amends.disclosure.releases import Ledger, read_ledger
from amends.openness.counted import (
    GROUPS,
    Row,
    Source,
    codes_of,
    financial_years,
)

LEAST: Final = 100
"""The least that a row counts; the limit is ours. Smaller groups of a year are counted together."""
OTHER: Final = "Other offences"
_FILE: Final = "rows.json"
Step = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """Who judged what is withheld, why, and below which count; and the day of it.

    `judged_by` is empty where the reason stands by itself, for nothing is withheld of what is out already. `named`
    says what of it whoever asks named: `threshold`, `reason`; the rest gives way to what an earlier answer has.
    """

    threshold: int
    reason: str
    judged_by: str
    made: date
    named: frozenset[str] = frozenset()

    def release(self, id: str, snapshot: str, tables: tuple[Table, ...]) -> Release:  # noqa: A002
        """A release of *tables*, as it is judged here."""
        reason = f"{self.reason} (judged by {self.judged_by})" if self.judged_by else self.reason
        return Release(id, snapshot, self.made, "foi", self.threshold, reason, tables)


def rows_of(source: Source, folder: Path, judged: Judged, tell: Step) -> tuple[Row, ...]:
    """The rows of *source*, as they were fixed in *folder*, or as they are fixed now."""
    path = folder / _FILE
    if path.exists():
        return read_rows(path)
    first = _rows(source, judged.threshold)
    for attempt in range(4):
        release = _release(source, first, judged)
        ledger = read_ledger(folder)
        considered = consider(ledger, release, tell)
        if not considered.withheld:
            return _fixed(path, ledger, considered, first)
        if source.fixed:
            break
        first = _coarser(first, considered, attempt)
    raise DisclosureError(
        f"source {source.id}", "has no years and offence groups that can all be published",
        "Answer by year alone, or from more cases.",
    )  # fmt: skip


def _rows(source: Source, threshold: int) -> list[Row]:
    snapshot, found = source.base, list[Row]()
    day, offence = snapshot.dimensions[0].codes, snapshot.dimensions[1].codes
    group_of = {code: group for group, codes in source.groups.items() for code in codes}
    first, last = source.span
    if source.fixed:
        found, first = [*source.fixed], max(one.end for one in source.fixed) + timedelta(days=1)
    for year, start, end in financial_years(first, last):
        counts = dict.fromkeys(source.groups, 0)
        for leaf, count in snapshot.counts.items():
            if start.isoformat() <= day[leaf[0]] <= end.isoformat():
                counts[group_of[offence[leaf[1]]]] += count
        large = [one for one, count in counts.items() if count >= max(LEAST, threshold)]
        small = [one for one in counts if one not in large]
        if small and sum(counts[one] for one in small) < max(LEAST, threshold) and large:
            small.append(large.pop(min(range(len(large)), key=lambda at: counts[large[at]])))
        found += [_row(source, found, year, start, end, [one]) for one in large]
        if small:
            found.append(_row(source, found, year, start, end, small))
    return [_numbered(one, at) for at, one in enumerate(found)]


def _row(
    source: Source, before: Sequence[Row], year: str, start: date, end: date, groups: Sequence[str]
) -> Row:
    codes = tuple(code for group in groups for code in source.groups[group])
    label = GROUPS[groups[0]] if len(groups) == 1 else OTHER
    return Row(f"r{len(before)}", label, year, start, end, codes)


def _numbered(row: Row, number: int) -> Row:
    return Row(f"r{number:03}", row.label, row.year, row.start, row.end, row.offences)


def _coarser(rows: Sequence[Row], considered: Considered, attempt: int) -> list[Row]:
    """*rows*, with those that may not be told together with the others of their year."""
    gone = {tuple(one.labels) for one in considered.withheld}
    found: list[Row] = []
    for year in dict.fromkeys(one.year for one in rows):
        own = [one for one in rows if one.year == year]
        merged = [one for one in own if one.label == OTHER or _label(one) in {x[0] for x in gone}]
        if attempt or len(merged) == 1:
            smallest = next((one for one in own if one not in merged), None)
            merged += [smallest] if smallest else []
        kept = [one for one in own if one not in merged]
        if merged:
            codes = tuple(code for one in merged for code in one.offences)
            kept.append(Row("", OTHER, year, own[0].start, own[0].end, codes))
        found += kept
    return [_numbered(one, at) for at, one in enumerate(found)]


def _label(row: Row) -> str:
    return f"{row.year}, {row.label}"


def _release(source: Source, rows: Sequence[Row], judged: Judged) -> Release:
    """All rows as one release: a table a row, for their years and offences differ."""
    tables = []
    for one in rows:
        days = Axis("day", (Category(_label(one), codes_of(one.start, one.end)),))
        where = {"offence": frozenset(one.offences), **source.now}
        table = Table("Rows by which attributes are counted", (days,), (), where)
        tables.append(Table(table.title, table.axes, table.count(source.base), where))
    return judged.release(f"rows-{source.id}", source.base.id, tuple(tables))


def _fixed(
    path: Path, ledger: Ledger, considered: Considered, rows: Sequence[Row]
) -> tuple[Row, ...]:
    keep(ledger, considered)
    document = [
        {
            "code": one.code, "label": one.label, "year": one.year, "start": one.start.isoformat(),
            "end": one.end.isoformat(), "offences": list(one.offences),
        }
        for one in rows
    ]  # fmt: skip
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return tuple(rows)


def read_rows(path: Path) -> tuple[Row, ...]:
    """The rows that were fixed in the file at *path*."""
    try:
        return tuple(
            Row(
                one["code"], one["label"], one["year"], date.fromisoformat(one["start"]),
                date.fromisoformat(one["end"]), tuple(one["offences"]),
            )
            for one in json.loads(path.read_text("utf-8"))
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        raise DisclosureError(
            str(path.parent.parent),
            f"is damaged in {path.parent.name}/{path.name}",
            "Put it back, from a copy.",
        ) from None
