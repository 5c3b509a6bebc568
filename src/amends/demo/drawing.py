"""Drawing at random, many rows at once, from one seeded generator."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from amends.demo import columns

Flags = NDArray[np.bool_]
Codes = NDArray[np.uint8]  # 0 = not known; n = the nth value of a choice
Whole = NDArray[np.int32]
Floats = NDArray[np.float32]
Shape = int | tuple[int, ...]


class Draw:
    """Draws for a chunk of rows. The same seed and chunk give the same draws in the same order.

    Another *stream* (a number) gives draws of its own, which change nothing of the others.
    """

    def __init__(self, seed: int, chunk: int, size: int, *stream: int) -> None:
        self.generator = np.random.Generator(np.random.PCG64([seed, chunk, *stream]))
        self.size = size

    def share(self, shape: Shape | None = None) -> Floats:
        """Numbers from 0 up to but not including 1."""
        return self.generator.random(self.size if shape is None else shape, dtype=np.float32)

    def chance(self, share: float | Floats, shape: Shape | None = None) -> Flags:
        """True with a chance of *share*, which may differ by row."""
        return self.share(shape) < share

    def between(self, least: int, greatest: int, shape: Shape | None = None) -> Whole:
        """Whole numbers from *least* to *greatest*, both included, all as likely."""
        shape = self.size if shape is None else shape
        drawn: Whole = self.generator.integers(least, greatest + 1, shape, dtype=np.int32)
        return drawn

    def place(self, weights: Iterable[float], shape: Shape | None = None) -> NDArray[np.intp]:
        """Places in *weights*, counted from 0, each as likely as its weight says."""
        ends = np.cumsum(np.fromiter(weights, dtype=np.float64))
        return np.searchsorted(ends[:-1] / ends[-1], self.share(shape), side="right")

    def choice(self, fact: str, mix: Mapping[str, float], shape: Shape | None = None) -> Codes:
        """Codes of the values of the choice *fact*, each as likely as *mix* says."""
        codes: Codes = np.array([columns.code(fact, value) for value in mix], dtype=np.uint8)
        return codes[self.place(mix.values(), shape)]

    def number(self, mix: Mapping[str, float], shape: Shape | None = None) -> Whole:
        """Whole numbers from a mix by number ("3") or range ("18-24", both ends included)."""
        ends = [[int(end) for end in key.split("-")] for key in mix]
        least = np.array([end[0] for end in ends])
        width = np.array([end[-1] - end[0] + 1 for end in ends])
        band = self.place(mix.values(), shape)
        drawn: Whole = (least[band] + np.floor(self.share(shape) * width[band])).astype(np.int32)
        return drawn
