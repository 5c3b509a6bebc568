"""Everything that is refused, by its stable code and a plain sentence; and what is refused leaves no row."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import timezone

from amends.accounts.refusals import Refused
from amends.cases.actions import listening, raising
from amends.cases.models import Person, Step
from amends.restorative import actions, progress
from amends.restorative.actions import beginning, preparing
from amends.restorative.models import Participant, Process, ProcessRow
from support.record import Crew, hours_ago, person
from support.restorative import TRAINED, Circle

pytestmark = pytest.mark.django_db


def counted():
    rows = sum(model._default_manager.count() for model in ProcessRow.__subclasses__())
    return rows, Process.objects.count(), Step.objects.count()


def refused(code, what, *args, **given):
    before = counted()
    with pytest.raises(Refused) as caught:
        what(*args, **given)
    assert caught.value.code == code, caught.value
    assert caught.value.sentence[0].isupper()
    assert caught.value.sentence.rstrip()[-1] in ".?"
    assert counted() == before
    return caught.value


@pytest.fixture
def circle():
    return Circle()


@pytest.fixture
def ready(circle):
    return circle.ready()


@pytest.fixture
def set_(ready, later):
    """A meeting is set, and its day has come."""
    ready.set()
    later(8)
    return ready


@pytest.fixture
def held(set_):
    for one in set_.now.here:
        set_.came(one)
    set_.outcome()
    return set_


def sides(circle):
    found = {circle.now.side(one): one for one in circle.now.here}
    return found["responsible"], found["victim"]


# --- beginning ------------------------------------------------------------------------------------------


def test_a_process_that_cannot_begin(circle):
    crew = circle.crew
    bare = crew.raised()
    refused("RJ-KIND", crew.does, beginning.start, crew.shoplifting(), kind="seance")
    refused("RJ-ADMISSION", crew.does, beginning.start, bare, kind="vo_conference")
    refused("RJ-ONE", crew.does, beginning.start, circle.case, kind="indirect")
    denied = crew.shoplifting()
    crew.does(listening.withdraw_admission, denied, words="It was not me.", said_at=hours_ago(1))
    refused("CASE-STOPPED", crew.does, beginning.start, denied, kind="vo_conference")
    crew.does(raising.record_circumstances, denied, facts={"flags.hate": False})
    refused("RJ-ADMISSION", crew.does, beginning.start, denied, kind="vo_conference")


def test_nothing_begins_with_somebody_who_withdrew_and_was_not_asked_anew():
    crew = Crew()
    case = crew.shoplifting()
    shop = Person.objects.get(case=case, part="victim")
    crew.does(listening.withdraw, case, person=shop)
    crew.does(raising.record_circumstances, case, facts={"flags.hate": False})
    refused("RJ-WITHDRAWN", crew.does, beginning.start, case, kind="vo_conference")


def test_somebody_who_cannot_lead_it(circle):
    crew = circle.crew

    def name(user, **given):
        told = {"process": circle.process, "user": user} | TRAINED | given
        return circle.does(beginning.appoint, crew.officer, **told)

    refused("RJ-LEADER", name, person(crew.force, "officer"))
    refused("ACC-NONE", name, person(Crew("kent").force, "facilitator"))
    refused("RJ-TRAINED", name, circle.leader, trained=False)
    refused("TXT-EMPTY", name, circle.leader, training=" ")
    crew.officer.roles.create(role="facilitator", starts=dt.date(2020, 1, 1))
    refused("RJ-NEUTRAL", name, crew.officer)
    close = person(crew.force, "facilitator")
    circle.does(raising.assign, crew.officer, user=close, task="facilitate")
    raising.declare_conflict(close, circle.case, key="close", reason="My neighbour.")
    refused("ACT-CONFLICT", name, close)
    name(circle.leader)
    refused("RJ-TWICE", name, circle.leader)


def test_somebody_who_cannot_take_part(circle):
    def add(role, **given):
        return circle.does(beginning.add_participant, process=circle.process, role=role, **given)

    suspect, shop = circle.of_case("suspect"), circle.of_case("victim")
    elsewhere = circle.crew.shoplifting()
    refused("RJ-ROLE", add, "bystander")
    refused("RJ-PERSON", add, "victim", name="Somebody")
    refused("RJ-PERSON", add, "victim", person=suspect)
    refused("PER-NONE", add, "victim", person=Person.objects.get(case=elsewhere, part="victim"))
    refused("TXT-EMPTY", add, "interpreter", name=" ")
    refused("TXT-ORDER", add, "interpreter", name="a\u202eb")
    add("victim", person=shop)
    refused("RJ-TWICE", add, "victim", person=shop)
    add("person_responsible", person=suspect)
    refused("RJ-MOST", add, "person_responsible", person=suspect)


def test_the_person_responsible_does_not_just_leave(ready):
    who, victim = sides(ready)
    refused("RJ-RESPONSIBLE", ready.does, beginning.leave, participant=who)
    ready.does(beginning.leave, participant=victim)
    refused("RJ-NOBODY", ready.prepare, victim)
    refused("RJ-PEOPLE", ready.set)


# --- before they meet -----------------------------------------------------------------------------------


def test_no_day_is_set_before_everything_is_signed(circle):
    for one in (*circle.leaders,):
        circle.does(
            beginning.appoint, circle.crew.officer, process=circle.process, user=one, **TRAINED
        )
    refused("RJ-PEOPLE", circle.set)
    who, victim = circle.add("person_responsible"), circle.add("victim")
    refused("RJ-PREPARE", circle.set)
    circle.prepare(who)
    circle.prepare(victim, willing=False)
    refused("RJ-UNWILLING", circle.set)
    circle.prepare(victim)
    refused("RJ-RISK", circle.set)
    for one in (who, victim):
        circle.assess(one, 1)
    told = refused("RJ-RISK", circle.set)
    assert "1 more things" in told.sentence
    circle.assess(who, 2)
    circle.assess(victim, 2, fit=False)
    refused("RJ-UNFIT", circle.set)
    circle.assess(victim, 2)
    circle.set()


def test_two_lead_a_community_conference_and_an_adult_is_with_a_child():
    circle = Circle("community_conference")
    circle.does(
        beginning.appoint,
        circle.crew.officer,
        process=circle.process,
        user=circle.leader,
        **TRAINED,
    )
    for role in ("person_responsible", "affected_resident", "community_representative"):
        circle.add(role)
    refused("RJ-LEADERS", circle.set)
    circle.does(
        beginning.appoint,
        circle.crew.officer,
        process=circle.process,
        user=circle.leaders[1],
        **TRAINED,
    )
    child = circle.add("affected_resident", under_18=True)
    told = refused("RJ-ADULT", circle.set)
    assert child.name in told.sentence
    circle.does(
        raising.add_person, circle.crew.officer, part="appropriate_adult", kind="person",
        name="Invented Aunt",
    )  # fmt: skip
    circle.add("appropriate_adult")
    refused("RJ-PREPARE", circle.set)


def test_whoever_does_not_lead_signs_nothing(circle):
    circle.named()
    officer = circle.crew.officer
    one = circle.now.here[0]
    told = {"words": "So."}
    refused(
        "RJ-SIGN", circle.does, preparing.prepare, officer, participant=one, willing=True, **told
    )
    refused(
        "RJ-SIGN",
        circle.does,
        preparing.assess,
        officer,
        participant=one,
        stage=1,
        fit=True,
        **told,
    )
    refused(
        "RJ-SIGN", circle.does, preparing.set_meeting, officer, process=circle.process,
        on=circle.when, place="Hall",
    )  # fmt: skip


def test_a_risk_that_is_out_of_turn(circle):
    circle.named()
    one = circle.now.here[0]
    refused("RJ-STAGE", circle.assess, one, 3)
    refused("RJ-STAGE", circle.assess, one, 2)
    circle.assess(one, 1, fit=False)
    refused("RJ-STAGE", circle.assess, one, 2)
    refused(
        "TXT-EMPTY", circle.does, preparing.assess, participant=one, stage=1, fit=True, words=" "
    )
    refused("TXT-EMPTY", circle.does, preparing.prepare, participant=one, willing=True, words="")


def test_a_day_that_cannot_be(ready):
    now = timezone.now()
    refused("RJ-DAY", ready.set, on=now - dt.timedelta(minutes=1))
    refused("RJ-DAY", ready.set, on=now + dt.timedelta(days=400))
    refused("DAY-ZONE", ready.set, on=dt.datetime(2030, 1, 1, 10))
    refused("TXT-EMPTY", ready.set, place=" ")
    refused("RJ-ANEW", ready.set, rearranged="place")
    ready.set()
    refused("RJ-ANEW", ready.set)
    refused("RJ-ANEW", ready.set, rearranged="whim")
    at_once = Circle("immediate_rd", Crew()).ready()
    refused("RJ-DAY", at_once.set, on=now + dt.timedelta(days=1))
    indirect = Circle("indirect", Crew()).ready()
    refused("RJ-DAY", indirect.set, on=now - dt.timedelta(days=1))


# --- the meeting, and after -----------------------------------------------------------------------------


def test_attendance_that_cannot_be(ready, later):
    who, victim = sides(ready)
    refused("RJ-NONE-SET", ready.came, who)
    refused("RJ-NONE-SET", ready.outcome)
    ready.set()
    refused("RJ-EARLY", ready.came, who)
    later(8)
    refused("RJ-REASON", ready.came, who, came=False)
    refused("RJ-REASON", ready.came, who, came=False, reason="bored")
    refused("RJ-REASON", ready.came, who, came=True, reason="ill")
    refused("RJ-NOT-REFUSAL", ready.came, victim, came=False, reason="chose_not_to")
    ready.came(who, came=False, reason="chose_not_to")


def test_an_outcome_that_cannot_be(set_):
    who, victim = sides(set_)
    refused("RJ-ATTENDANCE", set_.outcome)
    set_.came(who)
    set_.came(victim, came=False, reason="ill")
    refused("RJ-ABSENT", set_.outcome)
    set_.came(victim)  # they were late: the last row counts
    refused("RJ-AGENDA", set_.outcome, covered=[])
    refused("RJ-AGENDA", set_.outcome, covered=["impact", "impact"])
    refused("RJ-AGENDA", set_.outcome, covered=["tea"])
    refused("RJ-AGREED", set_.outcome, agreed=False)
    refused("RJ-NOT-HELD", set_.feedback, who)
    refused("RJ-NOT-HELD", set_.follow)
    set_.outcome(agreed=False, puts_right=None)


def test_what_follows_that_cannot_be(held):
    who, victim = sides(held)
    for answers in ([5, 5], [0, 1, 2], [6, 1, 1], [True, 1, 1], ["5", 1, 1], []):
        refused("RJ-ANSWERS", held.feedback, who, answers=answers)
    refused("RJ-FOLLOW", held.follow, 0)
    refused("RJ-FOLLOW", held.follow, 3)
    held.follow(2)
    refused("RJ-FOLLOW", held.follow, 2)
    refused("RJ-OVER", held.set)
    refused("RJ-OVER", held.stop)
    refused("RJ-OVER", held.prepare, victim)
    refused("RJ-OVER", held.outcome)


def test_a_supporter_is_not_asked_how_it_was(later):
    circle = Circle().named()
    friend = circle.add("supporter_of_victim")
    for one in circle.now.here:
        circle.prepare(one)
        circle.assess(one, 1)
        circle.assess(one, 2)
    circle.set()
    later(8)
    for one in circle.now.here:
        circle.came(one)
    circle.outcome()
    refused("RJ-NOT-ASKED", circle.feedback, friend)


def test_what_was_stopped_stays_stopped(ready):
    refused("RJ-STOP", ready.stop, reason="whim")
    refused("TXT-EMPTY", ready.stop, words=" ")
    ready.stop()
    refused("RJ-STOPPED", ready.stop)
    refused("RJ-STOPPED", ready.set)
    refused("RJ-STOPPED", ready.prepare, ready.now.here[0])
    refused("RJ-STOPPED", ready.follow)


def test_another_cases_process_and_another_forces_are_told_of_alike(ready):
    other = ready.crew.shoplifting()
    told = {"process": ready.process, "reason": "other", "words": "x"}
    refused("ACT-NONE", ready.crew.does, beginning.stop, other, **told)
    refused("ACT-NONE", ready.crew.does, beginning.stop, ready.case, Crew("kent").officer, **told)
    nobody = Participant(pk=10**9, process=ready.process)
    refused("RJ-NOBODY", ready.prepare, nobody)


def test_a_file_that_is_wrong_or_gone_is_said(circle, folder):
    (folder / "processes").mkdir()
    (folder / "processes" / "bad.toml").write_text("id = 1", "utf-8")
    told = refused("RJ-FILE", progress.kinds)
    assert "bad.toml" in told.sentence
    (folder / "processes" / "bad.toml").unlink()
    gone = Process(pk=1, case=circle.case, kind="gone", kind_version=1, version=1)
    refused("RJ-FILE", progress.of, gone)


def test_every_code_that_the_source_can_refuse_with_is_met_here():
    here = Path(actions.__file__).parent
    sources = [*here.glob("*.py"), *here.parent.glob("*.py")]
    texts = [path.read_text("utf-8") for path in sources]
    written = {code for text in texts for code in re.findall(r'"(RJ-[A-Z-]+)"', text)}
    met = set(re.findall(r'refused\(\s*"([A-Z-]+)"', Path(__file__).read_text("utf-8")))
    assert written <= met, written - met
    assert len(written) > 25
