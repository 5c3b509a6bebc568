"""A force's own months: the counts that are known, and the month that is missing."""

import gzip
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.intake.layouts import layout
from amends.intake.months import missing
from amends.intake.reading import Fault, read

FOLDER = Path(__file__).parents[3] / "shared/data/police_uk/avon-and-somerset-street"


@pytest.fixture(scope="module")
def counted():
    if not FOLDER.exists():
        pytest.skip("the street files of 2018 to 2021 are not beside the project")
    years, months, winter = Counter(), set(), set()
    for path in sorted(FOLDER.glob("*.csv.gz")):
        with gzip.open(path) as file:
            for row in read(file, layout("police-uk-street")):
                assert not isinstance(row, Fault), (path.name, row)
                month = row.fields["Month"]
                months.add(month)
                years[month[:4]] += row.fields["Last outcome category"] == "Local resolution"
                if "2018-01" <= month <= "2018-03" and row.fields["Crime ID"]:
                    winter.add(row.fields["Crime ID"])
    return years, months, winter


def test_resolutions_of_each_year(counted):
    assert counted[0] == {"2018": 1710, "2019": 1706, "2020": 1706, "2021": 1365}


def test_the_missing_month_is_named(counted):
    assert missing(counted[1]) == ["2019-07"]


def test_crimes_of_the_first_quarter_of_2018(counted):
    assert len(counted[2]) == 31_839


@given(st.sets(st.integers(24_000, 24_040), min_size=1))
def test_a_month_is_held_or_missing(numbers):
    held = {f"{n // 12:04}-{n % 12 + 1:02}" for n in numbers}
    gaps = missing(held)
    assert not held & set(gaps)
    assert len(held) + len(gaps) == max(numbers) - min(numbers) + 1
