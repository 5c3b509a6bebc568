"""Facts that together point to somebody are told, smallest sets first, with what would help."""

from collections import Counter
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.disclosure.errors import DisclosureError
from amends.disclosure.redaction.rare import (
    WIDENINGS,
    Rare,
    age_band,
    by_table,
    month_of,
    rare_combinations,
)

FIELDS = ("age", "place", "offence")


def people(*rows: tuple[object, object, object, int]):
    return {row[:3]: row[3] for row in rows}


def test_one_value_that_is_rare_is_told_alone():
    found = rare_combinations(
        {"age": 91, "place": "A", "offence": "theft"},
        people((91, "A", "theft", 4), (30, "A", "theft", 50)),
        FIELDS,
    )
    assert found == (Rare(("age",), 4),)


def test_values_that_are_rare_together_are_told_together_and_no_larger_set():
    found = rare_combinations(
        {"age": 30, "place": "A", "offence": "theft"},
        people((30, "A", "theft", 2), (30, "B", "theft", 50), (40, "A", "theft", 50)),
        FIELDS,
    )
    assert [one.fields for one in found] == [("age", "place")]
    assert found[0].people == 2


def test_the_field_to_widen_is_the_one_that_is_enough_and_loses_least():
    population = people(
        (30, "A", "theft", 2), (31, "A", "theft", 3), (30, "B", "theft", 20), (50, "C", "theft", 9)
    )
    facts = {"age": 30, "place": "A", "offence": "theft"}
    widenings = {**WIDENINGS, "place": by_table({"A": "North", "B": "North"})}
    (found,) = rare_combinations(facts, population, FIELDS, widenings=widenings)
    assert found == Rare(("age", "place"), 2, "age", "25 to 34", 5)
    (found,) = rare_combinations(
        facts, population, FIELDS, threshold=4, widenings={"place": widenings["place"]}
    )
    assert found == Rare(("age", "place"), 2, "place", "North", 22)
    (found, *_) = rare_combinations(facts, population, FIELDS, threshold=6)
    assert (found.fields, found.widen, found.to, found.count) == (("place",), "", None, 0)


def test_a_set_is_told_though_an_earlier_one_was_left_out():
    population = people((30, "A", "x", 1), (31, "A", "y", 9), (31, "B", "x", 9))
    facts = {"age": 30, "place": "A", "offence": "x"}
    found = rare_combinations(facts, population, FIELDS)
    assert [one.fields for one in found] == [("age",), ("place", "offence")]


def test_a_count_at_the_threshold_is_not_rare():
    population = people((30, "A", "theft", 5))
    facts = {"age": 30, "place": "A", "offence": "theft"}
    assert rare_combinations(facts, population, FIELDS) == ()
    assert len(rare_combinations(facts, population, FIELDS, threshold=6)) == 3


def test_facts_that_nobody_has_are_rare():
    found = rare_combinations(
        {"age": 1, "place": "A", "offence": "x"}, people((30, "A", "x", 50)), FIELDS
    )
    assert found == (Rare(("age",), 0),)


def test_no_more_fields_are_put_together_than_is_asked():
    population = people((30, "A", "x", 1), (30, "A", "y", 9), (30, "B", "x", 9), (31, "A", "x", 9))
    facts = {"age": 30, "place": "A", "offence": "x"}
    assert [one.fields for one in rare_combinations(facts, population, FIELDS)] == [FIELDS]
    assert rare_combinations(facts, population, FIELDS, at_most=2) == ()


@pytest.mark.parametrize(
    ("age", "band"),
    [(9, "0 to 9"), (10, "10 to 17"), (17, "10 to 17"), (18, "18 to 24"), (25, "25 to 34"),
     (34, "25 to 34"), (35, "35 to 44"),
     (44, "35 to 44"), (45, "45 to 54"), (54, "45 to 54"), (55, "55 to 64"), (64, "55 to 64"),
     (65, "65 and over"), (104, "65 and over"), (None, None), ("unknown", "unknown"), (0, "0 to 9")],
)  # fmt: skip
def test_the_band_of_an_age(age, band):
    assert age_band(age) == band


def test_the_month_of_a_day():
    assert month_of(date(2013, 6, 1)) == "2013-06"
    assert month_of("unknown") == "unknown"
    assert by_table({"A": "North"})("B") == "B"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"facts": {"age": 1}}, "the facts: it does not say 'place'"),
        ({"population": [{"age": 1}]}, "the population, record 1: it does not say 'place'"),
        ({"population": {(1, 2): 3}}, r"\(1, 2\) of 3 people is not 3 values"),
        ({"population": {(1, 2, 3): -1}}, "of -1 people"),
        ({"threshold": 0}, "it is 0"),
        ({"at_most": 0}, "of 0 fields"),
    ],
)
def test_what_cannot_be_counted_is_refused(wrong, told):
    given_ = {"facts": {"age": 1, "place": "A", "offence": "x"}, "population": [], "fields": FIELDS}
    with pytest.raises(DisclosureError, match=told):
        rare_combinations(**{**given_, **wrong})


RECORD = st.fixed_dictionaries({name: st.integers(0, 3) for name in FIELDS})


@given(RECORD, st.lists(RECORD, max_size=60), st.integers(1, 6))
def test_told_are_exactly_the_smallest_rare_sets(facts, population, threshold):
    found = {
        one.fields: one.people
        for one in rare_combinations(facts, population, FIELDS, threshold=threshold)
    }
    counts = {
        names: sum(all(each[name] == facts[name] for name in names) for each in population)
        for size in (1, 2, 3)
        for names in combinations(FIELDS, size)
    }
    rare = {names for names, count in counts.items() if count < threshold}
    smallest = {names for names in rare if not any(set(other) < set(names) for other in rare)}
    assert found == {names: counts[names] for names in smallest}
    counted = Counter(tuple(each[name] for name in FIELDS) for each in population)
    assert rare_combinations(facts, counted, FIELDS, threshold=threshold) == rare_combinations(
        facts, population, FIELDS, threshold=threshold
    )


def test_of_two_fields_that_are_enough_the_one_that_leaves_fewest_people_is_advised():
    population = people((30, "A", "x", 1), (31, "A", "x", 7), (30, "B", "x", 5))
    ways = {"age": age_band, "place": by_table({"A": "North", "B": "North"})}
    facts = {"age": 30, "place": "A", "offence": "x"}
    (found,) = rare_combinations(facts, population, FIELDS, widenings=ways)
    assert found == Rare(("age", "place"), 1, "place", "North", 6)
    level = people((30, "A", "x", 1), (31, "A", "x", 7), (30, "B", "x", 7))
    (found,) = rare_combinations(facts, level, FIELDS, widenings=ways)
    assert found == Rare(("age", "place"), 1, "age", "25 to 34", 8)


def test_one_person_may_be_the_threshold_and_one_field_the_most():
    population = people((30, "A", "x", 1))
    facts = {"age": 30, "place": "A", "offence": "y"}
    assert rare_combinations(facts, population, FIELDS, threshold=1, at_most=1) == (
        Rare(("offence",), 0),
    )
    assert rare_combinations(facts, people((30, "A", "x", 0)), ("age", "place", "offence"))


@given(RECORD, st.lists(RECORD, max_size=60))
def test_what_is_advised_is_enough(facts, population):
    widenings = {"age": lambda age: age // 2, "place": lambda place: place // 2}
    for one in rare_combinations(facts, population, FIELDS, widenings=widenings):
        if one.widen:
            ways = {one.widen: widenings[one.widen]}
            same = [
                each
                for each in population
                if all(ways.get(n, int)(each[n]) == ways.get(n, int)(facts[n]) for n in one.fields)
            ]
            assert len(same) == one.count >= 5
            assert one.to == widenings[one.widen](facts[one.widen])
