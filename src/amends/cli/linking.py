"""`amends link`: which records are of one person, as a mapping beside them."""

import argparse
import csv
from pathlib import Path

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import WARNING, wrapped
from amends.statistics.likeness import link
from amends.statistics.linking import (
    KINDS,
    Plan,
    against_labels,
    precision_and_recall,
    read_mapping,
)

ERRORS = (DisclosureError,)
_MORE = """The records are not changed, and the link is a likelihood: it serves to count people, and never to decide a
case. To take it back, leave the mapping out. Columns that belong to one rule are joined with +: --certain
surname+dob."""


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    parser.epilog = _MORE
    add = parser.add_argument
    add("records", type=Path, metavar="RECORDS.csv", help="a row a record, all text")
    add("--to", type=Path, required=True, metavar="PEOPLE.csv", help="the mapping, a new file")
    add("--reference", default="case_reference", help="the column that names a record")
    add("--field", action="append", required=True, metavar="COLUMN=KIND",
        help=f"a column that is compared, and how: {', '.join(KINDS)}")  # fmt: skip
    add("--alike", action="append", required=True, metavar="COLUMNS",
        help="records are compared that agree on these, or on those of another --alike")  # fmt: skip
    add("--certain", action="append", required=True, metavar="COLUMNS",
        help="records that agree on these are, as good as always, of one person")  # fmt: skip
    add("--threshold", type=float, default=Plan.__dataclass_fields__["threshold"].default,
        help="how likely it must be, over 0 and under 1 (default: %(default)s)")  # fmt: skip
    add("--labels", metavar="COLUMN", help="a column that truly tells one person from another")


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*."""
    plan = Plan(
        reference=args.reference,
        fields=dict(_field(text) for text in args.field),
        alike=tuple(tuple(rule.split("+")) for rule in args.alike),
        certain=tuple(tuple(rule.split("+")) for rule in args.certain),
        threshold=args.threshold,
    )
    labels = _labels(args) if args.labels else None
    people = link(args.records, plan, args.to)
    print(f"{people:,} people. Written to {args.to}, and how it was made beside it.")
    if labels is not None:
        table = against_labels(read_mapping(args.to), labels)
        print(*wrapped(WARNING), "", *table.lines(), sep="\n")
        precision, recall = precision_and_recall(table)
        print(f"  Precision {precision:.4f}, recall {recall:.4f}.")
    return 0


def _field(text: str) -> tuple[str, str]:
    column, equals, kind = text.rpartition("=")
    if not equals or not column:
        raise DisclosureError(f"--field {text}", "has no kind", "Write it as surname=name.")
    return column, kind


def _labels(args: argparse.Namespace) -> dict[str, str]:
    try:
        with args.records.open(encoding="utf-8-sig", newline="") as file:
            return {row[args.reference]: row[args.labels] for row in csv.DictReader(file)}
    except (OSError, UnicodeDecodeError) as error:
        raise DisclosureError(str(args.records), f"cannot be read: {error}") from None
    except KeyError as error:
        raise DisclosureError(args.records.name, f"has no column {error.args[0]}") from None
