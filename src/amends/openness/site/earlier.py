"""The editions of a site: what each was, what it told otherwise than the one before, and why; old files stay."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.shapes import Part, read
from amends.openness.publishing.about import check_typed
from amends.openness.publishing.agreeing import read_tidy
from amends.openness.publishing.showing import check_text

INDEX: Final = "editions.json"
FORMAT: Final = "amends-editions-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An edition: its day, the day as at which its cases are, and from which source it is made.

    `changed` names the sets of data in which a figure of the edition before is told otherwise; `why` says
    it in English and Welsh.
    """

    on: date
    as_at: date
    source: str
    changed: tuple[str, ...] = ()
    why: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Earlier:
    """A site that is out: its editions, and its files of open data by their paths."""

    editions: tuple[Told, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    def data(self) -> Iterator[tuple[str, str]]:
        """Each CSV file of the last edition, by its path within the edition."""
        start = folder(self.editions[-1].on)
        for name, data in self.files.items():
            if name.startswith(start) and name.endswith(".csv"):
                yield name.removeprefix(start), data.decode()


def folder(on: date) -> str:
    """Where the open data of the edition of the day *on* are; an address of theirs for good."""
    return f"data/{on.isoformat()}/"


def read_site(path: Path) -> Earlier:
    """The site in the folder *path*; raises DisclosureError where it is none, or is damaged."""
    part = read(path / INDEX).only("format", "editions")
    if part.get("format").a(str) != FORMAT:
        raise part.get("format").refuse("is no site that this version can follow", FORMAT)
    editions = tuple(map(_told, part.get("editions").each()))
    if not editions:
        raise part.get("editions").refuse("is empty")
    files = {
        one.relative_to(path).as_posix(): one.read_bytes()
        for one in sorted((path / "data").rglob("*"))
        if one.is_file()
    }
    for one in editions:
        if not any(name.startswith(folder(one.on)) for name in files):
            raise DisclosureError(
                str(path / folder(one.on)), "is missing", "Put it back: what is out stays out."
            )
    return Earlier(editions, files)


def _told(part: Part) -> Told:
    part.only("number", "on", "as_at", "source", "changed", "why")
    why = part.get("why").only("en", "cy")
    return Told(
        on=_day(part.get("on")), as_at=_day(part.get("as_at")), source=part.get("source").a(str),
        changed=part.get("changed").texts(), why=(why.get("en").a(str), why.get("cy").a(str)),
    )  # fmt: skip


def _day(part: Part) -> date:
    try:
        return date.fromisoformat(part.a(str))
    except ValueError:
        raise part.refuse("is no day", "Write it as 2026-03-31.") from None


def written(editions: tuple[Told, ...]) -> bytes:
    """The list of *editions* as its file."""
    document = {
        "format": FORMAT,
        "editions": [
            {
                "number": number, "on": one.on.isoformat(), "as_at": one.as_at.isoformat(), "source": one.source,
                "changed": list(one.changed), "why": dict(zip(("en", "cy"), one.why, strict=True)),
            }
            for number, one in enumerate(editions, 1)
        ],
    }  # fmt: skip
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def following(earlier: Earlier, told: Told, files: Mapping[str, bytes]) -> tuple[Told, ...]:
    """The editions with *told*, whose open data are *files*, by their paths within the edition.

    Raises DisclosureError where its day is not later, or where a figure that is out is told otherwise and
    nobody says why in both languages.
    """
    if not earlier.editions:
        return (told,)
    last = earlier.editions[-1]
    if told.on <= last.on or told.as_at <= last.as_at:
        raise DisclosureError(
            f"the edition of {told.on}, as at {told.as_at}", "is not later than the one before",
            f"That is of {last.on}, as at {last.as_at}: give a later --edition and --as-at.",
        )  # fmt: skip
    changed = tuple(dict.fromkeys(_changed(earlier, files)))
    for name, text in zip(("--why", "--why-cy"), told.why, strict=True):
        if changed and not text.strip():
            raise DisclosureError(
                name, f"is missing: figures that are out are told otherwise ({', '.join(changed)})",
                "Say why, in English and in Welsh.",
            )  # fmt: skip
        if text:
            check_text(text, name)
            check_typed(name, text)
    new = Told(on=told.on, as_at=told.as_at, source=told.source, changed=changed, why=told.why)
    return (*earlier.editions, new)


def _changed(earlier: Earlier, files: Mapping[str, bytes]) -> Iterator[str]:
    for name, text in earlier.data():
        names, before = read_tidy(text)
        if name not in files:
            continue
        now_names, now = read_tidy(files[name].decode())
        if names == now_names and any(
            now.get(labels, told) != told for labels, told in before.items()
        ):
            yield name.partition("/")[0]
