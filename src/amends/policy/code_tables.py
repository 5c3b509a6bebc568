"""A code table is a CSV file read strictly: every fault names the file, the line and the column."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Generic, Protocol, TypeVar

CONFIDENCES = ("read", "reported", "illustrative")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class BadTable(ValueError):
    """A code table that cannot be trusted, and so is not used at all.

    `code` is stable, so that a screen or a script may know the fault without reading the words.
    """

    def __init__(
        self, code: str, *, file: str, line: int, column: str, wrong: str, right: str
    ) -> None:
        super().__init__(f"{file}, line {line}, column {column}: {wrong} {right} ({code})")
        self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.wrong = wrong
        self.right = right


class Dated(Protocol):
    """An entry that holds from the day it starts until the day before it ends."""

    @property
    def starts(self) -> date | None: ...

    @property
    def ends(self) -> date | None: ...


Entry = TypeVar("Entry")
DatedEntry = TypeVar("DatedEntry", bound=Dated)


class Table(Generic[Entry]):
    """The entries of one code table, in the order of the file."""

    def __init__(self, entries: Iterable[Entry], text: str) -> None:
        self._entries = tuple(entries)
        self._digest = sha256(text.encode()).hexdigest()

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def digest(self) -> str:
        """SHA-256 of the text of the table, in hexadecimal: which version a case was judged by."""
        return self._digest


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, and where it stands. An empty cell means *not known*."""

    file: str
    line: int
    cells: Mapping[str, str]

    def fault(self, code: str, column: str, wrong: str, right: str) -> BadTable:
        """What to raise when the cell in *column* is wrong."""
        return BadTable(
            code, file=self.file, line=self.line, column=column, wrong=wrong, right=right
        )

    def text(self, column: str) -> str:
        """The words of a cell that may not be empty."""
        if not (value := self.cells[column]):
            raise self.fault("table-value", column, "The cell is empty.", "It must be filled.")
        return value

    def choice(self, column: str, allowed: Collection[str]) -> str | None:
        """One of the *allowed* words, or None for an empty cell."""
        value = self.cells[column]
        if value and value not in allowed:
            right = f"Write one of {', '.join(allowed)}; leave it empty if it is not known."
            raise self.fault("table-value", column, f"{value!r} is not a {column}.", right)
        return value or None

    def word(self, column: str, allowed: Collection[str]) -> str:
        """One of the *allowed* words, in a cell that may not be empty."""
        self.text(column)
        return self.choice(column, allowed) or ""

    def confidence(self) -> str:
        """How far the row may be trusted: read, reported or illustrative."""
        return self.word("confidence", CONFIDENCES)

    def day(self, column: str) -> date | None:
        """A date, or None for an empty cell."""
        if not (value := self.cells[column]):
            return None
        try:
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        right = "Write the year, month and day, for example 2017-04-01."
        raise self.fault("table-date", column, f"{value!r} is not a date.", right)

    def days(self) -> tuple[date | None, date | None]:
        """First day it holds, and first day it no longer holds. Nothing ends before it starts."""
        starts, ends = self.day("starts"), self.day("ends")
        if starts and ends and ends <= starts:
            wrong = f"It ends on {ends}, and does not start before {starts}."
            right = "ends is the first day the row no longer holds, and comes after starts."
            raise self.fault("table-date", "ends", wrong, right)
        return starts, ends


def text_of(source: str | bytes | Path, name: str | None) -> tuple[str, str]:
    """The name and the text of a table given as text, as bytes, or as the path of a file.

    Raises BadTable if it is not UTF-8, and OSError if a path cannot be read.
    """
    if isinstance(source, str):
        return name or "table", source.removeprefix("\ufeff")
    file = name or (source.name if isinstance(source, Path) else "table")
    raw = source.read_bytes() if isinstance(source, Path) else source
    try:
        # Spreadsheets put a byte order mark first, which is no part of the first column's name.
        return file, raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        right = "Save the file again as CSV UTF-8."
        wrong = "The text is not UTF-8."
        raise BadTable(
            "table-text", file=file, line=line, column="(any)", wrong=wrong, right=right
        ) from error


def shipped(name: str) -> bytes:
    """The bytes of a table that comes with Amends."""
    return files("amends.policy").joinpath("published", name).read_bytes()


def rows_of(text: str, file: str, columns: Collection[str]) -> Iterator[Row]:
    """The rows of *text*, which must have every one of *columns*. Further columns are ignored."""
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = [cell.strip() for cell in next(lines, [])]
        _check_head(head, file, columns)
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield _row(head, cells, file, lines.line_num)
    except csv.Error as error:
        wrong = f"The line cannot be read: {error}."
        right = "Look for a quotation mark that is not closed."
        raise BadTable(
            "table-row", file=file, line=lines.line_num, column="(any)", wrong=wrong, right=right
        ) from error


def _check_head(head: list[str], file: str, columns: Collection[str]) -> None:
    for column in columns:
        if head.count(column) != 1:
            wrong = "The column is missing." if column not in head else "The column is there twice."
            right = f"The first line must name each of {', '.join(columns)} once."
            raise BadTable(
                "table-columns", file=file, line=1, column=column, wrong=wrong, right=right
            )


def _row(head: list[str], cells: list[str], file: str, line: int) -> Row:
    row = Row(file, line, dict(zip(head, (cell.strip() for cell in cells), strict=False)))
    if len(cells) != len(head):
        wrong = f"The line has {len(cells)} cells, and the first line names {len(head)} columns."
        column = head[min(len(cells), len(head) - 1)]
        raise row.fault("table-row", column, wrong, "Put words that hold a comma in quotes.")
    return row


def same_days(one: Dated, other: Dated) -> bool:
    """Say whether there is a day on which both hold."""
    first, last = date.min, date.max
    return (one.starts or first) < (other.ends or last) and (other.starts or first) < (
        one.ends or last
    )


def refuse_repeats(
    rows: Iterable[tuple[Row, Entry]],
    column: str,
    key: Callable[[Entry], str],
    clash: Callable[[Entry, Entry], bool] = lambda one, other: True,
) -> None:
    """Raise BadTable where two rows of one *key* clash: always, or where *clash* says so."""
    held: dict[str, list[tuple[Row, Entry]]] = {}
    for row, entry in rows:
        for earlier_row, earlier in held.setdefault(key(entry), []):
            if clash(earlier, entry):
                wrong = f"{key(entry)} is given already on line {earlier_row.line}."
                right = "Take one away, or where rows have dates end one before the other starts."
                raise row.fault("table-twice", column, wrong, right)
        held[key(entry)].append((row, entry))


def in_force(entries: Iterable[DatedEntry], on: date | None) -> DatedEntry | None:
    """The entry in force on a day, or without a day the latest. A start not known is always."""
    known = sorted(entries, key=lambda entry: entry.starts or date.min)
    if on is None:
        return known[-1] if known else None
    for entry in known:
        if (entry.starts or date.min) <= on and (entry.ends is None or on < entry.ends):
            return entry
    return None
