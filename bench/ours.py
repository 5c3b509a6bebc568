"""Our own engines over the invented history: the compiled SQL, and the class table."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import duckdb
import history as h
import numpy as np
from sqlglot import exp

from amends.audit.cells import Link
from amends.audit.classtable import ClassTable
from amends.audit.coding import coded
from amends.audit.dialects import DIALECTS
from amends.audit.judging import standing
from amends.audit.pairs import SIDES, Pair
from amends.audit.printing import Column, Printer
from amends.audit.sql import Query
from amends.policy.rules import Ruleset

Counts = dict[int, int]
TOLD: Final = {
    "offence.mode_of_trial": "mode_of_trial",
    "gravity.score": "score",
    "offence.listed_low_level": "listed",
    "flags.relationship": "relationship",
}
"""The facts that code tables tell, and their columns there."""
_WORDS: Final = (
    "admission_form",
    "mode_of_trial",
    "relationship",
    "offence_code",
    "relationship_code",
)


def column_of(fact: str) -> str:
    """Where *fact* stands in the joined history."""
    return TOLD.get(fact, fact.replace(".", "_"))


class Sql:
    """The compiled policy and its rivals on one table of a DuckDB database."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: str = "history") -> None:
        self.connection = connection
        self.table = table

    def query(self, rules: Ruleset) -> Query:
        return Query(rules, self._columns(rules), DIALECTS["duckdb"], self._links)

    @property
    def _links(self) -> tuple[Link, ...]:
        return (
            Link(f"{self.table}_codes", "offence_code", "code"),
            Link(f"{self.table}_ties", "relationship_code", "code"),
        )

    def _columns(self, rules: Ruleset) -> dict[str, Column]:
        return {fact: Column(self._column(fact)) for fact in rules.facts}

    def _column(self, fact: str) -> exp.Column:
        if fact not in TOLD:
            return exp.column(column_of(fact))
        table = "ties" if fact == "flags.relationship" else "codes"
        return exp.column(TOLD[fact], f"{self.table}_{table}")

    @property
    def source(self) -> exp.Table:
        """The history, whose code tables the query joins."""
        return exp.to_table(self.table)

    # --- scans ----------------------------------------------------------------

    def scan(self) -> Any:
        """Sum the eleven columns that the policy reads: nine facts and two codes."""
        return self._one(f"SELECT {_sums(h.COLUMNS)} FROM {self.table}")

    def joined_scan(self) -> Any:
        """Sum the thirteen facts, four of them joined from the code tables."""
        own = [name for name in h.COLUMNS if not name.endswith("_code")]
        return self._one(f"SELECT {_sums((*own, *TOLD.values()))} FROM ({h.joined(self.table)})")

    # --- ours -----------------------------------------------------------------

    def outcomes(self, rules: Ruleset) -> Counts:
        """How many cases have each answer."""
        query = self.query(rules)
        inner = query.dialect.print(query.outcomes(self.source))
        with standing(self.connection, query.tables):
            return dict(self._all(f"SELECT answer, count(*) FROM ({inner}) GROUP BY answer"))

    def masks(self, rules: Ruleset) -> dict[int, tuple[int, int, int]]:
        """For each answer: how many cases, and all their masks of rules raised and unknown, xor-ed."""
        query = self.query(rules)
        inner = query.dialect.print(query.verdicts(self.source, exp.null()))
        with standing(self.connection, query.tables):
            rows = self._all(
                "SELECT answer, count(*), bit_xor(raised), bit_xor(unknown) "
                f"FROM ({inner}) GROUP BY answer"
            )
        return {answer: tuple(rest) for answer, *rest in rows}

    def keys(self, rules: Ruleset) -> int:
        """How many kinds of row need a second look, every mask and key worked out."""
        query = self.query(rules)
        inner = query.dialect.print(query.verdicts(self.source, exp.null()))
        with standing(self.connection, query.tables):
            found = self._one(
                "SELECT count(DISTINCT key), bit_xor(raised), bit_xor(unknown), sum(answer) "
                f"FROM ({inner})"
            )
        return int(found[0])

    def compared(self, one: Ruleset, other: Ruleset) -> dict[tuple[int, int], int]:
        """How many cases have each pair of answers, with every mask, in one pass over the table."""
        pair = Pair(one, other, self._columns(one) | self._columns(other), self._links)
        inner = pair.dialect.print(pair.verdicts(self.source, exp.null()))
        masks = (f"{side}_{which}" for side in SIDES for which in ("raised", "unknown"))
        xors = ", ".join(f"bit_xor({name})" for name in masks)
        with standing(self.connection, pair.tables):
            rows = self._all(
                f"SELECT before, after, count(*), {xors} FROM ({inner}) GROUP BY before, after"
            )
        return {(before, after): count for before, after, count, *_ in rows}

    # --- the class table ------------------------------------------------------

    def codes(self, table: ClassTable) -> list[Any]:
        """Every row as a byte for each input: done once for a history."""
        columns = {fact: Column(exp.column(column_of(fact))) for fact in table.rules.facts}
        printer = Printer(columns, DIALECTS["duckdb"])
        source = exp.maybe_parse(h.joined(self.table), dialect="duckdb").subquery("joined")
        select = exp.select("n", *coded(table.classes, printer)).from_(source)
        found = self.connection.execute(printer.dialect.print(select)).fetchnumpy()
        row = np.asarray(found.pop("n"))
        return [_placed(np.asarray(found.pop(name)), row) for name in list(found)]

    def _one(self, sql: str) -> Any:
        return self.connection.execute(sql).fetchone()

    def _all(self, sql: str) -> list[Any]:
        return self.connection.execute(sql).fetchall()


def _sums(columns: Any) -> str:
    return ", ".join(f"sum({_number(name)})" for name in columns)


def _number(column: str) -> str:
    """A column as DuckDB can sum it."""
    if column in _WORDS:
        return f"enum_code({column})"
    return f"{column}::INTEGER" if column in (*h.BOOLEANS, "listed") else column


class Coded:
    """The class table over coded rows, by one thread or by two."""

    def __init__(self, table: ClassTable, codes: list[Any]) -> None:
        self.table = table
        self.codes = codes
        middle = len(codes[0]) // 2
        self.halves = [[c[:middle] for c in codes], [c[middle:] for c in codes]]
        self.pool = ThreadPoolExecutor(h.THREADS)
        _ = [(block.bits, block.steps) for block in table.blocks]  # filled once, before the clock

    def scan(self) -> int:
        """Sum every coded column."""
        return sum(int(column.sum(dtype=np.uint64)) for column in self.codes)

    def outcomes(self, threads: int) -> Counts:
        """How many cases have each answer."""
        parts = [self.codes] if threads == 1 else self.halves
        return _counted(self.pool.map(self.table.answers, parts))

    def masks(self, threads: int) -> Counts:
        """The same, with the masks of every row worked out."""
        parts = [self.codes] if threads == 1 else self.halves
        return _counted(answers for answers, _ in self.pool.map(self.table.judge, parts))


def _counted(parts: Any) -> Counts:
    total = sum(np.bincount(answers, minlength=10) for answers in parts)
    return {answer: int(count) for answer, count in enumerate(total) if count}


def _placed(values: Any, row: Any) -> Any:
    """*values* in the order of the rows they belong to."""
    found = np.empty_like(values)
    found[row] = values
    return found


def facts_of(history: h.History, rules: Ruleset) -> Mapping[str, Any]:
    """The facts of every case as arrays of numbers, MISSING where not known, code tables joined."""
    found = {}
    for fact in rules.facts:
        name = column_of(fact)
        if name in history.columns:
            found[fact] = history.columns[name]
            continue
        codes = history.columns["relationship_code" if name == "relationship" else "offence_code"]
        told = history.tables[name]
        known = codes < len(told)
        found[fact] = np.where(known, told[np.minimum(codes, len(told) - 1)], np.uint8(h.MISSING))
    return found
