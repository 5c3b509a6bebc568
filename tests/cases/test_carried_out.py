"""Outcome 8 is for what was carried out; and what is changed was agreed, with every victim told."""

import pytest

from amends.accounts.refusals import Refused
from amends.cases.actions import agreeing, ending, listening
from amends.cases.models import Person
from support.record import Crew, hours_ago

pytestmark = pytest.mark.django_db
LONGER = {"reasons": "A longer time.", "words": "Yes, that suits me."}


@pytest.fixture
def crew():
    return Crew()


def refused(code, what, *args, **given):
    with pytest.raises(Refused) as caught:
        what(*args, **given)
    assert caught.value.code == code, caught.value
    return caught.value


def became(crew, case, *kinds, by=None):
    """Each thing agreed became, in turn, one of *kinds*."""
    for one, kind in zip(agreeing.current_actions(case), kinds, strict=True):
        crew.does(agreeing.record_action, case, by, action=one, kind=kind, proof="So it is.")


def told(crew, case, result="reached"):
    """Somebody tried to reach every victim."""
    for one in Person.objects.filter(case=case, part="victim"):
        crew.does(
            listening.record_contact, case, victim=one, method="telephone", result=result,
            tried_at=hours_ago(1),
        )  # fmt: skip


# --- what was carried out ---------------------------------------------------------------------------


def test_only_a_supervisor_waives_what_was_agreed(crew):
    case = crew.agreed()
    sorry, _ = agreeing.current_actions(case)
    given = {"action": sorry, "kind": "waived", "proof": "The shop has closed down."}
    refused("ACT-MAY-NOT", crew.does, agreeing.record_action, case, **given)
    assert not agreeing.is_settled(sorry)
    crew.does(agreeing.record_action, case, crew.sergeant, **given)
    assert agreeing.is_settled(sorry)


def test_where_all_was_waived_nothing_was_carried_out(crew):
    case = crew.agreed()
    became(crew, case, "waived", "waived", by=crew.sergeant)
    refused("END-NOTHING", crew.does, ending.complete, case, words="All settled.")
    crew.does(agreeing.record_breach, case, words="Nothing of it was done.")
    crew.does(agreeing.decide_breach, case, crew.sergeant, choice="close", reasons="Moved away.")
    refused("END-TURN", crew.does, ending.close, case, outcome="8", reasons="Done with.")


def test_what_is_waived_while_a_breach_is_decided_is_no_completion_either(crew):
    case = crew.agreed()
    crew.does(agreeing.record_breach, case, words="Nothing was paid.")
    became(crew, case, "waived", "waived", by=crew.sergeant)
    crew.does(agreeing.decide_breach, case, crew.sergeant, choice="offer_again", reasons="So.")
    refused("END-NOTHING", crew.does, ending.complete, case, words="All settled.")


@pytest.mark.parametrize("first", ["done", "part"])
def test_what_is_left_of_it_may_be_waived(crew, first):
    case = crew.agreed()
    became(crew, case, first, "not_done")
    became(crew, case, "waived", "waived", by=crew.sergeant)
    refused("BRE-NONE", crew.does, agreeing.record_breach, case, words="The rest was not done.")
    crew.does(ending.complete, case, words="The rest was waived.")
    assert case.state == "done"


def test_what_was_paid_towards_it_was_carried_out(crew):
    case = crew.agreed()
    _, pay = agreeing.current_actions(case)
    crew.does(agreeing.record_payment, case, action=pay, pence=1, proof="Receipt")
    became(crew, case, "waived", "waived", by=crew.sergeant)
    crew.does(ending.complete, case, words="The rest was waived.")


def test_what_turned_out_not_to_be_done_was_not_carried_out(crew):
    case = crew.agreed()
    became(crew, case, "done", "part")
    became(crew, case, "not_done", "not_done")
    became(crew, case, "waived", "waived", by=crew.sergeant)
    refused("END-NOTHING", crew.does, ending.complete, case, words="All settled.")
