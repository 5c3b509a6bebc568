"""What `amends answer` says of days, folders and counts: refused before anything is counted, and in plain words."""

from datetime import date
from types import SimpleNamespace

import pytest

from amends.cli import main
from amends.cli.answering import _withheld
from amends.openness.attribute_tables import _asked_for
from amends.openness.counted import Row
from amends.openness.reply import Letter


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("1999-01-01", "bank holidays of the United Kingdom are known from"),
        ("2199-12-31", "That day is still to come."),
    ],
)
def test_a_request_cannot_have_come_on_such_a_day(tmp_path, capsys, day, said):
    words = ["answer", "article", "--received", day, "--out", str(tmp_path / "out")]
    assert main(words) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_memory_that_is_a_file_is_refused_in_words(tmp_path, capsys):
    (tmp_path / "memory").write_text("no folder", "utf-8")
    words = ["--answers", str(tmp_path / "memory"), "--out", str(tmp_path / "out")]
    assert main(["answer", "article", *words]) == 2
    assert "is no folder, and cannot be made one" in capsys.readouterr().err


def test_whoever_withholds_nothing_says_why(tmp_path, capsys):
    assert main(["answer", "article", "--threshold", "1", "--out", str(tmp_path / "out")]) == 2
    assert "--reason: is missing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("withheld", "said"),
    [
        (0, "None of the 28 figures had to be withheld."),
        (1, "1 of 28 figures is withheld, so that nobody can be identified."),
        (8, "8 of 28 figures are withheld, so that nobody can be identified."),
    ],
)
def test_how_many_are_withheld_is_said_in_good_grammar(withheld, said):
    assert _withheld(SimpleNamespace(withheld=withheld, figures=28)) == said


@pytest.mark.parametrize(
    ("on", "said"),
    [(date(2026, 3, 31), "The law gives us until 31 March"), (date(2026, 4, 1), "The law gave us")],
)
def test_a_day_that_is_past_is_told_as_past(on, said):
    letter = Letter(
        answered=SimpleNamespace(), told=(), tables=(), on=on, received=date(2026, 3, 2)
    )
    assert said in next(letter._clock())


def test_a_row_that_is_all_of_its_year_has_one_line():
    def row(code, label, year):
        return Row(code, label, year, date(2023, 4, 1), date(2024, 3, 31), ())

    one, two = row("r0", "Other offences", "2023/24"), row("r1", "Theft offences", "2024/25")
    three = row("r2", "Other offences", "2024/25")
    assert [each.label for each in _asked_for([one, two, three], whole=True)] == [
        "All years", "2023/24", "2024/25", "2024/25, Theft offences", "2024/25, Other offences",
    ]  # fmt: skip
    assert [each.label for each in _asked_for([one], whole=True)] == ["All years"]
