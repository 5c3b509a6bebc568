"""Outcome 8 is for what was carried out; and what is changed was agreed, with every victim told."""

import pytest

from amends.accounts.refusals import Refused
from amends.cases.actions import agreeing, authorising, ending, listening, raising, telling
from amends.cases.hearing import untold
from amends.cases.models import Person
from support.record import Crew, actions, hours_ago

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


# --- what is changed was agreed, and every victim told ----------------------------------------------


def test_an_agreement_is_changed_only_once_every_victim_was_told(crew):
    case = crew.agreed()
    change = LONGER | {"actions": actions()[:1]}
    said = refused("AGR-VICTIM", crew.does, agreeing.vary, case, **change)
    assert "Invented Shop" in said.sentence
    assert len(agreeing.current_actions(case)) == 2
    told(crew, case)
    crew.does(agreeing.vary, case, **change)
    assert len(agreeing.current_actions(case)) == 1
    refused("AGR-VICTIM", crew.does, agreeing.vary, case, **change)  # told of that, not of another


@pytest.mark.parametrize("result", ["no_answer", "unsafe"])
def test_a_reasonable_effort_to_tell_them_is_enough(crew, result):
    case = crew.agreed()
    told(crew, case, result)
    crew.does(agreeing.vary, case, **LONGER, actions=actions()[:1])


def test_after_a_breach_they_are_told_once_it_is_to_be_varied(crew):
    case = crew.agreed()
    crew.does(agreeing.record_breach, case, words="Nothing was paid.")
    told(crew, case)  # of the breach, when nobody knew yet what would follow it
    crew.does(agreeing.decide_breach, case, crew.sergeant, choice="vary", reasons="He is ill.")
    assert case.state == "authorised"
    refused("CASE-TURN", crew.does, ending.complete, case, words="All done.")
    refused("AGR-VICTIM", crew.does, agreeing.agree, case, actions=actions()[:1])
    told(crew, case)
    crew.does(agreeing.agree, case, actions=actions()[:1])
    assert case.state == "agreed"


def test_a_victim_who_says_what_they_think_of_it_was_told(crew):
    case = crew.agreed()
    crew.does(agreeing.record_breach, case, words="Nothing was paid.")
    crew.does(agreeing.decide_breach, case, crew.sergeant, choice="vary", reasons="He is ill.")
    shop = Person.objects.get(case=case, part="victim")
    crew.does(
        listening.record_view, case, victim=shop, position="agree", informed=True, words="Very well.",
        remedy="", wording="shop-1", channel="telephone", language="English",
        said_by=Person.objects.get(case=case, part="speaks_for"),
    )  # fmt: skip
    given = {"reasons": "Still minor.", "no_conflict": True}
    crew.does(authorising.authorise, case, crew.superintendent, **given)
    crew.does(agreeing.agree, case, actions=actions()[:1])


def test_a_letter_tells_them_too(crew):
    case = crew.agreed()
    crew.does(agreeing.record_breach, case, words="Nothing was paid.")
    crew.does(agreeing.decide_breach, case, crew.sergeant, choice="vary", reasons="He is ill.")
    shop = Person.objects.get(case=case, part="victim")
    crew.does(
        telling.tell_in_writing, case, person=shop, kind="victim_told", language="en",
        channel="email", address="v@example.org", contact="01234 567890",
    )  # fmt: skip
    crew.does(agreeing.agree, case, actions=actions()[:1])


def test_each_of_several_victims_is_told(crew):
    case = crew.agreed()
    first = Person.objects.get(case=case, part="victim")
    crew.does(listening.withdraw, case, person=Person.objects.get(case=case, part="suspect"))
    crew.does(raising.add_person, case, part="victim", kind="person", name="Invented Second")
    crew.does(listening.record_offender, case, agrees=True, words="I will after all.")
    second = Person.objects.get(case=case, name="Invented Second")
    crew.does(
        listening.record_view, case, victim=second, position="agree", informed=True, words="Fine.",
        remedy="", wording="w-1", channel="telephone", language="English",
    )  # fmt: skip
    given = {"reasons": "Still minor.", "no_conflict": True}
    crew.does(authorising.authorise, case, crew.superintendent, **given)
    said = refused("AGR-VICTIM", crew.does, agreeing.agree, case, actions=actions()[:1])
    assert "Invented Shop" in said.sentence
    assert "Second" not in said.sentence
    crew.does(
        listening.record_contact, case, victim=first, method="email", result="reached",
        tried_at=hours_ago(1),
    )  # fmt: skip
    crew.does(agreeing.agree, case, actions=actions()[:1])


def test_who_cannot_be_told_for_a_coded_reason_need_not_be(crew):
    case = crew.agreed()
    crew.does(listening.withdraw, case, person=Person.objects.get(case=case, part="suspect"))
    crew.does(raising.add_person, case, part="victim", kind="person", name="Invented Second")
    crew.does(listening.record_offender, case, agrees=True, words="I will after all.")
    second = Person.objects.get(case=case, name="Invented Second")
    crew.does(
        listening.record_not_consulted, case, crew.sergeant, victim=second,
        reason="at_risk_if_contacted", words="Her family would see it.",
    )  # fmt: skip
    shop = Person.objects.get(case=case, name="Invented Shop")
    assert untold(case) == [shop]
