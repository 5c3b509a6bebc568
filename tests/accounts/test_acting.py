"""Actions: in the ledger or not done, begun again where another was faster, and forgotten by nobody."""

import datetime as dt

import pytest
from django.db import OperationalError, connection, transaction

from amends.accounts import acting, actions
from amends.accounts.acting import ACTIONS, action, lost_race, opening, retried
from amends.accounts.models import Done, Force, User
from amends.accounts.ranks import GRADES, RANKS, authority_of, highest
from amends.accounts.refusals import NothingRecorded, Refused
from amends.accounts.standing import standing, today
from amends.ledger.models import Entry
from amends.policy.rules import Authority
from support.record import Crew, fresh_key, person

pytestmark = pytest.mark.django_db
SOON = dt.timedelta(days=1)


@pytest.fixture
def crew():
    return Crew()


@pytest.fixture
def boss(crew):
    return person(crew.force, "administrator")


def refused(code, what, *args, **given):
    with pytest.raises(Refused) as caught:
        what(*args, **given)
    assert caught.value.code == code, caught.value


# --- an action that writes nothing does not happen ------------------------------------------------------


def test_what_writes_no_entry_does_not_happen(crew, monkeypatch):
    case = crew.raised()
    monkeypatch.setitem(ACTIONS, "cases.note", ACTIONS["cases.note"])

    @action("cases.note")
    def silent(by, case):
        Force.objects.create(slug="left-behind", name="Left behind")
        return case

    with pytest.raises(NothingRecorded), transaction.atomic():
        silent(crew.officer, case, key=fresh_key(), expected=case.version)
    assert not Force.objects.filter(slug="left-behind").exists()
    case.refresh_from_db()
    assert case.version == 1
    with pytest.raises(NothingRecorded), transaction.atomic():
        opening(crew.officer, "cases.raise", fresh_key(), {}, lambda: case)


def test_an_action_must_stand_in_the_permission_table():
    with pytest.raises(KeyError):
        action("cases.abolish")


# --- begun again ------------------------------------------------------------------------------------------


class Told(Exception):
    def __init__(self, sqlstate):
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("state", "text", "lost"),
    [
        ("40001", "serialization", True), ("40P01", "deadlock", True), ("23505", "done_once", True),
        ("23505", "case_reference_once", True), ("23503", "x", False),
        (None, "database is locked", True), (None, "no such table", False),
        (None, "UNIQUE constraint failed: accounts_done.by_id, accounts_done.key", True),
    ],
)  # fmt: skip
def test_a_lost_race_is_told_from_a_fault(state, text, lost):
    error = OperationalError(text)
    error.__cause__ = Told(state) if state else None
    assert lost_race(error) is lost
    twice = state == "23505" or "UNIQUE" in text
    assert lost_race(error, acting.MOST_TWICE) is (lost and not twice)
    assert not lost_race(error, acting.MOST_TRIES - 1)


@pytest.mark.django_db(transaction=True)
def test_what_lost_a_race_is_begun_again_and_a_fault_is_not(monkeypatch):
    monkeypatch.setattr(acting.time, "sleep", lambda seconds: None)
    tries = []

    def fails(times, text):
        def once():
            tries.append(1)
            if len(tries) <= times:
                raise OperationalError(text)
            return "done"

        return once

    assert retried(fails(3, "database is locked")) == "done"
    assert len(tries) == 4
    tries.clear()
    with pytest.raises(OperationalError, match="no such table"):
        retried(fails(1, "no such table"))
    assert len(tries) == 1
    tries.clear()
    with pytest.raises(OperationalError, match="locked"):
        retried(fails(acting.MOST_TRIES, "database is locked"))
    assert len(tries) == acting.MOST_TRIES


@pytest.mark.django_db(transaction=True)
def test_on_postgresql_an_action_runs_as_if_it_were_alone():
    def level():
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            return cursor.fetchone()[0]

    if connection.vendor == "postgresql":
        assert retried(level) == "serializable"
    else:
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


# --- accounts ----------------------------------------------------------------------------------------------


def test_an_account_is_opened_given_a_role_and_a_rank_and_ended(crew, boss):
    user = actions.open_account(boss, key=fresh_key(), username="invented.new", name="Invented New")
    assert (user.first_name, user.last_name, user.force_id) == ("Invented", "New", crew.force.pk)
    assert not user.has_usable_password()
    assert user.pseudonym.startswith("u-")
    role = actions.give_role(boss, user, "officer", today(), key=fresh_key())
    actions.give_rank(boss, user, "sergeant", today(), key=fresh_key())
    actions.give_rank(boss, user, "inspector", today(), key=fresh_key(), acting=True)
    now = standing(user)
    assert (now.roles, now.rank, now.acting) == ({"officer"}, "inspector", True)
    assert now.authority is Authority.INSPECTOR
    actions.end(boss, role, today() + SOON, key=fresh_key())
    assert standing(user).roles == {"officer"}
    assert standing(user, today() + SOON).roles == frozenset()
    assert Entry.objects.filter(kind__startswith="accounts.").count() == 5
    actions.close_account(boss, user, key=fresh_key())
    user.refresh_from_db()
    assert standing(user).authority is None


def test_nobody_gives_themselves_anything(boss):
    refused("ACC-SELF", actions.give_role, boss, boss, "auditor", today(), key=fresh_key())
    refused("ACC-SELF", actions.give_rank, boss, boss, "sergeant", today(), key=fresh_key())
    refused("ACC-SELF", actions.close_account, boss, boss, key=fresh_key())


def test_what_is_no_rank_grade_or_role_and_what_is_held_already(crew, boss):
    user = crew.officer
    refused("ACC-RANK", actions.give_rank, boss, user, "captain", today(), key=fresh_key())
    refused("ACC-GRADE", actions.give_grade, boss, user, "captain", today(), key=fresh_key())
    refused("ACC-HELD", actions.give_role, boss, user, "officer", today(), key=fresh_key())
    refused("ACC-BOTH", actions.give_role, boss, user, "panel_member", today(), key=fresh_key())
    refused(
        "ACC-NAME",
        actions.open_account,
        boss,
        key=fresh_key(),
        username=user.username.upper(),
        name="X",
    )
    held = user.roles.get()
    refused("ACC-DATES", actions.end, boss, held, held.starts, key=fresh_key())
    actions.end(boss, held, today(), key=fresh_key())
    refused("ACC-ENDED", actions.end, boss, held, today(), key=fresh_key())


def test_an_account_of_another_force_is_nobody(boss):
    other = Crew("kent")
    for what, rest in (
        (actions.give_role, ("officer", today())),
        (actions.give_rank, ("sergeant", today())),
    ):
        refused("ACT-NONE", what, boss, other.officer, *rest, key=fresh_key())
    refused("ACT-NONE", actions.close_account, boss, other.officer, key=fresh_key())
    refused(
        "ACT-MAY-NOT", actions.open_account, other.officer, key=fresh_key(), username="x", name="X"
    )


def test_a_grade_has_authority_only_by_delegation_and_only_in_its_days(crew, boss):
    user = person(crew.force, "officer")
    actions.give_grade(boss, user, "pcso", today(), key=fresh_key())
    assert standing(user).authority is None
    refused(
        "ACC-SOURCE", actions.delegate, boss, "pcso", "constable", today(), " ", key=fresh_key()
    )
    refused(
        "ACC-GRADE", actions.delegate, boss, "pcso", "captain", today(), "Order", key=fresh_key()
    )
    actions.delegate(boss, "pcso", "constable", today(), "Force order 12", key=fresh_key())
    assert standing(user).authority is Authority.OFFICER
    assert standing(user, today() - SOON).authority is None


def test_an_account_is_opened_once_however_often_it_is_sent(boss):
    key = fresh_key()
    made = {
        actions.open_account(boss, key=key, username="invented.once", name="I O").pk
        for _ in range(3)
    }
    assert len(made) == 1
    assert Done.objects.filter(key=key).count() == 1
    assert User.objects.filter(username="invented.once").count() == 1


def test_ranks_rise_and_so_does_what_they_may_allow():
    levels = [authority_of(rank) for rank in RANKS]
    assert levels == sorted(levels)
    assert authority_of("chief_inspector") is Authority.INSPECTOR
    assert authority_of("chief_constable") is Authority.SUPERINTENDENT
    assert highest([]) is None
    assert highest(["sergeant", "chief_constable", "constable"]) == "chief_constable"
    with pytest.raises(KeyError):
        authority_of("pcso")
    assert not set(GRADES) & set(RANKS)


def test_nobody_holds_at_once_what_must_be_apart_even_from_a_later_day(crew, boss):
    user = actions.open_account(boss, key=fresh_key(), username="invented.both", name="I Both")
    actions.give_role(boss, user, "auditor", today() + SOON, key=fresh_key())
    refused("ACC-BOTH", actions.give_role, boss, user, "administrator", today(), key=fresh_key())
    row = user.roles.get()
    actions.end(boss, row, today() + 2 * SOON, key=fresh_key())
    refused("ACC-BOTH", actions.give_role, boss, user, "administrator", today(), key=fresh_key())
    after = today() + 2 * SOON
    assert actions.give_role(boss, user, "administrator", after, key=fresh_key()).starts == after


def test_nothing_is_given_to_oneself_or_to_whoever_has_left_and_nobody_is_made_a_party(crew, boss):
    for give, what in (
        (actions.give_role, "officer"), (actions.give_rank, "inspector"), (actions.give_grade, "pcso"),
    ):  # fmt: skip
        refused("ACC-SELF", give, boss, boss, what, today(), key=fresh_key())
    for role in ("party", "sheriff"):
        refused("ACC-ROLE", actions.give_role, boss, crew.officer, role, today(), key=fresh_key())
    actions.close_account(boss, crew.officer, key=fresh_key())
    refused("ACC-CLOSED", actions.close_account, boss, crew.officer, key=fresh_key())
    refused(
        "ACC-CLOSED", actions.give_role, boss, crew.officer, "auditor", today(), key=fresh_key()
    )
    refused(
        "ACC-CLOSED", actions.give_rank, boss, crew.officer, "sergeant", today(), key=fresh_key()
    )
    refused("ACC-CLOSED", actions.give_grade, boss, crew.officer, "pcso", today(), key=fresh_key())


@pytest.mark.parametrize(
    ("username", "name", "code"),
    [
        ("with blanks", "A B", "ACC-NAME"), ("LINK.x", "A B", "ACC-NAME"), ("x" * 151, "A B", "ACC-NAME"),
        ("fine", " ", "ACC-FULL"), ("fine", "x" * 151, "ACC-FULL"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_one_is_refused(boss, username, name, code):
    refused(code, actions.open_account, boss, key=fresh_key(), username=username, name=name)
    assert not User.objects.filter(username=username).exists()


def test_a_delegation_is_ended_by_the_force_that_made_it(crew, boss):
    row = actions.delegate(boss, "pcso", "constable", today(), "Invented order 1", key=fresh_key())
    pcso = person(crew.force, "officer")
    actions.give_grade(boss, pcso, "pcso", today(), key=fresh_key())
    assert standing(pcso).authority is Authority.OFFICER
    stranger = person(Crew("kent").force, "administrator")
    refused("ACT-NONE", actions.end_delegation, stranger, row, today() + SOON, key=fresh_key())
    refused("ACC-DATES", actions.end_delegation, boss, row, today(), key=fresh_key())
    actions.end_delegation(boss, row, today() + SOON, key=fresh_key())
    assert standing(pcso).authority is Authority.OFFICER
    assert standing(pcso, today() + SOON).authority is None
    refused("ACC-ENDED", actions.end_delegation, boss, row, today() + SOON, key=fresh_key())
