"""Cases of our own taken into the store: a row a case and a column a fact, each case once and with its day."""

import difflib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import duckdb

from amends.intake.errors import IntakeError
from amends.intake.extracts import Mapped, to_cases
from amends.intake.importing import OTHERWISE, Step, Summary, alone, database
from amends.intake.opening import digest
from amends.intake.placing import Row, begun, move, place
from amends.intake.quoting import quoted_name, quoted_text
from amends.intake.store import ROWS, Held, Store, Taken
from amends.intake.taking import DUPLICATE, REFUSED, Read
from amends.policy.afterwards import afterwards
from amends.policy.facts import catalogue

NAME: Final = "cases"
VERSION: Final = 1
_NEEDED: Final = ("case_reference", "decision_date")
_BESIDE: Final = ("invented", "planted", "person")
"""Columns that are no facts: what an invented history says of itself, and whose case it is."""
FROM: Final = "taken_from"
"""The column, of the store's own, that says which of its files a case is of, by its place in the index."""
_OWN: Final = ("was_held", "file_row_number", "copy", "until")
"""Columns of the joining only; `until` is the day as at which the file is."""
_NEW_STORE: Final = "Import all files, by the mapping that is right, into a new store."
_WHOLE: Final = (
    "(was_held OR (case_reference IS NOT NULL "
    "AND coalesce(TRY_CAST(decision_date AS DATE) <= until, false)))"
)
"""Whether a row is a case: it has a reference, and a day of decision until that of its file."""
_OTHERWISE: Final = (
    "There is a case of this reference already, and this tells it otherwise: is the reference that of an occurrence "
    "with several people?"
)


@dataclass(frozen=True, slots=True)
class _File:
    """A file to be taken in: which of the store's files it is, its cases as Parquet, and what was read of it.

    `before` is what it gave when it was held by another reading, which this one replaces.
    """

    path: Path
    digest: str
    at: int
    part: Path
    read: Read
    before: Taken | None


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
    case that is held says something else. With a *mapped* they are extracts of a records system, read by that; one
    that is held by another mapping or encoding is read anew, and what it gave before is replaced. It is as at the day
    that was said of it first.
    """
    with alone(folder) as work:
        store = begun(folder, work)
        before = store.sets.get(NAME)
        old = before.files if before else ()
        way = mapped.way if mapped else ""
        chosen, known = _sorted_out(paths, old, way)
        files = list[_File]()
        for one in chosen:
            tell(f"reading {one.path.name}", len(files), len(chosen) + 1)
            files.append(_read_by(one, mapped, work))
        rows = before.parquet if before else None
        with database(work) as duck:
            if before:
                before.check()
            for one in files:
                _check(duck, one.path, one.part)
            joined = _join(duck, files, old, rows, work / ROWS, as_at)
        faults: list[Row] = [
            (NAME, one.path.name, *fault) for one in files for fault in one.read.faults
        ]
        faults += [row for one in files for row in joined[one.at]]
        now = list(old)
        for one in files:
            now[one.at : one.at + 1] = [_taken(one, as_at, way, joined[one.at])]
        held = Held(NAME, VERSION, tuple(now), place(store, NAME), ())
        anew = [one for one in files if one.before]
        names = Counter(one.name for one in now)
        gone = {one.before.name for one in anew if one.before and names[one.before.name] == 1}
        move(Store(folder, {**store.sets, NAME: held}), NAME, work, faults, gone)
    reasons: dict[str, Counter[str]] = {}
    for row in faults:
        reasons.setdefault(row[3], Counter())[row[4]] += 1
    return Summary(
        held, tuple(now[one.at] for one in files), tuple(known), None, {}, reasons,
        anew=tuple(_told(one.before, one.path.name) for one in anew if one.before),
    )  # fmt: skip


def _told(before: Taken, name: str) -> str:
    cases = "case is" if before.kept == 1 else "cases are"
    return (
        f"{name} was held as another mapping or encoding reads it: the {before.kept:,} {cases} replaced that it gave. "
        f"It stays as at {before.as_at}."
    )


def _sorted_out(
    paths: Sequence[Path], old: Sequence[Taken], way: str
) -> tuple[list[_File], list[str]]:
    """Which of *paths* are to be read, in this *way*, and what is to be told of the others."""
    held_at = {one.digest: at for at, one in enumerate(old)}
    files, known, named, last = list[_File](), list[str](), dict[str, str](), len(old)
    for path in paths:
        own = digest(path)
        at = held_at.get(own)
        before = None if at is None else old[at]
        if own in named:
            known.append(f"{path.name} is the same as {named[own]}")
        elif before and before.way in (None, way):
            right = "Another --mapping or --encoding reads it anew." if before.way else OTHERWISE
            known.append(before.again(path.name, right))
        else:
            named[own] = path.name
            files.append(_File(path, own, last if at is None else at, path, Read(), before))
            last += at is None
    return files, known


def _read_by(one: _File, mapped: Mapped | None, work: Path) -> _File:
    """The file with its cases as Parquet: as it is, or by the mapping."""
    if not mapped:
        return one
    part = work / f"{one.at:06}.parquet"
    return replace(one, part=part, read=to_cases(one.path, mapped, part))


def _check(duck: duckdb.DuckDBPyConnection, path: Path, part: Path) -> None:
    """Raise IntakeError where *part*, which is of the file at *path*, is no Parquet of cases."""
    try:
        found = _columns(duck, part)
    except duckdb.Error as error:
        raise IntakeError(
            str(path),
            f"is no Parquet file: {str(error).partition(chr(10))[0]}",
            "An extract of a records system, saved as CSV, is imported as records-extract.",
        ) from None
    for name in _NEEDED:
        if name not in found:
            raise IntakeError(str(path), f"has no column {name}", "Every case has it.")
    for name in found:
        if name not in columns() and name != FROM:
            near = difflib.get_close_matches(name, columns(), 1)
            hint = f"Is it {near[0]}?" if near else "`amends facts` tells the names."
            raise IntakeError(str(path), f"has a column {name}, which is no fact", hint)


def _join(
    duck: duckdb.DuckDBPyConnection, files: Sequence[_File], old: Sequence[Taken], before: Path | None,
    to: Path, as_at: date,
) -> dict[int, list[Row]]:  # fmt: skip
    """Write the cases of *files* and those held *before* to *to*; given is what is wrong in each file, by its place."""
    parts = [_part(duck, one, as_at) for one in files]
    if before is not None:
        parts.append(_before(duck, before, files, old))
    if not parts:
        raise IntakeError("the files", "are none", "Name one or more.")
    duck.execute(
        f"CREATE OR REPLACE TEMP VIEW every AS SELECT *, row_number() OVER (PARTITION BY case_reference, {_WHOLE} "
        f"ORDER BY was_held DESC, {FROM}, file_row_number) AS copy FROM ({' UNION ALL BY NAME '.join(parts)})"
    )
    if old and as_at > date.fromisoformat(max(one.as_at for one in old)):
        _check_same(duck, len(old))
    duck.execute(
        f"COPY (SELECT * EXCLUDE ({', '.join(_OWN)}) FROM every WHERE {_WHOLE} AND copy = 1 "
        f"ORDER BY case_reference) TO {quoted_text(to)} (FORMAT parquet, COMPRESSION zstd)"
    )
    rows = duck.execute(
        f"SELECT {FROM}, file_row_number + 1, case_reference, TRY_CAST(decision_date AS DATE), until, "
        f"{_told_alike(duck)} FROM every WHERE NOT was_held AND (NOT {_WHOLE} OR copy > 1) ORDER BY ALL"
    ).fetchall()
    found: dict[int, list[Row]] = {one.at: [] for one in files}
    by_place = {one.at: one for one in files}
    for at, row, *said in rows:
        found[at].append(_fault(by_place[at], row, *said))
    for each in found.values():
        each.sort(key=lambda row: (row[3] != REFUSED, row[2]))
    return found


def _told_alike(duck: duckdb.DuckDBPyConnection) -> str:
    """Whether a row of `every` is alike in everything to the first of its reference."""
    duck.execute(
        "CREATE OR REPLACE TEMP TABLE firsts AS SELECT * FROM every WHERE copy = 1 AND case_reference IN "
        "(SELECT case_reference FROM every WHERE copy > 1)"
    )
    found = duck.execute("DESCRIBE SELECT * FROM firsts").fetchall()
    own = [quoted_name(row[0]) for row in found if row[0] not in (*_OWN, FROM)]
    alike = " AND ".join(f"firsts.{name} IS NOT DISTINCT FROM every.{name}" for name in own)
    return f"EXISTS (SELECT 1 FROM firsts WHERE {alike})"


def _part(duck: duckdb.DuckDBPyConnection, one: _File, as_at: date) -> str:
    """The cases of a file that is new; where they come out of a store, without what was its own."""
    out = f"EXCLUDE ({FROM})" if FROM in _columns(duck, one.part) else ""
    until = one.before.as_at if one.before else as_at.isoformat()
    return (
        f"SELECT * {out}, {one.at} AS {FROM}, false AS was_held, DATE '{until}' AS until "
        f"FROM read_parquet({quoted_text(one.part)}, file_row_number=true)"
    )


def _before(
    duck: duckdb.DuckDBPyConnection, before: Path, files: Sequence[_File], old: Sequence[Taken]
) -> str:
    """The cases that are held, without those of files that are read anew; IntakeError where these cannot be told."""
    known = FROM in _columns(duck, before)
    own = "" if known else f", NULL::INTEGER AS {FROM}"
    duck.execute(
        f"CREATE OR REPLACE TEMP VIEW before AS SELECT *{own} FROM read_parquet({quoted_text(before)})"
    )
    for one in files:
        if one.before:
            _check_replaceable(duck, one, one.before, old)
    gone = ", ".join(str(one.at) for one in files if one.before)
    left = f"WHERE {FROM} IS NULL OR {FROM} NOT IN ({gone})" if gone else ""
    return f"SELECT *, true AS was_held, NULL::DATE AS until, 0::BIGINT AS file_row_number FROM before {left}"


def _check_replaceable(
    duck: duckdb.DuckDBPyConnection, one: _File, before: Taken, old: Sequence[Taken]
) -> None:
    """Raise IntakeError where it is not known what the file gave, or what others told that it told too.

    A case that two files tell is held by the first; that of the other is not kept. So where the file tells it no
    more, the store would lack it.
    """
    own = f"SELECT case_reference FROM before WHERE {FROM} = {one.at}"
    many = duck.execute(f"SELECT count(*) FROM ({own})").fetchall()[0][0]
    if many != before.kept:
        raise IntakeError(
            str(one.path), "is held as another mapping or encoding reads it, and which cases it gave is not known",
            _NEW_STORE,
        )  # fmt: skip
    now = f"SELECT case_reference FROM read_parquet({quoted_text(one.part)})"
    lost = duck.execute(f"SELECT count(*) FROM ({own} EXCEPT {now})").fetchall()[0][0]
    if lost and any(other.duplicates or other.refused for other in old if other is not before):
        raise IntakeError(
            str(one.path),
            f"is held as another mapping or encoding reads it, and gives {lost:,} of its cases no more: other files "
            "tell cases again, or have rows that were refused, and theirs were not kept",
            _NEW_STORE,
        )


def _check_same(duck: duckdb.DuckDBPyConnection, new: int) -> None:
    """Raise IntakeError where a case that is held is told otherwise now: what is held is not as at the later day.

    *new* is the place of the first file that is new: one that is read anew is of the day that it was of.
    """
    bare = f"SELECT * EXCLUDE ({FROM}, {', '.join(_OWN)}) FROM every WHERE"
    changed = duck.execute(
        f"SELECT DISTINCT case_reference FROM ({bare} {FROM} >= {new} AND NOT was_held AND case_reference IN "
        f"(SELECT case_reference FROM every WHERE was_held) EXCEPT {bare} was_held) ORDER BY 1"
    ).fetchall()
    if changed:
        raise IntakeError(
            f"case {changed[0][0]}",
            f"is held, and a file of a later day tells it otherwise ({len(changed):,} in all)",
            "Import the later files, with all their cases, into a new store: it is then as at one day.",
        )


def _fault(
    one: _File, row: int, reference: str | None, day: date | None, until: date, alike: bool
) -> Row:
    line = one.read.lines[row - 1] if one.read.lines else row
    what, why = REFUSED, _OTHERWISE
    if reference is None or day is None:
        why = f"{'case_reference' if reference is None else 'decision_date'} is not known."
    elif day > until:
        why = f"decision_date: {day} is after the day as at which the file is, {until}."
    elif alike:
        what, why = DUPLICATE, "There is a case of this reference already."
    return NAME, one.path.name, line, what, why, reference or ""


def _taken(one: _File, as_at: date, way: str, faults: Sequence[Row]) -> Taken:
    """What came of a file, of which some rows were refused before it was a file of cases."""
    with duckdb.connect() as duck:
        sql = f"SELECT count(*) FROM read_parquet({quoted_text(one.part)})"
        ((held,),) = duck.execute(sql).fetchall()
    own = Counter(row[3] for row in faults)
    return Taken(
        one.path.name, one.digest, one.before.as_at if one.before else as_at.isoformat(),
        held + one.read.refused, held - own[REFUSED] - own[DUPLICATE], 0, own[REFUSED] + one.read.refused,
        own[DUPLICATE], way=way,
    )  # fmt: skip


def _columns(duck: duckdb.DuckDBPyConnection, part: Path) -> Collection[str]:
    sql = f"DESCRIBE SELECT * FROM read_parquet({quoted_text(part)})"
    return [row[0] for row in duck.execute(sql).fetchall()]
