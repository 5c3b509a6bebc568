"""`amends accounts first` makes the first administrator of a force, and prints a link to choose a password."""

import argparse
import os
import sys
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from amends.accounts.refusals import Refused


class AccountsError(Exception):
    """What was asked of the accounts cannot be done: what is wrong, and what would be right."""


ERRORS: Final = (ImproperlyConfigured, AccountsError, Refused)


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    parts = parser.add_subparsers(dest="part", required=True, metavar="{first}")
    does = "make a force, where it is missing, and its first administrator"
    add = parts.add_parser("first", help=does, description=f"{does.capitalize()}.").add_argument
    add(
        "--force",
        required=True,
        metavar="SLUG",
        help="the force, as policies call it: avon-and-somerset",
    )
    add("--name", default="", help="the name of the force, where it is not there yet")
    add("--username", required=True, help="with it the administrator signs in")
    add("--full-name", default="", metavar="NAME", help="the name of the administrator")
    add("--other-force", action="store_true", help="make a force that no policy covers yet")
    add("--again", action="store_true", help="print another link: theirs was not used in time")


def run(args: argparse.Namespace, command: str) -> int:
    """Make them, and print the link; exit status 0."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amends.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.urls import reverse

    _check_tables()
    uid, token = _made(args)
    _say_name(args)
    print(
        f"{args.username} is the administrator of {args.force}. By this link they choose a password, once,"
    )
    print("within 24 hours. Hand it to them, and to nobody else:")
    print(f"{_origin()}{reverse('choose_password', args=[uid, token])}")
    if settings.AMENDS_PRODUCTION:
        print(
            f"Then they set up a second factor, which opening accounts asks for: {_origin()}/two-factor/"
        )
    elif not os.environ.get("AMENDS_SECRET_KEY"):
        print(
            "amends: AMENDS_SECRET_KEY is not set: the link opens only in a service that has the same one.",
            file=sys.stderr,
        )
    return 0


def _made(args: argparse.Namespace) -> tuple[str, str]:
    from amends.accounts.first import another_link, first_administrator

    if args.again:
        return another_link(force=args.force, username=args.username)
    return first_administrator(
        force=args.force,
        name=args.name,
        username=args.username,
        full_name=args.full_name,
        other=args.other_force,
    )


def _say_name(args: argparse.Namespace) -> None:
    """Say so, where the force was there already by another name than was given."""
    from amends.accounts.models import Force

    name = Force.objects.get(slug=args.force).name
    if args.name and args.name != name:
        print(
            f"amends: The force {args.force!r} is called {name!r}: it was there, and keeps its name.",
            file=sys.stderr,
        )


def _check_tables() -> None:
    from django.db import connection

    if "accounts_force" not in connection.introspection.table_names():
        raise AccountsError("accounts: There are no tables yet. Make them: amends migrate")


def _origin() -> str:
    """Where the service is, by the first name it answers to."""
    from django.conf import settings

    host = str(settings.ALLOWED_HOSTS[0]).lstrip(".")
    return f"https://{host}" if settings.AMENDS_PRODUCTION else f"http://{host}:8000"
