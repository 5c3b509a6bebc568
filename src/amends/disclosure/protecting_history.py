"""The second gate: whole-number witnesses for every target of a history, insiders included.

A target of true count 1 to threshold - 1 is safe where there are two populations that agree with
everything published: in one it counts at most 1, in the other at least the threshold. Each move that
the attacker finds is tested against all targets, so that few need a search of their own. Where there
is no witness, the least important number of the new answer that stands in the way is withheld; this
only sets more populations free, so what was found before stays true.

For each withheld cell the same must hold against insiders, who know their own record. Who is alone in
a withheld cell, and knows it, sees at most 1 or at least the threshold, as everybody does. Whoever
knows only that they are there sees at most 1 or at least the threshold - 1: of a published 5 they know
that the others are 4, whatever else is withheld. Where earlier answers leave no room for the first,
the second holds for them too.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from amends.disclosure.attacking_history import Attacker, Equation, Forbidden, Knowledge, Move
from amends.disclosure.targets import Target

LOW, HIGH = 0, 1
_INFINITE: Final = float("inf")

Step = Callable[[str, int, int], None]
"""Hears what is done: what, how much of it is done, and of how much."""
Array = np.ndarray[Any, np.dtype[Any]]


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

    `side` is `LOW` or `HIGH`; `insider` is what the person knows who would find out. Where `weaker`, one
    less than the threshold can still be reached against the insider.
    """

    target: Target
    side: int
    insider: Knowledge | None
    weaker: bool
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

    def __post_init__(self) -> None:
        zero = frozenset(each for one in self.earlier if not one.most for each in one.variables)
        equations = [_without(one, zero) for one in (*self.earlier, *self.new)]
        self.attacker = Attacker(self.counts, equations, zero)
        self.checker = _Checker(self.counts, (*self.earlier, *self.new))
        self.targets = _distinct(self.wanted, zero)
        self.sums = _Sums(self.counts, self.targets, zero)
        self.pool = _Pool(self.counts, self.targets, self.sums)
        self.pool.keep(Move(np.empty(0, np.int64), np.empty(0, np.int64)))

    def offer(self, changes: Mapping[int, int]) -> None:
        """Count a change found before, where it is a witness still."""
        move = Move(np.array([*changes], np.int64), np.array([*changes.values()], np.int64))
        if self.checker.allows(move):
            self.pool.keep(move)

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
        if not self.pool.covered[side, target]:  # lost already
            return
        know = self.pool.knowing(target, side)
        if len(know) > 1 and isinstance(answer := self._move(target, side, know), Move):
            self._keep(answer)
        for insider in know:
            if insider in self.pool.knowing(target, side):
                self._cover(target, side, insider)

    def _cover(self, target: int, side: int, insider: int | None) -> None:
        """Find a witness, withholding numbers of the new answer until there is one."""
        know = [] if insider is None else [insider]
        while isinstance(answer := self._move(target, side, know), Forbidden):
            blamed = self._blamed(answer)
            if blamed is None:
                self.lost.append(self._lost(target, side, insider, answer.proven))
                return
            earlier = tuple(each for each in answer.equations if each < len(self.earlier))
            self.withheld[blamed] = Blamed(self.targets[target], earlier)
            self.attacker.free(len(self.earlier) + blamed)
        self._keep(answer)

    def _lost(self, target: int, side: int, insider: int | None, proven: bool) -> Lost:
        one, weaker = None, False
        if insider is not None:
            one, weaker = self.pool.insiders[insider], insider < self.pool.alone
        return Lost(self.targets[target], side, one, weaker, proven)

    def _blamed(self, answer: Forbidden) -> int | None:
        """The least important new number that stands in the way; of all, where nobody can tell."""
        new = {each - len(self.earlier) for each in answer.equations}
        if not answer.proven or not answer.equations:
            new = set(range(len(self.new)))
        return max((each for each in new if each >= 0 and each not in self.withheld), default=None)

    def _move(self, target: int, side: int, know: Sequence[int]) -> Move | Forbidden:
        self.searches += 1
        held = [self.pool.insiders[each] for each in know]
        variables, change = self.sums.wanted(target, side)
        if side == HIGH and know and min(know) >= self.pool.alone:
            change -= 1
        least, most = (-_INFINITE, change) if side == LOW else (change, _INFINITE)
        return self.attacker.move(variables, least, most, held)

    def _keep(self, move: Move) -> None:
        """Keep a move, its opposite where that takes no count below 0, and multiples of both."""
        for one in (move, Move(move.variables, -move.changes)):
            now = self.sums.counts[one.variables]
            falls = one.changes < 0
            most = int((now[falls] // -one.changes[falls]).min(initial=1 << 30))
            for times in {1, min(most, self.sums.far)} if most else ():
                if self._agrees(one, times):
                    self.pool.keep(Move(one.variables, one.changes * times))

    def _agrees(self, move: Move, times: int) -> bool:
        """Whether a multiple of a move keeps to the intervals that were published."""
        return times == 1 or all(one.least == one.most for one in (*self.earlier, *self.new))

    def give_back(self) -> None:
        """Publish after all, the most important first, what enough of the witnesses agree with.

        Not where a search gave no answer: what was withheld for that stays so.
        """
        if not all(one.proven for one in self.lost):
            return
        for number in sorted(self.withheld):
            against = [
                move for move in self.pool.moves if not keeps(move, self.counts, self.new[number])
            ]
            if self.pool.spares(against):
                self.pool.drop(against)
                del self.withheld[number]


def keeps(move: Move, counts: Sequence[int], equation: Equation) -> bool:
    """Whether *counts* changed by *move* agree with *equation*."""
    held = set(equation.variables)
    total: int = sum(counts[each] for each in equation.variables)
    pairs = zip(move.variables.tolist(), move.changes.tolist(), strict=True)
    total += sum(change for each, change in pairs if each in held)
    return equation.least <= total <= equation.most


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


class _Checker:
    """Says by addition whether a move leaves every published value as it is, and no count below 0."""

    def __init__(self, counts: Sequence[int], equations: Sequence[Equation]) -> None:
        self._counts = np.array(counts, np.int64)
        self._holders = _holders(len(counts), [one.variables for one in equations])
        now = np.array([sum(counts[each] for each in one.variables) for one in equations], np.int64)
        self._least = np.array([one.least for one in equations], np.int64) - now
        self._most = np.array([one.most for one in equations], np.int64) - now

    def allows(self, move: Move) -> bool:
        """Whether *move* leads to a witness."""
        change = _changed(self._holders, move, len(self._least))
        agrees = (self._least <= change).all() and (change <= self._most).all()
        return bool(agrees and (self._counts[move.variables] + move.changes >= 0).all())


class _Sums:
    """The sums of variables that targets are, and how far a move takes each."""

    def __init__(
        self, counts: Sequence[int], targets: Sequence[Target], zero: frozenset[int]
    ) -> None:
        self.counts = np.array(counts, np.int64)
        self.variables = tuple(
            [[each for each in one if each not in zero] for one in lists]
            for lists in (
                [one.inside for one in targets],
                [(*one.inside, *one.cut) for one in targets],
            )
        )
        self._holders = tuple(_holders(len(counts), lists) for lists in self.variables)
        thresholds = [one.threshold for one in targets]
        self.far = max(thresholds, default=1)
        self._want = np.array([[1] * len(targets), thresholds], np.int64)
        self._now = np.array(
            [[sum(counts[each] for each in one) for one in lists] for lists in self.variables],
            np.int64,
        )

    def width(self, target: int) -> int:
        """How many variables *target* is the sum of."""
        return len(self.variables[HIGH][target])

    def wanted(self, target: int, side: int) -> tuple[list[int], int]:
        """The variables to move, and how far at least."""
        change = self._want[side, target] - self._now[side, target]
        return self.variables[side][target], int(change)

    def reached(self, move: Move) -> tuple[Array, Array]:
        """Which targets a move takes far enough, down and up; and which to within one of it, up."""
        many = self._want.shape[1]
        low = self._now[LOW] + _changed(self._holders[LOW], move, many) <= self._want[LOW]
        high = self._now[HIGH] + _changed(self._holders[HIGH], move, many) - self._want[HIGH]
        return np.stack([low, high >= 0]), np.stack([low, high >= -1])


def _holders(many: int, lists: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """For each of *many* variables, which lists have it: where they start, and the numbers of lists."""
    variables = np.array([each for one in lists for each in one], np.int64)
    numbers = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
    order = np.argsort(variables, kind="stable")
    return np.searchsorted(variables[order], np.arange(many + 1)), numbers[order]


def _changed(holders: tuple[Array, Array], move: Move, many: int) -> Array:
    """How far a move takes each of *many* sums."""
    start, items = holders
    change = np.zeros(many, np.int64)
    for each, by in zip(move.variables.tolist(), move.changes.tolist(), strict=True):
        change[items[start[each] : start[each + 1]]] += by
    return change


class _Pool:
    """The moves found, and what they cover.

    Insiders are first those who know that they are alone in a withheld cell; then the same once more,
    and whoever knows that the variable that they are in counts at least 1, against whom the
    threshold - 1 is enough. `_asked` says, for each withheld target, which of them must be answered.
    """

    def __init__(self, counts: Sequence[int], targets: Sequence[Target], sums: _Sums) -> None:
        self._sums = sums
        self.hidden = [at for at, one in enumerate(targets) if one.hidden]
        self._row = {target: row for row, target in enumerate(self.hidden)}
        alone = [targets[at].inside for at in self.hidden if targets[at].count == 1]
        records = [(each,) for each, count in enumerate(counts) if count]
        self.alone = len(alone)
        self.insiders = [
            *(Knowledge(inside, 0, 0) for inside in (*alone, *alone)),
            *(Knowledge(one, 1 - counts[one[0]], _INFINITE) for one in records),
        ]
        self._knowledge = _Knowledge(self.insiders, len(counts))
        own = [{each for each in one.variables if counts[each]} for one in self.insiders]
        self._asked = np.ones((len(self.hidden), len(own)), bool)
        for row, target in enumerate(self.hidden):
            if targets[target].count == 1:  # who is the only one in it finds out about nobody else
                inside = set(targets[target].inside)
                self._asked[row] = [one.isdisjoint(inside) for one in own]
        self.moves: list[Move] = []
        self._reached = np.zeros((2, len(targets)), np.int32)  # by how many moves
        self._answered = np.zeros((2, *self._asked.shape), np.int32)

    @property
    def covered(self) -> Array:
        """Low and high, which targets have a witness."""
        return self._reached > 0

    def keep(self, move: Move) -> None:
        """Count a move, where it covers what was not covered."""
        reached, answers = self._covered(move)
        new = answers & (self._answered == 0) & self._asked
        if (reached & (self._reached == 0)).any() or new.any():
            self.moves.append(move)
            self._reached += reached
            self._answered += answers

    def _covered(self, move: Move) -> tuple[Array, Array]:
        """The targets, and of withheld ones the insiders, that a move is a witness for."""
        reached, nearly = self._sums.reached(move)
        agreed = self._knowledge.agree(move)
        answers = np.empty(self._answered.shape, bool)
        answers[..., : self.alone] = reached[:, self.hidden, None] & agreed[: self.alone]
        answers[..., self.alone :] = nearly[:, self.hidden, None] & agreed[self.alone :]
        return reached, answers

    def knowing(self, target: int, side: int) -> list[int]:
        """The insiders, by number, against whom *target* has no witness."""
        row = self._row[target]
        left = self._asked[row] & (self._answered[side, row] == 0)
        return [int(each) for each in np.flatnonzero(left)]

    def spares(self, moves: Sequence[Move]) -> bool:
        """Whether all is still covered that is, without *moves*."""
        reached, answered = np.zeros_like(self._reached), np.zeros_like(self._answered)
        for move in moves:
            one, other = self._covered(move)
            reached += one
            answered += other
        lost = (answered == self._answered) & (answered > 0) & self._asked
        return not lost.any() and not ((reached == self._reached) & (reached > 0)).any()

    def drop(self, moves: Sequence[Move]) -> None:
        """Do without *moves*."""
        for move in moves:
            reached, answers = self._covered(move)
            self._reached -= reached
            self._answered -= answers
        gone = {id(move) for move in moves}
        self.moves = [move for move in self.moves if id(move) not in gone]


class _Knowledge:
    """What insiders know, and which of them a move agrees with."""

    def __init__(self, insiders: Sequence[Knowledge], many: int) -> None:
        self._holders = _holders(many, [one.variables for one in insiders])
        self._least = np.array([one.least for one in insiders])
        self._most = np.array([one.most for one in insiders])

    def agree(self, move: Move) -> Array:
        """Which insiders cannot tell that a move is not the truth."""
        change = _changed(self._holders, move, len(self._least))
        return (self._least <= change) & (change <= self._most)
