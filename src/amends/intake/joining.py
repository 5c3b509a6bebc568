"""The rows of all files of a layout as one: repeats dropped, and of each crime the row that stands for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from amends.intake.editions import Edition, Replaced, Unsure, superseded
from amends.intake.layouts import DROPPED, Layout
from amends.intake.quoting import quoted_name, quoted_text

RESOLUTION: Final = "community_resolution"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a layout's rows show: months, distinct crimes (None where rows tell none), community resolutions.

    `forces` gives the months of each force, where rows name one.
    """

    months: tuple[str, ...]
    forces: dict[str, tuple[str, ...]]
    crimes: int | None
    resolutions: dict[str, tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was left out: repeats (source, line, and the line that they repeat), and what later editions replace."""

    repeats: list[tuple[int, int, int]]
    replaced: list[Replaced]
    unsure: list[Unsure]


def joined(
    duck: duckdb.DuckDBPyConnection, layout: Layout, before: Path | None, parts: Sequence[Path | str],
    to: Path, editions: Sequence[Edition],
) -> Dropped:  # fmt: skip
    """Write the rows of *parts*, and those held *before*, to the Parquet *to*; given is what was left out.

    *parts* are Parquet files, or names of views. *editions* has that of each source: a later one replaces a month
    of a force.

    Each row has `outcome` (the meaning of its label, as the layout says it) and `stands`: whether it
    stands for its crime, of all rows of that; unknown where it is of no crime.
    """
    held = [f"SELECT * FROM {one}" for one in parts if isinstance(one, str)]
    if files := ", ".join(quoted_text(one) for one in parts if isinstance(one, Path)):
        held.append(f"SELECT * FROM read_parquet([{files}])")
    if before is not None:
        held.append(f"SELECT * EXCLUDE (outcome, stands) FROM read_parquet({quoted_text(before)})")
    duck.execute(
        f"CREATE OR REPLACE TEMP VIEW every AS SELECT * FROM ({' UNION ALL BY NAME '.join(held)})"
    )
    replaced, unsure = superseded(duck, layout, editions)
    month = _name(layout, layout.month) if replaced else ""
    left = (
        f"WHERE NOT EXISTS (SELECT 1 FROM gone WHERE gone.source = every.source AND gone.force = every.force_slug "
        f"AND gone.month = every.{month})"
    )
    duck.execute(
        f"CREATE OR REPLACE TEMP VIEW parts AS SELECT *, {_outcome(layout)} AS outcome FROM every "
        f"{left if replaced else ''}"
    )
    if not layout.key:
        _copy(duck, "SELECT *, NULL::BOOLEAN AS stands FROM parts", to)
        return Dropped([], replaced, unsure)
    key = _name(layout, layout.key)
    duck.execute(
        f"CREATE OR REPLACE TEMP TABLE often AS SELECT {key} AS k FROM parts WHERE {key} IS NOT NULL "
        f"GROUP BY k HAVING count(*) > 1"
    )
    own = ", ".join(_name(layout, one.name) for one in layout.columns)
    first = "true" if layout.repeats != DROPPED else "copy = 1"
    duck.execute(
        f"CREATE OR REPLACE TEMP TABLE several AS SELECT *, "
        f"row_number() OVER same AS copy, first_value(line) OVER same AS of_line "
        f"FROM parts WHERE {key} IN (SELECT k FROM often) "
        f"WINDOW same AS (PARTITION BY {own} ORDER BY source, line)"
    )
    _copy(
        duck,
        f"SELECT *, CASE WHEN {key} IS NULL THEN NULL ELSE true END AS stands FROM parts "
        f"WHERE {key} IS NULL OR {key} NOT IN (SELECT k FROM often) "
        f"UNION ALL BY NAME SELECT * EXCLUDE (copy, of_line), "
        f"row_number() OVER (PARTITION BY {key} ORDER BY {_rank(layout)}, source, line) = 1 AS stands "
        f"FROM several WHERE {first}",
        to,
    )
    if layout.repeats != DROPPED:
        return Dropped([], replaced, unsure)
    repeats = duck.execute(
        "SELECT source, line, of_line FROM several WHERE copy > 1 ORDER BY source, line"
    ).fetchall()
    return Dropped(repeats, replaced, unsure)


def _outcome(layout: Layout) -> str:
    if not layout.outcome:
        return "NULL::VARCHAR"
    cases = " ".join(
        f"WHEN {quoted_text(one)} THEN {quoted_text(to)}" for one, to in layout.labels.items()
    )
    return f"CASE {_name(layout, layout.outcome)} {cases} END"


def _rank(layout: Layout) -> str:
    """Where an outcome comes in the layout's precedence: unknown ones last."""
    cases = " ".join(
        f"WHEN {quoted_text(one)} THEN {at}" for at, one in enumerate(layout.precedence)
    )
    return f"CASE outcome {cases} ELSE {len(layout.precedence)} END" if cases else "0"


def summed_up(duck: duckdb.DuckDBPyConnection, layout: Layout, rows: Path) -> Figures:
    """The figures of the closing summary, from the Parquet *rows*."""
    read = f"read_parquet({quoted_text(rows)})"
    months, resolutions, crimes = (), {}, None
    forces: dict[str, tuple[str, ...]] = {}
    if layout.month:
        month = _name(layout, layout.month)
        found = duck.execute(f"SELECT DISTINCT {month} FROM {read} ORDER BY 1").fetchall()
        months = tuple(row[0] for row in found)
        own = duck.execute(
            f"SELECT force_slug, list_sort(list(DISTINCT {month})) FROM {read} WHERE force_slug IS NOT NULL "
            "GROUP BY 1 ORDER BY 1"
        ).fetchall()
        forces = {force: tuple(each) for force, each in own}
    if layout.key:
        key = _name(layout, layout.key)
        one = duck.execute(f"SELECT count(*), count({key}) FROM {read} WHERE stands").fetchone()
        crimes = one[0] if one else 0
        if layout.month:
            found = duck.execute(
                f"SELECT {month}, count(*), count(DISTINCT {key}) FROM {read} "
                f"WHERE outcome = '{RESOLUTION}' GROUP BY 1 ORDER BY 1"
            ).fetchall()
            resolutions = {row[0]: (row[1], row[2]) for row in found}
    return Figures(months, forces, crimes, resolutions)


def _copy(duck: duckdb.DuckDBPyConnection, query: str, to: Path) -> None:
    duck.execute(f"COPY ({query}) TO {quoted_text(to)} (FORMAT parquet, COMPRESSION zstd)")


def _name(layout: Layout, column: str) -> str:
    return quoted_name(layout.column(column).held)
