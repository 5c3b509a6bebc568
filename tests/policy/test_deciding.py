"""Who may allow it, what each rule found, and what must be recorded."""

from itertools import product

import pytest

from amends.policy.deciding import State, decide
from amends.policy.rules import Authority
from support.policies import facts, rule, rules

KNIFE = rule("KNIFE", "flags.knife", "nobody")
HATE = rule("HATE", "flags.hate", "inspector", record=["rationale", "victim_views"])
NOTE = rule("NOTE", "true", "officer", record=["admission", "rationale"])
CHILD = rule("CHILD", "not(offender.appropriate_adult)", "sergeant", applies="offender.age < 18")


def states(decision):
    return {one.rule.id: str(one.state) for one in decision.findings}


def answer(found, **given):
    return decide(facts(**given), found).answer.word


# --- findings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"offender__age": 30}, "does not apply"),
        ({"offender__age": 30, "offender__appropriate_adult": False}, "does not apply"),
        ({"offender__age": 17, "offender__appropriate_adult": True}, "met"),
        ({"offender__appropriate_adult": True}, "met"),
        ({"offender__age": 17, "offender__appropriate_adult": False}, "raised"),
        ({"offender__age": 17}, "unknown"),
        ({"offender__appropriate_adult": False}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_rule_that_may_not_apply(given, state):
    assert states(decide(facts(**given), rules(CHILD))) == {"CHILD": state}


@pytest.mark.parametrize(
    ("when", "given", "state"),
    [
        ("gravity.score > 3", {"gravity__score": None}, "met"),
        ("gravity.score > 3", {}, "unknown"),
        ("gravity.score = null", {"gravity__score": None}, "raised"),
        ("true", {}, "raised"),
        ("null", {}, "met"),
    ],
)
def test_what_is_known_to_be_absent_is_not_unknown(when, given, state):
    assert states(decide(facts(**given), rules(rule("R", when)))) == {"R": state}


def test_a_rule_that_applies_to_what_is_absent_does_not():
    found = rules(rule("R", "flags.hate", applies="gravity.score > 3"))
    given = facts(flags__hate=True, gravity__score=None)
    assert states(decide(given, found)) == {"R": "does not apply"}
    assert decide(given, found).answer is Authority.OFFICER


def test_a_rule_that_cannot_apply_whatever_is_not_known():
    found = rules(rule("R", "flags.hate", applies="gravity.score > 3 and flags.knife"))
    assert states(decide(facts(gravity__score=None), found)) == {"R": "does not apply"}
    assert states(decide(facts(gravity__score=4), found)) == {"R": "unknown"}
    found = rules(rule("R", "gravity.score > 3 and flags.knife"))
    assert states(decide(facts(gravity__score=None), found)) == {"R": "met"}


def test_every_rule_is_read_even_after_one_has_settled_it():
    decision = decide(facts(flags__knife=True, flags__hate=True), rules(KNIFE, HATE, CHILD))
    assert states(decision) == {"KNIFE": "raised", "HATE": "raised", "CHILD": "unknown"}
    assert decision.answer is Authority.NOBODY


def test_a_finding_tells_the_known_facts_it_used():
    decision = decide(facts(offender__age=17, flags__hate=True), rules(CHILD))
    assert decision.findings[0].facts == {"offender.age": 17}
    victims = [{"age": 3}]
    found = rules(rule("V", "some v in victims satisfies (v.age < 18 and offender.age > 18)"))
    decision = decide(facts(victims=victims, offender__age=20), found)
    assert decision.findings[0].facts == {"victims": ({"age": 3},), "offender.age": 20}


# --- the answer -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"flags__knife": False, "flags__hate": False}, "officer"),
        ({"flags__knife": False, "flags__hate": True}, "inspector"),
        ({"flags__knife": True, "flags__hate": True}, "nobody"),
        ({"flags__knife": True}, "nobody"),
        ({"flags__hate": True}, "not_yet_known"),
        ({"flags__knife": False}, "not_yet_known"),
        ({}, "not_yet_known"),
    ],
)
def test_the_strictest_rule_raised_answers(given, wanted):
    for order in ((KNIFE, HATE), (HATE, KNIFE)):
        assert answer(rules(*order), **given) == wanted


def test_what_lies_open_rule_by_rule():
    decision = decide(facts(flags__hate=True), rules(KNIFE, HATE))
    assert (decision.low, decision.high) == (Authority.INSPECTOR, Authority.NOBODY)
    decision = decide(facts(flags__knife=False), rules(KNIFE, HATE))
    assert (decision.low, decision.high) == (Authority.OFFICER, Authority.INSPECTOR)


def test_where_no_rule_is_raised_the_policy_itself_answers():
    assert answer(rules(KNIFE, otherwise="sergeant"), flags__knife=False) == "sergeant"
    lower = rules(rule("A", "flags.hate", "officer"), otherwise="inspector")
    assert answer(lower, flags__hate=True) == "inspector"
    assert answer(lower) == "inspector"
    decision = decide(facts(), lower)
    assert decision.low is decision.high is Authority.INSPECTOR


@pytest.mark.parametrize(
    "pair",
    [
        ("flags.hate", "not(flags.hate)"),
        ("offender.age < 18", "offender.age >= 18"),
        ('admission.form = "none"', 'admission.form != "none"'),
        ("gravity.score > 3", "gravity.score <= 3 or gravity.score = null"),
        ("count(victims) = 0", "count(victims) > 0"),
        (
            'some v in victims satisfies v.position = "agree"',
            'every v in victims satisfies v.position != "agree"',
        ),
    ],
)
def test_it_is_definite_as_soon_as_nothing_unknown_could_change_it(pair):
    found = rules(*(rule(f"R-{n}", when, "inspector") for n, when in enumerate(pair)))
    decision = decide({}, found)
    assert decision.answer is Authority.INSPECTOR
    assert (decision.low, decision.high) == (Authority.OFFICER, Authority.INSPECTOR)
    assert {one.state for one in decision.findings} == {State.UNKNOWN}


def test_it_is_not_definite_where_one_kind_of_case_is_different():
    found = rules(
        rule("A", "offender.age < 18", "inspector"), rule("B", "offender.age > 18", "inspector")
    )
    assert answer(found) == "not_yet_known"
    assert answer(found, offender__age=18) == "officer"
    found = rules(rule("A", "flags.hate", "inspector"), rule("B", "not(flags.hate)", "sergeant"))
    assert answer(found) == "not_yet_known"


# --- reasons --------------------------------------------------------------------------------------


def reasons(found, **given):
    return [one.rule.id for one in decide(facts(**given), found).reasons]


def test_the_reasons_are_what_stands_in_the_way():
    found = rules(NOTE, KNIFE, HATE)
    assert reasons(found, flags__knife=False, flags__hate=False) == []
    assert reasons(found, flags__knife=True, flags__hate=True) == ["KNIFE", "HATE"]
    assert reasons(found, flags__knife=True) == ["KNIFE"]
    assert reasons(found, flags__hate=True) == ["KNIFE", "HATE"]
    assert reasons(found) == ["KNIFE", "HATE"]


def test_a_rule_no_stricter_than_the_policy_itself_stands_in_nobodys_way():
    found = rules(HATE, otherwise="inspector")
    assert reasons(found, flags__hate=True) == []
    assert reasons(found) == []


def test_a_definite_answer_rests_on_what_may_have_made_it_so():
    either = (
        rule("YES", "flags.hate = flags.knife", "inspector"),
        rule("NO", "flags.hate != flags.knife", "inspector"),
    )
    assert reasons(rules(*either)) == ["YES", "NO"]
    never = rule("NEVER", "flags.hate and not(flags.hate)", "nobody")
    lower = rule("LOWER", "flags.child", "sergeant")
    always = rule("ALWAYS", "true", "sergeant")
    found = rules(*either, never, lower, always)
    assert answer(found) == "inspector"
    assert reasons(found) == ["YES", "NO", "ALWAYS"]
    assert reasons(rules(*either, never, lower)) == ["YES", "NO", "LOWER"]


# --- records --------------------------------------------------------------------------------------


def test_records_are_owed_where_a_raised_rule_wants_them():
    found = rules(NOTE, HATE)
    given = {"flags__hate": True, "recorded__rationale": False, "recorded__victim_views": True}
    decision = decide(facts(**given), found)
    assert decision.owed == {"rationale": ("NOTE", "HATE")}
    assert decision.unsure_records == {"admission": ("NOTE",)}


def test_a_rule_that_is_not_raised_wants_no_record():
    found = rules(HATE)
    assert decide(facts(flags__hate=False, recorded__rationale=False), found).owed == {}
    assert decide(facts(recorded__rationale=False), found).owed == {}
    unsure = decide(facts(flags__hate=True), found).unsure_records
    assert unsure == {"rationale": ("HATE",), "victim_views": ("HATE",)}


def test_a_record_is_owed_whatever_stands_before_it():
    decision = decide(facts(flags__hate=False, recorded__admission=False), rules(HATE, NOTE))
    assert decision.owed == {"admission": ("NOTE",)}


def test_a_record_that_is_made_is_owed_no_more():
    given = {"flags__hate": True, "recorded__rationale": True, "recorded__victim_views": True}
    decision = decide(facts(**given), rules(HATE))
    assert (decision.owed, decision.unsure_records) == ({}, {})


def test_every_combination_of_two_flags():
    """A small policy in full, against the same written by hand."""
    found = rules(KNIFE, HATE, CHILD)
    for knife, hate, age, adult in product((True, False), (True, False), (17, 18), (True, False)):
        wanted = "officer"
        if age < 18 and not adult:
            wanted = "sergeant"
        if hate:
            wanted = "inspector"
        if knife:
            wanted = "nobody"
        given = {"flags__knife": knife, "flags__hate": hate, "offender__age": age}
        assert answer(found, **given, offender__appropriate_adult=adult) == wanted
