"""Pieces that overlap, pieces that are one name, and places that say again what is hidden."""

import pytest

from amends.disclosure.redaction.echoes import echoes
from amends.disclosure.redaction.folding import fold
from amends.disclosure.redaction.spans import Found, Span, settle
from amends.disclosure.redaction.words import words_of

TEXT = "Ann Smith, J. Smith. Bob and Smithson 12/34"


def settled(*found: Found, text: str = TEXT):
    folded = fold(text)
    return [
        (text[one.start : one.end], one.kind, one.certain)
        for one in settle(found, folded, words_of(folded))
    ]


def piece(words: str, kind: str = "name", certain: bool = True, about=("a",), text: str = TEXT):
    at = text.index(words)
    return Found(at, at + len(words), kind, f"why {kind}", certain, about)


def test_a_piece_is_widened_to_whole_words():
    assert settled(piece("nn Smi")) == [("Ann Smith", "name", True)]
    assert settled(piece("son")) == [("Smithson", "name", True)]
    assert settled(piece("4")) == [("34", "name", True)]
    assert settled(piece("12/34")) == [("12/34", "name", True)]
    assert settled(piece(". Bob")) == [(". Bob", "name", True)]


def test_of_two_that_overlap_one_is_left_that_covers_both():
    assert settled(piece("Ann Smith"), piece("Smith, J", "place", False)) == [
        ("Ann Smith, J", "name", True)
    ]
    assert settled(piece("Ann Smith", certain=False), piece("Smith, J", "place")) == [
        ("Ann Smith, J", "place", True)
    ]


def test_of_two_as_certain_the_longer_gives_its_kind_and_the_first_where_they_are_as_long():
    assert settled(piece("Ann"), piece("Ann Smith", "place")) == [("Ann Smith", "place", True)]
    assert settled(piece("Ann Smith", "place"), piece("Smith", "name")) == [
        ("Ann Smith", "place", True)
    ]
    assert settled(piece("Bob", "place"), piece("Bob", "age")) == [("Bob", "age", True)]
    assert settled(
        piece("Bob and", "place"), piece("and", "age"), piece("and Smithson", "word")
    ) == [("Bob and Smithson", "word", True)]


def test_two_that_only_touch_stay_two():
    assert settled(piece("12", "age"), piece("/", "date"), piece("34", "age")) == [
        ("12", "age", True),
        ("/", "date", True),
        ("34", "age", True),
    ]


@pytest.mark.parametrize(
    ("text", "one", "other", "joined"),
    [
        ("Ann Lee", "Ann", "Lee", True),
        ("Lee, Ann", "Lee", "Ann", True),
        ("Ann-Lee", "Ann", "Lee", True),
        ("A. Lee", "A", "Lee", True),
        ("x A. Lee", "A", "Lee", True),
        ("Ann. Lee", "Ann", "Lee", False),
        ("An. Lee", "An", "Lee", False),
        ("Ann\nLee", "Ann", "Lee", False),
        ("Ann or Lee", "Ann", "Lee", False),
        ("Ann,  Lee", "Ann", "Lee", True),
        ("Ann ,  Lee", "Ann", "Lee", False),
    ],
)
def test_parts_of_one_name_that_stand_side_by_side_are_one(text, one, other, joined):
    for certain in (True, False):
        found = settled(piece(one, text=text), piece(other, certain=certain, text=text), text=text)
        assert (len(found) == 1) is joined
        assert found[0][2] is True
        if joined:
            assert found == [(text.removeprefix("x "), "name", True)]


def test_parts_of_two_names_or_of_none_or_of_other_kinds_stay_apart():
    text = "Ann Lee"
    one = piece("Ann", text=text)
    assert len(settled(one, piece("Lee", about=("b",), text=text), text=text)) == 2
    assert len(settled(one, piece("Lee", "place", text=text), text=text)) == 2
    for kind, number in (("address", 1), ("organisation", 1), ("phone", 2)):
        two = (piece("Ann", kind, text=text), piece("Lee", kind, text=text))
        assert len(settled(*two, text=text)) == number
    none = (piece("Ann", about=(), text=text), piece("Lee", about=(), text=text))
    assert len(settled(*none, text=text)) == 2
    unsure = (piece("Ann", certain=False, text=text), piece("Lee", certain=False, text=text))
    assert len(settled(*unsure, text=text)) == 2


def test_what_overlaps_and_what_covers():
    one, other = Span(0, 2, 6, "k", "", True), Span(0, 6, 8, "k", "", True)
    assert not one.overlaps(other)
    assert not other.overlaps(one)
    assert one.overlaps(Span(0, 5, 8, "k", "", True))
    assert Span(0, 5, 8, "k", "", True).overlaps(one)
    assert not one.overlaps(Span(1, 2, 6, "k", "", True))
    assert one.covers(one)
    assert one.covers(Span(0, 3, 5, "k", "", True))
    assert not one.covers(Span(0, 1, 5, "k", "", True))
    assert not one.covers(Span(0, 3, 7, "k", "", True))
    assert not one.covers(Span(1, 3, 5, "k", "", True))


# ---- echoes --------------------------------------------------------------------------------------


def said(text: str, *hidden: str, others: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    """Where in *text*, and in *others*, the first of each of *hidden* is said again."""
    spans = [
        Span(0, text.index(one), text.index(one) + len(one), "word", "", True, (), one)
        for one in hidden
    ]
    found = list(echoes((text, *others), spans))
    assert all((one.kind, one.certain) == ("word", False) for one in found)
    for one in found:
        assert (text, *others)[one.text][one.start : one.end] == one.words
    return [(one.text, one.words) for one in found]


@pytest.mark.parametrize(
    ("text", "hidden", "again"),
    [
        ("Aoife. Then aoife, and Aoife's.", "Aoife", ["aoife", "Aoife"]),
        ("Aoife. Then Aoifeson.", "Aoife", []),
        ("Lighthouse. The Lighthouse, a lighthouse.", "Lighthouse", ["Lighthouse"]),
        ("Ox. Then Ox. An ox.", "Ox", ["Ox"]),
        ("Qz. Then qz.", "Qz", ["qz"]),
        ("X. Then X.", "X", []),
        ("7. Then 7.", "7", ["7"]),
        ("Then. Then.", "Then", []),
        ("the old ship. The old Ship, and the ship.", "the old ship", ["The old Ship"]),
        ("red ox. A red ox, a red cow.", "red ox", ["red ox"]),
        ("to us. He came to us.", "to us", ["to us"]),
        ("a b. He had a b.", "a b", ["a b"]),
        (
            "Qzy Aoife. Then Aoife, then Qzy Aoife and Qzy.",
            "Qzy Aoife",
            ["Aoife", "Qzy Aoife", "Qzy"],
        ),
        ("Aoife. Aoife Aoife Aoife.", "Aoife", ["Aoife", "Aoife", "Aoife"]),
        (
            "one two six. And one two six one two six one two.",
            "one two six",
            ["one two six", "one two six"],
        ),
    ],
)
def test_what_is_said_again_is_found(text, hidden, again):
    assert [words for _, words in said(text, hidden)] == again


def test_it_is_found_in_every_text_and_in_order():
    assert said("Aoife met Qzy.", "Aoife", "Qzy", others=("Qzy saw Aoife.", "none", "AOIFE")) == [
        (1, "Qzy"),
        (1, "Aoife"),
        (3, "AOIFE"),
    ]


def test_what_is_hidden_already_is_no_echo_and_parts_what_stands_beside_it():
    text = "red ox. A red Qzy ox."
    assert said(text, "red ox", "Qzy") == []
    assert said("Aoife left.") == []
