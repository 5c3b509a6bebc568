"""The facts of a chunk of invented records while they are being made, and what is not known."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from amends.demo.drawing import Flags

NOTHING = -(2**31)
"""Stands for NULL in a column of whole numbers or dates."""

Values = NDArray[np.bool_] | NDArray[np.integer]


class Facts:
    """Values by fact. Choices are codes (0 = not known), dates are days from 1970-01-01.

    A fact within a list has a row to each place in the list; the list fact itself is the number
    of items, or -1 where the list is not known.
    """

    def __init__(self) -> None:
        self.values: dict[str, Values] = {}
        self.unknown: dict[str, Flags] = {}
        self.absent: dict[str, Flags] = {}

    def __setitem__(self, name: str, values: Values) -> None:
        self.values[name] = values

    def __getitem__(self, name: str) -> Values:
        return self.values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def forget(self, name: str, where: Flags) -> None:
        """Make *name* not known *where* it is so, and then not known to be absent either."""
        before = self.unknown.get(name)
        self.unknown[name] = where if before is None else before | where
        if name in self.absent:
            self.absent[name] = self.absent[name] & ~where

    def make_absent(self, name: str, where: Flags) -> None:
        """Make *name* known to be absent *where* it is so, and to have its value elsewhere."""
        self.absent[name] = where

    def kept(self, name: str) -> NDArray[np.integer]:
        """The values of *name* as they are handed on: `NOTHING` where not known or absent.

        DuckDB does not heed the mask of a NumPy array, so a number has to stand for NULL: 0 of a
        choice or a boolean (1 is false, 2 is true), `NOTHING` of a whole number or a date.
        """
        values = self.values[name]
        hidden = self.unknown.get(name, np.False_) | self.absent.get(name, np.False_)
        if values.dtype == np.bool_:
            return np.where(hidden, 0, values + np.uint8(1)).astype(np.uint8)
        if values.dtype == np.int32:
            return np.where(hidden, NOTHING, values).astype(np.int32)
        return np.where(hidden, 0, values).astype(values.dtype)
