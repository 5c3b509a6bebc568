"""The pure rules: what is missing before a meeting, when one that was set falls, and the four standards."""

import dataclasses
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.restorative.processes import (
    STAGES,
    STANDARDS,
    Party,
    absent,
    all_of,
    any_of,
    missing,
    standards,
    stands,
)
from amends.restorative.reading import shipped

KINDS = {kind.id: kind for kind in shipped()}
VOC = KINDS["vo_conference"]
FIT = {1: True, 2: True}
BOTH = [
    Party(1, "person_responsible", "Invented A", willing=True, risk=FIT, child=False, joined=3),
    Party(2, "victim", "Invented B", willing=True, risk=FIT, joined=4),
]
three = st.sampled_from([None, True, False])


def codes(parties, leaders=1, kind=VOC):
    return [one.code for one in missing(kind, parties, leaders)]


def but(number, **changes):
    return [dataclasses.replace(p, **changes) if p.number == number else p for p in BOTH]


def test_nothing_is_missing_where_all_are_prepared_and_it_is_fit():
    assert codes(BOTH) == []


@pytest.mark.parametrize(
    ("parties", "leaders", "wanted"),
    [
        (BOTH[:1], 1, ["RJ-PEOPLE"]), ([], 0, ["RJ-PEOPLE", "RJ-PEOPLE", "RJ-LEADERS"]),
        (BOTH, 0, ["RJ-LEADERS"]), (but(2, willing=None), 1, ["RJ-PREPARE"]),
        (but(2, willing=False), 1, ["RJ-UNWILLING"]), (but(1, risk={}), 1, ["RJ-RISK", "RJ-RISK"]),
        (but(1, risk={1: True, 2: None}), 1, ["RJ-RISK"]), (but(1, risk={1: False, 2: True}), 1, ["RJ-UNFIT"]),
        (but(1, child=True), 1, ["RJ-ADULT"]), (but(1, child=None), 1, []),
        ([*but(1, child=True), Party(3, "appropriate_adult", "Invented C", willing=True, risk=FIT)], 1, []),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_by_its_code_in_the_order_of_the_steps(parties, leaders, wanted):
    found = missing(VOC, parties, leaders)
    assert [one.code for one in found] == wanted
    assert all(one.sentence[0].isupper() and one.sentence[-1] == "." for one in found)
    where = [VOC.steps.index(one.step) for one in found]
    assert where == sorted(where)


@given(
    st.lists(st.tuples(three, three, three), min_size=2, max_size=5), st.integers(0, 3),
    st.sampled_from(sorted(KINDS)),
)  # fmt: skip
def test_nothing_is_missing_only_where_everybody_is_willing_and_fit_at_both_stages(
    signed, leaders, name
):
    kind = KINDS[name]
    roles = list(kind.roles)
    parties = [
        Party(n, roles[n % len(roles)], "Invented", willing=w, risk={1: one, 2: two})
        for n, (w, one, two) in enumerate(signed)
    ]
    whole = not missing(kind, parties, leaders)
    if whole:
        assert all(p.willing is True and p.risk == FIT for p in parties)
        assert leaders >= kind.facilitators.least
        there = [p.role for p in parties]
        assert all(there.count(role.id) >= role.least for role in kind.roles.values())
    safe = [p for p in parties if p.willing is True and p.risk == FIT]
    named = {one.party for one in missing(kind, parties, leaders)} - {None}
    assert named == {p.number for p in parties} - {p.number for p in safe}


def test_a_meeting_falls_when_somebody_comes_in_or_a_risk_is_not_fit():
    assert stands(5, BOTH)
    assert not stands(4, BOTH)
    assert not stands(5, but(1, unfit=6))
    assert stands(7, but(1, unfit=6))


def test_too_few_who_came_is_no_meeting():
    assert [one.id for one in absent(VOC, {"person_responsible": 1})] == ["victim"]
    assert absent(VOC, {"person_responsible": 1, "victim": 1}) == []


# --- the four standards -----------------------------------------------------------------------------------

WHOLE = ("what_happened", "impact")


def test_all_four_hold_only_where_each_does():
    for admits, came, right in product([None, True, False], repeat=3):
        for covered in (None, WHOLE, ("impact",), ()):
            found = standards(
                VOC, admits=admits, harmed_came=[came], covered=covered, puts_right=right
            )
            assert tuple(found) == STANDARDS
            structure = None if covered is None else covered == WHOLE
            wanted = (admits, came, structure, right)
            assert tuple(found.values()) == wanted
            met = all_of(found.values())
            assert met is (False if False in wanted else None if None in wanted else True)


def test_one_of_those_harmed_is_enough_and_none_recorded_is_not_known():
    assert any_of([False, True, None]) is True
    assert any_of([False, False]) is False
    assert any_of([False, None]) is None
    assert any_of([]) is None
    assert STAGES == (1, 2)
