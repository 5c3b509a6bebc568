"""An invented history with facts missing, and the code tables it is linked to, in DuckDB and as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

SEED: Final = 20110401
THREADS: Final = 2
MISSING: Final = 255
NO_CODE: Final = 65_535
"""How a number that is not known stands in the arrays: for a byte, and for an offence code."""

FORMS: Final = ("admits_offence", "accepts_responsibility", "none")
MODES: Final = ("summary_only", "either_way", "indictable_only")
RELATIONS: Final = ("not_related", "other_family", "intimate_partner", "former_intimate_partner")

BOOLEANS: Final = {
    "offender_agrees": (0.96, 0.05),
    "flags_domestic_abuse": (0.06, 0.04),
    "flags_hate": (0.02, 0.03),
    "flags_knife": (0.02, 0.03),
    "evidence_sufficient": (0.97, 0.04),
}
"""Share that is true of those known, and share that is not known."""
COUNTS: Final = {
    "earlier_community_resolutions": ((0.70, 0.15, 0.07, 0.04, 0.02, 0.02), 0.05),
    "gravity_aggravating": ((0.60, 0.20, 0.10, 0.05, 0.03, 0.02), 0.06),
}
COLUMNS: Final = (
    "admission_form",
    "offender_age",
    *COUNTS,
    *BOOLEANS,
    "offence_code",
    "relationship_code",
)
"""The columns of the history that the policy reads: nine facts and two codes."""
OF_CODE: Final = ("mode_of_trial", "score", "listed")
"""What the table of offence codes tells; the other table tells the relationship by its code."""
TIES: Final = tuple(f"R{n:02}" for n in range(12))


@dataclass(frozen=True)
class History:
    """The columns as arrays of small numbers, in which MISSING and NO_CODE say *not known*."""

    columns: Mapping[str, Array]
    tables: Mapping[str, Array]
    codes: int

    @property
    def rows(self) -> int:
        return len(self.columns["offender_age"])

    def first(self, rows: int) -> "History":
        """Only its first *rows*."""
        cut = {name: column[:rows] for name, column in self.columns.items()}
        return History(cut, self.tables, self.codes)


def invent(rows: int, codes: int = 40) -> History:
    """A history of *rows*, whose offences have one of *codes* codes; the same each time."""
    random = np.random.default_rng(SEED)
    ages = np.clip(random.normal(27, 12, rows), 7, 95).astype(np.uint8)
    found = {
        "admission_form": _drawn(random, rows, (0.86, 0.10, 0.04), 0.05),
        "offender_age": _forgotten(random, ages, 0.04),
    }
    for name, (shares, missing) in COUNTS.items():
        found[name] = _drawn(random, rows, shares, missing)
    for name, (true, missing) in BOOLEANS.items():
        found[name] = _drawn(random, rows, (1 - true, true), missing)
    offences = random.integers(0, codes, rows, np.uint16)
    found["offence_code"] = _forgotten(random, offences, 0.01, NO_CODE)
    even = (1 / len(TIES),) * len(TIES)
    found["relationship_code"] = _drawn(random, rows, even, 0.06)
    return History(found, _tables(random, codes), codes)


def _tables(random: np.random.Generator, codes: int) -> dict[str, Array]:
    """What the code tables tell, by code; a few codes tell nothing."""
    relation = np.array([0] * 7 + [1] * 2 + [2, 3, MISSING], np.uint8)
    return {
        "mode_of_trial": _drawn(random, codes, (0.62, 0.35, 0.03), 0.02),
        "score": _drawn(random, codes, (0.0, 0.40, 0.35, 0.20, 0.04, 0.01), 0.03),
        "listed": _drawn(random, codes, (0.25, 0.75), 0.02),
        "relationship": relation,
    }


def _drawn(
    random: np.random.Generator, rows: int, shares: Sequence[float], missing: float
) -> Array:
    """Numbers from 0, each as often as its share says; MISSING where not known."""
    ends = (np.cumsum(shares) * 65_536).astype(np.uint32)
    drawn = random.integers(0, 65_536, rows, np.uint16)
    found = np.zeros(rows, np.uint8)
    for end in ends[:-1]:
        found += drawn >= end
    return _forgotten(random, found, missing)


def _forgotten(
    random: np.random.Generator, values: Array, missing: float, mark: int = MISSING
) -> Array:
    values[random.integers(0, 65_536, len(values), np.uint16) < missing * 65_536] = mark
    return values


# --- in DuckDB ----------------------------------------------------------------


def connect() -> duckdb.DuckDBPyConnection:
    """A database in memory that uses THREADS threads, with the kinds of text the facts have."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"SET threads = {THREADS}")
    connection.execute("SET enable_progress_bar = false")
    for name, words in (("form", FORMS), ("mode", MODES), ("relation", RELATIONS)):
        _make_kind(connection, name, words)
    return connection


def _make_kind(connection: duckdb.DuckDBPyConnection, name: str, words: Sequence[str]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    connection.execute(f"CREATE TYPE {name} AS ENUM ({listed})")


def code(number: int) -> str:
    """The offence code with this *number*: invented, and of the length that real ones have."""
    return f"{number // 100 + 1:03}/{number % 100:02}"


def load(connection: duckdb.DuckDBPyConnection, history: History, name: str = "history") -> None:
    """Put *history* into the table *name*, and its code tables into tables that begin with it."""
    _make_kind(connection, f"{name}_offence", [code(n) for n in range(history.codes)])
    _make_kind(connection, f"{name}_tie", TIES)
    _load_tables(connection, history, name)
    numbers = np.arange(history.rows, dtype=np.uint32)  # a join does not keep the order of rows
    connection.register("arrays", {"n": numbers, **history.columns})
    # As a table first: of arrays DuckDB does not know the size, and might turn the joins round.
    connection.execute("CREATE TEMP TABLE numbers AS SELECT * FROM arrays")
    connection.unregister("arrays")
    facts = [_boolean(column) for column in BOOLEANS]
    facts += [f"nullif({c}, {MISSING})::UTINYINT AS {c}" for c in ("offender_age", *COUNTS)]
    facts += [f"{_word('a.admission_form', 'form', FORMS)} AS admission_form"]
    connection.execute(
        f"CREATE TABLE {name} AS SELECT n, {', '.join(facts)}, c.code AS offence_code, "
        f"t.code AS relationship_code FROM numbers AS a "
        f"LEFT JOIN {name}_codes AS c ON c.number = a.offence_code "
        f"LEFT JOIN {name}_ties AS t ON t.number = a.relationship_code"
    )
    connection.execute("DROP TABLE numbers")


def _load_tables(connection: duckdb.DuckDBPyConnection, history: History, name: str) -> None:
    told = history.tables
    mode = _word("mode_of_trial", "mode", MODES)
    relation = _word("relationship", "relation", RELATIONS)
    score = f"nullif(score, {MISSING})::UTINYINT AS score"
    offences = [code(n) for n in range(history.codes)]
    for table, kind, words, names, sql in (
        (
            "codes",
            "offence",
            offences,
            OF_CODE,
            f"{mode} AS mode_of_trial, {score}, {_boolean('listed')}",
        ),
        ("ties", "tie", TIES, ("relationship",), f"{relation} AS relationship"),
    ):
        numbers = np.arange(len(words), dtype=np.uint16)
        connection.register("told", {"number": numbers, **{n: told[n] for n in names}})
        connection.execute(
            f"CREATE TABLE {name}_{table} AS "
            f"SELECT number, (?::VARCHAR[])[number + 1]::{name}_{kind} AS code, {sql} FROM told",
            [words],
        )
        connection.unregister("told")


def _boolean(column: str) -> str:
    return f"CASE {column} WHEN 0 THEN FALSE WHEN 1 THEN TRUE END AS {column}"


def _word(column: str, kind: str, words: Sequence[str]) -> str:
    ways = " ".join(f"WHEN {n} THEN '{word}'::{kind}" for n, word in enumerate(words))
    return f"CASE {column} {ways} END"


def joined(name: str = "history") -> str:
    """The history *name* with what the two code tables tell beside each row."""
    return (
        f"SELECT h.*, c.mode_of_trial, c.score, c.listed, t.relationship FROM {name} AS h "
        f"LEFT JOIN {name}_codes AS c ON c.code = h.offence_code "
        f"LEFT JOIN {name}_ties AS t ON t.code = h.relationship_code"
    )
