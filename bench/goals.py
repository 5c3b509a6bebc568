"""The goals, and whether one run meets them."""

from collections.abc import Mapping
from dataclasses import dataclass

from auditing import Audited
from single import Single
from timing import Measured


@dataclass(frozen=True)
class Goal:
    """One goal: what is asked, what was measured, and whether that meets it."""

    name: str
    goal: str
    figure: str
    met: bool


def of_bulk(found: Mapping[str, Measured]) -> list[Goal]:
    """What is asked of the bulk engines: of the fastest, against the peers, on as many threads as they."""
    scan = found["scan"].per_row
    goals = [
        _at_most(name, found[key].per_row / scan, most, "x the scan")
        for name, key, most in (
            ("SQL, outcomes", "sql", 5),
            ("SQL, with masks", "sql-masks", 8),
            ("class table, outcomes, 1 thread", "table-1", 2),
            ("class table, outcomes, 2 threads", "table", 2),
            ("class table, with masks, 1 thread", "table-masks-1", 3.5),
            ("class table, with masks, 2 threads", "table-masks", 3.5),
        )
    ]
    for peer, key, bulk, least in (
        ("zen-engine, 1 thread", "zen", "table-1", 300),
        ("OpenFisca, 1 thread", "openfisca", "table-1", 7),
        ("Polars, 2 threads", "polars", "table", 0.9),
    ):
        ours = found[bulk].per_row
        threads = "1 thread" if bulk == "table-1" else "2 threads"
        name = f"bulk (class table, {threads}) against {peer}"
        goals.append(_at_least(name, found[key].per_row / ours, least))
    many = found["many"].per_row / found["sql"].per_row
    two = found["two"].per_row / found["sql-masks"].per_row
    goals.append(_at_most("4,000-row code table against 40-row", many, 2.5, "x"))
    goals.append(_at_most("two policies compared against one", two, 1.8, "x"))
    return goals


def of_single(name: str, single: Single) -> Goal:
    """What is asked of one decision with its explanation."""
    return _at_most(
        f"one decision, {name}, against zen-engine with trace", single.ours / single.zen, 1, "x"
    )


def of_audits(audits: list[Audited]) -> list[Goal]:
    """What is asked of the audit of a file: cost by size, and memory."""
    small, large = audits
    ratio = large.per_row / small.per_row
    name = f"audit, cost a row at {large.rows:,} against {small.rows:,}"
    memory = Goal(
        f"audit of {small.rows:,} rows, memory",
        "< 3 GB",
        f"{small.memory:.2f} GB",
        small.memory < 3,
    )
    return [_at_most(name, ratio, 1.3, "x"), memory]


def _at_most(name: str, figure: float, most: float, unit: str) -> Goal:
    return Goal(name, f"<= {most:g} {unit}", f"{figure:.2f}", figure <= most)


def _at_least(name: str, figure: float, least: float) -> Goal:
    shown = f"{figure:.2f}" if figure < 10 else f"{figure:,.0f}"
    return Goal(name, f">= {least:g} x as fast", shown, figure >= least)
