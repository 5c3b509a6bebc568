"""Putting what was made where it is read: all at once, by the rename of the index; what was cut short is cleared away.

A store is changed in four steps: its new rows under a new name, its new list of faults under a new name, the index
that names both, by one rename, and then the list under the name that people know. Whatever stops it before the third
leaves the store as it was; after that the fourth is made up for by whoever opens the store next.
"""

import csv
import io
import os
import re
import shutil
from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from amends.intake.errors import IntakeError
from amends.intake.store import (
    FAULTS,
    INDEX,
    ROWS,
    WORK,
    Store,
    index,
    is_rows,
    open_store,
    pending,
    settle,
)

Row = tuple[str, str, int, str, str, str]
"""A fault: its layout, file, line, kind, reason and text."""
_HEAD: Final = ("layout", "file", "line", "what", "why", "text")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def begun(folder: Path, work: Path) -> Store:
    """The store in *folder*, or a new one where that is empty; to be called by whoever is alone in it.

    What imports before it left behind is cleared away: all that the index does not name, but for *work*, the folder
    that is worked in now. Raises IntakeError where *folder* holds anything that is no store's.
    """
    there = (folder / INDEX).exists()
    store = open_store(folder) if there else Store(folder, {})
    left = set(_left(store, work))
    other = [one.name for one in sorted(folder.iterdir()) if one != work and not _only(one, left)]
    if other and not there:
        raise IntakeError(
            str(folder), f"holds {other[0]}, and is no store",
            "Name a store, or a folder that is new or empty.",
        )  # fmt: skip
    for one in left:
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    return store


def _left(store: Store, work: Path) -> Iterator[Path]:
    """What is in the folder of *store* that it does not name, and that only an import can have made."""
    yield from (one for one in store.folder.glob(f"{WORK}*") if one != work)
    wanted = pending(store.folder, store.faults)
    yield from (
        one for one in store.folder.glob("faults-*.csv")
        if one != wanted and re.fullmatch(r"faults-[0-9a-f]{16}\.csv", one.name)
    )  # fmt: skip
    named = {one.parquet for one in store.sets.values()}
    for one in store.folder.glob("*/rows*.parquet"):
        known = one.parent.name in store.sets or one.name != ROWS
        if one not in named and known and is_rows(one.name):
            yield one


def _only(path: Path, left: set[Path]) -> bool:
    """Whether *path* is one of *left*, or a folder of nothing else."""
    return path in left or (path.is_dir() and all(one in left for one in path.iterdir()))


def place(store: Store, layout: str) -> Path:
    """Where the next rows of *layout* come in *store*: under a name that its index does not name yet."""
    held = store.sets.get(layout)
    number = int(re.sub("[^0-9]", "", held.parquet.stem) or 0) if held else 0
    return store.folder / layout / f"rows-{number + 1:06}.parquet"


def move(
    store: Store, layout: str, work: Path, faults: Sequence[Row], anew: Collection[str] = ()
) -> None:
    """Put the rows of *layout* in *work*, and more *faults*, where *store* says that they are: then it is as it says.

    Faults of before are left out that tell of files of the names *anew*, which were read anew.
    Each file is on the disk before the index that names it, so that a machine that stops leaves no index to nothing.
    """
    held, before = store.sets[layout].parquet, store.folder / FAULTS
    text = before.read_bytes() if before.exists() else _csv([_HEAD])
    text = (_but_of(text, layout, anew) if anew else text) + _csv(faults)
    made = Store(store.folder, store.sets, sha256(text).hexdigest())
    (work / FAULTS).write_bytes(text)
    (work / INDEX).write_text(index(made), "utf-8")
    held.parent.mkdir(exist_ok=True)
    for source, to in (
        (work / ROWS, held),
        (work / FAULTS, pending(store.folder, made.faults)),
        (work / INDEX, store.folder / INDEX),
    ):
        _on_disk(source)
        os.replace(source, to)  # noqa: PTH105
        _on_disk(to.parent)
    settle(store.folder, made.faults)


def _but_of(text: bytes, layout: str, names: Collection[str]) -> bytes:
    """The list of faults *text* without what it tells of files of these *names*."""
    own = {tuple(_harmless((layout, name))) for name in names}
    rows = csv.reader(io.StringIO(text.decode(), newline=""))
    return _csv([row for row in rows if tuple(row[:2]) not in own])


def _on_disk(path: Path) -> None:
    """Wait until the file, or the names in the folder, at *path* are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _csv(rows: Sequence[Sequence[object]]) -> bytes:
    """*rows* as CSV; a text that a spreadsheet would take for a formula has an apostrophe before it."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerows(map(_harmless, rows))
    return held.getvalue().encode()


def _harmless(row: Sequence[object]) -> list[object]:
    return [f"'{one}" if isinstance(one, str) and one.startswith(_FORMULA) else one for one in row]
