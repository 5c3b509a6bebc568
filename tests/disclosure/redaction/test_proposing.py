"""A proposal: who is one person, what shares a letter, and what a title belongs to."""

from datetime import date

import pytest

from amends.disclosure.errors import DisclosureError
from amends.disclosure.redaction import Party, propose
from amends.disclosure.redaction.proposing import LONGEST

ANN = Party(role="victim", names=("Ann Quix", "Ann Lee"), dates_of_birth=(date(1990, 1, 1),))


def whom(text: str, *parties: Party) -> list[tuple[str, ...]]:
    return [one.about for one in propose(text, parties).spans]


def spans(text: str, *parties: Party) -> list[tuple[str, str, bool]]:
    return [(one.words, one.kind, one.certain) for one in propose(text, parties).spans]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Party(role="x", names=("ANN QUIX",)), True),
        (Party(role="x", names=("Mrs Ann Lee",)), True),
        (Party(role="x", names=("Ann Quix",), dates_of_birth=(date(1990, 1, 1),)), True),
        (
            Party(
                role="x", names=("Ann Quix",), dates_of_birth=(date(1990, 1, 1), date(1991, 1, 1))
            ),
            True,
        ),
        (Party(role="x", names=("Ann Quix",), dates_of_birth=(date(1990, 1, 2),)), False),
        (Party(role="x", names=("Quix",)), False),
        (Party(role="x", names=("Ann Zeb",)), False),
        (Party(role="x", aliases=("Ann Quix",)), False),
    ],
)
def test_who_is_one_person(other, same):
    """The first party of a name and day of birth, with whom any later one is the same."""
    third = Party(role="y", names=("Xo Zog",))
    found = whom("Ann. Xo.", third, ANN, other)
    assert found[1] == ("party 1",)
    has_ann = "Ann" in " ".join(other.called).title()
    assert found[0] == (("party 2",) if same or not has_ann else ("party 2", "party 3"))


def test_one_name_of_one_word_is_not_enough_to_be_one_person():
    one, other = Party(role="x", names=("Quix",)), Party(role="y", names=("Quix",))
    assert whom("Quix", one, other) == [("party 1", "party 2")]


def test_whoever_is_the_same_as_two_is_the_first():
    again = Party(role="x", names=("Ann Quix",))
    assert whom("Ann", again, again, again) == [("party 1",)]


def test_figures_that_share_a_letter_are_one_span():
    assert spans("\u00bd") == [("\u00bd", "number", False)]
    assert spans("a \u00bd\u00bc b") == [("\u00bd\u00bc", "number", False), ("b", "word", False)]
    assert spans("it was \u33c2 then") == [("\u33c2", "word", False)]  # a.m. in one letter
    assert [one[0] for one in spans("it was 1 \u00bd 2 then")] == ["1", "\u00bd", "2"]


def test_what_is_certain_of_a_shared_letter_makes_the_whole_of_it_certain():
    party = Party(role="x", numbers=("2",))
    assert spans("it was \u00bd then", party) == [("\u00bd", "number", True)]
    assert spans("it was \u2154 then", party) == [("\u2154", "number", True)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("it was Mr Quix", ["Mr Quix"]),
        ("Mr Quix", ["Mr Quix"]),
        ("Mr. Quix", ["Mr. Quix"]),
        ("Mr.  Quix", ["Quix"]),
        ("Mr, Quix", ["Quix"]),
        ("Mr/Quix", ["Quix"]),
        ("Mr 12", ["12"]),
        ("Quix Mr Quix", ["Quix", "Mr Quix"]),
        ("Dr Lady Quix", ["Dr Lady", "Quix"]),
        ("mrs zog", ["mrs zog"]),
        ("PC Quix", ["Quix"]),
    ],
)
def test_a_title_belongs_to_the_name_after_it(text, words):
    assert [one for one, _, _ in spans(text, ANN)] == words


def test_a_text_may_be_so_long_and_no_longer():
    with pytest.raises(
        DisclosureError, match=rf"text 2: it has {LONGEST + 1} letters\. Split it: {LONGEST}"
    ):
        propose(["x", " " * (LONGEST + 1)], ())
    assert propose(" " * LONGEST, ()).spans == ()
    with pytest.raises(DisclosureError, match="text 1: int is no text"):
        propose([3], ())


def test_the_spans_say_of_which_text_they_are_and_what_they_mean():
    proposal = propose(["Quix.", "It was Mrs Zog, aged 16, of Zog House."], (ANN,))
    assert [(one.text, one.words, one.about) for one in proposal.spans] == [
        (0, "Quix", ("party 1",)),
        (1, "Mrs Zog", ("zog",)),
        (1, "aged 16", ()),
        (1, "Zog House", ()),
    ]
