"""The gate: what a review must be before anything leaves, and that no ordinary use gets round it."""

import copy
import json
import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from amends.disclosure.errors import DisclosureError
from amends.disclosure.redaction import (
    Decision,
    Issued,
    NotIssued,
    Party,
    Proposal,
    Review,
    Signature,
    Span,
    Tick,
    issue,
    propose,
)
from amends.disclosure.redaction.echoes import echoes
from amends.disclosure.redaction.issuing import rebuild
from amends.disclosure.redaction.sheets import read_review, sheet
from amends.disclosure.shapes import Part

JOHN = Party(role="victim", names=("John Smith",))
TEXT = "John met Aoife at the Lighthouse, and Aoife paid 20 pounds."


def review(text=TEXT, parties=(JOHN,)) -> Review:
    return Review(propose(text, parties))


def span(of: Review, words: str, at: int = 0) -> Span:
    found = [one for one in of.proposal.spans if one.words == words]
    return found[at]


def decided(of: Review, decision=Decision.HIDE, by="PC Able") -> Review:
    for one in of.proposal.spans:
        if not one.certain:
            of = of.tick(one, decision, by)
    return of


def signed(of: Review) -> Review:
    return of.sign("PC Able").sign("PS Baker")


def missing(of: Review, text=None) -> tuple[str, ...]:
    with pytest.raises(NotIssued) as told:
        issue(of, text)
    return told.value.missing


# ---- what is issued ------------------------------------------------------------------------------


def test_a_review_that_is_whole_is_issued_rebuilt():
    issued = issue(signed(decided(review())))
    assert (
        issued.text == "[name 1] met [word 1] at the [word 2], and [word 1] paid [number] pounds."
    )
    assert issued.texts == (issued.text,)


def test_what_may_stay_stays():
    of = decided(review(), Decision.STAY)
    assert (
        issue(signed(of)).text == "[name 1] met Aoife at the Lighthouse, and Aoife paid 20 pounds."
    )


def test_what_is_certain_stays_only_for_a_reason():
    of = decided(review())
    john = span(of, "John")
    with pytest.raises(
        DisclosureError, match=r"line 1, letter 1: 'John' is hidden .* give the reason"
    ):
        of.tick(john, Decision.STAY, "PC Able", "  ")
    of = of.tick(john, Decision.STAY, "PC Able", " A patron saint. ")
    assert of.ticks[-1].because == "A patron saint."
    assert issue(signed(of)).text.startswith("John met [word 1]")


def test_a_reviewer_may_say_what_a_thing_is():
    of = decided(review())
    of = of.tick(span(of, "Lighthouse"), Decision.HIDE, "PC Able", kind="place")
    of = of.tick(span(of, "20"), Decision.HIDE, "PC Able", kind="age")
    assert (
        issue(signed(of)).text
        == "[name 1] met [word 1] at the [place 1], and [word 1] paid [age] pounds."
    )
    with pytest.raises(DisclosureError, match="'colour' is no kind"):
        of.tick(span(of, "20"), Decision.HIDE, "PC Able", kind="colour")


def test_an_age_that_is_told_as_a_name_is_numbered():
    of = review("He is 20 and she is 20 and I am 21.", ())
    for one in of.proposal.spans:
        of = of.tick(one, Decision.HIDE, "PC Able", kind="name")
    assert issue(signed(of)).text == "He is [name 1] and she is [name 1] and I am [name 2]."


def test_one_numbering_for_all_the_texts_of_a_pack():
    ann = Party(role="witness", names=("Ann Jones",))
    of = review(["Ann saw John.", "John saw Ms Jones and Mr Smith."], (JOHN, ann))
    issued = issue(signed(of))
    assert issued.texts == ("[name 1] saw [name 2].", "[name 2] saw [name 1] and [name 2].")
    with pytest.raises(DisclosureError, match="it has 2 texts"):
        _ = issued.text


def test_two_people_who_may_be_meant_are_both_told():
    ann = Party(role="witness", names=("Ann Smith",))
    of = review("John left. Ann left. Then Smith left.", (JOHN, ann))
    assert issue(signed(of)).text == "[name 1] left. [name 2] left. Then [name 1 or 2] left."


def test_nothing_is_the_length_it_was_and_nothing_unseen_goes_along():
    of = review("A man,\u200b John\u202e Smith,\u2063 left.")
    assert issue(signed(of)).text == "A man, [name 1], left."
    assert len(rebuild(("John",), [Span(0, 0, 4, "name", "", True, ("a",), "John")])[0]) == len(
        "[name 1]"
    )


def test_markers_that_overlap_are_one():
    long = Span(0, 0, 10, "passage", "", True, ("p",), "0123456789")
    short = Span(0, 5, 12, "name", "", True, ("n",), "567890a")
    within = Span(0, 2, 4, "name", "", True, ("n",), "23")
    assert rebuild(("0123456789ab c",), [short, long, within]) == ("[passage] c",)
    assert rebuild(("0123456789ab c",), [replace(long, end=6), short]) == ("[name 1] c",)
    assert rebuild(("0123456789ab c",), [replace(long, end=5), short]) == ("[passage][name 1] c",)
    assert rebuild(("0123456789ab c",), [replace(long, end=7), short]) == ("[passage] c",)
    assert rebuild(("0123456789ab c",), [replace(long, start=4, end=8), short]) == (
        "0123[name 1] c",
    )


# ---- what is missing -----------------------------------------------------------------------------


def test_all_that_is_missing_is_said_at_once():
    assert missing(review()) == (
        "line 1, letter 10: 'Aoife' is not an ordinary word, and nobody has decided on it",
        "line 1, letter 23: 'Lighthouse' has a capital letter in the midst of a sentence, and nobody has decided on it",
        "line 1, letter 39: 'Aoife' is not an ordinary word, and nobody has decided on it",
        "line 1, letter 50: '20' has a digit, and nobody has decided on it",
        "nobody has signed, and 2 different people must",
    )


def test_a_long_list_is_cut_when_it_is_told():
    with pytest.raises(NotIssued, match=r"and 11 more\.$") as told:
        issue(review(" ".join(f"Qz{letter}x." for letter in "abcdefghijklmnopqrstuvwxyzabcd"), ()))
    assert len(told.value.missing) == 31
    with pytest.raises(NotIssued, match=r"different people must\.$"):
        issue(review(" ".join(f"Qz{letter}x." for letter in "abcdefghijklmnopqrs"), ()))


def test_every_single_tick_is_needed():
    whole = decided(review())
    for number in range(len(whole.ticks)):
        ticks = (*whole.ticks[:number], *whole.ticks[number + 1 :])
        part = Review(whole.proposal, ticks)
        signatures = tuple(Signature(who, part.digest) for who in ("PC Able", "PS Baker"))
        assert any(
            "nobody has decided" in each for each in missing(replace(part, signatures=signatures))
        )


def test_nobody_signs_while_a_span_waits():
    with pytest.raises(
        DisclosureError,
        match="4 spans wait for a decision, the first at line 1, letter 10: 'Aoife'",
    ):
        review().sign("PC Able")


@pytest.mark.parametrize(
    "again", ["PC Able", "pc  able", "PCAble", " PC ABLE ", "PC \u0410ble", "P.C. Able"]
)
def test_the_second_to_sign_is_somebody_else(again):
    of = decided(review()).sign("PC Able")
    with pytest.raises(DisclosureError, match="has signed it already"):
        of.sign(again)
    twice = replace(of, signatures=(*of.signatures, Signature(again, of.digest)))
    assert missing(twice) == (f"only {again} has signed, and 2 different people must",)
    assert missing(of) == ("only PC Able has signed, and 2 different people must",)


@pytest.mark.parametrize("nobody", ["", "  ", "...", "\u200b"])
def test_whoever_decides_or_signs_has_a_name(nobody):
    of = decided(review())
    for step in (
        lambda: of.sign(nobody),
        lambda: of.tick(span(of, "20"), Decision.HIDE, nobody),
        lambda: of.hide(0, 0, 4, nobody),
    ):
        with pytest.raises(DisclosureError, match="is nobody's name"):
            step()
    one = of.sign("PC Able")
    assert missing(replace(one, signatures=(*one.signatures, Signature(nobody, one.digest)))) == (
        "only PC Able has signed, and 2 different people must",
    )


def test_a_decision_after_a_signature_takes_it_off():
    of = decided(review()).sign("PC Able")
    later = of.tick(span(of, "20"), Decision.STAY, "PS Baker")
    assert later.signatures == ()
    assert of.hide(0, 0, 4, "PS Baker").signatures == ()
    kept = replace(later, signatures=of.signatures).sign("PS Baker")
    assert missing(kept) == (
        "PC Able signed before the review was last changed",
        "only PS Baker has signed, and 2 different people must",
    )


def test_the_last_decision_counts_and_every_one_is_kept():
    of = decided(review(), by="PC Able")
    of = of.tick(span(of, "20"), Decision.STAY, "PS Baker").tick(span(of, "20"), "hide", "PS Baker")
    assert [(tick.span.words, tick.decision, tick.by) for tick in of.ticks][-3:] == [
        ("20", "hide", "PC Able"),
        ("20", "may stay", "PS Baker"),
        ("20", "hide", "PS Baker"),
    ]
    assert "20" not in issue(signed(of)).text


def test_a_text_that_was_changed_since_is_not_issued():
    of = signed(decided(review()))
    assert issue(of, TEXT).text == issue(of, (TEXT,)).text == issue(of).text
    assert missing(of, f"{TEXT} ") == ("the text was changed since it was reviewed",)
    assert missing(of, (TEXT, TEXT)) == ("the text was changed since it was reviewed",)


def test_a_signature_is_for_these_texts_and_decisions():
    other = signed(decided(review(TEXT.replace("20", "30"))))
    of = replace(decided(review()), signatures=other.signatures)
    assert missing(of)[-1] == "nobody has signed, and 2 different people must"
    stays = decided(review(), Decision.STAY)
    assert stays.digest != decided(review()).digest
    assert decided(review(), by="PC Other").digest != decided(review()).digest


# ---- what says the same --------------------------------------------------------------------------


def test_what_is_hidden_in_one_place_is_asked_about_in_every_other():
    of = decided(review("He met Aoife. She left with Aoife.", ()), Decision.STAY)
    of = of.tick(span(of, "Aoife"), Decision.HIDE, "PC Able")
    assert [one.start for one in of.waiting] == [28]
    assert missing(of)[0] == (
        "line 1, letter 29: 'Aoife' says what is hidden elsewhere, and nobody has decided on it"
    )
    hidden = of.tick(of.waiting[0], Decision.HIDE, "PC Able")
    assert issue(signed(hidden)).text == "He met [word 1]. She left with [word 1]."
    kept = of.tick(of.waiting[0], Decision.STAY, "PC Able", "A ship of that name.")
    assert kept.waiting == ()
    assert issue(signed(kept)).text == "He met [word 1]. She left with Aoife."
    again = kept.tick(kept.echoes[0], Decision.HIDE, "PC Able")
    assert issue(signed(again)).text == "He met [word 1]. She left with [word 1]."
    with pytest.raises(DisclosureError, match="is no span"):
        of.tick(replace(of.waiting[0], start=1), Decision.HIDE, "PC Able")


def test_a_reason_holds_for_every_word_of_what_stays():
    of = review("Smith sailed in the John Smith.")
    of = of.tick(span(of, "John Smith"), Decision.STAY, "PC Able", "A ship of that name.")
    assert of.waiting == ()
    assert issue(signed(of)).text == "[name 1] sailed in the John Smith."


def test_a_capital_that_begins_a_sentence_is_an_echo_of_a_name():
    of = decided(review("At the Lighthouse. Lighthouse keepers run the lighthouse.", ()))
    assert [one.start for one in of.waiting] == [19]
    assert of.waiting[0].about == ("lighthouse",)


def test_a_reason_for_what_says_the_same_comes_back_from_the_sheet():
    of = decided(review("Aoife met Bronagh at the Lighthouse. Lighthouse keepers run.", ()))
    (again,) = of.waiting
    of = of.tick(again, Decision.STAY, "PC Able", "They are many.")
    back = read_review(Part(json.loads(sheet(of)), "review.json"), of.proposal)
    assert back.last.keys() == of.last.keys()
    kept = back.last[0, 37, 47]
    assert (kept.span.words, kept.decision, kept.because) == (
        "Lighthouse", Decision.STAY, "They are many.",
    )  # fmt: skip
    assert back.waiting == ()


def test_a_name_of_two_letters_is_looked_for_again():
    hidden = Span(0, 0, 6, "name", "", True, (), "Mei Xu")
    assert [one.words for one in echoes(["Mei Xu left. He saw Xu."], [hidden])] == ["Xu"]


def test_the_words_of_a_passage_are_echoes_in_every_text():
    of = review(
        [
            "They are the only Tongan family in the village.",
            "Tongan lads; the only tongan family in the village.",
        ],
        (),
    )
    of = decided(of, Decision.STAY).hide(0, 9, 46, "PC Able")
    assert [(one.text, one.words) for one in of.waiting] == [
        (1, "Tongan"),
        (1, "the only tongan family in the village"),
    ]
    for one in of.waiting:
        of = of.tick(one, Decision.HIDE, "PC Able", kind="passage")
    assert issue(signed(of)).texts == ("They are [passage].", "[passage] lads; [passage].")


def test_small_words_are_no_echoes():
    of = decided(review("It was A who left with the man. A man left.", ()))
    assert of.waiting == ()
    assert issue(signed(of)).text == "It was [word 1] who left with the man. A man left."


def test_a_figure_is_asked_about_again_wherever_it_stays():
    of = decided(review("He had 7. She had 7.", ()), Decision.STAY)
    of = of.tick(span(of, "7"), Decision.HIDE, "PC Able")
    assert [one.start for one in of.waiting] == [18]


# ---- a passage -----------------------------------------------------------------------------------


def test_a_passage_that_nothing_found_can_be_hidden():
    text = "She is the vicar's daughter."
    of = review(text, ()).hide(0, 7, 27, "PC Able")
    assert of.hidden[0].words == "the vicar's daughter"
    assert of.hidden[0].reason == "added by a reviewer"
    assert of.hidden[0].certain
    assert issue(signed(of)).text == "She is [passage]."
    place = review(text, ()).hide(0, 7, 27, "PC Able", "name")
    assert issue(signed(place)).text == "She is [name 1]."


def test_what_a_passage_covers_need_not_be_decided_on():
    of = review("She is from the Lighthouse there.", ())
    assert of.hide(0, 12, 26, "PC Able").waiting == ()
    assert of.hide(0, 17, 26, "PC Able").waiting != ()
    assert of.hide(0, 12, 25, "PC Able").waiting != ()


@pytest.mark.parametrize(
    ("text", "start", "end"), [(1, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 3, 3), (0, 4, 3), (0, 0, 5)]
)
def test_a_passage_is_one_of_the_text(text, start, end):
    with pytest.raises(
        DisclosureError, match=rf"text {text + 1}: it has no passage from {start} to {end}"
    ):
        review("He .", ()).hide(text, start, end, "PC Able")
    assert review("He .", ()).hide(0, 0, 4, "PC Able").hidden


# ---- forging -------------------------------------------------------------------------------------


def test_only_the_gate_makes_what_is_issued():
    with pytest.raises(TypeError, match="Only"):
        Issued(("John",))
    with pytest.raises(TypeError, match="Only"):
        Issued(("John",), object())
    issued = issue(signed(decided(review())))
    with pytest.raises(AttributeError, match="does not change"):
        issued._texts = ("John",)
    with pytest.raises((TypeError, AttributeError)):
        replace(issued, texts=("John",))
    assert copy.copy is not None
    assert TEXT.encode() not in pickle.dumps(issued.texts)


def test_a_review_and_a_proposal_do_not_change():
    of = review()
    for thing, name in ((of, "ticks"), (of.proposal, "spans"), (of.proposal.spans[0], "certain")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, name, ())


def forged(proposal: Proposal, ticks: tuple[Tick, ...] = ()) -> Review:
    of = Review(proposal, ticks)
    return Review(proposal, ticks, tuple(Signature(who, of.digest) for who in ("A", "B")))


def test_a_proposal_of_fewer_spans_is_not_issued():
    whole = propose(TEXT, (JOHN,))
    wrong = "the spans reviewed are not those that are proposed for this text and case"
    assert wrong in missing(forged(replace(whole, spans=())))
    assert wrong in missing(forged(replace(whole, spans=whole.spans[1:])))
    softer = tuple(replace(one, certain=False) for one in whole.spans)
    assert wrong in missing(forged(replace(whole, spans=softer)))
    assert wrong in missing(forged(replace(whole, texts=("John stays.",), spans=())))


@pytest.mark.parametrize(
    ("decision", "by", "because", "changes"),
    [
        (Decision.STAY, "PC Able", "", {}),
        ("may stay", "PC Able", "", {}),
        ("perhaps", "PC Able", "because", {}),
        (Decision.STAY, "", "because", {}),
        (Decision.HIDE, " ", "", {}),
        (Decision.STAY, "PC Able", "", {"end": 3, "words": "Joh"}),
        (Decision.HIDE, "PC Able", "", {"words": "Jane"}),
        (Decision.HIDE, "PC Able", "", {"text": 1}),
        (Decision.HIDE, "PC Able", "", {"text": -1}),
        (Decision.HIDE, "PC Able", "", {"start": -1}),
        (Decision.HIDE, "PC Able", "", {"start": 4, "words": ""}),
        (Decision.HIDE, "PC Able", "", {"kind": "John Smith"}),
    ],
)
def test_decisions_made_by_hand_are_looked_at_again(decision, by, because, changes):
    of = decided(review())
    one = replace(span(of, "John"), **changes)
    wrong = forged(of.proposal, (*of.ticks, Tick(one, decision, by, because)))
    assert f"the decision on {one.words!r} is not in order" in missing(wrong)


def test_decisions_made_by_hand_that_are_in_order_will_do():
    of = decided(review())
    john = span(of, "John")
    for tick in (
        Tick(john, Decision.STAY, "A", "why"),
        Tick(john, Decision.HIDE, "A"),
        Tick(john, "hide", "A"),
    ):
        assert issue(forged(of.proposal, (*of.ticks, tick))).text


def test_a_decision_is_one_of_two_and_on_a_span_of_the_proposal():
    of = review()
    with pytest.raises(
        DisclosureError, match=r"'maybe' is no decision on 'Aoife'\. Write 'hide' or 'may stay'"
    ):
        of.tick(span(of, "Aoife"), "maybe", "PC Able")
    with pytest.raises(DisclosureError, match="'Aoife': is no span of this proposal"):
        of.tick(replace(span(of, "Aoife"), certain=True), Decision.HIDE, "PC Able")


def test_a_planted_identifier_is_not_issued():
    of = decided(review("Ask Oftthweoft Quozubgri about it.", ()), Decision.STAY)
    assert missing(signed(of)) == (
        "text 1 would release a planted identifier: look at it all again",
    )
    assert issue(signed(decided(of))).text == "Ask [word 1] [word 2] about it."


@pytest.mark.parametrize(
    ("texts", "told"),
    [((), "no text"), ((3,), "int is no text"), (("x" * 2_000_001,), "2000001 letters")],
)
def test_what_is_no_text_is_refused(texts, told):
    with pytest.raises(DisclosureError, match=told):
        propose(texts, ())


def test_who_is_no_party_is_refused():
    with pytest.raises(DisclosureError, match="'John' is no Party"):
        propose("John", ("John",))


def test_where_a_span_is_is_said_as_a_person_would():
    of = review(["x.\n\nThen Aoife left.", "Aoife."], ())
    assert [of.proposal.line(one) for one in of.proposal.spans] == [
        "text 1, line 1, letter 1",
        "text 1, line 3, letter 6",
        "text 2, line 1, letter 1",
    ]
