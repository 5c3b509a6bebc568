"""`amends certificate check`: whether a certificate proves that releases are safe, with Python alone."""

import argparse
from pathlib import Path
from typing import Final

from amends.disclosure.certificates import read_certificate
from amends.disclosure.checking import check
from amends.disclosure.errors import DisclosureError
from amends.disclosure.folders import of_snapshot, read_releases
from amends.disclosure.published import read_release
from amends.disclosure.snapshots import read_snapshot

ERRORS = (DisclosureError,)
_SHOWN: Final = 20


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of `certificate`."""
    add = parser.add_argument
    add("what", choices=("check",), help="check: by addition alone, without what made it")
    add("snapshot", type=Path, metavar="SNAPSHOT", help="the snapshot, which is confidential")
    add("files", type=Path, nargs="+", metavar="RELEASE",
        help="releases made from it, or folders of them; last, the certificate")  # fmt: skip


def run(args: argparse.Namespace, command: str) -> int:
    """Check, and say what is wrong; 1 where the certificate does not prove what it claims."""
    *paths, last = args.files
    if not paths:
        raise DisclosureError(str(last), "is all there is", "Name a release and its certificate.")
    snapshot, claimed = read_snapshot(args.snapshot), read_certificate(last)
    found = [
        one
        for path in paths
        for one in (read_releases(path) if path.is_dir() else [read_release(path)])
    ]
    releases = of_snapshot(found, snapshot.id)
    if not releases:
        raise DisclosureError(str(paths[0]), f"has no release from the snapshot {snapshot.id}")
    verdict = check(snapshot, releases, claimed)
    if others := len(found) - len(releases):
        print(f"{others} releases are from other snapshots, and were not looked at.")
    for fault in verdict.faults[:_SHOWN]:
        print(fault)
    if len(verdict.faults) > _SHOWN:
        print(f"... and {len(verdict.faults) - _SHOWN:,} more.")
    cells = sum(len(table.values) for release in releases for table in release.tables)
    what = f"{verdict.protected:,} protected of {cells:,} cells, by {len(claimed.moves):,} moves"
    # Not the certificate's digest: these words may be shown to anybody, and it answers guesses.
    print(f"Certificate: {'proved' if verdict.holds else 'NOT proved'}, {what}.")
    return 0 if verdict.holds else 1
