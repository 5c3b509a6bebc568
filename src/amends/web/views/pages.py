"""What every page shares: who asks, the frame around it, and how a refusal is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from amends.accounts.models import User
from amends.accounts.permissions import NOWHERE, table
from amends.accounts.refusals import Refused
from amends.accounts.sessions import second_factor
from amends.accounts.standing import standing
from amends.web.work import work_of

View = Callable[..., HttpResponse]
NONE: Final = "ACT-NONE"
NOT_THERE: Final = (NONE, "ACT-CONFLICT")
"""Another force's case, no case at all, and one that somebody is part of: answered alike."""
ASK_WHY: Final = "LOOK-WHY"
_SEEN: Final = frozenset({"officer_in_case", "supervisor_of", "asked", "assigned", "same_force"})
"""By which somebody comes to see a case in these pages."""


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
    may = table().may
    return {
        "user": user, "roles": roles, "demo": not settings.AMENDS_PRODUCTION,
        "work": work_of(roles) if user is not None else [],
        "sees_cases": may(roles, "cases.view", _SEEN), "searches": may(roles, "cases.search", {"same_force"}),
        "sees_people": may(roles, "accounts.view", {"same_force"}),
        "sees_self": may(roles, "accounts.view", {"same_force", "oneself"}),
        "sees_requests": may(roles, "openness.view", {"same_force"}),
        "sets_remedies": may(roles, "cases.set_remedies", {"same_force"}),
    }  # fmt: skip


def second_factor_first(request: HttpRequest, command: str) -> HttpResponseRedirect | None:
    """Where to go first, for a command that asks for a second factor; a demo has none to give.

    It is that of the sign-in, here or to the force's directory: a session ends after 15 idle minutes.
    """
    if not table().actions[command].strong or not settings.AMENDS_PRODUCTION:
        return None
    if not second_factor(request):
        messages.info(
            request, "This needs a second factor at sign-in. Set one up, and sign in again."
        )
        return redirect("mfa_index")
    return None


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
                number = given["number"] if "number" in given else parts[0]
                return page(request, "why", status=403, number=number)
            if refused.code in NOT_THERE:
                gone = Refused(NONE, NOWHERE)
                return page(request, "refused", status=404, refused=gone)
            return page(request, "refused", status=403, refused=refused)

    return safe


def sent(request: HttpRequest) -> tuple[Any, ...]:
    """What a form is given beside whose it is: its answers, where it was sent."""
    return (request.POST,) if request.method == "POST" else ()


def performed(request: HttpRequest, form: Any) -> Any:
    """What the *form* did; None where it is only shown, or something is wrong with it, which it then says."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return form.perform()
    except Refused as refused:
        form.add_error(None, f"{refused.sentence} ({refused.code})")
        return None
