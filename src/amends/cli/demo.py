"""`amends invent` and `amends demo`: an invented history, and what can be asked of it."""

import argparse
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from amends.audit.auditing import Step, audit, database
from amends.audit.history import HistoryError, open_history
from amends.audit.planning import plan
from amends.audit.report import report
from amends.audit.writing import CannotWrite
from amends.cli.auditing import chosen, compared, showing
from amends.cli.deciding import day
from amends.demo.inventing import CannotInvent, Summary, invent
from amends.demo.storing import CannotStore
from amends.disclosure.tables import WARNING
from amends.policy.library import published

ERRORS = (CannotInvent, CannotStore, HistoryError, CannotWrite, duckdb.Error)
BEFORE, AFTER = "acpo-2012+avon-and-somerset-2011", "npcc-2022"


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    add = parser.add_argument
    if command == "invent":
        add("out", type=Path, metavar="OUT.parquet", help="the file to write")
        add("--from", dest="start", type=day, metavar="DATE", help="first day of decision")
        add("--to", dest="end", type=day, metavar="DATE", help="last day of decision")
    else:
        add("--out", type=Path, metavar="DIR", help="keep the invented history in this folder")
    add("--rows", type=int, default=13_219, metavar="N", help="cases (default: 13219)")
    add("--seed", type=int, default=1, metavar="S", help="the same seed gives the same history")


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*."""
    if command == "invent":
        return _invent(args)
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        return _demo(args, args.out)
    with TemporaryDirectory(prefix="amends-demo-") as folder:
        return _demo(args, Path(folder))


def _invent(args: argparse.Namespace) -> int:
    days = {name: value for name in ("start", "end") if (value := getattr(args, name))}
    with showing() as step:
        made = invent(
            args.out, rows=args.rows, seed=args.seed, progress=_told(step), **days
        )
    print("\n".join(_invented(made)))
    return 0


def _told(step: Step) -> Callable[[int, int], None]:
    return lambda done, of: step("inventing", done, of)


def _invented(made: Summary) -> list[str]:
    return [
        f"Invented {made.rows:,} community resolutions, {made.start} to {made.end}, seed {made.seed}: "
        f"{made.out}",
        f"{made.sexual:,} of them for sexual offences. Every person, record and case is invented.",
    ]


def _demo(args: argparse.Namespace, folder: Path) -> int:
    file = folder / "invented.parquet"
    with showing() as step:
        made = invent(file, rows=args.rows, seed=args.seed, progress=_told(step))
    _title("1. An invented history, as a newspaper might ask about")
    print(*_invented(made), sep="\n")
    with showing() as step, database() as connection:
        history = open_history(file, connection)
        found = report(audit(history, plan(history, published()), step=step))
        shelf = published()
        text = list(compared(history, chosen(shelf, BEFORE), chosen(shelf, AFTER), step))
    _title("2. The audit: each case by the policy of its own day")
    print(WARNING, "", *found.lines(), sep="\n")
    _title("3. Two policies compared: what if the guidance of 2022 had applied?")
    print(*text, sep="\n")
    _title("4. Where to look next")
    print(*_next(args, file), sep="\n")
    return 0


def _title(text: str) -> None:
    print(f"\n{text}\n{'=' * len(text)}")


def _next(args: argparse.Namespace, file: Path) -> list[str]:
    kept = file if args.out else Path("history.parquet")
    make = [] if args.out else [f"  .venv/bin/amends invent {kept}"]
    return [
        *make,
        f"  .venv/bin/amends audit {kept} --out audit        report, verdicts of every case, faults",
        f"  .venv/bin/amends audit {kept} --rule CR-VIC-03   the cases behind one rule",
        "  .venv/bin/amends policies                        what is on the shelf, and its sources",
        "  .venv/bin/amends check                           what is wrong with it",
        "  .venv/bin/amends facts                           what a policy may ask",
        "  README.md                                        one decision with every reason",
    ]
