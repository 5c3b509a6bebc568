"""A case as facts that a policy may ask about: what nobody recorded is not known, and never "no"."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from amends.cases import texts
from amends.cases.hearing import agreement_of, stays_withdrawn, view_of
from amends.cases.models import (
    Admission,
    Agreement,
    Authority,
    Case,
    Circumstance,
    NotConsulted,
    Person,
    Record,
    VictimContact,
    VictimView,
)
from amends.policy.facts import catalogue

DERIVED: Final = (
    "force", "case.reference", "decision.date", "offender.age", "admission.form", "offender.agrees",
    "offender.appropriate_adult", "remedy.asked_for_listed_action", "authority.rank",
    "resolution.last_action_due",
)  # fmt: skip
"""Facts that come from the rows of people and of what was done, and so are never typed in."""
TOLD_BY: Final[list[Callable[[Case, Mapping[str, Any]], dict[str, Any]]]] = []
"""Other parts of the record that know facts of a case: each adds itself, is given what was found, and gives
it back with what it knows better."""
_OF_RECORDS: Final = {
    "recorded.rationale": ("rationale", "full_rationale"),
    "recorded.full_rationale": ("full_rationale",),
    "recorded.history_check": ("history_check",),
    "recorded.panel_referral": ("panel_referral",),
    "recorded.supervisor_consulted": ("supervisor_consulted",),
    "recorded.remedy_reason": ("remedy_reason",),
    "recorded.completion": ("completion",),
}


def may_be_typed(name: str) -> bool:
    """Whether the fact *name* is one that somebody types in, as a circumstance of the case."""
    return name not in DERIVED and not name.startswith("recorded.") and name in catalogue()


def facts_of(case: Case, on: dt.date) -> dict[str, Any]:
    """Everything known of *case* that a policy may ask about, for a decision on the day *on*."""
    found = _circumstances(case)
    found["force"] = case.force_id
    found["case.reference"] = case.reference
    found["decision.date"] = on
    found |= _of_suspect(case, found.get("offence.date"))
    victims = list(Person.objects.filter(case=case, part="victim").order_by("pk"))
    if victims:
        told = [_victim(one, found.get("offence.date")) for one in victims]
        found["victims"] = tuple(told)
        found |= _remedy(victims)
    elif found.get("victims") == ():  # there is no victim, and so nobody who could have asked
        found["remedy.asked_for_listed_action"] = False
    found |= _of_resolution(case)
    found |= _recorded(case, found, victims)
    for tell in TOLD_BY:
        found = tell(case, found)
    return found


def _circumstances(case: Case) -> dict[str, Any]:
    latest: dict[str, Any] = {}
    for row in Circumstance.objects.filter(case=case).order_by("pk"):
        latest[row.name] = row.value
    return catalogue().read(latest, case.reference)


def _of_suspect(case: Case, offence_date: dt.date | None) -> dict[str, Any]:
    suspect = Person.objects.filter(case=case, part="suspect").first()
    if suspect is None:
        return {}
    found: dict[str, Any] = {}
    if suspect.born and offence_date:
        found["offender.age"] = texts.age(suspect.born, offence_date)
    said = Admission.objects.filter(person=suspect).order_by("pk").last()
    if said:
        found["admission.form"] = said.form
    agrees = agreement_of(suspect)
    if stays_withdrawn(suspect):
        found["offender.agrees"] = False
    elif agrees:
        found["offender.agrees"] = agrees.agrees
        if agrees.appropriate_adult_there is not None:
            found["offender.appropriate_adult"] = agrees.appropriate_adult_there
    return found


def _victim(victim: Person, offence_date: dt.date | None) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": victim.kind}
    if victim.kind != "person":
        found["age"] = None
    elif victim.born and offence_date:
        found["age"] = texts.age(victim.born, offence_date)
    view, withdrawn = view_of(victim), stays_withdrawn(victim)
    contacts = VictimContact.objects.filter(person=victim)
    if view is not None or withdrawn or contacts.exists():
        found["contact_made"] = True
    elif NotConsulted.objects.filter(person=victim).exists():
        found["contact_made"] = False
    return found | _position(view, withdrawn)


def _position(view: VictimView | None, withdrawn: bool) -> dict[str, Any]:
    if withdrawn:
        # What they think of it now is not known until they are asked; that they no longer consent is.
        return {"informed_consent": False}
    if view is None:
        return {}
    if view.position != "agree":
        return {"position": view.position, "informed_consent": False}
    known = {} if view.informed is None else {"informed_consent": view.informed}
    return {"position": view.position} | known


def _remedy(victims: list[Person]) -> dict[str, Any]:
    views = [view_of(one) for one in victims]
    asked = [None if view is None else view.remedy for view in views]
    if any(asked):
        return {"remedy.asked_for_listed_action": True}
    return {} if None in asked else {"remedy.asked_for_listed_action": False}


def _of_resolution(case: Case) -> dict[str, Any]:
    found: dict[str, Any] = {}
    agreement = Agreement.objects.filter(case=case).order_by("pk").last()
    if agreement is not None:
        days = list(agreement.actions.values_list("due", flat=True))
        found["resolution.last_action_due"] = max(days, default=None)
    allowed = Authority.objects.filter(case=case, given=True).order_by("pk").last()
    ranks = catalogue()["authority.rank"].values or ()
    if allowed is not None and allowed.rank in ranks:
        found["authority.rank"] = allowed.rank
    return found


def _recorded(case: Case, found: Mapping[str, Any], victims: list[Person]) -> dict[str, bool]:
    """Which records are made. This is the record: what is not in it is not recorded, and that is known."""
    kinds = set(Record.objects.filter(case=case).values_list("kind", flat=True))
    told = {name: bool(kinds & set(wanted)) for name, wanted in _OF_RECORDS.items()}
    views = [view_of(one) for one in victims]
    excused = [NotConsulted.objects.filter(person=one).exists() for one in victims]
    tried = [VictimContact.objects.filter(person=one).exists() for one in victims]
    told["recorded.admission"] = found.get("admission.form") not in (None, "none")
    told["recorded.offender_agreement"] = "offender.agrees" in found
    adults = Person.objects.filter(case=case, part="appropriate_adult")
    told["recorded.appropriate_adult"] = (
        adults.exists()
    )  # who it was, and not only that one was there
    told["recorded.victim_contact"] = all(
        t or v is not None for t, v in zip(tried, views, strict=True)
    )
    told["recorded.victim_views"] = all(
        e or v is not None for e, v in zip(excused, views, strict=True)
    )
    told["recorded.victim_consent"] = all(
        v is not None and v.position == "agree" and v.informed is True for v in views
    )
    told["recorded.remedy_choice"] = all(v is not None and v.remedy is not None for v in views)
    return told
