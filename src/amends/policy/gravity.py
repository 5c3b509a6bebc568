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
    refuse_repeats,
    rows_of,
    same_days,
    shipped,
    text_of,
)
from amends.policy.offences import SYSTEMS, coded, normalise

LEAST, GREATEST = 1, 5  # the widest scale of any matrix; the fact gravity.score has the same ends
SCORES = ("matrix", "system", "code", "least", "greatest", "source", "confidence")
WEIGHTS = ("weight_set", "version", "system", "code", "days", "source", "confidence", "licence")
CROSSINGS = ("ho_code", "prc_code", "starts", "ends", "source", "confidence")


@dataclass(frozen=True, slots=True)
class Score:
    """The least and greatest score a matrix gives an offence, before any factor is weighed."""

    matrix: str
    system: str
    code: str
    least: int
    greatest: int
    source: str
    confidence: str


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

    def __init__(self, scores: Iterable[Score], text: str) -> None:
        super().__init__(scores, text)
        self._held = {(score.matrix, score.code): score for score in self}

    def find(self, code: str, matrix: str) -> Score | None:
        """The score of *code* in *matrix*, or None where the matrix has no row for it."""
        return self._held.get((matrix, normalise(code) or ""))


class Weights(Table[Weight]):
    """Harm weights by weight set and code."""

    def __init__(self, weights: Iterable[Weight], text: str) -> None:
        super().__init__(weights, text)
        self._held = {(weight.weight_set, weight.code): weight for weight in self}

    def find(self, code: str, weight_set: str) -> Weight | None:
        """The weight of *code* itself in *weight_set*, or None where the set has no row for it."""
        return self._held.get((weight_set, normalise(code) or ""))


class Crosswalk(Table[Crossing]):
    """From class and subclass to notifiable code: many to one, and only where it is clear."""

    def __init__(self, crossings: Iterable[Crossing], text: str) -> None:
        super().__init__(crossings, text)
        self._held: dict[str, list[Crossing]] = {}
        for crossing in self:
            self._held.setdefault(crossing.ho_code, []).append(crossing)

    def find(self, ho_code: str, on: date | None = None) -> Crossing | None:
        """The crossing of *ho_code* for a crime recorded on the day *on*, or the latest."""
        return in_force(self._held.get(normalise(ho_code) or "", ()), on)


def read_scores(source: str | bytes | Path, name: str | None = None) -> Scores:
    """The gravity table in *source*: text, bytes, or the path of a force's own file.

    Raises BadTable, which says where the fault is and what would be right.
    """
    file, text = text_of(source, name)
    rows = [(row, _score(row)) for row in rows_of(text, file, SCORES)]
    refuse_repeats(rows, "code", lambda score: f"{score.code} in {score.matrix}")
    return Scores((score for _, score in rows), text)


def read_weights(source: str | bytes | Path, name: str | None = None) -> Weights:
    """The harm weights in *source*. A table holds one version of a weight set. Raises BadTable."""
    file, text = text_of(source, name)
    rows = [(row, _weight(row)) for row in rows_of(text, file, WEIGHTS)]
    refuse_repeats(rows, "code", lambda weight: f"{weight.code} in {weight.weight_set}")
    return Weights((weight for _, weight in rows), text)


def read_crosswalk(source: str | bytes | Path, name: str | None = None) -> Crosswalk:
    """The crosswalk in *source*. Raises BadTable where a class has two codes for one day."""
    file, text = text_of(source, name)
    rows = [(row, _crossing(row)) for row in rows_of(text, file, CROSSINGS)]
    refuse_repeats(rows, "ho_code", lambda crossing: crossing.ho_code, same_days)
    return Crosswalk((crossing for _, crossing in rows), text)


@cache
def published_scores() -> Scores:
    """The gravity table that comes with Amends: every row of it is illustrative."""
    return read_scores(shipped("gravity.csv"), "gravity.csv")


@cache
def published_weights() -> Weights:
    """The harm weights that come with Amends."""
    return read_weights(shipped("harm.csv"), "harm.csv")


@cache
def published_crosswalk() -> Crosswalk:
    """The crosswalk that comes with Amends."""
    return read_crosswalk(shipped("crosswalk.csv"), "crosswalk.csv")


def gravity(code: str, matrix: str) -> tuple[int, int] | None:
    """Least and greatest score of *code* in a matrix that comes with Amends, or None for no row."""
    score = published_scores().find(code, matrix)
    return (score.least, score.greatest) if score else None


def harm(code: str, weight_set: str, on: date | None = None) -> Weight | None:
    """The weight of *code*, or else of the notifiable code it is counted under on the day *on*.

    None where the set has no weight for either: never nought, which would say that it did no harm.
    """
    weights = published_weights()
    if weight := weights.find(code, weight_set):
        return weight
    crossing = published_crosswalk().find(code, on)
    return weights.find(crossing.prc_code, weight_set) if crossing else None


def _score(row: Row) -> Score:
    system = row.word("system", SYSTEMS)
    least, greatest = _whole(row, "least"), _whole(row, "greatest")
    if greatest < least:
        wrong = f"The greatest score is {greatest}, and the least is {least}."
        raise row.fault("table-value", "greatest", wrong, "It may not be less than the least.")
    return Score(
        matrix=row.text("matrix"),
        system=system,
        code=coded(row, "code", system),
        least=least,
        greatest=greatest,
        source=row.text("source"),
        confidence=row.confidence(),
    )


def _weight(row: Row) -> Weight:
    system = row.word("system", SYSTEMS)
    return Weight(
        weight_set=row.text("weight_set"),
        version=row.text("version"),
        system=system,
        code=coded(row, "code", system),
        days=_amount(row, "days"),
        source=row.text("source"),
        confidence=row.confidence(),
        licence=row.text("licence"),
    )


def _crossing(row: Row) -> Crossing:
    starts, ends = row.days()
    return Crossing(
        ho_code=coded(row, "ho_code", "ho"),
        prc_code=coded(row, "prc_code", "prc"),
        starts=starts,
        ends=ends,
        source=row.text("source"),
        confidence=row.confidence(),
    )


def _whole(row: Row, column: str) -> int:
    return int(row.word(column, tuple(map(str, range(LEAST, GREATEST + 1)))))


def _amount(row: Row, column: str) -> Decimal:
    value = row.text(column)
    try:
        if (days := Decimal(value)).is_finite() and days >= 0:
            return days
    except InvalidOperation:
        pass
    right = "Write a number of days, nought or more, for example 184 or 182.25."
    raise row.fault("table-value", column, f"{value!r} is not a number of days.", right)
