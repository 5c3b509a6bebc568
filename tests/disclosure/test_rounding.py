"""Rounded tables add up, differ little from the truth, and are proved: nearly every small table can be."""

import os
import random
from collections import Counter

import pytest

from support.disclosing import grid, invented, spec

pytest.importorskip("highspy", reason="the extra `protect` is not installed")

from amends.disclosure import protecting_rounding
from amends.disclosure.attacking import Attacker
from amends.disclosure.checking import check
from amends.disclosure.errors import DisclosureError
from amends.disclosure.protecting import Protected, protect
from amends.disclosure.protecting_layout import Layout
from amends.disclosure.protecting_rounding import STEPS, TRIES, attempts, rounded
from amends.disclosure.snapshots import Snapshot
from amends.disclosure.systems import grid as variables_of

TABLES = 300 if os.environ.get("AMENDS_LONG") else 40
NEVER = 135
"""The seed of an invented table that no base can round."""


def base_of(snapshot: Snapshot, made: Protected) -> int | None:
    """The base with which every interval is that of a rounded figure, and all figures add up."""
    return next((5 * step for step in STEPS if adds_up(snapshot, made, 5 * step)), None)


def adds_up(snapshot: Snapshot, made: Protected, base: int) -> bool:
    """Whether each figure is a multiple of *base* beside the true one, and the sum of the finest there are."""
    for table in made.release.tables:
        shown = {
            tuple(one.codes for one in categories): value[1] + 1 - base
            for categories, value in zip(table.cells(), table.values, strict=True)
        }
        if [(max(0, one - base + 1), one + base - 1) for one in shown.values()] != [*table.values]:
            return False
        for (codes, figure), count in zip(shown.items(), table.count(snapshot), strict=True):
            inside = [
                value
                for parts, value in shown.items()
                if all(
                    len(one) == 1 and one <= held for one, held in zip(parts, codes, strict=True)
                )
            ]
            if figure % base or abs(figure - count) >= base or figure != sum(inside):
                return False
    return True


def test_rounded_figures_add_up_and_are_near():
    snapshot, table = grid([[13, 9, 12, 40], [9, 14, 22, 8], [20, 10, 31, 11], [6, 25, 7, 50]])
    made = protect(snapshot, [table], [], spec(method="rounding"))
    assert check(snapshot, [made.release], made.certificate).holds
    assert base_of(snapshot, made) == 5


def test_nine_of_ten_invented_tables_can_be_rounded(capsys):
    bases, refused = Counter[int](), []
    for seed in range(TABLES):
        snapshot, tables = invented(random.Random(seed))
        try:
            made = protect(snapshot, tables, [], spec(method="rounding"))
        except DisclosureError:
            refused.append(seed)
            continue
        assert check(snapshot, [made.release], made.certificate).faults == ()
        base = base_of(snapshot, made)
        assert base
        bases[base] += 1
    done = TABLES - len(refused)
    with capsys.disabled():
        print(f"\n{done} of {TABLES} invented tables rounded and proved; by base: {dict(bases)}")
    assert done >= 0.9 * TABLES


@pytest.mark.parametrize("seed", range(8))
def test_nobody_alone_reads_another_small_count_in_a_rounded_table(seed):
    snapshot, tables = invented(random.Random(seed))
    made = protect(snapshot, tables, [], spec(method="rounding"))
    counts = [table.count(snapshot) for table in tables]
    attacker = Attacker(snapshot, [made.release])
    for place, one in attacker.hidden.items():
        if 0 < counts[place.table][place.cell] < 5:
            interval = attacker.interval(place)
            assert interval.least <= max(1, one.least)
            assert interval.greatest is not None
            assert interval.greatest >= min(5, one.greatest)


def test_what_no_base_protects_is_refused_with_its_place():
    snapshot, tables = invented(random.Random(NEVER))
    with pytest.raises(
        DisclosureError, match=r"cell \(.*\): is not protected by rounding, to 30"
    ) as e:
        protect(snapshot, tables, [], spec(method="rounding"))
    assert e.value.place.startswith("release new, table 1")
    assert "suppression" in str(e.value)


def test_where_the_solver_finds_nothing_it_is_refused(monkeypatch):
    monkeypatch.setattr(protecting_rounding, "SECONDS", 0.0)
    snapshot, table = grid([[3, 9, 12], [9, 14, 2], [20, 4, 31]])
    with pytest.raises(DisclosureError, match="these tables: is not protected by rounding"):
        protect(snapshot, [table], [], spec(method="rounding"))


def test_bases_rise_and_only_the_key_foretells_the_order():
    tried = list(attempts(5, b"one"))
    assert [base for base, _ in tried] == [5 * step for step in STEPS for _ in range(TRIES)]
    assert tried == list(attempts(5, b"one"))
    assert tried != list(attempts(5, b"two"))
    assert len({seed for _, seed in tried if seed is not None}) == len(STEPS) * (TRIES - 1)
    assert next(attempts(1, b""))[0] == 2


def test_a_seed_rounds_in_another_way():
    snapshot, table = grid([[3, 9, 12], [9, 14, 2], [20, 4, 31]])
    layout = Layout(snapshot, [table], variables_of(snapshot, [table]))
    every = layout.true >= 0
    nearest = rounded(layout, every, 5)
    others = [rounded(layout, every, 5, seed) for seed in range(6)]
    assert others == [rounded(layout, every, 5, seed) for seed in range(6)]
    assert any(other != nearest for other in others)
