"""Planted identifiers: always known again, always found in a proposal, and never released."""

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


@pytest.mark.parametrize("seed", range(200))
def test_every_canary_is_known_again(seed):
    assert canaries(seed) == canaries(seed)
    for one in canaries(seed):
        for written in (one.text, one.text.upper(), one.text.lower(), " ".join(one.text)):
            assert released_canaries(f"So {written} left."), (one.kind, written)


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
