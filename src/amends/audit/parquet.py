"""A Parquet file as it is: its columns, their types, and what it says of itself."""

import glob
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb
from duckdb.sqltypes import DuckDBPyType

_MAGIC: Final = b"PAR1"
_WANTED: Final = "Name a Parquet file: a row a case, a column a fact."
_AGAIN: Final = "Export or copy it again."
_LONGEST_NOTE: Final = 500
_NO_MEMORY: Final = "Give it more memory, or room in the folder for temporary files (TMPDIR)."


class HistoryError(ValueError):
    """A history that cannot be judged: `place` says where, `wrong` what, `right` what would be right."""

    def __init__(self, place: str, wrong: str, right: str = "") -> None:
        self.place, self.wrong, self.right = place, wrong, right
        super().__init__(f"{place}: {wrong}" + (f" {right}" if right else ""))


def quoted(text: str) -> str:
    """*text* as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class ParquetFile:
    """One Parquet file, and the types of its columns by name."""

    path: Path
    connection: duckdb.DuckDBPyConnection
    types: dict[str, DuckDBPyType]

    @property
    def source(self) -> str:
        """SQL for its rows, numbered from 0 in `file_row_number`."""
        return (
            f"read_parquet({_name(self.path)}, file_row_number = true, hive_partitioning = false)"
        )

    def has(self, column: str) -> bool:
        """Whether it has *column*."""
        return column in self.types

    def one(self, sql: str) -> Any:
        """The first value that *sql* gives."""
        row = self.connection.execute(sql).fetchone()
        return row[0] if row else None

    @cached_property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.one(f"SELECT count(*) FROM {self.source}"))

    def fields(self, column: str) -> dict[str, DuckDBPyType]:
        """The fields of the records in the list *column*, each with its type; none if it has no such."""
        record = record_type(self.types[column]) if self.has(column) else None
        return _children(record) if record else {}

    @cached_property
    def notes(self) -> dict[str, str]:
        """The short notes it carries, such as that it is invented."""
        rows = self.connection.execute(
            f"SELECT key, value FROM parquet_kv_metadata({_name(self.path)})"
        )
        said = {
            key.decode(errors="replace"): value.decode(errors="replace")
            for key, value in rows.fetchall()
        }
        return {key: value for key, value in said.items() if len(value) <= _LONGEST_NOTE}


def record_type(kind: DuckDBPyType) -> DuckDBPyType | None:
    """The type of one record, where *kind* is that of a list of records."""
    if kind.id != "list":
        return None
    child = _children(kind)["child"]
    return child if child.id == "struct" else None


def _children(kind: DuckDBPyType) -> dict[str, DuckDBPyType]:
    return {name: child for name, child in kind.children if isinstance(child, DuckDBPyType)}


def open_file(path: Path, connection: duckdb.DuckDBPyConnection) -> ParquetFile:
    """The Parquet file *path*; raises HistoryError where it is none, or is cut short."""
    _check_ends(path)
    try:
        relation = connection.sql(
            f"SELECT * FROM read_parquet({_name(path)}, hive_partitioning = false) LIMIT 0"
        )
    except duckdb.Error as error:
        raise HistoryError(
            path.name, f"The file is damaged: {_first_line(error)}.", _AGAIN
        ) from None
    return ParquetFile(path, connection, dict(zip(relation.columns, relation.types, strict=True)))


def _check_ends(path: Path) -> None:
    """Refuse whatever does not begin and end as a Parquet file does."""
    first, last = _ends(path)
    if not first:
        raise HistoryError(path.name, "The file is empty.", _WANTED)
    if first == b"PARE":
        raise HistoryError(path.name, "The file is encrypted.", "Decrypt it first.")
    if first != _MAGIC:
        turn = "DuckDB makes one of a CSV: COPY (FROM 'a.csv') TO 'a.parquet'."
        raise HistoryError(path.name, "It is not a Parquet file.", turn)
    if last != _MAGIC:
        raise HistoryError(path.name, "The file is cut short: its end is missing.", _AGAIN)


def _ends(path: Path) -> tuple[bytes, bytes]:
    """The first and the last four bytes of *path*; raises HistoryError where it is no file to be read."""
    try:
        if not path.exists():
            raise HistoryError(str(path), "There is no such file.", _WANTED)
        if not path.is_file():
            raise HistoryError(str(path), "It is no file, but a folder or a device.", _WANTED)
        with path.open("rb") as file:
            first = file.read(4)
            file.seek(max(0, path.stat().st_size - 4))
            return first, file.read(4)
    except OSError as error:
        raise HistoryError(str(path), f"The file cannot be read: {error.strerror}.") from None


@contextmanager
def reading(place: str) -> Iterator[None]:
    """Say in plain words what stopped DuckDB while it read *place*.

    Raises HistoryError for a damaged file, or too little memory or disk; KeyboardInterrupt for Ctrl-C,
    which DuckDB reports as a RuntimeError. Every other fault is ours, and stays as it is.
    """
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        raise HistoryError(place, f"It stopped: {_first_line(error)}.", _NO_MEMORY) from None
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except duckdb.Error as error:
        if type(error) not in (duckdb.Error, duckdb.InvalidInputException):
            raise
        raise HistoryError(place, f"The file is damaged: {_first_line(error)}.", _AGAIN) from None
    except RuntimeError as error:
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from None
        raise


def _first_line(error: Exception) -> str:
    line = str(error).partition("\n")[0].strip().rstrip(".:")
    return line.removeprefix("Invalid Input Error: ").removeprefix("IO Error: ")


def _name(path: Path) -> str:
    return quoted(glob.escape(str(path)))
