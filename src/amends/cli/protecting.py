"""`amends protect`: tables of counts made safe to publish, with the proof that they are."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from amends.cli.writing import CannotWrite
from amends.disclosure.checking import check
from amends.disclosure.errors import DisclosureError
from amends.disclosure.folders import (
    check_free,
    of_snapshot,
    read_releases,
    read_snapshots,
    safe_files,
    write_folder,
)
from amends.disclosure.protecting import Protected, protect
from amends.disclosure.protecting_search import Tell
from amends.disclosure.published import Release
from amends.disclosure.snapshots import Snapshot
from amends.disclosure.specifying import read_asked

ERRORS = (DisclosureError, CannotWrite)
_PATIENCE: Final = 2.0


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of `protect`."""
    add = parser.add_argument
    add("table", type=Path, metavar="TABLE.csv", help="a column a dimension, and one called count")
    add("--spec", type=Path, required=True, metavar="SPEC.toml", help="what to publish, and how")
    add("--history", type=Path, metavar="DIR", help="earlier releases (release-*.json), snapshots")
    add("--out", type=Path, required=True, metavar="DIR", help="a new folder for all that is made")


def run(args: argparse.Namespace, command: str) -> int:
    """Protect, check the proof, and only then write."""
    check_free(args.out)
    history = read_releases(args.history) if args.history else []
    known = read_snapshots(args.history) if args.history else []
    asked = read_asked(args.spec, args.table, known)
    earlier = of_snapshot(history, asked.snapshot.id)
    with progress() as tell:
        made = protect(asked.snapshot, asked.tables, earlier, asked.spec, tell)
    verdict = check(asked.snapshot, [*earlier, made.release], made.certificate)
    if not verdict.holds:
        raise DisclosureError(
            f"release {made.release.id}",
            f"is not proved safe: {verdict.faults[0]}",
            "Nothing is written.",
        )
    write_folder(args.out, _files(asked.snapshot, earlier, made))
    others = len(history) - len(earlier)
    if others:
        print(f"{others} earlier releases are from other snapshots, and were not looked at.")
    print(
        *list(made.report.lines([*earlier, made.release]))[: 3 + len(made.report.proposals)],
        sep="\n",
    )
    print(f"Proved for {verdict.protected:,} protected cells. Written to {args.out}.")
    return 0


def _files(snapshot: Snapshot, earlier: list[Release], made: Protected) -> dict[str, str]:
    report = "\n".join(made.report.lines([*earlier, made.release]))
    return safe_files(snapshot, made.release, made.certificate, f"{report}\n")


@contextmanager
def progress() -> Iterator[Tell]:
    """Show how far the work is, once it has taken two seconds and somebody looks on."""
    begun = time.monotonic()
    try:
        from rich.progress import Progress
    except ImportError:
        yield lambda what, done, whole: None
        return
    from rich.console import Console

    bar = Progress(console=Console(stderr=True), transient=True)
    tasks = {}

    def tell(what: str, done: int, whole: int) -> None:
        if not sys.stderr.isatty() or time.monotonic() - begun < _PATIENCE:
            return
        bar.start()
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=whole)
        bar.update(tasks[what], completed=done)

    try:
        yield tell
    finally:
        bar.stop()
