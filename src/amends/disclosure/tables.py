"""Tables of figures as they are counted: `Raw`, which may identify people and so may not leave.

Only this package will be able to make a table safe to publish; whoever counts gives a `Raw` and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

WARNING: Final = "Raw figures, for the force's own eyes: small counts may identify people. Not for publication."
"""Stands on everything that shows a `Raw`."""

Cell = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A table of counts that nothing has protected.

    `unit` says what is counted (cases, crimes, offenders). Each of `rows` has a cell for each of
    `columns`; whole numbers are counts. `note` says what a reader must know.
    """

    title: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.title}: a row has {len(row)} cells, not {len(self.columns)}.")

    def lines(self) -> Iterator[str]:
        """The table as text: its title, what it counts, and rows in columns, numbers to the right."""
        yield f"{self.title} ({self.unit})"
        cells = [self.columns, *([_shown(cell) for cell in row] for row in self.rows)]
        widths = [max(len(row[n]) for row in cells) for n in range(len(self.columns))]
        numbers = [
            all(isinstance(row[n], int) for row in self.rows) for n in range(len(self.columns))
        ]
        for row in cells:
            shown = [
                cell.rjust(width) if number else cell.ljust(width)
                for cell, width, number in zip(row, widths, numbers, strict=True)
            ]
            yield "  " + "  ".join(shown).rstrip()
        if not self.rows:
            yield "  none"
        if self.note:
            yield f"  {self.note}"


def _shown(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else cell
