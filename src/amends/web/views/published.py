"""The public site that a demo has made of its invented cases, at an address of the demo's own."""

from typing import Final

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from django.views.static import serve

from amends.openness.site.places import FOLDER, LOG
from amends.web.views.pages import page

_FIRST: Final = "index.html"
_SITE: Final = {
    "default-src": ["'none'"], "style-src": ["'self'"], "img-src": ["'self'"], "base-uri": ["'none'"],
    "form-action": ["'none'"], "frame-ancestors": ["'none'"],
}  # fmt: skip


@login_not_required
@require_safe
def published(request: HttpRequest, name: str = "") -> HttpResponseBase:
    """A file of the site, or the first page of a folder of it; while it is being made, a page that says so."""
    if settings.AMENDS_PRODUCTION or ".." in name.split("/"):
        raise Http404
    folder = settings.AMENDS_FOLDER / FOLDER
    if not (folder / _FIRST).is_file():
        return _not_yet(request)
    if not name or name.endswith("/"):
        name += _FIRST
    elif (folder / name / _FIRST).is_file():
        return redirect(f"{request.path}/")  # its links are told from within the folder
    # A page of data brings its style with it.
    style = {"style-src": ["'self'", "'unsafe-inline'"]} if name.startswith("data/") else {}

    @csp_replace({**_SITE, **style})
    def file(request: HttpRequest) -> HttpResponseBase:
        return serve(request, name, document_root=str(folder))

    return file(request)


def _not_yet(request: HttpRequest) -> HttpResponse:
    """Says that the site is being made, or why it could not be."""
    log = settings.AMENDS_FOLDER / LOG
    told = log.read_text("utf-8", "replace") if log.is_file() else ""
    faults = [line for line in told.splitlines() if line.startswith("amends")]
    return page(request, "published", status=503, faults=faults, begun=log.is_file())
