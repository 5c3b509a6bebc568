"""Writing a file whole or not at all."""

import os
import tempfile
from pathlib import Path


class CannotWrite(OSError):
    """A file that could not be written; nothing of it was."""


def check_new(path: Path, replace: bool) -> None:
    """Raise CannotWrite where *path* is a file that is there already and may not be written over."""
    if path.is_file() and not replace:
        raise CannotWrite(f"{path}: It is there already. Name another file, or add --replace.")


def write_whole(path: Path, text: str) -> None:
    """Write *text* to *path*; where that fails, what was there before is left as it was.

    Raises CannotWrite, which names the file and why.
    """
    try:
        if path.exists() and not path.is_file():  # a terminal, a pipe: nothing to leave as it was
            path.write_text(text, "utf-8")
        else:
            _replace(path, text)
    except OSError as error:
        raise CannotWrite(f"{path}: It cannot be written: {error.strerror}.") from None


def _replace(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=".amends-", delete=False
    ) as held:
        new = Path(held.name)
        try:
            held.write(text)
            held.flush()
            new.chmod(0o666 & ~_mask())
            new.replace(path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
