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
