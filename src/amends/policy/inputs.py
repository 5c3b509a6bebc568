"""The inputs of a policy: what its conditions ask of each fact, and the classes its values fall into.

The smallest conditions (*tests*) divide each fact into classes: all ages from 10 to 17 are one, if no test
looks closer. A test over a list, or over several facts at once, is an input of its own.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Final

from amends.feel import NOT_FALSE, NOT_TRUE, UNKNOWN, Type, tree
from amends.feel.evaluating import Run, compile_node
from amends.feel.truth import pair, truth
from amends.policy import lists, pairs
from amends.policy.facts import Facts
from amends.policy.rules import Rule, Ruleset

WIDEST_RANGE: Final = 1_000
"""A whole-number fact with no more values than this is tried value by value."""
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
        return tuple(n for n, (one, _) in enumerate(self.known) if all(map(may_be, possible, one)))


def _plain(value: Any) -> Any:
    """*value* of a test, with one way to say *not known*."""
    return truth(pair(value))


def may_be(unsure: Any, value: Any) -> bool:
    """Whether a test that says *unsure* may turn out to say *value*."""
    (true, false), (is_true, is_false) = pair(unsure), pair(value)
    return true in (None, is_true) and false in (None, is_false)


def raised_node(rule: Rule) -> tree.Node:
    """The condition under which *rule* is raised: it applies, and its circumstance is there."""
    if rule.applies is None:
        return rule.when.node
    parts = (rule.applies.node, rule.when.node)
    return tree.And(Type(kind="boolean", absent=any(p.type.absent for p in parts)), parts)


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


def abstract(node: tree.Node, names: Mapping[tree.Node, str]) -> tree.Node:
    """*node* with each test replaced by a fact that holds what the test says."""
    if not _is_logic(node):
        return tree.Fact(Type(kind="boolean", absent=node.type.absent), names[node])
    match node:
        case tree.Not(type=kind, of=of):
            return tree.Not(kind, abstract(of, names))
        case tree.And(type=kind, parts=parts):
            return tree.And(kind, tuple(abstract(part, names) for part in parts))
        case tree.Or(type=kind, parts=parts):
            return tree.Or(kind, tuple(abstract(part, names) for part in parts))
        case tree.Compare(type=kind, operator=sign, left=left, right=right):
            return tree.Compare(kind, sign, abstract(left, names), abstract(right, names))
        case tree.Choose(type=kind, condition=test, then=then, otherwise=otherwise):
            sides = (abstract(part, names) for part in (test, then, otherwise))
            return tree.Choose(kind, *sides)
    return node


def inputs_of(rules: Ruleset) -> Iterator[Input]:
    """The inputs of *rules*: one for each fact, and one for each test that no single fact settles."""
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
    for name, asked in _by_list(alone).items():
        usable = tuple(test for test in asked if not _has_odd(test))
        alone |= dict.fromkeys(lists.telling(name, usable, tests_in, values_of))
    for test in alone:
        yield _of_test(test)


def together(inputs: tuple[Input, ...]) -> Iterator[tuple[tuple[int, ...], frozenset[State]]]:
    """For each list, and each two facts compared, that *inputs* are about: which, and their answers.

    Those are the answers they can give together; left out where that is every combination.
    """
    tests_of = {one.tests[0]: i for i, one in enumerate(inputs) if not one.single}
    groups: list[tuple[tuple[tree.Node, ...], frozenset[State] | None]] = []
    for name, tests in _by_list(test for test in tests_of if not _has_odd(test)).items():
        groups.append((tests, lists.possible(name, tests, tests_in, values_of)))
    groups += [(tests, pairs.possible(tests)) for tests in _by_pair(tests_of)]
    for tests, possible in groups:
        places = tuple(tests_of[test] for test in tests)
        if possible is not None and len(possible) < prod(len(inputs[i].known) for i in places):
            yield places, possible


def _by_pair(tests: Iterable[tree.Node]) -> Iterable[tuple[tree.Node, ...]]:
    """Those of *tests* that compare two facts, by the two."""
    found: dict[frozenset[tree.Fact], tuple[tree.Node, ...]] = {}
    for test in tests:
        if (two := pairs.pair_of(test)) is not None:
            found[two] = (*found.get(two, ()), test)
    return found.values()


def _by_list(tests: Iterable[tree.Node]) -> dict[str, tuple[tree.Node, ...]]:
    """Those of *tests* that are about one list and nothing else, by that list."""
    found: dict[str, tuple[tree.Node, ...]] = {}
    for test in tests:
        if (name := lists.list_of(test)) is not None:
            found[name] = (*found.get(name, ()), test)
    return found


def _has_odd(test: tree.Node) -> bool:
    """Whether *test* is about lengths or fields whose classes cannot be found by trying a few."""
    return not lists.is_countable(test) or any(map(_is_odd, tests_in_bodies(test)))


def tests_in_bodies(test: tree.Node) -> Iterator[tree.Node]:
    """The smallest conditions inside the bodies of *test*, which is about a list."""
    for part in tree.walk(test):
        if isinstance(part, tree.Quantified):
            yield from tests_in(part.body)


def _is_odd(test: tree.Node) -> bool:
    """Whether the values of a field that *test* tells apart cannot be listed."""
    fields = [part for part in tree.walk(test) if isinstance(part, tree.Field)]
    return len(set(fields)) != 1 or not (_tried_whole(fields[0].type) or _is_plain(test))


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
        case tree.Compare(left=tree.Fact() | tree.Field(), right=tree.Const()):
            return True
        case tree.Compare(left=tree.Const(), right=tree.Fact() | tree.Field()):
            return True
        case tree.OneOf(of=tree.Fact() | tree.Field()):
            return True
        case tree.IsAbsent(of=tree.Fact() | tree.Field()):
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


def values_of(fact: tree.Node, tests: tuple[tree.Node, ...]) -> Iterator[Any]:
    """Values of *fact* (or of a field) among which every class that *tests* tell apart has one."""
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
