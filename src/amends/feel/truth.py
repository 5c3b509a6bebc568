"""Kleene logic, with FEEL's null beside it.

A boolean is written as two questions, *is it true?* and *is it false?*, each answered yes, no or not
known (True, False, None). Null answers no to both. Printers of SQL use the same two questions, which
is why every engine agrees. Sources: S. C. Kleene (1952), section 64; DMN 1.5, 10.3.2.8 (null).
"""

from collections.abc import Iterable
from typing import Final

from amends.feel.values import NOT_FALSE, NOT_TRUE, UNKNOWN, UNKNOWN_OR_ABSENT, Unknown

Kleene = bool | None
Truth = bool | None | Unknown
Pair = tuple[Kleene, Kleene]

_PAIRS: Final[dict[object, Pair]] = {
    True: (True, False),
    False: (False, True),
    None: (False, False),
    UNKNOWN: (None, None),
    UNKNOWN_OR_ABSENT: (None, None),
    NOT_TRUE: (False, None),
    NOT_FALSE: (None, False),
}
_VALUES: Final[dict[Pair, Truth]] = {
    (False, False): None,
    (None, None): UNKNOWN,
    (False, None): NOT_TRUE,
    (None, False): NOT_FALSE,
}


def pair(value: object) -> Pair:
    """Is *value* true, and is it false?"""
    return _PAIRS[value]


def truth(pair: Pair) -> Truth:
    """The boolean whose two answers are *pair*."""
    if pair[0] is True:
        return True
    return False if pair[1] is True else _VALUES[pair]


def negated(value: object) -> Truth:
    """FEEL's `not`."""
    true, false = _PAIRS[value]
    return truth((false, true))


def both(values: Iterable[Kleene]) -> Kleene:
    """Kleene's *and*: no if any is no, yes if all are yes, otherwise not known."""
    answer: Kleene = True
    for value in values:
        if value is False:
            return False
        if value is None:
            answer = None
    return answer


def either(values: Iterable[Kleene]) -> Kleene:
    """Kleene's *or*: yes if any is yes, no if all are no, otherwise not known."""
    answer: Kleene = False
    for value in values:
        if value is True:
            return True
        if value is None:
            answer = None
    return answer


def opposite(value: Kleene) -> Kleene:
    """Kleene's *not*."""
    return None if value is None else not value


def conjunction(values: list[object]) -> Truth:
    """FEEL's `and` of any number of booleans."""
    pairs = [_PAIRS[value] for value in values]
    return truth((both(p[0] for p in pairs), either(p[1] for p in pairs)))


def disjunction(values: list[object]) -> Truth:
    """FEEL's `or` of any number of booleans."""
    pairs = [_PAIRS[value] for value in values]
    return truth((either(p[0] for p in pairs), both(p[1] for p in pairs)))


def same(left: object, right: object, *, left_absent: bool, right_absent: bool) -> Truth:
    """FEEL's `=` between two booleans; *left_absent* says that the left one may be null."""
    (lt, lf), (rt, rf) = _PAIRS[left], _PAIRS[right]
    ln = both((opposite(lt), opposite(lf))) if left_absent else False
    rn = both((opposite(rt), opposite(rf))) if right_absent else False
    equal = either((both((lt, rt)), both((lf, rf)), both((ln, rn))))
    return truth((equal, opposite(equal)))
