"""The commands of Amends: `amends COMMAND`, each in a module that is loaded only when it is used.

A command's module has `arguments(parser, command)` and `run(args, command) -> exit status`; it may
name further errors of its own in `ERRORS`. Exit status: 0, 1 (a check that failed), 2 (bad input).
"""

import argparse
import contextlib
import difflib
import errno
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from amends.cli.release import version
from amends.cli.writing import CannotWrite
from amends.feel import FeelError
from amends.policy.code_tables import BadTable
from amends.policy.documents import DocumentError
from amends.policy.facts import FactError
from amends.policy.rules import PolicyError

BAD_INPUT: Final = 2
STOPPED: Final = 130
PIPE_CLOSED: Final = 141
_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)
"""What a device that is full or broken says."""
ERRORS: Final = (FeelError, FactError, PolicyError, DocumentError, BadTable, CannotWrite)
"""What is said in one line on standard error, with exit status 2, and never as a traceback."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the module that does it, the extra it needs, and what it does, in a line."""

    module: str
    help: str
    extra: str = ""


COMMANDS: Final = {
    "decide": Command("deciding", "who may allow a community resolution in one case, and why"),
    "explain": Command("deciding", "a decision that was kept, in plain words"),
    "feel": Command("feel", "the value of a condition, or a file of conformance cases"),
    "policies": Command("policies", "the policies on the shelf, with dates and sources"),
    "facts": Command("policies", "the facts a policy may ask about"),
    "check": Command("policies", "what is wrong with a policy"),
    "redact": Command(
        "redacting", "hide who is meant in a text, reviewed and signed by two people"
    ),
    "audit": Command("auditing", "judge a history, each case by the policy of its day", "audit"),
    "compare": Command("auditing", "who may allow what, under one policy and another", "audit"),
    "answer": Command(
        "answering", "a saved question, as a letter that identifies nobody", "protect"
    ),
    "attach": Command(
        "attaching", "an answer, proved once more, put to a request in the register", "service"
    ),
    "publish": Command("site", "the public site: pages, charts and open data", "site"),
    "import": Command("importing", "take files of other systems into a store", "audit"),
    "measure": Command("measuring", "what cases show, counted with unit and base", "audit"),
    "link": Command("linking", "which records are of one person: a mapping beside them", "linking"),
    "match": Command("matching", "people beside people like them, as written down first", "stats"),
    "protect": Command(
        "protecting", "tables of counts made safe to publish, with proof", "protect"
    ),
    "certificate": Command("certifying", "whether a certificate proves releases safe, by addition"),
    "release": Command(
        "publishing",
        "a folder to publish, made from proved tables, byte for byte the same each time",
    ),
    "scan": Command("scanning", "what a workbook hides from whoever reads its sheets"),
    "invent": Command("demo", "an invented history to practise on", "audit"),
    "demo": Command("demo", "invent a history, audit it, compare two policies", "audit"),
    "releases": Command(
        "releases", "figures that left: what a new answer would give away", "protect"
    ),
    "migrate": Command(
        "running", "make the tables of the record as this release needs them", "service"
    ),
    "populate": Command(
        "running", "fill the record with an invented force and its cases", "service"
    ),
    "serve": Command("running", "start the service", "service"),
    "accounts": Command("accounts", "make the first administrator of a force", "service"),
    "notices": Command("notices", "send what people are to be told", "service"),
    "ledger": Command("ledger", "keep and check the ledger: who did what", "service"),
    "verify": Command("ledger", "whether the receipt of a case holds, offline", "verify"),
}


class NotInstalled(Exception):
    """A command whose extra was not installed."""


class NoCommand(Exception):
    """Words that begin with no command."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, and give its exit status; bad input is told on standard error."""
    words = sys.argv[1:] if argv is None else list(argv)
    errors: tuple[type[Exception], ...] = (*ERRORS, NotInstalled, NoCommand)
    try:
        _check_command(words)
        name = words[0] if words and words[0] in COMMANDS else None
        module = _load(name) if name else None
        errors += tuple(getattr(module, "ERRORS", ()))
        args = _parser(name, module).parse_args(words)
        _check_output()
        status: int = _module(args.command).run(args, args.command)
        sys.stdout.flush()
        return status
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else BAD_INPUT
    except BrokenPipeError:
        return _pipe_closed()
    except KeyboardInterrupt:
        print("amends: stopped.", file=sys.stderr)
        return STOPPED
    except errors as error:
        print(f"amends: {error}", file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        if error.errno not in _DISK:
            raise
        print(f"amends: The output cannot be written: {error.strerror}.", file=sys.stderr)
        return _output_lost()


def _check_command(words: Sequence[str]) -> None:
    """Raise NoCommand where *words* begin with none, and ask for no help either."""
    if words and (words[0] in COMMANDS or words[0].startswith("-")):
        return
    right = "usage: amends COMMAND ... (`amends --help` says what each command does)"
    if not words:
        raise NoCommand(f"No command is given. {right}")
    near = difflib.get_close_matches(words[0], COMMANDS, n=1)
    told = f"Did you mean {near[0]}? " if near else ""
    raise NoCommand(f"There is no command {words[0]!r}. {told}{right}")


def _check_output() -> None:
    """Raise CannotWrite where there is nowhere to print: the standard output was closed."""
    if sys.stdout is None:  # what `>&-` leaves
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - until the program ends
        raise CannotWrite("standard output: It is closed, so nothing can be printed to it.")


def _output_lost() -> int:
    _pipe_closed()
    return BAD_INPUT


def _parser(name: str | None, module: ModuleType | None) -> argparse.ArgumentParser:
    """A parser that knows every command by name, and the arguments of the one in use."""
    parser = argparse.ArgumentParser(
        prog="amends",
        description="May this offence be dealt with by community resolution, and who may allow it?",
    )
    parser.add_argument("--version", action="version", version=f"amends {version()}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar=f"{{{','.join(COMMANDS)}}}"
    )
    for known, command in COMMANDS.items():
        one = commands.add_parser(
            known,
            help=command.help,
            description=f"{command.help[0].upper()}{command.help[1:]}.",
            allow_abbrev=False,
        )
        if known == name and module is not None:
            module.arguments(one, known)
    return parser


def _load(name: str) -> ModuleType:
    try:
        return _module(name)
    except ModuleNotFoundError as error:
        missing, extra = error.name or "", COMMANDS[name].extra
        if not extra or missing.partition(".")[0] == "amends":
            raise
        raise NotInstalled(
            f"{name}: the package {missing!r} is not installed. "
            f"Install it with: pip install 'amends[{extra}]' (in a clone: pip install '.[{extra}]')"
        ) from None


def _module(name: str) -> ModuleType:
    return import_module(f"amends.cli.{COMMANDS[name].module}")


def _pipe_closed() -> int:
    """Whoever read our output has read enough: say nothing more, and do not fail at the end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED
