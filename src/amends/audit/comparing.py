"""Two policies against each other on one history: who might have allowed each case, before and after."""

from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from amends.audit.auditing import Step, columns
from amends.audit.dialects import DIALECTS
from amends.audit.history import ROW, History
from amends.audit.judging import judge_into, table_source
from amends.audit.report import WHO, UNIT
from amends.audit.sql import Query
from amends.disclosure.tables import Raw
from amends.policy.rules import Authority, Ruleset


@dataclass(frozen=True)
class Comparison:
    """How two sets of rules judge the same cases."""

    matrix: Raw
    changes: Raw
    changed: int


def compare(history: History, one: Ruleset, two: Ruleset, step: Step | None = None) -> Comparison:
    """Judge every row of *history* by *one* and by *two*, whatever its day and force."""
    tell = step or (lambda what, done, of: None)
    for n, (rules, table) in enumerate(((one, "before_"), (two, "after_"))):
        tell(f"judging by {rules.name}", n, 2)
        query = Query(rules, columns(history), DIALECTS["duckdb"])
        judge_into(history.connection, query, table_source("history"), exp.column(ROW), table)
    tell("comparing", 2, 2)
    found = _counts(history)
    changed = sum(count for (a, b), count in found.items() if a != b)
    return Comparison(_matrix(found), _changes(history, one, two), changed)


def _counts(history: History) -> dict[tuple[int, int], int]:
    unknown = int(Authority.NOT_YET_KNOWN)
    shown = ", ".join(
        f"CASE WHEN h.unknown_code THEN greatest({t}.answer, {unknown}) ELSE {t}.answer END AS {t}"
        for t in ("b", "a")
    )
    rows = history.connection.execute(
        f"SELECT {shown}, count(*) FROM before_ AS b JOIN after_ AS a USING (n) "
        "JOIN history AS h USING (n) GROUP BY 1, 2"
    )
    return {(b, a): count for b, a, count in rows.fetchall()}


def _matrix(found: dict[tuple[int, int], int]) -> Raw:
    levels = list(WHO)
    rows: list[tuple[Any, ...]] = []
    for b in levels:
        counts = [found.get((int(b), int(a)), 0) for a in levels]
        rows.append((WHO[b], *counts, sum(counts)))
    totals = [sum(found.get((int(b), int(a)), 0) for b in levels) for a in levels]
    rows.append(("all", *totals, sum(totals)))
    columns = ("before \\ after", *WHO.values(), "all")
    note = "Read across: of the cases that could be allowed so before, how many by whom after."
    return Raw(
        title="Who may allow it, before and after",
        unit=UNIT,
        columns=columns,
        rows=tuple(rows),
        note=note,
    )


def _changes(history: History, one: Ruleset, two: Ruleset) -> Raw:
    """For each rule of either: in how many of the cases that changed it was raised."""
    rows: list[tuple[Any, ...]] = []
    for rules, table, when in ((one, "b", "before"), (two, "a", "after")):
        sums = [
            f"count(*) FILTER (({table}.raised >> {i}) & 1 = 1)" for i in range(len(rules.rules))
        ]
        found = history.connection.execute(
            f"SELECT {', '.join(sums)} FROM before_ AS b JOIN after_ AS a USING (n) "
            "WHERE b.answer <> a.answer"
        )
        counts = found.fetchone() or ()
        rows += [
            (f"{rule.id} ({rule.policy})", when, count, rule.ask)
            for rule, count in zip(rules.rules, counts, strict=True)
            if count
        ]
    rows.sort(key=lambda row: (-row[2], row[0]))
    columns = ("rule", "", "cases", "what it asks")
    return Raw(title="Rules raised in the cases that change", unit=UNIT, columns=columns, rows=tuple(rows))
