"""An invented log for the tests of the ledger: a key, a folder, and events to enter."""

import datetime as dt
import random
from pathlib import Path

import pytest

from amends.ledger.notes import Signer

DAY = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def key() -> Signer:
    return Signer("invented.example/ledger", bytes(range(32)))


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "ledger"


@pytest.fixture
def fill(db, folder, key):
    """Enter *count* invented events of a few cases, in steps that are each sequenced."""
    from django.db import transaction

    from amends.ledger.book import Event, enter_all
    from amends.ledger.sequencing import sequence

    def filled(count, steps=1, seed=1):
        chance = random.Random(seed)
        for step in range(steps):
            events = [
                Event(
                    force=chance.choice(["invented-east", "invented-west"]),
                    case=chance.choice([None, *(f"INV/{number}" for number in range(12))]),
                    kind=chance.choice(["cases.admission", "cases.view", "cases.decision"]),
                    by=f"p-{chance.randrange(9)}", at=DAY + dt.timedelta(seconds=number),
                    policy="invented/1", payload={"words": f"canary-{seed}-{step}-{number}"},
                )
                for number in range(count // steps)
            ]  # fmt: skip
            with transaction.atomic():
                enter_all(events)
            checkpoint = sequence(folder, key)
        return checkpoint

    return filled
