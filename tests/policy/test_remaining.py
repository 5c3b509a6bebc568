"""What is left of a condition says all that the condition says, and forgets what no longer matters."""

from itertools import product

import pytest

from amends.feel import Type, tree
from amends.feel.evaluating import compile_node
from amends.feel.truth import pair, truth
from amends.policy import classes as classing
from amends.policy import inputs
from amends.policy.classes import Classes, classes_of
from amends.policy.inputs import abstract, raised_node
from amends.policy.remaining import remaining
from amends.policy.rules import Authority
from support.generating import Generator
from support.policies import facts, rule, rules

YES_NO = Type(kind="boolean")
NULLABLE = Type(kind="boolean", absent=True)
A, B, C = (tree.Fact(YES_NO, name) for name in "abc")
TRUE, FALSE = (tree.Const(YES_NO, value) for value in (True, False))
NULL = tree.Const(NULLABLE, None)


@pytest.mark.parametrize(
    ("node", "told", "left"),
    [
        (A, {}, A),
        (A, {"a": True}, TRUE),
        (A, {"a": False}, FALSE),
        (A, {"b": True}, A),
        (tree.Not(YES_NO, A), {"a": True}, FALSE),
        (tree.Not(YES_NO, A), {}, tree.Not(YES_NO, A)),
        (tree.And(YES_NO, (A, B)), {"a": True}, B),
        (tree.And(YES_NO, (A, B)), {"a": False}, FALSE),
        (tree.And(YES_NO, (A, B, C)), {"b": True}, tree.And(YES_NO, (A, C))),
        (tree.And(YES_NO, (A, B)), {"a": True, "b": True}, TRUE),
        (tree.And(YES_NO, (A, A)), {}, A),
        (tree.And(NULLABLE, (A, B)), {"a": None}, tree.And(NULLABLE, (tree.Const(YES_NO, None), B))),
        (tree.Or(YES_NO, (A, B)), {"a": False}, B),
        (tree.Or(YES_NO, (A, B)), {"a": True}, TRUE),
        (tree.Or(YES_NO, (A, B)), {"a": False, "b": False}, FALSE),
        (tree.Or(YES_NO, (A, B, B)), {}, tree.Or(YES_NO, (A, B))),
        (tree.Compare(YES_NO, "=", A, B), {"a": True}, tree.Compare(YES_NO, "=", TRUE, B)),
        (tree.Compare(YES_NO, "=", A, B), {"a": True, "b": False}, FALSE),
        (tree.Choose(YES_NO, A, B, C), {"a": True}, B),
        (tree.Choose(YES_NO, A, B, C), {"a": False}, C),
        (tree.Choose(YES_NO, A, B, C), {"a": None}, C),
        (tree.Choose(YES_NO, A, B, C), {"b": True}, tree.Choose(YES_NO, A, TRUE, C)),
        (NULL, {"a": True}, NULL),
    ],
)  # fmt: skip
def test_answered_tests_are_put_in_and_worked_out(node, told, left):
    assert remaining(node, told) == left


def test_what_is_left_says_what_the_whole_says():
    for seed in range(200):
        for some in Generator(seed).ruleset(3).rules:
            node = raised_node(some)
            tests = list(dict.fromkeys(inputs.tests_in(node)))
            names = {test: str(n) for n, test in enumerate(tests)}
            shape = abstract(node, names)
            values = [(True, False, *([None] if t.type.absent else [])) for t in tests]
            for answers in list(product(*values))[:32]:
                told = dict(zip(names.values(), answers, strict=True))
                for cut in range(len(tests) + 1):
                    first = {name: told[name] for name in list(told)[:cut]}
                    left = compile_node(remaining(shape, first))
                    assert truth(pair(left(told, None))) == truth(
                        pair(compile_node(shape)(told, None))
                    )


# --- the search -----------------------------------------------------------------------------------


def steps_to(found: Classes, given: dict, answer: Authority) -> int:
    search = classing._Search(found)
    assert search.answers(found.states(given)) == {answer}
    return search.steps


def named(name: str, values: range, form: str) -> str:
    return "(" + " or ".join(f"{name} = {form.format(n)}" for n in values) + ")"


CODES = named("offence.code", range(30), '"{}A"')
AGES = named("offender.age", range(20, 60, 2), "{}")


def test_values_that_lead_to_the_same_rest_are_looked_into_once():
    """Thirty codes and "another", twenty-one classes of age: 651 combinations, but one of two rests."""
    odd = f"{CODES} = {AGES}"
    found = Classes(rules(rule("A", odd, "inspector"), rule("B", f"not({odd})", "inspector")))
    known = {one.name: len(one.known) for one in found.inputs}
    assert known == {"offence.code": 31, "offender.age": 21}
    assert steps_to(found, {}, Authority.INSPECTOR) == 1 + 31 + 2 * 21


def test_values_that_only_a_closed_rule_tells_apart_are_tried_once():
    found = Classes(
        rules(
            rule("A", "flags.hate = (offender.age < 18)", "inspector"),
            rule("B", "flags.hate != (offender.age < 18)", "inspector"),
            rule("C", f"flags.knife and {AGES}", "nobody"),
        )
    )
    given = facts(flags__knife=False)
    assert steps_to(found, given, Authority.INSPECTOR) == 1 + 2 + 2 * 2


def test_a_rest_is_forgotten_with_what_led_to_it_but_not_with_who_may_allow_it():
    found = Classes(
        rules(
            rule("A", "flags.hate and flags.knife", "inspector"), rule("B", "flags.hate", "nobody")
        )
    )
    left = found.open(found.states(facts(flags__knife=True)))[2]
    rest = found.rest(found.states(facts(flags__knife=True)), left)
    assert {allow for allow, _ in rest} == {Authority.INSPECTOR, Authority.NOBODY}
    assert {str(node.name) for _, node in rest} == {"0:0"}
    assert found.places(rest) == {0: [0]}


@pytest.mark.parametrize(("most", "always"), [(6, False), (7, True), (20_000, True)])
def test_whether_every_search_comes_to_an_end_is_known_beforehand(monkeypatch, most, always):
    """Two facts of two values: one step for nothing known, two for the first, four for the second."""
    monkeypatch.setattr(classing, "MOST_STEPS", most)
    found = Classes(rules(rule("A", "flags.hate = flags.knife"), rule("B", "not(flags.hate)")))
    assert found.always_settled is always


def test_the_largest_input_is_counted_first(monkeypatch):
    found = Classes(rules(rule("A", "flags.hate and (offender.age = 20 or offender.age = 30)")))
    sizes = sorted(len(one.known) for one in found.inputs)
    assert sizes[0] == 2 < sizes[1]
    worst = 1 + sizes[1] + sizes[0] * sizes[1]
    monkeypatch.setattr(classing, "MOST_STEPS", worst)
    assert found.always_settled
    monkeypatch.setattr(classing, "MOST_STEPS", worst - 1)
    assert not found.always_settled


def test_facts_with_dozens_of_values_named_are_settled():
    odd = f"({CODES} = {AGES}) = {named('gravity.aggravating', range(0, 40, 2), '{}')}"
    found = classes_of(rules(rule("A", odd, "inspector"), rule("B", f"not({odd})", "inspector")))
    assert found.settle(found.states({})) is Authority.INSPECTOR
