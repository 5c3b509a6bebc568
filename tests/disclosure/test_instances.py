"""Tables that others published: what they found in them is found, and no less value is withheld than must be."""

import random

import pytest

from support.disclosing import invented, release, spec
from support.instances import (
    EXAMPLE1,
    MICRODATA1,
    NARROW,
    REGIONS_OF_ONE,
    S0A,
    S0A_MENDED,
    S0B,
    S0B_MENDED,
    S1A,
    WIDE,
    Z2W_GAUSS,
    Z2W_LINKED,
    Z2W_SIMPLE,
    Instance,
    labels_of,
)

pytest.importorskip("highspy", reason="the extra `protect` is not installed")

from amends.disclosure.attacking import Attacker, Interval, attack
from amends.disclosure.checking import check
from amends.disclosure.protecting import protect
from amends.disclosure.protecting_exact import least_withheld
from amends.disclosure.protecting_layout import Layout
from amends.disclosure.protecting_pool import Target, targets_of
from amends.disclosure.published import Table
from amends.disclosure.snapshots import Snapshot
from amends.disclosure.systems import Place
from amends.disclosure.systems import grid as variables_of
from support.optimum import least_value

SAFE = {
    "z2w, Gauss": Z2W_GAUSS, "z2w, simple": Z2W_SIMPLE, "z2w, linked": Z2W_LINKED,
    **{f"example1, {name}": one for name, one in EXAMPLE1.items()},
    "example1, table 9, narrow": NARROW, "example1, table 9": WIDE, "microdata1": MICRODATA1,
    "s0a, mended": S0A_MENDED, "s0b, mended": S0B_MENDED,
}  # fmt: skip
"""What their publishers call safe from being worked out exactly."""
OPEN = {"s0a": S0A, "s0b": S0B, "s1a": S1A, "regions of one": REGIONS_OF_ONE}
"""What their publishers show to be open: to arithmetic, or to whoever is alone in a cell."""


def found(one: Instance) -> dict[tuple[str, str], Interval]:
    """What the attacker finds of each withheld cell of a published table."""
    snapshot, tables = one.published()
    out = release(snapshot, *tables, threshold=one.threshold)
    told = attack(snapshot, [out])
    return {labels_of(tables[place.table])[place.cell]: each for place, each in told.items()}


@pytest.mark.parametrize("name", SAFE)
def test_nothing_is_exact_in_what_is_published_as_safe(name):
    told = found(SAFE[name])
    assert told.keys() == SAFE[name].hidden
    assert not [cell for cell, interval in told.items() if interval.exact]


def test_intervals_are_those_that_are_published():
    """Before the last step [0, 4] for both protected cells, after it [0, 13] and [0, 12]."""
    protected = [("young", "Iceland"), ("young", "Portugal")]
    assert [found(NARROW)[cell] for cell in protected] == [Interval(0, 4)] * 2
    assert [found(WIDE)[cell] for cell in protected] == [Interval(0, 13), Interval(0, 12)]


def test_noughts_withheld_alone_are_noughts():
    """`Easy to reveal`, its publisher says: of s0a two in the first row, of s0b all three there."""
    told = found(S0A)
    assert told["r1", "B"] == told["r1", "M"] == Interval(0, 0)
    told = found(S0B)
    assert told["r1", "A"] == told["r1", "B"] == told["r1", "M"] == Interval(0, 0)


def test_of_two_ones_each_knows_the_other():
    """s1a: the first row adds up to 9 and shows 7, so whoever is one of the two knows of the other."""
    snapshot, tables = S1A.published()
    out = release(snapshot, *tables, threshold=S1A.threshold)
    places = {cell: Place(0, 0, at) for at, cell in enumerate(labels_of(tables[0]))}
    b, m = places["r1", "B"], places["r1", "M"]
    assert Attacker(snapshot, [out]).interval(m) == Interval(0, 2)
    assert Attacker(snapshot, [out], [(b, 1)]).interval(m) == Interval(1, 1)
    assert Attacker(snapshot, [out], [(m, 1)]).interval(b) == Interval(1, 1)


def test_two_regions_of_one_must_not_be_withheld_alone():
    """SdcTable withholds one cell more where it is asked to look for singletons."""
    snapshot, tables = REGIONS_OF_ONE.published()
    out = release(snapshot, *tables, threshold=2)
    places = {cell: Place(0, 0, at) for at, cell in enumerate(labels_of(tables[0]))}
    knows = [(places["a", "all"], 1)]
    assert Attacker(snapshot, [out]).interval(places["c", "all"]) == Interval(0, 2)
    assert Attacker(snapshot, [out], knows).interval(places["c", "all"]) == Interval(1, 1)
    snapshot, tables = REGIONS_OF_ONE.made()
    made = protect(snapshot, tables, [], spec(threshold=2))
    hidden = {
        cell
        for cell, value in zip(labels_of(tables[0]), made.release.tables[0].values, strict=True)
        if value is None
    }
    assert {region for region, _ in hidden} > {"a", "c"}


# ---- what we make of them --------------------------------------------------------------------


def least(snapshot: Snapshot, tables: list[Table], threshold: int) -> tuple[Layout, list[Target]]:
    layout = Layout(snapshot, tables, variables_of(snapshot, tables))
    return layout, targets_of(layout, [(0, layout.size, threshold, 1)])


@pytest.mark.parametrize("name", SAFE | OPEN)
def test_protected_by_us_nothing_is_known_even_to_insiders(name, capsys):
    one = (SAFE | OPEN)[name]
    snapshot, tables = one.made()
    made = protect(snapshot, tables, [], spec(threshold=one.threshold))
    assert check(snapshot, [made.release], made.certificate).faults == ()
    counts = [table.count(snapshot) for table in tables]
    alone = [
        Place(0, which, cell)
        for which, table in enumerate(made.release.tables)
        for cell, value in enumerate(table.values)
        if value is None and counts[which][cell] == 1
    ]
    for knows in ([], *([(place, 1)] for place in alone)):
        attacker = Attacker(snapshot, [made.release], knows)
        for place in attacker.hidden:
            # Somebody alone in a cell knows himself in each cell that holds him, so that those are no news.
            if 0 < counts[place.table][place.cell] < one.threshold and not (
                knows and counts[place.table][place.cell] == 1
            ):
                interval = attacker.interval(place)
                assert not interval.exact
                assert not interval.weak(one.threshold)
    ours = sum(each.count for each in made.report.withheld)
    theirs = sum(
        count
        for which, table in enumerate(tables)
        for cell, count in zip(labels_of(table), counts[which], strict=True)
        if cell in one.hidden
    )
    with capsys.disabled():
        print(f"\n{name}: value withheld {ours}, safe from insiders; its publisher's {theirs}")


@pytest.mark.parametrize("name", [name for name in SAFE | OPEN if name != "z2w, linked"])
def test_two_exact_solvers_find_one_optimum(name, capsys):
    pytest.importorskip("pytauargus", reason="the extra `exact` is not installed")
    one = (SAFE | OPEN)[name]
    snapshot, tables = one.made()
    layout, targets = least(snapshot, tables, one.threshold)
    chosen = {*least_withheld(layout, targets, layout.true, 60), *(each.cell for each in targets)}
    value = int(layout.true[list(chosen)].sum())
    assert value == least_value(layout, targets)
    ours = protect(snapshot, tables, [], spec(threshold=one.threshold))
    withheld = sum(each.count for each in ours.report.withheld)
    with capsys.disabled():
        print(f"\n{name}: the least {value}, by two solvers; ours, safe from insiders, {withheld}")
    if not (layout.true[[cell for cell in chosen if layout.true[cell]]] == 1).any():
        assert withheld <= 1.25 * value  # where nobody is alone, insiders ask for nothing more


@pytest.mark.parametrize("seed", range(6))
def test_two_exact_solvers_agree_on_invented_tables(seed):
    pytest.importorskip("pytauargus", reason="the extra `exact` is not installed")
    rng = random.Random(f"two solvers {seed}")
    while True:
        snapshot, tables = invented(rng)
        if len(snapshot.dimensions) == 2:
            break
    layout, targets = least(snapshot, tables[:1], 5)
    chosen = {*least_withheld(layout, targets, layout.true, 60), *(each.cell for each in targets)}
    assert int(layout.true[list(chosen)].sum()) == least_value(layout, targets)
