"""Every address of the service."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path


def alive(request: HttpRequest) -> HttpResponse:
    """Says that the service is up, and nothing else."""
    return HttpResponse("alive\n", content_type="text/plain")


urlpatterns: list[URLPattern] = [path("alive", alive, name="alive")]
