"""Which rules judge which rows: the policy of each row's own day and force."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from sqlglot import exp

from amends.audit.dialects import Dialect
from amends.audit.history import History, HistoryError
from amends.audit.terms import SQL, both, either, text
from amends.policy.library import NATIONAL, NoPolicy, Shelf
from amends.policy.rules import PolicyError, Ruleset

MOST_FORCES: Final = 500
"""Different names of forces in one history, at most: England and Wales have 43 and a few."""
ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one force's decisions, from `starts` up to, but not including, `ends`."""

    force: str
    starts: dt.date
    ends: dt.date

    @property
    def last(self) -> dt.date:
        """The last day in it."""
        return self.ends - ONE_DAY


@dataclass(slots=True)
class Part:
    """Rows of a history that one set of rules judges: those in its spans, or every row."""

    number: int
    rules: Ruleset
    spans: list[Span] = field(default_factory=list)
    every: bool = False

    def where(self, dialect: Dialect) -> SQL | None:
        """SQL that is true of the rows in it; None where that is every row."""
        return None if self.every else where(self.spans, dialect)


@dataclass(frozen=True, slots=True)
class Plan:
    """Every part of a history, and the spans that nothing judges, each with the reason."""

    parts: tuple[Part, ...]
    gaps: tuple[tuple[Span, str], ...] = ()

    def find(self, force: str | None, day: dt.date | None) -> Part | None:
        """The part that holds a decision of *force* on *day*."""
        for part in self.parts:
            if part.every:
                return part
            for span in part.spans:
                if day and span.force == force and span.starts <= day < span.ends:
                    return part
        return None


def where(spans: list[Span], dialect: Dialect) -> SQL:
    """SQL that is true of the rows in *spans*."""
    forces: dict[tuple[dt.date, dt.date], list[str]] = {}
    for span in spans:
        forces.setdefault((span.starts, span.ends), []).append(span.force)
    day = exp.column("decision_date")
    tests = [
        both(
            exp.In(this=exp.column("force", quoted=True), expressions=list(map(text, names))),
            exp.GTE(this=day, expression=dialect.date(starts)),
            exp.LT(this=day, expression=dialect.date(ends)),
        )
        for (starts, ends), names in forces.items()
    ]
    return either(*tests)


def plan(history: History, shelf: Shelf) -> Plan:
    """The plan for *history* by the policies on *shelf*: drafts judge nothing.

    A force that nobody knows, and days that no policy covers, are gaps. Raises PolicyError where two
    policies on the shelf contradict each other.
    """
    parts: dict[int, Part] = {}
    gaps: list[tuple[Span, str]] = []
    for own in _days(history):
        try:
            shelf.check_force(own.force)
        except PolicyError as error:
            gaps.append((own, f"{error.wrong} {error.right}"))
            continue
        for span in _between_changes(own, shelf):
            try:
                rules = shelf.in_force(span.force, span.starts)
            except NoPolicy:
                _add_gap(gaps, span, _why(shelf, span))
                continue
            part = parts.setdefault(id(rules), Part(len(parts) + 1, rules))
            part.spans.append(span)
    return Plan(tuple(parts.values()), tuple(gaps))


def whole(rules: Ruleset) -> Plan:
    """A plan by which *rules* judge every row, whatever its day and force."""
    return Plan((Part(1, rules, every=True),))


def _days(history: History) -> Iterator[Span]:
    """For each force of *history*, the days from its first decision to its last."""
    count = history.file.one("SELECT count(DISTINCT force) FROM history")
    if count > MOST_FORCES:
        raise HistoryError(
            f"{history.path.name}: force", f"The column holds {count:,} different names.",
            "It should be the name of a force, for example avon-and-somerset.",
        )  # fmt: skip
    found = history.connection.execute(
        "SELECT force, min(decision_date), max(decision_date) FROM history "
        "WHERE force IS NOT NULL AND decision_date IS NOT NULL GROUP BY force ORDER BY force"
    )
    for force, first, last in found.fetchall():
        yield Span(force, first, last + ONE_DAY)


def _between_changes(own: Span, shelf: Shelf) -> Iterator[Span]:
    """*own*, cut at every change of a policy that may concern its force."""
    changes = {
        day
        for policy in shelf.policies
        if policy.scope in (NATIONAL, own.force)
        for day in (policy.starts, policy.ends)
        if day and own.starts < day < own.ends
    }
    days = [own.starts, *sorted(changes), own.ends]
    for starts, ends in pairwise(days):
        yield Span(own.force, starts, ends)


def _add_gap(gaps: list[tuple[Span, str]], span: Span, why: str) -> None:
    """Add a gap, or make the last one longer where it goes on for the same reason."""
    if gaps:
        before, reason = gaps[-1]
        if (before.force, before.ends, reason) == (span.force, span.starts, why):
            gaps[-1] = (Span(span.force, before.starts, span.ends), why)
            return
    gaps.append((span, why))


def _why(shelf: Shelf, span: Span) -> str:
    drafts = [
        policy.id
        for policy in shelf.policies
        if policy.draft and policy.scope == span.force and policy.in_force_on(span.starts)
    ]
    also = f" Only a draft does, which judges nothing: {', '.join(drafts)}." if drafts else ""
    return f"No policy covers these days.{also}"
