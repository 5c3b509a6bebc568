"""The pool of witnesses: the moves found so far, and which targets and insiders each of them answers."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np

from amends.disclosure.attacking_history import Equation, Knowledge, Move
from amends.disclosure.protecting_joining import Joining, Known
from amends.disclosure.targets import Target

LOW, HIGH = 0, 1
_ANY: Final = 1 << 40
"""More than any count."""

Array = np.ndarray[Any, np.dtype[Any]]
Answers = tuple[tuple[Array, Array], Array]
"""The insiders that a move is a witness against: sides and rows of withheld targets, and for each a row."""


class Checker:
    """Says by addition whether a move leaves every published value as it is, and no count below 0."""

    def __init__(self, counts: Sequence[int], equations: Sequence[Equation]) -> None:
        self._counts = np.array(counts, np.int64)
        self._holders = _holders(len(counts), [one.variables for one in equations])
        now = np.array([sum(counts[each] for each in one.variables) for one in equations], np.int64)
        self._least = np.array([one.least for one in equations], np.int64) - now
        self._most = np.array([one.most for one in equations], np.int64) - now

    def free(self, number: int) -> None:
        """Let go of equation *number*."""
        self._least[number], self._most[number] = -_ANY, _ANY

    def changes(self, move: Move) -> Array:
        """How far *move* takes each published value."""
        return _changed(self._holders, move, len(self._least))

    def allows(self, move: Move) -> bool:
        """Whether *move* leads to a witness."""
        change = self.changes(move)
        agrees = (self._least <= change).all() and (change <= self._most).all()
        return bool(agrees and (self._counts[move.variables] + move.changes >= 0).all())


class Sums:
    """The sums of variables that targets are, and how far a move takes each.

    `spare` says by how much less is enough, upwards, against insiders.
    """

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
        self.spare = np.array([one.threshold - one.against for one in targets], np.int64)
        self.far = max(thresholds, default=1)
        # A count that is no longer small is withheld for later's sake: it need not be able to be none.
        lows = [1 if one.count < one.against else one.count for one in targets]
        self._want = np.array([lows, thresholds], np.int64)
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

    @property
    def all_wanted(self) -> Array:
        """Low and high, how far at least each target is to move."""
        return self._want - self._now

    def changes(self, move: Move) -> Array:
        """How far a move takes each target: what is inside, and with it what it cuts."""
        many = self._want.shape[1]
        return np.stack([_changed(holders, move, many) for holders in self._holders])

    def reached(self, changes: Array) -> tuple[Array, Array]:
        """Which targets *changes* take far enough, down and up; and which far enough against insiders."""
        low, high = changes - self.all_wanted
        low = low <= 0
        return np.stack([low, high >= 0]), np.stack([low, high >= -self.spare])


def _holders(many: int, lists: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """For each of *many* variables, which lists have it: where they start, and the numbers of lists."""
    variables = np.array([each for one in lists for each in one], np.int64)
    numbers = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
    order = np.argsort(variables, kind="stable")
    return np.searchsorted(variables[order], np.arange(many + 1)), numbers[order]


def _changed(holders: tuple[Array, Array], move: Move, many: int) -> Array:
    """How far a move takes each of *many* sums."""
    start, items = holders
    first, lists = start[move.variables], start[move.variables + 1] - start[move.variables]
    ends = np.cumsum(lists)
    at = np.repeat(first - ends + lists, lists) + np.arange(ends[-1] if len(ends) else 0)
    change = np.zeros(many, np.int64)
    np.add.at(change, items[at], np.repeat(move.changes, lists))
    return change


class Pool:
    """The moves found, and what they cover.

    Insiders are those who are alone in withheld cells, and know it of each of them. `_asked` says, for
    each target that was withheld because it is below the threshold asked for, who must be answered.
    """

    def __init__(self, counts: Sequence[int], targets: Sequence[Target], sums: Sums) -> None:
        self._sums = sums
        self.hidden = [
            at for at, one in enumerate(targets) if one.hidden and one.count < one.against
        ]
        self._row = {target: row for row, target in enumerate(self.hidden)}
        cells = [targets[at].inside for at in self.hidden if targets[at].count == 1]
        self.insiders = [
            tuple(Knowledge(inside, 0, 0) for inside in one)
            for one in _people(counts, cells).values()
        ]
        self._knowledge = _Knowledge(self.insiders, len(counts))
        own = [
            {each for one in cells for each in one.variables if counts[each]}
            for cells in self.insiders
        ]
        self._asked = np.ones((len(self.hidden), len(own)), bool)
        for row, target in enumerate(self.hidden):
            if targets[target].count == 1:  # who is the only one in it finds out about nobody else
                inside = set(targets[target].inside)
                self._asked[row] = [one.isdisjoint(inside) for one in own]
        self.moves: list[Move] = []
        self._joining = Joining(len(self.hidden), self._knowledge.many)
        self._reached = np.zeros((2, len(targets)), np.int32)  # by how many moves
        self._answered = np.zeros((2, *self._asked.shape), np.int32)

    @property
    def covered(self) -> Array:
        """Low and high, which targets have a witness."""
        return self._reached > 0

    def keep(self, move: Move, multiples: Iterable[int] = (1,)) -> None:
        """Count each of the *multiples* of a move, where it covers what was not covered."""
        far, known = self._sums.changes(move), self._knowledge.changes(move)
        for times in multiples:
            reached, answers = self._reach(far * times, known * times)
            if (reached & (self._reached == 0)).any() or self._news(answers):
                self.moves.append(Move(move.variables, move.changes * times))
                self._count(reached, answers, 1)
                self._joining.add(self.moves[-1], far[:, self.hidden] * times, known * times)

    def _news(self, answers: Answers) -> bool:
        """Whether any of *answers* is one that no move gave yet."""
        place, agreed = answers
        return bool((agreed & (self._answered[place] == 0) & self._asked[place[1]]).any())

    def _count(self, reached: Array, answers: Answers, times: int) -> None:
        """Count what a move covers *times* times more."""
        self._reached[reached] += np.int32(times)
        place, agreed = answers
        self._answered[place] += agreed * np.int32(times)

    def _covered(self, move: Move) -> tuple[Array, Answers]:
        """The targets that a move is a witness for, and for each withheld one of them the insiders."""
        return self._reach(self._sums.changes(move), self._knowledge.changes(move))

    def _reach(self, far: Array, known: Array) -> tuple[Array, Answers]:
        """The same, of a move that takes the targets so *far* and what is *known* too."""
        reached, against = self._sums.reached(far)
        sides, rows = np.nonzero(against[:, self.hidden])
        agreed = np.tile(self._knowledge.agree(known), (len(rows), 1))
        return reached, ((sides, rows), agreed)

    def knowing(self, target: int, side: int) -> list[int]:
        """The insiders, by number, against whom *target* has no witness."""
        row = self._row[target]
        left = self._asked[row] & (self._answered[side, row] == 0)
        return [int(each) for each in np.flatnonzero(left)]

    def joined(self, target: int, side: int, know: Sequence[int]) -> Iterator[Move]:
        """Sums of two moves that take *target* far enough against most of those who *know*; to be checked."""
        wanted = int(self._sums.all_wanted[side, target])
        if side == HIGH:
            wanted -= int(self._sums.spare[target])
        return self._joining.sums(self._row[target], side, wanted, self._knowledge.of(know))

    def spares(self, moves: Sequence[Move]) -> bool:
        """Whether all is still covered that is, without *moves*."""
        before = self._reached > 0, (self._answered > 0) & self._asked
        held = [self._covered(move) for move in moves]
        for reached, answers in held:
            self._count(reached, answers, -1)
        lost = bool((before[0] & (self._reached == 0)).any())
        lost = lost or bool((before[1] & (self._answered == 0)).any())
        for reached, answers in held:
            self._count(reached, answers, 1)
        return not lost

    def drop(self, moves: Sequence[Move]) -> None:
        """Do without *moves*."""
        for move in moves:
            self._count(*self._covered(move), -1)
        gone = {id(move) for move in moves}
        self.moves = [move for move in self.moves if id(move) not in gone]


def _people(
    counts: Sequence[int], cells: Iterable[tuple[int, ...]]
) -> dict[int, dict[tuple[int, ...], None]]:
    """Whoever is alone in a cell, by their variable: all the cells that they are alone in."""
    found: dict[int, dict[tuple[int, ...], None]] = {}
    for inside in cells:
        who = next(each for each in inside if counts[each])
        found.setdefault(who, {})[inside] = None
    return found


class _Knowledge:
    """What insiders know, and which of them a move agrees with; each may know several sums."""

    def __init__(self, insiders: Sequence[Sequence[Knowledge]], many: int) -> None:
        every = [one for held in insiders for one in held]
        self.many = len(every)
        self._holders = _holders(many, [one.variables for one in every])
        self._least = np.array([one.least for one in every])
        self._most = np.array([one.most for one in every])
        sizes = np.array([len(held) for held in insiders], np.int64)
        self._starts = np.cumsum(sizes) - sizes
        self._sizes = sizes

    def changes(self, move: Move) -> Array:
        """How far a move takes each sum that an insider knows."""
        return _changed(self._holders, move, self.many)

    def of(self, insiders: Sequence[int]) -> Known:
        """What these *insiders* know."""
        columns = [
            np.arange(self._starts[each], self._starts[each] + self._sizes[each])
            for each in insiders
        ]
        sizes = self._sizes[list(insiders)]
        at = np.concatenate(columns)
        return Known(at, np.cumsum(sizes) - sizes, self._least[at], self._most[at])

    def agree(self, change: Array) -> Array:
        """Which insiders cannot tell that such a *change* is not the truth."""
        if not self.many:
            return np.zeros(0, bool)
        silent = (self._least <= change) & (change <= self._most)
        agreed: Array = np.logical_and.reduceat(silent, self._starts)
        return agreed
