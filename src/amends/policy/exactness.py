"""Whether deciding rule by rule is already exact for a set of rules.

Kleene logic judges each condition apart, and can say *not known* where every possibility gives the same
answer. It cannot do so if, for every input, one possible value answers no to everything the rules ask
of it, and, for every rule, one value answers yes to everything that rule asks. Then the freest and the
strictest answers are both reached, and no second look is needed.
"""

from collections.abc import Iterator

from amends.feel import tree
from amends.feel.truth import pair
from amends.policy.classes import Classes
from amends.policy.inputs import Input

Literal = tuple[tree.Node, int]
"""A test, and which question is asked of it: 0 *is it true?*, 1 *is it false?*."""


def is_exact(classes: Classes) -> bool:
    """Whether the answers found rule by rule are exact, so that no search is needed.

    False means only that this could not be shown.
    """
    if classes.together:
        return False
    by_rule = [set(_literals(node, 0)) for node in classes.raised]
    everything = set().union(*by_rule) if by_rule else set()
    return all(
        _some_value(one, everything, False)
        and all(_some_value(one, literals, True) for literals in by_rule)
        for one in classes.inputs
    )


def _some_value(one: Input, literals: set[Literal], wanted: bool) -> bool:
    """Whether some known value of *one* answers *wanted* to each of *literals* that ask about it."""
    asked = [(one.tests.index(t), q) for t, q in literals if t in one.tests]
    return any(
        all(pair(state[place])[question] is wanted for place, question in asked)
        for state, _ in one.known
    )


def _literals(node: tree.Node, question: int) -> Iterator[Literal]:
    match node:
        case tree.Const():
            return
        case tree.Not(of=of):
            yield from _literals(of, 1 - question)
        case tree.And(parts=parts) | tree.Or(parts=parts):
            for part in parts:
                yield from _literals(part, question)
        case tree.Choose() if node.type.kind == "boolean":
            yield from _either_way(node)
        case tree.Compare(left=left) if left.type.kind == "boolean":
            yield from _either_way(node)
        case _:
            yield node, question


def _either_way(node: tree.Node) -> Iterator[Literal]:
    """Both questions of every test below: what joins them may ask either."""
    for child in tree.children(node):
        for question in (0, 1):
            yield from _literals(child, question)
