"""Beside the life of a case: that one is part of it, its receipt, and who looked at it."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from amends.accounts.permissions import check
from amends.accounts.standing import standing
from amends.cases import answering
from amends.cases.seeing import find
from amends.web.forms.answering import ConflictForm, ReceiptForm
from amends.web.forms.fields import errors, shown
from amends.web.views.pages import me, page, performed, sent, told


@told
@require_http_methods(["GET", "POST"])
def conflict(request: HttpRequest, number: int) -> HttpResponse:
    """Say that one is part of the case, or close to somebody who is: it is then seen no more."""
    case, relations = find(me(request), number)
    check(standing(me(request)).roles, "cases.conflict", relations)
    form = ConflictForm(me(request), case, *sent(request))
    if performed(request, form):
        messages.success(request, "Saved: you see that case no more. Tell your supervisor.")
        return redirect("home")
    return page(
        request, "open", status=422 if form.errors else 200, form=form, fields=list(shown(form)),
        errors=errors(form), back=reverse("case", args=[number]), back_to=f"Back to {case.reference}",
        note=form.note,
    )  # fmt: skip


@told
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """The receipt of the case: what is published of it, and a button that asks for a new one."""
    case, asked = answering.receipt(me(request), number)
    form = ReceiptForm(me(request), case, *sent(request))
    if performed(request, form):
        messages.success(
            request, "You have asked for a receipt. It is here once the ledger is next published."
        )
        return redirect("receipt", number)
    return page(
        request, "receipt", status=422 if form.errors else 200, case=case, asked=asked, form=form,
        errors=errors(form), file=_file_name(case.reference),
    )  # fmt: skip


@told
@require_GET
def receipt_text(request: HttpRequest, number: int) -> HttpResponse:
    """The receipt itself, as a file; where none is covered yet, the page that says so."""
    case, asked = answering.receipt(me(request), number)
    if asked.receipt is None:
        return redirect("receipt", number)
    answer = HttpResponse(asked.receipt.text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(case.reference)}"'
    return answer


@told
@require_GET
def looks(request: HttpRequest, number: int) -> HttpResponse:
    """Who looked at the case, when and why."""
    after = request.GET.get("after", "")
    case, found = answering.looks(
        me(request), number,
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None,
    )  # fmt: skip
    more = found[-1].number if len(found) == answering.PAGE else None
    return page(request, "looks", case=case, found=found, more=more, after=after)


def _file_name(reference: str) -> str:
    return f"receipt-{re.sub('[^A-Za-z0-9]+', '-', reference).strip('-') or 'case'}.txt"
