"""The audit of a whole history: every row judged by the policy of its own day and force."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb
from sqlglot import exp

from amends.audit.dialects import DIALECTS, Dialect
from amends.audit.history import ROW, History, open_history
from amends.audit.judging import judge_into, table_source
from amends.audit.planning import Part, Plan
from amends.audit.printing import Column
from amends.audit.reading import cases
from amends.audit.sql import Query
from amends.audit.terms import SQL, both, case, cast, is_null, no, number
from amends.audit.triage import difference, given_authority
from amends.audit.verdicts import verdict
from amends.policy.deciding import decide
from amends.policy.rules import Authority, Ruleset

MEMORY: Final = "2GB"
"""Memory DuckDB may use; beyond it it writes to a temporary folder."""
COLUMNS: Final = "n, part, answer, raised, unknown, owed, unsure, given, blank"
Step = Callable[[str, int, int], None]
"""Told what is being done, how far it is, and how far it goes."""


@contextmanager
def database(threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of our own on disk, gone afterwards; it never fetches anything from anywhere."""
    with TemporaryDirectory(prefix="amends-") as folder:
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


def asked(rules: Ruleset) -> tuple[str, ...]:
    """The facts that the conditions of *rules* ask about, at most 62; a list counts as one fact."""
    names = [name for rule in rules.rules for name in rule.facts]
    lists = {name.partition(".")[0] for name in names} & set(names)
    tops = [n for n in names if n in lists or n.partition(".")[0] not in lists]
    return tuple(dict.fromkeys(tops))[:62]


def blank_bits(rules: Ruleset, where: dict[str, Column]) -> SQL:
    """SQL whose bit *k* says that fact *k* of `asked` is not known."""
    total: SQL = cast(number(0), "BIGINT")
    for bit, name in enumerate(asked(rules)):
        column = where[name]
        unknown = is_null(column.value)
        if column.absent is not None:
            absent = exp.Coalesce(this=column.absent, expressions=[exp.false()])
            unknown = both(unknown, no(absent))
        one = case([(unknown, cast(number(1 << bit), "BIGINT"))], cast(number(0), "BIGINT"))
        total = exp.Add(this=total, expression=one)
    return total


def query_of(history: History, rules: Ruleset, dialect: Dialect) -> Query:
    """The query that judges *history* by *rules*."""
    return Query(rules, columns(history), dialect)


def audit(history: History, plan: Plan, engine: str = "duckdb", step: Step | None = None) -> Audit:
    """Judge every row of *history* by its part of *plan* into the table `verdicts`."""
    tell = step or (lambda what, done, of: None)
    connection = history.connection
    connection.execute(
        "CREATE TABLE verdicts (n BIGINT, part SMALLINT, answer SMALLINT, raised BIGINT, "
        "unknown BIGINT, owed BIGINT, unsure BIGINT, given SMALLINT, blank BIGINT)"
    )
    judge = _ENGINES[engine]
    for part in plan.parts:
        tell(f"judging by {part.rules.name}", part.number, len(plan.parts))
        judge(history, plan, part)
    tell("sorting the differences", len(plan.parts), len(plan.parts))
    _close_unknown_codes(connection)
    connection.execute("ALTER TABLE verdicts ADD COLUMN difference VARCHAR")
    connection.execute(f"UPDATE verdicts SET difference = {difference()}")
    return Audit(history, plan, engine)


def _close_unknown_codes(connection: duckdb.DuckDBPyConnection) -> None:
    """A row whose offence nobody knows is never eligible: what could be allowed is not yet known."""
    unknown = int(Authority.NOT_YET_KNOWN)
    connection.execute(
        f"UPDATE verdicts SET answer = {unknown} WHERE answer < {unknown} "
        "AND n IN (SELECT n FROM history WHERE unknown_code)"
    )


def _by_duckdb(history: History, plan: Plan, part: Part) -> None:
    query = query_of(history, part.rules, DIALECTS["duckdb"])
    carry = {
        "given": exp.maybe_parse(given_authority("authority_rank"), dialect="duckdb"),
        "blank": blank_bits(part.rules, dict(query.columns)),
    }
    where = part.where(query.dialect)
    connection = history.connection
    source, row = table_source("history"), exp.column(ROW)
    judge_into(connection, query, source, row, "judged", where, carry)
    names = "answer, raised, unknown, owed, unsure, given, blank"
    connection.execute(f"INSERT INTO verdicts SELECT n, {part.number}, {names} FROM judged")
    connection.execute("DROP TABLE judged")


def _by_plain(history: History, plan: Plan, part: Part) -> None:
    """The reference: one row after another, each decided as it would be live."""
    names = asked(part.rules)
    rows = []
    for n, rank, facts in cases(history, part):
        found = verdict(decide(facts, part.rules))
        blank = sum(1 << bit for bit, name in enumerate(names) if name not in facts)
        rows.append((n, part.number, *found, rank, blank))
        if len(rows) == 1_000:
            _insert(history.connection, rows)
            rows = []
    _insert(history.connection, rows)


def _insert(connection: duckdb.DuckDBPyConnection, rows: list[tuple[int | None, ...]]) -> None:
    if rows:
        shown = ("(" + ", ".join("NULL" if v is None else str(v) for v in row) + ")" for row in rows)
        connection.execute(f"INSERT INTO verdicts ({COLUMNS}) VALUES {', '.join(shown)}")


def _by_spark(history: History, plan: Plan, part: Part) -> None:
    from amends.audit.spark import judge_part  # Java and pyspark only where they are asked for

    query = query_of(history, part.rules, DIALECTS["spark"])
    judge_part(history, part, query, blank_bits(part.rules, dict(query.columns)))


_ENGINES: Final = {"duckdb": _by_duckdb, "plain": _by_plain, "spark": _by_spark}
ENGINES: Final = tuple(_ENGINES)
"""The engines an audit can be run with."""

__all__ = ["ENGINES", "Audit", "audit", "database", "open_history"]
