"""A case: its page, its steps, and everything that was done in it."""

import re
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from amends.accounts.permissions import check
from amends.accounts.refusals import Refused, Stale
from amends.accounts.standing import standing
from amends.cases import queries
from amends.cases.seeing import IN_IT, Seen, find, see
from amends.notices.letters import pdf
from amends.notices.reading import to_hand_over
from amends.restorative import queries as restorative
from amends.web.forms.fields import errors, shown
from amends.web.forms.letters import SHOW, InviteForm
from amends.web.forms.raising import RaiseForm, SceneForm, may_settle
from amends.web.forms.steps import StepForm
from amends.web.progress import next_step
from amends.web.steps import STEPS, did
from amends.web.views.pages import me, page, performed, second_factor_first, sent, told

WHY: Final = "amends_why"
GROUPS: Final = (
    ("The offence and the people", ("facts", "person", "need", "assign", "link")),
    ("The person responsible", ("admission", "takes-part", "admission-withdrawn")),
    ("The victim", ("contact", "victim-view", "not-consulted")),
    ("Letters and links", ("tell", "link-for", "pass-on")),
    ("The decision", ("record", "guidance", "decide", "ask", "authorise", "refuse")),
    ("A restorative process", ("rj-start", "rj-lead", "rj-part", "rj-prepare", "rj-risk", "rj-meet", "rj-came",
                               "rj-outcome", "rj-after", "rj-follow", "rj-leave", "rj-stop")),
    ("The agreement", ("consequences", "agreement", "change", "done", "payment", "letter", "read-letter",
                       "offer-letter")),
    ("If something goes wrong", ("withdraw", "breach", "after-breach", "answer-review")),
    ("Ending and after", ("complete", "close", "no-crime", "reopen", "retention", "erase")),
    ("Notes and others", ("note", "share")),
)  # fmt: skip
"""Every step of a case, as its page offers them."""


def offered(seen: Seen, process: Any) -> dict[str, type[StepForm]]:
    """The steps that can be taken now by whoever sees the case."""
    found = {name: form for name, form in STEPS.items() if form.command in seen.may}
    if not may_settle(seen):
        found.pop("settle", None)
    if not seen.to_pass_on:
        found.pop("pass-on", None)
    if all(hasattr(one, "answer") for one in seen.reviews):
        found.pop("answer-review", None)
    return {name: form for name, form in found.items() if _fits(name, process)}


def _fits(name: str, process: Any) -> bool:
    """Whether a step of a restorative process can be taken while *process* is where it is."""
    if not name.startswith("rj-"):
        return True
    if process is None or process.stopped or process.withdrawn:
        return name == "rj-start"
    if process.outcome is not None:
        return name in ("rj-start", "rj-after", "rj-follow")
    if name in ("rj-came", "rj-outcome"):
        return process.meeting is not None
    return name not in ("rj-start", "rj-after", "rj-follow")


def _why(request: HttpRequest, number: int) -> str:
    """Why they look: as they say now, or said before in this session; each look is kept with it."""
    asked = request.POST if request.method == "POST" else request.GET
    said = asked.get("why", "").strip()[:200]
    given: dict[str, str] = request.session.get(WHY, {})
    if said and given.get(str(number)) != said:
        request.session[WHY] = {**given, str(number): said}
    return said or given.get(str(number), "")


def _goes_on(request: HttpRequest, number: int) -> HttpResponse:
    """Keep why they look at the case, and lead back to the page of it that they asked for."""
    find(me(request), number)
    _why(request, number)
    here, there = reverse("case", args=[number]), request.POST.get("next", "")
    inside = re.fullmatch(re.escape(here) + r"[a-z0-9/.-]*", there)
    return redirect(there if inside else here)


def _reason(request: HttpRequest, number: int, relations: frozenset[str], what: str) -> str:
    """Why they look at part of a case: *what*, where they work on it or send what they were shown.

    Whoever does not work on it says why, here or on the page of the case; where they did not, it is empty.
    """
    if request.method == "POST" or not relations.isdisjoint(IN_IT):
        return what
    return _why(request, number)


@told
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, number: int) -> HttpResponse:
    """The page of one case; sent to it is why somebody looks."""
    if request.method == "POST":
        return _goes_on(request, number)
    seen = see(me(request), number, why=_why(request, number))
    process = restorative.in_case(me(request), seen.case)
    steps = offered(seen, process)
    following = "settle" if "settle" in steps else next_step(steps, seen)
    groups = [
        (title, [(n, steps[n].title) for n in names if n in steps]) for title, names in GROUPS
    ]
    return page(
        request, "case", seen=seen, process=process, following=following, steps=steps,
        following_title=steps[following].title if following else "",
        groups=[(title, some) for title, some in groups if some],
    )  # fmt: skip


@told
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """One step of a case: its questions, and what comes of the answers."""
    if name not in STEPS:
        raise Http404
    kind = STEPS[name]
    _, relations = find(me(request), number)
    check(standing(me(request)).roles, kind.command, relations)
    if asked := second_factor_first(request, kind.command):
        return asked
    why = _reason(request, number, relations, "a step of the case")
    seen = see(me(request), number, why=why)
    if request.method == "POST":
        return _given(request, seen, kind, name)
    process = restorative.in_case(me(request), seen.case)
    if name not in offered(seen, process):
        return redirect("case", number)
    return _asked(request, kind(seen, me(request)), name)


def _given(request: HttpRequest, seen: Seen, kind: type[StepForm], name: str) -> HttpResponse:
    """Do what was asked for; or the same questions again, with the answers, and what is wrong."""
    form = kind(seen, me(request), request.POST)
    if isinstance(form, InviteForm):
        form.origin = f"{request.scheme}://{request.get_host()}"
    if form.is_valid():
        try:
            form.perform()
        except Stale as stale:
            form = _again(kind, seen, request, form)
            form.add_error(None, stale.sentence)
        except Refused as refused:
            form.add_error(None, f"{refused.sentence} ({refused.code})")
        else:
            if isinstance(form, InviteForm) and form.cleaned_data["channel"] == SHOW:
                return _link_made(request, form)
            messages.success(request, kind.saved)
            return redirect("case", seen.case.pk)
    return _asked(request, form, name, status=422)


def _link_made(request: HttpRequest, form: InviteForm) -> HttpResponse:
    """The link, shown this once."""
    person = form.person(form.cleaned_data["who"])
    found = next(one for one in form.seen.people if one.row.pk == person.pk)
    safe = [need for need in found.needs if need.kind == "safe_contact"]
    return page(request, "invited", seen=form.seen, person=person, needs=safe, link=form.link)


def _again(kind: type[StepForm], seen: Seen, request: HttpRequest, form: StepForm) -> StepForm:
    """The same answers in a form that has seen the case as it is now, to be looked at and sent again."""
    data = request.POST.copy()
    data["expected"], data["key"] = str(seen.case.version), f"{form.cleaned_data['key'][:80]}+"
    again = kind(seen, me(request), data)
    again.is_valid()
    return again


def _asked(request: HttpRequest, form: StepForm, name: str, status: int = 200) -> HttpResponse:
    back = reverse("case", args=[form.seen.case.pk])
    first = [name for name in form.fields if name not in form.folded]
    folded, wrong = form.folded, any(name in form.errors for name in form.folded)
    return page(
        request, "step", status=status, form=form, fields=list(shown(form, first)), errors=errors(form),
        folded=list(shown(form, folded)), unfolded=wrong, back=back,
        seen=form.seen, name=name, scripted=True,
    )  # fmt: skip


@told
@require_GET
def timeline(request: HttpRequest, number: int) -> HttpResponse:
    """Everything that was done in a case."""
    row, relations = find(me(request), number)
    why = _reason(request, number, relations, "its timeline")
    steps = queries.timeline(me(request), row, why=why)
    return page(request, "timeline", case=row, steps=steps, did=did)


@told
@require_GET
def letter(request: HttpRequest, number: int, task: int) -> HttpResponse:
    """A letter to be handed over, to print."""
    row, relations = find(me(request), number)
    check(standing(me(request)).roles, "cases.pass_on", relations)
    text = to_hand_over(row.force, row.reference, task)
    if text is None:
        raise Http404
    queries.looked(me(request), f"letter of case {row.reference}", "to hand it over")
    return HttpResponse(
        pdf(text), content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="letter.pdf"', "Cache-Control": "no-store"},
    )  # fmt: skip


# --- new ones ---------------------------------------------------------------------------------------


@told
@require_http_methods(["GET", "POST"])
def raise_one(request: HttpRequest) -> HttpResponse:
    """A new case by its reference."""
    return _opened(request, RaiseForm)


@told
@require_http_methods(["GET", "POST"])
def scene(request: HttpRequest) -> HttpResponse:
    """A new case, told whole at the scene."""
    return _opened(request, SceneForm)


def _opened(request: HttpRequest, kind: type[Any]) -> HttpResponse:
    user = me(request)
    check(standing(user).roles, "cases.raise", {"same_force"} if user.force_id else {"other_force"})
    form = kind(user, *sent(request))
    if made := performed(request, form):
        return redirect("case", made.pk)
    return page(
        request, "open", status=422 if form.errors else 200, form=form, fields=list(shown(form)),
        errors=errors(form), back=reverse("home"), scripted=True,
    )  # fmt: skip
