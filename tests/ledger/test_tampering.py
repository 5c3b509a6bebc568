"""Tampers by somebody who may write anything in the database: each is seen, and located."""

import os
import random

import pytest
from django.db import connection, transaction
from django.db.models import F

from amends.ledger.inspecting import inspect
from amends.ledger.leaves import commitment
from amends.ledger.log import leaf_hash
from amends.ledger.models import Entry, Payload
from amends.ledger.sequencing import published
from amends.ledger.tiles import PublishedError, tile_path

EACH = 1000 if os.environ.get("AMENDS_LONG") else 200
SIZE = 600
FAR = 10**9


class Undo(Exception):
    pass


def rehash(entry):
    """Make the row fit itself again, as somebody would who knows the format."""
    entry.leaf = entry.as_leaf().hash
    entry.save()


def payload(chance):
    at = chance.randrange(SIZE)
    Payload.objects.filter(entry__index=at).update(payload=b'{"words":"changed"}')
    return {at}


def payload_and_hash(chance):
    at = chance.randrange(SIZE)
    kept = Payload.objects.get(entry__index=at)
    kept.payload = b'{"words":"changed"}'
    kept.save()
    entry = kept.entry
    entry.commitment = commitment(bytes(kept.nonce), kept.payload)
    rehash(entry)
    return {at}


def metadata(chance):
    at = chance.randrange(SIZE)
    entry = Entry.objects.get(index=at)
    name = chance.choice(["by", "at", "kind", "policy", "force", "case_sequence", "previous"])
    changed = {"at": "2020-01-01T00:00:00.000000Z", "case_sequence": 77, "previous": b"\1" * 32}
    setattr(entry, name, changed.get(name, "changed"))
    if chance.random() < 0.5:
        entry.leaf = entry.as_leaf().hash
    entry.save()
    return {at}


def delete(chance):
    at = chance.randrange(SIZE)
    Payload.objects.filter(entry__index=at).delete()
    Entry.objects.filter(index=at).delete()
    if chance.random() < 0.5 and at < SIZE - 1:
        shift(at + 1, -1)
    return {at}


def insert(chance):
    at = chance.randrange(SIZE)
    shift(at, 1)
    entry = Entry.objects.create(
        force="invented-east", case="", kind="cases.view", by="p-1", index=at, case_sequence=0,
        at="2026-03-01T09:00:00.000000Z", previous=b"", leaf=b"", commitment=commitment(bytes(16), b"{}"),
    )  # fmt: skip
    Payload.objects.create(entry=entry, nonce=bytes(16), payload=b"{}")
    rehash(entry)
    return {at}


def swap(chance):
    one, two = chance.sample(range(SIZE), 2)
    Entry.objects.filter(index=one).update(index=FAR)
    Entry.objects.filter(index=two).update(index=one)
    Entry.objects.filter(index=FAR).update(index=two)
    return {one, two}


def truncate(chance):
    at = chance.randrange(SIZE)
    Payload.objects.filter(entry__index__gte=at).delete()
    Entry.objects.filter(index__gte=at).delete()
    return {at}


def shift(start, by):
    Entry.objects.filter(index__gte=start, index__lt=FAR).update(index=F("index") + FAR)
    Entry.objects.filter(index__gte=FAR).update(index=F("index") - FAR + by)


TAMPERS = (payload, payload_and_hash, metadata, delete, insert, swap, truncate)


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda one: one.__name__)
def test_every_tamper_is_seen_and_located(tamper, fill, folder, key):
    fill(SIZE + 20, steps=4)
    log = published(folder, 1)
    head = log.checkpoint(key.verifier)
    assert inspect(log, head).sound
    chance = random.Random(f"{tamper.__name__} 7")
    seen = 0
    for _ in range(EACH):
        with pytest.raises(Undo), transaction.atomic():
            places = tamper(chance)
            found = {fault.index for fault in inspect(log, head).faults}
            assert found == places, f"{tamper.__name__} at {places}, and said to be at {found}"
            seen += 1
            raise Undo
    assert seen == EACH
    assert inspect(log, head).sound


def test_a_tampered_published_log_is_told_apart_from_a_tampered_database(fill, folder, key):
    fill(SIZE, steps=2)
    log = published(folder, 1)
    head = log.checkpoint(key.verifier)
    tile = log.folder / tile_path(0, 0)
    tile.write_bytes(leaf_hash(b"") + tile.read_bytes()[32:])
    with pytest.raises(PublishedError, match="do not give the root"):
        inspect(log, head)


def test_an_older_checkpoint_that_was_kept_elsewhere_judges_what_it_covers(fill, folder, key):
    fill(100)
    log = published(folder, 1)
    kept = log.checkpoint(key.verifier)
    fill(100, seed=2)
    found = inspect(log, kept)
    assert found.sound
    assert found.checked == 100
    assert found.later == 100
    Entry.objects.filter(index=50).update(by="p-changed")
    assert {fault.index for fault in inspect(log, kept).faults} == {50}


def test_a_row_past_what_is_signed_is_counted(fill, folder, key):
    fill(10)
    with connection.cursor() as cursor:
        cursor.execute('UPDATE ledger_entry SET "index" = 11 WHERE "index" = 9')
    log = published(folder, 1)
    found = inspect(log, log.checkpoint(key.verifier))
    assert [fault.index for fault in found.faults] == [9]
    assert found.later == 1


def test_a_leaf_that_was_altered_beside_a_whole_row_is_located_too(fill, folder, key):
    fill(20)
    log = published(folder, 1)
    Entry.objects.filter(index=8).update(leaf=bytes(32))
    assert {one.index for one in inspect(log, log.checkpoint(key.verifier)).faults} == {8}
