"""Records of a CSV file by RFC 4180: a line each, or several where a quoted field holds line breaks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from amends.intake.recoding import Lines

LONGEST: Final = 65_536
"""The bytes a record may have. A longer one is refused, and is never held whole."""
_FIELD: Final = rb'(?:"[^"]*+(?:""[^"]*+)*+"|[^",\r\n][^,\r\n]*+|)'
_CLOSED: Final = re.compile(_FIELD + rb"(?:," + _FIELD + rb")*+[\r\n]*+")
"""A line after which no quote is open: what nearly every line is, so that it is seen at once."""
_QUOTED: Final = re.compile(rb'[^"]*+(?:""[^"]*+)*+')
_BEGIN, _TEXT, _IN_QUOTES, _QUOTE = range(4)
"""Where a scan is: at the beginning of a field, in one without quotes, in quotes, and after a quote in these."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is written, its first and last line in the file, and whether a quote is still open at its end.

    Of one that is longer than LONGEST, `raw` has the first LONGEST + 1 bytes.
    """

    line: int
    last: int
    raw: bytes
    is_open: bool = False


def records(file: Lines, line: int) -> Iterator[Record]:
    """The records of *file*, of which the next line is number *line*.

    A quote opens only at the beginning of a field: `5" pipe` has none that is open. Nothing after a quote that is
    open is ever a record by itself, however long that goes on: words in a field could pass for a case.
    """
    while raw := file.readline(LONGEST + 1):
        if len(raw) <= LONGEST and _CLOSED.fullmatch(raw):
            yield Record(line, line, raw)
            line += 1
            continue
        found = _joined(file, line, raw)
        yield found
        line = found.last + 1


def _joined(file: Lines, line: int, raw: bytes) -> Record:
    """The record that begins with the piece *raw* of a line, with what follows until its quotes are closed."""
    scan, held, last = _Scan(), bytearray(raw), line
    scan.feed(raw)
    while not raw.endswith(b"\n") or scan.is_open:
        ended = raw.endswith(b"\n")
        raw = file.readline(LONGEST + 1)
        if not raw:
            break
        last += ended
        scan.feed(raw)
        held += raw[: LONGEST + 1 - len(held)]
    return Record(line, last, bytes(held), scan.is_open)


class _Scan:
    """Follows the quotes of a record, piece by piece, at the speed of searches; a piece may end anywhere."""

    def __init__(self) -> None:
        self._at, self._before, self._last = _BEGIN, b"", b"\n"

    @property
    def is_open(self) -> bool:
        """Whether a quote is open after what was fed."""
        return self._at == _IN_QUOTES

    def feed(self, raw: bytes) -> None:
        """Follow the next piece."""
        steps = {
            _BEGIN: self._begin, _TEXT: self._text, _IN_QUOTES: self._in_quotes, _QUOTE: self._quote,
        }  # fmt: skip
        at = 0
        while at < len(raw):
            at = steps[self._at](raw, at)
        self._last = raw[-1:]

    def _begin(self, raw: bytes, at: int) -> int:
        quote = raw[at : at + 1] == b'"'
        self._at = _IN_QUOTES if quote else _TEXT
        return at + quote

    def _text(self, raw: bytes, at: int) -> int:
        found = raw.find(b',"', at)
        if found >= 0:
            self._at = _IN_QUOTES
            return found + 2
        self._at = _BEGIN if raw.endswith(b",") else _TEXT
        return len(raw)

    def _in_quotes(self, raw: bytes, at: int) -> int:
        found = _QUOTED.match(raw, at)
        end = found.end() if found else at
        if end < len(raw):
            self._before = raw[end - 1 : end] if end else self._last
            self._at = _QUOTE
        return end + 1

    def _quote(self, raw: bytes, at: int) -> int:
        """After a quote in quotes: it is one of two, closes the field, or is wrong.

        One that is wrong closes too, but where a field seems to begin with it: then an earlier one was never closed,
        and the field may hold line breaks.
        """
        next_ = raw[at : at + 1]
        if next_ == b'"' or (next_ not in b",\r\n" and self._before in (b",", b"\n")):
            self._at = _IN_QUOTES
        else:
            self._at = _BEGIN if next_ == b"," else _TEXT
        return at + (next_ in b'",')
