"""What opens somebody's page is written in no log, and told to no other page."""

import io
import logging

import pytest
import structlog
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse

from amends.cases.actions import inviting
from amends.cases.models import Person
from amends.config import logs

pytestmark = pytest.mark.django_db
SECRET = "a-secret-that-opens-a-page-0123456789"


@pytest.fixture
def log():
    """What the service would write, as it is set up."""
    made = {k: v for k, v in configured.LOGGING["formatters"]["json"].items() if k != "()"}
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**made))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    ("name", "parts"), [("link", [SECRET]), ("choose_password", ["MQ", SECRET])]
)
def test_no_address_that_opens_a_page_is_in_the_log(log, name, parts):
    where = reverse(name, args=parts)
    client = Client(enforce_csrf_checks=True)
    assert client.post(where).status_code == 403
    client.get(where)
    client.head(where)
    client.put(where)
    assert "[left out]" in log.getvalue()
    assert SECRET not in log.getvalue()


def test_where_it_broke_is_written_without_it_too():
    event = {"event": "Broken", "exception": f"File x\n  get('/link/{SECRET}/?a=1')\n/cases/7/"}
    line = logs.render(None, "error", event)
    assert SECRET not in line
    assert "/cases/7/" in line


def test_a_program_that_looks_at_a_link_uses_it_up_by_no_way_of_asking(crew):
    case = crew.shoplifting()
    token, digest = inviting.new_token()
    victim = Person.objects.get(case=case, part="victim")
    crew.does(inviting.invite, case, person=victim, digest=digest)
    where = reverse("link", args=[token])
    assert Client().head(where).status_code == 200
    shown = Client().get(where)
    assert shown["Referrer-Policy"] == "strict-origin"
    assert Client().post(where).status_code == 302
