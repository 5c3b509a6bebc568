"""The audit of an invented history by the command itself: seconds, and memory at its peak."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import history as h


@dataclass(frozen=True)
class Audited:
    """One audit of a file: its rows, its seconds, and the most memory it held, in GB."""

    rows: int
    seconds: float
    memory: float

    @property
    def per_row(self) -> float:
        return self.seconds / self.rows


class AuditFailed(RuntimeError):
    """The command did not finish; its last words are given."""


def audits(sizes: list[int], rounds: int) -> list[Audited]:
    """Invent a history of each of *sizes* and audit it *rounds* times, in turn; the best of each."""
    with tempfile.TemporaryDirectory(prefix="amends-bench-") as folder:
        files = {rows: Path(folder) / f"{rows}.parquet" for rows in sizes}
        for rows, path in files.items():
            _amends(["invent", str(path), "--rows", str(rows), "--seed", str(h.SEED)])
        found: dict[int, list[Audited]] = {rows: [] for rows in sizes}
        for number in range(rounds):
            for rows, path in files.items():
                out = Path(folder) / f"out-{rows}-{number}"
                seconds, memory = _amends(["audit", str(path), "--out", str(out)])
                found[rows].append(Audited(rows, seconds, memory))
    return [
        Audited(rows, min(one.seconds for one in some), max(one.memory for one in some))
        for rows, some in found.items()
    ]


def _amends(arguments: list[str]) -> tuple[float, float]:
    """Run `amends` in a process of its own: seconds, and peak memory in GB."""
    code = "import resource, sys; from amends.cli import main; sys.argv[0] = 'amends'\n"
    code += "try: status = main()\nexcept SystemExit as stop: status = stop.code\n"
    code += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\n"
    code += "sys.exit(status)"
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    seconds = time.perf_counter() - start
    *said, peak = done.stderr.strip().splitlines() or ["0"]
    if done.returncode:
        raise AuditFailed(f"amends {arguments[0]}: {' '.join(said[-3:])}")
    return seconds, int(peak) / 1_048_576


__all__ = ["AuditFailed", "Audited", "audits", "resource"]
