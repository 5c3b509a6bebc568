"""`amends audit` and `amends compare`: a whole history judged, and two policies against each other."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from amends.audit.auditing import ENGINES, Step, audit, database
from amends.audit.comparing import compare
from amends.audit.history import History, HistoryError, open_history
from amends.audit.planning import plan, whole
from amends.audit.report import report
from amends.audit.writing import CannotWrite, rows_of, write
from amends.disclosure.tables import WARNING
from amends.policy.library import Shelf, published, read_policy, with_policies
from amends.policy.rules import PolicyError, Ruleset, ruleset

ERRORS = (HistoryError, CannotWrite, duckdb.Error)


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    if command == "audit":
        _audit_arguments(parser)
    else:
        parser.add_argument("before", metavar="POLICY_A", help="an id, a file, or several with +")
        parser.add_argument("after", metavar="POLICY_B", help="the same, to compare with")
        parser.add_argument("history", type=Path, metavar="HISTORY.parquet")


def _audit_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("history", type=Path, metavar="HISTORY.parquet", help="a row a case, a column a fact")
    add("--engine", choices=ENGINES, default="duckdb", help="what judges (default: duckdb)")
    add("--out", type=Path, metavar="DIR", help="a folder for report, verdicts and faults")
    add("--policy", type=Path, action="append", default=[], metavar="FILE",
        help="a policy, or a folder of them, to put on the shelf")  # fmt: skip
    add("--only", metavar="ID-OR-FILE", help="judge every row by this alone, whatever its day")
    add("--rule", metavar="ID", help="list cases in which this rule was raised")
    add("--unknown", action="store_true", help="with --rule: those in which it is not known")
    add("--most", type=int, default=20, metavar="N", help="with --rule: at most N (default: 20)")
    add("--threads", type=int, metavar="N", help="threads to use (default: one a processor)")


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*."""
    if command == "audit":
        return _audit(args)
    return _compare(args)


def _audit(args: argparse.Namespace) -> int:
    held = with_policies(published(), args.policy)
    with showing() as step, database(args.threads) as connection:
        step("reading the history", 0, 1)
        history = open_history(args.history, connection)
        parts = whole(history, chosen(held, args.only)) if args.only else plan(history, held)
        found = audit(history, parts, args.engine, step)
        step("counting", 1, 1)
        figures = report(found)
        if args.out:
            write(found, figures, args.out)
        lines = list(figures.lines())
        if args.rule:
            finding = "unknown" if args.unknown else "raised"
            lines = [f"{args.rule}, {finding}:", *rows_of(found, args.rule, finding, args.most)]
    print(WARNING, "", *lines, sep="\n")
    if args.out:
        print(f"\nWritten to {args.out}: report.txt, summary.json, verdicts.parquet, faults.csv")
    return 0


def _compare(args: argparse.Namespace) -> int:
    shelf = published()
    one, two = chosen(shelf, args.before), chosen(shelf, args.after)
    with showing() as step, database() as connection:
        step("reading the history", 0, 2)
        history = open_history(args.history, connection)
        lines = list(compared(history, one, two, step))
    print(WARNING, "", *lines, sep="\n")
    return 0


def compared(history: History, one: Ruleset, two: Ruleset, step: Step) -> Iterator[str]:
    """The comparison of *one* with *two* on *history*, as text."""
    found = compare(history, one, two, step)
    yield f"Before: {one.name}   After: {two.name}"
    if says := history.notes.get("says"):
        yield f"INVENTED: {says}."
    if one.illustrative or two.illustrative:
        yield "ILLUSTRATIVE: a part of these policies is no published text."
    yield ""
    yield from found.matrix.lines()
    yield ""
    yield from found.changes.lines()
    yield ""
    yield f"{found.changed:,} of {history.rows:,} cases change."


def chosen(shelf: Shelf, name: str) -> Ruleset:
    """The rules that *name* means: ids on the shelf, or files, joined with +."""
    policies = []
    for part in name.split("+"):
        path = Path(part)
        if path.suffix == ".toml" or path.is_file():
            policies.append(read_policy(path))
        else:
            policies.append(shelf.find(part))
    if not policies:
        raise PolicyError(name, "It names no policy.")
    return ruleset(*policies)


@contextmanager
def showing() -> Iterator[Step]:
    """Progress on standard error, for whoever watches; nothing where nobody does."""
    console = Console(stderr=True)
    bars = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*bars, console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("starting", total=None)

        def step(what: str, done: int, of: int) -> None:
            bar.update(task, description=what, completed=done, total=of)

        yield step
