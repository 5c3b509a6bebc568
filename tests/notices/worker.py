"""Workers that are killed, again and again, while they send; for test_faults.

When all were killed, two are let live until nothing waits. It prints how many messages the killed ones left
behind half sent.
"""

import datetime as dt
import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

WORKERS, PATIENCE = 2, 1500


def pace():
    """As the workers' own, but in seconds."""
    from amends.notices.outbox import Pace

    def seconds(number: float) -> dt.timedelta:
        return dt.timedelta(seconds=number)

    return Pace(
        first=seconds(0.02), longest=seconds(0.1), tries=200, settling=seconds(1), lease=seconds(3)
    )


def work(url: str, until_empty: bool) -> None:
    """Send for ever, or until nothing waits."""
    from amends.notices.models import OPEN, Message
    from amends.notices.outbox import deliver
    from amends.notices.sending import Folder, Notify
    from support.notify import Server

    told = Server()
    told.url = url
    sender = Notify(told.account, Folder(Path(tempfile.gettempdir()) / "never-used"), timeout=0.2)
    patience, quick = time.monotonic() + PATIENCE, pace()
    while time.monotonic() < patience:
        if deliver(sender, dt.datetime.now(tz=dt.UTC), pace=quick):
            continue
        if until_empty and not Message.objects.filter(state__in=OPEN).exists():
            return
        time.sleep(0.01)
    raise TimeoutError("the outbox never became empty")


def started(url: str, until_empty: bool = False) -> int:
    """A worker of its own; its process."""
    child = os.fork()
    if child:
        return child
    try:
        work(url, until_empty)
        os._exit(0)
    except BaseException as error:
        os.write(2, f"worker: {error!r}\n".encode())
        os._exit(1)


def main(times: int, url: str) -> None:
    import django
    from django.db import connection

    django.setup()
    import notifications_python_client.notifications  # noqa: F401 (once, and not in every worker)

    from amends.notices.models import SENDING, Message

    chance, left = random.Random(7), set()
    for _ in range(times // WORKERS):
        workers = [started(url) for _ in range(WORKERS)]
        time.sleep(chance.uniform(0.1, 0.4))
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
        # Nobody lives who could be sending, so whoever was did not end it.
        left |= set(Message.objects.filter(state=SENDING).values_list("pk", "tries"))
        connection.close()  # a fork has none of its parent's
    last = [started(url, True) for _ in range(WORKERS)]
    fine = all(os.waitpid(worker, 0)[1] == 0 for worker in last)
    print(json.dumps({"fine": fine, "left": len(left)}))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main(int(sys.argv[1]), sys.argv[2])
