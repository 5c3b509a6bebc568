"""Who in fact allowed a case, against who could have: the differences, sorted by what they are."""

from enum import StrEnum
from typing import Final

from amends.audit.history import quoted
from amends.policy.rules import Authority


class Difference(StrEnum):
    """How a row stands to the policy of its day; the first that fits, in this order."""

    EXCLUDED = "excluded"
    AUTHORITY = "authority too low"
    RECORD = "record missing"
    CANNOT_TELL = "cannot tell"
    IN_KEEPING = "in keeping"


MEANING: Final = {
    Difference.EXCLUDED: "nobody could have allowed it",
    Difference.AUTHORITY: "whoever allowed it was of too low a rank",
    Difference.RECORD: "a record that the policy wants was not made",
    Difference.CANNOT_TELL: "a fact, the rank or a record is not known",
    Difference.IN_KEEPING: "allowed by somebody who could; every record made",
}

RANKS: Final = {
    "pcso": Authority.OFFICER,
    "police_staff_investigator": Authority.OFFICER,
    "dedicated_decision_maker": Authority.OFFICER,
    "constable": Authority.OFFICER,
    "sergeant": Authority.SERGEANT,
    "inspector": Authority.INSPECTOR,
    "chief_inspector": Authority.INSPECTOR,
    "superintendent": Authority.SUPERINTENDENT,
    "chief_superintendent": Authority.SUPERINTENDENT,
    "assistant_chief_constable": Authority.SUPERINTENDENT,
    "deputy_chief_constable": Authority.SUPERINTENDENT,
    "chief_constable": Authority.SUPERINTENDENT,
}
"""What each rank may allow. Staff grades are no ranks: until a force's own delegation says more, they
may allow what a constable may."""


def given_authority(column: str) -> str:
    """SQL for the authority of whoever allowed a row, whose rank is in *column*; NULL if not known."""
    ways = " ".join(f"WHEN {quoted(rank)} THEN {int(level)}" for rank, level in RANKS.items())
    return f"CASE {column} {ways} END"


def difference(given: str = "given") -> str:
    """SQL for the difference of a row with the columns of a verdict and *given*."""
    nobody, unknown = int(Authority.NOBODY), int(Authority.NOT_YET_KNOWN)
    tell = f"answer = {unknown} OR unsure <> 0 OR ({given} IS NULL AND answer > 0)"
    return (
        f"CASE WHEN answer = {nobody} THEN {quoted(Difference.EXCLUDED)} "
        f"WHEN answer < {unknown} AND {given} < answer THEN {quoted(Difference.AUTHORITY)} "
        f"WHEN owed <> 0 THEN {quoted(Difference.RECORD)} "
        f"WHEN {tell} THEN {quoted(Difference.CANNOT_TELL)} "
        f"ELSE {quoted(Difference.IN_KEEPING)} END"
    )
