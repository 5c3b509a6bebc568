"""Deciding a case by a set of rules: who may allow it, what each rule found, and what is owed."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

from amends.feel.truth import pair
from amends.policy.classes import bounds, classes_of
from amends.policy.facts import Facts
from amends.policy.rules import Authority, Rule, Ruleset


class State(StrEnum):
    """What a rule found in a case."""

    MET = "met"
    RAISED = "raised"
    UNKNOWN = "unknown"
    DOES_NOT_APPLY = "does not apply"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found in one case, with the facts it asked about that are known."""

    rule: Rule
    state: State
    facts: dict[str, Any]


@dataclass(frozen=True)
class Decision:
    """Who may allow a community resolution in one case, by one set of rules, and why.

    `answer` is NOT_YET_KNOWN only if the facts not known could change it. `low` and `high` are the
    freest and strictest answers that the findings, taken rule by rule, leave open.
    """

    ruleset: Ruleset
    facts: Facts
    findings: tuple[Finding, ...]
    answer: Authority
    low: Authority
    high: Authority

    @cached_property
    def reasons(self) -> tuple[Finding, ...]:
        """The findings that stand in the way: raised, or unknown and able to raise the answer."""
        return tuple(finding for finding in self.findings if self._stands(finding))

    def _stands(self, finding: Finding) -> bool:
        allow = finding.rule.allow
        if allow <= self.ruleset.otherwise or finding.state is State.RAISED:
            return allow > self.ruleset.otherwise
        if finding.state is not State.UNKNOWN:
            return False
        # An answer may be definite because of rules of which only some, and not which, is raised.
        return self.answer is Authority.NOT_YET_KNOWN or self.low < allow <= self.answer

    @cached_property
    def owed(self) -> dict[str, tuple[str, ...]]:
        """Records that must be made and are known not to be: name to the rules that want it."""
        return self._records(lambda value: value is False)

    @cached_property
    def unsure_records(self) -> dict[str, tuple[str, ...]]:
        """Records that must be made, of which it is not known whether they are."""
        return self._records(lambda value: value is not False and value is not True)

    def _records(self, counts: Callable[[Any], bool]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for finding in self.findings:
            if finding.state is not State.RAISED:
                continue
            for name in finding.rule.record:
                if counts(self.facts.get(f"recorded.{name}")):
                    found[name] = (*found.get(name, ()), finding.rule.id)
        return found


Judge = tuple[Rule, Callable[..., Any] | None, Callable[..., Any], tuple[str, ...]]


@cache
def _judges(rules: Ruleset) -> tuple[Judge, ...]:
    return tuple(
        (r, r.applies.run if r.applies else None, r.when.run, _top_names(r)) for r in rules.rules
    )


def _top_names(rule: Rule) -> tuple[str, ...]:
    """The facts *rule* asks about; a list's fields are shown as the whole list."""
    tops = (name for name in rule.facts if name.partition(".")[0] not in rule.facts)
    return tuple(dict.fromkeys((*tops, *(n for n in rule.facts if "." not in n))))


def decide(facts: Facts, rules: Ruleset) -> Decision:
    """Read every rule of *rules* against *facts*, which `Catalogue.read` has checked.

    Every rule is read, even after one has settled the answer: the officer should learn all the
    reasons at once, and a scrutiny panel should see the rules that raised nothing.
    """
    findings = []
    raised: list[bool | None] = []
    for rule, applies, when, names in _judges(rules):
        applying = True if applies is None else applies(facts, None)
        circumstance = when(facts, None)
        state, value = _state(applying, circumstance)
        raised.append(value)
        told = {name: facts[name] for name in names if name in facts}
        findings.append(Finding(rule, state, told))
    low, high = bounds(rules, raised)
    answer = low if low == high else _settled(facts, rules)
    return Decision(rules, facts, tuple(findings), answer, low, high)


def _settled(facts: Facts, rules: Ruleset) -> Authority:
    classes = classes_of(rules)
    return classes.settle(classes.states(facts))


def _state(applying: Any, circumstance: Any) -> tuple[State, bool | None]:
    applies = applying if applying is True or applying is False else pair(applying)[0]
    when = circumstance
    if when is not True and when is not False:
        when = pair(circumstance)[0]
    if applies is False:
        return State.DOES_NOT_APPLY, False
    if when is False:
        return State.MET, False
    if applies is True and when is True:
        return State.RAISED, True
    return State.UNKNOWN, None
