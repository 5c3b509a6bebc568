"""The bare install decides a case: nothing but Python is needed, and nothing is fetched."""

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SHOPLIFTING = {
    "admission.form": "admits_offence",
    "offence.code": "46",
    "offender.age": 30,
    "offender.agrees": True,
    "victims": [
        {"kind": "business", "contact_made": True, "position": "agree", "informed_consent": True}
    ],
}

PIP = ("-m", "pip", "--isolated", "--disable-pip-version-check")


def run(*words: str | Path, cwd: Path) -> str:
    """Run a program that knows nothing of this one's surroundings, and say what it printed."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**clean, "HOME": str(cwd), "PIP_CONFIG_FILE": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{words} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The Python of an empty environment into which only Amends was installed, offline."""
    place = tmp_path_factory.mktemp("bare")
    copy = place / "copy"
    copy.mkdir()
    shutil.copytree(
        ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    run(
        sys.executable, *PIP, "--quiet", "wheel", "--no-index", "--no-deps", "--no-build-isolation",
        "--wheel-dir", place, copy, cwd=place,
    )  # fmt: skip
    (wheel,) = place.glob("*.whl")
    venv.create(place / "venv", with_pip=True)
    python = place / "venv" / "bin" / "python"
    # No --no-deps here: with no index to ask, a single dependency would make this fail.
    run(python, *PIP, "--quiet", "install", "--no-index", wheel, cwd=place)
    return python


def amends(bare: Path, *words: str | Path) -> str:
    return run(bare, "-I", bare.with_name("amends"), *words, cwd=bare.parents[2])


def test_it_brings_nothing_with_it(bare):
    listed = run(bare, *PIP, "list", "--format=json", cwd=bare.parents[2])
    assert {entry["name"] for entry in json.loads(listed)} <= {"amends", "pip", "setuptools"}


def test_it_brings_every_policy_and_table(bare):
    """What is not Python is easily left out of a wheel."""
    package = ROOT / "src" / "amends"
    data = {
        path.relative_to(package)
        for path in package.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
        if not any(part.startswith(".") for part in path.relative_to(package).parts)
    }
    (installed,) = bare.parents[1].glob("lib/python*/site-packages/amends")
    assert data, "There is no policy to ship."
    left_out = sorted(str(path) for path in data if not (installed / path).is_file())
    assert not left_out, f"Name these under package-data in pyproject.toml: {left_out}"


def test_it_decides_a_case(bare, tmp_path):
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(SHOPLIFTING), "utf-8")
    words = ("decide", facts, "--force", "avon-and-somerset", "--on", "2013-06-01")

    decision = json.loads(amends(bare, *words, "--json"))

    assert decision["answer"] == "inspector", decision
    assert "nspector" in amends(bare, *words)


def test_it_evaluates_a_condition(bare):
    assert amends(bare, "feel", "1 + 1").strip() == "2"
