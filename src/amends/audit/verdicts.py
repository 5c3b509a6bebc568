"""What one row of a history was found to be: the same five numbers from every engine."""

from typing import NamedTuple

from amends.policy.deciding import Decision, State
from amends.policy.rules import Ruleset


class Verdict(NamedTuple):
    """Who may have allowed a row, and why, as whole numbers.

    `answer` is an `Authority`. Bit *i* of `raised` and of `unknown` says that rule *i* was raised, or
    could not be decided. Bit *j* of `owed` and of `unsure` says that record *j* of `records_of` had to be
    made and was not, or that nobody knows whether it was.
    """

    answer: int
    raised: int
    unknown: int
    owed: int
    unsure: int


def records_of(rules: Ruleset) -> tuple[str, ...]:
    """The records that any rule wants, in the order of the bits in a verdict."""
    return tuple(dict.fromkeys(name for rule in rules.rules for name in rule.record))


def verdict(decision: Decision) -> Verdict:
    """The five numbers of one decision."""
    raised = unknown = 0
    for bit, finding in enumerate(decision.findings):
        raised |= (finding.state is State.RAISED) << bit
        unknown |= (finding.state is State.UNKNOWN) << bit
    owed = unsure = 0
    for bit, name in enumerate(records_of(decision.ruleset)):
        owed |= (name in decision.owed) << bit
        unsure |= (name in decision.unsure_records) << bit
    return Verdict(int(decision.answer), raised, unknown, owed, unsure)
