"""The community remedy document of the force: which is in force, and putting a new one in force."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amends.accounts.standing import today
from amends.cases import remedies
from amends.cases.models import RemedyDocument
from amends.ledger.models import Entry
from support.record import Crew, fresh_key, person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PLACE = "/remedies/"


@pytest.fixture
def boss(crew):
    return person(crew.force, "administrator")


def put(by, starts, *names):
    listed = [(name, "repair") for name in names]
    remedies.set_remedies(
        by, key=fresh_key(), starts=starts, actions=listed, source=f"Source of {names[0]}"
    )


def given(starts, *actions, source="Invented document", **more):
    told = {"key": str(uuid.uuid4()), "source": source, **more}
    if starts:
        told |= {"starts_day": starts.day, "starts_month": starts.month, "starts_year": starts.year}
    for n, (name, purpose) in enumerate(actions, 1):
        told |= {f"action_{n}": name, f"object_{n}": purpose}
    return told


def test_where_there_is_none_that_is_said_and_the_form_is_there(boss, sign_in):
    html = sign_in(boss).get(PLACE).content.decode()
    assert "No document is in force today" in html
    assert "Action 12" in html
    assert "Action 13" not in html


def test_the_one_of_today_and_earlier_and_later_ones_are_told_apart(crew, boss, sign_in):
    put(boss, today() + 9 * DAY, "Gardening")
    put(boss, today() - 30 * DAY, "An apology")
    put(boss, today() - 9 * DAY, "Painting a fence", "Paying for the damage")
    put(person(Crew("kent").force, "administrator"), today(), "Of another force")
    html = sign_in(boss).get(PLACE).content.decode()
    places = [html.index(name) for name in ("Gardening", "Painting a fence", "An apology")]
    assert places == sorted(places)
    parts = html.split("<section")[1:]
    for part, when in zip(parts, ("later", "in force", "earlier"), strict=True):
        assert f">{when}</strong>" in part
    assert "Of another force" not in html
    assert "No document is in force today" not in html


def test_one_that_begins_later_is_not_in_force_yet(boss, sign_in):
    put(boss, today() + DAY, "Gardening")
    assert "No document is in force today" in sign_in(boss).get(PLACE).content.decode()


def test_a_new_one_is_put_in_force_once_and_entered(crew, boss, sign_in):
    client = sign_in(person(crew.force, "disclosure_officer"))
    listed = [(f"Action of {n}", ("repair", "rehabilitate", "punish")[n % 3]) for n in range(12)]
    sent = given(today(), *listed)
    for _ in range(2):
        assert client.post(PLACE, sent).status_code == 302
    made = RemedyDocument.objects.get()
    assert [(one.name, one.object) for one in made.actions.order_by("pk")] == listed
    assert remedies.listed(crew.force, today()) == [name for name, _ in listed]
    assert Entry.objects.filter(kind="cases.set_remedies").count() == 1
    assert "the document is in force from" in client.get(PLACE).content.decode()


def test_rows_between_may_be_left_empty(crew, boss, sign_in):
    sent = given(today(), ("One", "repair"), ("", ""), ("Three", "punish"))
    assert sign_in(boss).post(PLACE, sent).status_code == 302
    assert remedies.listed(crew.force, today()) == ["One", "Three"]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (given(None, ("One", "repair")), "From which day"),
        (given(today(), ("One", "repair"), source=""), "Enter source"),
        (given(today()), "Enter at least one action"),
        (given(today(), ("One", "")), "Select what action 1 is for"),
        (given(today(), ("", "repair")), "Enter action 1, or choose nothing for it"),
        (given(today(), ("One", "repair"), ("One", "punish")), "This is the same as action 1"),
        (given(today(), ("One", "revenge")), "Choose one that is listed"),
        (given(today(), ("x" * 121, "repair")), "at most 120"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(boss, sign_in, sent, told):
    answer = sign_in(boss).post(PLACE, sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert told in html
    assert "There is a problem" in html
    assert not sent.get("action_1") or f'value="{sent["action_1"]}"' in html
    assert not RemedyDocument.objects.exists()


def test_a_second_one_from_the_same_day_is_refused(boss, sign_in):
    put(boss, today(), "An apology")
    answer = sign_in(boss).post(PLACE, given(today(), ("One", "repair")))
    assert answer.status_code == 422
    assert "There is a document from that day already" in answer.content.decode()


def test_the_page_asks_as_much_of_many_documents_as_of_one(boss, sign_in):
    client = sign_in(boss)

    def asked():
        with CaptureQueriesContext(connection) as told:
            assert client.get(PLACE).status_code == 200
        return len(told.captured_queries)

    put(boss, today(), "An apology")
    few = asked()
    for number in range(1, 40):
        put(boss, today() - number * DAY, *(f"Thing {n}" for n in range(9)))
    assert asked() == few
    assert reverse("remedies") == PLACE
