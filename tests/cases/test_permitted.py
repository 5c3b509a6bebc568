"""Every role, action and way of standing to a case, through the actions themselves: the table is what happens."""

from collections import Counter

import pytest

from amends.accounts.acting import ACTIONS
from amends.accounts.models import User
from amends.accounts.permissions import table
from amends.accounts.refusals import Refused
from amends.cases.actions import (
    agreeing,
    authorising,
    ending,
    inviting,
    listening,
    raising,
    telling,
)
from amends.cases.models import Asked, Assignment, Case, Conflict, Step
from support.record import Crew, fresh_key, person

pytestmark = pytest.mark.django_db
MODULES = (agreeing, authorising, ending, inviting, listening, raising, telling)
DENIED = {"ACT-NONE", "ACT-CONFLICT", "ACT-MAY-NOT"}
STANDINGS = (
    "stranger",
    "same force",
    "officer in the case",
    "raised it",
    "asked",
    "assigned",
    "conflicted",
)


@pytest.fixture
def crew():
    return Crew()


def stand(how: str, user: User, case: Case, crew: Crew) -> None:
    """Make *user* stand to *case* as *how* says."""
    rows = {"asked": Asked, "assigned": Assignment, "conflicted": Conflict}
    if how == "officer in the case":
        case.officer = user
    elif how == "raised it":
        case.raised_by = user
    elif how in rows:
        more = {"task": "help"} if how == "assigned" else {}
        more |= {"reason": "Invented."} if how == "conflicted" else {}
        rows[how].objects.create(case=case, by=crew.officer, user=user, **more)
    case.save()


@pytest.mark.parametrize("how", STANDINGS)
def test_what_the_table_allows_is_done_and_nothing_else(how, crew):
    """An action that is allowed goes on to ask for what it needs; one that is not is refused before that."""
    assert all(MODULES)
    actions = sorted(name for name in ACTIONS if name.startswith("cases."))
    told: Counter[bool] = Counter()
    other = Crew("kent").force
    for role in table().roles:
        user = person(other if how == "stranger" else crew.force, role)
        case = crew.raised()
        if how != "stranger":
            stand(how, user, case, crew)
        relations = case.relations_of(user)
        for name in actions:
            wanted = table().may({role}, name, relations)
            try:
                ACTIONS[name](user, case, key=fresh_key(), expected=case.version)
                allowed = True
            except Refused as error:
                allowed = error.code not in DENIED
            except TypeError:  # allowed, and then its form was not filled in
                allowed = True
            assert allowed == wanted, (role, name, how, relations)
            told[allowed] += 1
            case.refresh_from_db()
    assert sum(told.values()) == len(table().roles) * len(actions)
    if how in ("stranger", "conflicted"):
        assert not told[True]
    else:
        assert told[True] > 10
        assert told[False] > 100


def test_what_is_refused_leaves_no_step(crew):
    case = crew.raised()
    user = person(crew.force, "panel_member")
    for name in ACTIONS:
        if name.startswith("cases."):
            with pytest.raises(Refused):
                ACTIONS[name](user, case, key=fresh_key(), expected=case.version)
    assert Step.objects.filter(case=case).count() == 1
