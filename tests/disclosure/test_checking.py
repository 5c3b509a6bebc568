"""A certificate is believed only where addition shows all that it claims; every fault is told with its place."""

import ast
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.disclosure import checking
from amends.disclosure.certificates import Certificate
from amends.disclosure.checking import check
from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Axis, Category, Table
from amends.disclosure.snapshots import Dimension, Snapshot
from support.disclosing import axis, filled, grid, release

# Three rows and columns with totals: sixteen cells, of which the four in a corner are hidden.
ROWS = [[3, 9, 9], [9, 9, 9], [9, 9, 9]]
CORNER = [0, 1, 4, 5]
SQUARE = ((0, 1), (1, -1), (3, -1), (4, 1))
"""One more in the corner, one less beside and below it, one more across: the totals do not notice."""


def certificate(snapshot, releases, *moves, classes=None) -> Certificate:
    """What says that *moves* prove *releases*."""
    every = {one.name: tuple(range(len(one.codes))) for one in snapshot.dimensions}
    return Certificate(
        snapshot.digest, {one.id: one.digest for one in releases}, classes or every, moves
    )


def faults(rows=ROWS, hidden=CORNER, moves=(SQUARE,), **changes) -> tuple[str, ...]:
    """What is wrong with *moves* as a proof that the *hidden* cells of *rows* are safe."""
    snapshot, table = grid(rows)
    out = release(snapshot, filled(snapshot, table, hidden), **changes)
    return check(snapshot, [out], certificate(snapshot, [out], *moves)).faults


def told(values: dict[int, object], rows=ROWS, hidden=CORNER, moves=(SQUARE,), **changes):
    """The same, where some cells have other *values* than they should."""
    snapshot, table = grid(rows)
    said = list(filled(snapshot, table, hidden).values)
    for cell, value in values.items():
        said[cell] = value
    out = release(snapshot, replace(table, values=tuple(said)), **changes)
    return check(snapshot, [out], certificate(snapshot, [out], *moves)).faults


# ---- what holds ------------------------------------------------------------------------------


def test_one_square_proves_a_corner():
    snapshot, table = grid(ROWS)
    out = release(snapshot, filled(snapshot, table, CORNER))
    verdict = check(snapshot, [out], certificate(snapshot, [out], SQUARE))
    assert verdict.holds
    assert verdict.protected == 1
    assert verdict.faults == ()


def test_where_nothing_is_small_nothing_has_to_be_proved():
    assert faults([[5, 6], [7, 8]], [], ()) == ()


def test_the_sign_and_the_size_of_a_move_do_not_matter():
    assert faults(moves=[tuple((one, -by) for one, by in SQUARE)]) == ()
    assert faults(moves=[tuple((one, 2 * by) for one, by in SQUARE)]) == ()


def test_two_moves_may_each_show_one_end():
    # Three below the corner's neighbours so that a move goes only one way far enough.
    up, down = ((0, 2), (1, -2), (3, -2), (4, 2)), ((0, -2), (1, 2), (3, 2), (4, -2))
    rows = [[3, 3, 9], [9, 3, 9], [9, 9, 9]]
    assert faults(rows, [0, 1, 4, 5], [up, down]) == ()


@pytest.mark.parametrize(("beside", "far", "wrong"), [(1, 9, "5 or more"), (9, 1, "1 or less")])
def test_no_count_may_fall_below_nought(beside, far, wrong):
    found = faults([[3, beside, 9], [9, far, 9], [9, 9, 9]])
    assert f"release old, table 1, cell (r0, c0): nothing shows that it may be {wrong}" in found


@pytest.mark.parametrize(
    ("beside", "far", "good"), [(2, 2, True), (1, 2, False), (2, 1, False), (3, 3, True)]
)
def test_exactly_to_one_and_to_the_threshold_is_enough(beside, far, good):
    rows = [[3, beside, 30], [beside, far, 30], [30, 30, 30]]
    found = [one for one in faults(rows) if "(r0, c0)" in one]
    assert bool(found) is not good


def test_a_threshold_is_each_release_s_own():
    assert faults(threshold=8) == ()
    assert faults(threshold=12) != ()
    assert faults(threshold=3, hidden=[], moves=()) == ()
    assert faults([[3]], [], (), threshold=1) == ()
    assert faults([[3]], [], (), threshold=4) != ()


# ---- what was told ---------------------------------------------------------------------------


def test_a_figure_must_be_true():
    assert told({15: 76}) == (
        "release old, table 1, cell (All, All): it says 76, and the snapshot counts 75",
    )
    assert told({15: (76, 99)})[0].endswith("it says (76, 99), and the snapshot counts 75")
    assert told({15: (60, 74)})[0].endswith("it says (60, 74), and the snapshot counts 75")
    assert told({15: (75, 75)}) == told({15: (70, 75)}) == told({15: (75, 80)}) == ()


def test_a_nought_told_of_somebody_is_untrue():
    assert any("it says 0, and the snapshot counts 9" in one for one in told({2: 0}))


def test_a_small_count_may_not_be_told():
    small = "release old, table 1, cell (r0, c0): it tells of 3, which is small"
    assert small in faults(hidden=[])
    assert small in told({0: (2, 5)})
    assert small not in told({0: (1, 5)})
    assert not told({0: (0, 8)})


def test_noughts_are_small_in_research_only():
    rows = [[0, 9, 9], [9, 9, 9], [9, 9, 9]]
    assert faults(rows, [], ()) == ()
    assert faults(rows, CORNER, ()) == ()
    assert "it tells of 0, which is small" in faults(rows, [], (), profile="research")[0]
    assert "may be 5 or more" in faults(rows, CORNER, (), profile="research")[0]
    assert faults(rows, CORNER, profile="research") == ()


def test_what_an_interval_says_limits_a_move():
    assert told({1: (7, 12)}) == ()
    assert told({1: (8, 12)})[0].endswith("nothing shows that it may be 5 or more")
    assert told({1: (7, 10)})[0].endswith("nothing shows that it may be 1 or less")
    assert told({5: (7, 11)}) == ()
    assert told({5: (8, 11)})[0].endswith("nothing shows that it may be 1 or less")
    assert told({5: (7, 10)})[0].endswith("nothing shows that it may be 5 or more")


def test_an_interval_of_a_small_count_must_be_reached_to_its_ends():
    assert told({0: (2, 12)}, threshold=5) == ()
    assert told({0: (0, 4)}) == ()
    assert told({0: (0, 4), 1: (9, 12)})[0].endswith("nothing shows that it may be 4 or more")
    assert told({0: (2, 7), 1: (7, 9)})[0].endswith("nothing shows that it may be 2 or less")


# ---- moves -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "move",
    [
        (),
        ((0, 0), (1, 0)),
        (*SQUARE, (0, 1)),
        (*SQUARE, (9, 1)),
        (*SQUARE, (-1, 1)),
    ],
)
def test_a_move_that_cannot_be_read_is_a_fault(move):
    found = faults(moves=[SQUARE, move])
    assert found == ("move 2: it must change one variable or more that are there, each once",)


def test_the_last_variable_is_there():
    rows = [[9, 9, 9], [9, 9, 9], [9, 9, 3]]
    square = ((8, 1), (7, -1), (5, -1), (4, 1))
    assert faults(rows, [5, 6, 9, 10], [square]) == ()


def test_a_move_that_a_figure_notices_is_a_fault():
    found = faults(moves=[((0, 1), (1, -1))])
    assert found[0].startswith("move 1: it changes what is told in release old, table 1, cell (")
    assert found[0].endswith("(All, c0)") or found[0].endswith("(All, c1)")
    assert len(found) == 3


def test_a_damaged_move_proves_nothing():
    damaged = ((0, 1), (1, -1), (3, -1), (4, 2))
    found = faults(moves=[damaged])
    assert any("move 1" in one for one in found)
    assert any("nothing shows" in one for one in found)


def test_a_cell_that_no_move_reaches_is_told():
    assert faults(moves=()) == (
        "release old, table 1, cell (r0, c0): nothing shows that it may be 1 or less",
        "release old, table 1, cell (r0, c0): nothing shows that it may be 5 or more",
    )


# ---- those who are alone ---------------------------------------------------------------------

ALONE = [[3, 1, 30], [30, 30, 30], [30, 30, 30]]
ASIDE = ((0, 1), (2, -1), (6, -1), (8, 1))
"""The same, round the person alone beside the corner."""
HIDDEN = [0, 1, 2, 4, 5, 6, 8, 9, 10]


def test_who_is_alone_must_be_left_alone():
    by_one = ((0, -1), (1, 1), (3, 1), (4, -1))
    both = [by_one, ((0, 1), (2, -1), (3, -1), (5, 1))]
    lone = ((1, 1), (2, -1), (4, -1), (5, 1))
    assert faults(ALONE, HIDDEN, [*both, ASIDE, lone]) == ()
    found = faults(ALONE, HIDDEN, [by_one, lone, ((0, 1), (2, -1), (3, -1), (5, 1), (7, 0))[:4]])
    assert found == ()
    only = ((0, 1), (1, -1), (3, -1), (4, 1)), lone
    found = faults([[3, 1, 30], [30, 30, 30], [30, 30, 30]], HIDDEN, only)
    assert (
        "release old, table 1, cell (r0, c0): somebody alone in a cell may know it is not 1 or less"
        in found
    )


def test_somebody_alone_may_know_the_upper_end():
    rows = [[1, 9, 9], [9, 1, 9], [9, 9, 9]]
    found = faults(rows, CORNER)
    assert found == (
        "release old, table 1, cell (r0, c0): somebody alone in a cell may know it is not 5 or more",
        "release old, table 1, cell (r1, c1): somebody alone in a cell may know it is not 5 or more",
    )


def test_what_one_is_alone_in_needs_no_proof_against_oneself():
    assert faults([[1, 9, 9], [9, 9, 9], [9, 9, 9]]) == ()


def test_one_person_in_two_cells_is_one_person():
    # Whoever is alone in r0, c0 is alone in the whole of r0 too, and in no other cell of it.
    rows = [[1, 0, 0], [9, 9, 9], [9, 9, 9]]
    assert faults(rows, [0, 3, 4, 7], [((0, 1), (3, -1))]) == ()


def test_different_moves_for_different_people():
    rows = [[2, 1, 1], [9, 9, 9], [9, 9, 9]]
    left = ((0, 1), (1, -1), (3, -1), (4, 1))
    right = ((0, 1), (2, -1), (3, -1), (5, 1))
    alone = ((1, 1), (2, -1), (4, -1), (5, 1))
    up = ((0, 1), (3, -1)), ((1, 1), (4, -1)), ((2, 1), (5, -1))
    whole = ((0, 2), (1, 1), (3, -2), (4, -1)), ((0, 2), (2, 1), (3, -2), (5, -1))
    hidden = list(range(8))
    assert faults(rows, hidden, [left, right, alone, *up, *whole]) == ()
    assert any("(r0, c0): somebody" in one for one in faults(rows, hidden, [left, *up[1:]]))


def test_a_person_whose_cell_is_told_as_an_interval_counts():
    found = told({1: (0, 30)}, ALONE, HIDDEN, [((0, 1), (1, -1), (3, -1), (4, 1))])
    assert any("(r0, c0): nothing shows that it may be 5 or more" in one for one in found)
    moves = [
        ((0, 1), (1, -1), (3, -1), (4, 1)),
        ((0, 2), (1, 1), (2, -3), (3, -2), (4, -1), (5, 3)),
    ]
    found = told({1: (0, 30)}, ALONE, HIDDEN, moves)
    assert any("(r0, c0): somebody alone" in one for one in found)


# ---- which snapshot, which releases ----------------------------------------------------------


def test_it_must_be_of_this_snapshot_and_of_all_its_releases():
    snapshot, table = grid(ROWS)
    out = release(snapshot, filled(snapshot, table, CORNER))
    later = replace(out, id="later")
    good = certificate(snapshot, [out], SQUARE)
    assert check(snapshot, [out], replace(good, snapshot="0" * 64)).faults == (
        "snapshot day: the certificate is of another",
    )
    wrong = "release {}: what is certified is not what is here"
    assert check(snapshot, [out, later], good).faults == (wrong.format("later"),)
    assert check(snapshot, [], good).faults == (wrong.format("old"),)
    assert check(snapshot, [replace(out, reason="other")], good).faults == (wrong.format("old"),)
    both = certificate(snapshot, [out, later], SQUARE)
    assert check(snapshot, [out, later], both).holds
    assert check(snapshot, [out, replace(out, reason="other")], good).faults == (
        wrong.format("old"),
    )


def test_a_release_of_another_snapshot_is_a_fault():
    snapshot, table = grid(ROWS)
    out = release(snapshot, filled(snapshot, table, CORNER))
    out = replace(out, snapshot="another day")
    found = check(snapshot, [out], certificate(snapshot, [out], SQUARE)).faults
    assert found == ("release old: it is from the snapshot another day",)


def test_a_release_of_unknown_codes_is_refused():
    snapshot, table = grid(ROWS)
    out = release(snapshot, replace(filled(snapshot, table, CORNER), where={"moon": frozenset()}))
    with pytest.raises(DisclosureError, match="there is no dimension 'moon'"):
        check(snapshot, [out], certificate(snapshot, [out], SQUARE))


def test_a_later_release_may_tell_what_an_earlier_withheld():
    snapshot, table = grid(ROWS)
    first = release(snapshot, filled(snapshot, table, CORNER))
    second = replace(first, id="new", tables=(filled(snapshot, table, [0, 1, 4]),))
    found = check(snapshot, [first, second], certificate(snapshot, [first, second], SQUARE)).faults
    assert found[0] == "move 1: it changes what is told in release new, table 1, cell (r1, c1)"
    assert len(found) == 5


# ---- classes ---------------------------------------------------------------------------------


def months() -> tuple[Snapshot, Table]:
    """Nine codes in three classes, with a table that does not tell those of one class apart."""
    codes = tuple(f"m{n}" for n in range(9))
    dimension = Dimension("month", codes), Dimension("column", ("c0", "c1", "c2"))
    counts = {(m, c): 3 for m in range(9) for c in range(3)}
    counts |= {(0, 0): 1, (1, 0): 1, (2, 0): 1}
    quarters = Axis(
        "month",
        (
            *(Category(f"q{n}", frozenset(codes[3 * n : 3 * n + 3])) for n in range(3)),
            Category("All", frozenset(codes)),
        ),
    )
    columns = axis("column", ("c0", "c1", "c2"))
    return Snapshot("day", "cases", dimension, counts), Table("Table", (quarters, columns), (), {})


def test_codes_of_one_class_count_together():
    snapshot, table = months()
    out = release(snapshot, filled(snapshot, table, CORNER))
    classes = {"month": (0, 0, 0, 1, 1, 1, 2, 2, 2), "column": (0, 1, 2)}
    assert check(snapshot, [out], certificate(snapshot, [out], SQUARE, classes=classes)).holds


@pytest.mark.parametrize("where", [False, True])
def test_a_class_that_a_cell_splits_is_a_fault(where):
    snapshot, table = months()
    classes = {"month": (0, 0, 1, 1, 1, 1, 2, 2, 2), "column": (0, 1, 2)}
    if where:
        table = replace(table, axes=table.axes[1:], where={"month": frozenset(["m0", "m2"])})
    out = release(snapshot, filled(snapshot, table, [0, 1]))
    found = check(snapshot, [out], certificate(snapshot, [out], classes=classes)).faults
    assert "release old, table 1: a class of month is split" in found


@pytest.mark.parametrize("classes", [(0, 1), (0, 1, 2, 3), (0, 1, -1), ()])
def test_there_must_be_a_class_for_each_code(classes):
    snapshot, table = grid(ROWS)
    out = release(snapshot, filled(snapshot, table, CORNER))
    claimed = certificate(snapshot, [out], SQUARE, classes={"row": classes, "column": (0, 1, 2)})
    assert check(snapshot, [out], claimed).faults == (
        "classes of row: there must be one for each code",
    )


# ---- against counting everything out ---------------------------------------------------------


@st.composite
def claims(draw):
    """A small table, some of it hidden, and moves that may or may not hold."""
    rows = draw(
        st.lists(st.lists(st.integers(0, 7), min_size=3, max_size=3), min_size=2, max_size=3)
    )
    size = 4 * (len(rows) + 1)
    hidden = draw(st.sets(st.integers(0, size - 1), max_size=size))
    number = st.tuples(st.integers(0, 3 * len(rows) - 1), st.integers(-3, 3))
    squares = []
    for _ in range(draw(st.integers(0, 4))):
        a, b = draw(st.permutations(range(len(rows))))[:2]
        c, d = draw(st.permutations(range(3)))[:2]
        by = draw(st.sampled_from([-2, -1, 1, 2]))
        squares.append(((3 * a + c, by), (3 * a + d, -by), (3 * b + c, -by), (3 * b + d, by)))
    moves = squares + draw(
        st.lists(st.lists(number, min_size=1, max_size=3).map(tuple), max_size=1)
    )
    return rows, hidden, moves


def cells(leaves: list[int]) -> list[int]:
    """The cells of a table of three columns, with its totals."""
    rows = [leaves[at : at + 3] for at in range(0, len(leaves), 3)]
    rows = [[*row, sum(row)] for row in rows]
    return [n for row in (*rows, map(sum, zip(*rows, strict=True))) for n in row]


def worlds(counts: list[int], move) -> list[list[int]] | None:
    """The tables that multiples of *move* make; None where it is none."""
    if len(dict(move)) != len(move) or not all(by for _, by in move):
        return None
    found = []
    for times in range(-60, 61):
        leaves = counts.copy()
        for one, by in move:
            leaves[one] += times * by
        found.append(leaves)
    return found


def alone(counts: list[int], hidden) -> dict[int, int]:
    """The hidden cells that count one, and which leaf that one is in."""
    one = [leaf for leaf, count in enumerate(counts) if count == 1]
    marks = {leaf: cells([int(leaf == other) for other in range(len(counts))]) for leaf in one}
    return {
        cell: next(leaf for leaf in one if marks[leaf][cell])
        for cell, count in enumerate(cells(counts))
        if count == 1 and cell in hidden
    }


def counted_out(rows, hidden, moves, threshold=5) -> bool:
    """Whether *moves* prove it, by writing out every table and looking at every cell of it."""
    counts = [count for row in rows for count in row]
    true = cells(counts)
    told = set(range(len(true))) - hidden
    made = [worlds(counts, move) for move in moves]
    if any(0 < true[cell] < threshold for cell in told) or None in made:
        return False
    every = [world for one in made for world in one]
    if any(cells(world)[cell] != true[cell] for world in every for cell in told):
        return False
    possible = [true, *(cells(world) for world in every if min(world) >= 0)]
    people = alone(counts, hidden)
    return all(
        min(seen) <= 1 and max(seen) >= threshold
        for cell in hidden
        if 0 < true[cell] < threshold
        for person in {*people.values(), None} - {people.get(cell, -1)}
        for seen in [
            [
                world[cell]
                for world in possible
                if all(world[at] == true[at] for at, who in people.items() if who == person)
            ]
        ]
    )


@given(claims())
@settings(max_examples=300, deadline=None)
def test_the_verdict_is_what_counting_everything_out_says(claim):
    rows, hidden, moves = claim
    assert (not faults(rows, hidden, moves)) == counted_out(rows, hidden, moves)


# ---- the checker itself ----------------------------------------------------------------------


def test_it_is_short_and_needs_nothing_that_protects():
    text = Path(checking.__file__).read_text("utf-8")
    assert text.count("\n") <= 200
    named = {node.module for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)}
    assert named == {
        "amends.disclosure.certificates", "amends.disclosure.published", "amends.disclosure.snapshots",
        "collections", "collections.abc", "dataclasses", "math",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("count", "least", "most", "by", "times"),
    [
        (5, 0, inf, -2, (-inf, 2)),
        (5, 0, inf, 2, (-2, inf)),
        (5, 1, 9, 3, (-1, 1)),
        (5, 1, 9, -1, (-4, 4)),
        (5, 2, 9, -1, (-4, 3)),
    ],
)
def test_how_often_a_change_may_be_made(count, least, most, by, times):
    assert checking._multiples(count, least, most, by) == times


# ---- other shapes ----------------------------------------------------------------------------


def cube(count: int, sides: int) -> tuple[Snapshot, Table]:
    """A table of so many sides of two codes and a total each; the first cell has *count*, all others ten."""
    dimensions = tuple(Dimension(f"d{n}", ("a", "b")) for n in range(sides))
    leaves = [tuple(number >> at & 1 for at in range(sides)) for number in range(2**sides)]
    counts = {leaf: 10 if any(leaf) else count for leaf in leaves}
    axes = tuple(axis(one.name, one.codes) for one in dimensions)
    return Snapshot("day", "cases", dimensions, counts), Table("Table", axes, (), {})


@pytest.mark.parametrize("sides", [1, 2, 3, 4])
def test_any_number_of_sides_adds_up(sides):
    snapshot, table = cube(3, sides)
    inner = [at for at, each in enumerate(table.cells()) if all(one.label != "All" for one in each)]
    out = release(snapshot, filled(snapshot, table, inner))
    corners = tuple((n, (-1) ** n.bit_count()) for n in range(2**sides))
    assert check(snapshot, [out], certificate(snapshot, [out], corners)).faults == ()
    wrong = (*corners[:-1], (corners[-1][0], corners[-1][1] * 2))
    assert not check(snapshot, [out], certificate(snapshot, [out], wrong)).holds


def test_nobody_can_be_taken_from_where_nobody_is():
    rows = [[3, 0, 9], [9, 9, 9], [9, 9, 9]]
    assert faults(rows)[0].endswith("(r0, c0): nothing shows that it may be 5 or more")
    rows = [[4, 0, 9], [9, 9, 9], [9, 9, 9]]
    assert faults(rows)[0].endswith("(r0, c0): nothing shows that it may be 5 or more")
    found = told({1: (0, 2)}, [[4, 0, 9], [9, 9, 9], [9, 9, 9]])
    assert [one.partition("nothing")[2] for one in found] == [
        " shows that it may be 1 or less",
        " shows that it may be 5 or more",
    ]
    assert told({1: (0, 3)}, [[4, 0, 9], [9, 9, 9], [9, 9, 9]]) == faults(rows)
