"""`amends publish`: the public site, made from a force's cases or from an invented force."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from amends.cli import answering
from amends.cli.answering import judge, source_arguments, sourced
from amends.cli.auditing import showing
from amends.cli.deciding import day
from amends.cli.release import version
from amends.disclosure.errors import DisclosureError
from amends.disclosure.folders import check_free
from amends.openness.answering import Answered
from amends.openness.counted import Source
from amends.openness.editions import revised
from amends.openness.giving import folder_of
from amends.openness.questions import questions
from amends.openness.site import figures
from amends.openness.site.building import QUESTIONS, answered, edition_of, files
from amends.openness.site.earlier import Earlier, read_site
from amends.openness.site.weighing import read_set

ERRORS: Final = answering.ERRORS
_FIRST: Final = "index.html"


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of `publish`."""
    add = parser.add_argument
    add("--to", type=Path, required=True, metavar="DIR", help="a new folder for the site")
    add("--edition", type=day, metavar="DATE", help="the day of the edition (default: today)")
    add("--since", type=Path, metavar="OLDSITE", help="the site that this edition follows")
    add("--why", default="", metavar="WORDS", help="why figures of the edition before changed")
    add("--why-cy", default="", metavar="WORDS", help="the same in Welsh")
    add(
        "--weights",
        type=Path,
        metavar="SET.toml",
        help="what each offence weighs, for harm beside counts",
    )
    source_arguments(parser)
    parser.epilog = "Without --cases it shows an invented force, and says so on every page."


def run(args: argparse.Namespace, command: str) -> int:
    """Make the site: all of it, or nothing."""
    check_free(args.to)
    on = args.edition or datetime.now().astimezone().date()
    earlier = _earlier(args)
    weights = read_set(args.weights) if args.weights else None
    with sourced(args) as (cases, answers):
        source: Source = cases
        if earlier.editions:
            source = revised(cases, answers / earlier.editions[-1].source)
        with showing() as step:
            found = answered(source, answers, judge(args, on), step, weights is not None)
            edition = edition_of(source, found, on, weights)
            made = files(edition, version(), step, earlier, (args.why, args.why_cy))
        folder_of(args.to, made)
        left = list(_left_out(source, found))
    pages = _pages(list(made))
    print(
        f"{pages} pages in English and Welsh, and {len(found)} sets of open data. Begin at {args.to / _FIRST}."
    )
    print(*left, sep="\n", end="\n" if left else "")
    return 0


def _left_out(source: Source, found: Mapping[str, Answered]) -> Iterator[str]:
    """What the site has no figures of, and why."""
    for name in QUESTIONS:
        if name not in found:
            lacking = ", ".join(figures.lacking(source, name))
            why = (
                f"The cases have no column {lacking}" if lacking else "The edition before had none"
            )
            yield f"Left out: {questions()[name].title}. {why}; its page says so."


def _earlier(args: argparse.Namespace) -> Earlier:
    """The site that this edition follows, if any."""
    if args.since is None:
        if args.why or args.why_cy:
            raise DisclosureError("--why", "goes with --since", "Name the site that is out.")
        return Earlier()
    if args.cases is None and args.store is None:
        raise DisclosureError(
            "--since", "goes with --cases or --store", "An invented force has one edition."
        )
    return read_site(args.since)


def _pages(names: Sequence[str]) -> int:
    return sum(name.endswith(".html") and not name.startswith("data/") for name in names)
