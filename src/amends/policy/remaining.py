"""What is left of a condition once some of its tests are answered: the rest decides, and nothing else."""

from collections.abc import Mapping
from typing import Any

from amends.feel import tree
from amends.feel.evaluating import compile_node


def remaining(node: tree.Node, told: Mapping[str, Any]) -> tree.Node:
    """*node*, whose facts stand for tests, with those answered in *told* put in and worked out.

    Two conditions of which the same is left have the same answers from here on.
    """
    match node:
        case tree.Fact(name=name):
            return tree.Const(node.type, told[name]) if name in told else node
        case tree.Not(type=kind, of=of):
            return _worked_out(tree.Not(kind, remaining(of, told)))
        case tree.And(type=kind, parts=parts):
            return _joined(tree.And(kind, _each(parts, told)), settles=False)
        case tree.Or(type=kind, parts=parts):
            return _joined(tree.Or(kind, _each(parts, told)), settles=True)
        case tree.Compare(type=kind, operator=sign, left=left, right=right):
            return _worked_out(tree.Compare(kind, sign, *_each((left, right), told)))
        case tree.Choose(type=kind, condition=test, then=then, otherwise=otherwise):
            return _chosen(tree.Choose(kind, *_each((test, then, otherwise), told)))
    return node


def _each(parts: tuple[tree.Node, ...], told: Mapping[str, Any]) -> tuple[tree.Node, ...]:
    return tuple(remaining(part, told) for part in parts)


def _worked_out(node: tree.Node) -> tree.Node:
    """*node*, or its value where no fact can change it."""
    if all(map(tree.is_constant, tree.children(node))):
        return tree.Const(node.type, compile_node(node)({}, None))
    return node


def _joined(node: tree.And | tree.Or, *, settles: bool) -> tree.Node:
    """*node* without the parts that change nothing; *settles* is the value that settles it alone."""
    values = [part.value for part in node.parts if isinstance(part, tree.Const)]
    if settles in values:
        return tree.Const(node.type, settles)
    neutral = [isinstance(p, tree.Const) and p.value is not None for p in node.parts]
    parts = tuple(dict.fromkeys(p for p, idle in zip(node.parts, neutral, strict=True) if not idle))
    if len(parts) == 1:
        return parts[0]
    return _worked_out(type(node)(node.type, parts))


def _chosen(node: tree.Choose) -> tree.Node:
    if isinstance(node.condition, tree.Const):
        return node.then if node.condition.value is True else node.otherwise
    return node
