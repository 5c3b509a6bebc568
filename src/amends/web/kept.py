"""For the script that keeps answers where the connection drops: where to go next is told, and not gone to.

A redirect that a script follows would use up what the next page was to say ("Saved").
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase

ASKED: Final = "Amends-Kept"
GO: Final = "Amends-Go"


class KeptForms:
    """Turns a redirect after a form that a script sent into an empty answer that names the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if answer.status_code != 302 or ASKED not in request.headers:
            return answer
        told = HttpResponse(status=204, headers={GO: answer.headers["Location"]})
        told.cookies = answer.cookies
        return told
