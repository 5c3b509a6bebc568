"""What the surroundings say of how the service is to run, read once and refused where it is not safe."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

MODES: Final = ("demo", "production")
"""`demo`: one machine, invented people, no secrets. `production`: a force's own."""
SHORTEST_SECRET: Final = 50
"""Letters that Django asks of a secret key."""


class SettingsError(ImproperlyConfigured):
    """A setting that is missing or wrong: which, what is wrong with it, and what would be right."""

    def __init__(self, name: str, wrong: str, right: str) -> None:
        super().__init__(f"{name}: {wrong} {right}")


@dataclass(frozen=True, slots=True)
class Environment:
    """How the service runs here."""

    mode: str
    secret: str
    hosts: list[str]
    database: dict[str, Any]
    folder: Path
    directory: dict[str, str]
    notify: dict[str, str]

    @property
    def static_storage(self) -> str:
        """How the styles and scripts are named: by what is in them, but in tests, which collect none."""
        plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
        hashed = "whitenoise.storage.CompressedManifestStaticFilesStorage"
        return plain if "PYTEST_VERSION" in os.environ else hashed

    @property
    def production(self) -> bool:
        """Whether it holds real cases."""
        return self.mode == "production"


def read(env: Mapping[str, str] = os.environ) -> Environment:
    """The settings in *env*. Raises SettingsError where they are not safe or make no sense."""
    mode = env.get("AMENDS_MODE", "demo")
    if mode not in MODES:
        raise SettingsError("AMENDS_MODE", f"{mode!r} is no mode.", "It is demo or production.")
    folder = Path(env.get("AMENDS_FOLDER", "amends-data")).absolute()
    url = env.get("AMENDS_DATABASE_URL", "")
    database, directory = _database(url, folder), _directory(mode, env)
    found = Environment(
        mode, _secret(mode, env), _hosts(mode, env), database, folder, directory, _notify(mode, env)
    )
    if found.production and not url:
        wrong = "In production the database must be named."
        raise SettingsError("AMENDS_DATABASE_URL", wrong, "Write postgresql://user@host/name.")
    return found


def _secret(mode: str, env: Mapping[str, str]) -> str:
    secret = env.get("AMENDS_SECRET_KEY", "")
    if mode == "demo":
        return secret or secrets.token_urlsafe(SHORTEST_SECRET)  # sign-ins end with the process
    if len(secret) < SHORTEST_SECRET:
        wrong = f"In production it must have at least {SHORTEST_SECRET} letters."
        raise SettingsError("AMENDS_SECRET_KEY", wrong, "Draw one at random, and keep it secret.")
    return secret


def _hosts(mode: str, env: Mapping[str, str]) -> list[str]:
    hosts = [host.strip() for host in env.get("AMENDS_HOSTS", "").split(",") if host.strip()]
    if mode == "demo":
        return hosts or ["localhost", "127.0.0.1", "[::1]"]
    if not hosts or "*" in hosts:
        wrong = "In production every host name must be given."
        raise SettingsError("AMENDS_HOSTS", wrong, "For example amends.example.police.uk.")
    return hosts


_OIDC: Final = ("issuer", "client_id", "client_secret", "force")


def _directory(mode: str, env: Mapping[str, str]) -> dict[str, str]:
    """How to ask a force's directory who somebody is; empty where there is none."""
    found = {name: env.get(f"AMENDS_OIDC_{name.upper()}", "") for name in _OIDC}
    if not any(found.values()):
        return {}
    for name, value in found.items():
        if not value:
            wrong = "The other settings of the directory are given, and this is not."
            raise SettingsError(f"AMENDS_OIDC_{name.upper()}", wrong, "Give all four, or none.")
    if mode == "production" and urlsplit(found["issuer"]).scheme != "https":
        wrong = f"{found['issuer']!r} is not safe."
        raise SettingsError("AMENDS_OIDC_ISSUER", wrong, "It begins with https.")
    return found


NOTIFY_URL: Final = "https://api.notifications.service.gov.uk"
_NOTIFY: Final = ("key", "email_template", "text_template")
_UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_NOTIFY_KEY: Final = re.compile(rf".*{_UUID}-{_UUID}")


def _notify(mode: str, env: Mapping[str, str]) -> dict[str, str]:
    """A force's account with GOV.UK Notify; empty where there is none, and messages go into a folder."""
    found = {name: env.get(f"AMENDS_NOTIFY_{name.upper()}", "") for name in _NOTIFY}
    url = env.get("AMENDS_NOTIFY_URL", "")
    if not any((*found.values(), url)):
        return {}
    for name, value in found.items():
        if not value:
            wrong = "The other settings of Notify are given, and this is not."
            right = f"Give {', '.join(f'AMENDS_NOTIFY_{one.upper()}' for one in _NOTIFY)}, or none."
            raise SettingsError(f"AMENDS_NOTIFY_{name.upper()}", wrong, right)
    if not _NOTIFY_KEY.fullmatch(found["key"]):  # never said back: it is a secret
        wrong = "It is no key of Notify."
        raise SettingsError("AMENDS_NOTIFY_KEY", wrong, "It ends with two UUIDs.")
    url = url or NOTIFY_URL
    if urlsplit(url).scheme not in (("https",) if mode == "production" else ("https", "http")):
        raise SettingsError("AMENDS_NOTIFY_URL", f"{url!r} is not safe.", "It begins with https.")
    return {**found, "url": url}


# --- databases --------------------------------------------------------------------------------------

SQLITE: Final[dict[str, Any]] = {
    # A transaction that reads and then writes is refused at once where another writes, however long
    # it would wait; one that begins with the lock waits its turn.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA secure_delete=ON;"
    ),
}
"""Options under which two writers never get in each other's way, and what is deleted is gone."""


def _database(url: str, folder: Path) -> dict[str, Any]:
    """Django's settings of the database at *url*; without one, a file in *folder*."""
    if not url:
        return _sqlite(str(folder / "amends.sqlite3"))
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path))
    if parts.scheme not in ("postgresql", "postgres"):
        wrong = f"{parts.scheme or url!r} is no database that is known."
        raise SettingsError("AMENDS_DATABASE_URL", wrong, "It begins postgresql:// or sqlite://.")
    return _postgres(url)


def _sqlite(path: str) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": SQLITE}


def _postgres(url: str) -> dict[str, Any]:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        found = {name: value for name, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError as error:
        wrong = f"It cannot be read: {error}."
        raise SettingsError(
            "AMENDS_DATABASE_URL", wrong, "Write postgresql://user@host/name."
        ) from None
    port = str(found.get("port", ""))
    if port and not port.isdecimal():
        raise SettingsError("AMENDS_DATABASE_URL", f"{port!r} is no port.", "For example 5432.")
    options = {
        name: found.pop(name)
        for name in list(found)
        if name not in ("dbname", "user", "password", "host", "port")
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": found.get("dbname", ""),
        "USER": found.get("user", ""),
        "PASSWORD": found.get("password", ""),
        "HOST": found.get("host", ""),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
