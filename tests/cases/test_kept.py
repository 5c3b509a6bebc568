"""Rows that are only ever added cannot be changed by accident, in either database."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

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
    """The database itself is asked which tables have their guard."""
    asked = (
        "SELECT tgname FROM pg_trigger"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        guards = {name for (name,) in cursor.fetchall()}
    kept = {m for m in apps.get_app_config("cases").get_models() if issubclass(m, Row)}
    wanted = {f"{m._meta.db_table}_kept" for m in kept if m.__name__ not in CHANGED}
    assert len(wanted) > 25
    assert wanted <= guards


@pytest.mark.django_db(transaction=True)
def test_the_guard_can_be_taken_away_and_put_back():
    call_command("migrate", "cases", "0001", verbosity=0)
    call_command("migrate", verbosity=0)  # and whatever stands on it
