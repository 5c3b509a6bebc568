"""Opening accounts, and giving and ending roles, ranks, grades and delegations: each is in the ledger."""

import datetime as dt
import secrets
from typing import Any, Final, TypeVar

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from amends.accounts.acting import opening
from amends.accounts.models import Delegation, Force, GradeHeld, Held, RankHeld, RoleHeld, User
from amends.accounts.permissions import NOWHERE, check, table
from amends.accounts.ranks import GRADES, RANKS
from amends.accounts.refusals import Refused
from amends.accounts.standing import PARTY, is_party, standing
from amends.ledger import book

NOT_BOTH: Final = (frozenset({"administrator", "auditor"}), frozenset({"panel_member", "officer"}))
"""Roles that nobody holds at once: who runs accounts does not audit them, and panels are independent."""
ONE_DAY: Final = dt.timedelta(days=1)
LONGEST_PART: Final = 150
"""Letters of a username, and of each part of a name."""
BY_LINK: Final = "link."
"""What the names begin with of those who act by a link of a case, and never sign in."""
H = TypeVar("H", bound=Held)


def open_account(by: User, *, key: str, username: str, name: str, email: str = "") -> User:
    """An account in the force of *by*, which holds nothing yet and cannot sign in until it has a password."""
    force = _force(by, "accounts.open")

    def body() -> User:
        user = new_user(force, username, name, email)
        _enter(by, "accounts.open", user, {"username": username, "name": name})
        return user

    return opening(by, "accounts.open", key, {"username": username, "name": name}, body)


def new_user(force: Force, username: str, name: str, email: str = "") -> User:
    """An account that was just made, with no password. Raises Refused for a name that cannot be one."""
    first, _, last = name.strip().rpartition(" ")
    if not last or max(len(first), len(last)) > LONGEST_PART:
        raise Refused("ACC-FULL", f"Give their full name, at most {LONGEST_PART} letters a part.")
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        raise Refused("ACC-NAME", "A username has letters, digits and @ . + - _ only.") from None
    if len(username) > LONGEST_PART or username.lower().startswith(BY_LINK):
        wrong = f"A username has at most {LONGEST_PART} letters, and does not begin with {BY_LINK}"
        raise Refused("ACC-NAME", wrong)
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("ACC-NAME", "There is already an account of that name. Choose another.")
    user = User(username=username, first_name=first, last_name=last, email=email, force=force)
    user.pseudonym = pseudonym()
    user.set_unusable_password()
    user.save()
    return user


def close_account(by: User, user: User, *, key: str) -> User:
    """Close the account of *user*, who is signed out at once; what they did stays theirs."""
    _force(by, "accounts.close", user)

    def body() -> User:
        if user.pk == by.pk:
            raise Refused(
                "ACC-SELF", "You cannot close your own account. Ask another administrator."
            )
        row = _open(user)
        row.is_active = False
        row.save(update_fields=["is_active"])
        _enter(by, "accounts.close", row, {})
        return row

    return opening(by, "accounts.close", key, {"user": user.pk}, body)


def give_role(by: User, user: User, role: str, starts: dt.date, *, key: str) -> RoleHeld:
    """Give *user* a role from the day *starts*."""
    _force(by, "accounts.grant", user)

    def body() -> RoleHeld:
        if user.pk == by.pk:
            raise Refused("ACC-SELF", "You cannot give yourself a role. Ask another administrator.")
        if role not in table().roles or role == PARTY:
            raise Refused("ACC-ROLE", "Choose a role that somebody can be given.")
        _open(user)
        if role in standing(user, starts).roles:
            raise Refused("ACC-HELD", "They hold this role on that day already.")
        # The new one has no end: it meets what is held on its first day, and what comes after.
        left = user.roles.filter(Q(ends__isnull=True) | Q(ends__gt=starts))
        held = frozenset(left.values_list("role", flat=True))
        for pair in NOT_BOTH:
            if role in pair and held & (pair - {role}):
                raise Refused("ACC-BOTH", f"Nobody may be {' and '.join(sorted(pair))} at once.")
        return _held(by, RoleHeld(user=user, role=role, starts=starts), {"role": role})

    return opening(by, "accounts.grant", key, {"user": user.pk, "role": role, "on": starts}, body)


def give_rank(
    by: User, user: User, rank: str, starts: dt.date, *, key: str, acting: bool = False
) -> RankHeld:
    """Give *user* a rank from the day *starts*, their own or one they act up to."""
    _force(by, "accounts.grant", user)

    def body() -> RankHeld:
        if rank not in RANKS:
            raise Refused("ACC-RANK", f"There is no rank {rank!r}. There are: {', '.join(RANKS)}.")
        if user.pk == by.pk:
            raise Refused("ACC-SELF", "You cannot give yourself a rank. Ask another administrator.")
        _open(user)
        row = RankHeld(user=user, rank=rank, acting=acting, starts=starts)
        return _held(by, row, {"rank": rank, "acting": acting})

    given = {"user": user.pk, "rank": rank, "acting": acting, "on": starts}
    return opening(by, "accounts.grant", key, given, body)


def give_grade(by: User, user: User, grade: str, starts: dt.date, *, key: str) -> GradeHeld:
    """Give *user* a staff grade from the day *starts*; it is no rank."""
    _force(by, "accounts.grant", user)

    def body() -> GradeHeld:
        if grade not in GRADES:
            raise Refused("ACC-GRADE", f"There is no grade {grade!r}: {', '.join(GRADES)}.")
        if user.pk == by.pk:  # the force may let it count as a rank
            raise Refused(
                "ACC-SELF", "You cannot give yourself a grade. Ask another administrator."
            )
        _open(user)
        return _held(by, GradeHeld(user=user, grade=grade, starts=starts), {"grade": grade})

    return opening(by, "accounts.grant", key, {"user": user.pk, "grade": grade, "on": starts}, body)


def end(by: User, row: H, ends: dt.date, *, key: str) -> H:
    """End a role, rank or grade on the day *ends*: the first day on which it is no longer held."""
    user: User = row.user  # type: ignore[attr-defined]
    _force(by, "accounts.grant", user)

    return _ended(by, "accounts.grant", row, user, ends, key)


def delegate(
    by: User, grade: str, rank: str, starts: dt.date, source: str, *, key: str
) -> Delegation:
    """Say that in the force of *by* a staff *grade* counts as *rank* from the day *starts*."""
    force = _force(by, "accounts.delegate")

    def body() -> Delegation:
        if grade not in GRADES or rank not in RANKS:
            raise Refused("ACC-GRADE", "Name a staff grade, and the rank that it counts as.")
        if not source.strip():
            raise Refused("ACC-SOURCE", "Say which decision of the force this rests on.")
        row = Delegation(force=force, grade=grade, rank=rank, starts=starts, source=source)
        row.save()
        _enter(by, "accounts.delegate", by, {"grade": grade, "rank": rank, "source": source})
        return row

    given = {"grade": grade, "rank": rank, "on": starts, "source": source}
    return opening(by, "accounts.delegate", key, given, body)


def end_delegation(by: User, row: Delegation, ends: dt.date, *, key: str) -> Delegation:
    """End a delegation on the day *ends*: from then on the grade no longer counts as the rank."""
    force = _force(by, "accounts.delegate")
    if row.force_id != force.pk:
        raise Refused("ACT-NONE", NOWHERE)
    return _ended(by, "accounts.delegate", row, by, ends, key)


def pseudonym() -> str:
    """A name for the ledger that says nothing of who it is."""
    return f"u-{secrets.token_hex(8)}"


def _force(by: User, name: str, user: User | None = None) -> Force:
    """The force of *by*, who may do *name* in it, to *user* of the same."""
    same = by.force is not None and (user is None or user.force_id == by.force_id)
    if user is not None and is_party(user):  # acts by a link of a case: nobody who has an account
        raise Refused("ACT-NONE", NOWHERE)
    check(standing(by).roles, name, {"same_force"} if same else {"other_force"})
    assert by.force is not None
    return by.force


def _open(user: User) -> User:
    """The account of *user* as it is now; refused where it is closed."""
    row = User.objects.select_for_update().get(pk=user.pk)
    if not row.is_active:
        raise Refused("ACC-CLOSED", "This account is closed: it was closed before.")
    return row


def _ended(by: User, name: str, row: H, about: User, ends: dt.date, key: str) -> H:
    def body() -> H:
        fresh = type(row)._default_manager.select_for_update().get(pk=row.pk)
        if fresh.ends is not None:
            raise Refused("ACC-ENDED", f"This ended on {fresh.ends:%-d %B %Y} already.")
        if ends <= fresh.starts:
            raise Refused(
                "ACC-DATES", f"It began on {fresh.starts:%-d %B %Y}: it ends on a later day."
            )
        fresh.ends = ends
        fresh.save(update_fields=["ends"])
        _enter(by, name, about, {"ended": str(fresh._meta.label), "on": ends.isoformat()})
        return fresh

    return opening(by, name, key, {"row": f"{row._meta.label}:{row.pk}", "on": ends}, body)


def _held(by: User, row: H, told: dict[str, Any]) -> H:
    row.save()
    user: User = row.user  # type: ignore[attr-defined]
    _enter(by, "accounts.grant", user, {**told, "from": row.starts.isoformat()})
    return row


def _enter(by: User, kind: str, about: models.Model, told: dict[str, Any]) -> None:
    force = by.force_id or ""
    book.enter(
        force=force, case=None, kind=kind, by=by.pseudonym, payload={"about": about.pk, **told}
    )
