"""The policy of the day applied to a case: the decision, and the document that is kept of it."""

import datetime as dt
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final

from amends.accounts.refusals import Refused
from amends.cases.facts import facts_of
from amends.cases.models import Case
from amends.policy import completing, offences
from amends.policy.deciding import Decision, decide
from amends.policy.documents import Caveats, document, dumps
from amends.policy.facts import FactError
from amends.policy.library import NoPolicy, published
from amends.policy.outside import check_inside
from amends.policy.rules import Authority, PolicyError

WHO: Final = {
    Authority.OFFICER: "the officer in the case",
    Authority.SERGEANT: "a Sergeant",
    Authority.INSPECTOR: "an Inspector",
    Authority.SUPERINTENDENT: "a Superintendent",
}


def decided(
    case: Case, on: dt.date, given: Mapping[str, Any] | None = None
) -> tuple[Decision, str]:
    """The decision on *case* by the policy of the day *on*, and its document.

    *given* are its facts on that day, if they are at hand. Raises Refused where no policy covers the
    day, or a fact cannot be used.
    """
    try:
        rules = published().in_force(case.force_id, on)
    except (NoPolicy, PolicyError) as error:
        raise Refused("DEC-POLICY", f"No policy decides this: {error}") from None
    table = offences.published()
    try:
        given = facts_of(case, on) if given is None else given
        facts = completing.complete(given, table, on, place=case.reference)
        check_inside(facts, case.reference)
    except FactError as error:
        raise Refused("DEC-FACT", f"A fact of this case cannot be used. {error}") from None
    decision = decide(facts, rules)
    missing = published().not_held(case.force_id, rules)
    made = document(
        decision,
        force=case.force_id,
        on=on,
        made_by=f"amends {version('amends')}",
        told=completing.told(given, facts, table, on),
        caveats=Caveats(notices=[missing] if missing else []),
    )
    return decision, dumps(made)


def check_allowed(decision: Decision) -> None:
    """Refuse where nobody may allow it, or where what is not known might change who may."""
    if decision.answer is Authority.NOBODY:
        asked = "; ".join(found.rule.because for found in decision.reasons[:3])
        raise Refused("DEC-NOBODY", f"Nobody may allow this as a community resolution. {asked}")
    if decision.answer is Authority.NOT_YET_KNOWN:
        asked = " ".join(found.rule.ask for found in decision.reasons[:3])
        raise Refused("DEC-UNKNOWN", f"It is not yet known who may allow this. First: {asked}")


def check_recorded(decision: Decision) -> None:
    """Refuse while something is not recorded that the policy asks for."""
    owed = {**decision.owed, **decision.unsure_records}
    if owed:
        told = ", ".join(sorted(name.replace("_", " ") for name in owed))
        raise Refused("DEC-RECORD", f"The policy asks for these to be recorded first: {told}.")
