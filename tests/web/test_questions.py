"""A page asks as many questions of the database for a hundred cases as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amends.cases.actions import raising
from support.record import Crew

pytestmark = pytest.mark.django_db


def asked(client, path, **given):
    with CaptureQueriesContext(
        connection,
    ) as told:
        answer = client.get(path, given)
    assert answer.status_code == 200
    return len(told.captured_queries)


def test_lists_queue_and_search_ask_as_much_of_a_hundred_as_of_one(sign_in):
    crew = Crew("kent")
    client = sign_in(crew.officer)

    def counts():
        return (
            asked(client, reverse("home")),
            asked(client, reverse("cases")),
            asked(client, reverse("cases"), state="raised"),
            asked(client, reverse("search"), words="Invented", why="a test"),
            asked(client, reverse("find"), **{"case.state": "raised", "why": "a test"}),
        )

    one = crew.raised()
    crew.does(raising.add_person, one, part="witness", kind="person", name="Invented W")
    few = counts()
    for number in range(99):
        case = crew.raised()
        if number % 10 == 0:
            crew.does(
                raising.add_person, case, part="witness", kind="person", name=f"Invented {number}"
            )
    assert counts() == few


def test_a_case_page_asks_as_much_whatever_else_there_is(sign_in):
    crew = Crew("kent")
    case = crew.agreed()
    client = sign_in(crew.officer)
    before = asked(client, reverse("case", args=[case.pk]))
    for _ in range(20):
        crew.shoplifting()
    assert asked(client, reverse("case", args=[case.pk])) == before
    timeline = sign_in(crew.sergeant)
    few = asked(timeline, reverse("timeline", args=[crew.raised().pk]), why="a test")
    assert asked(timeline, reverse("timeline", args=[case.pk]), why="a test") == few
