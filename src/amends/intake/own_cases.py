"""Cases of our own taken into the store: a row a case and a column a fact, each case once and with its day."""

import difflib
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import duckdb

from amends.intake.errors import IntakeError
from amends.intake.extracts import Mapped, to_cases
from amends.intake.importing import Row, Step, Summary, alone, database, move
from amends.intake.opening import digest
from amends.intake.quoting import quoted_name, quoted_text
from amends.intake.store import ROWS, Held, Store, Taken, begun
from amends.intake.taking import DUPLICATE, REFUSED
from amends.policy.afterwards import afterwards
from amends.policy.facts import catalogue

NAME: Final = "cases"
VERSION: Final = 1
_NEEDED: Final = ("case_reference", "decision_date")
_BESIDE: Final = ("invented", "planted", "person")
"""Columns that are no facts: what an invented history says of itself, and whose case it is."""
_OWN: Final = ("source", "file_row_number", "copy")
_OTHERWISE: Final = (
    "There is a case of this reference already, and this tells it otherwise: is the reference that of an occurrence "
    "with several people?"
)


@cache
def columns() -> frozenset[str]:
    """The columns that a file of cases may have."""
    found = set(_BESIDE) | set(afterwards())
    for fact in catalogue().values():
        found |= {fact.column, f"{fact.column}_absent"} if fact.absent else {fact.column}
    return frozenset(found)


def take_cases(
    paths: Sequence[Path], folder: Path, as_at: date, tell: Step, mapped: Mapped | None = None
) -> Summary:
    """Take *paths*, Parquet files of cases as they were on the day *as_at*, into the store in *folder*.

    A case without a reference or a day of decision, or decided after *as_at*, is refused. One whose reference was
    there before is a duplicate where it is alike in everything, and else refused; each is told. Raises IntakeError,
    and changes nothing, for a file that cannot be read or has a column that is no fact, or of a later day in which a
    case that is held says something else. With a *mapped* they are extracts of a records system, read by that.
    """
    with alone(folder) as work:
        store = begun(folder)
        old = store.sets[NAME].files if NAME in store.sets else ()
        held_as, known, new = {one.digest: one for one in old}, list[str](), list[Path]()
        named = dict[str, str]()
        for path in paths:
            tell(f"reading {path.name}", len(new), len(paths) + 1)
            own = digest(path)
            if own in held_as:
                known.append(held_as[own].again(path.name))
            elif own in named:
                known.append(f"{path.name} is the same as {named[own]}")
            else:
                new.append(path)
                named[own] = path.name
        parts = {path: path for path in new}
        told, refused, lines = list[Row](), Counter[Path](), dict[str, list[int]]()
        for number, path in enumerate(new if mapped else ()):
            parts[path] = work / f"{number:06}.parquet"
            read = to_cases(path, mapped, parts[path]) if mapped else None
            refused[path] = read.refused if read else 0
            lines[parts[path].name] = read.lines if read else []
            told += [(NAME, path.name, *fault) for fault in (read.faults if read else ())]
        names = {part.name: path.name for path, part in parts.items()}
        with database(work) as duck:
            for path in new:
                _check(duck, path, parts[path])
            later = bool(old) and as_at > date.fromisoformat(max(one.as_at for one in old))
            found = _join(
                duck,
                list(parts.values()),
                folder / NAME / ROWS if old else None,
                work / ROWS,
                later,
                as_at,
            )
        joined: list[Row] = [
            (row[0], names[row[1]], _line(lines.get(row[1]), row[2]), *row[3:]) for row in found
        ]
        taken = tuple(_taken(path, parts[path], as_at, joined, refused[path]) for path in new)
        faults = [*told, *joined]
        held = Held(NAME, VERSION, (*old, *taken), folder / NAME / ROWS, ())
        move(Store(folder, {**store.sets, NAME: held}), NAME, work, faults)
    reasons: dict[str, Counter[str]] = {}
    for row in faults:
        reasons.setdefault(row[3], Counter())[row[4]] += 1
    return Summary(held, taken, tuple(known), None, {}, reasons)


def _line(lines: Sequence[int] | None, row: int) -> int:
    """The line of the file that the *row* of its cases was read from, counted from 1."""
    return lines[row - 1] if lines else row


def _check(duck: duckdb.DuckDBPyConnection, path: Path, part: Path) -> None:
    """Raise IntakeError where *part*, which is of the file at *path*, is no Parquet of cases."""
    try:
        found = [
            row[0] for row in duck.execute(f"DESCRIBE SELECT * FROM {_read([part])}").fetchall()
        ]
    except duckdb.Error as error:
        raise IntakeError(
            str(path), f"is no Parquet file: {str(error).partition(chr(10))[0]}"
        ) from None
    for name in _NEEDED:
        if name not in found:
            raise IntakeError(str(path), f"has no column {name}", "Every case has it.")
    for name in found:
        if name not in columns():
            near = difflib.get_close_matches(name, columns(), 1)
            hint = f"Is it {near[0]}?" if near else "`amends facts` tells the names."
            raise IntakeError(str(path), f"has a column {name}, which is no fact", hint)


def _join(
    duck: duckdb.DuckDBPyConnection, new: Sequence[Path], before: Path | None, to: Path, later: bool,
    as_at: date,
) -> list[Row]:  # fmt: skip
    parts = (
        [f"SELECT * EXCLUDE (filename), filename AS source FROM {_read(new, more=True)}"]
        if new
        else []
    )
    if before is not None:
        parts.append(f"SELECT *, '' AS source, 0::BIGINT AS file_row_number FROM {_read([before])}")
    if not parts:
        raise IntakeError("the files", "are none", "Name one or more.")
    whole = f"(source = '' OR {_whole(as_at)})"
    duck.execute(
        f"CREATE OR REPLACE TEMP VIEW every AS SELECT *, row_number() OVER (PARTITION BY case_reference, {whole} "
        f"ORDER BY source, file_row_number) AS copy FROM ({' UNION ALL BY NAME '.join(parts)})"
    )
    if later:
        _check_same(duck)
    duck.execute(
        f"COPY (SELECT * EXCLUDE (source, file_row_number, copy) FROM every WHERE {whole} AND copy = 1 "
        f"ORDER BY case_reference) TO {quoted_text(to)} (FORMAT parquet, COMPRESSION zstd)"
    )
    rows = duck.execute(
        f"SELECT source, file_row_number + 1, case_reference, TRY_CAST(decision_date AS DATE), {_told_alike(duck)} "
        f"FROM every WHERE source <> '' AND (NOT ({whole}) OR copy > 1) ORDER BY ALL"
    ).fetchall()
    return sorted(
        (_fault(as_at, *row) for row in rows), key=lambda row: (row[3] != REFUSED, row[1:3])
    )


def _told_alike(duck: duckdb.DuckDBPyConnection) -> str:
    """Whether a row of `every` is alike in everything to the first of its reference."""
    duck.execute(
        "CREATE OR REPLACE TEMP TABLE firsts AS SELECT * FROM every WHERE copy = 1 AND case_reference IN "
        "(SELECT case_reference FROM every WHERE copy > 1)"
    )
    found = duck.execute("DESCRIBE SELECT * FROM firsts").fetchall()
    own = [quoted_name(row[0]) for row in found if row[0] not in _OWN]
    alike = " AND ".join(f"firsts.{name} IS NOT DISTINCT FROM every.{name}" for name in own)
    return f"EXISTS (SELECT 1 FROM firsts WHERE {alike})"


def _whole(as_at: date) -> str:
    """Whether a row of a file as at that day is a case: it has a reference, and a day of decision until then."""
    return (
        "(case_reference IS NOT NULL AND coalesce(TRY_CAST(decision_date AS DATE) "
        f"<= DATE '{as_at.isoformat()}', false))"
    )


def _check_same(duck: duckdb.DuckDBPyConnection) -> None:
    """Raise IntakeError where a case that is held is told otherwise now: what is held is not as at the later day."""
    bare = "SELECT * EXCLUDE (source, file_row_number, copy) FROM every WHERE source"
    changed = duck.execute(
        f"SELECT DISTINCT case_reference FROM ({bare} <> '' AND case_reference IN (SELECT case_reference FROM every "
        f"WHERE source = '') EXCEPT {bare} = '') ORDER BY 1"
    ).fetchall()
    if changed:
        raise IntakeError(
            f"case {changed[0][0]}",
            f"is held, and a file of a later day tells it otherwise ({len(changed):,} in all)",
            "Import the later files, with all their cases, into a new store: it is then as at one day.",
        )


def _fault(
    as_at: date, source: str, line: int, reference: str | None, day: date | None, alike: bool
) -> Row:
    name = Path(source).name
    if reference is None or day is None:
        what = "case_reference" if reference is None else "decision_date"
        return NAME, name, line, REFUSED, f"{what} is not known.", reference or ""
    if day > as_at:
        why = f"decision_date: {day} is after the day as at which the file is, {as_at}."
        return NAME, name, line, REFUSED, why, reference
    if not alike:
        return NAME, name, line, REFUSED, _OTHERWISE, reference
    return NAME, name, line, DUPLICATE, "There is a case of this reference already.", reference


def _taken(path: Path, part: Path, as_at: date, faults: Sequence[Row], before: int) -> Taken:
    """What came of a file, of which *before* rows were refused before it was a file of cases."""
    own = Counter(row[3] for row in faults if row[1] == path.name)
    with duckdb.connect() as duck:
        ((held,),) = duck.execute(f"SELECT count(*) FROM {_read([part])}").fetchall()
    refused = own[REFUSED] + before
    kept = held - own[REFUSED] - own[DUPLICATE]
    return Taken(
        path.name, digest(path), as_at.isoformat(), held + before, kept, 0, refused, own[DUPLICATE]
    )


def _read(paths: Sequence[Path], *, more: bool = False) -> str:
    names = ", ".join(quoted_text(one) for one in paths)
    said = ", filename=true, file_row_number=true" if more else ""
    return f"read_parquet([{names}], union_by_name=true{said})"
