"""A history in a Parquet file, checked, and then seen as facts.

One row is one case; a column is a fact, named with underscores for dots; NULL is *not known*. Beside a
fact that may be known to be absent may stand a column `..._absent`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb

from amends.audit.parquet import HistoryError, ParquetFile, open_file, quoted, reading
from amends.audit.refusing import check, columns_of, without_empty
from amends.policy.afterwards import afterwards
from amends.policy.facts import Catalogue, FactKind, catalogue
from amends.policy.offences import OffenceTable
from amends.policy.offences import published as published_offences
from amends.policy.outside import HELD_FOR, YOUNGEST

ROW: Final = "n"
"""The column that numbers the rows of a history, from 0."""
DOUBTFUL: Final = "unknown_code OR code_differs OR too_late OR outside"
"""SQL that is true of a row in which something is wrong that `decide` would refuse."""
_NULLS: Final = {
    "boolean": "BOOLEAN",
    "whole": "BIGINT",
    "date": "DATE",
    "list": "STRUCT(none BOOLEAN)[]",
}


@dataclass(frozen=True)
class History:
    """A file of cases, seen through the view `history` of a database.

    Its rows have a number `n` and every fact of the catalogue; the facts that the offence table gives
    come from a join on the code, spelt in any of its ways.
    """

    file: ParquetFile
    known: Catalogue
    offences: OffenceTable

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self.file.path

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The database in which it is seen."""
        return self.file.connection

    @property
    def rows(self) -> int:
        """How many cases it holds."""
        return self.file.rows

    def fields(self, kind: FactKind) -> frozenset[str]:
        """The fields of the records of a list that the file holds."""
        return frozenset(self.file.fields(kind.column))

    @cached_property
    def ignored(self) -> tuple[str, ...]:
        """Columns of the file, and fields of its lists, that are no facts and are not looked at.

        The further columns that are known, of what came afterwards, are not among them.
        """
        facts = columns_of(self.known.values()) | set(afterwards())
        found = [name for name in self.file.types if name not in facts]
        for kind in self.known.values():
            fields = columns_of(kind.fields)
            found += [
                f"{kind.column}.{name}"
                for name in self.file.fields(kind.column)
                if name not in fields
            ]
        return tuple(found)

    @cached_property
    def invented(self) -> str:
        """What the file says of being invented, in its notes or in a column; empty where it is real."""
        notes = self.file.notes
        if notes.get("amends") == "invented":
            return notes.get("says", "every case in this file is invented")
        if self.file.has("invented") and self.file.types["invented"].id == "boolean":
            count = self.file.one(f"SELECT count(*) FILTER (invented) FROM {self.file.source}")
            return f"{count:,} of {self.rows:,} cases are marked as invented" if count else ""
        return ""

    # --- the view -------------------------------------------------------------

    def prepare(self) -> None:
        """Make the table and the view that the queries read."""
        self.connection.execute(
            "CREATE OR REPLACE TABLE codes (spelling VARCHAR, code VARCHAR, starts DATE, ends DATE, "
            + ", ".join(f"{kind.column} VARCHAR" for kind in self.by_table)
            + ")"
        )
        rows = list(self._spellings())
        for start in range(0, len(rows), 500):
            some = ", ".join(rows[start : start + 500])
            self.connection.execute(f"INSERT INTO codes VALUES {some}")
        self.connection.execute(f"CREATE OR REPLACE VIEW history AS {self.select()}")

    @cached_property
    def by_table(self) -> tuple[FactKind, ...]:
        """The facts that the offence table gives."""
        return tuple(kind for kind in self.known.values() if kind.table == "offences")

    def _spellings(self) -> Iterator[str]:
        """Each spelling of a code in the file, with every offence that it has been the code of."""
        if not self.file.has("offence_code"):
            return
        found = self.connection.execute(
            f"SELECT DISTINCT trim(offence_code::VARCHAR) FROM {self.file.source} "
            "WHERE offence_code IS NOT NULL"
        )
        spans: dict[str, list[Any]] = {}
        for offence in self.offences:
            spans.setdefault(offence.code, []).append(offence)
        for (spelling,) in found.fetchall():
            for offence in spans.get(self.offences.normalise(spelling) or "", ()):
                facts = [getattr(offence, kind.name.partition(".")[2]) for kind in self.by_table]
                starts, ends = offence.starts or "0001-01-01", offence.ends or "9999-12-31"
                row = [spelling, offence.code, str(starts), str(ends), *facts]
                yield f"({', '.join('NULL' if one is None else quoted(one) for one in row)})"

    def select(self, source: str | None = None) -> str:
        """The SELECT, in DuckDB's words, that shows every row of *source* as facts."""
        columns = [f"h.file_row_number AS {ROW}"]
        for kind in self.known.values():
            columns.append(f"{self._value(kind)} AS {kind.column}")
            if kind.absent:
                columns.append(f"{self._absent(kind)} AS {kind.column}_absent")
        columns.append(f"({self._unknown_code()}) AS unknown_code")
        columns.append(f"coalesce({self._code_differs()}, FALSE) AS code_differs")
        columns.append(f"coalesce({self._too_late()}, FALSE) AS too_late")
        columns.append(f"coalesce({self._outside()}, FALSE) AS outside")
        return f"SELECT {', '.join(columns)} FROM {source or self.file.source} AS h {self._joins()}"

    def _value(self, kind: FactKind) -> str:
        own = self._own(kind)
        if kind.name == "offence.code" and own:
            return f"coalesce(m.code, o.code, {own})"
        if kind.table == "offences" and self.file.has("offence_code"):
            told = f"m.{kind.column}, o.{kind.column}"
            return f"coalesce({own}, {told})" if own else f"coalesce({told})"
        return own or f"CAST(NULL AS {_NULLS.get(kind.type, 'VARCHAR')})"

    def _own(self, kind: FactKind) -> str | None:
        """The fact as the file itself has it."""
        if not self.file.has(kind.column):
            return None
        own = f"h.{kind.column}"
        if kind.type == "whole":
            return f"CAST({own} AS BIGINT)"
        return f"trim(CAST({own} AS VARCHAR))" if kind.type == "code" else own

    def _absent(self, kind: FactKind) -> str:
        own = f"{kind.column}_absent"
        if self.file.has(own):
            return f"h.{own}"
        if kind.table == "offences" and self.file.has("offence_code_absent"):
            # No crime has no group either, unless the file itself gives it one.
            told = f" AND h.{kind.column} IS NULL" if self.file.has(kind.column) else ""
            return f"(h.offence_code_absent{told})"
        return "CAST(NULL AS BOOLEAN)"

    def _joins(self) -> str:
        """The offence table, on the day of the decision; on that of the offence, if not held then."""
        if not self.file.has("offence_code"):
            return ""
        offence = "h.offence_date" if self.file.has("offence_date") else "CAST(NULL AS DATE)"
        return (
            "LEFT JOIN codes AS m ON trim(h.offence_code) = m.spelling "
            "AND h.decision_date >= m.starts AND h.decision_date < m.ends "
            "LEFT JOIN codes AS o ON trim(h.offence_code) = o.spelling AND m.spelling IS NULL "
            f"AND {offence} >= o.starts AND {offence} < o.ends"
        )

    def _unknown_code(self) -> str:
        if not self.file.has("offence_code"):
            return "FALSE"
        return "h.offence_code IS NOT NULL AND m.spelling IS NULL AND o.spelling IS NULL"

    def _code_differs(self) -> str:
        """That the file gives an offence another group, and so on, than its code does."""
        if not self.file.has("offence_code"):
            return "FALSE"
        held = [kind.column for kind in self.by_table if self.file.has(kind.column)]
        tests = [f"coalesce(h.{name} <> coalesce(m.{name}, o.{name}), FALSE)" for name in held]
        return " OR ".join(tests) or "FALSE"

    def _too_late(self) -> str:
        """That the offence is of a day after its decision."""
        return "h.offence_date > h.decision_date" if self.file.has("offence_date") else "FALSE"

    def _outside(self) -> str:
        """That the policies held do not speak of the case; see `amends.policy.outside`."""
        tests = []
        if self.file.has("case_jurisdiction"):
            tests.append(f"coalesce(h.case_jurisdiction <> {quoted(HELD_FOR)}, FALSE)")
        if self.file.has("offender_age"):
            tests.append(f"coalesce(h.offender_age < {YOUNGEST}, FALSE)")
        return " OR ".join(tests) or "FALSE"


def open_history(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    *,
    known: Catalogue | None = None,
    offences: OffenceTable | None = None,
) -> History:
    """Open and check the history in *path*; raises HistoryError where it cannot be judged."""
    known = known or catalogue()
    with reading(path.name):
        file = without_empty(open_file(path, connection), known)
        check(file, known)
        history = History(file, known, offences or published_offences())
        history.prepare()
    return history


__all__ = ["DOUBTFUL", "ROW", "History", "HistoryError", "open_history", "quoted"]
