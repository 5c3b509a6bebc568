"""Faults planted in the ledger: counting through every population finds what each lets out."""

from dataclasses import replace
from itertools import product

import pytest

from amends.disclosure import considering
from amends.disclosure.considering import consider
from amends.disclosure.protecting_history import Found
from amends.disclosure.releases import Ledger
from support.releasing import alone, answer, axis, small

THRESHOLD = 3
MOST = 25
"""The greatest count of a leaf that the populations counted through have."""
SUBTRACTION = ((2, 3, 4), ["a0+a1+a2"], ["a1+a2"])
"""The counts of a0, a1 and a2, and two answers: 9 less 7 gives the 2 of a0."""
NARROWING = ((2, 0, 20), ["a0+a2"], ["a1+a2"])
"""Of 22 and 20 no subtraction gives a0, but it counts at least 2: a1 is not below 0."""


def answered(counts, *asked):
    """What leaves of the answers *asked* one after the other: the leaves of each number, and it."""
    snapshot = small({(at, 0): count for at, count in enumerate(counts) if count}, len(counts), 1)
    ledger, told = alone(snapshot), []
    for number, categories in enumerate(asked):
        release = answer(snapshot, axis("a", *categories), id=str(number), threshold=THRESHOLD)
        left = consider(ledger, release).release
        ledger = replace(ledger, releases={**ledger.releases, left.id: left})
        for name, value in zip(categories, left.tables[0].values, strict=True):
            if value is not None:
                told.append(([int(one[1:]) for one in name.split("+")], value))
    return told


def open_counts(told):
    """What a0 may count, for all that somebody knows who was *told* the numbers."""
    return {
        one[0]
        for one in product(range(MOST + 1), repeat=3)
        if all(sum(one[at] for at in leaves) == value for leaves, value in told)
    }


def is_safe(told):
    found = open_counts(told)
    return min(found) <= 1 and max(found) >= THRESHOLD


def without_history(patch):
    patch.setattr(Ledger, "released", lambda self, snapshot: [])


def without_narrowing(patch):
    patch.setattr(considering, "gate", lambda *_: Found({}, (), (), 0))


def without_gates(patch):
    without_narrowing(patch)
    patch.setattr(considering._Judgement, "_exactly", lambda *_: False)


@pytest.mark.parametrize("asked", [SUBTRACTION, NARROWING])
def test_the_ledger_as_it_is_lets_nothing_out(asked):
    told = answered(*asked)
    assert told
    assert is_safe(told)


@pytest.mark.parametrize(
    ("fault", "asked"),
    [
        (without_history, SUBTRACTION),
        (without_history, NARROWING),
        (without_narrowing, NARROWING),
        (without_gates, SUBTRACTION),
    ],
)
def test_a_planted_fault_lets_a_small_count_out_and_is_seen(fault, asked, monkeypatch):
    fault(monkeypatch)
    assert not is_safe(answered(*asked))


def test_the_first_gate_alone_stops_a_subtraction(monkeypatch):
    without_narrowing(monkeypatch)
    assert is_safe(answered(*SUBTRACTION))


def test_the_second_gate_alone_stops_a_subtraction(monkeypatch):
    monkeypatch.setattr(considering._Judgement, "_exactly", lambda *_: False)
    assert is_safe(answered(*SUBTRACTION))
