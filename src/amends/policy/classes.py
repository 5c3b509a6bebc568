"""How few kinds of case a policy can tell apart, and whether the facts not known could change its answer.

The tests in a policy's conditions divide each fact into a few *classes*: all ages from 10 to 17 are one,
if no condition looks closer. A condition over a list, or over several facts at once, is an input of
its own. What is true of every class is then true of every case, so gaps, clashes and definite answers can be
worked out exactly.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

from amends.feel import NOT_FALSE, NOT_TRUE, UNKNOWN, Type, tree
from amends.feel.evaluating import Run, compile_node
from amends.feel.truth import Kleene, pair, truth
from amends.policy.facts import Facts
from amends.policy.rules import Authority, Rule, Ruleset

WIDEST_RANGE: Final = 1_000
"""A whole-number fact with no more values than this is tried value by value."""
MOST_STEPS: Final = 20_000
"""Steps spent on proving that an answer is definite; past it the answer stays *not yet known*."""
OTHER_CODE: Final = "another code"
"""Stands for every code that no condition names."""

State = tuple[Any, ...]


@dataclass(frozen=True)
class Input:
    """What the conditions ask of one fact (or of one condition over several), and its classes.

    `tests` are the smallest conditions; a *state* is what each of them says. `known` are the states
    that a known value can have, each with one value that has it; `other` are the states of what is
    not, or not wholly, known.
    """

    name: str
    tests: tuple[tree.Node, ...]
    known: tuple[tuple[State, Any], ...]
    other: tuple[State, ...]
    single: bool

    @cached_property
    def states(self) -> tuple[State, ...]:
        """Every state: those of known values first."""
        return (*(state for state, _ in self.known), *self.other)

    @cached_property
    def index(self) -> dict[State, int]:
        """Where each state stands among `states`."""
        return {state: n for n, state in reversed(list(enumerate(self.states)))}

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """A function for each test."""
        return tuple(map(compile_node, self.tests))

    def state(self, facts: Facts) -> int:
        """Which state the case with these *facts* has."""
        return self.index[tuple(_plain(run(facts, None)) for run in self.runs)]

    def completions(self, state: int) -> tuple[int, ...]:
        """The known states that *state* may turn out to be."""
        if state < len(self.known):
            return (state,)
        possible = self.states[state]
        return tuple(n for n, (one, _) in enumerate(self.known) if all(map(_may_be, possible, one)))


def _plain(value: Any) -> Any:
    """*value* of a test, with one way to say *not known*."""
    return truth(pair(value))


def _may_be(unsure: Any, value: Any) -> bool:
    (true, false), (is_true, is_false) = pair(unsure), pair(value)
    return true in (None, is_true) and false in (None, is_false)


class Classes:
    """The inputs of a set of rules, and the rules as functions of their states."""

    def __init__(self, rules: Ruleset) -> None:
        self.ruleset = rules
        self.inputs = tuple(_inputs(rules))
        names = {
            test: f"{i}:{t}"
            for i, one in enumerate(self.inputs)
            for t, test in enumerate(one.tests)
        }
        self.raised = tuple(raised_node(rule) for rule in rules.rules)
        self._runs = tuple(compile_node(_abstract(node, names)) for node in self.raised)
        self.uses = tuple(
            frozenset(int(names[test].split(":")[0]) for test in tests_in(node))
            for node in self.raised
        )
        self._settled: dict[tuple[int, ...], Authority] = {}

    def states(self, facts: Facts) -> tuple[int, ...]:
        """The state of each input for the case with these *facts*."""
        return tuple(one.state(facts) for one in self.inputs)

    def findings(self, states: tuple[int, ...]) -> list[Kleene]:
        """For each rule: is it raised in a case of these *states*?"""
        told = {
            f"{i}:{t}": value
            for i, (one, state) in enumerate(zip(self.inputs, states, strict=True))
            for t, value in enumerate(one.states[state])
        }
        return [pair(run(told, None))[0] for run in self._runs]

    def finding(self, rule: int, states: Mapping[int, int]) -> Kleene:
        """Is rule number *rule* raised, where the inputs it uses have these *states*?"""
        told = {
            f"{i}:{t}": value
            for i, state in states.items()
            for t, value in enumerate(self.inputs[i].states[state])
        }
        return pair(self._runs[rule](told, None))[0]

    def settle(self, states: tuple[int, ...]) -> Authority:
        """The answer for *states*: NOT_YET_KNOWN only if what is not known could change it.

        Where a proof would take more than MOST_STEPS the answer is NOT_YET_KNOWN, which is safe.
        """
        if states not in self._settled:
            answers = _Search(self).answers(states)
            only = answers.pop() if len(answers) == 1 else Authority.NOT_YET_KNOWN
            self._settled[states] = only
        return self._settled[states]

    def unknown(self, states: tuple[int, ...]) -> list[int]:
        """The inputs that are not known and matter: some undecided rule above the answer asks."""
        findings = self.findings(states)
        low, _ = bounds(self.ruleset, findings)
        return sorted(
            {
                i
                for rule, finding, uses in zip(self.ruleset.rules, findings, self.uses, strict=True)
                if finding is None and rule.allow > low
                for i in uses
                if states[i] >= len(self.inputs[i].known)
            }
        )


class _Search:
    """A search through what the unknown facts may be, that stops at two different answers."""

    def __init__(self, classes: Classes) -> None:
        self.classes = classes
        self.steps = 0

    def answers(self, states: tuple[int, ...]) -> set[Authority]:
        """At most two of the answers that completions of *states* have."""
        self.steps += 1
        low, high = bounds(self.classes.ruleset, self.classes.findings(states))
        if low == high:
            return {low}
        if self.steps > MOST_STEPS:
            return {low, high}
        chosen = self.classes.unknown(states)[0]
        found: set[Authority] = set()
        for state in self.classes.inputs[chosen].completions(states[chosen]):
            found |= self.answers((*states[:chosen], state, *states[chosen + 1 :]))
            if len(found) > 1:
                break
        return found


def bounds(rules: Ruleset, findings: list[Kleene]) -> tuple[Authority, Authority]:
    """The freest and strictest answers that *findings* leave open, rule by rule."""
    low = high = rules.otherwise
    for rule, finding in zip(rules.rules, findings, strict=True):
        if finding is not False and rule.allow > high:
            high = rule.allow
        if finding is True and rule.allow > low:
            low = rule.allow
    return low, high


@cache
def classes_of(rules: Ruleset) -> Classes:
    """The classes of *rules*, worked out once."""
    return Classes(rules)


def raised_node(rule: Rule) -> tree.Node:
    """The condition under which *rule* is raised: it applies, and its circumstance is there."""
    if rule.applies is None:
        return rule.when.node
    parts = (rule.applies.node, rule.when.node)
    return tree.And(Type(kind="boolean", absent=any(p.type.absent for p in parts)), parts)


# --- taking conditions apart ----------------------------------------------------------------------


def _is_logic(node: tree.Node) -> bool:
    """Whether *node* only joins conditions, and is not itself a test of facts."""
    if isinstance(node, tree.Compare):
        return node.left.type.kind == "boolean"
    if isinstance(node, tree.Choose):
        return node.type.kind == "boolean"
    return isinstance(node, tree.Not | tree.And | tree.Or | tree.Const)


def tests_in(node: tree.Node) -> Iterator[tree.Node]:
    """The smallest conditions of *node*: those that are not built of conditions."""
    if not _is_logic(node):
        yield node
        return
    for child in tree.children(node):
        yield from tests_in(child)


def _abstract(node: tree.Node, names: Mapping[tree.Node, str]) -> tree.Node:
    """*node* with each test replaced by a fact that holds what the test says."""
    if not _is_logic(node):
        return tree.Fact(Type(kind="boolean", absent=node.type.absent), names[node])
    match node:
        case tree.Not(type=kind, of=of):
            return tree.Not(kind, _abstract(of, names))
        case tree.And(type=kind, parts=parts):
            return tree.And(kind, tuple(_abstract(part, names) for part in parts))
        case tree.Or(type=kind, parts=parts):
            return tree.Or(kind, tuple(_abstract(part, names) for part in parts))
        case tree.Compare(type=kind, operator=sign, left=left, right=right):
            return tree.Compare(kind, sign, _abstract(left, names), _abstract(right, names))
        case tree.Choose(type=kind, condition=test, then=then, otherwise=otherwise):
            sides = (_abstract(part, names) for part in (test, then, otherwise))
            return tree.Choose(kind, *sides)
    return node


def _inputs(rules: Ruleset) -> Iterator[Input]:
    by_fact: dict[tree.Fact, dict[tree.Node, None]] = {}
    alone: dict[tree.Node, None] = {}
    for rule in rules.rules:
        for test in tests_in(raised_node(rule)):
            fact = _only_fact(test)
            if fact is None:
                alone[test] = None
            else:
                by_fact.setdefault(fact, {})[test] = None
    for fact, tests in by_fact.items():
        yield _of_fact(fact, tuple(tests))
    for test in alone:
        yield _of_test(test)


def _only_fact(test: tree.Node) -> tree.Fact | None:
    """The one fact that *test* asks about, if its values can be divided into classes by trying."""
    parts = list(tree.walk(test))
    if any(isinstance(part, tree.Quantified | tree.Count) for part in parts):
        return None
    facts = {part for part in parts if isinstance(part, tree.Fact)}
    if len(facts) != 1:
        return None
    fact = facts.pop()
    return fact if _tried_whole(fact.type) or _is_plain(test) else None


def _tried_whole(kind: Type) -> bool:
    """Whether every value of *kind* can be tried."""
    if kind.kind == "boolean" or kind.choices is not None:
        return True
    if kind.kind != "number" or kind.least is None or kind.greatest is None:
        return False
    return kind.greatest - kind.least < WIDEST_RANGE


def _is_plain(test: tree.Node) -> bool:
    """Whether *test* compares a fact with constants, and does nothing else."""
    match test:
        case tree.Compare(left=tree.Fact(), right=tree.Const()):
            return True
        case tree.Compare(left=tree.Const(), right=tree.Fact()):
            return True
        case tree.OneOf(of=tree.Fact()) | tree.IsAbsent(of=tree.Fact()):
            return True
    return False


def _of_fact(fact: tree.Fact, tests: tuple[tree.Node, ...]) -> Input:
    runs = tuple(map(compile_node, tests))
    known: dict[State, Any] = {}
    for value in values_of(fact, tests):
        state = tuple(_plain(run({fact.name: value}, None)) for run in runs)
        known.setdefault(state, value)
    unknown = tuple(_plain(run({}, None)) for run in runs)
    return Input(fact.name, tests, tuple(known.items()), (unknown,), single=True)


def values_of(fact: tree.Fact, tests: tuple[tree.Node, ...]) -> Iterator[Any]:
    """Values of *fact* among which every class has one."""
    kind = fact.type
    if kind.kind == "boolean":
        yield from (False, True)
    elif kind.choices is not None:
        yield from kind.choices
    elif _tried_whole(kind):
        yield from range(kind.least or 0, (kind.greatest or 0) + 1)
    else:
        yield from _around(kind.kind, tests)
    if kind.absent:
        yield None


_SOME: Final = {"string": OTHER_CODE, "number": 0, "date": dt.date(2000, 1, 1)}


def _around(kind: str, tests: tuple[tree.Node, ...]) -> Iterator[Any]:
    """Some value of *kind*, every constant in *tests*, and the values just beside it."""
    constants = {
        value
        for test in tests
        for part in tree.walk(test)
        for value in _constants(part)
        if value is not None
    }
    yield _SOME[kind]
    for value in sorted(constants, key=str):
        yield value
        if kind == "date":
            yield from (value - dt.timedelta(days=1), value + dt.timedelta(days=1))
        elif kind == "number":
            yield from (int(value) - 1, int(value), int(value) + 1)


def _constants(part: tree.Node) -> tuple[Any, ...]:
    if isinstance(part, tree.Const):
        return (part.value,)
    return part.values if isinstance(part, tree.OneOf) else ()


def _of_test(test: tree.Node) -> Input:
    known: list[tuple[State, Any]] = [((False,), False), ((True,), True)]
    other: list[State] = [(UNKNOWN,)]
    if test.type.absent:
        known.append(((None,), None))
        other += [(NOT_TRUE,), (NOT_FALSE,)]
    name = ", ".join(tree.facts_in(test))
    return Input(name, (test,), tuple(known), tuple(other), single=False)
