"""Where a request stands in the queue: what is due first, by its day; then what waits; then what is over."""

import datetime as dt

from amends.openness.register_events import Life

DUE, WAITING, OVER = 0, 1, 2


def place(life: Life) -> tuple[int, dt.date | None]:
    """The rank of a request, and the day by which it is due; None where nothing runs."""
    if life.due is not None:
        return DUE, life.due
    return (OVER if life.over else WAITING), None
