"""Taking files into a store: each once, whole or not at all, with every row accounted for."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from amends.disclosure.alone import alone as one_at_a_time
from amends.intake.editions import folder_month
from amends.intake.errors import IntakeError
from amends.intake.joining import Dropped, joined, summed_up
from amends.intake.layouts import Layout
from amends.intake.opening import digest, opened
from amends.intake.placing import Row, begun, move, place
from amends.intake.recoding import UTF_8, encoding_of
from amends.intake.store import ROWS, WHOLE, WORK, Held, Store, Taken
from amends.intake.taking import DUPLICATE, REFUSED, REPAIRED, REPLACED, TOLD, Read, take

Step = Callable[[str, int, int], None]
MEMORY: Final = "1GB"
"""What DuckDB may use; beyond that it spills beside the store."""


OTHERWISE: Final = "To read it otherwise, import it into a new store."


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of an import: the new files, those that were held already, and figures of all that is held.

    `reasons` counts, for each kind of fault (refused, repaired, duplicate, told), its reasons.
    `resolutions` gives for each month how many rows, and how many crimes, were community resolutions.
    `forces` gives the months held of each force. `replaced` is how many rows, of the new files and of others, a later
    edition of their month replaces. `anew` tells of each file that was held by another reading, which this replaces.
    """

    held: Held
    new: tuple[Taken, ...]
    known: tuple[str, ...]
    crimes: int | None
    resolutions: dict[str, tuple[int, int | None]]
    reasons: dict[str, Counter[str]]
    replaced: int = 0
    anew: tuple[str, ...] = ()
    forces: dict[str, tuple[str, ...]] = field(default_factory=dict)


def take_in(
    layout: Layout, paths: Sequence[Path], folder: Path, as_at: date, tell: Step, encoding: str = ""
) -> Summary:
    """Take *paths*, files of *layout* as they were on the day *as_at*, into the store in *folder*.

    *encoding* is what they are declared to be in, where they are not UTF-8.

    Nothing of it is seen there until all of it is. Raises IntakeError, with the place, for a file that is
    not of the layout or cannot be read: then nothing is changed.
    """
    with alone(folder) as work:
        before = begun(folder, work)
        held = before.sets.get(layout.name)
        if held and held.version != layout.version:
            raise IntakeError(
                str(folder), f"holds {layout.name} by version {held.version} of the layout",
                f"This is version {layout.version}: import the files anew, into a new store.",
            )  # fmt: skip
        return _taken(layout, paths, before, work, as_at, tell, encoding)


def _taken(
    layout: Layout, paths: Sequence[Path], store: Store, work: Path,
    as_at: date, tell: Step, encoding: str,
) -> Summary:  # fmt: skip
    new, known = list[tuple[Taken, Read]](), list[str]()
    before = store.sets.get(layout.name)
    old = before.files if before else ()
    seen = {one.digest: one for one in old}
    with database(work) as duck:
        if before:
            before.check()
        for done, path in enumerate(paths):
            tell(f"reading {path.name}", done, len(paths) + 1)
            own, way = digest(path), _way(path, encoding)
            if own in seen:
                known.append(_again(seen[own], path, way))
                continue
            number = len(old) + len(new)
            read = take(path, layout, number, work / f"{number:06}.parquet", duck, as_at, encoding)
            kept = read.rows - read.refused
            taken = Taken(
                path.name,
                own,
                as_at.isoformat(),
                read.rows,
                kept,
                read.repaired,
                read.refused,
                0,
                folder=folder_month(path),
                way=way,
            )
            seen[own] = taken
            new.append((taken, read))
        tell("joining", len(paths), len(paths) + 1)
        parts: list[Path | str] = [*sorted(work.glob("0*.parquet"))]
        parts += [read.view for _, read in new if read.view]
        files = [*old, *(one for one, _ in new)]
        editions = [one.edition for one in files]
        rows = before.parquet if before else None
        dropped = joined(duck, layout, rows, parts, work / ROWS, editions)
        files = _without(dropped, files)
        figures = summed_up(duck, layout, work / ROWS)
        to = place(store, layout.name)
        held = Held(layout.name, layout.version, tuple(files), to, figures.months)
        faults = _faults(layout, new, files, dropped)
        made = Store(store.folder, {**store.sets, layout.name: held})
        move(made, layout.name, work, faults)
    reasons: dict[str, Counter[str]] = {}
    for row in faults:
        reasons.setdefault(row[3], Counter())[row[4]] += 1
    fresh = {one.digest for one, _ in new}
    return Summary(
        held, tuple(one for one in files if one.digest in fresh), tuple(known),
        figures.crimes, figures.resolutions, reasons, sum(one.rows for one in dropped.replaced),
        forces=figures.forces,
    )  # fmt: skip


def _way(path: Path, declared: str) -> str:
    """What tells readings of the file at *path* apart: its encoding, where that is not UTF-8."""
    with opened(path, declared) as file:
        found = encoding_of(file)
    return "" if found == UTF_8 else found


def _again(held: Taken, path: Path, way: str) -> str:
    """What is said of a file that is *held*; raises IntakeError where it would now be read in another encoding."""
    if held.way not in (None, way):
        raise IntakeError(
            str(path),
            f"is held already, as {held.name}, read as {held.way or UTF_8}, and would now be read as {way or UTF_8}",
            "Leave it out, or import all files into a new store.",
        )
    return held.again(path.name, OTHERWISE)


def _without(dropped: Dropped, files: Sequence[Taken]) -> list[Taken]:
    """*files*, with the rows counted that were *dropped*."""
    repeats, later = Counter(source for source, _, _ in dropped.repeats), Counter[int]()
    for one in dropped.replaced:
        later[one.source] += one.rows
    return [
        replace(
            one,
            kept=one.kept - repeats[at] - later[at],
            duplicates=one.duplicates + repeats[at],
            replaced=one.replaced + later[at],
        )
        for at, one in enumerate(files)
    ]


def _faults(
    layout: Layout, new: Sequence[tuple[Taken, Read]], files: Sequence[Taken], dropped: Dropped
) -> list[Row]:  # fmt: skip
    found = [
        (layout.name, one.name, line, kind, reason, text)
        for one, read in new
        for line, kind, reason, text in read.faults
    ]
    fresh = {one.digest for one, _ in new}
    found += [
        (
            layout.name,
            files[source].name,
            line,
            DUPLICATE,
            "It is the same as an earlier row.",
            f"line {other}",
        )
        for source, line, other in dropped.repeats
        if files[source].digest in fresh
    ]
    for one in dropped.replaced:
        later = files[one.by]
        why = (
            f"{one.rows:,} rows of {one.force}, {one.month}, are replaced by a later edition: {later.name}, "
            f"as at {later.as_at}."
        )
        found.append((layout.name, files[one.source].name, 0, REPLACED, why, later.folder))
    for each in dropped.unsure:
        if {files[each.source].digest, files[each.other].digest} & fresh:
            why = (
                f"{each.force}, {each.month}, is in {files[each.other].name} too, as at the same day. Both are kept: "
                "where one is a later edition, say so with --as-at."
            )
            found.append((layout.name, files[each.source].name, 0, TOLD, why, ""))
    order = {REFUSED: 0, REPAIRED: 1, REPLACED: 2, TOLD: 3, DUPLICATE: 4}
    return sorted(found, key=lambda row: (order[row[3]], row[1], row[2]))


@contextmanager
def database(work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that spills into the folder *work*, inside the store.

    IntakeError where its disk or memory is full, or where rows that are read turn out to be damaged.
    """
    spill = work / "spill"
    duck = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(spill)})
    try:
        duck.execute("SET enable_progress_bar = false")
        duck.execute("SET preserve_insertion_order = false")  # each row has its source and line
        duck.execute("SET autoinstall_known_extensions = false")
        yield duck
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise IntakeError(str(work.parent), str(error).partition("\n")[0]) from None
    except duckdb.Error as error:
        if type(error) not in (duckdb.Error, duckdb.InvalidInputException):
            raise  # every other fault is ours, and stays as it is
        raise IntakeError(
            str(work.parent), "holds rows that are damaged, or a file that is taken in does", WHOLE
        ) from None
    finally:
        duck.close()
        shutil.rmtree(spill, ignore_errors=True)


@contextmanager
def alone(folder: Path) -> Iterator[Path]:
    """A folder to work in, inside *folder*, into which nobody else imports meanwhile.

    *folder* is made where it is not there, and is gone again where nothing came into it.
    """
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IntakeError(
            str(folder), f"is no folder, and cannot be made one: {error.strerror}",
            "Name a store, or a folder that is new or empty.",
        ) from None  # fmt: skip
    busy = IntakeError(
        str(folder), "is being imported into by somebody else", "Wait until that is done."
    )
    try:
        with one_at_a_time(folder, busy):
            for left in folder.glob(f"{WORK}*"):  # by an import that was killed, with rows in it
                shutil.rmtree(left, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=WORK, dir=folder) as name:
                yield Path(name)
    finally:
        if new and not any(folder.iterdir()):
            folder.rmdir()
