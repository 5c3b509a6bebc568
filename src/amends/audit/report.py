"""What an audit found, counted: by answer, by difference, by rule, by fact not known, by record owed."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from amends.audit.auditing import Audit, asked
from amends.audit.planning import Part
from amends.audit.triage import MEANING, Difference
from amends.audit.verdicts import records_of
from amends.disclosure.tables import Cell, Raw
from amends.policy.rules import Authority

UNIT: Final = "cases"
WHO: Final = {
    Authority.OFFICER: "an officer",
    Authority.SERGEANT: "a sergeant",
    Authority.INSPECTOR: "an inspector",
    Authority.SUPERINTENDENT: "a superintendent",
    Authority.NOT_YET_KNOWN: "not yet known",
    Authority.NOBODY: "nobody",
}
Run = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Report:
    """The figures of one audit."""

    audit: Audit
    tables: tuple[Raw, ...]
    faults: dict[str, int]

    def lines(self) -> Iterator[str]:
        """The whole report as text."""
        history = self.audit.history
        yield f"{history.path.name}: {history.rows:,} {UNIT}"
        if says := history.notes.get("says"):
            yield f"INVENTED: {says}."
        yield ""
        yield "Judged by"
        for part in self.audit.plan.parts:
            for line in _policies(part):
                yield f"  {line}"
        for table in self.tables:
            yield ""
            yield from table.lines()
        yield ""
        yield "Faults in the history (rows)"
        for what, count in self.faults.items():
            yield f"  {count:>10,}  {what}"
        if not self.faults:
            yield "  none"
        if history.ignored:
            yield f"  Columns that are no facts, not looked at: {', '.join(history.ignored)}."

    def as_data(self) -> dict[str, Any]:
        """The whole report for a JSON file."""
        history = self.audit.history
        return {
            "history": history.path.name,
            "notes": history.notes,
            "rows": history.rows,
            "engine": self.audit.engine,
            "unit": UNIT,
            "policies": [_as_data(part) for part in self.audit.plan.parts],
            "tables": [
                {"title": t.title, "unit": t.unit, "columns": t.columns, "rows": t.rows}
                for t in self.tables
            ],
            "faults": self.faults,
        }


def _policies(part: Part) -> Iterator[str]:
    for policy in part.rules.policies:
        until = policy.ends or "now"
        words = f"{policy.id}, {policy.starts} to {until}, {policy.confidence}"
        yield f"{policy.title} ({words}; SHA-256 {policy.digest[:12]})"


def _as_data(part: Part) -> dict[str, Any]:
    return {
        "part": part.number,
        "policies": [
            {"id": p.id, "sha256": p.digest, "confidence": p.confidence, "status": p.status}
            for p in part.rules.policies
        ],
        "rules": [rule.id for rule in part.rules.rules],
        "facts": list(asked(part.rules)),
        "records": list(records_of(part.rules)),
        "spans": [[s.force, str(s.starts), str(s.ends)] for s in part.spans],
    }


def report(audit: Audit) -> Report:
    """Count what *audit* found."""

    def run(sql: str) -> list[tuple[Any, ...]]:
        return audit.history.connection.execute(sql).fetchall()

    tables = (
        _by_answer(run),
        _by_difference(run),
        _by_group(run),
        _by_rule(audit, run),
        _by_fact(audit, run),
        _by_record(audit, run),
    )
    return Report(audit, tables, _faults(audit, run))


def _by_answer(run: Run) -> Raw:
    found = dict(run("SELECT answer, count(*) FROM verdicts GROUP BY answer"))
    rows = tuple((who, found.get(int(level), 0)) for level, who in WHO.items())
    return _table("Who could have allowed it", ("who", "cases"), rows)


def _by_difference(run: Run) -> Raw:
    found = dict(run("SELECT difference, count(*) FROM verdicts GROUP BY difference"))
    rows = tuple((d.value, found.get(d.value, 0), MEANING[d]) for d in Difference)
    note = "A case is counted once, under the first that fits, in this order."
    return _table("Who did allow it, against who could", ("difference", "cases", ""), rows, note)


def _by_group(run: Run) -> Raw:
    rows = run(
        "SELECT coalesce(h.offence_group, CASE WHEN h.offence_group_absent THEN 'no crime' "
        "ELSE 'not known' END) AS g, count(*) AS c, "
        f"count(*) FILTER (v.difference = '{Difference.EXCLUDED}'), "
        f"count(*) FILTER (v.difference = '{Difference.AUTHORITY}'), "
        f"count(*) FILTER (v.difference = '{Difference.CANNOT_TELL}') "
        "FROM history AS h LEFT JOIN verdicts AS v USING (n) GROUP BY g ORDER BY c DESC, g"
    )
    columns = ("offence group", "cases", "excluded", "too low", "cannot tell")
    return _table("For what", columns, tuple(rows))


def _sums(run: Run, part: Part, expressions: list[str]) -> tuple[int, ...]:
    if not expressions:
        return ()
    sums = ", ".join(f"coalesce(sum(CASE WHEN {e} THEN 1 END), 0)::BIGINT" for e in expressions)
    return run(f"SELECT {sums} FROM verdicts WHERE part = {part.number}")[0]


def _by_rule(audit: Audit, run: Run) -> Raw:
    raised: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    asks: dict[str, str] = {}
    for part in audit.plan.parts:
        rules = part.rules.rules
        count = len(rules)
        tests = [f"({column} >> {i}) & 1 = 1" for column in ("raised", "unknown") for i in range(count)]
        sums = _sums(run, part, tests)
        for i, rule in enumerate(rules):
            name = f"{rule.id} ({rule.policy})"
            asks[name] = f"{WHO[rule.allow]}: {rule.ask}"
            raised[name] += sums[i]
            unknown[name] += sums[count + i]
    order = sorted(asks, key=lambda name: (-raised[name], -unknown[name], name))
    rows = tuple((name, raised[name], unknown[name], asks[name]) for name in order)
    note = "Raised: the rule then leaves it to whoever is named. Unknown: a fact it asks for is missing."
    return _table("By rule", ("rule", "raised", "unknown", "left to, and what it asks"), rows, note)


def _by_fact(audit: Audit, run: Run) -> Raw:
    found: Counter[str] = Counter()
    open_answer = f"answer = {int(Authority.NOT_YET_KNOWN)}"
    for part in audit.plan.parts:
        names = asked(part.rules)
        tests = []
        for bit, name in enumerate(names):
            asking = sum(1 << i for i, r in enumerate(part.rules.rules) if name in r.facts)
            tests.append(f"{open_answer} AND (blank >> {bit}) & 1 = 1 AND unknown & {asking} <> 0")
        for name, count in zip(names, _sums(run, part, tests), strict=True):
            found[name] += count
    rows = tuple((name, count) for name, count in found.most_common() if count)
    note = "Of the cases not yet known: a rule left open asks for the fact, and nobody recorded it."
    return _table("By fact not known", ("fact", "cases"), rows, note)


def _by_record(audit: Audit, run: Run) -> Raw:
    owed: Counter[str] = Counter()
    unsure: Counter[str] = Counter()
    for part in audit.plan.parts:
        names = records_of(part.rules)
        tests = [f"({c} >> {i}) & 1 = 1" for c in ("owed", "unsure") for i in range(len(names))]
        sums = _sums(run, part, tests)
        for i, name in enumerate(names):
            owed[name] += sums[i]
            unsure[name] += sums[len(names) + i]
    order = sorted({*owed, *unsure}, key=lambda name: (-owed[name], -unsure[name], name))
    rows = tuple((name.replace("_", " "), owed[name], unsure[name]) for name in order)
    return _table("Records the policy wants", ("record", "not made", "not known"), rows)


def _table(
    title: str, columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...], note: str = ""
) -> Raw:
    return Raw(title=title, unit=UNIT, columns=columns, rows=rows, note=note)


FAULTS: Final = {
    "offence code in no table: what could be allowed is not yet known": "unknown_code",
    "no force: not judged": "force IS NULL",
    "no day of decision: not judged": "decision_date IS NULL",
    "no policy covers the force and day: not judged": "force IS NOT NULL AND decision_date IS NOT "
    "NULL AND n NOT IN (SELECT n FROM verdicts)",
}
"""What can be wrong with a row, and the SQL that finds it."""


def _faults(audit: Audit, run: Run) -> dict[str, int]:
    tests = [f"count(*) FILTER ({test})" for test in FAULTS.values()]
    counts = run(f"SELECT {', '.join(tests)} FROM history")[0]
    return {what: count for what, count in zip(FAULTS, counts, strict=True) if count}
