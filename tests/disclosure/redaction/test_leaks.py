"""Whatever the text, nothing that was hidden is in what is issued."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.disclosure.redaction import Decision, Issued, Party, Review, issue, propose
from amends.disclosure.redaction.folding import fold, visible
from amends.disclosure.redaction.words import is_ordinary, words_of
from support.redaction.by_hand import SENTENCES
from support.redaction.case import DAY, PARTIES
from support.redaction.marked import read
from support.redaction.police_english import sentences

HAND = [read(one).text for one in SENTENCES]
MADE = [read(one).text for one in sentences(60, seed=2)]
PIECES = st.sampled_from(
    ["Rose", "rose", "Will", "Siân", "Sia\u0302n", "O'Brien", "J\u200bo", "07700 900123", "\uff11\uff12", "\u0663",
     "BS3 4QQ", " ", ". ", "\n", "-", "'", "'s ", "the ", "and ", "\U0001f984", "Łódź", "WX13 YZB",
     "\u0410\u043eif\u0435", "a", "Red Lion", "\u202e", "Mr ", "\u0301", "\ufb01", "ß", "\u0130",
     "16 years old", "\u00bd"]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(PIECES, max_size=25).map("".join), st.sampled_from(HAND + MADE), st.text(max_size=80)
)


def issued(review: Review) -> Issued:
    """*review* with whatever waits hidden, signed and issued."""
    while review.waiting:
        review = review.tick(review.waiting[0], Decision.HIDE, "A")
    return issue(review.sign("A").sign("B"))


def telling(words: str) -> set[str]:
    """The words of a hidden span that nobody could have written by chance."""
    return {
        word.lower
        for word in words_of(fold(words))
        if len(word.lower) > 2 and not is_ordinary(word.lower)
    }


@given(TEXTS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_word_of_a_hidden_span_is_anywhere_in_what_is_issued(text):
    review = Review(propose(text, PARTIES, DAY))
    out = issued(review).text
    left = {word.lower for word in words_of(fold(out))}
    markers = {"mail", "coordinates"}
    for span in review.proposal.spans:
        assert not telling(span.words) & (left - markers)


@given(TEXTS, st.randoms(use_true_random=False))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whoever_hides_some_of_it_is_asked_about_the_rest(text, draw):
    """Every span that is hidden stays hidden wherever else its words stand, or a reason was given."""
    review = Review(propose(text, PARTIES, DAY))
    for span in review.proposal.spans:
        if not span.certain:
            review = review.tick(span, draw.choice(list(Decision)), "A")
    out = issued(review)
    while review.waiting:
        review = review.tick(review.waiting[0], Decision.HIDE, "A")
    left = {word.lower for word in words_of(fold(out.text))} - {"mail", "coordinates"}
    for span in review.hidden:
        assert not telling(span.words) & left


@given(TEXTS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_spans_are_in_order_do_not_overlap_and_say_what_they_cover(text):
    proposal = propose(text, PARTIES, DAY)
    last = 0
    for span in proposal.spans:
        assert last <= span.start < span.end
        assert proposal.texts[0][span.start : span.end] == span.words
        last = span.end


@given(TEXTS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_not_hidden_is_issued_letter_for_letter(text):
    review = Review(propose(text, PARTIES, DAY))
    out = issued(review).text
    at = 0
    for span in review.proposal.spans:
        kept = visible(text[at : span.start])
        assert out.startswith(kept)
        out = out[len(kept) :]
        marker, _, out = out.partition("]")
        assert marker.startswith("[")
        assert span.words not in marker or span.words.isdigit() or len(span.words) < 5
        at = span.end
    assert out == visible(text[at:])


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "'", "\u0301"])
def test_a_text_of_nothing_is_no_trouble(text):
    assert issued(Review(propose(text, PARTIES, DAY))).text == visible(text)


def test_the_same_text_gives_the_same_proposal():
    one = propose(HAND, PARTIES, date(2013, 6, 1))
    assert one == propose(HAND, PARTIES, DAY)
    assert (
        one.digest == propose(HAND, PARTIES, DAY).digest != propose(HAND[1:], PARTIES, DAY).digest
    )
    assert one.digest != propose(HAND, PARTIES[1:], DAY).digest


def test_a_party_is_checked_when_it_is_made():
    with pytest.raises(ValueError, match=r"the victim: names: '\.\.' has no letter and no digit"):
        Party(role="victim", names=("..",))
    with pytest.raises(ValueError, match="is not a list"):
        Party(role="victim", names="John")
    assert Party(role="victim", names=["John"]).names == ("John",)
