"""The register of requests for information: the queue, one request and its steps."""

from collections.abc import Collection, Mapping
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from amends.accounts.permissions import NOWHERE, check
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing, today
from amends.openness.register import queries
from amends.openness.register.reading import Standing
from amends.openness.register_words import TAKE_BACK, WORDS
from amends.web.forms.fields import errors, shown
from amends.web.forms.register import (
    FORMS,
    HOW,
    NEEDS,
    DraftForm,
    ReceiveForm,
    ScopeForm,
    in_law,
)  # fmt: skip
from amends.web.views.pages import me, page, performed, second_factor_first, sent, told

FIRST: Final[Mapping[str, str]] = {
    "to be answered": "drafted", "to be cleared": "cleared", "to be cleared by a second person": "cleared",
    "to be sent": "sent", "waiting for the requester": "clarified", "waiting for the fee": "paid",
    "answered": "published", TAKE_BACK: "withdrawn", "under internal review": "review-decided",
    "before the Information Commissioner": "commissioner-decided", "before the Tribunal": "tribunal-decided",
}  # fmt: skip
"""The step that is next, by the state of a request."""


def _first(one: Standing, offered: Collection[str]) -> str:
    """The step of those *offered* that is next; empty where somebody else does it."""
    if "withdrawn" in offered:
        return "withdrawn"
    if one.life.internal and not one.late(today()) and "acknowledged" in offered:
        return "acknowledged"
    name = FIRST.get(one.life.state, "")
    return name if name in offered else ""


@told
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """The requests, a page at a time: those due first, by their day, with what is to be done next."""
    user, asked = me(request), request.GET.get("page", "")
    pages = queries.pages(user)
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    at = min(max(number, 1), pages)
    return page(
        request, "requests", found=queries.queue(user, at), at=at, pages=pages,
        receives=queries.may_receive(user),
    )  # fmt: skip


@told
@require_http_methods(["GET", "POST"])
def request_new(request: HttpRequest) -> HttpResponse:
    """Register a request."""
    user = me(request)
    check(standing(user).roles, "openness.receive", {"same_force"} if user.force_id else {"other_force"})  # fmt: skip
    form = ReceiveForm(user, *sent(request))
    if made := performed(request, form):
        messages.success(request, f"Registered as {made.reference}.")
        return redirect("request", made.pk)
    return page(
        request, "open", status=422 if form.errors else 200, form=form, fields=list(shown(form)),
        errors=errors(form), back=reverse("requests"), back_to="Back to requests",
    )  # fmt: skip


@told
@require_GET
def one_request(request: HttpRequest, number: int) -> HttpResponse:
    """One request: by when and why, what is next, what may answer it already, and its history."""
    user = me(request)
    one = queries.find(user, number)
    kinds = {kind.replace(" ", "-") for kind in queries.offered(user, one)}
    if queries.may_erase(user, one):
        kinds.add("erase")
    offered = {name: form.title for name, form in FORMS.items() if name in kinds}
    return page(
        request, "request", one=one, offered=offered, who=queries.requester(user, one), kinds=WORDS,
        already=None if one.life.over else queries.already(user, one), how=dict(HOW),
        ready=queries.made_ready(one) if "drafted" in kinds else (), first=_first(one, offered), law=in_law(),
    )  # fmt: skip


@told
@require_http_methods(["GET", "POST"])
def request_step(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """One thing that happens to a request: its questions, and doing it."""
    user = me(request)
    one = queries.find(user, number)
    if name not in FORMS:
        raise Refused("ACT-NONE", NOWHERE)
    action = NEEDS.get(name, "openness.handle")
    check(standing(user).roles, action, one.row.relations_of(user))
    if first := second_factor_first(request, action):
        return first
    form = FORMS[name](user, one, *sent(request))
    if isinstance(form, DraftForm) and request.method == "GET" and request.GET.get("folder"):
        form.fill(request.GET["folder"])
    if isinstance(form, ScopeForm) and request.method == "GET" and request.GET.get("question"):
        form.initial["question"] = request.GET["question"]
    if made := performed(request, form):
        messages.success(request, f"Saved: {form.title}.")
        return redirect("request", made.pk if name == "refined" else number)
    return page(
        request, "request_step", status=422 if form.errors else 200, one=one, form=form, name=name,
        fields=list(shown(form)), errors=errors(form), back=reverse("request", args=[number]),
        back_to=f"Back to {one.row.reference}",
    )  # fmt: skip
