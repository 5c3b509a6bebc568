"""How a process begins and is stopped: its kind, who leads it, who takes part, and who no longer does.

Nothing is done in it any more once it was stopped, or either side has withdrawn.
"""

from amends.accounts.models import User
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing
from amends.cases import texts
from amends.cases.actions.stepping import case_action, step
from amends.cases.hearing import stays_withdrawn
from amends.cases.models import Admission, Case, Conflict, Person
from amends.cases.models.rows import NAME
from amends.restorative import progress, reading
from amends.restorative.actions.asking import going, there
from amends.restorative.models import STOPPED, Facilitator, Leaving, Participant, Process, Stop
from amends.restorative.processes import Role


@case_action("restorative.start")
def start(by: User, case: Case, *, kind: str) -> Process:
    """Begin a process of the newest version of *kind*: refused without an admission, or while one goes on."""
    found = reading.latest(progress.kinds(), kind)
    if found is None:
        names = ", ".join(sorted({name for name, _ in progress.kinds()}))
        raise Refused("RJ-KIND", f"There is no process {kind!r}. There is: {names}.")
    _check_willing(case)
    before = progress.read(Process.objects.filter(case=case)).values()
    if any(not one.over for one in before):
        raise Refused("RJ-ONE", "There is a process in this case that goes on. Stop it first.")
    made = Process.objects.create(
        case=case, by=by, kind=found.id, kind_version=found.version, version=case.version + 1
    )
    step(by, case, "restorative.start", {"kind": found.id, "version": found.version})
    return made


def _check_willing(case: Case) -> None:
    said = Admission.objects.filter(person__case=case).order_by("pk").last()
    if said is None or said.form == "none":
        told = "The person responsible must take responsibility first: record the admission."
        raise Refused("RJ-ADMISSION", told)
    for one in Person.objects.filter(case=case, part__in=("victim", "suspect")):
        if stays_withdrawn(one):
            raise Refused("RJ-WITHDRAWN", f"{one.name} has withdrawn. Ask them anew first.")


@case_action("restorative.appoint")
def appoint(
    by: User, case: Case, *, process: Process, user: User, trained: bool, training: str = ""
) -> Facilitator:
    """Name *user* as one who leads the process: in a role it asks for, trained, and neutral where it must be."""
    now = going(case, process.pk)
    asked = now.kind.facilitators
    role = next((one for one in asked.roles if one in standing(user).roles), None)
    if user.force_id != case.force_id or not user.is_active:
        raise Refused("ACC-NONE", "There is nobody of that name in your force.")
    if role is None:
        told = " or ".join(one.replace("_", " ") for one in asked.roles)
        raise Refused("RJ-LEADER", f"This is led by somebody who is: {told}.")
    if asked.independent and user.pk in (case.officer_id, case.raised_by_id):
        told = "Whoever leads this is neutral, and so not the officer in the case."
        raise Refused("RJ-NEUTRAL", told)
    if Conflict.objects.filter(case=case, user=user).exists():
        raise Refused("ACT-CONFLICT", "They are part of this case, or close to somebody who is.")
    if asked.trained and trained is not True:
        raise Refused("RJ-TRAINED", "Whoever leads this is trained for it. Choose somebody else.")
    if user.pk in now.facilitators:
        raise Refused("RJ-TWICE", "They lead it already.")
    told = texts.text(training, "training", most=NAME, needed=asked.trained)
    made = Facilitator.objects.create(
        process=process, by=by, version=case.version + 1, user=user, role=role, trained=trained,
        training=told,
    )  # fmt: skip
    step(by, case, "restorative.appoint", {"process": process.pk, "user": user.pseudonym})
    return made


@case_action("restorative.add_participant")
def add_participant(
    by: User, case: Case, *, process: Process, role: str, person: Person | None = None,
    name: str = "", under_18: bool | None = None,
) -> Participant:  # fmt: skip
    """Add somebody who takes part: a *person* of the case, or somebody by *name*. A meeting that was set falls.

    *under_18* is not known where nobody says; for a person of the case their date of birth says.
    """
    now = going(case, process.pk)
    found = now.kind.roles.get(role)
    if found is None:
        raise Refused("RJ-ROLE", f"Nobody takes part as {role!r}: {', '.join(now.kind.roles)}.")
    who = _who(case, found, person, name)
    there = [one for one in now.here if one.role == role]
    if found.most is not None and len(there) >= found.most:
        raise Refused("RJ-MOST", f"{found.title}: no more than {found.most} take part.")
    for one in now.here:
        if person is not None and one.person_id == person.pk:
            raise Refused("RJ-TWICE", f"{who} takes part already.")
    made = Participant.objects.create(
        process=process, by=by, version=case.version + 1, role=role, person=person, name=who,
        under_18=under_18,
    )  # fmt: skip
    told = {"process": process.pk, "participant": made.pk, "role": role, "name": who}
    step(by, case, "restorative.add_participant", told)
    return made


def _who(case: Case, role: Role, person: Person | None, name: str) -> str:
    if person is None:
        if role.parts:
            told = f"{role.title}: choose somebody of the case, and record them there first."
            raise Refused("RJ-PERSON", told)
        return texts.text(name, "name", most=NAME)
    of_case = Person.objects.filter(pk=person.pk, case=case).first()
    if of_case is None:
        raise Refused("PER-NONE", "There is no such person in this case.")
    if role.parts and of_case.part not in role.parts:
        told = f"{of_case.name} is {of_case.part.replace('_', ' ')} in this case, and cannot be: {role.title}."
        raise Refused("RJ-PERSON", told)
    return of_case.name


@case_action("restorative.leave")
def leave(by: User, case: Case, *, participant: Participant) -> Leaving:
    """Record that somebody who was to take part no longer does; they owe nobody a reason.

    It is no withdrawal from the case. Without the person responsible there is no process: stop it.
    """
    now, found = there(case, participant)
    if now.side(found) == "responsible":
        told = "Without the person responsible there is no process. Stop it, or record that they withdrew."
        raise Refused("RJ-RESPONSIBLE", told)
    made = Leaving.objects.create(
        process=now.process, by=by, version=case.version + 1, participant=found
    )
    step(by, case, "restorative.leave", {"participant": found.pk})
    return made


@case_action("restorative.stop")
def stop(by: User, case: Case, *, process: Process, reason: str, words: str) -> Stop:
    """Stop the process, for a coded reason and in words. Nothing of it is done any more."""
    now = going(case, process.pk)
    if reason not in STOPPED:
        told = ", ".join(one.replace("_", " ") for one in STOPPED)
        raise Refused("RJ-STOP", f"Choose why it stops: {told}.")
    made = Stop.objects.create(
        process=now.process, by=by, version=case.version + 1, reason=reason,
        words=texts.text(words, "words"),
    )  # fmt: skip
    step(by, case, "restorative.stop", {"process": process.pk, "reason": reason, "words": words})
    return made
