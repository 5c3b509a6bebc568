"""`amends invent` and `amends demo`: an invented history, and what can be asked of it."""

import argparse
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from amends.audit.auditing import Step, audit, database
from amends.audit.history import HistoryError, open_history
from amends.audit.planning import plan
from amends.audit.report import report
from amends.audit.writing import CannotWrite
from amends.cli.auditing import chosen, columns, compared, showing
from amends.cli.deciding import day
from amends.cli.writing import check_new
from amends.demo.inventing import ROWS, CannotInvent, Summary, invent
from amends.demo.storing import CannotStore
from amends.disclosure.tables import WARNING, wrapped
from amends.policy.library import published

ERRORS = (CannotInvent, CannotStore, HistoryError, CannotWrite)
BEFORE: Final = "acpo-2012+avon-and-somerset-2011"
AFTER: Final = "npcc-2022"


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    add = parser.add_argument
    if command == "invent":
        add(
            "out",
            type=Path,
            metavar="OUT.parquet",
            help="the file to write: the facts, and what came of each case",
        )
        add("--from", dest="start", type=day, metavar="DATE", help="first day of decision")
        add("--to", dest="end", type=day, metavar="DATE", help="last day of decision")
        add("--replace", action="store_true", help="write over a file that is there")
    else:
        add("--out", type=Path, metavar="DIR", help="keep the invented history in this folder")
    add("--rows", type=int, default=ROWS, metavar="N", help=f"cases (default: {ROWS})")
    add("--seed", type=int, default=1, metavar="S", help="the same seed gives the same history")


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*."""
    if command == "invent":
        return _invent(args)
    if args.out:
        try:
            args.out.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise CannotWrite(f"{args.out}: The folder cannot be made: {why}.") from None
        return _demo(args, args.out)
    with TemporaryDirectory(prefix="amends-demo-") as folder:
        return _demo(args, Path(folder))


def _invent(args: argparse.Namespace) -> int:
    if args.out.suffix != ".parquet" and not args.out.is_dir():
        raise CannotWrite(
            f"{args.out}: It is written as Parquet. Give a name that ends in .parquet."
        )
    check_new(args.out, args.replace)
    days = {name: value for name in ("start", "end") if (value := getattr(args, name))}
    with showing() as step:
        made = invent(args.out, rows=args.rows, seed=args.seed, progress=_told(step), **days)
    print(*_invented(made), sep="\n")
    print(f"Written to {made.out}.")
    return 0


def _told(step: Step) -> Callable[[int, int], None]:
    return lambda done, of: step("inventing", done, of)


def _invented(made: Summary) -> Iterator[str]:
    span = f"{made.start} to {made.end}"
    text = (
        f"INVENTED: {made.rows:,} community resolution{'s' * (made.rows != 1)}, {span}, seed {made.seed}; "
        f"{made.sexual:,} of them for sexual offences. Every person, record and case is made up."
    )
    yield from wrapped(text, columns())


def _demo(args: argparse.Namespace, folder: Path) -> int:
    file = folder / "invented.parquet"
    with showing() as step:
        made = invent(file, rows=args.rows, seed=args.seed, progress=_told(step))
    _title("1. An invented history, as a newspaper might ask about")
    print(*_invented(made), sep="\n")
    shelf = published()
    with showing() as step, database(file.name) as connection:
        history = open_history(file, connection)
        found = report(audit(history, plan(history, shelf), step=step))
        told = list(found.lines(columns()))
        text = list(compared(history, chosen(shelf, BEFORE), chosen(shelf, AFTER), step))
    _title("2. The audit: each case by the policy of its own day")
    print(*wrapped(WARNING, columns()), "", *told, sep="\n")
    _title("3. Two policies compared: what if the guidance of 2022 had applied?")
    print(*text, sep="\n")
    _title("4. Where to look next")
    print(*_next(file if args.out else None), sep="\n")
    return 0


def _title(text: str) -> None:
    print(f"\n{text}\n{'=' * len(text)}")


def _next(kept: Path | None) -> Iterator[str]:
    """Commands to go on with; the history has to be made again unless it was *kept*."""
    amends, file = ".venv/bin/amends", shlex.quote(str(kept or "history.parquet"))
    steps = {} if kept else {f"{amends} invent {file}": "the same history, in a file to keep"}
    steps |= {
        f"{amends} audit {file} --out audit": "report, verdict of every case, faults",
        f"{amends} audit {file} --rule CR-VIC-03": "the cases behind one rule",
        f"{amends} policies": "what is on the shelf, and its sources",
        f"{amends} check": "what is wrong with it",
        f"{amends} facts": "what a policy may ask",
        "README.md": "one decision with every reason",
    }
    for step, what in steps.items():
        yield from (f"  {step}", f"      {what}")
