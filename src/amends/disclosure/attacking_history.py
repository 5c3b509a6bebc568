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
from amends.disclosure.shortening import shortened

SECONDS: Final = 10.0
"""The longest that one search may take; where it takes longer, the answer is that nothing is known."""
_NEAR: Final = 1e-6
_USED: Final = 1e-9
_ROUNDS: Final = 40
"""How many times some changes of a solution with fractions are rounded, before it is given up."""
_SHARES: Final = (3, 8, 1000)
"""One in so many of the fractions is rounded at a time; where that fails, the next is tried."""


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

    None where what somebody knows forbids it by itself; `known` says which of what was known takes part.
    """

    equations: tuple[int, ...]
    proven: bool
    known: tuple[int, ...] = ()


class Attacker:
    """Looks for moves of *counts*, the true count of each variable, that *equations* allow.

    Variables of *nothing* are published to count nobody: they cannot change. The first *firm* of the
    equations are never let go of (`free`), so what follows from them is taken away from the others:
    fewer and shorter rows say the same. Raises `DisclosureError` where the true counts do not agree
    with an equation.
    """

    def __init__(
        self,
        counts: Sequence[int],
        equations: Sequence[Equation],
        nothing: frozenset[int] = frozenset(),
        seconds: float = SECONDS,
        firm: int = 0,
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
        self._solver = self._model()
        self._wanted: Knowledge | None = None
        self._start: Any = None  # where the search for what is wanted ended, nothing known besides
        for equation in equations:
            self._check(equation)
        self._rows = shortened(equations, firm)
        self._row_of = {row.made_of[0]: at for at, row in enumerate(self._rows)}
        for row in self._rows:
            one = equations[row.made_of[0]]
            found = sum(counts[each] for each in one.variables)
            self._row(row.variables, one.least - found, one.most - found)

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

    def _check(self, equation: Equation) -> None:
        found = sum(self._counts[each] for each in equation.variables)
        if not equation.least <= found <= equation.most:
            raise DisclosureError(
                "a published value",
                f"says {equation.least} to {equation.most}, and the records count {found}",
            )

    def _row(self, variables: Sequence[int], least: float, most: float) -> None:
        """Add the row that the changes of *variables* add up to a number from *least* to *most*."""
        up = [self._up[each] for each in variables if each in self._up]
        down = [self._down[each] for each in variables if each in self._down]
        at = np.array(up + down, np.int32)
        signs = np.array([1.0] * len(up) + [-1.0] * len(down))
        self._solver.addRow(least, most, len(at), at, signs)

    def free(self, number: int) -> None:
        """Let go of equation *number*: it is not to be published after all."""
        self._start = None
        self._solver.changeRowBounds(self._row_of[number], -highspy.kHighsInf, highspy.kHighsInf)

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
        wanted = Knowledge(tuple(variables), least, most)
        if wanted != self._wanted:
            self._want(wanted)
        if known and not self._start:
            self._solver.setBasis()
            status = self._run(self._seconds)
            if status != highspy.HighsModelStatus.kOptimal:
                return self._answer(status)
            self._start = self._solver.getBasis()
        self._solver.setBasis(*([self._start] if known else []))
        for one in known:
            self._row(one.variables, one.least, one.most)
        try:
            return self._answer(self._run(self._seconds))
        finally:
            first = len(self._rows) + 1
            self._solver.deleteRows(
                len(known), np.arange(first, first + len(known), dtype=np.int32)
            )

    def _want(self, wanted: Knowledge) -> None:
        """Have the row of what is *wanted* in the model, instead of the one before."""
        if self._wanted is not None:
            self._solver.deleteRows(1, np.array([len(self._rows)], np.int32))
        self._row(wanted.variables, wanted.least, wanted.most)
        self._wanted, self._start = wanted, None

    def _answer(self, status: Any) -> Move | Forbidden:
        if status == highspy.HighsModelStatus.kInfeasible:
            return self._forbidden()
        if status != highspy.HighsModelStatus.kOptimal:
            return Forbidden((), False)
        found = self._values() or self._dived() or self._whole()
        return found if isinstance(found, Move) else Forbidden((), found)

    def _run(self, seconds: float) -> Any:
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + seconds)
        self._solver.run()
        return self._solver.getModelStatus()

    def _forbidden(self) -> Forbidden:
        _, there, ray = self._solver.getDualRay()
        if not there:
            return Forbidden((), False)
        rays: dict[int, float] = {}
        values = np.asarray(ray).tolist()
        for row, times in zip(self._rows, values, strict=False):
            for sign, each in zip((1, *[-1] * len(row.made_of)), row.made_of, strict=False):
                rays[each] = rays.get(each, 0.0) + sign * times
        named = tuple(sorted(one for one in rays if abs(rays[one]) > _USED))
        known = values[len(self._rows) + 1 :]  # the first row after those is what was wanted
        return Forbidden(named, True, tuple(at for at, one in enumerate(known) if abs(one) > _USED))

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

    def _dived(self) -> Move | None:
        """A move in whole numbers by rounding some changes at a time, and solving again for the rest.

        Each time the solver goes on from where it was, which is short work.
        """
        for share in _SHARES:
            if (found := self._rounded(share)) is not None:
                return found
            if self._run(self._seconds) != highspy.HighsModelStatus.kOptimal:
                return None
        return None

    def _rounded(self, share: int) -> Move | None:
        """A move by rounding one in *share* of the fractions at a time, those nearest to whole first."""
        many = len(self._of)
        lower, upper = np.zeros(many), self._upper.copy()
        try:
            for _ in range(_ROUNDS):
                at = self._fractions(share)
                values = np.asarray(self._solver.getSolution().col_value)[at]
                near = np.floor(values + 0.5 + _NEAR)
                up = near > values
                lower[at[up]], upper[at[~up]] = near[up], near[~up]
                self._solver.changeColsBounds(len(at), at, lower[at], upper[at])
                if self._run(self._seconds) != highspy.HighsModelStatus.kOptimal:
                    return None
                if (found := self._values()) is not None:
                    return found
            return None
        finally:
            self._solver.changeColsBounds(many, self._every, np.zeros(many), self._upper)

    def _fractions(self, share: int) -> Any:
        """One in *share* of the changes that are no whole numbers, and one more."""
        values = np.asarray(self._solver.getSolution().col_value)
        off = np.abs(values - np.rint(values))
        broken = np.flatnonzero(off > _NEAR)
        nearest = broken[np.argsort(off[broken], kind="stable")]
        return nearest[: 1 + len(broken) // share].astype(np.int32)

    def _whole(self) -> Move | bool:
        """A move in whole numbers by branching; else whether there is none."""
        many = len(self._of)
        whole = np.full(many, int(highspy.HighsVarType.kInteger), np.uint8)
        self._solver.changeColsIntegrality(many, self._every, whole)
        self._solver.setOptionValue("presolve", "choose")
        try:
            status = self._run(self._seconds)
            if (found := self._values()) is not None:
                return found
            return bool(status == highspy.HighsModelStatus.kInfeasible)
        finally:
            self._solver.changeColsIntegrality(many, self._every, np.zeros(many, np.uint8))
            self._solver.setOptionValue("presolve", "off")
