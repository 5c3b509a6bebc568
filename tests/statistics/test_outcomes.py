"""Harm, endings, feedback, decisions and re-offending, counted over small files."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import MARKER, Raw
from amends.statistics.cases import NOT_KNOWN, open_cases
from amends.statistics.decision_points import decisions, indexes
from amends.statistics.endings import (
    COMPLETION,
    FEEDBACK,
    completion,
    completion_rate,
    feedback,
    response_rate,
    satisfaction_rate,
)
from amends.statistics.following import (
    NOT_PROVEN,
    PROVEN,
    TOO_SHORT,
    proven_rate,
    proven_reoffending,
    time_to_offence,
)
from amends.statistics.harm import NO_WEIGHT, read_weights, weighted
from amends.statistics.rates import NO_RATE
from amends.statistics.reoffending import proven
from support.counted import written

START = date(2012, 6, 1)


# ---- harm --------------------------------------------------------------------

SAID = {
    "name": "A set",
    "version": "1",
    "licence": "of our own",
    "unit": "days",
    "key": "k",
    "weight": "w",
}
COUNTS = Raw(
    title="Crimes",
    unit="crimes",
    columns=("offence", "count"),
    rows=(("theft", 40), ("arson", 2), ("fog", 7), ("robbery", MARKER)),
)


@pytest.fixture
def weights(tmp_path):
    path = tmp_path / "weights.csv"
    path.write_text("k,w\ntheft,2.0\narson,182.25\nrobbery,365\n", "utf-8")
    return path


def test_harm_stands_beside_the_counts(weights):
    found = weighted(COUNTS, "offence", read_weights(weights, **SAID))
    print("\n".join(found.lines()))
    assert found.columns == ("offence", "count", "harm")
    assert found.rows == (
        ("theft", 40, "80"),
        ("arson", 2, "364.5"),
        ("fog", 7, NO_WEIGHT),
        ("robbery", MARKER, MARKER),
    )
    assert "A set, version 1 (of our own). It covers 42 of 49 crimes." in found.note


@pytest.mark.parametrize("what", ["name", "version", "licence", "unit"])
def test_weights_are_used_with_their_source_or_not_at_all(weights, what):
    with pytest.raises(DisclosureError, match=f"no {what} is given"):
        read_weights(weights, **(SAID | {what: " "}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("k,w\na,-1\n", "line 2: '-1' is no weight"),
        ("k,w\na,NaN\n", "is no weight"),
        ("k,w\na,1\na,2\n", "line 3: is a second weight for a"),
        ("k,x\na,1\n", "has not the columns k and w"),
        ("k,w\n", "holds no weight"),
    ],
)
def test_a_bad_weight_is_told_by_its_line(tmp_path, text, says):
    path = tmp_path / "w.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(DisclosureError, match=says):
        read_weights(path, **SAID)


def test_the_cambridge_file_is_read():
    path = Path("../shared/data/harm/cchi_weights_prc_subgroup.csv")
    if not path.exists():
        pytest.skip(f"{path} is not here")
    said = SAID | {
        "name": "Cambridge Crime Harm Index",
        "key": "prc_subgroup",
        "weight": "cchi_days",
    }
    found = read_weights(path, **said)
    print(len(found.weights), found.weights["Homicide"], found.digest)
    assert (len(found.weights), found.weights["Homicide"]) == (23, 5475)


# ---- endings -----------------------------------------------------------------

ENDINGS = (
    [{"completion": "completed"}] * 60
    + [{"completion": "completed_after_change"}] * 20
    + [{"completion": "not_completed"}] * 20
    + [{"completion": "still_running"}] * 5
    + [{}] * 15
)


def test_unknown_is_shown_and_is_not_no(tmp_path):
    file = written(tmp_path / "c.parquet", ("completion",), ENDINGS)
    with open_cases(file) as cases:
        table = completion(cases)
    found = completion_rate(table)
    print("\n".join([*table.lines(), *found.lines()]))
    assert table.rows == tuple(zip(COMPLETION, (60, 20, 20, 5, 15), strict=True))
    assert found.rows == ((80, 100, "80.0 %", "71.1 %", "86.7 %"),)
    assert found.columns[:2] == ("completed", "known to have ended")


def test_feedback_knows_who_was_not_asked(tmp_path):
    rows = (
        [{"feedback_asked": True, "feedback": "satisfied"}] * 70
        + [{"feedback_asked": True, "feedback": "neither"}] * 19
        + [{"feedback": "neither"}]  # an answer is one, whoever did not note that it was asked for
        + [{"feedback_asked": True, "feedback": "dissatisfied"}] * 10
        + [{"feedback_asked": True}] * 100
        + [{"feedback_asked": False}] * 30
        + [{}] * 3
    )
    file = written(tmp_path / "c.parquet", ("feedback_asked", "feedback"), rows)
    with open_cases(file) as cases:
        table = feedback(cases)
    print("\n".join(table.lines()))
    assert table.rows == tuple(zip(FEEDBACK, (70, 20, 10, 100, 30, 3), strict=True))
    assert satisfaction_rate(table).rows[0][:3] == (70, 100, "70.0 %")
    assert response_rate(table).rows[0][:3] == (100, 200, "50.0 %")


def test_endings_by_group_show_every_ending(tmp_path):
    rows = [{"completion": "completed", "district": "North"}, {"district": None}]
    file = written(tmp_path / "c.parquet", ("completion", "district"), rows)
    with open_cases(file) as cases:
        table = completion(cases, ["district"])
        with pytest.raises(DisclosureError, match="no column feedback"):
            feedback(cases)
    assert len(table.rows) == 2 * len(COMPLETION)
    assert ("North", "completed", 1) in table.rows
    assert (NOT_KNOWN, NOT_KNOWN, 1) in table.rows


# ---- decisions ---------------------------------------------------------------

DECIDING = (
    "offender_ethnicity",
    "admission_form",
    "resolution_delivery",
    "restorative_offered",
    "restorative_declined",
    "completion",
)


def test_missing_ethnicity_is_a_group_of_its_own(tmp_path):
    def people(ethnicity, street, deferred, unknown):
        return [
            {"offender_ethnicity": ethnicity, "resolution_delivery": how}
            for how, times in (("street", street), ("deferred", deferred), (None, unknown))
            for _ in range(times)
        ]

    rows = [
        *people("white", 300, 5700, 9),
        *people("black", 90, 910, 4),
        *people(None, 3, 70, 2),
        *people("asian", 5, 9, 0),
    ]
    file = written(tmp_path / "c.parquet", DECIDING, rows)
    with open_cases(file) as cases:
        table = decisions(cases)
    found = indexes(table, "white")
    print("\n".join(found.lines()))
    street = [row[1:] for row in found.rows if row[0] == "dealt with on the street"]
    assert street[1] == ("black", 90, 1000, 4, "1.80", "1.44", "2.26")
    assert street[0] == ("asian", 5, 14, 0, NO_RATE, NO_RATE, NO_RATE)
    assert street[2][:5] == ("white", 300, 6000, 9, "reference")
    assert street[3][:5] == (NOT_KNOWN, 3, 73, 2, "0.82")
    admitted = [row for row in found.rows if row[0].startswith("admitted")]
    assert all(
        row[2:5] == (0, 0, row[4]) and row[4] for row in admitted
    )  # nothing is known: not no
    with pytest.raises(DisclosureError, match="no group 'green'"):
        indexes(table, "green")


def test_a_withheld_count_gives_no_index():
    rows = [("d", who, said, n) for who in ("a", "b") for said, n in (("yes", 50), ("no", 50))]
    open_ = Raw(
        title="t",
        unit="cases",
        columns=("decision", "group", "so decided", "count"),
        rows=tuple(rows),
    )
    shut = Raw(
        title="t", unit="cases", columns=open_.columns, rows=(*rows[:3], ("d", "b", "no", MARKER))
    )
    assert indexes(open_, "a").rows[1][5] == "1.00"
    assert indexes(shut, "a").rows[1][5] == NO_RATE


# ---- re-offending ------------------------------------------------------------

FOLLOWED = ("decision_date", "next_offence_on", "next_offence_proven_on", "followed_until")


def followed(offence, convicted, until=1000):
    return {
        "decision_date": START,
        "next_offence_on": None if offence is None else START + timedelta(days=offence),
        "next_offence_proven_on": None if convicted is None else START + timedelta(days=convicted),
        "followed_until": None if until is None else START + timedelta(days=until),
    }


def spread(rows):
    with tempfile.TemporaryDirectory() as folder:
        file = written(Path(folder, "c.parquet"), FOLLOWED, rows)
        with open_cases(file) as cases:
            table = proven_reoffending(cases)
            return dict(table.rows), time_to_offence(cases), proven_rate(table)


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        (followed(365, 547), PROVEN),
        (followed(366, 547), NOT_PROVEN),
        (followed(365, 548), NOT_PROVEN),
        (followed(0, 9), NOT_PROVEN),
        (followed(5, None), NOT_PROVEN),
        (followed(None, None), NOT_PROVEN),
        (followed(None, None, 547), NOT_PROVEN),
        (followed(None, None, 546), TOO_SHORT),
        (followed(5, 6, 100), TOO_SHORT),
        (followed(5, 6, None), NOT_KNOWN),
    ],
)
def test_the_windows_are_those_of_the_definition(row, answer):
    found, _, _ = spread([row])
    assert {said for said, times in found.items() if times} == {answer}


days_after = st.one_of(st.none(), st.integers(0, 700))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 700), days_after), max_size=8))
def test_counted_in_the_database_as_by_the_rule(drawn):
    pairs = [(offence, None if wait is None else offence + wait) for offence, wait in drawn]
    found, (_, steps), _ = spread([followed(*pair, until=2000) for pair in pairs])
    days = [[None if d is None else START + timedelta(days=d) for d in pair] for pair in pairs]
    assert found.get(PROVEN, 0) == sum(proven(START, *pair) for pair in days)
    if pairs:
        assert steps[-1].surviving == pytest.approx(0)


def test_an_offence_on_the_last_day_happened():
    _, (table, _), _ = spread([followed(90, None, 90), followed(91, None, 90)])
    assert table.rows == (("90", "none until then", 1), ("90", "yes", 1))


def test_the_rate_is_of_those_followed_for_long_enough():
    rows = [followed(9, 90)] * 30 + [followed(None, None)] * 30 + [followed(None, None, 99)] * 40
    _, (table, steps), found = spread(rows)
    print("\n".join([*found.lines(), *table.lines()]), steps)
    assert found.rows == ((30, 60, "50.0 %", "37.7 %", "62.3 %"),)
    assert found.columns[1] == "followed for long enough"
    assert table.rows == (
        ("9", "yes", 30),
        ("99", "none until then", 40),
        ("1000", "none until then", 30),
    )
    assert steps[0].surviving == pytest.approx(0.7)
    assert "proves no offence" in found.note
