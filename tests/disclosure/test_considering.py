"""What may leave, on grids so small that every population can be counted through."""

from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from amends.disclosure.considering import (
    EXACT,
    NARROW,
    SMALL,
    UNSURE,
    WouldDisclose,
    append,
    consider,
    keep,
)
from amends.disclosure.determined import Known, Unsure
from amends.disclosure.errors import DisclosureError
from amends.disclosure.releases import Ledger, read_ledger, record
from support.releasing import alone, answer, axis, opened, small

THRESHOLD = 3
MOST = 7
"""The greatest count of a leaf that the populations counted through have."""
AXES = {
    "a": [("a0+a1", "a0", "a1"), ("a0", "a1"), ("a0",), ("a0+a1",)],
    "b": [("b0+b1", "b0", "b1"), ("b0", "b1"), ("b1",), ("b0+b1",)],
}
LEAVES = list(product(range(2), range(2)))
EVERY = list(product(range(MOST + 1), repeat=4))
GROUPS = [frozenset(group) for size in (1, 2, 4) for group in combinations(range(4), size)]
counts = st.tuples(*(st.integers(0, 4) for _ in LEAVES))
asked = st.lists(
    st.tuples(st.sampled_from(AXES["a"]), st.sampled_from(AXES["b"])), min_size=1, max_size=3
)


def held(release):
    """Each cell of a release as the leaves that it counts, and its value."""
    for table in release.tables:
        for categories, value in zip(table.cells(), table.values, strict=True):
            codes = [category.codes for category in categories]
            leaves = frozenset(
                at
                for at, (a, b) in enumerate(LEAVES)
                if f"a{a}" in codes[0] and f"b{b}" in codes[1]
            )
            yield leaves, value


def of_box(box):
    return frozenset(at for at, (a, b) in enumerate(LEAVES) if box[0] >> a & 1 and box[1] >> b & 1)


def published(releases):
    return {leaves: value for one in releases for leaves, value in held(one) if value is not None}


def populations(told):
    return [
        one
        for one in EVERY
        if all(sum(one[at] for at in leaves) == value for leaves, value in told.items())
    ]


def history(snapshot, tables):
    """Answers considered one after the other: the releases that left, and what was said of each."""
    ledger, said = alone(snapshot), []
    for number, (a, b) in enumerate(tables):
        release = answer(
            snapshot, axis("a", *a), axis("b", *b), id=str(number), threshold=THRESHOLD
        )
        said.append(consider(ledger, release))
        ledger = replace(ledger, releases={**ledger.releases, release.id: said[-1].release})
    return [one.release for one in said], said


@settings(max_examples=60, deadline=None)
@given(counts, asked)
def test_every_small_count_that_was_withheld_has_both_witnesses(numbers, tables):
    snapshot = small(dict(zip(LEAVES, numbers, strict=True)), 2, 2)
    assume(snapshot.counts)
    releases, said = history(snapshot, tables)
    told = published(releases)
    possible = populations(told)
    lost = [one.target for each in said for one in each.lost if one.insider is None]
    hidden = {leaves for one in releases for leaves, value in held(one) if value is None}
    for leaves in hidden:
        true = sum(numbers[at] for at in leaves)
        if 0 < true < THRESHOLD:
            found = {sum(one[at] for at in leaves) for one in possible}
            assert min(found) <= 1, (leaves, told)
            # A leaf counts at most MOST here; who has room for more is not counted through.
            assert max(found) >= THRESHOLD, (leaves, told)
    assert not lost


@settings(max_examples=60, deadline=None)
@given(counts, asked)
def test_the_same_holds_for_who_is_alone_in_a_withheld_cell_and_knows_it(numbers, tables):
    snapshot = small(dict(zip(LEAVES, numbers, strict=True)), 2, 2)
    assume(snapshot.counts)
    releases, said = history(snapshot, tables)
    possible = populations(published(releases))
    hidden = {leaves for one in releases for leaves, value in held(one) if value is None}
    protected = {leaves for leaves in hidden if 0 < sum(numbers[at] for at in leaves) < THRESHOLD}
    for alone_in in protected:
        if sum(numbers[at] for at in alone_in) != 1:
            continue
        known = [one for one in possible if sum(one[at] for at in alone_in) == 1]
        for leaves in protected:
            true = sum(numbers[at] for at in leaves)
            if true == 1 and any(numbers[at] for at in leaves & alone_in):
                continue  # it is the insider's own record
            found = {sum(one[at] for at in leaves) for one in known}
            assert min(found) <= 1
            assert max(found) >= THRESHOLD
    assert not [one for each in said for one in each.lost]


@settings(max_examples=60, deadline=None)
@given(counts, asked)
def test_no_number_is_withheld_that_neither_tells_nor_narrows_anything(numbers, tables):
    snapshot = small(dict(zip(LEAVES, numbers, strict=True)), 2, 2)
    assume(snapshot.counts)
    releases, said = history(snapshot, tables)
    for at, one in enumerate(said):
        cells = [leaves for leaves, _ in held(releases[at])]
        before = published(releases[:at])
        kinds = {each.kind for each in one.withheld}
        assert kinds <= {SMALL, EXACT, NARROW}
        passed = (
            before
            | {cells[each.cell]: each.value for each in one.withheld if each.kind == NARROW}
            | published([one.release])
        )
        for each in one.withheld:
            number = sum(numbers[leaf] for leaf in cells[each.cell])
            assert each.value == number
            if each.kind == SMALL:
                one_alone = any(numbers[leaf] == 1 for leaf in cells[each.cell])
                assert 0 < number < THRESHOLD + one_alone
            if each.kind == EXACT:
                assert gives_more(passed, cells[each.cell], numbers)


def gives_more(told, number, numbers):
    """Whether one more *number* gives a small count that what was *told* does not."""
    less, more = Known(), Known()
    for leaves in told:
        less.add(leaves, 0)
        more.add(leaves, 0)
    more.add(number, 0)
    return any(
        more.gives(group) and not less.gives(group)
        for group in GROUPS
        if 0
        < (n := sum(numbers[at] for at in group))
        < THRESHOLD + one_of_several(numbers, group, n)
    )


def one_of_several(numbers, group, count):
    """Whether somebody is alone in a part of a *group* of more than one."""
    return count > 1 and any(numbers[at] == 1 for at in group)


@settings(max_examples=40, deadline=None)
@given(counts, asked)
def test_a_witness_kept_agrees_with_all_that_was_published(numbers, tables):
    snapshot = small(dict(zip(LEAVES, numbers, strict=True)), 2, 2)
    assume(snapshot.counts)
    releases, said = history(snapshot, tables)
    told = published(releases)
    for witness in said[-1].witnesses:
        changed = dict(zip(LEAVES, numbers, strict=True))
        for name, leaf, change in witness:
            assert name == snapshot.id
            changed[leaf] += change
        assert min(changed.values()) >= 0
        for leaves, value in told.items():
            assert sum(changed[LEAVES[at]] for at in leaves) == value


# --- one after the other --------------------------------------------------------------------------

NUMBERS = {
    (0, 0): 20,
    (1, 0): 30,
    (2, 0): 2,
    (3, 0): 40,
    (0, 1): 10,
    (1, 1): 11,
    (2, 1): 12,
    (3, 1): 13,
}
FORCE = small(NUMBERS, 4, 2)


def release(*categories, number="1", **more):
    return answer(FORCE, axis("a", *categories), id=number, where={"b": frozenset({"b0"})}, **more)


def kinds(considered):
    return {one.labels[0]: one.kind for one in considered.withheld}


def test_a_difference_of_two_answers_is_withheld_and_names_the_earlier(tmp_path):
    ledger = opened(tmp_path, FORCE)
    keep(ledger, first := consider(ledger, release("a0+a1+a2", number="2024/118")))
    assert not first.withheld
    considered = consider(read_ledger(tmp_path), release("a0+a1", "a3", number="2024/119"))
    assert kinds(considered) == {"a0+a1": EXACT}
    (one,) = considered.withheld
    assert one.answers == ("2024/118",)
    assert one.why == "would give a count of 2 (a a2, b b0) by subtraction, with answer 2024/118"
    assert considered.release.tables[0].values == (None, 40)


def test_each_alone_would_let_the_difference_out():
    for categories in (("a0+a1+a2",), ("a0+a1", "a3")):
        assert not consider(alone(FORCE), release(*categories)).withheld


def test_three_answers_that_only_together_tell_are_all_named(tmp_path):
    ledger = opened(tmp_path, FORCE)
    keep(ledger, consider(ledger, release("a0+a1+a2+a3", number="1")))
    keep(ledger := read_ledger(tmp_path), consider(ledger, release("a0", number="2")))
    keep(ledger := read_ledger(tmp_path), consider(ledger, release("a3", number="3")))
    considered = consider(read_ledger(tmp_path), release("a1", number="4"))
    assert kinds(considered) == {"a1": EXACT}
    assert considered.withheld[0].answers == ("1", "2", "3")


def test_what_earlier_answers_tell_already_may_be_told_again(tmp_path):
    ledger = opened(tmp_path, FORCE)
    keep(ledger, consider(ledger, release("a0", "a1", "a3", number="1")))
    considered = consider(read_ledger(tmp_path), release("a0+a1", "a0", number="2"))
    assert not considered.withheld
    assert not considered.lost


def test_a_zero_and_the_threshold_itself_are_published():
    snapshot = small({(0, 0): 5, (1, 0): 4, (3, 0): 9}, 4, 1)
    considered = consider(alone(snapshot), answer(snapshot, axis("a", "a0", "a1", "a2", "a3")))
    assert considered.release.tables[0].values == (5, None, 0, 9)
    assert kinds(considered) == {"a1": SMALL}
    assert considered.withheld[0].why == "counts 4, below the threshold"
    assert considered.numbers == 3


def test_at_threshold_one_every_number_may_leave():
    considered = consider(alone(FORCE), release("a0", "a1", "a2", "a0+a1+a2", threshold=1))
    assert not considered.withheld


def test_a_cell_that_was_withheld_keeps_its_own_threshold(tmp_path):
    ledger = opened(tmp_path, FORCE)
    keep(ledger, consider(ledger, release("a0+a1+a2", "a2", number="1")))
    assert kinds(consider(read_ledger(tmp_path), release("a0+a1", number="2", threshold=1))) == {
        "a0+a1": EXACT
    }


def test_totals_come_before_their_parts():
    considered = consider(alone(FORCE), release("a0", "a1", "a2", "a0+a1+a2"))
    found = kinds(considered)
    assert found.pop("a2") == SMALL
    assert "a0+a1+a2" not in found
    assert len(found) == 1
    assert set(found) <= {"a0", "a1"}


def test_which_part_is_withheld_is_settled_by_the_secret_key():
    def withheld(key):
        ledger = replace(alone(FORCE), key=key)
        return frozenset(kinds(consider(ledger, release("a0", "a1", "a2", "a0+a1+a2"))))

    assert {withheld(bytes([number])) for number in range(12)} == {
        frozenset({"a2", "a0"}), frozenset({"a2", "a1"}),
    }  # fmt: skip


# --- the second gate ------------------------------------------------------------------------------


def test_a_total_that_leaves_no_room_is_withheld():
    """Of a published 5 with parts 4 and 1, the one knows the four."""
    snapshot = small({(0, 0): 4, (1, 0): 1, (2, 0): 50}, 3, 1)
    considered = consider(alone(snapshot), answer(snapshot, axis("a", "a0+a1", "a0", "a1", "a2")))
    assert kinds(considered) == {"a0": SMALL, "a1": SMALL, "a0+a1": SMALL}
    (total,) = [one for one in considered.withheld if one.value == 5]
    assert total.why.endswith("could be asked for, and would know that the others are 4")


def test_a_total_of_the_threshold_is_published_where_nobody_can_be_told_from_the_others():
    for parts in ({(0, 0): 5}, {(0, 0): 3, (1, 0): 2}):
        snapshot = small({**parts, (2, 0): 50}, 3, 1)
        considered = consider(alone(snapshot), answer(snapshot, axis("a", "a0+a1", "a2")))
        assert kinds(considered) == {}
    snapshot = small({(0, 0): 5, (1, 0): 1, (2, 0): 50}, 3, 1)
    assert kinds(consider(alone(snapshot), answer(snapshot, axis("a", "a0+a1", "a2")))) == {}


def test_nothing_is_withheld_for_what_may_be_asked_later_where_nothing_is_withheld_at_all():
    snapshot = small({(0, 0): 1, (1, 0): 1, (2, 0): 50}, 3, 1)
    asked_all = answer(snapshot, axis("a", "a0+a1", "a0", "a2"), threshold=1)
    assert kinds(consider(alone(snapshot), asked_all)) == {}


def test_a_total_that_leaves_room_is_published():
    snapshot = small({(0, 0): 4, (1, 0): 4, (2, 0): 50}, 3, 1)
    considered = consider(alone(snapshot), answer(snapshot, axis("a", "a0+a1", "a0", "a1", "a2")))
    assert kinds(considered) == {"a0": SMALL, "a1": SMALL}


def test_what_a_zero_gives_away_is_withheld_though_no_subtraction_gives_it(tmp_path):
    """a1 is nobody: so of the two that a0 and a1 count together, all are of a0."""
    snapshot = small({(0, 0): 2, (2, 0): 20, (0, 1): 20}, 3, 2)
    b0 = {"b": frozenset({"b0"})}
    first = answer(snapshot, axis("a", "a0+a2"), id="1", where=b0)
    second = answer(snapshot, axis("a", "a1+a2"), id="2", where=b0)
    ledger = opened(tmp_path, snapshot)
    keep(ledger, consider(ledger, first))
    considered = consider(read_ledger(tmp_path), second)
    assert kinds(considered) == {"a1+a2": NARROW}
    assert considered.withheld[0].answers == ("1",)
    assert considered.withheld[0].why.startswith("would narrow down a count of 2 (a a0, b b0)")


def test_an_interval_may_leave_where_it_tells_no_small_count():
    release_of = answer(FORCE, axis("a", "a0", "a2"), where={"b": frozenset({"b0"})})
    for values, expected in [
        ((20, (0, 9)), {}),
        ((20, (1, 5)), {}),
        ((20, (0, 4)), {"a2": SMALL}),
        ((20, (2, 9)), {"a2": SMALL}),
        (((10, 30), None), {}),
    ]:
        told = replace(release_of, tables=(replace(release_of.tables[0], values=values),))
        assert kinds(consider(alone(FORCE), told)) == expected


def test_an_interval_that_narrows_a_withheld_count_is_withheld():
    snapshot = small({(0, 0): 4, (1, 0): 1, (2, 0): 50}, 3, 1)
    of = answer(snapshot, axis("a", "a0", "a1", "a0+a1"))
    for last, expected in [((1, 6), {}), ((2, 6), {"a0+a1": SMALL}), ((1, 5), {"a0+a1": SMALL})]:
        table = replace(of.tables[0], values=(None, None, last))
        found = consider(alone(snapshot), replace(of, tables=(table,)))
        assert kinds(found) == expected


def test_a_number_that_the_primes_do_not_agree_on_is_withheld(monkeypatch):
    def unsure(self, variables):
        raise Unsure("planted")

    monkeypatch.setattr(Known, "completes", unsure)
    considered = consider(alone(FORCE), release("a0", "a1"))
    assert kinds(considered) == {"a0": UNSURE, "a1": UNSURE}


def test_a_history_that_the_primes_do_not_agree_on_lets_nothing_leave(monkeypatch):
    def unsure(self, variables):
        raise Unsure("planted")

    monkeypatch.setattr(Known, "gives", unsure)
    with pytest.raises(DisclosureError, match="the history cannot be judged: planted"):
        consider(alone(FORCE), release("a0"))


def test_a_search_that_takes_too_long_withholds(monkeypatch):
    from amends.disclosure import protecting_history
    from amends.disclosure.attacking_history import Forbidden

    class Slow(protecting_history.Attacker):
        def move(self, *args):
            return Forbidden((), False)

    monkeypatch.setattr(protecting_history, "Attacker", Slow)
    considered = consider(alone(FORCE), release("a0", "a1", "a2", "a3", "a0+a1+a2"))
    assert considered.numbers == 0
    assert {one.proven for one in considered.lost} == {False}


# --- snapshots ------------------------------------------------------------------------------------


def test_snapshots_that_repeat_each_other_are_judged_together(tmp_path):
    from amends.disclosure.refining import Repeat

    later = replace(FORCE, id="two", counts={**NUMBERS, (3, 0): 44})
    where = {"a": frozenset({"a0", "a1", "a2"})}
    for repeats, expected in [(Repeat("one", where), {"a0+a1": EXACT}), (None, {})]:
        folder = tmp_path / str(repeats is None)
        folder.mkdir()
        ledger = opened(folder, FORCE)
        keep(ledger, consider(ledger, release("a0+a1+a2", number="1")))
        record(read_ledger(folder), later, repeats)
        new = answer(later, axis("a", "a0+a1", "a3"), id="2", where={"b": frozenset({"b0"})})
        assert kinds(consider(read_ledger(folder), new)) == expected


# --- bad input ------------------------------------------------------------------------------------


def test_numbers_that_are_not_those_of_the_snapshot_are_refused(tmp_path):
    good = release("a0", "a1")
    bad = replace(good, tables=(replace(good.tables[0], values=(20, 31)),))
    with pytest.raises(
        DisclosureError, match=r"release 1, table 1 \(Counts\), a1: 31: snapshot one counts 30"
    ):
        consider(alone(FORCE), bad)


def test_a_history_that_contradicts_itself_is_refused():
    good = release("a0", number="0")
    bad = replace(good, tables=(replace(good.tables[0], values=(19,)),))
    ledger = replace(alone(FORCE), releases={"0": bad})
    with pytest.raises(DisclosureError, match="release 0, table 1"):
        consider(ledger, release("a1"))


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"snapshot": "none"}, "there is no snapshot 'none' in the ledger"),
        ({"threshold": 0}, "the threshold is 0"),
        ({"id": "0"}, "is in the ledger already"),
    ],
)
def test_a_release_that_does_not_fit_is_refused(change, wrong):
    ledger = replace(alone(FORCE), releases={"0": release("a1", number="0")})
    with pytest.raises(DisclosureError, match=wrong):
        consider(ledger, replace(release("a0"), **change))


def test_a_code_that_the_snapshot_has_not_is_refused():
    table = replace(release("a0").tables[0], axes=(axis("a", "a9"),))
    with pytest.raises(DisclosureError, match="there is no code 'a9' in a"):
        consider(alone(FORCE), replace(release("a0"), tables=(table,)))


def test_what_may_not_leave_is_not_appended(tmp_path):
    ledger = opened(tmp_path, FORCE)
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(WouldDisclose, match="a2: may not leave: counts 2"):
        append(ledger, release("a0", "a2"))
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    append(ledger, release("a0", "a1"))
    assert list(read_ledger(tmp_path).releases) == ["1"]


def test_an_empty_ledger_has_no_snapshot_to_count_from():
    with pytest.raises(DisclosureError, match="Known: none"):
        consider(Ledger(Path("nowhere")), release("a0"))
