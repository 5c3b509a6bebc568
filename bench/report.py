"""The tables that a run prints, as plain text or as Markdown."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agreeing import Peer
from auditing import Audited
from goals import Goal
from single import Single
from timing import Measured

Row = Sequence[str]
Tell = Callable[[str], None]
"""Told what is being done now."""


@dataclass(frozen=True)
class Run:
    """Everything that one run found."""

    machine: dict[str, Any]
    rows: int
    rounds: int
    coding: float
    subjects: list[Measured]
    singles: dict[str, Single]
    audits: list[Audited]
    agreed: dict[str, bool]
    peers: list[Peer]
    second_look: float
    goals: list[Goal]


def text(run: Run, *, markdown: bool) -> str:
    """The whole report."""
    table = _markdown if markdown else _plain
    parts = [*_head(run), "", *table(_BULK, list(_bulk(run)))]
    parts += ["", *_notes(run), "", *table(_SINGLE, list(_singles(run)))]
    if run.audits:
        parts += ["", *table(_AUDIT, list(_audits(run)))]
    parts += ["", *table(_GOALS, [(g.name, g.goal, g.figure, _met(g)) for g in run.goals])]
    return "\n".join(parts)


_BULK = ("measured", "seconds", "rows a second", "x the scan")
_SINGLE = ("one decision with explanation (median)", "ours", "zen-engine with trace", "ours / zen")
_AUDIT = ("`amends audit` of a file", "seconds", "rows a second", "peak memory")
_GOALS = ("goal", "asked", "measured", "")


def _head(run: Run) -> Iterator[str]:
    m = run.machine
    versions = ", ".join(f"{name} {number}" for name, number in m["versions"].items())
    yield "An invented policy (illustrative): 45 rules over 13 facts, four of them from code tables."
    yield f"{run.rows:,} invented rows; 2 threads; best of {run.rounds} rounds, taken in turn."
    yield (
        f"{m['date']}; {m['processor']}, {m['cores']} cores, load {m['load_at_start']} at the start; "
        f"Python {m['python']}, {versions}."
    )


def _bulk(run: Run) -> Iterator[Row]:
    scan = _of(run, "scan").per_row
    for s in run.subjects:
        rows = "" if s.rows == run.rows else f" ({s.rows:,} rows, rate extrapolated)"
        yield (s.name + rows, f"{s.best:.3f}", _rate(s.rate), f"{s.per_row / scan:.2f}")


def _of(run: Run, key: str) -> Measured:
    return next(s for s in run.subjects if s.key == key)


def _rate(rate: float) -> str:
    return f"{rate / 1e6:.1f} M" if rate >= 1e6 else f"{rate / 1e3:.1f} k"


def _notes(run: Run) -> Iterator[str]:
    bad = [name for name, same in run.agreed.items() if not same]
    good = ", ".join(name for name, same in run.agreed.items() if same)
    yield f"Coding every row for the class table, once for a history: {run.coding:.2f} s."
    yield (
        "A policy that asks three facts both ways, so that open rows carry a key for a second look: "
        f"{run.second_look:.2f} x the masks of this one, which needs none."
    )
    yield f"Same counts of every answer as our SQL: {good}." + (
        f" NOT: {', '.join(bad)}." if bad else ""
    )
    sql, peers = (
        _of(run, "sql"),
        {"zen-engine": "zen", "OpenFisca": "openfisca", "Polars": "polars"},
    )
    times = (f"{_of(run, key).per_row / sql.per_row:,.2f} x {name}" for name, key in peers.items())
    yield f"The SQL alone, which needs no coding, is as fast as {', '.join(times)}."
    for p in run.peers:
        yield (
            f"{p.name}: {p.differ} of {p.whole:,} rows with every fact known differ from ours. Of "
            f"{p.open:,} rows that are *not yet known*, it answers {p.definite:,} definitely, "
            f"{p.lenient:,} of them with the freest answer."
        )


def _singles(run: Run) -> Iterator[Row]:
    for name, s in run.singles.items():
        what = f"{name} (same answer in {s.agree} of {s.cases})"
        yield (what, f"{s.ours:.0f} us", f"{s.zen:.0f} us", f"{s.ours / s.zen:.2f}")


def _audits(run: Run) -> Iterator[Row]:
    for a in run.audits:
        yield (
            f"{a.rows:,} rows",
            f"{a.seconds:.1f}",
            _rate(a.rows / a.seconds),
            f"{a.memory:.2f} GB",
        )


def _met(goal: Goal) -> str:
    return "met" if goal.met else "NOT MET"


def _plain(head: Row, rows: list[Row]) -> Iterator[str]:
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    yield _line(head, widths)
    yield "  ".join("-" * width for width in widths)
    yield from (_line(row, widths) for row in rows)


def _line(row: Row, widths: Sequence[int]) -> str:
    first, *others = (
        cell.rjust(width) if n else cell.ljust(width)
        for n, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join((first, *others)).rstrip()


def _markdown(head: Row, rows: list[Row]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def as_json(run: Run) -> dict[str, Any]:
    """The run as plain data: no path, host or user in it."""
    return {
        "machine": run.machine,
        "rows": run.rows,
        "rounds": run.rounds,
        "coding_seconds": run.coding,
        "second_look_ratio": run.second_look,
        "bulk": [
            {"key": s.key, "name": s.name, "rows": s.rows, "seconds": s.seconds}
            for s in run.subjects
        ],
        "single": {name: vars(single) for name, single in run.singles.items()},
        "audits": [vars(audit) for audit in run.audits],
        "agreed": run.agreed,
        "peers": [vars(peer) for peer in run.peers],
        "goals": [vars(goal) for goal in run.goals],
    }
