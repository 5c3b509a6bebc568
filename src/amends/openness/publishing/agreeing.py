"""Whether the CSV files, the workbook and the page of a publication show the same figures, one by one."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Final

from amends.openness.publishing.showing import Figure
from amends.openness.publishing.tidy import plain
from amends.openness.scanning_parts import Parts
from amends.openness.scanning_xml import Element

Cells = Mapping[tuple[str, ...], str]
"""What is shown, by the labels of the figure; labels as a CSV file has them."""
_SKIPPED: Final = 2
"""Rows above the heads of a sheet."""


def disagreements(ods: bytes, html: str, tables: Mapping[int, str]) -> Iterator[str]:
    """Where *ods* and *html* show another figure than the CSV files in *tables*, by their numbers."""
    sheets, pages = dict(_sheets(ods)), _Tables.of(html)
    for number, text in tables.items():
        names, cells = read_tidy(text)
        for what, grids in (("workbook", sheets), ("page", pages)):
            if number not in grids:
                yield f"table {number}: The {what} does not have it."
                continue
            yield from _differ(
                f"table {number}, {what}", cells, spread(names, len(cells), grids[number])
            )


def _differ(place: str, said: Cells, shown: Cells) -> Iterator[str]:
    for labels in sorted(said.keys() | shown.keys()):
        here, there = said.get(labels, "nothing"), shown.get(labels, "nothing")
        if here != there:
            yield f"{place}, {' / '.join(labels)}: It shows {there}, and the CSV file {here}."


def read_tidy(text: str) -> tuple[tuple[str, ...], Cells]:
    """The names of the columns of labels, and the figures, of a CSV file."""
    heads, *rows = csv.reader(io.StringIO(text))
    found = {}
    for *labels, count, marker in rows:
        found[tuple(labels)] = str(Figure(int(count) if count else None, marker))
    return tuple(heads[:-2]), found


def spread(names: tuple[str, ...], figures: int, grid: list[list[str]]) -> Cells:
    """The figures of a *grid*, whose first row is its heads, by labels; a row each, or several side by side."""
    heads, *rows = grid
    long = len(heads) == len(names) + 1 and len(rows) == figures
    stubs = len(names) if long else len(names) - 1
    found = {}
    for row in rows:
        before = tuple(map(plain, row[:stubs]))
        for head, cell in zip(heads[stubs:], row[stubs:], strict=True):
            found[before if long else (*before, plain(head))] = cell
    return found


# --- reading them -----------------------------------------------------------------------------------


def _sheets(ods: bytes) -> Iterator[tuple[int, list[list[str]]]]:
    for sheet in Parts.read(ods).xml("content.xml").every("table"):
        if match := re.fullmatch(r"Table_(\d+)", sheet.get("name")):
            rows = [
                [shown(cell) for cell in row.every("table-cell")]
                for row in sheet.every("table-row")
            ]
            yield int(match[1]), rows[_SKIPPED:]


def shown(cell: Element) -> str:
    """What a cell of a workbook (ODS) shows."""
    return "\n".join(paragraph.text for paragraph in cell.every("p"))


class _Tables(HTMLParser):
    """The tables of a page, each row a list of what its cells show."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[int, list[list[str]]] = {}
        self._at = 0
        self._inside = False

    @classmethod
    def of(cls, html: str) -> dict[int, list[list[str]]]:
        reader = cls()
        reader.feed(html)
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._at = int((dict(attrs).get("id") or "table-0").removeprefix("table-"))
            self.found[self._at] = []
        elif tag == "tr":
            self.found[self._at].append([])
        elif tag in ("td", "th"):
            self._inside = True
            self.found[self._at][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[self._at][-1][-1] += data
