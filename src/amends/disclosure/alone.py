"""One at a time in a folder: of a memory of answers, or a store, that two changed at once each half would be wrong."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(folder: Path, busy: Exception) -> Iterator[None]:
    """The *folder*, which is there, with nobody else in it meanwhile; raises *busy* where somebody is.

    Nobody waits: whoever comes second is told, and looks at what the first made. The lock is the system's own on
    the folder, and is gone with the process that holds it, however that ends.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise busy from None
        yield
    finally:
        os.close(handle)
