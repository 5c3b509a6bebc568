"""What the figures were measured on, without anything that names the machine or its owner."""

import datetime as dt
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

PACKAGES: Final = ("duckdb", "numpy", "polars", "zen-engine", "openfisca-core", "sqlglot")
ROWS: Final = 10_000_000
_ENOUGH: Final = 16.0


def free_memory() -> float:
    """Memory that is free, in GB; 0 where the system does not say."""
    try:
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) / 1_048_576
    except OSError:
        pass
    return 0.0


def default_rows() -> int:
    """Ten million rows, or fewer where less than 16 GB are free."""
    return ROWS if free_memory() >= _ENOUGH else max(1_000_000, int(ROWS * free_memory() / _ENOUGH))


def facts() -> dict[str, Any]:
    """Cores, memory, versions and the date."""
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_free_gb": round(free_memory(), 1),
        "load_at_start": round(os.getloadavg()[0], 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("ascii", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()
