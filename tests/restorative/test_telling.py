"""What a policy is told of a process: called restorative only where all four minimum standards hold."""

import pytest

from amends.accounts.standing import today
from amends.cases.actions import listening, raising
from amends.cases.deciding import decided
from amends.cases.facts import TOLD_BY, facts_of
from amends.cases.models import Person
from amends.policy.deciding import State
from amends.restorative import telling
from amends.restorative.telling import MET, PROCESS, standards, tell
from support.record import Crew
from support.restorative import Circle, held

pytestmark = pytest.mark.django_db


def told(circle):
    facts = facts_of(circle.case, today())
    return facts.get(PROCESS), facts.get(MET)


def test_cases_know_nothing_of_this_and_are_told_once():
    assert TOLD_BY.count(tell) == 1


def test_what_was_typed_stands_where_there_is_no_process():
    case = Crew().shoplifting(resolution__restorative_process="immediate_rd")
    facts = facts_of(case, today())
    assert facts[PROCESS] == "immediate_rd"
    assert MET not in facts


def test_it_is_not_known_until_it_was_held(later):
    circle = Circle()
    assert told(circle) == ("vo_conference", None)
    circle.ready().set()
    assert told(circle) == ("vo_conference", None)
    later(8)
    for one in circle.now.here:
        circle.came(one)
    assert told(circle) == ("vo_conference", None)
    circle.outcome()
    assert told(circle) == ("vo_conference", True)


@pytest.mark.parametrize(
    ("outcome", "met"),
    [
        ({}, True), ({"puts_right": None}, None), ({"puts_right": False}, False),
        ({"agreed": False, "puts_right": None}, False), ({"covered": ["what_happened"]}, False),
        ({"covered": ["impact", "what_happened"]}, True), ({"covered": ["opening"], "puts_right": None}, False),
    ],
)  # fmt: skip
def test_each_standard_is_worked_out_from_rows(outcome, met, later):
    circle = held(Circle(), later, **outcome)
    assert told(circle) == ("vo_conference", met)


def test_what_was_typed_does_not_stand_against_the_rows(later):
    crew = Crew()
    typed = {
        "resolution__restorative_process": "indirect",
        "resolution__restorative_standards_met": True,
    }
    circle = Circle("vo_conference", crew, crew.shoplifting(**typed))
    assert told(circle) == ("vo_conference", None)
    circle.stop()
    assert told(circle) == ("none", None)


def test_the_admission_is_the_first_standard(later):
    circle = held(Circle(), later)
    facts = facts_of(circle.case, today())
    assert all(standards(circle.now, facts).values())
    for form, met in (("accepts_responsibility", True), ("none", False), (None, None)):
        found = {k: v for k, v in facts.items() if k != "admission.form"}
        found |= {"admission.form": form} if form else {}
        assert tell(circle.case, found).get(MET) is met
    assert set(telling.ADMITS) == {"admits_offence", "accepts_responsibility", "none"}


def test_one_that_meets_them_all_counts_though_another_was_begun(later):
    crew = Crew()
    circle = held(Circle("vo_conference", crew), later)
    later_one = Circle("indirect", crew, circle.case)
    assert told(circle) == ("vo_conference", True)
    later_one.stop()
    assert told(circle) == ("vo_conference", True)


def test_one_that_meets_not_all_gives_way_to_a_later_one(later):
    crew = Crew()
    circle = held(Circle("vo_conference", crew), later, puts_right=False)
    assert told(circle) == ("vo_conference", False)
    again = Circle("indirect", crew, circle.case)
    assert told(circle) == ("indirect", None)
    held(again, later)
    assert told(circle) == ("indirect", True)


@pytest.mark.parametrize(("puts_right", "raised"), [(True, False), (False, True)])
def test_the_national_guidance_is_told_and_says_so(puts_right, raised, later):
    crew = Crew("gwent")
    circle = held(Circle("vo_conference", crew), later, puts_right=puts_right)
    decision, _ = decided(circle.case, today())
    states = {found.rule.id: found.state for found in decision.findings}
    assert (states["CR-RJ-01"] is State.RAISED) == raised


def test_a_reoffered_case_tells_of_no_process_from_before_a_withdrawal(later):
    circle = held(Circle(), later)
    crew, case = circle.crew, circle.case
    crew.does(listening.withdraw, case, person=Person.objects.get(case=case, part="suspect"))
    crew.does(raising.record_circumstances, case, facts={"flags.hate": False})
    crew.does(listening.record_offender, case, agrees=True, words="Yes, again.")
    assert told(circle) == ("none", None)
