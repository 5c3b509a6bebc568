"""A file that is held is another thing by another mapping: what it gave is replaced, and that is said, or refused."""

import csv
import json

import duckdb
import pytest

from amends.cli import main
from amends.intake.store import FAULTS, INDEX, open_store

HEAD = "Reference,Day,DA Flag\n"
MAP = """
[columns]
"Reference" = { fact = "case_reference" }
"Day" = { fact = "decision_date", format = "%d/%m/%Y" }
"DA Flag" = { fact = "flags_domestic_abuse", values = { Y = true, N = false } }
"""
TURNED = MAP.replace("Y = true, N = false", "Y = false, N = true")


@pytest.fixture
def desk(tmp_path, capsys):
    """What imports an extract of some text by a mapping into `store`: its status, and what was said."""
    return Desk(tmp_path, capsys)


class Desk:
    """Where files are written and imported."""

    def __init__(self, folder, capsys):
        self.folder, self.store, self.capsys = folder, folder / "store", capsys

    def take(self, rows, mapping=MAP, *more, name="extract.csv", place="in"):
        (self.folder / place).mkdir(exist_ok=True)
        path = self.folder / place / name
        path.write_text(HEAD + rows, "utf-8")
        (self.folder / "map.toml").write_text(mapping, "utf-8")
        words = ["import", "records-extract", path, "--to", self.store]
        words += ["--mapping", self.folder / "map.toml", *more]
        status = main([str(one) for one in words])
        told = self.capsys.readouterr()
        return status, " ".join((told.out + told.err).split())

    def cases(self):
        path = open_store(self.store).held("cases").parquet
        sql = f"SELECT case_reference, flags_domestic_abuse FROM '{path}' ORDER BY 1"
        return dict(duckdb.sql(sql).fetchall())

    def files(self):
        return [
            (one.name, one.kept, one.as_at) for one in open_store(self.store).held("cases").files
        ]

    def faults(self):
        with (self.store / FAULTS).open(encoding="utf-8", newline="") as file:
            return [(one["file"], one["line"], one["what"]) for one in csv.DictReader(file)]


def test_a_corrected_mapping_replaces_what_the_file_gave(desk):
    rows = "A,01/02/2025,Y\nB,01/02/2025,N\n"
    assert desk.take(rows, TURNED, "--as-at", "2025-03-31")[0] == 0
    assert desk.take("C,01/02/2025,Y\n", MAP, "--as-at", "2025-03-31", name="other.csv")[0] == 0
    assert desk.cases() == {"A": False, "B": True, "C": True}
    status, said = desk.take(rows, MAP, "--as-at", "2025-06-30")
    assert status == 0
    assert (
        "extract.csv was held as another mapping or encoding reads it: the 2 cases are replaced"
        in said
    )
    assert "It stays as at 2025-03-31." in said
    assert desk.cases() == {"A": True, "B": False, "C": True}
    assert desk.files() == [("extract.csv", 2, "2025-03-31"), ("other.csv", 1, "2025-03-31")]
    assert "is held already" in desk.take(rows, MAP)[1]


def test_the_same_mapping_written_otherwise_is_the_same(desk):
    rows = "A,01/02/2025,Y\n"
    desk.take(rows)
    assert "is held already" in desk.take(rows, "# Ours, of 2025\n\n" + MAP)[1]
    assert "is held already" in desk.take(rows, 'encoding = "utf-8"\n' + MAP)[1]


def test_rows_that_the_corrected_mapping_reads_are_no_faults_any_more(desk):
    rows, short = "A,01/02/2025,Y\nB,01/02/2025,N\n", MAP.replace(", N = false", "")
    assert desk.take("X,soon,Y\n", name="other.csv")[0] == 1
    assert desk.take(rows, short)[0] == 1
    assert desk.faults() == [("other.csv", "2", "refused"), ("extract.csv", "3", "refused")]
    assert desk.take(rows, MAP)[0] == 0
    assert desk.cases() == {"A": True, "B": False}
    assert desk.faults() == [("other.csv", "2", "refused")]


def test_another_file_of_the_same_name_keeps_its_faults(desk):
    desk.take("X,soon,Y\n", place="january")
    rows = "A,01/02/2025,Y\nB,soon,N\n"
    desk.take(rows, TURNED, place="february")
    desk.take(rows, MAP, place="february")
    assert ("extract.csv", "2", "refused") in desk.faults()


def test_references_that_were_read_wrongly_are_gone(desk):
    rows = "A,01/02/2025,Y\n"
    wrong = """
        ignored = ["Reference"]
        [columns]
        "DA Flag" = { fact = "case_reference" }
        "Day" = { fact = "decision_date", format = "%d/%m/%Y" }
    """
    desk.take("C,01/02/2025,Y\n", name="other.csv")
    desk.take(rows, wrong)
    assert set(desk.cases()) == {"C", "Y"}
    assert desk.take(rows)[0] == 0
    assert desk.cases() == {"C": True, "A": True}


def test_where_another_file_told_the_same_case_a_new_store_is_needed(desk):
    rows = "A,01/02/2025,Y\nB,01/02/2025,N\n"
    desk.take(rows, MAP, "--as-at", "2025-03-31")
    desk.take(
        "A,01/02/2025,Y\n", MAP, "--as-at", "2025-03-31", name="other.csv"
    )  # A of this is not kept
    before = desk.cases(), desk.files(), desk.faults()
    status, said = desk.take(rows, MAP.replace("Y = true, ", ""), "--as-at", "2025-03-31")
    assert status == 2
    assert "gives 1 of its cases no more: other files tell cases again" in said
    assert "into a new store" in said
    assert before == (desk.cases(), desk.files(), desk.faults())
    assert desk.take(rows, TURNED, "--as-at", "2025-03-31")[0] == 0  # it still tells both
    assert desk.cases() == {"A": False, "B": True}


def test_a_store_that_does_not_know_whose_case_it_is_says_so(desk):
    rows = "A,01/02/2025,Y\n"
    desk.take(rows)
    path = open_store(desk.store).held("cases").parquet
    duckdb.sql(
        f"COPY (SELECT * EXCLUDE (taken_from) FROM '{path}') TO '{path}.new' (FORMAT parquet)"
    )
    (path.parent / f"{path.name}.new").rename(path)
    status, said = desk.take(rows, TURNED)
    assert status == 2
    assert "which cases it gave is not known" in said
    said = json.loads((desk.store / INDEX).read_text("utf-8"))
    del said["sets"]["cases"]["files"][0]["way"]
    (desk.store / INDEX).write_text(json.dumps(said), "utf-8")
    status, told = desk.take(rows, TURNED)  # nobody said by which mapping: as it was before
    assert (status, "is held already" in told) == (0, True)
    assert desk.take("B,01/02/2025,N\n", name="more.csv")[0] == 0
    assert desk.cases() == {"A": True, "B": False}


def test_two_files_of_one_name_are_two(desk, tmp_path):
    for place, text in (("a", "A,01/02/2025,Y\nX,soon,Y\n"), ("b", "B,01/02/2025,Y\n")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "e.csv").write_text(HEAD + text, "utf-8")
    (tmp_path / "map.toml").write_text(MAP, "utf-8")
    words = [
        "import",
        "records-extract",
        tmp_path / "a/e.csv",
        tmp_path / "b/e.csv",
        "--to",
        desk.store,
    ]
    assert main([str(one) for one in (*words, "--mapping", tmp_path / "map.toml")]) == 1
    held = open_store(desk.store).held("cases").files
    assert [(one.read, one.kept, one.refused) for one in held] == [(2, 1, 1), (1, 1, 0)]


def test_cases_out_of_a_store_may_be_taken_into_another(desk, tmp_path):
    desk.take("A,01/02/2025,Y\n")
    rows, other = open_store(desk.store).held("cases").parquet, tmp_path / "other"
    assert main(["import", "cases", str(rows), "--to", str(other)]) == 0
    assert [one.kept for one in open_store(other).held("cases").files] == [1]


def test_open_data_in_another_encoding_need_a_new_store(tmp_path, capsys):
    columns = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type"
    path, store = tmp_path / "s.csv", tmp_path / "store"
    path.write_text(
        f"{columns},Last outcome category,Context\na,2020-01,Kent Police,Kent Police,,,x,,,Drugs,,\n",
        "utf-8",
    )
    words = ["import", "police-uk-street", str(path), "--to", str(store)]
    assert main(words) == 0
    assert main([*words, "--encoding", "cp1252"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert (
        "s.csv: is held already, as s.csv, read as utf-8, and would now be read as cp1252." in said
    )
    assert "import all files into a new store" in said
