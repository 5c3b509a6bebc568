"""How long a sign-in lasts: not past idleness, a working day, or a change of what somebody is.

Source: reliability.md S13 (idle 15 minutes, absolute 12 hours, end at a change of role and at leaving).
"""

import datetime as dt
import hashlib
import time
from collections.abc import Callable
from typing import Final

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase

from amends.accounts.models import User
from amends.accounts.standing import asked_once, standing

IDLE: Final = 15 * 60
WHOLE: Final = 12 * 60 * 60
"""Seconds without a request, and seconds in all, after which somebody must sign in again."""
STEP: Final = 30
"""Seconds between two writings of when somebody was last seen, so that not every request writes."""
ONE_DAY: Final = dt.timedelta(days=1)
DIRECTORY_FACTOR: Final = "amends_directory_factor"
_BEGAN, _SEEN, _STAMP = "amends_began", "amends_seen", "amends_stamp"


def stamp(user: User) -> str:
    """What *user* is, as one text: it changes when a role, a rank or the account does."""
    now = standing(user)
    text = f"{user.pk} {user.is_active} {user.force_id} {sorted(now.roles)} {now.rank} {now.acting} {now.authority}"
    return hashlib.sha256(text.encode()).hexdigest()


def begin(request: HttpRequest, user: User) -> None:
    """Begin the clocks of a session that *user* has just signed in to."""
    now = time.time()
    request.session[_BEGAN] = request.session[_SEEN] = now
    request.session[_STAMP] = stamp(user)


def second_factor(request: HttpRequest) -> bool:
    """Whether whoever is signed in gave a second factor, here or to the force's directory."""
    if not request.user.is_authenticated:
        return False
    here = any(
        record.get("method") == "mfa"
        for record in get_authentication_records(request, request.user)
    )
    return here or bool(request.session.get(DIRECTORY_FACTOR))


def directory(request: HttpRequest) -> dict[str, bool]:
    """For pages: whether people of a force can sign in by its directory, and whether this is a demo."""
    return {"directory": bool(settings.AMENDS_OIDC_FORCE), "demo": not settings.AMENDS_PRODUCTION}


class SessionLimits:
    """Signs out whoever was idle too long, has been in too long, or is no longer what they were."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET":
            return self._within(request)
        with asked_once():
            return self._within(request)

    def _within(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = time.time()
            if _over(request, request.user, now):
                logout(request)
            elif now - request.session[_SEEN] > STEP:
                request.session[_SEEN] = now
        return self.get_response(request)


def _over(request: HttpRequest, user: User, now: float) -> bool:
    began, seen = request.session.get(_BEGAN), request.session.get(_SEEN)
    if began is None or seen is None:
        return True
    late = now - seen > IDLE or now - began > WHOLE
    return late or request.session.get(_STAMP) != stamp(user)
