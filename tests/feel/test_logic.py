"""And, or, not and equality of booleans, where each may be true, false, null, or not wholly known."""

from itertools import product

import pytest

from amends.feel import NOT_FALSE, NOT_TRUE, UNKNOWN, UNKNOWN_OR_ABSENT, truth
from amends.feel.values import Unknown

# Each value, as the set of what it may turn out to be.
MAY_BE = {
    True: {True},
    False: {False},
    None: {None},
    UNKNOWN: {True, False},
    UNKNOWN_OR_ABSENT: {True, False, None},
    NOT_TRUE: {False, None},
    NOT_FALSE: {True, None},
}
VALUES = list(MAY_BE)


def and_(one, two):
    """FEEL's `and` on known values: DMN 1.5, table 50."""
    if one is False or two is False:
        return False
    return None if None in (one, two) else True


def or_(one, two):
    if one is True or two is True:
        return True
    return None if None in (one, two) else False


def told(results):
    """Is it true, and is it false: yes, no, or (None) not known?"""
    return tuple(
        True if results == {wanted} else (None if wanted in results else False)
        for wanted in (True, False)
    )


@pytest.mark.parametrize(("one", "two"), list(product(VALUES, VALUES)))
def test_and_says_what_holds_of_every_completion(one, two):
    results = {and_(a, b) for a in MAY_BE[one] for b in MAY_BE[two]}
    assert truth.pair(truth.conjunction([one, two])) == told(results)


@pytest.mark.parametrize(("one", "two"), list(product(VALUES, VALUES)))
def test_or_says_what_holds_of_every_completion(one, two):
    results = {or_(a, b) for a in MAY_BE[one] for b in MAY_BE[two]}
    assert truth.pair(truth.disjunction([one, two])) == told(results)


@pytest.mark.parametrize("value", VALUES)
def test_not_turns_true_and_false_and_leaves_null(value):
    results = {None if one is None else not one for one in MAY_BE[value]}
    assert truth.pair(truth.negated(value)) == told(results)


@pytest.mark.parametrize(("one", "two"), list(product(VALUES, VALUES)))
def test_equality_says_what_holds_of_every_completion(one, two):
    results = {a is b for a in MAY_BE[one] for b in MAY_BE[two]}
    found = truth.same(one, two, left_absent=None in MAY_BE[one], right_absent=None in MAY_BE[two])
    assert truth.pair(found) == told(results)


@pytest.mark.parametrize("value", VALUES)
def test_three_parts_are_joined_as_two_and_one(value):
    for join in (truth.conjunction, truth.disjunction):
        for one, two in product(VALUES, VALUES):
            assert truth.pair(join([one, two, value])) == truth.pair(
                join([join([one, two]), value])
            )


def test_nothing_joined_is_the_neutral_value():
    assert truth.conjunction([]) is True
    assert truth.disjunction([]) is False


@pytest.mark.parametrize("pair", [(True, False), (False, True), (False, False), (None, None)])
def test_a_pair_and_its_value_are_one_thing(pair):
    assert truth.pair(truth.truth(pair)) == pair


@pytest.mark.parametrize(
    ("pair", "value"),
    [((False, None), NOT_TRUE), ((None, False), NOT_FALSE), ((None, None), UNKNOWN)],
)
def test_what_is_not_known_keeps_what_is_known_of_it(pair, value):
    assert truth.truth(pair) is value


@pytest.mark.parametrize("values", list(product((True, False, None), repeat=2)))
def test_kleene_logic(values):
    completions = [{True, False} if one is None else {one} for one in values]
    for join, wanted in ((truth.both, all), (truth.either, any)):
        results = {wanted(pair) for pair in product(*completions)}
        assert join(values) is (results.pop() if len(results) == 1 else None)


def test_kleene_opposite():
    assert [truth.opposite(one) for one in (True, False, None)] == [False, True, None]


@pytest.mark.parametrize("unknown", [one for one in VALUES if isinstance(one, Unknown)])
def test_not_known_refuses_to_be_taken_for_true_or_false(unknown):
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(unknown)
    assert repr(unknown) == unknown.name


def test_each_unknown_says_what_it_is():
    names = [repr(one) for one in (UNKNOWN, UNKNOWN_OR_ABSENT, NOT_TRUE, NOT_FALSE)]
    assert names == ["not known", "not known, perhaps absent", "not true", "not false"]
