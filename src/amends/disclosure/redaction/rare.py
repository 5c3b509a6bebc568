"""Facts that together point to somebody, though none does alone: an age, a place, an offence, a day.

A combination is rare where fewer people than a threshold have it. Told are only the smallest, as the
minimal sample uniques of M. J. Elliot, A. M. Manning and R. W. Ford, A computational algorithm for
handling the special uniques problem, International Journal of Uncertainty, Fuzziness and
Knowledge-Based Systems 10(5), 2002.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from amends.disclosure.errors import DisclosureError

THRESHOLD: Final = 5
"""Below so many people a combination is rare: what police forces suppress most often."""

Facts = Mapping[str, Hashable]
Widen = Callable[[Hashable], Hashable]


@dataclass(frozen=True, slots=True)
class Rare:
    """Fields whose values together are rare, how many people have them, and which field to widen.

    `widen` is the field, `to` what its value becomes and `count` how many people have the
    combination then; `widen` is empty where no field alone is enough: leave one out.
    """

    fields: tuple[str, ...]
    people: int
    widen: str = ""
    to: Hashable = None
    count: int = 0


def age_band(age: Hashable) -> Hashable:
    """The band of an age: 10 to 17, 18 to 24, then by tens; what is no age is left as it is."""
    if not isinstance(age, int):
        return age
    for first, last in ((0, 9), (10, 17), (18, 24), (25, 34), (35, 44), (45, 54), (55, 64)):
        if first <= age <= last:
            return f"{first} to {last}"
    return "65 and over"


def month_of(day: Hashable) -> Hashable:
    """The month of a day, as 2013-06; what is no day is left as it is."""
    return f"{day:%Y-%m}" if isinstance(day, date) else day


def by_table(table: Mapping[Hashable, Hashable]) -> Widen:
    """Widening by a table, such as from a place to its district; what it does not list stays."""
    return lambda value: table.get(value, value)


WIDENINGS: Final[Mapping[str, Widen]] = {"age": age_band, "date": month_of}
"""How a field of each of these names is widened, unless another way is given."""


def rare_combinations(
    facts: Facts,
    population: Iterable[Facts] | Mapping[tuple[Hashable, ...], int],
    fields: Sequence[str],
    *,
    threshold: int = THRESHOLD,
    at_most: int = 3,
    widenings: Mapping[str, Widen] = WIDENINGS,
) -> tuple[Rare, ...]:
    """The smallest sets of up to *at_most* *fields* whose values in *facts* fewer than *threshold* people share.

    *population* is a record for each person, or how many people have each combination of *fields*,
    in their order. Raises `DisclosureError` where a field is missing, or a number makes no sense.
    """
    if threshold < 1 or at_most < 1:
        raise DisclosureError(
            "the threshold", f"it is {threshold}, of {at_most} fields.", "Give 1 or more."
        )
    people = _counted(population, fields)
    _check(facts, fields, "the facts")
    found: list[Rare] = []
    for size in range(1, min(at_most, len(fields)) + 1):
        for some in combinations(range(len(fields)), size):
            names = tuple(fields[at] for at in some)
            if any(set(one.fields) <= set(names) for one in found):
                continue
            count = _count(facts, people, fields, names, {})
            if count < threshold:
                found.append(
                    _advised(Rare(names, count), facts, people, fields, widenings, threshold)
                )
    return tuple(found)


def _counted(
    population: Iterable[Facts] | Mapping[tuple[Hashable, ...], int], fields: Sequence[str]
) -> Mapping[tuple[Hashable, ...], int]:
    if isinstance(population, Mapping):
        for values, count in population.items():
            if len(values) != len(fields) or count < 0:
                raise DisclosureError(
                    "the population", f"{values!r} of {count} people is not {len(fields)} values.",
                    f"Give {', '.join(fields)}.",
                )  # fmt: skip
        return population
    counted: Counter[tuple[Hashable, ...]] = Counter()
    for number, record in enumerate(population, 1):
        _check(record, fields, f"the population, record {number}")
        counted[tuple(record[name] for name in fields)] += 1
    return counted


def _check(facts: Facts, fields: Sequence[str], place: str) -> None:
    if missing := [name for name in fields if name not in facts]:
        raise DisclosureError(place, f"it does not say {missing[0]!r}.", "Say it, or leave it out.")


def _count(
    facts: Facts,
    people: Mapping[tuple[Hashable, ...], int],
    fields: Sequence[str],
    names: Sequence[str],
    widened: Mapping[str, Widen],
) -> int:
    """How many people have the values of *facts* in the fields called *names*, some of them widened."""
    ways = [(fields.index(name), widened.get(name, _as_it_is), facts[name]) for name in names]
    wanted = [way(value) for _, way, value in ways]
    return sum(
        count
        for values, count in people.items()
        if all(way(values[at]) == want for (at, way, _), want in zip(ways, wanted, strict=True))
    )


def _as_it_is(value: Hashable) -> Hashable:
    return value


def _advised(
    rare: Rare,
    facts: Facts,
    people: Mapping[tuple[Hashable, ...], int],
    fields: Sequence[str],
    widenings: Mapping[str, Widen],
    threshold: int,
) -> Rare:
    """*rare* with the field to widen: of those that are enough, the one that leaves fewest people."""
    enough = []
    for name in rare.fields:
        if name in widenings:
            count = _count(facts, people, fields, rare.fields, {name: widenings[name]})
            if count >= threshold:
                enough.append((count, rare.fields.index(name), name))
    if not enough:
        return rare
    count, _, name = min(enough)
    return Rare(rare.fields, rare.people, name, widenings[name](facts[name]), count)
