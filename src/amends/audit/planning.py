"""Which rules judge which rows: the policy of each row's own day and force."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from amends.audit.dialects import Dialect
from amends.audit.history import History
from amends.audit.terms import SQL, both, either, text
from amends.policy.library import NoPolicy, Shelf
from amends.policy.rules import PolicyError, Ruleset

FIRST = dt.date(1, 1, 1)
LAST = dt.date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one force's decisions, from `starts` up to, but not including, `ends`."""

    force: str
    starts: dt.date
    ends: dt.date

    def where(self, dialect: Dialect) -> SQL:
        """SQL that is true of the rows in it."""
        force, day = exp.column("force", quoted=True), exp.column("decision_date")
        return both(
            exp.EQ(this=force, expression=text(self.force)),
            exp.GTE(this=day, expression=dialect.date(self.starts)),
            exp.LT(this=day, expression=dialect.date(self.ends)),
        )


@dataclass(slots=True)
class Part:
    """Rows of a history that one set of rules judges."""

    number: int
    rules: Ruleset
    spans: list[Span] = field(default_factory=list)

    def where(self, dialect: Dialect) -> SQL:
        """SQL that is true of the rows in it."""
        return either(*(span.where(dialect) for span in self.spans))


@dataclass(frozen=True, slots=True)
class Plan:
    """Every part of a history, and the spans that no policy covers, each with the reason."""

    parts: tuple[Part, ...]
    gaps: tuple[tuple[Span, str], ...]

    def find(self, force: str | None, day: dt.date | None) -> Part | None:
        """The part that holds a decision of *force* on *day*."""
        for part in self.parts:
            for span in part.spans:
                if day and span.force == force and span.starts <= day < span.ends:
                    return part
        return None


def plan(history: History, shelf: Shelf) -> Plan:
    """The plan for *history* by the policies on *shelf*: drafts judge nothing."""
    parts: dict[int, Part] = {}
    gaps: list[tuple[Span, str]] = []
    for span in _spans(history, shelf):
        try:
            rules = shelf.in_force(span.force, max(span.starts, dt.date(1900, 1, 1)))
        except PolicyError as error:
            reason = "no such force" if not isinstance(error, NoPolicy) else "no policy covers the day"
            gaps.append((span, reason))
            continue
        parts.setdefault(id(rules), Part(len(parts), rules)).spans.append(span)
    return Plan(tuple(parts.values()), tuple(gaps))


def whole(history: History, rules: Ruleset) -> Plan:
    """A plan by which *rules* judge every row that names a force, whatever its day."""
    part = Part(0, rules, [Span(force, FIRST, LAST) for force in _forces(history)])
    return Plan((part,), ())


def _forces(history: History) -> list[str]:
    rows = history.connection.execute(
        "SELECT DISTINCT force FROM history WHERE force IS NOT NULL ORDER BY force"
    )
    return [row[0] for row in rows.fetchall()]


def _spans(history: History, shelf: Shelf) -> Iterator[Span]:
    """For each force, the days between two changes of any policy that may concern it."""
    row = history.connection.execute("SELECT min(decision_date), max(decision_date) FROM history")
    first, last = row.fetchone() or (None, None)
    if first is None:
        return
    for force in _forces(history):
        changes = {
            day
            for policy in shelf.policies
            if policy.scope in ("national", force)
            for day in (policy.starts, policy.ends)
            if day and first < day <= last
        }
        days = [first, *sorted(changes), last + dt.timedelta(days=1)]
        for starts, ends in zip(days, days[1:], strict=False):
            yield Span(force, starts, ends)
