"""Certificates of what the ledger lets through: the independent checker has no fault to find."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.cli import main
from amends.disclosure import certifying
from amends.disclosure.certifying import certify, up_to
from amends.disclosure.checking import check
from amends.disclosure.considering import consider, keep
from amends.disclosure.errors import DisclosureError
from amends.disclosure.issuing import issue
from amends.disclosure.protecting_history import silent
from amends.disclosure.published import Release
from amends.disclosure.refining import Repeat
from amends.disclosure.releases import Ledger, read_ledger, record
from amends.openness.publishing.sources import read_sources
from support.releasing import answer, axis, force, opened, requests, small

AXES = {
    "a": [("a0+a1+a2", "a0", "a1", "a2"), ("a0+a1", "a2"), ("a1", "a2"), ("a0+a1+a2",)],
    "b": [("b0+b1+b2", "b0", "b1", "b2"), ("b0", "b1+b2"), ("b2",), ("b0+b1+b2",)],
}
counts = st.lists(
    st.one_of(st.integers(0, 2), st.integers(0, 9), st.integers(10, 40)), min_size=9, max_size=9
)
asked = st.lists(
    st.tuples(st.sampled_from(AXES["a"]), st.sampled_from(AXES["b"])), min_size=1, max_size=4
)


@settings(max_examples=60, deadline=None)
@given(counts, asked)
def test_whatever_the_ledger_lets_through_is_certified_or_was_told_to_be_lost(
    tmp_path_factory, numbers, tables
):
    leaves = [(a, b) for a in range(3) for b in range(3)]
    snapshot = small(dict(zip(leaves, numbers, strict=True)), 3, 3)
    if not snapshot.counts:
        return
    folder = tmp_path_factory.mktemp("ledger")
    opened(folder, snapshot)
    for number, (a, b) in enumerate(tables):
        release = answer(snapshot, axis("a", *a), axis("b", *b), id=str(number))
        considered = consider(read_ledger(folder), release)
        keep(read_ledger(folder), considered)
        ledger = read_ledger(folder)
        try:
            certificate = certify(ledger, str(number))
        except DisclosureError as error:
            assert "is not proved safe" in str(error)
            assert considered.lost  # earlier answers left no room, and that was told
            return
        releases = up_to(ledger, str(number))
        assert len(releases) == number + 1
        assert check(snapshot, releases, certificate).holds
        assert issue(snapshot, releases, certificate)[0].release == releases[-1].digest


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Eight answers of the invented force that overlap, considered one after the other."""
    folder, snapshot = tmp_path_factory.mktemp("ledger"), force()
    opened(folder, snapshot)
    for release in requests(8, snapshot):
        ledger = read_ledger(folder)
        keep(ledger, consider(ledger, release))
    return folder


def test_answers_that_overlap_are_certified_with_all_before_them(kept):
    ledger = read_ledger(kept)
    (snapshot,) = ledger.snapshots.values()
    last = list(ledger.releases)[-1]
    verdict = check(snapshot, up_to(ledger, last), certify(ledger, last))
    print(f"\n{verdict.protected:,} protected cells of 8 answers, each proved, insiders included")
    assert verdict.holds
    assert verdict.protected > 300


def test_without_the_witnesses_that_were_kept_they_are_sought_anew(kept, tmp_path):
    for path in kept.iterdir():
        if path.name != "witnesses.json":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    ledger = read_ledger(tmp_path)
    assert certify(ledger, "2024/003").moves


def test_the_folder_that_is_written_can_be_published_from(kept, tmp_path, capsys):
    safe = tmp_path / "safe"
    assert main(["releases", "certify", str(kept), "2024/001", "--out", str(safe)]) == 0
    assert "is proved, with 1 before it" in capsys.readouterr().out
    (source,) = read_sources([safe], kept, make_key=True)
    assert source.release.id == "2024/001"
    assert main(["releases", "certify", str(kept), "2024/001", "--out", str(safe)]) == 2


def test_what_left_although_it_tells_too_much_is_not_certified(tmp_path):
    snapshot = small({(0, 0): 2, (1, 0): 20, (2, 0): 20}, 3, 1)
    ledger = opened(tmp_path, snapshot)
    told = answer(snapshot, axis("a", "a0+a1", "a0", "a1"), withheld=[1])
    record(ledger, told)
    with pytest.raises(DisclosureError, match="is not proved safe: release 1, table 1, cell"):
        certify(read_ledger(tmp_path), "1")


def test_what_cannot_be_certified_is_refused_in_words(tmp_path):
    snapshot = small({(0, 0): 20, (1, 0): 20}, 2, 1)
    ledger = opened(tmp_path, snapshot)
    with pytest.raises(DisclosureError, match=r"is not in the ledger. *Known: none"):
        certify(ledger, "1")
    again = replace(snapshot, id="two")
    record(read_ledger(tmp_path), again, Repeat(snapshot.id, {}))
    release = answer(again, axis("a", "a0", "a1"))
    keep(read_ledger(tmp_path), consider(read_ledger(tmp_path), release))
    with pytest.raises(DisclosureError, match="stands alone"):
        certify(read_ledger(tmp_path), "1")


def test_only_releases_of_the_snapshot_and_before_it_are_certified_together():
    def release(id, snapshot):  # noqa: A002
        return Release(id, snapshot, date(2026, 1, 1), "foi", 5, "Judged.", ())

    every = [release("1", "one"), release("2", "two"), release("3", "one"), release("4", "one")]
    ledger = Ledger(None, releases={one.id: one for one in every})
    assert [one.id for one in up_to(ledger, "3")] == ["1", "3"]


# --- its parts ------------------------------------------------------------------------------------

SIX = {(0, 0): 1, (1, 0): 4, (2, 0): 5, (3, 0): 6, (4, 0): 30}
"""Counts about the threshold of five, and a code (a5) that counts nobody."""
EACH = tuple(f"a{n}" for n in range(6))


def handed(ledger, releases, monkeypatch):
    """What the gate is asked, where *releases* are certified: counts, equations, and what is to be proved."""
    asked = {}

    def gate(counts, equations, _published, wanted, before, tell):
        asked.update(counts=counts, equations=equations, wanted=wanted, before=before)
        return SimpleNamespace(moves=[])

    monkeypatch.setattr(certifying, "gate", gate)
    assert list(certifying._witnesses(ledger, releases, [], silent)) == []
    return asked


def test_only_what_counts_some_and_fewer_than_the_threshold_is_to_be_proved(tmp_path, monkeypatch):
    snapshot = small(SIX, 6, 1)
    release = answer(snapshot, axis("a", *EACH), withheld=range(6))
    asked = handed(opened(tmp_path, snapshot), [release], monkeypatch)
    assert sorted(one.count for one in asked["wanted"]) == [1, 4]
    for one in asked["wanted"]:
        assert (one.threshold, one.against, one.cut, one.hidden) == (5, 5, (), True)
        assert sum(asked["counts"][each] for each in one.inside) == one.count
    assert asked["equations"] == []
    assert asked["counts"][-1] == 0, "beyond the last leaf is nobody"


@pytest.mark.parametrize("thresholds", [(3, 7), (7, 3)])
def test_each_count_is_proved_to_the_greatest_threshold_by_which_it_was_withheld(
    tmp_path, monkeypatch, thresholds
):
    snapshot = small(SIX, 6, 1)
    releases = [
        replace(answer(snapshot, axis("a", *EACH), id=str(n), withheld=range(6)), threshold=n)
        for n in thresholds
    ]
    asked = handed(opened(tmp_path, snapshot), releases, monkeypatch)
    assert sorted(one.count for one in asked["wanted"]) == [1, 4, 5, 6]
    assert {one.threshold for one in asked["wanted"]} == {7}


def test_a_figure_is_an_equation_and_a_rounded_one_its_bounds(tmp_path, monkeypatch):
    snapshot = small(SIX, 6, 1)
    release = answer(snapshot, axis("a", *EACH))
    (table,) = release.tables
    told = (None, (0, 4), 5, 6, (25, 35), 0)
    release = replace(release, tables=(replace(table, values=told),))
    asked = handed(opened(tmp_path, snapshot), [release], monkeypatch)
    assert [(one.least, one.most) for one in asked["equations"]] == [
        (0, 4),
        (5, 5),
        (6, 6),
        (25, 35),
        (0, 0),
    ]
    assert sorted(one.count for one in asked["wanted"]) == [1, 4], (
        "a rounded count is withheld, too"
    )


def test_a_change_of_records_is_one_of_classes_and_what_cancels_is_none():
    classes = SimpleNamespace(classes=((0, 0, 1), (0, 1)), sizes=(2, 2))
    spelt = [("one", (0, 1), 2), ("one", (1, 1), -1), ("one", (2, 0), -1), ("one", (2, 1), 3)]
    assert certifying._move(classes, spelt) == ((1, 1), (2, -1), (3, 3))
    assert certifying._move(classes, [("one", (0, 0), 1), ("one", (1, 0), -1)]) == ()
    assert certifying._move(classes, [("one", (2, 0), 1), ("one", (0, 0), 1)]) == ((0, 1), (2, 1))


def certified_with(tmp_path, monkeypatch, spelt, faults=()):
    snapshot = small({(0, 0): 20, (1, 0): 20}, 2, 1)
    ledger = opened(tmp_path, snapshot)
    release = answer(snapshot, axis("a", "a0", "a1"))
    monkeypatch.setattr(certifying, "_witnesses", lambda *_: iter(spelt))
    monkeypatch.setattr(certifying, "check", lambda *_: SimpleNamespace(faults=faults))
    return snapshot, release, certifying.certified(ledger, [release], [])


def test_a_certificate_has_each_change_once_and_none_that_changes_nothing(tmp_path, monkeypatch):
    one = [("x", (0, 0), 1), ("x", (1, 0), -1)]
    other = [("x", (0, 0), -1), ("x", (1, 0), 1)]
    nothing = [("x", (0, 0), 1), ("x", (0, 0), -1)]
    snapshot, release, found = certified_with(tmp_path, monkeypatch, [one, nothing, other, one])
    assert found.moves == (((0, 1), (1, -1)), ((0, -1), (1, 1)))
    assert found.releases == {release.id: release.digest}
    assert found.snapshot == snapshot.digest
    assert set(found.classes) == {one.name for one in snapshot.dimensions}


def test_three_faults_are_named_and_no_more(tmp_path, monkeypatch):
    with pytest.raises(DisclosureError) as error:
        certified_with(tmp_path, monkeypatch, [], ("first", "second", "third", "fourth"))
    assert "is not proved safe: first; second; third. " in f"{error.value} "
    assert "fourth" not in str(error.value)
    assert "Do not publish it." in str(error.value)


def test_a_release_that_is_not_there_is_told_with_those_that_are():
    ledger = Ledger(None, releases=dict.fromkeys(("1", "2")))
    with pytest.raises(DisclosureError, match=r"release 9: is not in the ledger\. *Known: 1, 2\."):
        up_to(ledger, "9")
