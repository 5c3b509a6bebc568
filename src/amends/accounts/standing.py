"""What somebody is on a day: roles, rank, and the authority that goes with it."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from django.db.models import Q, QuerySet
from django.utils import timezone

from amends.accounts.models import Delegation, User
from amends.accounts.ranks import authority_of, highest
from amends.policy.rules import Authority

PARTY: Final = "party"
"""The role of whoever acts by a link of a case."""


def on(day: dt.date) -> Q:
    """Rows that hold on *day*."""
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))


def is_party(user: User) -> bool:
    """Whether *user* only ever acts by a link of a case, and is nobody who works here."""
    return user.roles.filter(role=PARTY).exists()


def today() -> dt.date:
    """The day it is where the force is."""
    return timezone.localdate()


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is on a day.

    `rank` is the highest they hold or act up to; `authority` what they may allow, by rank or delegation,
    None for somebody whom neither gives any: a volunteer, or staff to whom nothing is delegated.
    """

    roles: frozenset[str]
    rank: str | None
    acting: bool
    authority: Authority | None


_ASKED: ContextVar[dict[Hashable, Any] | None] = ContextVar("asked", default=None)
R = TypeVar("R")


@contextmanager
def asked_once() -> Iterator[None]:
    """While a page is only read: what somebody is, and what else is `remembered`, is asked once and then known.

    Never around an action, which must see what is so at that moment.
    """
    token = _ASKED.set({})
    try:
        yield
    finally:
        _ASKED.reset(token)


def standing(user: User, day: dt.date | None = None) -> Standing:
    """What *user* is on *day*, or today. Nobody who has left is anything."""
    on_day = day or today()
    return remembered(("standing", user.pk, on_day), lambda: _standing(user, on_day))


def remembered(key: Hashable, ask: Callable[[], R]) -> R:
    """What *ask* gives; within `asked_once`, what it gave the first time it was asked for *key*."""
    known = _ASKED.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    return cast(R, known[key])


def _standing(user: User, day: dt.date) -> Standing:
    if not user.is_active:
        return Standing(frozenset(), None, False, None)
    when = on(day)
    ranks = list(user.ranks.filter(when).values_list("rank", "acting"))
    rank = highest([name for name, _ in ranks])
    acting = bool(rank) and (rank, False) not in ranks
    counted = [name for name, _ in ranks] + _delegated(user, when)
    most = highest(counted)
    authority = None if most is None else authority_of(most)
    roles = frozenset(_values(user.roles.filter(when), "role"))
    return Standing(roles, rank, acting, authority)


def _delegated(user: User, when: Q) -> list[str]:
    grades = _values(user.grades.filter(when), "grade")
    if not grades or user.force is None:
        return []
    return _values(Delegation.objects.filter(when, force=user.force, grade__in=grades), "rank")


def _values(rows: QuerySet[Any], name: str) -> list[str]:
    return list(rows.values_list(name, flat=True))
