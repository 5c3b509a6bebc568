"""Tables by an attribute: counted in the fixed rows, protected with all that is told of its family."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import prod
from pathlib import Path

from amends.disclosure.errors import DisclosureError
from amends.disclosure.protecting import protect
from amends.disclosure.published import Axis, Category, Release, Table, read_release
from amends.disclosure.snapshots import Snapshot
from amends.openness.counted import Row, Source
from amends.openness.families import Family
from amends.openness.joint_counts import EDITION, SINCE, changes, editions_now
from amends.openness.kept import BETWEEN, TOGETHER, Desk, as_told, earlier_of, remember, write
from amends.openness.memory import frozen
from amends.openness.partition import rows_of
from amends.openness.questions import Asked, Attribute

ALL_YEARS = "All years"


def by_attribute(desk: Desk, asked: Asked, number: int) -> tuple[Path, bool]:
    """The folder of the table *number* of a question, which asks by an attribute; whether it was there already.

    Raises DisclosureError where the period cuts a year, where no case tells of it, or where nothing can be told.
    """
    question, source, base, span = desk.question, desk.source, desk.base, desk.span
    judged, tell = desk.judged, desk.tell
    every = rows_of(source, base, judged, tell)
    rows = _within(every, span)
    id_ = f"{question.id}-{number}-{span[0]}-{span[1]}"
    folder = base / "safe" / id_
    if folder.exists():
        return folder, True
    family = _family(source, question.attributes[asked.attribute], base.parent)
    snapshot = frozen(base, family.name)
    codes = snapshot.dimensions[1].codes
    now = dict(source.now) and {EDITION: editions_now(snapshot)}
    axis = Axis("row", _asked_for(rows, whole=len(rows) == len(every)))
    table = Table(asked.title, (axis, family.axis(asked.attribute, codes)), (), now)
    before = _before(desk, family, snapshot, every, now)
    if source.history(snapshot, family):
        hidden = tuple(changes(snapshot, table))
        id_since = f"{SINCE}{source.id}-{question.id}-{number}"
        before.append(judged.release(id_since, snapshot.id, hidden))
    earlier = [*before, *earlier_of(base / "safe", snapshot.id, before)]
    made = protect(snapshot, [table], earlier, desk.spec(id_), tell)
    remember(base, earlier)
    write(folder, snapshot, [*earlier, made.release], made.certificate)
    return folder, False


def _before(
    desk: Desk,
    family: Family,
    snapshot: Snapshot,
    rows: Sequence[Row],
    now: dict[str, frozenset[str]],
) -> list[Release]:
    """What is told, or may be, before any answer by a member of *family*.

    The totals of the rows; and, where it has several members, the tables of all of them, which were protected
    together: what may be told of one does not hang on which was asked first.
    """
    base, judged, codes = desk.base, desk.judged, snapshot.dimensions[1].codes
    name = f"{desk.source.id}-{family.name}"
    axis = Axis("row", _categories(rows, whole=True))
    known = Table("Totals that are published already", (axis,), (), now)
    totals = judged.release(
        f"rows-{name}", snapshot.id, (replace(known, values=known.count(snapshot)),)
    )
    found = [*desk.source.history(snapshot, family), as_told(base, totals)]
    if family.alone:
        return found
    folder, side = base / "safe" / f"{TOGETHER}{name}", family.between(codes)
    hidden = [Table("What two answers tell together, told nowhere", (axis, side), (), now)]
    rows_asked = Axis("row", _asked_for(rows, whole=True))
    tables = [
        Table(one.says, (rows_asked, family.axis(one.name, codes)), (), now)
        for one in family.members
    ]
    if len(found) > 1:
        hidden += [each for table in tables for each in changes(snapshot, table)]
    nothing = tuple(
        replace(one, values=(None,) * prod(one.shape)) for one in hidden if prod(one.shape)
    )
    found.append(as_told(base, judged.release(f"{BETWEEN}{name}", snapshot.id, nothing)))
    if not folder.exists():
        made = protect(snapshot, tables, found, desk.spec(folder.name), desk.tell)
        remember(base, found)
        write(folder, snapshot, [*found, made.release], made.certificate)
    return [*found, read_release(folder / "release.json")]


def _family(source: Source, attribute: Attribute, answers: Path) -> Family:
    """The family of *attribute*; raises DisclosureError where the cases do not tell of it."""
    source.cases.need(attribute.needs, f"the attribute {attribute.name}")
    wanted = attribute.family or attribute.name
    found = [
        one
        for one in source.families(answers)
        if one.name == wanted and attribute.name in one.names
    ]
    if not found:
        raise DisclosureError(
            f"the attribute {attribute.name}", "was not held when the earlier edition was made",
            "Publish, or answer, from a memory that follows none.",
        )  # fmt: skip
    return found[0]


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
