"""The ledger of releases: frozen snapshots, and every release of figures that left, in order.

A folder. `snapshot-0001.json` and `release-0001.json` are numbered as they come and never written
over; `ledger.jsonl` has a line for each, with the digest of the file and of the line before, so that
a file that was altered, lost or put in between is found. `order.key` is a secret of the ledger's own,
by which ties are broken in the order of publishing, so that nobody can tell from what is missing which
number was the small one.

The same period counted from a later snapshot is another population: records have come, gone and been
reclassified, and how many is unknown. Snapshots are therefore judged apart. Whoever appends a snapshot
may declare that it repeats an earlier one for what a `where` describes; the counts must then agree
there, and the two are judged together.
"""

import fcntl
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Release, check_codes, read_release
from amends.disclosure.refining import Repeat, Space
from amends.disclosure.shapes import Part, parse, read
from amends.disclosure.snapshots import Snapshot, read_snapshot

INDEX: Final = "ledger.jsonl"
KEY: Final = "order.key"
_KINDS: Final = ("snapshot", "release")
Thing = TypeVar("Thing", Snapshot, Release)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the index: the file it names, that file's digest, and the digest of the line before."""

    number: int
    kind: str
    file: str
    id: str
    digest: str
    before: str
    repeats: Repeat | None = None

    def text(self) -> str:
        """The line, with its end."""
        document: dict[str, object] = {
            "number": self.number, "kind": self.kind, "file": self.file, "id": self.id,
            "digest": self.digest, "before": self.before,
        }  # fmt: skip
        if self.repeats is not None:
            where = {name: sorted(codes) for name, codes in sorted(self.repeats.where.items())}
            document["repeats"] = {"of": self.repeats.of, "where": where}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


@dataclass(frozen=True)
class Ledger:
    """What a folder holds: snapshots and releases by id, in order, and what repeats what.

    `head` is the digest of the last line; `key` the secret that breaks ties.
    """

    folder: Path
    entries: tuple[Entry, ...] = ()
    snapshots: Mapping[str, Snapshot] = field(default_factory=dict)
    releases: Mapping[str, Release] = field(default_factory=dict)
    key: bytes = b""

    @property
    def head(self) -> str:
        """SHA-256 of the last line of the index; empty where there is none."""
        return _digest(self.entries[-1].text()) if self.entries else ""

    @property
    def repeats(self) -> dict[str, Repeat]:
        """What each snapshot that repeats another was declared to repeat."""
        return {one.id: one.repeats for one in self.entries if one.repeats is not None}

    def family(self, snapshot: str) -> tuple[str, ...]:
        """The snapshots that are judged together with *snapshot*, itself among them, in order."""
        found, size = {snapshot}, 0
        while len(found) > size:
            size = len(found)
            for one, repeat in self.repeats.items():
                if one in found or repeat.of in found:
                    found |= {one, repeat.of}
        return tuple(one for one in self.snapshots if one in found)

    def space(self, snapshot: str) -> Space:
        """The codes of the snapshots that are judged together with *snapshot*."""
        return Space([self.snapshots[one] for one in self.family(snapshot)], self.repeats)

    def released(self, snapshot: str) -> tuple[Release, ...]:
        """The releases from the snapshots that are judged together with *snapshot*, in order."""
        family = self.family(snapshot)
        return tuple(one for one in self.releases.values() if one.snapshot in family)

    def check(self, release: Release) -> None:
        """Raise `DisclosureError` where *release* names no snapshot here, or a code it has not."""
        if release.snapshot not in self.snapshots:
            raise DisclosureError(
                f"release {release.id}", f"there is no snapshot {release.snapshot!r} in the ledger",
                f"Known: {', '.join(self.snapshots) or 'none'}.",
            )  # fmt: skip
        if release.threshold < 1:
            raise DisclosureError(
                f"release {release.id}", f"the threshold is {release.threshold}",
                "It is 1 where nothing is withheld, else the least count that is published.",
            )  # fmt: skip
        check_codes(release, self.snapshots[release.snapshot])


# --- reading --------------------------------------------------------------------------------------


def read_ledger(folder: Path) -> Ledger:
    """The ledger in *folder*, checked whole; one without an index is empty.

    Raises `DisclosureError`, with the place, where a file was altered, is missing or is not in the
    index, where a number is left out, or where a release names what its snapshot does not know.
    """
    index = folder / INDEX
    if not folder.is_dir():
        raise DisclosureError(str(folder), "is no folder", "Make it, or name another.")
    entries = tuple(_entries(index)) if index.exists() else ()
    _check_files(folder, entries)
    snapshots: dict[str, Snapshot] = {}
    releases: dict[str, Release] = {}
    ledger = Ledger(folder, entries, snapshots, releases, _key(folder) if entries else b"")
    for at, entry in enumerate(entries, 1):
        path = folder / entry.file
        if _digest(path.read_bytes()) != entry.digest:
            raise DisclosureError(
                str(path), f"was altered: it is not the file that line {at} of {INDEX} names",
                "Put the file back as it was, from a copy.",
            )  # fmt: skip
        if entry.kind == "snapshot":
            snapshots[entry.id] = _named(path, read_snapshot(path), entry)
            if entry.repeats is not None:
                check_repeat(ledger, snapshots[entry.id], entry.repeats)
        else:
            releases[entry.id] = _named(path, read_release(path), entry)
            ledger.check(releases[entry.id])
    return ledger


def _named(path: Path, thing: Thing, entry: Entry) -> Thing:
    if thing.id != entry.id:
        raise DisclosureError(str(path), f"is {thing.id!r}, and {INDEX} says {entry.id!r}")
    return thing


def _entries(index: Path) -> Iterator[Entry]:
    text = _text(index)
    if text and not text.endswith("\n"):
        raise DisclosureError(
            f"{index}, line {text.count(chr(10)) + 1}", "was cut short",
            "Take the line out, and append its file again.",
        )  # fmt: skip
    before, next_number, ids = "", dict.fromkeys(_KINDS, 1), set[tuple[str, str]]()
    for at, line in enumerate(text.splitlines(), 1):
        place = f"{index}, line {at}"
        entry = _entry(parse(line, place))
        if entry.before != before:
            raise DisclosureError(place, "does not follow the line before", "A line was changed.")
        if entry.number != next_number[entry.kind]:
            raise DisclosureError(
                place, f"is {entry.kind} {entry.number}", f"It must be {next_number[entry.kind]}."
            )
        if (entry.kind, entry.id) in ids:
            raise DisclosureError(place, f"has the {entry.kind} {entry.id!r} a second time")
        ids.add((entry.kind, entry.id))
        next_number[entry.kind] += 1
        before = _digest(line + "\n")
        yield entry


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise DisclosureError(str(path), f"is not UTF-8 (byte {error.start + 1})") from None


def _entry(part: Part) -> Entry:
    part.only("number", "kind", "file", "id", "digest", "before", "repeats")
    kind, number = part.get("kind").a(str), part.get("number").a(int)
    if kind not in _KINDS:
        raise part.get("kind").refuse(f"is {kind!r}", f"Known: {', '.join(_KINDS)}.")
    if part.get("file").a(str) != _file(kind, number):
        raise part.get("file").refuse(f"must be {_file(kind, number)}")
    repeats = part.find("repeats", None)
    return Entry(
        number, kind, _file(kind, number), part.get("id").a(str), part.get("digest").a(str),
        part.get("before").a(str), None if repeats.value is None else read_repeat(repeats),
    )  # fmt: skip


def read_repeat(part: Part) -> Repeat:
    """What a snapshot repeats, as it is written: `{"of": snapshot, "where": {dimension: codes}}`."""
    part.only("of", "where")
    where = {name: frozenset(codes.texts()) for name, codes in part.get("where").items()}
    return Repeat(part.get("of").a(str), where)


def _file(kind: str, number: int) -> str:
    return f"{kind}-{number:04}.json"


def _check_files(folder: Path, entries: tuple[Entry, ...]) -> None:
    named = {entry.file for entry in entries}
    there = {path.name for kind in _KINDS for path in folder.glob(f"{kind}-*.json")}
    if missing := sorted(named - there):
        raise DisclosureError(str(folder / missing[0]), f"is missing: {INDEX} names it")
    for name in sorted(there - named):
        raise DisclosureError(
            str(folder / name), f"is not in {INDEX}",
            "An append was cut short: take the file out, and append it again.",
        )  # fmt: skip


def _key(folder: Path) -> bytes:
    try:
        return bytes.fromhex((folder / KEY).read_text("ascii"))
    except FileNotFoundError:
        raise DisclosureError(
            str(folder / KEY), "is missing", "Put it back, from a copy."
        ) from None
    except ValueError:
        raise DisclosureError(
            str(folder / KEY), "is not a key", "Put it back, from a copy."
        ) from None


def _digest(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


# --- appending ------------------------------------------------------------------------------------


def check_repeat(ledger: Ledger, snapshot: Snapshot, repeat: Repeat) -> None:
    """Raise `DisclosureError` where *snapshot* does not count what *repeat* says that it repeats."""
    place = f"snapshot {snapshot.id}"
    if repeat.of == snapshot.id or repeat.of not in ledger.snapshots:
        raise DisclosureError(place, f"repeats {repeat.of!r}, which is no earlier snapshot")
    earlier = ledger.snapshots[repeat.of]
    for name, codes in repeat.where.items():
        for one in (earlier, snapshot):
            known = one.by_name[name].places if name in one.by_name else {}
            if unknown := sorted(codes - known.keys()):
                raise DisclosureError(place, f"snapshot {one.id} has no {unknown[0]!r} in {name}")
    Space([earlier, snapshot])  # the same dimensions
    here, there = _counted(snapshot, repeat), _counted(earlier, repeat)
    for leaf in sorted(here.keys() | there.keys()):
        if here.get(leaf, 0) != there.get(leaf, 0):
            raise DisclosureError(
                place, f"counts {here.get(leaf, 0)} of {', '.join(leaf)}",
                f"Snapshot {earlier.id}, which it is said to repeat, counts {there.get(leaf, 0)}.",
            )  # fmt: skip


def _counted(snapshot: Snapshot, repeat: Repeat) -> dict[tuple[str, ...], int]:
    """The counts, by codes, of what *repeat* describes."""
    found = {}
    for leaf, count in snapshot.counts.items():
        named = tuple(d.codes[at] for d, at in zip(snapshot.dimensions, leaf, strict=True))
        asked = (repeat.where.get(dimension.name) for dimension in snapshot.dimensions)
        if all(codes is None or code in codes for codes, code in zip(asked, named, strict=True)):
            found[named] = count
    return found


def record(ledger: Ledger, thing: Snapshot | Release, repeats: Repeat | None = None) -> Entry:
    """Append *thing* to the ledger as it is, whatever it gives away; the line that was written.

    Nothing is written over. Raises `DisclosureError` where the ledger has changed since it was read,
    where the id is taken, or where *thing* does not fit what is there.
    """
    kind = "snapshot" if isinstance(thing, Snapshot) else "release"
    place = f"{kind} {thing.id}"
    if thing.id in (ledger.snapshots if isinstance(thing, Snapshot) else ledger.releases):
        raise DisclosureError(place, "is in the ledger already", "Nothing is written over.")
    if isinstance(thing, Release):
        ledger.check(thing)
    elif repeats is not None:
        check_repeat(ledger, thing, repeats)
    with _locked(ledger.folder):
        if read_head(ledger.folder) != ledger.head:
            raise DisclosureError(place, "the ledger has changed since it was read", "Do it again.")
        if not ledger.entries:
            _write_new(ledger.folder / KEY, secrets.token_hex(32))
        number = 1 + sum(entry.kind == kind for entry in ledger.entries)
        text = thing.text()
        entry = Entry(
            number, kind, _file(kind, number), thing.id, _digest(text), ledger.head, repeats
        )
        path = ledger.folder / entry.file
        _write_new(path, text)
        try:
            _add_line(ledger.folder / INDEX, entry.text())
        except BaseException:
            path.unlink()
            raise
    return entry


def read_head(folder: Path) -> str:
    """SHA-256 of the last line of the index, as it is now; empty where there is none."""
    index = folder / INDEX
    lines = _text(index).splitlines(keepends=True) if index.exists() else []
    return _digest(lines[-1]) if lines else ""


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Nobody else appends meanwhile."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_new(path: Path, text: str) -> None:
    """Write a file whole, and only where there is none of its name."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=".new-"
    ) as held:
        held.write(text)
        held.flush()
        os.fsync(held.fileno())
        try:
            os.link(held.name, path)
        except FileExistsError:
            raise DisclosureError(
                str(path), "is there already", "Nothing is written over."
            ) from None


def _add_line(path: Path, line: str) -> None:
    """Append a line, and see it on the disk; where that fails, what was there is left as it was."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(handle).st_size
        try:
            with open(handle, "ab", closefd=False, buffering=0) as file:
                file.write(line.encode())
            os.fsync(handle)
        except BaseException:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)


def read_thing(path: Path) -> Snapshot | Release:
    """The snapshot or release in the file at *path*, whichever it says that it is."""
    said = read(path).get("format").a(str)
    return read_snapshot(path) if said.startswith("amends-snapshot") else read_release(path)
