"""The protected releases that a publication is made from, proved anew each time that they are read."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from amends.disclosure.certificates import Certificate, read_certificate
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
    """A release, its safe tables, how many earlier ones it was proved with, and seals of what proves them.

    A seal is the SHA-256 of a secret key and of the digest of what is sealed. The digest itself is not for
    publication: whoever guesses the few counts that are withheld could try each guess against it.
    """

    release: Release
    tables: tuple[Safe, ...]
    earlier: int
    snapshot_seal: str
    certificate_seal: str


def read_sources(
    folders: Sequence[Path], history: Path | None = None, *, make_key: bool = False
) -> tuple[Source, ...]:
    """The releases in *folders* that `amends protect` wrote, once the certificate of each was checked.

    *history* holds earlier releases of the same snapshots. With *make_key* a key for the seals is made and
    put into each folder that has none. Raises `DisclosureError` where anything is missing, where a
    certificate does not prove its release safe, and where two releases of one snapshot were protected
    without knowledge of each other: what both tell together is then not proved.
    """
    known = [
        *(read_releases(history) if history else []),
        *(read_release(one / "release.json") for one in folders),
    ]
    found: list[tuple[Source, Certificate]] = []
    for folder in folders:
        one, certificate = _read(folder, known, make_key)
        for other, others in found:
            if other.release.snapshot == one.release.snapshot:
                _check_together(folder, one, certificate, other, others)
        found.append((one, certificate))
    return tuple(one for one, _ in found)


def _read(folder: Path, known: Sequence[Release], make_key: bool) -> tuple[Source, Certificate]:
    release = read_release(folder / "release.json")
    snapshot = read_snapshot(folder / "snapshot.json")
    certificate = read_certificate(folder / "certificate.json")
    named = {one.id: one for one in of_snapshot(known, snapshot.id)}
    earlier = [
        one for one in named.values() if one.id in certificate.releases and one.id != release.id
    ]
    tables = issue(snapshot, [*earlier, release], certificate)
    key = _key(folder / KEY, make_key)
    source = Source(
        release=release, tables=tables, earlier=len(earlier),
        snapshot_seal=seal(key, snapshot.digest), certificate_seal=seal(key, certificate.digest),
    )  # fmt: skip
    return source, certificate


def _check_together(
    folder: Path, one: Source, certificate: Certificate, other: Source, others: Certificate
) -> None:
    if other.release.id in certificate.releases or one.release.id in others.releases:
        return
    raise DisclosureError(
        str(folder), f"was protected without release {other.release.id}, of the same snapshot",
        "Protect it again, with that release in its history.",
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
