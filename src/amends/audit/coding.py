"""Each row of a history as a few small numbers: which class of every input it belongs to.

The coding is done once in the database; class tables, and every later question that tells the same
classes apart, then read a byte for each input.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlglot import exp

from amends.audit.printing import Column, Printer
from amends.audit.terms import SQL, both, case, cast, is_null, named, no, number, text
from amends.feel import NOT_FALSE, NOT_TRUE, Type, tree
from amends.feel.truth import pair, truth
from amends.policy.classes import Classes
from amends.policy.inputs import Input, values_of

Ways = list[tuple[SQL, int]]
"""Conditions in order, each with the number of the state it leads to; the last needs no asking."""


def coded(classes: Classes, printer: Printer) -> list[SQL]:
    """For each input of *classes*, a column `c0`, `c1` and so on with the number of its state."""
    return [
        named(cast(numbered(ways_of(one, printer), "UTINYINT", 0), "UTINYINT"), f"c{i}")
        for i, one in enumerate(classes.inputs)
    ]


def numbered(ways: Ways, kind: str, shift: int) -> SQL:
    """The number of the state that *ways* lead to, moved up by *shift* bits."""
    *first, (_, last) = [(test, cast(number(state << shift), kind)) for test, state in ways]
    return case(first, last)


# --- the state of an input --------------------------------------------------------


def ways_of(one: Input, printer: Printer) -> Ways:
    """What leads to each state of *one*."""
    if not one.single:
        return _of_test(one, printer)
    fact = next(part for part in tree.walk(one.tests[0]) if isinstance(part, tree.Fact))
    column = printer.columns[fact.name]
    ways: Ways = []
    if fact.type.absent and column.absent is not None:
        ways.append((column.absent, _state(one, fact.name, None)))
    ways.append((is_null(column.value), len(one.known)))
    ways += _of_values(one, fact, column, printer)
    return ways


def _state(one: Input, name: str, value: Any) -> int:
    return one.index[tuple(truth(pair(run({name: value}, None))) for run in one.runs)]


def _of_values(
    one: Input, fact: tree.Fact, column: Column, printer: Printer
) -> Iterator[tuple[SQL, int]]:
    """Conditions on a known value, in order, each with the number of the state it leads to."""
    values = [v for v in values_of(fact, one.tests) if v is not None]
    states = {value: _state(one, fact.name, value) for value in values}
    if fact.type.kind in ("number", "date"):
        yield from _by_range(states, column, printer)
    else:
        yield from _by_value(states, column, fact.type)


def _by_range(
    states: dict[Any, int], column: Column, printer: Printer
) -> Iterator[tuple[SQL, int]]:
    """Ranges of a number or a date: up to the last value before the state changes.

    The values on both sides of every change are among those tried, so between two tried values of one
    state there is no other.
    """
    for state, run in groupby(sorted(states), key=states.__getitem__):
        last = max(run)
        yield exp.LTE(this=column.value, expression=printer.literal(last)), state


def _by_value(states: dict[Any, int], column: Column, kind: Type) -> Iterator[tuple[SQL, int]]:
    """Values of a boolean, a choice or a code; the largest group last, as what is left."""
    groups: dict[int, list[Any]] = {}
    for value, state in states.items():
        groups.setdefault(state, []).append(value)
    if kind.kind == "boolean":
        ordered = sorted(groups.items(), key=lambda group: group[1] == [False])
        for state, members in ordered:
            test = column.value if members[0] else no(column.value)
            yield test, state
        return
    other = _rest(states, kind)
    for state, members in sorted(groups.items(), key=lambda group: group[0] == other):
        literals = [text(str(value)) for value in members]
        yield exp.In(this=column.value, expressions=literals), state


def _rest(states: dict[Any, int], kind: Type) -> int:
    """The state of whatever no condition names: it must come last."""
    if kind.choices is None:
        return states[next(iter(states))]  # `values_of` gives the other code first
    counts = list(states.values())
    return max(set(counts), key=counts.count)


def _of_test(one: Input, printer: Printer) -> Ways:
    test = one.tests[0]
    true = printer.true(test)
    if not test.type.absent:
        return of_truth(
            true, one.index[(one.other[0][0],)], one.index[(True,)], one.index[(False,)]
        )
    false = printer.false(test)
    return [
        (true, one.index[(True,)]),
        (false, one.index[(False,)]),
        (both(is_null(true), is_null(false)), one.index[(one.other[0][0],)]),
        (is_null(true), one.index[(NOT_FALSE,)]),
        (is_null(false), one.index[(NOT_TRUE,)]),
        (exp.true(), one.index[(None,)]),
    ]


def of_truth(true: SQL, unknown: int, yes: int, other: int) -> Ways:
    """What leads to each of the three states of a condition that is never absent."""
    return [(is_null(true), unknown), (true, yes), (exp.true(), other)]
