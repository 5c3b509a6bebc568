"""Faults planted in the protector, in what the checker reads, and in the ledger: each is caught where it should be."""

from dataclasses import replace

import pytest

from support.disclosing import grid, spec
from support.releasing import answer, axis, opened, small

pytest.importorskip("highspy", reason="the extra `protect` is not installed")

from amends.disclosure import considering, protecting, protecting_blocks, protecting_search
from amends.disclosure.attacking import attack
from amends.disclosure.checking import check
from amends.disclosure.considering import consider, keep
from amends.disclosure.contradictions import SUM, contradictions
from amends.disclosure.determined import Known
from amends.disclosure.errors import DisclosureError
from amends.disclosure.issuing import issue
from amends.disclosure.protecting import Protected, protect
from amends.disclosure.protecting_history import Found
from amends.disclosure.protecting_layout import Layout
from amends.disclosure.published import Release
from amends.disclosure.releases import read_ledger, record
from amends.disclosure.snapshots import Snapshot
from amends.disclosure.systems import Place

ROWS = [[3, 9, 12, 40], [9, 14, 2, 8], [20, 0, 31, 1], [6, 25, 7, 50]]


def made(snapshot: Snapshot, table, earlier=()) -> Protected:
    return protect(snapshot, [table], list(earlier), spec())


def caught(snapshot: Snapshot, one: Protected, earlier=()) -> tuple[str, ...]:
    """What the check says of it; and that it cannot be issued where it says anything."""
    releases = [*earlier, one.release]
    faults = check(snapshot, releases, one.certificate).faults
    if faults:
        with pytest.raises(DisclosureError, match="is not proved safe"):
            issue(snapshot, releases, one.certificate)
    return faults


# ---- in the protector ------------------------------------------------------------------------


def test_without_a_fault_nothing_is_caught():
    snapshot, table = grid(ROWS)
    assert caught(snapshot, made(snapshot, table)) == ()


def test_a_protector_that_drops_a_secondary_cell_is_caught(monkeypatch):
    kept, dropped = protecting._Work._done, []

    def drops(self, search, price):
        dropped.append(max(search.because, key=lambda cell: (price[cell], cell)))
        search.because.pop(dropped[0])
        return kept(self, search, price)

    monkeypatch.setattr(protecting._Work, "_done", drops)
    snapshot, table = grid(ROWS)
    one = made(snapshot, table)
    assert one.release.tables[0].values[dropped[0]] is not None
    assert any("it changes what is told" in fault for fault in caught(snapshot, one))


def test_a_protector_that_tells_a_small_count_is_caught(monkeypatch):
    kept = protecting._Work._protected

    def tells(self, values, pool, because):
        values[0] = 3
        return kept(self, values, pool, because)

    monkeypatch.setattr(protecting._Work, "_protected", tells)
    snapshot, table = grid(ROWS)
    assert any(
        "it tells of 3, which is small" in fault
        for fault in caught(snapshot, made(snapshot, table))
    )


def test_a_protector_that_forgets_insiders_is_caught_by_the_check_alone(monkeypatch):
    """Who counts 1 and knows it reads his neighbour: nobody else does, so arithmetic sees nothing."""
    monkeypatch.setattr(Layout, "find_people", lambda self, told: None)
    snapshot, table = grid([[1, 2, 1], [20, 3, 3], [1, 1, 1]])
    one = made(snapshot, table)
    assert not [each for each in attack(snapshot, [one.release]).values() if each.exact]
    faults = caught(snapshot, one)
    assert faults
    assert all("somebody alone in a cell may know it is not" in fault for fault in faults)


def test_a_protector_that_takes_a_timeout_for_an_answer_is_caught(monkeypatch):
    """A search that found nothing in time counts as if it had: the check has no move to see."""

    def believes(self, target, closed=False):
        target.left = dict.fromkeys(target.left, frozenset())
        return True

    monkeypatch.setattr(protecting_search.Search, "prove", believes)
    snapshot, table = grid(ROWS)
    faults = caught(snapshot, made(snapshot, table))
    assert any("nothing shows that it may be" in fault for fault in faults)


def test_a_timeout_that_is_taken_for_one_publishes_nothing(monkeypatch):
    monkeypatch.setattr(protecting_blocks.Block, "_run", lambda self, **_: None)
    snapshot, table = grid(ROWS)
    with pytest.raises(DisclosureError, match="cannot be protected"):
        made(snapshot, table)


def test_a_protector_that_leaves_the_last_move_out_is_caught(monkeypatch):
    kept = protecting.Pool.needed
    monkeypatch.setattr(protecting.Pool, "needed", lambda self: kept(self)[:-1])
    snapshot, table = grid(ROWS)
    assert any(
        "nothing shows" in one or "may know" in one
        for one in caught(snapshot, made(snapshot, table))
    )


def test_a_protector_that_does_not_look_at_earlier_releases_is_caught():
    snapshot, table = grid(
        [[2, *[20] * 3], *[[20] * 4] * 3]
    )  # any of them would do: the key decides
    first = replace(made(snapshot, table).release, id="first")
    others = [protect(snapshot, [table], [], spec(key=bytes([n]))) for n in range(12)]
    blind = next(one for one in others if one.release.tables != first.tables)
    both = [first, blind.release]
    assert any(
        "what is certified is not" in one for one in check(snapshot, both, blind.certificate).faults
    )
    claimed = replace(blind.certificate, releases={one.id: one.digest for one in both})
    assert any("it changes what is told" in one for one in check(snapshot, both, claimed).faults)


# ---- in what the checker reads ---------------------------------------------------------------


def changed(one: Protected, move: int, at: int, by: int) -> Protected:
    """The certificate with one number of a move altered."""
    moves = list(one.certificate.moves)
    variable, change = moves[move][at]
    moves[move] = (*moves[move][:at], (variable, change + by), *moves[move][at + 1 :])
    return replace(one, certificate=replace(one.certificate, moves=tuple(moves)))


def test_a_witness_altered_by_one_is_caught_wherever():
    snapshot, table = grid(ROWS)
    one = made(snapshot, table)
    for move, changes in enumerate(one.certificate.moves):
        for at in range(len(changes)):
            for by in (-1, 1):
                assert caught(snapshot, changed(one, move, at, by))


def test_a_witness_of_another_variable_is_caught():
    snapshot, table = grid(ROWS)
    one = made(snapshot, table)
    for move, changes in enumerate(one.certificate.moves):
        (variable, by), *rest = changes
        moved = (((variable + 1) % 16, by), *rest)
        moves = (*one.certificate.moves[:move], moved, *one.certificate.moves[move + 1 :])
        assert caught(snapshot, replace(one, certificate=replace(one.certificate, moves=moves)))


def test_a_release_left_out_is_caught():
    snapshot, table = grid(ROWS)
    first = replace(made(snapshot, table).release, id="first")
    second = protect(snapshot, [replace(table, title="Again")], [first], spec())
    assert caught(snapshot, second, [first]) == ()
    assert check(snapshot, [second.release], second.certificate).faults == (
        "release first: what is certified is not what is here",
    )


def test_a_bound_moved_is_caught():
    snapshot, table = grid([[13, 9, 12, 40], [9, 14, 22, 8], [20, 10, 31, 11], [6, 25, 7, 4]])
    one = protect(snapshot, [table], [], spec(method="rounding"))
    assert caught(snapshot, one) == ()
    small_cell = table.count(snapshot).index(4)
    least, most = one.release.tables[0].values[small_cell]
    for bounds in ((least + 2, most), (least, 4), (4, 4), (5, most)):
        values = list(one.release.tables[0].values)
        values[small_cell] = bounds
        out = replace(one.release, tables=(replace(one.release.tables[0], values=tuple(values)),))
        claimed = replace(one.certificate, releases={out.id: out.digest})
        assert check(snapshot, [out], one.certificate).faults  # of another release
        assert check(snapshot, [out], claimed).faults, bounds


def test_a_threshold_lowered_after_the_fact_is_caught():
    snapshot, table = grid(ROWS)
    one = made(snapshot, table)
    lowered = replace(one, release=replace(one.release, threshold=1))
    assert caught(snapshot, lowered) == ("release new: what is certified is not what is here",)


def test_a_snapshot_altered_after_the_fact_is_caught():
    snapshot, table = grid(ROWS)
    one = made(snapshot, table)
    other = replace(snapshot, counts={**snapshot.counts, (0, 0): 4})
    faults = check(other, [one.release], one.certificate).faults
    assert faults[0].endswith("the certificate is of another")


# ---- in the ledger ---------------------------------------------------------------------------

FORCE = small(
    {(0, 0): 20, (1, 0): 30, (2, 0): 2, (3, 0): 40, (0, 1): 10, (1, 1): 11, (2, 1): 12, (3, 1): 13},
    4, 2,
)  # fmt: skip


def asked(number: str, *categories: str) -> Release:
    return answer(FORCE, axis("a", *categories), id=number, where={"b": frozenset({"b0"})})


def given_away(releases) -> list[frozenset[str]]:
    """The small counts among the single codes that what is published gives exactly, by linear algebra."""
    known = Known()
    for one in releases:
        for table in one.tables:
            for (category,), value in zip(table.cells(), table.values, strict=True):
                if value is not None:
                    known.add([int(code[1]) for code in category.codes], one.id, value)
    counts = {0: 20, 1: 30, 2: 2, 3: 40}
    return [
        frozenset({f"a{at}"}) for at, count in counts.items() if count < 5 and known.gives([at])
    ]


def two_answers(folder):
    """The answers that together would give a2, considered one after the other."""
    ledger = opened(folder, FORCE)
    keep(ledger, consider(ledger, asked("1", "a0+a1+a2")))
    keep(read_ledger(folder), consider(read_ledger(folder), asked("2", "a0+a1", "a3")))
    return list(read_ledger(folder).releases.values())


def test_with_both_gates_nothing_is_given_away(tmp_path):
    assert given_away(two_answers(tmp_path)) == []


def test_without_the_first_gate_the_second_catches_it(tmp_path, monkeypatch):
    monkeypatch.setattr(considering._Judgement, "_exactly", lambda self, known, one: False)
    assert given_away(two_answers(tmp_path)) == []


def test_without_the_second_gate_the_first_catches_it(tmp_path, monkeypatch):
    monkeypatch.setattr(considering, "gate", lambda *_: Found({}, (), (), 0))
    assert given_away(two_answers(tmp_path)) == []


def test_without_either_gate_the_attack_finds_it(tmp_path, monkeypatch):
    monkeypatch.setattr(considering._Judgement, "_exactly", lambda self, known, one: False)
    monkeypatch.setattr(considering, "gate", lambda *_: Found({}, (), (), 0))
    out = two_answers(tmp_path)
    assert given_away(out) == [frozenset({"a2"})]
    hidden = answer(FORCE, axis("a", "a2"), id="3", where={"b": frozenset({"b0"})}, withheld=[0])
    found = attack(FORCE, [*out, hidden])
    assert found[Place(2, 0, 0)].exact
    assert found[Place(2, 0, 0)].least == 2


def test_a_release_dropped_from_the_ledger_is_caught(tmp_path):
    two_answers(tmp_path)
    lines = (tmp_path / "ledger.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "ledger.jsonl").write_text("".join([lines[0], *lines[2:]]))
    with pytest.raises(DisclosureError, match="ledger"):
        read_ledger(tmp_path)


def test_a_release_altered_in_the_ledger_is_caught(tmp_path):
    two_answers(tmp_path)
    file = tmp_path / "release-0001.json"
    file.chmod(0o600)
    file.write_text(file.read_text().replace("52", "53"))
    with pytest.raises(DisclosureError, match="release-0001"):
        read_ledger(tmp_path)


def test_a_release_left_out_of_what_is_judged_gives_the_difference_away(tmp_path, monkeypatch):
    """Why nothing may be left out: what `released` does not tell, the gates cannot see, and the attack does."""
    ledger = opened(tmp_path, FORCE)
    keep(ledger, consider(ledger, asked("1", "a0+a1+a2")))
    ledger = read_ledger(tmp_path)
    blind = replace(ledger, releases={})
    second = consider(blind, asked("2", "a0+a1", "a3")).release
    assert given_away([*ledger.releases.values(), second]) == [frozenset({"a2"})]
    assert (
        given_away([*ledger.releases.values(), consider(ledger, asked("2", "a0+a1", "a3")).release])
        == []
    )


def test_a_number_that_does_not_add_up_with_the_others_is_caught(tmp_path):
    ledger = opened(tmp_path, replace(FORCE, counts={}))
    for number, category, value in (("1", "a0", 20), ("2", "a1", 30), ("3", "a0+a1", 51)):
        one = asked(number, category)
        table = replace(one.tables[0], values=(value,))
        record(ledger, replace(one, tables=(table,)))
        ledger = read_ledger(tmp_path)
    assert [one.kind for one in contradictions(ledger)] == [SUM]
