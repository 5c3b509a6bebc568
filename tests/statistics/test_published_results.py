"""Published results, done again: re-offending in Maryland, North Carolina and Broward County."""

import bz2
import csv
import io
from pathlib import Path

import pytest

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import Raw
from amends.statistics.rates import rates, wilson
from amends.statistics.reoffending import kaplan_meier

pytest.importorskip("statsmodels", reason="the extra `stats` is not installed")
from amends.statistics.survival import cox, log_normal

DATA = Path("../shared/data/survival")


def rows_of(name):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    raw = path.read_bytes()
    text = bz2.decompress(raw) if path.suffix == ".bz2" else raw
    return list(csv.DictReader(io.StringIO(text.decode("utf-8"))))


def told(fit):
    for name, number, error in zip(fit.names, fit.coefficients, fit.errors, strict=True):
        print(f"  {name:8} {number:9.4f}  (s.e. {error:.4f})")
    print(f"  log-likelihood {fit.log_likelihood:.4f}; {fit.events} events of {fit.people}")
    return dict(zip(fit.names, fit.coefficients, strict=True))


# ---- Rossi, Berk and Lenihan 1980, as in Fox and Weisberg's appendix on Cox regression ----

ROSSI = {
    "fin": (-0.3794, 0.1914),
    "age": (-0.0574, 0.0220),
    "race": (0.3139, 0.3080),
    "wexp": (-0.1498, 0.2122),
    "mar": (-0.4337, 0.3819),
    "paro": (-0.0849, 0.1958),
    "prio": (0.0915, 0.0286),
}


def test_rossi_by_cox():
    rows = rows_of("rossi.csv")
    columns = {name: [float(row[name]) for row in rows] for name in ROSSI}
    fit = cox([float(r["week"]) for r in rows], [r["arrest"] == "1" for r in rows], columns)
    found = told(fit)
    assert {name: round(found[name], 4) for name in ROSSI} == {n: b for n, (b, _) in ROSSI.items()}
    errors = dict(zip(fit.names, fit.errors, strict=True))
    assert {name: round(errors[name], 4) for name in ROSSI} == {n: e for n, (_, e) in ROSSI.items()}
    assert round(fit.log_likelihood, 4) == -658.7477
    assert (fit.people, fit.events) == (432, 114)


def test_rossi_by_kaplan_meier_is_that_of_statsmodels():
    survfunc = pytest.importorskip("statsmodels.duration.survfunc")
    rows = rows_of("rossi.csv")
    times, events = [float(r["week"]) for r in rows], [r["arrest"] == "1" for r in rows]
    ours, theirs = kaplan_meier(times, events), survfunc.SurvfuncRight(times, events)
    print(f"S(52) = {ours[-1].surviving:.6f} (s.e. {ours[-1].error:.5f}), over {len(ours)} steps")
    assert round(ours[-1].surviving, 6) == 0.736111
    assert [step.time for step in ours] == list(theirs.surv_times)
    assert [step.surviving for step in ours] == pytest.approx(list(theirs.surv_prob))
    assert [step.error for step in ours] == pytest.approx(list(theirs.surv_prob_se))


# ---- Chung, Schmidt and Witte 1991, as in Wooldridge, table 22.1 ----

RECID = {
    "const": 4.099,
    "workprg": -0.063,
    "priors": -0.137,
    "tserved": -0.019,
    "felon": 0.444,
    "alcohol": -0.635,
    "drugs": -0.298,
    "black": -0.543,
    "married": 0.341,
    "educ": 0.023,
    "age": 0.004,
    "sigma": 1.810,
}


def test_recid_by_the_log_normal_model():
    rows = rows_of("recid.csv.bz2")
    names = [name for name in RECID if name not in ("const", "sigma")]
    columns = {name: [float(row[name]) for row in rows] for name in names}
    fit = log_normal([float(r["durat"]) for r in rows], [r["cens"] == "0" for r in rows], columns)
    found = told(fit)
    assert {name: round(found[name], 3) for name in RECID} == RECID
    assert round(fit.log_likelihood, 2) == -1597.06
    assert (fit.people, fit.events) == (1445, 552)


# ---- ProPublica 2016: errors of a score about people, which nothing here may use ----


def test_broward_error_rates():
    rows = rows_of("broward_clean_fixed.csv")
    again = sum(row["two_year_recid"] == "1" for row in rows)
    print(f"{again:,} of {len(rows):,} re-offended within two years ({wilson(again, len(rows))})")
    assert (again, len(rows)) == (3251, 7214)
    counts: dict[tuple[str, str, str], int] = {}
    for row in rows:
        race = {"1": "white", "2": "black"}.get(row["race"])
        if race:
            said = "high" if int(row["compas_decile_score"]) >= 5 else "low"
            did = "re-offended" if row["two_year_recid"] == "1" else "did not"
            counts[race, did, said] = counts.get((race, did, said), 0) + 1
    table = Raw(
        title="Scores",
        unit="people",
        columns=("race", "did", "score", "count"),
        rows=tuple((*key, n) for key, n in sorted(counts.items())),
    )
    base = {"high", "low"}
    false_high = rates(table, "score", of={"high"}, base=base, called=("scored high", "people"))
    false_low = rates(table, "score", of={"low"}, base=base, called=("scored low", "people"))
    print("\n".join([*false_high.lines(), *false_low.lines()]))

    def share(found, race, did):
        part, whole = next(row[2:4] for row in found.rows if row[:2] == (race, did))
        return round(100 * part / whole, 2)

    assert share(false_high, "black", "did not") == 44.85
    assert share(false_high, "white", "did not") == 23.45
    assert share(false_low, "black", "re-offended") == 27.99
    assert share(false_low, "white", "re-offended") == 47.72


# ---- what cannot be fitted ----


@pytest.mark.parametrize("model", [cox, log_normal])
@pytest.mark.parametrize(
    ("times", "happened", "columns", "says"),
    [
        ([1, 2, 3], [True, False], {"a": [1, 2, 3]}, "do not fit the times"),
        ([1, 2, 3], [True, False, True], {}, "do not fit the times"),
        ([1, 2, 3], [True, False, True], {"a": [1, 1, 1]}, "same for everybody"),
        ([1, 2, 3], [True, False, True], {"a": [1, 2, float("nan")]}, "is no number"),
        ([1, 2, -3], [True, False, True], {"a": [1, 2, 1]}, "is no number"),
        ([1, 2, 3], [False] * 3, {"a": [1, 2, 1]}, "there are none"),
    ],
)
def test_what_cannot_be_fitted_is_refused(model, times, happened, columns, says):
    with pytest.raises(DisclosureError, match=says):
        model(times, happened, columns)


def test_a_time_of_0_has_no_logarithm():
    with pytest.raises(DisclosureError, match="one is 0"):
        log_normal([0, 1, 2], [True] * 3, {"a": [1, 2, 1]})


@pytest.mark.parametrize("model", [cox, log_normal])
def test_a_circumstance_that_tells_all_is_refused(model):
    times = [1 + n % 17 for n in range(200)]
    with pytest.raises(DisclosureError, match="tells perfectly"):
        model(times, [n % 2 == 1 for n in range(200)], {"a": [n % 2 for n in range(200)]})
