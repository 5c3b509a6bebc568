"""`amends notices send`: a worker that sends what waits in the outbox; any number may run at once."""

import argparse
import datetime as dt
import os
import sys
import time
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

ERRORS: Final = (ImproperlyConfigured,)
EVERY: Final = 5.0
"""Seconds between two looks at an outbox in which nothing is due."""
SWEPT: Final = 3600.0
"""Seconds between two looks for files of cases that were erased."""
HELD_UP: Final = 60.0
"""Seconds to wait where the database cannot be reached."""


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    parts = parser.add_subparsers(dest="part", required=True, metavar="{send}")
    does = "send what is due, and go on"
    one = parts.add_parser("send", help=does, description=f"{does.capitalize()}.")
    one.add_argument("--once", action="store_true", help="stop when nothing more is due")
    one.add_argument(
        "--every", type=float, default=EVERY, metavar="SECONDS",
        help=f"look again after so long (default: {EVERY:g})",
    )  # fmt: skip
    one.add_argument("--beside", type=int, metavar="PID", help=argparse.SUPPRESS)


def run(args: argparse.Namespace, command: str) -> int:
    """Send: exit status 0, or 1 where after `--once` something is left for a person to do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amends.config.settings")
    import django

    django.setup()
    from django.db import OperationalError, connection

    from amends.notices.outbox import sweep
    from amends.notices.sending import folder, sender

    carrier, swept = sender(), -SWEPT
    if args.once:
        sweep(folder())
        return _once(carrier)
    if args.beside is None:
        print(
            f"Sending what is due, and looking again every {args.every:g} s (Ctrl-C stops it).",
            flush=True,
        )
    worked = False
    while args.beside is None or os.getppid() == args.beside:
        wait = args.every
        try:
            if time.monotonic() - swept > SWEPT:
                sweep(folder())
                swept = time.monotonic()
            if _round(carrier):
                worked = True
                continue
            if worked:
                _tell()
                worked = False
        except OperationalError as error:
            print(f"amends: notices: The database: {error}", file=sys.stderr, flush=True)
            connection.close()
            wait = HELD_UP
        time.sleep(wait)
    return 0


def _round(carrier: Any) -> bool:
    """One step of each kind; whether there was anything to send or to ask after."""
    from amends.notices import outbox, tasks

    now = dt.datetime.now(tz=dt.UTC)
    sent = outbox.deliver(carrier, now)
    asked = tasks.follow(carrier, now)
    if not sent:
        tasks.remind(now)
    return bool(sent or asked)


def _once(carrier: Any) -> int:
    while _round(carrier):
        pass
    return 1 if _tell() else 0


def _tell() -> int:
    """Print what is in the outbox; how much is left for a person to do."""
    from amends.notices import outbox, tasks

    counts, left = outbox.counts(), tasks.left()
    told = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in counts.items())
    print(
        f"The outbox: {told or 'nothing'}. Left for a person to do: {left or 'nothing'}.",
        flush=True,
    )
    return left
