"""A case that is erased leaves nothing of its processes, in the tables or in the ledger."""

import pytest
from django.apps import apps

from amends.accounts.standing import today
from amends.cases.actions import ending
from amends.cases.models import Case, Step
from amends.cases.models.erasing import ALSO, erase_rows
from amends.ledger.models import Payload
from amends.restorative import models
from amends.restorative.actions import beginning, preparing
from amends.restorative.models import Process, ProcessRow, RiskAssessment
from support.record import Crew, person
from support.restorative import Circle

pytestmark = pytest.mark.django_db
CANARY = "Zaphod Canary"


def test_it_is_hooked_in_once_and_cases_know_nothing_of_it():
    assert ALSO.count(models.erase_rows) == 1


def test_every_table_is_emptied_and_no_other_case_is_touched(later):
    crew = Crew()
    circle, other = Circle("vo_conference", crew), Circle("indirect", crew)
    other.ready()
    circle.named()
    friend = circle.add("supporter_of_victim", name=CANARY)
    circle.add("interpreter", name=CANARY)
    circle.does(beginning.leave, participant=circle.now.here[-1])
    for one in circle.now.here:
        circle.does(preparing.prepare, participant=one, willing=True, words=CANARY)
        for stage in (1, 2):
            circle.does(preparing.assess, participant=one, stage=stage, fit=True, words=CANARY)
    circle.set(place=CANARY)
    later(8)
    for one in circle.now.here:
        circle.came(one, **({"came": False, "reason": "ill"} if one == friend else {}))
    circle.outcome(words=CANARY)
    for one in circle.now.here[:2]:
        circle.feedback(one, words=CANARY)
    circle.follow()
    Circle("indirect", crew, circle.case).stop(words=CANARY)
    before = {
        model: model.objects.exclude(process=other.process).count()
        for model in ProcessRow.__subclasses__()
    }
    assert all(before.values()), before

    manager = person(crew.force, "records_manager")
    crew.does(ending.close, circle.case, outcome="10", reasons="Invented.")
    crew.does(
        ending.set_retention, circle.case, manager, group="3", review_on=today(),
        ground="right_to_erasure", reasons="Asked.",
    )  # fmt: skip
    assert any(CANARY in str(bytes(one.payload)) for one in Payload.objects.all())
    crew.does(ending.erase, circle.case, manager)
    assert circle.case.state == "erased"
    assert list(Process.objects.all()) == [other.process]
    for model in ProcessRow.__subclasses__():
        assert not model.objects.exclude(process=other.process).exists()
    assert RiskAssessment.objects.filter(process=other.process).count() == 4
    for model in apps.get_models():
        for row in model.objects.all().values():
            assert CANARY not in str(row), model
    assert not any(CANARY in str(bytes(one.payload)) for one in Payload.objects.all())
    assert Step.objects.filter(case=circle.case, command__startswith="restorative.").exists()


def test_a_case_without_a_process_is_erased_as_before():
    case = Crew().shoplifting()
    erase_rows(case)
    assert Case.objects.filter(pk=case.pk).exists()
