"""What whoever answers is told to mind, and a day as at which the cases cannot be."""

import duckdb
import pytest

from amends.cli import main
from support.victims import invented_cases


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """Cases of which some have an offence code that no list holds, and districts that nobody listed."""
    folder = tmp_path_factory.mktemp("cases")
    every = invented_cases(folder / "every.parquet", 11)
    path = folder / "cases.parquet"
    duckdb.sql(
        "COPY (SELECT * REPLACE (CASE WHEN case_reference IN ('R1', 'R2') THEN 'ZZZ' ELSE offence_code END "
        f"AS offence_code), 'North' AS district FROM '{every}') TO '{path}' (FORMAT parquet)"
    )
    return path


def ask(cases, tmp_path, capsys, question, as_at, out):
    words = [
        "answer", question, "--cases", str(cases), "--as-at", as_at, "--answers", str(tmp_path / "memory"),
        "--publisher", "Invented", "--contact", "x@y.example", "--judged-by", "A. Officer",
        "--out", str(tmp_path / out),
    ]  # fmt: skip
    status = main(words)
    told = capsys.readouterr()
    return status, " ".join((told.out + told.err).split())


def test_a_new_memory_is_told_once_and_codes_and_labels_that_no_list_holds(cases, tmp_path, capsys):
    status, told = ask(cases, tmp_path, capsys, "site-district", "2025-04-30", "one")
    assert status == 0
    assert "memory is a new memory: nothing that was told before is known to it." in told
    assert (
        "2 cases have an offence code that no list holds (ZZZ): they are counted as not known."
        in told
    )
    assert "more than half of the cases have a label that is not listed." in told
    status, told = ask(cases, tmp_path, capsys, "twelve-03-consented", "2025-05-31", "two")
    assert status == 0
    assert "new memory" not in told
    assert "not listed" not in told
    assert "the same records were answered as at 30 April 2025 before" in told


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2025-03-01", "and a decision is of 2025-03-"),
        ("2199-01-01", "That day is still to come."),
    ],
)
def test_a_day_as_at_which_the_cases_cannot_be_is_refused(cases, tmp_path, capsys, day, said):
    status, told = ask(cases, tmp_path, capsys, "article", day, "out")
    assert status == 2
    assert said in told
    assert not (tmp_path / "memory").exists()
    assert not (tmp_path / "out").exists()


def test_an_invented_force_has_nothing_to_mind(tmp_path, capsys):
    assert main(["answer", "twelve-01-offence", "--out", str(tmp_path / "out")]) == 0
    assert "Mind:" not in capsys.readouterr().out
