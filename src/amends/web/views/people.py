"""The people of a force: who they are, what they hold, and what whoever runs the accounts can do."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from amends.accounts import queries
from amends.accounts.models import User
from amends.accounts.permissions import check
from amends.accounts.queries import Somebody
from amends.accounts.ranks import GRADES, RANKS
from amends.accounts.standing import standing
from amends.web.forms import accounts as forms
from amends.web.forms.fields import errors, shown
from amends.web.looked_for import keep, looked_for, page_after
from amends.web.views.pages import me, page, performed, second_factor_first, sent, told

SIGNS_IN: Final = {
    "password": "Signs in with a password",
    "directory": "Signs in by the force's directory",
    "not yet": "Cannot sign in: has no password yet",
    "closed": "Closed: cannot sign in",
}
CAN: Final = (
    ("account_give", "role", "Give a role", "accounts.grant"),
    ("account_give", "rank", "Give a rank", "accounts.grant"),
    ("account_give", "grade", "Give a staff grade", "accounts.grant"),
    ("account_password", "", "Make a link to choose a password", "accounts.password"),
    ("account_close", "", "Close the account", "accounts.close"),
)
"""What can be done to an account: its address, what is given, what it is called, and the action."""


@told
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """The people of the force, a page at a time."""
    if request.method == "POST":
        return keep(request)
    asked, user = looked_for(request), me(request)
    words, after = asked.get("words", "").strip()[:100], asked.get("after", "")
    check(standing(user).roles, queries.VIEW, {"same_force", "oneself"})
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    found = queries.people(user, words=words, after=number)
    more = found[-1].user.pk if len(found) == queries.PAGE else None
    return page(
        request, "people", found=found, words=words, after=after, signs_in=SIGNS_IN, more=more,
        first=page_after(request, asked, None), older=page_after(request, asked, more),
        opens=queries.may(user, "accounts.open"), delegates=queries.may(user, "accounts.delegate"),
    )  # fmt: skip


@told
@require_GET
def account(request: HttpRequest, number: int) -> HttpResponse:
    """One person: what they hold from when until when, earlier things too."""
    user = me(request)
    one = queries.person(user, number)
    can = [
        (title, reverse(name, args=[number, what] if what else [number]))
        for name, what, title, action in CAN
        if _offered(user, one, action)
    ]
    return page(
        request, "account", one=one, can=can, signs_in=SIGNS_IN[one.signs_in],
        ends=_offered(user, one, "accounts.grant"), authority=queries.authority(one.user),
        sees_all=queries.may(user, queries.VIEW),
    )  # fmt: skip


def _offered(user: User, one: Somebody, action: str) -> bool:
    """Whether *user* is offered that action on that account: never on their own, nor on a closed one."""
    return queries.may(user, action) and one.user.is_active and one.user.pk != user.pk


@told
@require_http_methods(["GET", "POST"])
def account_open(request: HttpRequest) -> HttpResponse:
    """An account for somebody new."""
    queries.allow(me(request), "accounts.open")
    if first := second_factor_first(request, "accounts.open"):
        return first
    form = forms.OpenForm(me(request), *sent(request))
    if made := performed(request, form):
        messages.success(request, f"The account of {made} is open. Now give them a role.")
        return redirect("account", made.pk)
    return _asked(request, form, reverse("people"), "Back to people")


@told
@require_http_methods(["GET", "POST"])
def account_give(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Give somebody a role, a rank or a grade."""
    if what not in forms.GIVES:
        raise Http404
    one = _one(request, number, "accounts.grant")
    if first := second_factor_first(request, "accounts.grant"):
        return first
    form = forms.GIVES[what](me(request), one.user, *sent(request))
    return _done_or_asked(request, form, one)


@told
@require_http_methods(["GET", "POST"])
def account_end(request: HttpRequest, number: int, what: str, held: int) -> HttpResponse:
    """End a role, a rank or a grade of somebody."""
    one = _one(request, number, "accounts.grant")
    row = queries.held(one.user, what, held)
    if first := second_factor_first(request, "accounts.grant"):
        return first
    told_of = next(h for h in one.held if (h.kind, h.number) == (what, held))
    form = forms.EndForm(me(request), one.user, row, told_of, *sent(request))
    return _done_or_asked(request, form, one)


@told
@require_http_methods(["GET", "POST"])
def account_close(request: HttpRequest, number: int) -> HttpResponse:
    """Close the account of somebody who has left."""
    one = _one(request, number, "accounts.close")
    if first := second_factor_first(request, "accounts.close"):
        return first
    return _done_or_asked(
        request, forms.CloseAccountForm(me(request), one.user, *sent(request)), one
    )


@never_cache
@told
@require_http_methods(["GET", "POST"])
def account_password(request: HttpRequest, number: int) -> HttpResponse:
    """Make a link by which somebody chooses a password, and show it this once."""
    one = _one(request, number, "accounts.password")
    if first := second_factor_first(request, "accounts.password"):
        return first
    form = forms.PasswordLinkForm(me(request), one.user, *sent(request))
    if performed(request, form):
        origin = f"{request.scheme}://{request.get_host()}"
        link = f"{origin}{reverse('choose_password', args=form.link)}"
        return page(request, "password_link", one=one, link=link)
    note = ""
    if queries.by_directory(one.user):
        note = (
            "People of your force sign in by its directory, and need no password here. Make a link only for "
            "somebody whom the directory does not know, such as a member of the panel."
        )
    return _asked(request, form, reverse("account", args=[number]), f"Back to {one.user}", note)


# --- what a grade counts as -----------------------------------------------------------------------------


@told
@require_http_methods(["GET", "POST"])
def delegations(request: HttpRequest) -> HttpResponse:
    """Which staff grade counts as which rank, now, later and earlier; and a form for another."""
    rows = queries.delegations(me(request))
    if first := second_factor_first(request, "accounts.delegate"):
        return first
    form = forms.DelegateForm(me(request), *sent(request))
    if performed(request, form):
        messages.success(request, "Saved: the grade counts as the rank.")
        return redirect("delegations")
    return page(
        request, "delegations", status=422 if form.errors else 200, rows=rows, form=form,
        fields=list(shown(form)), errors=errors(form), grades=GRADES, ranks=RANKS,
    )  # fmt: skip


@told
@require_http_methods(["GET", "POST"])
def delegation_end(request: HttpRequest, number: int) -> HttpResponse:
    """A grade no longer counts as a rank."""
    row = queries.delegation(me(request), number)
    if first := second_factor_first(request, "accounts.delegate"):
        return first
    form = forms.EndDelegationForm(me(request), row, *sent(request))
    if performed(request, form):
        messages.success(request, "Saved: it ends.")
        return redirect("delegations")
    return _asked(request, form, reverse("delegations"), "Back to what grades count as")


# --- what these pages share -----------------------------------------------------------------------------


def _one(request: HttpRequest, number: int, action: str) -> Somebody:
    """The person of that *number*, to whom whoever asks may do *action*."""
    one = queries.person(me(request), number)
    queries.allow(me(request), action)
    return one


def _done_or_asked(request: HttpRequest, form: Any, one: Somebody) -> HttpResponse:
    if performed(request, form):
        messages.success(request, form.saved)
        return redirect("account", one.user.pk)
    return _asked(request, form, reverse("account", args=[one.user.pk]), f"Back to {one.user}")


def _asked(
    request: HttpRequest, form: Any, back: str, back_to: str, note: str = ""
) -> HttpResponse:
    return page(
        request, "open", status=422 if form.errors else 200, form=form, fields=list(shown(form)),
        errors=errors(form), back=back, back_to=back_to, note=note,
    )  # fmt: skip
