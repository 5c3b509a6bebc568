"""An answer is *not yet known* exactly where the facts not known could change it: never else, and always then."""

import datetime as dt
import math
import random
import re
from itertools import islice, product
from typing import Any

import pytest

from amends.feel import compile_text
from amends.policy.classes import classes_of
from amends.policy.deciding import Decision, decide
from amends.policy.exactness import is_exact
from amends.policy.facts import FactKind, catalogue
from amends.policy.rules import Authority, Rule, Ruleset, ruleset
from support.generating import LEVELS, Conditions, Generator, policy_of, rule_of

UNKNOWN = Authority.NOT_YET_KNOWN
MOST_COMPLETIONS = 5_000
MOST_UNKNOWN = 12


class Scalar(Conditions):
    """Makes conditions whose every test asks about one fact, so that trying its values is proof."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.facts = self._facts()

    def _facts(self) -> list[FactKind]:
        """The facts that this policy may ask about: a few of any type, or many that are yes or no."""
        kinds = [k for k in self.known.values() if k.decides and k.type != "list"]
        if self.maybe(0.2):
            return self.random.sample([k for k in kinds if k.type == "boolean"], MOST_UNKNOWN)
        return self.random.sample(kinds, self.random.choice((1, 2, 2, 3, 4, 6)))

    def test(self) -> str:
        kind = self.random.choice(self.facts)
        if kind.absent and self.maybe(0.2):
            return f"{kind.name} {self.pick('=', '!=')} null"
        return {
            "boolean": lambda: kind.name,
            "choice": lambda: self.chosen(kind.name, kind.values or ()),
            "whole": lambda: self.compared(kind.name),
            "date": lambda: self.dated(kind.name),
            "code": lambda: f'{kind.name} in ("{self.code_value()}", "{self.code_value()}")',
        }[kind.type]()

    def chosen(self, name: str, values: tuple[str, ...]) -> str:
        one, two = self.random.sample(values, 2)
        return self.pick(f'{name} = "{one}"', f'{name} != "{two}"', f'{name} in ("{one}", "{two}")')

    def dated(self, name: str) -> str:
        first = f"{name} {self.sign()} {self.constant_day()}"
        return self.pick(first, f"{name} in ({self.constant_day()}, {self.constant_day()})")

    def same(self, one: str, two: str) -> str:
        return f"({one}) {self.pick('=', '!=')} ({self.pick(two, 'true', 'false')})"

    def ruleset(self) -> Ruleset:
        draw = self.random
        said = [(self.text(), draw.choice(LEVELS)) for _ in range(draw.randint(1, 5))]
        if self.maybe(0.4):  # then one of two rules is raised, whatever the facts
            text, level = draw.choice(said)
            said.append((f"not({text})", level))
        rules = [
            rule_of(n, compile_text(text, self.declared, kind="boolean"), level)
            for n, (text, level) in enumerate(said)
        ]
        return ruleset(policy_of(tuple(rules)))

    def text(self) -> str:
        if len(self.facts) == MOST_UNKNOWN and self.maybe(0.2):
            return self.pick(" and ", " or ").join(f"({kind.name})" for kind in self.facts)
        return self.condition(self.random.choice((1, 2, 3, 3)))

    def case(self, rules: Ruleset) -> tuple[dict[str, Any], dict[str, list[Any]]]:
        """A case with up to MOST_UNKNOWN facts not known, and what each of them may turn out to be."""
        ways = {n: values(self.known[n], rules) for n in rules.facts if n in self.known}
        names = self.random.sample(sorted(ways), len(ways))
        known: dict[str, Any] = {}
        open_ones: dict[str, list[Any]] = {}
        for name in names:
            total = math.prod(map(len, open_ones.values())) * len(ways[name])
            if total > MOST_COMPLETIONS or len(open_ones) == MOST_UNKNOWN or self.maybe(0.05):
                known[name] = self.random.choice(ways[name])
            else:
                open_ones[name] = ways[name]
        return known, open_ones


def values(kind: FactKind, rules: Ruleset) -> list[Any]:
    """Values of *kind* on both sides of every constant that the texts of *rules* hold."""
    text = " ".join(rule.when.text for rule in rules.rules)
    found: list[Any] = [None] if kind.absent else []
    if kind.type == "boolean":
        found += [False, True]
    elif kind.type == "choice":
        said = [value for value in kind.values or () if f'"{value}"' in text]
        others = [value for value in kind.values or () if value not in said]
        found += said + others[:1]
    elif kind.type == "whole":
        found += whole_values(kind, re.sub('"[^"]*"', "", text))
    elif kind.type == "date":
        days = map(dt.date.fromisoformat, set(re.findall(r'date\("([^"]+)"\)', text)))
        beside = [day + dt.timedelta(days=n) for day in days for n in (-1, 0, 1)]
        found += sorted({*beside, dt.date(2005, 5, 5)})
    else:
        found += sorted({*re.findall('"([^"]*)"', text), "another"})
    return found


def whole_values(kind: FactKind, text: str) -> list[int]:
    near = {
        math.floor(float(n)) + d for n in re.findall(r"\d+(?:\.\d+)?", text) for d in (-1, 0, 1)
    }
    near |= {8, 9, 7, kind.least or 0, kind.greatest or 0}  # 2 ** 3 and 36 / 4 - 1 are 8
    return sorted(n for n in near if (kind.least or 0) <= n <= (kind.greatest or 0))


def plainly(facts: dict[str, Any], rules: Ruleset) -> Authority:
    """The answer of a case whose every fact is known: the strictest rule that is raised."""
    raised = [r.allow for r in rules.rules if raises(r, facts)]
    return max([rules.otherwise, *raised])


def raises(rule: Rule, facts: dict[str, Any]) -> bool:
    applies = rule.applies is None or rule.applies.value(facts) is True
    return applies and rule.when.value(facts) is True


def answers(rules: Ruleset, known: dict[str, Any], ways: dict[str, list[Any]]) -> set[Authority]:
    """The different answers of every completion of *known*, up to two."""
    found: set[Authority] = set()
    for chosen in product(*ways.values()):
        found.add(plainly({**known, **dict(zip(ways, chosen, strict=True))}, rules))
        if len(found) > 1:
            break
    return found


def told(rules: Ruleset, decision: Decision, possible: set[Authority]) -> str:
    texts = "\n".join(f"{rule.allow.name}: {rule.when.text}" for rule in rules.rules)
    return f"{decision.answer!r}, but {possible} are possible\n{decision.facts}\n{texts}"


@pytest.mark.parametrize("first", range(0, 2000, 250))
def test_not_yet_known_if_and_only_if_completions_differ(first):
    for seed in range(first, first + 250):
        source = Scalar(seed)
        rules = source.ruleset()
        for _ in range(2):
            known, ways = source.case(rules)
            decision = decide(known, rules)
            possible = answers(rules, known, ways)
            right = possible.pop() if len(possible) == 1 else UNKNOWN
            assert decision.answer is right, f"seed {seed}: {told(rules, decision, possible)}"


def test_the_test_above_has_both_answers_and_cases_that_rule_by_rule_would_leave_open():
    settled = unknown = most = 0
    for seed in range(200):
        source = Scalar(seed)
        rules = source.ruleset()
        known, ways = source.case(rules)
        decision = decide(known, rules)
        settled += decision.low != decision.high and decision.answer is not UNKNOWN
        unknown += decision.answer is UNKNOWN
        most = max(most, len(ways))
    assert settled > 20
    assert 50 < unknown < 190
    assert most == MOST_UNKNOWN


def completions(source: Generator, facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Some of the ways in which what is not known may turn out, also in the records of lists."""
    found = []
    for _ in range(8):
        other = {**source.case(missing=0.0), **facts}
        for name, kind in catalogue().items():
            if kind.type == "list":
                records = [{**source.record_of(kind, 0.0), **record} for record in other[name]]
                other[name] = tuple(records)
        found.append(other)
    return found


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_a_definite_answer_stays_whatever_the_facts_turn_out_to_be(first):
    for seed in range(first, first + 50):
        source = Generator(seed)
        rules = source.ruleset()
        for facts in source.cases(6):
            decision = decide(facts, rules)
            if decision.answer is not UNKNOWN:
                others = {plainly(other, rules) for other in completions(source, facts)}
                assert others == {decision.answer}, f"seed {seed}: {told(rules, decision, others)}"


@pytest.mark.parametrize("make", [Scalar, Generator], ids=["one fact a test", "any test"])
def test_rules_said_to_be_exact_need_no_second_look(make):
    exact = looked = 0
    for seed in range(300):
        rules = make(seed).ruleset()
        if not is_exact(classes_of(rules)):
            continue
        exact += 1
        for facts in Generator(seed).cases(12, missing=random.Random(seed).choice((0.3, 0.6, 0.9))):
            decision = decide(facts, rules)
            if decision.low != decision.high:
                looked += 1
                assert decision.answer is UNKNOWN, f"seed {seed}: {told(rules, decision, set())}"
    assert exact > 30
    assert looked > 100


def test_every_fact_of_a_case_is_either_known_or_open():
    for source in islice(map(Scalar, range(20)), 20):
        rules = source.ruleset()
        known, ways = source.case(rules)
        assert {*known, *ways} == set(rules.facts)
