"""A record is what quotes hold together: no words in a field pass for a case, and no line is lost."""

import csv
import io

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.cli import main
from amends.intake.layouts import Column, Layout
from amends.intake.reading import UNENDED, Fault, Row, read
from amends.intake.records import LONGEST, records
from amends.intake.store import open_store

TWICE = "The line is not CSV: a quote inside a quoted field is to be written twice."
BARE = "The line is not CSV: a line break without a line feed is not in quotes"
LETTERS = Layout("letters", 1, "a row", (Column("a"), Column("b")))


def found(rest):
    return list(read(io.BytesIO(b"a,b\n" + rest), LETTERS))


def told(rest):
    """Of each record its first line, and its fields or what is wrong."""
    return [
        (one.line, one.reason if isinstance(one, Fault) else tuple(one.fields.values()))
        for one in found(rest)
    ]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.text('x",\n\r é', max_size=8), st.text('x",\n\r', max_size=8))),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_writer_of_csv_wrote_is_read_as_it_was(rows, ends):
    out = io.StringIO(newline="")
    writer, wanted = csv.writer(out, lineterminator=ends, quoting=csv.QUOTE_ALL), []
    for row in rows:
        wanted.append((2 + out.getvalue().count("\n"), row))
        writer.writerow(row)
    assert told(out.getvalue().encode()) == wanted


@settings(deadline=None)
@given(st.lists(st.text('x",\r ', max_size=6)))
def test_every_line_is_of_one_record_whatever_the_quotes(lines):
    rest = "".join(f"{line}\n" for line in lines).encode()
    at = 1
    for one in records(io.BytesIO(rest), 1):
        assert one.line == at
        at = one.last + 1
    assert at == len(lines) + 1
    assert b"".join(one.raw for one in records(io.BytesIO(rest), 1)) == rest


@pytest.mark.parametrize(
    ("rest", "wanted"),
    [
        (b'x,"note\nFORGED,1\nend"\ny,z\n', [(2, ("x", "note\nFORGED,1\nend")), (5, ("y", "z"))]),
        (b'x,"note\r\nFORGED,1\r\nend"\r\ny,z\r\n', [(2, ("x", "note\r\nFORGED,1\r\nend")), (5, ("y", "z"))]),
        (b'x,5" pipe\ny,6" pipe\n', [(2, ("x", '5" pipe')), (3, ("y", '6" pipe'))]),
        (b'x, "5\ny,z\n', [(2, ("x", ' "5')), (3, ("y", "z"))]),
        (b'x,"say ""5\nFORGED,1"""\ny,z\n', [(2, ("x", 'say "5\nFORGED,1"')), (4, ("y", "z"))]),
        (
            b'x,"5" pipe"\ny,z\n',
            [(2, TWICE), (3, ("y", "z"))],
        ),
        (b'x,"never\nFORGED,1\n', [(2, "A quote that is opened here is never closed. Lines 2 to 3 are one record.")]),
        (b"x,1\r2\ny,z\n", [(2, f"{BARE}."), (3, ("y", "z"))]),
        (b'x,"never', [(2, f"A quote that is opened here is never closed. {UNENDED}")]),
        (
            b'x,"never\ny,"note\nFORGED,1\nend"\nw,z\n',  # the quote of `note` is not the end of the one before it
            [
                (2, f"{TWICE} Lines 2 to 5 are one record."),
                (6, ("w", "z")),
            ],
        ),
        (
            b'x,"1\n2",3\ny,z\n',
            [(2, "There are 3 fields where 2 are wanted. Lines 2 to 3 are one record."), (4, ("y", "z"))],
        ),
    ],
)  # fmt: skip
def test_a_quote_opens_only_where_a_field_begins_and_holds_lines_together(rest, wanted):
    assert told(rest) == wanted


def test_a_record_that_is_too_long_is_one_fault_and_none_of_its_lines_a_row():
    inside = b"FORGED,1\n" * (LONGEST // 4)
    fault, row = found(b'x,"' + inside + b'"\ny,z\n')
    last = 2 + LONGEST // 4
    assert isinstance(fault, Fault)
    assert fault.reason == (
        f"A quote that is opened here is not closed within {LONGEST} bytes. Lines 2 to {last} are one record."
    )
    assert len(fault.text) <= LONGEST + 1
    assert isinstance(row, Row)
    assert (row.line, row.fields["a"]) == (last + 1, "y")


@pytest.mark.parametrize("before", range(LONGEST - 4, LONGEST + 3))
@pytest.mark.parametrize("end", [b'""",z\n', b'"" and', b'",z\n'])
def test_a_quote_is_followed_over_the_end_of_what_is_read_at_once(before, end):
    rest = b'"' + b"x" * before + end
    (one, *more) = records(io.BytesIO(rest + b"\nw,w\n"), 1)
    assert one.is_open == (end == b'"" and')
    assert len(more) == (0 if one.is_open else 2)


MAP = """
ignored = ["Notes"]
[columns]
"Occurrence Number" = { fact = "case_reference" }
"Outcome Date" = { fact = "decision_date", format = "%d/%m/%Y" }
"""


def test_text_inside_a_field_is_no_case_and_the_true_case_is_not_lost(tmp_path, capsys):
    path, store = tmp_path / "extract.csv", tmp_path / "store"
    (tmp_path / "map.toml").write_text(MAP, "utf-8")
    path.write_text(
        'Occurrence Number,Outcome Date,Notes\nTRUE1,04/05/2013,"note\nFORGED1,05/05/2013,x\nend"\nTRUE2,06/05/2013,\n'
    )
    words = ["import", "records-extract", str(path), "--mapping", str(tmp_path / "map.toml")]
    assert main([*words, "--to", str(store)]) == 0
    assert "2 rows read, 2 kept" in capsys.readouterr().out
    held = open_store(store).held("cases").parquet
    assert duckdb.sql(f"SELECT case_reference FROM '{held}' ORDER BY 1").fetchall() == [
        ("TRUE1",), ("TRUE2",),
    ]  # fmt: skip


STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r\r\n", "\n\r\n"])
def test_a_street_file_keeps_line_breaks_in_a_field_and_the_lines_of_its_rows(tmp_path, ends):
    own = "Kent Police,Kent Police,,"
    rows = f'a,2020-01,{own},"On{ends}or{ends}near",,,Drugs,,\nb,2020-01,{own},Road,,,Drugs,,\n'
    path, store = tmp_path / "s.csv", tmp_path / "store"
    path.write_bytes((STREET + rows).encode())
    assert main(["import", "police-uk-street", str(path), "--to", str(store)]) == 0
    held = open_store(store).held("police-uk-street").parquet
    assert duckdb.sql(f"SELECT line, location FROM '{held}' ORDER BY 1").fetchall() == [
        (2, f"On{ends}or{ends}near"), (3 + 2 * ends.count("\n"), "Road"),
    ]  # fmt: skip
