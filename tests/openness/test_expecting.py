"""Every saved question answers the invented force as its file of expected answers says, and a change is told."""

from dataclasses import replace

import pytest

from amends.cli import expecting, main
from amends.disclosure.errors import DisclosureError
from amends.openness.expecting import Expected, _read, differences, expected, text
from amends.openness.questions import questions, sets

HELD = [one for one in questions().values() if one.of_cases]
WANTED = Expected(told=("There were 7.", "So it is."), figures=9, withheld=2, tables="ab")


def test_every_question_that_is_held_has_an_expected_answer_and_a_cost():
    assert list(expected()) == [one.id for one in HELD]
    for one in HELD:
        assert one.restated
        assert one.minutes == 0 or one.why_minutes
        assert expected()[one.id].told
        assert expected()[one.id].withheld < expected()[one.id].figures
    assert "13,219 cases were settled by community resolution." in expected()["article"].told
    assert "61 of them were for sexual offences." in expected()["article"].told


def test_every_question_answers_the_invented_force_as_is_expected(capsys):
    assert main(["answer", "--check"]) == 0, capsys.readouterr().out
    told = capsys.readouterr().out
    assert f"{len(HELD)} of {len(HELD)} questions answer as is expected." in told


def test_one_that_answers_otherwise_is_named_with_what_differs(monkeypatch, capsys):
    was = expected()["article"]
    other = replace(was, told=("13,220 cases were settled by community resolution.", *was.told[1:]))
    monkeypatch.setattr(expecting, "expected", lambda: {"article": other})
    assert main(["answer", "article", "--check"]) == 1
    told = capsys.readouterr().out
    assert "article: differs" in told
    assert "Expected: 13,220 cases" in told
    assert "Answered: 13,219 cases" in told
    assert "0 of 1 questions answer as is expected." in told


@pytest.mark.parametrize(
    ("got", "said"),
    [
        (WANTED, []),
        (replace(WANTED, figures=10), ["Expected 9 figures, and there are 10."]),
        (replace(WANTED, withheld=3), ["Expected 2 withheld, and there are 3."]),
        (replace(WANTED, tables="cd"), ["The tables differ."]),
        (replace(WANTED, told=("There were 8.", "So it is.")), ["Expected: There were 7.", "Answered: There were 8."]),
    ],
)  # fmt: skip
def test_each_difference_is_told(got, said):
    assert list(differences(WANTED, got)) == said


def test_none_is_expected_of_a_new_question_until_it_is_written():
    assert list(differences(None, WANTED)) == ["No answer is expected of it yet."]


def test_the_files_are_as_they_are_written():
    for name, asked in sets().items():
        if not any(one.of_cases for one in asked):
            continue
        kept = (expecting.__file__).replace(
            "cli/expecting.py", f"openness/questions/expected/{name}"
        )
        with open(kept, encoding="utf-8") as file:  # noqa: PTH123 - beside the code
            assert file.read() == text(asked, expected())


def test_a_damaged_expectation_is_told_where():
    with pytest.raises(DisclosureError, match="article: is not an expected"):
        _read({"told": "no list"}, "expected/article.toml, article")
