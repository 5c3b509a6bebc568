"""The store: what was taken in, once, as Parquet, with an index of what came from where, and a list of faults."""

import json
import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from amends.intake.errors import IntakeError
from amends.intake.months import missing
from amends.intake.quoting import quoted_text

FORMAT: Final = "amends-store-2"
_READ: Final = ("amends-store-1", FORMAT)
"""What can be read; in the first, rows were always in one file, that was written over."""
INDEX: Final = "index.json"
FAULTS: Final = "faults.csv"
ROWS: Final = "rows.parquet"
_ROWS: Final = re.compile(r"rows(-[0-9]{6,})?\.parquet")
WHOLE: Final = "Put the whole folder back from a copy, or import the files anew, into a new store."
"""What is right where something of a store is lost or damaged."""
WORK: Final = ".import-"
"""Begins the name of the folder in which an import is made, inside the store."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken in: its name, SHA-256, and how many rows were read, kept and so on.

    `read` = `kept` + `refused` + `duplicates` + `replaced`; those `repaired` are among the kept, or were before they
    were replaced by a later edition. `folder` is the month that its folder was named after. `way` tells readings of
    the same file apart: the encoding where it is not UTF-8, or the digest of the mapping; None where nobody said.
    """

    name: str
    digest: str
    as_at: str
    read: int
    kept: int
    repaired: int
    refused: int
    duplicates: int
    replaced: int = 0
    folder: str = ""
    way: str | None = None

    @property
    def edition(self) -> tuple[str, str]:
        """What puts editions of the same month in order: as at which day, and from which folder."""
        return self.as_at, self.folder

    def again(self, name: str, right: str) -> str:
        """What is said where the file is named once more, as *name*: how far it is held already, and what is *right*.

        That is said only where rows of it were refused.
        """
        if not self.refused:
            return f"{name} is held already, as {self.name}"
        rows = "row that was" if self.refused == 1 else "rows that were"
        return f"{name} is held already, as {self.name}, without the {self.refused:,} {rows} refused. {right}"


@dataclass(frozen=True, slots=True)
class Held:
    """All that a store holds of one layout: its files, its rows as one Parquet, and which months they are of."""

    layout: str
    version: int
    files: tuple[Taken, ...]
    parquet: Path
    months: tuple[str, ...]

    @property
    def missing_months(self) -> list[str]:
        """The months between the first and the last that no row is of."""
        return missing(self.months)

    @property
    def place(self) -> str:
        """What whoever named the store knows the rows by: its folder, and the layout."""
        return f"{self.parquet.parent.parent}, {self.layout}"

    def check(self) -> None:
        """Raise IntakeError where the rows cannot be read any more."""
        try:
            with duckdb.connect() as duck:
                duck.execute(f"SELECT * FROM read_parquet({quoted_text(self.parquet)}) LIMIT 0")
        except duckdb.Error:
            raise IntakeError(self.place, "is damaged", WHOLE) from None

    @property
    def as_at(self) -> str:
        """The day as at which the newest file was; empty without files."""
        return max((one.as_at for one in self.files), default="")


@dataclass(frozen=True, slots=True)
class Store:
    """A store: its folder, what it holds by layout, and the SHA-256 of its list of faults (empty where not said)."""

    folder: Path
    sets: dict[str, Held]
    faults: str = ""

    def held(self, layout: str) -> Held:
        """What it holds of *layout*; raises IntakeError where that is nothing."""
        if layout not in self.sets:
            known = ", ".join(self.sets) or "nothing"
            raise IntakeError(
                str(self.folder), f"holds nothing of the layout {layout}", f"It holds: {known}."
            )
        return self.sets[layout]


def open_store(folder: Path) -> Store:
    """The store in *folder*; raises IntakeError, with the place, where there is none or it is damaged."""
    if not (folder / INDEX).is_file():
        raise IntakeError(
            str(folder), "is no store", "Make one: amends import LAYOUT FILES... --to STORE"
        )
    try:
        said: dict[str, Any] = json.loads((folder / INDEX).read_text("utf-8"))
        if said["format"] not in _READ:
            raise IntakeError(
                str(folder), "is a store of another version", "Import the files anew, into a new store.",
            )  # fmt: skip
        sets = {
            name: Held(
                name, one["version"], tuple(Taken(**each) for each in one["files"]),
                folder / name / _named(one.get("rows", ROWS)), tuple(one["months"]),
            )
            for name, one in said["sets"].items()
        }  # fmt: skip
        faults = str(said.get("faults", ""))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, IntakeError):
            raise
        raise IntakeError(str(folder), f"is damaged in its {INDEX}", WHOLE) from None
    for one in sets.values():
        if not one.parquet.is_file():
            raise IntakeError(
                str(folder), f"has lost its rows of {one.layout}",
                WHOLE,
            )  # fmt: skip
    settle(folder, faults)
    return Store(folder, sets, faults)


def _named(name: str) -> str:
    if not is_rows(name):
        raise ValueError(name)
    return name


def is_rows(name: str) -> bool:
    """Whether a file of this *name* is one of rows."""
    return bool(_ROWS.fullmatch(name))


def pending(folder: Path, faults: str) -> Path:
    """Where the list of faults of this digest is until it has the name that people know."""
    return folder / f"faults-{faults[:16]}.csv"


def settle(folder: Path, faults: str) -> None:
    """Give the list of faults that the index names its own name, where an import was stopped just before that.

    A store that cannot be written into is read as it is: its rows are those of the index all the same.
    """
    with suppress(OSError):
        os.replace(pending(folder, faults), folder / FAULTS)  # noqa: PTH105


def index(store: Store) -> str:
    """The index of *store* as its file."""
    sets = {
        name: {
            "version": one.version,
            "rows": one.parquet.name,
            "months": list(one.months),
            "missing_months": one.missing_months,
            "as_at": one.as_at,
            "files": [asdict(each) for each in one.files],
        }
        for name, one in sorted(store.sets.items())
    }
    said = {"format": FORMAT, "faults": store.faults, "sets": sets}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"
