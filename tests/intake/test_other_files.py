"""Files that are no CSV, and CSV that was cut: what is said of each, and that nothing is kept in silence."""

import csv
import io
import zipfile

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cli import main
from amends.intake.layouts import Column, Layout
from amends.intake.reading import UNENDED, Fault, read
from amends.intake.store import open_store

HEAD = "Occurrence Number,Outcome Date,District\n"
MAP = """
[columns]
"Occurrence Number" = { fact = "case_reference" }
"Outcome Date" = { fact = "decision_date", format = "%d/%m/%Y" }
"District" = { fact = "district" }
"""
ROWS = "A/1,01/02/2025,North\nA/2,02/02/2025,South\n"


@pytest.fixture
def take(tmp_path):
    """What imports bytes as an extract of some name, and says the status."""

    def taken(data, name="extract.csv"):
        (tmp_path / name).write_bytes(data)
        (tmp_path / "map.toml").write_text(MAP, "utf-8")
        words = ["import", "records-extract", tmp_path / name, "--mapping", tmp_path / "map.toml"]
        return main([str(one) for one in (*words, "--to", tmp_path / "store")])

    return taken


def workbook(inside):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr(inside, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("extract.xlsx", workbook("[Content_Types].xml"), "a workbook (XLSX or ODS)"),
        ("extract.ods", workbook("mimetype"), "a workbook (XLSX or ODS)"),
        ("extract.csv", workbook("[Content_Types].xml"), "a workbook (XLSX or ODS)"),
        ("extract.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old workbook (XLS)"),
        ("extract.xls", b"<html><table><tr>", "XML or a web page"),
        ("extract.xls", b"\xef\xbb\xbf<?xml version='1.0'?>", "XML or a web page"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("layout", ["records-extract", "home-office-recorded-crime"])
def test_a_workbook_is_to_be_saved_as_csv(take, tmp_path, capsys, layout, name, data, what):
    if layout == "records-extract":
        assert take(data, name) == 2
    else:
        (tmp_path / name).write_bytes(data)
        words = ["import", layout, tmp_path / name, "--to", tmp_path / "store"]
        assert main([str(one) for one in words]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"{name}: This is {what}" in said
    assert "save the sheet as CSV (UTF-8)" in said
    assert not (tmp_path / "store").exists()


def test_an_extract_that_is_given_as_cases_is_told_where_it_belongs(tmp_path, capsys):
    (tmp_path / "extract.csv").write_text(HEAD + ROWS, "utf-8")
    words = ["import", "cases", str(tmp_path / "extract.csv"), "--to", str(tmp_path / "store")]
    assert main(words) == 2
    assert "saved as CSV, is imported as records-extract" in capsys.readouterr().err


def test_a_field_that_lost_its_end_is_kept_and_told(take, tmp_path, capsys):
    assert take((HEAD + ROWS)[:-3].encode()) == 0
    assert f"told 1: {UNENDED}" in " ".join(capsys.readouterr().out.split())
    store = tmp_path / "store"
    assert "cases,extract.csv,3,told" in (store / "faults.csv").read_text("utf-8")
    with (store / "faults.csv").open(encoding="utf-8", newline="") as file:
        assert [one["text"] for one in csv.DictReader(file)] == ["Sou"]
    sql = (
        f"SELECT district FROM '{open_store(store).held('cases').parquet}' ORDER BY case_reference"
    )
    assert duckdb.sql(sql).fetchall() == [("North",), ("Sou",)]


def test_a_row_that_lost_fields_is_refused_with_why(take, tmp_path, capsys):
    assert take((HEAD + ROWS)[:-7].encode()) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert f"refused 1: There are 2 fields where 3 are wanted. {UNENDED}" in said


def test_a_street_file_without_an_end_is_told(tmp_path, capsys):
    head = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type"
    text = f"{head},Last outcome category,Context\na,2020-01,Kent Police,Kent Police,,,x,,,Drugs,,"
    (tmp_path / "s.csv").write_text(text, "utf-8")
    words = ["import", "police-uk-street", str(tmp_path / "s.csv"), "--to", str(tmp_path / "store")]
    assert main(words) == 0
    assert f"told 1: {UNENDED}" in " ".join(capsys.readouterr().out.split())


TWO = Layout("two", 1, "a row", (Column("a"), Column("b")))


@given(st.lists(st.text("xyz,", max_size=6), min_size=1, max_size=5), st.integers(0, 40))
def test_wherever_it_is_cut_only_the_last_line_is_told_and_a_whole_one_never(lines, cut):
    whole = "".join(f"{one}\n" for one in lines)
    kept = whole[: max(0, len(whole) - cut)]
    found = list(read(io.BytesIO(f"a,b\n{kept}".encode()), TWO))
    told = [
        one.reason.endswith(UNENDED) if isinstance(one, Fault) else one.told == UNENDED
        for one in found
    ]
    assert told == [False] * (len(found) - 1) + [not kept.endswith("\n")] * bool(found)


def test_a_line_that_is_too_long_is_not_taken_for_the_last():
    found = list(read(io.BytesIO(b"a,b\n" + b"x" * 100_000 + b"\nc,d\n"), TWO))
    assert [getattr(one, "reason", "") for one in found] == [
        "The line is longer than 65536 bytes.",
        "",
    ]
