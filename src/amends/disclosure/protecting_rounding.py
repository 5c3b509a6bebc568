"""Controlled rounding: every cell to a multiple of a base beside it, so that all still adds up."""

from typing import Final

import highspy
import numpy as np

from amends.disclosure.errors import DisclosureError
from amends.disclosure.protecting_layout import Flags, Layout

SECONDS: Final = 120.0
_PLACE: Final = "rounding"


def rounded(layout: Layout, own: Flags, base: int) -> list[int]:
    """What to show of each of the *own* cells of *layout*: a multiple of *base* less than *base* away.

    Each variable is rounded down or up, a multiple not at all, and every cell shows the sum of its
    variables; changes are as small as can be, or nearly. Raises `DisclosureError` where the solver fails.
    """
    down, rest = np.divmod(layout.counts, base)
    open_ = np.flatnonzero(rest)
    start = layout.sums(down * base)
    if not len(open_):
        return [int(value) for value in start[own]]
    rows, columns = _sums(layout, own, open_)
    cells = np.flatnonzero(own)
    low = (layout.true[cells] - start[cells] - base + 1) / base
    high = (layout.true[cells] - start[cells] + base - 1) / base
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(open_), len(cells)
    model.col_cost_ = (base - 2 * rest[open_]).astype(float)
    model.col_lower_, model.col_upper_ = np.zeros(len(open_)), np.ones(len(open_))
    model.row_lower_, model.row_upper_ = np.ceil(low - 1e-9), np.floor(high + 1e-9)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(rows, np.arange(len(cells) + 1)).astype(np.int32)
    model.a_matrix_.index_ = columns.astype(np.int32)
    model.a_matrix_.value_ = np.ones(len(columns))
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(open_)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.05)):
        solver.setOptionValue(name, value)
    solver.setOptionValue("time_limit", SECONDS)
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        told = solver.modelStatusToString(solver.getModelStatus())
        raise DisclosureError(_PLACE, f"found no rounding that adds up ({told})")
    up = np.zeros(len(down), np.int64)
    up[open_] = np.rint(solver.getSolution().col_value).astype(np.int64)
    shown = layout.sums((down + up) * base)[cells]
    if (np.abs(shown - layout.true[cells]) >= base).any():
        raise DisclosureError(_PLACE, "changed a figure by more than it may")
    return [int(value) for value in shown]


def _sums(layout: Layout, own: Flags, open_: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of an own cell, by its place among them, and an open variable in its sum, in order of cells."""
    places = np.cumsum(own) - 1
    found = []
    for at, number in enumerate(open_.tolist()):
        one = np.zeros(len(layout.counts), np.int64)
        one[number] = 1
        cells = np.flatnonzero(layout.sums(one) * own)
        found.append(np.stack([places[cells], np.full(len(cells), at)]))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    rows, columns = np.concatenate(found, axis=1)
    sort = np.lexsort((columns, rows))
    return rows[sort], columns[sort]
