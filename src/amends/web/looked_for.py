"""What somebody looked for, kept in their session: names and reasons stand in no address, and so in no history.

A search is sent, kept, and shown at an address that only numbers it. It goes when they sign out.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

_HELD: Final = "amends_looked_for"
MOST: Final = 5
"""Searches that are kept for somebody at once, the latest: enough for a few windows and the browser's Back."""


def keep(request: HttpRequest) -> HttpResponse:
    """Keep what was sent, and lead to where it is shown."""
    held: dict[str, str] = request.session.get(_HELD, {})
    number = str(max(map(int, held), default=0) + 1)
    given = request.POST.copy()
    given.pop("csrfmiddlewaretoken", None)
    latest = dict(list(held.items())[1 - MOST :])
    request.session[_HELD] = {**latest, number: given.urlencode()}
    return redirect(f"{request.path}?kept={number}")


def looked_for(request: HttpRequest) -> QueryDict:
    """What was looked for: what is kept under the address's number; or what stands in the address itself.

    The next page of it is asked for in the address, by `after`. Nothing is kept any more: nothing was asked.
    """
    number = request.GET.get("kept")
    if number is None:
        return request.GET
    asked = QueryDict(request.session.get(_HELD, {}).get(number, ""), mutable=True)
    if "after" in request.GET:
        asked["after"] = request.GET["after"]
    return asked


def page_after(request: HttpRequest, asked: QueryDict, after: int | str | None) -> str:
    """The address of the next page of what was *asked*, from the one numbered *after*; of the first without."""
    number = request.GET.get("kept")
    if number is not None:
        again = QueryDict(mutable=True)
        again["kept"] = number
    else:
        again = asked.copy()
        again.pop("after", None)
    if after:
        again["after"] = str(after)
    return f"?{again.urlencode()}"
