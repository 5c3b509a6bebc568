"""No row of a file is lost in silence, whatever its bytes."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.intake.layouts import NAMES, layout
from amends.intake.reading import Fault, NotThisLayout, Row, read
from amends.intake.records import LONGEST

OUTCOMES = layout("police-uk-outcomes")
HEADER = ",".join(column.name for column in OUTCOMES.columns).encode() + b"\n"
GOOD = b"a1,2013-06,X,X,-2.5,51.4,On or near,E01,Bath 1,Local resolution\n"
REAL = Path(__file__).parents[3] / "shared/data/police_uk/2013-06-avon-and-somerset-outcomes.csv"


def found(rest):
    return list(read(io.BytesIO(HEADER + rest), OUTCOMES))


@settings(deadline=None)
@given(st.lists(st.one_of(st.just(GOOD[:-1]), st.binary()), max_size=8))
def test_every_line_is_kept_or_refused(lines):
    # without quotes, a record is a line: test_records.py has those that are not
    rest = b"".join(line.replace(b"\n", b"").replace(b'"', b"") + b"\n" for line in lines)
    assert [one.line for one in found(rest)] == list(range(2, len(lines) + 2))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (GOOD.replace(b"-2.5", b"west"), "Longitude is not a number."),
        (GOOD.replace(b"2013-06", b"2013-13"), "Month is not a month."),
        (GOOD.replace(b"a1", b""), "Crime ID is empty."),
        (
            GOOD.replace(b"a1", b"\xff"),
            "The line is not UTF-8. Where you know what the file is in, say it: --encoding cp1252.",
        ),
        (GOOD.replace(b"a1", b"\0"), "There is a NUL in the line."),
        (b"x" * (3 * LONGEST) + b"\n", f"The line is longer than {LONGEST} bytes."),
        (b"a,b\n", "There are 2 fields where 10 are wanted."),
    ],
)
def test_a_fault_is_told_and_the_next_row_kept(line, reason):
    fault, row = found(line + GOOD)
    assert isinstance(fault, Fault)
    assert fault.reason == reason
    assert isinstance(row, Row)
    assert row.line == 3


def test_another_header_is_refused():
    with pytest.raises(NotThisLayout):
        list(read(io.BytesIO(b"a,b\n"), OUTCOMES))


@pytest.mark.parametrize("name", NAMES)
def test_a_layout_has_its_key(name):
    assert layout(name).key in {"", *(column.name for column in layout(name).columns)}


def test_june_2013():
    if not REAL.exists():
        pytest.skip("the outcomes of June 2013 are not beside the project")
    with REAL.open("rb") as file:
        rows = [row for row in read(file, OUTCOMES) if isinstance(row, Row)]
    resolved = [
        r.fields["Crime ID"] for r in rows if r.fields["Outcome type"] == "Local resolution"
    ]
    assert (len(rows), len(resolved), len(set(resolved))) == (8530, 395, 349)
