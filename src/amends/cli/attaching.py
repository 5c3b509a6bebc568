"""`amends attach`: an answer that `amends answer` made, looked at, proved once more, and put to a request."""

import argparse
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from amends.cli.release import version
from amends.disclosure.errors import DisclosureError

ERRORS = (DisclosureError, ImproperlyConfigured)


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of `attach`."""
    add = parser.add_argument
    add(
        "folder", type=Path, metavar="ANSWER",
        help="the folder that `amends answer --out` made, or that of a release",
    )  # fmt: skip
    add("--to", required=True, metavar="REFERENCE", help="the request: FOI-2026-0001")
    add(
        "--answers", type=Path, required=True, metavar="DIR",
        help="the folder that remembers every answer, with the proofs",
    )  # fmt: skip
    add(
        "--force",
        default="",
        help="of which force the request is, where several have one so called",
    )


def run(args: argparse.Namespace, command: str) -> int:
    """Attach it, and say what is next."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amends.config.settings")
    import django

    django.setup()
    from django.db import DatabaseError

    from amends.openness.register.attaching import attach

    try:
        name = attach(args.folder, args.to, args.answers, version(), args.force)
    except DatabaseError:
        raise DisclosureError(
            "the record", "has no table of requests that can be read", "Run: amends migrate"
        ) from None
    print(
        "It is what was made, file by file; and from its proofs every byte of the release is made once more."
    )
    print(f"Taken in as {name}. On the page of {args.to}: Draft from {name}.")
    return 0
