"""What an ordinary case needs next, of what somebody may do in it now."""

from collections.abc import Callable, Collection
from typing import Any, Final

from amends.cases.seeing import Seen
from amends.web.steps import FIRST


def _facts(seen: Seen) -> bool:
    known = {"offence.code", "offence.date", "case.recorded_crime"} <= set(seen.facts)
    if seen.decision is None:
        return not known
    told = any(
        name.partition(".")[0] not in ("admission", "victims") for name in seen.decision["matters"]
    )
    return not known or (seen.decision["answer"] == "not_yet_known" and told)


def _person(seen: Seen) -> bool:
    nobody_hurt = seen.facts.get("victims") == ()
    return seen.suspect is None or not (seen.of("victim") or nobody_hurt)


def _unheard(seen: Seen) -> bool:
    return any(one.view is None and not one.withdrawn for one in seen.of("victim"))


def _takes_part(seen: Seen) -> bool:
    return seen.suspect is not None and seen.suspect.agrees is None


def _records(seen: Seen) -> set[str]:
    decision = seen.decision or {"owed": {}, "unsure_records": {}}
    return {*decision["owed"], *decision["unsure_records"]}


def _owed(seen: Seen) -> bool:
    typed = {"rationale", "full_rationale", "history_check", "remedy_reason", "panel_referral"}
    return bool(typed & _records(seen))


def _answer(seen: Seen) -> str:
    return str(seen.decision["answer"]) if seen.decision else ""


_NEEDS: Final[dict[str, Callable[[Seen], bool]]] = {
    "answer-review": lambda seen: any(getattr(one, "answer", None) is None for one in seen.reviews),
    "facts": lambda seen: seen.case.state == "raised" and _facts(seen),
    "person": lambda seen: seen.case.state == "raised" and _person(seen),
    "admission": lambda seen: seen.admission is None and seen.suspect is not None,
    "takes-part": _takes_part,
    "contact": lambda seen: any(not one.contacts and one.view is None for one in seen.of("victim")),
    "victim-view": _unheard,
    "record": lambda seen: seen.case.state == "raised" and _owed(seen),
    "guidance": lambda seen: "supervisor_consulted" in _records(seen),
    "ask": lambda seen: seen.works and _answer(seen) in ("sergeant", "inspector", "superintendent"),
    "authorise": lambda seen: seen.case.state == "asked" or _answer(seen) == "officer",
    "consequences": lambda seen: seen.notice is None or not seen.notice.understood,
    "agreement": lambda seen: True,
    "done": lambda seen: any(not one.settled for one in seen.items),
    "complete": lambda seen: bool(seen.items) and all(one.settled for one in seen.items),
    "after-breach": lambda seen: seen.case.state == "breached",
    "close": lambda seen: seen.case.state in ("done", "stopped"),
}


def needed(name: str, seen: Any) -> bool:
    """Whether the step *name* is what the case needs."""
    return _NEEDS[name](seen)


def next_step(names: Collection[str], seen: Seen) -> str | None:
    """The first of the steps *names* that the case needs now; None where it waits for somebody else."""
    return next((name for name in FIRST if name in names and needed(name, seen)), None)
