"""The memory of what was given: the SHA-256 of every file of an answer, by which its folder is known again."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.shapes import Part, read
from amends.openness.publishing.folder import digest_of

FORMAT: Final = "amends-given-1"
PLACE: Final = "given"
"""The folder, inside the one that remembers every answer, in which each answer that was given has a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """The answer in a memory that is nearest to a folder: what differs, and when its letter says the request came."""

    differences: tuple[str, ...]
    received: date | None


def note(
    memory: Path, question: str, files: Mapping[str, bytes], received: date | None = None
) -> None:
    """Remember in *memory* that *files*, by their paths, were given as an answer to *question*.

    *received* is the day on which the letter says that the request came. Raises `DisclosureError` where that
    cannot be written: then nothing may leave.
    """
    document = {
        "format": FORMAT, "question": question, "received": received.isoformat() if received else "",
        "files": {name: digest_of(data) for name, data in sorted(files.items())},
    }  # fmt: skip
    text = json.dumps(document, indent=1) + "\n"
    path = memory / PLACE / f"{digest_of(text.encode())}.json"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise DisclosureError(str(path), f"cannot be written: {error.strerror}") from None


def held(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in *folder* by its path below it; DisclosureError where it cannot be read."""
    try:
        return {
            path.relative_to(folder).as_posix(): digest_of(path.read_bytes())
            for path in sorted(folder.rglob("*"))
            if not path.is_dir()
        }
    except OSError as error:
        raise DisclosureError(str(folder), f"cannot be read: {error.strerror}") from None


def differences(wanted: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    """What of *found* is not as in *wanted*, file by file."""
    for name in sorted({*wanted, *found}):
        if name not in found:
            yield f"{name}: It was given, and is missing."
        elif name not in wanted:
            yield f"{name}: It was not given."
        elif wanted[name] != found[name]:
            yield f"{name}: It is not the file that was given."


def recall(folder: Path, memory: Path, question: str) -> Recalled:
    """The answer to *question* in *memory* that is nearest to *folder*, and in what the folder differs from it.

    Raises `DisclosureError` where *memory* knows of no such answer, or cannot be read.
    """
    here = held(folder)
    found = [
        Recalled(differences=tuple(differences(files, here)), received=received)
        for files, received in _given(memory, question)
    ]
    if not found:
        raise DisclosureError(
            str(memory), f"does not remember that an answer to {question!r} was given",
            "Make it with `amends answer --answers`: what was told before is told again, unchanged.",
        )  # fmt: skip
    return min(found, key=lambda one: len(one.differences))


def _given(memory: Path, question: str) -> Iterator[tuple[Mapping[str, str], date | None]]:
    for path in sorted((memory / PLACE).glob("*.json")):
        part = read(path).only("format", "question", "received", "files")
        if part.get("format").a(str) != FORMAT:
            raise part.get("format").refuse("is not known to this version", FORMAT)
        if part.get("question").a(str) == question:
            files = {name: each.a(str) for name, each in part.get("files").items()}
            yield files, _day(part.get("received"))


def _day(part: Part) -> date | None:
    try:
        return date.fromisoformat(part.a(str)) if part.value else None
    except ValueError:
        raise part.refuse(f"is no date: {part.value!r}", "Write it as 2026-03-31.") from None
