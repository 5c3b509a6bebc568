"""What is missing from a case, fewest first, and what would open it; never a false admission."""

import pytest

from amends.policy import explaining
from amends.policy.deciding import decide
from amends.policy.explaining import Change, matters, missing, near_miss
from amends.policy.rules import Authority
from support.policies import facts, rule, rules

HATE = rule("HATE", "flags.hate")


def asked(*some, **given):
    return missing(decide(facts(**given), rules(*some)))


def opened(*some, **given):
    return near_miss(decide(facts(**given), rules(*some)))


# --- missing --------------------------------------------------------------------------------------


def test_nothing_is_missing_from_a_definite_answer():
    for given in ({"flags__hate": True}, {"flags__hate": False}):
        assert asked(HATE, **given) == ()
        assert matters(decide(facts(**given), rules(HATE))) == ()


def test_each_fact_that_could_settle_it_is_a_group():
    some = (rule("K", "flags.knife"), HATE)
    assert asked(*some) == (("flags.hate",), ("flags.knife",))
    assert matters(decide({}, rules(*some))) == ("flags.knife", "flags.hate")


def test_a_group_of_two_where_no_one_settles_it():
    both = rule("B", "flags.hate = flags.knife")
    assert asked(both) == (("flags.hate", "flags.knife"),)
    assert asked(both, flags__hate=True) == (("flags.knife",),)


def test_a_fact_that_settles_it_alone_hides_the_larger_groups():
    some = (rule("B", "flags.hate = flags.knife", "sergeant"), rule("C", "flags.child"))
    assert asked(*some) == (("flags.child",),)


def test_a_group_of_three():
    xor = "(flags.hate = flags.knife) = flags.child"
    assert asked(rule("X", xor)) == (("flags.hate", "flags.knife", "flags.child"),)


def test_where_no_group_of_three_settles_it_everything_is_asked():
    xor = "(flags.hate = flags.knife) = (flags.child = flags.sexual)"
    assert asked(rule("X", xor)) == (("flags.hate", "flags.knife", "flags.child", "flags.sexual"),)
    assert explaining.MOST_TOGETHER == 3


def test_fewer_facts_stand_before_more_then_by_name():
    dates = rule("D", "offence.date > decision.date")
    assert asked(dates, HATE, rule("A", "evidence.sufficient")) == (
        ("evidence.sufficient",),
        ("flags.hate",),
        ("offence.date", "decision.date"),
    )


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, (("victims",),)),
        ({"victims": [{}]}, (("victims.age",),)),
        ({"victims": [{"age": 30}, {}]}, (("victims.age",),)),
        ({"victims": [{"age": 30}]}, ()),
    ],
)
def test_a_list_is_asked_for_before_its_fields(given, wanted):
    young = rule("V", "some v in victims satisfies v.age < 18")
    assert asked(young, **given) == wanted


def test_a_fact_beside_a_list_is_asked_for_where_the_list_is_known():
    older = rule("V", "some v in victims satisfies v.age > offender.age")
    assert asked(older) == (("victims",),)
    assert asked(older, victims=[{"age": 3}]) == (("offender.age",),) or asked(
        older, victims=[{"age": 3}]
    ) == (("victims.age", "offender.age"),)


# --- near-miss ------------------------------------------------------------------------------------

ADULT = rule("ADULT", "not(offender.appropriate_adult)")


def test_only_what_nobody_may_allow_can_be_opened():
    assert opened(rule("S", "not(offender.agrees)", "sergeant"), offender__agrees=False) is None
    assert opened(ADULT) is None
    assert opened(ADULT, offender__appropriate_adult=True) is None


def test_the_fewest_changes_that_open_it():
    found = opened(ADULT, offender__appropriate_adult=False)
    assert found.changes == (Change("offender.appropriate_adult", True, "do"),)
    assert found.authority is Authority.OFFICER


def test_a_choice_of_the_person_concerned_is_theirs():
    found = opened(rule("A", "not(offender.agrees)"), offender__agrees=False)
    assert found.changes == (Change("offender.agrees", True, "theirs"),)


def test_an_admission_is_never_suggested():
    admits = rule("ADM", 'admission.form = "none"')
    assert opened(admits, admission__form="none") is None
    assert opened(admits, ADULT, admission__form="none", offender__appropriate_adult=False) is None


def test_what_is_fixed_cannot_be_changed():
    assert opened(HATE, flags__hate=True) is None
    assert opened(rule("A", "offender.age < 10"), offender__age=9) is None


def test_the_lowest_authority_of_the_fewest_changes():
    some = (
        rule("A", "not(offender.appropriate_adult or offender.agrees)"),
        rule("B", "offender.agrees", "inspector"),
    )
    found = opened(*some, offender__appropriate_adult=False, offender__agrees=False)
    assert found.changes == (Change("offender.appropriate_adult", True, "do"),)
    assert found.authority is Authority.OFFICER


def test_two_changes_where_one_is_not_enough():
    some = (ADULT, rule("A", "not(offender.agrees)"))
    found = opened(*some, offender__appropriate_adult=False, offender__agrees=False)
    assert [one.fact for one in found.changes] == ["offender.agrees", "offender.appropriate_adult"]


def test_three_changes_at_most():
    names = (
        "offender.appropriate_adult",
        "offender.agrees",
        "remedy.listed_action_invited",
        "offender.youth_justice_consulted",
    )
    some = [rule(f"R-{n}", f"not({name})") for n, name in enumerate(names)]
    given = {name.replace(".", "__"): False for name in names}
    assert len(opened(*some[:3], **given).changes) == 3
    assert opened(*some, **given) is None


def test_what_is_not_known_may_be_done_as_well():
    some = (ADULT, rule("Y", "not(offender.youth_justice_consulted)", "sergeant"))
    found = opened(*some, offender__appropriate_adult=False)
    assert [one.fact for one in found.changes] == [
        "offender.appropriate_adult",
        "offender.youth_justice_consulted",
    ]
    assert found.authority is Authority.OFFICER


def test_every_victim_would_have_to_be_asked():
    contact = rule("V", "some v in victims satisfies not(v.contact_made)")
    found = opened(contact, victims=[{"contact_made": False}, {"contact_made": True}])
    assert found.changes == (Change("victims.contact_made", True, "do"),)


def test_a_rule_that_is_met_is_not_changed():
    some = (rule("A", "not(offender.agrees)"), ADULT)
    found = opened(*some, offender__agrees=False, offender__appropriate_adult=True)
    assert [one.fact for one in found.changes] == ["offender.agrees"]


def test_only_so_many_ways_are_tried(monkeypatch):
    monkeypatch.setattr(explaining, "MOST_TRIES", 0)
    assert opened(ADULT, offender__appropriate_adult=False) is None
    monkeypatch.setattr(explaining, "MOST_TRIES", 1)
    assert opened(ADULT, offender__appropriate_adult=False) is not None


def test_a_fact_is_changed_once_only():
    some = (ADULT, rule("A", "not(offender.agrees)"))
    found = opened(*some, offender__appropriate_adult=False)
    assert [(one.fact, one.value) for one in found.changes] == [
        ("offender.agrees", True),
        ("offender.appropriate_adult", True),
    ]


def test_a_change_may_be_to_no():
    found = opened(rule("A", "offender.agrees"), offender__agrees=True)
    assert found.changes == (Change("offender.agrees", False, "theirs"),)


def test_only_so_many_answers_are_tried_for_a_group(monkeypatch):
    some = (rule("K", "flags.knife"), HATE)
    monkeypatch.setattr(explaining, "MOST_TRIES", 10)
    assert asked(*some) == (("flags.hate",), ("flags.knife",))
    monkeypatch.setattr(explaining, "MOST_TRIES", 9)
    assert asked(*some) == (("flags.knife", "flags.hate"),)
