"""The page of one's role, and the search."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from amends.accounts.permissions import table
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing
from amends.cases import queries
from amends.cases.lifecycle import lifecycle
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
        ("Waiting for others", "Nothing waits for anybody else.",
         [c for c in queries.waiting(user) if c.pk not in numbers]),
    )  # fmt: skip
    return page(
        request, "home", lists=lists, raises=table().may(roles, "cases.raise", {"same_force"}),
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
    return page(request, "cases", found=found, more=more, state=state, states=states)


@told
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Cases by reference or by the name of somebody in them."""
    words, why = request.GET.get("words", "").strip(), request.GET.get("why", "").strip()
    found, wrong = None, ""
    if "words" in request.GET:
        try:
            found = queries.search(me(request), words, why=why)
        except Refused as refused:
            wrong = refused.sentence
    return page(
        request,
        "search",
        found=found,
        words=words,
        why=why,
        wrong=wrong,
        status=422 if wrong else 200,
    )
