"""What no history may hold: columns of a wrong kind, and values that no fact can have."""

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from duckdb.sqltypes import DuckDBPyType

from amends.audit.parquet import HistoryError, ParquetFile, quoted, record_type
from amends.policy.afterwards import afterwards
from amends.policy.facts import FIRST_YEAR, LAST_YEAR, LONGEST_LIST, Catalogue, FactKind

NEEDED: Final = ("force", "decision_date")
_WHOLE: Final = "tinyint smallint integer bigint utinyint usmallint uinteger ubigint"
_TYPES: Final = {
    "boolean": frozenset({"boolean"}),
    "whole": frozenset(_WHOLE.split()),
    "choice": frozenset({"varchar", "enum"}),
    "code": frozenset({"varchar", "enum"}),
    "date": frozenset({"date"}),
}
_WORDS: Final = {
    "boolean": "true or false (BOOLEAN)",
    "whole": "whole numbers (INTEGER)",
    "choice": "words (VARCHAR)",
    "code": "codes (VARCHAR)",
    "date": "days (DATE)",
    "list": "lists of records (STRUCT[])",
}
_CODE: Final = "[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}"
_FROM, _TO = f"DATE '{FIRST_YEAR}-01-01'", f"DATE '{LAST_YEAR}-12-31'"


@dataclass(frozen=True, slots=True)
class _Test:
    """SQL that is true of a wrong value; the SQL of that value, its name, and what is to be said."""

    name: str
    value: str
    sql: str
    wrong: str
    right: str


def check(file: ParquetFile, known: Catalogue) -> None:
    """Refuse what no history may hold, naming the row and column of the first such value.

    Raises HistoryError. What is not refused is judged; what is merely odd is a fault, and counted.
    """
    _check_names(file, known)
    for kind in known.values():
        if file.has(kind.column):
            _check_kind(file, kind)
        if file.has(f"{kind.column}_absent"):
            _check_type(
                file, f"{kind.column}_absent", file.types[f"{kind.column}_absent"], "boolean"
            )
    _check_values(file, known)
    for kind in known.values():
        if kind.type == "list" and file.has(kind.column):
            _check_records(file, kind)


def without_empty(file: ParquetFile, known: Catalogue) -> ParquetFile:
    """*file* without columns of a wrong type that hold nothing: programs write NULLs as any type."""
    kinds = {kind.column: kind.type for kind in known.values() if kind.type != "list"}
    wrong = [
        column
        for column, held in file.types.items()
        if column in kinds and column not in NEEDED and held.id not in _TYPES[kinds[column]]
    ]
    if not wrong:
        return file
    counts = ", ".join(f"count({column})" for column in wrong)
    found = file.connection.execute(f"SELECT {counts} FROM {file.source}").fetchone() or ()
    empty = {column for column, count in zip(wrong, found, strict=True) if not count}
    return replace(file, types={c: held for c, held in file.types.items() if c not in empty})


# --- names and types --------------------------------------------------------------


def _check_names(file: ParquetFile, known: Catalogue) -> None:
    if file.has("file_row_number"):
        wrong = "The name is needed for the numbers of the rows."
        raise HistoryError(f"{file.path.name}: file_row_number", wrong, "Rename the column.")
    names = columns_of(known.values())
    for column in file.types:
        if column not in names and column not in afterwards():
            _check_near(f"{file.path.name}: {column}", column, names, file.types)
    for column in NEEDED:
        if not file.has(column):
            right = "Without it nobody can say which policy was in force."
            raise HistoryError(file.path.name, f"It has no column {column}.", right)


def columns_of(kinds: Iterable[FactKind]) -> set[str]:
    """The names of the columns that *kinds* may stand in."""
    kinds = list(kinds)
    return {kind.column for kind in kinds} | {f"{k.column}_absent" for k in kinds if k.absent}


def _check_near(place: str, name: str, names: set[str], held: Iterable[str]) -> None:
    """Refuse a *name* that is nearly that of a fact which is not held: it would go unread."""
    missing = names - set(held)
    plain = re.sub(r"\W+", "_", name.strip().lower())
    near = [plain] if plain in missing else difflib.get_close_matches(plain, missing, 1, 0.88)
    if near:
        right = f"Did you mean {near[0]}? Rename it, or leave it out."
        raise HistoryError(place, "There is no such fact.", right)
    if plain.endswith("_absent") and plain.removesuffix("_absent") in names:
        of = plain.removesuffix("_absent")
        raise HistoryError(place, f"{of} can never be known to be absent.", "Leave it out.")


def _check_kind(file: ParquetFile, kind: FactKind) -> None:
    held = file.types[kind.column]
    if kind.type != "list":
        _check_type(file, kind.column, held, kind.type)
        return
    if record_type(held) is None:
        raise _wrong_type(file, kind.column, held, "list")
    names = columns_of(kind.fields)
    fields = file.fields(kind.column)
    for name in fields:
        if name not in names:
            _check_near(f"{file.path.name}: {kind.column}.{name}", name, names, fields)
    for field in kind.fields:
        if field.column in fields:
            _check_type(file, f"{kind.column}.{field.column}", fields[field.column], field.type)
        absent = f"{field.column}_absent"
        if field.absent and absent in fields:
            _check_type(file, f"{kind.column}.{absent}", fields[absent], "boolean")


def _check_type(file: ParquetFile, column: str, held: DuckDBPyType, wanted: str) -> None:
    if held.id not in _TYPES[wanted]:
        raise _wrong_type(file, column, held, wanted)


def _wrong_type(file: ParquetFile, column: str, held: DuckDBPyType, wanted: str) -> HistoryError:
    right = f"It should be {_WORDS[wanted]}."
    return HistoryError(f"{file.path.name}: {column}", f"The column is {_short(str(held))}.", right)


# --- values -----------------------------------------------------------------------


def _check_values(file: ParquetFile, known: Catalogue) -> None:
    tests = [
        test
        for kind in known.values()
        if file.has(kind.column)
        for test in _tests(kind, "h.", "", file.has(f"{kind.column}_absent"))
    ]
    if not tests:
        return
    firsts = [f"min(CASE WHEN {test.sql} THEN h.file_row_number END)" for test in tests]
    rows = file.connection.execute(f"SELECT {', '.join(firsts)} FROM {file.source} AS h").fetchone()
    for test, row in zip(tests, rows or (), strict=True):
        if row is not None:
            value = file.one(
                f"SELECT ({test.value})::VARCHAR FROM {file.source} AS h WHERE file_row_number = {row}"
            )
            raise _refusal(file, test, row, test.name, value)


def _check_records(file: ParquetFile, of: FactKind) -> None:
    held = file.fields(of.column)
    tests = [
        test
        for field in of.fields
        if field.column in held
        for test in _tests(field, "r.", f"{of.column}[].", f"{field.column}_absent" in held)
    ]
    if not tests:
        return
    records = (
        f"(SELECT file_row_number AS row, unnest(range(1, len({of.column}) + 1)) AS place, "
        f"unnest({of.column}) AS r FROM {file.source})"
    )
    firsts = [f"min(CASE WHEN {test.sql} THEN row END)" for test in tests]
    rows = file.connection.execute(f"SELECT {', '.join(firsts)} FROM {records}").fetchone()
    for test, row in zip(tests, rows or (), strict=True):
        if row is not None:
            found = file.connection.execute(
                f"SELECT place, ({test.value})::VARCHAR FROM {records} "
                f"WHERE row = {row} AND ({test.sql}) ORDER BY place LIMIT 1"
            )
            place, value = found.fetchone() or (0, None)
            raise _refusal(file, test, row, test.name.replace("[]", f"[{place}]"), value)


def _refusal(
    file: ParquetFile, test: _Test, row: int, name: str, value: str | None
) -> HistoryError:
    place = f"{file.path.name}: row {row + 1:,}, {name}"
    return HistoryError(place, test.wrong.replace("{}", _short(value)), test.right)


def _short(value: str | None) -> str:
    """*value* in plain letters on one line, cut where it is long."""
    text = json.dumps(value)[1:-1] if value is not None else "NULL"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _tests(kind: FactKind, before: str, of: str, absent: bool) -> Iterator[_Test]:
    name, value = f"{of}{kind.column}", f"{before}{kind.column}"
    if (sql := _wrong(kind, value, top=not of)) is not None:
        yield _Test(name, value, sql, "{} is not a value it can have.", _right(kind))
    if kind.type == "list":
        many = f"The list has {{}} records: at most {LONGEST_LIST:,} are judged."
        yield _Test(name, f"len({value})", f"len({value}) > {LONGEST_LIST}", many, "Check the row.")
    if kind.absent and absent:
        both = f"{value} IS NOT NULL AND {value}_absent"
        wrong = f"It is {{}}, and {kind.column}_absent says that there is none."
        yield _Test(name, value, both, wrong, "Only one of them can be right.")


def _wrong(kind: FactKind, value: str, *, top: bool) -> str | None:
    """SQL that is true of a value that *kind* cannot have; blanks around a *top* code do not matter."""
    if kind.type == "whole":
        return f"{value} NOT BETWEEN {kind.least} AND {kind.greatest}"
    if kind.type == "choice":
        return f"{value}::VARCHAR NOT IN ({', '.join(map(quoted, kind.values or ()))})"
    if kind.type == "date":
        return f"{value} NOT BETWEEN {_FROM} AND {_TO}"
    if kind.type == "code":
        bare = f"trim({value}::VARCHAR)" if top else f"{value}::VARCHAR"
        return f"NOT regexp_full_match({bare}, {quoted(_CODE)})"
    return None


def _right(kind: FactKind) -> str:
    if kind.type == "whole":
        return f"It is a whole number of {kind.unit} from {kind.least} to {kind.greatest}."
    if kind.type == "date":
        return f"It is a day in the years {FIRST_YEAR} to {LAST_YEAR}."
    if kind.values:
        return f"It can be: {', '.join(kind.values)}; or NULL where it is not known."
    return (
        "A code is 1 to 40 plain letters, digits, blanks and . / _ - characters, "
        "or NULL where it is not known."
    )
