"""Entering an event in the ledger: the only way in, and always inside the transaction it belongs to."""

import datetime as dt
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from amends.ledger import rows
from amends.ledger.leaves import LeafError, check_text, commitment, moment, new_nonce, payload_bytes
from amends.ledger.models import Entry, Payload

RESERVED = "ledger."
"""Kinds that begin so are the ledger's own."""

_entered: ContextVar[int] = ContextVar("entered", default=0)


class NoTransaction(RuntimeError):
    """An event may be entered only together with what it tells of: inside a transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event to be entered; *at* is a time with a zone."""

    force: str
    case: str | None
    kind: str
    by: str
    payload: Mapping[str, Any]
    at: dt.datetime
    policy: str = ""


def entered() -> int:
    """How many entries this context has made: an action that adds none has not happened."""
    return _entered.get()


def enter(
    *, force: str, case: str | None, kind: str, by: str, payload: Mapping[str, Any],
    at: dt.datetime | None = None, policy: str = "",
) -> Entry:  # fmt: skip
    """Enter an event and what it holds; it has its index once the sequencer has passed.

    *by* is a pseudonym, never a name; *policy* the id and hash of the policy applied. Personal
    data belongs in *payload* alone. Raises `LeafError` for what cannot be entered, and
    `NoTransaction` outside a transaction.
    """
    event = Event(
        force=force, case=case, kind=kind, by=by, payload=payload, policy=policy,
        at=at or dt.datetime.now(tz=dt.UTC),
    )  # fmt: skip
    if kind.startswith(RESERVED):
        raise LeafError(f"kind: {kind!r} is for the ledger itself to enter.")
    return enter_own(event)


def enter_own(event: Event) -> Entry:
    """Enter an event of any kind, those of the ledger itself included."""
    _check_transaction()
    entry, nonce, payload = _prepared(event)
    rows.insert(entry, nonce, payload)
    _entered.set(_entered.get() + 1)
    return entry


def enter_all(events: Iterable[Event]) -> list[Entry]:
    """Enter many events in their order, for a history that is taken in at once."""
    _check_transaction()
    prepared = [_prepared(event) for event in events]
    for event in prepared:
        if event[0].kind.startswith(RESERVED):
            raise LeafError(f"kind: {event[0].kind!r} is for the ledger itself to enter.")
    entries = Entry.objects.bulk_create([entry for entry, _, _ in prepared], batch_size=1000)
    Payload.objects.bulk_create(
        (
            Payload(entry=entry, nonce=nonce, payload=payload)
            for entry, (_, nonce, payload) in zip(entries, prepared, strict=True)
        ),
        batch_size=1000,
    )
    _entered.set(_entered.get() + len(entries))
    return entries


def _check_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise NoTransaction("Enter an event inside the transaction of the action it tells of.")


def _prepared(event: Event) -> tuple[Entry, bytes, bytes]:
    nonce, payload = new_nonce(), payload_bytes(event.payload)
    entry = Entry(
        force=check_text("force", event.force),
        case=check_text("case", event.case or ""),
        kind=check_text("kind", event.kind),
        by=check_text("by", event.by),
        policy=check_text("policy", event.policy),
        at=moment(event.at),
        commitment=commitment(nonce, payload),
    )
    return entry, nonce, payload
