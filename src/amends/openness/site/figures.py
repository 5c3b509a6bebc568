"""The figures that each page shows: which question answers it, and which rows of its table stand on the page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from amends.disclosure.tables import MARKER, Safe
from amends.openness.answering import Answered
from amends.openness.counted import NOT_KNOWN, NOT_LISTED, Source
from amends.openness.questions import Attribute, questions

PROVEN: Final = tuple(f"proven, {quarter} quarter" for quarter in ("1st", "2nd", "3rd", "4th"))
"""Proven re-offending, by the quarter of the year after the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shows:
    """What a page shows of the table of a question.

    `axis` is the place of the label that the bars are told apart by; the other labels are their totals.
    Of the share `part`, the base is everything but `outside`; `of_records` where it is of how much was recorded.
    """

    question: str
    table: int = 0
    axis: int = 1
    part: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    of_records: bool = False


PAGES: Final[Mapping[str, Shows]] = {
    "how-many": Shows(question="twelve-01-offence", axis=0),
    "for-what": Shows(question="article"),
    "how-serious": Shows(
        question="site-gravity", part=tuple(f"score {one}" for one in range(1, 6)), of_records=True
    ),
    "who-allowed": Shows(
        question="site-rank", part=("Inspector", "above Inspector"), outside=(NOT_KNOWN,)
    ),
    "why": Shows(question="site-why"),
    "victims": Shows(
        question="twelve-03-consented", part=("agreed",), outside=("no victim", NOT_KNOWN)
    ),
    "completion": Shows(
        question="site-completion", part=("completed", "completed after change"),
        outside=(NOT_KNOWN, "still running"),
    ),
    "feedback": Shows(
        question="site-feedback", part=("satisfied",), outside=("not asked, or no answer",)
    ),
    "reoffending": Shows(
        question="site-reoffending", part=PROVEN,
        outside=("not known, or not followed for long enough",),
    ),
    "panel": Shows(
        question="site-panel", part=("appropriate", "appropriate with observations"),
        outside=("not seen by a panel", NOT_KNOWN),
    ),
    "where": Shows(question="site-district"),
    "ethnicity": Shows(question="site-street"),
}  # fmt: skip
"""The pages with figures, by name."""


def rows(table: Safe, shows: Shows) -> list[tuple[str, int | str]]:
    """The rows of *table* that a page shows, in order: one for each label of the axis, the totals of the others.

    Raises TypeError where *table* is not `Safe`.
    """
    if type(table) is not Safe:
        raise TypeError("A page shows figures of Safe tables, and of nothing else.")
    first = {at: table.rows[0][at] for at in range(len(table.columns) - 1)}
    found = []
    for row in table.rows:
        others = all(row[at] == first[at] for at in first if at != shows.axis)
        label = str(row[shows.axis])
        if others and label != first[shows.axis] and (shows.axis or ", " not in label):
            found.append((label, row[-1]))
    order = _order(table, shows)
    return sorted(found, key=lambda one: order.get(one[0], len(order)))


def _order(table: Safe, shows: Shows) -> Mapping[str, int]:
    """Where each label of an attribute stands: as they are listed, and not by the alphabet; else as in the table."""
    attribute = questions()[shows.question].attributes.get(table.columns[shows.axis])
    return {label: at for at, label in enumerate(attribute.labels)} if attribute else {}


def whole(table: Safe) -> int | str:
    """What *table* counts in all."""
    return table.rows[0][-1]


def share(shown: list[tuple[str, int | str]], shows: Shows) -> tuple[int, int] | None:
    """The part and the whole of the page's share; None where it has none, or a figure that it needs is withheld."""
    if not shows.part:
        return None
    outside = {*shows.outside, *((NOT_LISTED,) if NOT_KNOWN in shows.outside else ())}
    counted = [(label, value) for label, value in shown if label not in outside]
    if any(value == MARKER or not isinstance(value, int) for _, value in counted):
        return None
    base = sum(value for _, value in counted if isinstance(value, int))
    part = sum(value for label, value in counted if isinstance(value, int) and label in shows.part)
    return (part, base) if base else None


def lacking(source: Source, question: str) -> tuple[str, ...]:
    """The columns that *question* is counted from and the cases of *source* do not have."""
    needs = dict.fromkeys(name for one in _attributes(question) for name in one.needs)
    return tuple(name for name in needs if name not in source.cases.columns)


def can_tell(source: Source, question: str) -> bool:
    """Whether *question* can be answered: no column lacks, and the edition before, if any, answered it too."""
    known = all(source.tells(one.name) for one in _attributes(question))
    return known and not lacking(source, question)


def _attributes(question: str) -> Iterable[Attribute]:
    return questions()[question].attributes.values()


def table_of(answers: Mapping[str, Answered], shows: Shows) -> Safe:
    """The table that a page shows."""
    return answers[shows.question].tables[shows.table]
