"""How often each decision fell on each ethnic group, point by point; who is not known is a group of its own.

A file of community resolutions holds only cases that ended in one. Points before that (who was
arrested, charged or released) are counted elsewhere; `indexes` takes such a table as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import Cell, Raw
from amends.statistics.cases import NOT_KNOWN, Cases, name
from amends.statistics.disproportionality import AT_LEAST, Group, Index, relative_rate
from amends.statistics.rates import NO_RATE

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPoint:
    """A decision: of those who reached it, for whom was it made?

    `reached` and `decided` are SQL over the columns named; `decided` is NULL where it is not known.
    """

    name: str
    reached: str
    decided: str
    columns: tuple[str, ...]


POINTS: Final = (
    DecisionPoint(
        name="admitted the offence or accepted responsibility",
        reached="true",
        decided="admission_form IN ('admits_offence', 'accepts_responsibility')",
        columns=("admission_form",),
    ),
    DecisionPoint(
        name="dealt with on the street",
        reached="true",
        decided="resolution_delivery = 'street'",
        columns=("resolution_delivery",),
    ),
    DecisionPoint(
        name="offered a restorative process",
        reached="true",
        decided="restorative_offered",
        columns=("restorative_offered",),
    ),
    DecisionPoint(
        name="declined it, of those offered a restorative process",
        reached="restorative_offered",
        decided="restorative_declined",
        columns=("restorative_offered", "restorative_declined"),
    ),
    DecisionPoint(
        name="not completed, of those known to have ended",
        reached="completion IN ('completed', 'completed_after_change', 'not_completed')",
        decided="completion = 'not_completed'",
        columns=("completion",),
    ),
)
"""The decisions that a file of cases tells of."""


def told(cases: Cases) -> tuple[DecisionPoint, ...]:
    """Those of POINTS for which *cases* has the columns."""
    return tuple(point for point in POINTS if set(point.columns) <= cases.columns.keys())


def decisions(
    cases: Cases, group: str = "offender_ethnicity", points: Sequence[DecisionPoint] = POINTS
) -> Raw:
    """For each of *points* and each group of the column *group*: cases decided so, otherwise, and not known.

    Raises DisclosureError where a column is not there.
    """
    cases.need(
        [group, *(column for point in points for column in point.columns)], "these decisions"
    )
    rows: list[tuple[Cell, ...]] = []
    for point in points:
        answer = f"CASE WHEN {point.decided} THEN '{YES}' WHEN NOT ({point.decided}) THEN '{NO}' ELSE '{NOT_KNOWN}' END"
        found = {
            (who, said): int(times)
            for who, said, times in cases.rows(
                f"SELECT coalesce({name(group)}::VARCHAR, '{NOT_KNOWN}'), {answer}, count(*) FROM cases "
                f"WHERE {point.reached} GROUP BY ALL"
            )
        }
        for who in sorted({who for who, _ in found}, key=lambda who: (who == NOT_KNOWN, who)):
            rows += [
                (point.name, who, said, found.get((who, said), 0)) for said in (YES, NO, NOT_KNOWN)
            ]
    return Raw(
        title=f"Decisions by {group.replace('_', ' ')}",
        unit="cases",
        columns=("decision", "group", "so decided", "count"),
        rows=tuple(rows),
        note="All these cases ended in a community resolution. Whoever did not get one is not counted here.",
    )


def indexes(table: Raw, reference: str, *, at_least: int = AT_LEAST) -> Raw:
    """The relative rate index of every group beside *reference*, at each decision of *table*.

    *table* is one of `decisions`, or of the same columns, and may be published. No index is given where
    a count was withheld, a group has under *at_least* whose decision is known, or nobody was so decided.
    Raises DisclosureError where *reference* is in no row.
    """
    if all(row[1] != reference for row in table.rows):
        raise DisclosureError(table.title, f"has no group {reference!r}")
    rows: list[tuple[Cell, ...]] = []
    for decision in dict.fromkeys(row[0] for row in table.rows):
        own = [row for row in table.rows if row[0] == decision]
        base = _group(own, reference)
        for who in dict.fromkeys(row[1] for row in own):
            found = _group(own, str(who))
            cells = _counts(own, str(who))
            if who == reference:
                rows.append((decision, who, *cells, "reference", NO_RATE, NO_RATE))
            else:
                rows.append((decision, who, *cells, *_index(found, base, at_least)))
    return Raw(
        title=f"Relative rate index beside {reference}",
        unit=table.unit,
        columns=("decision", "group", "so decided", "known", "not known", "index", "low", "high"),
        rows=tuple(rows),
        note=f"With 95 % intervals; none of fewer than {at_least}. It shows a difference, and not why. {table.note}",
    )


def _cell(rows: Sequence[tuple[Cell, ...]], who: str, said: str) -> Cell:
    return next((row[-1] for row in rows if row[1] == who and row[2] == said), 0)


def _counts(rows: Sequence[tuple[Cell, ...]], who: str) -> tuple[Cell, Cell, Cell]:
    yes, no, lost = (_cell(rows, who, said) for said in (YES, NO, NOT_KNOWN))
    known = yes + no if isinstance(yes, int) and isinstance(no, int) else NO_RATE
    return yes, known, lost


def _group(rows: Sequence[tuple[Cell, ...]], who: str) -> Group | None:
    """The group of that name, None where one of its counts was withheld."""
    yes, known, _ = _counts(rows, who)
    if isinstance(yes, str) or isinstance(known, str):
        return None
    return Group(name=who, decided=yes, reached=known)


def _index(group: Group | None, base: Group | None, at_least: int) -> tuple[str, str, str]:
    if group is None or base is None:
        return NO_RATE, NO_RATE, NO_RATE
    try:
        found: Index = relative_rate(group, base, at_least=at_least)
    except DisclosureError:
        return NO_RATE, NO_RATE, NO_RATE
    return f"{found.ratio:.2f}", f"{found.low:.2f}", f"{found.high:.2f}"
