"""The protected releases that a publication is made from, proved anew each time that they are read."""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from amends.disclosure.certificates import read_certificate
from amends.disclosure.errors import DisclosureError
from amends.disclosure.folders import of_snapshot, read_releases
from amends.disclosure.issuing import issue
from amends.disclosure.published import Release, read_release
from amends.disclosure.snapshots import read_snapshot
from amends.disclosure.tables import Safe

KEY: Final = "seal.key"
"""The file, as confidential as the snapshot beside it, that hides what a seal was made from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A release, its safe tables, and seals of the snapshot and certificate that prove them.

    A seal is the SHA-256 of a secret key and of the digest of what is sealed. The digest itself is not for
    publication: whoever guesses the few counts that are withheld could try each guess against it.
    """

    release: Release
    tables: tuple[Safe, ...]
    snapshot_seal: str
    certificate_seal: str


def read_source(folder: Path, history: Path | None = None, *, make_key: bool = False) -> Source:
    """The release in a *folder* that `amends protect` wrote, once its certificate was checked.

    *history* holds the earlier releases of the same snapshot. With *make_key* a key for the seals is made
    and put into *folder* where there is none. Raises `DisclosureError` where anything is missing, or where
    the certificate does not prove the release safe.
    """
    release = read_release(folder / "release.json")
    snapshot = read_snapshot(folder / "snapshot.json")
    certificate = read_certificate(folder / "certificate.json")
    known = read_releases(history) if history else []
    earlier = [one for one in of_snapshot(known, snapshot.id) if one.id != release.id]
    earlier = [one for one in earlier if one.id in certificate.releases]
    tables = issue(snapshot, [*earlier, release], certificate)
    key = _key(folder / KEY, make_key)
    return Source(
        release=release, tables=tables,
        snapshot_seal=seal(key, snapshot.digest), certificate_seal=seal(key, certificate.digest),
    )  # fmt: skip


def seal(key: bytes, digest: str) -> str:
    """What shows later, to whoever is given *key*, that *digest* was meant, and tells nothing to anybody else."""
    return hashlib.sha256(key + bytes.fromhex(digest)).hexdigest()


def _key(path: Path, make: bool) -> bytes:
    try:
        if make and not path.exists():
            with path.open("x", encoding="ascii") as held:
                path.chmod(0o600)
                held.write(secrets.token_hex(32))
        key = bytes.fromhex(path.read_text("ascii"))
    except FileNotFoundError:
        raise DisclosureError(str(path), "is missing", "Put it back, from a copy.") from None
    except OSError as error:
        raise DisclosureError(str(path), f"cannot be kept: {error.strerror}") from None
    except ValueError:
        key = b""
    if len(key) != 32:
        raise DisclosureError(str(path), "is not a key", "Put it back, from a copy.")
    return key
