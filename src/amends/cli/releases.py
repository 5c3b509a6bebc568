"""`amends releases …`: the ledger of figures that left, and what a new answer would give away."""

import argparse
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from amends.cli.writing import check_new, write_whole
from amends.disclosure.answered import already_answered
from amends.disclosure.certifying import certify, up_to
from amends.disclosure.considering import (
    Considered,
    Withheld,
    WouldDisclose,
    append,
    consider,
    keep,
)
from amends.disclosure.contradictions import SNAPSHOTS, Contradiction, contradictions
from amends.disclosure.errors import DisclosureError
from amends.disclosure.explaining import report
from amends.disclosure.folders import check_free, safe_files, write_folder
from amends.disclosure.open_data import read_open_data
from amends.disclosure.published import Release
from amends.disclosure.refining import words_of
from amends.disclosure.releases import Ledger, read_ledger, read_repeat, read_thing, record
from amends.disclosure.shapes import read
from amends.disclosure.targets import words

ERRORS: Final = (DisclosureError,)
STAFF: Final = (
    "For the force's own staff: this tells small counts, and why numbers are withheld. "
    "Not for publication."
)
"""Stands above everything that this command prints of a release that is not yet out."""
DOES: Final = {
    "list": "the snapshots and releases of a ledger",
    "consider": "which numbers of a new answer may leave, after all that left before",
    "append": "put a snapshot or a release into the ledger, for good",
    "certify": "prove a release that is in the ledger, and write the folder that is published from",
    "contradictions": "earlier answers that cannot all be true",
}
_SHOWN: Final = 40
_PATIENCE: Final = 2.0
"""Seconds before progress is told."""


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    parts = parser.add_subparsers(dest="part", required=True, metavar=f"{{{','.join(DOES)}}}")
    for part, does in DOES.items():
        one = parts.add_parser(part, help=does, description=f"{does.capitalize()}.")
        one.add_argument("folder", type=Path, metavar="DIR", help="the folder of the ledger")
        if part == "consider":
            _consider_arguments(one)
        elif part == "append":
            _append_arguments(one)
        elif part == "certify":
            one.add_argument("id", metavar="ID", help="the release, by its id")
            one.add_argument("--out", type=Path, required=True, metavar="SAFE", help="a new folder")


def _consider_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="RELEASE.json", help="the answer, as counted")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write what may leave to a file")
    parser.add_argument("--replace", action="store_true", help="write over a file that is there")
    parser.add_argument("--all", action="store_true", help="tell every number that is withheld")
    parser.add_argument(
        "--append", action="store_true", help="and put what may leave into the ledger, for good"
    )
    parser.epilog = "Exit status 1 where a number is withheld."


def _append_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.json", help="a snapshot or a release")
    parser.add_argument(
        "--left-already", action="store_true",
        help="it has left already: record it, whatever it gives away",
    )  # fmt: skip
    parser.add_argument(
        "--open-data", type=Path, metavar="CSV",
        help="figures that others published; FILE.json says what its columns are",
    )  # fmt: skip
    parser.add_argument(
        "--repeats", type=Path, metavar="FILE",
        help="of a snapshot: which earlier one it repeats, and for what",
    )  # fmt: skip


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*: exit status 0, or 1 where something is withheld or does not hold."""
    ledger = read_ledger(args.folder)
    does = {
        "list": _list,
        "consider": _consider,
        "append": _append,
        "certify": _certify,
        "contradictions": _contradict,
    }
    return does[args.part](args, ledger)


# --- list -----------------------------------------------------------------------------------------


def _list(args: argparse.Namespace, ledger: Ledger) -> int:
    for entry in ledger.entries:
        if entry.kind == "snapshot":
            snapshot = ledger.snapshots[entry.id]
            told = f"{sum(snapshot.counts.values()):,} {snapshot.unit}"
            if entry.repeats is not None:
                told += f"; repeats {entry.repeats.of} for {words_of(entry.repeats)}"
        else:
            told = _about(ledger.releases[entry.id])
        print(f"{entry.kind} {entry.number:04}  {entry.id}  {told}")
    if not ledger.entries:
        print(
            "The ledger is empty. Begin with a snapshot: amends releases append DIR SNAPSHOT.json"
        )
    return 0


def _about(release: Release) -> str:
    values = [value for table in release.tables for value in table.values]
    told = sum(value is not None for value in values)
    titles = "; ".join(table.title for table in release.tables)
    return (
        f"{release.made.isoformat()}, from {release.snapshot}, {release.profile}, threshold "
        f"{release.threshold}: {told:,} of {len(values):,} numbers published ({titles})"
    )


# --- consider -------------------------------------------------------------------------------------


def _consider(args: argparse.Namespace, ledger: Ledger) -> int:
    release = _a_release(args.file)
    if args.out is not None:
        check_new(args.out, args.replace)
    considered = consider(ledger, release, _Progress())
    if args.out is not None:
        write_whole(args.out, considered.release.text())
    if args.append:
        keep(ledger, considered)
    print(*textwrap.wrap(STAFF, 100), "", *_told(ledger, considered, args.all), sep="\n")
    if args.out is not None:
        print(f"\nWhat may leave is written to {args.out}.")
    if args.append:
        print("\nIt is in the ledger now.")
    return 1 if considered.withheld else 0


def _told(ledger: Ledger, considered: Considered, everything: bool) -> Iterator[str]:
    withheld = considered.withheld
    asked = considered.numbers + len(withheld)
    yield f"Release {considered.release.id}: {considered.numbers:,} of {asked:,} numbers may leave."
    yield from _earlier(ledger, considered.release)
    kinds = Counter(one.kind for one in withheld)
    for kind, said in _KINDS.items():
        if kinds[kind]:
            yield f"  withheld: {kinds[kind]:,} {said}"
    if asked and len(withheld) > asked / 10:
        yield (
            "  More than one number in ten is withheld: coarser dates or categories would tell more."
        )
    shown = withheld if everything else withheld[:_SHOWN]
    for one in shown:
        yield from textwrap.wrap(f"  {_line(one)}", 100, subsequent_indent="      ")
    if len(shown) < len(withheld):
        yield f"  and {len(withheld) - len(shown):,} more: --all tells them."
    yield from _lost(ledger, considered)


_KINDS: Final = {
    "small": "below the threshold",
    "difference": "that would give a small count by subtraction",
    "interval": "that would narrow a small count down too far",
    "unsure": "that could not be judged",
}


def _line(one: Withheld) -> str:
    what = " / ".join(one.labels) or "the only cell"
    return f"table {one.table}, {what}: {one.why}."


def _earlier(ledger: Ledger, release: Release) -> Iterator[str]:
    for number, table in enumerate(release.tables, 1):
        found = already_answered(table, release.snapshot, ledger)
        for one in [one for one in found if one.how != "overlaps"][:5]:
            yield (
                f"  table {number} was answered before ({one.how}): release {one.release}, "
                f"table {one.table} ({one.title})"
                f"{'' if one.same_snapshot else ', from another snapshot'}"
            )


def _lost(ledger: Ledger, considered: Considered) -> Iterator[str]:
    """What no withholding can mend, because earlier answers tell it."""
    lost = list(dict.fromkeys(one.target for one in considered.lost if one.insider is None))
    alone = {one.target for one in considered.lost if one.insider is not None}
    if lost:
        yield f"  Small counts that earlier answers narrow down too far already: {len(lost):,}."
        space = ledger.space(considered.release.snapshot)
        for one in lost[:_SHOWN]:
            yield from textwrap.wrap(
                f"  {words(space, one.cell)}: {one.count}", 100, subsequent_indent="      "
            )
    if alone:
        yield from textwrap.wrap(
            "  Withheld counts that somebody who knows that they are alone in another withheld cell "
            f"can narrow down, because earlier answers leave no more room: {len(alone):,}.",
            100, subsequent_indent="      ",
        )  # fmt: skip


def _a_release(path: Path) -> Release:
    thing = read_thing(path)
    if not isinstance(thing, Release):
        raise DisclosureError(str(path), "is a snapshot", "Name a release.")
    return thing


# --- append ---------------------------------------------------------------------------------------


def _append(args: argparse.Namespace, ledger: Ledger) -> int:
    if args.open_data is not None:
        entry = record(ledger, read_open_data(args.file, args.open_data))
    elif isinstance(thing := read_thing(args.file), Release):
        try:
            left = args.left_already
            entry = record(ledger, thing) if left else append(ledger, thing, _Progress())
        except WouldDisclose as error:
            print(f"amends: {error}", file=sys.stderr)
            return 1
    else:
        repeats = None if args.repeats is None else read_repeat(read(args.repeats))
        entry = record(ledger, thing, repeats)
    print(f"{entry.kind} {entry.id} is in the ledger, as {entry.file}.")
    return 0


# --- certify --------------------------------------------------------------------------------------


def _certify(args: argparse.Namespace, ledger: Ledger) -> int:
    check_free(args.out)
    certificate = certify(ledger, args.id, _Progress())
    releases = up_to(ledger, args.id)
    release, snapshot = releases[-1], ledger.snapshots[releases[-1].snapshot]
    smallest = 0 if release.profile == "research" else 1
    told = "\n".join(report(snapshot, releases, {}, smallest).lines(releases))
    write_folder(args.out, safe_files(snapshot, release, certificate, f"{told}\n"))
    print(
        f"Release {release.id} is proved, with {len(releases) - 1} before it. Written to {args.out}."
    )
    print("Publish from it: amends release build SAFE --history DIR --about ABOUT.toml --to OUT")
    return 0


# --- contradictions -------------------------------------------------------------------------------


def _contradict(args: argparse.Namespace, ledger: Ledger) -> int:
    print(*textwrap.wrap(STAFF, 100), "", sep="\n")
    found = contradictions(ledger)
    faults = [one for one in found if one.kind != SNAPSHOTS]
    for one in [*faults, *(one for one in found if one.kind == SNAPSHOTS)]:
        print("\n".join(_shown(one)))
    print(
        f"contradictions: {len(faults)}; differences between snapshots: {len(found) - len(faults)}"
    )
    return 1 if faults else 0


def _shown(one: Contradiction) -> Iterator[str]:
    yield f"{one.wrong[0].upper()}{one.wrong[1:]}."
    for said in one.said[:_SHOWN]:
        yield f"    {said}"
    if one.right:
        yield f"    {one.right}"


class _Progress:
    """Tells on standard error what is being done, once that has taken two seconds."""

    def __init__(self) -> None:
        self._begun = self._last = time.monotonic()

    def __call__(self, what: str, done: int, of: int) -> None:
        now = time.monotonic()
        if now - self._begun > _PATIENCE and now - self._last > _PATIENCE:
            self._last = now
            print(f"amends: {what}: {done:,} of {of:,}", file=sys.stderr, flush=True)
