"""Changes the code of the law and of disclosure a little, one change at a time, and asks whether a test notices.

    python tools/mutants.py                     # feel, policy, and the proofs of disclosure
    python tools/mutants.py --file feel/truth.py --file policy/rules.py
    python tools/mutants.py --file disclosure/checking.py
    python tools/mutants.py --sample 200 --seed 1

Nothing in the work tree is changed: each mutation is made in a copy, and tried in a process of its
own, on the tests that run its lines. A change that no test could notice is declared, with its
reason, in `equivalent.toml`, and is not counted.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mutations import Mutation, mutations
from trials import BROKEN, CLEAN, ROOT, Reach, prepare, start, watch

try:
    from rich.progress import track
except ImportError:
    track = None

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
LEDGER = tuple(
    f"disclosure/{one}.py"
    for one in ("certifying", "determined", "contradictions", "releases", "refining", "targets")
)
"""Of the ledger of releases, the modules on which the proof rests."""
PACKAGES = ("feel", "policy", "disclosure/checking.py", *LEDGER, "disclosure/redaction")
TESTS = ("tests/feel", "tests/policy", "tests/audit/test_engines_small.py")
TESTS_OF = {
    "disclosure/redaction": ("tests/disclosure/redaction",),
    "disclosure/checking.py": ("tests/disclosure/test_checking.py",),
    **dict.fromkeys(LEDGER, tuple(f"tests/disclosure/test_{Path(one).name}" for one in LEDGER)),
}
"""The usual tests of what has its own."""
TOO_SLOW = (
    "tests/policy/test_caution.py", "tests/policy/test_caution_lists.py",
    "tests/disclosure/redaction/test_linear.py",
)  # fmt: skip
"""Tests of thousands of generated cases, which would be run for every survivor."""
WIDEST = 150
"""Letters of a line that are shown."""


@dataclass(frozen=True)
class Mutant:
    """A mutation, with the line it changes, before and after."""

    mutation: Mutation
    before: str
    after: str

    def __str__(self) -> str:
        place = f"src/amends/{self.mutation.file}:{self.mutation.line}"
        lines = (f"- {self.before}", f"+ {self.after}")
        return "\n    ".join((f"{place} ({self.mutation.kind})", *(x[:WIDEST] for x in lines)))


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--file", action="append", help="a package or a module, such as feel/truth.py"
    )
    parser.add_argument("--tests", action="append", help="tests to run, instead of the usual ones")
    parser.add_argument("--sample", type=int, help="try only so many mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument(
        "--at-least", type=float, default=90.0, help="per cent to be killed in each package"
    )
    parser.add_argument("--jobs", type=int, default=2, help="mutants tried at once")
    parser.add_argument("--list", action="store_true", help="list the mutants, and try none")
    return parser.parse_args()


def chosen_files(names: list[str] | None, source: Path) -> list[PurePosixPath]:
    """The modules that *names* name: a package means every module in it."""
    found: dict[PurePosixPath, None] = {}
    for name in names or PACKAGES:
        place = source / name.removeprefix("src/amends/")
        if not place.exists():
            raise SystemExit(f"There is no {name} in src/amends.")
        paths = sorted(place.rglob("*.py")) if place.is_dir() else [place]
        found |= dict.fromkeys(PurePosixPath(path.relative_to(source)) for path in paths)
    return list(found)


def usual_tests(files: list[PurePosixPath]) -> list[str]:
    """The tests that are run for *files* where no others are asked for."""
    homes = {next((each for each in TESTS_OF if one.is_relative_to(each)), "") for one in files}
    tests = [test for home in sorted(homes) for test in TESTS_OF.get(home, TESTS)]
    return [one for one in tests if (ROOT / one).exists()]


def mutants_of(file: PurePosixPath, source: Path) -> Iterator[Mutant]:
    """Every mutant of a module."""
    text = (source / file).read_bytes()
    for mutation in mutations(file, text):
        yield Mutant(mutation, *mutation.shown(text))


def declared_equivalent(mutants: list[Mutant]) -> list[Mutant]:
    """The mutants that are declared to change nothing that a test could notice."""
    known: dict[tuple[str, str, str], list[Mutant]] = defaultdict(list)
    for one in mutants:
        known[str(one.mutation.file), one.before, one.after].append(one)
    files = {file for file, _, _ in known}
    found = []
    for declared in tomllib.loads(EQUIVALENT.read_text("utf-8")).get("equivalent", []):
        place = (declared["file"], declared["line"], declared["becomes"])
        if place[0] in files and (len(known[place]) != 1 or not declared["reason"]):
            right = f"{len(known[place])} mutants are so; declare one, with a reason."
            raise SystemExit(f"{EQUIVALENT.name}: {' | '.join(place)}: {right}")
        found += known[place]
    return found


def tried(
    mutants: list[Mutant], reach: Reach, home: Path, jobs: int
) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant as it is done, and whether a test noticed it."""
    todo, free = mutants[::-1], list(range(jobs))
    running: dict[int, tuple[Mutant, int, float]] = {}
    try:
        while todo or running:
            while todo and free:
                mutant, slot = todo.pop(), free.pop()
                file = Path("amends", mutant.mutation.file)
                changed = mutant.mutation.applied((home / CLEAN / file).read_bytes())
                (home / str(slot) / file).write_bytes(changed)
                pid, limit = start(home / str(slot), mutant.mutation, reach)
                running[pid] = (mutant, slot, time.monotonic() + limit)
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                time.sleep(0.005)
                for late in [pid for pid, one in running.items() if time.monotonic() > one[2]]:
                    os.killpg(late, signal.SIGKILL)
                continue
            mutant, slot, _ = running.pop(pid)
            if os.waitstatus_to_exitcode(status) == BROKEN:
                raise SystemExit(f"This could not be tried:\n{mutant}")
            file = Path("amends", mutant.mutation.file)
            shutil.copyfile(home / CLEAN / file, home / str(slot) / file)
            free.append(slot)
            yield mutant, status != 0
    finally:
        for pid in running:
            os.killpg(pid, signal.SIGKILL)


def watched(results: Iterator[tuple[Mutant, bool]], count: int) -> Iterator[tuple[Mutant, bool]]:
    """*results*, with their progress on the screen."""
    if track and sys.stderr.isatty():
        yield from track(results, "Mutants", total=count)
        return
    for number, result in enumerate(results, 1):
        if number % 100 == 0:
            print(f"{number} of {count} tried", file=sys.stderr, flush=True)
        yield result


def report(results: list[tuple[Mutant, bool]], apart: list[Mutant], least: float) -> bool:
    """Print the survivors and the totals; whether enough were killed in each package."""
    for mutant in sorted((one for one, killed in results if not killed), key=_place):
        print(mutant)
    killed, made = Counter[str](), Counter[str]()
    for mutant, dead in results:
        file = mutant.mutation.file
        for name in (str(file), f"all of {file.parts[0]}"):
            made[name] += 1
            killed[name] += dead
    good = True
    for name in sorted(made):
        share = 100 * killed[name] / made[name]
        good = good and (share >= least or not name.startswith("all of"))
        print(f"{name}: killed {killed[name]} of {made[name]} ({share:.1f} %)")
    if apart:
        print(f"{len(apart)} more are declared equivalent in tools/{EQUIVALENT.name}.")
    return good


def _place(mutant: Mutant) -> tuple[str, int]:
    return str(mutant.mutation.file), mutant.mutation.start


def main() -> int:
    """Run the command; 0 where enough mutants were killed."""
    asked = options()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="amends-mutants-") as folder:
        home = Path(folder)
        prepare(home, asked.jobs)
        source = home / CLEAN / "amends"
        files = chosen_files(asked.file, source)
        mutants = [mutant for file in files for mutant in mutants_of(file, source)]
        apart = declared_equivalent(mutants)
        mutants = [one for one in mutants if one not in apart]
        if asked.sample is not None and asked.sample < len(mutants):
            mutants = sorted(random.Random(asked.seed).sample(mutants, asked.sample), key=_place)
        if asked.list:
            print(*mutants, f"{len(mutants)} mutants", sep="\n")
            return 0
        tests = asked.tests or usual_tests(files)
        tests += [f"--ignore={one}" for one in TOO_SLOW]
        print(f"{len(mutants)} mutants. First every test, on the code as it is ...", flush=True)
        reach = watch(home, files, tests)
        if isinstance(reach, str):
            print(reach, "The tests do not pass as it is, so no mutant is tried.", sep="\n")
            return 2
        print(f"{len(reach.seconds)} tests, {time.monotonic() - begun:.0f} s.", flush=True)
        results = list(watched(tried(mutants, reach, home, asked.jobs), len(mutants)))
    good = report(results, apart, asked.at_least)
    print(f"{time.monotonic() - begun:.0f} s.")
    return 0 if good else 1


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of a set, the same each time
        os.execve(
            sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"}
        )
    sys.exit(main())
