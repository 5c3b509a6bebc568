"""Generated cases as tables of DuckDB and SQLite, each engine's verdicts on them, and how they differ."""

import datetime as dt
import json
import sqlite3
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
from sqlglot import exp

from amends.audit.classtable import ClassTable
from amends.audit.coding import coded
from amends.audit.dialects import DIALECTS
from amends.audit.judging import judge_into, table_source, verdicts
from amends.audit.printing import Column, Printer
from amends.audit.sql import Query
from amends.audit.verdicts import Verdict
from amends.policy.facts import FactKind, catalogue
from amends.policy.rules import Ruleset

_DUCK = {"boolean": "BOOLEAN", "whole": "INTEGER", "choice": "VARCHAR", "code": "VARCHAR"}
_DUCK |= {"date": "DATE"}


def columns() -> dict[str, Column]:
    """Every fact as a column of its own, with one beside it where it may be absent."""
    found = {}
    for name, kind in catalogue().items():
        absent = exp.column(f"{kind.column}_absent") if kind.absent else None
        found[name] = Column(exp.column(kind.column), absent)
    return found


def duck_type(kind: FactKind) -> str:
    """The DuckDB type of a fact's column."""
    if kind.type != "list":
        return _DUCK[kind.type]
    fields = [f"{f.name} {duck_type(f)}" for f in kind.fields]
    fields += [f"{f.name}_absent BOOLEAN" for f in kind.fields if f.absent]
    return f"STRUCT({', '.join(fields)})[]"


_SPARK = {"boolean": "BOOLEAN", "whole": "INT", "choice": "STRING", "code": "STRING"}
_SPARK |= {"date": "DATE"}


def spark_type(kind: FactKind) -> str:
    """The Spark type of a fact's column; a list is an array of structs."""
    return _SPARK[kind.type] if kind.type != "list" else f"ARRAY<{record_type(kind)}>"


def record_type(kind: FactKind) -> str:
    """The Spark type of a record of the list *kind*."""
    fields = [f"{f.name}: {spark_type(f)}" for f in kind.fields]
    fields += [f"{f.name}_absent: BOOLEAN" for f in kind.fields if f.absent]
    return f"STRUCT<{', '.join(fields)}>"


def _record(kind: FactKind, record: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in kind.fields:
        value = record.get(field.name)
        found[field.name] = value.isoformat() if isinstance(value, dt.date) else value
        if field.absent:
            found[f"{field.name}_absent"] = field.name in record and value is None
    return found


def row_of(facts: dict[str, Any]) -> dict[str, Any]:
    """The columns of one case: dates as text, lists as lists of whole records."""
    row: dict[str, Any] = {}
    for name, kind in catalogue().items():
        value = facts.get(name)
        if kind.type == "list" and value is not None:
            value = [_record(kind, record) for record in value]
        row[kind.column] = value.isoformat() if isinstance(value, dt.date) else value
        if kind.absent:
            row[f"{kind.column}_absent"] = name in facts and facts[name] is None
    return row


class Tables:
    """The same cases in DuckDB and in SQLite."""

    def __init__(self) -> None:
        self.duck = duckdb.connect()
        self.duck.execute("SET threads = 1")
        self.lite = sqlite3.connect(":memory:")
        names, ducks = ["n"], ["n INTEGER"]
        for kind in catalogue().values():
            names.append(kind.column)
            ducks.append(f'"{kind.column}" {duck_type(kind)}')
            if kind.absent:
                names.append(f"{kind.column}_absent")
                ducks.append(f'"{kind.column}_absent" BOOLEAN')
        self.duck.execute(f"CREATE TABLE history ({', '.join(ducks)})")
        self.lite.execute(f"CREATE TABLE history ({', '.join(names)})")

    def load(self, cases: list[dict[str, Any]]) -> None:
        """Replace the cases in both."""
        rows = [{"n": n, **row_of(case)} for n, case in enumerate(cases)]
        self.duck.execute("DELETE FROM history")
        structure = json.dumps([self._structure()])
        self.duck.execute(
            "INSERT INTO history SELECT r.* FROM (SELECT unnest(from_json(?, ?)) AS r)",
            [json.dumps(rows), structure],
        )
        self.lite.execute("DELETE FROM history")
        marks = ", ".join("?" * len(rows[0]))
        plain = [
            [json.dumps(v) if isinstance(v, list) else v for v in row.values()] for row in rows
        ]
        self.lite.executemany(f"INSERT INTO history VALUES ({marks})", plain)

    @staticmethod
    def _structure() -> dict[str, Any]:
        found: dict[str, Any] = {"n": "INTEGER"}
        for kind in catalogue().values():
            if kind.type == "list":
                record: dict[str, str] = {f.name: duck_type(f) for f in kind.fields}
                record |= {f"{f.name}_absent": "BOOLEAN" for f in kind.fields if f.absent}
                ordered = {}
                for field in kind.fields:
                    ordered[field.name] = record[field.name]
                for name, of in record.items():
                    ordered.setdefault(name, of)
                found[kind.column] = [ordered]
            else:
                found[kind.column] = duck_type(kind)
            if kind.absent:
                found[f"{kind.column}_absent"] = "BOOLEAN"
        return found

    def judged(self, engine: str, rules: Ruleset) -> list[Verdict]:
        """The verdicts of *engine* (duckdb or sqlite) on every case, in order."""
        connection: Any = self.duck if engine == "duckdb" else self.lite
        query = Query(rules, columns(), DIALECTS[engine])
        connection.execute("DROP TABLE IF EXISTS judged")
        judge_into(connection, query, table_source("history"), exp.column("n"), "judged")
        return list(verdicts(connection, "judged"))

    def by_class_table(self, rules: Ruleset) -> list[tuple[int, int, int]]:
        """The answer, rules raised and rules unknown of every case, by class table."""
        table = ClassTable(rules)
        printer = Printer(columns(), DIALECTS["duckdb"])
        wanted = [exp.column("n"), *coded(table.classes, printer)]
        select = exp.select(*wanted).from_("history", copy=False)
        select = select.order_by("n", copy=False)
        n, *codes = self.duck.execute(printer.dialect.print(select)).fetchnumpy().values()
        # A policy that asks about no fact has no inputs, and every row is of one class.
        answers, bits = table.judge([np.asarray(code) for code in codes or [np.zeros(len(n))]])
        return [(int(a), int(b[0]), int(b[1])) for a, b in zip(answers, bits, strict=True)]


def difference(
    engine: str,
    seed: int,
    rules: Ruleset,
    cases: list[dict[str, Any]],
    wanted: list[Any],
    found: list[Any],
) -> str:
    """The first case on which *engine* differs from the plain loop, as text; empty if none does."""
    if len(found) != len(wanted):
        return f"{engine}, seed {seed}: {len(found)} verdicts on {len(wanted)} cases"
    for facts, right, given in zip(cases, wanted, found, strict=True):
        if tuple(right[: len(given)]) != tuple(given):
            return "\n".join((f"{engine}, seed {seed}", *_told(rules, facts, right, given)))
    return ""


def _told(rules: Ruleset, facts: dict[str, Any], right: Any, given: Any) -> list[str]:
    told = [f"plain:  {right}", f"engine: {tuple(given)}"]
    differing = (right[1] ^ given[1]) | (right[2] ^ given[2])
    for bit, rule in enumerate(rules.rules):
        if differing >> bit & 1 or not differing:
            told.append(f"rule {bit} ({rule.allow.name}): {rule.when.text}")
            if rule.applies:
                told.append(f"    applies: {rule.applies.text}")
            tops = {name.partition(".")[0] for name in rule.facts} | set(rule.facts)
            told += [f"    {name} = {facts[name]!r}" for name in sorted(tops & set(facts))]
    return told


def attempt(judge: Callable[[], list[Any]]) -> list[Any] | str:
    """What *judge* gives, or the error that it stops with, so that the seed can be told."""
    try:
        return judge()
    except Exception as error:  # whatever an engine may raise
        return f"{type(error).__name__}: {str(error)[:2000]}"
