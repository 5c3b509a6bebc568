"""What comes before a meeting: each prepared apart, both stages of risk signed, and only then a day.

Whoever signs one of these leads the process.
"""

import datetime as dt

from django.utils import timezone

from amends.accounts.models import User
from amends.accounts.refusals import Refused
from amends.cases import texts
from amends.cases.actions.stepping import case_action, step
from amends.cases.models import Case
from amends.restorative import processes, progress
from amends.restorative.actions.asking import going, leads, there
from amends.restorative.models import (
    PLACE,
    REARRANGED,
    Meeting,
    Participant,
    Preparation,
    Process,
    RiskAssessment,
)
from amends.restorative.processes import Kind
from amends.restorative.progress import Progress

LATEST = dt.timedelta(days=366)
"""A meeting further off than a year is a slip of the pen."""


@case_action("restorative.prepare")
def prepare(
    by: User, case: Case, *, participant: Participant, willing: bool, words: str
) -> Preparation:
    """Sign that one participant was prepared, apart from the others, and whether they are willing."""
    now, found = there(case, participant)
    leads(by, now)
    made = Preparation.objects.create(
        process=now.process, by=by, version=case.version + 1, participant=found, willing=willing,
        words=texts.text(words, "words"),
    )  # fmt: skip
    told = {"participant": found.pk, "willing": willing, "words": words}
    step(by, case, "restorative.prepare", told)
    return made


@case_action("restorative.assess")
def assess(
    by: User, case: Case, *, participant: Participant, stage: int, fit: bool, words: str
) -> RiskAssessment:
    """Sign one stage of the risk assessment of one participant: the second only after the first.

    A first stage that is signed anew asks for the second anew. What is not *fit* takes away a meeting.
    """
    now, found = there(case, participant)
    leads(by, now)
    if stage not in processes.STAGES:
        raise Refused("RJ-STAGE", "There are two stages: 1 and 2.")
    party = next(one for one in now.parties if one.number == found.pk)
    if stage == 2 and party.risk[1] is None:
        raise Refused("RJ-STAGE", "The first stage comes before the second: sign it first.")
    if stage == 2 and party.risk[1] is False:
        told = (
            "The first stage says that it cannot be managed: stop, or assess that one anew first."
        )
        raise Refused("RJ-STAGE", told)
    made = RiskAssessment.objects.create(
        process=now.process, by=by, version=case.version + 1, participant=found, stage=stage,
        fit=fit, words=texts.text(words, "words"),
    )  # fmt: skip
    told_of = {"participant": found.pk, "stage": stage, "fit": fit, "words": words}
    step(by, case, "restorative.assess", told_of)
    return made


@case_action("restorative.set_meeting")
def set_meeting(
    by: User, case: Case, *, process: Process, on: dt.datetime, place: str, rearranged: str = ""
) -> Meeting:
    """Set the day and place, or set them anew for a coded reason.

    Refused, with the code of the first thing missing, until each party's preparation and both stages of
    risk are signed, they are willing, and it is fit.
    """
    now = going(case, process.pk)
    leads(by, now)
    if left := now.missing:
        more = f" {len(left) - 1} more things are to be done." if len(left) > 1 else ""
        raise Refused(left[0].code, f"{left[0].sentence}{more}")
    _check_day(now.kind, on)
    _check_anew(now, rearranged)
    made = Meeting.objects.create(
        process=process, by=by, version=case.version + 1, on=on, rearranged=rearranged,
        place=texts.text(place, "place", most=PLACE),
    )  # fmt: skip
    told = {"process": process.pk, "on": on, "place": place, "rearranged": rearranged}
    step(by, case, "restorative.set_meeting", told)
    return made


def _check_anew(now: Progress, rearranged: str) -> None:
    if rearranged and (now.last_meeting is None or rearranged not in REARRANGED):
        raise Refused("RJ-ANEW", f"No reason {rearranged!r} for another day can be given here.")
    if now.last_meeting is not None and not rearranged:
        told = ", ".join(one.replace("_", " ") for one in REARRANGED)
        raise Refused("RJ-ANEW", f"A day was set before. Say why it is set anew: {told}.")


def _check_day(kind: Kind, on: dt.datetime) -> None:
    if on.tzinfo is None:
        raise texts.BadValue("DAY-ZONE", "on", "Give the time with its time zone.")
    now = timezone.now()
    day, today = progress.day_of(on), progress.day_of(now)
    if on > now + LATEST:
        raise Refused("RJ-DAY", "That is more than a year from now: check the year.")
    if kind.meeting.how == "at_once" and day != today:
        raise Refused("RJ-DAY", "This is settled at once: it is today, or it is another process.")
    if kind.meeting.how == "indirect" and day < today:
        raise Refused("RJ-DAY", "Choose today or a day to come.")
    if kind.meeting.how == "planned" and on <= now:
        raise Refused("RJ-DAY", "Choose a time to come.")
