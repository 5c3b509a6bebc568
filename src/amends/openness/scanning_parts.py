"""The parts of a workbook that came as an archive: read whole or refused, with everything that lies beside them."""

import io
import struct
import zipfile
from collections.abc import Iterator
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.openness.scanning_xml import Element, parse

_MOST_BYTES: Final = 500_000_000
_MOST_PARTS: Final = 10_000
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_END: Final = 22
"""Bytes of the record at the end of an archive."""


class Parts:
    """The parts of an archive, by their names, and what was found beside them."""

    def __init__(self, place: str, parts: dict[str, bytes], beside: list[str]) -> None:
        self.place, self.parts, self.beside = place, parts, beside

    @classmethod
    def read(cls, data: bytes, place: str = "workbook") -> "Parts":
        """The parts of the archive *data*; raises `DisclosureError` where it cannot be read whole."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return cls(place, _read(archive, place), list(_beside(archive, data)))
        except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
            raise DisclosureError(
                place, f"cannot be read: {error}", "Nothing is known of it."
            ) from None
        except (RuntimeError, ValueError, OSError, struct.error) as error:
            raise DisclosureError(
                place, f"cannot be read: {error}", "Nothing is known of it."
            ) from None

    def xml(self, name: str) -> Element:
        """The part called *name* as a tree; raises `DisclosureError` where it is missing or no XML."""
        if name not in self.parts:
            raise DisclosureError(self.place, f"has no {name}", "It is no workbook that is known.")
        return parse(self.parts[name], f"{self.place}, {name}")


def _read(archive: zipfile.ZipFile, place: str) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > _MOST_PARTS or sum(one.file_size for one in entries) > _MOST_BYTES:
        raise DisclosureError(place, "is too large to be read", "Nothing is known of it.")
    found: dict[str, bytes] = {}
    for one in entries:
        if one.flag_bits & 1:
            raise DisclosureError(
                place, f"has an encrypted part, {one.filename}", "Nothing is known of it."
            )
        if one.filename in found:
            raise DisclosureError(
                place, f"has two parts called {one.filename}", "Only one is shown."
            )
        with archive.open(one) as held:
            found[one.filename] = held.read(one.file_size + 1)
    return found


def _beside(archive: zipfile.ZipFile, data: bytes) -> Iterator[str]:
    """What lies in the file and belongs to no part of it."""
    if archive.comment:
        yield "a note on the archive"
    at = 0
    for one in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
        if one.comment:
            yield f"a note on the part {one.filename}"
        if one.header_offset != at:
            yield f"{one.header_offset - at} bytes before the part {one.filename}"
        at = _end_of(one, data)
    # zipfile has read the directory, which must follow at once and be followed by the end alone.
    if at != archive.start_dir:
        yield f"{archive.start_dir - at} bytes before the directory"
    end = data.rfind(b"PK\x05\x06")
    if len(data) != end + _END + len(archive.comment):
        yield f"{len(data) - end - _END - len(archive.comment)} bytes after the end"


def _end_of(one: zipfile.ZipInfo, data: bytes) -> int:
    """Where the part ends, with the sizes that may be said once more after it."""
    header = _LOCAL.unpack_from(data, one.header_offset)
    at: int = one.header_offset + _LOCAL.size + header[9] + header[10] + one.compress_size
    if one.flag_bits & 8:
        at += 16 if data[at : at + 4] == b"PK\x07\x08" else 12
    return at
