"""Small histories written by hand, a row a case, and what an audit makes of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from amends.audit.auditing import Audit, audit, database
from amends.audit.history import open_history
from amends.audit.planning import plan, whole
from amends.policy.library import Shelf, published
from amends.policy.rules import Ruleset

FORCE, DAY = "'avon-and-somerset'", "DATE '2013-06-01'"
USUAL = {"force": FORCE, "decision_date": DAY}


def written(path: Path, *rows: dict[str, str], notes: str = "") -> Path:
    """A Parquet file at *path* of *rows*: column to SQL. Force and day are the usual, unless given."""
    selects = []
    for row in rows:
        shown = ", ".join(f'{sql} AS "{name}"' for name, sql in {**USUAL, **row}.items())
        selects.append(f"SELECT {shown}")
    return copied(path, " UNION ALL BY NAME ".join(selects), notes)


def copied(path: Path, select: str, notes: str = "") -> Path:
    """A Parquet file at *path* of what *select* gives."""
    kept = f", KV_METADATA {{{notes}}}" if notes else ""
    duckdb.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet{kept})")
    return path


@contextmanager
def audited(
    path: Path, engine: str = "duckdb", *, only: Ruleset | None = None, shelf: Shelf | None = None
) -> Iterator[Audit]:
    """The audit of the history at *path*, while its database is open."""
    with database(path.name, 1) as connection:
        history = open_history(path, connection)
        parts = whole(only) if only else plan(history, shelf or published())
        yield audit(history, parts, engine)


def asked(found: Audit, sql: str) -> list[tuple[Any, ...]]:
    """The rows of *sql* in the database of an audit."""
    return found.history.connection.execute(sql).fetchall()
