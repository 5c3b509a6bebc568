"""A matched comparison: people who were dealt with so, beside people like them who were not.

Each is matched with the nearest other by propensity, without replacement, within a caliper. It
makes people alike in what was recorded, and in nothing else: people given a community resolution
differ from people charged, so that what is left is a difference and not an effect. Needs the extra
`stats`. Source: Rosenbaum and Rubin 1983, doi 10.1093/biomet/70.1.41; the Justice Data Lab's methods.
"""

import hashlib
import warnings
from bisect import bisect_left
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
from statsmodels.discrete.discrete_model import Logit
from statsmodels.tools.sm_exceptions import ConvergenceWarning

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import Raw
from amends.statistics.cases import NOT_KNOWN, name
from amends.statistics.disproportionality import NORMAL_95
from amends.statistics.rates import percent
from amends.statistics.specifying import NUMBER, Specification, specified

WARNING: Final = (
    "A difference between people alike in what was recorded; it is not an effect. A community resolution is no "
    "conviction, and people given one differ from people charged."
)
BALANCED: Final = 0.1
"""A standardised difference below this is taken for none."""
_SURE: Final = 30.0  # a logit beyond which nobody was ever dealt with otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a matched comparison found.

    `difference` is the share with the outcome among those dealt with so, less that among those matched
    with them (-1 to 1), with its 95 % interval; `balance` the standardised difference of each
    covariate before and after. `tables` are the counts and the balance. `specification` and `data` are
    the SHA-256 of the two files.
    """

    pairs: int
    difference: float
    low: float
    high: float
    balance: dict[str, tuple[float, float]]
    tables: tuple[Raw, Raw]
    specification: str
    data: str

    @property
    def inconclusive(self) -> bool:
        """Whether the interval holds 0: nothing can then be said, and that is an answer."""
        return self.low <= 0 <= self.high

    @property
    def balanced(self) -> bool:
        """Whether the matched are alike in every covariate; the difference is else partly one of people."""
        return not _unlike(self.balance)


def compare(specification: Path, digest: str, data: Path) -> Comparison:
    """Compare as the file *specification* says, whose SHA-256 is *digest*, over the rows of *data* (Parquet).

    Raises DisclosureError where the specification was changed, *data* lacks a column or has one of
    another kind, too few can be matched, or a covariate tells perfectly who was dealt with how. Rows
    of which it is not known how they were dealt with, or what came of it, are left out and counted.
    """
    what = specified(specification, digest)
    treated, outcome, names, values, left_out = _read(what, data)
    logit = _propensity(names, values, treated)
    pairs = _pairs(logit, treated, what.caliper * float(logit.std()))
    if len(pairs) < what.at_least:
        raise DisclosureError(
            data.name,
            f"only {len(pairs)} people can be matched",
            f"At least {what.at_least} are needed.",
        )
    first, second = np.array(pairs).T
    balance = {
        named: (
            _standardised(column[treated], column[~treated]),
            _apart(column[first], column[second], column[treated], column[~treated]),
        )
        for named, column in zip(names, values.T, strict=True)
    }
    gains = int((outcome[first] & ~outcome[second]).sum())
    losses = int((~outcome[first] & outcome[second]).sum())
    difference, low, high = paired(gains, losses, len(pairs))
    said = (
        f"{percent(difference)} ({percent(low)} to {percent(high)}, 95 % interval of pairs). "
        f"{int(treated.sum()) - len(pairs)} dealt with so found no match; {left_out} rows left out. "
        f"{_told(balance)} {WARNING}"
    )
    counts = _counts(what, outcome, first, second, said)
    return Comparison(
        pairs=len(pairs),
        difference=difference,
        low=low,
        high=high,
        balance=balance,
        tables=(counts, _balance(balance)),
        specification=digest,
        data=hashlib.sha256(data.read_bytes()).hexdigest(),
    )


def paired(gains: int, losses: int, pairs: int) -> tuple[float, float, float]:
    """The difference of two shares over matched pairs, and its 95 % interval (-1 to 1).

    *gains* are the pairs in which only the first had the outcome, *losses* those in which only the second
    had. Half a pair is added to each of the four kinds for the interval. Raises DisclosureError where
    they are more than *pairs*. Source: Agresti and Min 2005, doi 10.1002/sim.1781.
    """
    if min(gains, losses) < 0 or gains + losses > pairs or not pairs:
        raise DisclosureError("pairs", f"{gains} and {losses} are no parts of {pairs}")
    b, c, n = gains + 0.5, losses + 0.5, pairs + 2
    middle = (b - c) / n
    spread = NORMAL_95 * sqrt(b + c - (b - c) ** 2 / n) / n
    return (gains - losses) / pairs, max(-1.0, middle - spread), min(1.0, middle + spread)


# --- reading ------------------------------------------------------------------


def _read(what: Specification, data: Path) -> tuple[Any, Any, list[str], Any, int]:
    """Who was dealt with so, who had the outcome, the covariates' names and values, and rows left out."""
    with duckdb.connect() as connection:
        try:
            found = connection.read_parquet(str(data))
        except duckdb.Error as error:
            first = str(error).partition("\n")[0]
            raise DisclosureError(
                str(data), f"cannot be read: {first}", "Name a Parquet file."
            ) from None
        columns = dict(zip(found.columns, map(str, found.types), strict=True))
        _check_columns(what, data, columns)
        wanted = [what.treated, what.outcome]
        kinds = [
            f"{name(one)}::DOUBLE"
            if kind == NUMBER
            else f"coalesce({name(one)}::VARCHAR, '{NOT_KNOWN}')"
            for one, kind in what.covariates.items()
        ]
        rows = found.project(", ".join([*map(name, wanted), *kinds])).fetchall()
    kept = [row for row in rows if row[0] is not None and row[1] is not None]
    if not kept:
        raise DisclosureError(
            data.name, "has no row of which both are known", f"They are {wanted}."
        )
    treated, outcome, *covariates = zip(*kept, strict=True)
    names, values = _columns(what, covariates)
    return np.array(treated), np.array(outcome), names, values, len(rows) - len(kept)


def _check_columns(what: Specification, data: Path, columns: dict[str, str]) -> None:
    for column in (what.treated, what.outcome, *what.covariates):
        if column not in columns:
            raise DisclosureError(data.name, f"has no column {column}")
    for column in (what.treated, what.outcome):
        if columns[column] != "BOOLEAN":
            raise DisclosureError(
                data.name,
                f"column {column} is {columns[column]}",
                "It must be yes or no (BOOLEAN).",
            )


def _columns(what: Specification, covariates: list[tuple[Any, ...]]) -> tuple[list[str], Any]:
    """The covariates as numbers: of groups one for each but the most frequent; not known is a group too."""
    names: list[str] = []
    values: list[Any] = []
    for (column, kind), cells in zip(what.covariates.items(), covariates, strict=True):
        if kind == NUMBER:
            numbers = np.array([np.nan if cell is None else cell for cell in cells], dtype=float)
            lost = ~np.isfinite(numbers)
            known = float(numbers[~lost].mean()) if not lost.all() else 0.0
            names.append(column)
            values.append(np.where(lost, known, numbers))
            if lost.any() and not lost.all():
                names.append(f"{column} {NOT_KNOWN}")
                values.append(lost.astype(float))
        else:
            groups = sorted(set(cells), key=lambda group: (-cells.count(group), group))
            for group in groups[1:]:
                names.append(f"{column} {group}")
                values.append(np.array([cell == group for cell in cells], dtype=float))
    varied = [n for n, column in enumerate(values) if column.std() > 0]
    if not varied:
        raise DisclosureError(
            "covariates", "are the same for everybody", "Nobody can be matched by them."
        )
    return [names[n] for n in varied], np.column_stack([values[n] for n in varied])


# --- matching -----------------------------------------------------------------


def _propensity(names: list[str], values: Any, treated: Any) -> Any:
    """The logit of how likely each person was to be dealt with so, by logistic regression."""
    if treated.all() or not treated.any():
        raise DisclosureError("data", "have people of one kind only", "Both kinds are needed.")
    design = np.column_stack(
        [np.ones(len(values)), (values - values.mean(axis=0)) / values.std(axis=0)]
    )
    perfect = DisclosureError(
        "covariates",
        "tell perfectly who was dealt with how, or follow from one another",
        f"Leave one out of: {', '.join(names)}.",
    )
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise perfect
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what goes wrong is looked for below
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            fit = Logit(treated.astype(float), design).fit(disp=False, maxiter=100)
        except (ConvergenceWarning, np.linalg.LinAlgError, ValueError):
            raise perfect from None
    logit = design @ fit.params
    if not np.isfinite(logit).all() or np.abs(logit).max() > _SURE:
        raise perfect
    return logit


def _pairs(logit: Any, treated: Any, caliper: float) -> list[tuple[int, int]]:
    """Pairs of places: each dealt with so, the most likely first, and the nearest other still free."""
    free = sorted((float(logit[place]), int(place)) for place in np.flatnonzero(~treated))
    order = sorted(np.flatnonzero(treated), key=lambda place: (-logit[place], place))
    found = []
    for place in order:
        at = bisect_left(free, (float(logit[place]), -1))
        near = [n for n in (at - 1, at) if 0 <= n < len(free)]
        best = min(near, key=lambda n: abs(free[n][0] - logit[place]), default=None)
        if best is not None and abs(free[best][0] - logit[place]) <= caliper:
            found.append((int(place), free.pop(best)[1]))
    return found


def _standardised(one: Any, other: Any) -> float:
    return _apart(one, other, one, other)


def _apart(one: Any, other: Any, of: Any, beside: Any) -> float:
    """The difference of two means in standard deviations: those before matching, so that both can be compared."""
    spread = sqrt((of.var() + beside.var()) / 2)
    return float((one.mean() - other.mean()) / spread) if spread else 0.0


# --- telling ------------------------------------------------------------------


def _counts(what: Specification, outcome: Any, first: Any, second: Any, said: str) -> Raw:
    rows = []
    for who, places in (("dealt with so", first), ("matched", second)):
        had = int(outcome[places].sum())
        rows += [(who, "yes", had), (who, "no", len(places) - had)]
    return Raw(
        title=what.question,
        unit="people",
        columns=(what.treated, what.outcome, "count"),
        rows=tuple(rows),
        note=said,
    )


def _balance(balance: dict[str, tuple[float, float]]) -> Raw:
    return Raw(
        title="Standardised differences before and after matching",
        unit="standard deviations",
        columns=("covariate", "before", "after"),
        rows=tuple((named, f"{one:.3f}", f"{two:.3f}") for named, (one, two) in balance.items()),
        note=_told(balance),
    )


def _unlike(balance: dict[str, tuple[float, float]]) -> list[str]:
    return [named for named, (_, after) in balance.items() if abs(after) >= BALANCED]


def _told(balance: dict[str, tuple[float, float]]) -> str:
    if unlike := _unlike(balance):
        return f"The matched still differ by {BALANCED} or more: {', '.join(unlike)}."
    return f"The matched differ by less than {BALANCED} in every covariate."
