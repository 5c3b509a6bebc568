"""How complete open data are: which months are missing, and of which months it is least known how it ended."""

from collections.abc import Iterator
from fractions import Fraction

from amends.openness.answering import Answered
from amends.openness.open_counts import KNOWN, NOT_KNOWN, OF_ALL, OpenData
from amends.openness.publishing.about import SHARE
from amends.openness.publishing.showing import Shown


def complete(answered: Answered, tables: tuple[Shown, ...]) -> Iterator[str]:
    """The months missing, and for each table of months by what is known of them the best and the worst known month.

    Figures stand as `{4: label / label as a share of label / label}`, to be put in from the table.
    """
    source, period = answered.source, answered.period
    if not isinstance(source, OpenData):
        return
    if source.missing_in(period):
        yield source.gaps(period)
    for table in tables:
        if {NOT_KNOWN, OF_ALL["outcome"]} <= {labels[-1] for labels, _ in table.figures}:
            yield from _said(table)


def _said(table: Shown) -> Iterator[str]:
    shares = dict(_shares(table))
    if not shares:
        return
    worst, best = min(shares, key=lambda one: shares[one]), max(shares, key=lambda one: shares[one])
    if len(shares) == 1:
        yield f"How complete it is: how it ended is known of {_of(table, best)} of the rows that state an outcome."
        return
    yield (
        f"The months differ in how complete they are. How it ended is known of {_of(table, best)} of the rows of "
        f"{best} that state an outcome, the most of any month, and of {_of(table, worst)} of those of {worst}, "
        "the least. Outcomes arrive later, and are put into the files as they come."
    )


def _shares(table: Shown) -> Iterator[tuple[str, Fraction]]:
    """Of each month, where both figures are told, the share of rows of which it is known how they ended."""
    told = {labels: figure.count for labels, figure in table.figures}
    for month in dict.fromkeys(labels[0] for labels, _ in table.figures):
        known, every = told[month, KNOWN], told[month, OF_ALL["outcome"]]
        if month != OF_ALL["month"] and known is not None and every:
            yield month, Fraction(known, every)


def _of(table: Shown, month: str) -> str:
    return f"{{{table.number}: {month} / {KNOWN}{SHARE}{month} / {OF_ALL['outcome']}}}"
