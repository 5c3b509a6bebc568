"""`amends migrate`, `amends populate` and `amends serve`: the record's tables, invented cases, the service."""

import argparse
import os
import shlex
import shutil
import socket
import sys
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured


class CannotServe(Exception):
    """What was asked of the service cannot be done: what is wrong, and what would be right."""


ERRORS: Final = (ImproperlyConfigured, CannotServe)
PORT: Final = 8000
KEY: Final = "invented-ledger.key"
"""The key of a demo's ledger, in its folder."""
HISTORY: Final = "invented-history.parquet"
"""The closed cases of a demo, from which its public site is made."""
SEQUENCED: Final = 20
"""Seconds after which a demo's ledger is sequenced again, so that receipts and looks can be seen."""


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    add = parser.add_argument
    if command == "populate":
        add("--seed", type=int, default=1, metavar="S", help="the same seed gives the same cases")
        add("--live", type=int, default=60, metavar="N", help="cases under way (default: 60)")
        add("--rows", type=int, default=13_219, metavar="N", help="closed cases (default: 13219)")
        add("--if-empty", action="store_true", help="go on with an invented force that is there")
    if command == "serve":
        add("--host", default="127.0.0.1", help="the address to listen on (default: this machine)")
        add("--port", type=int, default=PORT, metavar="N", help=f"the port (default: {PORT})")
        add("--workers", type=int, default=2, metavar="N", help="processes (default: 2)")
        add(
            "--demo",
            action="store_true",
            help="fill it first with an invented force, if it is empty",
        )
        add("--seed", type=int, default=1, metavar="S", help=argparse.SUPPRESS)
        add("--live", type=int, default=60, metavar="N", help="with --demo: cases under way (60)")
        add(
            "--rows",
            type=int,
            default=13_219,
            metavar="N",
            help="with --demo: closed cases (13219)",
        )


def run(args: argparse.Namespace, command: str) -> int:
    """Do *command*."""
    _begin()
    return {"migrate": _migrate, "populate": _populate, "serve": _serve}[command](args)


def _begin() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amends.config.settings")
    import django

    django.setup()


def _migrate(args: argparse.Namespace) -> int:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=1 if sys.stdout.isatty() else 0)
    call_command("createcachetable", verbosity=0)
    print("The tables of the record are as this release needs them.")
    return 0


def _pending() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    found = MigrationExecutor(connection)
    return bool(found.migration_plan(found.loader.graph.leaf_nodes()))


def _populate(args: argparse.Namespace) -> int:
    from django.conf import settings

    if settings.AMENDS_PRODUCTION:
        raise CannotServe("populate: Invented people have no place in production. Use a demo.")
    if _pending():
        _migrate(args)
    if args.if_empty:
        _fill_if_empty(args)
        return 0
    if _is_there():
        raise CannotServe(
            f"populate: There is an invented force already, in {settings.AMENDS_FOLDER}. Go on with it "
            "(amends serve), or begin anew in another folder: AMENDS_FOLDER=another-folder"
        )
    _fill(args, settings.AMENDS_FOLDER)
    return 0


def _fill(args: argparse.Namespace, folder: Path) -> None:
    from tempfile import TemporaryDirectory

    from amends.cli.auditing import showing
    from amends.demo import asking, crew, inventing, living, taking_in
    from amends.ledger.notes import Signer
    from amends.ledger.sequencing import sequence

    with showing() as step, TemporaryDirectory(prefix="amends-") as place:
        people = crew.invent_people(args.seed)
        made = living.live(
            people, args.seed, args.live, _told(step, "inventing cases under way"),
            at=f"http://{args.host}:{args.port}" if "port" in args else living.AT,
        )  # fmt: skip
        requests = asking.ask(people) if args.live else []
        closed = 0
        if args.rows:
            file = Path(place) / "invented.parquet"
            inventing.invent(
                file, rows=args.rows, seed=args.seed, progress=_told(step, "inventing a history")
            )
            closed = taking_in.take_in(people, file, _told(step, "taking the history in"))
            shutil.copyfile(file, folder / HISTORY)
        step("sequencing the ledger", 0, 1)
        key = folder / KEY
        if not key.exists():
            key.write_text(f"{Signer.new('invented.example/ledger').text}\n", "utf-8")
            key.chmod(0o600)
        head = sequence(folder / "ledger", Signer.read(key.read_text("utf-8")))
    print(
        f"INVENTED: {len(people.by_name)} people, {len(made)} cases under way, {closed:,} closed; "
        f"{len(requests)} requests for information; {head.size:,} entries in the ledger. Nobody in it exists."
    )
    print(f"Verify it: {_as_typed(folder)} ledger verify --key {shlex.quote(str(key))}")


def _as_typed(folder: Path) -> str:
    """How `amends` is typed from any folder, and with which record."""
    program = Path(sys.argv[0])
    typed = str(program.absolute()) if program.name == "amends" else f"{sys.executable} -m amends"
    return f"AMENDS_FOLDER={shlex.quote(str(folder))} {typed}"


def _told(step: Any, what: str) -> Any:
    return lambda done, of: step(what, done, of)


def _fill_if_empty(args: argparse.Namespace) -> None:
    """Fill the record with the invented force, unless it is there; never in production."""
    from django.conf import settings

    if settings.AMENDS_PRODUCTION:
        raise CannotServe("serve --demo: Invented people have no place in production.")
    if _is_there():
        print(
            f"The invented force is there already, in {settings.AMENDS_FOLDER}: going on with it. "
            "To begin anew, name another folder: AMENDS_FOLDER=another-folder"
        )
    else:
        _fill(args, settings.AMENDS_FOLDER)


def _is_there() -> bool:
    from amends.accounts.models import Force
    from amends.demo import crew

    return Force.objects.filter(slug=crew.SLUG).exists()


def _print_ways_in(at: str) -> None:
    """Where to begin, and a way in by one click as each of the invented people."""
    from django.urls import reverse

    from amends.accounts.signin import demo_people

    print(f"What to try, and as whom: {at}{reverse('guide')}", flush=True)
    print(f"What the public would see: {at}{reverse('published', args=['index.html'])}", flush=True)
    if people := demo_people():
        print("Or sign in by one click (in a demo only):")
    for user in people:
        name = user.username.removeprefix("invented.").replace("_", " ")
        print(f"  {name:<22} {at}{reverse('guide_sign_in')}?as={user.username}", flush=True)


def _work_beside(folder: Path) -> None:
    """Start workers that carry the letters and keep the ledger, for as long as this process lives."""
    import subprocess

    words = [sys.executable, "-m", "amends"]
    beside = ["--beside", str(os.getpid())]
    subprocess.Popen([*words, "notices", "send", *beside], stdout=subprocess.DEVNULL)
    key = folder / KEY
    if key.exists():
        kept = ["ledger", "sequence", "--key", str(key), "--every", str(SEQUENCED), *beside]
        subprocess.Popen([*words, *kept], stdout=subprocess.DEVNULL)


def _publish_beside(folder: Path) -> None:
    """Make the public site of the invented force in the background, unless it is there; it yields to all else."""
    import subprocess

    from amends.cli.answering import INVENTED_FORCE
    from amends.openness.site.places import FOLDER, LOG

    if (folder / FOLDER).exists() or not (folder / HISTORY).is_file():
        return
    words = [
        "publish",
        "--cases",
        folder / HISTORY,
        "--answers",
        folder / "answers",
        "--to",
        folder / FOLDER,
    ]
    said = ["--publisher", INVENTED_FORCE, "--contact", "foi@barsetshire.example"]
    with (folder / LOG).open("wb") as log:
        subprocess.Popen(
            ["nice", "-n", "15", sys.executable, "-m", "amends", *map(str, words), *said],
            stdout=log, stderr=log,
        )  # fmt: skip


def _check_port(host: str, port: int) -> None:
    """Refuse a port that something else has, before anything is printed or filled."""
    if not 0 < port < 65_536:
        raise CannotServe(f"serve: --port {port}: a port is a number from 1 to 65535.")
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
    except OSError as error:
        raise CannotServe(
            f"serve: {host}, port {port}: {error.strerror}. Stop what is there, or name another: --port "
            f"{port + 1} (with make: make demo ARGS='--port {port + 1}')."
        ) from None


def _serve(args: argparse.Namespace) -> int:
    from django.conf import settings
    from django.core.management import call_command

    _check_port(args.host, args.port)
    if _pending():
        if settings.AMENDS_PRODUCTION:
            raise CannotServe("serve: The tables are of another release. Run: amends migrate")
        _migrate(args)
    if args.demo:
        _fill_if_empty(args)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    # A demo draws its secret at random: every worker must have the same one.
    os.environ.setdefault("AMENDS_SECRET_KEY", settings.SECRET_KEY)
    print(f"Amends is at http://{args.host}:{args.port}/ (Ctrl-C stops it).", flush=True)
    if not settings.AMENDS_PRODUCTION:
        _print_ways_in(f"http://{args.host}:{args.port}")
        _work_beside(settings.AMENDS_FOLDER)
    if args.demo:
        _publish_beside(settings.AMENDS_FOLDER)
    words = [
        sys.executable, "-m", "gunicorn", "amends.config.wsgi:application",
        "--bind", f"{args.host}:{args.port}", "--workers", str(args.workers), "--threads", "4",
        "--no-control-socket",
    ]  # fmt: skip
    os.execv(sys.executable, words)
