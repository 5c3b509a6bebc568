"""An attack on a whole history of releases: how far a count can be moved, all else being as published.

A *move* is a change of whole numbers to the true counts which leaves every published value as it
is and no count below 0: the true counts and a move together are a *witness*, another population that
agrees with all that was published. The attacker looks for the least move that takes a target to a
given value. Where there is none, it names published values that together forbid it (a Farkas
certificate, the dual ray of the linear program; Schrijver 1986, section 7.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np

from amends.disclosure.errors import DisclosureError

SECONDS: Final = 10.0
"""The longest that one search may take; where it takes longer, the answer is that nothing is known."""
_NEAR: Final = 1e-6
_USED: Final = 1e-9
_SPREADS: Final = ((0.5, 3.0), (3.0, 9.0, 9.0))
"""How much dearer some changes are made than others, where the least move has fractions."""


@dataclass(frozen=True, slots=True)
class Equation:
    """A published value: the sum of `variables` lies from `least` to `most`."""

    variables: tuple[int, ...]
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What somebody knows besides: the sum of `variables` changes by `least` to `most`."""

    variables: tuple[int, ...]
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Move:
    """A change of whole numbers: the variables that change, and by how much."""

    variables: "np.ndarray[Any, np.dtype[np.int64]]"
    changes: "np.ndarray[Any, np.dtype[np.int64]]"


@dataclass(frozen=True, slots=True)
class Forbidden:
    """No move: the equations, by number, that together forbid it; `proven` is false after a timeout.

    None where what somebody knows forbids it by itself.
    """

    equations: tuple[int, ...]
    proven: bool


class Attacker:
    """Looks for moves of *counts*, the true count of each variable, that *equations* allow.

    Variables of *nothing* are published to count nobody: they cannot change. Raises
    `DisclosureError` where the true counts do not agree with an equation.
    """

    def __init__(
        self,
        counts: Sequence[int],
        equations: Sequence[Equation],
        nothing: frozenset[int] = frozenset(),
        seconds: float = SECONDS,
    ) -> None:
        self._counts = counts
        self._up = {each: at for at, each in enumerate(set(range(len(counts))) - nothing)}
        free = [each for each in self._up if counts[each]]
        self._down = {each: len(self._up) + at for at, each in enumerate(free)}
        self._of = np.array([*self._up, *free], np.int64)
        self._sign = np.array([1] * len(self._up) + [-1] * len(free), np.int64)
        falls = [float(counts[each]) for each in self._down]
        self._upper = np.array([highspy.kHighsInf] * len(self._up) + falls)
        self._every = np.arange(len(self._of), dtype=np.int32)
        self._seconds = seconds
        self._chance = np.random.default_rng(0)
        self._solver = self._model()
        self._equations: list[Equation] = []
        for equation in equations:
            self._take(equation)

    def _model(self) -> Any:
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (
            ("output_flag", False), ("presolve", "off"), ("threads", 1), ("random_seed", 0),
            ("time_limit", float("inf")), ("mip_rel_gap", 1e9), ("mip_abs_gap", 1e9),
        ):  # fmt: skip
            solver.setOptionValue(name, value)
        many = len(self._of)
        none = np.empty(0, np.int32)
        solver.addCols(
            many, np.ones(many), np.zeros(many), self._upper, 0, none, none, np.empty(0, np.float64)
        )
        return solver

    def _take(self, equation: Equation) -> None:
        found = sum(self._counts[each] for each in equation.variables)
        if not equation.least <= found <= equation.most:
            raise DisclosureError(
                "a published value",
                f"says {equation.least} to {equation.most}, and the records count {found}",
            )
        self._equations.append(equation)
        self._row(equation.variables, equation.least - found, equation.most - found)

    def _row(self, variables: Sequence[int], least: float, most: float) -> None:
        """Add the row that the changes of *variables* add up to a number from *least* to *most*."""
        up = [self._up[each] for each in variables if each in self._up]
        down = [self._down[each] for each in variables if each in self._down]
        at = np.array(up + down, np.int32)
        signs = np.array([1.0] * len(up) + [-1.0] * len(down))
        self._solver.addRow(least, most, len(at), at, signs)

    def free(self, number: int) -> None:
        """Let go of equation *number*: it is not to be published after all."""
        self._solver.changeRowBounds(number, -highspy.kHighsInf, highspy.kHighsInf)

    def move(
        self,
        variables: Sequence[int],
        least: float,
        most: float,
        known: Sequence[Knowledge] = (),
    ) -> Move | Forbidden:
        """The least move that changes the sum of *variables* by *least* to *most*.

        It keeps to what is *known* besides.
        """
        first = len(self._equations)
        for one in known:
            self._row(one.variables, one.least, one.most)
        self._row(variables, least, most)
        try:
            return self._solved(first)
        finally:
            last = first + len(known)
            self._solver.deleteRows(len(known) + 1, np.arange(first, last + 1, dtype=np.int32))
            self._solver.setBasis()

    def _solved(self, first: int) -> Move | Forbidden:
        status = self._run(self._seconds)
        if status == highspy.HighsModelStatus.kInfeasible:
            return self._forbidden(first)
        if status != highspy.HighsModelStatus.kOptimal:
            return Forbidden((), False)
        found = self._values() or self._dearer() or self._whole()
        return found if isinstance(found, Move) else Forbidden((), found)

    def _run(self, seconds: float) -> Any:
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + seconds)
        self._solver.run()
        return self._solver.getModelStatus()

    def _forbidden(self, first: int) -> Forbidden:
        _, there, ray = self._solver.getDualRay()
        if not there:
            return Forbidden((), False)
        rows = np.flatnonzero(np.abs(np.asarray(ray)[:first]) > _USED)
        return Forbidden(tuple(map(int, rows)), True)

    def _values(self) -> Move | None:
        """The move found, where it is one of whole numbers."""
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values = np.asarray(self._solver.getSolution().col_value)
        used = np.flatnonzero(np.abs(values) > _NEAR)
        near = np.rint(values[used])
        if np.abs(values[used] - near).max(initial=0) > _NEAR:
            return None
        changes: dict[int, int] = {}
        for at, change in zip(used, near, strict=True):
            each = int(self._of[at])
            changes[each] = changes.get(each, 0) + int(self._sign[at] * change)
        changes = {each: change for each, change in changes.items() if change}
        return Move(np.array([*changes], np.int64), np.array([*changes.values()], np.int64))

    def _dearer(self) -> Move | None:
        """A move in whole numbers where some changes cost more than others; nearly always there is one.

        Failing that, one by branching that uses no change but those that were used in these trials.
        """
        used = self._used()
        for spreads in _SPREADS:
            for spread in spreads:
                if (found := self._at_cost(spread, used)) is not None:
                    return found
            if isinstance(whole := self._whole(used), Move):
                return whole
        return None

    def _at_cost(self, spread: float, used: Any) -> Move | None:
        """The cheapest move where each change costs 1, and by chance up to *spread* more.

        The changes that it makes are marked in *used*.
        """
        many = len(self._of)
        costs = 1 + spread * self._chance.random(many)
        self._solver.changeColsCost(many, self._every, costs)
        try:
            self._run(self._seconds)
            used |= self._used()
            return self._values()
        finally:
            self._solver.changeColsCost(many, self._every, np.ones(many))

    def _used(self) -> Any:
        """Which changes the solution makes."""
        return np.asarray(self._solver.getSolution().col_value) > _NEAR

    def _whole(self, used: Any = True) -> Move | bool:
        """A move in whole numbers by branching, of the changes *used*; else whether there is none."""
        many, none = len(self._of), np.zeros(len(self._of))
        whole = np.full(many, int(highspy.HighsVarType.kInteger), np.uint8)
        self._solver.changeColsIntegrality(many, self._every, whole)
        self._solver.changeColsBounds(many, self._every, none, np.where(used, self._upper, 0.0))
        self._solver.setOptionValue("presolve", "choose")
        try:
            status = self._run(self._seconds)
            if (found := self._values()) is not None:
                return found
            return bool(status == highspy.HighsModelStatus.kInfeasible)
        finally:
            self._solver.changeColsBounds(many, self._every, none, self._upper)
            self._solver.changeColsIntegrality(many, self._every, np.zeros(many, np.uint8))
            self._solver.setOptionValue("presolve", "off")
