"""Telling a victim or person responsible in writing: the letter fills itself from the case."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils import timezone

from amends.accounts.models import User
from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases import texts
from amends.cases.actions.agreeing import current_actions
from amends.cases.actions.stepping import case_action, step
from amends.cases.deciding import decided
from amends.cases.facts import facts_of
from amends.cases.models import (
    Agreement,
    Authority,
    Case,
    Need,
    Passed,
    Person,
    Told,
    Withdrawal,
)
from amends.notices import tasks
from amends.notices.letters import LANGUAGES, LetterError, addressed
from amends.notices.outbox import OtherMessage
from amends.notices.telling import BadContact, Contact, Telling, tell
from amends.notices.telling import Person as Addressee
from amends.policy import offences
from amends.policy.deciding import State, decide
from amends.policy.rules import Authority as Level

REPLY: Final = dt.timedelta(days=7)
"""How long a victim is given to answer; the limit is ours, and illustrative."""
FOR: Final = {
    "victim_asked": "victim", "victim_told": "victim", "apology_offered": "victim",
    "responsible_told": "suspect", "agreement": "suspect", "withdrawal_received": "",
}  # fmt: skip
"""Whom each letter is for; both where it is empty."""
LABEL: Final = {"victim": "victim", "suspect": "person responsible"}


@case_action("cases.tell")
def tell_in_writing(
    by: User, case: Case, *, person: Person, kind: str, language: str, channel: str, address: str,
    contact: str,
) -> Told:  # fmt: skip
    """Write the letter of *kind* to *person* and put it into the outbox; *contact* is how they can answer.

    Somebody's safe contact goes before *channel* and *address*: whoever hands it over is told what it is.
    """
    found = Person.objects.filter(pk=person.pk, case=case, part__in=("victim", "suspect")).first()
    if found is None or (FOR.get(kind) or found.part) != found.part:
        raise Refused("TELL-WHOM", "That letter is not for them.")
    if kind not in FOR:
        raise Refused("TELL-KIND", f"There is no letter {kind!r}.")
    made = Told.objects.create(person=found, by=by, kind=kind, language=language)
    values = {"contact": texts.text(contact, "contact", most=200), **_values(case, made)}
    queue_letter(by, case, made, contact_of(found, channel, address), values)
    told = {"person": found.pk, "kind": kind, "language": language, "channel": channel}
    step(by, case, "cases.tell", told)
    return made


@case_action("cases.pass_on")
def pass_on(by: User, case: Case, *, task: int, words: str) -> Passed:
    """Record that what lay ready was handed over, or that they were told in another way; *words* say how."""
    open_ones = {one.pk: one for one in tasks.of_case(case.force, case.reference)}
    if task not in open_ones:
        raise Refused(
            "PASS-NONE", "There is nothing here to hand over, or somebody did it already."
        )
    made = Passed.objects.create(case=case, by=by, task=task, words=texts.text(words, "words"))
    tasks.finish(open_ones[task], by=by, at=timezone.now())
    step(by, case, "cases.pass_on", {"task": task, "words": words})
    return made


def queue_letter(
    by: User,
    case: Case,
    made: Told,
    reached: tuple[Contact, Contact | None],
    values: Mapping[str, Any],
) -> None:
    """Write the letter of which *made* is the note, filled with *values*, and put it into the outbox."""
    person, safe = made.person, reached[1]
    who = Addressee(
        label=LABEL[person.part], language=made.language, contact=reached[0], safe_contact=safe
    )
    try:
        name = _greeted(person, made.language)
        filled = {"case": case.reference, "name": name, "officer": str(by), **values}
        tell(
            case.force, case.reference, who, Telling(kind=made.kind, values=filled),
            reference=made.reference, at=timezone.now(),
        )  # fmt: skip
    except (LetterError, OtherMessage) as error:
        raise Refused("TELL-LETTER", f"The letter cannot be written: {error}") from None


def _greeted(person: Person, language: str) -> str:
    """The name by which *person* is greeted: a business by that of whoever speaks for it."""
    if person.kind == "person" or language not in LANGUAGES:
        return person.name
    speaks = Person.objects.filter(speaks_for=person).order_by("pk").last()
    return addressed(language, person.name, speaks.name if speaks else "")


def contact_of(person: Person, channel: str, address: str) -> tuple[Contact, Contact | None]:
    """Where *person* is told: by *channel* at *address*, and their safe contact, which goes before it."""
    safe = Need.objects.filter(person=person, kind="safe_contact").order_by("pk").last()
    try:
        usual = Contact(channel, texts.text(address, "address", most=300))
        return usual, Contact("folder", safe.words) if safe else None
    except BadContact as error:
        raise Refused("TELL-ADDRESS", str(error)) from None


def _values(case: Case, made: Told) -> dict[str, Any]:
    """What the letter says of the case, by its kind."""
    crime = _crime(case)
    things = [one.what for one in current_actions(case)]
    match made.kind:
        case "victim_asked":
            proposed = things or ["say sorry, and do something to put it right"]
            return {
                "crime": crime, "proposed": proposed, "reply_by": today() + REPLY, "if_no": regime(case),
            }  # fmt: skip
        case "victim_told":
            return {"crime": crime, "outcome": _outcome(case), "reasons": _reasons(case)}
        case "responsible_told":
            stands = dict.fromkeys(("changing", "short", "what_next"), _left(case))
            actions = _needed(things)
            return {"offence": crime, "actions": actions, "finish_by": _finish(case), **stands}
        case "agreement":
            if things and _left(case) == "done":
                raise Refused("TELL-LATE", "It is done: there is nothing left to sign.")
            last = Agreement.objects.filter(case=case).order_by("pk").last()
            on = timezone.localtime(last.at).date() if last else today()
            return {"actions": _needed(things), "agreed_on": on, "finish_by": _finish(case)}
        case "withdrawal_received":
            return _withdrawn(case, made.person)
    return {}


def _crime(case: Case) -> str:
    code = facts_of(case, today()).get("offence.code")
    row = offences.published().find(code, today()) if code else None
    if row is None:
        raise Refused("TELL-CRIME", "Record the offence first: the letter says what it is about.")
    return re.sub(r"\s+", " ", row.name).lower()


def _needed(things: list[str]) -> list[str]:
    if not things:
        raise Refused("TELL-EARLY", "Nothing is agreed yet: there is nothing to tell them of.")
    return things


def _left(case: Case) -> str:
    """Whether anything is left to do of what was agreed: `open` or `done`; nobody is sent to court once it is done."""
    if case.state == "closed" and case.outcome != "8":
        raise Refused("TELL-LATE", "The case was closed in another way than they agreed to.")
    return "done" if case.state in ("done", "closed") else "open"


def _finish(case: Case) -> dt.date:
    return max((one.due for one in current_actions(case)), default=today())


def _outcome(case: Case) -> str:
    found = {
        "agreed": "going_ahead",
        "authorised": "going_ahead",
        "breached": "not_done",
        "done": "done",
    }
    if case.state == "closed":
        return "done" if case.outcome == "8" else "stopped"
    if case.state not in (*found, "stopped"):
        raise Refused("TELL-EARLY", "Nothing is decided yet: there is nothing to tell them of.")
    return found.get(case.state, "stopped")


def _reasons(case: Case) -> str:
    last = Authority.objects.filter(case=case).order_by("pk").last()
    return last.reasons if last else "Somebody decided not to take part."


def _withdrawn(case: Case, person: Person) -> dict[str, Any]:
    last = Withdrawal.objects.filter(person=person).order_by("pk").last()
    if last is None:
        raise Refused("TELL-EARLY", "They have not withdrawn.")
    next_ = "responsible"
    if person.part == "victim":
        next_ = "victim_consent_required" if regime(case) == "consent_required" else "victim_heard"
    return {"said_on": timezone.localtime(last.at).date(), "what_next": next_}


def regime(case: Case) -> str:
    """What a victim's no would mean by the policy of today, found by asking it: the three regimes.

    `consent_required` (then nobody may allow it), `consent_or_override` (a higher rank may) or `consult_only`.
    """
    decision, _ = decided(case, today())
    no = {"kind": "person", "position": "disagree", "informed_consent": False}
    asked = decide({**decision.facts, "victims": (no,)}, decision.ruleset)
    raised = [
        one.rule.allow
        for one in asked.findings
        if one.state is State.RAISED and any(name.startswith("victims") for name in one.rule.facts)
    ]
    highest = max(raised, default=Level.OFFICER)
    if highest is Level.NOBODY:
        return "consent_required"
    return "consent_or_override" if highest > Level.OFFICER else "consult_only"
