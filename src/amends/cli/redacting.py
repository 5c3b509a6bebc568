"""`amends redact`: the review sheet of a text, and the text issued when two people have signed it."""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from amends.cli.writing import CannotWrite
from amends.disclosure.errors import DisclosureError
from amends.disclosure.redaction import NotIssued, Proposal, Review, issue, propose, read_case
from amends.disclosure.redaction.sheets import read_review, readable, sheet
from amends.disclosure.shapes import read

ERRORS = (DisclosureError,)
_STEPS = """First without --review: OUT gets review.json, to decide on, and review.txt, to read. Then with
--review and --sign, once for each of two people: OUT gets the same, signed. Then with --review alone: OUT gets
text-1.txt and so on, with everything hidden that is to be, or it is said what is missing, with exit status 1. OUT is a
new folder each time."""


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    parser.epilog = _STEPS
    parser.add_argument(
        "texts", type=Path, nargs="+", metavar="TEXT", help="texts of one pack, in UTF-8"
    )
    parser.add_argument(
        "--case",
        type=Path,
        required=True,
        help="a JSON file of the parties of the case and its linked cases",
    )
    parser.add_argument("--out", type=Path, required=True, help="a new folder to write to")
    parser.add_argument("--review", type=Path, metavar="FILE", help="the review sheet, decided on")
    step = parser.add_mutually_exclusive_group()
    step.add_argument("--sign", metavar="NAME", help="with --review: sign it as NAME")
    step.add_argument(
        "--again",
        action="store_true",
        help="with --review: write the sheet anew, with what came up",
    )


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*: exit status 1 where the texts cannot be issued yet."""
    if args.out.exists():
        raise CannotWrite(f"{args.out}: It is there already. Name a new folder.")
    if (args.sign is not None or args.again) and not args.review:
        raise DisclosureError("--sign" if args.again is False else "--again", "it needs --review")
    proposal = _proposal(args)
    if not args.review:
        return _write_sheet(args.out, Review(proposal))
    review = read_review(read(args.review), proposal)
    if args.again:
        return _write_sheet(args.out, review)
    if args.sign is not None:
        return _write_sheet(args.out, review.sign(args.sign))
    try:
        issued = issue(review)
    except NotIssued as error:
        print("amends: The texts cannot be issued yet:", file=sys.stderr)
        print(*(f"  - {one}" for one in error.missing), sep="\n", file=sys.stderr)
        return 1
    names = [f"text-{number}.txt" for number in range(1, len(issued.texts) + 1)]
    _write(args.out, dict(zip(names, issued.texts, strict=True)))
    print(f"Issued: {', '.join(names)} in {args.out}.")
    return 0


def _proposal(args: argparse.Namespace) -> Proposal:
    case = read_case(args.case)
    return propose([_text(path) for path in args.texts], case.parties, case.day)


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DisclosureError(str(path), error.strerror or "cannot be read") from None
    except UnicodeDecodeError as error:
        raise DisclosureError(
            str(path), f"is not UTF-8 (byte {error.start + 1}).", "Save it as plain text in UTF-8."
        ) from None
    if not text.strip():
        raise DisclosureError(str(path), "is empty")
    return text


def _write_sheet(out: Path, review: Review) -> int:
    _write(out, {"review.json": sheet(review), "review.txt": readable(review)})
    signed = len({each.by for each in review.signatures if each.digest == review.digest})
    print(
        f"{len(review.hidden)} hidden, {len(review.waiting)} to decide on, {signed} of 2 signed: "
        f"see review.txt in {out}, and write in review.json."
    )
    return 0


def _write(out: Path, files: Mapping[str, str]) -> None:
    """Write *files* to the new folder *out*, all or none; nobody else may read the folder."""
    try:
        with tempfile.TemporaryDirectory(dir=out.absolute().parent, prefix=".amends-") as held:
            made = Path(held, "made")
            made.mkdir(mode=0o700)
            for name, text in files.items():
                (made / name).write_text(text, "utf-8", newline="\n")
            made.rename(out)
    except OSError as error:
        raise CannotWrite(f"{out}: It cannot be written: {error.strerror}.") from None
