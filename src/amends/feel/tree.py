"""A condition after checking: few kinds of node, every one of a known type.

`between`, `in` and the like have been rewritten as comparisons, so that whoever walks the tree (the
evaluator, the class tables, the printers of SQL) meets only these nodes. Two equal trees mean the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from amends.feel.types import Type
from amends.feel.values import Value


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a checked condition; `type` is the kind of its value."""

    type: Type


@dataclass(frozen=True, slots=True)
class Const(Node):
    """A value that no fact can change."""

    value: Value


@dataclass(frozen=True, slots=True)
class Fact(Node):
    """A fact of the case, by its dotted name."""

    name: str


@dataclass(frozen=True, slots=True)
class Field(Node):
    """A field of the record that the enclosing `Quantified` speaks of."""

    list: str
    name: str


@dataclass(frozen=True, slots=True)
class Not(Node):
    """True where `of` is false."""

    of: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    """True where every part is true."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """True where any part is true."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """Two values of one kind compared: `=`, `!=`, `<`, `<=`, `>` or `>=`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """Is the value of `of` one of these constants (of its own kind, none of them null)?"""

    of: Node
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class IsAbsent(Node):
    """Is the value of `of` known to be absent (null)? Never null itself."""

    of: Node


@dataclass(frozen=True, slots=True)
class Choose(Node):
    """The value of `then` where `condition` is true, otherwise that of `otherwise`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Two values and `+`, `-`, `*`, `/` or `**`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of the profile applied to values."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """Does `some`, or `every`, record of a list fact satisfy `body`?"""

    kind: str
    list: str
    body: Node


@dataclass(frozen=True, slots=True)
class Count(Node):
    """How many records are in a list fact."""

    list: str


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below *node*."""
    match node:
        case Not(of=of) | OneOf(of=of) | IsAbsent(of=of):
            return (of,)
        case And(parts=parts) | Or(parts=parts) | Call(arguments=parts):
            return parts
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Quantified(body=body):
            return (body,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """*node* and every node below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def facts_in(node: Node) -> tuple[str, ...]:
    """The facts that *node* asks about, in order, each once; a list's field as `victims.age`."""
    found: dict[str, None] = {}
    for part in walk(node):
        match part:
            case Fact(name=name):
                found[name] = None
            case Field(list=of, name=name):
                found[f"{of}.{name}"] = None
            case Quantified(list=of) | Count(list=of):
                found[of] = None
    return tuple(found)


def is_constant(node: Node) -> bool:
    """Whether no fact can change the value of *node*."""
    return isinstance(node, Const)
