"""The meeting and what follows: who came, what came of it, what they said of it, and what was found later."""

from collections.abc import Sequence

from django.utils import timezone

from amends.accounts.models import User
from amends.accounts.refusals import Refused
from amends.cases import texts
from amends.cases.actions.stepping import case_action, step
from amends.cases.models import Case
from amends.restorative import processes
from amends.restorative.actions.asking import going, held, one_of, there
from amends.restorative.models import (
    NOT_THERE,
    Attendance,
    Feedback,
    FollowUp,
    FollowUpDue,
    Outcome,
    Participant,
    Process,
)
from amends.restorative.progress import Progress, day_of

SCALE = (1, 5)


@case_action("restorative.record_attendance")
def record_attendance(
    by: User, case: Case, *, participant: Participant, came: bool, reason: str = ""
) -> Attendance:
    """Record whether somebody came, or took part from where they were; and a coded reason if not.

    A victim who did not come has refused nothing: their view and their consent stay as they were.
    """
    now, found = there(case, participant)
    meeting = now.meeting
    if meeting is None:
        raise Refused("RJ-NONE-SET", "No meeting is set that stands: set a day first.")
    if meeting.on > timezone.now():
        raise Refused(
            "RJ-EARLY", f"The meeting is on {timezone.localtime(meeting.on):%-d %B %Y at %H:%M}."
        )
    if came == bool(reason) or (not came and reason not in NOT_THERE):
        told = ", ".join(one.replace("_", " ") for one in NOT_THERE)
        raise Refused("RJ-REASON", f"If they did not come, and only then, say why: {told}.")
    if reason == "chose_not_to" and now.side(found) == "victim":
        told = "A victim who does not come has not refused. Choose another reason, or not known; record it if they withdrew."  # noqa: E501
        raise Refused("RJ-NOT-REFUSAL", told)
    made = Attendance.objects.create(
        process=now.process, by=by, version=case.version + 1, meeting=meeting, participant=found,
        came=came, reason=reason,
    )  # fmt: skip
    told_of = {"meeting": meeting.pk, "participant": found.pk, "came": came, "reason": reason}
    step(by, case, "restorative.record_attendance", told_of)
    return made


@case_action("restorative.record_outcome")
def record_outcome(
    by: User, case: Case, *, process: Process, covered: Sequence[str], agreed: bool,
    puts_right: bool | None, words: str,
) -> Outcome:  # fmt: skip
    """Record what came of the meeting: which items of the agenda were gone through, and what was agreed.

    *puts_right* is whether what was agreed seeks to put right the harm; None where nobody can say yet.
    """
    now = going(case, process.pk)
    meeting = now.meeting
    if meeting is None:
        raise Refused("RJ-NONE-SET", "No meeting is set that stands: set a day first.")
    _check_held(now)
    strange = [one for one in covered if one not in now.kind.agenda]
    if strange or not covered or len(set(covered)) != len(covered):
        told = f"Say what was gone through, each once: {', '.join(now.kind.agenda)}."
        raise Refused("RJ-AGENDA", told)
    if puts_right and not agreed:
        raise Refused(
            "RJ-AGREED", "Where nothing was agreed, nothing that was agreed puts it right."
        )
    made = Outcome.objects.create(
        process=process, by=by, version=case.version + 1, meeting=meeting, covered=list(covered),
        agreed=agreed, puts_right=puts_right, words=texts.text(words, "words"),
    )  # fmt: skip
    for number, due in enumerate(now.kind.due(day_of(meeting.on)), start=1):
        FollowUpDue.objects.create(
            process=process, by=by, version=case.version + 1, number=number, due=due
        )
    told_of = {
        "process": process.pk, "covered": list(covered), "agreed": agreed, "puts_right": puts_right,
        "words": words,
    }  # fmt: skip
    step(by, case, "restorative.record_outcome", told_of)
    return made


def _check_held(now: Progress) -> None:
    for one in now.here:
        if one.pk not in now.came:
            raise Refused("RJ-ATTENDANCE", f"Record first whether {one.name} came.")
    came: dict[str, int] = {}
    for one in now.here:
        came[one.role] = came.get(one.role, 0) + now.came[one.pk]
    if left := processes.absent(now.kind, came):
        told = f"Too few came to hold it: {left[0].title.lower()}. Set another day, or stop it."
        raise Refused("RJ-ABSENT", told)


@case_action("restorative.give_feedback")
def give_feedback(
    by: User, case: Case, *, participant: Participant, answers: Sequence[int], words: str = ""
) -> Feedback:
    """Record what a victim or the person responsible said of it afterwards: three answers from 1 to 5."""
    now = held(case, participant.process_id)
    found = one_of(now, participant)
    rule = now.kind.feedback
    if rule is None or now.side(found) not in rule.sides:
        raise Refused("RJ-NOT-ASKED", f"{found.name} is not asked how it was, in this process.")
    least, most = SCALE
    good = all(type(one) is int and least <= one <= most for one in answers)
    if not good or len(answers) != len(rule.questions):
        told = (
            f"Answer each of {len(rule.questions)} questions with a number from {least} to {most}."
        )
        raise Refused("RJ-ANSWERS", told)
    made = Feedback.objects.create(
        process=now.process, by=by, version=case.version + 1, participant=found,
        answers=list(answers), words=texts.text(words, "words", needed=False),
    )  # fmt: skip
    told_of = {"participant": found.pk, "answers": list(answers), "words": words}
    step(by, case, "restorative.give_feedback", told_of)
    return made


@case_action("restorative.follow_up")
def follow_up(by: User, case: Case, *, process: Process, number: int, words: str) -> FollowUp:
    """Record that the follow-up of that *number*, counted from 1, was done, and what was found."""
    now = held(case, process.pk)
    due = now.due
    if not 1 <= number <= len(due):
        raise Refused(
            "RJ-FOLLOW", f"This process has {len(due)} follow-ups, and no number {number}."
        )
    if number in now.followed_up:
        raise Refused("RJ-FOLLOW", "That follow-up is recorded already.")
    made = FollowUp.objects.create(
        process=now.process, by=by, version=case.version + 1, number=number, due=due[number - 1],
        words=texts.text(words, "words"),
    )  # fmt: skip
    told = {"process": process.pk, "number": number, "due": made.due, "words": words}
    step(by, case, "restorative.follow_up", told)
    return made
