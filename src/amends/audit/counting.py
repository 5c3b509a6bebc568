"""The counts of an audit: by answer, by difference, by rule, by fact not known, by record owed."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from amends.audit.auditing import Audit
from amends.audit.blanks import asked
from amends.audit.dialects import DIALECTS
from amends.audit.planning import Part, Span, where
from amends.audit.triage import MEANING, Difference
from amends.audit.verdicts import records_of
from amends.disclosure.tables import Cell, Raw
from amends.policy.rules import Authority, Rule, Ruleset

UNIT: Final = "cases"
ONE: Final = "case"
WHO: Final = {
    Authority.OFFICER: "an officer",
    Authority.SERGEANT: "a sergeant",
    Authority.INSPECTOR: "an inspector",
    Authority.SUPERINTENDENT: "a superintendent",
    Authority.NOT_YET_KNOWN: "not yet known",
    Authority.NOBODY: "nobody",
}
SHORT: Final = {
    Authority.OFFICER: "Officer",
    Authority.SERGEANT: "Sergeant",
    Authority.INSPECTOR: "Inspector",
    Authority.SUPERINTENDENT: "Superint.",
    Authority.NOT_YET_KNOWN: "Not known",
    Authority.NOBODY: "Nobody",
}
_OPEN_STILL: Final = "what could be allowed is not yet known"
FAULTS: Final = {
    f"offence code that no table holds on the day: {_OPEN_STILL}": "unknown_code",
    f"offence group, or another fact of the code, that is not the code's: {_OPEN_STILL}": (
        "code_differs"
    ),
    f"offence after the decision: {_OPEN_STILL}": "too_late",
    f"Scotland or Northern Ireland, or a suspect under 10, of whom no policy held speaks: {_OPEN_STILL}": (
        "outside"
    ),
    "no force": "force IS NULL",
    "no day of decision": "decision_date IS NULL",
    "not judged: no policy for the force and day": "n NOT IN (SELECT n FROM verdicts)",
}
"""What can be wrong with a row, and the SQL that finds it."""
_UNKNOWN: Final = int(Authority.NOT_YET_KNOWN)
_OPEN: Final = f"answer = {_UNKNOWN}"
Run = Callable[[str], list[tuple[Any, ...]]]


def counted(audit: Audit, run: Run) -> tuple[Raw, ...]:
    """Every table of *audit*."""
    return (
        _by_answer(run),
        _by_difference(run),
        _by_group(run),
        *_by_rule(audit, run),
        _by_fact(audit, run),
        _by_record(audit, run),
    )


def faults(run: Run) -> dict[str, int]:
    """How many rows have each fault that any row has."""
    tests = [f"count(*) FILTER ({test})" for test in FAULTS.values()]
    counts = run(f"SELECT {', '.join(tests)} FROM history")[0]
    return {what: count for what, count in zip(FAULTS, counts, strict=True) if count}


def in_parts(run: Run) -> dict[int, int]:
    """How many rows each part judged."""
    return dict(run("SELECT part, count(*) FROM verdicts GROUP BY part"))


def not_judged(run: Run, spans: Sequence[Span]) -> list[int]:
    """How many rows each of *spans* holds."""
    duckdb = DIALECTS["duckdb"]
    tests = [f"count(*) FILTER ({duckdb.print(where([span], duckdb))})" for span in spans]
    return list(run(f"SELECT {', '.join(tests)} FROM history")[0]) if tests else []


def _by_answer(run: Run) -> Raw:
    found: dict[int, int] = dict(run("SELECT answer, count(*) FROM verdicts GROUP BY answer"))
    rows = tuple((who, found.get(int(level), 0)) for level, who in WHO.items())
    return _table("Who could have allowed it", ("who", UNIT), rows)


def _by_difference(run: Run) -> Raw:
    found: dict[str, int] = dict(
        run("SELECT difference, count(*) FROM verdicts GROUP BY difference")
    )
    rows = tuple((d.value, found.get(d.value, 0), MEANING[d]) for d in Difference)
    note = "A case is counted once, under the first that fits, in this order."
    return _table("Who did allow it, against who could", ("difference", UNIT, ""), rows, note)


def _by_group(run: Run) -> Raw:
    rows = run(
        "SELECT replace(coalesce(h.offence_group, CASE WHEN h.offence_group_absent THEN 'no crime' "
        "ELSE 'not known' END), '_', ' ') AS g, count(*) AS c, "
        f"count(*) FILTER (v.difference = '{Difference.EXCLUDED}'), "
        f"count(*) FILTER (v.difference = '{Difference.AUTHORITY}'), "
        f"count(*) FILTER (v.difference = '{Difference.RECORD}'), "
        f"count(*) FILTER (v.difference = '{Difference.CANNOT_TELL}') "
        "FROM history AS h LEFT JOIN verdicts AS v USING (n) GROUP BY g ORDER BY c DESC, g"
    )
    columns = ("offence group", UNIT, "excluded", "too low", "no record", "cannot tell")
    return _table("For what", columns, tuple(rows))


def _sums(run: Run, part: Part, expressions: list[str]) -> tuple[int, ...]:
    if not expressions:
        return ()
    sums = ", ".join(f"count(*) FILTER ({e})" for e in expressions)
    return run(f"SELECT {sums} FROM verdicts WHERE part = {part.number}")[0]


def _by_rule(audit: Audit, run: Run) -> Iterator[Raw]:
    """A table for each policy; a rule that judged in several parts is counted over all of them."""
    raised: Counter[Rule] = Counter()
    unknown: Counter[Rule] = Counter()
    for part in audit.plan.parts:
        rules = part.rules.rules
        tests = [f"({c} >> {i}) & 1 = 1" for c in ("raised", "unknown") for i in range(len(rules))]
        sums = _sums(run, part, tests)
        for rule, yes, open_ in zip(rules, sums, sums[len(rules) :], strict=False):
            raised[rule] += yes
            unknown[rule] += open_
    names = dict.fromkeys(rule.policy for rule in raised)
    for name in names:
        own = sorted(
            (rule for rule in raised if rule.policy == name),
            key=lambda rule: (-raised[rule], -unknown[rule], rule.id),
        )
        rows = tuple((r.id, raised[r], unknown[r], SHORT[r.allow], r.ask) for r in own)
        columns = ("rule", "raised", "not known", "left to", "what it asks")
        note = RAISED if name == list(names)[-1] else ""
        yield _table(f"By rule of {name}", columns, rows, note)


RAISED: Final = (
    "Raised: the circumstance of the rule is there, and the case is left to whoever is named, or a record "
    "is wanted. Not known: a fact that would tell is missing."
)


def deciding(rules: Ruleset) -> Iterator[tuple[Authority, int, int]]:
    """For each authority above the freest: the bits of the rules that leave a case to it; and to it or higher."""
    for level in (
        Authority.SERGEANT,
        Authority.INSPECTOR,
        Authority.SUPERINTENDENT,
        Authority.NOBODY,
    ):
        at = sum(1 << i for i, rule in enumerate(rules.rules) if rule.allow == level)
        above = sum(1 << i for i, rule in enumerate(rules.rules) if rule.allow >= level)
        if level > rules.otherwise and at:
            yield level, at, above


def _by_fact(audit: Audit, run: Run) -> Raw:
    found: Counter[str] = Counter()
    for part in audit.plan.parts:
        names = asked(part.rules)
        tests = [
            f"{_OPEN} AND (blank >> {bit}) & 1 = 1 AND ({_could_matter(part.rules, name)})"
            for bit, name in enumerate(names)
        ]
        for name, count in zip(names, _sums(run, part, tests), strict=True):
            found[name] += count
    rows = tuple((name, count) for name, count in found.most_common() if count)
    note = (
        "Of the cases not yet known: a rule that could still change the answer asks for the fact."
    )
    return _table("By fact not known", ("fact", UNIT), rows, note)


def _could_matter(rules: Ruleset, name: str) -> str:
    """SQL: a rule that asks for the fact *name* is open, and none so strict is raised already."""
    asking = sum(1 << i for i, rule in enumerate(rules.rules) if name in rule.facts)
    ways = [
        f"unknown & {asking & at} <> 0 AND raised & {above} = 0"
        for _, at, above in deciding(rules)
        if asking & at
    ]
    return " OR ".join(ways) or "FALSE"


def _by_record(audit: Audit, run: Run) -> Raw:
    owed: Counter[str] = Counter()
    unsure: Counter[str] = Counter()
    for part in audit.plan.parts:
        names = records_of(part.rules)
        tests = [f"({c} >> {i}) & 1 = 1" for c in ("owed", "unsure") for i in range(len(names))]
        sums = _sums(run, part, tests)
        for name, lacking, open_ in zip(names, sums, sums[len(names) :], strict=False):
            owed[name] += lacking
            unsure[name] += open_
    order = sorted({*owed, *unsure}, key=lambda name: (-owed[name], -unsure[name], name))
    rows = tuple((name.replace("_", " "), owed[name], unsure[name]) for name in order)
    return _table("Records the policy wants", ("record", "not made", "not known"), rows)


def _table(
    title: str, columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...], note: str = ""
) -> Raw:
    return Raw(title=title, unit=UNIT, columns=columns, rows=rows, note=note)
