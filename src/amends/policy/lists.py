"""Which answers several conditions over one list can give together.

Whether some victim disagrees and whether every victim agrees are two tests, and not every pair of answers is
possible. Every list is, for the tests, a set of kinds of record; trying each set gives every answer.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, product
from math import prod
from typing import Any, Final

from amends.feel import Type, tree
from amends.feel.evaluating import compile_node
from amends.feel.truth import pair, truth

MOST_KINDS: Final = 10
"""Kinds of record told apart, at most; past it nothing is said of what goes together."""
MOST_TRIES: Final = 20_000
"""Records tried, at most."""

Answers = tuple[Any, ...]
Values = Callable[[tree.Node, tuple[tree.Node, ...]], Iterable[Any] | None]
"""Values of a field among which every class has one, or None where they cannot be listed."""


def list_of(test: tree.Node) -> str | None:
    """The list that *test* is about, if it is about nothing else; otherwise None."""
    lists = {p.list for p in tree.walk(test) if isinstance(p, tree.Quantified | tree.Count)}
    facts = any(isinstance(part, tree.Fact) for part in tree.walk(test))
    return lists.pop() if len(lists) == 1 and not facts else None


def is_empty(name: str) -> tree.Node:
    """The test whether the list *name* is empty."""
    boolean, whole = Type(kind="boolean"), Type(kind="number")
    count = tree.Count(Type(kind="number", least=0, greatest=100_000), name)
    return tree.Compare(boolean, "=", count, tree.Const(whole, 0))


def possible(
    name: str,
    tests: tuple[tree.Node, ...],
    parts: Callable[[tree.Node], Iterator[tree.Node]],
    values: Values,
) -> frozenset[Answers] | None:
    """Every combination of answers that lists called *name* give to *tests*; None if not worked out.

    *parts* takes a condition apart into its smallest tests, *values* lists the values of a field.
    """
    records = _records(tests, parts, values)
    if records is None or len(records) > MOST_KINDS:
        return None
    runs = [compile_node(test) for test in tests]
    lengths = _lengths(tests)
    found = set()
    for size in range(len(records) + 1):
        for some in combinations(records, size):
            for extra in [n - size for n in lengths if n >= size and some] or [0]:
                facts = {name: (*some, *some[:1] * extra)}
                found.add(tuple(truth(pair(run(facts, None))) for run in runs))
    return frozenset(found)


def _lengths(tests: tuple[tree.Node, ...]) -> list[int]:
    """Lengths of a list among which every answer about its length is found."""
    counted = [t for t in tests if any(isinstance(p, tree.Count) for p in tree.walk(t))]
    constants = {
        int(part.value)
        for test in counted
        for part in tree.walk(test)
        if isinstance(part, tree.Const) and isinstance(part.value, int)
    }
    return sorted({n for c in constants for n in (c - 1, c, c + 1) if n >= 0} | {MOST_KINDS})


def _records(
    tests: tuple[tree.Node, ...], parts: Callable[[tree.Node], Iterator[tree.Node]], values: Values
) -> list[dict[str, Any]] | None:
    """One record of each kind that the bodies of *tests* tell apart; None if they cannot be listed."""
    bodies = [
        part.body for test in tests for part in tree.walk(test) if isinstance(part, tree.Quantified)
    ]
    by_field: dict[tree.Field, list[tree.Node]] = {}
    for body in bodies:
        for test in parts(body):
            fields = {part for part in tree.walk(test) if isinstance(part, tree.Field)}
            if len(fields) != 1:
                return None
            by_field.setdefault(fields.pop(), []).append(test)
    listed = [values(field, tuple(asked)) for field, asked in by_field.items()]
    ways = [list(one) for one in listed if one is not None]
    if len(ways) < len(listed) or prod(map(len, ways)) > MOST_TRIES:
        return None
    runs = [compile_node(body) for body in bodies]
    kinds: dict[Answers, dict[str, Any]] = {}
    for chosen in product(*ways):
        record = {field.name: value for field, value in zip(by_field, chosen, strict=True)}
        kinds.setdefault(tuple(truth(pair(run({}, record))) for run in runs), record)
    return list(kinds.values())
