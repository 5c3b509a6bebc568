"""The import rules bite: each fault planted in a copy of the package is found."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = "Look down, never up or across"
LAW = "The law is only Python"

# file to write, what it says, the contract that must break
FAULTS = {
    "feel looks up at policy": ("feel/planted.py", "import amends.policy\n", LAYERS),
    "policy looks up at disclosure": ("policy/planted.py", "import amends.disclosure\n", LAYERS),
    "policy uses DuckDB": ("policy/planted.py", "import duckdb\n", LAW),
    "disclosure uses DuckDB through a friend": (
        "feel/planted.py",
        "def late():\n    import sqlglot\n",
        LAW,
    ),
    "a drawer with no place in the house": ("utils.py", "", LAYERS),
    "the audit uses Django": (
        "audit/planted.py",
        "from django.db import models\n",
        "The analysts' half knows no web framework",
    ),
    "a peer is used": (
        "audit/planted.py",
        "import polars\n",
        "What we are measured against is never used",
    ),
    "a knot": (
        "feel/planted.py",
        "from amends.feel import planted_too\n",
        "No cycles at any depth",
    ),
}


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    """Run the import linter over a copy of the house."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path):
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_as_it_is_keeps_every_rule(house):
    told = lint(house)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "0 broken" in told.stdout


@pytest.mark.parametrize(("where", "says", "contract"), FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found(house, where, says, contract):
    fault = house / "src" / "amends" / where
    fault.write_text(f'"""Planted."""\n{says}', "utf-8")
    if "planted_too" in says:
        back = '"""Planted too."""\nfrom amends.feel import planted\n'
        fault.with_name("planted_too.py").write_text(back, "utf-8")

    told = lint(house)

    assert told.returncode == 1, f"Nobody noticed:\n{told.stdout}"
    assert f"{contract} BROKEN" in told.stdout, told.stdout + told.stderr
