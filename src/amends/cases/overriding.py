"""Coded reasons why a case goes ahead all the same: which of them a case bears out, and which it must say."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from amends.accounts.refusals import Refused
from amends.cases.facts import facts_of
from amends.cases.hearing import stays_withdrawn, view_of
from amends.cases.models import Case, Person
from amends.cases.models.deciding import OVERRIDES
from amends.policy import offences


def may_be_said(case: Case, on: dt.date) -> tuple[str, ...]:
    """The codes that may be true of *case* on the day *on*; what is not known may be."""
    victims = list(Person.objects.filter(case=case, part="victim"))
    false = set(_false(facts_of(case, on), on))
    if not any(_against(one) for one in victims):
        false.add("victim_disagrees")
    if not any(_unheard(one) for one in victims):
        false.add("not_consulted")
    return tuple(code for code in OVERRIDES if code not in false)


def check_overrides(case: Case, on: dt.date, overrides: Sequence[str]) -> None:
    """Refuse unless it is said, by its code, that a victim did not agree or was not heard, and nothing untrue."""
    for victim in Person.objects.filter(case=case, part="victim"):
        if _against(victim) and "victim_disagrees" not in overrides:
            told = f"{victim.name} does not agree. Say why it goes ahead all the same, by its code."
            raise Refused("AUTH-VICTIM", told)
        if _unheard(victim) and "not_consulted" not in overrides:
            told = f"{victim.name} was not heard. Say why it goes ahead all the same, by its code."
            raise Refused("AUTH-UNHEARD", told)
    may = may_be_said(case, on)
    if untrue := [code for code in overrides if code not in may]:
        what = untrue[0].replace("_", " ")
        raise Refused(
            "AUTH-UNTRUE", f"The case does not bear out the reason “{what}”. Leave it out."
        )


def _against(victim: Person) -> bool:
    view = view_of(victim)
    return stays_withdrawn(victim) or (view is not None and view.position == "disagree")


def _unheard(victim: Person) -> bool:
    return view_of(victim) is None and not stays_withdrawn(victim)


def _false(facts: Mapping[str, Any], on: dt.date) -> list[str]:
    """The codes that *facts* rule out, each because what it says is known not to be so."""
    known = {
        "serious": facts.get("offence.serious") is False,
        "sexual": _not_sexual(facts, on),
        "domestic_abuse": facts.get("flags.domestic_abuse") is False,
        "history": facts.get("earlier_disposals") == (),
    }
    return [code for code, ruled_out in known.items() if ruled_out]


def _not_sexual(facts: Mapping[str, Any], on: dt.date) -> bool:
    """Whether it is known to be no sexual offence: by its code, and nobody flagged it."""
    code = facts.get("offence.code")
    row = offences.published().find(code, on) if code else None
    flagged = (facts.get("flags.sexual"), facts.get("offence.serious_sexual"))
    return True not in flagged and row is not None and row.group != "sexual"
