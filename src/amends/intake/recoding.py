"""Files that are not UTF-8: read where it is declared, or where a byte-order mark says so, and never guessed."""

import codecs
from typing import Final, Protocol

from amends.intake.errors import IntakeError

UTF_8: Final = "utf-8"
ENCODINGS: Final = (UTF_8, "cp1252", "utf-16", "utf-16-le", "utf-16-be")
"""What can be declared; cp1252 is what spreadsheets of Western Europe write."""
_MARKS: Final = {
    codecs.BOM_UTF8: UTF_8, codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be",
}  # fmt: skip
"""Byte-order marks; that of UTF-32 begins as that of UTF-16, and so stands before it."""
LONGEST_MARK: Final = 4


class Lines(Protocol):
    """A file of bytes that is read line by line."""

    def readline(self, limit: int = -1, /) -> bytes: ...


def known(name: str) -> str:
    """The encoding called *name*; raises IntakeError where it is none that can be declared."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        found = ""
    if found not in ENCODINGS:
        raise IntakeError("encoding", f"{name!r} is not known", f"Known: {', '.join(ENCODINGS)}.")
    return found


def encoding(start: bytes, declared: str, place: str) -> str:
    """The encoding of a file that begins with *start*: as *declared*, or as its mark says, or UTF-8.

    Raises IntakeError where mark and declaration contradict each other, or where UTF-16 has no mark and nothing
    says which of the two it is.
    """
    marked = next((name for mark, name in _MARKS.items() if start.startswith(mark)), "")
    if marked == "utf-32":
        raise IntakeError(place, "begins with the mark of UTF-32", "Save it as UTF-8.")
    if marked and declared not in ("", marked, marked.removesuffix("-le").removesuffix("-be")):
        raise IntakeError(
            place, f"was said to be {declared}, and begins with the mark of {marked}",
            "Leave the encoding out: the mark says it.",
        )  # fmt: skip
    if declared == "utf-16" and not marked:
        raise IntakeError(
            place,
            "was said to be utf-16, and has no byte-order mark",
            "Say utf-16-le or utf-16-be.",
        )
    return marked or declared or UTF_8


class Recoded:
    """A *file* in another `encoding`, read as UTF-8. What is not of that encoding comes as bytes that are no UTF-8.

    So nothing is replaced in silence: a reader finds the line, and refuses it.
    """

    def __init__(self, file: Lines, encoding: str, place: str) -> None:
        self.encoding, self._file, self._place = encoding, file, place
        self._errors = "surrogateescape" if encoding == "cp1252" else "surrogatepass"
        self._decoder = codecs.getincrementaldecoder(encoding)(self._errors)
        self._held, self._done = bytearray(), False

    def readline(self, limit: int = -1, /) -> bytes:
        """The next line, or so much of it as *limit* bytes of UTF-8; empty at the end."""
        at = self._held.find(b"\n")
        while at < 0 and not self._done and (limit < 0 or len(self._held) < limit):
            self._more()
            at = self._held.find(b"\n")
        end = at + 1 if at >= 0 else len(self._held)
        end = end if limit < 0 else min(end, limit)
        found = bytes(self._held[:end])
        del self._held[:end]
        return found

    def _more(self) -> None:
        raw = self._file.readline(2**16)
        self._done = not raw
        try:
            text = self._decoder.decode(raw, final=self._done)
        except UnicodeDecodeError:
            raise IntakeError(
                self._place,
                f"is cut short: it does not end as {self.encoding} does",
                "Fetch it again.",
            ) from None
        self._held += text.encode(UTF_8, self._errors)


def encoding_of(file: Lines) -> str:
    """What the lines of *file* were written in."""
    return file.encoding if isinstance(file, Recoded) else UTF_8
