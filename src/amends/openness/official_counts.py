"""What questions on the Home Office's tables are answered from: its counts, and those of data.police.uk beside them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

import duckdb

from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Axis, Category, Table
from amends.disclosure.snapshots import Dimension, Snapshot
from amends.intake.joining import RESOLUTION
from amends.intake.store import Held
from amends.openness.counted import said
from amends.openness.open_counts import OpenData
from amends.openness.questions import OFFICIAL, Asked
from amends.policy.library import published as forces_known

OUTCOMES, BY_OFFENCE = OFFICIAL
RECORDED, CLOSED, POLICE_UK = "Recorded in the year", "Closed in the year", "data.police.uk"
"""On which basis: crimes recorded in a year or closed in it, with that outcome; or the crimes that others list."""
ALL_FORCES: Final = "All forces"
SEXUAL: Final = "Sexual offences"
WHOLE: Final = 12
"""Months of a year."""
_COUNTS: Final = {
    OUTCOMES: ("recorded_all_t8", "closed_all_t8", "NULL"),
    BY_OFFENCE: ("recorded_oocd", "closed_oocd", "offence_group"),
}
"""The columns of each layout, by basis, and that of the offence group."""
_UNITS: Final = {
    OUTCOMES: "crimes with a community resolution",
    BY_OFFENCE: "crimes with an out-of-court disposal of any kind",
}


@dataclass(frozen=True, slots=True, order=True)
class Year:
    """A financial year of a force; of all forces together where `force` is empty."""

    force: str
    year: str

    @property
    def code(self) -> str:
        """As snapshots have it."""
        return f"{self.force}|{self.year}"

    @property
    def label(self) -> str:
        """As tables and sentences have it."""
        return f"{self.called}, {self.year}"

    @property
    def called(self) -> str:
        """What the force is called."""
        return forces_known().forces.get(self.force, self.force) if self.force else ALL_FORCES

    @property
    def days(self) -> tuple[date, date]:
        """Its first and its last day."""
        begins = int(self.year[:4])
        return date(begins, 4, 1), date(begins + 1, 3, 31)

    @property
    def months(self) -> tuple[str, ...]:
        """Its twelve months."""
        begins = int(self.year[:4])
        return tuple(f"{begins + (at > WHOLE)}-{(at - 1) % WHOLE + 1:02}" for at in range(4, 16))


@dataclass(frozen=True)
class Official(OpenData):
    """The Home Office's counts by force and financial year, as a store holds them; `beside` are street files.

    `force` names the one asked about; empty where all that are held are told.
    """

    beside: Held | None = None

    @property
    def id(self) -> str:
        """The beginning of the ids of its snapshots."""
        beside = f"-{self.beside.as_at}" if self.beside else ""
        return f"{self.name}-{self.held.layout}-{self.force or 'all'}-{self.held.as_at}{beside}"

    @cached_property
    def _rows(self) -> dict[tuple[Year, str, str], int]:
        """Counts by year, offence group and basis."""
        recorded, closed, group = _COUNTS[self.layout.name]
        rows = _read(
            self.held,
            f"SELECT coalesce(force_slug, ''), fy, {group}, {recorded}, {closed} FROM every "
            "WHERE coalesce(force_slug, '') IN ('', $force) OR $force = ''",
            {"force": self.force},
        )
        found: dict[tuple[Year, str, str], int] = {}
        for force, year, group, *counts in rows:
            for basis, count in zip((RECORDED, CLOSED), counts, strict=True):
                key = (Year(force, year), group or "", basis)
                if found.setdefault(key, count) != count:
                    raise DisclosureError(
                        str(self.held.parquet), f"counts {key[0].label} otherwise in another file",
                        "Import one edition of the table into a new store.",
                    )  # fmt: skip
        return found

    @cached_property
    def years(self) -> tuple[Year, ...]:
        """The years held, of each force in order."""
        return tuple(sorted({year for year, _, _ in self._rows}))

    @cached_property
    def _listed(self) -> Mapping[str, tuple[frozenset[str], dict[str, int]]]:
        """Of each force with street files: its months, and the crimes with a community resolution by year."""
        if self.beside is None:
            return {}
        fy = "CAST(left(month, 4) AS INTEGER) - CAST(right(month, 2) < '04' AS INTEGER)"
        rows = _read(
            self.beside,
            f"SELECT force_slug, {fy} AS fy, list(DISTINCT month), count(DISTINCT crime_id) "
            f"FILTER (outcome = '{RESOLUTION}') FROM every WHERE force_slug IS NOT NULL GROUP BY ALL",
            {},
        )
        found: dict[str, tuple[frozenset[str], dict[str, int]]] = {}
        for force, begins, months, many in rows:
            before, counts = found.get(force, (frozenset(), {}))
            named = {f"{begins}/{(begins + 1) % 100:02}": many}
            found[force] = (before | frozenset(months), counts | named)
        return found

    def held_of(self, year: Year) -> tuple[str, ...]:
        """The months of *year* of which street files are held."""
        months, _ = self._listed.get(year.force, (frozenset(), {}))
        return tuple(one for one in year.months if one in months)

    def comparable(self, years: Iterable[Year]) -> tuple[Year, ...]:
        """Those of *years* of which street files of every month are held, so that both count the same time."""
        return tuple(one for one in years if len(self.held_of(one)) == WHOLE)

    @cached_property
    def base(self) -> Snapshot:
        """All counts by force and year, offence group and basis."""
        counts = dict(self._rows)
        for one in self.comparable(self.years) if self.layout.name == OUTCOMES else ():
            counts[one, "", POLICE_UK] = self._listed[one.force][1][one.year]
        years = Dimension("force_year", tuple(one.code for one in self.years))
        groups = Dimension("offence_group", tuple(sorted({group for _, group, _ in counts})))
        bases = Dimension("basis", (RECORDED, CLOSED, POLICE_UK))
        return Snapshot(
            f"{self.id}-official", _UNITS[self.layout.name], (years, groups, bases),
            {
                (years.places[year.code], groups.places[group], bases.places[basis]): many
                for (year, group, basis), many in counts.items() if many
            },
        )  # fmt: skip

    def snapshot(self, count: str) -> Snapshot:
        """The one there is."""
        return self.base

    def within(self, period: tuple[date, date] | None) -> tuple[date, date]:
        """*period*, or all there is; raises DisclosureError where it cuts a financial year, or lies outside."""
        days = [one.days for one in self.years]
        first, last = min(days)[0], max(days)[1]
        start, end = period or (first, last)
        place = f"the period {start} to {end}"
        if start > end:
            raise DisclosureError(place, "ends before it begins", "Write 2014-04-01..2018-03-31.")
        if (start.month, start.day, end.month, end.day) != (4, 1, 3, 31):
            raise DisclosureError(
                place, "cuts a financial year", "The Home Office counts whole ones."
            )
        if start < first or end > last:
            raise DisclosureError(
                place, "is not within the years held", f"They are from {first} to {last}."
            )
        return start, end

    def years_in(
        self, period: tuple[date, date], *, all_forces: bool | None = None
    ) -> tuple[Year, ...]:
        """The years held of *period*: of all forces together, of single ones, or both."""
        return tuple(
            one
            for one in self.years
            if period[0] <= one.days[0] <= period[1]
            and (all_forces is None or all_forces == (not one.force))
        )

    def table(self, asked: Asked, period: tuple[date, date]) -> Table | None:
        """What is *asked*, of *period*; nothing where no row of it is held."""
        years = self.years_in(period, all_forces=asked.by == "all forces")
        bases: tuple[str, ...] = (RECORDED, CLOSED)
        if asked.by == "data.police.uk":
            years, bases = self.comparable(years), (RECORDED, CLOSED, POLICE_UK)
        if not years:
            return None
        axes = [Axis("force_year", _categories(years, whole=asked.by == "all forces"))]
        where: dict[str, frozenset[str]] = {}
        if asked.by == "offence group":
            groups = self.base.by_name["offence_group"].codes
            parts = (Category(one, frozenset({one})) for one in groups)
            axes.append(Axis("offence_group", (Category("All", frozenset(groups)), *parts)))
        elif asked.only_group:
            where["offence_group"] = frozenset({asked.only_group})
        axes.append(Axis("basis", tuple(Category(one, frozenset({one})) for one in bases)))
        table = Table(asked.title, tuple(axes), (), where)
        return replace(table, values=table.count(self.base))

    def says(self, unit: str, period: tuple[date, date]) -> Iterator[str]:
        """How it was counted, for a letter: whose count, of which days, and as at when."""
        stood = said(date.fromisoformat(self.held.as_at))
        yield (
            f"The figures are those that the Home Office publishes, of {unit}, by financial year, from "
            f"{said(period[0])} to {said(period[1])}. They are as its tables stood on {stood}."
        )
        if self.beside is not None:
            until = said(date.fromisoformat(self.beside.as_at))
            yield f"What is beside them of data.police.uk is as its files stood until {until}."

    def gaps(self, period: tuple[date, date]) -> str:
        """The years missing of *period*, named."""
        held = {one.year for one in self.years_in(period)}
        wanted = [
            f"{at}/{(at + 1) % 100:02}"
            for at in range(period[0].year, period[1].year)
            if f"{at}/{(at + 1) % 100:02}" not in held
        ]
        if not wanted:
            return "No year is missing between the first and the last."
        return f"Missing from the tables: {', '.join(wanted)}. Nothing is filled in."


def together(years: Sequence[Year]) -> str:
    """The label of all *years* together."""
    return f"{years[0].called}, {years[0].year} to {years[-1].year}"


def _categories(years: Sequence[Year], *, whole: bool) -> tuple[Category, ...]:
    """Each of *years*; after them all of them together, where they are of all forces."""
    found = [Category(one.label, frozenset({one.code})) for one in years]
    if whole and len(years) > 1:
        every = frozenset(one.code for one in years)
        found.append(Category(together(years), every))
    return tuple(found)


def _read(held: Held, sql: str, values: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """What *sql* gives of `every` row that is *held*."""
    with duckdb.connect() as duck:
        duck.register("every", duck.read_parquet(str(held.parquet)))
        try:
            return duck.execute(sql, dict(values)).fetchall()
        except duckdb.Error as error:
            wrong = str(error).partition("\n")[0]
            raise DisclosureError(
                str(held.parquet), f"cannot be read: {wrong}", "Import anew."
            ) from None
