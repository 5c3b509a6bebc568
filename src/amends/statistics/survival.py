"""How circumstances bear on the time to an event, where some people were followed for a shorter time.

Both models need the extra `stats`. Their coefficients describe the people looked at; they are not
the effects of anything, and no decision about a person may rest on them.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.tools.numdiff import approx_fprime
from statsmodels.tools.sm_exceptions import ConvergenceWarning

from amends.disclosure.errors import DisclosureError

_STEEPEST: Final = (
    1e-3  # the slope of the log-likelihood at its top, at most; it is 0 but for rounding
)
_WIDEST: Final = 100  # standard errors of a coefficient, for a circumstance on its own scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A model fitted: for each name its coefficient and standard error (no unit), and the log-likelihood.

    `people` were looked at, and to `events` of them the event happened.
    """

    names: tuple[str, ...]
    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    log_likelihood: float
    people: int
    events: int


def cox(
    times: Sequence[float], happened: Sequence[bool], columns: dict[str, Sequence[float]]
) -> Fit:
    """Cox's proportional hazards, with Efron's way for events at the same time.

    *columns* gives each circumstance a number for each person. Raises DisclosureError where their
    lengths differ, one is the same for everybody, or the events can be told apart perfectly. Source:
    Cox 1972, doi 10.1111/j.2517-6161.1972.tb00899.x; Efron 1977, doi 10.1080/01621459.1977.10480613.
    """
    time, event, values = _checked(times, happened, columns)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", ConvergenceWarning
        )  # its errors are then too wide: see below
        found = PHReg(time, values, status=event, ties="efron").fit()
    _check_told(found.bse * values.std(axis=0))
    return _fit(tuple(columns), found.params, found.bse, float(found.llf), event)


def log_normal(
    times: Sequence[float], happened: Sequence[bool], columns: dict[str, Sequence[float]]
) -> Fit:
    """The logarithm of the time to the event as a sum of circumstances and a normal error.

    The names are `const`, those of *columns*, and `sigma`, the spread of the error. The log-likelihood
    is that of the logarithms of the times, as published tables give it. Times must be over 0. Raises
    DisclosureError as `cox` does. Source: Wooldridge, Econometric Analysis, section 22.3.
    """
    time, event, values = _checked(times, happened, columns)
    if time.min() <= 0:
        raise DisclosureError("times", "one is 0", "Each must be over 0, to have a logarithm.")
    # Circumstances on one scale, for the search; the result is turned back below.
    middle, spread = values.mean(axis=0), values.std(axis=0)
    design = np.column_stack([np.ones(len(time)), (values - middle) / spread])
    log = np.log(time)

    def slopes(guess: Any) -> Any:
        sigma = np.exp(guess[-1])
        z = (log - design @ guess[:-1]) / sigma
        pull = np.where(event, z, np.exp(norm.logpdf(z) - norm.logsf(z)))
        return np.append(design.T @ pull / sigma, (pull * z - event).sum())

    def likelihood(guess: Any) -> float:
        z = (log - design @ guess[:-1]) / np.exp(guess[-1])
        return float(np.where(event, norm.logpdf(z) - guess[-1], norm.logsf(z)).sum())

    start = np.zeros(design.shape[1] + 1)
    start[0], start[-1] = log.mean(), np.log(log.std() or 1.0)
    found = minimize(lambda g: -likelihood(g), start, jac=lambda g: -slopes(g), method="BFGS")
    if np.abs(slopes(found.x)).max() > _STEEPEST:
        raise DisclosureError("a log-normal model", "its likelihood has no top for these people")
    cover = np.linalg.inv(-approx_fprime(found.x, slopes, centered=True))
    back = _turning(middle, spread, float(np.exp(found.x[-1])))
    # The last is the logarithm of sigma; its error is that of sigma by the delta method.
    numbers = back @ np.append(found.x[:-1], 1.0)
    errors = np.sqrt(np.diag(back @ cover @ back.T))
    _check_told(errors[1:-1] * spread)
    return _fit(("const", *columns, "sigma"), numbers, errors, likelihood(found.x), event)


def _turning(middle: Any, spread: Any, sigma: float) -> Any:
    """The matrix that turns coefficients of scaled circumstances into those of the circumstances themselves."""
    size = len(middle) + 2
    turn = np.zeros((size, size))
    turn[0, 0] = 1.0
    turn[0, 1:-1] = -middle / spread
    turn[1:-1, 1:-1] = np.diag(1.0 / spread)
    turn[-1, -1] = sigma
    return turn


def _checked(
    times: Sequence[float], happened: Sequence[bool], columns: dict[str, Sequence[float]]
) -> tuple[Any, Any, Any]:
    time, event = np.asarray(times, dtype=float), np.asarray(happened, dtype=bool)
    if any(len(column) != len(time) for column in (event, *columns.values())) or not columns:
        raise DisclosureError(
            "circumstances", "do not fit the times", "Each person has one time and one of each."
        )
    values = np.column_stack([np.asarray(column, dtype=float) for column in columns.values()])
    if not np.isfinite(values).all() or not (time >= 0).all() or not np.isfinite(time).all():
        raise DisclosureError(
            "circumstances", "one is no number", "Say how what is not known counts."
        )
    if not event.any():
        raise DisclosureError("events", "there are none", "The time to an event needs some.")
    if np.linalg.matrix_rank(np.column_stack([np.ones(len(time)), values])) <= len(columns):
        raise DisclosureError(
            "circumstances",
            "one is the same for everybody, or follows from the others",
            "Leave it out.",
        )
    return time, event, values


def _check_told(errors: Any) -> None:
    """Raise DisclosureError where a coefficient, on a scale of its own, may be anything."""
    if not (np.abs(errors) < _WIDEST).all():
        raise DisclosureError(
            "a model",
            "cannot be fitted: a circumstance tells perfectly to whom the event happened",
            "Leave it out.",
        )


def _fit(names: tuple[str, ...], numbers: Any, errors: Any, likelihood: float, event: Any) -> Fit:
    return Fit(
        names=names,
        coefficients=tuple(map(float, numbers)),
        errors=tuple(map(float, errors)),
        log_likelihood=likelihood,
        people=len(event),
        events=int(event.sum()),
    )
