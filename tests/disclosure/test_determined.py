"""What can be worked out exactly: against fractions, on equations drawn at random."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.disclosure.determined import PRIMES, Known, Unsure

VARIABLES = 5
sums = st.frozensets(st.integers(0, VARIABLES - 1), min_size=1)
equations = st.lists(sums, max_size=8)


def dense(variables):
    return [Fraction(int(each in variables)) for each in range(VARIABLES)]


def rank(rows):
    """The rank of *rows*, in fractions."""
    left, found = [list(row) for row in rows], 0
    for column in range(VARIABLES):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        found += 1
        left.remove(pivot)
        for row in left:
            times = row[column] / pivot[column]
            row[:] = [one - times * other for one, other in zip(row, pivot, strict=True)]
    return found


def gives(rows, variables):
    rows = [dense(row) for row in rows]
    return rank(rows) == rank([*rows, dense(variables)])


@settings(deadline=None)
@given(equations, sums)
def test_a_sum_is_given_exactly_where_fractions_give_it(rows, wanted):
    known = Known()
    new = [known.add(row, number) for number, row in enumerate(rows)]
    assert known.gives(wanted) == gives(rows, wanted)
    assert len(known) == sum(new) == rank([dense(row) for row in rows])


@settings(deadline=None)
@given(equations, st.lists(sums, max_size=6), sums)
def test_a_number_is_refused_exactly_where_it_would_give_a_target(rows, targets, number):
    known = Known()
    known.watch(dict(enumerate(targets)))
    for tag, row in enumerate(rows):
        known.add(row, tag)
    assert known.completes(number) == [
        at
        for at, target in enumerate(targets)
        if not gives(rows, target) and gives([*rows, number], target)
    ]


@settings(deadline=None)
@given(equations, st.lists(sums, min_size=1, max_size=6), sums)
def test_the_order_of_watching_and_adding_makes_no_difference(rows, targets, number):
    first, last = Known(), Known()
    first.watch(dict(enumerate(targets)))
    for tag, row in enumerate(rows):
        first.add(row, tag)
        last.add(row, tag)
    last.watch(dict(enumerate(targets)))
    assert first.completes(number) == last.completes(number)


@settings(deadline=None)
@given(equations, sums, st.lists(st.integers(0, 9), min_size=VARIABLES, max_size=VARIABLES))
def test_what_is_given_has_the_number_that_it_must_have(rows, wanted, counts):
    known = Known()
    for tag, row in enumerate(rows):
        known.add(row, tag, sum(counts[each] for each in row))
    number = sum(counts[each] for each in wanted)
    assert known.agrees(wanted, number)
    assert known.agrees(wanted, number + 1) == (not known.gives(wanted))
    if known.gives(wanted):
        assert known.says(wanted) == number


@settings(deadline=None)
@given(equations, sums)
def test_the_tags_of_a_sum_are_enough_to_give_it_and_none_can_be_spared(rows, wanted):
    known = Known()
    kept = [(tag, row) for tag, row in enumerate(rows) if known.add(row, tag)]
    if not known.gives(wanted):
        return
    tags = known.tags(wanted)
    assert tags == sorted(tags)
    assert gives([row for tag, row in kept if tag in tags], wanted)
    for spared in tags:
        assert not gives([row for tag, row in kept if tag in tags and tag != spared], wanted)


@settings(deadline=None)
@given(equations, sums, sums)
def test_a_completed_target_is_made_of_the_tags_told_and_the_number(rows, target, number):
    known = Known()
    known.watch({7: target})
    kept = [(tag, row) for tag, row in enumerate(rows) if known.add(row, tag)]
    if known.completes(number) == [7]:
        tags = known.made_of(7, number)
        assert gives([number, *(row for tag, row in kept if tag in tags)], target)
        for spared in tags:
            fewer = [row for tag, row in kept if tag in tags and tag != spared]
            assert not gives([number, *fewer], target)


def test_a_target_may_be_a_multiple_of_the_number_below_zero():
    """x0 + x1 is x1 - x2, and x3 + x2 is x2 - x1, of what is known."""
    known = Known()
    known.watch({7: {0, 1}, 8: {0, 3}, 9: {1, 2}})
    known.add({0, 2}, "first")
    known.add({1, 3}, "second")
    known.add({1, 4}, "third")
    assert known.completes({2, 3}) == [7]
    assert known.made_of(7, {2, 3}) == ["first", "second"]
    assert known.completes({2, 4}) == [7]
    assert known.made_of(7, {2, 4}) == ["first", "third"]
    assert known.completes({2: 3, 3: 3}) == [7]
    assert known.made_of(7, {2: 3, 3: 3}) == ["first", "second"]


def test_a_target_that_another_number_than_one_makes_is_made_of_the_same():
    known = Known()
    known.watch({7: {0, 1, 2}})
    known.add({1: 1, 2: 2}, "a")
    known.add({2: 1, 3: 1}, "b")
    known.add({3: 1, 4: 5}, "c")
    assert known.completes({0: 4, 2: -4}) == [7]
    assert known.made_of(7, {0: 4, 2: -4}) == ["a"]
    assert known.completes({0: 2, 4: -10}) == [7]
    assert known.made_of(7, {0: 2, 4: -10}) == ["a", "b", "c"]


def test_equations_of_one_tag_do_not_cancel_each_other_out():
    known = Known()
    known.add({0, 1}, "a")
    known.add({1}, "a")
    assert known.tags({0}) == ["a"]


def test_coefficients_other_than_one_are_told_apart():
    known = Known()
    known.add({0: 2, 1: 1}, "a", 7)
    known.add({0: 1, 1: 1}, "b", 5)
    assert known.says({0}) == 2
    assert known.says({1: 2}) == 6
    assert known.tags({0: 3, 1: 2}) == ["a", "b"]


def test_a_number_without_an_inverse_is_refused():
    known = Known(primes=(2, 3))
    known.add({0: 1, 1: 1}, "a")
    with pytest.raises(Unsure):
        known.add({0: 1, 1: 3}, "b")
    with pytest.raises(Unsure):
        known.gives({0: 1, 1: 5})  # 4: nothing modulo 2, something modulo 3
    assert len(known) == 1


def test_both_primes_are_primes_below_two_to_the_thirty_first():
    for prime in PRIMES:
        assert prime < 2**31
        assert all(prime % divisor for divisor in range(2, 46_341))
    assert PRIMES[0] != PRIMES[1]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(20, 60))
def test_many_equations_of_intervals_agree_with_plain_elimination(seed, many):
    import random

    pick = random.Random(seed)
    rows = []
    for _ in range(many):
        first, last = sorted(pick.sample(range(25), 2))
        rows.append(range(first, last))
    known = Known()
    for tag, row in enumerate(rows):
        known.add(row, tag)
    # Intervals are edges between their ends: what is given joins two ends of one component.
    joined = list(range(26))

    def root(at):
        while joined[at] != at:
            at = joined[at]
        return at

    for row in rows:
        joined[root(row.start)] = root(row.stop)
    for first in range(25):
        for last in range(first + 1, 26):
            assert known.gives(range(first, last)) == (root(first) == root(last))
