"""The folder of an answer: what its `answer.json` says, and whether letter, release and words are one whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.folders import read_releases
from amends.disclosure.published import read_release
from amends.disclosure.shapes import Part, read
from amends.disclosure.tables import MARKER
from amends.openness.publishing.about import check_typed, numbers
from amends.openness.publishing.folder import RELEASE, digest_of, read_held
from amends.openness.publishing.rebuilding import faults
from amends.openness.publishing.sources import Source, read_sources
from amends.openness.questions import questions

FORMAT: Final = "amends-answer-1"
ANSWER: Final = "answer.json"
"""What is asked and as at which day, and the digests of the letters and of the release."""
LETTERS: Final = ("letter.txt", "letter.html")
FOLDER: Final = "release"
_INSIDE: Final = (*LETTERS, f"{FOLDER}/{RELEASE}")
_WRITTEN: Final = (".csv", ".html", ".json", ".jsonld", ".txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFolder:
    """What `answer.json` says: the question, what it asks, how it was read, and as at which day it is answered.

    `unit` is what the figures count; `files` are the digests of the letters and of the `release.json`.
    """

    question: str
    title: str
    asked: str
    restated: str
    unit: str
    as_at: date
    caveats: tuple[str, ...]
    invented: bool
    files: Mapping[str, str]

    def document(self) -> dict[str, object]:
        """As it is written."""
        return {
            "format": FORMAT, "question": self.question, "title": self.title, "asked": self.asked,
            "restated": self.restated, "unit": self.unit, "as_at": self.as_at.isoformat(),
            "caveats": list(self.caveats), "invented": self.invented, "files": dict(self.files),
        }  # fmt: skip


def read_answer(folder: Path) -> AnswerFolder:
    """What `answer.json` in *folder* says; raises `DisclosureError` with the place of a fault."""
    names = ("question", "title", "asked", "restated", "unit")
    part = read(folder / ANSWER).only("format", *names, "as_at", "caveats", "invented", "files")
    if part.get("format").a(str) != FORMAT:
        raise part.get("format").refuse("is no answer that this version can read", FORMAT)
    held = part.get("files").only(*_INSIDE)
    return AnswerFolder(
        **{name: part.get(name).a(str) for name in names},
        as_at=_day(part.get("as_at")), caveats=part.get("caveats").texts(), invented=part.get("invented").a(bool),
        files={name: held.get(name).a(str) for name in _INSIDE},
    )  # fmt: skip


def _day(part: Part) -> date:
    try:
        return date.fromisoformat(part.a(str))
    except ValueError:
        raise part.refuse(f"is no date: {part.value!r}", "Write it as 2026-03-31.") from None


def wrong_with(folder: Path, version: str = "", sources: Sequence[Source] = ()) -> Iterator[str]:
    """What is wrong with the answer in *folder*; nothing where all holds.

    Letters and release must be those that `answer.json` names, the release whole, and the letter say no
    number that neither a file of the release nor the saved question shows, nor may be typed. With *sources* the
    release is made once more by this *version*, and every byte compared. Raises `DisclosureError` where it
    cannot be read.
    """
    held = read_answer(folder)
    try:
        files = {name: (folder / name).read_bytes() for name in _INSIDE}
        there = {one.name for one in folder.iterdir()}
        shown = [
            one.read_text("utf-8")
            for one in (folder / FOLDER).iterdir()
            if one.suffix in _WRITTEN and one.name != RELEASE
        ]
    except (OSError, UnicodeDecodeError) as error:
        raise DisclosureError(str(folder), f"cannot be read: {error}") from None
    for name in sorted(there - {ANSWER, FOLDER, *LETTERS}):
        yield f"{name}: It is not in {ANSWER}."
    for name, data in files.items():
        if digest_of(data) != held.files[name]:
            yield f"{name}: It is not the file that {ANSWER} names."
    yield from faults(folder / FOLDER, version, sources)
    if (
        asked := questions().get(held.question)
    ) is not None:  # as it is saved, not as the folder says it
        shown += [asked.asked, asked.restated]
    known = {one for text in shown for one in numbers(text)} | set(_how_many(folder / FOLDER))
    try:
        check_typed(LETTERS[0], files[LETTERS[0]].decode(errors="replace"), known)
    except DisclosureError as error:
        yield str(error)


def _how_many(release: Path) -> Iterator[str]:
    """How many figures the tables of *release* have, and how many of them are withheld, as a letter says it."""
    rows = [
        line
        for path in sorted(release.glob("table-*.csv"))
        for line in path.read_text("utf-8").splitlines()[1:]
    ]
    yield f"{len(rows):,}"
    yield f"{sum(line.endswith(MARKER) for line in rows):,}"


def proofs(folder: Path, memory: Path) -> tuple[Source, ...]:
    """The protected tables that the release in *folder* was made from, out of *memory*.

    *memory* is the folder that remembers every answer (`amends answer --answers`), or one that holds what
    `amends protect` wrote. Each table is proved anew. Raises `DisclosureError` where one is not there, or not
    proved.
    """
    wanted = read_held(folder).made_from
    found = {}
    for place in (*memory.glob("*/release.json"), *sorted(memory.glob("*/safe/*/release.json"))):
        found[read_release(place).id] = place.parent
    missing = [one for one in wanted if one not in found]
    if missing or not wanted:
        raise DisclosureError(
            str(memory), f"does not remember {', '.join(missing) or 'any release'}",
            "Name the folder that was given to `amends answer --answers`, or that holds what was protected.",
        )  # fmt: skip
    folders = [found[one] for one in wanted]
    history = folders[0].parent
    read_releases(history)
    return read_sources(folders, history)
