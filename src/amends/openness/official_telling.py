"""What an answer from the Home Office's tables says: the last year, the mean, and what data.police.uk counts beside."""

from collections.abc import Iterator
from itertools import groupby

from amends.intake.months import spans
from amends.openness.answering import Answered
from amends.openness.official_counts import (
    CLOSED,
    OUTCOMES,
    POLICE_UK,
    RECORDED,
    WHOLE,
    Official,
    Year,
    together,
)
from amends.openness.open_counts import named
from amends.openness.publishing.about import COMPARED, MEAN, SHARE
from amends.openness.publishing.showing import Shown


def official(answered: Answered, tables: tuple[Shown, ...]) -> Iterator[str]:
    """The sentences of an answer, with their figures as `{1: label / label}`."""
    source = answered.source
    assert isinstance(source, Official)
    for table in tables:
        last = list(dict.fromkeys(labels[-1] for labels, _ in table.figures))
        if POLICE_UK in last:
            yield from _compared(source, answered, table)
        elif len(table.names) == 2:
            yield from _last(source, answered, table)
    if source.held.layout == OUTCOMES and any(
        one.by == "data.police.uk" for one in answered.question.tables
    ):
        yield from _not_comparable(source, answered)


def _last(source: Official, answered: Answered, table: Shown) -> Iterator[str]:
    shown = {labels[0] for labels, _ in table.figures}
    years = [one for one in source.years_in(answered.period) if one.label in shown]
    for _, own in groupby(years, lambda one: one.force):
        held = list(own)
        at, newest = table.number, held[-1]
        yield (
            f"{table.title}: {newest.label}, {{{at}: {newest.label} / {RECORDED}}} by the year in which the crime was "
            f"recorded, and {{{at}: {newest.label} / {CLOSED}}} by the year in which it was closed."
        )
        if (whole := together(held)) in shown:
            many = len(held)
            yield (
                f"On average of the years {held[0].year} to {held[-1].year} that is "
                f"{{{at}: {whole} / {RECORDED}{MEAN}{many}}} a year by the year of the record, and "
                f"{{{at}: {whole} / {CLOSED}{MEAN}{many}}} by that in which it was closed."
            )


def _compared(source: Official, answered: Answered, table: Shown) -> Iterator[str]:
    at = table.number
    for one in source.comparable(source.years_in(answered.period, all_forces=False)):
        theirs = f"{one.label} / {POLICE_UK}"
        recorded, closed = f"{one.label} / {RECORDED}", f"{one.label} / {CLOSED}"
        yield (
            f"{one.label}: data.police.uk lists {{{at}: {theirs}}} crimes with a community resolution. That is "
            f"{{{at}: {theirs}{COMPARED}{recorded}}} the {{{at}: {recorded}}} that the Home Office counts of crimes "
            f"recorded in the year ({{{at}: {theirs}{SHARE}{recorded}}} of them), and "
            f"{{{at}: {theirs}{COMPARED}{closed}}} the {{{at}: {closed}}} of crimes closed in it "
            f"({{{at}: {theirs}{SHARE}{closed}}})."
        )


def _not_comparable(source: Official, answered: Answered) -> Iterator[str]:
    """The years of which street files of some months are held, and what is not held of them."""
    if source.beside is None:
        yield "What data.police.uk counts is not beside them: the store holds none of its street files."
        return
    for one in source.years_in(answered.period, all_forces=False):
        held = source.held_of(one)
        if 0 < len(held) < WHOLE:
            yield f"{one.label}: not comparable. Of data.police.uk {_missing(one, held)} not held."


def _missing(year: Year, held: tuple[str, ...]) -> str:
    gone = [one for one in year.months if one not in held]
    runs = [" to ".join(map(named, dict.fromkeys(ends))) for ends in spans(gone)]
    return f"{', '.join(runs)} {'is' if len(gone) == 1 else 'are'}"
