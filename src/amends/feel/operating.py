"""Which operators and functions go with which kinds, and what is settled before any fact is known."""

import datetime as dt
import difflib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, DecimalException
from typing import Final

from amends.feel import tree, types
from amends.feel.evaluating import compile_node
from amends.feel.functions import FUNCTIONS, SPECIAL, Function, Outside
from amends.feel.types import DAYS, MOMENT, MONTHS, NULL, Type
from amends.feel.values import Months, Value, shown

GREATEST: Final = 10**15
"""No number that comes from facts may be larger, in its smallest decimal place: every engine's
64-bit whole numbers then hold it exactly."""

LONGEST_STEP: Final = 200
"""Years by which a date that is a fact may be moved, at most."""


class Refused(ValueError):
    """Why a part is refused; the checker adds the place."""

    def __init__(self, wrong: str, right: str = "") -> None:
        self.wrong, self.right = wrong, right
        super().__init__(wrong)


def folded(node: tree.Node) -> tree.Node:
    """*node* as a constant, where no fact can change it.

    Raises Refused where its value is outside the profile.
    """
    below = tree.children(node)
    if not below or not all(map(tree.is_constant, below)):
        return node
    try:
        value: Value = compile_node(node)({}, None)
    except Outside as outside:
        raise Refused(str(outside)) from None
    except (DecimalException, OverflowError):
        raise Refused("The result has more than 34 digits, or is too large.") from None
    if value is None:
        return tree.Const(NULL, None)
    kind = node.type.kind
    if kind == "duration":
        kind = MONTHS if isinstance(value, Months) else DAYS
    return tree.Const(Type(kind=kind), value)


# What each operator gives for each pair of kinds.
_PLUS: Final = {
    ("number", "number"): "number",
    ("string", "string"): "string",
    ("date", DAYS): "date",
    ("date", MONTHS): "date",
    (DAYS, "date"): "date",
    (MONTHS, "date"): "date",
    (MOMENT, DAYS): MOMENT,
    (MOMENT, MONTHS): MOMENT,
    (DAYS, MOMENT): MOMENT,
    (MONTHS, MOMENT): MOMENT,
    ("time", DAYS): "time",
    (DAYS, "time"): "time",
    (DAYS, DAYS): DAYS,
    (MONTHS, MONTHS): MONTHS,
}
_MINUS: Final = {
    ("number", "number"): "number",
    ("date", "date"): DAYS,
    (MOMENT, MOMENT): DAYS,
    ("time", "time"): DAYS,
    ("date", DAYS): "date",
    ("date", MONTHS): "date",
    (MOMENT, DAYS): MOMENT,
    (MOMENT, MONTHS): MOMENT,
    ("time", DAYS): "time",
    (DAYS, DAYS): DAYS,
    (MONTHS, MONTHS): MONTHS,
}
_TIMES: Final = {
    ("number", "number"): "number",
    ("number", DAYS): DAYS,
    (DAYS, "number"): DAYS,
    ("number", MONTHS): MONTHS,
    (MONTHS, "number"): MONTHS,
}
_OVER: Final = {
    ("number", "number"): "number",
    (DAYS, "number"): DAYS,
    (MONTHS, "number"): MONTHS,
    (DAYS, DAYS): "number",
    (MONTHS, MONTHS): "number",
}
_TABLES: Final = {
    "+": _PLUS,
    "-": _MINUS,
    "*": _TIMES,
    "/": _OVER,
    "**": {("number", "number"): "number"},
}


def arithmetic(operator: str, left: tree.Node, right: tree.Node) -> tree.Node:
    """`left operator right`, refused where the kinds do not go together."""
    if "null" in (left.type.kind, right.type.kind):
        return tree.Const(NULL, None)
    kind = _TABLES[operator].get((left.type.kind, right.type.kind))
    if kind is None:
        raise Refused(f"{operator} cannot stand between a {left.type} and a {right.type}.")
    absent = left.type.absent or right.type.absent
    node = tree.Arithmetic(Type(kind=kind, absent=absent), operator, left, right)
    if tree.is_constant(left) and tree.is_constant(right):
        return folded(node)
    return _of_facts(node)


def _of_facts(node: tree.Arithmetic) -> tree.Node:
    """*node*, refused where engines would differ on it: only what is exact in all of them passes."""
    left, right = node.left, node.right
    kinds = (left.type.kind, right.type.kind)
    if kinds == ("number", "number") and node.operator in ("+", "-", "*"):
        return replace(node, type=_bounded(node.operator, left, right, node.type))
    if kinds[1] in (DAYS, MONTHS) and kinds[0] == "date" and isinstance(right, tree.Const):
        _check_step(right.value)
        return node
    if kinds[0] in (DAYS, MONTHS) and kinds[1] == "date" and tree.is_constant(left):
        return _of_facts(tree.Arithmetic(node.type, node.operator, right, left))
    if kinds == ("date", "date"):
        return node
    raise Refused(
        f"{node.operator} may not be used here on facts.",
        "On facts: + - * of numbers, a date and a fixed duration, and one date less another.",
    )


def _check_step(length: Value) -> None:
    """Refuse a step that could lead out of the calendar, or to no whole day."""
    if isinstance(length, Months) and abs(length.months) <= 12 * LONGEST_STEP:
        return
    if isinstance(length, dt.timedelta) and abs(length.days) <= 366 * LONGEST_STEP:
        if length % dt.timedelta(days=1) == dt.timedelta():
            return
        raise Refused("A date can be moved by whole days only.")
    raise Refused(f"A date can be moved by at most {LONGEST_STEP} years.")


def _bounded(operator: str, left: tree.Node, right: tree.Node, kind: Type) -> Type:
    one, two = bounds(left), bounds(right)
    if operator == "*":
        places = one.places + two.places
        ends = [
            (a or 0) * (b or 0)
            for a in (one.least, one.greatest)
            for b in (two.least, two.greatest)
        ]
    else:
        places = max(one.places, two.places)
        low, high = two.least or 0, two.greatest or 0
        if operator == "-":
            low, high = -high, -low
        ends = [(one.least or 0) + low, (one.greatest or 0) + high]
    return sized(replace(kind, least=min(ends), greatest=max(ends), places=places))


def sized(kind: Type) -> Type:
    """*kind*, refused if a number of it could be too large for every engine to hold exactly."""
    greatest = max(abs(kind.least or 0), abs(kind.greatest or 0))
    if greatest * 10**kind.places > GREATEST:
        raise Refused("The number could grow too large to be exact.", "Use smaller numbers.")
    return kind


def bounds(node: tree.Node) -> Type:
    """The type of a number with its bounds and decimal places, also of a constant."""
    if not isinstance(node, tree.Const):
        return node.type
    number = Decimal(str(node.value))
    exponent = number.normalize().as_tuple().exponent
    places = max(0, -int(exponent))
    whole = int(number)
    return Type(kind="number", least=whole - 1, greatest=whole + 1, places=places)


def bounded(node: tree.Node) -> Type:
    """The type of *node*, with its bounds where it is a number."""
    return bounds(node) if node.type.kind == "number" else node.type


def negative(node: tree.Node) -> tree.Node:
    """A minus sign before *node*."""
    if node.type.kind not in ("number", "null", DAYS, MONTHS):
        raise Refused(f"A {node.type} has no negative.")
    return arithmetic("*", tree.Const(Type(kind="number"), -1), node)


def call(name: str, arguments: list[tree.Node], names: tuple[str, ...] | None) -> tree.Node:
    """The function *name* applied to *arguments*, which have *names* if they were named."""
    forms = FUNCTIONS.get(name)
    if forms is None:
        near = difflib.get_close_matches(name, [*FUNCTIONS, *SPECIAL], n=2)
        right = f"Did you mean {' or '.join(near)}?" if near else ""
        raise Refused(f"{name!r} is not a function of our profile.", right)
    form = _form(name, forms, len(arguments))
    if names:
        arguments = _ordered(form, arguments, names)
    if any(argument.type.kind == "null" for argument in arguments) or not arguments:
        return tree.Const(NULL, None)
    _check_arguments(form, arguments)
    absent = any(argument.type.absent for argument in arguments)
    node = tree.Call(Type(kind=form.gives, absent=absent), name, tuple(arguments))
    if all(map(tree.is_constant, arguments)):
        return folded(node)
    if not form.on_facts:
        raise Refused(f"{name} may be used on constants only, not on facts.")
    return replace(node, type=_result(form, arguments, node.type))


def _form(name: str, forms: tuple[Function, ...], count: int) -> Function:
    for form in forms:
        if form.many or len(form.takes) == count:
            return form
    takes = " or ".join(f"{name}({', '.join(n for n, _ in f.takes)})" for f in forms)
    raise Refused(f"{name} does not take {count} values.", f"Write {takes}.")


def _ordered(form: Function, nodes: list[tree.Node], names: tuple[str, ...]) -> list[tree.Node]:
    wanted = [name for name, _ in form.takes]
    if sorted(names) != sorted(wanted):
        raise Refused(
            f"{form.name} has no values of these names.", f"Its names are {', '.join(wanted)}."
        )
    given = dict(zip(names, nodes, strict=True))
    return [given[name] for name in wanted]


def _check_arguments(form: Function, arguments: list[tree.Node]) -> None:
    kinds = [form.takes[0][1]] * len(arguments) if form.many else [kind for _, kind in form.takes]
    for argument, kind in zip(arguments, kinds, strict=True):
        if argument.type.kind != kind:
            value = f" {shown(argument.value)}" if isinstance(argument, tree.Const) else ""
            raise Refused(f"{form.name} takes a {kind}, not the {argument.type}{value}.")


_Bounds = Callable[[list[Type]], tuple[int, int, int]]
_RESULTS: Final[dict[str, _Bounds]] = {
    "abs": lambda t: (0, max(abs(t[0].least or 0), abs(t[0].greatest or 0)), t[0].places),
    "floor": lambda t: ((t[0].least or 0) - 1, t[0].greatest or 0, 0),
    "ceiling": lambda t: (t[0].least or 0, (t[0].greatest or 0) + 1, 0),
    "string length": lambda t: (0, 10_000, 0),
    "sum": lambda t: (
        sum(x.least or 0 for x in t),
        sum(x.greatest or 0 for x in t),
        max(x.places for x in t),
    ),
}


def _extremes(kinds: list[Type]) -> tuple[int, int, int]:
    return (
        min(k.least or 0 for k in kinds),
        max(k.greatest or 0 for k in kinds),
        max(k.places for k in kinds),
    )


def _result(form: Function, arguments: list[tree.Node], kind: Type) -> Type:
    if form.gives != "number":
        return kind
    kinds = [
        bounds(argument) if argument.type.kind == "number" else types.BOOLEAN
        for argument in arguments
    ]
    least, greatest, places = _RESULTS.get(form.name, _extremes)(kinds)
    return sized(replace(kind, least=least, greatest=greatest, places=places))
