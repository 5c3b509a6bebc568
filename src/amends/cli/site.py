"""`amends publish`: the public site, made from a force's cases or from an invented force."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from amends.cli import answering
from amends.cli.answering import judge, source_arguments, sourced
from amends.cli.auditing import showing
from amends.cli.deciding import day
from amends.cli.release import version
from amends.disclosure.folders import check_free
from amends.openness.giving import folder_of
from amends.openness.site.building import answered, edition_of, files

ERRORS: Final = answering.ERRORS
_FIRST: Final = "index.html"


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of `publish`."""
    add = parser.add_argument
    add("--to", type=Path, required=True, metavar="DIR", help="a new folder for the site")
    add("--edition", type=day, metavar="DATE", help="the day of the edition (default: today)")
    source_arguments(parser)
    parser.epilog = "Without --cases it shows an invented force, and says so on every page."


def run(args: argparse.Namespace, command: str) -> int:
    """Make the site: all of it, or nothing."""
    check_free(args.to)
    on = args.edition or datetime.now().astimezone().date()
    with sourced(args) as (source, answers):
        with showing() as step:
            found = answered(source, answers, judge(args, on), step)
            made = files(edition_of(source, found, on), version(), step)
        folder_of(args.to, made)
    pages = _pages(list(made))
    print(
        f"{pages} pages in English and Welsh, and {len(found)} sets of open data. Begin at {args.to / _FIRST}."
    )
    return 0


def _pages(names: Sequence[str]) -> int:
    return sum(name.endswith(".html") and not name.startswith("data/") for name in names)
