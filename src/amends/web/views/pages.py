"""What every page shares: who asks, the frame around it, and how a refusal is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from amends.accounts.models import User
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing

View = Callable[..., HttpResponse]
NOT_THERE: Final = ("ACT-NONE",)
ASK_WHY: Final = "LOOK-WHY"


def me(request: HttpRequest) -> User:
    """Whoever is signed in; the middleware lets nobody else in."""
    user = request.user
    assert user.is_authenticated
    return user


def page(request: HttpRequest, template: str, *, status: int = 200, **given: Any) -> HttpResponse:
    """The page *template* with the frame: who is signed in, and what they are."""
    return render(
        request, f"web/{template}.html", {**frame(request), **given}, status=status, using="jinja"
    )


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page shows."""
    user = request.user if request.user.is_authenticated else None
    roles = sorted(standing(user).roles) if user is not None else []
    return {"user": user, "roles": roles, "demo": not settings.AMENDS_PRODUCTION}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is said of an address that leads nowhere."""
    gone = Refused(
        "NOT-FOUND", "There is no such page. Check the address, or go back to your work."
    )
    return page(request, "refused", status=404, refused=gone)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is said of a request that was not let through: most often of a form that has grown old."""
    wrong = Refused(
        "FORBIDDEN", "This could not be let through. Load the page again, and try once more."
    )
    return page(request, "refused", status=403, refused=wrong)


def grown_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What is said of a form whose token no longer fits: most often after another sign-in."""
    answer = forbidden(request, PermissionError(reason))
    answer["Amends-Form"] = "old"  # so that a script keeps what was typed
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    """What is said where something of ours is broken: without the frame, which may be what broke."""
    return render(request, "web/broken.html", {}, status=500, using="jinja")


def told(view: View) -> View:
    """*view*, whose refusals become a page that says which rule: 404 where there is nothing to see."""

    @wraps(view)
    def safe(request: HttpRequest, *parts: Any, **given: Any) -> HttpResponse:
        try:
            return view(request, *parts, **given)
        except Refused as refused:
            if refused.code == ASK_WHY and request.method == "GET":
                return page(request, "why", status=403)
            status = 404 if refused.code in NOT_THERE else 403
            return page(request, "refused", status=status, refused=refused)

    return safe
