"""The parameters of the invented history, each of which stands with its basis in one of two TOML files."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """Every parameter by its dotted name, for example `offender.sex`.

    A name that does not stand in the file is a `KeyError`: a fault of ours, never of the data.
    """

    tables: Mapping[str, Any]

    @property
    def version(self) -> int:
        """Version of the generator: the same version, seed and arguments give the same rows."""
        return int(self.tables["version"])

    @property
    def chunk(self) -> int:
        """How many rows are made at once."""
        return int(self.tables["chunk"])

    def raw(self, name: str) -> Any:
        """The value of *name* as it stands in the file."""
        table, _, key = name.rpartition(".")
        return self.tables[table][key]["value"]

    def share(self, name: str) -> float:
        """A share between 0 and 1, or a mean."""
        return float(self.raw(name))

    def whole(self, name: str) -> int:
        """A whole number."""
        return int(self.raw(name))

    def mix(self, name: str) -> dict[str, float]:
        """Weights by value; their scale does not matter."""
        return {str(key): float(weight) for key, weight in self.raw(name).items()}

    def between(self, name: str) -> tuple[int, int]:
        """The least and the greatest of a range, both included."""
        least, greatest = self.raw(name)
        return int(least), int(greatest)

    def line(self, name: str) -> tuple[list[int], list[float]]:
        """Shares by day, the days counted from 1970-01-01: the corners of a broken line."""
        corners = sorted((days(date.fromisoformat(d)), float(v)) for d, v in self.raw(name).items())
        return [day for day, _ in corners], [share for _, share in corners]

    def day(self, name: str) -> int:
        """A day, counted from 1970-01-01."""
        return days(date.fromisoformat(self.raw(name)))

    def missing(self) -> dict[str, tuple[float, float]]:
        """By fact, the share not known: before and since the day flags became mandatory."""
        facts = self.tables["missing"]["facts"]
        return {name: _before_and_since(entry) for name, entry in facts.items()}


def days(day: date) -> int:
    """Days from 1970-01-01 to *day*, as DuckDB and NumPy count them."""
    return (day - EPOCH).days


@cache
def load() -> Parameters:
    """The parameters as shipped."""
    tables: dict[str, Any] = {}
    for name in ("inventing.toml", "afterwards.toml"):
        tables |= tomllib.loads((files("amends.demo") / name).read_text("utf-8"))
    return Parameters(tables)


def _before_and_since(entry: Mapping[str, Any]) -> tuple[float, float]:
    if "value" in entry:
        return float(entry["value"]), float(entry["value"])
    return float(entry["before"]), float(entry["since"])
