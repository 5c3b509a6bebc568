"""A provider that fails more than every third time, and workers killed at any moment: all once, none lost."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from django.db import connection, transaction

from amends.ledger.models import Entry
from amends.notices.models import SENT, Message, Task
from amends.notices.outbox import queue
from support.database import this_database
from support.notify import notify

LONG = bool(os.environ.get("AMENDS_LONG"))
KILLS, MESSAGES = (500, 10_000) if LONG else (50, 250)


def test_every_message_is_taken_exactly_once_whoever_dies(transactional_db, force, draft, now):
    with transaction.atomic():
        for number in range(MESSAGES):
            channel, address = (
                ("text", "07700 900000") if number % 3 else ("email", "ann@example.com")
            )
            queue(draft(channel=channel, address=address), reference=f"invented-{number}", at=now)
    address = this_database()
    connection.close()
    with notify(fails=0.37, slow=0.5) as server:
        told = subprocess.run(
            [sys.executable, Path(__file__).with_name("worker.py"), str(KILLS), server.url],
            env={**os.environ, "AMENDS_DATABASE_URL": address, "PYTHONWARNINGS": "ignore",
                 "DJANGO_SETTINGS_MODULE": "amends.config.settings"},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        taken = Counter(server.references())
    said = json.loads(told.stdout)
    assert said["fine"], told.stderr
    assert said["left"] > KILLS / 4, "kills that hit nobody at work prove nothing"
    assert set(taken) == {f"invented-{number}" for number in range(MESSAGES)}, "none is lost"
    assert set(taken.values()) == {1}, "none is sent twice"
    assert set(Message.objects.values_list("state", flat=True)) == {SENT}
    ids = {one["id"] for one in server.taken}
    assert set(Message.objects.values_list("provider_id", flat=True)) == ids
    assert not Task.objects.exists()
    assert Entry.objects.filter(kind="notices.sent").count() == MESSAGES
