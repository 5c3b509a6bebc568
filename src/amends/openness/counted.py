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
from amends.openness.families import Family, families
from amends.policy.offences import normalise, published
from amends.statistics.cases import Cases

NOT_KNOWN: Final = "not known"
AGES: Final = ("0-17", "18+", NOT_KNOWN)
GROUPS: Final = {
    "violence": "Violence against the person", "sexual": "Sexual offences", "robbery": "Robbery",
    "theft": "Theft offences", "damage_and_arson": "Criminal damage and arson", "drugs": "Drug offences",
    "weapons": "Possession of weapons", "public_order": "Public order offences",
    "miscellaneous": "Miscellaneous crimes", "fraud": "Fraud offences", "not_notifiable": "Not notifiable",
    NOT_KNOWN: "Not known",
}  # fmt: skip
"""The Home Office's offence groups as they are called in tables."""
ASKED_OF: Final = ("sexual",)
"""Groups that are counted where no case is of them, too, because questions ask of them alone: none is an answer."""
_NONE_OF: Final = "none of "
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
        """From the month of the first decision to that of the last; raises DisclosureError where a case has none."""
        self.cases.need(_BASE, "any answer")
        ((first, last, none),) = self.cases.rows(
            "SELECT min(decision_date), max(decision_date), count(*) FILTER (decision_date IS NULL) FROM cases"
        )
        if none or first is None:
            raise DisclosureError(
                self.cases.title, f"has {none:,} cases without a day of decision" if first else "has no cases",
                "Every case is counted by that day.",
            )  # fmt: skip
        # Whole months, so that the days of the first and the last case are not told by the letter.
        ends = (last.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return first.replace(day=1), max(last, min(ends, self.as_at))

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """The offence codes of the cases as the tables spell them, by their group, in order; not known by itself."""
        found: dict[str, set[str]] = {}
        for raw, last in self._codes:
            code = spelt(raw)
            found.setdefault(self.group_of(code, last), set()).add(code)
        for group in ASKED_OF:
            found.setdefault(group, {f"{_NONE_OF}{group}"})
        return {group: sorted(codes) for group, codes in found.items()}

    @cached_property
    def _codes(self) -> list[tuple[str, date]]:
        """Each offence code as somebody spelt it, and the last day of a decision with it."""
        return self.cases.rows(
            f"SELECT coalesce(offence_code, '{NOT_KNOWN}') AS code, max(decision_date) FROM cases "
            "GROUP BY code ORDER BY code"
        )

    @cached_property
    def strange(self) -> dict[str, int]:
        """The offence codes, as they were recorded, that no list holds, and how many cases have each; most first."""
        rows = self.cases.rows(
            "SELECT offence_code, count(*), max(decision_date) FROM cases WHERE offence_code IS NOT NULL "
            "GROUP BY offence_code ORDER BY count(*) DESC, offence_code"
        )
        return {
            code: many
            for code, many, last in rows
            if self.group_of(spelt(code), last) == NOT_KNOWN != code
        }

    @staticmethod
    def group_of(code: str, on: date) -> str:
        """The offence group of a *code* as it is *on* a day."""
        if code.startswith(_NONE_OF):
            return code.removeprefix(_NONE_OF)
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

    def families(self, answers: Path) -> tuple[Family, ...]:
        """The families of attributes of which it tells; *answers* is where a force lists labels of its own."""
        return families(self.cases.columns, answers)

    def tells(self, attribute: str) -> bool:
        """Whether *attribute* may be told, as far as other editions go: always, where there is none before."""
        return True

    def history(self, snapshot: Snapshot, family: Family | None = None) -> list[Release]:
        """What was told of *snapshot* before any answer: what earlier editions told."""
        return []

    @cached_property
    def names(self) -> dict[str, str]:
        """What each offence code is called."""
        found = {}
        for code in (code for codes in self.groups.values() for code in codes):
            row = published().find(code, self.span[1]) if code != NOT_KNOWN else None
            other = GROUPS[code.removeprefix(_NONE_OF) if code.startswith(_NONE_OF) else NOT_KNOWN]
            found[code] = f"{row.name} ({code})" if row else other
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
        counts = Counter[Leaf]()
        for day, code, age, many in rows:
            counts[at[0][day.isoformat()], at[1][spelt(code)], at[2][age]] += many
        return Snapshot(self.id, "cases", dimensions, counts)

    def says(self, unit: str, period: tuple[date, date]) -> Iterator[str]:
        """How it was counted, for a letter: of which unit and days, and as at when."""
        yield (
            f"The figures count {unit}, by the day of the decision, from {said(period[0])} to "
            f"{said(period[1])}. They are as the records stood on {said(self.as_at)}; records that change "
            "afterwards are not in them."
        )

    def cube(self, family: Family, rows: Sequence["Row"]) -> Snapshot:
        """The cases by *rows* and a *family* of attributes, as a snapshot of its own: no label but what is listed."""
        self.cases.need(family.needs, f"the attribute {family.name}")
        labels = ", ".join(
            f"({one.sql})::VARCHAR AS a{at}" for at, one in enumerate(family.members)
        )
        found = self.cases.rows(
            f"SELECT {self._row_sql(rows)} AS r, {labels}, count(*) FROM cases GROUP BY ALL ORDER BY ALL"
        )
        counts = family.listed((row, tuple(told), many) for row, *told, many in found)
        dimensions = (
            Dimension("row", tuple(one.code for one in rows)),
            Dimension(family.name, family.ordered({code for _, code in counts})),
        )
        at = [one.places for one in dimensions]
        leaves: dict[Leaf, int] = {
            (at[0][row], at[1][code]): many for (row, code), many in counts.items()
        }
        return Snapshot(f"{self.id}-{family.name}", "cases", dimensions, leaves)

    def _row_sql(self, rows: Sequence["Row"]) -> str:
        """SQL for the code of the row that a case is in."""
        raw: dict[str, list[str]] = {}
        for code, _ in self._codes:
            raw.setdefault(spelt(code), []).append(code)
        cases = []
        for one in rows:
            own = [quoted_text(code) for known in one.offences for code in raw.get(known, ())]
            if own:
                cases.append(
                    f"WHEN decision_date BETWEEN DATE '{one.start}' AND DATE '{one.end}' "
                    f"AND coalesce(offence_code, '{NOT_KNOWN}') IN ({', '.join(own)}) THEN {quoted_text(one.code)}"
                )
        return f"CASE {' '.join(cases)} END"


_AGE: Final = f"CASE WHEN offender_age IS NULL THEN '{NOT_KNOWN}' WHEN offender_age < 18 THEN '0-17' ELSE '18+' END"


def spelt(code: str) -> str:
    """An offence *code* as the tables spell it, so that 22/12 and 022/12 are one; any other as it is."""
    return normalise(code) or code


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the partition by which attributes are counted: a financial year, and offence codes of it."""

    code: str
    label: str
    year: str
    start: date
    end: date
    offences: tuple[str, ...]


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
