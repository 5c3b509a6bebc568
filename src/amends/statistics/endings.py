"""What became of resolutions, and what victims said of them: what is not known is shown, and is not no."""

from collections.abc import Sequence
from typing import Final

from amends.disclosure.tables import Raw
from amends.statistics.cases import NOT_KNOWN, Cases, name
from amends.statistics.disproportionality import AT_LEAST
from amends.statistics.rates import rates

KEPT: Final = ("completed", "completed_after_change")
ENDED: Final = (*KEPT, "not_completed")
COMPLETION: Final = (*ENDED, "still_running", NOT_KNOWN)
ANSWERS: Final = ("satisfied", "neither", "dissatisfied")
NOT_ASKED, NO_ANSWER = "not asked", "asked, no answer known"
FEEDBACK: Final = (*ANSWERS, NO_ANSWER, NOT_ASKED, NOT_KNOWN)
_FEEDBACK_SQL: Final = (
    "CASE WHEN feedback IS NOT NULL THEN feedback "
    f"WHEN feedback_asked THEN '{NO_ANSWER}' WHEN NOT feedback_asked THEN '{NOT_ASKED}' END"
)


def completion(cases: Cases, by: Sequence[str] = ()) -> Raw:
    """How each case ended, in each group of the columns *by*: every ending in COMPLETION, also where it is 0.

    Raises DisclosureError where a column is not there.
    """
    cases.need(("completion", *by), "counting how cases ended")
    note = "Still running and not known are neither kept nor broken."
    return _spread(cases, by, "completion", "completion", COMPLETION, note)


def completion_rate(table: Raw, *, at_least: int = AT_LEAST) -> Raw:
    """Of the cases of a table of `completion` that are known to have ended, the rate that were kept."""
    called = ("completed", "known to have ended")
    return rates(table, "completion", of=KEPT, base=ENDED, called=called, at_least=at_least)


def feedback(cases: Cases, by: Sequence[str] = ()) -> Raw:
    """What victims answered, in each group of the columns *by*: every answer in FEEDBACK, also where it is 0.

    Raises DisclosureError where a column is not there.
    """
    cases.need(("feedback", "feedback_asked", *by), "counting what victims said")
    note = "One answer for each case; a victim who was not asked is not one who was dissatisfied."
    return _spread(cases, by, "feedback", _FEEDBACK_SQL, FEEDBACK, note)


def satisfaction_rate(table: Raw, *, at_least: int = AT_LEAST) -> Raw:
    """Of the answers in a table of `feedback`, the rate that were satisfied."""
    called = ("satisfied", "answers given")
    return rates(
        table, "feedback", of=("satisfied",), base=ANSWERS, called=called, at_least=at_least
    )


def response_rate(table: Raw, *, at_least: int = AT_LEAST) -> Raw:
    """Of the victims known to have been asked in a table of `feedback`, the rate that are known to have answered."""
    called = ("answered", "known to have been asked")
    base = (*ANSWERS, NO_ANSWER)
    return rates(table, "feedback", of=ANSWERS, base=base, called=called, at_least=at_least)


def _spread(
    cases: Cases, by: Sequence[str], column: str, sql: str, values: Sequence[str], note: str
) -> Raw:
    """Counts of every value of *values* in every group; a value that is not one of them is shown too."""
    groups = [f"coalesce({name(one)}::VARCHAR, '{NOT_KNOWN}')" for one in by]
    keys = ", ".join([*groups, f"coalesce({sql}, '{NOT_KNOWN}')"])
    found = {
        tuple(row[:-1]): int(row[-1])
        for row in cases.rows(f"SELECT {keys}, count(*) FROM cases GROUP BY ALL")
    }
    seen = [*values, *sorted({key[-1] for key in found} - set(values))]
    places = sorted({key[:-1] for key in found})
    rows = tuple(
        (*place, value, found.get((*place, value), 0)) for place in places for value in seen
    )
    title = f"Cases by {' and '.join([*by, column])}"
    return Raw(title=title, unit="cases", columns=(*by, column, "count"), rows=rows, note=note)
