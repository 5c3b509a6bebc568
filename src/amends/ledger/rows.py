"""Rows of the ledger written and read as SQL, where every decision of a force passes or millions do."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import connection

from amends.ledger.models import Entry

PAGE: Final = 10_000
_COLUMNS: Final = 'force, "case", kind, "by", at, policy, commitment'
_ENTRY: Final = (
    f"INSERT INTO ledger_entry ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id"
)
_PAYLOAD: Final = "INSERT INTO ledger_payload (entry_id, nonce, payload) VALUES (%s, %s, %s)"
_BOTH: Final = f"""
    WITH entered AS ({_ENTRY})
    INSERT INTO ledger_payload (entry_id, nonce, payload) SELECT id, %s, %s FROM entered
    RETURNING entry_id
"""
_PLACE: Final = """
    UPDATE ledger_entry SET "index" = %s, case_sequence = %s, previous = %s, leaf = %s
    WHERE id = %s AND "index" IS NULL
"""
_PLACES: Final = """
    UPDATE ledger_entry e SET "index" = v.i, case_sequence = v.s, previous = v.p, leaf = v.l
    FROM unnest(%s::bigint[], %s::integer[], %s::bytea[], %s::bytea[], %s::bigint[]) AS v(i, s, p, l, id)
    WHERE e.id = v.id AND e."index" IS NULL
"""
_WHOLE: Final = """
    SELECT e."index", e.at, e.by, e."case", e.case_sequence, e.force, e.kind, e.policy, e.previous,
           e.commitment, e.leaf, p.nonce, p.payload
    FROM ledger_entry e LEFT JOIN ledger_payload p ON p.entry_id = e.id
    WHERE e."index" >= %s AND e."index" < %s ORDER BY e."index"
"""


def insert(entry: Entry, nonce: bytes, payload: bytes) -> None:
    """Insert *entry* and what it holds, in the transaction that is open; gives it its key."""
    row = (
        entry.force, entry.case, entry.kind, entry.by, entry.at, entry.policy, bytes(entry.commitment),
    )  # fmt: skip
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # one journey to the server instead of two
            cursor.execute(_BOTH, (*row, nonce, payload))
            (entry.pk,) = cursor.fetchone()
        else:
            cursor.execute(_ENTRY, row)
            (entry.pk,) = cursor.fetchone()
            cursor.execute(_PAYLOAD, (entry.pk, nonce, payload))
    entry._state.adding, entry._state.db = False, connection.alias


def place(rows: Sequence[tuple[int, int, bytes, bytes, int]]) -> None:
    """Give entries their places: index, number in the case, leaf before it, leaf, and key of each."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_PLACES, [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(_PLACE, rows)


def whole(start: int, end: int) -> Iterator[tuple[Any, ...]]:
    """The rows from index *start* up to *end*, each with its nonce and payload, or None for them.

    Index, then the metadata in the order of `leaves.leaf_data`, commitment, leaf, nonce, payload.
    """
    with connection.cursor() as cursor:
        for first in range(start, end, PAGE):
            cursor.execute(_WHOLE, (first, min(end, first + PAGE)))
            yield from cursor.fetchall()
