"""How much of what points to somebody is found, and how much else is hidden with it: the figures are printed."""

from collections import Counter

import pytest

from amends.disclosure.redaction import Proposal, propose
from support.redaction.by_hand import SENTENCES
from support.redaction.case import DAY, PARTIES
from support.redaction.marked import Marked, covered, hides, other_words, read
from support.redaction.police_english import TEMPLATES, sentences

MADE = tuple(map(read, sentences(300, seed=1)))
HAND = tuple(map(read, SENTENCES))
UNSEEN = {"deep"}


def proposals(texts: tuple[Marked, ...]) -> Proposal:
    return propose([one.text for one in texts], PARTIES, DAY)


@pytest.fixture(scope="module")
def made() -> Proposal:
    return proposals(MADE)


@pytest.fixture(scope="module")
def hand() -> Proposal:
    return proposals(HAND)


def missed(texts, proposal, *, certain: bool):
    """What is marked and not hidden: where only what is certain is hidden, or everything found."""
    for number, one in enumerate(texts):
        spans = [
            each for each in proposal.spans if each.text == number and (each.certain or not certain)
        ]
        hidden = covered(spans, len(one.text))
        for mark in one.marks:
            yield mark.kind, one.said(mark), hides(mark, hidden, one.text)


def over(texts, proposal, *, certain: bool) -> tuple[int, int]:
    """How many words that point to nobody are hidden, and of how many."""
    taken = total = 0
    for number, one in enumerate(texts):
        spans = [
            each for each in proposal.spans if each.text == number and (each.certain or not certain)
        ]
        hidden = covered(spans, len(one.text))
        words = other_words(one)
        taken += sum(any(hidden[start:end]) for start, end in words)
        total += len(words)
    return taken, total


def test_there_are_sentences_enough():
    assert len(MADE) >= 200
    assert len(HAND) >= 60
    assert len(MADE) >= 5 * len(TEMPLATES)


def test_everything_in_police_english_is_found(made):
    left = [(kind, said) for kind, said, found in missed(MADE, made, certain=False) if not found]
    assert left == []


def test_everything_written_by_hand_is_found_but_what_nobody_could(hand):
    left = [
        (kind, said)
        for kind, said, found in missed(HAND, hand, certain=False)
        if not found and kind not in UNSEEN
    ]
    assert left == []


def test_what_is_listed_or_has_a_shape_is_certain_in_police_english(made):
    """Nobody need tick these: they are hidden unless a reason is given."""
    asked = Counter(
        (kind, said)
        for kind, said, found in missed(MADE, made, certain=True)
        if not found and kind not in ("other", "age")
    )
    print(*asked.items(), sep="\n")
    total = sum(kind not in ("other", "age") for kind, _, _ in missed(MADE, made, certain=True))
    assert sum(asked.values()) / total < 0.05


@pytest.mark.parametrize(("name", "texts"), [("made by a rule", MADE), ("by hand", HAND)])
def test_the_figures(name, texts, capsys):
    """What leaks where a reviewer ticks every span that is not certain `may stay`, without looking."""
    proposal = proposals(texts)
    with capsys.disabled():
        print(f"\n{len(texts)} sentences {name}:")
        for certain, told in (
            (False, "found at all"),
            (True, "certain (all else ticked `may stay`)"),
        ):
            kinds = Counter(kind for kind, _, _ in missed(texts, proposal, certain=certain))
            found = Counter(
                kind for kind, _, good in missed(texts, proposal, certain=certain) if good
            )
            taken, words = over(texts, proposal, certain=certain)
            shares = ", ".join(f"{kind} {found[kind]}/{kinds[kind]}" for kind in sorted(kinds))
            print(
                f"  {told}: {found.total()} of {kinds.total()} = {found.total() / kinds.total():.0%} ({shares})"
            )
            print(f"    other words hidden: {taken} of {words} = {taken / words:.1%}")
        if texts is HAND:
            leaks = [said for _, said, good in missed(texts, proposal, certain=True) if not good]
            print(f"  leaked by such a reviewer: {'; '.join(leaks)}")
    found = [good for kind, _, good in missed(texts, proposal, certain=False) if kind not in UNSEEN]
    assert all(found)
    taken, words = over(texts, proposal, certain=False)
    assert taken / words < 0.1
