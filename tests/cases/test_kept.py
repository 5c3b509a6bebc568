"""Rows that are only ever added cannot be changed by accident, in either database."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, transaction

from amends.cases.models import Case, Circumstance, Person, Step, VictimView
from amends.cases.models.rows import Row
from support.record import Crew

pytestmark = pytest.mark.django_db
CHANGED = {"Asked", "Assignment", "Conflict", "Link", "Closure", "Retention"}
"""Rows without a trigger: tasks, and those of which a text goes when a case is erased."""


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Person, {"name": "Somebody Else"}), (VictimView, {"position": "agree"}),
        (Circumstance, {"value": False}), (Step, {"command": "cases.note"}),
    ],
)  # fmt: skip
def test_a_row_is_never_changed(model, change):
    Crew().agreed()
    before = list(model.objects.order_by("pk").values())
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        model.objects.update(**change)
    assert list(model.objects.order_by("pk").values()) == before
    assert before


def test_a_case_itself_goes_on():
    case = Crew().agreed()
    assert Case.objects.filter(pk=case.pk).update(state="done") == 1


def test_every_kind_of_row_that_is_kept_is_guarded():
    from importlib import import_module

    guards = ("0002_never_changed", "0004_links_and_feedback", "0007_told_is_kept")
    guarded = {
        name for one in guards for name in import_module(f"amends.cases.migrations.{one}").TABLES
    }
    kept = {m for m in apps.get_app_config("cases").get_models() if issubclass(m, Row)}
    assert {m._meta.model_name for m in kept if m.__name__ not in CHANGED} <= guarded


@pytest.mark.django_db(transaction=True)
def test_the_guard_can_be_taken_away_and_put_back():
    call_command("migrate", "cases", "0001", verbosity=0)
    call_command("migrate", verbosity=0)  # and whatever stands on it
