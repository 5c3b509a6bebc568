"""A history of invented cases, with the canary of every personal field in columns of their own."""

from pathlib import Path
from typing import Final

import duckdb

from amends.demo.inventing import invent
from support.planted_people import birthday, personal

CASES: Final = 1_000
AS_AT: Final = "2014-07-01"
SAID: Final = (
    "--as-at", AS_AT, "--publisher", "An invented force", "--contact", "a@invented.example",
    "--judged-by", "An officer",
)  # fmt: skip
"""What the commands that publish are told beside the cases."""


def plant(path: Path, **instead: str) -> Path:
    """Write the planted history to *path*: case n has `planted_people.canary(n, f)` of each personal field f.

    *instead* gives columns other values: SQL, in which `n` is the case.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    bare = path.with_name("bare.parquet")
    invent(bare, rows=CASES)
    words = ", ".join(
        f"DATE '{birthday(0)}' + n::INTEGER AS {name.replace('.', '_')}"
        if name.endswith(".born")
        else f"printf('cny%04df{place:03}', n) AS {name.replace('.', '_')}"
        for place, (name, _) in enumerate(personal())
    )
    changed = ", ".join(f"{sql} AS {name}" for name, sql in instead.items())
    replaced = f"REPLACE ({changed})" if changed else ""
    rows = f"SELECT *, row_number() OVER () - 1 AS n FROM '{bare}'"
    duckdb.execute(f"COPY (SELECT * EXCLUDE n {replaced}, {words} FROM ({rows})) TO '{path}'")
    bare.unlink()
    return path
