"""The pages that a link opens: a victim or person responsible acts without an account, once a link."""

import time
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from amends.accounts.refusals import Refused
from amends.cases.actions.inviting import open_link
from amends.cases.invited import Told, told
from amends.web.forms.fields import errors, shown
from amends.web.forms.yours import YOURS, YourForm
from amends.web.views.passwords import NO_PATH

OPENED: Final = "amends_link"
TOO_LATE: Final = (
    "This has changed since you opened the page, and cannot be said in this way any more: your answer is not "
    "recorded. Your words are still here. Go back to see where it stands and what you can do now, or ring the police."
)
ELSEWHERE: Final = "https://www.bbc.co.uk/weather"
"""Where somebody is taken who has to leave at once: a page that anybody may be looking at."""
LASTS: Final = 30 * 60
"""Seconds for which an opened link lets somebody read and answer; the limit is ours, and illustrative."""


def page(
    request: HttpRequest, template: str, *, status: int = 200, **given: object
) -> HttpResponse:
    """A page of a link: it names no officer, and keeps nothing behind."""
    return render(request, f"web/{template}.html", given, status=status, using="jinja")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The link itself: opened by a button, so that no program that looks at links uses it up."""
    answer = _opened(request, token)
    answer["Referrer-Policy"] = NO_PATH
    return answer


def _opened(request: HttpRequest, token: str) -> HttpResponse:
    if request.method != "POST":
        return page(request, "link")
    try:
        found = open_link(token)
    except Refused as refused:
        return page(request, "link_old", status=404, refused=refused)
    request.session.cycle_key()
    request.session[OPENED] = [found.pk, time.time()]
    return redirect("yours")


def _holder(request: HttpRequest) -> Told | None:
    held = request.session.get(OPENED)
    if not held or time.time() - held[1] > LASTS:
        request.session.pop(OPENED, None)
        return None
    try:
        return told(held[0])
    except Refused:  # nothing is kept of it any more
        return None


def offered(who: Told) -> list[tuple[str, str]]:
    """What the holder of a link can do now."""
    names = ["say" if who.victim else "take-part", "stop", "feedback", "review"]
    can = [name for name in names if YOURS[name].command in who.may]
    gone = {"stop"} if who.withdrawn else set()
    gone |= {"feedback"} if who.fed_back else set()
    gone |= {"say"} if who.unheard else set()
    return [(name, YOURS[name].title) for name in can if name not in gone]


@never_cache
@login_not_required
@require_http_methods(["GET"])
def yours(request: HttpRequest) -> HttpResponse:
    """The case in plain words, and what can be done."""
    who = _holder(request)
    if who is None:
        return _closed(request)
    return page(
        request, "yours", who=who, offered=offered(who), thanks=request.GET.get("sent") in YOURS
    )


@never_cache
@login_not_required
@require_http_methods(["GET"])
def leave(request: HttpRequest) -> HttpResponse:
    """The quick way out: what was opened is closed, so that whoever goes back finds nothing, and another page shown."""
    request.session.pop(OPENED, None)
    gone = redirect(ELSEWHERE)
    gone["Referrer-Policy"] = "no-referrer"
    return gone


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, name: str) -> HttpResponse:
    """One thing that the holder of a link may say."""
    if name not in YOURS:
        raise Http404
    who = _holder(request)
    if who is None:
        return _closed(request)
    kind, sent = YOURS[name], request.method == "POST"
    if name not in dict(offered(who)) and not sent:
        return redirect("yours")
    form: YourForm = kind(who, request.POST) if sent else kind(who)
    if sent and form.is_valid():
        if wrong := _refused(form, possible=name in dict(offered(who))):
            form = _shown_anew(kind, who, request.POST)
            form.is_valid()
            form.add_error(None, wrong)
        else:
            return redirect(f"{request.path.rsplit('/', 2)[0]}/?sent={name}")
    return page(
        request, "your_answer", status=422 if form.errors else 200, form=form, fields=list(shown(form)),
        errors=errors(form), who=who,
    )  # fmt: skip


def _refused(form: YourForm, *, possible: bool) -> str:
    """Do what the form asks for; why that was refused, or nothing. What was done before is done."""
    try:
        form.perform()
    except Refused as refused:
        return refused.sentence if possible else TOO_LATE
    return ""


def _shown_anew(kind: type[YourForm], who: Told, given: QueryDict) -> YourForm:
    """The form with what was typed, and as of the case as it is now: sent again it is of what they read now."""
    answers = given.copy()
    answers["expected"] = str(who.case.version)
    return kind(who, answers)


def _closed(request: HttpRequest) -> HttpResponse:
    wrong = Refused("LINK-OLD", "This page has closed. Ask the police for another link.")
    return page(request, "link_old", status=403, refused=wrong)
