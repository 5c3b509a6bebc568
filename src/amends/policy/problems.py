"""What is wrong with a policy, as it is told: how bad, where, what, and what would be right."""

from dataclasses import dataclass
from enum import StrEnum

from amends.policy.rules import Policy, Rule


class Severity(StrEnum):
    """How bad a problem is: an error must be mended, a warning looked at, a note known."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a policy: where, what, and what would be right."""

    severity: Severity
    place: str
    wrong: str
    right: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (f"{self.severity}: {self.place}: {self.wrong}", self.right)))


def place_of(policy: Policy, *rules: Rule) -> str:
    """Where a problem of *rules* of *policy* stands: `kent-2023: CR-HIST-05`."""
    return f"{policy.id}: {' and '.join(rule.id for rule in rules)}"
