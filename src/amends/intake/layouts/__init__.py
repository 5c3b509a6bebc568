"""Layouts: what the columns of a published file are, and what one of its rows is."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

NAMES: Final = ("police-uk-outcomes", "police-uk-street")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the file, its type, and whether each row must fill it."""

    name: str
    type: str = "text"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of file, in words and columns; `key` names the column that tells a crime."""

    name: str
    version: int
    row: str
    key: str
    columns: tuple[Column, ...]


def layout(name: str) -> Layout:
    """The layout called *name*; KeyError where there is none."""
    if name not in NAMES:
        raise KeyError(f"{name!r} is not a layout. There are: {', '.join(NAMES)}.")
    said = tomllib.loads((files(__name__) / f"{name}.toml").read_text("utf-8"))
    columns = tuple(Column(column, **says) for column, says in said["columns"].items())
    return Layout(name, said["version"], said["row"], said["key"], columns)
