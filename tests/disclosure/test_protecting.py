"""Whatever is protected stays protected: from arithmetic, from insiders, and with all that is out already."""

import os
import random
from dataclasses import replace

import numpy as np
import pytest

from support.disclosing import axis, filled, grid, invented, release, small_hidden, spec

pytest.importorskip("highspy", reason="the extra `protect` is not installed")

from amends.disclosure import protecting, protecting_blocks, protecting_exchange, protecting_search
from amends.disclosure.attacking import Attacker, attack
from amends.disclosure.certificates import read_certificate
from amends.disclosure.checking import check
from amends.disclosure.errors import DisclosureError
from amends.disclosure.explaining import coarser
from amends.disclosure.protecting import Protected, protect
from amends.disclosure.protecting_blocks import Block
from amends.disclosure.protecting_layout import Layout
from amends.disclosure.protecting_pool import Pool, targets_of
from amends.disclosure.protecting_search import Search
from amends.disclosure.published import Category, Release, Table
from amends.disclosure.snapshots import Dimension, Snapshot
from amends.disclosure.systems import Place
from amends.disclosure.systems import grid as variables_of

TABLES = 1_000 if os.environ.get("AMENDS_LONG") else 60

ROWS = [[3, 9, 12, 40], [9, 14, 2, 8], [20, 0, 31, 1], [6, 25, 7, 50]]


@pytest.fixture
def one_beginning(monkeypatch):
    """One beginning is enough where the least is not asked for."""
    monkeypatch.setattr(protecting, "PASSES", ((10**9, 1),))


def hidden(made: Protected) -> set[int]:
    return {cell for cell, value in enumerate(made.release.tables[0].values) if value is None}


def holds(snapshot, made: Protected, earlier=()) -> bool:
    return check(snapshot, [*earlier, made.release], made.certificate).holds


# ---- optima that others published ------------------------------------------------------------

# https://github.com/sdcTools/sdcTable, data-raw: microdata1 counted by region and gender. Its test of protectTable()
# withholds A-female (2) and finds that A-male, C-male and C-female are best withheld with it.
MICRODATA = [[18, 2], [14, 19], [12, 10], [11, 14]]


@pytest.mark.parametrize("method", ["suppression", "exact"])
def test_four_regions_by_gender(method):
    if method == "exact":
        pytest.importorskip("pytauargus", reason="the extra `exact` is not installed")
    snapshot, table = grid(MICRODATA)
    made = protect(snapshot, [table], [], spec(method=method))
    assert hidden(made) == {0, 1, 6, 7}
    assert holds(snapshot, made)


def test_eight_regions_linked(one_beginning):
    dimension = Dimension("region", tuple("ABIJKLMN"))
    counts = {(at,): n for at, n in enumerate((2, 2, 8, 8, 3, 3, 3, 7))}
    snapshot = Snapshot("day", "cases", (dimension,), counts)
    tables = [
        Table("By county", (axis("region", dimension.codes, "ABIJ", "KLMN"),), (), {}),
        Table("By size", (axis("region", dimension.codes, "LM", "ABIJKN"),), (), {}),
    ]
    made = protect(snapshot, tables, [], spec(threshold=4))
    shown = [
        {c for c, v in zip("ABIJKLMN", t.values, strict=False) if v is None}
        for t in made.release.tables
    ]
    assert {"A", "B", "K", "L", "M"} < shown[0] & shown[1]
    assert holds(snapshot, made)
    assert not [one for one in attack(snapshot, [made.release]).values() if one.exact]


def best_of_all(snapshot: Snapshot, table: Table, threshold: int = 5) -> int:
    """The least value that must be withheld, found by trying every choice (no insiders)."""
    counts = table.count(snapshot)
    small = [cell for cell, count in enumerate(counts) if 0 < count < threshold]
    rest = [cell for cell in range(len(counts)) if cell not in small]
    least = sum(counts)
    for choice in range(2 ** len(rest)):
        more = [cell for at, cell in enumerate(rest) if choice >> at & 1]
        value = sum(counts[cell] for cell in small + more)
        if value < least:
            out = release(snapshot, filled(snapshot, table, small + more))
            attacker = Attacker(snapshot, [out])
            if not any(attacker.interval(Place(0, 0, cell)).weak(threshold) for cell in small):
                least = value
    return least


@pytest.mark.parametrize("rows", [[[3, 9], [8, 12]], [[2, 6, 9], [7, 11, 8]]])
def test_two_solvers_and_counting_out_find_one_optimum(rows):
    pytest.importorskip("pytauargus", reason="the extra `exact` is not installed")
    snapshot, table = grid(rows)
    least = best_of_all(snapshot, table)
    for method in ("exact", "suppression"):
        made = protect(snapshot, [table], [], spec(method=method))
        assert sum(one.count for one in made.report.withheld) == least


# ---- a thousand tables -----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(TABLES))
def test_an_invented_table_is_safe(seed, one_beginning):
    snapshot, tables = invented(random.Random(seed))
    made = protect(snapshot, tables, [], spec())
    verdict = check(snapshot, [made.release], made.certificate)
    assert verdict.faults == ()
    small = {
        Place(0, number, cell)
        for number, table in enumerate(tables)
        for cell, count in enumerate(table.count(snapshot))
        if 0 < count < 5
    }
    assert verdict.protected == len(small)
    known = attack(snapshot, [made.release])
    assert small <= known.keys()
    assert not [place for place in small if known[place].exact or known[place].weak()]


@pytest.mark.parametrize("seed", range(0, TABLES, 6))
def test_a_second_release_keeps_the_first_safe(seed, one_beginning):
    rng = random.Random(f"history {seed}")
    snapshot, tables = invented(rng)
    first = protect(snapshot, tables[:1], [], spec(id="first")).release
    sides = rng.sample(snapshot.dimensions, 1)
    second = Table("Again", tuple(axis(one.name, one.codes) for one in sides), (), {})
    made = protect(snapshot, [second, *tables[1:]], [first], spec())
    assert check(snapshot, [first, made.release], made.certificate).faults == ()
    known = attack(snapshot, [first, made.release])
    assert not [
        place
        for place, one in known.items()
        if 0
        < (first, made.release)[place.release].tables[place.table].count(snapshot)[place.cell]
        < 5
        if one.exact or one.weak()
    ]


def test_insiders_are_not_helped(one_beginning):
    snapshot, table = grid(ROWS)
    made = protect(snapshot, [table], [], spec())
    counts = table.count(snapshot)
    alone = [cell for cell in hidden(made) if counts[cell] == 1]
    assert alone == [13]
    attacker = Attacker(snapshot, [made.release], [(Place(0, 0, 13), 1)])
    for cell in hidden(made) - {13}:
        if 0 < counts[cell] < 5:
            assert not attacker.interval(Place(0, 0, cell)).weak()


# ---- how -------------------------------------------------------------------------------------


def test_small_counts_are_withheld_and_noughts_told():
    snapshot, table = grid(ROWS)
    made = protect(snapshot, [table], [], spec())
    counts = table.count(snapshot)
    assert {cell for cell, count in enumerate(counts) if 0 < count < 5} <= hidden(made)
    assert all(
        value == count
        for value, count in zip(made.release.tables[0].values, counts, strict=True)
        if value is not None
    )


def test_research_withholds_below_ten_and_noughts():
    snapshot, table = grid(ROWS)
    made = protect(snapshot, [table], [], spec(profile="research", threshold=10))
    assert {c for c, count in enumerate(table.count(snapshot)) if count < 10} <= hidden(made)
    assert holds(snapshot, made)


def test_the_same_key_gets_the_same_answer_and_another_may_not():
    rows = [[3, 9, 9, 9], [9, 9, 9, 9], [9, 9, 9, 9], [9, 9, 9, 9]]
    snapshot, table = grid(rows)
    first = protect(snapshot, [table], [], spec(key=b"one"))
    again = protect(snapshot, [table], [], spec(key=b"one"))
    assert first.release.text() == again.release.text()
    assert first.certificate.text() == again.certificate.text()
    others = {
        frozenset(hidden(protect(snapshot, [table], [], spec(key=bytes([n]))))) for n in range(8)
    }
    assert len(others) > 1


def test_why_a_cell_is_withheld_is_told_to_staff():
    snapshot, table = grid(MICRODATA)
    made = protect(snapshot, [table], [], spec())
    told = list(made.report.lines([made.release]))
    assert "release new, table 1, cell (r0, c1): primary (counts 2)" in told
    assert (
        "release new, table 1, cell (r2, c0): secondary for release new, table 1, cell (r0, c1)"
        in told
    )
    assert told[2] == "4 of 15 cells withheld (26.7%): 1 primary, 3 secondary; 10.5% of the value."
    assert "is more than 10%" in told[3]


@pytest.mark.parametrize("method", ["suppression", "exact"])
def test_a_secondary_cell_names_a_protected_one(method):
    if method == "exact":
        pytest.importorskip("pytauargus", reason="the extra `exact` is not installed")
    snapshot, table = grid(ROWS)
    made = protect(snapshot, [table], [], spec(method=method))
    counts = table.count(snapshot)
    for one in made.report.withheld:
        assert (one.because is None) == (0 < one.count < 5)
        assert one.count == counts[one.place.cell]
        assert one.because is None or 0 < counts[one.because.cell] < 5


def test_a_release_says_who_judged_it():
    snapshot, table = grid(MICRODATA)
    made = protect(snapshot, [table], [], spec())
    assert made.release.reason == "few people live there (judged by the data protection officer)"


@pytest.mark.parametrize("name", ["reason", "judged_by"])
def test_without_a_reason_nothing_is_withheld(name):
    with pytest.raises(DisclosureError, match=f"{name} is empty"):
        spec(**{name: " "})


def test_a_coarser_axis_has_no_finest_categories():
    assert [one.label for one in coarser(axis("x", "abcd", "ab", "cd")).categories] == [
        "a and on",
        "c and on",
        "All",
    ]
    assert [one.label for one in coarser(axis("x", "abc")).categories] == ["a and b", "c", "All"]
    assert coarser(replace(axis("x", "a"), categories=(Category("a", frozenset("a")),))) is None


# ---- what cannot be done ---------------------------------------------------------------------


def test_what_is_out_already_may_make_it_impossible():
    snapshot, table = grid([[3, 9], [9, 9]])
    out = release(snapshot, filled(snapshot, table, []), threshold=1)
    leaky = replace(out, tables=(filled(snapshot, table, [0]),), threshold=5, id="leaky")
    with pytest.raises(
        DisclosureError, match=r"table 1, cell \(r0, c0\): cannot be protected: what is out already"
    ):
        protect(snapshot, [table], [leaky], spec())


def test_a_history_that_says_what_is_not_so_is_refused():
    snapshot, table = grid([[3, 9], [9, 9]])
    values = list(filled(snapshot, table, [0, 1, 3, 4]).values)
    values[8] = 31
    wrong = release(snapshot, replace(table, values=tuple(values)))
    with pytest.raises(
        DisclosureError, match=r"cell \(All, All\): says 31, and the snapshot counts 30"
    ):
        protect(snapshot, [table], [wrong], spec())


def test_two_releases_of_one_id_are_refused():
    snapshot, table = grid([[3, 9], [9, 9]])
    out = release(snapshot, small_hidden(snapshot, table), id="new")
    with pytest.raises(DisclosureError, match="there is another of this id"):
        protect(snapshot, [table], [out], spec())


def test_where_the_solver_fails_everything_is_withheld_or_refused(monkeypatch):
    monkeypatch.setattr(protecting_blocks.Block, "_run", lambda self, fresh=False: None)
    snapshot, table = grid(ROWS)
    with pytest.raises(DisclosureError, match="cannot be protected"):
        protect(snapshot, [table], [], spec())


def test_where_a_cell_is_not_proved_at_first_its_table_is_withheld(monkeypatch, one_beginning):
    calls = []
    kept = protecting_search.Search.spread

    def spread(self):
        calls.append(len(self.because))
        if len(calls) == 1:
            raise protecting_search.Unprotectable(0)
        kept(self)

    monkeypatch.setattr(protecting_search.Search, "spread", spread)
    monkeypatch.setattr(protecting_exchange.Exchange, "run", lambda self: None)
    snapshot, table = grid(ROWS)
    made = protect(snapshot, [table], [], spec())
    assert len(hidden(made)) == 25
    assert holds(snapshot, made)


# ---- planted faults --------------------------------------------------------------------------


def test_a_cell_given_back_too_many_is_noticed(one_beginning):
    snapshot, table = grid(ROWS)
    made = protect(snapshot, [table], [], spec())
    counts = table.count(snapshot)
    for cell in hidden(made):
        values = list(made.release.tables[0].values)
        values[cell] = counts[cell]
        out = replace(made.release, tables=(replace(made.release.tables[0], values=tuple(values)),))
        claimed = replace(made.certificate, releases={out.id: out.digest})
        assert not check(snapshot, [out], claimed).holds


def test_a_certificate_without_one_of_its_moves_is_noticed(one_beginning):
    snapshot, table = grid(ROWS)
    made = protect(snapshot, [table], [], spec())
    without = replace(made.certificate, moves=())
    assert not check(snapshot, [made.release], without).holds
    last = replace(made.certificate, moves=made.certificate.moves[:-1])
    assert not check(snapshot, [made.release], last).holds


def test_a_certificate_damaged_anywhere_is_noticed(one_beginning, tmp_path):
    snapshot, table = grid(ROWS)
    made = protect(snapshot, [table], [], spec())
    for number, move in enumerate(made.certificate.moves):
        for at, (variable, by) in enumerate(move):
            moves = list(made.certificate.moves)
            moves[number] = (*move[:at], (variable, by + 1), *move[at + 1 :])
            damaged = replace(made.certificate, moves=tuple(moves))
            assert not check(snapshot, [made.release], damaged).holds
    path = tmp_path / "certificate.json"
    path.write_text(made.certificate.text(), "utf-8")
    assert read_certificate(path) == made.certificate


# ---- blocks ----------------------------------------------------------------------------------


def test_blocks_prove_as_much_as_the_whole(monkeypatch, one_beginning):
    monkeypatch.setattr(protecting_search, "WHOLE", 4)
    monkeypatch.setattr(protecting, "WHOLE", 4)
    for seed in range(12):
        snapshot, tables = invented(random.Random(f"blocks {seed}"))
        made = protect(snapshot, tables, [], spec())
        assert holds(snapshot, made)


def test_a_layout_counts_as_the_table_does():
    for seed in range(20):
        snapshot, tables = invented(random.Random(seed))
        layout = Layout(snapshot, tables, variables_of(snapshot, tables))
        assert layout.true.tolist() == [n for table in tables for n in table.count(snapshot)]


def test_a_move_says_all_that_it_changes():
    snapshot, table = grid(ROWS)
    layout = Layout(snapshot, [table], variables_of(snapshot, [table]))
    layout.cost = (layout.true + 1).astype(float)
    layout.cost[0] = 0
    search = Search(layout, Pool(layout, targets_of(layout, [(0, 1, 5, 1)])), b"", lambda *_: None)
    block = search.block(next(iter(search.shapes(0))))
    move = block.flow(0, 2)
    changed = layout.counts.copy()
    changed[move.variables] += move.changes
    by = layout.sums(changed) - layout.true
    assert by[0] == 2
    assert {int(c): int(b) for c, b in zip(move.cells, move.by, strict=True)} == {
        cell: int(by[cell]) for cell in range(layout.size) if by[cell]
    }
    assert move.most >= 1
    assert (changed >= 0).all()


def test_blocks_of_one_build_share_a_solver_and_find_what_their_own_would():
    snapshot, table = grid([[3, 9, 12, 40], [9, 14, 2, 8], [20, 7, 31, 1], [6, 25, 7, 50]])
    layout = Layout(snapshot, [table], variables_of(snapshot, [table]))
    layout.cost = np.where((layout.true > 0) & (layout.true < 5), 0.0, layout.true + 8.0)
    solvers: protecting_blocks.Solvers = {}
    found = 0
    for rows in ((0, 1), (1, 2), (0, 3)):
        shape = (rows, (0, 1, 2, 3))
        shared, own = Block(layout, shape, None, solvers), Block(layout, shape)
        for cell in range(layout.size):
            moves = shared.flow(cell, 2), own.flow(cell, 2)
            assert (moves[0] is None) == (moves[1] is None)
            if moves[0] is not None:
                found += 1
                assert moves[0].cells.tolist() == moves[1].cells.tolist()
                assert moves[0].by.tolist() == moves[1].by.tolist()
    assert len(solvers) == 1
    assert found > 20


# ---- exchanging ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(25))
def test_an_exchange_withholds_for_less_and_loses_no_proof(seed, monkeypatch, one_beginning):
    costs = []
    kept = protecting_exchange.Exchange.run

    def run(self):
        costs.append(sum(self.search.price[cell] for cell in self.search.because))
        kept(self)
        costs.append(sum(self.search.price[cell] for cell in self.search.because))
        assert all(target.proved for target in self.pool.targets.values())
        told = self.layout.cost > 0
        assert not told[list(self.search.because)].any()
        assert not any(told[move.cells].any() for move in self.pool.moves.values())

    monkeypatch.setattr(protecting_exchange.Exchange, "run", run)
    snapshot, tables = invented(random.Random(f"exchange {seed}"))
    assert holds(snapshot, protect(snapshot, tables, [], spec()))
    assert costs[1] <= costs[0]


def test_a_dear_cell_is_told_again_for_a_cheaper_one():
    snapshot, table = grid([[2, 90, 9], [9, 9, 9], [50, 50, 50]])
    layout = Layout(snapshot, [table], variables_of(snapshot, [table]))
    layout.cost = np.where((layout.true > 0) & (layout.true < 5), 0.0, layout.true + 8.0)
    price = layout.cost.copy()
    search = Search(layout, Pool(layout, targets_of(layout, [(0, 16, 5, 1)])), b"", lambda *_: None)
    search.price = price
    layout.cost[[2, 6]] = 1_000
    search.spread()
    assert 1 in search.because
    layout.cost = np.where(layout.cost > 0, price, 0)
    protecting_exchange.Exchange(search, 100).run()
    assert set(search.because) == {2, 4, 6}


# ---- what comes of it -------------------------------------------------------------------------


def test_release_and_certificate_name_each_other():
    snapshot, table = grid(ROWS)
    made = protect(snapshot, [table], [], spec())
    assert isinstance(made.release, Release)
    assert made.certificate.releases == {"new": made.release.digest}
    assert made.certificate.snapshot == snapshot.digest


# ---- where there is little -------------------------------------------------------------------


@pytest.mark.parametrize("method", ["suppression", "exact", "rounding"])
@pytest.mark.parametrize("rows", [[[0, 0], [0, 0]], [[9, 9], [9, 9]]])
def test_where_nobody_is_in_danger_nothing_is_withheld(method, rows):
    snapshot, table = grid(rows)
    made = protect(snapshot, [table], [], spec(method=method))
    assert hidden(made) == set()
    assert holds(snapshot, made)


def test_a_threshold_of_one_withholds_nothing():
    snapshot, table = grid([[1, 2], [3, 4]])
    made = protect(snapshot, [table], [], spec(threshold=1))
    assert made.release.tables[0].values == table.count(snapshot)
    assert holds(snapshot, made)


def test_a_table_of_one_cell_is_withheld():
    snapshot, _ = grid([[3]])
    made = protect(snapshot, [Table("All", (), (), {})], [], spec())
    assert made.release.tables[0].values == (None,)
    assert holds(snapshot, made)
