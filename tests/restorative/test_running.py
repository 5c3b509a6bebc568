"""Every kind of process run to its end through the real actions, and a fourth that a force adds with a file."""

import datetime as dt
from importlib.resources import files

import pytest

from amends.accounts.standing import today
from amends.cases.actions import agreeing, ending, raising
from amends.cases.facts import facts_of
from amends.cases.models import Step
from amends.restorative.actions import beginning
from amends.restorative.models import Attendance, FollowUpDue, Process
from amends.restorative.reading import shipped
from amends.restorative.telling import MET, PROCESS
from support.record import Crew, person
from support.restorative import Circle

pytestmark = pytest.mark.django_db
CIRCLE = """
id = "family_circle"
version = 3
title = "A circle of the family"
counts_as = "community_conference"
steps = ["facilitators", "people", "risk_1", "prepare", "risk_2", "meet", "attend", "agree", "feedback"]
source = "invented for a test"
confidence = "illustrative"
[meeting]
how = "planned"
source = "invented"
confidence = "illustrative"
[facilitators]
least = 1
roles = ["facilitator"]
trained = true
independent = true
source = "invented"
confidence = "illustrative"
[[roles]]
id = "young_person"
title = "The young person"
side = "responsible"
parts = ["suspect"]
least = 1
source = "invented"
confidence = "illustrative"
[[roles]]
id = "elder"
title = "An elder who speaks for those harmed"
side = "affected"
least = 2
source = "invented"
confidence = "illustrative"
[preparation]
how = "At home"
ask = ["Will you come?"]
source = "invented"
confidence = "illustrative"
[[risk]]
stage = 1
title = "First"
ask = ["Safe?"]
source = "invented"
confidence = "illustrative"
[[risk]]
stage = 2
title = "Second"
ask = ["Still safe?"]
source = "invented"
confidence = "illustrative"
[[agenda]]
id = "first_round"
title = "What was done"
establishes = "what_happened"
source = "invented"
confidence = "illustrative"
[[agenda]]
id = "second_round"
title = "What it did"
establishes = "impact"
source = "invented"
confidence = "illustrative"
[[agenda]]
id = "third_round"
title = "What now"
establishes = "putting_right"
source = "invented"
confidence = "illustrative"
[feedback]
sides = ["responsible", "affected"]
questions = ["Was it fair?", "Were you heard?", "Again?"]
source = "invented"
confidence = "illustrative"
"""


def to_the_end(circle, later):
    """Hold it, with everything that comes before and after; what became of each thing is asserted on the way."""
    circle.ready()
    assert circle.now.missing == []
    made = circle.set()
    assert circle.now.meeting == made
    later(8 if circle.rules.meeting.how != "at_once" else 0.01)
    for one in circle.now.here:
        circle.came(one)
    circle.outcome()
    assert circle.now.over
    for one in circle.now.here:
        if circle.rules.feedback and circle.now.side(one) in circle.rules.feedback.sides:
            assert circle.feedback(one).answers == [5, 4, 3]
    for number, rule in enumerate(circle.rules.follow_up, start=1):
        done = circle.follow(number)
        assert done.due == circle.now.held + dt.timedelta(days=rule.days)
    assert len(circle.now.followed_up) == len(circle.rules.follow_up)


@pytest.mark.parametrize("kind", [one.id for one in shipped()])
def test_each_kind_is_run_to_its_end_and_counts_as_restorative(kind, later):
    circle = Circle(kind)
    to_the_end(circle, later)
    facts = facts_of(circle.case, today())
    assert (facts[PROCESS], facts[MET]) == (kind, True)
    steps = Step.objects.filter(case=circle.case).order_by("version")
    assert [one.version for one in steps] == list(range(1, circle.case.version + 1))
    assert all(one.entry.case == circle.case.reference for one in steps)
    assert all(one.does for one in steps)


def test_a_fourth_kind_is_added_with_a_file_and_run_without_a_line_of_code(later, folder):
    (folder / "processes").mkdir()
    (folder / "processes" / "family_circle.toml").write_text(CIRCLE, "utf-8")
    circle = Circle("family_circle")
    assert (circle.process.kind, circle.process.kind_version) == ("family_circle", 3)
    to_the_end(circle, later)
    assert facts_of(circle.case, today())[PROCESS] == "community_conference"
    assert not FollowUpDue.objects.exists()


def test_a_process_goes_on_in_the_version_it_was_begun_with(folder):
    circle = Circle("vo_conference").ready()
    text = (files("amends.restorative") / "processes" / "vo_conference.toml").read_text("utf-8")
    (folder / "processes").mkdir()
    newer = text.replace("version    = 1", "version = 2").replace("days       = 7", "days = 9")
    (folder / "processes" / "newer.toml").write_text(newer, "utf-8")
    assert circle.now.kind.follow_up[0].days == 7
    assert circle.now.kind.version == 1
    circle.stop()
    assert Circle("vo_conference", circle.crew, circle.case).process.kind_version == 2


def test_a_case_with_a_conference_is_closed_and_people_are_asked_afterwards(later):
    crew = Crew()
    circle = Circle("vo_conference", crew, crew.agreed()).ready()
    circle.set()
    later(8)
    for one in circle.now.here:
        circle.came(one)
    circle.outcome()
    case = circle.case
    say_sorry, pay = agreeing.current_actions(case)
    crew.does(agreeing.record_action, case, action=say_sorry, kind="done", proof="At the meeting")
    crew.does(agreeing.record_payment, case, action=pay, pence=1200, proof="Receipt")
    crew.does(ending.complete, case, words="Both done.")
    crew.does(ending.close, case, outcome="8", reasons="Put right.")
    assert case.state == "closed"
    later(120)
    for one in circle.now.here:
        circle.feedback(one)
    circle.follow(1)
    circle.follow(2)
    assert circle.now.followed_up == {1, 2}


def test_somebody_comes_in_late_and_the_day_is_set_anew(later):
    circle = Circle().ready()
    circle.set()
    friend = circle.add("supporter_of_victim")
    assert circle.now.meeting is None
    assert {one.party for one in circle.now.missing} == {friend.pk}
    circle.prepare(friend)
    circle.assess(friend, 1)
    circle.assess(friend, 2)
    assert circle.now.missing == []
    assert circle.now.meeting is None
    circle.set(rearranged="somebody_joined")
    assert circle.now.meeting is not None


def test_a_first_stage_that_is_signed_anew_asks_for_the_second_anew():
    circle = Circle().ready()
    circle.set()
    one = circle.now.here[0]
    circle.assess(one, 1)
    assert [found.code for found in circle.now.missing] == ["RJ-RISK"]
    assert circle.now.meeting is None
    circle.assess(one, 2)
    assert circle.now.meeting is not None
    circle.assess(one, 2, fit=False)
    assert circle.now.meeting is None
    circle.assess(one, 2)
    assert circle.now.missing == []
    assert circle.now.meeting is None  # what was unfit once takes a day that is set anew
    circle.set(rearranged="risk")
    assert circle.now.meeting is not None


def test_somebody_who_leaves_is_waited_for_no_longer(later):
    circle = Circle().named()
    friend = circle.add("supporter_of_victim")
    for one in circle.now.here:
        if one != friend:
            circle.prepare(one)
            circle.assess(one, 1)
            circle.assess(one, 2)
    assert circle.now.missing
    circle.does(beginning.leave, participant=friend)
    assert circle.now.missing == []
    circle.add("supporter_of_victim", name="Invented Other")


def test_a_victim_who_does_not_come_has_refused_nothing(later):
    circle = Circle().ready()
    circle.set()
    later(8)
    before = facts_of(circle.case, today())
    for one in circle.now.here:
        if circle.now.side(one) == "victim":
            circle.came(one, came=False, reason="not_known")
        else:
            circle.came(one)
    after = facts_of(circle.case, today())
    assert after["victims"] == before["victims"]
    assert after["victims"][0]["position"] == "agree"
    assert circle.case.state == "raised"
    assert not circle.now.over
    assert MET not in after
    circle.set(rearranged="not_held")  # another day, and all is well
    later(8)
    assert circle.now.came == {}
    for one in circle.now.here:
        circle.came(one)
    circle.outcome()
    assert facts_of(circle.case, today())[MET] is True
    assert Attendance.objects.filter(came=False).count() == 1


def test_whoever_has_left_or_is_close_to_somebody_leads_no_longer():
    circle = Circle("community_conference").ready()
    assert circle.now.missing == []
    circle.leaders[1].is_active = False
    circle.leaders[1].save()
    assert [one.code for one in circle.now.missing] == ["RJ-LEADERS"]
    circle.leaders[1].is_active = True
    circle.leaders[1].save()
    raising.declare_conflict(circle.leader, circle.case, key="near", reason="My neighbour.")
    assert [one.code for one in circle.now.missing] == ["RJ-LEADERS"]


def test_a_day_by_which_it_is_best_held_is_told_and_refuses_nothing(later):
    circle = Circle().ready()
    assert circle.now.hold_by == today() + dt.timedelta(days=42)
    circle.set(on=circle.when + dt.timedelta(days=100))
    assert circle.now.meeting is not None
    assert Circle("immediate_rd", Crew()).now.hold_by is None


def test_an_officer_who_is_trained_may_lead_what_is_settled_at_once_and_nothing_else():
    circle = Circle("immediate_rd")
    assert circle.leader == circle.crew.officer
    assert Process.objects.count() == 1
    assert person(circle.crew.force, "officer").pk not in circle.now.facilitators
