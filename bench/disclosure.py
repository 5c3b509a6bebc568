"""`make bench-disclosure`: what protecting costs and withholds, beside the exact engine and common practice."""

import argparse
import json
import resource
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from unittest import mock

import numpy as np
from disclosure_instances import instance

from amends.disclosure.attacking import Attacker
from amends.disclosure.certificates import read_certificate
from amends.disclosure.checking import check
from amends.disclosure.protecting import Protected, protect
from amends.disclosure.protecting_exact import least_withheld, sums_of
from amends.disclosure.protecting_layout import Layout
from amends.disclosure.protecting_pool import targets_of
from amends.disclosure.published import Release, Table, read_release
from amends.disclosure.snapshots import Snapshot, read_snapshot
from amends.disclosure.specifying import Spec
from amends.disclosure.systems import Place, grid

SPEC = Spec(
    id="bench", made=date(2026, 1, 1), profile="foi", threshold=5, reason="measured", judged_by="nobody", key=b"bench"
)  # fmt: skip
COMPARED = ("Scr", "Ravon-like")
TIMED = ("S", "Scr", "Ravon-like", "R3-like", "M", "L", "R4-like", "XL")
LIMITS = ((5_000, 10.0), (114_048, 60.0), (303_450, 300.0))
"""Goal G7: so many cells or fewer, so many CPU seconds or fewer."""
CHECKED = 5.0
"""Goal G4: CPU seconds of the checker, whatever the table."""


@dataclass(frozen=True)
class Choice:
    """What one way of choosing withholds, what it leaks, and what it costs."""

    table: str
    way: str
    secondary: int
    value: int
    exact: int
    weak: int
    seconds: float


def main() -> int:
    """Measure, and print each figure with the goal it is held against."""
    parser = argparse.ArgumentParser(prog="make bench-disclosure", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="no table of more than 20,000 cells")
    parser.add_argument("--only", action="append", metavar="TABLE", help="time these tables only")
    parser.add_argument("--no-exact", action="store_true", help="leave the exact engine out")
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write every figure to OUT")
    args = parser.parse_args()
    figures: dict[str, object] = {}
    if not args.only:
        figures["compared"] = [compared(name, args.no_exact) for name in COMPARED]
    big = {"R4-like", "XL"} if args.quick else set()
    figures["timed"] = [timed(name) for name in args.only or TIMED if name not in big]
    if args.json:
        args.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0


# ---- what is withheld ------------------------------------------------------------------------


def compared(name: str, no_exact: bool) -> list[dict[str, object]]:
    """Ours, common practice and the exact optimum on one table; prints goal G5.

    The exact engine knows no insiders: like with like is ours without them, and the rest is their price.
    """
    snapshot, table = instance(name)
    layout = Layout(snapshot, [table], grid(snapshot, [table]))
    small = np.flatnonzero((layout.true > 0) & (layout.true < 5)).tolist()
    ours, spent = chosen(snapshot, table)
    with mock.patch.object(Layout, "find_people"):
        alike, spent_alike = chosen(snapshot, table)
    begun = time.process_time()
    common = two_per_line(layout, small)
    ways = [
        ("ours, insiders too", ours, spent),
        ("ours, no insiders", alike, spent_alike),
        ("two per line", common, time.process_time() - begun),
    ]
    if not no_exact:
        begun = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        least = least_withheld(
            layout, targets_of(layout, [(0, layout.size, 5, 1)]), layout.true, 400
        )
        spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begun
        ways.append(("exact, no insiders", least, spent))
    found = [_choice(name, way, snapshot, table, small, more, cpu) for way, more, cpu in ways]
    print(f"\n{name}: {layout.size:,} cells, {len(small)} primary")
    print(f"{'':22}{'secondary':>10}{'value':>10}{'exact':>7}{'weak':>7}{'CPU s':>9}")
    for one in found:
        print(
            f"{one.way:22}{one.secondary:10,}{one.value:10,}{one.exact:7}{one.weak:7}{one.seconds:9.2f}"
        )
    if not no_exact:
        for one in found[:2]:
            value, cells = one.value / found[-1].value, one.secondary / found[-1].secondary
            print(f"G5 {one.way}: value hidden {value:.2f} x (1.10): {_met(value <= 1.10)}")
            print(f"G5 {one.way}: secondary cells {cells:.2f} x (1.25): {_met(cells <= 1.25)}")
    sys.stdout.flush()
    return [vars(one) for one in found]


def chosen(snapshot: Snapshot, table: Table) -> tuple[list[int], float]:
    """The secondary cells that we withhold, and the seconds it takes to choose them."""
    begun = time.process_time()
    made = protect(snapshot, [table], [], SPEC)
    spent = time.process_time() - begun
    return [one.place.cell for one in made.report.withheld if one.because is not None], spent


def _choice(
    name: str, way: str, snapshot: Snapshot, table: Table, small: list[int], more: list[int], cpu: float
) -> Choice:  # fmt: skip
    counts = table.count(snapshot)
    hidden = {*small, *more}
    values = tuple(None if cell in hidden else count for cell, count in enumerate(counts))
    out = Release("x", snapshot.id, SPEC.made, "foi", 5, "", (replace(table, values=values),))
    attacker = Attacker(snapshot, [out])
    known = [attacker.interval(Place(0, 0, cell)) for cell in small]
    exact, weak = sum(one.exact for one in known), sum(one.weak() for one in known)
    return Choice(
        name, way, len(hidden) - len(small), sum(counts[cell] for cell in hidden), exact, weak, cpu
    )


def two_per_line(layout: Layout, small: list[int]) -> list[int]:
    """The rule of thumb: two hidden cells or more in every line that has one, the smallest first."""
    hidden = set(small)
    lines = [[total, *parts] for total, parts in sums_of(layout.tables[0])]
    again = True
    while again:
        again = False
        for line in lines:
            if sum(cell in hidden for cell in line) == 1:
                rest = [cell for cell in line if cell not in hidden]
                hidden.add(min(rest, key=lambda cell: (layout.true[cell], cell)))
                again = True
    return sorted(hidden - set(small))


# ---- what it costs ---------------------------------------------------------------------------


def timed(name: str) -> dict[str, object]:
    """Protect one table, write it all, read it all again and check it; prints goals G4 and G7."""
    snapshot, table = instance(name)
    begun = time.process_time()
    made = protect(snapshot, [table], [], SPEC, _told)
    protecting = time.process_time() - begun
    reading, checking, faults = checked(snapshot, made)
    cells, secondary = (
        made.report.cells,
        sum(one.because is not None for one in made.report.withheld),
    )
    primary = len(made.report.withheld) - secondary
    limit = next((limit for size, limit in LIMITS if cells <= size), None)
    print(
        f"\n{name}: {cells:,} cells, {primary:,} primary, {secondary:,} secondary, "
        f"{made.report.share:.1%} of cells and {made.report.value_share:.1%} of value withheld, "
        f"{len(made.certificate.moves):,} moves, {faults} faults"
    )
    print(f"G7 protected in {protecting:.1f} CPU s ({limit:g}): {_met(protecting <= limit)}")
    whole = reading + checking
    print(
        f"G4 checked in {checking:.2f} CPU s, with reading {whole:.2f} ({CHECKED:g}): {_met(whole <= CHECKED)}"
    )
    sys.stdout.flush()
    return {
        "table": name, "cells": cells, "primary": primary, "secondary": secondary, "faults": faults,
        "protecting": protecting, "reading": reading, "checking": checking,
    }  # fmt: skip


def checked(snapshot: Snapshot, made: Protected) -> tuple[float, float, int]:
    """Seconds to read the three files, seconds to check them, and how many faults there are."""
    with tempfile.TemporaryDirectory(prefix="amends-bench-") as folder:
        texts = (snapshot.text(), made.release.text(), made.certificate.text())
        paths = [Path(folder, str(number)) for number in range(3)]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, "utf-8")
        begun = time.process_time()
        read = read_snapshot(paths[0]), read_release(paths[1]), read_certificate(paths[2])
        reading = time.process_time() - begun
    begun = time.process_time()
    verdict = check(read[0], [read[1]], read[2])
    return reading, time.process_time() - begun, len(verdict.faults)


def _told(what: str, done: int, whole: int) -> None:
    if done % 2_000 == 0 and done:
        print(
            f"  {what}: {done:,} of {whole:,}, {time.process_time():.0f} CPU s",
            file=sys.stderr,
            flush=True,
        )


def _met(good: bool) -> str:
    return "met" if good else "NOT met"


if __name__ == "__main__":
    sys.exit(main())
