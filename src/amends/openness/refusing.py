"""Whether a refusal says all that section 17 wants of it, and the refusal in sentences."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from amends.openness.exemptions import Ground, ground


class Holding(StrEnum):
    """What is said of whether the information is held."""

    HELD = "held"
    PARTLY = "partly held"
    NOT_HELD = "not held"
    NEITHER = "neither confirmed nor denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why something is not told: the section, why it applies here, and how the public interest was weighed."""

    section: str
    because: str
    public_interest: str = ""


def faults(holding: Holding, refusals: Sequence[Refusal], on: dt.date) -> tuple[str, ...]:
    """What is missing or wrong in *refusals* given *on* a day; empty where they may be sent.

    Raises NoLaw where a section is not held for that day.
    """
    found = [fault for one in refusals for fault in _faults(holding, one, ground(one.section, on))]
    if holding is Holding.NOT_HELD and refusals:
        found.append("What is not held is not refused: say only that it is not held.")
    if holding is Holding.NEITHER and not refusals:
        found.append("Say under which section it is neither confirmed nor denied that it is held.")
    return tuple(found)


def _faults(holding: Holding, one: Refusal, by: Ground) -> Iterator[str]:
    if not one.because.strip():
        yield f"Section {by.section}: Say why it applies here."
    weighed = bool(one.public_interest.strip())
    if by.needs_public_interest_test and not weighed:
        yield f"Section {by.section}: It is qualified. Say how the public interest was weighed."
    if by.needs_public_interest_test is None and not weighed:
        yield f"Section {by.section}: {by.note} Say which it is here, or how the public interest was weighed."
    if holding is Holding.NEITHER and not by.may_neither_confirm_nor_deny:
        yield f"Section {by.section}: Under it, it must be said whether the information is held."
    if holding is not Holding.NEITHER and by.holds == "confirm":
        yield f"Section {by.section}: It is for not saying whether the information is held, and that is said."


def sentences(holding: Holding, refusals: Sequence[Refusal], on: dt.date) -> tuple[str, ...]:
    """The refusal for the requester, with where to complain.

    Raises ValueError with what `faults` finds: a notice that is not complete is none.
    """
    if found := faults(holding, refusals, on):
        raise ValueError(" ".join(found))
    told = [_HELD[holding]]
    for one in refusals:
        by = ground(one.section, on)
        told.append(
            f"Section {by.section} of the Freedom of Information Act 2000 ({by.name}): {one.because}"
        )
        if one.public_interest:
            told.append(f"The public interest: {one.public_interest}")
    told.append(
        "You may ask us to review this. If you are still not content, you may ask the Information Commissioner "
        "to decide (section 50)."
    )
    return tuple(told)


_HELD = {
    Holding.HELD: "We hold the information.",
    Holding.PARTLY: "We hold part of the information.",
    Holding.NOT_HELD: "We do not hold the information.",
    Holding.NEITHER: "We neither confirm nor deny that we hold the information.",
}
