"""How often a decision falls on one group, beside another: the relative rate index."""

from dataclasses import dataclass
from math import exp, sqrt

from amends.disclosure.errors import DisclosureError

AT_LEAST = 60  # people; the Justice Data Lab's smallest group
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People of one group who reached a decision point, and those of them so decided."""

    name: str
    decided: int
    reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A ratio of two rates with its 95 % interval (no unit)."""

    ratio: float
    low: float
    high: float


def relative_rate(group: Group, reference: Group, *, at_least: int = AT_LEAST) -> Index:
    """The rate of *group* over that of *reference*, with Katz's interval on the log scale.

    Raises DisclosureError where a group is under *at_least* people, or nobody was so decided:
    the interval would then have no end. Source: Katz and others 1978, doi 10.2307/2530610.
    """
    for each in (group, reference):
        _check(each, at_least)
    ratio = (group.decided / group.reached) / (reference.decided / reference.reached)
    spread = NORMAL_95 * sqrt(_variance(group) + _variance(reference))
    return Index(ratio=ratio, low=ratio * exp(-spread), high=ratio * exp(spread))


def _variance(group: Group) -> float:
    return 1 / group.decided - 1 / group.reached


def _check(group: Group, at_least: int) -> None:
    if group.reached < at_least:
        raise DisclosureError(
            f"group {group.name!r}",
            f"has {group.reached} people, too few for a rate",
            f"At least {at_least} are needed.",
        )
    if not 0 < group.decided <= group.reached:
        raise DisclosureError(
            f"group {group.name!r}",
            f"{group.decided} decided of {group.reached} who reached the decision has no interval",
            "At least 1 must be decided, and at most all.",
        )
