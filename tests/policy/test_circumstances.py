"""A case of every kind that some conditions can tell apart, and whether a kind may have been left out."""

import datetime as dt

import pytest

from amends.policy import circumstances
from amends.policy.circumstances import LONGEST_LIST, Circumstances, TooMany
from amends.policy.inputs import OTHER_CODE, raised_node
from support.policies import rule, rules

D = dt.date


def circumstances_of(*whens):
    nodes = [
        raised_node(one) for one in rules(*(rule(f"R{n}", w) for n, w in enumerate(whens))).rules
    ]
    return Circumstances(nodes), nodes


@pytest.mark.parametrize(
    ("whens", "sizes"),
    [
        (["flags.hate", "flags.knife"], [2, 2]),
        (["flags.hate", "flags.hate and flags.knife"], [2, 2]),
        (["offender.age < 18", "offender.age < 10"], [3]),
        (["gravity.score > 3"], [3]),
        (["offence.date < decision.date", 'decision.date > date("2013-01-01")'], [4]),
        (["some v in victims satisfies v.age < 18", "count(victims) > 0"], [4]),
        (
            ["some v in victims satisfies v.age < 18", "every v in victims satisfies v.age < 18"],
            [7],
        ),
        (["true"], []),
    ],
)
def test_every_kind_of_case_has_one(whens, sizes):
    made, nodes = circumstances_of(*whens)
    assert sorted(len(part.kinds) for part in made.parts) == sorted(sizes)
    total = 1
    for size in sizes:
        total *= size
    assert len(list(made.cases(*nodes))) == total


def test_only_what_a_condition_asks_about_varies():
    made, nodes = circumstances_of("flags.hate", "flags.knife")
    assert list(made.cases(nodes[0])) == [{"flags.hate": False}, {"flags.hate": True}]
    assert len(made.of(*nodes)) == 2
    assert list(made.cases()) == [{}]


def test_too_many_cases(monkeypatch):
    made, nodes = circumstances_of("flags.hate", "flags.knife")
    monkeypatch.setattr(circumstances, "MOST_CASES", 4)
    assert len(list(made.cases(*nodes))) == 4
    monkeypatch.setattr(circumstances, "MOST_CASES", 3)
    with pytest.raises(TooMany) as caught:
        list(made.cases(*nodes))
    assert caught.value.count == 4
    assert str(caught.value) == "Not checked exactly: 4 combinations."


@pytest.mark.parametrize(
    ("when", "exact"),
    [
        ("flags.hate", True),
        ("offender.age < 18", True),
        ("abs(offender.age - 3) < 2", True),
        ("gravity.score * 2 > 3", True),
        ('offence.code = "8N"', True),
        ('starts with(offence.code, "8")', False),
        ('lower case(admission.form) = "none"', True),
        ('offence.date + duration("P1M") > date("2013-01-01")', False),
        ('decision.date > date("2013-01-01")', True),
        ("decision.date.year > 2013", False),
        ("decision.date > offence.date", False),
        ("some v in victims satisfies v.age < 18", True),
        ("count(victims) > 3", True),
        ("some v in victims satisfies v.age > offender.age", False),
        (" and ".join(f"(some v in victims satisfies v.age = {n})" for n in range(3)), True),
        (" and ".join(f"(some v in victims satisfies v.age = {n})" for n in range(4)), False),
    ],
)
def test_whether_a_kind_may_have_been_left_out(when, exact):
    made, nodes = circumstances_of(when)
    assert made.exact(*nodes) is exact


def test_what_is_cut_short_is_not_exact(monkeypatch):
    monkeypatch.setattr(circumstances, "MOST_TRIED", 3)
    made, nodes = circumstances_of("flags.hate")
    assert made.exact(*nodes)
    monkeypatch.setattr(circumstances, "MOST_TRIED", 2)
    made, nodes = circumstances_of("flags.hate")
    assert not made.exact(*nodes)


AGE, SCORE, ON, OFFENCE = "offender.age", "gravity.score", "decision.date", "offence.date"


@pytest.mark.parametrize(
    ("when", "kinds"),
    [
        ("flags.hate", [{"flags.hate": False}, {"flags.hate": True}]),
        ("offender.age between 10 and 17", [{AGE: 0}, {AGE: 10}, {AGE: 18}]),
        ("gravity.score > 3", [{SCORE: 1}, {SCORE: 4}, {SCORE: None}]),
        ('offence.code in ("8N", "46")', [{"offence.code": OTHER_CODE}, {"offence.code": "8N"}]),
        ('decision.date > date("2013-06-01")', [{ON: D(2013, 5, 31)}, {ON: D(2013, 6, 2)}]),
        ('decision.date = date("2013-06-01")', [{ON: D(2013, 5, 31)}, {ON: D(2013, 6, 1)}]),
        ("decision.date.year = 2020", [{ON: D(2014, 12, 31)}, {ON: D(2020, 1, 1)}]),
        ("decision.date.year < 2013", [{ON: D(2011, 12, 31)}, {ON: D(2013, 1, 1)}]),
        ("decision.date.month = 2", [{ON: D(2014, 12, 31)}, {ON: D(2015, 2, 1)}]),
        ("decision.date.month = 12", [{ON: D(2014, 12, 31)}, {ON: D(2015, 1, 1)}]),
        ("decision.date.day = 28", [{ON: D(2014, 12, 31)}, {ON: D(2015, 1, 28)}]),
        (
            'decision.date > offence.date + duration("P1M")',
            [
                {ON: D(2015, 5, 14), OFFENCE: D(2015, 5, 14)},
                {ON: D(2015, 6, 15), OFFENCE: D(2015, 5, 14)},
            ],
        ),
        (
            'decision.date - offence.date > duration("P28D")',
            [
                {ON: D(2015, 5, 17), OFFENCE: D(2015, 5, 17)},
                {ON: D(2015, 6, 15), OFFENCE: D(2015, 5, 17)},
            ],
        ),
        (
            "offender.age > gravity.aggravating",
            [{AGE: 0, "gravity.aggravating": 0}, {AGE: 120, "gravity.aggravating": 0}],
        ),
        ("count(victims) > 5", [{"victims": ()}, {"victims": ({},) * 6}]),
        ("count(victims) = 100", [{"victims": ()}, {"victims": ({},) * LONGEST_LIST}]),
        ("count(victims) = 101", [{"victims": ()}]),
        (
            "count(victims) > 1 and (some v in victims satisfies v.age < 18)",
            [
                {"victims": ()},
                {"victims": ({"age": 0},)},
                {"victims": ({"age": None},)},
                {"victims": ({"age": 0}, {"age": 0})},
                {"victims": ({"age": 18}, {"age": 18})},
                {"victims": ({"age": 18}, {"age": None})},
            ],
        ),
        (
            "some v in victims satisfies v.age > offender.age",
            [
                {AGE: 0, "victims": ()},
                {AGE: 0, "victims": ({"age": 1},)},
                {AGE: 0, "victims": ({"age": None},)},
            ],
        ),
    ],
)
def test_the_case_of_each_kind(when, kinds):
    made, _ = circumstances_of(when)
    (part,) = made.parts
    assert list(part.kinds) == kinds


def test_facts_that_are_compared_stand_in_one_part():
    made, nodes = circumstances_of(
        "offender.age < 18",
        "flags.hate",
        "gravity.aggravating > 3",
        "offender.age > gravity.aggravating",
        "gravity.aggravating < 9",
    )
    assert sorted(len(part.tests) for part in made.parts) == [1, 4]
    assert made.of(nodes[0]) == made.of(nodes[2]) == made.of(nodes[3])
    assert made.of(nodes[1]) != made.of(nodes[0])
    values = {tuple(sorted(kind)) for part in made.parts for kind in part.kinds}
    assert values == {("flags.hate",), ("gravity.aggravating", "offender.age")}


def test_numbers_that_are_compared_with_one_another_are_tried_at_their_edges():
    made, nodes = circumstances_of("offender.age > gravity.aggravating", "offender.age > 17")
    ages = {case["offender.age"] for case in circumstances._tries(made.of(*nodes)[0].tests)}
    assert ages == {0, 16, 17, 18, 120}


def test_numbers_are_tried_beside_a_constant_that_is_no_whole_number():
    between = "offender.age > 17.5 and offender.age < 18.5 and offender.age > gravity.aggravating"
    made, nodes = circumstances_of(between)
    assert any(case["offender.age"] == 18 for case in made.cases(*nodes))


def test_days_are_tried_beside_every_constant_and_step():
    made, nodes = circumstances_of(
        'decision.date > offence.date + duration("P1M")',
        'decision.date > offence.date - duration("P10D")',
        'decision.date > date("2013-06-01")',
    )
    days = {case[ON] for case in circumstances._tries(made.of(*nodes)[0].tests)}
    wanted = set()
    for base in (D(2013, 6, 1), D(2015, 6, 15)):
        month = {base.replace(month=base.month + step) for step in (-1, 1)}
        for day in {base, *month, base - dt.timedelta(days=10), base + dt.timedelta(days=10)}:
            wanted |= {day + dt.timedelta(days=step) for step in (-1, 0, 1)}
    assert days == wanted


def test_parts_of_a_date_are_tried_in_every_month():
    made, nodes = circumstances_of("decision.date.day = 2 and decision.date.year = 1901")
    days = {case[ON] for case in circumstances._tries(made.of(*nodes)[0].tests)}
    assert {day.month for day in days} == set(range(1, 13))
    assert {D(1900, 1, 1), D(1901, 1, 1), D(1902, 1, 1)} <= days
    assert {D(2015, 1, 2), D(2015, 12, 28), D(2015, 6, 15)} <= days


@pytest.mark.parametrize(
    ("year", "near"), [(1900, False), (1901, True), (2099, True), (2100, False)]
)
def test_a_number_is_taken_for_a_year_where_it_may_be_one(year, near):
    made, nodes = circumstances_of(f"decision.date.year = {year}")
    days = {case[ON] for case in circumstances._tries(made.of(*nodes)[0].tests)}
    assert (D(year, 1, 1) in days) is near


def test_lists_of_up_to_three_records_are_tried():
    made, nodes = circumstances_of(
        "some v in victims satisfies v.contact_made", "count(victims) > 6"
    )
    lengths = {len(case["victims"]) for case in circumstances._tries(made.of(*nodes)[0].tests)}
    assert lengths == {0, 1, 2, 3, 5, 6, 7}
    mixed = ({"contact_made": False}, {"contact_made": True})
    assert any(case["victims"] == mixed for case in circumstances._tries(made.of(*nodes)[0].tests))
