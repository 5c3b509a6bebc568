"""Controlled rounding: every cell to a multiple of a base beside it, so that all still adds up."""

import hmac
from collections.abc import Iterator
from typing import Final

import highspy
import numpy as np

from amends.disclosure.errors import DisclosureError
from amends.disclosure.protecting_layout import Flags, Layout

SECONDS: Final = 120.0
STEPS: Final = (1, 2, 3, 4, 6)
"""The bases that are tried, as multiples of the least: each hides more than the one before."""
TRIES: Final = 4
"""Roundings that are tried with each base."""
_PLACE: Final = "rounding"


class Unrounded(DisclosureError):
    """No rounding was found that adds up."""


def attempts(threshold: int, key: bytes) -> Iterator[tuple[int, int | None]]:
    """The bases to try for *threshold*, and what to draw the prices of a rounding from: None for the nearest.

    Of one base the nearest rounding may tell too much, and another not; which is tried next nobody
    without the *key* can foretell.
    """
    for step in STEPS:
        base = step * max(threshold, 2)
        yield base, None
        for turn in range(1, TRIES):
            mark = hmac.digest(key, f"rounding {base} {turn}".encode(), "sha256")
            yield base, int.from_bytes(mark, "big")


def rounded(layout: Layout, own: Flags, base: int, seed: int | None = None) -> list[int]:
    """What to show of each of the *own* cells of *layout*: a multiple of *base* less than *base* away.

    Each variable is rounded down or up, a multiple not at all, and every cell shows the sum of its
    variables. Changes are as small as can be, or nearly; with a *seed* some count for more than
    others. Raises `Unrounded` where the solver finds nothing.
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
    if seed is not None:
        model.col_cost_ += np.random.default_rng(seed).uniform(-base, base, len(open_))
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
        raise Unrounded(_PLACE, f"found no rounding that adds up ({told})")
    up = np.zeros(len(down), np.int64)
    up[open_] = np.rint(solver.getSolution().col_value).astype(np.int64)
    shown = layout.sums((down + up) * base)[cells]
    if (np.abs(shown - layout.true[cells]) >= base).any():
        raise Unrounded(_PLACE, "changed a figure by more than it may")
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
