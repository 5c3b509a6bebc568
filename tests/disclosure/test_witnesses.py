"""Witnesses kept for the next answer: read again in a finer grid, and never believed unchecked."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.disclosure import considering
from amends.disclosure.attacking_history import Attacker, Equation, Forbidden, Knowledge, Move
from amends.disclosure.considering import consider, keep
from amends.disclosure.errors import DisclosureError
from amends.disclosure.protecting_history import gate
from amends.disclosure.refining import Cell, Space, coarsest
from amends.disclosure.releases import read_ledger
from amends.disclosure.targets import targets
from amends.disclosure.witnesses import FILE, Speller, read_witnesses, write_witnesses
from support.releasing import answer, axis, opened, small

FORCE = small({(0, 0): 2, (1, 0): 3, (2, 0): 20, (3, 0): 30}, 4, 2)
SIZES = (3, 3)
LEAVES = list(product(range(3), range(3)))


def release(number, *categories):
    return answer(FORCE, axis("a", *categories), id=number, where={"b": frozenset({"b0"})})


# --- spelling -------------------------------------------------------------------------------------


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(LEAVES), st.integers(1, 4), min_size=1),
    st.lists(st.tuples(st.integers(1, 7), st.integers(1, 7)), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(1, 7), st.integers(1, 7)), max_size=3),
    st.randoms(use_true_random=False),
)
def test_what_is_spelt_is_read_as_the_same_change_of_the_same_variables(counts, first, then, pick):
    space = Space([small(counts, *SIZES)])
    cells = [Cell(0, box) for box in first]
    grid = coarsest(space).refined(cells)
    totals = grid.counts()
    changes = {
        at: change for at, total in enumerate(totals) if (change := pick.randint(-min(total, 3), 3))
    }
    spelt = Speller(grid).spelt(changes)
    assert Speller(grid).read(spelt) == changes
    for name, leaf, change in spelt:
        assert name == "one"
        assert counts.get(leaf, 0) + change >= 0
    finer = grid.refined([Cell(0, box) for box in then])
    read = Speller(finer).read(spelt)
    for cell in cells:  # what was published before is moved as far as before
        assert sum(read.get(at, 0) for at in finer.row(cell)) == sum(
            changes.get(at, 0) for at in grid.row(cell)
        )


@pytest.mark.parametrize(
    "bad", [("two", (0, 0), 1), ("one", (9, 0), 1), ("one", (0, -1), 1), ("one", (0,), 1)]
)
def test_a_change_of_what_is_not_there_is_passed_over(bad):
    grid = coarsest(Space([FORCE])).refined([Cell(0, (1, 1))])
    assert Speller(grid).read((bad,)) is None


def test_what_changes_where_nothing_was_asked_is_left_out():
    grid = coarsest(Space([FORCE])).refined([Cell(0, (1, 1))])
    assert Speller(grid).spelt({0: 1, grid.outside: 4}) == (("one", (0, 0), 1),)
    assert Speller(grid).read((("one", (3, 1), 4),)) == {}


# --- the file -------------------------------------------------------------------------------------


def test_witnesses_are_written_whole_and_read_again(tmp_path):
    assert read_witnesses(tmp_path) == []
    kept = [(("one", (0, 1), -2), ("one", (3, 0), 2)), ()]
    write_witnesses(tmp_path, kept)
    assert read_witnesses(tmp_path) == kept
    write_witnesses(tmp_path, kept[:1])
    assert read_witnesses(tmp_path) == kept[:1]
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{", "is not JSON"),
        ('{"format": "x", "witnesses": []}', "are not witnesses"),
        ('{"format": "amends-witnesses-1", "witnesses": [[["one", 0, "1"]]]}', "a whole number"),
        ('{"format": "amends-witnesses-1", "witnesses": [[[3, 0, 1]]]}', "a text"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path, text, wrong):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(DisclosureError, match=wrong):
        read_witnesses(tmp_path)


def test_witnesses_that_are_none_change_nothing(tmp_path):
    """A file that lets every count be anything would open every gate, if it were believed."""
    asked = release("1", "a0+a1", "a0", "a1", "a2", "a0+a2")
    honest = consider(opened(tmp_path, FORCE), asked)
    lies = [(("one", (at, 0), change),) for at in range(4) for change in (-2, -1, 3, 4, 50)]
    write_witnesses(tmp_path, lies)
    lied_to = consider(read_ledger(tmp_path), asked)
    assert lied_to.withheld == honest.withheld
    assert honest.withheld
    assert honest.release.tables[0].values[4] == 22  # a0 and a2, so that a2 never moves alone
    assert not {lie for lie in lies if lie[0][1] == (2, 0)} & set(lied_to.witnesses)


def test_witnesses_kept_spare_the_next_answer_the_search(tmp_path, monkeypatch):
    searches = []

    def counted(*args):
        searches.append(found := gate(*args))
        return found

    monkeypatch.setattr(considering, "gate", counted)
    ledger = opened(tmp_path, FORCE)
    keep(ledger, consider(ledger, release("1", "a0", "a1", "a2", "a3")))
    consider(read_ledger(tmp_path), release("2", "a0", "a1", "a2"))
    (tmp_path / FILE).unlink()
    consider(read_ledger(tmp_path), release("2", "a0", "a1", "a2"))
    first, kept, anew = (one.searches for one in searches)
    assert kept == 0 < first
    assert anew == first


def test_witnesses_of_snapshots_that_are_judged_apart_are_kept(tmp_path):
    other = small({(0, 0): 3, (1, 0): 9}, 4, 2, id="two")
    keep(ledger := opened(tmp_path, FORCE, other), consider(ledger, release("1", "a0", "a1", "a2")))
    before = read_witnesses(tmp_path)
    assert before
    keep(
        ledger := read_ledger(tmp_path),
        consider(ledger, answer(other, axis("a", "a0", "a1"), id="2")),
    )
    after = read_witnesses(tmp_path)
    assert set(before) < set(after)
    assert {name for one in after for name, _, _ in one} == {"one", "two"}


# --- the attacker ---------------------------------------------------------------------------------

NONE = float("inf")


def attack(counts, *equations):
    return Attacker(counts, [Equation(*one) for one in equations])


def moved(move):
    return dict(zip(move.variables.tolist(), move.changes.tolist(), strict=True))


def test_the_least_move_is_found():
    attacker = attack([2, 3, 9], ((0, 1), 5, 5), ((1, 2), 12, 12))
    assert moved(attacker.move([0], 2, NONE)) == {0: 2, 1: -2, 2: 2}
    assert moved(attacker.move([0], -NONE, -2)) == {0: -2, 1: 2, 2: -2}


def test_no_count_falls_below_zero_and_the_equations_that_forbid_it_are_named():
    attacker = attack([2, 3, 9], ((2,), 9, 9), ((0, 1), 5, 5))
    found = attacker.move([0], 4, NONE)
    assert found == Forbidden((1,), True)
    attacker.free(1)
    assert moved(attacker.move([0], 4, NONE)) == {0: 4}


def test_an_interval_bounds_a_move_from_both_sides():
    attacker = attack([2, 3], ((0, 1), 4, 6))
    assert moved(attacker.move([0], 1, NONE)) == {0: 1}
    assert moved(attacker.move([0], 2, NONE)) in ({0: 2, 1: -1}, {0: 2, 1: -2}, {0: 2, 1: -3})
    assert isinstance(attacker.move([0, 1], 2, NONE), Forbidden)
    assert isinstance(attacker.move([0, 1], -NONE, -2), Forbidden)


def test_what_somebody_knows_is_kept_to_and_forgotten_afterwards():
    attacker = attack([2, 3], ((0, 1), 5, 5))
    assert isinstance(attacker.move([0], 1, NONE, [Knowledge((1,), 0, 0)]), Forbidden)
    assert isinstance(attacker.move([0], 3, NONE, [Knowledge((1,), -2, NONE)]), Forbidden)
    assert moved(attacker.move([0], 2, NONE, [Knowledge((1,), -2, NONE)])) == {0: 2, 1: -2}
    assert moved(attacker.move([0], 3, NONE)) == {0: 3, 1: -3}


def test_a_move_is_of_whole_numbers_where_the_least_has_halves():
    """Three pairs that add up to odd numbers with a fourth: an odd cycle."""
    sums = [((0, 1), 2, 2), ((1, 2), 2, 2), ((0, 2, 3), 4, 4), ((3, 4), 4, 4), ((4, 5, 5), 9, 9)]
    attacker = attack([1, 1, 1, 2, 2, 7, 0], *sums[:4], ((0, 1, 2, 6), 3, 3))
    found = attacker.move([6], 1, NONE)
    assert isinstance(found, Move)
    assert found.changes.dtype.kind == "i"
    assert moved(found)[6] >= 1


def test_true_counts_that_do_not_agree_are_refused():
    with pytest.raises(DisclosureError, match="says 4 to 6, and the records count 7"):
        attack([7], ((0,), 4, 6))


def test_a_search_that_is_given_no_time_finds_nothing_and_proves_nothing():
    attacker = Attacker([2, 3, 9], [Equation((0, 1), 5, 5), Equation((1, 2), 12, 12)], seconds=0.0)
    assert attacker.move([0], 2, NONE) == Forbidden((), False)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=5, max_size=5),
    st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=7),
    st.integers(0, 7),
    st.integers(1, 3),
)
def test_what_is_named_forbids_by_itself_however_the_sums_were_shortened(
    counts, asked, firm, change
):
    given_ = [
        Equation(tuple(sorted(one)), total, total)
        for one in asked
        for total in [sum(counts[each] for each in one)]
    ]
    found = Attacker(counts, given_, firm=min(firm, len(given_))).move([0], change, NONE)
    whole = Attacker(counts, given_).move([0], change, NONE)
    assert isinstance(found, Forbidden) == isinstance(whole, Forbidden)
    if isinstance(found, Forbidden) and found.equations:
        named = [given_[each] for each in found.equations]
        assert isinstance(Attacker(counts, named).move([0], change, NONE), Forbidden)


# --- the gate by itself ---------------------------------------------------------------------------


def test_the_gate_gives_back_what_its_witnesses_agree_with():
    """Two numbers stand in the way of a target; once the less important is withheld the other may stay."""
    grid = coarsest(Space([FORCE])).refined([Cell(0, (1 << at, 1)) for at in range(4)])
    cells = [Cell(0, (0b0001, 1)), Cell(0, (0b0011, 1)), Cell(0, (0b0010, 1))]
    wanted = targets(grid, cells, {cells[0]: 5}, 1)
    new = [Equation(grid.row(cells[1]), 5, 5), Equation(grid.row(cells[2]), 3, 3)]
    found = gate((*grid.counts(), 0), [], new, wanted)
    assert set(found.withheld) == {1}
    assert found.withheld[1].earlier == ()
    assert found.lost == ()


def test_a_target_that_earlier_equations_give_is_lost_and_blames_nothing_new():
    grid = coarsest(Space([FORCE])).refined([Cell(0, (1 << at, 1)) for at in range(4)])
    cell = Cell(0, (0b0001, 1))
    wanted = targets(grid, [cell], {cell: 5}, 1)
    found = gate(
        (*grid.counts(), 0), [Equation(grid.row(cell), 2, 2)], [Equation((2,), 20, 20)], wanted
    )
    assert not found.withheld
    assert {(one.side, one.insider, one.proven) for one in found.lost} == {
        (0, None, True), (1, None, True),
    }  # fmt: skip
