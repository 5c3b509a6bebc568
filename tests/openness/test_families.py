"""Answers by attributes that read the same facts, in any order: what one tells is not to be had from another."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.disclosure.published import read_release
from amends.disclosure.snapshots import read_snapshot
from amends.openness.answering import answer
from amends.openness.counted import Source
from amends.openness.families import Family, labels_of, members_of, widened
from amends.openness.partition import Judged
from amends.openness.questions import Attribute, attributes, questions
from amends.statistics.cases import open_cases
from support.victims import invented_cases

DAY = date(2025, 4, 30)
JUDGED = Judged(5, "Small counts might let somebody be recognised.", "The invented officer", DAY)
VICTIMS = [one.name for one in attributes().values() if one.family == "victims"]
ASKED = (
    "twelve-02-consulted",
    "twelve-03-consented",
    "twelve-04-supervisor-consulted",
    "twelve-06-reason",
)
PRIME = 1_000_003


def silent(what, done, of):
    return None


def asked_in_turn(path, answers, names):
    with open_cases(path) as cases:
        source = Source("invented", cases, DAY, True, "Invented Constabulary", "x@y.example")
        return {
            one: answer(questions()[one], source, answers, JUDGED, None, silent) for one in names
        }


def told(answered, joint=()):
    """Every figure told in the answers, and of which rows and *joint* codes it is the sum."""
    found = []
    for one in answered.values():
        for table in one.releases[0].tables:
            for (row, label), value in zip(table.cells(), table.values, strict=True):
                if value is not None:
                    name = table.axes[1].dimension
                    codes = label.codes
                    if joint:
                        codes = frozenset().union(*(labels_of(name, joint)[one] for one in codes))
                    found.append((frozenset((r, c) for r in row.codes for c in codes), value))
    return found


def determined(equations, wanted):
    """Which of *wanted*, sets of places, are a sum of *equations*: by elimination modulo a prime."""
    places = {one: at for at, one in enumerate(sorted({p for some, _ in equations for p in some}))}
    rows = np.zeros((len(equations), len(places)), np.int64)
    for at, (some, _) in enumerate(equations):
        rows[at, [places[one] for one in some]] = 1
    own = []
    for column in range(len(places)):
        done = len(own)
        if not len(hit := np.flatnonzero(rows[done:, column])):
            continue
        rows[[done, done + hit[0]]] = rows[[done + hit[0], done]]
        rows[done] = rows[done] * pow(int(rows[done, column]), -1, PRIME) % PRIME
        rest = np.setdiff1d(np.flatnonzero(rows[:, column]), [done])
        rows[rest] = (rows[rest] - np.outer(rows[rest, column], rows[done])) % PRIME
        own.append(column)
    found = []
    for one in wanted:
        vector = np.zeros(len(places), np.int64)
        vector[[places[each] for each in one]] = 1
        left = (vector - vector[own] @ rows[: len(own)]) % PRIME
        found.append(not left.any())
    return found


def small(snapshot):
    """The small counts that the labels of the family have in each row, and what one has that another has not."""
    rows, codes = (one.codes for one in snapshot.dimensions)
    counts = {(rows[a], codes[b]): many for (a, b), many in snapshot.counts.items()}
    labels = {name: labels_of(name, codes) for name in members_of("victims", codes)}
    sets = {held for one in labels.values() for held in one.values()}
    for first, second in combinations(labels, 2):
        for one in labels[first].values():
            for other in labels[second].values():
                sets |= {one - other} if other < one else {other - one} if one < other else set()
    for row in rows:
        for held in sets:
            if 0 < sum(counts.get((row, code), 0) for code in held) < 5:
                yield frozenset((row, code) for code in held)


@pytest.mark.parametrize("order", [ASKED, ASKED[::-1], (ASKED[1], ASKED[0], ASKED[3])])
@pytest.mark.parametrize("seed", [11, 12])
def test_no_small_count_is_had_by_setting_one_answer_against_another(order, seed, tmp_path):
    path = invented_cases(tmp_path / "cases.parquet", seed)
    answered = asked_in_turn(path, tmp_path / "answers", order)
    snapshot = read_snapshot(next((tmp_path / "answers").glob("*/frozen/victims.json")))
    equations = told(answered)
    wanted = list(small(snapshot))
    places = {one for some, _ in equations for one in some}
    wanted = [one for one in wanted if one <= places]
    assert len(wanted) > 10
    assert not any(determined(equations, wanted))


def test_answers_that_are_judged_apart_are_found_out(tmp_path, monkeypatch):
    """So the test above can fail."""
    path = invented_cases(tmp_path / "cases.parquet", 11)
    asked_in_turn(path, tmp_path / "together", ASKED[:1])
    snapshot = read_snapshot(next((tmp_path / "together").glob("*/frozen/victims.json")))
    apart = {name: replace(one, family="") for name, one in attributes().items()}
    monkeypatch.setattr("amends.openness.families.attributes", lambda: apart)
    monkeypatch.setattr(
        "amends.openness.attribute_tables._family",
        lambda source, one, answers: Family(one.name, (one,)),
    )
    equations = told(asked_in_turn(path, tmp_path / "apart", ASKED), snapshot.dimensions[1].codes)
    assert any(determined(equations, list(small(snapshot))))


def test_the_same_figures_are_told_whichever_is_asked_first(tmp_path, monkeypatch):
    """With the same key, by which equals are told apart."""
    monkeypatch.setattr("amends.disclosure.releases.secrets.token_hex", lambda many: "5e" * many)
    path = invented_cases(tmp_path / "cases.parquet", 11)
    one = asked_in_turn(path, tmp_path / "one", ASKED)
    two = asked_in_turn(path, tmp_path / "two", ASKED[::-1])
    for name in ASKED:
        tables = [found[name].releases[0].tables[0] for found in (one, two)]
        assert tables[0].values == tables[1].values
        assert None in tables[0].values


def test_the_tables_of_a_family_are_proved_together(tmp_path):
    path = invented_cases(tmp_path / "cases.parquet", 11)
    answered = asked_in_turn(path, tmp_path / "answers", ASKED)
    base = answered[ASKED[0]].history.parent
    release = read_release(base / "safe" / "family-invented-2025-04-30-victims" / "release.json")
    assert [table.axes[1].name for table in release.tables] == VICTIMS
    assert {table.axes[1].dimension for table in release.tables} == {"victims"}


# --- joint codes ------------------------------------------------------------------------------------

NAMES = st.sampled_from(["agreed", "not agreed", "no victim", "not known"])


@given(st.lists(st.tuples(NAMES, NAMES, st.integers(1, 9)), min_size=1, max_size=30))
@settings(deadline=None)
def test_joint_codes_count_everybody_once_and_tell_each_label(rows):
    members = tuple(
        Attribute(name, name, "", (), ("agreed", "no victim", "not known"), family="two")
        for name in ("a", "b")
    )
    family = Family("two", members)
    counts = family.listed(("r0", (one, other), many) for one, other, many in rows)
    assert sum(counts.values()) == sum(many for *_, many in rows)
    codes = family.ordered({code for _, code in counts})
    if codes:
        for at, name in enumerate(("a", "b")):
            held = labels_of(name, codes)
            assert set().union(*held.values()) == set(codes)
            assert "not agreed" not in held, "it is not listed"
            for label in ("agreed", "no victim"):
                expected = sum(many for *both, many in rows if both[at] == label)
                assert sum(counts["r0", code] for code in held.get(label, ())) == expected


def test_a_label_takes_in_what_a_later_edition_brings():
    old = frozenset({"a: yes | b: no"})
    now = ("a: yes | b: no", "a: yes | b: yes", "a: no | b: no")
    assert widened("a", old, now) == frozenset(now[:2])
