"""Finding cases by what is known of them: any fact of the catalogue, what was said, who allowed it, how it ended.

What nobody recorded is found as *not known*, and never as no.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone

from amends.accounts.models import User
from amends.accounts.ranks import RANKS
from amends.accounts.refusals import Refused
from amends.cases.facts import may_be_typed
from amends.cases.lifecycle import lifecycle
from amends.cases.models import (
    Admission,
    Authority,
    Case,
    Circumstance,
    Person,
    VictimView,
    Withdrawal,
)
from amends.cases.models.people import FORMS, POSITIONS
from amends.cases.outcomes import outcomes
from amends.cases.queries import MOST, PAGE, looked, visible
from amends.policy import offences
from amends.policy.facts import catalogue

NOT_KNOWN: Final = "not_known"
"""Asked for where nobody has recorded the fact."""


def _latest(model: type[Model], path: str, **where: Any) -> Q:
    """Cases in which the last row of *model* of somebody (*path*: its person or case) is as *where* says."""
    owner = "person__case" if path == "person" else "case"
    later = model._default_manager.filter(**{path: OuterRef(path)}, pk__gt=OuterRef("pk"))
    rows = model._default_manager.filter(**{owner: OuterRef("pk")}, **where).exclude(Exists(later))
    return Q(Exists(rows))


def _position(value: Any) -> Q:
    """Cases by what a victim says, as it holds: what somebody withdrew from is not their word any more."""
    withdrew = Withdrawal.objects.filter(person=OuterRef("person"), said_before__gte=OuterRef("pk"))
    later = VictimView.objects.filter(person=OuterRef("person"), pk__gt=OuterRef("pk"))
    holds = VictimView.objects.exclude(Exists(withdrew)).exclude(Exists(later))
    if value == NOT_KNOWN:
        silent = ~Q(Exists(holds.filter(person=OuterRef("pk"))))
        return Q(Exists(Person.objects.filter(silent, case=OuterRef("pk"), part="victim")))
    return Q(Exists(holds.filter(person__case=OuterRef("pk"), position=value)))


def _admission(value: Any) -> Q:
    if value == NOT_KNOWN:
        return ~Q(Exists(Admission.objects.filter(person__case=OuterRef("pk"))))
    return _latest(Admission, "person", form=value)


def _group(value: Any) -> Q:
    codes = [row.code for row in offences.published() if row.group == value]
    return _circumstance("offence.code", value__in=codes)


def _circumstance(name: str, **where: Any) -> Q:
    later = Circumstance.objects.filter(case=OuterRef("case"), name=name, pk__gt=OuterRef("pk"))
    rows = Circumstance.objects.filter(case=OuterRef("pk"), name=name, **where)
    return Q(Exists(rows.exclude(Exists(later))))


def _midnight(day: dt.date, after: int = 0) -> dt.datetime:
    """The moment at which *day* begins here, or so many days *after*.

    An index can be asked by it, as it cannot by the day of each row.
    """
    near = min(max(day, dt.date(1900, 1, 1)), dt.date(2900, 1, 1))  # the calendar itself ends
    begins = dt.datetime.combine(near, dt.time()) + dt.timedelta(days=after)
    return timezone.make_aware(begins)


ALSO: Final[Mapping[str, Callable[[Any], Q]]] = {
    "case.state": lambda value: Q(state=value),
    "case.outcome": lambda value: Q(outcome=value),
    "case.raised_from": lambda value: Q(raised_at__gte=_midnight(value)),
    "case.raised_to": lambda value: Q(raised_at__lt=_midnight(value, 1)),
    "offence.group": _group,
    "victims.position": _position,
    "admission.form": _admission,
    "authority.rank": lambda value: _latest(Authority, "case", given=True, rank=value),
}
"""What is found by other rows than the facts that are typed in."""


def choices() -> dict[str, tuple[tuple[str, str], ...]]:
    """What can be chosen for each of `ALSO` that has a list: values, and how they are called."""
    groups = sorted({row.group for row in offences.published() if row.group})
    known = ((NOT_KNOWN, "Not known"),)
    return {
        "case.state": tuple(lifecycle().states.items()),
        "case.outcome": tuple((code, f"{code}: {one.name}") for code, one in outcomes().items()),
        "offence.group": tuple((name, name.replace("_", " ").capitalize()) for name in groups),
        "victims.position": (*_called(POSITIONS), *known),
        "admission.form": (*_called(FORMS), *known),
        "authority.rank": tuple(RANKS.items()),
    }


def _called(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, name.replace("_", " ").capitalize()) for name in names)


def _wanted(name: str, value: Any) -> Q:
    if name in ALSO:
        return ALSO[name](value)
    if not may_be_typed(name) or catalogue()[name].type == "list":
        raise Refused("FIND-FACT", f"Cases cannot be found by {name!r}.")
    if value == NOT_KNOWN:
        return ~Q(Exists(Circumstance.objects.filter(case=OuterRef("pk"), name=name)))
    kept = value.isoformat() if isinstance(value, dt.date) else value
    return _circumstance(name, value=kept)


def by_facts(
    user: User, wanted: Mapping[str, Any], *, why: str, after: int | None = None, size: int = PAGE
) -> list[Case]:
    """The newest cases that *user* may search of which everything *wanted* is so; *why* is kept.

    *wanted* gives a value, or `NOT_KNOWN`, for names of the catalogue and of `ALSO`. The next page begins
    *after* an id. Raises Refused where nothing is wanted, or no such fact can be asked for.
    """
    if not wanted:
        raise Refused("FIND-NOTHING", "Answer at least one question: what is known of the case?")
    conditions = [_wanted(name, value) for name, value in wanted.items()]
    looked(user, f"search by {', '.join(sorted(wanted))}"[:200], why)
    rows = visible(user, "cases.search").filter(*conditions).order_by("-pk")
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows[: min(max(size, 1), MOST)])
