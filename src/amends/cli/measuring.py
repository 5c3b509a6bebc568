"""`amends measure`: what cases show, counted with unit and base, for the force's own eyes."""

import argparse
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import WARNING, Raw, wrapped
from amends.statistics import counting, decision_points, endings, following, harm
from amends.statistics.cases import NOT_KNOWN, Cases, open_cases
from amends.statistics.periods import KINDS, MONTH
from amends.statistics.units import UNITS

ERRORS = (DisclosureError,)
WHAT: Final = ("count", "series", "completion", "feedback", "decisions", "reoffending", "harm")
_TERMINAL: Final = 100
_COUNTED: Final = ("count", "series", "harm")
_GOES_WITH: Final = {
    "unit": _COUNTED,
    "only": _COUNTED,
    "start": _COUNTED,
    "end": _COUNTED,
    "people": _COUNTED,
    "each": ("series",),
    "missing": ("series",),
    "reference": ("decisions",),
    "weights": ("harm",),
}
"""With what each option goes: one that would be left unheeded is refused."""
_WRITTEN: Final = {"start": "from", "end": "to"}


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    add = parser.add_argument
    add("what", choices=WHAT, help="what is measured")
    add(
        "cases", type=Path, nargs="+", metavar="CASES.parquet", help="a row a case, a column a fact"
    )
    add("--unit", help=f"for count, series and harm: {', '.join(UNITS)}")
    add("--by", action="append", default=[], metavar="COLUMN", help="in groups of this, too")
    add("--only", action="append", default=[], metavar="COLUMN=VALUE",
        help=f"for count, series and harm: only these ({NOT_KNOWN!r} is a value, too)")  # fmt: skip
    add(
        "--people",
        type=Path,
        metavar="FILE",
        help="whose cases are whose: what `amends link` wrote",
    )
    add("--from", dest="start", type=_day, metavar="DAY", help="from this day, YYYY-MM-DD")
    add("--to", dest="end", type=_day, metavar="DAY", help="up to this day")
    add("--each", choices=sorted(KINDS), help="for series (default: month)")
    add("--missing", action="append", default=[], metavar="YYYY-MM",
        help="for series: a month that is known not to be held")  # fmt: skip
    add("--reference", help="for decisions: the group beside which others stand (default: white)")
    add(
        "--weights",
        type=Path,
        metavar="FILE.csv",
        help="for harm: what each offence weighs; with these five:",
    )
    for name, told in _WEIGHTS.items():
        add(f"--weights-{name}", metavar="TEXT", default="", help=told)


_WEIGHTS: Final = {
    "name": "what the set is called",
    "version": "which version of it",
    "licence": "by what licence it may be used",
    "unit": "what it weighs in, such as days in prison",
    "columns": "the columns of offence and weight, with a comma between",
}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day. Write it as 2013-04-01.") from None


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*: print the tables, with a warning that they are not for publication."""
    with open_cases(*args.cases, people=args.people) as cases:
        tables = list(_tables(args, cases))
        invented = cases.invented
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _TERMINAL
    print(*wrapped(WARNING, width), sep="\n")
    if invented:
        print(f"INVENTED: {invented:,} of the cases are marked as made up.")
    for table in tables:
        print("", *table.lines(width), sep="\n")
    return 0


def _tables(args: argparse.Namespace, cases: Cases) -> Iterator[Raw]:
    for option, own in _GOES_WITH.items():
        if getattr(args, option) and args.what not in own:
            written = f"--{_WRITTEN.get(option, option)}"
            raise DisclosureError(
                written, f"does not go with {args.what}", f"It is for {', '.join(own)}."
            )
    if args.what == "series" and args.by:
        raise DisclosureError("--by", "does not go with series", "Name one group by --only.")
    if args.what in _COUNTED and not args.unit:
        raise DisclosureError("--unit", "is missing", f"Name what is counted: {', '.join(UNITS)}.")
    yield from {
        "count": _count,
        "series": _series,
        "completion": _completion,
        "feedback": _feedback,
        "decisions": _decisions,
        "reoffending": _reoffending,
        "harm": _harm,
    }[args.what](args, cases)


def _count(args: argparse.Namespace, cases: Cases) -> Iterator[Raw]:
    yield _counted(args, cases)


def _counted(args: argparse.Namespace, cases: Cases) -> Raw:
    where = _where(args.only)
    return counting.count(cases, args.unit, args.by, where=where, start=args.start, end=args.end)


def _where(only: list[str]) -> dict[str, set[str | None]]:
    """The values that count of each column: those named for one column are alternatives."""
    found: dict[str, set[str | None]] = {}
    for text in only:
        column, equals, value = text.partition("=")
        if not equals:
            raise DisclosureError(f"--only {text}", "has no value", "Write it as offence_code=9B.")
        found.setdefault(column, set()).add(None if value == NOT_KNOWN else value)
    return found


def _series(args: argparse.Namespace, cases: Cases) -> Iterator[Raw]:
    if not args.start or not args.end:
        raise DisclosureError(
            "--from and --to", "are missing", "A series has a beginning and an end."
        )
    yield counting.series(
        cases,
        args.unit,
        args.each or MONTH,
        start=args.start,
        end=args.end,
        missing=args.missing,
        where=_where(args.only),
    )


def _completion(args: argparse.Namespace, cases: Cases) -> Iterator[Raw]:
    table = endings.completion(cases, args.by)
    yield from (table, endings.completion_rate(table))


def _feedback(args: argparse.Namespace, cases: Cases) -> Iterator[Raw]:
    table = endings.feedback(cases, args.by)
    yield from (table, endings.response_rate(table), endings.satisfaction_rate(table))


def _decisions(args: argparse.Namespace, cases: Cases) -> Iterator[Raw]:
    if len(args.by) > 1:
        raise DisclosureError(
            "--by", "names more than one column", "Decisions have one group each."
        )
    group = args.by[0] if args.by else "offender_ethnicity"
    table = decision_points.decisions(cases, group, decision_points.told(cases))
    yield from (table, decision_points.indexes(table, args.reference or "white"))


def _reoffending(args: argparse.Namespace, cases: Cases) -> Iterator[Raw]:
    table = following.proven_reoffending(cases, args.by)
    yield from (table, following.proven_rate(table))


def _harm(args: argparse.Namespace, cases: Cases) -> Iterator[Raw]:
    said = {name: getattr(args, f"weights_{name}") for name in _WEIGHTS}
    key, comma, weight = said.pop("columns").partition(",")
    if args.weights is None or not comma or len(args.by) != 1:
        raise DisclosureError(
            "harm",
            "lacks --weights, --weights-columns or --by",
            "Name one column of the cases by --by.",
        )
    weights = harm.read_weights(args.weights, key=key, weight=weight, **said)
    yield harm.weighted(_counted(args, cases), args.by[0], weights)
