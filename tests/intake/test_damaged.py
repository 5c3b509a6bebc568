"""A store whose rows are damaged is told of by the name that people gave it, and never as a file they never saw."""

import shutil
from datetime import date

import duckdb
import pytest

from amends.cli import main
from amends.intake.errors import IntakeError
from amends.intake.own_cases import take_cases
from amends.intake.store import open_store

HEAD = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type"
DAMAGE = {
    "cut short": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "without its end": lambda data: data[:20] + bytes(len(data) - 40) + data[-20:],
}


@pytest.fixture
def stores(tmp_path):
    """A store of open data, one of cases, and what of each may be imported once more."""
    for name in ("a", "b"):
        text = f"{HEAD},Last outcome category,Context\n{name},2020-01,Kent Police,Kent Police,,,x,,,Drugs,,\n"
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
        sql = f"SELECT '{name}' AS case_reference, DATE '2025-04-01' AS decision_date"
        duckdb.sql(f"COPY ({sql}) TO '{tmp_path / name}.parquet' (FORMAT parquet)")
    assert main(imports(tmp_path, "police-uk-street", "a.csv")) == 0
    assert main(imports(tmp_path, "cases", "a.parquet")) == 0
    return tmp_path


def imports(folder, name, file):
    return ["import", name, str(folder / file), "--to", str(folder / f"store-{name}")]


@pytest.mark.parametrize("how", DAMAGE)
def test_every_command_names_the_store(stores, capsys, how):
    answers = [
        "--answers",
        str(stores / "answers"),
        "--publisher",
        "A Force",
        "--contact",
        "x@y.example",
    ]
    for name, file, question in (
        ("police-uk-street", "b.csv", "open-street"), ("cases", "b.parquet", "article"),
    ):  # fmt: skip
        store, out = stores / f"store-{name}", str(stores / "out")
        rows = open_store(store).held(name).parquet
        rows.write_bytes(DAMAGE[how](rows.read_bytes()))
        capsys.readouterr()
        for words in (
            imports(stores, name, file),
            ["answer", question, "--store", str(store), "--out", out, *answers],
        ):
            assert main(words) == 2
            said = capsys.readouterr().err
            assert f"{store}, {name}: is damaged. Put the whole folder back from a copy" in said
            assert ".parquet" not in said
        shutil.rmtree(store)


def test_a_column_that_is_lacking_is_told_of_the_store(stores, capsys):
    words = [
        "answer",
        "article",
        "--store",
        str(stores / "store-cases"),
        "--out",
        str(stores / "out"),
    ]
    words += [
        "--answers",
        str(stores / "answers"),
        "--publisher",
        "A Force",
        "--contact",
        "x@y.example",
    ]
    assert main(words) == 2
    assert f"{stores / 'store-cases'}: has no column offence_code" in capsys.readouterr().err


def test_rows_that_are_damaged_within_are_no_fault_of_ours(tmp_path):
    sql = "SELECT uuid()::VARCHAR AS case_reference, DATE '2025-04-01' AS decision_date FROM range(20_000)"
    path = tmp_path / "many.parquet"
    duckdb.sql(f"COPY ({sql}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    data = bytearray(path.read_bytes())
    data[4:40] = b"\xff" * 36  # how the first page begins
    path.write_bytes(data)
    with pytest.raises(
        IntakeError, match="holds rows that are damaged, or a file that is taken in"
    ):
        take_cases(
            [path],
            tmp_path / "store",
            date(2026, 3, 31),
            print,
        )
    assert not (tmp_path / "store").exists()
