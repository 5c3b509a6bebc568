"""Cases that the policies held do not speak of, and that are refused rather than answered by them."""

from typing import Final

from amends.policy.facts import FactError, Facts

HELD_FOR: Final = "england_and_wales"
"""The jurisdiction whose policies are held; the forces of `forces.csv` are all in it."""
YOUNGEST: Final = 10
"""Suspects younger than this are in no policy held. Source: Children and Young Persons Act 1933 s50,
from general knowledge (illustrative): the draft `background-law` tries it."""


def outside(facts: Facts) -> tuple[str, str, str] | None:
    """The fact that puts a case outside the policies held, what is wrong, and what would be right.

    None where nothing known does so.
    """
    where, age = facts.get("case.jurisdiction"), facts.get("offender.age")
    if where not in (None, HELD_FOR):
        wrong = (
            f"It was in {str(where).replace('_', ' ').title()}, and the policies held are those of "
            "England and Wales."
        )
        return "case.jurisdiction", wrong, "Scotland and Northern Ireland have their own schemes."
    if age is not None and age < YOUNGEST:
        wrong = f"The suspect was {age}, and no policy held speaks of a child under {YOUNGEST}."
        right = (
            f"From general knowledge, not read: a child under {YOUNGEST} cannot commit a crime; "
            "look at Outcome 11. The draft background-law tries this: --draft background-law."
        )
        return "offender.age", wrong, right
    return None


def check_inside(facts: Facts, place: str) -> None:
    """Raise FactError, naming the *place*, where the policies held do not speak of the case."""
    if found := outside(facts):
        name, wrong, right = found
        raise FactError(f"{place}: {name}", wrong, right)
