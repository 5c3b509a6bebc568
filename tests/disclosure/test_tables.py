"""A table of raw figures as text: its columns line up, and it fits where it is read."""

import pytest

from amends.disclosure.tables import WARNING, Raw, cut, wrapped

TABLE = Raw(
    title="By rule",
    unit="cases",
    columns=("rule", "raised", "what it asks"),
    rows=(("A-1", 1_234, "Has every victim given informed consent?"), ("LONGER-2", 5, "Why?")),
    note="Raised: the circumstance is there.",
)


def test_a_table_is_its_title_and_unit_and_rows_with_numbers_to_the_right():
    assert list(TABLE.lines()) == [
        "By rule (cases)",
        "  rule      raised  what it asks",
        "  A-1        1,234  Has every victim given informed consent?",
        "  LONGER-2       5  Why?",
        "  Raised: the circumstance is there.",
    ]


def test_words_of_the_last_column_give_way_where_there_is_little_room():
    assert list(TABLE.lines(44)) == [
        "By rule (cases)",
        "  rule      raised  what it asks",
        "  A-1        1,234  Has every victim...",
        "  LONGER-2       5  Why?",
        "  Raised: the circumstance is there.",
    ]


@pytest.mark.parametrize("width", range(32, 120))
def test_no_line_is_longer_than_there_is_room_for(width):
    assert max(map(len, TABLE.lines(width))) <= width


def test_a_table_that_cannot_be_made_so_narrow_still_shows_every_figure():
    told = "\n".join(TABLE.lines(10))
    assert "1,234" in told
    assert "LONGER-2" in told


def test_figures_are_never_cut():
    table = Raw(title="T", unit="cases", columns=("a", "b"), rows=(("x" * 30, 1_000_000),))
    assert list(table.lines(20))[-1] == f"  {'x' * 30}  1,000,000"


def test_a_table_without_rows_says_so():
    table = Raw(title="T", unit="cases", columns=("a", "b"), rows=(), note="Why there is none.")
    assert list(table.lines()) == ["T (cases)", "  none", "  Why there is none."]


def test_a_column_of_words_and_numbers_is_words():
    table = Raw(title="T", unit="cases", columns=("a", "b"), rows=(("x", "none"), ("y", 7)))
    assert list(table.lines())[1:] == ["  a  b", "  x  none", "  y  7"]


def test_a_row_that_does_not_fit_its_columns_is_a_fault():
    with pytest.raises(ValueError, match="T: a row has 1 cells, not 2"):
        Raw(title="T", unit="cases", columns=("a", "b"), rows=(("x",),))


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two..."),
        ("one two three", 10, "one two..."),
        ("one two three", 9, "one..."),
        ("onetwothree", 11, "onetwothree"),
        ("onetwothree", 10, "onetwot..."),
        ("", 5, ""),
    ],
)
def test_text_is_cut_between_words_and_shows_that_it_was(text, room, shown):
    assert cut(text, room) == shown


def test_a_text_is_wrapped_between_words_and_its_later_lines_set_in():
    assert wrapped("  one two three four five", 21, "    ") == ["  one two three four", "    five"]
    assert max(map(len, wrapped(WARNING, 80))) <= 80
    assert wrapped("well-known words", 5) == ["well-known words"]


def test_the_warning_says_who_may_see_raw_figures_and_why():
    assert "force's own eyes" in WARNING
    assert "Not for publication." in WARNING
