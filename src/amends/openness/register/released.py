"""The files behind an entry of the disclosure log: only those that were cleared, byte for byte."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.openness.answered_folder import ANSWER, FOLDER, read_answer
from amends.openness.publishing.folder import RELEASE, digest_of, read_held
from amends.openness.register import answers
from amends.openness.register.models import LogEntry

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9-]+)+")
KINDS: Final[Mapping[str, str]] = {
    ".csv-metadata.json": "application/csvm+json",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".txt": "text/plain; charset=utf-8",
}
"""The type of a file by how its name ends; of another kind none goes out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A file of a release: its name, media type, bytes and SHA-256."""

    name: str
    kind: str
    data: bytes
    digest: str


def kind_of(name: str) -> str | None:
    """The media type of the file *name*; None where it is no name of a file that goes out."""
    if not NAME.fullmatch(name):
        return None
    return next((kind for end, kind in KINDS.items() if name.endswith(end)), None)


def digests(one: LogEntry) -> dict[str, str] | None:
    """The SHA-256 of each file of the release of *one* by its name; None where it is not what was published.

    The entry holds the digest of `answer.json`, or of `release.json` alone; the first names the second, and
    that every other file.
    """
    if not one.folder or not answers.NAME.fullmatch(one.folder):
        return None
    place = answers.place() / one.folder
    try:
        wanted = {RELEASE: one.digest}
        if (place / ANSWER).is_file():
            if digest_of((place / ANSWER).read_bytes()) != one.digest:
                return None
            wanted = {RELEASE: read_answer(place).files[f"{FOLDER}/{RELEASE}"]}
        release = _folder(one)
        if digest_of((release / RELEASE).read_bytes()) != wanted[RELEASE]:
            return None
        found = {**read_held(release).files, **wanted}
    except (OSError, DisclosureError):
        return None
    return {name: found[name] for name in sorted(found) if kind_of(name)}


def _folder(one: LogEntry) -> Path:
    """The folder of the release itself: inside that of an answer, or all there is."""
    place = answers.place() / one.folder
    return place / FOLDER if (place / ANSWER).is_file() else place


def released(one: LogEntry, name: str) -> Released | None:
    """The file *name* of the release of *one*; None where there is none, or it is not what was published."""
    wanted, kind = (digests(one) or {}).get(name), kind_of(name)
    if wanted is None or kind is None:
        return None
    try:
        data = (_folder(one) / name).read_bytes()
    except OSError:
        return None
    return Released(name=name, kind=kind, data=data, digest=wanted) if digest_of(data) == wanted else None  # fmt: skip
