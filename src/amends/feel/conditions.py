"""A condition ready to be asked: its text, its checked meaning, and its value for a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amends.feel import evaluating, tree
from amends.feel.checking import check
from amends.feel.errors import FeelError
from amends.feel.parsing import parse
from amends.feel.types import NO_FACTS, Declarations


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that has been read and checked; two with the same `node` mean the same."""

    text: str
    node: tree.Node
    run: evaluating.Run

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it asks about, each once; a field of a list as `victims.age`."""
        return tree.facts_in(self.node)

    def value(self, facts: Mapping[str, Any]) -> Any:
        """Its value for a case whose known *facts* are given by dotted name.

        True, False or another value; None for null; `UNKNOWN` and its kin for what is not known.
        """
        return self.run(facts, None)


def compile_text(
    text: str, facts: Declarations = NO_FACTS, *, kind: str | None = None
) -> Condition:
    """Read *text* and check it against the declared *facts*; `kind` is the kind it must have.

    Raises FeelError, with the place, for whatever is not FEEL or not in our profile.
    """
    node = check(parse(text), text, facts)
    if kind and node.type.kind not in (kind, "null"):
        raise FeelError(text, 0, f"This is a {node.type}, where a {kind} is wanted.")
    return Condition(text, node, evaluating.compile_node(node))
