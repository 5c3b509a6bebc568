"""Which answers several comparisons of the same two facts can give together.

Whether one day is before another and whether it is not are two tests, of which just one says yes.
"""

from itertools import product
from typing import Any, Final

from amends.feel import tree
from amends.feel.evaluating import compile_node
from amends.feel.truth import pair, truth

_KINDS: Final = frozenset(("number", "date", "string"))
_TWO: Final = (0, 1)
"""Stand for two values of any kind: all that is asked of them is how they compare."""


def pair_of(test: tree.Node) -> frozenset[tree.Fact] | None:
    """The two facts that *test* compares, if that is all it does; otherwise None."""
    match test:
        case tree.Compare(left=tree.Fact() as one, right=tree.Fact() as two):
            return frozenset((one, two)) if one != two and one.type.kind in _KINDS else None
    return None


def possible(tests: tuple[tree.Node, ...]) -> frozenset[tuple[Any, ...]]:
    """Every combination of answers that *tests* give, all of them comparisons of the same two facts.

    A fact may hold fewer values than are tried, so a combination too many may be among them, and never
    one too few.
    """
    facts = sorted(pair_of(tests[0]) or (), key=lambda fact: fact.name)
    runs = [compile_node(test) for test in tests]
    ways = [(*_TWO, *([None] if fact.type.absent else [])) for fact in facts]
    found = set()
    for values in product(*ways):
        told = dict(zip((fact.name for fact in facts), values, strict=True))
        found.add(tuple(truth(pair(run(told, None))) for run in runs))
    return frozenset(found)
