"""A case that two rows tell is one case where they are alike in everything; else nobody can say which is right."""

import csv

import duckdb
import pytest

from amends.cli import main
from amends.intake.store import open_store

WHY = (
    "There is a case of this reference already, and this tells it otherwise: is the reference that of an occurrence "
    "with several people?"
)
MAP = """
[columns]
"Reference" = { fact = "case_reference" }
"Day" = { fact = "decision_date", format = "%d/%m/%Y" }
"Age" = { fact = "offender_age" }
"View" = { fact = "victims.position", number = 1, values = { A = "agree", D = "disagree" } }
"""


def taken(tmp_path, *files):
    """The status of importing these texts, each a file of rows, and what was told of which line."""
    (tmp_path / "map.toml").write_text(MAP, "utf-8")
    paths = []
    for number, text in enumerate(files):
        paths.append(str(tmp_path / f"{number}.csv"))
        (tmp_path / f"{number}.csv").write_text(f"Reference,Day,Age,View\n{text}", "utf-8")
    store = tmp_path / "store"
    words = ["import", "records-extract", *paths, "--mapping", str(tmp_path / "map.toml")]
    status = main([*words, "--to", str(store), "--as-at", "2026-03-31"])
    with (store / "faults.csv").open(encoding="utf-8", newline="") as file:
        told = [(one["file"], one["line"], one["what"], one["why"]) for one in csv.DictReader(file)]
    return status, told, open_store(store).held("cases")


@pytest.mark.parametrize(
    "other",
    [
        "A,01/02/2025,18,A",
        "A,02/02/2025,17,A",
        "A,01/02/2025,17,D",
        "A,01/02/2025,17,",
        "A,01/02/2025,,A",
    ],
)
def test_the_second_person_of_an_occurrence_is_not_dropped_as_a_duplicate(tmp_path, capsys, other):
    first = "A,01/02/2025,17,A"
    status, told, held = taken(tmp_path, f"{first}\n{other}\n{first}\n")
    assert status == 1
    assert told == [
        ("0.csv", "3", "refused", WHY),
        ("0.csv", "4", "duplicate", "There is a case of this reference already."),
    ]
    assert [(one.read, one.kept, one.refused, one.duplicates) for one in held.files] == [
        (3, 1, 1, 1)
    ]
    assert duckdb.sql(f"SELECT offender_age FROM '{held.parquet}'").fetchall() == [(17,)]
    assert "is the reference that of an occurrence" in " ".join(capsys.readouterr().out.split())


def test_it_is_the_same_between_files_and_with_what_is_held(tmp_path):
    first, other = "A,01/02/2025,17,A\n", "A,01/02/2025,18,A\n"
    assert taken(tmp_path, first, other)[:2] == (1, [("1.csv", "2", "refused", WHY)])
    told = taken(tmp_path, first, f"{other}B,01/02/2025,,\n", f"{first}C,01/02/2025,,\n")[1]
    assert told[1:] == [
        ("1.csv", "2", "refused", WHY),
        ("2.csv", "2", "duplicate", "There is a case of this reference already."),
    ]
