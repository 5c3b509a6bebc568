"""What the values of facts are called on a screen, where their names in the catalogue are no plain words."""

from collections.abc import Sequence
from typing import Final

_CALLED: Final = {
    "acpo_adult_2013": "ACPO, adults, 2013",
    "acpo_youth_2013": "ACPO, young people, 2013",
    "deferred": "Agreed now, with actions to follow",
    "either_way": "Either way",
    "england_and_wales": "England and Wales",
    "force_own": "The force\u2019s own",
    "former_intimate_partner": "A former partner",
    "illustrative": "An illustrative one: made up, not published",
    "immediate_rd": "Immediate restorative disposal",
    "indirect": "Indirect, by messages or letters",
    "intimate_partner": "A partner",
    "northern_ireland": "Northern Ireland",
    "not_contactable": "Could not be reached",
    "not_related": "Not related",
    "npcc_adult_2019": "NPCC, adults, 2019",
    "npcc_child_2023": "NPCC, children, 2023",
    "other_family": "Another member of the family",
    "pcso": "PCSO",
    "street": "Settled at once, at the scene",
    "vo_conference": "Victim-offender conference",
}


def called(value: str) -> str:
    """*value* of a fact, in words that people know."""
    return _CALLED.get(value) or value.replace("_", " ").capitalize()


def choices(values: Sequence[str]) -> list[tuple[str, str]]:
    """*values* of a fact, each with what it is called, to choose from."""
    return [(value, called(value)) for value in values]
