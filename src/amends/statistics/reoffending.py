"""Proven re-offending within its windows, and the share not yet re-arrested by a given time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from amends.disclosure.errors import DisclosureError

FOLLOW_UP = 365  # days after the start in which the offence must be committed
PROVEN_BY = 547  # days after the start: the follow-up and a further six months


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The share surviving just after *time*, with Greenwood's standard error."""

    time: float
    surviving: float
    error: float


def proven(start: date, committed: date, proven_on: date | None) -> bool:
    """Whether an offence counts as proven re-offending after *start*.

    *proven_on* is the day of a conviction, caution, reprimand or warning, None where there was none.
    A community resolution is no such event. Source: Ministry of Justice, proven reoffending.
    """
    if proven_on is None:
        return False
    if proven_on < committed:
        raise DisclosureError(f"offence of {committed}", f"is proven on {proven_on}, before it")
    within = 0 < (committed - start).days <= FOLLOW_UP
    return within and (proven_on - start).days <= PROVEN_BY


def kaplan_meier(times: Sequence[float], happened: Sequence[bool]) -> list[Step]:
    """The Kaplan-Meier estimate: one step for each time at which the event happened.

    *times* are in any one unit from each person's start; *happened* is False where the person was
    only followed until then. Raises DisclosureError where their lengths differ or a time is below 0.
    """
    if len(times) != len(happened) or any(not time >= 0 for time in times):
        raise DisclosureError(
            "times", "do not fit", "Each person has one, of 0 or more, and an answer."
        )
    leaving = Counter(times)
    events = Counter(time for time, event in zip(times, happened, strict=True) if event)
    at_risk, surviving, total, steps = len(times), 1.0, 0.0, []
    for time in sorted(leaving):
        count = events[time]
        if count:
            surviving *= 1 - count / at_risk
            total += count / (at_risk * (at_risk - count)) if count < at_risk else 0.0
            steps.append(Step(time=time, surviving=surviving, error=surviving * sqrt(total)))
        at_risk -= leaving[time]
    return steps
