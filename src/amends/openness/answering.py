"""Answering a question: counted, put through the ledger of releases, proved, and only then told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.certifying import certified, certify, up_to
from amends.disclosure.considering import consider, keep
from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Axis, Category, Release, Table, read_release
from amends.disclosure.releases import read_ledger
from amends.disclosure.tables import Safe
from amends.openness.attribute_tables import ALL_YEARS, by_attribute
from amends.openness.counted import (
    AGES,
    GROUPS,
    Source,
    calendar_years,
    codes_of,
    financial_years,
    months,
)
from amends.openness.families import ALL
from amends.openness.kept import Desk, ready, remember, safe_tables, write
from amends.openness.memory import freeze, settled
from amends.openness.open_counts import OpenData
from amends.openness.partition import Judged, Step, rows_of
from amends.openness.questions import Asked, Question
from amends.openness.remembering import check_again, remembering

ALL_OFFENCES, ALL_AGES = "All offences", "All ages"
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
        return _answered(question, settled(source, answers), answers, judged, period, tell)


def _answered(
    question: Question, source: Source, answers: Path, judged: Judged,
    period: tuple[date, date] | None, tell: Step,
) -> Answered:  # fmt: skip
    span = _period(source, period)
    base, safe = answers / source.id, answers / source.id / "safe"
    ready(source.base, base, source.history(source.base))
    _freeze(
        source, base, answers, judged, tell, needed=any(one.attribute for one in question.tables)
    )
    check_again(judged, safe, read_ledger(base).releases, _ids(question, span))
    found: list[tuple[Path, bool]] = []
    plain = [one for one in question.tables if not one.attribute]
    desk = Desk(question, source, base, judged, span, tell)
    if plain:
        found.append(_plain(desk, plain))
    for number, one in enumerate(question.tables, 1):
        if one.attribute:
            found.append(by_attribute(desk, one, number))
    releases = tuple(read_release(folder / "release.json") for folder, _ in found)
    tables = tuple(table for folder, _ in found for table in safe_tables(folder, safe))
    return Answered(
        question=question, source=source, period=span, tables=tables, releases=releases,
        folders=tuple(folder for folder, _ in found), history=safe, again=all(old for _, old in found),
    )  # fmt: skip


def _freeze(
    source: Source, base: Path, answers: Path, judged: Judged, tell: Step, *, needed: bool
) -> None:
    """Freeze what every attribute says of the cases, at the first answer, so that a later day can be told apart.

    Too few cases may have no rows that can be published: they are still counted by day, offence and age.
    """
    try:
        freeze(source, base, rows_of(source, base, judged, tell), answers)
    except DisclosureError:
        if needed:
            raise


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


# --- by period, offence and age -------------------------------------------------------------------


def _plain(desk: Desk, asked: Sequence[Asked]) -> tuple[Path, bool]:
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


def _table(source: Source, asked: Asked, span: tuple[date, date]) -> Table:
    where = dict(source.now)
    if asked.only_group:
        where["offence"] = frozenset(source.groups[asked.only_group])
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
