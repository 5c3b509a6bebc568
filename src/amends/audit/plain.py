"""The reference engine, kept dull on purpose: one case after another, each decided as it would be live."""

from collections.abc import Iterable, Iterator

from amends.audit.verdicts import Verdict, verdict
from amends.policy.deciding import decide
from amends.policy.facts import Facts
from amends.policy.rules import Ruleset


def judge(cases: Iterable[Facts], rules: Ruleset) -> Iterator[Verdict]:
    """The verdict on each of *cases*, in their order."""
    for facts in cases:
        yield verdict(decide(facts, rules))
