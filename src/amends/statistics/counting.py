"""Counts of a named unit, over cases: what is asked of them, group by group and period by period."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import Cell, Raw
from amends.statistics.cases import NOT_KNOWN, Cases, name
from amends.statistics.periods import Month, label, months, periods, whole
from amends.statistics.units import Unit, unit_named

NOT_HELD: Final = "not held"
"""Stands in a series for a period of which no month is held: nothing was counted, so it is not 0."""
_FLAT: Final = ("BOOLEAN", "DATE", "VARCHAR", "TINYINT", "SMALLINT", "INTEGER", "BIGINT")

Where = Mapping[str, Collection[object]]
"""For each column that is asked of, the values that count; None among them is *not known*."""


def count(
    cases: Cases,
    unit: str,
    by: Sequence[str] = (),
    *,
    where: Where | None = None,
    start: date | None = None,
    end: date | None = None,
) -> Raw:
    """How many of *unit* there are in each group of the columns *by*, from *start* to *end*.

    What a case does not tell is the group *not known*. Raises DisclosureError for a unit or a column
    that is not there, or a column of lists. `where` leaves cases out, and the note says by what.
    """
    one = _ready(cases, unit, [*by, *(where or {})])
    tests, values = _tests(cases, one, where or {}, start, end)
    groups = [f"coalesce({name(column)}::VARCHAR, '{NOT_KNOWN}')" for column in by]
    keys = [f"{group} AS g{place}" for place, group in enumerate(groups)]
    grouped = "GROUP BY ALL ORDER BY ALL" if by else ""
    rows = cases.rows(
        f"SELECT {', '.join([*keys, one.sql])} FROM cases WHERE {tests} {grouped}", values
    )
    return Raw(
        title=_title(one, by, start, end),
        unit=one.name,
        columns=(*by, "count"),
        rows=tuple(rows),
        note=_note(cases, one, by, where or {}, dated=bool(start or end)),
    )


def series(
    cases: Cases,
    unit: str,
    kind: str,
    *,
    start: date,
    end: date,
    missing: Collection[str] = (),
    where: Where | None = None,
) -> Raw:
    """How many of *unit* there are in each period of *kind* (`periods`) from *start* to *end*, both whole months.

    *missing* are months (YYYY-MM) that the source is known not to hold; months before its first and
    after its last day are not held either. A period with none held is NOT_HELD, one with some is
    counted over those held, and says so. Raises DisclosureError as `count` does.
    """
    one = _ready(cases, unit, list(where or {}))
    _check_whole(start, end)
    held = _held(cases, one, start, end, missing)
    tests, values = _tests(cases, one, where or {}, start, end)
    rows = cases.rows(
        f"SELECT date_trunc('month', {one.dated})::DATE AS m, {one.distinct or '1'} AS k, count(*) "
        f"FROM cases WHERE {tests} GROUP BY m, k",
        values,
    )
    table = [
        (named, _told(one, rows, kind, named, own, held), _state(kind, own, held))
        for named, own in periods(kind, start, end)
    ]
    lost = [str(month) for month in months(start, end) if month not in held]
    said = f"Missing months: {', '.join(lost)}." if lost else "No month is missing."
    note = _note(cases, one, (kind,), where or {}, dated=True)
    return Raw(
        title=_title(one, (kind,), start, end),
        unit=one.name,
        columns=(kind, "count", "months"),
        rows=tuple(table),
        note=f"{said} {note}",
    )


# --- what is asked ------------------------------------------------------------


def _ready(cases: Cases, unit: str, columns: Sequence[str]) -> Unit:
    one = unit_named(unit)
    cases.need(one.columns, f"counting {one.name}")
    cases.need(columns, "this question")
    for column in columns:
        kind = cases.columns[column]
        if kind.removeprefix("U") not in _FLAT:
            raise DisclosureError(
                cases.title,
                f"column {column} has no groups: it holds {kind}",
                "Name one of texts, whole numbers, days, or yes and no.",
            )
    return one


def _tests(
    cases: Cases, unit: Unit, where: Where, start: date | None, end: date | None
) -> tuple[str, list[object]]:
    tests, values = [unit.where], list[object]()
    for column, wanted in where.items():
        known = [_text(value) for value in wanted if value is not None]
        either = [f"list_contains(?, {name(column)}::VARCHAR)"] if known else []
        values += [known] if known else []
        either += [f"{name(column)} IS NULL"] if None in wanted else []
        tests.append(f"({' OR '.join(either) or 'false'})")
    for day, test in ((start, ">="), (end, "<=")):
        if day is not None:
            tests.append(f"{unit.dated} {test} ?")
            values.append(day)
    return " AND ".join(tests), values


def _text(value: object) -> str:
    """*value* as the database writes it: a caller may give text, and text is what a front door has."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check_whole(start: date, end: date) -> None:
    after = date.fromordinal(end.toordinal() + 1)
    if start.day != 1 or after.day != 1:
        raise DisclosureError(
            "a series",
            f"{start} to {end} cuts a month",
            "Begin on the 1st, and end on a month's last day.",
        )


def _held(
    cases: Cases, unit: Unit, start: date, end: date, missing: Collection[str]
) -> frozenset[Month]:
    lost = {Month.written(text) for text in missing}
    first, last = cases.rows(f"SELECT min({unit.dated}), max({unit.dated}) FROM cases")[0]
    if first is None:
        return frozenset()
    return frozenset(
        month
        for month in months(start, end)
        if Month.of(first) <= month <= Month.of(last) and month not in lost
    )


# --- what is told -------------------------------------------------------------


def _told(
    unit: Unit,
    rows: list[tuple[Any, ...]],
    kind: str,
    named: str,
    own: list[Month],
    held: frozenset[Month],
) -> Cell:
    """The count of one period: over the months of it that are held."""
    if not held.intersection(own):
        return NOT_HELD
    inside = [row for row in rows if label(kind, row[0]) == named and Month.of(row[0]) in held]
    if unit.distinct:
        return len({key for _, key, _ in inside})
    return sum(int(times) for _, _, times in inside)


def _state(kind: str, own: list[Month], held: frozenset[Month]) -> str:
    there = [month for month in own if month in held]
    if whole(kind, there):
        return "all"
    return (
        f"{len(there)} of {len(own)}"
        if len(there) < len(own)
        else f"{len(there)}, cut by the question"
    )


def _title(unit: Unit, by: Sequence[str], start: date | None, end: date | None) -> str:
    what = f"{unit.name[0].upper()}{unit.name[1:]}"
    groups = f" by {' and '.join(by)}" if by else ""
    span = "".join(f" {word} {day}" for word, day in (("from", start), ("to", end)) if day)
    return f"{what}{groups}{span}"


def _note(cases: Cases, unit: Unit, by: Sequence[str], where: Where, *, dated: bool) -> str:
    """What a reader must know: what is counted, what is left out, and what may be in two groups."""
    said = [f"Counted are {unit.meaning}."]
    if where:
        said.append(f"Only where {' and '.join(_only(*one) for one in where.items())}.")
    if dated and _any(cases, f"{unit.dated} IS NULL"):
        said.append(f"Rows with no {unit.dated}, which fall into no period, are left out.")
    if unit.recorded and _any(cases, "case_recorded_crime IS NULL"):
        said.append("Rows that do not say whether the crime was recorded are left out.")
    if unit.distinct and _any(cases, f"{unit.distinct} IS NULL"):
        said.append(f"Rows with no {unit.distinct} are left out.")
    if unit.distinct and by:
        said.append(
            f"One of the {unit.name} may be in several groups: they may sum to more than all."
        )
    return " ".join(said)


def _any(cases: Cases, test: str) -> bool:
    return bool(cases.rows(f"SELECT count(*) FROM cases WHERE {test}")[0][0])


def _only(column: str, wanted: Collection[object]) -> str:
    values = sorted(NOT_KNOWN if value is None else _text(value) for value in wanted)
    return f"{column} is {' or '.join(values)}"
