"""No text takes long to read, whoever wrote it to take long."""

import time

import pytest

from amends.disclosure.redaction import identifiers, propose
from amends.disclosure.redaction.folding import fold

ALL = identifiers.identifiers()

SEEDS = (
    "a", "A", "1", "1 ", "a.", "a-", "a1", "1/", "1-", "1.", "1:", "a@", "(0", "0 ", "+4", "http://)", "www.", "a.b@",
    "AB12 ", "12-34-", "the the ", "Aa ", "A A ", "of Aa ", "one-", "alpha,", "12 march ", "twenty-", "first ", "dob 1",
    "ref a/", "reg ", "call on ", "snapchat user ", "passport no ", "imei 1", "flat ", "///a", "aa.bb.", "a at b dot ",
    "1.234, ", "12\u00b0", "1::", "00:", "GB82 WEST ", "PC ", " ", "\n", "'", "J. ", "\u0301", "\u200b", "O'",
)  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hundred_thousand_letters_take_no_longer_than_ten_times_ten_thousand(seed):
    """Each pattern alone: one that went back and forth would take a hundred times as long, or for ever."""

    def seconds(length: int) -> float:
        folded = fold((seed * (length // len(seed) + 1))[:length])
        begun = time.process_time()
        for one in ALL:
            for _ in one.search(folded):
                pass
        return time.process_time() - begun

    short, long = seconds(10_000), seconds(100_000)
    assert long < 30 * short + 0.5


@pytest.mark.parametrize("seed", ["a ", "Aa ", "1 ", "J. ", "O'", "a", "J"])
def test_a_long_text_is_proposed_in_time(seed):
    text = (seed * 30_000)[:30_000]
    begun = time.process_time()
    propose(text, ())
    assert time.process_time() - begun < 20
