"""Witnesses mended in pairs: every one keeps what was published, and none that would do is passed over."""

from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.disclosure.attacking_history import Move
from amends.disclosure.protecting_mending import Broken

SIZE = 5
counted = st.lists(st.integers(0, 4), min_size=SIZE, max_size=SIZE)
rows = st.lists(st.sets(st.integers(0, SIZE - 1), min_size=1), min_size=1, max_size=2)
vectors = st.lists(
    st.lists(st.integers(-2, 2), min_size=SIZE, max_size=SIZE), min_size=2, max_size=8
)


def move(vector):
    used = np.flatnonzero(vector)
    return Move(used, np.array(vector, np.int64)[used])


def whole(one):
    vector = np.zeros(SIZE, np.int64)
    vector[one.variables] = one.changes
    return vector


def matrix(lists):
    return np.array([[each in one for each in range(SIZE)] for one in lists], np.int64)


@settings(deadline=None)
@given(counted, rows, rows, vectors, st.integers(-3, 0), st.integers(1, 3))
def test_a_mended_move_is_a_witness_and_a_pair_that_would_do_is_found(
    counts, published, targets, vectors, low, high
):
    values, sums = matrix(published), matrix(targets)
    broken = Broken(np.array(counts))
    for one in vectors:
        broken.add(move(one), values @ one, np.stack([sums @ one, sums @ one]))
    wanted = np.array([[low] * len(targets), [high] * len(targets)])
    covered = np.zeros((2, len(targets)), bool)
    for found in broken.mended(wanted, covered):
        change = whole(found)
        assert not (values @ change).any()
        assert (counts + change >= 0).all()
        reached = np.stack([sums @ change <= low, sums @ change >= high])
        assert (reached & ~covered).any()
        covered |= reached
    for one, other in permutations(np.array(vectors), 2):
        change = one - other
        if not (values @ change).any() and (counts + change >= 0).all():
            reached = np.stack([sums @ change <= low, sums @ change >= high])
            assert not (reached & ~covered).any()


def test_two_that_are_broken_by_opposite_amounts_are_added_up():
    broken = Broken(np.array([3, 3, 3]))
    for vector in ([1, -1, 0], [1, 0, 1]):  # the last is published, and does not change by one
        broken.add(move(vector), np.array([sum(vector[1:])]), np.full((2, 1), vector[0]))
    found = list(broken.mended(np.array([[-9], [2]]), np.zeros((2, 1), bool)))
    assert [whole(one)[:3].tolist() for one in found] == [[2, -1, 1]]
