"""An older backup restored: the log refuses to sign, and a new epoch records the gap."""

import shutil

import pytest
from django.db import transaction

from amends.ledger.book import enter
from amends.ledger.epochs import NothingLost, open_epoch
from amends.ledger.inspecting import inspect
from amends.ledger.log import consistency, verify_consistency
from amends.ledger.models import Checkpoint, Entry, Epoch, Payload
from amends.ledger.receiving import case_receipt
from amends.ledger.sequencing import Behind, WillNotSign, published, sequence
from amends.ledger.verifying import verify

EVENT = {"force": "invented", "case": "INV/1", "kind": "cases.note", "by": "p-1"}


def restore(size: int) -> None:
    """Make the database what its backup was when it had *size* entries, signed then."""
    Payload.objects.filter(entry__index__gte=size).delete()
    Payload.objects.filter(entry__index=None).delete()
    Entry.objects.filter(index__gte=size).delete()
    Entry.objects.filter(index=None).delete()
    Checkpoint.objects.filter(size__gt=size).delete()


def snapshot(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("more", [0, 1, 70, 300])
def test_an_older_backup_refuses_to_sign_whatever_is_entered_after(fill, folder, key, more):
    fill(200, steps=4)
    before = snapshot(folder)
    restore(100)
    for number in range(more):
        with transaction.atomic():
            enter(**EVENT, payload={"n": number})
    with pytest.raises(Behind, match="older backup"):
        sequence(folder, key)
    assert snapshot(folder) == before, "nothing was published"
    assert Entry.objects.filter(index=None).count() == more, "and no entry was given a place"


def test_an_empty_database_beside_a_published_log_refuses_to_sign(fill, folder, key):
    fill(20)
    restore(0)
    Checkpoint.objects.all().delete()
    Epoch.objects.all().delete()
    with pytest.raises(Behind, match="knows of no epoch"):
        sequence(folder, key)


def test_a_new_epoch_records_the_gap_and_the_log_goes_on(fill, folder, key):
    fill(200, steps=4)
    old = published(folder, 1).checkpoint(key.verifier)
    restore(100)
    with transaction.atomic():
        enter(**EVENT, payload={})
    head = open_epoch(folder, key, by="p-admin", reason="The disk failed.")
    assert (head.epoch.kept, head.epoch.lost, head.size) == (100, 200, 102)
    assert head.epoch.last_note == published(folder, 1).note(), "the lost head is kept"
    log = published(folder, 2)
    new = log.checkpoint(key.verifier)
    assert new.origin == "invented.example/ledger/2"
    assert inspect(log, new).sound
    gap = Payload.objects.get(entry__kind="ledger.epoch")
    for said in (b'"published":200', b'"kept":100', b'"agree":100', old.root.hex().encode()):
        assert said in bytes(gap.payload)
    # What was kept is as it was in the old epoch: its head at 100 begins the new tree.
    was = published(folder, 1).view(100).frontier().root()
    path = consistency(log.view(new.size).node, 100, new.size)
    verify_consistency(100, new.size, path, was, new.root)
    fill(30, seed=5)
    made = case_receipt(folder, key, force="invented-east", case="INV/3", by="p-panel")
    assert verify(made.text, key.verifier).checkpoint.origin.endswith("/2")


def test_a_new_epoch_is_not_opened_while_nothing_is_lost(fill, folder, key):
    fill(20)
    with pytest.raises(NothingLost):
        open_epoch(folder, key, by="p-admin", reason="Because.")
    assert Epoch.objects.count() == 1


def test_a_backup_from_before_an_epoch_refuses_to_sign(fill, folder, key):
    fill(200, steps=4)
    restore(100)
    open_epoch(folder, key, by="p-admin", reason="The disk failed.")
    restore(50)
    Checkpoint.objects.filter(epoch__number=2).delete()
    Epoch.objects.filter(number=2).delete()
    with pytest.raises(Behind, match="still in epoch 1"):
        sequence(folder, key)
    head = open_epoch(folder, key, by="p-admin", reason="And again.")
    assert (head.epoch.number, head.epoch.kept, head.epoch.lost) == (3, 50, 101)


def test_a_published_folder_that_is_gone_or_is_another_is_not_signed_over(fill, folder, key):
    fill(100, steps=2)
    shutil.move(folder / "epoch-1", folder / "elsewhere")
    with pytest.raises(WillNotSign, match="Put the published folder back"):
        sequence(folder, key)
    shutil.move(folder / "elsewhere", folder / "epoch-1")
    sequence(folder, key)


def test_a_database_with_another_history_of_the_same_length_is_refused(fill, folder, key):
    fill(100, steps=2)
    Checkpoint.objects.filter(size=100).update(root=bytes(32))
    with pytest.raises(WillNotSign, match="knows of no such head"):
        sequence(folder, key)
