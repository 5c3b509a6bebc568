"""Fills the database that the environment names until its disk is full; or checks that it is whole."""

import json
import os
import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, transaction  # noqa: E402

from amends.ledger.book import enter  # noqa: E402
from amends.ledger.inspecting import inspect  # noqa: E402
from amends.ledger.models import Entry, Payload  # noqa: E402
from amends.ledger.notes import Signer  # noqa: E402
from amends.ledger.sequencing import published, sequence  # noqa: E402

EVENT = {"force": "invented", "case": "INV/1", "kind": "cases.note", "by": "p-1"}


def fill() -> dict[str, object]:
    """Write until there is no room."""
    call_command("migrate", verbosity=0)
    acknowledged = 0
    try:
        while acknowledged < 20_000:
            with transaction.atomic():
                enter(**EVENT, payload={"n": acknowledged, "words": os.urandom(3000).hex()})
            acknowledged += 1
    except DatabaseError as error:
        return {"acknowledged": acknowledged, "said": str(error)}
    return {"acknowledged": acknowledged, "said": "there was room"}


def check(folder: Path) -> dict[str, object]:
    """Write once more, sign, and inspect everything."""
    with transaction.atomic():
        enter(**EVENT, payload={"after": True})
    folder.mkdir()
    signer = Signer.new("invented.example/ledger")
    head = sequence(folder, signer)
    log = published(folder, 1)
    return {
        "entries": Entry.objects.count(),
        "payloads": Payload.objects.count(),
        "size": head.size,
        "sound": inspect(log, log.checkpoint(signer.verifier)).sound,
    }


if __name__ == "__main__":
    print(json.dumps(fill() if sys.argv[1] == "fill" else check(Path(sys.argv[2]))))
