"""Only this package makes a table safe, and what is worked out from it tells no more than it."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.disclosure.certificates import Certificate
from amends.disclosure.derived import mean, rank, share
from amends.disclosure.errors import DisclosureError
from amends.disclosure.issuing import issue
from amends.disclosure.tables import WARNING, Safe
from support.disclosing import filled, grid, release

ROWS = [[3, 9, 9], [9, 9, 9], [9, 9, 9]]
SQUARE = ((0, 1), (1, -1), (3, -1), (4, 1))


def proved(moves=(SQUARE,)):
    snapshot, table = grid(ROWS)
    out = release(snapshot, filled(snapshot, table, [0, 1, 4, 5]))
    classes = {"row": (0, 1, 2), "column": (0, 1, 2)}
    return snapshot, out, Certificate(snapshot.digest, {out.id: out.digest}, classes, moves)


def test_a_proved_table_is_safe_and_names_its_release():
    snapshot, out, claimed = proved()
    (table,) = issue(snapshot, [out], claimed)
    assert table.release == out.digest
    told = list(table.lines())
    assert told[0] == "Table (cases)"
    assert told[1].split() == ["row", "column", "count"]
    assert told[2].split() == ["r0", "c0", "[c]"]
    assert told[4].split() == ["r0", "c2", "9"]
    assert told[-1] == "  [c]: withheld, so that nobody can be identified."
    assert WARNING not in "\n".join(told)


def test_a_safe_table_carries_nothing_against_which_guesses_could_be_tried():
    snapshot, out, claimed = proved()
    (table,) = issue(snapshot, [out], claimed)
    assert claimed.digest[:8] not in repr(table)
    assert snapshot.digest[:8] not in repr(table)
    assert out.digest in repr(table)


def test_what_is_not_proved_is_not_made_safe():
    snapshot, out, claimed = proved(moves=())
    with pytest.raises(DisclosureError, match="is not proved safe: release old, table 1"):
        issue(snapshot, [out], claimed)


def test_nobody_else_makes_one():
    with pytest.raises(TypeError, match=r"made safe by amends\.disclosure\.issuing"):
        Safe(title="T", unit="cases", columns=("a",), rows=((3,),), release="")
    snapshot, out, claimed = proved()
    with pytest.raises(TypeError):
        replace(issue(snapshot, [out], claimed)[0], rows=(("r0", "c0", 3),), token=None)


def test_an_interval_is_shown_as_one():
    snapshot, out, claimed = proved()
    values = ((1, 9), *out.tables[0].values[1:])
    out = replace(out, tables=(replace(out.tables[0], values=values),))
    claimed = replace(claimed, releases={out.id: out.digest})
    assert issue(snapshot, [out], claimed)[0].rows[0] == ("r0", "c0", "1 to 9")


@pytest.mark.parametrize(
    ("part", "whole", "least", "greatest"),
    [
        (3, 12, Fraction(1, 4), Fraction(1, 4)),
        (None, 12, 0, 1),
        (3, None, 0, 1),
        ((2, 4), 8, Fraction(1, 4), Fraction(1, 2)),
        (2, (4, 8), Fraction(1, 4), Fraction(1, 2)),
        (0, 8, 0, 0),
    ],
)
def test_a_share_is_as_exact_as_its_counts(part, whole, least, greatest):
    assert share(part, whole) == (least, greatest)


def test_a_mean_is_as_exact_as_its_counts():
    assert mean(12, 4) == (3, 3)
    assert mean(None, 4) == (0, None)
    assert mean(12, (3, 6)) == (2, 4)
    assert mean(12, None) == (0, None)


@pytest.mark.parametrize("worked", [share, mean])
def test_there_is_none_of_nothing(worked):
    with pytest.raises(DisclosureError, match="of nothing"):
        worked(0, 0)


@given(st.lists(st.integers(0, 20), min_size=2, max_size=6), st.data())
def test_the_true_share_and_rank_are_inside(counts, data):
    whole = sum(counts)
    hidden = data.draw(st.sets(st.integers(0, len(counts) - 1)))
    values = [None if at in hidden else count for at, count in enumerate(counts)]
    for at, count in enumerate(counts):
        best, worst = rank(values, at)
        assert best <= 1 + sum(other > count for other in counts) <= worst
        if whole:
            least, greatest = share(values[at], whole)
            assert least <= Fraction(count, whole) <= greatest
    if not hidden:
        assert all(rank(values, at)[0] == rank(values, at)[1] for at in range(len(counts)))
