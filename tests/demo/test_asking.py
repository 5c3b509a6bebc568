"""The invented requests: each state that a disclosure officer meets, and nobody real in any of them."""

import datetime as dt

import pytest

from amends.accounts.standing import today
from amends.demo import asking, crew
from amends.ledger.models import Entry
from amends.openness.clock import OutsideCalendar, due
from amends.openness.register import queries
from amends.openness.register.models import Requester, RequesterWords

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path


@pytest.fixture
def people():
    return crew.invent_people(1)


def test_there_is_one_request_in_each_state_and_each_says_that_it_is_invented(people):
    made = asking.ask(people)
    officer = people.by_name["disclosure_officer"]
    found = [queries.find(officer, one.pk) for one in made]
    states = sorted(one.life.state for one in found)
    assert states == [
        "answered and published", "to be answered", "to be answered", "to be answered",
        "under internal review", "waiting for the requester",
    ]  # fmt: skip
    days = sorted(one.life.due for one in found if one.life.state == "to be answered")
    assert days[0] < today()
    assert days[1] == due(today(), 1)
    assert all("INVENTED" in one.words for one in RequesterWords.objects.all())
    assert all("Invented" in one.name for one in Requester.objects.all())
    assert Entry.objects.filter(kind__startswith="openness.").count() == sum(
        one.row.version for one in found
    )
    assert [one.title for one in queries.log(officer)] == [
        "INVENTED: the policy on community resolutions"
    ]


@pytest.mark.parametrize("day", [dt.date(2026, 1, 2), dt.date(2026, 12, 28), dt.date(2028, 2, 29)])
def test_on_any_day_one_is_due_on_the_next_working_day(day):
    for number in range(14):
        now = day + dt.timedelta(number)
        received = asking._received(now, due(now, 1))
        assert due(received["due tomorrow"]) == due(now, 1)
        assert due(received["overdue"]) < now
        assert all(one < now for one in received.values())


def test_where_no_bank_holiday_is_known_there_are_none(people, monkeypatch):
    def unknown(*given):
        raise OutsideCalendar("Not known.")

    monkeypatch.setattr(asking, "due", unknown)
    assert asking.ask(people) == []
