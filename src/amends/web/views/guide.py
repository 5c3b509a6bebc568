"""The guided page of a demo: what to try, as whom, and a way in by one click."""

from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from amends.accounts.signin import demo_people, demo_sign_in
from amends.accounts.standing import standing
from amends.notices.reading import read, written
from amends.web.views.pages import page

MOST: Final = 100
"""Letters on one page."""
_WORKERS: Final = {
    "pcso": "PCSO", "victim_care": "victim care worker", "youth_justice": "youth justice worker",
}  # fmt: skip
TRY: Final = {
    "officer": "Settle something at the scene, or raise a case and follow what comes next.",
    "supervisor": "See what officers ask of you; give guidance; decide what follows a breach; answer a review.",
    "authoriser": (
        "Read a case you were asked about, its reasons and the victim's words, and allow or refuse it. Where "
        "somebody must be asked here, the policies of today ask for a Sergeant or above."
    ),
    "facilitator": "See the cases you were given a task in, prepare people for a conference, and set its day.",
    "volunteer_facilitator": "See only the cases you were given a task in.",
    "victim_care": "Find a victim's case, and see whether they were heard.",
    "youth_justice": "See the cases of children you were asked about.",
    "panel_member": "See that no case is shown to a panel before it is drawn and redacted.",
    "panel_secretary": "The same: drawing comes with a later release.",
    "disclosure_officer": (
        "Register a request for information, estimate it, draft the answer, have it cleared twice, send and publish "
        "it. See that a case is shown only under a request. Put a community remedy document in force."
    ),
    "records_manager": "Say how long a closed case is kept, and see when it may be erased.",
    "auditor": (
        "See everything, and change nothing. Open a case, see who looked at it and why, and ask for a receipt "
        "that anybody can check."
    ),
    "administrator": (
        "Open an account, hand over the link by which they choose a password, and give them a role. Say which "
        "grade counts as which rank. Put a community remedy document in force. See no case."
    ),
}


@login_not_required
@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """Everybody of the invented force, what they are, and what to try as them."""
    if settings.AMENDS_PRODUCTION:
        raise Http404
    people = []
    for user in demo_people():
        roles = sorted(standing(user).roles)
        tries = " ".join(dict.fromkeys(TRY[role] for role in roles if role in TRY))
        people.append((user, *_called(user.username), tries))
    return page(request, "guide", people=people)


def _called(username: str) -> tuple[str, str]:
    """What somebody of the demo is, as a heading and within a sentence."""
    bare = username.removeprefix("invented.")
    name = _WORKERS.get(bare, bare.replace("_", " "))
    return name[:1].upper() + name[1:], name if name[-1:].isdigit() else f"the {name}"


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as somebody invented: by the guide's button, or by the link that a demo prints."""
    asked = request.POST if request.method == "POST" else request.GET
    if not demo_sign_in(request, asked.get("as", "")):
        raise Http404
    return redirect("home")


@login_not_required
@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """The letters of a demo, as they lie in its folder, the newest first."""
    if settings.AMENDS_PRODUCTION:
        raise Http404
    return page(request, "letters", letters=written(MOST))


@login_not_required
@require_GET
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One letter of a demo."""
    text = None if settings.AMENDS_PRODUCTION else read(name)
    if text is None:
        raise Http404
    if name.endswith(".html"):
        return HttpResponse(text)
    return page(request, "letter", text=text, name=name)
