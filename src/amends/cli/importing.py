"""`amends import`: files of other systems taken into a store, once, with every row accounted for."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from amends.cli.auditing import columns, showing
from amends.cli.deciding import day
from amends.cli.writing import CannotWrite
from amends.disclosure.tables import WARNING, wrapped
from amends.intake.errors import IntakeError
from amends.intake.extracts import LAYOUT as EXTRACT
from amends.intake.extracts import Mapped, mapping
from amends.intake.importing import Summary, take_in
from amends.intake.layouts import NAMES, layout
from amends.intake.months import missing, told
from amends.intake.own_cases import NAME as CASES
from amends.intake.own_cases import take_cases
from amends.intake.recoding import ENCODINGS, known
from amends.intake.store import FAULTS

ERRORS: Final = (IntakeError, CannotWrite)
_LAYOUTS: Final = (*NAMES, CASES, EXTRACT)
_MONTHS: Final = 24
_REASONS: Final = 12


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of `import`."""
    add = parser.add_argument
    add(
        "layout",
        choices=_LAYOUTS,
        metavar="LAYOUT",
        help=f"what the files are: {', '.join(_LAYOUTS)}",
    )
    add(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="CSV, or that as .gz; of cases, Parquet",
    )
    add("--to", type=Path, required=True, metavar="STORE", help="a folder, new or begun before")
    add(
        "--as-at",
        type=day,
        metavar="DATE",
        help="the day as at which the files are (default: today)",
    )
    add("--mapping", metavar="MAP.toml", help="of records-extract: which column fills which fact")
    add(
        "--encoding",
        metavar="NAME",
        help=f"what the files are in, where not UTF-8: {', '.join(ENCODINGS[1:])}",
    )
    parser.epilog = "Exit status 1 where a row is refused: faults.csv in the store names each."


def run(args: argparse.Namespace, command: str) -> int:
    """Import, and say what came of it."""
    as_at = args.as_at or datetime.now().astimezone().date()
    with showing() as step:
        if args.layout in (CASES, EXTRACT):
            found = take_cases(args.files, args.to, as_at, step, _mapped(args))
        else:
            encoding = known(args.encoding) if args.encoding else ""
            found = take_in(layout(args.layout), args.files, args.to, as_at, step, encoding)
    print(*wrapped(WARNING, columns()), "", *_told(args.to, found), sep="\n")
    return 1 if any(one.refused for one in found.new) else 0


def _mapped(args: argparse.Namespace) -> Mapped | None:
    """The mapping of an extract; none of anything else."""
    if args.layout == EXTRACT and args.mapping is None:
        raise IntakeError("--mapping", "is missing", "Name a mapping file, or niche-like.")
    if args.layout != EXTRACT and args.mapping is not None:
        raise IntakeError("--mapping", f"goes not with {args.layout}", f"It is for {EXTRACT}.")
    if args.layout == CASES and args.encoding:
        raise IntakeError("--encoding", f"goes not with {CASES}", "They are Parquet.")
    if not args.mapping:
        return None
    mapped, said = mapping(args.mapping), known(args.encoding) if args.encoding else ""
    if said and mapped.encoding not in ("", said):
        raise IntakeError("--encoding", f"is {said}, and the mapping says {mapped.encoding}")
    return replace(mapped, encoding=said or mapped.encoding)


def _told(store: Path, found: Summary) -> Iterator[str]:
    new = found.new
    read, kept = sum(one.read for one in new), sum(one.kept for one in new)
    files = "file" if len(new) == 1 else "files"
    yield (
        f"{len(new):,} {files} of {found.held.layout}: {read:,} rows read, {kept:,} kept "
        f"({sum(one.repaired for one in new):,} of them repaired), "
        f"{sum(one.refused for one in new):,} refused, {sum(one.duplicates for one in new):,} duplicates."
    )
    for one in (*found.anew, *found.known):
        yield from wrapped(one, columns())
    if found.replaced:
        yield f"{found.replaced:,} rows are replaced by a later edition of their month."
    if found.crimes is not None:
        yield f"The store holds {found.crimes:,} distinct crimes."
    yield from _months(found)
    for what, reasons in found.reasons.items():
        for reason, many in reasons.most_common(_REASONS):
            yield from wrapped(f"  {what} {many:,}: {reason}", columns(), "      ")
        if len(reasons) > _REASONS:
            yield f"  {what}: {len(reasons) - _REASONS:,} more reasons"
    if found.reasons:
        yield f"Each is in {store / FAULTS}."
    yield f"As at {found.held.as_at}. Written to {store}."


def _months(found: Summary) -> Iterator[str]:
    held = found.held.months
    if held:
        yield from _gaps(held, found.forces)
    if found.resolutions:
        rows = sum(one for one, _ in found.resolutions.values())
        yield f"Community resolutions: {rows:,} rows."
        for month, (many, crimes) in list(found.resolutions.items())[:_MONTHS]:
            yield f"  {month}  {many:,} rows, {crimes:,} crimes"
        if len(found.resolutions) > _MONTHS:
            yield f"  and {len(found.resolutions) - _MONTHS} more months"


def _gaps(held: Sequence[str], forces: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """From which month to which, and what is missing between them, of each force by itself."""
    every = {*held, *missing(held)}
    gone = {force: told(every - set(own)) for force, own in forces.items() if every - set(own)}
    between = f"Months {held[0]} to {held[-1]}, "
    if len(forces) < 2:
        gaps = told(missing(held))
        yield between + (f"missing between them: {gaps}." if gaps else "none missing between them.")
        return
    whole = len(forces) - len(gone)
    yield f"{between}of {len(forces):,} forces: {f'{whole:,}' if whole else 'none'} without a month missing."
    for force, gaps in list(gone.items())[:_MONTHS]:
        yield from wrapped(f"  {force}, missing: {gaps}", columns(), "      ")
    if len(gone) > _MONTHS:
        yield f"  and {len(gone) - _MONTHS:,} more forces with months missing"
