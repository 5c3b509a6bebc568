"""What the policies held do not speak of is refused, and never answered by rules that do not ask."""

import pytest

from amends.policy.facts import FactError
from amends.policy.outside import check_inside, outside
from support.policies import facts


@pytest.mark.parametrize(
    ("given", "fact"),
    [
        ({"offender__age": 9}, "offender.age"),
        ({"offender__age": 0}, "offender.age"),
        ({"case__jurisdiction": "scotland"}, "case.jurisdiction"),
        ({"case__jurisdiction": "northern_ireland", "offender__age": 5}, "case.jurisdiction"),
    ],
)
def test_a_case_outside_is_refused_by_the_fact_that_puts_it_there(given, fact):
    case = facts(**given)
    assert (outside(case) or ("",))[0] == fact
    with pytest.raises(FactError) as caught:
        check_inside(case, "x.json")
    assert caught.value.place == f"x.json: {fact}"


@pytest.mark.parametrize(
    "given", [{}, {"offender__age": 10}, {"case__jurisdiction": "england_and_wales"}]
)
def test_a_case_inside_or_of_which_it_is_not_known_is_taken(given):
    assert outside(facts(**given)) is None
    check_inside(facts(**given), "x.json")
