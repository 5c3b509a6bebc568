"""The attacker: what the published figures give away of each one that was withheld."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

import highspy
import numpy as np

from amends.disclosure.published import Release
from amends.disclosure.snapshots import Snapshot
from amends.disclosure.systems import Equation, Place, equations, grid

_NEAR: Final = 1e-6
SECONDS: Final = 60.0
"""For one bound; where it is not found in time, the attacker's answer is not known, and is refused."""


class AttackError(RuntimeError):
    """A bound that the solver did not find: nothing may be concluded."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The least and greatest count that agree with everything published; None where there is no greatest."""

    least: int
    greatest: int | None

    @property
    def exact(self) -> bool:
        """Whether the attacker knows the count."""
        return self.least == self.greatest

    def weak(self, threshold: int = 5) -> bool:
        """Whether he knows that it is above 1, or that it is below *threshold*."""
        return self.least > 1 or (self.greatest is not None and self.greatest < threshold)


class Attacker:
    """Knows what *releases* say of *snapshot* (whose counts are not looked at), and `knows` besides.

    `knows` are cells of which the attacker knows the count, as an insider does. With *whole* he
    looks for tables of whole numbers only (slower); without, for any tables of numbers not below 0,
    which gives intervals as wide or wider.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        releases: Sequence[Release],
        knows: Iterable[tuple[Place, int]] = (),
        whole: bool = False,
    ) -> None:
        variables = grid(snapshot, [table for release in releases for table in release.tables])
        self._whole = whole
        found = list(equations(snapshot, releases, variables))
        self.hidden = {one.place: one for one in found if one.least != one.greatest}
        known = dict(knows)
        rows = [one for one in found if not one.hidden or one.place in known]
        self._number = variables.variables
        self._solver = self._model(rows, known)

    def _model(self, rows: list[Equation], known: dict[Place, int]) -> highspy.Highs:
        starts = np.cumsum([0, *(len(row.variables) for row in rows)]).astype(np.int32)
        members = [one for row in rows for one in row.variables]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self._number, len(rows)
        model.col_cost_ = np.zeros(self._number)
        model.col_lower_ = np.zeros(self._number)
        model.col_upper_ = np.full(self._number, highspy.kHighsInf)
        model.row_lower_ = np.array([known.get(row.place, row.least) for row in rows], float)
        model.row_upper_ = np.array([known.get(row.place, row.greatest) for row in rows], float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = starts
        model.a_matrix_.index_ = np.array(members, np.int32)
        model.a_matrix_.value_ = np.ones(len(members))
        if self._whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * self._number
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (("output_flag", False), ("threads", 1), ("time_limit", SECONDS)):
            solver.setOptionValue(name, value)
        solver.passModel(model)
        return solver

    def interval(self, place: Place) -> Interval:
        """What is known of the cell at *place*; raises `AttackError` where the solver fails."""
        members = np.array(self.hidden[place].variables, np.int32)
        least = self._bound(members, highspy.ObjSense.kMinimize)
        greatest = self._bound(members, highspy.ObjSense.kMaximize)
        assert least is not None
        return Interval(ceil(least - _NEAR), None if greatest is None else floor(greatest + _NEAR))

    def _bound(self, members: np.ndarray, sense: highspy.ObjSense) -> float | None:
        solver = self._solver
        solver.changeColsCost(len(members), members, np.ones(len(members)))
        solver.changeObjectiveSense(sense)
        solver.setOptionValue("time_limit", solver.getRunTime() + SECONDS)
        solver.run()
        status = solver.getModelStatus()
        value = solver.getInfo().objective_function_value
        solver.changeColsCost(len(members), members, np.zeros(len(members)))
        if status == highspy.HighsModelStatus.kOptimal:
            return float(value)
        unbounded = (
            highspy.HighsModelStatus.kUnbounded,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        )
        if sense == highspy.ObjSense.kMaximize and status in unbounded:
            return None
        raise AttackError(f"The solver says {solver.modelStatusToString(status)}.")


def attack(
    snapshot: Snapshot, releases: Sequence[Release], whole: bool = False
) -> dict[Place, Interval]:
    """What is known of every cell of *releases* that is withheld or given as an interval."""
    attacker = Attacker(snapshot, releases, whole=whole)
    return {place: attacker.interval(place) for place in attacker.hidden}
