"""What belongs to a party is found however it is written: addresses, numbers, days of birth, ages."""

from datetime import date

import pytest

from amends.disclosure.redaction import Party, propose
from amends.disclosure.redaction.belongings import age_in_words, age_on

DAY = date(2013, 6, 1)
PARTY = Party(
    role="victim",
    addresses=("14 Larkspur Hill, Bedminster BS3 4QQ", "The Old Ship"),
    phones=("+44 7700 900123",),
    emails=("larkrise77@example.com",),
    handles=("@shade",),
    numbers=("ZX-99", "88-41-7702"),
    vehicles=("WX13 YZB",),
    organisations=("Red Lion", "Zentex Stores Ltd"),
    dates_of_birth=(date(1997, 3, 4),),
)


def spans(text, day=DAY):
    return [(one.words, one.kind, one.certain) for one in propose(text, (PARTY,), day).spans]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("14 Larkspur Hill", "address"),
        ("14 LARKSPUR HILL", "address"),
        ("larkspur hill", "address"),
        ("Larkspur", "address"),
        ("Larkspr", "address"),
        ("bedminster", "address"),
        ("The Old Ship", "address"),
        ("the old ship", "address"),
        ("BS34QQ", "postcode"),
        ("bs3-4qq", "postcode"),
        ("07700 900123", "phone"),
        ("7700900123", "phone"),
        ("0044 7700 900 123", "phone"),
        ("LARKRISE77@example.com", "e-mail"),
        ("larkrise77", "e-mail"),
        ("shade", "handle"),
        ("ZX 99", "number"),
        ("zx99", "number"),
        ("88417702", "number"),
        ("8841 7702", "number"),
        ("wx13yzb", "vehicle"),
        ("Red Lion", "organisation"),
        ("red lion", "organisation"),
        ("Zentex", "organisation"),
        ("zentex stores", "organisation"),
        ("04/03/1997", "date"),
        ("4 March 97", "date"),
        ("04 03 97", "date"),
        ("4397", "date"),
        ("1997", "date"),
        ("19970304", "date"),
    ],
)
def test_it_is_found_and_told_as_what_it_is(written, kind):
    found = spans(f"She wrote {written} in it.")
    assert [(words, told) for words, told, _ in found] == [(written, kind)]
    assert found[0][2] or written == "shade"


@pytest.mark.parametrize(
    "text",
    [
        "The ship was old.",
        "He was in the red.",
        "A lion roared up the hill.",
        "Some stores are shut.",
    ],
)
def test_ordinary_words_of_an_address_stay_where_they_stand_alone(text):
    assert spans(text) == []


def test_a_short_number_is_not_found_within_another():
    assert spans("It was xzx990 there.")[0][1:] == ("number", False)  # only as what has a digit


def test_a_number_is_not_put_together_from_afar():
    assert all(
        kind != "number" or not certain for _, kind, certain in spans("He had 88 of 41, then 7702.")
    )


def test_an_age_is_certain_where_it_is_the_partys_own():
    assert spans("She is 16 years old.") == [("16 years old", "age", True)]
    assert spans("A sixteen-year-old girl.") == [("sixteen-year-old", "age", True)]
    assert spans("She is 15 years old.") == [("15 years old", "age", False)]
    assert spans("She had sixteen.") == [("sixteen", "age", False)]
    assert spans("She had 16.") == [("16", "age", False)]
    assert spans("She is 16 years old.", None) == [("16 years old", "age", False)]


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (date(1997, 6, 1), 16),
        (date(1997, 6, 2), 15),
        (date(1997, 7, 1), 15),
        (date(2013, 6, 1), 0),
        (date(1996, 5, 31), 17),
    ],
)
def test_an_age_is_the_years_completed(born, age):
    assert age_on(DAY, born) == age


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (0, ""),
        (1, "one"),
        (19, "nineteen"),
        (20, "twenty"),
        (21, "twenty one"),
        (40, "forty"),
        (99, "ninety nine"),
    ],
)
def test_an_age_in_words(age, words):
    assert age_in_words(age) == words


# ---- at the edges --------------------------------------------------------------------------------


def of(text, day=DAY, **held):
    party = Party(role="x", **held)
    return [(one.words, one.kind, one.certain) for one in propose(text, (party,), day).spans]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("zx99q7 left", ["zx99q7"]),
        ("it was z-x/9.9 q7", ["z-x/9.9 q7"]),
        ("it was azx99q7b there", ["azx99q7b"]),
        ("zx99q7 and zx99q7", ["zx99q7", "zx99q7"]),
        ("zzx99q7", ["zzx99q7"]),
    ],
)
def test_a_number_of_six_letters_is_found_within_others(text, words):
    assert of(text, numbers=("ZX99Q7",)) == [(one, "number", True) for one in words]


def test_a_number_of_five_is_found_only_by_itself():
    assert of("7zx9k left", numbers=("7ZX9K",)) == [("7zx9k", "number", True)]
    assert of("it was 7zx 9k", numbers=("7ZX9K",)) == [("7zx 9k", "number", True)]
    assert of("a7zx9k left", numbers=("7ZX9K",)) == [("a7zx9k", "number", False)]
    assert of("7zx9kb left", numbers=("7ZX9K",)) == [("7zx9kb", "number", False)]


def test_a_number_may_have_three_signs_between_its_figures_and_no_more():
    assert of("it was zx9 - 9q7", numbers=("ZX99Q7",)) == [("zx9 - 9q7", "number", True)]
    assert of("it was zx9 -- 9q7", numbers=("ZX99Q7",))[0][2] is False


def test_the_first_part_of_an_address_of_mail_is_looked_for_where_it_is_long_and_no_word():
    assert of("it was quixan then", emails=("quixan@example.com",)) == [("quixan", "e-mail", True)]
    assert of("it was quixa then", emails=("quixa@example.com",)) == [("quixa", "word", False)]
    assert of("it was weather then", emails=("weather@example.com",)) == []
    assert of("it was quixan then", handles=("quixan@x",)) == [("quixan", "word", False)]


@pytest.mark.parametrize(
    ("text", "held", "found"),
    [
        ("the high street", "14 High Street", [("high street", False)]),
        ("the high way", "14 High Street", []),
        ("14 high street", "14 High Street", [("14 high street", True)]),
        ("14 high then", "14 High Street", [("14 high", True)]),
        ("old quixan road", "Old Quixan Road", [("old quixan road", True)]),
        ("quixan road", "Old Quixan Road", [("quixan road", True)]),
        ("road quixan", "Old Quixan Road", [("quixan", True)]),
        (
            "quixan road or quixan road",
            "Old Quixan Road",
            [("quixan road", True), ("quixan road", True)],
        ),
        ("street", "High Street", []),
        ("high", "High Street", []),
        ("by the or by, the high", "By The High", [("by the", False), ("by, the high", True)]),
        ("Qx left", "Qx Road", [("Qx", False)]),
        ("Qxu left", "Qxu Road", [("Qxu", True)]),
        ("Ship left", "Ship Road", [("Ship", False)]),
        ("ship left", "Ship Road", []),
        ("Quixa left", "Quixan Road", [("Quixa", True)]),
    ],
)
def test_what_is_found_of_an_address(text, held, found):
    got = [
        (words, sure)
        for words, kind, sure in of(text, addresses=(held,))
        if kind in ("address", "word")
    ]
    assert got == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("larkspur hill larkspur hill", ["larkspur hill larkspur hill"]),
        ("at 14 larkspur hill, then to larkspur hill.", ["14 larkspur hill", "larkspur hill"]),
        ("he went to larkspur hill", ["larkspur hill"]),
        ("to larkspur hill and so to bedminster", ["larkspur hill", "bedminster"]),
        ("to larkspur hill or bedminster", ["larkspur hill", "bedminster"]),
    ],
)
def test_every_run_of_words_of_an_address_is_found_and_no_other_word(text, found):
    held = of(text, addresses=("14 Larkspur Hill by Bedminster",))
    assert held == [(words, "address", True) for words in found]


@pytest.mark.parametrize(
    ("age", "known"), [(0, False), (1, True), (2, True), (119, True), (120, False), (121, False)]
)
def test_ages_that_are_known(age, known):
    born = date(DAY.year - age, 1, 1)
    assert of(f"He is {age} years old.", dates_of_birth=(born,)) == [
        (f"{age} years old", "age", known)
    ]


def test_no_age_is_the_partys_own_where_the_day_is_not_known():
    assert of("He is 1 year old.", day=None, dates_of_birth=(date(2000, 1, 1),)) == [
        ("1 year old", "age", False)
    ]


def test_an_age_in_words_is_the_partys_own_only_if_all_of_it_is_said():
    held = {"dates_of_birth": (date(1981, 1, 1),)}
    assert of("A thirty-two year old man.", **held) == [("thirty-two year old", "age", True)]
    assert of("A thirty year old man.", **held) == [("thirty year old", "age", False)]
    assert of("He had thirty-two of them.", **held) == [("thirty-two", "age", False)]
    assert of("He is 32 years old.", day=None, **held) == [("32 years old", "age", False)]
