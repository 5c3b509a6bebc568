"""What questions are counted from: the frozen counts of one source by day, offence and age, and by attribute."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Release
from amends.disclosure.snapshots import Dimension, Leaf, Snapshot
from amends.intake.quoting import quoted_text
from amends.openness.questions import Attribute
from amends.policy.offences import published
from amends.statistics.cases import Cases

NOT_KNOWN: Final = "not known"
NOT_LISTED: Final = "not known or not listed"
"""The label of cases whose own label is not listed, and then of those too of which it is not known."""
AGES: Final = ("0-17", "18+", NOT_KNOWN)
GROUPS: Final = {
    "violence": "Violence against the person", "sexual": "Sexual offences", "robbery": "Robbery",
    "theft": "Theft offences", "damage_and_arson": "Criminal damage and arson", "drugs": "Drug offences",
    "weapons": "Possession of weapons", "public_order": "Public order offences",
    "miscellaneous": "Miscellaneous crimes", "fraud": "Fraud offences", "not_notifiable": "Not notifiable",
    NOT_KNOWN: "Not known",
}  # fmt: skip
"""The Home Office's offence groups as they are called in tables."""
_BASE: Final = ("decision_date", "offence_code", "offender_age")


@dataclass(frozen=True)
class Source:
    """Cases as at a day, under a name that releases are filed by; whether all of them are invented.

    `publisher` and `contact` stand in what is published from them.
    """

    name: str
    cases: Cases
    as_at: date
    invented: bool
    publisher: str
    contact: str

    @property
    def id(self) -> str:
        """The id of its snapshots."""
        return f"{self.name}-{self.as_at.isoformat()}"

    @cached_property
    def span(self) -> tuple[date, date]:
        """The first and the last day of a decision; raises DisclosureError where a case has none."""
        self.cases.need(_BASE, "any answer")
        ((first, last, none),) = self.cases.rows(
            "SELECT min(decision_date), max(decision_date), count(*) FILTER (decision_date IS NULL) FROM cases"
        )
        if none or first is None:
            raise DisclosureError(
                self.cases.title, f"has {none:,} cases without a day of decision" if first else "has no cases",
                "Every case is counted by that day.",
            )  # fmt: skip
        return first, last

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """The offence codes of the cases, by their group, in order; not known by itself."""
        rows = self.cases.rows(
            f"SELECT coalesce(offence_code, '{NOT_KNOWN}') AS code, max(decision_date) FROM cases "
            "GROUP BY code ORDER BY code"
        )
        found: dict[str, list[str]] = {}
        for code, last in rows:
            found.setdefault(self.group_of(code, last), []).append(code)
        return found

    @staticmethod
    def group_of(code: str, on: date) -> str:
        """The offence group of a *code* as it is *on* a day."""
        row = None if code == NOT_KNOWN else published().find(code, on)
        return (row.group if row else None) or NOT_KNOWN

    @property
    def now(self) -> Mapping[str, frozenset[str]]:
        """What of the snapshots is counted: all, unless they tell editions apart."""
        return {}

    @property
    def fixed(self) -> tuple["Row", ...]:
        """Rows that are fixed already, by an earlier edition."""
        return ()

    def tells(self, attribute: str) -> bool:
        """Whether *attribute* may be told, as far as other editions go: always, where there is none before."""
        return True

    def history(self, snapshot: Snapshot, attribute: str = "") -> list[Release]:
        """What was told of *snapshot* before any answer: what earlier editions told."""
        return []

    @cached_property
    def names(self) -> dict[str, str]:
        """What each offence code is called."""
        found = {}
        for code in (code for codes in self.groups.values() for code in codes):
            row = published().find(code, self.span[1]) if code != NOT_KNOWN else None
            found[code] = f"{row.name} ({code})" if row else GROUPS[NOT_KNOWN]
        return found

    @cached_property
    def base(self) -> Snapshot:
        """The cases by day of decision, offence code and age of the person responsible."""
        days = tuple(one.isoformat() for one in _days(*self.span))
        codes = tuple(code for group in self.groups.values() for code in group)
        dimensions = (Dimension("day", days), Dimension("offence", codes), Dimension("age", AGES))
        rows = self.cases.rows(
            f"SELECT decision_date, coalesce(offence_code, '{NOT_KNOWN}'), {_AGE}, count(*) FROM cases GROUP BY ALL"
        )
        at = [one.places for one in dimensions]
        counts: dict[Leaf, int] = {
            (at[0][day.isoformat()], at[1][code], at[2][age]): many for day, code, age, many in rows
        }
        return Snapshot(self.id, "cases", dimensions, counts)

    def says(self, unit: str, period: tuple[date, date]) -> Iterator[str]:
        """How it was counted, for a letter: of which unit and days, and as at when."""
        yield (
            f"The figures count {unit}, by the day of the decision, from {said(period[0])} to "
            f"{said(period[1])}. They are as the records stood on {said(self.as_at)}; records that change "
            "afterwards are not in them."
        )

    def cube(self, attribute: Attribute, rows: Sequence["Row"]) -> Snapshot:
        """The cases by *rows* and by an *attribute*, as a snapshot of its own: no label but what it lists."""
        self.cases.need(attribute.needs, f"the attribute {attribute.name}")
        found = self.cases.rows(
            f"SELECT {_row_of(rows)} AS r, ({attribute.sql})::VARCHAR AS label, count(*) "
            "FROM cases GROUP BY ALL ORDER BY ALL"
        )
        strange = any(label not in attribute.labels for _, label, _ in found)
        told = {one: one for one in attribute.labels} | ({NOT_KNOWN: NOT_LISTED} if strange else {})
        counts = Counter[tuple[str, str]]()
        for row, label, many in found:
            counts[row, told.get(label, NOT_LISTED)] += many
        last = (NOT_KNOWN, NOT_LISTED)
        labels = tuple(sorted({label for _, label in counts}, key=lambda one: (one in last, one)))
        dimensions = (
            Dimension("row", tuple(one.code for one in rows)), Dimension(attribute.name, labels),
        )  # fmt: skip
        at = [one.places for one in dimensions]
        leaves: dict[Leaf, int] = {
            (at[0][row], at[1][label]): many for (row, label), many in counts.items()
        }
        return Snapshot(f"{self.id}-{attribute.name}", "cases", dimensions, leaves)


_AGE: Final = f"CASE WHEN offender_age IS NULL THEN '{NOT_KNOWN}' WHEN offender_age < 18 THEN '0-17' ELSE '18+' END"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the partition by which attributes are counted: a financial year, and offence codes of it."""

    code: str
    label: str
    year: str
    start: date
    end: date
    offences: tuple[str, ...]


def _row_of(rows: Sequence[Row]) -> str:
    """SQL for the code of the row that a case is in."""
    cases = []
    for one in rows:
        codes = ", ".join(quoted_text(code) for code in one.offences)
        cases.append(
            f"WHEN decision_date BETWEEN DATE '{one.start}' AND DATE '{one.end}' "
            f"AND coalesce(offence_code, '{NOT_KNOWN}') IN ({codes}) THEN {quoted_text(one.code)}"
        )
    return f"CASE {' '.join(cases)} END"


def financial_years(first: date, last: date) -> list[tuple[str, date, date]]:
    """The financial years, or parts of them, from *first* to *last*: what each is called, and its ends."""
    found, start = [], first
    while start <= last:
        year = start.year - (start.month < 4)
        whole = date(year, 4, 1), date(year + 1, 3, 31)
        end = min(whole[1], last)
        label = f"{year}/{(year + 1) % 100:02}"
        found.append((label if (start, end) == whole else _part(start, end), start, end))
        start = end + timedelta(days=1)
    return found


def calendar_years(first: date, last: date) -> list[tuple[str, date, date]]:
    """The calendar years, or parts of them, from *first* to *last*, likewise."""
    found, start = [], first
    while start <= last:
        whole = date(start.year, 1, 1), date(start.year, 12, 31)
        end = min(whole[1], last)
        found.append((str(start.year) if (start, end) == whole else _part(start, end), start, end))
        start = end + timedelta(days=1)
    return found


def months(first: date, last: date) -> list[tuple[str, date, date]]:
    """The months, or parts of them, from *first* to *last*, likewise."""
    found, start = [], first
    while start <= last:
        after = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        end = min(after - timedelta(days=1), last)
        whole = start.day == 1 and end == after - timedelta(days=1)
        found.append((f"{start:%B %Y}" if whole else _part(start, end), start, end))
        start = end + timedelta(days=1)
    return found


def said(day: date) -> str:
    """A day in words."""
    return f"{day.day} {day:%B %Y}"


def _part(start: date, end: date) -> str:
    return f"{said(start)} to {said(end)}"


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def codes_of(start: date, end: date) -> frozenset[str]:
    """The codes of the days from *start* to *end*."""
    return frozenset(one.isoformat() for one in _days(start, end))


def named(path: Path) -> str:
    """What a source is called after its file: small letters, digits and hyphens."""
    plain = "".join(one if one.isalnum() else "-" for one in path.stem.lower())
    return "-".join(filter(None, plain.split("-"))) or "cases"


def totals(snapshot: Snapshot, dimension: str) -> Mapping[str, int]:
    """How many *snapshot* counts of each code of a *dimension*."""
    at = [one.name for one in snapshot.dimensions].index(dimension)
    found = dict.fromkeys(snapshot.dimensions[at].codes, 0)
    for leaf, count in snapshot.counts.items():
        found[snapshot.dimensions[at].codes[leaf[at]]] += count
    return found
