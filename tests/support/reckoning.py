"""What a set of releases tells, reckoned by other code than the ledger's: by elimination modulo a prime."""

import numpy as np

from amends.disclosure.refining import Space, coarsest
from amends.disclosure.targets import targets

PRIME = 1_000_003
"""Products of two remainders, a thousand times over, are whole numbers that a float holds."""
THRESHOLD = 5
AT_ONCE = 1_000
"""So many boxes are reckoned with at a time: there may be a hundred thousand, of as many columns."""


class Told:
    """What a set of releases tells: a column for each set of codes that no cell tells apart."""

    def __init__(self, snapshot, releases):
        self.space = Space([snapshot])
        self.cells = [
            (cell, value)
            for release in releases
            for table in release.tables
            for cell, value in zip(self.space.cells(snapshot.id, table), table.values, strict=True)
        ]
        boxes = {cell.box for cell, _ in self.cells}
        self.codes = [self._kinds(number, boxes) for number in range(3)]
        # Which places each box has, and of each place which boxes have it.
        inside = np.array([self.reaches(box).ravel() for box in sorted(boxes)])
        asked = np.flatnonzero(inside.any(axis=0))
        signatures = {}
        numbers = [signatures.setdefault(inside[:, at].tobytes(), len(signatures)) for at in asked]
        self.columns = np.full(inside.shape[1], -1)
        self.columns[asked] = numbers
        self.many = len(signatures)
        self.rows, self.own = self._reduced(
            {self.vector(cell.box) for cell, value in self.cells if value is not None}
        )

    def _kinds(self, number, boxes):
        """One code of each kind: those that are in the same boxes are alike."""
        masks = sorted({box[number] for box in boxes})
        kinds = {}
        for code in range(len(self.space.dimensions[number].codes)):
            kinds.setdefault(tuple(mask >> code & 1 for mask in masks), code)
        return list(kinds.values())

    def reaches(self, box):
        """Which places a box has, of all combinations of kinds of codes."""
        a, b, c = (
            np.array([mask >> code & 1 for code in kinds], bool)
            for mask, kinds in zip(box, self.codes, strict=True)
        )
        return a[:, None, None] & b[None, :, None] & c[None, None, :]

    def vector(self, box):
        return tuple(map(int, np.unique(self.columns[self.reaches(box).ravel()])))

    def _reduced(self, sums):
        """The rows of *sums*, reduced, and the column that each has for its own."""
        rows = np.zeros((len(sums), self.many), np.int64)
        for at, columns in enumerate(sorted(sums)):
            rows[at, list(columns)] = 1
        own, done = [], 0
        for column in range(self.many):
            found = np.flatnonzero(rows[done:, column])
            if not len(found):
                continue
            rows[[done, done + found[0]]] = rows[[done + found[0], done]]
            rows[done] = rows[done] * pow(int(rows[done, column]), -1, PRIME) % PRIME
            others = np.flatnonzero(rows[:, column])
            others = others[others != done]
            rows[others] = (rows[others] - np.outer(rows[others, column], rows[done])) % PRIME
            own.append(column)
            done += 1
        return rows[:done].astype(float), own

    def tells(self, boxes):
        """How many of *boxes*, each a sum of whole columns, can be worked out."""
        return sum(self._told(boxes[at : at + AT_ONCE]) for at in range(0, len(boxes), AT_ONCE))

    def _told(self, boxes):
        wanted = np.zeros((len(boxes), self.many))
        for at, box in enumerate(boxes):
            wanted[at, list(self.vector(box))] = 1
        left = (wanted - wanted[:, self.own] @ self.rows) % PRIME
        return int((left == 0).all(axis=1).sum())


def small_counts(snapshot, told):
    """The boxes of the targets that are sums of whole columns."""
    cells = [cell for cell, _ in told.cells]
    hidden = {cell: THRESHOLD for cell, value in told.cells if value is None}
    grid = coarsest(told.space).refined(cells)
    return [one.cell.box for one in targets(grid, cells, hidden, THRESHOLD) if not one.cut]
