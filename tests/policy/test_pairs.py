"""Comparisons of the same two facts are judged together, and no answer that can be is left out."""

from itertools import product

import pytest

from amends.feel import compile_text, tree
from amends.feel.truth import pair, truth
from amends.policy import pairs
from amends.policy.deciding import decide
from amends.policy.facts import catalogue
from amends.policy.rules import Authority
from support.policies import facts, rule, rules

DECLARED = catalogue().declarations()
UNKNOWN = Authority.NOT_YET_KNOWN


def node(text):
    return compile_text(text, DECLARED, kind="boolean").node


def test_only_two_facts_and_nothing_else_are_a_pair():
    found = pairs.pair_of(node("offence.date < decision.date"))
    assert {fact.name for fact in found} == {"offence.date", "decision.date"}
    assert found == pairs.pair_of(node("decision.date >= offence.date"))
    for other in ("offence.date < date(\"2013-01-01\")", "flags.hate = flags.knife",
                  "offender.age + 1 < gravity.score", "flags.hate"):  # fmt: skip
        assert pairs.pair_of(node(other)) is None
    age = node("offender.age > 3").left
    assert pairs.pair_of(tree.Compare(node("flags.hate").type, "=", age, age)) is None


@pytest.mark.parametrize(
    ("one", "two"), [("offender.age", "gravity.aggravating"), ("offender.age", "gravity.score"),
                     ("earlier.community_resolutions", "gravity.score")]
)  # fmt: skip
@pytest.mark.parametrize("signs", [("<", ">="), ("<=", "=", ">"), ("!=",), ("<", ">", "=")])
def test_the_answers_are_those_that_some_values_give(one, two, signs):
    texts = [f"{one} {sign} {two}" for sign in signs] + [f"{two} {signs[0]} {one}"]
    made = [compile_text(text, DECLARED, kind="boolean") for text in texts]
    tests = tuple(part.node.of if isinstance(part.node, tree.Not) else part.node for part in made)
    found = set()
    for first, second in product((0, 1, 2, 3), (*range(4), *([None] if "score" in two else []))):
        case = {one: first, two: second}
        said = [truth(pair(part.value(case))) for part in made]
        for n, part in enumerate(made):
            if isinstance(part.node, tree.Not):
                said[n] = None if said[n] is None else not said[n]
        found.add(tuple(said))
    assert pairs.possible(tests) == found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("offence.date < decision.date", "offence.date >= decision.date"),
        ("offence.date <= decision.date", "decision.date < offence.date"),
        ("offender.age = gravity.aggravating", "gravity.aggravating != offender.age"),
    ],
)
def test_of_a_comparison_and_its_opposite_one_says_yes(first, second):
    found = rules(rule("A", first, "inspector"), rule("B", second, "inspector"))
    assert decide({}, found).answer is Authority.INSPECTOR
    assert decide(facts(offence__date="2013-01-01"), found).answer is Authority.INSPECTOR


def test_texts_that_are_compared_are_a_pair_too():
    same = "offence.code = offence.group"
    other = "offence.group != offence.code"
    found = rules(rule("A", same, "inspector"), rule("B", other, "inspector"))
    assert pairs.pair_of(node(same)) is not None
    assert decide(facts(offence__code="8N"), found).answer is Authority.INSPECTOR


def test_both_may_say_no_where_a_fact_may_be_absent():
    both = ("gravity.score < offender.age", "gravity.score >= offender.age")
    found = rules(*(rule(f"R{n}", text, "inspector") for n, text in enumerate(both)))
    assert decide({}, found).answer is UNKNOWN
    assert decide(facts(offender__age=20), found).answer is UNKNOWN
    assert decide({"gravity.score": None}, found).answer is Authority.OFFICER


def test_comparisons_of_other_facts_stay_free_of_each_other():
    found = rules(
        rule("A", "offence.date < decision.date", "inspector"),
        rule("B", "offence.date >= resolution.last_action_due", "inspector"),
    )
    assert decide({}, found).answer is UNKNOWN


def test_one_comparison_is_left_alone():
    found = rules(rule("A", "offence.date < decision.date", "inspector"))
    assert decide({}, found).answer is UNKNOWN
    assert decide(facts(offence__date="2013-01-01"), found).answer is UNKNOWN
