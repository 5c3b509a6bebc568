"""Joining checked conditions: `and`, `or`, `not`, and equality, in their simplest form."""

from amends.feel import tree
from amends.feel.operating import folded
from amends.feel.types import BOOLEAN, Type
from amends.feel.values import Value


def kind_of(value: Value) -> str:
    """The kind of a known value."""
    names = {"int": "number", "Decimal": "number", "str": "string", "bool": "boolean"}
    names |= {"date": "date", "time": "time", "datetime": "date and time", "NoneType": "null"}
    names |= {"timedelta": "days and time duration", "Months": "years and months duration"}
    return names.get(type(value).__name__, "list")


def joined(operator: str, nodes: list[tree.Node]) -> tree.Node:
    """`and` or `or` of *nodes*."""
    if len(nodes) == 1 and nodes[0].type.kind == "boolean":
        return nodes[0]
    kind = Type(kind="boolean", absent=any(node.type.absent for node in nodes))
    make = tree.And if operator == "and" else tree.Or
    return folded(make(kind, tuple(nodes)))


def negated(node: tree.Node) -> tree.Node:
    """`not` of *node*."""
    if isinstance(node, tree.Not):
        return node.of
    return folded(tree.Not(Type(kind="boolean", absent=node.type.absent), node))


def same_truth(left: tree.Node, right: tree.Node) -> tree.Node:
    """`left = right` of two booleans; a constant side leaves the other, or its `not`."""
    for value, other in ((left, right), (right, left)):
        if isinstance(value, tree.Const) and not other.type.absent:
            return other if value.value is True else negated(other)
    return folded(tree.Compare(BOOLEAN, "=", left, right))


def one_of(value: tree.Node, tests: list[tree.Node]) -> tree.Node | None:
    """The tests as one look-up, where each compares the same value with a constant of its kind."""
    values = []
    for test in tests:
        match test:
            case tree.Compare(operator="=", left=left, right=tree.Const(value=constant)) if (
                left == value and value.type.kind != "boolean"
            ):
                values.append(constant)
            case _:
                return None
    return tree.OneOf(BOOLEAN, value, tuple(values))


def merged(one: Type, two: Type) -> Type:
    """The type of a value that has one of two types of one kind."""
    kind = one if two.kind == "null" else two
    bounds = [t for t in (one, two) if t.kind == "number"]
    known = bool(bounds) and all(t.least is not None and t.greatest is not None for t in bounds)
    return Type(
        kind=kind.kind,
        absent=one.absent or two.absent,
        least=min(t.least or 0 for t in bounds) if known else None,
        greatest=max(t.greatest or 0 for t in bounds) if known else None,
        places=max(one.places, two.places),
    )
