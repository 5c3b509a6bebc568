"""The permission table: every cell, executed both ways, and every check needed."""

from pathlib import Path

import pytest
from django.db import models
from django.db.models import Q

from amends.accounts import pages, permissions
from amends.accounts.models import User
from amends.accounts.permissions import FORBIDDING, TableError, check, filtered, parse, table
from amends.accounts.refusals import Refused

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "permissions.md"
CELLS = list(table().cells())


def allowed(role, action, relations):
    try:
        check({role}, action, relations)
    except Refused:
        return False
    return True


def test_the_table_is_as_large_as_the_work():
    found = table()
    assert len(found.roles) >= 10
    assert len(found.actions) >= 40
    assert len(found.relations) >= 8
    assert len(CELLS) == len(found.roles) * len(found.actions) * len(found.relations)


def test_every_cell_is_executed_and_says_what_the_file_says():
    """Read here from the file, not through `parse`, so that the two can differ."""
    import tomllib

    written = tomllib.loads(Path(permissions.__file__).with_suffix(".toml").read_text("utf-8"))
    for role, action, relation, may in CELLS:
        wanted = relation in written["actions"][action].get(role, [])
        assert may == wanted == allowed(role, action, {relation}), (role, action, relation)


@pytest.mark.parametrize("barring", FORBIDDING)
def test_nothing_is_allowed_in_another_force_or_to_somebody_concerned(barring):
    everything = set(table().relations) - set(FORBIDDING)
    for action in table().actions:
        assert any(allowed(role, action, everything) for role in table().roles)
        assert not any(allowed(role, action, everything | {barring}) for role in table().roles)


def test_the_refusal_of_another_forces_case_is_that_of_no_case():
    with pytest.raises(Refused) as caught:
        check({"officer"}, "cases.view", {"other_force", "same_force"})
    assert (caught.value.code, caught.value.sentence) == ("ACT-NONE", permissions.NOWHERE)


def test_a_refusal_says_what_may_not_be_done():
    with pytest.raises(Refused) as caught:
        check({"panel_member"}, "cases.close", {"sampled"})
    told = "You may not do this here: close a case with its outcome"
    assert (caught.value.code, caught.value.sentence) == ("ACT-MAY-NOT", told)


# --- lists: the same cells, as a filter in the database --------------------------------------------


@pytest.fixture
def rows(db):
    """A row for each relation, and one for each pair with a relation that forbids, by their names."""
    made = {}
    for relation in table().relations:
        for barring in ("", *FORBIDDING):
            name = f"{relation}+{barring}" if barring else relation
            made[name] = User.objects.create(username=name, pseudonym=name)
    return made


RELATED = {
    relation: Q(username=relation) | Q(username__startswith=f"{relation}+")
    | (Q(username__endswith=f"+{relation}") if relation in FORBIDDING else Q(pk__in=[]))
    for relation in table().relations
}  # fmt: skip


def test_every_list_holds_what_every_action_allows(rows):
    for action in table().actions:
        for role in table().roles:
            reached = User.objects.filter(filtered({role}, action, RELATED))
            wanted = {name for name in rows if allowed(role, action, set(name.split("+")))}
            assert set(reached.values_list("username", flat=True)) == wanted, (role, action)


def test_a_role_that_may_nothing_sees_nothing_and_asks_the_database_nothing_foolish(rows):
    assert not User.objects.filter(filtered(set(), "cases.view", RELATED)).exists()
    assert not User.objects.filter(filtered({"auditor"}, "cases.view", {})).exists()
    assert isinstance(filtered({"auditor"}, "cases.view", RELATED), models.Q)


# --- the table as data --------------------------------------------------------------------------------

GOOD = {
    "roles": {"officer": "An officer"},
    "relations": {"own": "Own", "other_force": "Other", "conflicted": "Part"},
    "actions": {"look": {"does": "Look", "officer": ["own"]}},
}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"does": "x", "sheriff": ["own"]}, "look: 'sheriff' is no role."),
        ({"does": "x", "officer": ["near"]}, "look.officer: 'near' is no relation that allows."),
        ({"does": "x", "officer": ["other_force"]}, "'other_force' is no relation that allows"),
        ({"does": "x", "officer": []}, "look.officer: it should be a list of relations."),
        ({"does": "x", "officer": "own"}, "look.officer: it should be a list of relations."),
        ("look", "look: it is no table."),
    ],
)
def test_a_table_that_names_what_is_not_declared_is_refused(given, said):
    with pytest.raises(TableError) as caught:
        parse(GOOD | {"actions": {"look": given}})
    assert said in str(caught.value)


def test_a_role_that_may_do_nothing_at_all_has_no_place():
    may = {role for role, _, _, allowed in CELLS if allowed}
    assert may == set(table().roles)


def test_what_changes_authority_or_lets_something_out_asks_for_a_second_factor():
    for name in (
        "cases.authorise",
        "cases.share",
        "cases.erase",
        "openness.release",
        "accounts.grant",
    ):
        assert table().actions[name].strong


def test_nobody_who_runs_accounts_sees_a_case_and_no_auditor_changes_one():
    for role, action, _, may in CELLS:
        if may and role == "administrator":
            assert action.startswith(("accounts.", "ledger.verify", "cases.set_remedies")), action
        if may and role == "auditor":
            assert action in {
                "cases.view", "cases.search", "cases.timeline", "scrutiny.read", "openness.view", "ledger.receipt",
                "ledger.verify", "ledger.looks", "accounts.view", "restorative.view",
                "cases.conflict",  # which binds nobody but themselves
            }  # fmt: skip


def test_the_page_is_made_from_the_table():
    assert PAGE.read_text("utf-8") == pages.permissions(), "make pages"
