"""Forty answers whose periods overlap: together they tell no small count; each alone, they tell many.

What is told is reckoned once more, by other code (`support.reckoning`).
"""

import os
import time
from collections import Counter
from dataclasses import replace

import pytest

from amends.disclosure.certifying import certify, up_to
from amends.disclosure.checking import check
from amends.disclosure.considering import EXACT, NARROW, SMALL, consider, keep
from amends.disclosure.contradictions import contradictions
from amends.disclosure.refining import Cell, bits, coarsest
from amends.disclosure.releases import read_ledger
from support.reckoning import THRESHOLD, Told, small_counts
from support.releasing import alone, force, opened, requests

LONG = bool(os.environ.get("AMENDS_LONG"))
MANY = 40 if LONG else 10


@pytest.fixture(scope="module")
def snapshot():
    return force()


@pytest.fixture(scope="module")
def asked(snapshot):
    return requests(MANY, snapshot)


@pytest.fixture(scope="module")
def by_ledger(snapshot, asked, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger")
    opened(folder, snapshot)
    considered, seconds = [], []
    for release in asked:
        ledger, begun = read_ledger(folder), time.process_time()
        considered.append(consider(ledger, release))
        seconds.append(time.process_time() - begun)
        keep(ledger, considered[-1])
    print(f"\nCPU seconds an answer: {sum(seconds) / MANY:.1f}, at most {max(seconds):.1f}")
    return folder, considered


@pytest.fixture(scope="module")
def by_itself(snapshot, asked):
    return [consider(alone(snapshot), release) for release in asked]


def test_with_the_ledger_no_small_count_can_be_worked_out(snapshot, by_ledger):
    told = Told(snapshot, [one.release for one in by_ledger[1]])
    wanted = small_counts(snapshot, told)
    print(f"\nwith the ledger: 0 of {len(wanted):,} small counts after {MANY} answers")
    assert len(wanted) > 400
    assert told.tells(wanted) == 0


def test_each_answer_protected_by_itself_lets_small_counts_out(snapshot, by_itself):
    told = Told(snapshot, [one.release for one in by_itself])
    wanted = small_counts(snapshot, told)
    found = told.tells(wanted)
    print(f"\neach by itself: {found:,} of {len(wanted):,} small counts after {MANY} answers")
    assert found > (100 if LONG else 5)


def test_the_ledger_keeps_nine_tenths_of_what_each_by_itself_would_publish(by_ledger, by_itself):
    kept = sum(one.numbers for one in by_ledger[1])
    both = sum(one.numbers for one in by_itself)
    others = [each for one in by_itself for each in one.withheld]
    ahead = sum(each.kind == SMALL and each.value == THRESHOLD for each in others)
    exact = both + ahead + sum(each.kind == NARROW for each in others)
    why = Counter(each.kind for one in by_ledger[1] for each in one.withheld)
    print(
        f"\nnumbers published of {MANY} answers: ledger {kept:,}; each by itself {both:,} with both "
        f"gates ({kept / both:.1%}), {exact:,} against subtraction alone ({kept / exact:.1%}), counts of "
        f"exactly the threshold ({ahead:,}) taken as published there; "
        f"withheld by the ledger: {dict(why)}"
    )
    assert kept >= 0.9 * both


def test_no_small_count_was_lost_not_even_to_insiders(by_ledger):
    assert not [each for one in by_ledger[1] for each in one.lost]


def test_the_last_answer_is_certified_with_all_before_it_insiders_included(snapshot, by_ledger):
    ledger = read_ledger(by_ledger[0])
    last = list(ledger.releases)[-1]
    certificate, releases = certify(ledger, last), up_to(ledger, last)
    verdict = check(snapshot, releases, certificate)
    print(
        f"\n{len(releases)} answers certified together: {verdict.protected:,} protected cells, 0 without proof"
    )
    assert len(releases) == MANY
    assert verdict.holds


def test_differences_name_earlier_answers_of_the_ledger(by_ledger, asked):
    ids = [release.id for release in asked]
    named = Counter()
    for at, one in enumerate(by_ledger[1]):
        for each in one.withheld:
            if each.kind in (EXACT, NARROW):
                assert set(each.answers) <= set(ids[:at])
                assert sorted(each.answers, key=ids.index) == list(each.answers)
                named[len(each.answers)] += 1
    print(f"\nearlier answers named, and how often: {sorted(named.items())}")
    assert named[0]
    assert sum(named.values()) > named[0]


def test_the_witnesses_agree_with_everything_by_addition(snapshot, by_ledger):
    folder, considered = by_ledger
    ledger = read_ledger(folder)
    holders = [
        (table.holders(snapshot), table.values)
        for release in ledger.releases.values()
        for table in release.tables
    ]
    for witness in considered[-1].witnesses[:: 1 if LONG else 20]:
        changed = Counter()
        for _, leaf, change in witness:
            changed[leaf] += change
        assert all(snapshot.counts.get(leaf, 0) + change >= 0 for leaf, change in changed.items())
        for cells_of, values in holders:
            moved = Counter()
            for leaf, change in changed.items():
                for cell in cells_of(leaf):
                    moved[cell] += change
            assert all(values[cell] is None for cell, change in moved.items() if change)


def test_every_withheld_cell_has_a_witness_of_at_most_one_and_one_of_at_least_the_threshold(
    snapshot, by_ledger
):
    """Read from the last answer's witnesses, by addition over the records alone."""
    last = [one for one in by_ledger[1] if one.witnesses][-1]
    for table in last.release.tables:
        true, cells_of = table.count(snapshot), table.holders(snapshot)
        least, most = list(true), list(true)
        for witness in last.witnesses:
            moved = Counter()
            for _, leaf, change in witness:
                for cell in cells_of(leaf):
                    moved[cell] += change
            for cell, change in moved.items():
                least[cell] = min(least[cell], true[cell] + change)
                most[cell] = max(most[cell], true[cell] + change)
        for at, value in enumerate(table.values):
            if value is None and 0 < true[at] < THRESHOLD:
                assert least[at] <= 1
                assert most[at] >= THRESHOLD


def test_a_history_kept_by_the_ledger_contradicts_itself_nowhere(by_ledger):
    assert contradictions(read_ledger(by_ledger[0])) == []


def test_a_planted_number_is_found_by_the_reckoning_of_this_test(snapshot, by_ledger):
    """One number that the ledger withheld, published after all, tells a small count."""
    considered = by_ledger[1]
    releases = [one.release for one in considered]
    at, one = next(
        (at, each)
        for at, one in enumerate(considered)
        for each in one.withheld
        if each.kind == EXACT
    )
    table = releases[at].tables[0]
    values = [one.value if place == one.cell else value for place, value in enumerate(table.values)]
    planted = Told(
        snapshot,
        [*releases[:at], _with(releases[at], tuple(values)), *releases[at + 1 :]],
    )
    assert planted.tells(small_counts(snapshot, planted)) > 0


def _with(release, values):
    return replace(release, tables=(replace(release.tables[0], values=values),))


def test_days_are_cut_where_the_requests_cut_them(snapshot, asked):
    told = Told(snapshot, asked)
    grid = coarsest(told.space).refined(cell for cell, _ in told.cells)
    assert len(grid.parts[0]) == len(told.codes[0])
    assert len(grid.sizes) == told.many
    days = [code for part in grid.parts[0] for code in bits(part)]
    assert sorted(days) == list(range(1096))
    assert isinstance(told.cells[0][0], Cell)
