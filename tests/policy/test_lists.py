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


def test_no_more_lists_are_tried_than_may_be():
    # Each set of the ages named is a kind of list, to which each age or another may be added.
    assert 2**10 * 11 < lists.MOST_TRIES < 2**11 * 12
    assert len(possible(*kinds(10))) == 2**10
    assert possible(*kinds(11)) is None


@pytest.mark.parametrize(("most", "answered"), [(7, True), (6, False)])
def test_each_list_tried_is_counted(monkeypatch, most, answered):
    """The empty one; each of two records alone; each of two added to either."""
    monkeypatch.setattr(lists, "MOST_TRIES", most)
    assert (possible(ASKED) is not None) is answered


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


def test_the_length_of_a_list_is_a_test_of_it():
    for length in (0, 1):
        assert (lists.has_length("victims", length),) == nodes(f"count(victims) = {length}")
    assert lists.list_of(lists.has_length("victims", 0)) == "victims"


@pytest.mark.parametrize(
    ("text", "countable"),
    [
        (ASKED, True),
        ("count(victims) > 3", True),
        ("3 < count(victims)", True),
        ("count(victims) in (1, 2.5, 3, 17)", True),
        ("count(victims) > 999", True),
        ("count(victims) > 1000", False),
        ("count(victims) * 2 > 5", False),
        ("count(victims) + 2 = 8", False),
        ("(if count(victims) > 1 then 1 else 2) > 1", False),
    ],
)
def test_a_length_is_found_by_trying_where_it_is_only_compared(text, countable):
    (node,) = nodes(text)
    assert lists.is_countable(node) is countable


@pytest.mark.parametrize(
    "texts",
    [
        (ASKED, "count(victims) in (2, 4)"),
        (ASKED, ALL_ASKED, "count(victims) > 2.5", "count(victims) < 3.5"),
    ],
)
def test_every_length_named_is_tried(texts):
    assert possible(*texts) == tried(*texts)


PERSON, PUBLIC = (f'some v in victims satisfies v.kind = "{k}"' for k in ("person", "public_body"))


@pytest.mark.parametrize(
    ("texts", "lengths"),
    [
        ((ASKED,), []),  # any list, and any one victim, may answer yes or no
        ((ASKED, 'some v in victims satisfies v.kind = "person"'), []),
        ((ASKED, ALL_ASKED), [0, 1]),  # yes to every and no to some: only of an empty list
        ((PERSON, PUBLIC), [1]),  # no one victim is both
        (("some v in victims satisfies (v.contact_made or not(v.contact_made))",), [0, 1]),
        (("every v in victims satisfies (v.contact_made and not(v.contact_made))",), [0, 1]),
        (("count(victims) > 1", "count(victims) < 5"), []),
        ((*kinds(10), *kinds(12)), []),  # too many to be worked out
        (("some v in victims satisfies v.age < 18",), []),
        (("some v in victims satisfies v.age < 18", PERSON), []),
    ],
)
def test_a_length_is_asked_where_it_tells_more_of_what_is_not_known(texts, lengths):
    found = lists.telling(
        "victims", nodes(*dict.fromkeys(texts)), inputs.tests_in, inputs.values_of
    )
    assert list(found) == [lists.has_length("victims", n) for n in lengths]
