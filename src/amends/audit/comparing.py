"""Two policies against each other on one history: who might have allowed each case, before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlglot import exp

from amends.audit.auditing import Step, columns, keep_open
from amends.audit.counting import SHORT, UNIT, WHO, deciding
from amends.audit.history import ROW, History
from amends.audit.judging import table_source
from amends.audit.pairs import SIDES, Pair, judge_pair_into
from amends.disclosure.tables import Raw
from amends.policy.rules import Authority, Rule, Ruleset

_UNKNOWN: Final = int(Authority.NOT_YET_KNOWN)
_DECIDES: Final = (
    "Decides: it gave the answer. Open: a fact is missing, and it might yet change the answer."
)


@dataclass(frozen=True)
class Comparison:
    """How two sets of rules judge the same cases."""

    matrix: Raw
    changes: tuple[Raw, ...]
    changed: int


def compare(history: History, one: Ruleset, two: Ruleset, step: Step | None = None) -> Comparison:
    """Judge every row of *history* by *one* and by *two*, whatever its day and force."""
    tell = step or (lambda what, done, of: None)
    connection = history.connection
    connection.execute("DROP TABLE IF EXISTS compared")
    tell(f"judging by {one.name} and by {two.name}", 0, 2)
    pair = Pair(one, two, columns(history))
    judge_pair_into(connection, pair, table_source("history"), exp.column(ROW), "compared")
    for side in SIDES:
        keep_open(connection, "compared", side)
    tell("comparing", 1, 2)
    found = _counts(history)
    changed = sum(count for (a, b), count in found.items() if a != b)
    return Comparison(_matrix(found), tuple(_changes(history, one, two)), changed)


def _counts(history: History) -> dict[tuple[int, int], int]:
    rows = history.connection.execute(
        "SELECT before, after, count(*) FROM compared GROUP BY before, after"
    )
    return {(b, a): count for b, a, count in rows.fetchall()}


def _matrix(found: dict[tuple[int, int], int]) -> Raw:
    used = {answer for pair in found for answer in pair}
    levels = [level for level in SHORT if int(level) in used]
    rows: list[tuple[Any, ...]] = []
    for b in levels:
        counts = [found.get((int(b), int(a)), 0) for a in levels]
        rows.append((SHORT[b], *counts, sum(counts)))
    totals = [sum(found.get((int(b), int(a)), 0) for b in levels) for a in levels]
    rows.append(("all", *totals, sum(totals)))
    left = [WHO[level] for level in SHORT if level not in levels]
    note = "A row for who could allow it before; in it, how many of those by whom after."
    if left and levels:
        note += f" In no case, before or after: {', '.join(left)}."
    columns = ("before", *(SHORT[level] for level in levels), "all")
    title = "Who may allow it, before (down) and after (across)"
    return Raw(title=title, unit=UNIT, columns=columns, rows=tuple(rows), note=note)


def _changes(history: History, one: Ruleset, two: Ruleset) -> Iterator[Raw]:
    """For each side and policy: the rules that gave the answer in the cases that change."""
    for rules, side in zip((one, two), SIDES, strict=True):
        when = side.capitalize()
        counts = _deciding_counts(history, rules, side)
        for policy in rules.policies:
            own = [(rule, *counts[rule]) for rule in counts if rule.policy == policy.id]
            own.sort(key=lambda row: (-row[1], -row[2], row[0].id))
            rows = tuple(
                (rule.id, gave, left, SHORT[rule.allow], rule.ask)
                for rule, gave, left in own
                if gave or left
            )
            if rows:
                columns = ("rule", "decides", "open", "left to", "what it asks")
                title = f"{when}, by {policy.id}: rules behind the cases that change"
                yield Raw(title=title, unit=UNIT, columns=columns, rows=rows, note=_DECIDES)


def _deciding_counts(history: History, rules: Ruleset, side: str) -> dict[Rule, tuple[int, int]]:
    """For each rule that can change an answer: how often it gave it, and how often it left it open."""
    tests: dict[Rule, tuple[str, str]] = {}
    for level, at, above in deciding(rules):
        for i, rule in enumerate(rules.rules):
            if at >> i & 1:
                bit = f"({{}} >> {i}) & 1 = 1"
                gave = f"{side} = {int(level)} AND {bit.format(f'{side}_raised')}"
                left = (
                    f"{side} = {_UNKNOWN} AND {bit.format(f'{side}_unknown')} "
                    f"AND {side}_raised & {above} = 0"
                )
                tests[rule] = gave, left
    if not tests:
        return {}
    sums = ", ".join(f"count(*) FILTER ({test})" for pair in tests.values() for test in pair)
    found = history.connection.execute(f"SELECT {sums} FROM compared WHERE before <> after")
    counts = found.fetchone() or ()
    return dict(zip(tests, zip(counts[::2], counts[1::2], strict=True), strict=True))
