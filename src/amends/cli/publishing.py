"""`amends release …`: a folder to publish, made from tables that were proved safe, and whether one holds."""

import argparse
from pathlib import Path
from typing import Final

from amends.cli.release import version
from amends.disclosure.errors import DisclosureError
from amends.openness.publishing.about import read_about
from amends.openness.publishing.folder import RELEASE, build, write
from amends.openness.publishing.rebuilding import faults
from amends.openness.publishing.sources import KEY, read_sources

ERRORS: Final = (DisclosureError,)
DOES: Final = {
    "build": "make a folder to publish from what `amends protect` wrote",
    "check": "whether a published folder is whole, and is what its tables make once more",
}


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of `release`."""
    parts = parser.add_subparsers(dest="part", required=True, metavar=f"{{{','.join(DOES)}}}")
    made = parts.add_parser(
        "build", help=DOES["build"], description=f"{DOES['build'].capitalize()}."
    )
    made.add_argument(
        "safe", type=Path, nargs="+", metavar="SAFE", help="a folder of `amends protect`"
    )
    made.add_argument(
        "--about", type=Path, required=True, metavar="ABOUT.toml", help="what it is, and its words"
    )
    made.add_argument(
        "--to", type=Path, required=True, metavar="DIR", help="a new folder, for the public"
    )
    made.epilog = f"A key is put into each SAFE folder as {KEY}, once: keep it with the snapshot."
    checked = parts.add_parser(
        "check", help=DOES["check"], description=f"{DOES['check'].capitalize()}."
    )
    checked.add_argument("folder", type=Path, metavar="DIR", help="the published folder")
    checked.add_argument(
        "--from", type=Path, nargs="+", default=[], metavar="SAFE", dest="safe",
        help="the folders that it was made from, in their order: make it once more, and compare every byte",
    )  # fmt: skip
    checked.epilog = "Exit status 1 where anything does not hold."
    for one in (made, checked):
        one.add_argument(
            "--history", type=Path, metavar="DIR", help="earlier releases of the same snapshots"
        )


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*."""
    return _build(args) if args.part == "build" else _check(args)


def _build(args: argparse.Namespace) -> int:
    about = read_about(args.about)
    sources = read_sources(args.safe, args.history, make_key=True)
    made = build(about, sources, version())
    write(args.to, made)
    left = list(faults(args.to, version(), sources))
    if left:
        raise DisclosureError(str(args.to), f"does not hold: {left[0]}", "Do not publish it.")
    for each in made.protected:
        share = f"{each.withheld:,} of {each.figures:,} figures withheld"
        print(f"release {each.release.id}: {share}")
        if each.too_many:
            print("  More than one in ten: coarser dates or categories would tell more.")
    print(f"{len(made.files)} files written to {args.to}, and checked.")
    print(f"{RELEASE}: SHA-256 {made.digest}")
    return 0


def _check(args: argparse.Namespace) -> int:
    sources = read_sources(args.safe, args.history)
    found = list(faults(args.folder, version(), sources))
    for one in found:
        print(one)
    if not found:
        print(
            "Every file is as release.json says; the workbook hides nothing; CSV, ODS and page show the same."
        )
    if sources and not found:
        print("Made once more from its tables, every byte is the same.")
    elif not found:
        print("It was not made once more: that needs the protected tables (--from).")
    return 1 if found else 0
