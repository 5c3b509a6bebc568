"""Home Office outcome types as dated data: a new one is a line in `outcomes.csv`, and no release.

Source: domain.md 3.1. `confidence` says what was read; what is from general knowledge is `illustrative`.
"""

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

COMMUNITY_RESOLUTION: Final = "8"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome type: from which day it may be given, and until (not including) which."""

    code: str
    name: str
    starts: dt.date
    ends: dt.date | None
    source: str
    confidence: str

    def holds_on(self, day: dt.date) -> bool:
        """Whether it may be given on *day*."""
        return self.starts <= day and (self.ends is None or day < self.ends)


@cache
def outcomes() -> dict[str, Outcome]:
    """Every outcome type by its code."""
    text = (files(__package__) / "outcomes.csv").read_text("utf-8")
    return {
        row["code"]: Outcome(
            row["code"], row["name"], dt.date.fromisoformat(row["starts"]),
            dt.date.fromisoformat(row["ends"]) if row["ends"] else None,
            row["source"], row["confidence"],
        )
        for row in csv.DictReader(text.splitlines())
    }  # fmt: skip
