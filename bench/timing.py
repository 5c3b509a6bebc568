"""Measuring: every subject once a round, in turn, so that noise hits all alike; the best round counts."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Measured:
    """Something measured: its name, how many rows it judged, its seconds in each round, its result.

    What `before` gives, outside the clock, is handed to `run`.
    """

    key: str
    name: str
    run: Callable[..., Any]
    rows: int
    before: Callable[[], Any] | None = None
    seconds: list[float] = field(default_factory=list)
    result: Any = None

    @property
    def best(self) -> float:
        return min(self.seconds)

    @property
    def per_row(self) -> float:
        return self.best / self.rows

    @property
    def rate(self) -> float:
        return self.rows / self.best


def rounds(subjects: list[Measured], count: int, tell: Callable[[str], None]) -> None:
    """Run all *subjects* in turn, *count* times over; *tell* hears the name of each as it starts."""
    for number in range(count):
        for subject in subjects:
            tell(f"round {number + 1} of {count}: {subject.name}")
            given = () if subject.before is None else (subject.before(),)
            gc.collect()
            start = time.perf_counter()
            subject.result = subject.run(*given)
            subject.seconds.append(time.perf_counter() - start)
