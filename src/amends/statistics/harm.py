"""Harm beside counts: a set of weights that the user gives, with its name, version and licence.

No weights are shipped: the licences of the sets in use are not plain. A weight is that of the
offence as recorded; it says nothing of a person.
"""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import Cell, Raw

NO_WEIGHT: Final = "no weight"
"""Stands for the harm of an offence that the set gives no weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSet:
    """What each kind of offence weighs, in *unit* (such as days in prison); `digest` is the file's SHA-256."""

    name: str
    version: str
    licence: str
    unit: str
    digest: str
    weights: Mapping[str, Decimal]


def read_weights(
    path: Path, *, name: str, version: str, licence: str, unit: str, key: str, weight: str
) -> WeightSet:
    """The weights in the CSV file *path*: column *key* names the offence, column *weight* what it weighs.

    Raises DisclosureError where name, version, licence or unit is empty, and where the file has
    another column, a weight that is no number of 0 or more, or two weights for one offence.
    """
    for what, said in (("name", name), ("version", version), ("licence", licence), ("unit", unit)):
        if not said.strip():
            raise DisclosureError(
                path.name,
                f"no {what} is given",
                f"Weights are used with their {what}, or not at all.",
            )
    try:
        raw = path.read_bytes()
        rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise DisclosureError(str(path), f"cannot be read: {error}") from None
    found: dict[str, Decimal] = {}
    for line, row in enumerate(rows, 2):
        place = f"{path.name}, line {line}"
        if row.get(key) is None or row.get(weight) is None:
            raise DisclosureError(place, f"has not the columns {key} and {weight}")
        if row[key] in found:
            raise DisclosureError(
                place, f"is a second weight for {row[key]}", "Leave one of them out."
            )
        found[row[key]] = _weight(place, row[weight])
    if not found:
        raise DisclosureError(
            path.name, "holds no weight", "Each line has an offence and a weight."
        )
    digest = hashlib.sha256(raw).hexdigest()
    return WeightSet(
        name=name, version=version, licence=licence, unit=unit, digest=digest, weights=found
    )


def _weight(place: str, text: str) -> Decimal:
    try:
        weight = Decimal(text)
    except InvalidOperation:
        weight = Decimal(-1)
    if not weight.is_finite() or weight < 0:
        raise DisclosureError(place, f"{text!r} is no weight", "A weight is a number of 0 or more.")
    return weight


def weighted(table: Raw, column: str, weights: WeightSet) -> Raw:
    """*table*, whose last column is its counts, with the harm of each row beside the count.

    *column* is that of the offence, in the words of *weights*. A row without a weight is NO_WEIGHT and
    in no sum; the note says how many were weighted. Raises DisclosureError where *column* is not there.
    """
    if column not in table.columns[:-1]:
        raise DisclosureError(table.title, f"has no column {column}")
    at = table.columns.index(column)
    rows = tuple((*row, _harm(row[at], row[-1], weights)) for row in table.rows)
    covered = sum(
        row[-1] for row in table.rows if row[at] in weights.weights and isinstance(row[-1], int)
    )
    total = sum(row[-1] for row in table.rows if isinstance(row[-1], int))
    note = (
        f"Harm in {weights.unit}: {weights.name}, version {weights.version} ({weights.licence}). "
        f"It covers {covered:,} of {total:,} {table.unit}. {table.note}"
    )
    return Raw(
        title=f"{table.title}, with harm",
        unit=table.unit,
        columns=(*table.columns, "harm"),
        rows=rows,
        note=note.strip(),
    )


def _harm(offence: Cell, count: Cell, weights: WeightSet) -> str:
    weight = weights.weights.get(str(offence))
    if weight is None:
        return NO_WEIGHT
    return f"{(weight * count).normalize():,f}" if isinstance(count, int) else count
