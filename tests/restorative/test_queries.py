"""Lists of processes: what is to be done, what is to come, and nothing of another force."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.restorative import queries
from amends.restorative.actions.beginning import appoint
from support.record import Crew, person
from support.restorative import TRAINED, Circle

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew():
    return Crew()


def test_a_process_is_seen_by_whoever_is_in_the_case_and_nobody_of_another_force(crew):
    circle = Circle("vo_conference", crew)
    for user in (crew.officer, crew.sergeant, circle.leader, person(crew.force, "auditor")):
        assert [one.process for one in queries.page(user)] == [circle.process]
        assert queries.find(user, circle.process.pk).process == circle.process
    for user in (
        Crew("kent").inspector,
        person(crew.force, "officer"),
        person(crew.force, "facilitator"),
    ):
        assert queries.page(user) == []
        with pytest.raises(Refused) as caught:
            queries.find(user, circle.process.pk)
        with pytest.raises(Refused):
            queries.to_do(user, circle.process.pk)
        if user.force != crew.force:
            with pytest.raises(Refused) as none:
                queries.find(user, 10**9)
            assert str(none.value) == str(caught.value)


def test_what_is_to_be_done_before_a_day_is_told_and_nothing_once_it_is_over(crew):
    circle = Circle("vo_conference", crew)
    number = circle.process.pk
    assert {one.code for one in queries.to_do(circle.leader, number)} == {"RJ-PEOPLE", "RJ-LEADERS"}
    circle.named()
    found = queries.to_do(circle.leader, number)
    assert [one.step for one in found] == ["prepare"] * 2 + ["risk_1"] * 2 + ["risk_2"] * 2
    circle.stop()
    assert queries.to_do(circle.leader, number) == []


def test_meetings_to_come_are_those_that_stand(crew, later):
    circle = Circle("vo_conference", crew).ready()
    second = Circle("indirect", crew).ready()
    made = circle.set()
    other = second.set(on=second.when - dt.timedelta(days=1))
    assert queries.meetings_to_come(crew.officer) == [other, made]
    assert queries.meetings_to_come(circle.leader) == [made]
    assert queries.meetings_to_come(Crew("kent").officer) == []
    moved = circle.set(rearranged="victim_asked", on=circle.when + dt.timedelta(days=2))
    assert queries.meetings_to_come(circle.leader) == [moved]
    circle.assess(circle.now.here[0], 2, fit=False)
    assert queries.meetings_to_come(circle.leader) == []
    second.stop()
    assert queries.meetings_to_come(crew.officer) == []


def test_a_meeting_that_was_is_not_to_come(crew, later):
    circle = Circle("vo_conference", crew).ready()
    circle.set()
    later(8)
    assert queries.meetings_to_come(circle.leader) == []


def test_whoever_leads_sees_their_processes_until_these_are_over(crew):
    circle = Circle("vo_conference", crew)
    assert queries.leading(circle.leader) == []
    circle.does(appoint, crew.officer, process=circle.process, user=circle.leader, **TRAINED)
    assert [one.process for one in queries.leading(circle.leader)] == [circle.process]
    circle.stop()
    assert queries.leading(circle.leader) == []


def test_follow_ups_are_due_when_their_day_has_come_and_until_they_are_done(crew, later):
    circle = Circle("vo_conference", crew).ready()
    circle.set()
    later(8)
    for one in circle.now.here:
        circle.came(one)
    circle.outcome()
    assert queries.follow_ups_due(circle.leader) == []
    later(10)
    (due,) = queries.follow_ups_due(circle.leader)
    assert (due.process, due.number) == (circle.process, 1)
    assert due.due == today() - dt.timedelta(days=11) + dt.timedelta(days=7)
    soon = queries.follow_ups_due(circle.leader, until=today() + dt.timedelta(days=200))
    assert [one.number for one in soon] == [1, 2]
    assert queries.follow_ups_due(Crew("kent").officer) == []
    circle.follow(1)
    assert queries.follow_ups_due(circle.leader) == []


def test_a_list_asks_the_database_as_often_for_many_as_for_one(crew, later):
    def asked():
        with CaptureQueriesContext(connection) as found:
            for one in queries.page(crew.officer):
                assert one.missing == []
                assert one.process.case.reference
            queries.meetings_to_come(crew.officer)
        return len(found)

    Circle("vo_conference", crew).ready().set()
    before = asked()
    for _ in range(3):
        Circle("vo_conference", crew).ready().set()
    assert asked() == before


def test_pages_follow_on_from_each_other(crew):
    made = [Circle("indirect", crew).process.pk for _ in range(5)]
    found, after = [], None
    while some := queries.page(crew.officer, after=after, size=2):
        found += [one.process.pk for one in some]
        after = found[-1]
    assert found == made[::-1]
