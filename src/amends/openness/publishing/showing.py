"""What a safe table shows: each figure with its labels and its marker, in long form and as a grid."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.folders import ROUNDED
from amends.disclosure.published import Release, Value
from amends.disclosure.published import Table as Counted
from amends.disclosure.tables import MARKER, Safe

MEANINGS: Final = {
    MARKER: "withheld, so that nobody can be identified",
    ROUNDED: "rounded, so that nobody can be identified; rounded figures still add up",
}
"""What each marker means, for whoever reads the figures."""
WIDEST: Final = 12
"""Categories that stand side by side; more stand one below another."""
_HEADS: Final = {
    "day": "When it was decided", "row": "Year and offence group", "age": "Age group", "month": "Month or year",
    "resolved": "When a community resolution was given",
}  # fmt: skip
_OWN: Final = ("count", "marker")

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its count where it is told, and a marker where it is withheld or rounded."""

    count: int | None
    marker: str = ""

    def __str__(self) -> str:
        told = "" if self.count is None else f"{self.count:,}"
        return " ".join(filter(None, (told, self.marker)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as people read it: `heads` over its columns, and lines of labels and figures.

    The first `stubs` of the heads stand over labels: they are names of columns. `across` names
    what the other columns tell apart; it is empty where there is but one.
    """

    heads: tuple[str, ...]
    stubs: int
    lines: tuple[tuple[Labels, tuple[Figure, ...]], ...]
    across: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A table for publication: the `number` it has, what it counts, and its figures by their labels."""

    number: int
    title: str
    unit: str
    names: tuple[str, ...]
    figures: tuple[tuple[Labels, Figure], ...]

    @property
    def sheet(self) -> str:
        """What its sheet and its files are called, without an ending."""
        return f"table-{self.number}"

    @property
    def markers(self) -> tuple[str, ...]:
        """The markers that stand in it."""
        found = {figure.marker for _, figure in self.figures}
        return tuple(marker for marker in MEANINGS if marker in found)

    @property
    def withheld(self) -> int:
        """How many of its figures are withheld."""
        return sum(figure.count is None for _, figure in self.figures)

    def grid(self) -> Grid:
        """The table with the categories of its last column side by side, where there are few enough."""
        last = list(dict.fromkeys(labels[-1] for labels, _ in self.figures if labels))
        if len(self.names) < 2 or len(last) > WIDEST:
            lines = tuple((labels, (figure,)) for labels, figure in self.figures)
            return Grid(
                heads=(*self.names, self.unit), stubs=len(self.names), lines=lines, across=""
            )
        wide = len(last)
        chunks = [self.figures[at : at + wide] for at in range(0, len(self.figures), wide)]
        return Grid(
            heads=(*self.names[:-1], *last),
            stubs=len(self.names) - 1,
            lines=tuple((each[0][0][:-1], tuple(figure for _, figure in each)) for each in chunks),
            across=self.names[-1],
        )


def show(tables: tuple[Safe, ...], release: Release, first: int = 1) -> tuple[Shown, ...]:
    """The *tables* of *release* for publication, numbered from *first*.

    Raises TypeError for whatever is not a `Safe`, and `DisclosureError` where one is not what *release*
    says, word for word: a table that was made safe and changed afterwards is not safe.
    """
    for table in tables:
        if type(table) is not Safe:
            raise TypeError(
                f"{type(table).__name__}: Only tables that amends.disclosure made safe are published."
            )
    place = f"release {release.id}"
    if len(tables) != len(release.tables):
        raise DisclosureError(
            place, f"has {len(release.tables)} tables, and {len(tables)} are safe"
        )
    return tuple(
        _shown(safe, counted, release, number)
        for number, (safe, counted) in enumerate(zip(tables, release.tables, strict=True), first)
    )


def _shown(safe: Safe, counted: Counted, release: Release, number: int) -> Shown:
    place = f"release {release.id}, table {number}"
    names = tuple(axis.dimension for axis in counted.axes)
    labels = [tuple(each.label for each in cell) for cell in counted.cells()]
    told = tuple((*each, _told(value)) for each, value in zip(labels, counted.values, strict=True))
    if (safe.release, safe.title, safe.columns, safe.rows) != (
        release.digest, counted.title, (*names, "count"), told,
    ):  # fmt: skip
        raise DisclosureError(place, "is not what was proved safe", "Protect it again.")
    if taken := [name for name in names if name.lower() in _OWN]:
        raise DisclosureError(place, f"has a column {taken[0]!r}, which has a meaning of its own")
    for text in (counted.title, safe.unit, *names, *(label for each in labels for label in each)):
        check_text(text, place)
    figures = (_figure(value, release.threshold, place) for value in counted.values)
    return Shown(
        number=number, title=counted.title, unit=safe.unit, names=names,
        figures=tuple(zip(labels, figures, strict=True)),
    )  # fmt: skip


def check_text(text: str, place: str) -> None:
    """Raise `DisclosureError` where *text* is empty, or has what no page or workbook can show."""
    if not text.strip():
        raise DisclosureError(place, "has a name or a label that is empty")
    for letter in text:
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            raise DisclosureError(
                place, f"has a letter that cannot be seen (U+{ord(letter):04X}) in {text!r:.60}",
                "Take it out, and protect it again.",
            )  # fmt: skip


def _told(value: Value) -> str | int:
    """How `amends.disclosure.issuing` says *value*."""
    if value is None:
        return MARKER
    return value if isinstance(value, int) else f"{value[0]} to {value[1]}"


def _figure(value: Value, threshold: int, place: str) -> Figure:
    if value is None:
        return Figure(None, MARKER)
    if isinstance(value, int):
        return Figure(value)
    base = max(threshold, 2)
    middle = value[1] - base + 1
    if middle % base or value[0] != max(middle - base + 1, 0):
        raise DisclosureError(place, f"{value[0]} to {value[1]} is no figure rounded to {base}")
    return Figure(middle, ROUNDED)


def headed(name: str) -> str:
    """The *name* of a column as its heading for people; in CSV files and their descriptions it stays as it is."""
    return _HEADS.get(name, name.replace("_", " ").capitalize())


def in_files(name: str) -> str:
    """The heading of the column *name*, and its name in the files where that is another."""
    head = headed(name)
    return head if head.lower() == name else f"{head} ({name} in the files)"


def all_labels(tables: tuple[Shown, ...]) -> Iterator[str]:
    """Every title, name and label of *tables*."""
    for table in tables:
        yield from (table.title, *table.names)
        yield from (label for labels, _ in table.figures for label in labels)
