"""Working out a checked condition: each node becomes a small Python function, once.

This is the reference: every faster engine must agree with it. A value is worked out from the facts
of a case (a mapping; a fact that is not in it is not known) and, inside `some` or `every`, a record.
"""

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from amends.feel import tree, truth
from amends.feel.functions import FUNCTIONS, PROPERTIES, Outside
from amends.feel.values import (
    DECIMAL_128,
    UNKNOWN,
    UNKNOWN_OR_ABSENT,
    Months,
    Unknown,
    add_months,
    as_number,
)

Facts = Mapping[str, Any]
Run = Callable[[Facts, Any], Any]

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compile_node(node: tree.Node) -> Run:
    """A function of (facts, record) that gives the value of *node*."""
    make: Callable[[Any], Run] = _MAKERS[type(node)]
    return make(node)


def _const(node: tree.Const) -> Run:
    value = node.value
    return lambda facts, record: value


def _fact(node: tree.Fact) -> Run:
    name, missing = node.name, UNKNOWN_OR_ABSENT if node.type.absent else UNKNOWN
    return lambda facts, record: facts.get(name, missing)


def _field(node: tree.Field) -> Run:
    name, missing = node.name, UNKNOWN_OR_ABSENT if node.type.absent else UNKNOWN
    return lambda facts, record: record.get(name, missing)


def _not(node: tree.Not) -> Run:
    of = compile_node(node.of)

    def run(facts: Facts, record: Any) -> Any:
        value = of(facts, record)
        if value is True:
            return False
        return True if value is False else truth.negated(value)

    return run


def _and(node: tree.And) -> Run:
    parts = [compile_node(part) for part in node.parts]

    def run(facts: Facts, record: Any) -> Any:
        unsettled = []
        for part in parts:
            value = part(facts, record)
            if value is False:
                return False
            if value is not True:
                unsettled.append(value)
        return truth.conjunction(unsettled) if unsettled else True

    return run


def _or(node: tree.Or) -> Run:
    parts = [compile_node(part) for part in node.parts]

    def run(facts: Facts, record: Any) -> Any:
        unsettled = []
        for part in parts:
            value = part(facts, record)
            if value is True:
                return True
            if value is not False:
                unsettled.append(value)
        return truth.disjunction(unsettled) if unsettled else False

    return run


def _compare(node: tree.Compare) -> Run:
    left, right = compile_node(node.left), compile_node(node.right)
    if node.left.type.kind == "boolean" and node.right.type.kind == "boolean":
        return _same_boolean(node, left, right)
    test, equality = _OPERATORS[node.operator], node.operator == "="

    def run(facts: Facts, record: Any) -> Any:
        one, two = left(facts, record), right(facts, record)
        if one is None or two is None:
            return _with_null(one, two) if equality else None
        if one.__class__ is Unknown or two.__class__ is Unknown:
            return UNKNOWN
        return test(one, two)

    return run


def _with_null(one: Any, two: Any) -> Any:
    """`=` where one side is null: true of null, false of anything that cannot be null."""
    other = two if one is None else one
    return UNKNOWN if other is UNKNOWN_OR_ABSENT else other is None


def _same_boolean(node: tree.Compare, left: Run, right: Run) -> Run:
    absent = {"left_absent": node.left.type.absent, "right_absent": node.right.type.absent}
    return lambda facts, record: truth.same(left(facts, record), right(facts, record), **absent)


def _one_of(node: tree.OneOf) -> Run:
    of, values = compile_node(node.of), frozenset(node.values)

    def run(facts: Facts, record: Any) -> Any:
        value = of(facts, record)
        if value is None:
            return False
        return UNKNOWN if value.__class__ is Unknown else value in values

    return run


def _is_absent(node: tree.IsAbsent) -> Run:
    of = compile_node(node.of)

    def run(facts: Facts, record: Any) -> Any:
        value = of(facts, record)
        return UNKNOWN if value is UNKNOWN_OR_ABSENT else value is None

    return run


def _choose(node: tree.Choose) -> Run:
    condition = compile_node(node.condition)
    then, otherwise = compile_node(node.then), compile_node(node.otherwise)
    merged = _merged_truth if node.type.kind == "boolean" else _merged

    def run(facts: Facts, record: Any) -> Any:
        true = truth.pair(condition(facts, record))[0]
        if true is None:
            return merged(then(facts, record), otherwise(facts, record))
        return then(facts, record) if true else otherwise(facts, record)

    return run


def _merged(one: Any, two: Any) -> Any:
    """What is known of a value that is *one* or *two*."""
    if one is None or two is None:
        return None if one is two else UNKNOWN_OR_ABSENT
    if UNKNOWN_OR_ABSENT in (one, two):
        return UNKNOWN_OR_ABSENT
    return one if one == two else UNKNOWN


def _merged_truth(one: Any, two: Any) -> Any:
    (lt, lf), (rt, rf) = truth.pair(one), truth.pair(two)
    return truth.truth((lt if lt is rt else None, lf if lf is rf else None))


def _strict(arguments: list[Run], work: Callable[..., Any]) -> Run:
    """Null if any argument is; not known if any is not known; otherwise *work* of them."""

    def run(facts: Facts, record: Any) -> Any:
        values = [argument(facts, record) for argument in arguments]
        unknown = None
        for value in values:
            if value is None:
                return None
            if value.__class__ is Unknown:
                unknown = UNKNOWN_OR_ABSENT if unknown is UNKNOWN_OR_ABSENT else value
        return work(*values) if unknown is None else unknown

    return run


def _arithmetic(node: tree.Arithmetic) -> Run:
    work = _WORK[node.operator]
    return _strict([compile_node(node.left), compile_node(node.right)], work)


def _call(node: tree.Call) -> Run:
    arguments = [compile_node(argument) for argument in node.arguments]
    if node.function.startswith("."):
        return _strict(arguments, PROPERTIES[node.arguments[0].type.kind][node.function[1:]])
    return _strict(arguments, function_of(node).work)


def function_of(node: tree.Call) -> Any:
    """The form of the function that *node* calls: the one that takes as many arguments."""
    forms = FUNCTIONS[node.function]
    return next(f for f in forms if f.many or len(f.takes) == len(node.arguments))


def _quantified(node: tree.Quantified) -> Run:
    name, body, some = node.list, compile_node(node.body), node.kind == "some"
    settled, combined = (True, truth.disjunction) if some else (False, truth.conjunction)

    def run(facts: Facts, record: Any) -> Any:
        records = facts.get(name, UNKNOWN)
        if records is UNKNOWN:
            return UNKNOWN
        unsettled = []
        for one in records:
            value = body(facts, one)
            if value is settled:
                return settled
            if value is not (not settled):
                unsettled.append(value)
        return combined(unsettled) if unsettled else not settled

    return run


def _count(node: tree.Count) -> Run:
    name = node.list

    def run(facts: Facts, record: Any) -> Any:
        records = facts.get(name, UNKNOWN)
        return UNKNOWN if records is UNKNOWN else len(records)

    return run


def _plus(one: Any, two: Any) -> Any:
    if isinstance(one, (int, Decimal)):
        return as_number(DECIMAL_128.add(one, two))
    if isinstance(one, Months | dt.timedelta) and isinstance(two, dt.date | dt.time):
        one, two = two, one
    if isinstance(two, Months):
        if isinstance(one, Months):
            return Months(one.months + two.months)
        return _in_range(add_months(one, two.months))
    if isinstance(one, dt.time):
        return (dt.datetime.combine(dt.date(2000, 1, 2), one) + two % dt.timedelta(days=1)).time()
    return _moved(one, two)


def _moved(one: Any, two: Any) -> Any:
    whole = not isinstance(two, dt.timedelta) or two % dt.timedelta(days=1) == dt.timedelta()
    if type(one) is dt.date and not whole:
        raise Outside("A date can be moved by whole days only.")
    try:
        return one + two
    except OverflowError:
        raise Outside("The day is outside the years 1 to 9999.") from None


def _in_range(day: Any) -> Any:
    if day is None:
        raise Outside("The day is outside the years 1 to 9999.")
    return day


def _minus(one: Any, two: Any) -> Any:
    if isinstance(one, (int, Decimal)):
        return as_number(DECIMAL_128.subtract(one, two))
    if isinstance(one, dt.time) and isinstance(two, dt.time):
        day = dt.date(2000, 1, 1)
        return dt.datetime.combine(day, one) - dt.datetime.combine(day, two)
    if isinstance(two, (Months, dt.timedelta)):
        return _plus(one, Months(-two.months) if isinstance(two, Months) else -two)
    return one - two


def _times(one: Any, two: Any) -> Any:
    if isinstance(one, (Months, dt.timedelta)):
        one, two = two, one
    if isinstance(two, Months):
        return Months(int(DECIMAL_128.multiply(one, two.months)))
    if isinstance(two, dt.timedelta):
        return _length(DECIMAL_128.multiply(one, _microseconds(two)))
    return as_number(DECIMAL_128.multiply(one, two))


def _microseconds(length: dt.timedelta) -> int:
    return length // dt.timedelta(microseconds=1)


def _length(microseconds: Decimal) -> dt.timedelta:
    if abs(microseconds) > 10**19 or microseconds != microseconds.to_integral_value():
        raise Outside("The duration is too long, or finer than a microsecond.")
    return dt.timedelta(microseconds=int(microseconds))


def _over(one: Any, two: Any) -> Any:
    if isinstance(two, Months | dt.timedelta):
        one, two = _size(one), _size(two)
    if two == 0:
        return None
    if isinstance(one, Months):
        return Months(int(DECIMAL_128.divide(one.months, two)))
    if isinstance(one, dt.timedelta):
        return _length(DECIMAL_128.divide(_microseconds(one), two))
    return as_number(DECIMAL_128.divide(one, two))


def _size(length: Any) -> int:
    return length.months if isinstance(length, Months) else _microseconds(length)


def _power(one: Any, two: Any) -> Any:
    if two != int(two) or abs(two) > 999:
        raise Outside("A power is a whole number from -999 to 999.")
    if one == 0 and two <= 0:
        return None if two < 0 else 1
    return as_number(DECIMAL_128.power(one, int(two)))


_WORK: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda one, two: one + two if isinstance(one, str) else _plus(one, two),
    "-": _minus,
    "*": _times,
    "/": _over,
    "**": _power,
}

_MAKERS: dict[type[tree.Node], Callable[[Any], Run]] = {
    tree.Const: _const,
    tree.Fact: _fact,
    tree.Field: _field,
    tree.Not: _not,
    tree.And: _and,
    tree.Or: _or,
    tree.Compare: _compare,
    tree.OneOf: _one_of,
    tree.IsAbsent: _is_absent,
    tree.Choose: _choose,
    tree.Arithmetic: _arithmetic,
    tree.Call: _call,
    tree.Quantified: _quantified,
    tree.Count: _count,
}
