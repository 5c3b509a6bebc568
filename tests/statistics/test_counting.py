"""Counts carry their unit, rates their base, and series the months that are missing."""

import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import MARKER, Raw
from amends.statistics import units
from amends.statistics.cases import NOT_KNOWN, open_cases
from amends.statistics.counting import NOT_HELD, count, series
from amends.statistics.periods import KINDS, label, periods
from amends.statistics.rates import NO_RATE, rate, rates, wilson
from support.counted import written

COLUMNS = (
    "case_reference",
    "crime_reference",
    "crime_recorded_on",
    "case_recorded_crime",
    "decision_date",
    "offender_sex",
)


def row(n, crime, recorded, decided, sex="male", crime_recorded=True):
    return {
        "case_reference": f"C{n}",
        "crime_reference": crime,
        "crime_recorded_on": recorded,
        "decision_date": decided,
        "offender_sex": sex,
        "case_recorded_crime": crime_recorded,
    }


FOUR = [  # one crime of two people, one of whom comes again the year after for an older crime
    row(1, "K1", date(2012, 3, 30), date(2012, 4, 2)),
    row(2, "K1", date(2012, 3, 30), date(2012, 4, 3), "female"),
    row(3, "K2", date(2012, 5, 1), date(2013, 5, 9)),
    row(4, None, None, date(2013, 6, 9), None, crime_recorded=False),
]
PEOPLE = "case_reference,person\nC1,1\nC2,2\nC3,1\nC4,3\n"


@pytest.fixture
def file(tmp_path):
    return written(tmp_path / "cases.parquet", COLUMNS, FOUR)


def test_the_five_units_differ(file, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, "utf-8")
    year = {"start": date(2012, 4, 1), "end": date(2013, 12, 31)}
    with open_cases(file, people=people) as cases:
        found = {unit: count(cases, unit, **year) for unit in units.UNITS}
    for table in found.values():
        print("\n".join(table.lines()))
    assert {unit: table.rows[0][-1] for unit, table in found.items()} == {
        "cases": 4,
        "offenders": 3,
        "crimes": 2,
        "outcomes recorded in the period": 3,
        "outcomes for crimes recorded in the period": 1,
    }
    assert all(table.unit == unit for unit, table in found.items())


def test_a_count_without_a_unit_cannot_be_made(file):
    with open_cases(file) as cases:
        with pytest.raises(DisclosureError, match=r"is no unit\. It is one of: cases"):
            count(cases, "resolutions")
        with pytest.raises(DisclosureError, match="needed for counting offenders"):
            count(cases, "offenders")
        with pytest.raises(DisclosureError, match="no column rank"):
            count(cases, "cases", ["rank"])


def test_what_is_not_known_is_a_group(file):
    with open_cases(file) as cases:
        table = count(cases, "cases", ["offender_sex"])
        only = count(cases, "cases", where={"offender_sex": {None, "female"}})
    assert table.rows == (("female", 1), ("male", 2), (NOT_KNOWN, 1))
    assert only.rows == ((2,),)
    assert "Only where offender_sex is female or not known." in only.note


def test_a_period_has_its_first_and_its_last_day(file):
    first, last = date(2012, 4, 2), date(2012, 4, 3)
    with open_cases(file) as cases:
        assert count(cases, "cases", start=first, end=last).rows == ((2,),)
        assert count(cases, "cases", start=last, end=last).rows == ((1,),)
        assert count(cases, "cases", end=first).rows == ((1,),)


def test_a_mapping_must_give_every_case_one_person(file, tmp_path):
    people = tmp_path / "people.csv"
    for text in (PEOPLE.replace("C4,3\n", ""), PEOPLE + "C4,9\n"):
        people.write_text(text, "utf-8")
        with (
            pytest.raises(DisclosureError, match="does not give every case"),
            open_cases(file, people=people),
        ):
            pass


def test_columns_hold_what_they_must(tmp_path):
    file = written(tmp_path / "c.parquet", ("decision_date",), [])
    duckdb.sql(f"COPY (SELECT '2 May' AS decision_date) TO '{file}' (FORMAT parquet)")
    with open_cases(file) as cases, pytest.raises(DisclosureError, match="holds VARCHAR"):
        count(cases, "cases")
    duckdb.sql(
        f"COPY (SELECT [1] AS l, current_date AS decision_date) TO '{file}' (FORMAT parquet)"
    )
    with open_cases(file) as cases, pytest.raises(DisclosureError, match="column l has no groups"):
        count(cases, "cases", ["l"])


def test_a_damaged_file_is_told(file):
    raw = bytearray(file.read_bytes())
    raw[4:60] = b"x" * 56
    file.write_bytes(raw)
    with pytest.raises(DisclosureError, match="cannot be read"), open_cases(file) as cases:
        count(cases, "cases", ["case_reference"])


def test_missing_months_are_named_and_are_not_0(file):
    with open_cases(file) as cases:
        table = series(
            cases,
            "cases",
            "quarter",
            start=date(2012, 1, 1),
            end=date(2013, 6, 30),
            missing={"2012-07", "2012-08", "2012-09", "2013-06"},
        )
    print("\n".join(table.lines()))
    assert table.rows == (
        ("2012 Q1", NOT_HELD, "0 of 3"),
        ("2012 Q2", 2, "all"),
        ("2012 Q3", NOT_HELD, "0 of 3"),
        ("2012 Q4", 0, "all"),
        ("2013 Q1", 0, "all"),
        ("2013 Q2", 1, "2 of 3"),
    )
    assert table.note.startswith(
        "Missing months: 2012-01, 2012-02, 2012-03, 2012-07, 2012-08, 2012-09, 2013-06."
    )


@pytest.mark.parametrize("month", ["2012-13", "June", "2012-6", "2012-06-01", "20120601"])
def test_a_missing_month_is_a_month(file, month):
    span = {"start": date(2012, 4, 1), "end": date(2012, 6, 30)}
    with open_cases(file) as cases, pytest.raises(DisclosureError, match="Write it as 2013-04"):
        series(cases, "cases", "month", **span, missing=[month])


def test_a_series_of_half_months_is_refused(file):
    with open_cases(file) as cases, pytest.raises(DisclosureError, match="cuts a month"):
        series(cases, "cases", "month", start=date(2012, 1, 2), end=date(2012, 1, 31))


@pytest.mark.parametrize(
    ("kind", "day", "named"),
    [
        ("financial year", date(2013, 3, 31), "2012-13"),
        ("financial year", date(2013, 4, 1), "2013-14"),
        ("financial year", date(1999, 4, 1), "1999-00"),
        ("quarter", date(2013, 3, 31), "2013 Q1"),
        ("calendar year", date(2013, 12, 31), "2013"),
        ("month", date(2013, 12, 31), "2013-12"),
    ],
)
def test_periods_have_their_names(kind, day, named):
    assert label(kind, day) == named


@given(
    st.sampled_from(sorted(KINDS)),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    st.integers(0, 2000),
)
def test_periods_split_the_time_between(kind, start, days):
    end = date.fromordinal(start.toordinal() + days)
    found = list(periods(kind, start, end))
    every = [month for _, own in found for month in own]
    assert len({name for name, _ in found}) == len(found)
    assert [month.number for month in every] == list(range(every[0].number, every[-1].number + 1))
    assert every[0].first <= start <= end
    assert label(kind, end) == found[-1][0]


sexes = st.sampled_from(["male", "female", None])
days = st.one_of(st.none(), st.dates(date(2012, 1, 1), date(2013, 12, 31)))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), days, sexes), max_size=12))
def test_units_keep_their_order_and_groups_their_sum(drawn):
    rows = [
        row(n, f"K{crime}", decided, decided, sex)
        for n, (_, crime, decided, sex) in enumerate(drawn)
    ]
    people = "".join(f"C{n},{person}\n" for n, (person, *_) in enumerate(drawn))
    with tempfile.TemporaryDirectory() as folder:
        file = written(Path(folder, "c.parquet"), COLUMNS, rows)
        mapping = Path(folder, "p.csv")
        mapping.write_text("case_reference,person\n" + people, "utf-8")
        with open_cases(file, people=mapping) as cases:
            total = {unit: count(cases, unit).rows[0][-1] for unit in units.UNITS}
            by_sex = count(cases, "cases", ["offender_sex"])
            years = series(cases, "cases", "month", start=date(2012, 1, 1), end=date(2013, 12, 31))
    assert total["cases"] == len(drawn)
    assert total["offenders"] == len({person for person, *_ in drawn})
    assert total["crimes"] == len({crime for _, crime, *_ in drawn})
    assert dict(by_sex.rows) == Counter(sex or NOT_KNOWN for *_, sex in drawn)
    dated = sum(decided is not None for *_, decided, _ in drawn)
    assert sum(cell for _, cell, _ in years.rows if isinstance(cell, int)) == dated


# ---- rates -------------------------------------------------------------------


def test_wilson_with_a_known_answer():
    """From Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    known = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (part, whole), (low, high) in known.items():
        found = wilson(part, whole)
        print(part, whole, found)
        assert (round(found[0], 4), round(found[1], 4)) == (low, high)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_turns_round(both):
    part, whole = both
    low, high = wilson(part, whole)
    other = wilson(whole - part, whole)
    assert 0 <= low <= part / whole <= high <= 1
    assert (1 - other[1], 1 - other[0]) == pytest.approx((low, high), abs=1e-9)


def test_no_rate_of_too_few_or_of_nothing_named():
    assert rate(30, 60, of="completed", base="ended").share == 0.5
    with pytest.raises(DisclosureError, match="59 are too few"):
        rate(30, 59, of="completed", base="ended")
    with pytest.raises(DisclosureError, match="does not say of what"):
        rate(30, 60, of="completed", base="")
    with pytest.raises(DisclosureError, match="no part"):
        rate(61, 60, of="completed", base="ended")


def test_a_withheld_count_gives_no_rate():
    table = Raw(
        title="t",
        unit="cases",
        columns=("area", "ending", "count"),
        rows=(
            ("a", "kept", 50),
            ("a", "broken", 50),
            ("b", "kept", MARKER),
            ("b", "broken", 90),
            ("c", "kept", 9),
        ),
    )
    base = {"kept", "broken"}
    found = rates(table, "ending", of={"kept"}, base=base, called=("kept", "ended"))
    print("\n".join(found.lines()))
    assert found.rows == (
        ("a", 50, 100, "50.0 %", "40.4 %", "59.6 %"),
        ("b", MARKER, MARKER, NO_RATE, NO_RATE, NO_RATE),
        ("c", 9, 9, NO_RATE, NO_RATE, NO_RATE),
    )
    with pytest.raises(DisclosureError, match="within its base"):
        rates(table, "ending", of={"lost"}, base=base, called=("kept", "ended"))
