"""Measures the ledger of releases: what a new answer costs after thirty earlier ones.

    python bench/releases.py                  # 100 and 864 cells, after 30 answers
    python bench/releases.py --earlier 40     # after more

The force is invented: 13,168 records over three years, and requests whose periods overlap. Told are
CPU seconds of this process, reading the ledger included. The earlier answers are considered first,
one after the other, which takes minutes; their own seconds are told too.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from amends.disclosure.considering import Considered, consider, keep
from amends.disclosure.published import Axis, Category, Release, Table
from amends.disclosure.releases import read_ledger
from amends.disclosure.snapshots import Snapshot
from support.releasing import (
    AGES,
    DAYS,
    OFFENCES,
    force,
    opened,
    requests,
)

LAST = "2026-02-10"
"""The last day of what is asked anew."""


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--earlier", type=int, default=30, help="answers that went before")
    parser.add_argument(
        "--ledger", type=Path, metavar="DIR",
        help="a ledger that an earlier run, or the long test, made of the same force",
    )  # fmt: skip
    return parser.parse_args()


def new_answer(
    name: str, snapshot: Snapshot, offences: tuple[Category, ...], starts: tuple[str, ...]
) -> Release:
    """An answer by period, offence and age: periods to date, whose last day nobody asked of before."""
    ends = [*(DAYS.index(start) for start in starts), DAYS.index(LAST) + 1]
    periods = [
        Category(f"{DAYS[first]} to {DAYS[last - 1]}", frozenset(DAYS[first:last]))
        for first, last in pairwise(ends)
    ]
    every = Category("All", frozenset().union(*(one.codes for one in periods)))
    ages = (Category("All", frozenset(AGES)), *(Category(age, frozenset({age})) for age in AGES))
    axes = (Axis("day", (every, *periods)), Axis("offence", offences), Axis("age", ages))
    table = Table("Community resolutions", axes, (), {})
    counted = Table(table.title, axes, table.count(snapshot), {})
    return Release(name, snapshot.id, date(2027, 1, 1), "foi", 5, "Measured.", (counted,))


def groups(details: bool) -> tuple[Category, ...]:
    """All offences and each group; with *details* each offence too."""
    found = [Category("All", frozenset(OFFENCES))]
    for number in range(11):
        codes = frozenset(code for code in OFFENCES if int(code[:2]) == number)
        found.append(Category(f"Group {number}", codes))
    if details:
        found += [Category(code, frozenset({code})) for code in OFFENCES]
    return tuple(found)


def considered(folder: Path, release: Release) -> tuple[Considered, float]:
    """What may leave of *release*, and the CPU seconds that it took to say so."""
    begun = time.process_time()
    found = consider(read_ledger(folder), release)
    return found, time.process_time() - begun


def told(release: Release, found: Considered, seconds: float) -> str:
    """A line about one answer."""
    why = Counter(one.kind for one in found.withheld)
    cells = sum(len(table.values) for table in release.tables)
    return (
        f"{release.id}: {cells} cells, {found.numbers} published, withheld {dict(why)}, "
        f"{found.targets:,} small counts looked at: {seconds:.1f} CPU s"
    )


def history(folder: Path, many: int, snapshot: Snapshot) -> None:
    """Consider *many* answers one after the other, and keep what may leave of each."""
    opened(folder, snapshot)
    spent = []
    for release in requests(many, snapshot):
        found, seconds = considered(folder, release)
        keep(read_ledger(folder), found)
        spent.append(seconds)
        print(told(release, found, seconds), flush=True)
    print(
        f"{many} answers: {statistics.mean(spent):.1f} CPU s each on average, "
        f"{statistics.median(spent):.1f} in the median, {max(spent):.1f} at most"
    )


def main() -> None:
    """Run the measurement."""
    asked, snapshot = options(), force()
    with tempfile.TemporaryDirectory(prefix="amends-releases-") as name:
        folder = asked.ledger or Path(name)
        if asked.ledger is None:
            history(folder, asked.earlier, snapshot)
        print(f"after {len(read_ledger(folder).releases)} answers:")
        for size, offences, starts in (
            ("100", groups(False)[:5], ("2023-04-01", "2024-01-01", "2025-01-01", "2026-01-01")),
            ("864", groups(True), ("2024-04-01", "2025-04-01")),
        ):
            release = new_answer(f"{size} cells", snapshot, offences, starts)
            print(told(release, *considered(folder, release)), flush=True)


if __name__ == "__main__":
    main()
