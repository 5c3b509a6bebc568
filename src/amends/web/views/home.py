"""The page of one's role, and the search."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_GET, require_http_methods

from amends.accounts.permissions import table
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing
from amends.cases import queries
from amends.cases.finding import by_facts
from amends.cases.lifecycle import lifecycle
from amends.openness.register import queries as register
from amends.web.forms.fields import errors, shown
from amends.web.forms.finding import FindForm, more_facts
from amends.web.looked_for import keep, looked_for, page_after
from amends.web.views.pages import me, page, told


@told
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What needs me now, what waits for others, and what is late."""
    user = me(request)
    roles = standing(user).roles
    late = queries.late(user)
    numbers = {one.pk for one in late}
    lists = (
        ("Late", "The day of something agreed has passed.", late),
        ("Needs me now", "Nothing needs you now.", [c for c in queries.needs_me(user) if c.pk not in numbers]),
        ("You have a task in these", "", queries.given(user)),
        ("Not done: decide what follows", "", queries.breached(user)),
        ("Somebody asks for a review", "", queries.to_review(user)),
        ("Letters to hand over, or that did not arrive", "", queries.to_pass_on(user)),
        ("To be erased, or kept longer: the review has come", "", queries.kept_long_enough(user)),
        ("Ended lately: say how long each is kept", "", queries.not_yet_kept(user)),
        ("Waiting for others", "Nothing waits for anybody else.",
         [c for c in queries.waiting(user) if c.pk not in numbers]),
    )  # fmt: skip
    queries.named(one for _, _, found in lists for one in found)
    asked, asked_of = register.to_do(user) or (None, 0)
    return page(
        request, "home", lists=lists, asked=asked, asked_of=asked_of,
        raises=table().may(roles, "cases.raise", {"same_force"}),
        searches=table().may(roles, "cases.search", {"same_force"}),
    )  # fmt: skip


@told
@require_GET
def every(request: HttpRequest) -> HttpResponse:
    """The cases one may see, the newest first, a page at a time."""
    after = request.GET.get("after", "")
    state = request.GET.get("state", "")
    states = lifecycle().states
    found = queries.page(
        me(request), state=state if state in states else None,
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None,
    )  # fmt: skip
    more = found[-1].pk if len(found) == queries.PAGE else None
    queries.named(found)
    return page(request, "cases", found=found, more=more, state=state, states=states)


@told
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Cases by reference or by the name of somebody in them."""
    if request.method == "POST":
        return keep(request)
    asked = looked_for(request)
    words, why = asked.get("words", "").strip(), asked.get("why", "").strip()
    found, wrong = None, ""
    if "words" in asked:
        try:
            found = queries.search(me(request), words, why=why)
        except Refused as refused:
            wrong = refused.sentence
    queries.named(found or ())
    return page(
        request,
        "search",
        found=found,
        words=words,
        why=why,
        wrong=wrong,
        status=422 if wrong else 200,
    )


@told
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Cases by what is known of them."""
    if request.method == "POST":
        return keep(request)
    asked = looked_for(request)
    also, after = asked.getlist("also"), asked.get("after", "")
    asks = "why" in asked and "add" not in asked
    form = FindForm(also, asked) if asks else FindForm(also, initial=_given(asked))
    found = None
    if asks and form.is_valid():
        try:
            found = by_facts(
                me(request), form.wanted(), why=form.cleaned_data["why"],
                after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, refused.sentence)
    more = found[-1].pk if found and len(found) == queries.PAGE else None
    queries.named(found or ())
    return page(
        request, "find", form=form, fields=list(shown(form)), errors=errors(form), others=more_facts(),
        found=found, more=more, after=after, older=page_after(request, asked, more), status=422 if form.errors else 200,
    )  # fmt: skip


def _given(asked: QueryDict) -> dict[str, Any]:
    """What was answered before another question was added."""
    given: dict[str, Any] = {name: value for name, value in asked.items() if value}
    for name in ("case.raised_from", "case.raised_to"):
        given[name] = [given.pop(f"{name}_{part}", "") for part in ("day", "month", "year")]
    return given
