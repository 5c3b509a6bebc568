"""The attacker finds what published tests say can be found, and knows no more than he may."""

import pytest

from support.disclosing import filled, grid, release

pytest.importorskip("highspy", reason="the extra `protect` is not installed")

from amends.disclosure.attacking import Attacker, Interval, attack
from amends.disclosure.published import Axis, Category, Table
from amends.disclosure.snapshots import Dimension, Snapshot
from amends.disclosure.systems import Place, told
from amends.disclosure.systems import grid as variables_of

# https://github.com/sdcTools/sdcTable, tests/testthat/test-simpleheuristic.R: 4 rows and 4 columns with totals, nine
# cells hidden, two or more in each line; attack() there says [0, 141] once a tenth is hidden.
FOUR = [[30, 47, 64, 89], [90, 124, 5, 31], [92, 100, 59, 85], [800, 991, 651, 685]]
HIDDEN = [0, 1, 2, 5, 7, 11, 13, 16, 18]


def test_two_in_every_line_are_not_enough():
    snapshot, table = grid(FOUR)
    found = attack(snapshot, [release(snapshot, filled(snapshot, table, HIDDEN))])
    assert found[Place(0, 0, 1)] == Interval(47, 47)
    assert found[Place(0, 0, 1)].exact
    assert [place.cell for place, one in found.items() if one.exact] == [1]


def test_one_more_hidden_cell_opens_it():
    snapshot, table = grid(FOUR)
    opened = release(snapshot, filled(snapshot, table, [*HIDDEN, 6]))
    assert attack(snapshot, [opened])[Place(0, 0, 1)] == Interval(0, 141)


# test-linked-tables.r there: eight regions, by county in one table and by size in another.
REGIONS = dict(zip("ABIJKLMN", (2, 2, 8, 8, 3, 3, 3, 7), strict=True))
COUNTY = {"county 1": "ABIJ", "county 2": "KLMN"}
SIZE = {"big": "LM", "small": "ABIJKN"}


def linked(hidden: str) -> tuple[Snapshot, list[Table]]:
    """The two tables with the regions in *hidden* withheld."""
    dimension = Dimension("region", tuple(REGIONS))
    counts = {(at,): count for at, count in enumerate(REGIONS.values())}
    snapshot = Snapshot("day", "cases", (dimension,), counts)
    tables = []
    for groups in (COUNTY, SIZE):
        categories = [Category(name, frozenset(name)) for name in REGIONS]
        categories += [Category(name, frozenset(codes)) for name, codes in groups.items()]
        categories.append(Category("All", frozenset(REGIONS)))
        table = Table("Regions", (Axis("region", tuple(categories)),), (), {})
        tables.append(filled(snapshot, table, [list(REGIONS).index(one) for one in hidden]))
    return snapshot, tables


def test_two_tables_safe_alone_give_a_count_away_together():
    snapshot, (by_county, by_size) = linked("ABKLM")
    alone = [release(snapshot, one, id=one.title) for one in (by_county, by_size)]
    k = Place(0, 0, 4)
    assert attack(snapshot, alone[:1])[k] == Interval(0, 9)
    assert attack(snapshot, alone[1:])[k] == Interval(0, 7)
    assert attack(snapshot, alone)[k] == Interval(3, 3)


def test_hiding_n_as_published_opens_it():
    snapshot, tables = linked("ABKLMN")
    found = attack(snapshot, [release(snapshot, *tables)])
    assert not [place for place, one in found.items() if one.exact]


def test_an_insider_reads_his_neighbour():
    snapshot, table = grid([[1, 3], [4, 7]])
    out = release(snapshot, filled(snapshot, table, [0, 1, 3, 4]))
    neighbour = Place(0, 0, 1)
    assert Attacker(snapshot, [out]).interval(neighbour) == Interval(0, 4)
    assert Attacker(snapshot, [out], [(Place(0, 0, 0), 1)]).interval(neighbour) == Interval(3, 3)


def test_whole_numbers_may_tell_more():
    # Two rings of three, in which any two together are known to count one or more: in fractions, a half each.
    codes = tuple("abcdef")
    snapshot = Snapshot("day", "cases", (Dimension("x", codes),), {(at,): 1 for at in range(6)})
    pairs = ("ab", "bc", "ac", "de", "ef", "df")
    categories = [Category(pair, frozenset(pair)) for pair in pairs]
    axis = Axis("x", (*categories, Category("All", frozenset(codes))))
    out = release(snapshot, Table("Pairs", (axis,), (*[(1, 2)] * 6, None), {}))
    place = Place(0, 0, 6)
    assert attack(snapshot, [out])[place].least == 3
    assert attack(snapshot, [out], whole=True)[place].least == 4


def test_without_a_total_there_is_no_greatest_count():
    snapshot, table = grid([[3, 9]])
    out = release(snapshot, filled(snapshot, table, range(6)))
    assert attack(snapshot, [out])[Place(0, 0, 0)] == Interval(0, None)
    assert not Interval(0, None).weak()
    assert Interval(2, None).weak()
    assert Interval(0, 4).weak()


def test_what_an_interval_says_is_used():
    snapshot, table = grid([[3, 9]])
    values = list(filled(snapshot, table, [0, 3, 4]).values)
    values[1] = (8, 10)
    out = release(snapshot, Table("T", table.axes, tuple(values), {}))
    assert attack(snapshot, [out])[Place(0, 0, 0)] == Interval(2, 4)


def test_codes_that_no_cell_tells_apart_are_one_variable():
    snapshot, _ = grid([[1, 2, 3], [4, 5, 6]])
    axis = Axis(
        "column", (Category("first", frozenset(["c0"])), Category("rest", frozenset(["c1", "c2"])))
    )
    found = variables_of(snapshot, [Table("T", (axis,), (), {"row": frozenset(["r1"])})])
    assert found.classes == ((0, 1), (0, 1, 1))
    assert found.counts == {0: 1, 1: 5, 2: 4, 3: 11}


def test_a_cell_is_named_by_its_labels():
    snapshot, table = grid([[1, 2], [3, 4]])
    assert told(release(snapshot, table), 0, 5) == "release old, table 1, cell (r1, All)"
