"""Taking one file in: straight through DuckDB where nothing is amiss in it, else row by row."""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any, Final

import duckdb

from amends.intake.errors import IntakeError
from amends.intake.forces import nearest, slug
from amends.intake.layouts import Column, Layout
from amends.intake.opening import opened
from amends.intake.quoting import quoted_name, quoted_text
from amends.intake.reading import COUNTS, Fault, NotThisLayout, Row, header, rows
from amends.intake.recoding import UTF_8, Lines, encoding_of
from amends.intake.records import LONGEST

REFUSED, REPAIRED, DUPLICATE, TOLD = "refused", "repaired", "duplicate", "told"
REPLACED: Final = "replaced"
_PIECE: Final = 2**22
AS_VIEWS: Final = range(16 * 2**20, 256 * 2**20)
"""Bytes of a file whose rows are kept as they were read: small ones may be thousands, large ones fill the disk."""
_STRAIGHT: Final = ("text", "label", "month", "number")
"""The types of columns that DuckDB reads as they are."""
_MONTH: Final = "[0-9]{4}-(0[1-9]|1[0-2])"
_NUMBER: Final = r"-?[0-9]{1,12}(\.[0-9]{1,12})?"


@dataclass(slots=True)
class Read:
    """What was read of a file: how many rows, and what is to be told of some of them."""

    rows: int = 0
    refused: int = 0
    repaired: int = 0
    faults: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Line, kind, reason, text."""
    lines: list[int] = field(default_factory=list)
    """The line of each row that was kept, where rows are told by their place afterwards."""
    view: str = ""
    """The view that has the rows that were kept, while the database is open; empty where the Parquet has them."""


def take(
    path: Path, layout: Layout, number: int, part: Path, duck: duckdb.DuckDBPyConnection,
    as_at: date, declared: str = "",
) -> Read:  # fmt: skip
    """Read the file at *path*; its rows are of the source *number*. They are in the Parquet *part*, or in a view.

    Both are for a while only. Rows of a month after *as_at*, the day of the file, are refused. *declared* is its
    encoding, where somebody knows it. Raises IntakeError where the file is not of the *layout*, or cannot be read.
    """
    columns, encoding = _header(path, layout, declared)
    plain_text = path.suffix != ".gz" and encoding == UTF_8
    if plain_text and (found := _straight(path, layout, columns, number, part, duck, as_at)):
        return found
    found, plain = Read(), part.with_suffix(".csv")
    try:
        with plain.open("w", encoding="utf-8", newline="") as out:
            _through(path, layout, number, out, found, as_at, declared)
        _copy(duck, _plain(plain, layout), part)
    finally:
        plain.unlink(missing_ok=True)
    return found


def _header(path: Path, layout: Layout, declared: str) -> tuple[list[Column], str]:
    """The columns of the file at *path*, and its encoding."""
    with opened(path, declared) as file:
        try:
            return header(file, layout), encoding_of(file)
        except NotThisLayout as error:
            raise IntakeError(str(path), str(error)) from None


# --- straight through DuckDB ----------------------------------------------------------------------


def _straight(
    path: Path, layout: Layout, columns: Sequence[Column], number: int, part: Path,
    duck: duckdb.DuckDBPyConnection, as_at: date,
) -> Read | None:  # fmt: skip
    """Read a file of which every line is a good row; None where one is not, or may not be."""
    lines = _good_lines(path)
    if lines is None or any(one.type not in _STRAIGHT for one in columns):
        return None
    sql, held = _csv(path, columns), f"held_{number}"
    try:
        # The place of a row in the table tells its line in the file, so this order is kept.
        duck.execute("SET preserve_insertion_order = true")
        duck.execute(f"CREATE OR REPLACE TEMP TABLE {held} AS SELECT * FROM {sql}")
        duck.execute("SET preserve_insertion_order = false")
        counted = duck.execute(f"SELECT count(*), {_tests(columns, as_at)} FROM {held}").fetchone()
    except duckdb.Error:
        return None
    if counted is None or counted[0] != lines or any(counted[1:]):
        duck.execute(f"DROP TABLE IF EXISTS {held}")
        return None
    forces, labels = _distinct(duck, held, layout.force), _Labels()
    for name, known in layout.known.items():
        for found_ in _unknown(duck, held, name, known):
            labels.add(name, *found_)
    if any(slug(one) is None for one in forces if one) or labels.padded:
        duck.execute(f"DROP TABLE {held}")
        return None
    found = Read(rows=lines)
    chosen = _select(layout, columns, number, forces, held)
    if path.stat().st_size in AS_VIEWS:  # written out once only, when all files are joined
        found.view = f"part_{number}"
        duck.execute(f"CREATE OR REPLACE TEMP VIEW {found.view} AS {chosen}")
    else:
        _copy(duck, chosen, part)
        duck.execute(f"DROP TABLE {held}")
    found.faults += labels.unknown(layout)
    return found


def _good_lines(path: Path) -> int | None:
    """The lines after the first, where each ends, none has a NUL, and no quote could hide an end."""
    lines, last = 0, b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            if b"\0" in piece or b'"' in piece or b"\r" in piece:
                return None
            lines += piece.count(b"\n")
            last = piece[-1:]
    return lines - 1 if last == b"\n" else None


def _csv(path: Path, columns: Sequence[Column]) -> str:
    types = ", ".join(f"{quoted_text(one.held)}: 'VARCHAR'" for one in columns)
    return (
        f"read_csv({quoted_text(path)}, auto_detect=false, header=true, delim=',', quote='', escape='', "
        f"nullstr='\\N\\N', strict_mode=true, null_padding=false, max_line_size={LONGEST}, new_line='\\n', "
        f"columns={{{types}}})"
    )


def _tests(columns: Sequence[Column], as_at: date) -> str:
    """How many rows break each rule of the columns."""
    tests = ["0"]
    for one in columns:
        name, rule = quoted_name(one.held), {"month": _MONTH, "number": _NUMBER}.get(one.type)
        if one.required:
            tests.append(f"count(*) FILTER ({name} IS NULL OR {name} = '')")
        if one.type == "month":
            tests.append(f"count(*) FILTER ({name} > '{as_at:%Y-%m}')")
        if rule:
            tests.append(
                f"count(*) FILTER ({name} <> '' AND NOT regexp_full_match({name}, {quoted_text(rule)}))"
            )
    return ", ".join(tests)


def _distinct(duck: duckdb.DuckDBPyConnection, held: str, column: str) -> list[str]:
    if not column:
        return []
    sql = f"SELECT DISTINCT {quoted_name(Column(column).held)} FROM {held}"
    return [row[0] for row in _asked(duck, sql)]


def _unknown(
    duck: duckdb.DuckDBPyConnection, held: str, column: str, known: Collection[str]
) -> list[tuple[str, int, int]]:
    """The labels of a column that are not *known*: of each its first line, and how many rows have it."""
    name, texts = quoted_name(Column(column).held), ", ".join(map(quoted_text, known))
    return _asked(
        duck,
        f"SELECT {name}, min(rowid) + 2, count(*) FROM {held} WHERE {name} NOT IN ({texts}) GROUP BY 1",
    )


def _asked(duck: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    """The rows of *sql*; none where it asks for a column that this file has not."""
    try:
        return duck.execute(sql).fetchall()
    except duckdb.BinderException:
        return []


class _Labels:
    """The labels of a file, by column: of each its first line, and how many rows have it."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], tuple[int, int]] = {}

    def add(self, column: str, label: str, line: int, rows_: int = 1) -> None:
        """Count *rows_* more that have *label*, of which the first is on *line*."""
        first, many = self._seen.get((column, label), (line, 0))
        self._seen[column, label] = first, many + rows_

    @property
    def padded(self) -> bool:
        """Whether one has blanks at its ends."""
        return any(label != label.strip() for _, label in self._seen)

    def unknown(self, layout: Layout) -> list[tuple[int, str, str, str]]:
        """What is to be told of those that the *layout* does not know."""
        found = []
        for (column, label), (line, many) in sorted(self._seen.items()):
            if label and label not in layout.known[column]:
                rows_ = "1 row" if many == 1 else f"{many:,} rows"
                why = f"{column}: the layout does not know {label!r}; it is kept, in {rows_}."
                found.append((line, TOLD, why, ""))
        return found


def _select(
    layout: Layout, columns: Sequence[Column], number: int, forces: Sequence[str], held: str
) -> str:
    here = {one.held for one in columns}
    parts = [f"{number} AS source", "(rowid + 2)::BIGINT AS line"]
    parts += [
        f"nullif({quoted_name(one.held)}, '') AS {quoted_name(one.held)}"
        if one.held in here
        else f"NULL::VARCHAR AS {quoted_name(one.held)}"
        for one in layout.columns
    ]
    own = quoted_name(Column(layout.force).held)
    cases = " ".join(
        f"WHEN {quoted_text(one)} THEN {quoted_text(slug(one) or '')}" for one in forces if one
    )
    parts.append(
        f"CASE {own} {cases} END AS force_slug" if cases else "NULL::VARCHAR AS force_slug"
    )
    return f"SELECT {', '.join(parts)} FROM {held}"


# --- row by row -----------------------------------------------------------------------------------


def _through(
    path: Path, layout: Layout, number: int, out: IO[str], found: Read, as_at: date, declared: str,
) -> None:  # fmt: skip
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    labels = _Labels()
    with opened(path, declared) as file:
        found.faults += recoded(file)
        columns = header(file, layout)
        for one in rows(file, columns):
            found.rows += 1
            row = _in_time(_known(one, layout), columns, as_at)
            if isinstance(row, Fault):
                found.refused += 1
                found.faults.append((row.line, REFUSED, row.reason, row.text))
                continue
            found.repaired += bool(row.repairs)
            found.faults += [(row.line, REPAIRED, reason, text) for reason, text in row.repairs]
            found.faults += told(row)
            for name in layout.known:
                labels.add(name, row.fields.get(name, ""), row.line)
            force = row.fields.get(layout.force, "")
            values = [row.fields.get(each.name, "") for each in layout.columns]
            writer.writerow([number, row.line, *values, slug(force) or "" if force else ""])
    found.faults += labels.unknown(layout)


def recoded(file: Lines) -> list[tuple[int, str, str, str]]:
    """What is to be told of a *file* that is not UTF-8; nothing of another."""
    encoding = encoding_of(file)
    return [] if encoding == UTF_8 else [(0, TOLD, f"The file was read as {encoding}.", "")]


def told(row: Row, ignored: Collection[str] = ()) -> list[tuple[int, str, str, str]]:
    """What is to be told of a *row* that is kept, with its last field, where its column is not *ignored*."""
    name, text = [*row.fields.items()][-1]
    return [(row.line, TOLD, row.told, "" if name in ignored else text)] if row.told else []


def _known(one: Row | Fault, layout: Layout) -> Row | Fault:
    """The row, or a fault where it names a force that nobody knows."""
    if isinstance(one, Fault) or not (force := one.fields.get(layout.force)):
        return one
    if slug(force) is not None:
        return one
    near = nearest(force)
    hint = f" Is it {near!r}?" if near else ""
    text = ",".join(one.fields.values())
    return Fault(one.line, f"{layout.force}: there is no force {force!r}.{hint}", text)


def _in_time(one: Row | Fault, columns: Sequence[Column], as_at: date) -> Row | Fault:
    """The row, or a fault where it is of a month, or a financial year, that begins after the day *as_at*."""
    if isinstance(one, Fault):
        return one
    for column in columns:
        field = one.fields[column.name]
        begins = {"month": field, "year": f"{field[:4]}-04"}.get(column.type, "") if field else ""
        if begins > f"{as_at:%Y-%m}":
            why = f"{column.name}: {field} is after the day as at which the file is, {as_at}."
            return Fault(one.line, why, ",".join(one.fields.values()))
    return one


def _plain(path: Path, layout: Layout) -> str:
    held = ["source", "line", *(one.held for one in layout.columns), "force_slug"]
    types = ", ".join(f"{quoted_text(one)}: 'VARCHAR'" for one in held)
    chosen = ["source::INTEGER AS source", "line::BIGINT AS line"]
    for one in layout.columns:
        cast = "::BIGINT" if one.type in COUNTS else ""
        chosen.append(f"nullif({quoted_name(one.held)}, ''){cast} AS {quoted_name(one.held)}")
    return (
        f"SELECT {', '.join(chosen)}, nullif(force_slug, '') AS force_slug FROM read_csv({quoted_text(path)}, "
        f"auto_detect=false, header=false, delim=',', quote='\"', escape='\"', nullstr='\\N\\N', "
        f"max_line_size={4 * LONGEST}, new_line='\\n', columns={{{types}}}, parallel=false)"
    )


def _copy(duck: duckdb.DuckDBPyConnection, query: str, part: Path) -> None:
    duck.execute(f"COPY ({query}) TO {quoted_text(part)} (FORMAT parquet, COMPRESSION lz4_raw)")
