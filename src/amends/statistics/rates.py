"""Shares of a named base, each with its 95 % interval: never a rate alone, and never of too few."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import Cell, Raw
from amends.statistics.disproportionality import AT_LEAST, NORMAL_95

NO_RATE: Final = "-"
"""Stands for a rate that is not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """*part* of *whole*: a share from 0 to 1, with Wilson's 95 % interval; `of` and `base` say of what."""

    of: str
    base: str
    part: int
    whole: int
    share: float
    low: float
    high: float


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of the share *part* of *whole*, from 0 to 1.

    Raises DisclosureError where *part* is no part of *whole*. Source: Wilson 1927, doi
    10.1080/01621459.1927.10502953.
    """
    if not 0 <= part <= whole or not whole:
        raise DisclosureError("a rate", f"{part} is no part of {whole}")
    share, z = part / whole, NORMAL_95
    middle = share + z * z / (2 * whole)
    spread = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    low, high = ((middle + sign * spread) / (1 + z * z / whole) for sign in (-1, 1))
    # At the ends the sums above are 0 and 1 but for rounding.
    return (0.0 if part == 0 else low), (1.0 if part == whole else high)


def rate(part: int, whole: int, *, of: str, base: str, at_least: int = AT_LEAST) -> Rate:
    """The share that *part* (called *of*) has of *whole* (called *base*).

    Raises DisclosureError where the base has no name or fewer than *at_least*, or *part* is no part.
    """
    if not of or not base:
        raise DisclosureError("a rate", "does not say of what it is", "Name both part and base.")
    if whole < at_least:
        raise DisclosureError(
            f"{of} of {base}", f"{whole} are too few for a rate", f"At least {at_least} are needed."
        )
    low, high = wilson(part, whole)
    return Rate(of=of, base=base, part=part, whole=whole, share=part / whole, low=low, high=high)


def rates(
    table: Raw,
    column: str,
    *,
    of: Collection[str],
    base: Collection[str],
    called: tuple[str, str],
    at_least: int = AT_LEAST,
) -> Raw:
    """For each group of the other columns of *table*: how many of *base* are *of*, both values of *column*.

    *table* has its counts in the last column. *called* names part and base. A count that was withheld
    (a cell of text) gives no rate, nor do fewer than *at_least*. Raises DisclosureError where *of* is
    not within *base* or *column* is not there.
    """
    if not called[0] or not called[1] or not of or not set(of) <= set(base):
        raise DisclosureError(
            "a rate", "its part is not within its base, or one has no name", "Name both."
        )
    if column not in table.columns[:-1]:
        raise DisclosureError(table.title, f"has no column {column}")
    at = table.columns.index(column)
    groups: dict[tuple[Cell, ...], list[tuple[Cell, ...]]] = {}
    for row in table.rows:
        groups.setdefault((*row[:at], *row[at + 1 : -1]), []).append(row)
    rows = []
    for group, own in groups.items():
        part, whole = (_sum(own, at, values) for values in (of, base))
        rows.append((*group, *_cells(part, whole, at_least)))
    others = (*table.columns[:at], *table.columns[at + 1 : -1])
    return Raw(
        title=f"{called[0]}, of {called[1]}",
        unit=table.unit,
        columns=(*others, called[0], called[1], "rate", "low", "high"),
        rows=tuple(rows),
        note=f"Rates with 95 % intervals (Wilson); none of fewer than {at_least} {table.unit}. {table.note}".strip(),
    )


def _sum(rows: Sequence[tuple[Cell, ...]], at: int, values: Collection[str]) -> Cell:
    """The sum of the rows whose cell is one of *values*; the text of a cell that was withheld."""
    total = 0
    for row in rows:
        if row[at] in values:
            last = row[-1]
            if not isinstance(last, int):
                return last
            total += last
    return total


def _cells(part: Cell, whole: Cell, at_least: int) -> tuple[Cell, ...]:
    if isinstance(part, str) or isinstance(whole, str) or whole < at_least:
        return (part, whole, NO_RATE, NO_RATE, NO_RATE)
    low, high = wilson(part, whole)
    return (part, whole, percent(part / whole), percent(low), percent(high))


def percent(share: float) -> str:
    """*share*, from 0 to 1, in per cent to one place."""
    return f"{100 * share:.1f} %"
