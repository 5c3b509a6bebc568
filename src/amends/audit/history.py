"""A history in a Parquet file: checked column by column, then seen as facts.

One row is one case; a column is a fact, named with underscores for dots; NULL is *not known*. Beside a
fact that may be known to be absent may stand a column `..._absent`.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb

from amends.policy.facts import FIRST_YEAR, LAST_YEAR, Catalogue, FactKind, catalogue
from amends.policy.offences import OffenceTable
from amends.policy.offences import published as published_offences

ROW: Final = "n"
"""The column that numbers the rows of a history, from 0."""
_TYPES: Final = {
    "boolean": ("BOOLEAN",),
    "whole": ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"),
    "choice": ("VARCHAR", "ENUM"),
    "code": ("VARCHAR", "ENUM"),
    "date": ("DATE",),
}
_CODE: Final = "[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}"
_NULLS: Final = {"boolean": "BOOLEAN", "whole": "BIGINT", "date": "DATE"}
_FROM, _TO = f"DATE '{FIRST_YEAR}-01-01'", f"DATE '{LAST_YEAR}-12-31'"


class HistoryError(ValueError):
    """A history that cannot be judged: `place` says where, `wrong` what, `right` what would be right."""

    def __init__(self, place: str, wrong: str, right: str = "") -> None:
        self.place, self.wrong, self.right = place, wrong, right
        super().__init__(f"{place}: {wrong}" + (f" {right}" if right else ""))


@dataclass(frozen=True)
class History:
    """A Parquet file of cases, open in DuckDB as the view `history`.

    Its rows have a number `n` and every fact of the catalogue; the facts that the offence table gives
    come from a join on the code, spelt in any of its ways.
    """

    path: Path
    connection: duckdb.DuckDBPyConnection
    known: Catalogue
    held: dict[str, str]
    offences: OffenceTable

    @cached_property
    def rows(self) -> int:
        """How many cases it holds."""
        return int(self.one(f"SELECT count(*) FROM {self._file}"))

    @property
    def _file(self) -> str:
        return f"read_parquet({quoted(str(self.path))}, file_row_number = true)"

    def one(self, sql: str) -> Any:
        """The first value that *sql* gives."""
        row = self.connection.execute(sql).fetchone()
        return row[0] if row else None

    def has(self, column: str) -> bool:
        """Whether the file itself has *column*."""
        return column in self.held

    def fields(self, kind: FactKind) -> frozenset[str]:
        """The fields of the records of a list that the file holds."""
        if not self.has(kind.column):
            return frozenset()
        relation = self.connection.sql(f"SELECT {kind.column} FROM {self._file} LIMIT 0")
        record = dict(relation.types[0].children)["child"]
        return frozenset(name for name, _ in record.children)

    @cached_property
    def ignored(self) -> tuple[str, ...]:
        """Columns of the file that are no facts, and are not looked at."""
        facts = {kind.column for kind in self.known.values()}
        facts |= {f"{kind.column}_absent" for kind in self.known.values() if kind.absent}
        return tuple(name for name in self.held if name not in facts and name != "file_row_number")

    @cached_property
    def notes(self) -> dict[str, str]:
        """What the file says of itself: its key-value metadata, such as that it is invented."""
        rows = self.connection.execute(
            f"SELECT decode(key), decode(value) FROM parquet_kv_metadata({quoted(str(self.path))})"
        )
        return {key: value for key, value in rows.fetchall() if not key.startswith("ARROW")}

    # --- opening --------------------------------------------------------------

    def prepare(self) -> None:
        """Make the tables and the view that the queries read."""
        self.connection.execute(
            "CREATE TABLE codes (spelling VARCHAR, code VARCHAR, starts DATE, ends DATE, "
            + ", ".join(f"{kind.column} VARCHAR" for kind in self.by_table)
            + ")"
        )
        marks = ", ".join("?" * (4 + len(self.by_table)))
        for row in self._spellings():
            self.connection.execute(f"INSERT INTO codes VALUES ({marks})", row)
        self.connection.execute(f"CREATE VIEW history AS {self.select()}")

    @cached_property
    def by_table(self) -> tuple[FactKind, ...]:
        """The facts that the offence table gives."""
        return tuple(kind for kind in self.known.values() if kind.table == "offences")

    def _spellings(self) -> Iterator[list[Any]]:
        """Each spelling of a code in the file, with every offence that it has been the code of."""
        if not self.has("offence_code"):
            return
        found = self.connection.execute(
            f"SELECT DISTINCT offence_code::VARCHAR FROM {self._file} WHERE offence_code IS NOT NULL"
        )
        spans: dict[str, list[Any]] = {}
        for offence in self.offences:
            spans.setdefault(offence.code, []).append(offence)
        for (spelling,) in found.fetchall():
            for offence in spans.get(self.offences.normalise(spelling) or "", ()):
                facts = [getattr(offence, kind.name.partition(".")[2]) for kind in self.by_table]
                starts, ends = offence.starts or "0001-01-01", offence.ends or "9999-12-31"
                yield [spelling, offence.code, starts, ends, *facts]

    def select(self, file: str | None = None, row: str = "h.file_row_number") -> str:
        """The SELECT that shows every row of *file* as facts; the same text for DuckDB and Spark."""
        columns = [f"{row} AS {ROW}"]
        for kind in self.known.values():
            columns.append(f"{self._value(kind)} AS {kind.column}")
            if kind.absent:
                columns.append(f"{self._absent(kind)} AS {kind.column}_absent")
        columns.append(f"({self._unknown_code()}) AS unknown_code")
        return f"SELECT {', '.join(columns)} FROM {file or self._file} AS h {self._joins()}"

    def _value(self, kind: FactKind) -> str:
        own = f"h.{kind.column}" if self.has(kind.column) else None
        if kind.name == "offence.code" and own:
            return f"coalesce(m.code, o.code, {own})"
        if kind.table == "offences" and self.has("offence_code"):
            told = f"m.{kind.column}, o.{kind.column}"
            return f"coalesce({own}, {told})" if own else f"coalesce({told})"
        if own is None:
            return self._null(kind)
        return f"CAST({own} AS BIGINT)" if kind.type == "whole" else own

    def _null(self, kind: FactKind) -> str:
        if kind.type == "list":
            return "CAST(NULL AS STRUCT(none BOOLEAN)[])"
        return f"CAST(NULL AS {_NULLS.get(kind.type, 'VARCHAR')})"

    def _absent(self, kind: FactKind) -> str:
        own = f"{kind.column}_absent"
        if self.has(own):
            return f"h.{own}"
        if kind.table == "offences" and self.has("offence_code_absent"):
            return "h.offence_code_absent"
        return "CAST(NULL AS BOOLEAN)"

    def _joins(self) -> str:
        """The offence table, on the day of the decision; on that of the offence, if not held then."""
        if not self.has("offence_code"):
            return ""
        day = "h.decision_date" if self.has("decision_date") else "CAST(NULL AS DATE)"
        offence = "h.offence_date" if self.has("offence_date") else "CAST(NULL AS DATE)"
        return (
            "LEFT JOIN codes AS m ON h.offence_code = m.spelling "
            f"AND {day} >= m.starts AND {day} < m.ends "
            "LEFT JOIN codes AS o ON h.offence_code = o.spelling AND m.spelling IS NULL "
            f"AND {offence} >= o.starts AND {offence} < o.ends"
        )

    def _unknown_code(self) -> str:
        if not self.has("offence_code"):
            return "FALSE"
        return "h.offence_code IS NOT NULL AND m.spelling IS NULL AND o.spelling IS NULL"

    # --- checking -------------------------------------------------------------

    def check(self) -> None:
        """Refuse columns of a wrong kind and values no fact can have, naming the first row."""
        for column in self.ignored:
            self._check_name(column)
        for kind in self.known.values():
            if self.has(kind.column):
                self._check_kind(kind.column, kind)
        self._check_values()

    def _check_name(self, column: str) -> None:
        missing = [kind.column for kind in self.known.values() if not self.has(kind.column)]
        near = difflib.get_close_matches(column, missing, n=1, cutoff=0.85)
        if near:
            right = f"Did you mean {near[0]}? Rename it, or leave it out."
            raise HistoryError(f"{self.path.name}: {column}", "There is no such fact.", right)

    def _check_kind(self, column: str, kind: FactKind) -> None:
        held, place = self.held[column], f"{self.path.name}: {column}"
        if kind.type == "list":
            if not (held.startswith("STRUCT(") and held.endswith("[]")):
                raise HistoryError(place, f"It is {held}.", "It should be a list of records.")
            return
        wanted = _TYPES[kind.type]
        if not held.startswith(wanted):
            raise HistoryError(place, f"It is {held}.", f"It should be {wanted[0]}.")

    def _check_values(self) -> None:
        tests = {
            kind.column: test
            for kind in self.known.values()
            if self.has(kind.column) and (test := _wrong(kind, f"h.{kind.column}"))
        }
        if not tests:
            return
        firsts = [f"min(CASE WHEN {t} THEN h.file_row_number END)" for t in tests.values()]
        found = self.connection.execute(f"SELECT {', '.join(firsts)} FROM {self._file} AS h")
        for column, row in zip(tests, found.fetchone() or (), strict=True):
            if row is not None:
                kind = next(k for k in self.known.values() if k.column == column)
                self._refuse(column, kind, row)
        for kind in self.known.values():
            if kind.type == "list" and self.has(kind.column):
                self._check_records(kind)

    def _check_records(self, of: FactKind) -> None:
        held = self.fields(of)
        for field in of.fields:
            test = _wrong(field, f"r.{field.column}") if field.name in held else None
            if test is None:
                continue
            row = self.one(
                f"SELECT min(row) FROM (SELECT file_row_number AS row, unnest({of.column}) AS r "
                f"FROM {self._file}) WHERE {test}"
            )
            if row is not None:
                self._refuse(of.column, field, row)

    def _refuse(self, column: str, kind: FactKind, row: int) -> None:
        value = self.one(f"SELECT {column} FROM {self._file} WHERE file_row_number = {row}")
        place = f"{self.path.name}: row {row + 1:,}, {column}"
        raise HistoryError(place, f"{value!r} is not a value it can have.", _right(kind))


def _wrong(kind: FactKind, column: str) -> str | None:
    """SQL that is true of a value that *kind* cannot have."""
    if kind.type == "whole":
        return f"{column} NOT BETWEEN {kind.least} AND {kind.greatest}"
    if kind.type == "choice":
        return f"{column}::VARCHAR NOT IN ({', '.join(map(quoted, kind.values or ()))})"
    if kind.type == "date":
        return f"{column} NOT BETWEEN {_FROM} AND {_TO}"
    if kind.type == "code":
        return f"NOT regexp_full_match({column}::VARCHAR, {quoted(_CODE)})"
    return None


def _right(kind: FactKind) -> str:
    if kind.type == "whole":
        return f"It is a whole number of {kind.unit} from {kind.least} to {kind.greatest}."
    if kind.type == "date":
        return f"It is a date in the years {FIRST_YEAR} to {LAST_YEAR}."
    if kind.values:
        return f"It can be: {', '.join(kind.values)}; or NULL where it is not known."
    return "A code is 1 to 40 plain letters, digits, blanks and . / _ - characters."


def quoted(text: str) -> str:
    """*text* as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def open_history(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    *,
    known: Catalogue | None = None,
    offences: OffenceTable | None = None,
) -> History:
    """Open and check the history in *path*; raises HistoryError where it cannot be judged."""
    if not path.is_file():
        raise HistoryError(str(path), "There is no such file.", "Name a Parquet file.")
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({quoted(str(path))})")
        held = {row[0]: row[1] for row in described.fetchall()}
    except duckdb.Error as error:
        first = str(error).split("\n", 1)[0]
        raise HistoryError(path.name, f"This is not a Parquet file: {first}") from None
    history = History(
        path, connection, known or catalogue(), held, offences or published_offences()
    )
    for column in ("force", "decision_date"):
        if column not in held:
            right = "Without it nobody can say which policy was in force."
            raise HistoryError(path.name, f"It has no column {column}.", right)
    history.check()
    history.prepare()
    return history
