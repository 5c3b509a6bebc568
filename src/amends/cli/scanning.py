"""`amends scan`: what workbooks hide from whoever reads their sheets."""

import argparse
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.openness.scanning import scan
from amends.openness.scanning_findings import KINDS

ERRORS: Final = (DisclosureError,)


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of `scan`."""
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="a workbook (ODS or XLSX)"
    )
    parser.add_argument(
        "--author", action="append", default=[], metavar="NAME",
        help="who may be named as author: the force itself, and no person",
    )  # fmt: skip
    parser.epilog = "Exit status 1 where something is hidden, 2 where a file cannot be read."


def run(args: argparse.Namespace, command: str) -> int:
    """Tell what each file hides; all are read before anything is said."""
    found = [(path, scan(_bytes(path), str(path), args.author)) for path in args.files]
    for path, findings in found:
        for one in findings:
            print(f"{path}, {one.place}: {one.kind}: {one.what}")
    kinds = dict.fromkeys(one.kind for _, findings in found for one in findings)
    for kind in kinds:
        print(f"  {kind}: {KINDS[kind]}")
    hiding = sum(bool(findings) for _, findings in found)
    print(f"{len(found)} read, {hiding} with something hidden.")
    return 1 if hiding else 0


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DisclosureError(str(path), f"cannot be read: {error.strerror}") from None
