"""Which answers several conditions over one list can give together.

Whether some victim disagrees and whether every victim agrees are two tests, and not every pair of answers is
possible. Every list is, for the tests, a set of kinds of record; trying each set gives every answer.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from math import floor, prod
from typing import Any, Final

from amends.feel import Type, tree
from amends.feel.evaluating import compile_node
from amends.feel.truth import pair, truth

MOST_TRIES: Final = 20_000
"""Records and lists tried, at most; past it nothing is said of what goes together."""
LONGEST: Final = 1_000
"""The greatest length named whose like is tried."""

Answers = tuple[Any, ...]
Record = dict[str, Any]
Values = Callable[[tree.Node, tuple[tree.Node, ...]], Iterable[Any] | None]
"""Values of a field among which every class has one, or None where they cannot be listed."""


def list_of(test: tree.Node) -> str | None:
    """The list that *test* is about, if it is about nothing else; otherwise None."""
    lists = {p.list for p in tree.walk(test) if isinstance(p, tree.Quantified | tree.Count)}
    facts = any(isinstance(part, tree.Fact) for part in tree.walk(test))
    return lists.pop() if len(lists) == 1 and not facts else None


def has_length(name: str, length: int) -> tree.Node:
    """The test whether the list *name* has so many records."""
    boolean, whole = Type(kind="boolean"), Type(kind="number")
    count = tree.Count(Type(kind="number", least=0, greatest=100_000), name)
    return tree.Compare(boolean, "=", count, tree.Const(whole, length))


def telling(
    name: str,
    tests: tuple[tree.Node, ...],
    parts: Callable[[tree.Node], Iterator[tree.Node]],
    values: Values,
) -> Iterator[tree.Node]:
    """Tests of its length that tell more of a list of partly unknown records than *tests* do.

    One record cannot both agree and disagree, though a list can hold one that does and one that does
    not; and of a list with a record in it, not every answer can be that of an empty one.
    """
    lengths = (has_length(name, 0), has_length(name, 1))
    found = possible(name, (*tests, *lengths), parts, values)
    asking = [n for n, t in enumerate(tests) if any(map(_is_quantified, tree.walk(t)))]
    free = prod(3 if tests[n].type.absent else 2 for n in asking)
    for length, test in enumerate(lengths):
        here = {
            tuple(answers[n] for n in asking)
            for answers in found or ()
            if answers[len(tests) + length] is bool(length)
        }
        if found and len(here) < free:
            yield test


def _is_quantified(part: tree.Node) -> bool:
    return isinstance(part, tree.Quantified)


def is_countable(test: tree.Node) -> bool:
    """Whether all that *test* may say of the length of a list is found by trying a few lengths."""
    if not any(isinstance(part, tree.Count) for part in tree.walk(test)):
        return True
    match test:
        case (
            tree.Compare(left=tree.Count(), right=tree.Const())
            | tree.Compare(left=tree.Const(), right=tree.Count())
            | tree.OneOf(of=tree.Count())
        ):
            return all(length <= LONGEST for length in _lengths((test,)))
    return False


def possible(
    name: str,
    tests: tuple[tree.Node, ...],
    parts: Callable[[tree.Node], Iterator[tree.Node]],
    values: Values,
) -> frozenset[Answers] | None:
    """Every combination of answers that lists called *name* give to *tests*; None if not worked out.

    *parts* takes a condition apart into its smallest tests, *values* lists the values of a field. Every
    test must be countable.
    """
    records = _records(tests, parts, values)
    some = None if records is None else _lists(name, tests, records)
    if some is None:
        return None
    runs = [compile_node(test) for test in tests]
    found = set()
    for one in some:
        for length in {len(one), *_lengths(tests)} if one else {0}:
            if length >= len(one):
                facts = {name: (*one, *one[:1] * (length - len(one)))}
                found.add(tuple(truth(pair(run(facts, None))) for run in runs))
    return frozenset(found)


def _lists(
    name: str, tests: tuple[tree.Node, ...], records: list[Record]
) -> list[tuple[Record, ...]] | None:
    """A shortest list of each kind that the conditions on *records* tell apart; None if too many.

    To have one record twice changes nothing but the length, so a list grows until nothing is new.
    """
    quantified = dict.fromkeys(p for test in tests for p in tree.walk(test) if _is_quantified(p))
    runs = [compile_node(part) for part in quantified]
    found: dict[Answers, tuple[Record, ...]] = {}
    lists: list[tuple[Record, ...]] = [()]
    tried = 1
    while lists:
        new = []
        for one in lists:
            key = (bool(one), *(truth(pair(run({name: one}, None))) for run in runs))
            if key not in found:
                found[key] = one
                new.append(one)
        tried += len(new) * len(records)
        if tried > MOST_TRIES:
            return None
        lists = [(*one, record) for one in new for record in records]
    return list(found.values())


def _lengths(tests: tuple[tree.Node, ...]) -> set[int]:
    """Lengths of a list at which an answer about its length may change."""
    named = [
        value
        for test in tests
        if any(isinstance(part, tree.Count) for part in tree.walk(test))
        for part in tree.walk(test)
        for value in _constants(part)
    ]
    return {near for value in named for near in range(floor(value) - 1, floor(value) + 2)}


def _records(
    tests: tuple[tree.Node, ...], parts: Callable[[tree.Node], Iterator[tree.Node]], values: Values
) -> list[Record] | None:
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
    kinds: dict[Answers, Record] = {}
    for chosen in product(*ways):
        record = {field.name: value for field, value in zip(by_field, chosen, strict=True)}
        kinds.setdefault(tuple(truth(pair(run({}, record))) for run in runs), record)
    return list(kinds.values())


def _constants(part: tree.Node) -> tuple[Any, ...]:
    """The numbers that *part* names."""
    if isinstance(part, tree.Const):
        return (part.value,)
    return part.values if isinstance(part, tree.OneOf) else ()
