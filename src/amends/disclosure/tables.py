"""Tables of figures: `Raw`, which may identify people and so may not leave, and `Safe`, which may.

Only this package makes a table safe to publish (`issuing`); whoever counts gives a `Raw` and nothing else.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

WARNING: Final = (
    "Raw figures, for the force's own eyes: small counts may identify people. Not for publication."
)
"""Stands on everything that shows a `Raw`."""
WIDE: Final = 100
"""Letters in a line of text, where nothing says how many there is room for."""
MARKER: Final = "[c]"
"""Stands in a `Safe` for every figure withheld, whether for its own sake or for another's."""
_NARROWEST: Final = 12
_INDENT: Final = "  "

Cell = str | int


def wrapped(text: str, width: int | None = None, indent: str = "") -> list[str]:
    """*text* in lines of at most *width* letters, the second and later ones set in by *indent*."""
    room = max(width or WIDE, 20)
    return textwrap.wrap(
        text, room, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


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
                raise ValueError(
                    f"{self.title}: a row has {len(row)} cells, not {len(self.columns)}."
                )

    def lines(self, width: int | None = None) -> Iterator[str]:
        """The table as text: its title, what it counts, and rows in columns, numbers to the right.

        Where *width* letters are too few, words in the last column are left out.
        """
        yield from wrapped(f"{self.title} ({self.unit})", width, _INDENT)
        if self.rows:
            yield from self._rows(width)
        else:
            yield f"{_INDENT}none"
        if self.note:
            yield from wrapped(_INDENT + self.note, width, _INDENT)

    def _rows(self, width: int | None) -> Iterator[str]:
        cells = [self.columns, *(tuple(map(_shown, row)) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        numbers = [
            all(isinstance(cell, int) for cell in col) for col in zip(*self.rows, strict=True)
        ]
        room = _room(widths, width) if width and not numbers[-1] else widths[-1]
        for *first, last in cells:
            shown = [
                cell.rjust(wide) if number else cell.ljust(wide)
                for cell, wide, number in zip(
                    (*first, cut(last, room)), widths, numbers, strict=True
                )
            ]
            yield _INDENT + _INDENT.join(shown).rstrip()


_ISSUED: Final = object()
"""Shown by this package alone when it makes a `Safe`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Safe(Raw):
    """A table that a checked certificate proves safe to publish, with the digest of its release.

    The digest of its certificate is not here, because it may not leave (`certificates.Certificate.digest`).
    Nobody but this package can make one: the constructor raises TypeError without what only it has.
    """

    release: str
    marker: str = MARKER
    token: object = None

    def __post_init__(self) -> None:
        if self.token is not _ISSUED:
            raise TypeError(
                "A table is made safe by amends.disclosure.issuing, and by nothing else."
            )
        Raw.__post_init__(self)


def _room(widths: list[int], width: int) -> int:
    """The letters left for the last of columns that are *widths* wide."""
    before = sum(len(_INDENT) + wide for wide in widths[:-1]) + len(_INDENT)
    return min(widths[-1], max(width - before, _NARROWEST))


def cut(text: str, room: int) -> str:
    """*text* in at most *room* letters; words left out at its end are shown by three dots."""
    if len(text) <= room:
        return text
    return (
        textwrap.shorten(text, room, placeholder="...") if " " in text else text[: room - 3] + "..."
    )


def _shown(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else cell
