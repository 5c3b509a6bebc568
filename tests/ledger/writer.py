"""A writer that is killed, again and again, while it enters and sequences; for test_faults.

It prints, as JSON, the marks of everything that was acknowledged: committed, and told to the parent.
"""

import json
import os
import random
import select
import signal
import sys
import time
from pathlib import Path


def write(acknowledge: int, number: int, folder: Path) -> None:
    """Enter events for ever, sequence now and then, and acknowledge what was committed."""
    from django.db import transaction

    from amends.ledger.book import enter
    from amends.ledger.notes import Signer
    from amends.ledger.sequencing import sequence

    key = Signer("invented.example/ledger", bytes(range(32)))
    event = 0
    while True:
        mark = f"{number}-{event}"
        with transaction.atomic():
            enter(
                force="invented", case=f"INV/{event % 3}", kind="cases.note", by="p-1",
                payload={"mark": mark},
            )  # fmt: skip
        os.write(acknowledge, f"{mark}\n".encode())
        event += 1
        if event % 4 == 0:
            sequence(folder, key)


def killed(number: int, folder: Path, chance: random.Random) -> bytes:
    """Let a writer run for a moment, and kill it; what it had acknowledged."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        try:
            write(theirs, number, folder)
        except BaseException as error:
            os.write(2, f"writer {number}: {error!r}\n".encode())
            os.write(theirs, b"failed\n")
        os._exit(1)
    os.close(theirs)
    select.select([ours], [], [], 30)  # until it has acknowledged something
    time.sleep(chance.uniform(0, 0.1))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told = b""
    while part := os.read(ours, 65536):
        told += part
    os.close(ours)
    return told[: told.rfind(b"\n") + 1]


def main(times: int, folder: Path) -> None:
    import django

    django.setup()
    chance = random.Random(5)
    marks = b"".join(killed(number, folder, chance) for number in range(times))
    print(json.dumps(marks.decode().split()))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
