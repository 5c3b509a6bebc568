"""Every kind of fully known case that some conditions can tell apart, each with a case of that kind.

The smallest tests of the conditions fall into *parts* that share no fact. In each part the values
beside every constant are tried, and one of each kind that they make is kept. Whatever a check finds
it can therefore show: a case in which it is so.
"""

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations_with_replacement, islice, product
from typing import Any, Final

from amends.feel import Type, tree
from amends.feel.evaluating import compile_node
from amends.feel.values import Months, add_months
from amends.policy.facts import Facts
from amends.policy.inputs import OTHER_CODE, WIDEST_RANGE, tests_in

MOST_CASES: Final = 200_000
"""Combinations tried for one check, at most."""
MOST_TRIED: Final = 20_000
"""Values tried for one part, at most."""
MOST_RECORDS: Final = 3
"""Records in a list that is tried; a count may ask for more, up to LONGEST_LIST."""
LONGEST_LIST: Final = 100
SOME_DAY: Final = dt.date(2015, 6, 15)


@dataclass(frozen=True, eq=False)
class Part:
    """Some tests that share facts with each other and with no other part.

    `kinds` holds one set of facts for each kind of case they tell apart; `exact` says that no other
    kind can be.
    """

    tests: tuple[tree.Node, ...]
    kinds: tuple[Facts, ...]
    exact: bool


class TooMany(Exception):
    """More combinations than are tried; `count` says how many."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(f"Not checked exactly: {count:,} combinations.")


class Circumstances:
    """The kinds of case that *conditions* can tell apart."""

    def __init__(self, conditions: Iterable[tree.Node]) -> None:
        tests = dict.fromkeys(test for node in conditions for test in tests_in(node))
        self.parts = tuple(map(_part, _groups(tests)))
        self._part_of = {test: part for part in self.parts for test in part.tests}

    def of(self, *conditions: tree.Node) -> tuple[Part, ...]:
        """The parts that the *conditions* ask about."""
        tests = (test for node in conditions for test in tests_in(node))
        return tuple(dict.fromkeys(self._part_of[test] for test in tests))

    def cases(self, *conditions: tree.Node) -> Iterator[Facts]:
        """A case of every kind that *conditions* can tell apart.

        Raises TooMany where there are more than MOST_CASES.
        """
        parts = self.of(*conditions)
        count = math.prod(len(part.kinds) for part in parts)
        if count > MOST_CASES:
            raise TooMany(count)
        for chosen in product(*(part.kinds for part in parts)):
            yield {name: value for facts in chosen for name, value in facts.items()}

    def exact(self, *conditions: tree.Node) -> bool:
        """Whether `cases` leaves no kind out."""
        return all(part.exact for part in self.of(*conditions))


# --- which tests share facts ----------------------------------------------------------------------


def _tops(test: tree.Node) -> frozenset[str]:
    """The facts of a case that *test* asks about: a list counts as one."""
    found = set()
    for part in tree.walk(test):
        match part:
            case tree.Fact(name=name) | tree.Count(list=name) | tree.Quantified(list=name):
                found.add(name)
    return frozenset(found)


def _groups(tests: Iterable[tree.Node]) -> list[tuple[tree.Node, ...]]:
    groups: list[tuple[frozenset[str], tuple[tree.Node, ...]]] = []
    for test in tests:
        names = _tops(test)
        members: tuple[tree.Node, ...] = (test,)
        for other in [group for group in groups if group[0] & names]:
            groups.remove(other)
            names, members = other[0] | names, (*other[1], *members)
        groups.append((names, members))
    return [members for _, members in groups]


# --- the kinds of one part ------------------------------------------------------------------------


def _part(tests: tuple[tree.Node, ...]) -> Part:
    runs = [compile_node(test) for test in tests]
    kinds: dict[tuple[Any, ...], Facts] = {}
    tried = list(islice(_tries(tests), MOST_TRIED))
    for facts in tried:
        kinds.setdefault(tuple(run(facts, None) for run in runs), facts)
    return Part(tests, tuple(kinds.values()), len(tried) < MOST_TRIED and _exact(tests))


def _tries(tests: tuple[tree.Node, ...]) -> Iterator[Facts]:
    """Cases that differ in what the *tests* ask about."""
    scalars, lists = _scalars(tests), _list_names(tests)
    for values in product(*scalars.values()):
        facts = dict(zip(scalars, values, strict=True))
        ways = [_lists_of(name, tests, facts) for name in lists]
        for chosen in product(*ways):
            yield {**facts, **dict(zip(lists, chosen, strict=True))}


def _exact(tests: tuple[tree.Node, ...]) -> bool:
    """Whether trying was enough: one fact, whose every value was tried or only compared."""
    if len({name for test in tests for name in _tops(test)}) > 1:
        return False
    parts = [part for test in tests for part in tree.walk(test)]
    lists = [part for part in parts if isinstance(part, tree.Quantified)]
    if len(lists) > MOST_RECORDS:
        return False
    whole = [part for part in parts if isinstance(part, tree.Fact) and _tried_whole(part.type)]
    return bool(whole) or not any(isinstance(p, tree.Arithmetic | tree.Call) for p in parts)


def _scalars(tests: tuple[tree.Node, ...]) -> dict[str, list[Any]]:
    """The values to try for each fact that is no list."""
    facts = [part for test in tests for part in tree.walk(test) if isinstance(part, tree.Fact)]
    return {fact.name: _values(fact.type, tests, whole=len(_all(facts)) == 1) for fact in facts}


def _all(facts: list[tree.Fact]) -> set[str]:
    return {fact.name for fact in facts}


def _tried_whole(kind: Type) -> bool:
    if kind.kind == "boolean" or kind.choices is not None:
        return True
    if kind.kind != "number" or kind.least is None or kind.greatest is None:
        return False
    return kind.greatest - kind.least < WIDEST_RANGE


def _values(kind: Type, tests: tuple[tree.Node, ...], *, whole: bool) -> list[Any]:
    """Values of *kind*: all of them, or those beside each constant of the *tests*."""
    absent = [None] if kind.absent else []
    if kind.kind == "boolean":
        return [False, True, *absent]
    if kind.choices is not None:
        return [*kind.choices, *absent]
    constants = _constants(tests)
    if kind.kind == "number":
        return [*_numbers(kind, constants, whole=whole), *absent]
    if kind.kind == "date":
        return [*_days(constants, _dated(tests)), *absent]
    texts = [value for value in constants if isinstance(value, str)]
    return [*dict.fromkeys((OTHER_CODE, *texts)), *absent]


def _constants(tests: Iterable[tree.Node]) -> list[Any]:
    found: list[Any] = []
    for part in (part for test in tests for part in tree.walk(test)):
        if isinstance(part, tree.Const):
            found.append(part.value)
        elif isinstance(part, tree.OneOf):
            found += part.values
    return [one for value in found for one in (value if isinstance(value, tuple) else (value,))]


def _numbers(kind: Type, constants: list[Any], *, whole: bool) -> list[int]:
    least, greatest = kind.least or 0, kind.greatest or 0
    if whole and _tried_whole(kind):
        return list(range(least, greatest + 1))
    near = {int(one) + step for one in constants if _is_number(one) for step in (-1, 0, 1)}
    return sorted({least, greatest} | {one for one in near if least <= one <= greatest})


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _dated(tests: Iterable[tree.Node]) -> bool:
    """Whether a test asks for a part of a date, such as its year."""
    parts = (part for test in tests for part in tree.walk(test))
    return any(isinstance(part, tree.Call) and part.function.startswith(".") for part in parts)


def _days(constants: list[Any], dated: bool) -> list[dt.date]:
    base = {SOME_DAY, *(one for one in constants if type(one) is dt.date)}
    if dated:
        base |= {dt.date(2015, month, day) for month in range(1, 13) for day in (1, 2, 28)}
        years = {int(one) for one in constants if _is_number(one) and 1900 < one < 2100}
        base |= {dt.date(year + step, 1, 1) for year in years for step in (-1, 0, 1)}
    near = set(base)
    for length in (one for one in constants if isinstance(one, Months | dt.timedelta)):
        near |= {day for start in base for day in _moved(start, length)}
    around = {day + dt.timedelta(days=step) for day in near for step in (-1, 0, 1)}
    return sorted(around)


def _moved(day: dt.date, length: Months | dt.timedelta) -> Iterator[dt.date]:
    if isinstance(length, Months):
        found = (add_months(day, length.months), add_months(day, -length.months))
        yield from (one for one in found if one)
    else:
        yield from (day + length, day - length)


# --- lists ----------------------------------------------------------------------------------------


def _list_names(tests: tuple[tree.Node, ...]) -> list[str]:
    parts = (part for test in tests for part in tree.walk(test))
    lists = (part.list for part in parts if isinstance(part, tree.Quantified | tree.Count))
    return list(dict.fromkeys(lists))


def _lists_of(name: str, tests: tuple[tree.Node, ...], facts: Facts) -> list[Any]:
    """The lists of records to try for *name*, in a case with these *facts*."""
    records = _records(name, tests, facts)
    found: list[Any] = []
    for length in range(MOST_RECORDS + 1):
        found += combinations_with_replacement(records, length)
    for length in sorted(_lengths(tests)):
        found += [(record,) * length for record in records]
    return found


def _lengths(tests: tuple[tree.Node, ...]) -> set[int]:
    counted = [test for test in tests if any(isinstance(p, tree.Count) for p in tree.walk(test))]
    numbers = (int(one) for one in _constants(counted) if _is_number(one))
    near = {number + step for number in numbers for step in (-1, 0, 1)}
    return {length for length in near if MOST_RECORDS < length <= LONGEST_LIST}


def _records(name: str, tests: tuple[tree.Node, ...], facts: Facts) -> list[dict[str, Any]]:
    """One record of every kind that the tests on the list *name* can tell apart."""
    parts = [part for test in tests for part in tree.walk(test)]
    fields = {p.name: p.type for p in parts if isinstance(p, tree.Field) and p.list == name}
    bodies = [p.body for p in parts if isinstance(p, tree.Quantified) and p.list == name]
    runs = [compile_node(body) for body in bodies]
    ways = [_values(kind, tests, whole=len(fields) == 1) for kind in fields.values()]
    kinds: dict[Any, dict[str, Any]] = {}
    for values in islice(product(*ways), MOST_TRIED):
        record = dict(zip(fields, values, strict=True))
        kinds.setdefault(tuple(run(facts, record) for run in runs), record)
    return list(kinds.values())
