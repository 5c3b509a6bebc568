"""Layouts: what the columns of a published file are, what one of its rows is, and what its labels mean."""

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final

NAMES: Final = (
    "police-uk-outcomes", "police-uk-street", "home-office-outcomes", "home-office-outcomes-by-offence",
    "home-office-recorded-crime",
)  # fmt: skip
_OTHERS: Final = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}
"""What some systems write between fields where CSV has commas."""
DROPPED, KEPT = "dropped", "kept"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the file, its type, whether each row fills it, and whether each file has it.

    Types: text; label (one of some words); month (2013-06); year (a financial year, 2018/19); number; whole (a
    count of 0 or more); and balance (a count that may take back what was counted before). Of counts and labels,
    blanks at the ends are taken out, of counts commas between thousands too; it is told. `zero` has what stands
    for 0 in the file, which is told too; `was` what the column was called before.
    """

    name: str
    type: str = "text"
    required: bool = False
    optional: bool = False
    was: tuple[str, ...] = ()
    zero: tuple[str, ...] = ()

    @property
    def held(self) -> str:
        """Its name in the store: small letters and underscores."""
        return self.name.lower().replace(" ", "_").replace("/", "_")


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of file, in words and columns.

    `key` names the column that tells a crime, where there is one; `force` that which names the force;
    `month` that which dates a row; `outcome` that of whose `labels` the meaning is known; `kind` that of
    which the known `kinds` are listed. Of several rows
    of a crime the one whose outcome comes first in `precedence` stands for it. `repeats` says whether
    rows that are alike in everything are dropped, or kept as several people dealt with alike. `called` is
    what people know it by, where that is not its name.
    """

    name: str
    version: int
    row: str
    columns: tuple[Column, ...]
    key: str = ""
    force: str = ""
    month: str = ""
    outcome: str = ""
    repeats: str = KEPT
    labels: Mapping[str, str] = field(default_factory=dict)
    precedence: tuple[str, ...] = ()
    called: str = ""
    kind: str = ""
    kinds: tuple[str, ...] = ()

    @property
    def known(self) -> dict[str, frozenset[str]]:
        """The labels that are known, by their column."""
        found = {self.outcome: frozenset(self.labels), self.kind: frozenset(self.kinds)}
        return {name: labels for name, labels in found.items() if name}

    def column(self, name: str) -> Column:
        """The column called *name*, now or once; KeyError where there is none."""
        for one in self.columns:
            if name == one.name or name in one.was:
                return one
        raise KeyError(name)

    def places(self, header: Sequence[str]) -> list[Column] | str:
        """The columns of a file whose first line is *header*, in its order; or why it is not this layout's."""
        found: list[Column] = []
        for name in header:
            try:
                found.append(self.column(name))
            except KeyError:
                return self._strange(name, header)
        twice = [one.name for one in found if found.count(one) > 1]
        missing = [one.name for one in self.columns if not one.optional and one not in found]
        if twice or missing:
            names = ", ".join(repr(one) for one in missing)
            what = f"has {twice[0]!r} twice" if twice else f"lacks {names}"
            return f"The first line {what}."
        return found

    def _strange(self, name: str, header: Sequence[str]) -> str:
        """Why a file with a column that is not of the layout is refused, and what may be the matter."""
        said = f"There is no column {name!r} in {self.called or f'the layout {self.name}'}."
        if len(header) == 1 and (other := next((one for one in _OTHERS if one in name), "")):
            return f"{said} The file has {_OTHERS[other]} between its fields: save it with commas."
        known = {one: one for column in self.columns for one in (column.name, *column.was)}
        if name.strip() != name and name.strip() in known:
            return (
                f"{said} It has blanks at its ends: write it without them in the file's first line."
            )
        blank = next((one for one in known if one.strip() != one and one.strip() == name), "")
        if blank:
            return f"{said} There is {blank!r}, with blanks at its ends: is that right?"
        near = difflib.get_close_matches(name, list(known), 1, 0.8)
        return f"{said} Is it {near[0]!r}?" if near else said


def layout(name: str) -> Layout:
    """The layout called *name*; KeyError where there is none."""
    if name not in NAMES:
        raise KeyError(f"{name!r} is not a layout. There are: {', '.join(NAMES)}.")
    said = tomllib.loads((files(__name__) / f"{name}.toml").read_text("utf-8"))
    columns = tuple(_column(column, says) for column, says in said.pop("columns").items())
    for listed in ("precedence", "kinds"):
        said[listed] = tuple(said.get(listed, ()))
    return Layout(name=name, columns=columns, **said)


def _column(name: str, says: Mapping[str, Any]) -> Column:
    return Column(
        name, says.get("type", "text"), says.get("required", False), says.get("optional", False),
        tuple(says.get("was", ())), tuple(says.get("zero", ())),
    )  # fmt: skip
