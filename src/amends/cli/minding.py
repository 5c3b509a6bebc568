"""What whoever answers should mind before the letter goes: a new memory, codes and labels that no list holds."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.openness.answering import Answered
from amends.openness.attribute_tables import ALL_YEARS
from amends.openness.counted import Source, said
from amends.openness.families import ALL, NOT_LISTED
from amends.openness.listing import FILE

_SHOWN: Final = 5


def check_day(source: Source, today: date) -> None:
    """Raise DisclosureError where the cases cannot be as at the day said: one to come, or before a decision."""
    if source.as_at > today:
        raise DisclosureError("--as-at", f"is {source.as_at}", "That day is still to come.")
    if source.span[1] > source.as_at:
        raise DisclosureError(
            "--as-at", f"is {source.as_at}, and a decision is of {source.span[1]}",
            "Name the day on which the cases were taken from the records.",
        )  # fmt: skip


def is_new(answers: Path | None) -> bool:
    """Whether nothing was ever answered from the memory *answers*; one that nobody named is none."""
    return answers is not None and not any(answers.glob("*/safe"))


def minded(
    found: Answered, answers: Path | None, as_at: date | None, *, new: bool
) -> Iterator[str]:
    """What is to be minded of an answer that was asked for as at a day, a sentence each."""
    source = found.source
    if as_at is not None and as_at != source.as_at:
        yield (
            f"the same records were answered as at {said(source.as_at)} before, and are as at that day again: nothing "
            f"in them is different as at {said(as_at)}."
        )
    if new:
        yield f"{answers} is a new memory: nothing that was told before is known to it."
    if answers is None or not isinstance(source, Source):
        return
    if strange := source.strange:
        some = ", ".join(list(strange)[:_SHOWN]) + (" and others" if len(strange) > _SHOWN else "")
        yield (
            f"{sum(strange.values()):,} cases have an offence code that no list holds ({some}): they are counted "
            "as not known."
        )
    for table in found.tables:
        told = {row[:-1]: row[-1] for row in table.rows}
        whole, part = told.get((ALL_YEARS, ALL)), told.get((ALL_YEARS, NOT_LISTED))
        if isinstance(whole, int) and isinstance(part, int) and part * 2 > whole:
            yield (
                f"{table.title}: more than half of the cases have a label that is not listed. A force lists its own "
                f"in {FILE} of the memory, before its first answer."
            )
