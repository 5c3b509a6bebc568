"""Nothing is of a later day than that as at which its file is: such a row is refused, with the reason."""

import csv

import duckdb
import pytest

from amends.cli import main
from amends.intake import taking
from amends.intake.store import open_store

STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)


def imported(tmp_path, layout, path, as_at="2026-03-31"):
    store = tmp_path / "store"
    status = main(["import", layout, str(path), "--to", str(store), "--as-at", as_at])
    with (store / "faults.csv").open(encoding="utf-8", newline="") as file:
        faults = [(one["line"], one["what"], one["why"]) for one in csv.DictReader(file)]
    return status, open_store(store).held(layout), faults


@pytest.mark.parametrize("straight", [True, False])
def test_a_month_after_the_day_of_the_file_is_refused(tmp_path, monkeypatch, straight):
    path = tmp_path / "s.csv"
    months = ("2026-02", "2026-03", "2026-04", "3013-06")
    rows = [f"{month},{month},Kent Police,Kent Police,,,,,,Drugs,,\n" for month in months]
    path.write_text(STREET + "".join(rows), "utf-8")
    if not straight:
        monkeypatch.setattr(taking, "_straight", lambda *_: None)
    status, held, faults = imported(tmp_path, "police-uk-street", path)
    assert status == 1
    assert held.months == ("2026-02", "2026-03")
    assert faults == [
        (line, "refused", f"Month: {month} is after the day as at which the file is, 2026-03-31.")
        for line, month in (("4", "2026-04"), ("5", "3013-06"))
    ]


def test_a_financial_year_that_begins_after_it_is_refused(tmp_path):
    path = tmp_path / "h.csv"
    head = "Financial Year,Financial Quarter,Force Name,Offence Description,Offence Group,Offence Subgroup,"
    rows = [f"{year},4,Kent,Arson,A,A,56A,3\n" for year in ("2025/26", "2026/27", "2062/63")]
    path.write_text(f"{head}Offence Code,Number of Offences\n{''.join(rows)}", "utf-8")
    status, held, faults = imported(tmp_path, "home-office-recorded-crime", path)
    assert (status, [one.kept for one in held.files]) == (1, [1])
    assert [one[0] for one in faults] == ["3", "4"]
    assert "Financial Year: 2026/27 is after the day as at which the file is" in faults[0][2]


def test_a_case_that_was_decided_after_it_is_refused_and_hides_no_other(tmp_path):
    path = tmp_path / "c.parquet"
    duckdb.sql(
        "COPY (SELECT * FROM (VALUES ('a', DATE '2026-04-01'), ('a', DATE '2026-03-31'), ('b', NULL), "
        f"('b', DATE '2020-01-01'), ('c', DATE '3013-06-01')) t(case_reference, decision_date)) TO '{path}'"
    )
    status, held, faults = imported(tmp_path, "cases", path)
    assert status == 1
    rows = f"SELECT case_reference, decision_date::VARCHAR FROM '{held.parquet}' ORDER BY 1"
    assert duckdb.sql(rows).fetchall() == [("a", "2026-03-31"), ("b", "2020-01-01")]
    assert faults == [
        ("1", "refused", "decision_date: 2026-04-01 is after the day as at which the file is, 2026-03-31."),
        ("3", "refused", "decision_date is not known."),
        ("5", "refused", "decision_date: 3013-06-01 is after the day as at which the file is, 2026-03-31."),
    ]  # fmt: skip
    assert [(one.read, one.kept, one.refused, one.duplicates) for one in held.files] == [
        (5, 2, 3, 0)
    ]
