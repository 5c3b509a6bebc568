"""What an audit found, as text and as data."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from amends.audit.auditing import Audit
from amends.audit.blanks import asked
from amends.audit.counting import ONE, UNIT, Run, counted, faults, in_parts, not_judged
from amends.audit.planning import Part, Span
from amends.audit.verdicts import records_of
from amends.disclosure.tables import Raw, wrapped
from amends.policy.rules import Policy, Ruleset

CONFIDENCE: Final = (
    "read: the text itself was read. reported: what others say of it was. "
    "illustrative: made up, and no published text."
)
_MOST_NAMED: Final = 4
_MOST_GAPS: Final = 10


@dataclass(frozen=True)
class Report:
    """The figures of one audit."""

    audit: Audit
    tables: tuple[Raw, ...]
    faults: dict[str, int]
    in_parts: dict[int, int]
    not_judged: tuple[tuple[Span, str, int], ...]

    def lines(self, width: int | None = None) -> Iterator[str]:
        """The whole report as text, in lines of at most *width* letters if that is possible."""
        history = self.audit.history
        yield from wrapped(f"{plain(history.path.name)}: {_cases(history.rows)}", width)
        for line in labels(self.audit):
            yield from wrapped(line, width)
        yield ""
        yield from self._judged_by(width)
        for table in self.tables:
            yield ""
            yield from table.lines(width)
        yield ""
        yield from self._faults(width)

    def _judged_by(self, width: int | None) -> Iterator[str]:
        yield "Judged by"
        for policy in self.policies:
            yield from wrapped(f"  {policy.id}: {policy.title}", width, "    ")
            words = f"{_in_force(policy)}; {policy.confidence}; SHA-256 {policy.digest[:12]}"
            yield from wrapped(f"    {words}", width, "    ")
        if not self.policies:
            yield "  nothing"
        else:
            yield from wrapped(f"  {CONFIDENCE}", width, "  ")
        for part in self.audit.plan.parts:
            if self.in_parts.get(part.number):
                words = f"  part {part.number}: {self._part(part)}"
                yield from wrapped(words, width, "    ")

    def _part(self, part: Part) -> str:
        ids = " + ".join(policy.id for policy in part.rules.policies)
        count = _cases(self.in_parts[part.number])
        alone = any(policy.layer == "force" for policy in part.rules.policies) or part.every
        guidance = "" if alone else ". No policy of these forces is held: national guidance only"
        return f"{ids}; {'; '.join(_when(part))}; {count}{guidance}"

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """Every policy that judged a case, once."""
        used = [part for part in self.audit.plan.parts if self.in_parts.get(part.number)]
        return tuple(dict.fromkeys(policy for part in used for policy in part.rules.policies))

    def _faults(self, width: int | None) -> Iterator[str]:
        yield "Faults in the history (rows)"
        for what, count in self.faults.items():
            yield from wrapped(f"  {count:>10,}  {what}", width, " " * 14)
        if not self.faults:
            yield "  none"
        for span, why, count in self.not_judged[:_MOST_GAPS]:
            words = f"  Not judged: {span.force}, {_days(span)}, {_cases(count)}. {why}"
            yield from wrapped(words, width, "    ")
        if more := len(self.not_judged) - _MOST_GAPS:
            yield from [f"  and {more:,} more; summary.json has them all"] if more > 0 else []
        if ignored := self.audit.history.ignored:
            names = ", ".join(map(plain, ignored))
            yield from wrapped(
                f"  Columns that are no facts, not looked at: {names}.", width, "    "
            )

    def as_data(self) -> dict[str, Any]:
        """The whole report for a JSON file."""
        history = self.audit.history
        return {
            "history": history.path.name,
            "labels": labels(self.audit),
            "notes": history.file.notes,
            "rows": history.rows,
            "engine": self.audit.engine,
            "unit": UNIT,
            "policies": [_policy_as_data(policy) for policy in self.policies],
            "parts": [
                {**_as_data(part), UNIT: self.in_parts.get(part.number, 0)}
                for part in self.audit.plan.parts
            ],
            "tables": [
                {"title": t.title, "unit": t.unit, "columns": t.columns, "rows": t.rows}
                for t in self.tables
            ],
            "faults": self.faults,
            "not_judged": [
                {
                    "force": s.force,
                    "from": str(s.starts),
                    "to": str(s.last),
                    "why": why,
                    UNIT: count,
                }
                for s, why, count in self.not_judged
            ],
        }


def report(audit: Audit) -> Report:
    """Count what *audit* found."""

    def run(sql: str) -> list[tuple[Any, ...]]:
        return audit.history.connection.execute(sql).fetchall()

    return Report(audit, counted(audit, run), faults(run), in_parts(run), _gaps(audit, run))


def _gaps(audit: Audit, run: Run) -> tuple[tuple[Span, str, int], ...]:
    counts = not_judged(run, [span for span, _ in audit.plan.gaps])
    gaps = [(span, why, n) for (span, why), n in zip(audit.plan.gaps, counts, strict=True) if n]
    return tuple(sorted(gaps, key=lambda gap: (-gap[2], gap[0].force, gap[0].starts)))


def labels(audit: Audit) -> list[str]:
    """What must stand above every figure of *audit*: that it is invented, or a trial, or illustrative."""
    found = invented(audit.history.invented)
    for part in audit.plan.parts:
        if part.every:
            found.append(
                f"TRIAL: every case is judged by {part.rules.name}, whatever its day and force."
            )
        found += of_rules(part.rules)
    return list(dict.fromkeys(found))


def invented(says: str) -> list[str]:
    """The label of a history that *says* it is invented."""
    return [f"INVENTED: {plain(says).rstrip('.')}."] if says else []


def of_rules(rules: Ruleset) -> list[str]:
    """The labels of policies that nobody published."""
    made_up = [p.id for p in rules.policies if p.confidence == "illustrative"]
    made_up += [f"{r.policy} {r.id}" for r in rules.rules if r.confidence == "illustrative"]
    found = (
        [f"ILLUSTRATIVE: made up, and no published text: {', '.join(made_up)}."] if made_up else []
    )
    drafts = [p.id for p in rules.policies if p.draft]
    return found + (
        [f"DRAFT: decides nothing, and is only tried: {', '.join(drafts)}."] if drafts else []
    )


def plain(text: str) -> str:
    """*text* without letters that could act on a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _cases(count: int) -> str:
    return f"{count:,} {UNIT if count != 1 else ONE}"


def _in_force(policy: Policy) -> str:
    if policy.ends is None:
        return f"in force from {policy.starts}"
    return f"in force {policy.starts} to {policy.ends - dt.timedelta(days=1)}"


def _when(part: Part) -> Iterator[str]:
    """The days and forces of *part*: forces with the same days together."""
    if part.every:
        yield "every day and force"
    days: dict[str, list[str]] = {}
    for span in part.spans:
        days.setdefault(_days(span), []).append(span.force)
    if len(days) > _MOST_NAMED:
        first, last = min(s.starts for s in part.spans), max(s.last for s in part.spans)
        days = {f"{first} to {last}": list(dict.fromkeys(span.force for span in part.spans))}
    for when, forces in days.items():
        named = ", ".join(forces) if len(forces) <= _MOST_NAMED else f"{len(forces)} forces"
        yield f"{when}, {named}"


def _days(span: Span) -> str:
    return f"{span.starts} to {span.last}" if span.last > span.starts else f"{span.starts}"


def _policy_as_data(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "title": policy.title,
        "starts": str(policy.starts),
        "ends": str(policy.ends) if policy.ends else None,
        "confidence": policy.confidence,
        "status": policy.status,
        "sha256": policy.digest,
    }


def _as_data(part: Part) -> dict[str, Any]:
    return {
        "part": part.number,
        "policies": [policy.id for policy in part.rules.policies],
        "rules": [{"id": rule.id, "policy": rule.policy} for rule in part.rules.rules],
        "facts": list(asked(part.rules)),
        "records": list(records_of(part.rules)),
        "spans": [
            {"force": span.force, "from": str(span.starts), "to": str(span.last)}
            for span in part.spans
        ],
    }
