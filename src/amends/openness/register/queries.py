"""The register as lists: only what somebody may see; the disclosure log; and what may have been answered already."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from django.db.models import QuerySet

from amends.accounts.models import User
from amends.accounts.permissions import NOWHERE, check, table
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing
from amends.openness.answered_folder import AnswerFolder
from amends.openness.clock import ANSWER
from amends.openness.register import answers
from amends.openness.register.log import entries
from amends.openness.register.models import (
    CHANNELS,
    Attached,
    LogEntry,
    Request,
    Requester,
)
from amends.openness.register.reading import Standing, standing_of, standings
from amends.openness.register.saved import saved
from amends.openness.register_events import Life
from amends.openness.register_life import deciders, possible
from amends.openness.register_queue import OVER
from amends.openness.register_words import OUTCOMES, RULINGS

T = TypeVar("T")
VIEW: Final = "openness.view"
HOW: Final = CHANNELS
REVIEWS: Final = OUTCOMES
DECISIONS: Final = RULINGS
PAGE: Final = 50
MOST_TO_DO: Final = 20
MOST_ADDED: Final = 50
DAYS: Final = ANSWER
_WORD: Final = re.compile(r"[a-z]{4,}")
_NEEDED: Final[Mapping[str, str]] = {
    "cleared": "openness.clear", "sent": "openness.send", "published": "openness.publish",
    "review decided": "openness.review", "withdrawal asked": "openness.withdraw",
    "withdrawal dropped": "openness.drop_withdrawal", "withdrawn": "openness.confirm_withdrawal",
}  # fmt: skip


def may_see(user: User) -> bool:
    """Whether *user* may see the register of their force."""
    return user.force_id is not None and table().may(standing(user).roles, VIEW, {"same_force"})


def may_receive(user: User) -> bool:
    """Whether *user* may register a request."""
    return table().may(standing(user).roles, "openness.receive", {"same_force"})


def _check(user: User) -> None:
    check(standing(user).roles, VIEW, {"same_force"} if user.force_id else {"other_force"})


def queue(user: User, number: int = 1) -> list[Standing]:
    """A page of the requests, from 1: those due first, by their day; then what waits; then what is over."""
    _check(user)
    first = (number - 1) * PAGE
    return standings(_queued(user)[first : first + PAGE])


def pages(user: User) -> int:
    """How many pages of the queue there are, at least one."""
    _check(user)
    return max(1, -(-_queued(user).count() // PAGE))


def _queued(user: User) -> QuerySet[Request]:
    return Request.objects.filter(force=user.force_id).order_by("rank", "due", "-pk")


def to_do(user: User) -> tuple[list[Standing], int] | None:
    """The first requests that are not over, for the page of one's own work, and how many; None for who sees none."""
    if not may_see(user):
        return None
    found = _queued(user).filter(rank__lt=OVER)
    return standings(found[:MOST_TO_DO]), found.count()


def find(user: User, number: int) -> Standing:
    """The request of that *number*; refused alike where there is none and where it is another force's."""
    row = Request.objects.filter(pk=number).select_related("refines").first()
    if row is None:
        raise Refused("ACT-NONE", NOWHERE)
    check(standing(user).roles, VIEW, row.relations_of(user))
    return standing_of(row)


def requester(user: User, one: Standing) -> Requester | None:
    """Who asked, for those who answer them alone; None for others, and once erased."""
    may = table().may(standing(user).roles, "openness.handle", one.row.relations_of(user))
    return Requester.objects.filter(request=one.row).first() if may else None


def offered(user: User, one: Standing) -> list[str]:
    """The kinds of event that *user* may have happen next."""
    roles, relations = standing(user).roles, one.row.relations_of(user)
    return [
        kind
        for kind in possible(one.life)
        if table().may(roles, _NEEDED.get(kind, "openness.handle"), relations)
        and not (kind == "cleared" and user.pk in one.life.cleared)
        and not (kind == "review decided" and user.pk in deciders(one.life))
        and not (kind == "scoped" and not saved())
        and not (kind == "withdrawn" and _wanted_by(one.life) == user.pk)
        and not (kind == "withdrawal dropped" and _wanted_by(one.life) != user.pk)
    ]


def _wanted_by(life: Life) -> int | None:
    """Who wants an answer taken back from the log."""
    return None if life.withdrawal is None else life.withdrawal.by


def may_erase(user: User, one: Standing) -> bool:
    """Whether *user* may erase who asked, and there is somebody to be erased."""
    action = "openness.erase_requester"
    may = table().may(standing(user).roles, action, one.row.relations_of(user))
    ended = one.life.over and one.life.due is None
    return may and ended and Requester.objects.filter(request=one.row).exists()


def folders() -> list[str]:
    """The folders of figures that can be attached."""
    return answers.folders()


def attached(one: Standing) -> list[str]:
    """The folders of figures that were taken in for the force that answers, those for this request first."""
    rows = Attached.objects.filter(request__force=one.row.force_id)
    known = set(rows.values_list("folder", flat=True))
    mine = one.row.reference
    return sorted(known & set(folders()), key=lambda each: (not answers.attached(each, mine), each))


def made_ready(one: Standing) -> list[tuple[str, AnswerFolder, bool]]:
    """The answers that `amends answer` made, by folder; whether each was attached to this request, those first."""
    name, known = one.row.reference, set(attached(one))
    return [
        (each, held, answers.attached(each, name))
        for each, held in answers.made_ready(name)
        if each in known
    ]


def draft_of(name: str) -> dict[str, str]:
    """What a draft says that sends the answer in the folder *name*; empty where that holds no letter."""
    found = answers.ready(name)
    if found is None:
        return {"folder": name}
    return {
        "folder": name, "holding": "held", "letter": answers.COVER, "title": found.held.title,
        "restated": found.held.restated,
    }  # fmt: skip


def log(user: User) -> list[LogEntry]:
    """The disclosure log of the force of *user*, the newest first, without what only its own page shows."""
    _check(user)
    return list(entries(user.force_id or "").defer("answer", "refusal", "searched"))


def in_log(one: Standing) -> list[LogEntry]:
    """The answers to the request that are in the disclosure log, the oldest first."""
    return list(LogEntry.objects.filter(request=one.row, withdrawal=None).order_by("pk"))


# --- answered already? ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Already:
    """What may answer a request before work starts (section 21): answers in the log, and saved questions.

    The first `same` of `logged` answered the very question that was chosen for it.
    """

    logged: tuple[LogEntry, ...]
    same: int
    questions: tuple[tuple[str, str], ...]


def already(user: User, one: Standing, *, most: int = 5) -> Already:
    """What may answer *one*: earlier answers to the saved question chosen for it, then those that share its words.

    Words only suggest: a person judges whether it is the same, and chooses the question.
    """
    wanted = set(_WORD.findall(one.asked.lower()))
    rows = [row for row in log(user) if row.request_id != one.row.pk]
    same = [row for row in rows if one.life.question and row.question == one.life.question]
    like = _likeliest(
        wanted, [(f"{row.title} {row.asked}", row) for row in rows if row not in same]
    )
    likely = _likeliest(wanted, [(f"{each.title} {each.asked}", each) for each in saved().values()])
    return Already(
        logged=tuple([*same, *like][:most]), same=len(same[:most]),
        questions=tuple((each.id, each.title) for each in likely[:most]),
    )  # fmt: skip


def questions() -> list[tuple[str, str]]:
    """The saved questions to choose from: id and title."""
    return [(name, one.title) for name, one in saved().items()]


def _likeliest(wanted: set[str], told: list[tuple[str, T]]) -> list[T]:
    """Those whose text shares at least two longer words with *wanted*, the most first."""
    found = [(_shared(wanted, text), each) for text, each in told]
    return [each for score, each in sorted(found, key=lambda pair: -pair[0]) if score >= 2]


def _shared(wanted: set[str], text: str) -> int:
    return len(wanted & set(_WORD.findall(text.lower())))


def estimated(user: User, one: Standing) -> list[tuple[str, str]]:
    """Other requests with an estimate, which may be added to that of *one*: reference and short title."""
    _check(user)
    found = Request.objects.filter(force=user.force_id, events__kind="estimated")
    others = found.exclude(pk=one.row.pk).order_by("-pk").distinct()
    return [(each.row.reference, each.life.subject) for each in standings(others[:MOST_ADDED])]
