"""Either side withdraws, at any step: the process stops, and nothing of it is done after, whatever the case does."""

import pytest

from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases.actions import listening, raising
from amends.cases.facts import facts_of
from amends.cases.models import Person
from amends.restorative import queries
from amends.restorative.actions import beginning
from amends.restorative.models import Process, ProcessRow
from amends.restorative.telling import MET, PROCESS
from support.record import hours_ago
from support.restorative import TRAINED, Circle

pytestmark = pytest.mark.django_db
STEPS = (
    "begun",
    "named",
    "prepared",
    "first",
    "second",
    "set",
    "came",
    "outcome",
    "feedback",
    "followed",
)


def taken(circle, until, later):
    """Take the process as far as the step *until*."""
    steps = {
        "begun": lambda: None,
        "named": circle.named,
        "prepared": lambda: [circle.prepare(one) for one in circle.now.here],
        "first": lambda: [circle.assess(one, 1) for one in circle.now.here],
        "second": lambda: [circle.assess(one, 2) for one in circle.now.here],
        "set": circle.set,
        "came": lambda: (later(8), [circle.came(one) for one in circle.now.here]),
        "outcome": circle.outcome,
        "feedback": lambda: [circle.feedback(one) for one in circle.now.here],
        "followed": circle.follow,
    }
    for name in STEPS[: STEPS.index(until) + 1]:
        steps[name]()
    return circle


def everything(circle):
    """Every action of the process, each with what it needs."""
    officer, process = circle.crew.officer, circle.process
    yield lambda: circle.does(
        beginning.appoint, officer, process=process, user=circle.leader, **TRAINED
    )
    yield lambda: circle.add("interpreter")
    yield circle.set
    yield circle.outcome
    yield circle.follow
    yield circle.stop
    for one in circle.now.here:
        yield lambda: circle.does(beginning.leave, officer, participant=one)
        yield lambda: circle.prepare(one)
        yield lambda: circle.assess(one, 1)
        yield lambda: circle.assess(one, 2)
        yield lambda: circle.came(one)
        yield lambda: circle.feedback(one)


def rows():
    return sum(model._default_manager.count() for model in ProcessRow.__subclasses__())


def nothing_is_done(circle, code):
    before = rows()
    for act in everything(circle):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == code, caught.value
    assert rows() == before


@pytest.mark.parametrize("part", ["victim", "suspect"])
@pytest.mark.parametrize("until", STEPS)
def test_a_withdrawal_at_any_step_stops_the_process_for_good(until, part, later):
    circle = taken(Circle(), until, later)
    crew, case = circle.crew, circle.case
    crew.does(listening.withdraw, case, person=circle.of_case(part))
    assert circle.now.withdrawn
    nothing_is_done(circle, "CASE-STOPPED")
    facts = facts_of(case, today())
    assert facts[PROCESS] == "none"
    assert MET not in facts
    assert queries.meetings_to_come(circle.leader) == []
    crew.does(raising.record_circumstances, case, facts={"flags.hate": False})  # the case goes on
    assert case.state == "raised"
    nothing_is_done(circle, "RJ-WITHDRAWN")


def test_an_admission_that_is_withdrawn_stops_it_too(later):
    circle = taken(Circle(), "set", later)
    circle.crew.does(
        listening.withdraw_admission, circle.case, words="It was not me.", said_at=hours_ago(1)
    )
    nothing_is_done(circle, "CASE-STOPPED")
    circle.crew.does(listening.record_admission, circle.case, form="admits_offence", words="It was.",
                     where="Station", said_at=hours_ago(1))  # fmt: skip
    nothing_is_done(circle, "RJ-WITHDRAWN")


def test_whoever_is_asked_anew_and_agrees_begins_another_process(later):
    circle = taken(Circle(), "prepared", later)
    crew, case = circle.crew, circle.case
    shop = circle.of_case("victim")
    crew.does(listening.withdraw, case, person=shop)
    crew.does(raising.record_circumstances, case, facts={"flags.hate": False})
    with pytest.raises(Refused) as caught:
        crew.does(beginning.start, case, kind="vo_conference")
    assert caught.value.code == "RJ-WITHDRAWN"
    crew.does(
        listening.record_view, case, victim=shop, position="agree", informed=True, words="Yes, again.",
        remedy="", wording="shop-1", channel="telephone", language="English",
        said_by=Person.objects.get(case=case, part="speaks_for"),
    )  # fmt: skip
    again = Circle("vo_conference", crew, case)
    assert Process.objects.filter(case=case).count() == 2
    again.ready().set()
    assert circle.now.withdrawn
    assert not again.now.withdrawn
    assert facts_of(case, today())[PROCESS] == "vo_conference"
