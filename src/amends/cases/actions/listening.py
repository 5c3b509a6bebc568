"""What the person responsible and the victims said: admission, agreement, contact, views, withdrawal."""

import datetime as dt

from amends.accounts.models import User
from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases import remedies, texts
from amends.cases.actions.stepping import case_action, moment, person_of, step, suspect_of
from amends.cases.hearing import last_said
from amends.cases.models import (
    Admission,
    Case,
    Invitation,
    NotConsulted,
    OffenderSays,
    Person,
    VictimContact,
    VictimView,
    Withdrawal,
)
from amends.cases.models.people import (
    CHANNELS,
    FORMS,
    METHODS,
    POSITIONS,
    REACHED,
    REASONS,
)
from amends.cases.models.rows import LANGUAGE


@case_action("cases.admission")
def record_admission(
    by: User, case: Case, *, form: str, words: str, where: str, said_at: dt.datetime,
    cautioned: bool | None = None, advice_offered: bool | None = None,
) -> Admission:  # fmt: skip
    """Record what the suspect said, in the words used; what nobody noted is not known."""
    suspect = suspect_of(case)
    _one_of(form, FORMS, "ADM-FORM")
    made = Admission.objects.create(
        person=suspect, by=by, form=form, words=texts.text(words, "words"),
        where=texts.text(where, "where", most=120), said_at=moment(case, said_at, "said_at"),
        cautioned=cautioned, advice_offered=advice_offered,
    )  # fmt: skip
    step(
        by,
        case,
        "cases.admission",
        {"form": form, "words": words, "where": where, "said_at": said_at},
    )
    return made


@case_action("cases.withdraw_admission")
def withdraw_admission(by: User, case: Case, *, words: str, said_at: dt.datetime) -> Admission:
    """Record that the suspect no longer admits it: there can be no community resolution on it."""
    made = Admission.objects.create(
        person=suspect_of(case), by=by, form="none", words=texts.text(words, "words"),
        where="", said_at=moment(case, said_at, "said_at"),
    )  # fmt: skip
    step(by, case, "cases.withdraw_admission", {"words": words, "said_at": said_at})
    return made


@case_action("cases.offender_agrees")
def record_offender(
    by: User, case: Case, *, agrees: bool, words: str, appropriate_adult_there: bool | None = None
) -> OffenderSays:
    """Record whether the person responsible agrees to take part."""
    suspect = suspect_of(case)
    own_words(by, suspect)
    made = OffenderSays.objects.create(
        person=suspect, by=by, agrees=agrees, words=texts.text(words, "words"),
        appropriate_adult_there=appropriate_adult_there,
    )  # fmt: skip
    told = {"agrees": agrees, "words": words, "adult": appropriate_adult_there}
    step(by, case, "cases.offender_agrees", told)
    return made


@case_action("cases.contact")
def record_contact(
    by: User, case: Case, *, victim: Person, method: str, result: str, tried_at: dt.datetime
) -> VictimContact:
    """Record an attempt to reach a victim, and what came of it."""
    found = person_of(case, victim, "victim")
    _one_of(method, METHODS, "VIC-METHOD")
    _one_of(result, REACHED, "VIC-RESULT")
    made = VictimContact.objects.create(
        person=found,
        by=by,
        method=method,
        result=result,
        tried_at=moment(case, tried_at, "tried_at"),
    )
    told = {"victim": found.pk, "method": method, "result": result, "tried_at": tried_at}
    step(by, case, "cases.contact", told)
    return made


@case_action("cases.victim_view")
def record_view(
    by: User, case: Case, *, victim: Person, position: str, words: str, wording: str, channel: str,
    language: str, informed: bool | None = None, remedy: str | None = None, witness: str = "",
    said_by: Person | None = None,
) -> VictimView:  # fmt: skip
    """Record what a victim said, in the wording they were asked in. A change of mind is a new row.

    A business or public body, and a child, may be spoken for by *said_by*; a business must be.
    """
    found = person_of(case, victim, "victim")
    own_words(by, found)
    _one_of(position, POSITIONS, "VIC-POSITION")
    _one_of(channel, CHANNELS, "VIC-CHANNEL")
    if position in ("agree", "disagree"):
        texts.text(words, "words")
    if position == "not_contactable" and not VictimContact.objects.filter(person=found).exists():
        raise Refused("VIC-TRIED", "Record when and how you tried to reach them first.")
    _check_speaker(case, found, said_by)
    _check_remedy(case, remedy)
    made = VictimView.objects.create(
        person=found, by=by, position=position, words=texts.text(words, "words", needed=False),
        wording=texts.text(wording, "wording", most=20), channel=channel,
        language=texts.text(language, "language", most=LANGUAGE), informed=informed, remedy=remedy,
        witness=texts.text(witness, "witness", most=120, needed=False), said_by=said_by,
    )  # fmt: skip
    told = {
        "victim": found.pk, "position": position, "words": words, "informed": informed,
        "remedy": remedy, "wording": wording, "channel": channel, "language": language,
    }  # fmt: skip
    step(by, case, "cases.victim_view", told)
    return made


def _check_remedy(case: Case, remedy: str | None) -> None:
    names = remedies.listed(case.force, today())
    if remedy and names is not None and remedy not in names:
        raise Refused(
            "VIC-REMEDY", f"That is not on the list of today. There is: {'; '.join(names)}."
        )


def _check_speaker(case: Case, victim: Person, said_by: Person | None) -> None:
    if said_by is not None:
        if said_by.case_id != case.pk or said_by.speaks_for_id != victim.pk:
            raise Refused("VIC-SPEAKER", "They do not speak for this victim. Record that first.")
    elif victim.kind != "person":
        raise Refused("VIC-SPEAKER", "Say who spoke for the business or public body.")


@case_action("cases.not_consulted")
def record_not_consulted(
    by: User, case: Case, *, victim: Person, reason: str, words: str
) -> NotConsulted:
    """Record why a victim was not consulted; it takes the place of no view, and is counted."""
    found = person_of(case, victim, "victim")
    _one_of(reason, REASONS, "VIC-REASON")
    if VictimView.objects.filter(person=found).exists():
        raise Refused("VIC-ASKED", "They have said what they think: it stands in the case.")
    made = NotConsulted.objects.create(
        person=found, by=by, reason=reason, words=texts.text(words, "words")
    )
    step(by, case, "cases.not_consulted", {"victim": found.pk, "reason": reason, "words": words})
    return made


@case_action("cases.withdraw")
def withdraw(by: User, case: Case, *, person: Person, words: str = "") -> Withdrawal:
    """Record that the victim or the person responsible withdrew: everything stops, at any time before closing."""
    found = Person.objects.filter(pk=person.pk, case=case, part__in=("victim", "suspect")).first()
    if found is None:
        raise Refused("PER-NONE", "There is no such victim or person responsible in this case.")
    own_words(by, found)
    side = "victim" if found.part == "victim" else "offender"
    made = Withdrawal.objects.create(
        person=found, by=by, side=side, state=case.state,
        words=texts.text(words, "words", needed=False), said_before=last_said(found),
    )  # fmt: skip
    step(by, case, "cases.withdraw", {"person": found.pk, "side": side, "words": words})
    return made


def own_words(by: User, person: Person) -> None:
    """Refuse where *by* acts by the link of somebody else: nobody speaks for another by a link."""
    if Invitation.objects.filter(user=by).exclude(person=person).exists():
        raise Refused("LINK-OTHER", "This link is for somebody else.")


def _one_of(value: str, allowed: tuple[str, ...], code: str) -> None:
    if value not in allowed:
        names = ", ".join(name.replace("_", " ") for name in allowed)
        raise Refused(code, f"This cannot be chosen here: {value!r}. There is: {names}.")
