"""Judging a table of rows inside a database: the query, and a second look at what it left open."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol

from sqlglot import exp

from amends.audit.sql import Query
from amends.audit.terms import SQL
from amends.audit.verdicts import Verdict
from amends.policy.rules import Authority

_UNKNOWN: Final = int(Authority.NOT_YET_KNOWN)


class Connection(Protocol):
    """A database connection, as DuckDB and SQLite have it."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any:
        """Run *sql*."""

    def executemany(self, sql: str, parameters: Any, /) -> Any:
        """Run *sql* once for each of *parameters*."""


def judge_into(
    connection: Connection,
    query: Query,
    source: SQL,
    row: SQL,
    table: str,
    where: SQL | None = None,
    carry: Mapping[str, SQL] | None = None,
) -> int:
    """Judge every row of *source* into the new *table*; how many answers the second look settled.

    The table has `n` (from *row*), the five numbers of a verdict, the key that was settled, and *carry*.
    """
    select = query.dialect.print(query.verdicts(source, row, where, carry))
    with standing(connection, query.tables):
        connection.execute(f"CREATE TABLE {table} AS {select}")
    return 0 if query.exact else settle(connection, query, table)


@contextmanager
def standing(connection: Connection, tables: Mapping[str, str]) -> Iterator[None]:
    """The *tables* that a query reads, each by its SELECT: made before it, and gone after it."""
    try:
        for name, select in tables.items():
            connection.execute(f"CREATE TEMP TABLE {name} AS {select}")
        yield
    finally:
        for name in tables:
            connection.execute(f"DROP TABLE IF EXISTS {name}")


def settle(connection: Connection, query: Query, table: str) -> int:
    """Settle the answers that *table* leaves open only because rules were judged one by one.

    How many kinds of row were settled. Source: `Classes.settle`.
    """
    return settle_into(connection, table, ("answer",), lambda key: (int(query.settled(key)),))


def settle_into(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    settled: Callable[[str], Sequence[int]],
) -> int:
    """Put what *settled* says of each key of *table* into the *columns* that are not yet known.

    How many kinds of row had some answer settled.
    """
    found = connection.execute(f"SELECT DISTINCT key FROM {table} WHERE key IS NOT NULL")
    kinds = [(key, settled(key)) for (key,) in found.fetchall()]
    told = [(key, *answers) for key, answers in kinds if set(answers) != {_UNKNOWN}]
    if told:
        names = ", ".join(f"{name} SMALLINT" for name in columns)
        connection.execute(f"CREATE TABLE {table}_settled (key TEXT, {names})")
        _insert(connection, f"{table}_settled", told)
        for name in columns:
            connection.execute(
                f"UPDATE {table} SET {name} = (SELECT s.{name} FROM {table}_settled AS s "
                f"WHERE s.key = {table}.key) "
                f"WHERE {name} = {_UNKNOWN} AND key IN (SELECT key FROM {table}_settled)"
            )
        connection.execute(f"DROP TABLE {table}_settled")
    return len(told)


def _insert(connection: Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Insert *rows* a thousand at a time: one by one is hundreds of times slower in DuckDB."""
    for start in range(0, len(rows), 1_000):
        some = rows[start : start + 1_000]
        values = ", ".join(f"('{key}', {', '.join(map(str, rest))})" for key, *rest in some)
        connection.execute(f"INSERT INTO {table} VALUES {values}")


def verdicts(connection: Connection, table: str) -> Iterator[Verdict]:
    """The verdicts in *table*, in the order of their rows."""
    names = "answer, raised, unknown, owed, unsure"
    for values in connection.execute(f"SELECT {names} FROM {table} ORDER BY n").fetchall():
        yield Verdict(*values)


def table_source(name: str) -> exp.Table:
    """The table *name*, to judge the rows of."""
    return exp.to_table(name)
