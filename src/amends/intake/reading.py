"""Reading a file of rows as a stream: nothing is changed, and no row is lost in silence."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from amends.intake.layouts import Column, Layout

LONGEST: Final = 65_536
"""The bytes a line may have. A longer one is refused, and is never held whole."""
_IS: Final = {
    "text": re.compile(r".*", re.DOTALL),
    "month": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
    "number": re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?"),
}


class NotThisLayout(Exception):
    """A file whose first line is not the header of its layout."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is kept: its line in the file, and its fields as they were written."""

    line: int
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is refused: its line in the file, why, and its text (of a long one, the start)."""

    line: int
    reason: str
    text: str


def read(file: BinaryIO, layout: Layout) -> Iterator[Row | Fault]:
    """Each line of *file* after the header, as a Row or a Fault; UTF-8, a line to a row.

    Raises NotThisLayout where the header is another one.
    """
    names = [column.name for column in layout.columns]
    header = file.readline(LONGEST).removeprefix(b"\xef\xbb\xbf")
    if _fields(header) != names:
        raise NotThisLayout(f"line 1: These are not the columns of {layout.name}: {names}.")
    for line, raw in enumerate(_lines(file), start=2):
        fields = _fields(raw)
        reason = fields if isinstance(fields, str) else _fault(fields, layout.columns)
        if reason or isinstance(fields, str):
            yield Fault(line, reason, raw.decode("utf-8", "backslashreplace"))
        else:
            yield Row(line, dict(zip(names, fields, strict=True)))


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while raw := file.readline(LONGEST + 1):
        rest = raw
        while len(rest) > LONGEST and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST + 1)
        yield raw


def _fields(raw: bytes) -> list[str] | str:
    """The fields of a line, or why it has none."""
    if len(raw) > LONGEST:
        return f"The line is longer than {LONGEST} bytes."
    if b"\0" in raw:
        return "There is a NUL in the line."
    try:
        rows = list(csv.reader([raw.decode("utf-8").rstrip("\r\n")], strict=True))
    except UnicodeDecodeError:
        return "The line is not UTF-8."
    except csv.Error as error:
        return f"The line is not CSV: {error}."
    return rows[0] if rows and rows[0] else "The line is empty."


def _fault(fields: list[str], columns: tuple[Column, ...]) -> str:
    if len(fields) != len(columns):
        return f"There are {len(fields)} fields where {len(columns)} are wanted."
    for column, field in zip(columns, fields, strict=True):
        if column.required and not field:
            return f"{column.name} is empty."
        if field and not _IS[column.type].fullmatch(field):
            return f"{column.name} is not a {column.type}."
    return ""
