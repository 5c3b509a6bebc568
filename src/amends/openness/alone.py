"""One answer at a time from one memory: what is told now is judged with all that was told before, or it leaks."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amends.disclosure.errors import DisclosureError


@contextmanager
def alone(memory: Path) -> Iterator[None]:
    """The folder *memory*, made where it is not there, with nobody else answering from it meanwhile.

    Raises DisclosureError where somebody does: two answers that know nothing of each other may be subtracted.
    """
    memory.mkdir(parents=True, exist_ok=True)
    handle = os.open(memory, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DisclosureError(
                str(memory), "is being answered from by somebody else", "Wait until that is done."
            ) from None
        yield
    finally:
        os.close(handle)
