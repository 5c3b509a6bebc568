"""Shorter sums say what the equations say: no more, and no less."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from amends.disclosure.attacking_history import Equation
from amends.disclosure.shortening import Row, shortened

SIZE = 4
sets = st.sets(st.integers(0, SIZE - 1))
equations = st.lists(st.tuples(sets, st.integers(0, 2)), max_size=6)


def made(asked):
    """Equations that no change breaks, each wide of the truth by so much."""
    return [Equation(tuple(sorted(one)), -wide, wide) for one, wide in asked]


def total(change, variables):
    return sum(change[each] for each in variables)


@settings(deadline=None)
@given(equations, st.integers(0, 6))
def test_the_same_changes_keep_to_the_rows_as_to_the_equations(asked, firm):
    given_ = made(asked)
    firm = min(firm, len(given_))
    rows = shortened(given_, firm)
    for change in product((-1, 0, 1), repeat=SIZE):
        by_equations = all(one.least <= total(change, one.variables) <= one.most for one in given_)
        by_rows = all(
            given_[row.made_of[0]].least
            <= total(change, row.variables)
            <= given_[row.made_of[0]].most
            for row in rows
        )
        assert by_equations == by_rows


@settings(deadline=None)
@given(equations, st.integers(0, 6))
def test_a_row_is_its_equation_less_exact_ones_that_are_never_let_go_of(asked, firm):
    given_ = made(asked)
    firm = min(firm, len(given_))
    rows = shortened(given_, firm)
    assert [row.made_of[0] for row in rows][-(len(given_) - firm) or len(rows) :] == list(
        range(firm, len(given_))
    )
    for row in rows:
        first, *others = row.made_of
        left = set(given_[first].variables)
        for each in others:
            assert each < firm
            assert given_[each].least == given_[each].most
            assert set(given_[each].variables) <= left
            left -= set(given_[each].variables)
        assert tuple(sorted(left)) == row.variables


def test_a_total_is_what_its_published_parts_leave():
    found = shortened(
        [Equation((0, 1), 5, 5), Equation((2,), 1, 1), Equation((0, 1, 2, 3), 9, 9)], 3
    )
    assert found == [Row((0, 1), (0,)), Row((2,), (1,)), Row((3,), (2, 0, 1))]


def test_what_others_give_already_is_left_out():
    given_ = [Equation((0,), 5, 5), Equation((1,), 1, 1), Equation((0, 1), 6, 6)]
    assert [row.made_of[0] for row in shortened(given_, 3)] == [0, 1]
    assert [row.made_of[0] for row in shortened(given_, 2)] == [0, 1, 2]
