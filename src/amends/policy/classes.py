"""How few kinds of case a policy can tell apart, and whether the facts not known could change its answer.

What is true of every class of the inputs is true of every case, so gaps, clashes and definite answers can be
worked out exactly.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any, Final

from amends.feel import tree
from amends.feel.evaluating import compile_node
from amends.feel.truth import Kleene, pair
from amends.policy.facts import Facts
from amends.policy.inputs import abstract, inputs_of, may_be, raised_node, tests_in, together
from amends.policy.remaining import remaining
from amends.policy.rules import Authority, Ruleset

MOST_STEPS: Final = 20_000
"""Steps spent on proving that an answer is definite; past it the answer stays *not yet known*."""


Rest = tuple[Authority, tree.Node]
"""What is left of a rule's condition, and who may allow it where that is raised."""


class Classes:
    """The inputs of a set of rules, and the rules as functions of their states."""

    def __init__(self, rules: Ruleset) -> None:
        self.ruleset = rules
        self.inputs = tuple(inputs_of(rules))
        places = {
            test: (i, t) for i, one in enumerate(self.inputs) for t, test in enumerate(one.tests)
        }
        names = {test: f"{i}:{t}" for test, (i, t) in places.items()}
        self.raised = tuple(raised_node(rule) for rule in rules.rules)
        self._shapes = tuple(abstract(node, names) for node in self.raised)
        self._runs = tuple(map(compile_node, self._shapes))
        self.uses = tuple(
            frozenset(places[test][0] for test in tests_in(node)) for node in self.raised
        )
        self.together = tuple(together(self.inputs))
        self._settled: dict[tuple[object, ...], Authority] = {}

    def states(self, facts: Facts) -> tuple[int, ...]:
        """The state of each input for the case with these *facts*."""
        return tuple(one.state(facts) for one in self.inputs)

    def findings(self, states: tuple[int, ...]) -> list[Kleene]:
        """For each rule: is it raised in a case of these *states*?"""
        told = self._told(states)
        return [pair(run(told, None))[0] for run in self._runs]

    def _told(self, states: tuple[int, ...]) -> dict[str, Any]:
        return {
            f"{i}:{t}": value
            for i, (one, state) in enumerate(zip(self.inputs, states, strict=True))
            for t, value in enumerate(one.states[state])
        }

    def every_finding(self, rule: int, used: Sequence[int]) -> Iterator[Kleene]:
        """Is rule number *rule* raised, for every combination of states of the inputs *used*?

        In the order of `itertools.product`: the last input changes fastest.
        """
        told: dict[str, Any] = {}
        ways = [
            [
                {f"{i}:{t}": value for t, value in enumerate(state)}
                for state in self.inputs[i].states
            ]
            for i in used
        ]
        run = self._runs[rule]
        for states in product(*ways):
            for state in states:
                told.update(state)
            yield pair(run(told, None))[0]

    def settle(self, states: tuple[int, ...]) -> Authority:
        """The answer for *states*: NOT_YET_KNOWN only if what is not known could change it.

        Where a proof would take more than MOST_STEPS the answer is NOT_YET_KNOWN, which is safe.
        """
        low, high, left = self.open(states)
        if low == high:
            return low
        kind = self._kind(states, low, left)
        if kind not in self._settled:
            answers = _Search(self).answers(states)
            only = answers.pop() if len(answers) == 1 else Authority.NOT_YET_KNOWN
            self._settled[kind] = only
        return self._settled[kind]

    @property
    def always_settled(self) -> bool:
        """Whether no search takes more than MOST_STEPS, even where every input is to be tried."""
        steps = ways = 1
        for count in sorted((len(one.known) for one in self.inputs), reverse=True):
            ways *= count
            steps += ways
        return steps <= MOST_STEPS

    def open(self, states: tuple[int, ...]) -> tuple[Authority, Authority, tuple[int, ...]]:
        """The freest and strictest answers left open rule by rule, and the rules open between them."""
        findings = self.findings(states)
        low, high = bounds(self.ruleset, findings)
        rules = enumerate(zip(self.ruleset.rules, findings, strict=True))
        left = tuple(r for r, (rule, found) in rules if found is None and rule.allow > low)
        return low, high, left

    def _kind(
        self, states: tuple[int, ...], low: Authority, left: tuple[int, ...]
    ) -> tuple[object, ...]:
        """What alone the answer can depend on: the rules *left* open above *low*, and their inputs.

        A history has many different rows and few kinds of open question, and each is settled once.
        """
        used = self.with_lists(i for r in left for i in self.uses[r])
        return (low, left, *((i, states[i]) for i in used))

    def rest(self, states: tuple[int, ...], left: Iterable[int]) -> frozenset[Rest]:
        """What is left of each rule *left* open, once what *states* tell has been put in."""
        told = {name: value for name, value in self._told(states).items() if _is_sure(value)}
        rules = self.ruleset.rules
        return frozenset((rules[r].allow, remaining(self._shapes[r], told)) for r in left)

    def places(self, rest: Iterable[Rest]) -> dict[int, list[int]]:
        """What *rest* still asks: for each input, in order, which of its tests."""
        names = {name for _, node in rest for name in tree.facts_in(node)}
        found: dict[int, list[int]] = {}
        for i, t in sorted(tuple(map(int, name.split(":"))) for name in names):
            found.setdefault(i, []).append(t)
        return found

    def with_lists(self, places: Iterable[int]) -> list[int]:
        """The inputs *places*, and all that must go together with one of them, in order."""
        found = set(places)
        for others, _ in self.together:
            if not found.isdisjoint(others):
                found.update(others)
        return sorted(found)

    def can_be(self, states: tuple[int, ...]) -> bool:
        """Whether some case can have *states*: the tests of one list must go together."""
        return all(
            any(
                all(map(may_be, (self.inputs[i].states[states[i]][0] for i in places), answers))
                for answers in possible
            )
            for places, possible in self.together
        )

    def unknown(self, states: tuple[int, ...]) -> list[int]:
        """The inputs that are not known and matter: some undecided rule above the answer asks."""
        used = {i for r in self.open(states)[2] for i in self.uses[r]}
        return sorted(i for i in used if states[i] >= len(self.inputs[i].known))


class _Search:
    """A search through what the unknown facts may be, that stops at two different answers.

    Values between which the rest of the rules sees no difference are tried once, and so is each rest
    that different values lead to: a fact with dozens of values named takes few steps.
    """

    def __init__(self, classes: Classes) -> None:
        self.classes = classes
        self.steps = 0
        self._found: dict[tuple[object, ...], set[Authority]] = {}

    def answers(self, states: tuple[int, ...]) -> set[Authority]:
        """At most two of the answers that completions of *states* have; none if no case can be so."""
        self.steps += 1
        if not self.classes.can_be(states):
            return set()
        low, high, left = self.classes.open(states)
        if low == high:
            return {low}
        if self.steps > MOST_STEPS:
            return {low, high}
        rest = self.classes.rest(states, left)
        asked = self.classes.places(rest)
        key = (low, rest, *((i, states[i]) for i in self.classes.with_lists(asked)))
        if key not in self._found:
            self._found[key] = self._tried(states, *min(asked.items()))
        return self._found[key]

    def _tried(self, states: tuple[int, ...], chosen: int, tests: list[int]) -> set[Authority]:
        """The answers where the input *chosen*, of which *tests* are asked, is each thing it may be."""
        one = self.classes.inputs[chosen]
        ways: dict[tuple[object, ...], int] = {}
        for state in one.completions(states[chosen]):
            ways.setdefault(tuple(one.states[state][t] for t in tests), state)
        found: set[Authority] = set()
        for state in ways.values():
            found = found | self.answers((*states[:chosen], state, *states[chosen + 1 :]))
            if len(found) > 1:
                break
        return found


def _is_sure(value: object) -> bool:
    return None not in pair(value)


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
