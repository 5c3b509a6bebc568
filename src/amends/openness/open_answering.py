"""Answering a question on open data: its tables as releases, checked like all others, and only then told.

Every row that is counted here is published already, one by one. So no count is withheld, whoever asks for it, and the
release says why (docs/decisions/0014-published-rows-are-counted-whole.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.certificates import Certificate
from amends.disclosure.errors import DisclosureError
from amends.disclosure.open_data import PROFILE
from amends.disclosure.published import Axis, Category, Release, Table, read_release
from amends.disclosure.releases import read_ledger, record
from amends.disclosure.snapshots import Snapshot
from amends.openness.answering import Answered
from amends.openness.kept import ready, safe_tables, write
from amends.openness.official_counts import Official
from amends.openness.open_counts import (
    NONE,
    OF_ALL,
    RESOLVED,
    UNITS,
    OpenData,
    holding,
    outcomes,
    periods,
)
from amends.openness.partition import Judged, Step
from amends.openness.questions import Asked, Question
from amends.openness.remembering import check_again, remembering

PUBLISHED: Final = (
    "Every row that is counted here is published, one by one, by data.police.uk: whoever reads these figures can "
    "read the rows, and withholding a count of them would protect nobody"
)
"""Why no count of published rows is withheld."""
NOT_WITHHELD: Final = (
    "goes not with open data: whoever reads the answer can fetch the rows and count them, so that to withhold a count "
    "would protect nobody, and the letter could give no true reason for it"
)
TABLED: Final = (
    "Every figure here is published by the Home Office, or counted from rows that data.police.uk publishes one by one: "
    "whoever reads these figures can read those, and withholding one would protect nobody"
)
"""The same of the Home Office's tables."""
Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every release of an answer is made with."""

    source: OpenData
    base: Path
    judged: Judged
    period: Period


def answer_open(
    question: Question, source: OpenData, answers: Path, judged: Judged, period: Period | None,
    tell: Step,
) -> Answered:  # fmt: skip
    """Answer *question*, which is on open data, from *source*; *answers* is the folder that remembers.

    Every count is told, and the release says why. Raises DisclosureError where the period is not of whole months held,
    where the answer is not what the rows count, or where a threshold above 1 is asked for: nobody would be protected,
    and no exemption of the Act could truly be claimed.
    """
    if judged.threshold != 1:
        raise DisclosureError("--threshold", NOT_WITHHELD, "Leave it out.")
    if question.on != source.held.layout:
        raise DisclosureError(
            f"question {question.id}",
            f"is asked of {question.on}, and these are {source.held.layout}",
        )
    with remembering(answers):
        return _answered(question, source, answers, judged, period, tell)


def _answered(
    question: Question, source: OpenData, answers: Path, judged: Judged, period: Period | None,
    tell: Step,
) -> Answered:  # fmt: skip
    span = source.within(period or _named(question, source))
    base, safe = answers / source.id, answers / source.id / "safe"
    desk = _Desk(source, base, judged, span)
    counts = dict.fromkeys(one.count for one in question.tables)
    ids = {one: f"{question.id}-{one}-{span[0]}-{span[1]}" for one in counts}
    ledger = read_ledger(base).releases if base.exists() else {}
    check_again(judged, safe, ledger, ids.values())
    found: list[tuple[Path, bool]] = []
    for count, id_ in ids.items():
        tell(f"counting {UNITS.get(count, 'figures')}", len(found), len(ids))
        snapshot = source.snapshot(count)
        ready(snapshot, base)
        tables = tuple(
            _tables(desk, snapshot, [one for one in question.tables if one.count == count])
        )
        found.append(_release(desk, snapshot, tables, id_))
    releases = tuple(read_release(folder / "release.json") for folder, _ in found)
    return Answered(
        question=question, source=source, period=span, releases=releases,
        tables=tuple(one for folder, _ in found for one in safe_tables(folder, safe)),
        folders=tuple(folder for folder, _ in found), history=safe, again=all(old for _, old in found),
    )  # fmt: skip


def _named(question: Question, source: OpenData) -> Period | None:
    """The days that the words of *question* name, as far as the Home Office's tables are held for them."""
    if not isinstance(source, Official) or not question.since or not question.until:
        return None
    first, last = source.within(None)
    return max(first, question.since), min(last, question.until)


def _tables(desk: _Desk, snapshot: Snapshot, asked: Sequence[Asked]) -> Iterator[Table]:
    source = desk.source
    if not isinstance(source, Official):
        yield from (_table(desk, snapshot, one) for one in asked)
        return
    found = [table for one in asked if (table := source.table(one, desk.period)) is not None]
    if not found:
        raise DisclosureError(
            str(source.held.parquet), f"has no row of what is asked: by {asked[0].by}",
            "Import the Home Office's table that has such rows, too.",
        )  # fmt: skip
    yield from found


def _release(
    desk: _Desk, snapshot: Snapshot, tables: tuple[Table, ...], id_: str
) -> tuple[Path, bool]:
    """The folder of a release of *snapshot*, and whether it was there before."""
    folder = desk.base / "safe" / id_
    if folder.exists():
        _check_told(read_release(folder / "release.json"))
        return folder, True
    ledger = read_ledger(desk.base)
    release = replace(desk.judged.release(id_, snapshot.id, tables), profile=PROFILE)
    if id_ not in ledger.releases:
        record(ledger, release)
    write(folder, snapshot, [release], _plain(snapshot, release))
    return folder, False


def _check_told(release: Release) -> None:
    """Raise DisclosureError where counts of a release were withheld: an older version did so where it was asked to."""
    if release.threshold != 1:
        raise DisclosureError(
            f"release {release.id}", "was made with counts withheld, which are no longer withheld of open data",
            "Name another folder with --answers, or none.",
        )  # fmt: skip


def _plain(snapshot: Snapshot, release: Release) -> Certificate:
    """The certificate of a release that withholds nothing: no other table has to be shown to be possible."""
    classes = {one.name: tuple(range(len(one.codes))) for one in snapshot.dimensions}
    return Certificate(snapshot.digest, {release.id: release.digest}, classes, ())


def _table(desk: _Desk, snapshot: Snapshot, asked: Asked) -> Table:
    source, months = desk.source, desk.source.held_in(desk.period)
    when = "month" if asked.count == "rows" else "resolved"
    settled = frozenset(
        one.codes for one in outcomes(source, known_only=False) if one.label == RESOLVED
    )
    where: dict[str, frozenset[str]] = {}
    if asked.count == "rows" and asked.by not in ("outcome", "known"):
        (where["outcome"],) = settled
    axes = [Axis(when, _when(snapshot, when, asked.period, months))]
    if asked.by == "crime type":
        axes.append(Axis("crime_type", _types(snapshot)))
    elif asked.by in ("outcome", "known"):
        axes.append(Axis("outcome", outcomes(source, known_only=asked.by == "known")))
    elif asked.by:
        where["stated"] = holding(snapshot, "stated", months)
        axes = [Axis(when, _whether(snapshot, months))]
    table = Table(asked.title, tuple(axes), (), where)
    return replace(table, values=table.count(snapshot))


def _when(
    snapshot: Snapshot, dimension: str, kind: str, months: Sequence[str]
) -> tuple[Category, ...]:
    """All *months* together, and each month or year of them."""
    parts = periods(kind, months) if kind != "all" else {}
    every = Category(OF_ALL["month"], holding(snapshot, dimension, months))
    return (
        every,
        *(Category(label, holding(snapshot, dimension, own)) for label, own in parts.items()),
    )


def _whether(snapshot: Snapshot, months: Sequence[str]) -> tuple[Category, ...]:
    """All crimes, and those with a resolution in *months*."""
    every = frozenset(snapshot.by_name["resolved"].codes)
    own = holding(snapshot, "resolved", months)
    return (Category(OF_ALL["whether resolved"], every), Category(RESOLVED, own))


def _types(snapshot: Snapshot) -> tuple[Category, ...]:
    codes = snapshot.by_name["crime_type"].codes
    every = Category(OF_ALL["crime type"], frozenset(codes))
    return (
        every,
        *(Category(one.capitalize() if one == NONE else one, frozenset({one})) for one in codes),
    )
