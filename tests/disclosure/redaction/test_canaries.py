"""Planted identifiers: always known again, always found in a proposal, and never released."""

import re

import pytest

from amends.disclosure.errors import DisclosureError
from amends.disclosure.redaction import (
    Decision,
    Review,
    canaries,
    issue,
    plant,
    propose,
    released_canaries,
)
from amends.disclosure.redaction.issuing import rebuild
from support.redaction.by_hand import SENTENCES
from support.redaction.case import DAY, PARTIES
from support.redaction.marked import read
from support.redaction.police_english import sentences

PLAIN = [read(one).text for one in (*SENTENCES, *sentences(137, seed=3))]


def test_the_canaries_of_a_seed_stay_the_same_from_version_to_version():
    """Who planted them keeps the seed alone."""
    assert [one.text for one in canaries(7)] == [
        "Thweyazjub Oftvixyaz", "Thweyazjub", "Oftvixyaz", "07700 900929",
        "thweyazjub.oftvixyaz@canary.example", "@oftvixyaz29", "QQ 92 90 06 B", "999 095 8653",
        "ZZ92 9BA", "XX99 XXE", "99ZZ/92900/99", "19 Oftvixyaz Street",
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(200))
def test_every_canary_is_known_again(seed):
    assert canaries(seed) == canaries(seed)
    for one in canaries(seed):
        for written in (one.text, one.text.upper(), one.text.lower(), " ".join(one.text)):
            assert released_canaries(f"So {written} left."), (one.kind, written)


SHAPES = {
    "name": r"[A-Z][a-z]{8,12} [A-Z][a-z]{8,12}", "first": r"[A-Z][a-z]{8,12}",
    "surname": r"[A-Z][a-z]{8,12}", "phone": r"07700 9009\d\d",
    "e-mail": r"[a-z]+\.[a-z]+@canary\.example", "handle": r"@[a-z]{8,12}\d\d",
    "national": r"QQ 9\d \d\d \d\d [ABCD]", "nhs": r"999 0\d\d \d{4}",
    "postcode": r"ZZ9\d 9[ABDEF]{2}", "vehicle": r"XX99 XX[ABCDEFGHJ]",
    "reference": r"99ZZ/9\d{4}/99", "address": r"\d{1,2} [A-Z][a-z]{8,12} Street",
}  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_canaries_have_the_shape_of_their_kind(seed):
    made = {one.kind: one.text for one in canaries(seed)}
    assert made.keys() == SHAPES.keys()
    for kind, text in made.items():
        assert re.fullmatch(SHAPES[kind], text), (kind, text)


def test_what_is_released_is_told_kind_by_kind_as_it_stands_in_the_text():
    made = {one.kind: one.text for one in canaries(5)}
    for kind in ("phone", "postcode", "vehicle", "reference", "nhs", "national"):
        plain = "".join(filter(str.isalnum, made[kind])).lower()
        assert released_canaries(f"So {made[kind]} left.") == (plain.removeprefix("0"),)
    backwards = ("reference", "vehicle", "postcode", "national", "phone")
    together = " and ".join(made[kind] for kind in backwards)
    assert [found[:2] for found in released_canaries(together)] == ["77", "qq", "zz", "xx", "99"]


def test_numbers_of_the_health_service_are_spread_over_all_there_are():
    made = {one.text[5:] for seed in range(200) for one in canaries(seed) if one.kind == "nhs"}
    assert len(made) > 190
    assert len({text[0] for text in made}) == 10


def test_house_numbers_are_from_1_to_98():
    numbers = {
        int(one.text.split()[0])
        for seed in range(1_500)
        for one in canaries(seed)
        if one.kind == "address"
    }
    assert (min(numbers), max(numbers)) == (1, 98)


def test_no_text_of_another_planting_has_the_same_canaries():
    one, other = (
        {found for text, _ in plant([""] * 40, seed, 1) for found in released_canaries(text)}
        for seed in (1, 2)
    )
    assert not {each for each in one & other if each.startswith("9990")}
    first, second = (list(plant(["", ""], seed, 1)) for seed in (0, 1))
    held = {each.kind: each.text for each in canaries(1_000_003)}
    assert second[0][0].startswith(held["name"])
    held = {each.kind: each.text for each in canaries(1_000_004)}
    assert held["e-mail"] in second[1][0]
    assert first[0] != second[0]


def test_canaries_differ_by_their_seed():
    assert len({canaries(seed) for seed in range(300)}) == 300


def test_no_plain_text_has_one():
    assert [text for text in PLAIN if released_canaries(text)] == []
    assert released_canaries("Zubquovix") == ()  # of the syllables, but the last does not check
    assert released_canaries("999 012 3456") == ()


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 1])
def test_a_share_of_the_texts_is_planted(share):
    planted = list(plant(PLAIN, 7, share))
    assert sum(done for _, done in planted) == round(share * len(PLAIN))
    for (text, done), plain in zip(planted, PLAIN, strict=True):
        assert text.startswith(plain)
        assert bool(released_canaries(text)) is done
        assert "{" not in text
    assert planted == list(plant(PLAIN, 7, share))


def test_a_share_is_from_none_to_all():
    for wrong in (-0.1, 1.1):
        with pytest.raises(DisclosureError, match="share"):
            list(plant(PLAIN, 1, wrong))


def test_no_canary_is_released():
    """The test that fails the build: 200 texts, each planted, of which all that is asked about is hidden."""
    texts = [text for text, _ in plant(PLAIN, 11, 1.0)]
    review = Review(propose(texts, PARTIES, DAY))
    while review.waiting:
        for span in review.waiting:
            review = review.tick(span, Decision.HIDE, "PC Able")
    rebuilt = rebuild(texts, review.hidden)
    released = [found for text in rebuilt for found in released_canaries(text)]
    assert released == []
    assert issue(review.sign("PC Able").sign("PS Baker")).texts == rebuilt


def test_those_with_a_shape_are_hidden_without_being_asked_about():
    for seed in range(50):
        for one in canaries(seed):
            if one.kind in (
                "phone",
                "e-mail",
                "handle",
                "national",
                "nhs",
                "postcode",
                "vehicle",
                "reference",
                "address",
            ):
                (span,) = propose(f"It is {one.text} then.", ()).spans
                assert (span.words, span.certain) == (one.text, True)
