"""`amends match`: people dealt with in one way beside people like them, as was written down beforehand."""

import argparse
from pathlib import Path

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import WARNING, wrapped
from amends.statistics.disproportionality import AT_LEAST
from amends.statistics.matching import compare
from amends.statistics.specifying import CALIPER, GROUP, NUMBER, Specification, specify

ERRORS = (DisclosureError,)


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    steps = parser.add_subparsers(dest="step", required=True)
    first = steps.add_parser(
        "specify", help="write down what will be compared, before the data are read"
    )
    add = first.add_argument
    add("specification", type=Path, metavar="WHAT.json", help="a new file")
    add("--question", required=True, help="what is asked, in plain English")
    add("--treated", required=True, metavar="COLUMN", help="yes: dealt with in the way asked about")
    add("--outcome", required=True, metavar="COLUMN", help="yes: what is asked about came to pass")
    add("--alike", action="append", required=True, metavar="COLUMN=KIND",
        help=f"what people are to be alike in, as {NUMBER} or {GROUP}")  # fmt: skip
    add("--caliper", type=float, default=CALIPER,
        help="how far apart two may be, in standard deviations (default: %(default)s)")  # fmt: skip
    add("--at-least", type=int, default=AT_LEAST, metavar="N",
        help="no result for fewer (default: %(default)s)")  # fmt: skip
    second = steps.add_parser("run", help="compare as was written down")
    second.add_argument("specification", type=Path, metavar="WHAT.json")
    second.add_argument("data", type=Path, metavar="PEOPLE.parquet", help="a row a person")
    second.add_argument("--digest", required=True, help="the SHA-256 that `specify` printed")


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*."""
    if args.step == "specify":
        covariates = dict(_alike(text) for text in args.alike)
        what = Specification(
            question=args.question,
            treated=args.treated,
            outcome=args.outcome,
            covariates=covariates,
            caliper=args.caliper,
            at_least=args.at_least,
        )
        print(f"SHA-256 {specify(what, args.specification)}")
        print("Publish this, or have it dated, before the data are read.")
        return 0
    found = compare(args.specification, args.digest, args.data)
    print(*wrapped(WARNING), sep="\n")
    for table in found.tables:
        print("", *table.lines(), sep="\n")
    if found.inconclusive:
        print("\n  Inconclusive: the interval holds 0.")
    print(f"\n  Data: SHA-256 {found.data}")
    return 0


def _alike(text: str) -> tuple[str, str]:
    column, equals, kind = text.rpartition("=")
    if not equals or not column:
        raise DisclosureError(f"--alike {text}", "has no kind", "Write it as age=number.")
    return column, kind
