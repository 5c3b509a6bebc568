"""A second opinion: the least that must be withheld, by the engine of Tau-Argus (the extra `exact`).

pytauargus (EUPL-1.2) writes files with the counts in them to where it runs, and ends well even
where its own audit fails: it runs in a process and a private folder of its own, which is removed, and
whatever it says is proved anew like any other choice.
"""

import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np

from amends.disclosure.errors import DisclosureError
from amends.disclosure.protecting_layout import Flags, Layout, Sides
from amends.disclosure.protecting_pool import Target

MOST: Final = 2_592
"""Cells; the engine proved its optimum for so many and no more."""
_RUN: Final = """
import sys
from pytauargus._tauargus import HiTaSCtrl
sys.exit(HiTaSCtrl().full_jj("in.jj", "out.jj", int(sys.argv[1])))
"""
_LIMIT: Final = 2
"""What it ends with where its time ran out: what it found may not be the least."""


def least_withheld(
    layout: Layout, targets: Collection[Target], prices: np.ndarray, seconds: int
) -> list[int]:
    """The cells to withhold besides those of *targets*, so that *prices* add up to the least.

    Raises `DisclosureError` where the engine is not installed, cannot do this table, or fails.
    """
    place = "the exact engine"
    if len(layout.tables) != 1 or layout.size > MOST:
        raise DisclosureError(
            place, f"does one table of at most {MOST:,} cells", "Use the method suppression."
        )
    text = _problem(layout, {target.cell: target for target in targets}, prices)
    with tempfile.TemporaryDirectory(prefix="amends-exact-") as folder:
        Path(folder, "in.jj").write_text(text, "ascii")
        try:
            done = subprocess.run(
                [sys.executable, "-c", _RUN, str(seconds)],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=seconds * 2 + 30,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise DisclosureError(place, "did not end in time") from None
        if "ModuleNotFoundError" in done.stderr:
            raise DisclosureError(
                place, "is not installed", "Install it with: pip install 'amends[exact]'"
            )
        found = Path(folder, "out.jj")
        if done.returncode not in {0, _LIMIT} or not found.exists():
            raise DisclosureError(place, f"failed with code {done.returncode}")
        return [int(line.split()[0]) for line in found.read_text("ascii").splitlines() if line]


def _problem(layout: Layout, targets: dict[int, Target], prices: np.ndarray) -> str:
    """The table in the engine's own format: cells with their prices and needs, then what adds up."""
    most = int(layout.true.max(initial=0)) * 2 + 100
    lines = ["0", str(layout.size)]
    for cell, (count, price) in enumerate(zip(layout.true, prices, strict=True)):
        target = targets.get(cell)
        status, below, above = ("u", target.below, target.above) if target else ("s", 0, 0)
        lines.append(f"{cell} {count} {int(price)} {status} 0 {most} {below} {above} 0")
    sums = list(sums_of(layout.tables[0]))
    lines.append(str(len(sums)))
    for total, parts in sums:
        shown = " ".join(f"{part} (1)" for part in parts)
        lines.append(f"0 {len(parts) + 1} : {total} (-1) {shown}")
    return "\n".join(lines) + "\n"


def sums_of(table: Sides) -> Iterator[tuple[int, list[int]]]:
    """Each cell that is the sum of others along one axis, and those."""
    everything = [range(len(members)) for members in table.members]
    for at, (members, step) in enumerate(zip(table.members, table.steps, strict=True)):
        others = product(
            *(range(1) if one == at else every for one, every in enumerate(everything))
        )
        starts = [
            table.start
            + sum(number * each for number, each in zip(place, table.steps, strict=True))
            for place in others
        ]
        for category in range(len(members)):
            parts = _parts(members, category)
            for start in starts if parts else ():
                yield start + category * step, [start + part * step for part in parts]


def _parts(members: Flags, category: int) -> list[int]:
    """The widest categories that together make up *category*; none where it is of the finest."""
    left, parts = members[category].copy(), []
    for other in np.argsort(-members.sum(axis=1), kind="stable").tolist():
        smaller = members[other].sum() < members[category].sum()
        if smaller and members[other].any() and not (members[other] & ~left).any():
            parts.append(other)
            left &= ~members[other]
    if parts and left.any():
        raise DisclosureError("the exact engine", "cannot do a table whose categories leave gaps")
    return parts
