"""The audit of a whole history: every row judged by the policy of its own day and force."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
from sqlglot import exp

from amends.audit import spark
from amends.audit.blanks import asked, blank_bits, blanks
from amends.audit.dialects import DIALECTS, Dialect
from amends.audit.history import DOUBTFUL, ROW, History, open_history
from amends.audit.judging import judge_into, table_source
from amends.audit.parquet import reading
from amends.audit.planning import Part, Plan
from amends.audit.printing import Column
from amends.audit.reading import cases
from amends.audit.sql import Query
from amends.audit.triage import difference, given_authority
from amends.audit.verdicts import verdict
from amends.policy.deciding import decide
from amends.policy.rules import Authority, Ruleset

MEMORY: Final = "2GB"
"""Memory DuckDB may use; beyond it it writes to a temporary folder."""
COLUMNS: Final = "n, part, answer, raised, unknown, owed, unsure, given, blank"
Step = Callable[[str, int, int], None]
"""Told what is being done, how far it is, and how far it goes."""
Judge = Callable[[Part], None]


@contextmanager
def database(place: str, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of our own on disk, gone afterwards; it never fetches anything from anywhere.

    *place* names the history in errors: see `reading`.
    """
    with TemporaryDirectory(prefix="amends-") as folder, reading(place):
        connection = duckdb.connect(str(Path(folder) / "audit.duckdb"))
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET autoload_known_extensions = false")
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = '{folder}/spill'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET preserve_insertion_order = false")
        if threads:
            connection.execute(f"SET threads = {int(threads)}")
        try:
            yield connection
        finally:
            connection.interrupt()  # or, after Ctrl-C, closing waits for threads still at work
            connection.close()


@dataclass(frozen=True)
class Audit:
    """A history that has been judged: the table `verdicts`, and the parts it was judged in.

    A verdict has the row's number `n`, its `part`, the five numbers, `given` (the authority of whoever in
    fact allowed it), `blank` (bit *k*: fact *k* of `asked` is not known), and its `difference`.
    """

    history: History
    plan: Plan
    engine: str


def columns(history: History) -> dict[str, Column]:
    """Where each fact stands in the view `history`."""
    found = {}
    for name, kind in history.known.items():
        absent = exp.column(f"{kind.column}_absent") if kind.absent else None
        fields = history.fields(kind) if kind.type == "list" else None
        found[name] = Column(exp.column(kind.column), absent, fields)
    return found


def query_of(history: History, rules: Ruleset, dialect: Dialect) -> Query:
    """The query that judges *history* by *rules*."""
    return Query(rules, columns(history), dialect)


def carried(query: Query) -> dict[str, Any]:
    """What each verdict carries beside its five numbers: `given` and `blank`."""
    name = query.dialect.name
    return {
        "given": exp.maybe_parse(given_authority("authority_rank"), dialect=name),
        "blank": blank_bits(query.rules, query.columns, query.dialect),
    }


def audit(history: History, plan: Plan, engine: str = "duckdb", step: Step | None = None) -> Audit:
    """Judge every row of *history* by its part of *plan* into the table `verdicts`."""
    tell = step or (lambda what, done, of: None)
    connection = history.connection
    connection.execute(
        "CREATE OR REPLACE TABLE verdicts (n BIGINT, part SMALLINT, answer SMALLINT, raised BIGINT, "
        "unknown BIGINT, owed BIGINT, unsure BIGINT, given SMALLINT, blank BIGINT)"
    )
    with _ENGINES[engine](history) as judge:
        for done, part in enumerate(plan.parts):
            tell(f"judging by {part.rules.name}", done, len(plan.parts) + 1)
            judge(part)
    tell("sorting the differences", len(plan.parts), len(plan.parts) + 1)
    keep_open(connection, "verdicts")
    connection.execute("ALTER TABLE verdicts ADD COLUMN difference VARCHAR")
    connection.execute(f"UPDATE verdicts SET difference = {difference()}")
    return Audit(history, plan, engine)


def keep_open(connection: duckdb.DuckDBPyConnection, table: str, column: str = "answer") -> None:
    """Say of doubtful rows, in which something is plainly wrong, that nobody knows who may allow them.

    The *column* of *table* holds their answers. A row that nobody may allow stays so.
    """
    unknown = int(Authority.NOT_YET_KNOWN)
    connection.execute(
        f"UPDATE {table} SET {column} = {unknown} WHERE {column} < {unknown} "
        f"AND n IN (SELECT n FROM history WHERE {DOUBTFUL})"
    )


@contextmanager
def _by_duckdb(history: History) -> Iterator[Judge]:
    connection = history.connection

    def judge(part: Part) -> None:
        query = query_of(history, part.rules, DIALECTS["duckdb"])
        where = part.where(query.dialect)
        source, row = table_source("history"), exp.column(ROW)
        judge_into(connection, query, source, row, "judged", where, carried(query))
        take(connection, part, "judged")

    yield judge


def take(connection: duckdb.DuckDBPyConnection, part: Part, table: str) -> None:
    """Move what was judged into *table* to the verdicts."""
    names = "answer, raised, unknown, owed, unsure, given, blank"
    connection.execute(f"INSERT INTO verdicts SELECT n, {part.number}, {names} FROM {table}")
    connection.execute(f"DROP TABLE {table}")


@contextmanager
def _by_plain(history: History) -> Iterator[Judge]:
    """The reference: one row after another, each decided as it would be live."""

    def judge(part: Part) -> None:
        names = asked(part.rules)
        rows: list[tuple[int | None, ...]] = []
        for n, rank, facts in cases(history, part):
            found = verdict(decide(facts, part.rules))
            rows.append((n, part.number, *found, rank, blanks(facts, names)))
            if len(rows) == 1_000:
                _insert(history.connection, rows)
                rows = []
        _insert(history.connection, rows)

    yield judge


def _insert(connection: duckdb.DuckDBPyConnection, rows: list[tuple[int | None, ...]]) -> None:
    if rows:
        shown = (
            "(" + ", ".join("NULL" if v is None else str(v) for v in row) + ")" for row in rows
        )
        connection.execute(f"INSERT INTO verdicts ({COLUMNS}) VALUES {', '.join(shown)}")


@contextmanager
def _by_spark(history: History) -> Iterator[Judge]:
    with spark.opened(history) as judged:

        def judge(part: Part) -> None:
            query = query_of(history, part.rules, DIALECTS["spark"])
            judged(query, part.where(query.dialect), carried(query))
            take(history.connection, part, "judged")

        yield judge


_ENGINES: Final[dict[str, Callable[[History], AbstractContextManager[Judge]]]] = {
    "duckdb": _by_duckdb,
    "plain": _by_plain,
    "spark": _by_spark,
}
ENGINES: Final = tuple(_ENGINES)
"""The engines an audit can be run with."""

__all__ = ["ENGINES", "Audit", "audit", "database", "open_history"]
