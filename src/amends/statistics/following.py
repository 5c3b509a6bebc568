"""Re-offending counted over cases: proven within its windows, and the days until the next offence."""

from collections.abc import Sequence
from typing import Final

from amends.disclosure.tables import Raw
from amends.statistics.cases import NOT_KNOWN, Cases, name
from amends.statistics.disproportionality import AT_LEAST
from amends.statistics.rates import rates
from amends.statistics.reoffending import FOLLOW_UP, PROVEN_BY, Step, kaplan_meier

PROVEN, NOT_PROVEN = "proven", "none proven"
TOO_SHORT: Final = "followed for too short a time"
_COLUMNS: Final = ("decision_date", "next_offence_on", "next_offence_proven_on", "followed_until")
_AFTER: Final = "next_offence_on - decision_date"
_ANSWER: Final = (
    f"CASE WHEN decision_date IS NULL OR followed_until IS NULL THEN '{NOT_KNOWN}' "
    f"WHEN followed_until - decision_date < {PROVEN_BY} THEN '{TOO_SHORT}' "
    f"WHEN {_AFTER} > 0 AND {_AFTER} <= {FOLLOW_UP} AND next_offence_proven_on >= next_offence_on "
    f"AND next_offence_proven_on - decision_date <= {PROVEN_BY} THEN '{PROVEN}' "
    f"ELSE '{NOT_PROVEN}' END"
)
WARNING: Final = (
    "A community resolution is not a conviction and proves no offence. People given one differ from people charged: "
    "a difference between them is not an effect."
)

_FIRST: Final = "Only the next offence is looked at: a later one that was proven is not seen."


def proven_reoffending(cases: Cases, by: Sequence[str] = ()) -> Raw:
    """How many cases were followed by proven re-offending (as `reoffending.proven` says), by the columns *by*.

    Whoever was followed for less than 547 days is counted apart: of them only the proven would be
    known. Raises DisclosureError where a column is not there.
    """
    cases.need((*_COLUMNS, *by), "counting proven re-offending")
    groups = [f"coalesce({name(one)}::VARCHAR, '{NOT_KNOWN}')" for one in by]
    found = {
        tuple(row[:-1]): int(row[-1])
        for row in cases.rows(
            f"SELECT {', '.join([*groups, _ANSWER])}, count(*) FROM cases GROUP BY ALL"
        )
    }
    values = (PROVEN, NOT_PROVEN, TOO_SHORT, NOT_KNOWN)
    return Raw(
        title=f"Cases by {' and '.join([*by, 're-offending'])}",
        unit="cases",
        columns=(*by, "re-offending", "count"),
        rows=tuple(
            (*place, value, found.get((*place, value), 0))
            for place in sorted({key[:-1] for key in found})
            for value in values
        ),
        note=f"{_FIRST} {WARNING}",
    )


def proven_rate(table: Raw, *, at_least: int = AT_LEAST) -> Raw:
    """Of the cases of a table of `proven_reoffending` that were followed for long enough, the rate proven."""
    called = ("proven to have re-offended", "followed for long enough")
    return rates(
        table,
        "re-offending",
        of=(PROVEN,),
        base=(PROVEN, NOT_PROVEN),
        called=called,
        at_least=at_least,
    )


def time_to_offence(cases: Cases) -> tuple[Raw, list[Step]]:
    """The days from the decision to the next offence: counts of each day, and the Kaplan-Meier estimate.

    Whoever had none by `followed_until` is only followed until then. The counts are those of single
    people, and the steps as exact: neither may leave unprotected. Raises DisclosureError where a
    column is not there.
    """
    cases.need(_COLUMNS, "the time to the next offence")
    happened = "next_offence_on IS NOT NULL AND next_offence_on <= followed_until"
    rows = cases.rows(
        f"SELECT day, h, count(*) FROM (SELECT {happened} AS h, "
        f"CASE WHEN {happened} THEN next_offence_on ELSE followed_until END - decision_date AS day "
        "FROM cases WHERE followed_until >= decision_date) WHERE day >= 0 GROUP BY ALL ORDER BY ALL"
    )
    times = [float(day) for day, _, count in rows for _ in range(count)]
    events = [bool(event) for _, event, count in rows for _ in range(count)]
    table = Raw(
        title="Days to the next offence",
        unit="cases",
        columns=("days", "next offence", "count"),
        rows=tuple(
            (str(day), "yes" if event else "none until then", int(n)) for day, event, n in rows
        ),
        note=WARNING,
    )
    return table, kaplan_meier(times, events)
