"""`amends answer` as it is called: what it writes, what it says, and what it refuses."""

import pytest

from amends.cli import main
from amends.demo.inventing import invent
from amends.disclosure.published import read_release
from amends.openness.counted import said
from amends.openness.questions import questions


@pytest.fixture(scope="module")
def invented(tmp_path_factory):
    path = tmp_path_factory.mktemp("history") / "invented.parquet"
    invent(path)
    return path


def test_the_command_answers_from_an_invented_force(tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["answer", "article", "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "INVENTED" in told
    assert "13,219 cases were settled by community resolution." in told
    wanted = {"answer.json", "letter.txt", "letter.html", "release"}
    assert {one.name for one in out.iterdir()} == wanted
    assert main(["release", "check", str(out / "release")]) == 0
    assert (
        main(
            [
                "scan",
                str(out / "release" / "article.ods"),
                "--author",
                "Barsetshire Constabulary (invented)",
            ]
        )
        == 0
    )
    assert main(["answer", "article", "--out", str(out)]) == 2


def test_the_command_says_when_the_same_was_answered(invented, tmp_path, capsys):
    words = ["answer", "northumbria-113-18", "--cases", str(invented), "--as-at", "2026-03-31"]
    words += [
        "--answers",
        str(tmp_path / "answers"),
        "--publisher",
        "A Force",
        "--contact",
        "foi@invented.example",
    ]
    assert main([*words, "--out", str(tmp_path / "first")]) == 0
    assert "Already answered" not in capsys.readouterr().out
    (release,) = (tmp_path / "answers").glob("*/safe/northumbria-113-18-*/release.json")
    made = read_release(release).made
    assert main([*words, "--out", str(tmp_path / "second")]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert f"Already answered on {said(made)}: the same figures" in told
    assert (
        "As it was judged then, counts below 5 are withheld. Counts of one to four people" in told
    )
    for more in (["--threshold", "3"], ["--reason", "Another."]):
        assert main([*words, "--out", str(tmp_path / "third"), *more]) == 2
        assert f"answered on {said(made)}" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "third").exists()
    assert main([*words, "--out", str(tmp_path / "third"), "--threshold", "5"]) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["articel", "--out", "x"], "Is it article?"), ([], "QUESTION: is missing"), (["article"], "--out"),
        (["article", "--out", "x", "--cases", "none.parquet"], "--answers"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_told_what_would_be_right(tmp_path, capsys, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    assert main(["answer", *words]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_held_is_said_with_its_section(capsys):
    assert main(["answer", "northumbria-060-18"]) == 1
    assert "section 1 of the Act" in " ".join(capsys.readouterr().out.split())


def test_every_question_is_listed_with_its_cost(capsys):
    assert main(["answer", "--list"]) == 0
    told = capsys.readouterr().out
    assert all(one in told for one in questions())
    assert "in fields: no file has to be read" in told
    assert (
        "3 minutes a record: 300 hours for the 6,000 records of the request, more than the 18 hours of section 12(1); "
        "reckoned by Northumbria Police" in told
    )
    assert "360 records can be read in the 18 hours of section 12(1); illustrative)" in told
