"""How few kinds of case a policy can tell apart, and whether the facts not known could change its answer.

What is true of every class of the inputs is true of every case, so gaps, clashes and definite answers can be
worked out exactly.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any, Final

from amends.feel.evaluating import compile_node
from amends.feel.truth import Kleene, pair
from amends.policy.facts import Facts
from amends.policy.inputs import abstract, inputs_of, may_be, raised_node, tests_in, together
from amends.policy.rules import Authority, Ruleset

MOST_STEPS: Final = 20_000
"""Steps spent on proving that an answer is definite; past it the answer stays *not yet known*."""


class Classes:
    """The inputs of a set of rules, and the rules as functions of their states."""

    def __init__(self, rules: Ruleset) -> None:
        self.ruleset = rules
        self.inputs = tuple(inputs_of(rules))
        names = {
            test: f"{i}:{t}"
            for i, one in enumerate(self.inputs)
            for t, test in enumerate(one.tests)
        }
        self.raised = tuple(raised_node(rule) for rule in rules.rules)
        self._runs = tuple(compile_node(abstract(node, names)) for node in self.raised)
        self.uses = tuple(
            frozenset(int(names[test].split(":")[0]) for test in tests_in(node))
            for node in self.raised
        )
        self.together = tuple(together(self.inputs))
        self._settled: dict[tuple[object, ...], Authority] = {}

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
        findings = self.findings(states)
        low, high = bounds(self.ruleset, findings)
        if low == high:
            return low
        kind = self._kind(states, findings, low)
        if kind not in self._settled:
            answers = _Search(self).answers(states)
            only = answers.pop() if len(answers) == 1 else Authority.NOT_YET_KNOWN
            self._settled[kind] = only
        return self._settled[kind]

    def _kind(
        self, states: tuple[int, ...], findings: list[Kleene], low: Authority
    ) -> tuple[object, ...]:
        """What alone the answer can depend on: the rules left open above *low*, and their inputs.

        A history has many different rows and few kinds of open question, and each is settled once.
        """
        rules = enumerate(zip(self.ruleset.rules, findings, strict=True))
        left = [r for r, (rule, found) in rules if found is None and rule.allow > low]
        used = {i for r in left for i in self.uses[r]}
        for places, _ in self.together:
            if not used.isdisjoint(places):
                used.update(places)
        return (low, tuple(left), tuple((i, states[i]) for i in sorted(used)))

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
        """At most two of the answers that completions of *states* have; none if no case can be so."""
        self.steps += 1
        if not self.classes.can_be(states):
            return set()
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
