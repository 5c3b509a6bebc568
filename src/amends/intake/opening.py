"""Opening a file that came from elsewhere: plain or gzip, its digest, and how much it may unfold to."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

from amends.intake.errors import IntakeError
from amends.intake.recoding import LONGEST_MARK, UTF_8, Lines, Recoded, encoding

MOST_UNFOLDED: Final = 200
"""So many times the size of a compressed file it may unfold to: text folds 5 to 20 times."""
FREE: Final = 64 * 2**20
"""Bytes that any file may unfold to."""
_PIECE: Final = 2**20


def digest(path: Path) -> str:
    """SHA-256 of the file at *path*, read piece by piece."""
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                found.update(piece)
    except OSError as error:
        raise IntakeError(str(path), error.strerror or "cannot be read") from None
    return found.hexdigest()


@contextmanager
def opened(path: Path, declared: str = "") -> Iterator[Lines]:
    """The lines of the file at *path* in UTF-8, unfolded where its name ends in .gz.

    They are recoded where another encoding is *declared*, or where a byte-order mark says so. Raises IntakeError
    where it cannot be read, is cut short, contradicts what is declared, or unfolds to more than is believable.
    """
    try:
        with path.open("rb") as raw:
            if path.suffix != ".gz":
                yield _recoded(raw, raw.peek(LONGEST_MARK), declared, path)
                return
            with gzip.GzipFile(fileobj=raw) as file:
                most = max(FREE, MOST_UNFOLDED * path.stat().st_size)
                limited = _Limited(cast(Lines, file), path, most)
                yield _recoded(limited, file.peek(LONGEST_MARK), declared, path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise IntakeError(str(path), f"is damaged: {error}", "Fetch it again.") from None
    except OSError as error:
        raise IntakeError(str(path), error.strerror or "cannot be read") from None


def _recoded(file: Lines, start: bytes, declared: str, path: Path) -> Lines:
    found = encoding(start, declared, str(path))
    return file if found == UTF_8 else Recoded(file, found, str(path))


class _Limited:
    """A file that stops with an error where it unfolds to more than *most* bytes."""

    def __init__(self, file: Lines, path: Path, most: int) -> None:
        self._file, self._path, self._left = file, path, most

    def readline(self, limit: int = -1, /) -> bytes:
        found = self._file.readline(limit)
        self._left -= len(found)
        if self._left < 0:
            raise IntakeError(
                str(self._path), f"unfolds to more than {MOST_UNFOLDED} times its size",
                "It may be made to fill the disk. Unfold it yourself, and look at it.",
            )  # fmt: skip
        return found
