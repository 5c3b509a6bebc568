"""Identifiers by their shape: every example is found, and every other left."""

import tomllib

import pytest

from amends.disclosure.errors import DisclosureError
from amends.disclosure.redaction import check_digits, identifiers, propose
from amends.disclosure.redaction.folding import fold
from amends.disclosure.redaction.identifiers import Identifier
from amends.disclosure.redaction.spans import KINDS

ALL = identifiers.identifiers()
AROUND = (("", ""), ("He said ", " to her."), ("(", ")"), ("\n", ", and"))
WANTED = {
    "account", "address", "age", "card", "coordinates", "date", "device", "document", "e-mail", "handle", "link",
    "number", "phone", "postcode", "reference", "vehicle", "word",
}  # fmt: skip


def found(one: Identifier, text: str) -> list[tuple[int, int]]:
    folded = fold(text)
    return [folded.where(each.start, each.end) for each in one.search(folded)]


def example(marked: str) -> tuple[str, int, int]:
    """An example, and where in it the identifier is."""
    start, end = marked.find("«"), marked.find("»")
    if start < 0:
        return marked, 0, len(marked)
    return marked.replace("«", "").replace("»", ""), start, end - 1


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_every_example_is_found_whole_wherever_it_stands(one):
    assert one.finds
    for marked in one.finds:
        text, start, end = example(marked)
        for before, after in AROUND:
            place = (start + len(before), end + len(before))
            assert place in found(one, f"{before}{text}{after}"), f"{before}{text}{after}"
        quoted = found(one, f"'{text}'.")
        assert any(first <= start + 1 and end + 1 <= last for first, last in quoted), text


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_what_is_none_is_left(one):
    assert one.leaves
    for text in one.leaves:
        assert found(one, text) == [], text


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_no_example_passes_unseen_in_small_letters_or_capitals(one):
    """Where capitals matter to the pattern, the residue sees to the rest."""
    for marked in one.finds:
        text, start, end = example(marked)
        for written in (text, text.lower(), text.upper()):
            proposal = propose(f"Then {written} was given.", ())
            covered = {at for span in proposal.spans for at in range(span.start, span.end)}
            missed = {
                at
                for at in range(5 + start, 5 + end)
                if proposal.texts[0][at].isdigit() and at not in covered
            }
            assert not missed, written


def test_every_kind_has_an_identifier_and_each_says_its_source():
    assert {one.kind for one in ALL} == WANTED <= set(KINDS)
    assert all(one.source for one in ALL)
    assert len({one.name for one in ALL}) == len(ALL) >= 60


# ---- check digits --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "good"),
    [
        ("nhs", "943 476 5919"),
        ("luhn", "4111 1111 1111 1111"),
        ("luhn", "490154203237518"),
        ("iban", "GB82 WEST 1234 5698 7654 32"),
        ("pnc", "2003/0062845E"),
    ],
)
def test_a_check_digit_notices_any_figure_that_is_changed(check, good):
    holds = check_digits.CHECKS[check]
    assert holds(good)
    for at, letter in enumerate(good):
        if letter.isdigit() and not (check == "pnc" and at < 2):  # the century is not checked
            for other in set("0123456789") - {letter}:
                assert not holds(good[:at] + other + good[at + 1 :]), at


@pytest.mark.parametrize(
    ("check", "text", "holds"),
    [
        ("nhs", "943 476 591", False),
        ("nhs", "0000000010", False),  # the check would be 10, and no such number is given
        ("nhs", "999 000 0018", True),
        ("nhs", "999 000 0050", True),  # the check is 11, which is written as 0
        ("iban", "GB82", False),
        ("iban", "GB82WEST1234569", False),
        ("iban", "NO93 8601 1117 947", True),  # fifteen: none is shorter
        ("iban", "GB611234567890", False),  # the check is right
        ("iban", "GB82WEST1234569876543é", False),
        ("pnc", "03/62845E", True),
        ("pnc", "03/62845e", True),
        ("pnc", "03/62846E", False),
        ("pnc", "1979/0012345V", True),
        ("pnc", "79/12345V", True),
        ("licence", "MORGA607054SM9IJ", True),
        ("licence", "MORGA657054SM9IJ", True),
        ("licence", "MORGA601054SM9IJ", True),
        ("licence", "MORGA657054999IJ", True),  # no first name
        ("licence", "MORGA613054SM9IJ", False),
        ("licence", "MORGA600054SM9IJ", False),
        ("licence", "MORGA662054SM9IJ", True),
        ("licence", "MORGA663054SM9IJ", False),
        ("phone", "0117 496 0123", True),
        ("phone", "0117 496 012", True),
        ("phone", "0117 496 01", False),
        ("phone", "0117 496 01234", False),
        ("phone", "+44 7700 900123", True),
        ("phone", "+44 7700", False),
        ("phone", "0044 7700 900123", True),
        ("phone", "00 1234567", False),
        ("phone", "00 12345678", True),
        ("phone", "+1234567890123456", True),
        ("phone", "+12345678901234567", False),
        ("halves", "ST 587 725", True),
        ("halves", "ST 587 72", False),
        ("no_word", "M4 and", False),
        ("no_word", "M4 an", True),
        ("no_word_at_all", "PC 4821", False),
        ("no_word_at_all", "ABC 123", True),
        ("place_name", "acacia avenue", True),
        ("place_name", "the street", False),
        ("place_name", "main road", False),
    ],
)
def test_what_a_check_says(check, text, holds):
    assert check_digits.CHECKS[check](text) is holds


# ---- the file ------------------------------------------------------------------------------------


def one(**changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "name": "n", "kind": "number", "pattern": "x", "certain": True, "source": "s", "finds": ["x"], "leaves": ["y"],
    }  # fmt: skip
    return {name: value for name, value in {**given, **changes}.items() if value is not None}


def test_an_identifier_that_says_too_little_or_too_much_is_refused():
    assert identifiers._identifier(one(), {}).name == "n"
    for wrong in (one(source=None), one(colour="red"), one(kind="colour"), one(check="none")):
        with pytest.raises(DisclosureError, match=r"identifiers\.toml: n"):
            identifiers._identifier(wrong, {})


def test_the_file_is_as_it_is_read():
    with identifiers.FILE.open("rb") as stream:
        document = tomllib.load(stream)
    assert [each["name"] for each in document["identifier"]] == [each.name for each in ALL]
