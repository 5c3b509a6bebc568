"""Which small counts are targets: against every box there is, on small grids."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.disclosure import targets as module
from amends.disclosure.errors import DisclosureError
from amends.disclosure.refining import Cell, Space, coarsest
from amends.disclosure.snapshots import Dimension, Snapshot
from amends.disclosure.targets import in_order, targets, words
from support.releasing import small

DAYS = tuple(f"2024-01-{day:02}" for day in range(1, 7))
KINDS = ("x", "y", "z")
LEAVES = list(product(range(6), range(3)))
counted = st.dictionaries(st.sampled_from(LEAVES), st.integers(1, 3), min_size=1, max_size=9)
days = st.tuples(st.integers(0, 5), st.integers(1, 6)).filter(lambda pair: pair[0] < pair[1])
asked = st.lists(st.tuples(days, st.integers(1, 7)), min_size=1, max_size=4)


def force(counts):
    return Snapshot("one", "cases", (Dimension("day", DAYS), Dimension("kind", KINDS)), counts)


def run(first, last):
    return (1 << last) - (1 << first)


def found(snapshot, cells, threshold=3, hidden=None):
    grid = coarsest(Space([snapshot])).refined(cells)
    return grid, targets(grid, cells, hidden or {}, threshold)


def is_small(snapshot, box, threshold=3):
    """Whether a box counts less than may be known: one more than *threshold* where somebody is alone in a part."""
    inside = leaves_of(snapshot, box)
    return 0 < sum(inside) < threshold + (1 in inside and sum(inside) > 1)


def leaves_of(snapshot, box):
    return [
        n
        for leaf, n in snapshot.counts.items()
        if all(mask >> at & 1 for mask, at in zip(box, leaf, strict=True))
    ]


def count(snapshot, box):
    return sum(
        n
        for leaf, n in snapshot.counts.items()
        if all(mask >> at & 1 for mask, at in zip(box, leaf, strict=True))
    )


@settings(deadline=None)
@given(counted, asked)
def test_the_targets_are_runs_between_cuts_by_sets_of_kinds_that_were_asked(counts, wanted):
    snapshot = force(counts)
    cells = [Cell(0, (run(*ends), kinds)) for ends, kinds in wanted]
    _, got = found(snapshot, cells)
    cuts = sorted({end for ends, _ in wanted for end in ends})
    covered = 0
    for ends, _ in wanted:
        covered |= run(*ends)
    runs = [
        run(first, last)
        for first in cuts
        for last in cuts
        if first < last and not run(first, last) & ~covered
    ]
    masks = {kinds for _, kinds in wanted} | {7}
    parts = {}
    for kind in range(3):
        parts.setdefault(tuple(mask >> kind & 1 for mask in sorted(masks)), 0)
        parts[tuple(mask >> kind & 1 for mask in sorted(masks))] |= 1 << kind
    masks |= set(parts.values())
    expected = {
        (days, kinds): n
        for days in runs
        for kinds in masks
        if is_small(snapshot, (days, kinds)) and (n := count(snapshot, (days, kinds)))
    }
    assert {one.cell.box: one.count for one in got} == expected
    assert not any(one.hidden for one in got)
    assert {(one.threshold, one.against) for one in got} <= {(3, 3)}


MONTHS = ("2024-01", "2024-02", "2024-03", "2024-04")
NAMES = ("p", "q", "r", "s")
masks_of_four = st.lists(st.tuples(st.integers(1, 15), st.integers(1, 15)), min_size=1, max_size=4)
of_sixteen = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(1, 3), min_size=1, max_size=9
)


def nodes_of(codes, masks):
    """The sets of four codes that *masks* generate, in the plainest way."""
    if codes is MONTHS:
        covered = [any(mask >> at & 1 for mask in masks) for at in range(4)]
        cuts = {0, 4}
        for mask in masks:
            cuts |= {at for at in range(1, 4) if (mask >> at & 1) != (mask >> (at - 1) & 1)}
        return {
            run(first, last)
            for first in cuts
            for last in cuts
            if first < last and all(covered[first:last])
        }
    parts = {}
    for at in range(4):
        signature = tuple(mask >> at & 1 for mask in masks)
        parts[signature] = parts.get(signature, 0) | 1 << at
    return {*masks, *parts.values(), 15}


@settings(deadline=None)
@given(
    of_sixteen, masks_of_four, st.sampled_from([MONTHS, NAMES]), st.sampled_from([MONTHS, NAMES])
)
def test_runs_and_sets_are_targets_in_every_dimension(counts, wanted, first, second):
    snapshot = Snapshot("one", "cases", (Dimension("a", first), Dimension("b", second)), counts)
    _, got = found(snapshot, [Cell(0, box) for box in wanted])
    expected = {
        box: n
        for box in product(
            nodes_of(first, [one for one, _ in wanted]),
            nodes_of(second, [one for _, one in wanted]),
        )
        if is_small(snapshot, box) and (n := count(snapshot, box))
    }
    assert {one.cell.box: one.count for one in got} == expected


def test_one_person_whose_cell_was_withheld_is_a_target_as_such():
    snapshot = force({(0, 0): 1, (1, 0): 9})
    cell = Cell(0, (run(0, 1), 7))
    (one,) = [one for one in found(snapshot, [cell], 3, {cell: 10})[1] if one.cell == cell]
    assert (one.count, one.threshold, one.against, one.hidden) == (1, 10, 10, True)


def test_a_withheld_count_in_which_somebody_is_alone_must_be_able_to_be_one_more():
    for counts, threshold in (({(0, 0): 1, (1, 0): 3}, 11), ({(0, 0): 2, (1, 0): 2}, 10)):
        snapshot, cell = force(counts), Cell(0, (run(0, 2), 7))
        (one,) = [each for each in found(snapshot, [cell], 3, {cell: 10})[1] if each.cell == cell]
        assert (one.count, one.threshold, one.against) == (4, threshold, 10)


def test_as_many_differences_as_may_be_are_judged(monkeypatch):
    cells = [Cell(0, (run(at, at + 1), 7)) for at in range(3)]
    snapshot = force({(at, 0): 1 for at in range(3)})
    monkeypatch.setattr(module, "MOST_TARGETS", len(found(snapshot, cells)[1]))
    assert found(snapshot, cells)[1]


@settings(deadline=None)
@given(counted, asked)
def test_a_target_is_the_sum_of_what_is_inside_and_less_than_with_what_it_cuts(counts, wanted):
    snapshot = force(counts)
    grid, got = found(snapshot, [Cell(0, (run(*ends), kinds)) for ends, kinds in wanted])
    totals = (*grid.counts(), 10**6)
    for one in got:
        inside = sum(totals[each] for each in one.inside)
        assert inside <= one.count <= inside + sum(totals[each] for each in one.cut)
        if not one.cut:
            assert inside == one.count


def test_a_withheld_cell_is_a_target_at_its_own_threshold_and_stands_first():
    snapshot = force({(0, 0): 4, (1, 0): 9, (2, 0): 2})
    first, second = Cell(0, (run(0, 1), 7)), Cell(0, (run(2, 3), 7))
    _, got = found(snapshot, [first, second], threshold=3, hidden={first: 10, second: 2})
    assert [(one.cell, one.threshold, one.hidden) for one in got] == [
        (first, 10, True), (second, 3, False),
    ]  # fmt: skip


def test_a_set_of_codes_that_is_no_run_is_a_target_where_it_was_withheld():
    snapshot = force({(0, 0): 1, (2, 0): 1, (1, 0): 9})
    odd = Cell(0, (0b101, 7))
    _, got = found(snapshot, [odd], threshold=5, hidden={odd: 5})
    assert got[0].cell == odd
    assert got[0].count == 2


def test_no_zero_and_no_count_from_the_threshold_is_a_target():
    snapshot = force({(0, 0): 5, (1, 0): 4})
    cells = [Cell(0, (run(at, at + 1), 7)) for at in range(3)]
    _, got = found(snapshot, cells, threshold=5, hidden=dict.fromkeys(cells, 5))
    assert [one.count for one in got if one.hidden] == [4]
    assert all(0 < one.count < 5 for one in got)


def test_at_threshold_one_there_is_no_target():
    snapshot = force({(0, 0): 1, (1, 0): 4})
    assert found(snapshot, [Cell(0, (run(0, 1), 7))], threshold=1)[1] == []


@pytest.mark.parametrize(
    ("codes", "yes"),
    [
        (DAYS, True), (("2024", "2025"), True), (("2024-01", "2024-02"), True),
        (("9", "10", "11"), True), (("10", "9"), False), (("2025", "2024"), False),
        (("0-17", "18+"), False), (("2024", "2024-01"), False), (("x",), False),
        (("0", "2024-01"), False), (("2024-01", "9"), False), (("1", "10"), True),
    ],
)  # fmt: skip
def test_dates_and_numbers_are_in_order_and_names_are_not(codes, yes):
    assert in_order(Dimension("any", codes)) is yes


def test_too_many_differences_are_refused(monkeypatch):
    monkeypatch.setattr(module, "MOST_TARGETS", 3)
    cells = [Cell(0, (run(at, at + 1), 7)) for at in range(6)]
    with pytest.raises(DisclosureError, match="more than 3 differences"):
        found(force({(at, 0): 1 for at in range(6)}), cells)


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ((run(0, 6), 7), "everybody"),
        ((run(1, 5), 7), "day 2024-01-02 to 2024-01-05"),
        ((run(1, 3), 5), "day 2024-01-02, 2024-01-03, kind x, z"),
        ((run(1, 4), 7), "day 2024-01-02 to 2024-01-04"),
        ((0b010101, 1), "day 2024-01-01, 2024-01-03, 2024-01-05, kind x"),
        ((0b110101, 7), "day 2024-01-01, 2024-01-03, 2024-01-05, 2024-01-06"),
    ],
)
def test_a_count_is_said_in_words(box, said):
    assert words(Space([force({})]), Cell(0, box)) == said


def test_many_codes_are_said_in_short():
    snapshot = small({}, 9)
    assert words(Space([snapshot]), Cell(0, (0b111110,))) == "a a1, a2, a3 and 2 more"
