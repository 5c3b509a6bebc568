"""Driven at random: no day for a meeting exists before each party's preparation and both stages of risk are signed."""

import os
from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from amends.accounts.refusals import Refused
from amends.cases.actions import listening
from amends.restorative.actions import beginning
from amends.restorative.models import Leaving, Meeting, Participant, Preparation, RiskAssessment
from support.restorative import TRAINED, Circle

LONG = bool(os.environ.get("AMENDS_LONG"))
COUNTED: Counter[str] = Counter()
pytestmark = pytest.mark.django_db
yes = st.sampled_from([True, True, True, False])
which = st.integers(0, 4)


class Model:
    """What was signed, kept apart from the record and in another way: by the turn in which it was."""

    def __init__(self):
        self.turn = 0
        self.roles, self.willing, self.first, self.second = {}, {}, {}, {}
        self.joined, self.unfit, self.leaders = {}, {}, 0

    def safe(self, one):
        first, second = self.first.get(one), self.second.get(one)
        signed = first is not None and second is not None and first[1] and second[1]
        return bool(self.willing.get(one) and signed and second[0] > first[0])

    def ready(self):
        there = Counter(self.roles.values())
        whole = self.leaders and there["person_responsible"] and there["victim"]
        return bool(whole and all(map(self.safe, self.roles)))


class Process(RuleBasedStateMachine):
    """One conference, given any step in any order: a day is set exactly where everything before it is signed."""

    @initialize()
    def begin(self):
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.circle, self.model, self.over = Circle(), Model(), False

    def teardown(self):
        if hasattr(self, "whole"):
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    def do(self, what, *args, **given):
        """What it made, or None where it was refused, which has changed nothing."""
        self.model.turn += 1
        try:
            with transaction.atomic():
                made = what(*args, **given)
        except Refused as error:
            COUNTED[error.code] += 1
            return None
        COUNTED["done"] += 1
        assert not self.over, "something was done in a process that is over"
        return made

    def one(self, number):
        left = Leaving.objects.values("participant")
        rows = Participant.objects.filter(process=self.circle.process).exclude(pk__in=left)
        found = list(rows.order_by("pk"))
        return found[number % len(found)] if found else None

    @rule()
    def appoint(self):
        made = self.do(
            self.circle.does, beginning.appoint, self.circle.crew.officer,
            process=self.circle.process, user=self.circle.leader, **TRAINED,
        )  # fmt: skip
        self.model.leaders += made is not None

    @rule(role=st.sampled_from(["person_responsible", "victim", "supporter_of_victim"]))
    def add(self, role):
        made = self.do(self.circle.add, role)
        if made is not None:
            self.model.roles[made.pk] = role
            self.model.joined[made.pk] = self.model.turn

    @precondition(lambda self: self.model.roles)
    @rule(number=which, really=st.integers(0, 4))
    def leave(self, number, really):
        one = self.one(number)
        if really == 0 and self.do(self.circle.does, beginning.leave, participant=one) is not None:
            del self.model.roles[one.pk]

    @precondition(lambda self: self.model.roles)
    @rule(number=which, willing=yes)
    def prepare(self, number, willing):
        one = self.one(number)
        if self.do(self.circle.prepare, one, willing=willing) is not None:
            self.model.willing[one.pk] = willing

    @precondition(lambda self: self.model.roles)
    @rule(number=which, stage=st.sampled_from([1, 2]), fit=yes)
    def assess(self, number, stage, fit):
        one = self.one(number)
        if self.do(self.circle.assess, one, stage, fit=fit) is not None:
            kept = self.model.first if stage == 1 else self.model.second
            kept[one.pk] = (self.model.turn, fit)
            if not fit:
                self.model.unfit[one.pk] = self.model.turn

    @rule()
    def everything(self):
        """The straight way, so that a day is often set."""
        self.appoint()
        for role in ("person_responsible", "victim"):
            if role not in self.model.roles.values():
                self.add(role)
        for number in range(len(self.model.roles)):
            self.prepare(number, willing=True)
            self.assess(number, 1, fit=True)
            self.assess(number, 2, fit=True)

    @rule()
    def set(self):
        ready = self.model.ready() and not self.over
        anew = {"rearranged": "other"} if Meeting.objects.exists() else {}
        made = self.do(self.circle.set, **anew)
        assert (made is not None) == ready
        if made is not None:
            COUNTED["set"] += 1
            self.signed_before(made)

    def signed_before(self, made):
        """Read from the rows alone: all of it was signed earlier than the day was set."""
        left = Leaving.objects.values("participant")
        for one in Participant.objects.filter(process=made.process).exclude(pk__in=left):
            mine = {"participant": one, "version__lt": made.version}
            assert Preparation.objects.filter(**mine).latest("pk").willing
            for stage in (1, 2):
                assert RiskAssessment.objects.filter(stage=stage, **mine).latest("pk").fit

    @rule(really=st.integers(0, 14), part=st.sampled_from(["victim", "suspect"]))
    def withdraw(self, really, part):
        if really or self.over:
            return
        self.circle.does(
            listening.withdraw, self.circle.crew.officer, person=self.circle.of_case(part)
        )
        self.over = True

    @invariant()
    def a_day_stands_only_while_it_is_safe(self):
        if not hasattr(self, "circle"):
            return
        now = self.circle.now
        assert now.over == self.over
        if now.meeting is not None:
            COUNTED["stands"] += 1
            assert self.model.ready()
        if not self.model.ready():
            assert now.missing


def test_no_day_exists_before_everything_is_signed():
    run_state_machine_as_test(
        Process,
        settings=settings(
            max_examples=400 if LONG else 40, stateful_step_count=30, deadline=None,
            derandomize=True, suppress_health_check=list(HealthCheck), database=None,
        ),
    )  # fmt: skip
    assert COUNTED["set"] > 20
    assert COUNTED["stands"] > 20
    assert {"RJ-PEOPLE", "RJ-PREPARE", "RJ-RISK", "RJ-SIGN", "RJ-STAGE"} <= set(COUNTED)
