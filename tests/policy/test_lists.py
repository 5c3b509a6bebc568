"""Which answers several conditions over one list can give together, against lists tried one by one."""

from itertools import product

import pytest

from amends.feel import compile_text
from amends.feel.truth import pair, truth
from amends.policy import inputs, lists
from amends.policy.facts import catalogue

DECLARED = catalogue().declarations()
ASKED = "some v in victims satisfies v.contact_made"
ALL_ASKED = "every v in victims satisfies v.contact_made"


def nodes(*texts):
    return tuple(compile_text(text, DECLARED, kind="boolean").node for text in texts)


def possible(*texts):
    return lists.possible("victims", nodes(*texts), inputs.tests_in, inputs.values_of)


def tried(*texts, longest=8):
    """The answers that every list of up to *longest* victims gives."""
    conditions = [compile_text(text, DECLARED, kind="boolean") for text in texts]
    records = [{"contact_made": True}, {"contact_made": False}]
    found = set()
    for length in range(longest + 1):
        for victims in product(records, repeat=length):
            facts = {"victims": victims}
            found.add(tuple(truth(pair(one.value(facts))) for one in conditions))
    return found


@pytest.mark.parametrize(
    "texts",
    [
        (ASKED, ALL_ASKED),
        (ASKED, "count(victims) = 0"),
        (ASKED, "count(victims) = 1", "count(victims) = 2"),
        (ALL_ASKED, "count(victims) > 3", "count(victims) <= 2"),
        (ASKED, ALL_ASKED, "count(victims) >= 1", "count(victims) < 4"),
        (ASKED, "count(victims) != 5", "count(victims) > 6"),
    ],
)
def test_the_answers_are_those_that_some_list_gives(texts):
    assert possible(*texts) == tried(*texts)


def test_an_empty_list_answers_no_to_some_and_yes_to_every():
    assert possible(ASKED, ALL_ASKED) == {
        (False, True),
        (False, False),
        (True, True),
        (True, False),
    }


def kinds(count):
    """A condition that tells *count* kinds of victim apart by age, all others being one more."""
    return [f"some v in victims satisfies v.age = {age}" for age in range(count)]


def test_as_many_kinds_as_are_told_apart_are_answered():
    # Each age, any other age or none: one kind more than there are conditions.
    assert possible(*kinds(lists.MOST_KINDS - 1)) is not None
    assert possible(*kinds(lists.MOST_KINDS)) is None


def test_every_set_of_kinds_gives_its_own_answers():
    found = possible(*kinds(3))
    assert found == set(product((True, False), repeat=3))


def test_nothing_is_said_where_the_values_of_a_field_cannot_be_listed():
    found = lists.possible("victims", nodes(ASKED), inputs.tests_in, lambda field, asked: None)
    assert found is None


@pytest.mark.parametrize(("many", "answered"), [(200, True), (201, False)])
def test_no_more_records_are_tried_than_may_be(many, answered):
    both = (
        "some v in victims satisfies v.age > 118",
        'every v in victims satisfies v.kind = "person"',
    )

    def listed(field, asked):
        return range(many) if field.name == "age" else ["person"] * (lists.MOST_TRIES // 200)

    found = lists.possible("victims", nodes(*both), inputs.tests_in, listed)
    assert (found is not None) is answered


def test_only_conditions_about_one_list_and_nothing_else_go_together():
    outer = "some v in victims satisfies v.contact_made and flags.hate"
    (alone,), (mixed,), (fact,) = nodes(ASKED), nodes(outer), nodes("flags.hate")
    assert lists.list_of(alone) == "victims"
    assert lists.list_of(mixed) is None
    assert lists.list_of(fact) is None


def test_a_list_is_empty_when_it_has_no_records():
    (node,) = nodes("count(victims) = 0")
    assert lists.is_empty("victims").left == node.left
    assert lists.list_of(lists.is_empty("victims")) == "victims"
