"""Judging a table of rows inside a database: the query, and a second look at what it left open."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from sqlglot import exp

from amends.audit.sql import Query
from amends.audit.terms import SQL
from amends.audit.verdicts import Verdict
from amends.policy.rules import Authority


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
    connection.execute(f"CREATE TABLE {table} AS {select}")
    return 0 if query.exact else settle(connection, query, table)


def settle(connection: Connection, query: Query, table: str) -> int:
    """Settle the answers that *table* leaves open only because rules were judged one by one.

    How many kinds of row were settled. Source: `Classes.settle`.
    """
    found = connection.execute(f"SELECT DISTINCT key FROM {table} WHERE key IS NOT NULL")
    settled = [
        (key, int(answer))
        for (key,) in found.fetchall()
        if (answer := query.settled(key)) is not Authority.NOT_YET_KNOWN
    ]
    if settled:
        connection.execute(f"CREATE TABLE {table}_settled (key TEXT, answer SMALLINT)")
        _insert(connection, f"{table}_settled", settled)
        connection.execute(
            f"UPDATE {table} SET answer = (SELECT s.answer FROM {table}_settled AS s "
            f"WHERE s.key = {table}.key) WHERE key IN (SELECT key FROM {table}_settled)"
        )
        connection.execute(f"DROP TABLE {table}_settled")
    return len(settled)


def _insert(connection: Connection, table: str, rows: list[tuple[str, int]]) -> None:
    """Insert *rows* a thousand at a time: one by one is hundreds of times slower in DuckDB."""
    for start in range(0, len(rows), 1_000):
        some = rows[start : start + 1_000]
        values = ", ".join(f"('{key}', {answer})" for key, answer in some)
        connection.execute(f"INSERT INTO {table} VALUES {values}")


def verdicts(connection: Connection, table: str) -> Iterator[Verdict]:
    """The verdicts in *table*, in the order of their rows."""
    names = "answer, raised, unknown, owed, unsure"
    for values in connection.execute(f"SELECT {names} FROM {table} ORDER BY n").fetchall():
        yield Verdict(*values)


def table_source(name: str) -> exp.Table:
    """The table *name*, to judge the rows of."""
    return exp.to_table(name)
