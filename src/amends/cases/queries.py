"""Cases as lists, searches and counts: only what somebody may see, filtered inside the database.

Pages are taken by key and never by number, and no list counts all its rows: a page costs the same
however many cases there are.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from amends.accounts.models import RoleHeld, User
from amends.accounts.permissions import NOWHERE, check, filtered, table
from amends.accounts.refusals import Refused
from amends.accounts.standing import PARTY, on, standing, today
from amends.cases import texts
from amends.cases.lifecycle import ENDS
from amends.cases.models import (
    ActionEvent,
    AgreedAction,
    Agreement,
    Asked,
    Assignment,
    Case,
    Circumstance,
    Conflict,
    Invitation,
    NameKey,
    Person,
    Retention,
    ReviewAsked,
    Step,
)
from amends.cases.sounding import keys
from amends.ledger import looking
from amends.notices.models import Task
from amends.policy import offences

PAGE: Final = 25
MOST: Final = 100
ENDED: Final = tuple(state for state in ENDS if state != "erased")
MOST_PEOPLE: Final = 5_000
"""Nobody of the largest force is left out of a choice of people, who are found by typing the name."""
MOST_OPEN: Final = 1_000
"""Of what is open, so many are looked at: whoever has more has other troubles."""


def related(user: User) -> Mapping[str, Q]:
    """For each relation of the permission table, the cases to which *user* stands in it.

    What `Case.relations_of` says of one case, said of all: a test keeps the two equal.
    """
    own = Q(officer=user) | Q(raised_by=user)
    force = _force(user)
    return {
        "other_force": ~force,
        "same_force": force,
        "officer_in_case": force & own,
        "supervisor_of": force & ~own,
        "asked": force & _has(Asked, user),
        "assigned": force & _has(Assignment, user),
        "invited": force & _has(Invitation, user),
        "conflicted": force & _has(Conflict, user),
    }


def _force(user: User) -> Q:
    return Q(force=user.force_id) if user.force_id else Q(pk__in=[])


def _has(model: Any, user: User) -> Q:
    return Q(Exists(model.objects.filter(case=OuterRef("pk"), user=user)))


def visible(user: User, action: str = "cases.view") -> QuerySet[Case]:
    """The cases on which *user* may do *action*: to see them, unless another is named."""
    roles = standing(user).roles
    if "same_force" in table().reaching(roles, action):
        # Every other relation is one to a case of the same force, and adds no case to these.
        whole = {"same_force": _force(user), "conflicted": _has(Conflict, user)}
        return Case.objects.filter(filtered(roles, action, whole))
    return Case.objects.filter(filtered(roles, action, related(user)))


def page(
    user: User, *, state: str | None = None, after: int | None = None, size: int = PAGE
) -> list[Case]:
    """The newest cases that *user* may see, in *state* if it is named; the next page begins *after* an id."""
    rows = visible(user).select_related("officer", "force").order_by("-pk")
    if state is not None:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows[: min(max(size, 1), MOST)])


def find(user: User, reference: str, *, why: str) -> Case:
    """The case of that *reference* in the force of *user*; refused alike where there is none.

    That they looked at it, and *why*, is kept (Data Protection Act 2018 s62).
    """
    case = Case.objects.filter(force=user.force_id, reference=reference).first()
    if case is None:
        raise Refused("ACT-NONE", NOWHERE)
    check(standing(user).roles, "cases.view", case.relations_of(user))
    looked(user, f"case {case.reference}", why)
    return case


def looked(user: User, what: str, why: str) -> None:
    """Keep that *user* looked at *what*, and *why*; refused where no reason is given."""
    if not why.strip():
        raise Refused("LOOK-WHY", "Say why you look: it is kept, and may be asked about.")
    _readable(why)
    folder = Path(settings.AMENDS_FOLDER) / "ledger"
    looking.looked(folder, force=user.force_id or "", by=user.pseudonym, what=what, why=why[:200])


def _readable(words: str) -> None:
    """Refuse signs that cannot be read: a database ends a text at one, and would find everything."""
    try:
        texts.text(words, "words", needed=False)
    except texts.BadValue as error:
        raise Refused(error.code, error.sentence) from None


def search(user: User, words: str, *, why: str, size: int = PAGE) -> list[Case]:
    """Cases that *user* may search whose reference, or a person's name, holds *words*, or sounds like them.

    *why* is kept.
    """
    wanted = words.strip()
    if len(wanted) < 2:
        raise Refused("FIND-SHORT", "Give at least two letters of a reference or a name.")
    _readable(wanted)
    looked(user, f"search of {len(wanted)} letters", why)
    named = Exists(Person.objects.filter(case=OuterRef("pk"), name__icontains=wanted))
    rows = visible(user, "cases.search").filter(
        Q(reference__icontains=wanted) | named | _sounding(wanted)
    )
    return list(rows.order_by("-pk")[: min(max(size, 1), MOST)])


def _sounding(words: str) -> Q:
    """Cases in which one person has a name that sounds like every one of *words*."""
    wanted = keys(words)
    if not wanted:
        return Q(pk__in=[])
    people = Person.objects.filter(case=OuterRef("pk"))
    for key in sorted(wanted):
        people = people.filter(Exists(NameKey.objects.filter(person=OuterRef("pk"), key=key)))
    return Q(Exists(people))


def timeline(user: User, case: Case, *, why: str) -> list[Step]:
    """Everything that was done in *case*, the first thing first, for somebody who may see it; *why* is kept."""
    check(standing(user).roles, "cases.timeline", case.relations_of(user))
    looked(user, f"timeline {case.reference}", why)
    rows = Step.objects.filter(case=case).select_related("by", "entry")
    return list(rows.order_by("version"))


def waiting(user: User, *, size: int = PAGE) -> list[Case]:
    """Cases of *user* that wait for somebody else: for authority, or for what was agreed to be done."""
    mine = Q(officer=user, state__in=("asked", "agreed"))
    return list(visible(user).filter(mine).order_by("pk")[: min(max(size, 1), MOST)])


def late(user: User, *, size: int = PAGE) -> list[Case]:
    """Cases of *user* in which the day of something agreed has passed, and it is not recorded as done."""
    events = ActionEvent.objects.filter(action=OuterRef("pk")).exclude(kind="paid")
    became = Coalesce(Subquery(events.order_by("-pk").values("kind")[:1]), Value(""))
    payments = ActionEvent.objects.filter(action=OuterRef("pk"), kind="paid").values("action")
    paid = Coalesce(Subquery(payments.annotate(sum=Sum("pence")).values("sum")), 0)
    last = Agreement.objects.filter(case=OuterRef("agreement__case")).order_by("-pk").values("pk")
    overdue = (
        AgreedAction.objects.annotate(paid=paid, became=became)
        .exclude(became__in=("done", "waived"))
        .filter(agreement__case=OuterRef("pk"), agreement=last[:1], due__lt=today())
        .filter(Q(pence__isnull=True) | Q(paid__lt=F("pence")))
    )
    mine = Q(officer=user, state="agreed") & Q(Exists(overdue))
    return list(visible(user).filter(mine).order_by("pk")[: min(max(size, 1), MOST)])


def authorisers(user: User, case: Case) -> list[User]:
    """Who of the force of *case* could be asked to authorise it: of rank, and not in the case."""
    close = Conflict.objects.filter(case=case, user=OuterRef("pk"))
    found = User.objects.filter(
        on_role("authoriser"), ~Exists(close), force=case.force_id, is_active=True
    ).exclude(pk__in=(case.officer_id, case.raised_by_id))
    return list(found.distinct().order_by("last_name", "pk")[:MOST_PEOPLE])


def colleagues(user: User) -> list[User]:
    """People of the force of *user* who can be given a task: whoever holds a role in it today."""
    held = RoleHeld.objects.filter(on(today()), user=OuterRef("pk"))
    found = User.objects.filter(
        Exists(held), ~Exists(held.filter(role=PARTY)), force=user.force_id, is_active=True
    )
    return list(found.order_by("last_name", "first_name", "pk")[:MOST_PEOPLE])


def on_role(role: str) -> Q:
    """Users who hold *role* today."""
    held = RoleHeld.objects.filter(on(today()), user=OuterRef("pk"), role=role)
    return Q(Exists(held))


def to_pass_on(user: User, *, size: int = PAGE) -> list[Case]:
    """Cases in which *user* may hand over a letter, or tell somebody otherwise, and somebody has to."""
    left = Task.objects.filter(force=user.force_id, done_at__isnull=True).values("case")
    rows = visible(user, "cases.pass_on").filter(force=user.force_id, reference__in=left)
    return _first(user, "cases.pass_on", rows, size)


def to_review(user: User, *, size: int = PAGE) -> list[Case]:
    """Cases of which somebody asked for a review that *user* may answer, and nobody has."""
    asked = ReviewAsked.objects.filter(answer__isnull=True, person__case__force=user.force_id)
    rows = visible(user, "cases.answer_review").filter(pk__in=asked.values("person__case"))
    return _first(user, "cases.answer_review", rows, size)


def given(user: User, *, size: int = PAGE) -> list[Case]:
    """Cases that are open in which *user* was given a task."""
    tasks = Assignment.objects.filter(user=user).exclude(case__state__in=ENDS)
    cases = tasks.exclude(case__officer=user).values_list("case", flat=True).distinct()
    return _of(visible(user), list(cases[:MOST_OPEN]), size)


def breached(user: User, *, size: int = PAGE) -> list[Case]:
    """Cases in which *user* may decide what follows a breach, and nobody has."""
    rows = visible(user, "cases.decide_breach").filter(force=user.force_id, state="breached")
    return list(rows.order_by("pk")[: min(max(size, 1), MOST)])


def kept_long_enough(user: User, *, size: int = PAGE) -> list[Case]:
    """Cases that *user* may erase or keep longer, whose review has come: the longest due first."""
    last = Retention.objects.filter(case=OuterRef("pk")).order_by("-pk").values("review_on")[:1]
    due = Retention.objects.filter(review_on__lte=today()).values("case")
    rows = visible(user, "cases.erase").filter(force=user.force_id, state__in=ENDED, pk__in=due)
    rows = rows.annotate(review_on=Subquery(last)).filter(review_on__lte=today())
    return _first(user, "cases.erase", rows, size, "review_on")


def not_yet_kept(user: User, *, size: int = PAGE) -> list[Case]:
    """Cases that ended, of which *user* may say how long they are kept, and nobody has: the newest first.

    Only the newest thousand of the force are looked at, so that it costs the same in a large one.
    """
    mine = visible(user, "cases.retention").filter(force=user.force_id, state__in=ENDED)
    newest = list(mine.order_by("-pk").values_list("pk", flat=True)[:MOST_OPEN])
    said = Retention.objects.filter(case=OuterRef("pk"))
    rows = Case.objects.filter(~Exists(said), pk__in=newest)
    return _first(user, "cases.retention", rows, size, "-pk") if newest else []


def named(cases: Iterable[Case]) -> None:
    """Give each of *cases* an `offence`: what it is about in words, empty where nobody has recorded it."""
    rows = list(cases)
    held = Circumstance.objects.filter(case__in={one.pk for one in rows}, name="offence.code")
    codes = dict(held.order_by("pk").values_list("case", "value"))  # the last of each
    for case in rows:
        found = offences.published().find(str(codes.get(case.pk) or ""), today())
        case.offence = found.name if found else ""  # type: ignore[attr-defined]


def _first(user: User, action: str, rows: QuerySet[Case], size: int, *order: str) -> list[Case]:
    """The first of *rows*; none, and the database is not asked, where no role of theirs does *action*."""
    if not table().reaching(standing(user).roles, action):
        return []
    return list(rows.order_by(*order, "pk")[: min(max(size, 1), MOST)])


def _of(rows: QuerySet[Case], cases: list[int], size: int) -> list[Case]:
    return (
        list(rows.filter(pk__in=cases).order_by("pk")[: min(max(size, 1), MOST)]) if cases else []
    )


def needs_me(user: User, *, size: int = PAGE) -> list[Case]:
    """Cases that wait for *user*: own ones that are open, and those they were asked to authorise."""
    most = min(max(size, 1), MOST)
    mine = visible(user).filter(~Q(state__in=(*ENDS, "asked")), officer=user).order_by("pk")
    asked = Asked.objects.filter(user=user, case__state="asked").values_list("case", flat=True)
    found = [*mine[:most], *_of(visible(user), list(asked[:MOST_OPEN]), size)]
    return sorted({one.pk: one for one in found}.values(), key=lambda one: one.pk or 0)[:most]
