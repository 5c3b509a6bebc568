"""Shares, means and ranks of published counts: as exact as what was published, and no more.

A figure worked out from a withheld count would tell of it. So each comes as a least and a greatest
value, found from what is published alone; they are equal where every count was told.
"""

from collections.abc import Sequence
from fractions import Fraction

from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Value

Range = tuple[Fraction, Fraction | None]
"""A least and a greatest value; None where nothing published gives a greatest."""


def bounds(value: Value) -> tuple[int, int | None]:
    """The least and the greatest count that a published *value* leaves open."""
    if value is None:
        return 0, None
    return (value, value) if isinstance(value, int) else value


def share(part: Value, whole: Value) -> tuple[Fraction, Fraction]:
    """The share that *part* has of *whole*, from 0 to 1; raises `DisclosureError` of a share of nothing."""
    least, greatest = bounds(part)
    fewest, most = bounds(whole)
    if most == 0:
        raise DisclosureError("a share", "there is no share of nothing")
    lower = Fraction(0) if most is None else min(Fraction(1), Fraction(least, most))
    if greatest is None or greatest >= fewest:
        return lower, Fraction(1)
    return lower, Fraction(greatest, fewest)


def mean(total: Value, number: Value) -> Range:
    """How many of *total* there are to each of *number*; raises `DisclosureError` where there is none."""
    least, greatest = bounds(total)
    fewest, most = bounds(number)
    if most == 0:
        raise DisclosureError("a mean", "there is no mean of nothing")
    lower = Fraction(0) if most is None else Fraction(least, most)
    return lower, None if greatest is None or not fewest else Fraction(greatest, fewest)


def rank(values: Sequence[Value], at: int) -> tuple[int, int]:
    """The best and the worst place, from 1, that the value *at* may have among *values*, the greatest first."""
    least, greatest = bounds(values[at])
    others = [bounds(value) for number, value in enumerate(values) if number != at]
    surely = sum(greatest is not None and low > greatest for low, _ in others)
    maybe = sum(high is None or high > least for _, high in others)
    return 1 + surely, 1 + maybe
