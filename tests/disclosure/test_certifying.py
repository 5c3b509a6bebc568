"""Certificates of what the ledger lets through: the independent checker has no fault to find."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.cli import main
from amends.disclosure.certifying import certify, up_to
from amends.disclosure.checking import check
from amends.disclosure.considering import consider, keep
from amends.disclosure.errors import DisclosureError
from amends.disclosure.issuing import issue
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
