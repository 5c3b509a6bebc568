"""Faults: a writer killed at any moment, a full disk; nothing acknowledged is lost."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction

from amends.ledger.book import enter
from amends.ledger.inspecting import inspect
from amends.ledger.models import Checkpoint, Entry, Payload
from amends.ledger.sequencing import WillNotSign, published, sequence
from support.database import this_database

KILLS = 200 if os.environ.get("AMENDS_LONG") else 20
EVENT = {"force": "invented", "case": "INV/1", "kind": "cases.note", "by": "p-1"}


def test_a_writer_killed_at_any_moment_loses_nothing_it_acknowledged(transactional_db, folder, key):
    address = this_database()
    connection.close()
    told = subprocess.run(
        [sys.executable, Path(__file__).with_name("writer.py"), str(KILLS), folder],
        env={**os.environ, "AMENDS_DATABASE_URL": address,
             "DJANGO_SETTINGS_MODULE": "amends.config.settings"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    acknowledged = json.loads(told.stdout)
    assert "failed" not in acknowledged, told.stderr
    assert len(acknowledged) >= KILLS
    sequence(folder, key)
    payloads = Payload.objects.values_list("payload", flat=True)
    held = Counter(json.loads(bytes(one))["mark"] for one in payloads)
    assert set(acknowledged) <= set(held)
    assert set(held.values()) == {1}
    assert Entry.objects.count() == Payload.objects.count(), (
        "an entry and what it holds, or neither"
    )
    log = published(folder, 1)
    head = log.checkpoint(key.verifier)
    assert head.size == Entry.objects.count()
    assert inspect(log, head).sound
    for signed in Checkpoint.objects.all():
        assert log.view(signed.size).frontier().root() == bytes(signed.root)


def test_a_full_database_disk_is_a_clear_error_and_nothing_is_half_written(
    transactional_db, folder, key
):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite can be told how large it may grow")
    with transaction.atomic():
        enter(**EVENT, payload={"n": 0})
    sequence(folder, key)
    acknowledged = 1
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 40}")
    try:
        with pytest.raises(DatabaseError, match="full"):
            while True:
                with transaction.atomic():
                    enter(**EVENT, payload={"words": "x" * 3000})
                acknowledged += 1
        assert Entry.objects.count() == Payload.objects.count() == acknowledged > 5
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    with transaction.atomic():
        enter(**EVENT, payload={"after": True})
    assert sequence(folder, key).size == acknowledged + 1
    log = published(folder, 1)
    assert inspect(log, log.checkpoint(key.verifier)).sound


def test_a_full_disk_under_the_published_log_publishes_nothing_and_recovers(
    fill, folder, key, monkeypatch
):
    fill(10)
    for failing in range(1, 4):  # the tile, its folder, the checkpoint
        before = published(folder, 1).note()
        with transaction.atomic():
            enter(**EVENT, payload={"n": failing})
        calls = 0

        def full(handle, failing=failing, real=os.fsync):
            nonlocal calls
            calls += 1
            if calls == failing:
                raise OSError(28, "No space left on device")
            real(handle)

        with monkeypatch.context() as patched:
            patched.setattr("amends.ledger.tiles.os.fsync", full)
            with pytest.raises(OSError, match="No space"):
                sequence(folder, key)
        assert published(folder, 1).note() == before
        assert sequence(folder, key).size == 10 + failing
    log = published(folder, 1)
    assert inspect(log, log.checkpoint(key.verifier)).sound
    assert not list(folder.rglob(".new-*"))


# --- disks that are really full -------------------------------------------------------------------


@pytest.fixture
def small_disk():
    """A disk of its own, of six megabytes, and how to make it larger."""
    # Of the server's own user, who may not look into the folders of the tests.
    place = Path(tempfile.mkdtemp(prefix="amends-small-"))

    def mount(*words):
        return subprocess.run(["mount", *words], capture_output=True, text=True, check=False)

    if mount("-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)).returncode:
        place.rmdir()
        pytest.skip("a small disk cannot be mounted here: it takes root")
    try:
        yield place, lambda: mount("-o", "remount,size=64m", str(place))
    finally:
        connection.close()
        subprocess.run(["umount", "-l", str(place)], check=False)
        place.rmdir()


def fill_up():
    """Write until the disk is full; how many entries were acknowledged, and what was said."""
    acknowledged = 0
    with pytest.raises(DatabaseError) as caught:
        while acknowledged < 20_000:
            with transaction.atomic():
                enter(**EVENT, payload={"n": acknowledged, "words": os.urandom(3000).hex()})
            acknowledged += 1
    return acknowledged, str(caught.value)


def check_whole(acknowledged, folder, key):
    assert acknowledged > 50
    assert Entry.objects.count() == Payload.objects.count() == acknowledged
    with transaction.atomic():
        enter(**EVENT, payload={"after": True})
    assert sequence(folder, key).size == acknowledged + 1
    log = published(folder, 1)
    assert inspect(log, log.checkpoint(key.verifier)).sound


def test_a_disk_that_is_full_under_postgresql(transactional_db, small_disk, folder, key):
    if connection.vendor != "postgresql":
        pytest.skip("this disk is for PostgreSQL (make test-postgres)")
    place, enlarge = small_disk
    inside = place / "tables"
    inside.mkdir()
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        data = Path(cursor.fetchone()[0])
        place.chmod(0o711)
        os.chown(inside, data.stat().st_uid, data.stat().st_gid)
        inside.chmod(0o700)
        cursor.execute(f"CREATE TABLESPACE small LOCATION '{inside}'")
        cursor.execute("ALTER TABLE ledger_payload SET TABLESPACE small")
    try:
        acknowledged, said = fill_up()
        assert "No space left on device" in said
        assert enlarge().returncode == 0
        check_whole(acknowledged, folder, key)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_payload SET TABLESPACE pg_default")
            cursor.execute("DROP TABLESPACE small")


def test_a_disk_that_is_full_under_sqlite(small_disk, tmp_path):
    """In a process of its own, on a database of its own, which lies on that disk."""
    if connection.vendor != "sqlite":
        pytest.skip("this disk is for SQLite")
    place, enlarge = small_disk
    env = {**os.environ, "AMENDS_DATABASE_URL": f"sqlite://{place}/small.sqlite3",
           "DJANGO_SETTINGS_MODULE": "amends.config.settings"}  # fmt: skip
    filler = [sys.executable, str(Path(__file__).with_name("filler.py"))]

    def told(*words):
        done = subprocess.run(
            [*filler, *words], env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    full = told("fill")
    assert "full" in full["said"]
    assert full["acknowledged"] > 50
    assert enlarge().returncode == 0
    after = told("check", str(tmp_path / "log"))
    assert after["entries"] == after["payloads"] == full["acknowledged"] + 1
    assert (after["size"], after["sound"]) == (after["entries"], True)


def test_writers_and_two_sequencers_at_once_make_one_log(transactional_db, folder, key):
    wrong: list[BaseException] = []

    def work(number, does):
        try:
            for event in range(25):
                does(number, event)
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    def write(number, event):
        with transaction.atomic():
            enter(**{**EVENT, "case": f"INV/{event % 4}"}, payload={"n": [number, event]})

    def follow(*_):
        sequence(folder, key)

    threads = [Thread(target=work, args=(one, write)) for one in range(4)]
    threads += [Thread(target=work, args=(one, follow)) for one in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong
    assert sequence(folder, key).size == 100
    log = published(folder, 1)
    assert inspect(log, log.checkpoint(key.verifier)).sound
    check_heads_and_numbers(log)


def check_heads_and_numbers(log):
    for signed in Checkpoint.objects.all():
        assert log.view(signed.size).frontier().root() == bytes(signed.root)
    for case in range(4):
        rows = Entry.objects.filter(case=f"INV/{case}").order_by("index")
        numbers = list(rows.values_list("case_sequence", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))


def test_heads_signed_and_never_published_stop_nothing_for_ever(fill, folder, key, monkeypatch):
    """Two crashes between signing and the very first publication: the third try publishes."""
    for number in range(2):
        with transaction.atomic():
            enter(**EVENT, payload={"n": number})

        def crash(self, note):
            raise OSError("killed here")

        with monkeypatch.context() as patched:
            patched.setattr("amends.ledger.tiles.Published.publish", crash)
            with pytest.raises(OSError, match="killed"):
                sequence(folder, key)
    assert Checkpoint.objects.count() == 2
    assert not Checkpoint.objects.filter(published=True).exists()
    with transaction.atomic():
        enter(**EVENT, payload={"n": 2})
    assert sequence(folder, key).size == 3
    log = published(folder, 1)
    assert inspect(log, log.checkpoint(key.verifier)).sound
    for signed in Checkpoint.objects.all():
        assert log.view(signed.size).frontier().root() == bytes(signed.root)


def test_a_folder_that_was_published_and_is_gone_is_missed(fill, folder, key):
    fill(3)
    assert Checkpoint.objects.get(size=3).published
    (folder / "epoch-1" / "checkpoint").unlink()
    with pytest.raises(WillNotSign, match="Put the published folder back"):
        sequence(folder, key)
