"""Who works in a force and what they hold, for whoever may see it: people of another force do not exist."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from amends.accounts.models import (
    Delegation,
    Force,
    GradeHeld,
    Held,
    RankHeld,
    RoleHeld,
    User,
)
from amends.accounts.permissions import NOWHERE, check, filtered, table
from amends.accounts.ranks import GRADES, RANKS
from amends.accounts.refusals import Refused
from amends.accounts.standing import PARTY, standing, today
from amends.policy.rules import Authority

PAGE: Final = 25
"""People on one page."""
VIEW: Final = "accounts.view"
KINDS: Final[dict[str, type[RoleHeld] | type[RankHeld] | type[GradeHeld]]] = {
    "role": RoleHeld, "rank": RankHeld, "grade": GradeHeld,
}  # fmt: skip
"""What somebody can hold, by its name in an address."""
NOW, LATER, OVER = "now", "later", "ended"


@dataclass(frozen=True, slots=True)
class Holding:
    """One thing that somebody holds: what, from when until when, and whether it is now, later or over."""

    kind: str
    what: str
    name: str
    starts: dt.date
    ends: dt.date | None
    number: int
    when: str


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of a force: their account, what they hold, and how they can sign in.

    `signs_in` is `password`, `directory`, `not yet` or `closed`.
    """

    user: User
    held: tuple[Holding, ...]
    signs_in: str

    def now(self, kind: str) -> tuple[Holding, ...]:
        """What of that *kind* they hold today."""
        return tuple(one for one in self.held if one.kind == kind and one.when == NOW)


def relations(by: User, user: User) -> frozenset[str]:
    """The relations of the permission table in which *by* stands to the account of *user*."""
    if by.force_id is None or by.force_id != user.force_id:
        return frozenset({"other_force"})
    return frozenset({"same_force", "oneself"} if by.pk == user.pk else {"same_force"})


def may(by: User, name: str) -> bool:
    """Whether *by* may do *name* in their force."""
    return by.force_id is not None and table().may(standing(by).roles, name, {"same_force"})


def allow(by: User, name: str) -> Force:
    """The force of *by*; refused unless they may do *name* in it."""
    check(standing(by).roles, name, {"same_force"} if by.force_id else {"other_force"})
    assert by.force is not None  # else it was refused
    return by.force


def people(by: User, *, words: str = "", after: int | None = None) -> list[Somebody]:
    """A page of the people whom *by* may see, by name: those with all of *words* in theirs.

    The next page begins *after* the account of that number.
    """
    if "\0" in words:  # in nobody's name; a database would end the word there, and find everybody
        return []
    rows = _working(by).order_by("last_name", "first_name", "pk")
    for word in words.split()[:5]:
        rows = rows.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(username__icontains=word)
        )
    last = _working(by).filter(pk=after).first() if after is not None else None
    if last is not None:
        rows = rows.filter(_following(last))
    found = rows.prefetch_related("roles", "ranks", "grades")[:PAGE]
    return [_somebody(user) for user in found]


def person(by: User, number: int) -> Somebody:
    """The person of that *number*, for *by*; refused alike whether they are of another force or nobody."""
    user = _staff().filter(pk=number).prefetch_related("roles", "ranks", "grades").first()
    if user is None or relations(by, user) == {"other_force"}:
        raise Refused("ACT-NONE", NOWHERE)
    check(standing(by).roles, VIEW, relations(by, user))
    return _somebody(user)


def authority(user: User) -> Authority | None:
    """What *user* may allow today, by rank or delegation."""
    return standing(user).authority


def held(user: User, kind: str, number: int) -> RoleHeld | RankHeld | GradeHeld:
    """The role, rank or grade of that *number*, which *user* holds or held."""
    row = (
        KINDS[kind]._default_manager.filter(pk=number, user=user).first() if kind in KINDS else None
    )
    if row is None:
        raise Refused("ACT-NONE", NOWHERE)
    return row


def delegations(by: User) -> list[tuple[Delegation, str]]:
    """Which grade counts as which rank in the force of *by*, the newest first, each now, later or over."""
    rows = Delegation.objects.filter(force=allow(by, "accounts.delegate")).order_by(
        "-starts", "-pk"
    )
    return [(row, _when(row)) for row in rows]


def delegation(by: User, number: int) -> Delegation:
    """The delegation of that *number* in the force of *by*."""
    force = allow(by, "accounts.delegate")
    row = Delegation.objects.filter(pk=number, force=force).first()
    if row is None:
        raise Refused("ACT-NONE", NOWHERE)
    return row


def names(force: str | None, pseudonyms: Iterable[str]) -> Mapping[str, str]:
    """Who in *force* goes by each of *pseudonyms* in the ledger."""
    rows = User.objects.filter(force=force, pseudonym__in=set(pseudonyms))
    return {row.pseudonym: str(row) for row in rows}


def by_directory(user: User) -> bool:
    """Whether people of the force of *user* sign in by its directory, and need no password."""
    return bool(settings.AMENDS_OIDC_FORCE) and user.force_id == settings.AMENDS_OIDC_FORCE


# --- how rows are found and told ----------------------------------------------------------------------


def _staff() -> QuerySet[User]:
    party = RoleHeld.objects.filter(user=OuterRef("pk"), role=PARTY)
    return User.objects.select_related("force").filter(~Exists(party))


def _working(by: User) -> QuerySet[User]:
    """The people whose accounts *by* may see."""
    force = Q(force=by.force_id) if by.force_id else Q(pk__in=[])
    related = {"same_force": force, "oneself": Q(pk=by.pk), "other_force": ~force}
    return _staff().filter(filtered(standing(by).roles, VIEW, related))


def _following(last: User) -> Q:
    """Those who come after *last* in the order of names."""
    same = Q(last_name=last.last_name)
    return (
        Q(last_name__gt=last.last_name)
        | (same & Q(first_name__gt=last.first_name))
        | (same & Q(first_name=last.first_name, pk__gt=last.pk))
    )


def _somebody(user: User) -> Somebody:
    found = [
        *(_holding("role", row, row.role, _words(row.role)) for row in user.roles.all()),
        *(_holding("rank", row, row.rank, _rank(row)) for row in user.ranks.all()),
        *(_holding("grade", row, row.grade, GRADES[row.grade]) for row in user.grades.all()),
    ]
    order = (NOW, LATER, OVER)
    found.sort(key=lambda one: (order.index(one.when), -one.starts.toordinal(), one.number))
    return Somebody(user, tuple(found), _signs_in(user))


def _signs_in(user: User) -> str:
    if not user.is_active:
        return "closed"
    if by_directory(user):
        return "directory"
    return "password" if user.password and user.has_usable_password() else "not yet"


def _rank(row: RankHeld) -> str:
    return f"Acting {RANKS[row.rank]}" if row.acting else RANKS[row.rank]


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _holding(kind: str, row: Any, what: str, name: str) -> Holding:
    return Holding(kind, what, name, row.starts, row.ends, row.pk, _when(row))


def _when(row: Held) -> str:
    if row.ends is not None and row.ends <= today():
        return OVER
    return NOW if row.starts <= today() else LATER
