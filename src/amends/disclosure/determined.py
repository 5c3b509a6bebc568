"""What can be worked out exactly from published equations: linear algebra modulo two primes, no floats.

Each published value is one equation over the variables of the grid. A count can be worked out where
it is a sum of multiples of equations. All is reckoned modulo the product of two primes, so that one
pass serves for both; a number that one prime divides and the other does not is refused (`Unsure`),
because the two would then answer differently. What is worked out in fractions is worked out modulo
every prime that divides no denominator.
"""

import random
from collections.abc import Hashable, Iterable, Mapping
from math import prod
from typing import Final, TypeVar

Name = TypeVar("Name", bound=Hashable)

PRIMES: Final = (2147483647, 2147483629)
"""The two largest primes below 2**31 (Caldwell, https://t5k.org/lists/2small/0bit.html)."""
Vector = dict[int, int]
"""Numbers other than 0 modulo the product of the primes, by their variables."""


class Unsure(ArithmeticError):
    """A number that one prime divides and the other does not: nothing can be said safely."""


class Known:
    """The sums that published equations give, and the targets that they must not give.

    `add` takes an equation; `gives` says whether a sum can be worked out, and `tags` from which
    equations; `watch` takes targets, and `completes` says which of them one more equation would
    give. Rows are kept reduced: each has a variable of its own, which no other row has.
    """

    def __init__(self, primes: tuple[int, int] = PRIMES) -> None:
        self._primes, self._modulus = primes, prod(primes)
        self._rows: dict[int, Vector] = {}  # by their own variable, which is left out
        self._tags: dict[int, dict[Hashable, int]] = {}
        self._says: dict[int, int] = {}
        self._watched: dict[int, Vector] = {}  # what is left of each target
        self._targets: dict[int, tuple[int, ...]] = {}
        self._with: dict[
            int, set[int]
        ] = {}  # rows (by variable) and targets (~number) that have it
        self._seen: dict[Hashable, None] = {}
        self._pick = random.Random(0)

    def __len__(self) -> int:
        """How many equations say something that the others do not."""
        return len(self._rows)

    def watch(self, targets: Mapping[int, Iterable[int]]) -> None:
        """Watch *targets*, each a sum of variables, by number; one that is known is not watched."""
        for number, variables in targets.items():
            self._targets[number] = tuple(variables)
            if left := self.left(self._targets[number]):
                self._watched[number] = left
                for variable in left:
                    self._with.setdefault(variable, set()).add(~number)

    def left(self, variables: Iterable[int] | Vector) -> Vector:
        """What is left of a sum of variables after all that is known is taken away."""
        left = self._reduced(_vector(variables))
        for times in left.values():
            if not all(times % prime for prime in self._primes):
                raise Unsure("A number has no inverse modulo one of the primes.")
        return left

    def gives(self, variables: Iterable[int] | Vector) -> bool:
        """Whether the equations give the sum of *variables*."""
        return not self.left(variables)

    def tags(self, variables: Iterable[int] | Vector) -> list[Hashable]:
        """The tags of the equations that the sum of *variables* is made of, in the order added.

        The equations kept say each something of their own, so there is one such combination. What
        is left over where the sum is not given is passed over.
        """
        total: dict[Hashable, int] = {}
        for variable, times in _vector(variables).items():
            if variable in self._tags:
                self._take(total, self._tags[variable], times)
        return [tag for tag in self._seen if tag in total]

    def says(self, variables: Iterable[int] | Vector) -> int:
        """The number that the equations give the sum of *variables*, which they must give.

        Modulo the product of the primes: compare it with a number so reduced.
        """
        vector = _vector(variables)
        found = sum(
            times * self._says[each] for each, times in vector.items() if each in self._says
        )
        return found % self._modulus

    def agrees(self, variables: Iterable[int] | Vector, number: int) -> bool:
        """Whether the equations leave it open, or say, that the sum of *variables* is *number*."""
        return not self.gives(variables) or (self.says(variables) - number) % self._modulus == 0

    def completes(self, variables: Iterable[int] | Vector) -> list[int]:
        """The watched targets that the equations would give if the sum of *variables* were known.

        With one more equation a target is given exactly where what is left of it is a multiple of
        what is left of the equation.
        """
        left = self.left(variables)
        if not left:
            return []
        rarest = min(left, key=lambda variable: len(self._with.get(variable, ())))
        return sorted(
            ~name
            for name in self._with.get(rarest, ())
            if name < 0 and self._multiple(self._watched[~name], left, rarest)
        )

    def _multiple(self, one: Vector, other: Vector, at: int) -> bool:
        if one.keys() != other.keys():
            return False
        here, there = one[at], other[at]
        return any(
            all((one[each] * there - other[each] * here) % prime == 0 for each in one)
            for prime in self._primes
        )

    def made_of(self, target: int, variables: Iterable[int] | Vector) -> list[Hashable]:
        """The tags of the equations that give a watched target together with a sum that completes it."""
        left, other = self._watched[target], self.left(variables)
        at = next(iter(left))
        times = left[at] * pow(other[at], -1, self._modulus)
        rest = dict.fromkeys(self._targets[target], 1)
        for each, number in _vector(variables).items():
            _plus(rest, each, -times * number, self._modulus)
        return self.tags(rest)

    def add(self, variables: Iterable[int] | Vector, tag: Hashable, number: int = 0) -> bool:
        """Take the equation, known by *tag*, that the sum of *variables* is *number*.

        Says whether it is something new. Raises `Unsure`. A target that becomes known is watched no
        longer.
        """
        vector = _vector(variables)
        left = self.left(vector)
        if not left:
            return False
        self._seen[tag] = None
        # A number of its own for each equation, so that those of one tag do not cancel out.
        tags: dict[Hashable, int] = {tag: self._pick.randrange(1, self._modulus)}
        for variable, times in vector.items():
            if variable in self._tags:
                self._take(tags, self._tags[variable], times)
        number -= self.says(vector)
        # Its own variable is that which the fewest others have: there is least to clear.
        own = min(left, key=lambda variable: (len(self._with.get(variable, ())), variable))
        inverse = pow(left.pop(own), -1, self._modulus)
        row = {each: times * inverse % self._modulus for each, times in left.items()}
        marks = {each: times * inverse % self._modulus for each, times in tags.items()}
        for name in self._with.pop(own, set()):
            times = self._clear(name, own, row)
            if name >= 0:
                self._take(self._tags[name], marks, times)
                self._says[name] -= times * number * inverse
        self._rows[own], self._tags[own], self._says[own] = row, marks, number * inverse
        for variable in row:
            self._with.setdefault(variable, set()).add(own)
        return True

    def _clear(self, name: int, own: int, row: Vector) -> int:
        """Take *row*, whose own variable is *own*, from a row or target; how many times it is taken."""
        vector = self._watched[~name] if name < 0 else self._rows[name]
        times = vector.pop(own)
        before = vector.keys() & row.keys()
        self._take(vector, row, times)
        for variable in row:
            if variable not in vector:
                self._with[variable].discard(name)
            elif variable not in before:
                self._with.setdefault(variable, set()).add(name)
        if name < 0 and not vector:
            del self._watched[~name]
        return times

    def _reduced(self, vector: Vector) -> Vector:
        found: Vector = {}
        modulus = self._modulus
        for variable, times in vector.items():
            if (row := self._rows.get(variable)) is None:
                _plus(found, variable, times % modulus, modulus)
            else:
                self._take(found, row, times)
        return found

    def _take(self, found: dict[Name, int], row: Mapping[Name, int], times: int) -> None:
        """Take *row* from *found*, *times* times."""
        modulus = self._modulus
        for each, number in row.items():
            left = (found.get(each, 0) - times * number) % modulus
            if left:
                found[each] = left
            else:
                found.pop(each, None)


def _plus(found: Vector, variable: int, times: int, modulus: int) -> None:
    total = (found.get(variable, 0) + times) % modulus
    if total:
        found[variable] = total
    else:
        found.pop(variable, None)


def _vector(variables: Iterable[int] | Vector) -> Vector:
    return variables if isinstance(variables, dict) else dict.fromkeys(variables, 1)
