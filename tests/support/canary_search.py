"""A search for canaries in whatever bytes something wrote: however they are spelt, packed or drawn."""

import base64
import binascii
import gzip
import html
import io
import quopri
import re
import tarfile
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import duckdb

CANARY: Final = re.compile(rb"cny(\d{4})f(\d{3})", re.IGNORECASE)
BIRTHDAY: Final = re.compile(
    rb"187[1-3]-[01]\d-[0-3]\d|[0-3]?\d/[01]?\d/187[1-3]\b|[0-3]?\d \w{3,10} 187[1-3]\b|date\(187[1-3], \d+, \d+\)"
)
"""A day of birth as `planted_people.birthday` plants it, as machines, forms, letters and Python write it."""
RUN: Final = re.compile(rb"[A-Za-z0-9+/_=-]{12,}")
DEEPEST: Final = 4
"""How many things may be packed in each other: a workbook in an archive in base64, say."""


def found_in(data: bytes) -> set[str]:
    """The canaries in *data*, in capitals or not, however it is written or packed."""
    return {
        one.group().decode("utf-8", "replace").lower()
        for form in _forms(data, 0)
        for sought in (CANARY, BIRTHDAY)
        for one in sought.finditer(form)
    }


def found_under(folder: Path) -> Mapping[str, set[str]]:
    """The canaries in every file of *folder*, by the file's name: its path, its bytes, and a Parquet's rows."""
    told: dict[str, set[str]] = {}
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        canaries = found_in(file.read_bytes()) | found_in(str(file.relative_to(folder)).encode())
        if file.read_bytes().startswith(b"PAR1"):
            rows = duckdb.execute(
                "SELECT h::VARCHAR FROM read_parquet(?) h", [str(file)]
            ).fetchall()
            canaries |= found_in("\n".join(row for (row,) in rows).encode())
        if canaries:
            told[file.name] = canaries
    return told


def _forms(data: bytes, depth: int) -> Iterator[bytes]:
    """*data* as it is, and as everybody would read it who knows how it was written."""
    yield from _spellings(data)
    if depth == DEEPEST:
        return
    for part in (*_unpacked(data), *_streams(data)):
        yield from _forms(part, depth + 1)
    for joined in {data, re.sub(rb"\s", b"", data)}:  # base64 is cut into lines
        for run in RUN.findall(joined):
            for part in _decoded(run):
                yield from _forms(part, depth + 1) if part[:2] in _MAGIC else _spellings(part)


def _spellings(data: bytes) -> Iterator[bytes]:
    yield data
    if b"\0" in data:
        yield data.replace(b"\0", b"")  # UTF-16 and UTF-32
    if b"%" in data:
        yield urllib.parse.unquote_to_bytes(data)
    if b"&" in data:
        yield html.unescape(data.decode("latin-1")).encode("utf-8")
    if b"\\" in data:  # of JSON, JavaScript and Python
        yield re.sub(
            rb"\\(?:u00|x)([0-9a-fA-F]{2})", lambda one: bytes.fromhex(one[1].decode()), data
        )
    if b"=" in data:
        yield quopri.decodestring(data)


_MAGIC: Final = (b"\x1f\x8b", b"PK", b"%P", b"x\x9c", b"x\xda", b"x\x01", b"x^")


def _decoded(run: bytes) -> Iterator[bytes]:
    for skipped in range(4):
        part = run[skipped:]
        whole = part[: len(part) - len(part) % 4]
        for turn in (base64.b64decode, base64.urlsafe_b64decode):
            try:
                yield turn(whole)
            except binascii.Error:
                continue
    for skipped in range(2):
        part = run[skipped:]
        try:
            yield binascii.unhexlify(part[: len(part) - len(part) % 2])
        except binascii.Error:
            continue


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What an archive holds: the names of its members, their bytes, and what is said of it."""
    try:
        if data.startswith(b"\x1f\x8b"):
            yield gzip.decompress(data)
        elif data.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(data)) as held:
                for one in held.infolist():
                    yield one.filename.encode() + b"\n" + one.comment + b"\n" + one.extra
                    yield held.read(one)
        elif data[257:262] == b"ustar":
            with tarfile.open(fileobj=io.BytesIO(data)) as held_tar:
                for member in held_tar:
                    yield member.name.encode()
                    yield (held_tar.extractfile(member) or io.BytesIO()).read()
        elif data[:2] in _MAGIC[3:]:
            yield zlib.decompressobj().decompress(data)
    except (OSError, zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError):
        return


# --- PDF ------------------------------------------------------------------------------------------


def _streams(data: bytes) -> Iterator[bytes]:
    """The streams of a PDF unpacked, and the words that its glyphs draw."""
    if not data.startswith(b"%PDF"):
        return
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            found.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            found.append(stream)
    yield from found
    maps = [made for made in map(_glyphs, found) if made]
    for stream in found:
        for glyphs in maps:
            yield _drawn(stream, glyphs)


def _glyphs(stream: bytes) -> dict[bytes, str]:
    """What each glyph of a font means, where *stream* is its table (`ToUnicode`)."""
    made: dict[bytes, str] = {}
    for table in re.findall(rb"beginbfchar(.*?)endbfchar", stream, re.DOTALL):
        for glyph, means in re.findall(rb"<(\w+)>\s*<(\w+)>", table):
            made[glyph.lower()] = bytes.fromhex(means.decode()).decode("utf-16-be", "replace")
    for table in re.findall(rb"beginbfrange(.*?)endbfrange", stream, re.DOTALL):
        for first, last, means in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", table):
            for at in range(int(last, 16) - int(first, 16) + 1):
                glyph = b"%0*x" % (len(first), int(first, 16) + at)
                made[glyph] = chr(int(means, 16) + at)
    return made


def _drawn(stream: bytes, glyphs: Mapping[bytes, str]) -> bytes:
    """What a page draws with a font: every string of glyphs of *stream*, one after the other."""
    width = max(map(len, glyphs))
    words = []
    for string in re.findall(rb"<([0-9a-fA-F]+)>", stream):
        parts = (string[at : at + width].lower() for at in range(0, len(string), width))
        words.append("".join(glyphs.get(one, "") for one in parts))
    return "".join(words).encode()
