"""How long a case is kept at least, by its group: dated reviews, and never sooner without a coded ground.

Source: domain.md 9 (the groups and periods are from general knowledge: `illustrative`).
"""

import csv
import datetime as dt
from functools import cache
from importlib.resources import files


@cache
def periods() -> dict[str, int]:
    """The years of each group's period, by the group."""
    text = (files(__package__) / "retention.csv").read_text("utf-8")
    return {row["group"]: int(row["years"]) for row in csv.DictReader(text.splitlines())}


def earliest_review(group: str, ended: dt.date) -> dt.date:
    """The first day on which a case of *group* that ended on *ended* may be reviewed for erasure."""
    year = ended.year + periods()[group]
    try:
        return ended.replace(year=year)
    except ValueError:  # 29 February
        return dt.date(year, 3, 1)
