"""Promises that the whole house keeps, whoever wrote the part."""

import ast
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "amends"
PUBLISHED = SRC / "policy" / "published"
LAW = ("feel", "policy", "disclosure")
SOLVER = {"highspy", "numpy"}
RECKONS = re.compile(r"(attacking|protecting)(_|$)")
"""Modules of disclosure that attack and protect whole tables, and may reckon with a solver."""
COMMANDS = {
    "decide",
    "explain",
    "feel",
    "check",
    "policies",
    "audit",
    "compare",
    "invent",
    "demo",
    "ledger",
    "verify",
    "release",
    "releases",
    "scan",
}


def project_files() -> list[Path]:
    """Every file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        names = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:  # a copy without its history
        ignored = {".venv", "__pycache__", "build", "dist"}
        names = [path for path in ROOT.rglob("*") if not ignored & set(path.parts)]
    return sorted(path for path in names if path.is_file())


def texts(*suffixes: str) -> list[tuple[Path, str]]:
    """The project's own text files, all or those that end so, by their place in it."""
    found = []
    for path in project_files():
        if not suffixes or path.suffix in suffixes:
            try:
                found.append((path.relative_to(ROOT), path.read_text("utf-8")))
            except UnicodeDecodeError:
                continue
    return found


def modules(*packages: str) -> list[Path]:
    """The Python files of src/amends, or of some of its packages."""
    return sorted(
        path for package in packages or (".",) for path in (SRC / package).resolve().rglob("*.py")
    )


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


# ---- how the code reads ----------------------------------------------------------------------


@pytest.mark.parametrize("path", modules(), ids=place)
def test_every_module_opens_with_one_sentence(path):
    said = ast.get_docstring(tree(path)) or ""
    first = said.partition("\n\n")[0].replace("\n", " ")
    assert said.partition("\n")[0].endswith((".", "?")), (
        f"{place(path)} should open with a docstring whose first line is one sentence, "
        f"with a full stop; it opens with {said.partition(chr(10))[0]!r}"
    )
    assert not re.search(r"[a-z)]\. [A-Z]", first.partition("\n")[0]), (
        f"{place(path)}: the first line of the docstring should be one sentence: {first!r}"
    )


def test_no_file_is_too_long():
    long = [
        f"{path}: {lines} lines, and {limit} is the limit"
        for path, text in texts(".py")
        if "migrations" not in path.parts  # written by Django, and never edited
        if (lines := text.count("\n")) > (limit := 600 if path.parts[0] == "tests" else 400)
    ]
    assert not long, "Split by what the parts are for:\n" + "\n".join(long)


def test_no_drawer_for_odds_and_ends():
    drawers = {"util", "utils", "core", "common", "helper", "helpers", "service", "services"}
    found = [
        str(path)
        for path, _ in texts(".py")
        if drawers & {part.removesuffix(".py").strip("_") for part in path.parts}
    ]
    assert not found, f"Name these after what is in them, in the field's own words: {found}"


def test_everything_public_in_the_law_says_what_it_is():
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    silent = [
        f"{place(path)}:{node.lineno} {node.name}"
        for path in modules(*LAW)
        for node in tree(path).body
        if isinstance(node, kinds) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]
    assert not silent, "These need a docstring of one sentence:\n" + "\n".join(silent)


def test_every_promise_of_work_has_an_issue_number():
    marks = "TO[D]O|FIX[M]E|XX[X]|HA[C]K"
    unnumbered = [
        f"{path}:{number}: {line.strip()}"
        for path, text in texts(".py", ".sh", ".toml", ".in")
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(rf"\b({marks})\b(?! ?\(?#\d)", line)
    ]
    assert not unnumbered, "Say which issue will do it, as in (#12):\n" + "\n".join(unnumbered)


# ---- what the law may read -------------------------------------------------------------------


def test_the_law_imports_nothing_but_python():
    """The same promise as the linter's, but for any package that anybody may ever think of."""
    own = {"amends", *sys.stdlib_module_names}
    foreign = [
        f"{place(path)}:{line} imports {name}"
        for path in modules(*LAW)
        for name, line in imported(path)
        if name.partition(".")[0] not in own | (SOLVER if RECKONS.match(path.stem) else set())
    ]
    assert not foreign, "feel, policy and disclosure are only Python:\n" + "\n".join(foreign)


def imported(path: Path) -> list[tuple[str, int]]:
    """The modules that a file imports, and on which line."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.module or "amends", node.lineno))
    return found


# ---- policies --------------------------------------------------------------------------------


def policies() -> list[Path]:
    return sorted(
        path for path in PUBLISHED.glob("*.toml") if not path.name.endswith(".examples.toml")
    )


def test_policies_are_published():
    assert policies(), f"There is no policy in {place(PUBLISHED)}."


@pytest.mark.parametrize("path", policies(), ids=lambda path: path.stem)
def test_every_published_policy_has_worked_examples(path):
    beside = path.with_name(f"{path.stem}.examples.toml")
    assert beside.is_file(), f"{path.name} needs worked examples in words, in {beside.name}."
    examples = tomllib.loads(beside.read_text("utf-8")).get("example", [])
    assert examples, f"{beside.name} holds no [[example]]."


def test_every_examples_file_belongs_to_a_policy():
    names = {path.stem for path in policies()}
    left = [
        path.name
        for path in PUBLISHED.glob("*.examples.toml")
        if path.name.removesuffix(".examples.toml") not in names
    ]
    assert not left, f"Worked examples of no policy: {left}"


# ---- the repository --------------------------------------------------------------------------


def test_no_file_names_this_machine_or_a_registry():
    names = re.compile(
        r"(?<![\w.%-])/(?:work|root|home|opt/pypi|tmp/v)/"
        r"|\b(?:pypi|npmjs|debian)\.org\b|\bpython[h]osted\b"
    )
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if names.search(line)
    ]
    assert not found, "These would be wrong on any other machine:\n" + "\n".join(found)


def test_nothing_shared_was_copied_in():
    """Shared data and test cases are read where they lie; their licences stay with them."""
    shared = ROOT.parent / "shared"
    if not shared.is_dir():
        pytest.skip("no shared folder beside this repository, so nothing to compare with")
    theirs = {digest(path): path for path in shared.rglob("*") if path.is_file() and size(path)}
    copied = [
        f"{place(path)} is {theirs[digest(path)].relative_to(shared)}"
        for path in project_files()
        if size(path) and digest(path) in theirs
    ]
    assert not copied, "Read these from the shared folder instead:\n" + "\n".join(copied)


def digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def size(path: Path) -> int:
    return path.stat().st_size


def test_every_lock_file_is_exact_and_hashed():
    for path in sorted(ROOT.glob("requirements*.txt")):
        wanted = re.split(r"\n(?=[A-Za-z])", path.read_text("utf-8").strip())
        loose = [one.splitlines()[0] for one in wanted if "==" not in one or "--hash=" not in one]
        assert not loose, f"{path.name} should say exactly which file: {loose}. Run make lock."
        assert "://" not in path.read_text("utf-8"), f"{path.name} names an address."


def test_the_lock_and_the_project_want_the_same():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    extra = {name_of(need) for name in ("audit", "protect") for need in extras[name]}
    lines = (ROOT / "requirements.in").read_text("utf-8").splitlines()
    core = [line for line in lines if line and not line.startswith("#")]
    assert {name_of(need) for need in core} == extra | {"setuptools"}
    assert set(project["build-system"]["requires"]) < set(core)
    assert project["project"]["dependencies"] == [], "The bare install needs nothing but Python."


def name_of(need: str) -> str:
    return re.split(r"[^A-Za-z0-9_.-]", need)[0].lower()


# ---- what the README tells -------------------------------------------------------------------


def test_every_command_is_in_the_readme():
    asked = subprocess.run(
        [sys.executable, "-c", "from amends.cli import main; raise SystemExit(main())", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    listed = re.search(r"\{([a-z,-]+)\}", asked.stdout)
    commands = set(listed[1].split(",")) if listed else set()
    assert commands >= COMMANDS, f"amends --help leaves out {COMMANDS - commands}"
    readme = (ROOT / "README.md").read_text("utf-8")
    untold = [name for name in sorted(commands) if f"amends {name}" not in readme]
    assert not untold, f"README.md does not show: {untold}"


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed here")
def test_every_make_target_is_in_its_help():
    targets = re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    help_text = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert targets
    untold = [target for target in targets if not re.search(rf"make {target}\b", help_text)]
    assert not untold, f"make help does not show: {untold}"
