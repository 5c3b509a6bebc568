"""Published values as shorter sums: an equation less the equations that count parts of it.

A total of everybody is a row of thousands of variables; less the parts that were published as well,
it is a row of a few. What is taken away is known exactly, so what is left moves as the whole does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Sum(Protocol):
    """A published value: the sum of `variables` lies from `least` to `most`."""

    @property
    def variables(self) -> tuple[int, ...]:
        """The variables, each once."""

    @property
    def least(self) -> int:
        """The least that they add up to."""

    @property
    def most(self) -> int:
        """The greatest."""


@dataclass(frozen=True, slots=True)
class Row:
    """The sum of `variables`: that of the first equation of `made_of`, less those of the others."""

    variables: tuple[int, ...]
    made_of: tuple[int, ...]


def shortened(equations: Sequence[Sum], firm: int) -> list[Row]:
    """Rows that say what *equations* say; of the first *firm* of them those that say nothing more are left out.

    Only exact equations among the first *firm* are taken away from others, each from those that have
    all its variables, the widest first.
    """
    masks = [_mask(one.variables) for one in equations]
    order = sorted(range(firm), key=lambda at: (len(equations[at].variables), at))
    parts: list[int] = []
    rows: dict[int, Row] = {}
    for at in [*order, *range(firm, len(equations))]:
        exact = equations[at].least == equations[at].most
        left, made_of = masks[at], [at]
        for part in reversed(parts):
            if not masks[part] & ~left:
                left &= ~masks[part]
                made_of.append(part)
        if at >= firm or left or not exact:
            rows[at] = Row(_variables(left), tuple(made_of))
        if at < firm and exact and left:
            parts.append(at)
    return [rows[at] for at in sorted(rows)]


def _mask(variables: Sequence[int]) -> int:
    found = bytearray(max(variables, default=0) // 8 + 1)
    for each in variables:
        found[each >> 3] |= 1 << (each & 7)
    return int.from_bytes(found, "little")


def _variables(mask: int) -> tuple[int, ...]:
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return tuple(found)
