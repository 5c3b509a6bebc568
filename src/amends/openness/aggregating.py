"""Which requests may be added up when their cost is estimated: regulation 5 of the Regulations of 2004."""

from bisect import bisect_right
from collections.abc import Sequence

from amends.openness.clock import Calendar, calendar
from amends.openness.cost import Request
from amends.openness.exemptions import limit


def near_enough(
    request: Request, others: Sequence[Request], *, by: Calendar | None = None
) -> tuple[Request, ...]:
    """Those of *others* received within the period of working days in which requests are added up.

    The period has 60 consecutive working days, and the day of receipt that is earlier is its first. Raises
    OutsideCalendar where a day is not known. Source: regulation 5(2)(b), SI 2004/3244, as reported.
    """
    days = by or calendar()
    most = limit(request.received).aggregation_days
    here = _place(request, days)
    return tuple(one for one in others if abs(_place(one, days) - here) < most)


def _place(request: Request, days: Calendar) -> int:
    """How many working days there were up to the day of receipt, it included."""
    return bisect_right(days.working, days.inside(request.received))
