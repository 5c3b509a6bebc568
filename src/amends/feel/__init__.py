"""The condition language: a profile of OMG FEEL in which *unknown* is a value.

Read a condition with `compile_text`, which parses it, checks it against the declared facts and
refuses what it cannot answer; then ask its `value` of a case.
Source: OMG Decision Model and Notation 1.5, chapter 10, https://www.omg.org/spec/DMN/.
"""

from amends.feel.conditions import Condition, compile_text
from amends.feel.errors import FeelError
from amends.feel.types import NO_FACTS, Declarations, Type
from amends.feel.values import NOT_FALSE, NOT_TRUE, UNKNOWN, UNKNOWN_OR_ABSENT, Unknown

__all__ = [
    "NOT_FALSE",
    "NOT_TRUE",
    "NO_FACTS",
    "UNKNOWN",
    "UNKNOWN_OR_ABSENT",
    "Condition",
    "Declarations",
    "FeelError",
    "Type",
    "Unknown",
    "compile_text",
]
