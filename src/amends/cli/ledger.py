"""`amends ledger …` keeps and checks the ledger; `amends verify RECEIPT` checks a receipt offline."""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Final

from amends.cli.writing import write_whole
from amends.ledger.leaves import LeafError
from amends.ledger.log import ProofError
from amends.ledger.notes import Checkpoint, NoteError, Signer, Verifier, open_checkpoint
from amends.ledger.receipts import ReceiptError
from amends.ledger.tiles import Published, PublishedError
from amends.ledger.verifying import NotShown, verify


class LedgerError(Exception):
    """What a command of the ledger was asked cannot be done: what is wrong, what would be right."""


ERRORS: Final = (
    LeafError, LedgerError, NoteError, ProofError, PublishedError, ReceiptError, OSError,
)  # fmt: skip
DOES: Final = {
    "key": "make the key that signs the log, under the log's name",
    "sequence": "give the waiting entries their places, sign, and publish the checkpoint",
    "checkpoint": "print the published checkpoint",
    "verify": "set the whole database against a published checkpoint",
    "receipt": "write the receipt of a case",
    "epoch": "open a new epoch, after an older backup was restored",
}


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    if command == "verify":
        parser.add_argument("receipt", type=Path, help="what `amends ledger receipt` wrote")
        _key(parser, "the log's public key: a file, or the line itself")
        return
    parser.add_argument(
        "--folder", type=Path, metavar="FOLDER",
        help="the published log; else `ledger` in the folder AMENDS_FOLDER",
    )  # fmt: skip
    parts = parser.add_subparsers(dest="part", required=True, metavar=f"{{{','.join(DOES)}}}")
    for part, does in DOES.items():
        one = parts.add_parser(part, help=does, description=f"{does.capitalize()}.")
        _part_arguments(one, part)


def _part_arguments(parser: argparse.ArgumentParser, part: str) -> None:
    if part == "key":
        parser.add_argument("name", help="the log's name, for example force.example/ledger")
        parser.add_argument("file", type=Path, help="where to write the secret key")
        return
    if part == "checkpoint":
        return
    if part == "verify":
        _key(parser, "the log's public key: a file, or the line itself")
        parser.add_argument(
            "--against", type=Path, metavar="FILE", help="a checkpoint that was kept elsewhere"
        )
        return
    _key(parser, "the file of the key that signs the log; keep it secret")
    if part == "sequence":
        parser.add_argument(
            "--every", type=float, metavar="SECONDS", help="go on, and do it again on a clock"
        )
        parser.add_argument("--beside", type=int, metavar="PID", help=argparse.SUPPRESS)
        return
    if part == "receipt":
        parser.add_argument(
            "--by", required=True, metavar="USERNAME",
            help="who asks: the name by which they sign in, or their pseudonym in the ledger",
        )  # fmt: skip
    if part == "epoch":
        parser.add_argument("--by", required=True, help="the pseudonym of whoever opens it")
        parser.add_argument("--reason", required=True, help="why, in a sentence")
    if part == "receipt":
        parser.add_argument("case", help="the case's reference")
        parser.add_argument("--force", required=True, help="the force whose case it is")
        parser.add_argument("--out", type=Path, metavar="FILE", help="write it to a file")


def _key(parser: argparse.ArgumentParser, help: str) -> None:  # noqa: A002 - argparse's own word
    parser.add_argument("--key", required=True, metavar="KEY", help=help)


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*: exit status 0, or 1 where something does not hold."""
    if command == "verify":
        return _verify_receipt(args)
    if args.part == "key":
        return _new_key(args)
    _begin()
    from amends.ledger.epochs import NothingLost
    from amends.ledger.sequencing import WillNotSign

    args.folder = args.folder or Path(os.environ.get("AMENDS_FOLDER", "amends-data")) / "ledger"
    try:
        return PARTS[args.part](args)
    except (WillNotSign, NothingLost) as error:
        print(f"amends: {error}", file=sys.stderr)
        return 1


def _begin() -> None:
    try:
        import django
    except ModuleNotFoundError:
        raise LedgerError(
            "The ledger's database needs Django. Install it with: pip install 'amends[service]'"
        ) from None
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amends.config.settings")
    django.setup()


# --- without a database ---------------------------------------------------------------------------


def _verify_receipt(args: argparse.Namespace) -> int:
    try:
        text = args.receipt.read_text("utf-8")
    except OSError as error:
        raise ReceiptError(
            f"{args.receipt}: {error.strerror}. Name the file of a receipt."
        ) from None
    except UnicodeDecodeError:
        raise ReceiptError(f"{args.receipt.name} is not text.") from None
    try:
        shown = verify(text, _verifier(args.key))
    except NotShown as error:
        print(f"The receipt does NOT hold. {error}")
        return 1
    print(shown.summary(), end="")
    return 0


def _new_key(args: argparse.Namespace) -> int:
    signer = Signer.new(args.name)
    try:
        handle = os.open(args.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise LedgerError(
            f"{args.file} is there already, and a key is never overwritten."
        ) from None
    with os.fdopen(handle, "w") as file:
        file.write(f"{signer.text}\n")
    print(signer.verifier.text)
    return 0


def _signer(said: str) -> Signer:
    """The secret key in the file *said*."""
    return Signer.read(_text(Path(said), "--key", "Make one: amends ledger key NAME FILE"))


def _text(path: Path, option: str, right: str) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise LedgerError(f"{option} {path}: {error.strerror}. {right}") from None
    except UnicodeDecodeError:
        raise LedgerError(f"{option} {path}: It is not text. {right}") from None


def _verifier(said: str) -> Verifier:
    """The public key in the file, or written as, *said*; a secret key's file will also do."""
    path = Path(said)
    text = path.read_text("utf-8") if path.is_file() else said
    if "+" not in text:
        raise LedgerError(
            f"--key: there is no file {said!r}, and it is no key, which reads name+id+base64."
        )
    return Signer.read(text).verifier if text.startswith("PRIVATE") else Verifier.read(text)


# --- with the database ----------------------------------------------------------------------------


def _sequence(args: argparse.Namespace) -> int:
    from django.db import OperationalError, connection

    key = _signer(args.key)
    while args.beside is None or os.getppid() == args.beside:
        try:
            _sequenced(args.folder, key)
        except OperationalError as error:
            if not args.every:
                raise
            print(f"amends: ledger: The database: {error}", file=sys.stderr, flush=True)
            connection.close()
        if not args.every:
            break
        time.sleep(args.every)
    return 0


def _sequenced(folder: Path, key: Signer) -> None:
    from amends.ledger.looking import gather
    from amends.ledger.sequencing import sequence

    checkpoint = sequence(folder, key)
    looks = gather(folder, key)
    print(f"{checkpoint.epoch}: {checkpoint.size} entries; {looks} looks gathered.", flush=True)


def _checkpoint(args: argparse.Namespace) -> int:
    print(_latest(args.folder).note(), end="")
    return 0


def _verify(args: argparse.Namespace) -> int:
    from amends.ledger.inspecting import inspect

    key = _verifier(args.key)
    log = _latest(args.folder)
    checkpoint: Checkpoint | None = log.checkpoint(key)
    if args.against:
        kept = _text(args.against, "--against", "Name a checkpoint that was kept.")
        checkpoint = open_checkpoint(kept, key)
        log = Published(args.folder / f"epoch-{checkpoint.origin.rpartition('/')[2]}")
    assert checkpoint is not None  # _latest has seen one
    found = inspect(log, checkpoint)
    for fault in found.faults:
        print(fault)
    print(
        f"{checkpoint.origin} at {checkpoint.size}: {found.checked} entries checked, "
        f"{len(found.faults)} faults; {found.erased} lawfully erased; {found.later} not yet covered."
    )
    return 0 if found.sound else 1


def _latest(folder: Path) -> Published:
    from amends.ledger.sequencing import latest_published, published

    latest = latest_published(folder)
    if not latest:
        raise LedgerError(
            f"Nothing was published in {folder.absolute()}. If the record is elsewhere, name its folder: "
            "AMENDS_FOLDER=FOLDER. If not, publish: amends ledger sequence --key KEY"
        )
    return published(folder, latest)


def _receipt(args: argparse.Namespace) -> int:
    from amends.ledger.receiving import case_receipt

    key = _signer(args.key)
    by = _pseudonym(args.force, args.by)
    made = case_receipt(args.folder, key, force=args.force, case=args.case, by=by)
    if args.out:
        write_whole(args.out, made.text)
        print(f"Written to {args.out}. Check it: amends verify {args.out} --key KEY")
    else:
        print(made.text, end="")
    return 0


def _pseudonym(force: str, said: str) -> str:
    """The pseudonym of whoever signs in, or goes, by *said*: of that *force*, or of none."""
    from django.db.models import Q

    from amends.accounts.models import User

    found = User.objects.filter(
        Q(force=force) | Q(force=None), Q(username=said) | Q(pseudonym=said), is_active=True
    ).first()
    if found is None:
        raise LedgerError(
            f"--by: nobody of the force {force!r} signs in by {said!r}, or has it as a pseudonym. It "
            "enters the ledger for ever: name whoever asks by the name they sign in with."
        )
    return str(found.pseudonym)


def _epoch(args: argparse.Namespace) -> int:
    from amends.ledger.epochs import open_epoch

    key = _signer(args.key)
    checkpoint = open_epoch(args.folder, key, by=args.by, reason=args.reason)
    lost = checkpoint.epoch
    print(f"{lost}: opened at {checkpoint.size}; entries {lost.kept} to {lost.lost - 1} are lost.")
    return 0


PARTS: Final = {
    "sequence": _sequence,
    "checkpoint": _checkpoint,
    "verify": _verify,
    "receipt": _receipt,
    "epoch": _epoch,
}
