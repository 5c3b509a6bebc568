"""Lawful erasure: what was erased is nowhere, and everything that was proved still is."""

from pathlib import Path

import pytest
from django.db import connection, transaction

from amends.ledger.erasing import erase
from amends.ledger.inspecting import inspect
from amends.ledger.leaves import LeafError
from amends.ledger.log import inclusion, verify_inclusion
from amends.ledger.models import Entry, Payload
from amends.ledger.receiving import case_receipt
from amends.ledger.sequencing import published, sequence
from amends.ledger.verifying import verify


def everything() -> bytes:
    """Every value of every table, one after another."""
    held = b""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    binary = isinstance(value, bytes | memoryview)
                    held += bytes(value) if binary else str(value).encode()
    return held


def test_a_hundred_erasures_leave_every_proof_valid_and_no_canary(fill, folder, key):
    fill(400, steps=2)
    log, old = published(folder, 1), published(folder, 1).checkpoint(key.verifier)
    before = {entry.index: entry.as_leaf() for entry in Entry.objects.all()}
    gone = list(Entry.objects.filter(index__gte=0).order_by("commitment")[:100])
    canaries = [bytes(Payload.objects.get(entry=entry).payload)[10:-2] for entry in gone]
    nonces = [bytes(Payload.objects.get(entry=entry).nonce) for entry in gone]
    assert all(canary in everything() for canary in canaries)
    for entry in gone:
        erase(entry, by="p-records", reason="retention-review")
    held = everything()
    left = [
        one for one in (*canaries, *nonces) if one + b'"' in held or (one in nonces and one in held)
    ]
    assert not left

    assert inspect(log, old).sound, "an erasure not yet sequenced is taken into account"
    sequence(folder, key)
    head = log.checkpoint(key.verifier)
    found = inspect(log, head)
    assert (found.sound, found.erased, found.checked) == (True, 100, 500)
    view = log.view(head.size)
    for index, leaf in before.items():
        path = inclusion(view.node, index, head.size)
        verify_inclusion(leaf.hash, index, head.size, path, head.root)
    for entry in gone[:5]:
        if entry.case:
            made = case_receipt(folder, key, force=entry.force, case=entry.case, by="p-panel")
            verify(made.text, key.verifier)


def test_a_canary_is_not_in_the_bytes_of_an_sqlite_file_either(transactional_db, fill, folder, key):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its files; VACUUM is the administrator's")
    fill(300)
    entry = Entry.objects.get(index=150)
    canary = bytes(Payload.objects.get(entry=entry).payload)[10:-2] + b'"'
    path = Path(connection.settings_dict["NAME"])

    def on_disk():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        files = [path, path.with_name(path.name + "-wal")]
        return any(canary in one.read_bytes() for one in files if one.exists())

    assert on_disk()
    erase(entry, by="p-records", reason="retention-review")
    assert not on_disk()


def test_a_payload_that_went_without_an_erasure_is_seen(fill, folder, key):
    fill(20)
    log = published(folder, 1)
    Payload.objects.filter(entry__index=7).delete()
    (fault,) = inspect(log, log.checkpoint(key.verifier)).faults
    assert fault.index == 7
    assert "no erasure was recorded" in str(fault)


def test_an_erasure_is_undone_with_its_transaction_and_not_done_twice(fill):
    fill(5)
    entry = Entry.objects.get(index=2)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        erase(entry, by="p-records", reason="retention-review")
        raise ZeroDivisionError
    assert Payload.objects.filter(entry=entry).exists()
    own = erase(entry, by="p-records", reason="retention-review")
    for what, reason in ((entry, "retention-review"), (own, "retention-review")):
        with pytest.raises(LeafError):
            erase(what, by="p-records", reason=reason)
    with pytest.raises(LeafError, match="code"):
        erase(Entry.objects.get(index=3), by="p-records", reason="John was innocent")
