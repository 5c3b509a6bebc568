"""The disclosure log, for everybody: no sign-in, an address for each answer, and nothing of who asked."""

import base64
import csv
import hashlib
import io
import re
from typing import Final, cast

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from amends.accounts.models import Force
from amends.accounts.permissions import NOWHERE
from amends.accounts.refusals import Refused
from amends.openness.register import log, released
from amends.web.views.pages import page, told

LONGEST: Final = 200
_STYLE: Final = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_ONLY_READ: Final = {
    "default-src": ["'none'"], "base-uri": ["'none'"], "form-action": ["'none'"], "frame-ancestors": ["'none'"],
    "script-src": ["'none'"], "img-src": ["'none'"], "connect-src": ["'none'"],
}  # fmt: skip
_SHOWN: Final = ("text/html", "text/plain")
"""Media types that a browser shows; all others it saves."""


@login_not_required
@told
@require_safe
def disclosures(request: HttpRequest) -> HttpResponse:
    """The forces that have published answers; the log itself, where there is one."""
    found = log.forces()
    if len(found) == 1:
        return redirect("disclosure_log", found[0].pk)
    return page(request, "disclosures", found=found)


@login_not_required
@told
@require_safe
def disclosure_log(request: HttpRequest, force: str) -> HttpResponse:
    """The log of a force, a page at a time; only what holds the words that are looked for."""
    of = _force(force)
    words, number = request.GET.get("words", "")[:LONGEST], request.GET.get("page", "")
    asked = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    found, at, pages = log.page(of.pk, words, asked)
    return page(request, "disclosure_log", force=of, found=found, words=words, at=at, pages=pages)


@login_not_required
@told
@require_safe
def disclosure(request: HttpRequest, force: str, name: str) -> HttpResponse:
    """One answer."""
    of = _force(force)
    one = log.entry(of.pk, name)
    if gone := log.withdrawal_of(one):
        return page(request, "withdrawn", status=410, force=of, one=one, gone=gone)
    return page(request, "disclosure", force=of, one=one, files=released.digests(one))


@login_not_required
@told
@require_safe
def disclosure_file(request: HttpRequest, force: str, name: str, file: str) -> HttpResponse:
    """A file of the release behind one answer, with a policy of its own: it may do nothing but be read."""
    of = _force(force)
    one = log.entry(of.pk, name)
    if gone := log.withdrawal_of(one):
        return page(request, "withdrawn", status=410, force=of, one=one, gone=gone)
    found = released.released(one, file)
    if found is None:
        raise Refused("ACT-NONE", NOWHERE)
    styles = [f"'sha256-{_base64(one)}'" for one in _STYLE.findall(found.data)]
    style = styles if found.kind.startswith("text/html") and styles else ["'none'"]

    @csp_replace({**_ONLY_READ, "style-src": style})
    def answer(request: HttpRequest) -> HttpResponse:
        made = HttpResponse(found.data, content_type=found.kind)
        how = "inline" if found.kind.startswith(_SHOWN) else "attachment"
        made["Content-Disposition"] = f'{how}; filename="{found.name}"'
        made["ETag"] = f'"{found.digest}"'
        return made

    return cast(HttpResponse, answer(request))


@login_not_required
@told
@require_safe
def disclosure_log_csv(request: HttpRequest, force: str) -> HttpResponse:
    """The whole log as CSV."""
    text = io.StringIO(newline="")
    made = csv.DictWriter(text, log.COLUMNS)
    made.writeheader()
    for one in log.every(_force(force).pk):
        made.writerow({name: _plain(value) for name, value in log.row(one).items()})
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="disclosure-log.csv"'
    return answer


@login_not_required
@told
@require_safe
def disclosure_log_json(request: HttpRequest, force: str) -> HttpResponse:
    """The whole log as JSON."""
    of = _force(force).pk
    told = {
        "disclosure_log": [log.row(one) for one in log.every(of)],
        "withdrawn": log.withdrawn(of),
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


def _base64(data: bytes) -> str:
    """The SHA-256 of *data* as a policy writes it."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _force(slug: str) -> Force:
    found = log.force(slug)
    if found is None:
        raise Refused("ACT-NONE", NOWHERE)
    return found


def _plain(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
