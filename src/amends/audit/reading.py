"""Rows of a history as the facts of cases, for whoever decides one after another."""

from collections.abc import Iterator
from typing import Any

from amends.audit.dialects import DIALECTS
from amends.audit.history import ROW, History
from amends.audit.planning import Part
from amends.audit.triage import given_authority
from amends.policy.facts import FactKind, Facts

ROWS_AT_ONCE = 2_000
DUCKDB = DIALECTS["duckdb"]


def cases(history: History, part: Part) -> Iterator[tuple[int, int | None, Facts]]:
    """The rows of *part*: number, authority of whoever allowed it, and facts."""
    kinds = list(history.known.values())
    columns = [kind.column for kind in kinds]
    columns += [f"{kind.column}_absent" for kind in kinds if kind.absent]
    given = given_authority("authority_rank")
    # A connection of its own: rows are still being read while verdicts are written.
    cursor = history.connection.cursor()
    where = part.where(DUCKDB)
    rest = f" WHERE {DUCKDB.print(where)}" if where is not None else ""
    cursor.execute(f"SELECT {ROW}, {given}, {', '.join(columns)} FROM history{rest}")
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        for n, rank, *values in rows:
            yield n, rank, _facts(kinds, dict(zip(columns, values, strict=True)))


def _facts(kinds: list[FactKind], row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in kinds:
        value = row[kind.column]
        if kind.absent and row[f"{kind.column}_absent"]:
            found[kind.name] = None
        elif value is not None:
            found[kind.name] = _records(kind, value) if kind.type == "list" else value
    return found


def _records(kind: FactKind, records: list[dict[str, Any] | None]) -> tuple[dict[str, Any], ...]:
    """The records of a list; of one that is NULL nothing is known, but it counts."""
    return tuple(_record(kind, record or {}) for record in records)


def _record(kind: FactKind, record: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in kind.fields:
        if field.absent and record.get(f"{field.name}_absent"):
            found[field.name] = None
        elif record.get(field.name) is not None:
            found[field.name] = record[field.name]
    return found
