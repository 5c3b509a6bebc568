"""Measures the ledger: append beside a plain insert, the full check, and what appending costs as it grows.

    python bench/ledger.py                                        # on SQLite
    python tools/on_postgres.py -- python bench/ledger.py         # on a PostgreSQL of its own

Rounds of what is compared are interleaved in one run, and the median is told. Options: --seconds of a
round, --rounds, --writers, --large (entries of the large log).
"""

# ruff: noqa: PLC0415 - Django's parts are imported once it has its settings

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

EVENTS_PER_CASE = 8
SMALL = 10_000
EVERY = 0.5
"""Seconds that the sequencer rests."""
PLAIN = """
    CREATE TABLE IF NOT EXISTS plain_event (
        id {serial}, force varchar(64), "case" varchar(80), kind varchar(64), "by" varchar(80),
        at varchar(27), policy varchar(200), commitment {blob});
    CREATE TABLE IF NOT EXISTS plain_payload (
        event_id bigint PRIMARY KEY REFERENCES plain_event, nonce {blob}, payload {blob});
"""


def payload(number: int) -> dict[str, object]:
    """An invented payload of about 130 bytes."""
    return {"number": number, "words": "x" * 90, "agrees": True}


def plain(number: int) -> None:
    """What an append is measured against: the same two rows, by SQL alone, and no hashing."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO plain_event (force, "case", kind, "by", at, policy, commitment) '
            "VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
            ("invented", f"INV/{number // EVENTS_PER_CASE}", "cases.note", "p-1",
             "2026-03-01T09:00:00.000000Z", "invented/1", bytes(32)),
        )  # fmt: skip
        (event,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO plain_payload VALUES (%s, %s, %s)",
            (event, bytes(16), str(payload(number)).encode()),
        )


def created() -> Callable[[int], None]:
    """The same two rows made by Django's `create`, as an application without a ledger would."""
    from django.db import models, transaction

    class PlainEvent(models.Model):
        force, case, kind, by = (models.CharField(max_length=80) for _ in range(4))
        at, policy, commitment = models.CharField(), models.CharField(), models.BinaryField()

        class Meta:
            app_label, managed, db_table = "ledger", False, "plain_event"

    class PlainPayload(models.Model):
        event = models.OneToOneField(PlainEvent, models.PROTECT, primary_key=True)
        nonce, payload = models.BinaryField(), models.BinaryField()

        class Meta:
            app_label, managed, db_table = "ledger", False, "plain_payload"

    def create(number: int) -> None:
        with transaction.atomic():
            event = PlainEvent.objects.create(
                force="invented", case=f"INV/{number // EVENTS_PER_CASE}", kind="cases.note",
                by="p-1", at="2026-03-01T09:00:00.000000Z", policy="invented/1",
                commitment=bytes(32),
            )  # fmt: skip
            held = str(payload(number)).encode()
            PlainPayload.objects.create(event=event, nonce=bytes(16), payload=held)

    return create


def append(number: int) -> None:
    """One event entered in the ledger, in a transaction of its own."""
    from django.db import transaction

    from amends.ledger.book import enter

    with transaction.atomic():
        enter(
            force="invented", case=f"INV/{number // EVENTS_PER_CASE}", kind="cases.note", by="p-1",
            policy="invented/1", payload=payload(number),
        )  # fmt: skip


def write(do: Callable[[int], None], first: int, until: float, told: object) -> None:
    """One writer: do it until the round is over, and tell how often."""
    done = 0
    while time.time() < until:
        do(first + done)
        done += 1
    told.put(done)  # type: ignore[attr-defined]


def follow(folder: Path, until: float) -> None:
    """The sequencer beside the writers: what is committed is signed within a second."""
    from amends.ledger.notes import Signer
    from amends.ledger.sequencing import sequence

    key = Signer("invented.example/ledger", bytes(range(32)))
    while time.time() < until:
        sequence(folder, key)
        time.sleep(EVERY)


def per_second(do: Callable[[int], None], args: argparse.Namespace, folder: Path | None) -> float:
    """How often a second *args.writers* processes did it together, the sequencer beside them."""
    fork, told = multiprocessing.get_context("fork"), multiprocessing.get_context("fork").Queue()
    until = time.time() + args.seconds + 0.5
    workers = [
        fork.Process(target=write, args=(do, number * 10**6, until, told))
        for number in range(args.writers)
    ]
    if folder:
        workers.append(fork.Process(target=follow, args=(folder, until)))
    for one in workers:
        one.start()
    total = sum(told.get() for _ in range(args.writers))
    for one in workers:
        one.join()
    return total / (args.seconds + 0.5)


def compare_appends(args: argparse.Namespace, folder: Path) -> None:
    """Appends beside plain inserts, by SQL and by Django."""
    from django.db import connection

    ways = {"SQL": plain, "Django's create": created(), "append": append}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(args.rounds):
        for name, do in ways.items():
            connection.close()  # a fork must not share it
            rates[name].append(per_second(do, args, folder if do is append else None))
    middle = {name: statistics.median(found) for name, found in rates.items()}
    print(
        f"{args.writers} writers, the sequencer every {EVERY} s: {middle['append']:.0f} appends/s"
    )
    for name in ("SQL", "Django's create"):
        ratio = statistics.median(a / p for a, p in zip(rates["append"], rates[name], strict=True))
        print(f"  ÷ a plain insert by {name} ({middle[name]:.0f}/s): {ratio:.2f} (goal 0.7)")


def fill(folder: Path, size: int) -> None:
    """Grow the log to *size* entries, by the bulk way in."""
    import datetime as dt

    from django.db import transaction

    from amends.ledger.book import Event, enter_all
    from amends.ledger.models import Entry
    from amends.ledger.notes import Signer
    from amends.ledger.sequencing import sequence

    key, at = Signer("invented.example/ledger", bytes(range(32))), dt.datetime.now(tz=dt.UTC)
    there = Entry.objects.count()
    while there < size:
        many = min(20_000, size - there)
        with transaction.atomic():
            enter_all(
                Event(force="invented", case=f"INV/{number // EVENTS_PER_CASE}", kind="cases.note",
                      by="p-1", at=at, policy="invented/1", payload=payload(number))
                for number in range(there, there + many)
            )  # fmt: skip
        sequence(folder, key)
        there += many


def append_cpu(folder: Path) -> float:
    """CPU microseconds of this process for each of 2,000 events entered and sequenced."""
    from amends.ledger.models import Entry
    from amends.ledger.notes import Signer
    from amends.ledger.sequencing import sequence

    key = Signer("invented.example/ledger", bytes(range(32)))
    rounds = []
    for _ in range(5):
        first = Entry.objects.count()
        began = time.process_time()
        for number in range(first, first + 400):
            append(number)
        sequence(folder, key)
        rounds.append((time.process_time() - began) / 400 * 1e6)
    return statistics.median(rounds)


def check_whole(folder: Path) -> None:
    """A full check of the database against the published checkpoint."""
    from amends.ledger.inspecting import inspect
    from amends.ledger.notes import Signer
    from amends.ledger.sequencing import published

    log = published(folder, 1)
    head = log.checkpoint(Signer("invented.example/ledger", bytes(range(32))).verifier)
    assert head is not None
    wall, cpu = time.perf_counter(), time.process_time()
    found = inspect(log, head)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert found.sound
    assert found.checked == head.size
    print(
        f"full check of {head.size:,} entries: {head.size / wall:,.0f} a second by the clock, "
        f"{head.size / cpu:,.0f} a second of CPU (goal 100,000)"
    )


def main(words: list[str]) -> None:
    """Run every measure on the database that the surroundings name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--large", type=int, default=1_000_000)
    args = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="amends-bench-") as place:
        os.environ["AMENDS_FOLDER"] = place
        os.environ["DJANGO_SETTINGS_MODULE"] = "amends.config.settings"
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", verbosity=0)
        sqlite = connection.vendor == "sqlite"
        serial = "integer PRIMARY KEY" if sqlite else "bigserial PRIMARY KEY"
        for statement in PLAIN.format(serial=serial, blob="blob" if sqlite else "bytea").split(";"):
            if statement.strip():
                with connection.cursor() as cursor:
                    cursor.execute(statement)
        print(f"On {connection.vendor}, {os.cpu_count()} cores.")
        folder = Path(place) / "ledger"
        fill(folder, SMALL)
        small = append_cpu(folder)
        compare_appends(args, folder)
        fill(folder, args.large)
        large = append_cpu(folder)
        print(
            f"CPU of an append, sequencing included: {small:.0f} µs at {SMALL:,}, {large:.0f} µs at "
            f"{args.large:,}: {large / small:.2f} times (goal 1.5)"
        )
        if connection.vendor == "postgresql":  # what its own housekeeping does within minutes
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        check_whole(folder)
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1:])
