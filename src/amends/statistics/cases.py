"""Cases as they are counted: one or more Parquet files, a row a case and a column a fact."""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from amends.disclosure.errors import DisclosureError

NOT_KNOWN: Final = "not known"
"""Stands in every table for what a case does not tell; it is a group of its own."""
_WANTED: Final = "Name Parquet files: a row a case, a column a fact."
_PATH: Final = re.compile(r"(the )?(file )?'[^']*'", re.IGNORECASE)
_DAMAGED: Final = (
    duckdb.Error,
    duckdb.IOException,
    duckdb.InvalidInputException,
    duckdb.OutOfMemoryException,
)
"""What DuckDB raises where a file, or the room for reckoning, is at fault."""
_PEOPLE: Final = ("case_reference", "person")
_DAYS: Final = (
    "decision_date",
    "crime_recorded_on",
    "next_offence_on",
    "next_offence_proven_on",
    "followed_until",
)
_YES_OR_NO: Final = (
    "case_recorded_crime",
    "restorative_offered",
    "restorative_declined",
    "feedback_asked",
)
TYPES: Final = dict.fromkeys(_DAYS, "DATE") | dict.fromkeys(_YES_OR_NO, "BOOLEAN")
"""What the columns must hold that are reckoned with; all others are only told apart."""


@dataclass(frozen=True)
class Cases:
    """The cases that are counted, seen through the view `cases` of a database of their own.

    `columns` gives the type of each column by its name; `title` says what is read, for tables' notes.
    """

    connection: duckdb.DuckDBPyConnection
    columns: dict[str, str]
    title: str

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows that *sql* gives; raises DisclosureError where a file turns out to be damaged."""
        try:
            return self.connection.execute(sql, list(values)).fetchall()
        except duckdb.Error as error:
            if type(error) not in _DAMAGED:  # every other fault is ours, and stays as it is
                raise
            raise _unreadable(self.title, error) from None

    @property
    def invented(self) -> int:
        """How many of the cases say that they are invented."""
        if self.columns.get("invented") != "BOOLEAN":
            return 0
        return int(self.rows("SELECT count(*) FILTER (invented) FROM cases")[0][0])

    def need(self, names: Collection[str], why: str) -> None:
        """Raise DisclosureError where a column of *names* is not there, or holds what it must not.

        *why* says what wants it.
        """
        lacking = [name for name in names if name not in self.columns]
        if lacking:
            raise DisclosureError(
                self.title,
                f"has no column {', '.join(lacking)}",
                f"It is needed for {why}. The mapping of an extract fills it, under [columns].",
            )
        for column in names:
            if self.columns[column] != TYPES.get(column, self.columns[column]):
                wrong = f"column {column} holds {self.columns[column]}"
                raise DisclosureError(self.title, wrong, f"It must hold {TYPES[column]}.")


@contextmanager
def open_cases(*paths: Path, people: Path | None = None, title: str = "") -> Iterator[Cases]:
    """The cases of *paths*, to be counted; *people* is a mapping file of `linking`, where there is one.

    *title* is what whoever named them knows them by, where that is not the names of the files. With *people* every
    case has the column `person`, the number of its offender. Raises DisclosureError where a file cannot be read, or a
    case of the files is not in *people*.
    """
    title = title or ", ".join(path.name for path in paths)
    with duckdb.connect() as connection:
        connection.execute("SET autoinstall_known_extensions = false")
        found = _read(connection, title, [str(path) for path in paths])
        if people is not None:
            found = _joined(connection, title, found, people)
        found.create_view("cases")
        types = dict(zip(found.columns, map(str, found.types), strict=True))
        yield Cases(connection, types, title)


def _read(
    connection: duckdb.DuckDBPyConnection, title: str, paths: list[str]
) -> duckdb.DuckDBPyRelation:
    if not paths:
        raise DisclosureError("cases", "no file is named", _WANTED)
    try:
        return connection.read_parquet(paths, union_by_name=True)
    except duckdb.Error as error:
        raise _unreadable(title, error) from None


def _unreadable(title: str, error: duckdb.Error) -> DisclosureError:
    first = _PATH.sub("the file", str(error).partition("\n")[0]).rstrip(".")
    return DisclosureError(title, f"cannot be read: {first}.", _WANTED)


def _joined(
    connection: duckdb.DuckDBPyConnection,
    title: str,
    found: duckdb.DuckDBPyRelation,
    people: Path,
) -> duckdb.DuckDBPyRelation:
    """The cases, each with the person that the mapping file *people* gives it."""
    try:
        mapping = connection.read_csv(str(people), header=True, all_varchar=True)
    except duckdb.Error:
        raise DisclosureError(
            str(people), "is no mapping file", f"Its columns are {_PEOPLE}."
        ) from None
    if tuple(mapping.columns) != _PEOPLE or "case_reference" not in found.columns:
        raise DisclosureError(str(people), "does not map cases", f"Its columns are {_PEOPLE}.")
    mapping.create_view("people")
    found.create_view("unlinked")
    sql = "SELECT c.*, p.person FROM unlinked AS c LEFT JOIN people AS p USING (case_reference)"
    lost = connection.execute(f"SELECT count(*) FROM ({sql}) WHERE person IS NULL").fetchone()
    twice = connection.execute(
        "SELECT count(*) - count(DISTINCT case_reference) FROM people"
    ).fetchone()
    if (lost and lost[0]) or (twice and twice[0]):
        raise DisclosureError(
            str(people),
            f"does not give every case of {title} one person",
            "Link the same file anew.",
        )
    return connection.sql(sql)


def name(column: str) -> str:
    """*column* as an SQL name."""
    return '"' + column.replace('"', '""') + '"'
