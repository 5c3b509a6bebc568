"""How grave an offence is: gravity scores, harm weights, and the way from class to notifiable code.

The gravity scores that come with Amends are *illustrative*: they were put together from memory, and
are not a published matrix. A force loads its own. The only harm weights held are those of the ONS
Crime Severity Score that were seen, in an unofficial copy. The Cambridge Crime Harm Index is left
out on purpose: its licence is not clear.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from amends.policy.code_tables import (
    Row,
    Table,
    in_force,
    refuse_overlaps,
    rows_of,
    shipped,
    text_of,
)
from amends.policy.offences import SYSTEMS, coded, normalise

LEAST, GREATEST = 1, 5
_ALWAYS = None
SCORE_COLUMNS = ("matrix", "system", "code", "least", "greatest", "source", "confidence")
WEIGHT_COLUMNS = (
    "weight_set",
    "version",
    "system",
    "code",
    "days",
    "source",
    "confidence",
    "licence",
)
CROSSING_COLUMNS = ("ho_code", "prc_code", "starts", "ends", "source", "confidence")


@dataclass(frozen=True, slots=True)
class Score:
    """The least and the greatest score a matrix gives an offence before any factor is weighed."""

    matrix: str
    system: str
    code: str
    least: int
    greatest: int
    source: str
    confidence: str
    starts: date | None = _ALWAYS
    ends: date | None = _ALWAYS


@dataclass(frozen=True, slots=True)
class Weight:
    """The harm of one offence in days of imprisonment, by one version of a weight set."""

    weight_set: str
    version: str
    system: str
    code: str
    days: Decimal
    source: str
    confidence: str
    licence: str
    starts: date | None = _ALWAYS
    ends: date | None = _ALWAYS


@dataclass(frozen=True, slots=True)
class Crossing:
    """The notifiable code under which a class and subclass is counted, for a span of days."""

    ho_code: str
    prc_code: str
    starts: date | None
    ends: date | None
    source: str
    confidence: str


class Scores(Table[Score]):
    """Gravity scores by matrix and code."""

    def find(self, code: str, matrix: str) -> Score | None:
        """The score of *code* in *matrix*; None if the matrix has no row for it."""
        plain = normalise(code)
        return next((s for s in self if s.code == plain and s.matrix == matrix), None)
