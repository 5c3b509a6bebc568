"""An invented force, and messages to its invented victims."""

import datetime as dt
from itertools import count

import pytest

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def force(db):
    from support.record import force

    return force("invented-east")


@pytest.fixture
def draft(force):
    from amends.notices.outbox import Draft

    def made(**other):
        return Draft(
            **{
                "force": force, "case": "INV/1", "person": "victim", "channel": "email",
                "address": "ann@example.com", "template": "victim_told", "version": 1,
                "language": "en", "subject": "What was decided", "body": "It was decided.",
                **other,
            }
        )  # fmt: skip

    return made


@pytest.fixture
def queued(draft):
    """Queue a message; each has a reference of its own where none is given."""
    from django.db import transaction

    from amends.notices.outbox import queue

    numbers = count(1)

    def made(reference=None, at=NOW, **other):
        with transaction.atomic():
            return queue(draft(**other), reference=reference or f"ref-{next(numbers)}", at=at)

    return made
