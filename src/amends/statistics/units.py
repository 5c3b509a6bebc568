"""What may be counted, and by which day: a count without a unit cannot be made.

The five differ. One offender may have several cases, one crime several offenders; and an outcome
recorded this year may be that of a crime recorded last year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from amends.disclosure.errors import DisclosureError


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One thing that is counted, and how.

    `distinct` is the column that tells one from another, None where each row is one; `dated` the
    column with the day that puts it into a period; `recorded` whether only recorded crimes count.
    """

    name: str
    meaning: str
    distinct: str | None
    dated: str
    recorded: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a file must have for this to be counted in it."""
        own = (self.dated, *((self.distinct,) if self.distinct else ()))
        return (*own, "case_recorded_crime") if self.recorded else own

    @property
    def sql(self) -> str:
        """The SQL that counts it."""
        return f"count(DISTINCT {self.distinct})" if self.distinct else "count(*)"

    @property
    def where(self) -> str:
        """The SQL that is true of a row that can count."""
        tests = ["case_recorded_crime"] if self.recorded else []
        tests += [f"{self.distinct} IS NOT NULL"] if self.distinct else []
        return " AND ".join(tests) or "true"


UNITS: Final[Mapping[str, Unit]] = {
    unit.name: unit
    for unit in (
        Unit(
            name="cases",
            meaning="community resolutions given, one to an offender and an offence, by the day given",
            distinct=None,
            dated="decision_date",
        ),
        Unit(
            name="offenders",
            meaning="people given at least one community resolution, by the day given",
            distinct="person",
            dated="decision_date",
        ),
        Unit(
            name="crimes",
            meaning="recorded crimes for which anybody was given one, by the day given",
            distinct="crime_reference",
            dated="decision_date",
            recorded=True,
        ),
        Unit(
            name="outcomes recorded in the period",
            meaning="outcomes of recorded crimes, by the day of the outcome, whenever the crime was recorded",
            distinct=None,
            dated="decision_date",
            recorded=True,
        ),
        Unit(
            name="outcomes for crimes recorded in the period",
            meaning="outcomes of recorded crimes, by the day the crime was recorded",
            distinct=None,
            dated="crime_recorded_on",
            recorded=True,
        ),
    )
}
"""Every unit by its name. Source: Home Office, Crime outcomes in England and Wales, user guide."""


def unit_named(name: str) -> Unit:
    """The unit of that *name*; raises DisclosureError where there is none."""
    if name not in UNITS:
        raise DisclosureError(
            "a count", f"{name!r} is no unit", f"It is one of: {', '.join(UNITS)}."
        )
    return UNITS[name]
