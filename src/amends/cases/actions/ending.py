"""How a case ends: complete, closed with an outcome, no crime after all, reopened; and how long it is kept."""

import datetime as dt
from typing import Final

from amends.accounts.models import User
from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases import texts
from amends.cases.actions.agreeing import current_actions, is_complete, is_settled
from amends.cases.actions.stepping import case_action, step
from amends.cases.deciding import check_allowed, check_recorded, decided
from amends.cases.facts import facts_of
from amends.cases.lifecycle import OUTCOME_8_FROM
from amends.cases.models import (
    Authority,
    Case,
    Closure,
    Person,
    Record,
    Retention,
    ReviewAsked,
    Step,
)
from amends.cases.models.deciding import GROUNDS, GROUPS
from amends.cases.models.erasing import erase_rows
from amends.cases.outcomes import COMMUNITY_RESOLUTION, outcomes
from amends.cases.retention import earliest_erasure, earliest_review, periods
from amends.ledger import erasing
from amends.ledger.models import Entry
from amends.notices.outbox import erase_case as erase_messages

_ENDINGS: Final = ("cases.close", "cases.non_crime", "cases.take_in")
"""What ends a case."""
_UNLESS: Final = "unless a court or a right upheld says otherwise."


@case_action("cases.complete")
def complete(by: User, case: Case, *, words: str) -> Record:
    """Record that everything agreed was done, and how that is known; refused where all of it was waived."""
    left = [one.what for one in current_actions(case) if not is_settled(one)]
    if left:
        raise Refused("END-LEFT", f"This is still to be done: {'; '.join(left)}.")
    if not is_complete(case):
        told = "All of it was waived, so nothing was carried out. Record a breach, and what follows it."
        raise Refused("END-NOTHING", told)
    made = Record.objects.create(
        case=case, by=by, kind="completion", words=texts.text(words, "words")
    )
    step(by, case, "cases.complete", {"words": words})
    return made


@case_action("cases.close")
def close(by: User, case: Case, *, outcome: str, reasons: str) -> Closure:
    """Close a case with an outcome type of today.

    As Outcome 8 only when everything agreed was done, somebody allowed it who could, and everything is
    recorded that the policy they decided by asks for.
    """
    found = outcomes().get(outcome)
    if found is None or not found.holds_on(today()):
        raise Refused("END-CODE", f"No outcome type {outcome!r} may be given today.")
    if ReviewAsked.objects.filter(person__case=case, answer__isnull=True).exists():
        told = "Somebody asks for it to be looked at again. Whoever decided nothing in it answers them first."
        raise Refused("END-REVIEW", told)
    if outcome == COMMUNITY_RESOLUTION:
        _check_resolution(case)
    elif case.state == OUTCOME_8_FROM:
        told = "Everything agreed was done: close it as a community resolution, Outcome 8."
        raise Refused("END-DONE", told)
    made = Closure.objects.create(
        case=case, by=by, outcome=outcome, on=today(), reasons=texts.text(reasons, "reasons")
    )
    case.outcome = outcome
    step(by, case, "cases.close", {"outcome": outcome, "reasons": reasons})
    return made


def _check_resolution(case: Case) -> None:
    if case.state != OUTCOME_8_FROM:
        told = "Outcome 8 is for a resolution that was carried out. Record first that it was."
        raise Refused("END-TURN", told)
    if facts_of(case, today()).get("case.recorded_crime") is not True:
        told = (
            "Outcome 8 is for a recorded crime. Record that it is one, or close it as an incident."
        )
        raise Refused("END-CRIME", told)
    given = Authority.objects.filter(case=case, given=True).order_by("pk").last()
    if given is None:
        raise Refused("END-AUTHORITY", "Nobody has allowed this as a community resolution.")
    decision, _ = decided(case, given.decision.on)
    check_allowed(decision)
    if given.authority < decision.answer:
        raise Refused("END-AUTHORITY", "What is now known takes a higher rank to allow: ask again.")
    check_recorded(decision)


@case_action("cases.reopen")
def reopen(by: User, case: Case, *, reasons: str) -> Record:
    """Reopen a closed case: what was decided stays, and it must be decided anew."""
    made = Record.objects.create(
        case=case, by=by, kind="note", words=texts.text(reasons, "reasons")
    )
    case.outcome = ""
    step(by, case, "cases.reopen", {"reasons": reasons})
    return made


@case_action("cases.non_crime")
def no_crime(by: User, case: Case, *, reasons: str) -> Closure:
    """Record that it was an incident and no crime: it is counted apart, and has no outcome type."""
    if facts_of(case, today()).get("case.recorded_crime") is True:
        told = (
            "It is held to be a recorded crime. Put that right first, or give it an outcome type."
        )
        raise Refused("END-CRIME", told)
    made = Closure.objects.create(
        case=case, by=by, outcome="", on=today(), reasons=texts.text(reasons, "reasons")
    )
    step(by, case, "cases.non_crime", {"reasons": reasons})
    return made


@case_action("cases.erase")
def erase(by: User, case: Case) -> Case:
    """Erase everything the case holds, after a review whose day has come: what was done and when stays.

    The rows go, and the payloads of the ledger with them; every proof still verifies. Refused before the
    period of its group is over, but for a coded ground, and where it ended again since the review was set.
    """
    review = Retention.objects.filter(case=case).order_by("pk").last()
    if review is None:
        raise Refused("RET-NONE", "Set first how long this case is kept, and when it is reviewed.")
    if review.review_on > today():
        raise Refused("RET-EARLY", f"It is kept until its review on {review.review_on:%-d %B %Y}.")
    if _last_step(case, *_ENDINGS) > _last_step(case, "cases.retention"):
        told = "It was reopened, and ended again, since that was set. Set how long it is kept anew."
        raise Refused("RET-AGAIN", told)
    if not review.ground:
        _check_period(case, review.group)
    erase_rows(case)
    erase_messages(case.force, case.reference)
    held = Entry.objects.filter(force=case.force_id, case=case.reference, kept__isnull=False)
    for entry in held.exclude(kind__startswith="ledger."):
        erasing.erase(entry, by=by.pseudonym, reason="retention-review")
    step(by, case, "cases.erase", {"group": review.group})
    return case


def _last_step(case: Case, *commands: str) -> int:
    """The version at which one of *commands* was last done; 0 if never."""
    last = Step.objects.filter(case=case, command__in=commands).order_by("version").last()
    return 0 if last is None else last.version


def _check_period(case: Case, group: str) -> None:
    """Refuse to erase before the period of *group* is over, counted from the last end of the case."""
    suspect = Person.objects.filter(case=case, part="suspect").first()
    first = earliest_erasure(group, _ended(case), suspect.born if suspect else None)
    if first is None or first > today():
        age = f"they are {periods()[group].until_age}, and when they were born is not known"
        until = age if first is None else f"{first:%-d %B %Y}"
        told = f"A case of group {group} is kept at least until {until}"
        raise Refused("RET-SOON", f"{told} ({periods()[group].confidence}), {_UNLESS}")


def _ended(case: Case) -> dt.date:
    """The day on which *case* last ended."""
    last = Closure.objects.filter(case=case).order_by("pk").last()
    return today() if last is None else last.on


@case_action("cases.retention")
def set_retention(
    by: User, case: Case, *, group: str, review_on: dt.date, reasons: str, ground: str = ""
) -> Retention:
    """Say in which group a case is kept, and when that is to be looked at again.

    That is no sooner than the period of its group after it ended, but for a coded *ground*.
    """
    if group not in GROUPS:
        raise Refused("RET-GROUP", "The groups are 1, 2, 3 and 4.")
    if review_on < today():
        raise Refused("RET-DAY", "The review is today or on a day to come.")
    if ground and ground not in GROUNDS:
        raise Refused("RET-GROUND", f"No ground {ground!r} is coded.")
    first = earliest_review(group, _ended(case))
    if review_on < first and not ground:
        told = f"A case of group {group} is kept at least until {first:%-d %B %Y}"
        raise Refused("RET-SOON", f"{told} ({periods()[group].confidence}), {_UNLESS}")
    made = Retention.objects.create(
        case=case, by=by, group=group, review_on=review_on, ground=ground,
        reasons=texts.text(reasons, "reasons"),
    )  # fmt: skip
    told_of = {"group": group, "review_on": review_on, "ground": ground, "reasons": reasons}
    step(by, case, "cases.retention", told_of)
    return made
