"""Where a request stands in the queue: what is due first, by its day; then what waits; then what is over.

An answer that somebody wants taken back from the log is due from the day on which they said so: everybody reads
it until a second person has looked.
"""

import datetime as dt

from amends.openness.register_events import Life

DUE, WAITING, OVER = 0, 1, 2


def place(life: Life) -> tuple[int, dt.date | None]:
    """The rank of a request, and the day by which it is due; None where nothing runs."""
    days = [one for one in (life.due, life.withdrawal and life.withdrawal.on) if one]
    if days:
        return DUE, min(days)
    return (OVER if life.over else WAITING), None
