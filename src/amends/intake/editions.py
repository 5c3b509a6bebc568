"""Editions: a month of a force that was published again later replaces what was held of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from amends.intake.layouts import Layout
from amends.intake.quoting import quoted_name

Edition = tuple[str, str]
"""The day as at which a file was, and the month that its folder is named after (empty where it is none)."""
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Replaced:
    """How many rows of a month of a force, from one source, a later source replaces."""

    source: int
    by: int
    force: str
    month: str
    rows: int


@dataclass(frozen=True, slots=True)
class Unsure:
    """A month of a force that two sources tell of, of which nothing says that one is later."""

    source: int
    other: int
    force: str
    month: str


def folder_month(path: Path) -> str:
    """The month that the folder of a file is named after, as archives of data.police.uk are; empty where it is none."""
    called = path.absolute().parent.name
    return called if _MONTH.fullmatch(called) else ""


def superseded(
    duck: duckdb.DuckDBPyConnection, layout: Layout, editions: Sequence[Edition]
) -> tuple[list[Replaced], list[Unsure]]:
    """What later editions replace among the rows of the view `every`, and of what it is not known.

    *editions* has that of each source. Of the same day the folder decides, where each file of that month has one.
    The temporary table `gone` then names what is to be left out, by source, force and month. Rows that name no
    force are of no edition.
    """
    duck.execute("CREATE OR REPLACE TEMP TABLE gone (source BIGINT, force VARCHAR, month VARCHAR)")
    if not (layout.force and layout.month and layout.key) or len(editions) < 2:
        return [], []
    duck.execute(
        "CREATE OR REPLACE TEMP TABLE editions (source BIGINT, day VARCHAR, folder VARCHAR)"
    )
    rows = [(at, *one) for at, one in enumerate(editions)]
    duck.executemany("INSERT INTO editions VALUES (?, ?, ?)", rows)
    month = quoted_name(layout.column(layout.month).held)
    duck.execute(
        "CREATE OR REPLACE TEMP TABLE told AS SELECT *, max({'edition': edition, 'source': source}) "
        "OVER (PARTITION BY force, month) AS last FROM (SELECT source, force, month, many, day || CASE WHEN "
        "bool_or(folder = '') OVER (PARTITION BY force, month, day) THEN '' ELSE folder END AS edition FROM ("
        f"SELECT source, force_slug AS force, {month} AS month, count(*) AS many FROM every "
        "WHERE force_slug IS NOT NULL GROUP BY ALL) JOIN editions USING (source))"
    )
    own = "FROM told WHERE edition < last.edition"
    duck.execute(f"INSERT INTO gone SELECT source, force, month {own}")
    replaced = duck.execute(
        f"SELECT source, last.source, force, month, many {own} ORDER BY ALL"
    ).fetchall()
    unsure = duck.execute(
        "SELECT source, last.source, force, month FROM told "
        "WHERE edition = last.edition AND source < last.source ORDER BY ALL"
    ).fetchall()
    return [Replaced(*row) for row in replaced], [Unsure(*row) for row in unsure]
