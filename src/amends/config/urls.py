"""Every address of the service; what is not said to be open asks who you are."""

from allauth.account import views as account
from allauth.mfa.totp.views import activate_totp
from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from amends.accounts.signin import with_a_password


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """Says that the service is up, and nothing else."""
    return HttpResponse("alive\n", content_type="text/plain")


handler404 = "amends.web.views.pages.not_found"
handler403 = "amends.web.views.pages.forbidden"
handler500 = "amends.web.views.pages.broken"
urlpatterns: list[URLPattern | URLResolver] = [
    path("alive", alive, name="alive"),
    path("", include("amends.web.urls")),
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    # The code to scan is an image inside the page, and nowhere else may one be.
    path(
        "two-factor/totp/activate/",
        with_a_password(csp_update({"img-src": ["data:"]})(activate_totp)),
    ),
    path("two-factor/", include("allauth.mfa.urls")),
    path("directory/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("directory/", include("allauth.socialaccount.urls")),
]
