"""Signing in: with a password and a second factor, or by a force's own directory, and never by signing up.

A failed sign-in says the same whoever is named, and after five no more are tried for a while. Each
sign-in, sign-out and failure of a known account is in the ledger, by its pseudonym.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, NoReturn

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from amends.accounts import sessions
from amends.accounts.models import RankHeld, User
from amends.accounts.ranks import RANKS
from amends.accounts.standing import on, today
from amends.ledger import book

NOBODY: Final = (
    "Your force's directory knows you, and Amends does not. Ask an administrator for an account."
)
INVENTED: Final = "invented."
"""What the names of invented people begin with."""
log = structlog.get_logger("amends.accounts")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by an administrator: nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class DirectoryAdapter(DefaultSocialAccountAdapter):
    """A force's directory (OpenID Connect) says who somebody is, of which force and of which rank.

    Claims: `preferred_username`, `force` (the force's name here), `rank` (as in `RANKS`), and `amr`, which
    holds `mfa` where the directory asked for a second factor.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: an account is opened here first."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Let in the account of that name and force, and nobody else; keep the rank that is claimed."""
        claims = _claims(sociallogin.account.extra_data)
        if claims.get("force") != settings.AMENDS_OIDC_FORCE:
            _refuse(request)
        user = User.objects.filter(
            username=claims.get("preferred_username"),
            force=settings.AMENDS_OIDC_FORCE,
            is_active=True,
        ).first()
        if user is None or (sociallogin.is_existing and sociallogin.user.pk != user.pk):
            _refuse(request)
        if not sociallogin.is_existing:
            sociallogin.connect(request, user)
        take_rank(user, claims.get("rank"))
        request.session[sessions.DIRECTORY_FACTOR] = "mfa" in (claims.get("amr") or ())


def _claims(data: dict[str, Any]) -> dict[str, Any]:
    """What the directory says; of the two places it says it in, the signed one counts."""
    return {**(data.get("userinfo") or {}), **(data.get("id_token") or {})}


def _refuse(request: HttpRequest) -> NoReturn:
    raise ImmediateHttpResponse(
        render(request, "account/refused.html", {"said": NOBODY}, status=403)
    )


def take_rank(user: User, rank: object) -> None:
    """Keep the *rank* that the directory gives *user*, from today: a new row, where it is another one.

    What is no rank, as of staff, changes nothing.
    """
    if rank not in RANKS:
        return
    with transaction.atomic():
        held = list(user.ranks.select_for_update().filter(on(today()), acting=False))
        if [one.rank for one in held] == [rank]:
            return
        for one in held:
            one.ends = max(today(), one.starts + sessions.ONE_DAY)
            one.save(update_fields=["ends"])
        RankHeld.objects.create(user=user, rank=str(rank), starts=today())
        _enter(user, "accounts.rank_from_directory", {"rank": rank})


def with_a_password(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """*view*, for whoever has a password to give again; others are told that there is nothing to set up."""

    @wraps(view)
    def asked(request: HttpRequest, *parts: Any, **given: Any) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated and not (user.password and user.has_usable_password()):
            return redirect("mfa_index")
        return view(request, *parts, **given)

    return asked


# --- a demo -----------------------------------------------------------------------------------------


def demo_people() -> list[User]:
    """The invented people who can be signed in as by one click; nobody in production."""
    if settings.AMENDS_PRODUCTION:
        return []
    found = User.objects.filter(force__invented=True, is_active=True, username__startswith=INVENTED)
    return list(found.select_related("force").order_by("pk"))


def demo_sign_in(request: HttpRequest, username: str) -> bool:
    """Sign in as the invented *username*; False, and nothing is done, where there is none, or in production."""
    user = next((one for one in demo_people() if one.username == username), None)
    if user is None:
        return False
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return True


# --- what is entered ----------------------------------------------------------------------------------


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Enter a sign-in, and begin the session's clocks."""
    sessions.begin(request, user)
    with transaction.atomic():
        _enter(user, "accounts.signed_in", {})


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest, user: User | None, **_: Any) -> None:
    """Enter a sign-out, by somebody or by a clock."""
    if user is not None:
        with transaction.atomic():
            _enter(user, "accounts.signed_out", {})


@receiver(user_login_failed)
def failed(sender: Any, credentials: dict[str, Any], **_: Any) -> None:
    """Enter a failed sign-in of a known account; of an unknown one only that there was one."""
    user = User.objects.filter(username__iexact=str(credentials.get("username", ""))).first()
    if user is None:
        log.warning("sign_in_failed", known=False)
        return
    with transaction.atomic():
        _enter(user, "accounts.sign_in_failed", {})


def _enter(user: User, kind: str, told: dict[str, Any]) -> None:
    book.enter(force=user.force_id or "none", case=None, kind=kind, by=user.pseudonym, payload=told)
