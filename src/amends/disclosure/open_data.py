"""Figures that others published, taken in as a release: a CSV file and a few words about its columns.

The words are a JSON object:

    {"format": "amends-open-data-1", "id": "wm-709-15", "snapshot": "codes", "made": "2015-03-31",
     "title": "Community resolutions", "reason": "Published by the force.",
     "columns": {"year": {"dimension": "year"}},
     "counts": {"all": {}, "under_18": {"age": ["0-17"]}}}

Each of `columns` is a dimension, its entries the codes (or, with `codes`, labels that stand for
several). Each of `counts` is a column of numbers, and which codes they count; an empty entry is a
number that was not published.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Axis, Category, Release, Table, Value
from amends.disclosure.shapes import Part, read

FORMAT: Final = "amends-open-data-1"
PROFILE: Final = "public"

Row = Mapping[str, str]


def read_open_data(words: Path, figures: Path) -> Release:
    """The release that *figures* (CSV, UTF-8) are, as *words* (JSON) say; its threshold is 1.

    Raises `DisclosureError`, with the line, where a column is missing, a number is none, or a
    combination stands there twice.
    """
    part = read(words).only(
        "format", "id", "snapshot", "made", "title", "reason", "columns", "counts"
    )
    if part.get("format").a(str) != FORMAT:
        raise part.get("format").refuse("does not describe open data", FORMAT)
    rows = list(_rows(figures))
    columns = dict(part.get("columns").items())
    counts = dict(part.get("counts").items())
    _check_columns(figures, rows, [*columns, *counts])
    axes = tuple(_axis(name, column, rows) for name, column in columns.items())
    counted = _counted_axis(part.get("counts"))
    values = _values(figures, rows, list(columns), list(counts))
    labels = [[category.label for category in axis.categories] for axis in axes]
    table = Table(
        part.get("title").a(str),
        (*axes, *counted),
        tuple(values.get((name, *key)) for key in product(*labels) for name in counts),
        {},
    )
    return Release(
        part.get("id").a(str), part.get("snapshot").a(str), _day(part.get("made")), PROFILE, 1,
        part.get("reason").a(str), (table,),
    )  # fmt: skip


def _day(part: Part) -> date:
    try:
        return date.fromisoformat(part.a(str))
    except ValueError:
        raise part.refuse(f"is no date: {part.value!r}", "Write it as 2026-03-31.") from None


def _rows(path: Path) -> Iterator[Row]:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise DisclosureError(str(path), error.strerror or "cannot be read") from None
    except UnicodeDecodeError as error:
        raise DisclosureError(str(path), f"is not UTF-8 (byte {error.start + 1})") from None
    for number, row in enumerate(csv.DictReader(io.StringIO(text), restkey=""), 2):
        if "" in row or None in row.values():
            raise DisclosureError(f"{path}, line {number}", "has not as many entries as columns")
        yield row


def _check_columns(path: Path, rows: list[Row], names: list[str]) -> None:
    if not rows:
        raise DisclosureError(str(path), "has no rows")
    for name in names:
        if name not in rows[0]:
            known = f"Its columns are {', '.join(rows[0])}."
            raise DisclosureError(f"{path}, line 1", f"there is no column {name!r}", known)


def _axis(name: str, column: Part, rows: list[Row]) -> Axis:
    """A column of labels as an axis: the labels in the order in which they stand there."""
    column.only("dimension", "codes")
    known = {label: frozenset(codes.texts()) for label, codes in column.find("codes", {}).items()}
    labels = dict.fromkeys(row[name] for row in rows)
    categories = (Category(label, known.get(label, frozenset({label}))) for label in labels)
    return Axis(column.get("dimension").a(str), tuple(categories))


def _counted_axis(counts: Part) -> tuple[Axis, ...]:
    """The columns of numbers as an axis; none where there is one, which counts everybody."""
    named = {name: dict(codes.items()) for name, codes in counts.items()}
    dimensions = {dimension for codes in named.values() for dimension in codes}
    if not dimensions and len(named) == 1:
        return ()
    if len(dimensions) != 1 or not all(named.values()):
        raise counts.refuse("must each say the codes that they count, in one dimension")
    (dimension,) = dimensions
    return (
        Axis(
            dimension,
            tuple(Category(name, frozenset(of[dimension].texts())) for name, of in named.items()),
        ),
    )


def _values(
    path: Path, rows: list[Row], columns: list[str], counts: list[str]
) -> dict[tuple[str, ...], Value]:
    """The numbers, by their column and the labels of their row."""
    found: dict[tuple[str, ...], Value] = {}
    for number, row in enumerate(rows, 2):
        key = tuple(row[name] for name in columns)
        for name in counts:
            if (name, *key) in found:
                raise DisclosureError(f"{path}, line {number}", f"counts {', '.join(key)} again")
            found[name, *key] = _number(row[name], f"{path}, line {number}, {name}")
    return found


def _number(text: str, place: str) -> int | None:
    plain = text.strip().replace(",", "")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit()):
        raise DisclosureError(place, f"is no count: {text!r}", "Leave it empty if not published.")
    return int(plain)
