"""The grid of variables: against the plainest refinement there is, a signature for every leaf."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.disclosure import refining
from amends.disclosure.errors import DisclosureError
from amends.disclosure.refining import Cell, Repeat, Space, coarsest, words_of
from amends.disclosure.releases import check_repeat
from support.releasing import answer, axis, small

SIZES = (4, 3)
LEAVES = list(product(*map(range, SIZES)))
boxes = st.tuples(*(st.integers(0, 2**size - 1) for size in SIZES))
counted = st.dictionaries(st.sampled_from(LEAVES), st.integers(1, 9), min_size=1)


def inside(leaf, cell):
    return all(mask >> at & 1 for mask, at in zip(cell.box, leaf, strict=True))


def grid_of(snapshot, cells, at_once=True):
    grid = coarsest(Space([snapshot]))
    for some in [cells] if at_once else [[cell] for cell in cells]:
        grid = grid.refined(some)
    return grid


@settings(deadline=None)
@given(counted, st.lists(boxes, max_size=6), st.booleans())
def test_leaves_are_one_variable_exactly_where_no_cell_tells_them_apart(counts, asked, at_once):
    snapshot = small(counts, *SIZES)
    cells = [Cell(0, box) for box in asked]
    grid = grid_of(snapshot, cells, at_once)
    groups = {}
    for leaf in LEAVES:
        signature = tuple(inside(leaf, cell) for cell in cells)
        if any(signature):
            groups.setdefault(signature, []).append(leaf)
    assert len(grid.sizes) == len(groups)
    totals = grid.counts()
    assert sorted(totals) == sorted(
        sum(counts.get(leaf, 0) for leaf in one) for one in groups.values()
    )
    for cell in cells:
        expected = sum(counts.get(leaf, 0) for leaf in LEAVES if inside(leaf, cell))
        assert sum(totals[each] for each in grid.row(cell)) == expected


@settings(deadline=None)
@given(counted, st.lists(boxes, max_size=4), st.lists(boxes, max_size=4))
def test_a_finer_grid_says_which_variable_each_comes_from(counts, first, second):
    snapshot = small(counts, *SIZES)
    old = grid_of(snapshot, [Cell(0, box) for box in first])
    new = old.refined([Cell(0, box) for box in second])
    before, after = old.counts(), new.counts()
    for variable, total in enumerate(before):
        parts = [each for each, came in enumerate(new.came_from) if came == variable]
        assert parts
        assert sum(after[each] for each in parts) == total
    assert max(new.came_from, default=-1) < len(before)


@settings(deadline=None)
@given(counted, st.lists(boxes, max_size=5), boxes)
def test_a_cell_that_was_not_asked_holds_some_variables_and_cuts_others(counts, asked, box):
    cells, cell = [Cell(0, one) for one in asked], Cell(0, box)
    grid = grid_of(small(counts, *SIZES), cells)
    leaves = {}
    for leaf in LEAVES:
        signature = tuple(inside(leaf, one) for one in cells)
        if any(signature):
            leaves.setdefault(signature, []).append(inside(leaf, cell))
    whole, cut = grid.around(cell)
    assert len(whole) == sum(all(one) for one in leaves.values())
    unasked = any(
        inside(leaf, cell) and not any(inside(leaf, one) for one in cells) for leaf in LEAVES
    )
    cuts = sum(any(one) and not all(one) for one in leaves.values())
    assert len(cut) == cuts + unasked
    assert (grid.outside in cut) == unasked


def test_a_place_that_was_never_asked_of_is_in_no_variable():
    snapshot = small({(0, 0): 3, (3, 2): 4}, *SIZES)
    grid = grid_of(snapshot, [Cell(0, (0b0001, 0b111))])
    assert grid.counts() == (3,)


def test_the_axis_and_the_where_of_one_dimension_must_both_hold():
    snapshot = small({(0, 0): 3, (1, 0): 4}, *SIZES)
    release = answer(snapshot, axis("a", "a0+a1"), where={"a": frozenset({"a1", "a2"})})
    space = Space([snapshot])
    assert list(space.cells("one", release.tables[0])) == [Cell(0, (0b0010, 0b111))]
    assert release.tables[0].values == (4,)


def test_too_fine_a_grid_is_refused(monkeypatch):
    monkeypatch.setattr(refining, "MOST_PLACES", 5)
    cells = [Cell(0, (1 << at, 0b111)) for at in range(3)]
    grid_of(small({(0, 0): 1}, *SIZES), cells)  # 4 parts of a
    with pytest.raises(DisclosureError, match="cut the records into 8 parts"):
        grid_of(small({(0, 0): 1}, *SIZES), [*cells, Cell(0, (0b1111, 0b001))])


def test_as_many_parts_as_may_be_are_judged(monkeypatch):
    monkeypatch.setattr(refining, "MOST_PLACES", 4)
    cells = [Cell(0, (1 << at, 0b111)) for at in range(3)]
    assert len(grid_of(small({(0, 0): 1}, *SIZES), cells).sizes) == 3


@settings(deadline=None)
@given(st.lists(boxes, max_size=6))
def test_parts_stand_in_the_order_of_their_codes(asked):
    grid = grid_of(small({(0, 0): 1}, *SIZES), [Cell(0, box) for box in asked])
    for parts in grid.parts:
        assert list(parts) == sorted(parts, key=lambda part: part & -part)


def test_a_variable_of_what_nobody_asked_before_came_from_none():
    grid = grid_of(small({(0, 0): 1}, *SIZES), [Cell(0, (0b0001, 0b111))])
    assert grid.came_from == (-1,)
    finer = grid.refined([Cell(0, (0b0010, 0b111))])
    assert sorted(finer.came_from) == [-1, 0]


def test_what_a_snapshot_repeats_is_said_in_words():
    assert words_of(Repeat("first", {})) == "everything"
    said = words_of(Repeat("first", {"b": frozenset({"b1", "b0"}), "a": frozenset({"a1"})}))
    assert said == "a a1; b b0, b1"


def test_a_repeat_of_a_snapshot_that_is_not_judged_here_is_passed_over():
    assert Space([EARLIER], {"second": SHARED}).repeats == {}
    assert Space([LATER], {"second": SHARED}).repeats == {}


# --- snapshots that repeat each other -------------------------------------------------------------

EARLIER = small({(0, 0): 3, (1, 0): 4, (2, 1): 5}, 3, 3, id="first")
LATER = small({(0, 0): 3, (1, 0): 4, (2, 1): 6, (3, 0): 7}, 4, 3, id="second")
SHARED = Repeat("first", {"a": frozenset({"a0", "a1"})})


def test_what_a_snapshot_repeats_is_one_variable_in_both():
    space = Space([EARLIER, LATER], {"second": SHARED})
    cells = {
        (snapshot, codes): space.cell(snapshot, *_one(codes))
        for snapshot in ("first", "second")
        for codes in ("a0", "a1", "a2")
    }
    grid = coarsest(space).refined(cells.values())
    rows = {key: grid.row(cell) for key, cell in cells.items()}
    assert rows["first", "a0"] == rows["second", "a0"]
    assert rows["first", "a1"] == rows["second", "a1"]
    assert rows["first", "a2"] != rows["second", "a2"]
    counts = grid.counts()
    assert {key: sum(counts[each] for each in row) for key, row in rows.items()} == {
        ("first", "a0"): 3, ("first", "a1"): 4, ("first", "a2"): 5,
        ("second", "a0"): 3, ("second", "a1"): 4, ("second", "a2"): 6,
    }  # fmt: skip


def test_a_total_of_a_later_snapshot_is_made_of_shared_and_own_variables():
    space = Space([EARLIER, LATER], {"second": SHARED})
    total = Cell(1, space.box("second", {}))
    own = space.cell("first", *_one("a0"))
    grid = coarsest(space).refined([total, own])
    assert sum(grid.counts()[each] for each in grid.row(total)) == 20
    assert set(grid.row(own)) < set(grid.row(total))


def _one(codes):
    side = axis("a", codes)
    return answer(EARLIER, side).tables[0], side.categories


def test_snapshots_of_other_dimensions_cannot_be_judged_together():
    with pytest.raises(DisclosureError, match="has the dimensions a, b, c"):
        Space([EARLIER, small({}, 3, 3, 2, id="third")])


def test_a_repeat_must_be_true(tmp_path):
    from support.releasing import opened

    ledger = opened(tmp_path, EARLIER)
    check_repeat(ledger, LATER, SHARED)
    with pytest.raises(DisclosureError, match=r"counts 6 of a2, b1.*counts 5"):
        check_repeat(ledger, LATER, Repeat("first", {"a": frozenset({"a1", "a2"})}))
    with pytest.raises(DisclosureError, match="no 'a3' in a"):
        check_repeat(ledger, LATER, Repeat("first", {"a": frozenset({"a3"})}))
    with pytest.raises(DisclosureError, match="'zeroth', which is no earlier snapshot"):
        check_repeat(ledger, LATER, Repeat("zeroth", {}))
    with pytest.raises(DisclosureError, match="which is no earlier snapshot"):
        check_repeat(ledger, EARLIER, Repeat("first", {}))
