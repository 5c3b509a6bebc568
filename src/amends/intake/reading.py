"""Reading a file of rows as a stream: nothing is changed in silence, and no row is lost."""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from amends.intake.layouts import Column, Layout
from amends.intake.recoding import UTF_8, Lines, encoding_of
from amends.intake.records import LONGEST, Record, records

_IS: Final = {
    "text": re.compile(r".*", re.DOTALL),
    "label": re.compile(r".*", re.DOTALL),
    "month": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
    "year": re.compile(r"[0-9]{4}/[0-9]{2}"),
    "number": re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?"),
    "whole": re.compile(r"[0-9]{1,15}"),
    "balance": re.compile(r"-?[0-9]{1,15}"),
}
_NOT_UTF_8: Final = (
    "The line is not UTF-8. Where you know what the file is in, say it: --encoding cp1252."
)
_NOT_CSV: Final = {
    "unexpected end of data": "a quote that is opened here is not closed",
    "',' expected after '\"'": "a quote inside a quoted field is to be written twice",
    "new-line character seen in unquoted field - do you need to open the file in universal-newline mode?":
        "a line break without a line feed is not in quotes",
}  # fmt: skip
UNENDED: Final = (
    "The file ends in this line, without a line end. Where it was cut short, fetch it again."
)
COUNTS: Final = ("whole", "balance")
"""The types of a column that counts."""
_GROUPED: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_SHEET: Final = (
    "Open it, and save the sheet as CSV (UTF-8), with the columns' names in its first line."
)
_MARKS: Final = {
    b"PK\x03\x04": f"a workbook (XLSX or ODS) or a zip archive, and no CSV. {_SHEET}",
    b"\xd0\xcf\x11\xe0": f"an old workbook (XLS), and no CSV. {_SHEET}",
    b"<": f"XML or a web page, as some systems write what they call a workbook, and no CSV. {_SHEET}",
    b"\x1f\x8b": "compressed, and its name does not say so, or twice. Unfold it, or name it .csv.gz.",
    b"PAR1": "Parquet, and no CSV. Cases in Parquet are imported as `cases`.",
    b"%PDF": "a PDF, and no CSV. Ask for the figures as CSV.",
}
"""How files begin that are no plain text, and what they are."""


class NotThisLayout(Exception):
    """A file whose first line is not the header of its layout."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is kept: its first line in the file, its fields by column, and what was put right in it."""

    line: int
    fields: dict[str, str]
    repairs: tuple[tuple[str, str], ...] = ()
    """What was put right, and the field as it was written."""
    told: str = ""
    """What is to be told of it all the same; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is refused: its line in the file, why, and its text (of a long one, the start)."""

    line: int
    reason: str
    text: str


def header(file: Lines, layout: Layout) -> list[Column]:
    """The columns of *file* by its first line, which is read; raises NotThisLayout where it is another's."""
    first = file.readline(LONGEST)
    for mark, what in _MARKS.items():
        if first.removeprefix(codecs.BOM_UTF8).startswith(mark):
            raise NotThisLayout(f"This is {what}")
    names = _fields(first.removeprefix(codecs.BOM_UTF8), encoding_of(file))
    if isinstance(names, str):
        raise NotThisLayout(f"line 1: {names}")
    found = layout.places(names)
    if isinstance(found, str):
        wanted = ", ".join(one.name for one in layout.columns if not one.optional)
        called = layout.called or f"the layout {layout.name}"
        raise NotThisLayout(f"line 1: {found} In {called} are: {wanted}.")
    return found


def read(file: Lines, layout: Layout) -> Iterator[Row | Fault]:
    """Each record of *file* after the header, as a Row or a Fault: a line, or several that quotes hold together.

    Raises NotThisLayout where the header is another one.
    """
    yield from rows(file, header(file, layout))


def rows(file: Lines, columns: Sequence[Column]) -> Iterator[Row | Fault]:
    """The same of a *file* whose first line was read, and gave its *columns*.

    Of a last line that has no end it is told that the file may have been cut there: a field that is shorter than it was
    cannot be told from one that is whole.
    """
    encoding = encoding_of(file)
    for record in records(file, 2):
        line, raw = record.line, record.raw
        fields = _unclosed(record) or _fields(raw, encoding)
        if isinstance(fields, str):
            one: Row | Fault = Fault(line, fields, shown(raw))
        else:
            one = _row(line, fields, columns, raw)
        if isinstance(one, Fault) and record.last > line:
            one = _spanning(one, record)
        yield one if raw.endswith(b"\n") or len(raw) > LONGEST else _last(one)


def _unclosed(record: Record) -> str:
    """What is wrong with the quotes of a record that is too long, or that the file ends in; else nothing."""
    if record.is_open:
        return "A quote that is opened here is never closed."
    if len(record.raw) > LONGEST and record.last > record.line:
        return f"A quote that is opened here is not closed within {LONGEST} bytes."
    return ""


def _spanning(one: Fault, record: Record) -> Fault:
    """The fault of a record of several lines, with these: none of them is a row by itself."""
    return replace(one, reason=f"{one.reason} Lines {record.line} to {record.last} are one record.")


def _last(one: Row | Fault) -> Row | Fault:
    if isinstance(one, Fault):
        return replace(one, reason=f"{one.reason} {UNENDED}")
    return replace(one, told=UNENDED)


def shown(raw: bytes) -> str:
    """A line as it is told: bytes that are no UTF-8 are written out."""
    return raw.decode("utf-8", "backslashreplace").rstrip("\r\n")


def _fields(raw: bytes, encoding: str) -> list[str] | str:
    """The fields of a line, which was written in *encoding*, or why it has none."""
    if len(raw) > LONGEST:
        return f"The line is longer than {LONGEST} bytes."
    if b"\0" in raw:
        return "There is a NUL in the line."
    try:
        found = list(csv.reader([raw.decode("utf-8").rstrip("\r\n")], strict=True))
    except UnicodeDecodeError:
        return _NOT_UTF_8 if encoding == UTF_8 else f"The line is not {encoding}."
    except csv.Error as error:
        return f"The line is not CSV: {_NOT_CSV.get(str(error), error)}."
    return found[0] if len(found) == 1 and found[0] else "The line is empty."


def _row(line: int, fields: list[str], columns: Sequence[Column], raw: bytes) -> Row | Fault:
    if len(fields) != len(columns):
        reason = f"There are {len(fields)} fields where {len(columns)} are wanted."
        return Fault(line, reason, shown(raw))
    held, repairs = {}, []
    for column, field in zip(columns, fields, strict=True):
        mended = _mended(column, field)
        if mended != field:
            repairs.append((f"{column.name}: {_how(column, field)}", field))
        if column.required and not mended:
            return Fault(line, f"{column.name} is empty.", shown(raw))
        if mended and not _IS[column.type].fullmatch(mended):
            return Fault(line, f"{column.name} is not a {_KIND[column.type]}.", shown(raw))
        held[column.name] = mended
    return Row(line, held, tuple(repairs))


_KIND: Final = {
    "text": "text", "label": "label", "month": "month", "year": "financial year such as 2018/19", "number": "number",
    "whole": "whole number", "balance": "whole number",
}  # fmt: skip


def _how(column: Column, field: str) -> str:
    if field.strip() in column.zero:
        return f"{field.strip()} was read as 0, which it stands for there."
    if column.type == "label":
        return "blanks at its ends were left out."
    return "blanks, or commas in a number, were left out."


def _mended(column: Column, field: str) -> str:
    """A count as plain digits, a label without blanks at its ends; everything else as it is."""
    if column.type == "label":
        return field.strip()
    if column.type not in COUNTS:
        return field
    plain = field.strip()
    if plain in column.zero:
        return "0"
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain
