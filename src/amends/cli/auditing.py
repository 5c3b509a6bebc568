"""`amends audit` and `amends compare`: a whole history judged, and two policies against each other."""

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from amends.audit.auditing import ENGINES, Audit, Step, audit, database
from amends.audit.comparing import compare
from amends.audit.history import History, HistoryError, open_history
from amends.audit.planning import Plan, plan, whole
from amends.audit.report import Report, invented, labels, of_rules, report
from amends.audit.writing import CannotWrite, check_place, check_rule, rows_of, write
from amends.disclosure.tables import WARNING, wrapped
from amends.policy.accepting import accepted, with_policies
from amends.policy.library import Shelf, published
from amends.policy.rules import Policy, Ruleset, ruleset

ERRORS = (HistoryError, CannotWrite)


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    if command == "audit":
        _audit_arguments(parser)
        return
    what = "an id that `amends policies` lists, a file, or several joined with +"
    parser.add_argument("before", metavar="POLICY_A", help=what)
    parser.add_argument("after", metavar="POLICY_B", help="the same, to compare with")
    parser.add_argument("history", type=Path, metavar="HISTORY.parquet", help=_HISTORY)


_HISTORY = "a row a case, a column a fact (`amends facts` lists them)"


def _audit_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("history", type=Path, metavar="HISTORY.parquet", help=_HISTORY)
    add("--engine", choices=ENGINES, default="duckdb", help="what judges (default: duckdb)")
    add("--out", type=Path, metavar="DIR", help="a folder for report, verdicts and faults")
    add("--policy", type=Path, action="append", default=[], metavar="FILE",
        help="a policy, or a folder of them, to put on the shelf")  # fmt: skip
    add("--only", metavar="ID-OR-FILE", help="judge every case by this alone, whatever its day")
    add("--rule", metavar="ID", help="list cases in which this rule was raised")
    add("--unknown", action="store_true", help="with --rule: those in which it is not known")
    add(
        "--most",
        type=above_zero,
        default=20,
        metavar="N",
        help="with --rule: at most N (default: 20)",
    )
    add("--threads", type=above_zero, metavar="N", help="threads to use (default: one a processor)")


def above_zero(text: str) -> int:
    """The whole number written as *text*, for argparse."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0.")
    return int(text)


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*."""
    if command == "audit":
        return _audit(args)
    return _compare(args)


# --- audit ------------------------------------------------------------------------


def _audit(args: argparse.Namespace) -> int:
    if args.unknown and args.rule is None:
        raise HistoryError("--unknown", "It goes with --rule.", "Name a rule: --rule CR-VIC-03.")
    held = with_policies(published(), args.policy)
    only = None if args.only is None else whole(chosen(held, args.only))
    if args.out is not None:
        check_place(args.out)
    with showing() as step, database(args.history.name, args.threads) as connection:
        step("reading the history", 0, 1)
        history = open_history(args.history, connection)
        parts = only or plan(history, held)
        if args.rule is not None:
            check_rule(parts, args.rule)
        found = audit(history, parts, args.engine, step)
        step("counting", 1, 1)
        figures = report(found)
        if args.out is not None:
            write(found, figures, args.out)
        lines = list(_lines(args, found, figures))
    print(*wrapped(WARNING, columns()), "", *lines, sep="\n")
    if args.out is not None:
        print(f"\nWritten to {args.out}: report.txt, summary.json, verdicts.parquet, faults.csv")
    _tell_idle(held, parts)
    return 0


def _lines(args: argparse.Namespace, found: Audit, figures: Report) -> Iterator[str]:
    """The report; or, where a rule is asked for, the cases behind it."""
    if args.rule is None:
        yield from figures.lines(columns())
        return
    for label in labels(found):
        yield from wrapped(label, columns())
    yield from rows_of(found, args.rule, "unknown" if args.unknown else "raised", args.most)


def _tell_idle(held: Shelf, parts: Plan) -> None:
    """Say which policies of the user's own judged nothing, on standard error."""
    used = {policy for part in parts.parts for policy in part.rules.policies}
    for policy in held.policies:
        if policy.id not in published().by_id and policy not in used:
            why = "it is a draft" if policy.draft else "it covers no case"
            print(f"amends: note: {policy.id} took no part: {why}.", file=sys.stderr)


# --- compare ----------------------------------------------------------------------


def _compare(args: argparse.Namespace) -> int:
    shelf = published()
    one, two = chosen(shelf, args.before), chosen(shelf, args.after)
    with showing() as step, database(args.history.name) as connection:
        step("reading the history", 0, 3)
        history = open_history(args.history, connection)
        lines = list(compared(history, one, two, step))
    print(*wrapped(WARNING, columns()), "", *lines, sep="\n")
    return 0


def compared(history: History, one: Ruleset, two: Ruleset, step: Step) -> Iterator[str]:
    """The comparison of *one* with *two* on *history*, as text."""
    width = columns()
    found = compare(history, one, two, step)
    told = [f"Before: {one.name}", f"After:  {two.name}"]
    told += dict.fromkeys([*invented(history.invented), *of_rules(one), *of_rules(two)])
    told.append(f"{found.changed:,} of {history.rows:,} cases change.")
    for line in told:
        yield from wrapped(line, width)
    for table in (found.matrix, *found.changes):
        yield ""
        yield from table.lines(width)


def chosen(shelf: Shelf, name: str) -> Ruleset:
    """The rules that *name* means: ids on the shelf, or files, joined with +."""
    path = Path(name)
    whole_name = name in shelf.by_id or path.is_file()
    policies = [_policy(shelf, part) for part in ([name] if whole_name else name.split("+"))]
    return ruleset(*dict.fromkeys(policies))


def _policy(shelf: Shelf, name: str) -> Policy:
    path = Path(name)
    if name not in shelf.by_id and (path.suffix == ".toml" or path.is_file()):
        return accepted(path, shelf)
    return shelf.find(name)


# --- what is shown ----------------------------------------------------------------


def columns() -> int | None:
    """How many letters a line has room for, where somebody looks at a terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


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
