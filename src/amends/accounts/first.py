"""The first administrator of a force, whom nobody in it could have let in."""

from typing import Final

from django.core.exceptions import ValidationError

from amends.accounts.acting import retried
from amends.accounts.actions import new_user
from amends.accounts.models import Force, RoleHeld, User
from amends.accounts.passwords import enter_link, shown
from amends.accounts.refusals import Refused
from amends.accounts.standing import on, today
from amends.ledger.models import Entry
from amends.policy.library import published
from amends.policy.rules import PolicyError

KIND: Final = "accounts.first"
ROLE: Final = "administrator"


def first_administrator(
    *, force: str, name: str, username: str, full_name: str, other: bool = False
) -> tuple[str, str]:
    """Make the first administrator of *force*, and the force where it is missing: the two parts of their link.

    Refused where the force has an administrator who has not left, and where no policy knows the force, unless
    it is to be an *other* one. They have no password until they choose one by the link.
    """

    def once() -> Entry:
        found = _force(force, name, other=other)
        held = RoleHeld.objects.filter(on(today()), role=ROLE, user__is_active=True)
        if held.filter(user__force=found).exists():
            raise Refused(
                "ACC-FIRST",
                f"{found} has an administrator already. They open accounts, at /people/ of the service.",
            )
        user = new_user(found, username, full_name)
        RoleHeld.objects.create(user=user, role=ROLE, starts=today())
        told = {"username": username, "name": full_name, "force": found.name}
        return enter_link(user, KIND, user, **told)

    return shown(retried(once))


def another_link(*, force: str, username: str) -> tuple[str, str]:
    """Another link for the first administrator of *force*, who has not chosen a password with theirs."""

    def once() -> Entry:
        user = User.objects.filter(username=username, force=force, is_active=True).first()
        held = RoleHeld.objects.filter(on(today()), role=ROLE, user__is_active=True)
        others = held.filter(user__force=force).exclude(user=user)
        if (
            user is None
            or not user.roles.filter(on(today()), role=ROLE).exists()
            or others.exists()
        ):
            raise Refused(
                "ACC-FIRST", f"{username!r} is not the only administrator of the force {force!r}."
            )
        if user.has_usable_password() or user.last_login is not None:
            raise Refused("ACC-FIRST", f"{username!r} has signed in, or chosen a password, before.")
        return enter_link(user, KIND, user, again=True)

    return shown(retried(once))


def _force(slug: str, name: str, *, other: bool) -> Force:
    """The force *slug*, made where it is missing; one that is there keeps its name."""
    found = Force.objects.filter(slug=slug).first()
    if found is None:
        made = Force(slug=slug, name=name)
        try:
            made.full_clean()
        except ValidationError as error:
            field, wrong = next(iter(error.message_dict.items()))
            raise Refused(
                "ACC-FORCE", f"--{'force' if field == 'slug' else field}: {wrong[0]}"
            ) from None
        if not other:
            _check_known(slug)
        made.save()
        return made
    return found


def _check_known(slug: str) -> None:
    """Refuse a force that policies do not know by this word: none of them would cover its cases."""
    try:
        published().check_force(slug)
    except PolicyError as error:
        raise Refused(
            "ACC-FORCE", f"--force: {error} To make one that no policy covers, add --other-force."
        ) from None
