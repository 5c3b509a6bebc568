"""Questions as data: those that ship are whole, and a wrong file is told where."""

from pathlib import Path

import pytest

from amends.demo.inventing import invent
from amends.disclosure.errors import DisclosureError
from amends.openness.pages import reference
from amends.openness.questions import attributes, questions, read
from amends.statistics.cases import open_cases

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "questions.md"
GOOD = """[[question]]
id = "one"
title = "One"
asked = "How many?"
restated = "The number."
source = "invented"
unit = "cases"
minutes = 0
reviewed_by = "A"
reviewed_on = 2026-01-01
[[question.table]]
title = "All"
"""
OPEN = GOOD.replace("[[question.table", 'on = "police-uk-street"\n[[question.table')


def test_the_article_the_twelve_and_the_other_real_ones_ship():
    found = questions()
    assert "article" in found
    assert len([one for one in found if one.startswith("twelve-")]) == 12
    assert len(found) == 39
    assert [one.id for one in found.values() if one.on] == [
        "open-outcomes", "open-street", "home-office-resolutions", "home-office-by-offence", "bbc-2018",
    ]  # fmt: skip
    assert len([one for one in found.values() if one.not_held]) == 4
    assert all(one.source and one.reviewed_by and one.restated for one in found.values())


def test_every_attribute_has_a_word_for_what_is_not_known():
    for one in attributes().values():
        assert "not known" in one.sql or one.name == "feedback", one.name


def test_every_attribute_lists_its_labels_and_those_of_the_invented_force_are_all_listed(tmp_path):
    path = tmp_path / "invented.parquet"
    invent(path)
    with open_cases(path) as cases:
        for one in attributes().values():
            found = {
                row[0] for row in cases.rows(f"SELECT DISTINCT ({one.sql})::VARCHAR FROM cases")
            }
            assert found <= set(one.labels), one.name
            assert len(set(one.labels)) == len(one.labels)
            assert one.labels[-1] == "not known" or "not" in one.labels[-1]
    assert [one.name for one in attributes().values() if one.of_the_force] == ["district"]


def test_the_reference_page_is_what_the_questions_say():
    assert PAGE.read_text("utf-8") == reference(), "Write it anew: make pages."


def test_the_reference_page_tells_every_question_and_attribute():
    told = reference()
    assert all(f"## {one.id}\n" in told and one.asked in told for one in questions().values())
    assert all(f"Not held. {one.not_held}" in told for one in questions().values() if one.not_held)
    assert all(f"| `{name}` |" in told for name in attributes())


def test_a_good_file_is_read():
    (one,) = read(GOOD, "good.toml", attributes())
    assert (one.id, one.tables[0].period, one.minutes) == ("one", "all", 0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (GOOD.replace('unit = "cases"', ""), "question 1: does not say unit"),
        (GOOD.replace("minutes = 0", ""), "does not say minutes, what it costs"),
        (GOOD.replace("minutes = 0", "minutes = -1"), "does not say minutes"),
        (GOOD.replace("minutes = 0", "minutes = 3"), "does not say why_minutes and minutes_from"),
        (GOOD.replace("minutes = 0", "minutes = 0\nsince = 2011"), "says since or until, and no day"),
        (GOOD.replace("2026-01-01", '"soon"'), "does not say reviewed_on"),
        (GOOD + 'period = "week"\n', "table 1: period is 'week'"),
        (GOOD + 'attribute = "shoe"\n', "there is no attribute 'shoe'"),
        (GOOD + "colour = 1\n", "says 'colour'"),
        (GOOD.replace("[[question.table]]", "#").replace('title = "All"', ""), "neither tables nor not_held"),
        (GOOD.replace('unit = "cases"', 'unit = "cases"\nnot_held = "No."'), "or both"),
        (GOOD.replace("[[q", 'on = "x"\n[[q', 2).replace('on = "x"\n', "", 1), "on is 'x'"),
        (OPEN + 'count = "shoes"\n', "table 1: count is 'shoes'"), (OPEN, "count is ''"),
        (OPEN + 'count = "rows"\nby = "shoe"\n', "by is 'shoe'"),
        (OPEN + 'count = "crimes"\nby = "outcome"\n', "crimes are not told apart by outcome"),
        (OPEN + 'count = "rows"\nage = "child"\n', "says 'age'"),
        (OPEN + 'count = "crimes"\n[[question.table]]\ntitle = "B"\ncount = "rows"\n', "Put rows first."),
        ("[[question", "is not TOML"), ("x = 1", "has no question"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_where(wrong, said):
    with pytest.raises(DisclosureError) as error:
        read(wrong, "wrong.toml", attributes())
    assert str(error.value).startswith("wrong.toml")
    assert said in str(error.value)
