"""Restorative processes as lists: only what somebody may see, filtered inside the database."""

import datetime as dt
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from amends.accounts.models import User
from amends.accounts.permissions import NOWHERE, check, table
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing, today
from amends.cases import queries as cases
from amends.cases.models import Case, Step
from amends.cases.queries import MOST, PAGE
from amends.restorative import progress
from amends.restorative.models import (
    NOT_THERE,
    REARRANGED,
    STOPPED,
    Facilitator,
    FollowUp,
    FollowUpDue,
    Meeting,
    Outcome,
    Process,
    Stop,
)
from amends.restorative.processes import Missing
from amends.restorative.progress import Progress

WHY_ABSENT: Final = NOT_THERE
WHY_ANEW: Final = REARRANGED
WHY_STOPPED: Final = STOPPED
"""Coded reasons to choose from."""
VIEW: Final = "restorative.view"


def visible(user: User, action: str = VIEW) -> QuerySet[Process]:
    """The processes on which *user* may do *action*: to see them, unless another is named."""
    return Process.objects.filter(case__in=cases.visible(user, action))


def page(user: User, *, after: int | None = None, size: int = PAGE) -> list[Progress]:
    """The newest processes that *user* may see, and how far each has come; the next page begins *after* an id."""
    rows = visible(user).select_related("case", "by").order_by("-pk")
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(progress.read(rows[: min(max(size, 1), MOST)]).values())


def find(user: User, number: int) -> Progress:
    """How far the process of that *number* has come; refused alike where there is none."""
    row = Process.objects.select_related("case").filter(pk=number).first()
    if row is None:
        raise Refused("ACT-NONE", NOWHERE)
    check(standing(user).roles, VIEW, row.case.relations_of(user))
    return progress.of(row)


def to_do(user: User, number: int) -> list[Missing]:
    """What is still to be done before a meeting of that process can be set: nothing where it is over."""
    found = find(user, number)
    return [] if found.over else found.missing


def leading(user: User, *, size: int = PAGE) -> list[Progress]:
    """The processes that *user* leads and that go on, the oldest first."""
    mine = Exists(Facilitator.objects.filter(process=OuterRef("pk"), user=user))
    rows = visible(user).filter(mine & _goes_on()).select_related("case").order_by("pk")
    return list(progress.read(rows[: min(max(size, 1), MOST)]).values())


def meetings_to_come(user: User, *, size: int = PAGE) -> list[Meeting]:
    """The meetings to come that *user* may see and that stand, the next one first."""
    later = Meeting.objects.filter(process=OuterRef("process"), pk__gt=OuterRef("pk"))
    rows = (
        Meeting.objects.filter(~Exists(later), process__in=visible(user).filter(_goes_on()))
        .filter(on__gte=timezone.now())
        .select_related("process__case")
        .order_by("on", "pk")[: min(max(size, 1), MOST)]
    )
    held = list(rows)
    known = progress.read({one.process_id: one.process for one in held}.values())
    return [one for one in held if known[one.process_id].meeting is not None]


def follow_ups_due(
    user: User, *, until: dt.date | None = None, size: int = PAGE
) -> list[FollowUpDue]:
    """Follow-ups that are not done and due by the day *until*, or today, the longest due first."""
    done = FollowUp.objects.filter(process=OuterRef("process"), number=OuterRef("number"))
    rows = FollowUpDue.objects.filter(
        ~Exists(done), process__in=visible(user).filter(_not_ended()), due__lte=until or today()
    )
    return list(
        rows.select_related("process__case").order_by("due", "pk")[: min(max(size, 1), MOST)]
    )


def _not_ended() -> Q:
    """Processes that were not stopped, and from which nobody withdrew."""
    withdrawn = Step.objects.filter(
        case=OuterRef("case"), command__in=progress.WITHDRAWN, version__gt=OuterRef("version")
    )
    return ~Q(Exists(Stop.objects.filter(process=OuterRef("pk")))) & ~Q(Exists(withdrawn))


def _goes_on() -> Q:
    return _not_ended() & ~Q(Exists(Outcome.objects.filter(process=OuterRef("pk"))))


def in_case(user: User, case: Case) -> Progress | None:
    """The last process of *case* that *user* may see; None where there is none, or they may not."""
    if not table().may(standing(user).roles, VIEW, case.relations_of(user)):
        return None
    row = Process.objects.filter(case=case).order_by("pk").last()
    return None if row is None else progress.of(row)


def kinds() -> list[tuple[str, str]]:
    """The kinds of process that can be begun: id and title."""
    newest: dict[str, str] = {}
    for (name, _), kind in sorted(progress.kinds().items()):
        newest[name] = kind.title
    return list(newest.items())
