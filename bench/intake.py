"""Measures taking a file in, beside the time that DuckDB needs to read it, and what an answer costs then.

    python bench/intake.py                    # 100 MB to import, 1.9 million rows to answer from

The rows are invented, in the layout of data.police.uk. Told are seconds by the clock, the least of
some runs, all in one process; ratios are what counts.
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from amends.intake.importing import take_in
from amends.intake.layouts import layout

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)
KINDS = ("Shoplifting", "Violence and sexual offences", "Criminal damage and arson", "Public order")
ENDS = (
    "Local resolution",
    "Status update unavailable",
    "Unable to prosecute suspect",
    "Suspect charged",
)
FORCE = "Avon and Somerset Constabulary"


def write(path: Path, rows: int, seed: int) -> None:
    """Write *rows* invented rows; one in eight of them is an incident without a Crime ID."""
    pick = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER)
        for number in range(rows):
            crime = "" if number % 8 == 0 else f"{pick.getrandbits(256):064x}"
            month = f"{2012 + number * 10 // rows}-{1 + number % 12:02}"
            place = f"{-2.5 + pick.random():.6f},{51.4 + pick.random():.6f},On or near Park Road"
            file.write(
                f"{crime},{month},{FORCE},{FORCE},{place},E0101{number % 9999:04},Bristol {number % 60:03}A,"
                f"{pick.choice(KINDS)},{pick.choice(ENDS)},\n"
            )


def least(work: Callable[[], object], runs: int) -> float:
    """The seconds of the quickest of *runs* runs."""
    found = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return min(found)


def read(path: Path) -> None:
    """DuckDB by itself: every field of the file into a table."""
    with duckdb.connect() as duck:
        duck.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{path}', all_varchar=true)")


def imported(path: Path, folder: Path) -> None:
    """Ours: into a new store."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        take_in(
            layout("police-uk-street"),
            [path],
            Path(name) / "store",
            date(2026, 1, 1),
            lambda *_: None,
        )


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=440_000, help="of the file to import")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="amends-intake-") as name:
        folder = Path(name)
        write(folder / "one.csv", asked.rows, 1)
        size = (folder / "one.csv").stat().st_size / 1e6
        ours = least(lambda: imported(folder / "one.csv", folder), asked.runs)
        theirs = least(lambda: read(folder / "one.csv"), asked.runs)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{size:.0f} MB, {asked.rows:,} rows: import {ours:.2f} s, DuckDB reads it in {theirs:.2f} s:"
        )
        print(f"  {ours / theirs:.2f} times (goal: at most 3); {most:.0f} MB of memory at most")
        answer(folder)


def answer(folder: Path) -> None:
    """1.9 million rows, imported once: how long a grouped count takes."""
    many = [folder / f"part-{at}.csv" for at in range(5)]
    for at, path in enumerate(many):
        write(path, 380_000, 10 + at)
    store = folder / "store"
    begun = time.perf_counter()
    found = take_in(layout("police-uk-street"), many, store, date(2026, 1, 1), lambda *_: None)
    print(f"1.9 million rows imported in {time.perf_counter() - begun:.1f} s")
    sql = (
        f"SELECT month[:4], crime_type, count(*) FROM '{found.held.parquet}' "
        "WHERE stands AND outcome = 'community_resolution' GROUP BY ALL"
    )
    with duckdb.connect() as duck:
        seconds = least(lambda: duck.execute(sql).fetchall(), 3)
    print(f"  answered by year and type in {seconds:.3f} s (goal: under 1 s)")


if __name__ == "__main__":
    main()
