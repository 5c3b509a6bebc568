"""Receipts: whole ones hold offline, and whatever is held back, altered or moved is seen."""

import datetime as dt
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.ledger.leaves import (
    Leaf,
    LeafError,
    check_text,
    commitment,
    moment,
    payload_bytes,
    read_moment,
)
from amends.ledger.log import Tree
from amends.ledger.notes import Checkpoint, Signer, sign_checkpoint
from amends.ledger.receipts import CLOSING_KIND, Receipt, ReceiptError, read_receipt, receipt
from amends.ledger.verifying import NotShown, verify

SIGNER = Signer("invented.example/log", bytes(range(32)))
CASES = ("INV/1", "INV/2", "INV/3")


def invented_log(events: int, seed: int) -> list[Leaf]:
    """An invented log of three cases, each ended by the asking for a receipt."""
    chance = random.Random(seed)
    heads: dict[str, Leaf] = {}
    leaves = []
    for number in range(events + len(CASES)):
        case = chance.choice(CASES) if number < events else CASES[number - events]
        before = heads.get(case)
        leaf = Leaf(
            force="invented", case=case, by="p-1", policy="", at=f"2026-01-01T00:00:00.{number:06d}Z",
            case_sequence=before.case_sequence + 1 if before else 1,
            previous=before.hash if before else b"",
            kind="cases.step" if number < events else CLOSING_KIND,
            commitment=commitment(chance.randbytes(16), b"{}"),
        )  # fmt: skip
        heads[case] = leaf
        leaves.append(leaf)
    return leaves


LOG = invented_log(60, seed=1)
TREE = Tree(leaf.hash for leaf in LOG)
NOTE = sign_checkpoint(Checkpoint("invented.example/log/1", len(LOG), TREE.root()), SIGNER)


def whole(case: str = "INV/1") -> Receipt:
    events = [(index, leaf) for index, leaf in enumerate(LOG) if leaf.case == case]
    return receipt(events, TREE.node, len(LOG), NOTE)


def test_a_whole_receipt_holds_and_says_so():
    shown = verify(whole().text, SIGNER.verifier)
    assert (shown.force, shown.case) == ("invented", "INV/1")
    assert len(shown.events) == sum(leaf.case == "INV/1" for leaf in LOG)
    assert "none was held back" in shown.summary()


def test_every_event_held_back_is_seen_alone_in_pairs_and_as_a_tail():
    proofs = whole().proofs
    omitted = [{one} for one in range(len(proofs))]
    omitted += [{one, two} for one in range(len(proofs)) for two in range(one)]
    omitted += [set(range(start, len(proofs))) for start in range(1, len(proofs))]
    for gone in omitted:
        left = tuple(one for number, one in enumerate(proofs) if number not in gone)
        with pytest.raises((NotShown, ReceiptError)):
            verify(Receipt(left, NOTE).text, SIGNER.verifier)


def test_an_event_swapped_doubled_or_lent_by_another_case_is_seen():
    mine, other = whole().proofs, whole("INV/2").proofs
    for wrong in (
        (mine[1], mine[0], *mine[2:]),
        (mine[0], mine[0], *mine[1:]),
        (mine[0], other[1], *mine[2:]),
        (*mine, other[-1]),
    ):
        with pytest.raises(NotShown):
            verify(Receipt(wrong, NOTE).text, SIGNER.verifier)


def test_a_receipt_of_another_key_is_refused():
    with pytest.raises(NotShown, match="checkpoint"):
        verify(whole().text, Signer.new("invented.example/log").verifier)


TEXT = whole().text


@given(st.integers(0, len(TEXT) - 1), st.characters(codec="utf-8", max_codepoint=0x2FFF))
def test_a_receipt_changed_in_one_place_is_refused(place, char):
    changed = TEXT[:place] + char + TEXT[place + 1 :]
    if changed != TEXT:
        with pytest.raises((NotShown, ReceiptError)):
            verify(changed, SIGNER.verifier)


@given(st.text())
def test_any_text_is_a_receipt_error_and_nothing_else(text):
    for start in (
        "",
        "amends case receipt v1\n\n",
        "amends case receipt v1\n\nc2sp.org/tlog-proof@v1\n",
    ):
        with pytest.raises(ReceiptError):
            read_receipt(start + text)


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@given(texts, texts, texts, st.integers(0, 10**9), st.binary(max_size=32))
def test_a_leaf_is_canonical_json_and_comes_back_as_it_was(force, case, kind, sequence, previous):
    leaf = Leaf(
        force=force, case=case, kind=kind, by="p", at="2026-01-01T00:00:00.000000Z", policy="",
        case_sequence=sequence, previous=previous, commitment=bytes(32),
    )  # fmt: skip
    assert Leaf.read(leaf.data) == leaf
    fields = json.loads(leaf.data[:-32])
    again = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert again.encode() == leaf.data[:-32]


def test_what_cannot_be_entered_is_told():
    for name, value in (("force", ""), ("case", "x" * 81), ("kind", "a\0b"), ("by", "\u202e")):
        with pytest.raises(LeafError, match=name):
            check_text(name, value)
    for payload in ({"a": float("nan")}, {"a": "\ud800"}, {"a": object()}, {(1, 2): 3}):
        with pytest.raises(LeafError):
            payload_bytes(payload)
    with pytest.raises(LeafError, match="16 bytes"):
        commitment(b"", b"{}")


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_comes_back_as_it_was(at):
    try:
        text = moment(at)
    except OverflowError:  # the first and last hours there are, in another zone
        return
    assert read_moment(text) == at.astimezone(dt.UTC)
    assert len(text) == 27


def of(changes: list[dict], order: list[int]) -> str:
    """The receipt of a case of three events, changed before they were put in the log in *order*."""
    leaves: list[Leaf] = []
    for number, change in enumerate(changes):
        fields = {
            "force": "invented", "case": "INV/1", "by": "p-1", "policy": "", "kind": "cases.step",
            "at": "2026-01-01T00:00:00.000000Z", "case_sequence": number + 1,
            "previous": leaves[-1].hash if leaves else b"", "commitment": bytes(32),
        }  # fmt: skip
        if number == len(changes) - 1:
            fields["kind"] = CLOSING_KIND
        leaves.append(Leaf(**{**fields, **change}))
    tree = Tree(leaves[at].hash for at in order)
    head = Checkpoint("invented.example/log/1", len(leaves), tree.root())
    events = [(order.index(at), leaf) for at, leaf in enumerate(leaves)]
    return receipt(events, tree.node, len(leaves), sign_checkpoint(head, SIGNER)).text


def test_a_log_whose_own_numbers_links_or_order_are_wrong_shows_nothing():
    assert verify(of([{}, {}, {}], [0, 1, 2]), SIGNER.verifier).events
    for changes, order in (
        ([{}, {"case_sequence": 3}, {}], [0, 1, 2]),
        ([{}, {"previous": bytes(32)}, {}], [0, 1, 2]),
        ([{}, {}, {}], [1, 0, 2]),
        ([{"case": ""}, {"case": ""}, {"case": ""}], [0, 1, 2]),
        ([{}, {"force": "another"}, {}], [0, 1, 2]),
    ):
        with pytest.raises(NotShown):
            verify(of(changes, order), SIGNER.verifier)
