"""A party's name is found however people write it, and is always the same person's."""

import pytest

from amends.disclosure.redaction import Party, propose
from amends.disclosure.redaction.words import also_called

SMITH = Party(role="victim", names=("John Andrew Smith-Jones",))
ROSE = Party(role="offender", names=("Will Rose",))
LONG = Party(role="witness", names=("Oluwaseun van der Berg",), aliases=("Mac",))


def spans(text, *parties):
    return [(one.words, one.certain, one.about) for one in propose(text, parties or (SMITH,)).spans]


@pytest.mark.parametrize(
    "written",
    [
        "John", "john", "JOHN", "Smith-Jones", "Smith Jones", "SmithJones", "Jones", "John Smith-Jones",
        "Smith-Jones, John", "J.S.", "J. S.", "JS", "J.A.S.J.", "J Smith", "J. Smith-Jones", "Smith J", "Jack",
        "Johnny", "jon", "Andy", "Jhon", "Jonhs", "Smyth-Jonas", "J O H N", "J-o-h-n", "Jo\u200bhn",
        "\uff2a\uff4f\uff48\uff4e",
        "JohnSmith", "jsmith", "johnsmith92", "Mr Smith-Jones", "SMITH", "Jo hn", "S-M-I-T-H",
    ],
)  # fmt: skip
def test_every_way_to_write_a_name_is_certain_and_the_same_person(written):
    text = f"Then she saw {written} by the gate."
    said = spans(text)
    assert "".join(words for words, _, _ in said).replace(" ", "") == written.removesuffix(
        "."
    ).replace(" ", "")
    assert all(certain for _, certain, _ in said)
    assert all(about in (("party 1",), ("johnsmith92",)) for _, _, about in said)


@pytest.mark.parametrize(
    ("written", "name"),
    [("John's", "John"), ("John’s", "John"), ("Jones's", "Jones"), ("Johns", "Johns")],
)
def test_the_ending_of_a_possessive_stays(written, name):
    assert spans(f"It was {written} coat.") == [(name, True, ("party 1",))]


def test_a_name_that_is_a_word_is_certain_where_only_a_name_can_stand():
    assert spans("Then he saw Will there.", ROSE) == [("Will", True, ("party 1",))]
    assert spans("It was will rose who did it.", ROSE) == [("will rose", True, ("party 1",))]


@pytest.mark.parametrize(
    "text", ["Will you come?", "She said that he will come.", "THEN WILL HE COME OR NOT"]
)
def test_a_name_that_is_a_word_is_asked_about_where_it_may_be_one(text):
    ((words, certain, about),) = spans(text, ROSE)
    assert (words.lower(), certain, about) == ("will", False, ("party 1",))


def test_a_word_that_is_near_a_name_is_asked_about_only_with_a_capital():
    assert spans("She wore hose and a nose ring.", ROSE) == []
    assert spans("She met Nose there.", ROSE) == [("Nose", False, ("party 1",))]


def test_small_words_of_a_name_are_hidden_with_it_and_not_without():
    assert spans("I saw van der Berg in the van.", LONG) == [("van der Berg", True, ("party 1",))]
    assert spans("He had a van.", LONG) == []


def test_a_short_name_is_found_but_not_within_other_words():
    assert spans("So mac ran.", LONG) == [("mac", True, ("party 1",))]
    assert spans("The machine was old.", LONG) == []


def test_a_name_is_found_at_either_end_of_a_text():
    for text in (
        "John",
        "will rose",
        "J. Smith",
        "Smith J",
        "J.S.",
        "S m i t h",
        "Jo hn",
        "van der Berg",
        "mac",
    ):
        for one in (text, f"{text} left", f"it was {text}"):
            found = spans(one, SMITH, ROSE, LONG)
            assert "".join(words for words, _, _ in found) == text.removesuffix(".")
            assert all(certain for _, certain, _ in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("J went, and Smith", ["J", "Smith"]),
        ("J (Smith)", ["J", "Smith"]),
        ("B Smith", ["B", "Smith"]),
        ("will, then rose", ["will", "rose"]),
        ("will    rose", ["will", "rose"]),
        ("will (rose)", ["will", "rose"]),
        ("will will", ["will", "will"]),
        ("J. then S.", ["J", "S"]),
        ("j.s.", ["j", "s"]),
        ("Smith Rose", ["Smith", "Rose"]),
        ("der Berg", ["der Berg"]),
        ("von Berg", ["von", "Berg"]),
        ("JSX", ["JSX"]),
        ("S m", ["S", "m"]),
        ("S m i, t h", ["S m i, t h"]),
        ("S m i or t h", ["S m i", "t", "h"]),
    ],
)
def test_what_is_one_name_and_what_is_not(text, found):
    assert [words for words, _, _ in spans(f"it was {text}", SMITH, ROSE, LONG)] == found


def test_a_stop_after_a_short_name_ends_a_sentence_and_after_an_initial_does_not():
    short = Party(role="victim", names=("Ed Mo Ty",))
    assert [words for words, _, _ in spans("We saw Ed. Ty left.", short)] == ["Ed", "Ty"]
    assert [words for words, _, _ in spans("We saw E. Ty there.", short)] == ["E. Ty"]


def test_what_is_only_like_a_name_is_asked_about_and_told_so():
    def told(text, *parties):
        return [(one.words, one.certain, one.reason) for one in propose(text, parties).spans]

    steven = Party(role="witness", names=("Stephen Clarke",))
    assert told("he saw steavin", steven) == [
        ("steavin", False, "a name of the witness, by its sound")
    ]
    assert told("he saw Clerk", steven) == [("Clerk", False, "a name of the witness, by its sound")]
    assert told("he saw clarkeson", steven) == [
        ("clarkeson", True, "a name of the witness, within it")
    ]
    assert told("he saw clerke", steven) == [("clerke", True, "a name of the witness, nearly")]
    assert told("he saw Ste phen", steven) == [("Ste phen", True, "a name of the witness, in two")]
    assert told("he saw steve", steven) == [("steve", True, "a form of a name of the witness")]
    assert told("he saw S.C.", steven) == [("S.C", True, "the initials of a party")]
    assert told("he saw C-l-a-r-k-e", steven) == [
        ("C-l-a-r-k-e", True, "a name of the witness, letter by letter")
    ]
    assert told("Hose left, and a hose", ROSE) == []
    assert told("HE SAW THE HOSE THERE", ROSE) == []


def test_short_forms_are_of_first_names_and_not_of_the_last():
    assert spans("it was Bill", Party(role="x", names=("John William",))) == [
        ("Bill", False, ("bill",))
    ]
    assert spans("it was Bill", Party(role="x", names=("William",))) == [
        ("Bill", True, ("party 1",))
    ]
    assert spans("it was Bill", Party(role="x", names=("William Jones",))) == [
        ("Bill", True, ("party 1",))
    ]


def test_a_name_of_particles_only_is_looked_for():
    assert spans("it was De La", Party(role="x", names=("De La",))) == [
        ("De La", True, ("party 1",))
    ]


def test_two_people_of_one_name_are_told_as_either():
    other = Party(role="witness", names=("Ann Smith",))
    assert spans("Then came Smith.", SMITH, other)[0][2] == ("party 1", "party 2")
    assert spans("Then came Ann Smith.", SMITH, other)[0][2] == ("party 2",)


def test_one_person_in_two_cases_is_one():
    again = Party(role="suspect", names=("JOHN ANDREW SMITH JONES",), phones=("07700 900123",))
    assert spans("Then came John.", ROSE, SMITH, again) == [("John", True, ("party 2",))]


def test_words_of_a_title_go_with_the_name_and_a_rank_stays():
    assert spans("He saw Mr. Smith and PC Jones.") == [
        ("Mr. Smith", True, ("party 1",)),
        ("Jones", True, ("party 1",)),
    ]


def test_initials_that_are_a_word_are_asked_about():
    it = Party(role="victim", names=("Ian Thorne",))
    assert spans("He took it.", it) == []
    assert spans("He saw IT there.", it) == [("IT", False, ("party 1",))]
    assert spans("He saw it and I.T. there.", it) == [("I.T", True, ("party 1",))]
    assert spans("He saw xq there.", Party(role="victim", names=("Xan Quill",))) == [
        ("xq", False, ("party 1",))
    ]


def test_short_forms_go_both_ways():
    assert {"bill", "will", "liam", "gwilym"} <= also_called("william")
    assert {"william", "bill"} <= also_called("will")
    assert also_called("nobody") == frozenset()
    assert "margaret" not in also_called("margaret")
