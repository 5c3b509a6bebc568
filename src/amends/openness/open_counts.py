"""What questions on open data are counted from: the published rows of one force, and the crimes that they are of."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar, Final

import duckdb

from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Category
from amends.disclosure.snapshots import Dimension, Snapshot
from amends.intake.joining import RESOLUTION
from amends.intake.layouts import Layout, layout
from amends.intake.months import missing, spans
from amends.intake.store import WHOLE, Held
from amends.openness.counted import said
from amends.policy.library import published as forces_known

NONE: Final = "none stated"
"""Stands for an outcome, a month or a crime type that no row states."""
JOINED: Final = "+"
"""Between the months of a crime that is listed in several."""
UNITS: Final = {"rows": "rows", "crimes": "distinct crimes"}
_OPEN_ENDED: Final = ("unknown", "under_investigation")


@dataclass(frozen=True)
class OpenData:
    """Rows of data.police.uk of one force, as a store holds them, under the name that releases are filed by.

    `publisher` and `contact` are of whoever answers from them, which need not be the force.
    """

    name: str
    held: Held
    force: str
    publisher: str
    contact: str
    invented: ClassVar[bool] = False

    @property
    def id(self) -> str:
        """The beginning of the ids of its snapshots."""
        return f"{self.name}-{self.held.layout}-{self.force}-{self.held.as_at}"

    @property
    def as_at(self) -> date:
        """The day as at which the newest of the files was."""
        return date.fromisoformat(self.held.as_at)

    @cached_property
    def layout(self) -> Layout:
        """How the files are laid out; raises DisclosureError where the store was filled by another version."""
        found = layout(self.held.layout)
        if found.version != self.held.version:
            raise DisclosureError(
                self.held.place, f"is by version {self.held.version} of {found.name}",
                "Import the files anew, into a new store.",
            )  # fmt: skip
        return found

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What *sql* gives of `listed`: its month, label, meaning, crime, crime_type, source and line."""
        label = self.layout.column(self.layout.outcome).held
        names = {one.held for one in self.layout.columns}
        kind = f"coalesce(crime_type, '{NONE}')" if "crime_type" in names else f"'{NONE}'"
        with _reading(self.held) as duck:
            return duck.execute(
                f"WITH listed AS (SELECT month, {label} AS label, outcome AS meaning, crime_id AS crime, "
                f"{kind} AS crime_type, source, line FROM every WHERE force_slug = $force) {sql}",
                {"force": self.force},
            ).fetchall()

    @cached_property
    def base(self) -> Snapshot:
        """The rows by month, crime type, and outcome as it is labelled."""
        found = self.rows(
            f"SELECT month, crime_type, coalesce(label, '{NONE}'), count(*) FROM listed GROUP BY ALL"
        )
        if not found:
            raise DisclosureError(self.held.place, f"has no row of the force {self.force}")
        return _snapshot(
            f"{self.id}-rows", UNITS["rows"], ("month", "crime_type", "outcome"), found
        )

    @cached_property
    def crimes(self) -> Snapshot:
        """The crimes with an outcome: by the months of all, the months of resolutions, and crime type.

        A crime listed in two months has a code for both, and is counted in either and once in all. Its type is
        that of its first resolution, or else of its first row.
        """
        months = f"string_agg(DISTINCT month, '{JOINED}' ORDER BY month)"
        settled, first = f"FILTER (meaning = '{RESOLUTION}')", "(month, source, line)"
        found = self.rows(
            f"SELECT stated, coalesce(resolved, '{NONE}'), crime_type, count(*) FROM ("
            f"SELECT {months} AS stated, {months} {settled} AS resolved, "
            f"coalesce(arg_min(crime_type, {first}) {settled}, arg_min(crime_type, {first})) AS crime_type "
            f"FROM listed WHERE crime IS NOT NULL AND label IS NOT NULL GROUP BY crime) GROUP BY ALL"
        )
        names = ("stated", "resolved", "crime_type")
        return _snapshot(f"{self.id}-crimes", UNITS["crimes"], names, found)

    def told_of(self, period: tuple[date, date]) -> str:
        """Of which force and which months the figures are, in words."""
        first, last = (named(f"{day:%Y-%m}") for day in period)
        months = first if first == last else f"{first} to {last}"
        return f"The figures are of {forces_known().forces.get(self.force, self.force)}, {months}."

    def snapshot(self, count: str) -> Snapshot:
        """That of *count*: rows, or crimes."""
        return self.base if count == "rows" else self.crimes

    @cached_property
    def months(self) -> tuple[str, ...]:
        """The months that there are rows of, in order."""
        return self.base.by_name["month"].codes

    def meaning(self, label: str) -> str:
        """What the layout says that the outcome *label* means; empty where it says nothing."""
        return self.layout.labels.get(label, "")

    @cached_property
    def unnumbered(self) -> bool:
        """Whether a row of a resolution has no Crime ID, and so is of no crime that can be told."""
        ((many,),) = self.rows(
            f"SELECT count(*) FROM listed WHERE meaning = '{RESOLUTION}' AND crime IS NULL"
        )
        return bool(many)

    def within(self, period: tuple[date, date] | None) -> tuple[date, date]:
        """*period*, or all there is; raises DisclosureError where it cuts a month, or lies outside."""
        first, last = _first(self.months[0]), _last(self.months[-1])
        start, end = period or (first, last)
        place = f"the period {start} to {end}"
        if start > end:
            raise DisclosureError(place, "ends before it begins", "Write 2018-01-01..2018-12-31.")
        if start.day != 1 or end != _last(f"{end:%Y-%m}"):
            raise DisclosureError(place, "cuts a month", "Open data are of whole months.")
        if start < first or end > last or not self.held_in((start, end)):
            raise DisclosureError(
                place, "is not within the months held", f"They are from {first} to {last}."
            )
        return start, end

    def held_in(self, period: tuple[date, date]) -> tuple[str, ...]:
        """The months held of *period*."""
        return tuple(one for one in self.months if period[0] <= _first(one) <= period[1])

    def missing_in(self, period: tuple[date, date]) -> tuple[str, ...]:
        """The months of *period* that are not held."""
        ends = (f"{period[0]:%Y-%m}", f"{period[1]:%Y-%m}")
        held = self.held_in(period)
        return tuple(one for one in {*missing([*held, *ends]), *ends} if one not in held)

    def says(self, unit: str, period: tuple[date, date]) -> Iterator[str]:
        """How it was counted, for a letter: of which unit, which months, as at when, and what is missing."""
        days = sorted({one.as_at for one in self.held.files})
        stood = " and ".join(
            said(date.fromisoformat(day)) for day in dict.fromkeys((days[0], days[-1]))
        )
        between = f"between {stood}" if len(days) > 1 else f"on {stood}"
        yield (
            f"The figures count {unit}, by the month in which data.police.uk lists them, of the force "
            f"{self.force}, from {said(period[0])} to {said(period[1])}. They are as the files stood {between}; "
            "outcomes that came afterwards are not in them."
        )
        if not self.missing_in(period):
            yield self.gaps(period)
        if self.unnumbered:
            yield "Some rows have no Crime ID: they are among the rows, and among no crimes."

    def gaps(self, period: tuple[date, date]) -> str:
        """The months missing of *period*, named."""
        gone = self.missing_in(period)
        if not gone:
            return "No month is missing between the first and the last."
        runs = [" to ".join(map(named, dict.fromkeys(ends))) for ends in spans(gone)]
        are = "is" if len(gone) == 1 else "are"
        return (
            f"{_and(runs)} {are} missing from the files. Nothing is filled in: "
            f"figures of a longer time are without {'it' if len(gone) == 1 else 'them'}."
        )


def forces(held: Held) -> list[str]:
    """The forces that *held* has rows of, and an empty name where some rows name none."""
    with _reading(held) as duck:
        found = duck.execute("SELECT DISTINCT coalesce(force_slug, '') FROM every").fetchall()
    return sorted(row[0] for row in found)


@contextmanager
def _reading(held: Held) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in which `every` is all rows that are *held*; DisclosureError where they turn out to be damaged."""
    with duckdb.connect() as duck:
        try:
            duck.register("every", duck.read_parquet(str(held.parquet)))
            yield duck
        except duckdb.Error:
            raise DisclosureError(held.place, "is damaged", WHOLE) from None


def _snapshot(
    id_: str, unit: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> Snapshot:
    """The counts of *rows*, the last of each, by the codes before it."""
    dimensions = tuple(
        Dimension(name, tuple(sorted({row[at] for row in rows}))) for at, name in enumerate(names)
    )
    counts = {
        tuple(one.places[code] for one, code in zip(dimensions, row[:-1], strict=True)): row[-1]
        for row in rows
    }
    return Snapshot(id_, unit, dimensions, counts)


# --- categories -----------------------------------------------------------------------------------

OF_ALL: Final = {
    "month": "All months", "crime type": "All crime types", "outcome": "All outcomes stated",
    "whether resolved": "All crimes with an outcome stated",
}  # fmt: skip
RESOLVED: Final = "Community resolution"
KNOWN, NOT_KNOWN = "How it ended is known", "Not known, or still under investigation"
MEANINGS: Final = {
    RESOLUTION: RESOLVED, "charged": "Charged", "court": "Dealt with by a court, or awaiting it",
    "caution": "Caution", "penalty_notice": "Penalty notice", "cannabis_warning": "Drugs possession warning",
    "taken_into_consideration": "Taken into consideration", "out_of_court_other": "Other out-of-court disposal",
    "other_agency": "Action by another organisation", "not_in_public_interest": "Not in the public interest",
    "no_further_action": "No further action, or unable to prosecute", "no_suspect": "No suspect identified",
    "under_investigation": "Under investigation", "unknown": "Status update unavailable", "": "Other outcomes",
}  # fmt: skip
"""What outcomes are called in tables, by their meaning in the layout."""


def periods(kind: str, months: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """*months* by what each month or year is called; a year of which not all are held says so."""
    found: dict[str, list[str]] = {}
    for month in months:
        year = int(month[:4]) - (int(month[5:]) < 4)
        label = {"month": named(month), "calendar": month[:4]}.get(
            kind, f"{year}/{(year + 1) % 100:02}"
        )
        found.setdefault(label, []).append(month)
    return {
        label if kind == "month" or len(own) == 12 else f"{label} ({len(own)} of 12 months)": tuple(
            own
        )
        for label, own in found.items()
    }


def holding(snapshot: Snapshot, dimension: str, months: Sequence[str]) -> frozenset[str]:
    """The codes of *dimension*, each of one or more months, that hold one of *months*."""
    wanted = set(months)
    return frozenset(
        one for one in snapshot.by_name[dimension].codes if wanted & set(one.split(JOINED))
    )


def outcomes(source: OpenData, *, known_only: bool) -> tuple[Category, ...]:
    """Outcomes by what they mean, all first and resolutions third; or only whether how it ended is known."""
    labels = [one for one in source.base.by_name["outcome"].codes if one != NONE]
    open_ended = frozenset(one for one in labels if source.meaning(one) in _OPEN_ENDED)
    every = frozenset(labels)
    first = (Category(OF_ALL["outcome"], every), Category(KNOWN, every - open_ended))
    if known_only:
        return (*first, Category(NOT_KNOWN, open_ended))
    by = {
        name: frozenset(one for one in labels if source.meaning(one) == meaning)
        for meaning, name in MEANINGS.items()
    }
    return (
        *first,
        *(Category(name, codes) for name, codes in by.items() if codes or name == RESOLVED),
    )


def named(month: str) -> str:
    """A month in words."""
    return f"{_first(month):%B %Y}"


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _first(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


def _last(month: str) -> date:
    first = _first(month)
    return date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
