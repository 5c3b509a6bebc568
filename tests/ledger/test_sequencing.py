"""Entering and sequencing: what is entered is found in a signed, growing, consistent log."""

import datetime as dt
import itertools

import pytest
from django.db import DatabaseError, transaction

from amends.ledger import book
from amends.ledger.book import NoTransaction, enter
from amends.ledger.inspecting import inspect
from amends.ledger.leaves import LeafError, commitment
from amends.ledger.log import consistency as prove
from amends.ledger.log import inclusion, verify_consistency, verify_inclusion
from amends.ledger.models import Checkpoint, Entry, Payload
from amends.ledger.notes import Signer
from amends.ledger.receiving import case_receipt
from amends.ledger.sequencing import WillNotSign, published, sequence
from amends.ledger.tiles import PublishedError, tile_path
from amends.ledger.verifying import verify

EVENT = {"force": "invented", "case": "INV/1", "kind": "cases.note", "by": "p-1"}


def test_an_event_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(NoTransaction):
        enter(**EVENT, payload={})
    assert not Entry.objects.exists()


def test_an_action_that_fails_leaves_no_entry(db):
    before = book.entered()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enter(**EVENT, payload={})
        assert book.entered() == before + 1
        raise ZeroDivisionError
    assert not Entry.objects.exists()
    assert not Payload.objects.exists()


@pytest.mark.parametrize(
    "words", ["NUL \0", "bidi \u202e", "4-byte \U0001f9fe", "quote \" \\ '", "x" * 100_000, ""]
)
def test_odd_text_in_a_payload_is_kept_exactly(db, words):
    with transaction.atomic():
        entry = enter(**EVENT, payload={"words": words, "on": dt.date(2026, 3, 1), "n": None})
    kept = Payload.objects.get(entry=entry)
    assert commitment(bytes(kept.nonce), bytes(kept.payload)) == bytes(entry.commitment)
    import json

    assert json.loads(bytes(kept.payload)) == {"words": words, "on": "2026-03-01", "n": None}


@pytest.mark.parametrize(
    "wrong",
    [{"force": ""}, {"case": "a\nb"}, {"kind": "ledger.erased"}, {"by": "x" * 81}, {"policy": "\0"},
     {"at": dt.datetime(2026, 1, 1)}, {"payload": {"a": {1: object()}}}],
)  # fmt: skip
def test_what_cannot_be_entered_is_refused_and_nothing_half_written(db, wrong):
    with pytest.raises(LeafError), transaction.atomic():
        enter(**{**EVENT, "payload": {}, **wrong})
    assert not Entry.objects.exists()


def test_each_checkpoint_is_consistent_with_the_one_before_and_every_entry_is_proved(
    fill, folder, key
):
    fill(600, steps=6)
    sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
    assert sizes == [100, 200, 300, 400, 500, 600]
    view = published(folder, 1).view(600)
    heads = list(Checkpoint.objects.order_by("size"))
    for old, new in itertools.pairwise(heads):
        path = prove(published(folder, 1).view(new.size).node, old.size, new.size)
        verify_consistency(old.size, new.size, path, bytes(old.root), bytes(new.root))
    for entry in Entry.objects.all():
        path = inclusion(view.node, entry.index, 600)
        verify_inclusion(entry.as_leaf().hash, entry.index, 600, path, bytes(heads[-1].root))
    head = published(folder, 1).checkpoint(key.verifier)
    assert inspect(published(folder, 1), head).sound


def test_the_events_of_each_case_count_from_one_and_name_the_one_before(fill):
    fill(500, steps=5)
    for force, case in set(Entry.objects.exclude(case="").values_list("force", "case")):
        before = b""
        rows = Entry.objects.filter(force=force, case=case).order_by("index")
        for number, entry in enumerate(rows, 1):
            assert (entry.case_sequence, bytes(entry.previous)) == (number, before)
            before = bytes(entry.leaf)
    assert set(Entry.objects.filter(case="").values_list("case_sequence", flat=True)) == {0}


def test_sequencing_again_with_nothing_new_gives_the_same_checkpoint(fill, folder, key):
    first = fill(10)
    note = published(folder, 1).note()
    assert sequence(folder, key) == first
    assert published(folder, 1).note() == note == first.note


def test_an_empty_log_is_signed_and_then_grows(db, folder, key, fill):
    assert sequence(folder, key).size == 0
    assert fill(3).size == 3


def test_another_key_does_not_sign_this_log(fill, folder):
    fill(3)
    with pytest.raises(Exception, match=r"of the log|No key"):
        sequence(folder, Signer.new("invented.example/ledger"))
    with pytest.raises(WillNotSign, match="of the log"):
        sequence(folder, Signer("invented.example/other", bytes(range(32))))


def test_the_database_refuses_half_a_place_and_a_place_twice(fill):
    fill(4)
    for change in ({"index": None}, {"index": -1}, {"index": 2}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Entry.objects.filter(index=1).update(**change)


def test_an_entry_altered_before_it_is_signed_is_not_signed(fill, folder, key, monkeypatch):
    fill(4)
    note = published(folder, 1).note()
    with transaction.atomic():
        entry = enter(**EVENT, payload={"a": 1})
    Payload.objects.filter(entry=entry).update(payload=b'{"a":2}')
    with pytest.raises(WillNotSign, match="payload"):
        sequence(folder, key)
    assert published(folder, 1).note() == note


def test_a_crash_at_any_step_of_sequencing_is_made_good_by_the_next(fill, folder, key, monkeypatch):
    fill(5)
    for step in ("tiles.Published.extend", "tiles.Published.publish", "notes.sign_checkpoint"):
        with transaction.atomic():
            enter(**EVENT, payload={"step": step})
        with monkeypatch.context() as patched:
            patched.setattr(f"amends.ledger.{step}", crash)
            with pytest.raises(MemoryError):
                sequence(folder, key)
        if step != "tiles.Published.extend":
            with transaction.atomic():
                enter(**EVENT, payload={"after": step})
        size = Entry.objects.count()
        assert sequence(folder, key).size == size
        log = published(folder, 1)
        assert inspect(log, log.checkpoint(key.verifier)).sound


def crash(*_, **__):
    raise MemoryError


def test_an_altered_entry_under_a_head_signed_before_a_crash_is_not_signed_over(
    fill, folder, key, monkeypatch
):
    fill(5)
    with transaction.atomic():
        entry = enter(**EVENT, payload={})
    with monkeypatch.context() as patched:
        patched.setattr("amends.ledger.tiles.Published.publish", crash)
        with pytest.raises(MemoryError):
            sequence(folder, key)
    entry.refresh_from_db()
    entry.by = "p-9"
    entry.leaf = entry.as_leaf().hash
    entry.save()
    with transaction.atomic():
        enter(**EVENT, payload={})
    with pytest.raises(WillNotSign, match="Another head"):
        sequence(folder, key)


def test_a_receipt_from_the_database_holds_offline(fill, folder, key):
    fill(300, steps=3)
    made = case_receipt(folder, key, force="invented-east", case="INV/3", by="p-panel")
    shown = verify(made.text, key.verifier)
    count = Entry.objects.filter(force="invented-east", case="INV/3").count()
    assert len(shown.events) == count > 3
    fill(300, seed=2)
    again = case_receipt(folder, key, force="invented-east", case="INV/3", by="p-panel")
    assert len(verify(again.text, key.verifier).events) > count
    with pytest.raises(LeafError, match="nothing of the case"):
        case_receipt(folder, key, force="invented-east", case="NONE/1", by="p-panel")


def test_a_row_altered_between_its_place_and_its_signature_is_not_signed(
    fill, folder, key, monkeypatch
):
    fill(5)
    with transaction.atomic():
        enter(**EVENT, payload={})
    with monkeypatch.context() as patched:
        patched.setattr("amends.ledger.tiles.Published.extend", crash)
        with pytest.raises(MemoryError):
            sequence(folder, key)
    Entry.objects.filter(index=5).update(by="p-9")
    with pytest.raises(WillNotSign, match="altered"):
        sequence(folder, key)
    Entry.objects.filter(index=5).update(by="p-1", index=6)
    with pytest.raises(WillNotSign, match="altered"):
        sequence(folder, key)


def test_a_root_worked_out_differently_is_not_signed(fill, folder, key, monkeypatch):
    fill(5)
    note = published(folder, 1).note()
    with transaction.atomic():
        enter(**EVENT, payload={})
    monkeypatch.setattr("amends.ledger.tiles.Published.extend", lambda *_: bytes(32))
    with pytest.raises(WillNotSign, match="different roots"):
        sequence(folder, key)
    assert published(folder, 1).note() == note


def test_a_published_tile_that_was_altered_is_not_built_upon(fill, folder, key):
    fill(300)
    with transaction.atomic():
        enter(**EVENT, payload={})
    tile = published(folder, 1).folder / tile_path(0, 1, 44)
    tile.write_bytes(bytes(44 * 32))
    with pytest.raises(PublishedError, match="do not give the root"):
        sequence(folder, key)
