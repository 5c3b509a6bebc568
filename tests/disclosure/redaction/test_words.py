"""Where the words of a text are, which of them begin a sentence, and which are shouted."""

import pytest

from amends.disclosure.redaction.folding import fold
from amends.disclosure.redaction.words import is_ordinary, quoted, words_of


def words(text):
    return [word.text for word in words_of(fold(text))]


def first(text):
    return [word.text for word in words_of(fold(text)) if word.first]


def shouted(text):
    return [word.text for word in words_of(fold(text)) if word.shouted]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("a", ["a"]),
        ("It's John's, the boys' and James's.", ["It", "John", "the", "boys", "and", "James"]),
        ("JOHN'S X's's", ["JOHN", "X's"]),
        ("he's 's s's", ["he", "s", "s"]),
        ("a'b o'clock don't", ["a'b", "o'clock", "don't"]),
        ("Smith-Jones snake_case a/b", ["Smith", "Jones", "snake", "case", "a", "b"]),
        ("12th 3.50 £5", ["12th", "3", "50", "5"]),
        ("Siân, İlk: naïve", ["Sian", "Ilk", "naive"]),
    ],
)
def test_the_words_of_a_text(text, found):
    assert words(text) == found


def test_a_word_knows_where_it_is():
    (one, other) = words_of(fold("  John's x"))
    assert (one.start, one.end, one.text, one.lower) == (2, 6, "John", "john")
    assert (other.start, other.end) == (9, 10)


def test_what_a_word_has():
    capital, small, figure = words_of(fold("mcDonald mac m1"))
    assert (capital.capital, small.capital, figure.capital) == (True, False, False)
    assert (capital.digits, small.digits, figure.digits) == (False, False, True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One two. Three four", ["One", "Three"]),
        ("One! Two? Three", ["One", "Two", "Three"]),
        ("Here.There", ["Here", "There"]),
        ("End.) Next", ["End", "Next"]),
        ("End.' Next", ["End", "Next"]),
        ('He said, "Come on"', ["He", "Come"]),
        ('He said "Come on"', ["He", "Come"]),
        ("He said: 'Come on'", ["He", "Come"]),
        ('He met "Tiny" there', ["He"]),
        ('"Tiny" left', ["Tiny"]),
        ("One, two; three: four", ["One"]),
        ("One (two)", ["One"]),
        ("One\ntwo", ["One"]),
        ("One\n\ntwo", ["One", "two"]),
        ("One\n \ntwo", ["One", "two"]),
        ("One\n- two\n  * three\n> four", ["One", "two", "three", "four"]),
        ("One\n\u2022 two", ["One", "two"]),
        ("Mr. Two", ["Mr"]),
        ("Mr\nTwo", ["Mr"]),
        ("Mr.\nTwo", ["Mr", "Two"]),
        ("J. Two", ["J"]),
        ("He saw PC. Two", ["He"]),
        ("He saw it. Two", ["He", "Two"]),
        ("He saw J! Two", ["He", "Two"]),
        ("1. Two", ["1"]),
    ],
)
def test_which_words_begin_a_sentence(text, found):
    assert first(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ONE TWO SIX", []),
        ("ONE TWO SIX TEN", ["ONE", "TWO", "SIX", "TEN"]),
        ("one TWO SIX TEN RED two", ["TWO", "SIX", "TEN", "RED"]),
        ("ONE TWO six TEN RED", []),
        ("ONE 2 SIX 10", ["ONE", "2", "SIX", "10"]),
        ("2 ONE SIX 10", []),
        ("ONE TWO 6th TEN", ["ONE", "TWO", "6th", "TEN"]),
        ("ONE TWO M6a TEN", []),
        ("one ONE TWO SIX TEN", ["ONE", "TWO", "SIX", "TEN"]),
    ],
)
def test_which_words_are_shouted(text, found):
    assert shouted(text) == found


@pytest.mark.parametrize(
    ("text", "start", "end", "alone"),
    [
        ("'a'", 1, 2, True),
        ('"a"', 1, 2, True),
        ("a'", 0, 1, False),
        ("'a", 1, 2, False),
        (" a ", 1, 2, False),
        ("a", 0, 1, False),
    ],
)
def test_a_word_by_itself_in_quotation_marks(text, start, end, alone):
    assert quoted(text, start, end) is alone


def test_words_of_police_english_are_ordinary():
    for word in ("cctv", "the", "don't", "police", "monday", "abh", "shoplifting", "colour"):
        assert is_ordinary(word)
    for word in ("aoife", "tongan", "xyz", "may be", ""):
        assert not is_ordinary(word)
