"""Small files of cases, to count: a row for each mapping, a column for each key of any."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

TYPES = {
    "decision_date": "DATE",
    "next_offence_on": "DATE",
    "next_offence_proven_on": "DATE",
    "followed_until": "DATE",
    "crime_recorded_on": "DATE",
    "case_recorded_crime": "BOOLEAN",
    "restorative_offered": "BOOLEAN",
    "restorative_declined": "BOOLEAN",
    "feedback_asked": "BOOLEAN",
    "offender_age": "INTEGER",
}


def written(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> Path:
    """*path*, a Parquet file of *rows* with *columns*; what a row does not say is NULL."""
    names = list(columns)
    with duckdb.connect() as connection:
        made = ", ".join(f"{name} {TYPES.get(name, 'VARCHAR')}" for name in names)
        connection.execute(f"CREATE TABLE cases ({made})")
        values = [[row.get(name) for name in names] for row in rows]
        if values:
            marks = ", ".join("?" for _ in names)
            connection.executemany(f"INSERT INTO cases VALUES ({marks})", values)
        connection.execute(f"COPY cases TO '{path}' (FORMAT parquet)")
    return path
