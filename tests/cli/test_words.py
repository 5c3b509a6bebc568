"""What is said of words that begin with no command, or that name a file of another kind than is written."""

from pathlib import Path

import pytest

from amends.cli import main


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "No command is given. usage: amends"),
        (["polices"], "There is no command 'polices'. Did you mean policies? usage: amends"),
        (["zzz"], "There is no command 'zzz'. usage: amends"),
    ],
)
def test_a_word_that_is_no_command_is_told_in_one_line(words, told, capsys):
    assert main(words) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"amends: {told}")
    assert err.count("\n") == 1


def test_a_history_is_not_written_under_the_name_of_another_kind_of_file(
    tmp_path, monkeypatch, capsys
):
    pytest.importorskip("duckdb", reason="the extra `audit` is not installed")
    monkeypatch.chdir(tmp_path)
    assert main(["invent", "x.csv", "--rows", "10"]) == 2
    assert "x.csv: It is written as Parquet." in capsys.readouterr().err
    assert not Path("x.csv").exists()
