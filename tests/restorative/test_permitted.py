"""Every role, action and way of standing to a case, through the actions themselves and through the lists."""

from collections import Counter
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, transaction

from amends.accounts.acting import ACTIONS
from amends.accounts.permissions import table
from amends.accounts.refusals import Refused
from amends.cases.models import Asked, Assignment, Case, Conflict
from amends.restorative import queries
from amends.restorative.actions import beginning, meeting, preparing
from amends.restorative.models import FollowUpDue, Preparation, Process, ProcessRow
from amends.restorative.reading import shipped
from support.record import Crew, fresh_key, person
from support.restorative import Circle, held

pytestmark = pytest.mark.django_db
DENIED = {"ACT-NONE", "ACT-CONFLICT", "ACT-MAY-NOT"}
STANDINGS = ("stranger", "same force", "officer in the case", "asked", "assigned", "conflicted")
NAMES = sorted(name for name in table().actions if name.startswith("restorative."))


def stand(how, user, case, crew):
    rows = {"asked": Asked, "assigned": Assignment, "conflicted": Conflict}
    if how == "officer in the case":
        Case.objects.filter(pk=case.pk).update(officer=user)
    elif how in rows:
        more = {"task": "facilitate"} if how == "assigned" else {}
        more |= {"reason": "Invented."} if how == "conflicted" else {}
        rows[how].objects.create(case=case, by=crew.officer, user=user, **more)
    case.refresh_from_db()


def test_every_action_has_its_line_and_seeing_is_the_only_line_without_one():
    assert all((beginning, preparing, meeting))
    assert {name for name in ACTIONS if name.startswith("restorative.")} == {*NAMES} - {
        queries.VIEW
    }


@pytest.mark.parametrize("how", STANDINGS)
def test_what_the_table_allows_is_done_or_seen_and_nothing_else(how):
    """An action that is allowed goes on to ask for what it needs; one that is not is refused before that."""
    crew, told = Crew(), Counter()
    circle = Circle("vo_conference", crew)
    other = Crew("kent").force
    for role in table().roles:
        user = person(other if how == "stranger" else crew.force, role)
        if how != "stranger":
            stand(how, user, circle.case, crew)
        relations = circle.case.relations_of(user)
        for name in NAMES:
            wanted = table().may({role}, name, relations)
            assert queries.visible(user, name).exists() == wanted, (role, name, how)
            if name == queries.VIEW:
                told[wanted] += 1
                continue
            try:
                ACTIONS[name](user, circle.case, key=fresh_key(), expected=circle.case.version)
                allowed = True
            except Refused as error:
                allowed = error.code not in DENIED
            except TypeError:  # allowed, and then its form was not filled in
                allowed = True
            assert allowed == wanted, (role, name, how, relations)
            told[allowed] += 1
    assert sum(told.values()) == len(table().roles) * len(NAMES)
    assert (told[True] == 0) == (how in ("stranger", "conflicted"))
    assert told[False] > 50


def test_whoever_runs_accounts_sees_no_process_and_a_volunteer_begins_none():
    may = {(role, action) for role, action, _, allowed in table().cells() if allowed}
    assert not [action for role, action in may if role == "administrator" and action in NAMES]
    assert {a for r, a in may if r == "auditor" and a in NAMES} == {queries.VIEW}
    assert ("volunteer_facilitator", "restorative.start") not in may
    assert ("volunteer_facilitator", "restorative.set_meeting") in may


# --- rows that are only added ---------------------------------------------------------------------------


def test_every_kind_of_row_is_guarded_and_none_is_ever_changed(later):
    guarded = set(import_module("amends.restorative.migrations.0002_never_changed").TABLES)
    models = list(apps.get_app_config("restorative").get_models())
    assert {model._meta.model_name for model in models} == {*guarded, "followupdue"}
    assert {*ProcessRow.__subclasses__(), Process} == set(models)
    held(Circle(), later)
    for model, change in (
        (Preparation, {"willing": False}), (Process, {"kind_version": 9}), (FollowUpDue, {"number": 9}),
    ):  # fmt: skip
        before = list(model.objects.order_by("pk").values())
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            model.objects.update(**change)
        assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.django_db(transaction=True)
def test_the_guard_can_be_taken_away_and_put_back_and_follow_ups_of_before_are_worked_out(later):
    circle = held(Circle(), later)
    wanted = list(FollowUpDue.objects.order_by("pk").values_list("process", "number", "due"))
    assert len(wanted) == 2
    call_command("migrate", "restorative", "0002", verbosity=0)
    call_command("migrate", "restorative", verbosity=0)
    assert (
        list(FollowUpDue.objects.order_by("pk").values_list("process", "number", "due")) == wanted
    )
    call_command("migrate", "restorative", "0001", verbosity=0)
    call_command("migrate", "restorative", verbosity=0)
    assert circle.now.due == [day for _, _, day in wanted]


def test_the_days_that_the_migration_knows_are_those_of_the_files():
    days = import_module("amends.restorative.migrations.0003_follow_ups_due").DAYS
    assert days == {one.id: tuple(rule.days for rule in one.follow_up) for one in shipped()}
