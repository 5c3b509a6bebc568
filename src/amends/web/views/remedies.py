"""The community remedy document of the force: what victims can ask for, and from when."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from amends.cases.remedies import documents
from amends.web.forms.agreement import OBJECTS
from amends.web.forms.fields import errors, shown
from amends.web.forms.remedies import RemedyForm
from amends.web.views.pages import me, page, performed, sent, told


@told
@require_http_methods(["GET", "POST"])
def remedies(request: HttpRequest) -> HttpResponse:
    """The document of today, earlier and later ones, and a form for a new one."""
    user = me(request)
    found = documents(user)
    form = RemedyForm(user, *sent(request))
    if made := performed(request, form):
        messages.success(request, f"Saved: the document is in force from {made.starts:%-d %B %Y}.")
        return redirect("remedies")
    fields = list(shown(form))
    return page(
        request, "remedies", status=422 if form.errors else 200, found=found, form=form, first=fields[:2],
        pairs=list(zip(fields[2::2], fields[3::2], strict=True)), errors=errors(form), objects=dict(OBJECTS),
    )  # fmt: skip
