"""The second gate: whole-number witnesses for every target of a history, insiders included.

A target of true count 1 to threshold - 1 is safe where there are two populations that agree with
everything published: in one it counts at most 1, in the other at least the threshold. Each move that
the attacker finds is tested against all targets, so that few need a search of their own. Where there
is no witness, the least important number of the new answer that stands in the way is withheld; this
only sets more populations free, so what was found before stays true.

For each withheld cell the same must hold against insiders: who is alone in a withheld cell, and knows
it, sees at most 1 or at least the threshold, as everybody does. Of a count that can be cut in one
person and the rest, that person would know the rest; so it must be able to be one more than the
threshold (`targets.least`), and then there is room for whatever parts of it are asked for later.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from amends.disclosure.attacking_history import Attacker, Equation, Forbidden, Knowledge, Move
from amends.disclosure.protecting_mending import Broken
from amends.disclosure.protecting_witnesses import HIGH, LOW, Array, Checker, Pool, Sums
from amends.disclosure.targets import Target

_INFINITE: Final = float("inf")

Step = Callable[[str, int, int], None]
"""Hears what is done: what, how much of it is done, and of how much."""


def silent(what: str, done: int, of: int) -> None:
    """Tell nobody what is done."""


@dataclass(frozen=True, slots=True)
class Blamed:
    """Why a number is withheld: the target without witness, and the earlier equations that help."""

    target: Target
    earlier: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """A target that has no witness whatever the new answer says: `proven` is false after a timeout.

    `side` is `LOW` or `HIGH`; `insider` is what the person knows who would find out.
    """

    target: Target
    side: int
    insider: tuple[Knowledge, ...] | None
    proven: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What the gate found: the new equations to withhold, the targets lost before, and the witnesses."""

    withheld: dict[int, Blamed]
    lost: tuple[Lost, ...]
    moves: tuple[Move, ...]
    searches: int


def gate(
    counts: Sequence[int],
    earlier: Sequence[Equation],
    new: Sequence[Equation],
    targets: Sequence[Target],
    moves: Iterable[Mapping[int, int]] = (),
    tell: Step = silent,
) -> Found:
    """Which of the *new* equations, most important first, to withhold so that all *targets* are safe.

    *counts* are the true counts of the variables, *earlier* the equations of the history, *moves*
    changes found before, which are used where they still agree with every equation.
    """
    search = _Search(counts, earlier, new, targets)
    for move in moves:
        search.offer(move)
    search.mend()
    search.run(tell)
    search.give_back()
    return Found(search.withheld, tuple(search.lost), tuple(search.pool.moves), search.searches)


@dataclass
class _Search:
    counts: Sequence[int]
    earlier: Sequence[Equation]
    new: Sequence[Equation]
    wanted: Sequence[Target]
    withheld: dict[int, Blamed] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)
    searches: int = 0
    nearly: set[int] = field(default_factory=set)
    """Targets that can be the threshold asked for, and earlier answers leave no room for one more."""

    def __post_init__(self) -> None:
        zero = frozenset(each for one in self.earlier if not one.most for each in one.variables)
        equations = [_without(one, zero) for one in (*self.earlier, *self.new)]
        self.attacker = Attacker(self.counts, equations, zero, firm=len(self.earlier))
        self.checker = Checker(self.counts, (*self.earlier, *self.new))
        self.targets = _distinct(self.wanted, zero)
        self.sums = Sums(self.counts, self.targets, zero)
        self.pool = Pool(self.counts, self.targets, self.sums)
        self.broken = Broken(self.sums.counts)
        self.pool.keep(Move(np.empty(0, np.int64), np.empty(0, np.int64)))

    def offer(self, changes: Mapping[int, int]) -> None:
        """Count a change found before, where it is a witness still."""
        move = Move(np.array([*changes], np.int64), np.array([*changes.values()], np.int64))
        if self.checker.allows(move):
            self.pool.keep(move)
        elif len(move.variables):
            self.broken.add(move, self.checker.changes(move), self.sums.changes(move))

    def mend(self) -> None:
        """Make witnesses of those that were offered and are none any more."""
        for move in self.broken.mended(self.sums.all_wanted, covered := self.pool.covered):
            self._keep(move)
            covered[:] = self.pool.covered

    def run(self, tell: Step) -> None:
        order = sorted(range(len(self.targets)), key=self.sums.width)
        for done, target in enumerate(order):
            tell("looking for witnesses", done, len(order))
            for side in (LOW, HIGH):
                if not self.pool.covered[side, target]:
                    self._cover(target, side, None)
        for done, target in enumerate(self.pool.hidden):
            tell("looking for witnesses against insiders", done, len(self.pool.hidden))
            for side in (LOW, HIGH):
                self._cover_insiders(target, side)

    def _cover_insiders(self, target: int, side: int) -> None:
        if not self.pool.covered[side, target] and target not in self.nearly:  # lost already
            return
        know = self._join(target, side)
        self._cover_together(target, side, know)
        for insider in know:
            if insider in self.pool.knowing(target, side):
                self._cover(target, side, insider)

    def _join(self, target: int, side: int) -> list[int]:
        """Join witnesses that were found to others; the insiders who are left without."""
        know = self.pool.knowing(target, side)
        for move in self.pool.joined(target, side, know) if know else ():
            if self.checker.allows(move):
                self._keep(move)
                know = self.pool.knowing(target, side)
            if not know:
                break
        return know

    def _cover_together(self, target: int, side: int, know: Sequence[int]) -> None:
        """Find one witness against as many of those who *know* as can be, leaving out who forbids it."""
        left = list(know)
        while len(left) > 1:
            answer = self._move(target, side, left)
            if isinstance(answer, Move):
                self._keep(answer)
                return
            if not answer.known:
                return
            by = [each for each in left for _ in self.pool.insiders[each]]
            found_out = {by[at] for at in answer.known}
            left = [each for each in left if each not in found_out]

    def _cover(self, target: int, side: int, insider: int | None) -> None:
        """Find a witness, withholding numbers of the new answer until there is one."""
        know = [] if insider is None else [insider]
        while isinstance(answer := self._move(target, side, know), Forbidden):
            blamed = self._blamed(answer)
            if blamed is None:
                if know or not self._reaches_nearly(target, side):
                    self.lost.append(self._lost(target, side, insider, answer.proven))
                return
            earlier = tuple(each for each in answer.equations if each < len(self.earlier))
            self.withheld[blamed] = Blamed(self.targets[target], earlier)
            self.attacker.free(len(self.earlier) + blamed)
            self.checker.free(len(self.earlier) + blamed)
        self._keep(answer)

    def _reaches_nearly(self, target: int, side: int) -> bool:
        """Whether *target* can be the threshold that was asked for, where it cannot be one more."""
        if side == LOW or not self.sums.spare[target]:
            return False
        answer = self._move(target, side, (), spared=True)
        if isinstance(answer, Forbidden):
            return False
        self._keep(answer)
        self.nearly.add(target)
        return True

    def _lost(self, target: int, side: int, insider: int | None, proven: bool) -> Lost:
        one = None if insider is None else self.pool.insiders[insider]
        return Lost(self.targets[target], side, one, proven)

    def _blamed(self, answer: Forbidden) -> int | None:
        """The least important new number that stands in the way; of all, where nobody can tell."""
        new = {each - len(self.earlier) for each in answer.equations}
        if not answer.proven:
            new = set(range(len(self.new)))
        return max((each for each in new if each >= 0 and each not in self.withheld), default=None)

    def _move(
        self, target: int, side: int, know: Sequence[int], *, spared: bool = False
    ) -> Move | Forbidden:
        """A move that takes *target* far enough, whatever the insiders *know*; checked by addition."""
        self.searches += 1
        held = [one for each in know for one in self.pool.insiders[each]]
        variables, change = self.sums.wanted(target, side)
        if side == HIGH and (know or spared):
            change -= int(self.sums.spare[target])
        least, most = (-_INFINITE, change) if side == LOW else (change, _INFINITE)
        found = self.attacker.move(variables, least, most, held)
        if isinstance(found, Forbidden):
            return found
        wanted = Knowledge(tuple(variables), least, most)
        agrees = all(_agrees(found, one) for one in (wanted, *held))
        return found if agrees and self.checker.allows(found) else Forbidden((), False)

    def _keep(self, move: Move) -> None:
        """Keep a move, its opposite where that takes no count below 0, and multiples of both."""
        now, multiples = self.sums.counts[move.variables], []
        for sign in (1, -1):
            falls = -sign * move.changes
            most = int((now[falls > 0] // falls[falls > 0]).min(initial=self.sums.far))
            multiples += [sign * times for times in sorted({1, min(most, self.sums.far)})]
        allowed = [
            times
            for times in multiples
            if self.checker.allows(Move(move.variables, move.changes * times))
        ]
        self.pool.keep(move, allowed)

    def give_back(self) -> None:
        """Publish after all, the most important first, what enough of the witnesses agree with.

        Not where a search gave no answer: what was withheld for that stays so.
        """
        if not self.withheld or not all(one.proven for one in self.lost):
            return
        moves = list(self.pool.moves)
        kept = self._kept(moves)
        for number in sorted(self.withheld):
            against = [
                move for move, keeps in zip(moves, kept[:, number], strict=True) if not keeps
            ]
            if self.pool.spares(against):
                self.pool.drop(against)
                moves = [move for move, keeps in zip(moves, kept[:, number], strict=True) if keeps]
                kept = kept[kept[:, number]]
                del self.withheld[number]

    def _kept(self, moves: Sequence[Move]) -> Array:
        """Of each of *moves*, which of the new equations it agrees with, withheld or not."""
        sums = [sum(self.counts[each] for each in one.variables) for one in self.new]
        least = np.array([one.least for one in self.new], np.int64) - sums
        most = np.array([one.most for one in self.new], np.int64) - sums
        changes = np.array([self.checker.changes(move)[len(self.earlier) :] for move in moves])
        changes = changes.reshape(len(moves), len(self.new))
        agreed: Array = (least <= changes) & (changes <= most)
        return agreed


def _agrees(move: Move, knowledge: Knowledge) -> bool:
    """Whether *move* agrees with what somebody knows."""
    held = set(knowledge.variables)
    pairs = zip(move.variables.tolist(), move.changes.tolist(), strict=True)
    change: int = sum(change for each, change in pairs if each in held)
    return knowledge.least <= change <= knowledge.most


def _without(equation: Equation, zero: frozenset[int]) -> Equation:
    left = tuple(each for each in equation.variables if each not in zero)
    return Equation(left, equation.least, equation.most)


def _distinct(targets: Iterable[Target], zero: frozenset[int]) -> list[Target]:
    """One of those *targets* that are the same sums, withheld ones first."""
    found: dict[tuple[object, ...], Target] = {}
    for one in sorted(targets, key=lambda one: not one.hidden):
        inside = tuple(each for each in one.inside if each not in zero)
        found.setdefault(
            (inside, tuple(each for each in one.cut if each not in zero), one.threshold), one
        )
    return list(found.values())
