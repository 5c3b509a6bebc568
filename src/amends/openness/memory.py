"""The memory of answers: of one set of records one frozen set of counts, whatever the file is called and whoever asks.

Two answers of two days, side by side, tell of the few records that changed between them. So the same records asked of
under another day are answered as at the first day, and records that changed are counted as a later edition
(`editions`), or not at all.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.releases import read_ledger
from amends.disclosure.snapshots import Snapshot, read_snapshot
from amends.openness.counted import Row, Source, said
from amends.openness.editions import FROZEN, Revised
from amends.openness.joint_counts import EDITION, named
from amends.openness.partition import read_rows

_ROWS: Final = "rows.json"


def settled(source: Source, answers: Path) -> Source:
    """*source*, or the same records under the day and name by which *answers* knows them.

    Raises DisclosureError where *answers* tells of these people as they were recorded on another day, and *source*
    does not follow that as a later edition.
    """
    if (answers / source.id).exists():
        return source
    others = sorted(_others(source, answers), key=lambda one: one.name[-10:])
    if not others:
        return source
    last = others[-1]
    if isinstance(source, Revised):
        if source.before.resolve() == last.resolve():
            return source
        raise DisclosureError(
            str(source.before), f"is not the latest: {last.name} is",
            f"Follow that one: --since {last.name[-10:]}, or the site made from it.",
        )  # fmt: skip
    for one in reversed(others):
        if _same(source, one, answers):
            return replace(source, name=one.name[:-11], as_at=_day(one))
    raise DisclosureError(
        f"the records as at {said(source.as_at)}",
        f"are not those of {said(_day(last))}, of which answers were given",
        "Figures of two days, side by side, tell of the few who came between. Answer from the records of that day "
        f"again, or count what changed since as changes: --since {_day(last)}. Another force has another memory.",
    )  # fmt: skip


def of_day(answers: Path, on: date) -> Path:
    """The folder of what was answered of records as at this day; raises DisclosureError where nothing was."""
    held = sorted(path for path in answers.glob(f"*-{on}") if (path / "safe").is_dir())
    if not held:
        days = sorted(path.name[-10:] for path in answers.glob("*-????-??-??"))
        raise DisclosureError(
            f"--since {on}", f"{answers} remembers no answers of that day",
            f"It remembers: {', '.join(days) or 'nothing'}.",
        )  # fmt: skip
    return held[-1]


def _others(source: Source, answers: Path) -> Iterator[Path]:
    """The folders in which *answers* remembers counts of days that *source* counts, too."""
    first, last = source.span
    for path in answers.iterdir() if answers.is_dir() else ():
        if not (path / "safe").is_dir() or not (held := read_ledger(path).snapshots):
            continue
        snapshot = held.get(path.name)
        if snapshot is None or "day" not in snapshot.by_name:
            continue
        days = snapshot.by_name["day"].codes
        if days[0] <= last.isoformat() and first.isoformat() <= days[-1]:
            yield path


def _day(base: Path) -> date:
    return date.fromisoformat(base.name[-10:])


def _same(source: Source, base: Path, answers: Path) -> bool:
    """Whether *source* counts what was frozen in *base*: everything that any question can ask.

    But for attributes whose labels the force lists itself: another list is no other record.
    """
    old = read_ledger(base).snapshots[base.name]
    if EDITION in old.by_name or named(old) != named(source.base):
        return False
    rows = read_rows(base / _ROWS) if (base / _ROWS).exists() else ()
    return all(
        named(read_snapshot(path)) == named(source.cube(family, rows))
        for family in source.families(answers)
        if (path := base / FROZEN / f"{family.name}.json").exists()
        and not any(one.of_the_force for one in family.members)
    )


def freeze(source: Source, base: Path, rows: Sequence[Row], answers: Path) -> None:
    """Keep in *base* the counts of every family of which the cases tell, unless they are kept already: all or none."""
    if (base / FROZEN).exists():
        return
    made = Path(tempfile.mkdtemp(prefix=f".{FROZEN}-", dir=base))
    try:
        for family in source.families(answers):
            (made / f"{family.name}.json").write_text(source.cube(family, rows).text(), "utf-8")
        os.replace(made, base / FROZEN)  # noqa: PTH105 - an empty folder may be replaced
    finally:
        shutil.rmtree(made, ignore_errors=True)


def frozen(base: Path, family: str) -> Snapshot:
    """The counts of a *family* that were frozen in *base*; raises DisclosureError where they were not."""
    path = base / FROZEN / f"{family}.json"
    if not path.exists():
        raise DisclosureError(
            f"source {base.name}", f"did not tell of {family} when answers were first made from it",
            "Import the cases with the columns that the question needs, and begin a new memory.",
        )  # fmt: skip
    return read_snapshot(path)
