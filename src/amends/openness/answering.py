"""Answering a question: counted, put through the ledger of releases, proved, and only then told."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.certificates import Certificate, read_certificate
from amends.disclosure.certifying import certified, certify, up_to
from amends.disclosure.checking import check
from amends.disclosure.considering import consider, keep
from amends.disclosure.errors import DisclosureError
from amends.disclosure.explaining import report
from amends.disclosure.folders import safe_files, write_folder
from amends.disclosure.issuing import issue
from amends.disclosure.protecting import protect
from amends.disclosure.published import Axis, Category, Release, Table, read_release
from amends.disclosure.releases import KEY, read_ledger, record
from amends.disclosure.snapshots import Snapshot, read_snapshot
from amends.disclosure.specifying import Spec
from amends.disclosure.tables import Safe
from amends.openness.counted import (
    AGES,
    GROUPS,
    Row,
    Source,
    calendar_years,
    codes_of,
    financial_years,
    months,
)
from amends.openness.joint_counts import EDITION, SINCE, THEN, changes, editions_now
from amends.openness.listing import listed
from amends.openness.open_counts import OpenData
from amends.openness.partition import Judged, Step, rows_of
from amends.openness.questions import Asked, Question
from amends.openness.remembering import check_again, remembering

ALL_YEARS, ALL_OFFENCES, ALL_AGES, ALL = "All years", "All offences", "All ages", "All"
_NO_ANSWER: Final = ("rows-", SINCE, THEN)
"""How the ids of releases begin that no answer is made of."""
_PERIODS: Final = {"financial": financial_years, "calendar": calendar_years, "month": months}
_AGE_LABELS: Final = dict(zip(AGES, ("Under 18", "18 and over", "Age not known"), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question answered: from which source, as at when, of which period, and the tables that may be told.

    `folders` are what each release was proved with (`amends release build` takes them), `history` where
    those before them are. `again` says that the same had been answered before, and is told unchanged.
    """

    question: Question
    source: Source | OpenData
    period: tuple[date, date]
    tables: tuple[Safe, ...]
    releases: tuple[Release, ...]
    folders: tuple[Path, ...]
    history: Path
    again: bool

    @property
    def memory(self) -> Path:
        """The folder that remembers every answer."""
        return self.history.parents[1]

    @property
    def figures(self) -> int:
        """How many figures were asked for."""
        return sum(len(table.values) for one in self.releases for table in one.tables)

    @property
    def withheld(self) -> int:
        """How many of them are withheld."""
        return sum(
            value is None for one in self.releases for table in one.tables for value in table.values
        )


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every table of an answer is made with."""

    question: Question
    source: Source
    base: Path
    judged: Judged
    span: tuple[date, date]
    tell: Step


def answer(
    question: Question, source: Source, answers: Path, judged: Judged,
    period: tuple[date, date] | None, tell: Step,
) -> Answered:  # fmt: skip
    """Answer *question* from *source*; *answers* is the folder that remembers every answer.

    Raises DisclosureError where the period lies outside the cases, where a column is not held, where the
    answer cannot be proved safe, or where another is being made: then nothing is kept and nothing leaves.
    """
    if question.not_held or question.on:
        wrong = question.not_held or f"is asked of {question.on}, and not of cases"
        raise DisclosureError(f"question {question.id}", wrong)
    with remembering(answers):
        return _answered(question, source, answers, judged, period, tell)


def _answered(
    question: Question, source: Source, answers: Path, judged: Judged,
    period: tuple[date, date] | None, tell: Step,
) -> Answered:  # fmt: skip
    span = _period(source, period)
    base, safe = answers / source.id, answers / source.id / "safe"
    ready(source.base, base, source.history(source.base))
    check_again(judged, safe, read_ledger(base).releases, _ids(question, span))
    found: list[tuple[Path, bool]] = []
    plain = [one for one in question.tables if not one.attribute]
    desk = _Desk(question, source, base, judged, span, tell)
    if plain:
        found.append(_plain(desk, plain))
    for number, one in enumerate(question.tables, 1):
        if one.attribute:
            found.append(_by_attribute(desk, one, number))
    releases = tuple(read_release(folder / "release.json") for folder, _ in found)
    tables = tuple(table for folder, _ in found for table in safe_tables(folder, safe))
    return Answered(
        question=question, source=source, period=span, tables=tables, releases=releases,
        folders=tuple(folder for folder, _ in found), history=safe, again=all(old for _, old in found),
    )  # fmt: skip


def _ids(question: Question, span: tuple[date, date]) -> list[str]:
    """The ids of the releases that answer *question*."""
    plain = not all(one.attribute for one in question.tables)
    numbers = [f"{at}-" for at, one in enumerate(question.tables, 1) if one.attribute]
    return [f"{question.id}-{at}{span[0]}-{span[1]}" for at in (*([""] if plain else []), *numbers)]


def _period(source: Source, period: tuple[date, date] | None) -> tuple[date, date]:
    first, last = source.span
    start, end = period or (first, last)
    if start > end or start < first or end > last:
        raise DisclosureError(
            f"the period {start} to {end}", "is not within the cases",
            f"They are of decisions from {first} to {last}.",
        )  # fmt: skip
    return start, end


def ready(snapshot: Snapshot, base: Path, history: Sequence[Release] = ()) -> None:
    """Make the folder *base* of a source: its ledger, with the frozen counts of *snapshot* in it.

    *history* is what was told of them before, by an earlier edition. Raises DisclosureError where the
    folder holds other counts under the same id.
    """
    (base / "safe").mkdir(parents=True, exist_ok=True, mode=0o700)
    ledger = read_ledger(base)
    held = ledger.snapshots.get(snapshot.id)
    if held is None:
        record(ledger, snapshot)
        for one in history:
            record(read_ledger(base), one)
    elif held.digest != snapshot.digest:
        raise DisclosureError(
            f"source {snapshot.id}", "counts otherwise than when answers were first made from it",
            "Name another day with --as-at: the same day has the same counts.",
        )  # fmt: skip


# --- by period, offence and age -------------------------------------------------------------------


def _plain(desk: _Desk, asked: Sequence[Asked]) -> tuple[Path, bool]:
    question, source, base, span = desk.question, desk.source, desk.base, desk.span
    id_ = f"{question.id}-{span[0]}-{span[1]}"
    folder, ledger = base / "safe" / id_, read_ledger(base)
    if folder.exists():
        return folder, True
    if id_ in ledger.releases:  # kept, and then cut short
        certificate, releases = certify(ledger, id_, desk.tell), up_to(ledger, id_)
    else:
        tables = tuple(_table(source, one, span) for one in asked)
        release = desk.judged.release(id_, source.id, tables)
        considered = consider(ledger, release, desk.tell)
        releases = [*ledger.released(source.id), considered.release]
        certificate = certified(ledger, releases, considered.witnesses, desk.tell)
        keep(ledger, considered)
    remember(base, releases)
    write(folder, source.base, releases, certificate)
    return folder, False


def remember(base: Path, releases: Sequence[Release]) -> None:
    """Keep those of *releases* beside what was proved that no answer is made of, as its history."""
    for one in releases:
        if not (base / "safe" / one.id).exists() and one.id.startswith(_NO_ANSWER):
            write_folder(base / "safe" / one.id, {"release.json": one.text()})


def _table(source: Source, asked: Asked, span: tuple[date, date]) -> Table:
    where = dict(source.now)
    if asked.only_group:
        where["offence"] = frozenset(source.groups.get(asked.only_group, ()))
        if not where["offence"]:
            raise DisclosureError(
                f"source {source.id}", f"has no case of the offence group {asked.only_group}"
            )
    if asked.only_age:
        where["age"] = frozenset({asked.only_age})
    axes = [Axis("day", _days(asked.period, span))]
    if asked.offence != "all":
        axes.append(Axis("offence", _offences(source, asked, where.get("offence"))))
    if asked.age != "all":
        every = Category(ALL_AGES, frozenset(AGES))
        axes.append(
            Axis("age", (every, *(Category(_AGE_LABELS[one], frozenset({one})) for one in AGES)))
        )
    table = Table(asked.title, tuple(axes), (), where)
    return replace(table, values=table.count(source.base))


def _days(kind: str, span: tuple[date, date]) -> tuple[Category, ...]:
    every = Category(ALL_YEARS, codes_of(*span))
    if kind == "all":
        return (every,)
    parts = [Category(label, codes_of(start, end)) for label, start, end in _PERIODS[kind](*span)]
    return tuple(parts) if len(parts) == 1 else (every, *parts)


def _offences(source: Source, asked: Asked, only: frozenset[str] | None) -> tuple[Category, ...]:
    groups = {
        group: [c for c in codes if only is None or c in only]
        for group, codes in source.groups.items()
    }
    every = [code for codes in groups.values() for code in codes]
    first = Category(ALL if only is not None else ALL_OFFENCES, frozenset(every))
    if asked.offence == "group":
        parts = [Category(GROUPS[g], frozenset(groups[g])) for g in GROUPS if groups.get(g)]
    else:
        called: dict[str, list[str]] = {}  # codes that no list knows are together not known
        for code in every:
            called.setdefault(source.names[code], []).append(code)
        parts = [Category(name, frozenset(codes)) for name, codes in called.items()]
    return (first, *parts)


# --- by attribute ---------------------------------------------------------------------------------


def _by_attribute(desk: _Desk, asked: Asked, number: int) -> tuple[Path, bool]:
    question, source, base, span = desk.question, desk.source, desk.base, desk.span
    judged, tell = desk.judged, desk.tell
    attribute = listed(question.attributes[asked.attribute], base.parent)
    rows = _within(rows_of(source, base, judged, tell), span)
    id_ = f"{question.id}-{number}-{span[0]}-{span[1]}"
    folder = base / "safe" / id_
    if folder.exists():
        return folder, True
    every = rows_of(source, base, judged, tell)
    snapshot = source.cube(attribute, every)
    now = dict(source.now) and {EDITION: editions_now(snapshot)}
    axis = Axis("row", _asked_for(rows, whole=len(rows) == len(every)))
    known = Table(
        "Totals that are published already", (Axis("row", _categories(every, whole=True)),), (), now
    )
    totals = replace(known, values=known.count(snapshot))
    first = _as_told(
        base, judged.release(f"rows-{source.id}-{attribute.name}", snapshot.id, (totals,))
    )
    codes = snapshot.dimensions[1].codes
    labels = (Category(ALL, frozenset(codes)), *(Category(one, frozenset({one})) for one in codes))
    table = Table(asked.title, (axis, Axis(attribute.name, labels)), (), now)
    before = source.history(snapshot, attribute.name)
    if before:
        hidden = tuple(changes(snapshot, table))
        before.append(judged.release(f"{SINCE}{source.id}-{attribute.name}", snapshot.id, hidden))
    earlier = [*before, first, *_earlier(base / "safe", snapshot.id)]
    spec = Spec(
        id=id_, made=judged.made, profile="foi", threshold=judged.threshold, reason=judged.reason,
        judged_by=judged.judged_by, key=_key(base),
    )  # fmt: skip
    made = protect(snapshot, [table], earlier, spec, tell)
    remember(base, earlier)
    write(folder, snapshot, [*earlier, made.release], made.certificate)
    return folder, False


def _as_told(base: Path, release: Release) -> Release:
    """*release* as it is kept already: the day and the judge of the first answer stand, whoever asks later.

    Raises DisclosureError where other figures are kept under its id.
    """
    path = base / "safe" / release.id / "release.json"
    if not path.exists():
        return release
    kept = read_release(path)
    if (kept.snapshot, kept.tables) != (release.snapshot, release.tables):
        where = path.relative_to(base.parent)
        raise DisclosureError(
            str(base.parent),
            f"tells other totals in {where} than it told",
            "Put it back, from a copy.",
        )
    return kept


def _earlier(safe: Path, snapshot: str) -> list[Release]:
    """What was answered from the *snapshot* before, in order; without the totals that come first."""
    found = [read_release(path) for path in sorted(safe.glob("*/release.json"))]
    own = [one for one in found if one.snapshot == snapshot and not one.id.startswith(_NO_ANSWER)]
    return sorted(own, key=lambda one: (one.made, one.id))


def _within(rows: Sequence[Row], span: tuple[date, date]) -> list[Row]:
    """The *rows* whose years lie in the period; raises DisclosureError where it cuts a year."""
    inside = [one for one in rows if span[0] <= one.start and one.end <= span[1]]
    cut = [one for one in rows if one not in inside and one.start <= span[1] and span[0] <= one.end]
    if cut or not inside:
        years = ", ".join(dict.fromkeys(f"{one.start} to {one.end}" for one in rows))
        raise DisclosureError(
            f"the period {span[0]} to {span[1]}", "cuts a financial year",
            f"What people are told apart by is counted in whole years: {years}.",
        )  # fmt: skip
    return inside


def _categories(rows: Sequence[Row], whole: bool) -> tuple[Category, ...]:
    """All rows, those of each year, and each; *whole* says that they are all there are."""
    found = [Category(ALL_YEARS, frozenset(one.code for one in rows))]
    years = list(dict.fromkeys(one.year for one in rows))
    for year in years:
        own = [one for one in rows if one.year == year]
        if len(years) > 1 or not whole:
            found.append(Category(year, frozenset(one.code for one in own)))
        found += [Category(f"{year}, {one.label}", frozenset({one.code})) for one in own]
    return tuple(found)


def _asked_for(rows: Sequence[Row], whole: bool) -> tuple[Category, ...]:
    """The same without a row that is all of its year, or of all years: it has a line already."""
    seen, found = set[frozenset[str]](), list[Category]()
    for one in _categories(rows, whole):
        if one.codes not in seen:
            found.append(one)
            seen.add(one.codes)
    return tuple(found)


def _key(base: Path) -> bytes:
    """The secret by which equals are told apart: that of the ledger."""
    path = base / KEY
    return bytes.fromhex(path.read_text("ascii")) if path.exists() else secrets.token_bytes(32)


# --- what is kept ---------------------------------------------------------------------------------


def write(
    folder: Path, snapshot: Snapshot, releases: Sequence[Release], certificate: Certificate
) -> None:
    """Keep what was proved, once the checker has said so."""
    verdict = check(snapshot, releases, certificate)
    if not verdict.holds:
        raise DisclosureError(
            f"release {releases[-1].id}",
            f"is not proved safe: {verdict.faults[0]}",
            "Nothing leaves.",
        )
    told = "\n".join(report(snapshot, releases, {}, 1).lines(releases))
    write_folder(folder, safe_files(snapshot, releases[-1], certificate, f"{told}\n"))


def safe_tables(folder: Path, history: Path) -> tuple[Safe, ...]:
    """The tables of a release that was kept, proved once more."""
    release = read_release(folder / "release.json")
    certificate = read_certificate(folder / "certificate.json")
    snapshot = read_snapshot(folder / "snapshot.json")
    named = {one.parent.name: one for one in history.glob("*/release.json")}
    missing = [one for one in certificate.releases if one != release.id and one not in named]
    if missing:
        raise DisclosureError(f"release {missing[0]}", "is missing", "Put it back, from a copy.")
    earlier = [read_release(named[one]) for one in certificate.releases if one != release.id]
    return issue(snapshot, [*earlier, release], certificate)
