"""Ranks and the authority that goes with them; a staff grade has none until a force delegates it.

Source: domain.md 1.5, the order of ranks and "staff grades are not ranks: map by delegation table".
"""

from typing import Final

from amends.policy.rules import Authority

RANKS: Final = {
    "constable": "Constable",
    "sergeant": "Sergeant",
    "inspector": "Inspector",
    "chief_inspector": "Chief Inspector",
    "superintendent": "Superintendent",
    "chief_superintendent": "Chief Superintendent",
    "assistant_chief_constable": "Assistant Chief Constable",
    "deputy_chief_constable": "Deputy Chief Constable",
    "chief_constable": "Chief Constable",
}
"""Every rank from the lowest, by its name in the record, as a screen says it."""
GRADES: Final = {
    "pcso": "Police Community Support Officer",
    "psi": "Police Staff Investigator",
    "dedicated_decision_maker": "Dedicated decision maker",
}
"""Staff grades, which are not ranks."""

_LADDER: Final = {
    "constable": Authority.OFFICER,
    "sergeant": Authority.SERGEANT,
    "inspector": Authority.INSPECTOR,
    "superintendent": Authority.SUPERINTENDENT,
}


def authority_of(rank: str) -> Authority:
    """What somebody of *rank* may allow: a Chief Inspector what an Inspector may. KeyError for no rank."""
    found = Authority.OFFICER
    for name in RANKS:
        found = _LADDER.get(name, found)
        if name == rank:
            return found
    raise KeyError(rank)


def highest(ranks: list[str]) -> str | None:
    """The highest of *ranks*; None of none."""
    order = list(RANKS)
    return max(ranks, key=order.index, default=None)
