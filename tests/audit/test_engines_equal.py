"""Every engine gives every case the same answer, for the same reasons, as deciding it alone would."""

import datetime as dt
import os
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any

import pytest

from amends.audit.plain import judge
from amends.feel import FeelError, Type, compile_text, tree
from amends.feel.functions import DATE_PARTS, FUNCTIONS
from amends.feel.types import DAYS as DAYS_KIND
from amends.feel.types import MONTHS
from amends.policy.classes import classes_of, raised_node
from amends.policy.exactness import is_exact
from amends.policy.facts import catalogue
from amends.policy.rules import MOST_RULES as MOST_IN_ONE
from amends.policy.rules import Authority, Ruleset, ruleset
from support.engines import Tables, attempt, difference
from support.generating import DAYS, Generator, last_of_month, policy_of, rule_of

LONG = 20_000 if os.environ.get("AMENDS_LONG") else 2_000
POLICIES = int(os.environ.get("AMENDS_POLICIES", LONG))
AT_ONCE = 25
"""Policies that one test judges, all over the same cases."""
CASES = 24
MOST_RULES = 4


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables()


def policy(seed: int) -> Ruleset:
    return Generator(seed).ruleset(MOST_RULES)


@pytest.mark.parametrize("first", range(0, POLICIES, AT_ONCE))
def test_a_history_is_judged_as_each_case_would_be(first, tables):
    cases = Generator(first).cases(CASES)
    tables.load(cases)
    for seed in range(first, min(first + AT_ONCE, POLICIES)):
        told = differences(tables, seed, policy(seed), cases)
        assert not told, told


def test_more_rules_than_fit_in_one_word_of_the_mask(tables):
    source = Generator(1)
    rules = tuple(source.rule(n, depth=0) for n in range(MOST_IN_ONE))
    cases = source.cases(CASES, missing=0.05)
    tables.load(cases)
    told = differences(tables, 1, ruleset(policy_of(rules)), cases)
    assert not told, told
    assert any(verdict.raised >> 40 for verdict in judge(cases, ruleset(policy_of(rules))))


def differences(tables: Tables, seed: int, rules: Ruleset, cases: list[dict[str, Any]]) -> str:
    """How the first engine that differs from the plain loop does so, with the seed; empty if none does."""
    wanted = list(judge(cases, rules))
    ways = {
        "duckdb": lambda: tables.judged("duckdb", rules),
        "sqlite": lambda: tables.judged("sqlite", rules),
        "class table": lambda: tables.by_class_table(rules),
    }
    for engine, way in ways.items():
        found = attempt(way)
        if isinstance(found, str):
            return f"{engine}, seed {seed}: {found}"
        if told := difference(engine, seed, rules, cases, wanted, found):
            return told
    return ""


# ---- the edges ---------------------------------------------------------------------------------

EDGES = (
    "offender.age in (100, 2.5)",
    "offender.age in (10)",
    "gravity.score * 0.5 in (1.5)",
    "gravity.score * 0.5 in (15, 3)",
    '(gravity.score < 2) = (resolution.last_action_due < date("2013-06-01"))',
    "(if flags.hate then gravity.score else null) > 2",
    "offender.age = 1e2",
    "-offender.age < -99.5",
    "floor(-gravity.score * 0.5) = -2",
    "ceiling(-gravity.score * 0.5) = -1",
    "offender.age * 100000000 > 3",
    "offender.age > 17.000000001",
    "min(offender.age, 0.000000001) > 0",
    "offence.date.year * 10000000 > 3",
    "offender.age * offender.age * offender.age * offender.age * 100 = 1e10",
    'offence.date + duration("P1Y") = date("2013-02-28")',
    'offence.date + duration("P200Y") = date("2212-02-29")',
    'offence.date - duration("P2400M") < date("2013-02-28")',
    'contains(offence.code, "")',
    'starts with(offence.code, "")',
    'ends with(offence.code, "8N8N")',
    r'offence.code = "\U01F600"',
    r'contains(offence.code, "\n\t\\\"%_")',
    'offence.code = "\'; DROP TABLE history; --"',
)
REFUSED = (  # engines would differ on these
    "some v in victims satisfies true",
    "every v in victims satisfies false",
    "(if flags.hate then 99999999999999 else offender.age) * 99999999999999 > 1",
    "gravity.score * 0.00000000001 < gravity.aggravating * 1000000000000",
    r'offence.code = "\u0000"',
)
EDGE_CASES: list[dict[str, Any]] = [
    {},
    {"victims": (), "flags.hate": False, "gravity.score": None, "offence.code": None},
    {
        "offender.age": 100,
        "gravity.score": 3,
        "gravity.aggravating": 40,
        "flags.hate": True,
        "offence.code": "8N",
        "offence.date": dt.date(2012, 2, 29),
        "resolution.last_action_due": dt.date(2012, 2, 29),
        "victims": ({},),
    },
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_engines_would_differ_on_is_refused_when_it_is_read(text):
    with pytest.raises(FeelError):
        compile_text(text, catalogue().declarations(), kind="boolean")


@pytest.mark.parametrize("text", EDGES)
def test_what_is_not_refused_is_the_same_in_every_engine(text, tables):
    when = compile_text(text, catalogue().declarations(), kind="boolean")
    rules = ruleset(policy_of((rule_of(0, when, Authority.SERGEANT),)))
    tables.load(EDGE_CASES)
    told = differences(tables, 0, rules, EDGE_CASES)
    assert not told, told


# ---- that what is generated leaves nothing out -------------------------------------------------


@cache
def sample() -> tuple[Ruleset, ...]:
    """The policies that the first tests judge."""
    return tuple(policy(seed) for seed in range(500))


@cache
def nodes() -> tuple[tree.Node, ...]:
    rules = chain.from_iterable(one.rules for one in sample())
    return tuple(chain.from_iterable(tree.walk(raised_node(rule)) for rule in rules))


def of_kind(kind: type) -> Iterator[tree.Node]:
    return (node for node in nodes() if isinstance(node, kind))


def test_every_kind_of_node_is_generated():
    kinds = {kind for kind in vars(tree).values() if isinstance(kind, type)}
    wanted = {kind for kind in kinds if issubclass(kind, tree.Node)} - {tree.Node}
    assert {type(node) for node in nodes()} == wanted


def test_every_comparison_of_every_kind_is_generated():
    found = {
        (node.operator, node.left.type.kind)
        for node in of_kind(tree.Compare)
        if "null" not in (node.left.type.kind, node.right.type.kind)
    }
    ordered = ("number", "date", DAYS_KIND, MONTHS)
    wanted = {(sign, kind) for sign in ("=", "<", "<=", ">", ">=") for kind in ordered}
    assert found == wanted | {("=", "string"), ("=", "boolean")}


def test_every_sum_of_every_pair_of_kinds_is_generated():
    found = {(n.left.type.kind, n.operator, n.right.type.kind) for n in of_kind(tree.Arithmetic)}
    numbers = {("number", sign, "number") for sign in ("+", "-", "*")}
    moves = {("date", sign, length) for sign in ("+", "-") for length in (DAYS_KIND, MONTHS)}
    assert found == numbers | moves | {("date", "-", "date")}


def test_every_function_that_facts_may_meet_is_generated():
    found = {node.function for node in of_kind(tree.Call)}
    wanted = {name for name, forms in FUNCTIONS.items() if any(form.on_facts for form in forms)}
    assert found == wanted | {f".{part}" for part in DATE_PARTS}


def test_every_kind_of_value_is_looked_up_chosen_and_tested_for_null():
    one_of = {node.of.type.kind for node in of_kind(tree.OneOf)}
    chosen = {node.type.kind for node in of_kind(tree.Choose)}
    absent = {node.of.type.kind for node in of_kind(tree.IsAbsent)}
    kinds = {"number", "string", "date"}
    assert kinds | {DAYS_KIND} <= one_of
    assert kinds | {DAYS_KIND, MONTHS, "boolean"} <= chosen
    assert kinds | {MONTHS} <= absent


def test_decimals_meet_facts():
    assert any(node.type.places for node in of_kind(tree.Arithmetic))
    assert any(node.of.type.places for node in of_kind(tree.OneOf))


def test_conditions_that_may_be_null_are_negated_joined_and_compared():
    nullable = Type(kind="boolean", absent=True)
    for kind in (tree.Not, tree.And, tree.Or, tree.Choose, tree.Quantified, tree.Call):
        assert any(node.type == nullable for node in of_kind(kind)), kind
    same = [node for node in of_kind(tree.Compare) if node.left.type.kind == "boolean"]
    assert any(node.left.type == node.right.type == nullable for node in same)
    assert any(node.left.type != node.right.type for node in same)


@pytest.mark.parametrize("kind", ["some", "every"])
@pytest.mark.parametrize("name", ["victims", "earlier_disposals"])
def test_both_quantifiers_over_both_lists_name_facts_outside_the_list(kind, name):
    found = [node for node in of_kind(tree.Quantified) if (node.kind, node.list) == (kind, name)]
    bodies = [list(tree.walk(node.body)) for node in found]
    both = [b for b in bodies if {tree.Fact, tree.Field} <= {type(part) for part in b}]
    assert both


def test_every_type_of_fact_and_of_field_is_asked_about():
    names = {name for one in sample() for rule in one.rules for name in rule.facts}
    found = {kind.type for name in names if (kind := catalogue().find(name))}
    assert found == {kind.type for kind in catalogue().values()}
    fields = {f"{k.name}.{field.name}" for k in catalogue().values() for field in k.fields}
    assert fields <= names


def test_cases_have_facts_unknown_known_to_be_absent_and_lists_of_every_shape():
    known = catalogue()
    cases = Generator(0).cases(200)
    assert all(any(name not in case for case in cases) for name in known)
    absent = [name for name, kind in known.items() if kind.absent]
    assert absent
    assert all(any(case.get(name, 0) is None for case in cases) for name in absent)
    for name in ("victims", "earlier_disposals"):
        lists = [case[name] for case in cases if name in case]
        assert () in lists
        assert any(len(one) > 1 for one in lists)
        records = list(chain.from_iterable(lists))
        fields = known[name].fields
        assert all(any(f.name not in record for record in records) for f in fields)
        assert all(any(f.name in record for record in records) for f in fields)
    ages = [v.get("age", 0) for case in cases for v in case.get("victims", ())]
    assert None in ages


def test_days_at_the_ends_of_months_and_leap_days_are_asked_about_and_occur():
    constants = {n.value for n in of_kind(tree.Const) if n.type.kind == "date"}
    found = {case.get("offence.date") for case in Generator(0).cases(500)}
    for days in (constants, found):
        assert set(DAYS) <= days
    assert {(day.month, day.day) for day in DAYS} >= {(2, 29), (2, 28), (12, 31)}
    assert any(last_of_month(day) and day.day == 30 for day in DAYS)


def test_every_answer_and_every_bit_of_a_verdict_comes_out():
    verdicts = []
    for seed, rules in enumerate(sample()[:100]):
        verdicts += judge(Generator(seed).cases(CASES), rules)
    assert {verdict.answer for verdict in verdicts} == set(Authority)
    for field in ("raised", "unknown", "owed", "unsure"):
        assert any(getattr(verdict, field) > 1 for verdict in verdicts), field


def test_policies_that_need_a_second_look_are_generated_and_some_that_do_not():
    found = [is_exact(classes_of(rules)) for rules in sample()[:100]]
    assert 10 < sum(found) < 90
