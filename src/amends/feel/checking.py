"""Checking a condition against the declared facts, and rewriting it in few kinds of node.

Whatever this module lets through has one meaning in every engine; the rest is refused when the
policy is loaded, with the text and a caret.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from amends.feel import syntax, tree
from amends.feel.errors import FeelError
from amends.feel.functions import DATE_PARTS, PROPERTIES
from amends.feel.joining import joined, kind_of, merged, negated, one_of, same_truth
from amends.feel.operating import (
    Refused,
    arithmetic,
    bounded,
    bounds,
    call,
    folded,
    negative,
    sized,
)
from amends.feel.types import BOOLEAN, NULL, ORDERED, Declarations, Type
from amends.feel.values import (
    Value,
    as_number,
    read_date,
    read_duration,
    read_moment,
    read_time,
    shown,
)

_OF_LISTS = ("min", "max", "sum")
MOST_UNROLLED = 2_000
"""Items of literal lists that the `some` and `every` of one condition try, at most, one by one."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the names given by `some` and `every` stand for: a list fact's record, or a constant."""

    records: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, tree.Node] = field(default_factory=dict)


def check(part: syntax.Part, text: str, facts: Declarations) -> tree.Node:
    """The meaning of *part* of the condition *text*, its kinds checked against *facts*.

    Raises FeelError for an unknown fact, a value a fact cannot have, kinds that do not go together,
    and whatever would not mean the same in every engine.
    """
    return _Checker(text, facts).node(part, _Scope())


class _Checker:
    def __init__(self, text: str, facts: Declarations) -> None:
        self.text = text
        self.facts = facts
        self.unrolled = 0

    def error(self, at: int, wrong: str, right: str = "") -> FeelError:
        return FeelError(self.text, at, wrong, right)

    def node(self, part: syntax.Part, scope: _Scope) -> tree.Node:
        method = getattr(self, "_" + type(part).__name__.lower())
        try:
            found: tree.Node = method(part, scope)
            return folded(found)
        except Refused as refused:
            raise self.error(part.at, refused.wrong, refused.right) from None

    # --- values ---------------------------------------------------------------

    def _literal(self, part: syntax.Literal, scope: _Scope) -> tree.Node:
        value = part.value
        if value is None:
            return tree.Const(NULL, None)
        if isinstance(value, bool):
            return tree.Const(BOOLEAN, value)
        if isinstance(value, str):
            return tree.Const(Type(kind="string"), value)
        return tree.Const(Type(kind="number"), as_number(value))

    def _atliteral(self, part: syntax.AtLiteral, scope: _Scope) -> tree.Node:
        for read in (read_date, read_time, read_moment, read_duration):
            value: Value = read(part.text)
            if value is not None:
                return tree.Const(Type(kind=kind_of(value)), value)
        raise self.error(
            part.at,
            f"{shown(part.text)} is not a date, local time or duration that we read.",
            'For example @"2013-06-01", @"10:30:00" or @"P6M"; zones are not in our profile.',
        )

    def _name(self, part: syntax.Name, scope: _Scope) -> tree.Node:
        first = part.path[0]
        if first in scope.records:
            return self._field(part, scope.records[first])
        if first in scope.nodes:
            return self._properties(part, scope.nodes[first], part.path[1:])
        for length in range(len(part.path), 0, -1):
            name = ".".join(part.path[:length])
            if name in self.facts:
                kind = self.facts[name]
                if kind.kind == "list":
                    raise self.error(part.at, f"{name} is a list.", f"Write: some x in {name} ...")
                return self._properties(part, tree.Fact(kind, name), part.path[length:])
        raise self._unknown_name(part.at, ".".join(part.path), self.facts)

    def _unknown_name(self, at: int, name: str, known: Iterable[str]) -> FeelError:
        near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.6)
        right = f"Did you mean {' or '.join(near)}?" if near else "See the catalogue of facts."
        return self.error(at, f"{name!r} is not a declared fact.", right)

    def _field(self, part: syntax.Name, of: str) -> tree.Node:
        if len(part.path) == 1:
            raise self.error(part.at, f"{part.path[0]} is a whole record of {of}.", "Name a field.")
        kind = self.facts[of].field(part.path[1])
        if kind is None:
            fields = [name for name, _ in self.facts[of].fields or ()]
            raise self._unknown_name(part.at, part.path[1], fields)
        return self._properties(part, tree.Field(kind, of, part.path[1]), part.path[2:])

    def _properties(self, part: syntax.Part, node: tree.Node, names: tuple[str, ...]) -> tree.Node:
        for name in names:
            node = self._property_of(part.at, node, name)
        return node

    def _property(self, part: syntax.Property, scope: _Scope) -> tree.Node:
        return self._property_of(part.at, self.node(part.of, scope), part.name)

    def _property_of(self, at: int, node: tree.Node, name: str) -> tree.Node:
        known = PROPERTIES.get(node.type.kind, {})
        if not tree.is_constant(node):
            known = {n: p for n, p in known.items() if n in DATE_PARTS and node.type.kind == "date"}
        if name not in known:
            raise self.error(
                at,
                f"A {node.type} has no property {name!r} here.",
                f"Known: {', '.join(known)}." if known else "",
            )
        kind = Type(kind="number", absent=node.type.absent, least=1, greatest=9999)
        return folded(tree.Call(kind, "." + name, (node,)))

    def _listof(self, part: syntax.ListOf, scope: _Scope) -> tree.Node:
        items = [self.node(item, scope) for item in part.items]
        values: list[Value] = []
        for item in items:
            if not isinstance(item, tree.Const):
                raise self.error(
                    part.at, "A list of facts may stand only after `in`, or in a function."
                )
            values.append(item.value)
        kinds = {item.type for item in items}
        kind = kinds.pop() if len(kinds) == 1 else None
        return tree.Const(Type(kind="list", item=kind), tuple(values))

    def _range(self, part: syntax.Range, scope: _Scope) -> tree.Node:
        raise self.error(part.at, "A range may stand only after `in`.", "For example: x in [1..10]")

    # --- logic ----------------------------------------------------------------

    def truth(self, part: syntax.Part, scope: _Scope) -> tree.Node:
        """The node of a part that must be a boolean."""
        node = self.node(part, scope)
        if node.type.kind not in ("boolean", "null"):
            raise self.error(part.at, f"This is a {node.type}, not a condition.", "Compare it.")
        return node

    def _operation(self, part: syntax.Operation, scope: _Scope) -> tree.Node:
        if part.operator in ("and", "or"):
            return self._joined(part, scope)
        left, right = self.node(part.left, scope), self.node(part.right, scope)
        if part.operator in ("+", "-", "*", "/", "**"):
            return arithmetic(part.operator, left, right)
        return self.compared(part.at, part.operator, left, right)

    def _joined(self, part: syntax.Operation, scope: _Scope) -> tree.Node:
        parts: list[syntax.Part] = [part.right]
        left = part.left
        while isinstance(left, syntax.Operation) and left.operator == part.operator:
            parts.append(left.right)
            left = left.left
        parts.append(left)
        nodes = [self.truth(p, scope) for p in reversed(parts)]
        return joined(part.operator, nodes)

    def _negation(self, part: syntax.Negation, scope: _Scope) -> tree.Node:
        return negative(self.node(part.of, scope))

    def compared(self, at: int, operator: str, left: tree.Node, right: tree.Node) -> tree.Node:
        """`left operator right`, refused where the two cannot be compared."""
        if operator == "!=":
            return negated(self.compared(at, "=", left, right))
        kinds = {left.type.kind, right.type.kind}
        if "null" in kinds:
            return self._with_null(at, operator, left, right)
        self._check_kinds(at, operator, left, right)
        if kinds == {"boolean"}:
            return same_truth(left, right)
        absent = operator != "=" and (left.type.absent or right.type.absent)
        kind = Type(kind="boolean", absent=absent)
        return folded(tree.Compare(kind, operator, left, right))

    def _check_kinds(self, at: int, operator: str, left: tree.Node, right: tree.Node) -> None:
        kind = left.type.kind
        if kind != right.type.kind:
            raise self.error(
                at, f"A {left.type} cannot be compared with a {right.type}: they are never equal."
            )
        if operator != "=" and kind not in ORDERED:
            raise self.error(at, f"A {left.type} is neither less nor greater than another.")
        if tree.is_constant(left) and tree.is_constant(right):
            return
        if kind == "string":
            self._check_choice(at, operator, left, right)
        if kind == "list":
            raise self.error(at, "Lists that depend on facts cannot be compared.")
        if kind == "number":
            self._check_size(at, left, right)

    def _with_null(self, at: int, operator: str, left: tree.Node, right: tree.Node) -> tree.Node:
        if operator != "=":
            return tree.Const(NULL, None)
        value = right if left.type.kind == "null" else left
        if tree.is_constant(value):
            return folded(tree.Compare(BOOLEAN, "=", left, right))
        if not value.type.absent or value.type.kind == "boolean":
            raise self.error(
                at,
                "This can never be null: null means *known to be absent*.",
                "A fact that is not known needs no test; the answer says that it is missing.",
            )
        return tree.IsAbsent(BOOLEAN, value)

    def _check_choice(self, at: int, operator: str, left: tree.Node, right: tree.Node) -> None:
        if operator != "=":
            raise self.error(at, "Facts that are text have no order.", "Compare with = or in.")
        for fact, value in ((left, right), (right, left)):
            choices = fact.type.choices
            if choices is None or not isinstance(value, tree.Const):
                continue
            if value.value not in choices:
                near = difflib.get_close_matches(str(value.value), choices, n=1)
                hint = f"Did you mean {near[0]!r}? " if near else ""
                raise self.error(
                    at,
                    f"{shown(value.value)} is not a value this fact can have.",
                    f"{hint}It can be: {', '.join(choices)}.",
                )

    def _check_size(self, at: int, left: tree.Node, right: tree.Node) -> None:
        for side in (left, right):
            if isinstance(side, tree.Const) and len(shown(side.value)) > 15:
                raise self.error(
                    at, "The number is too long to compare with a fact.", "At most 15 digits."
                )
        one, two = bounds(left), bounds(right)
        places = max(one.places, two.places)
        for kind in (one, two):
            sized(replace(kind, places=places))

    # --- between, in, if, some and every --------------------------------------

    def _between(self, part: syntax.Between, scope: _Scope) -> tree.Node:
        value = self.node(part.value, scope)
        low, high = self.node(part.low, scope), self.node(part.high, scope)
        least = self.compared(part.at, ">=", value, low)
        return joined("and", [least, self.compared(part.at, "<=", value, high)])

    def _among(self, part: syntax.Among, scope: _Scope) -> tree.Node:
        value = self.node(part.value, scope)
        tests = [node for test in part.tests for node in self._tests(test, value, scope)]
        if not tests:
            return tree.Const(BOOLEAN, False)
        return one_of(value, tests) or joined("or", tests)

    def _tests(self, test: syntax.Test, value: tree.Node, scope: _Scope) -> list[tree.Node]:
        operand = test.operand
        if test.operator is not None:
            return [self.compared(test.at, test.operator, value, self.node(operand, scope))]
        if isinstance(operand, syntax.Range):
            return [self._within(operand, value, scope)]
        if isinstance(operand, syntax.ListOf):
            return [self._item(item, value, scope) for item in operand.items]
        return [self.compared(test.at, "=", value, self.node(operand, scope))]

    def _item(self, item: syntax.Part, value: tree.Node, scope: _Scope) -> tree.Node:
        if isinstance(item, syntax.Range):
            return self._within(item, value, scope)
        if isinstance(item, syntax.ListOf) and len(item.items) == 1:
            only = item.items[0]
            if isinstance(only, syntax.Range):
                return self._within(only, value, scope)
        return self.compared(item.at, "=", value, self.node(item, scope))

    def _within(self, part: syntax.Range, value: tree.Node, scope: _Scope) -> tree.Node:
        low, high = self.node(part.low, scope), self.node(part.high, scope)
        ends = folded(self.compared(part.at, "<=", low, high))
        if isinstance(ends, tree.Const) and ends.value is not True:
            raise self.error(part.at, "The range ends before it begins.", "Write [low..high].")
        least = self.compared(part.at, ">=" if part.with_low else ">", value, low)
        most = self.compared(part.at, "<=" if part.with_high else "<", value, high)
        return joined("and", [least, most])

    def _choose(self, part: syntax.Choose, scope: _Scope) -> tree.Node:
        condition = self.truth(part.condition, scope)
        then, otherwise = self.node(part.then, scope), self.node(part.otherwise, scope)
        if isinstance(condition, tree.Const):
            return then if condition.value is True else otherwise
        kinds = {then.type.kind, otherwise.type.kind} - {"null"}
        if len(kinds) > 1 or kinds & {"list"}:
            raise self.error(part.at, f"One way gives a {then.type}, the other a {otherwise.type}.")
        if not kinds:
            return tree.Const(NULL, None)
        kind = merged(*(bounded(side) for side in (then, otherwise)))
        return tree.Choose(kind, condition, then, otherwise)

    def _quantified(self, part: syntax.Quantified, scope: _Scope) -> tree.Node:
        if isinstance(part.of, syntax.ListOf):
            nodes = [self.node(item, scope) for item in part.of.items]
            self.unrolled += len(nodes)
            if self.unrolled > MOST_UNROLLED:
                raise self.error(
                    part.at,
                    f"Lists within lists make more than {MOST_UNROLLED:,} cases to try.",
                    "Shorten the lists, or divide the rule.",
                )
            bodies = [self._body(part, scope, node) for node in nodes]
            return joined("or" if part.kind == "some" else "and", bodies)
        name = self.list_fact(part.of)
        if scope.records:
            raise self.error(part.at, "One list of facts at a time.", "Divide the rule.")
        inner = _Scope({part.variable: name}, scope.nodes)
        body = self.truth(part.satisfies, inner)
        if tree.is_constant(body):
            raise self.error(
                part.at,
                f"The condition says nothing of {part.variable}: it is always the same.",
                f"Ask about a field, or write count({name}) > 0.",
            )
        kind = Type(kind="boolean", absent=body.type.absent)
        return tree.Quantified(kind, part.kind, name, body)

    def _body(self, part: syntax.Quantified, scope: _Scope, node: tree.Node) -> tree.Node:
        return self.truth(
            part.satisfies, _Scope(scope.records, {**scope.nodes, part.variable: node})
        )

    def list_fact(self, part: syntax.Part) -> str:
        """The name of the list fact that *part* is."""
        name = ".".join(part.path) if isinstance(part, syntax.Name) else ""
        if name in self.facts and self.facts[name].kind == "list":
            return name
        lists = [n for n, kind in self.facts.items() if kind.kind == "list"]
        raise self.error(
            part.at,
            "A list should stand here.",
            f"The lists of a case are: {', '.join(lists)}." if lists else "For example [1, 2, 3].",
        )

    # --- functions ------------------------------------------------------------

    def _call(self, part: syntax.Call, scope: _Scope) -> tree.Node:
        if part.function == "not" and len(part.arguments) == 1:
            return negated(self.truth(part.arguments[0], scope))
        if part.function == "count" and len(part.arguments) == 1:
            return self._counted(part.arguments[0], scope)
        if part.function == "list contains" and len(part.arguments) == 2:
            test = syntax.Test(at=part.at, operator=None, operand=part.arguments[0])
            return self._among(
                syntax.Among(at=part.at, value=part.arguments[1], tests=(test,)), scope
            )
        parts = part.arguments
        if len(parts) == 1 and isinstance(parts[0], syntax.ListOf) and part.function in _OF_LISTS:
            parts = parts[0].items
        return call(part.function, [self.node(p, scope) for p in parts], part.names)

    def _counted(self, part: syntax.Part, scope: _Scope) -> tree.Node:
        if isinstance(part, syntax.ListOf):
            nodes = [self.node(item, scope) for item in part.items]
            return tree.Const(Type(kind="number"), len(nodes))
        kind = Type(kind="number", least=0, greatest=100_000)
        return tree.Count(kind, self.list_fact(part))
