"""Raising a case, and what is known of it: circumstances, people, needs, tasks, links and notes."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Min
from django.utils import timezone

from amends.accounts.acting import opening
from amends.accounts.models import User
from amends.accounts.permissions import check
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing
from amends.cases import texts
from amends.cases.actions.stepping import (
    case_action,
    day,
    first_step,
    offence_day,
    refusing,
    step,
)
from amends.cases.facts import may_be_typed
from amends.cases.models import (
    Admission,
    Assignment,
    Case,
    Circumstance,
    Conflict,
    Link,
    NameKey,
    Need,
    Person,
    Record,
    Share,
    Told,
    VictimContact,
)
from amends.cases.models.case import LINKS, TASKS
from amends.cases.models.people import KINDS, NEEDS, PARTS
from amends.cases.sounding import keys
from amends.ledger import book
from amends.notices.outbox import take_back
from amends.policy import offences
from amends.policy.facts import FactError, catalogue

_AGAINST: Mapping[str, tuple[str, ...]] = {
    "victim": ("suspect",),
    "suspect": ("victim", "appropriate_adult", "speaks_for"),
    "appropriate_adult": ("suspect", "victim"),
    "speaks_for": ("suspect",),
}
"""Parts that one person cannot take in one case, with the part that they ask for."""


def raise_case(by: User, *, key: str, reference: str) -> Case:
    """A new case in the force of *by*, who holds it. The reference is the force's own, and names nobody."""
    check(standing(by).roles, "cases.raise", {"same_force"} if by.force else {"other_force"})
    force = by.force
    assert force is not None

    def body() -> Case:
        with refusing():
            texts.text(reference, "reference", most=60)
            if Case.objects.filter(force=force, reference=reference).exists():
                raise Refused("CASE-TWICE", "There is already a case with this reference. Open it.")
            case = Case.new(force, reference, by)
            case.save()
            first_step(by, case, {"reference": reference})
            return case

    return opening(by, "cases.raise", key, {"reference": reference}, body)


@case_action("cases.offence")
def record_circumstances(by: User, case: Case, *, facts: Mapping[str, Any]) -> Case:
    """Record facts of the case by their names in the catalogue; null where one is known to be absent."""
    if not facts:
        raise Refused("FACT-NONE", "Nothing was filled in.")
    for name in facts:
        if not may_be_typed(name):
            raise Refused("FACT-NAME", f"There is no such fact to be filled in here: {name}.")
    try:
        read = catalogue().read(facts, case.reference)
    except FactError as error:
        raise Refused("FACT-VALUE", str(error)) from None
    _check_facts(case, read)
    for name, value in facts.items():
        Circumstance.objects.create(case=case, by=by, name=name, value=_json(read[name], value))
    step(by, case, "cases.offence", {"facts": {n: _json(read[n], v) for n, v in facts.items()}})
    return case


def _check_facts(case: Case, read: Mapping[str, Any]) -> None:
    code = read.get("offence.code")
    if code is not None and offences.published().find(code) is None:
        raise Refused("FACT-CODE", f"There is no such offence code: {code}. For example 8N or 46.")
    on = read.get("offence.date")
    if on is not None:
        day(on, "offence.date")
        _check_before_what_was_said(case, on)
        born = Person.objects.filter(case=case, born__gt=on).first()
        if born is not None:
            raise Refused("DAY-ORDER", f"{born.name} was not born on the day of the offence.")
    if "victims" in read and (read["victims"] or Person.objects.filter(case=case, part="victim")):
        told = "Record victims as people. Leave this empty only where nobody was harmed."
        raise Refused("FACT-VICTIMS", told)


def _check_before_what_was_said(case: Case, on: dt.date) -> None:
    """Refuse an offence after the day on which somebody is recorded to have spoken of it.

    All that was said without a time of its own, and decided, came after the case was raised.
    """
    said = Admission.objects.filter(person__case=case).aggregate(first=Min("said_at"))["first"]
    tried = VictimContact.objects.filter(person__case=case).aggregate(first=Min("tried_at"))[
        "first"
    ]
    for when, what in (
        (said, "the suspect spoke of it"), (tried, "a victim was called about it"),
        (case.raised_at, "the case was raised"),
    ):  # fmt: skip
        if when is not None and timezone.localtime(when).date() < on:
            told = f"{timezone.localtime(when):%-d %B %Y}"
            raise Refused("DAY-ORDER", f"On {told}, before that day, {what}: check both days.")


def _json(read: Any, given: Any) -> Any:
    return read.isoformat() if isinstance(read, dt.date) else given


@case_action("cases.person")
def add_person(
    by: User, case: Case, *, part: str, kind: str, name: str, born: dt.date | None = None,
    speaks_for: Person | None = None,
) -> Person:  # fmt: skip
    """Record somebody in the case: *born* is not known where it is not given."""
    texts.text(name, "name", most=120)
    _check_part(part, kind, born)
    if born is not None:
        _check_born(case, born)
    _check_once(case, part, name, born)
    if part == "speaks_for" and (speaks_for is None or speaks_for.case_id != case.pk):
        raise Refused("PER-FOR", "Say for whom in this case they speak.")
    if speaks_for is not None and (part != "speaks_for" or speaks_for.part != "victim"):
        told = "Only a victim is spoken for, by somebody recorded as speaking for them."
        raise Refused("PER-FOR", told)
    made = Person.objects.create(
        case=case, by=by, part=part, kind=kind, name=name, born=born, speaks_for=speaks_for
    )
    NameKey.objects.bulk_create(NameKey(person=made, key=key) for key in sorted(keys(name)))
    step(
        by,
        case,
        "cases.person",
        {"person": made.pk, "part": part, "kind": kind, "name": name, "born": born},
    )
    return made


def _check_part(part: str, kind: str, born: dt.date | None) -> None:
    if part not in PARTS:
        raise Refused("PER-PART", f"Nobody can take the part {part!r} in a case.")
    if kind not in KINDS:
        raise Refused(
            "PER-KIND",
            f"It is said to be {kind!r}, which is neither a person, a business nor a public body.",
        )
    if kind != "person" and (born is not None or part != "victim"):
        raise Refused("PER-KIND", "A business can only be the victim, and has no date of birth.")


def _check_once(case: Case, part: str, name: str, born: dt.date | None) -> None:
    """Refuse somebody who is in the case already in a part that does not go with this one."""
    for one in Person.objects.filter(case=case, part__in=_AGAINST.get(part, ())):
        if texts.same_name(one.name, name) and (one.born == born or None in (one.born, born)):
            raise Refused(
                "PER-BOTH",
                f"One person cannot be both: {name} is here already, as {one.part.replace('_', ' ')}.",
            )
    for one in Person.objects.filter(case=case, part=part):
        if part in ("victim", "suspect") and texts.same_name(one.name, name) and one.born == born:
            raise Refused("PER-TWICE", f"{name} is recorded as the {part} already.")
    if part == "suspect" and Person.objects.filter(case=case, part="suspect").exists():
        raise Refused("PER-ONE", "One case is about one person. Raise another case, and link them.")


def _check_born(case: Case, born: dt.date) -> None:
    day(born, "born")
    on = offence_day(case)
    if on is not None and born > on:
        raise Refused("DAY-ORDER", "They were not born on the day of the offence: check both days.")


@case_action("cases.needs")
def add_need(by: User, case: Case, *, person: Person, kind: str, words: str) -> Need:
    """Record what somebody needs; a safe contact beats every template."""
    texts.text(words, "words", most=500)
    if person.case_id != case.pk:
        raise Refused("PER-NONE", "There is no such person in this case.")
    if kind not in NEEDS:
        raise Refused("PER-NEED", f"No need {kind!r} can be recorded.")
    made = Need.objects.create(person=person, by=by, kind=kind, words=words)
    if kind == "safe_contact":
        _nothing_goes_elsewhere(person)
    step(by, case, "cases.needs", {"person": person.pk, "kind": kind, "words": words})
    return made


def _nothing_goes_elsewhere(person: Person) -> None:
    """What waits for *person* does not go where it was to go before their safe contact was known."""
    written = Told.objects.filter(person=person).select_related("person__case")
    why = "a safe contact was recorded after it was written."
    take_back([one.reference for one in written], why=why, at=timezone.now())


@case_action("cases.note")
def note(by: User, case: Case, *, words: str) -> Record:
    """Write a note."""
    made = Record.objects.create(case=case, by=by, kind="note", words=texts.text(words, "words"))
    step(by, case, "cases.note", {"words": words})
    return made


@case_action("cases.assign")
def assign(by: User, case: Case, *, user: User, task: str) -> Assignment:
    """Give a task in the case to *user*, who may be of any rank and must be of the force."""
    if user.force_id != case.force_id or not user.is_active:
        raise Refused("ACC-NONE", "There is nobody of that name in your force.")
    if task not in TASKS:
        raise Refused("CASE-TASK", f"No task {task!r} can be given.")
    if Conflict.objects.filter(case=case, user=user).exists():
        raise Refused("ACT-CONFLICT", "They are part of this case, or close to somebody who is.")
    made = Assignment.objects.create(case=case, by=by, user=user, task=task)
    step(by, case, "cases.assign", {"user": user.pseudonym, "task": task})
    return made


@case_action("cases.link")
def link(by: User, case: Case, *, other: Case, kind: str) -> Link:
    """Link the case to another of the same force."""
    if other.force_id != case.force_id:
        raise Refused("ACT-NONE", "There is no such case or person in your force.")
    if other.pk == case.pk:
        raise Refused("CASE-SELF", "A case is not linked to itself.")
    if kind not in LINKS:
        raise Refused(
            "CASE-LINK",
            f"Cases are not linked as {kind!r}.",
        )
    made = Link.objects.create(case=case, by=by, other=other, kind=kind)
    step(by, case, "cases.link", {"other": other.reference, "kind": kind})
    return made


@case_action("cases.share")
def share(by: User, case: Case, *, with_whom: str, reason: str) -> Share:
    """Share the case with somebody outside; never once somebody has withdrawn."""
    texts.text(with_whom, "with_whom", most=120)
    texts.text(reason, "reason", most=500)
    made = Share.objects.create(case=case, by=by, with_whom=with_whom, reason=reason)
    step(by, case, "cases.share", {"with": with_whom, "reason": reason})
    return made


def declare_conflict(by: User, case: Case, *, key: str, reason: str) -> Conflict:
    """Say that one is part of a case, or close to somebody who is: from then on one may do nothing in it."""

    def body() -> Conflict:
        row = Case.objects.select_for_update().get(pk=case.pk)
        check(standing(by).roles, "cases.conflict", row.relations_of(by))
        if row.state == "erased":
            raise Refused("CASE-ERASED", "Nothing is kept of this case any more.")
        with refusing():
            texts.text(reason, "reason", most=300)
            made = Conflict.objects.create(case=case, by=by, user=by, reason=reason)
            book.enter(
                force=case.force_id, case=case.reference, kind="cases.conflict", by=by.pseudonym,
                payload={"reason": reason},
            )  # fmt: skip
            return made

    return opening(by, "cases.conflict", key, {"case": case.pk, "reason": reason}, body)
