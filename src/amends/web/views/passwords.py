"""The page on which somebody chooses a password, by a link that an administrator handed over."""

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from amends.accounts import passwords
from amends.accounts.refusals import Refused
from amends.web.forms.accounts import ChooseForm
from amends.web.forms.fields import errors, shown
from amends.web.views.pages import page

NO_PATH: Final = "strict-origin"
"""No other page learns the address, which is the secret; a browser still says which site a form is from."""


@sensitive_post_parameters()
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Ask for a new password, and take it: once."""
    try:
        answer = _chosen(request, uid, token)
    except Refused as refused:
        answer = page(request, "password_old", status=404, refused=refused)
    answer["Referrer-Policy"] = NO_PATH
    # Django would log the address of what it answers with 4xx, and that is the secret.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def _chosen(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    user = passwords.holder(uid, token)
    form = ChooseForm(user, request.POST) if request.method == "POST" else ChooseForm(user)
    if request.method == "POST" and form.is_valid():
        passwords.choose(uid, token, form.cleaned_data["first"])
        return page(request, "password_chosen", account=user)
    return page(
        request, "password_choose", status=422 if form.errors else 200, form=form, account=user,
        fields=list(shown(form)), errors=errors(form),
    )  # fmt: skip
