"""What is measured in one run: ours, the scan, and the peers, each ready to be run again and again."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import history as h
import numpy as np
import peer_openfisca
import peer_polars
import peer_zen
from ours import Coded, Sql, facts_of
from policies import later_policy, policy
from timing import Measured

from amends.audit.classtable import ClassTable
from amends.policy.facts import catalogue

CODES: Final = 40
MANY_CODES: Final = 4_000
OPENFISCA_ROWS: Final = 10_000_000
"""At most: it keeps every rule of every row, about a gigabyte for a million rows."""
WORDS: Final = {
    "admission.form": h.FORMS,
    "offence.mode_of_trial": h.MODES,
    "flags.relationship": h.RELATIONS,
}


@dataclass
class Bench:
    """The policy and the history, in the form that each engine wants."""

    rows: int
    zen_rows: int
    tell: Callable[[str], None]

    @cached_property
    def rules(self) -> Any:
        return policy()

    @cached_property
    def history(self) -> h.History:
        self.tell(f"inventing {self.rows:,} rows")
        return h.invent(self.rows, CODES)

    @cached_property
    def sql(self) -> Sql:
        connection = h.connect()
        self.tell("loading them into DuckDB")
        h.load(connection, self.history)
        return Sql(connection)

    @cached_property
    def many_codes(self) -> Sql:
        self.tell(f"loading the same with {MANY_CODES:,} offence codes")
        h.load(self.sql.connection, h.invent(self.rows, MANY_CODES), "history_many")
        return Sql(self.sql.connection, "history_many")

    @cached_property
    def table(self) -> ClassTable:
        return ClassTable(self.rules)

    @cached_property
    def coded(self) -> Coded:
        self.tell("coding them for the class table")
        return Coded(self.table, self.sql.codes(self.table))

    @cached_property
    def polars(self) -> Any:
        self.tell("loading them into Polars")
        return peer_polars.frames(self.history)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The facts of the rows that zen-engine and OpenFisca are given, joined already."""
        return dict(facts_of(self.history.first(min(self.rows, OPENFISCA_ROWS)), self.rules))

    # --- peers ----------------------------------------------------------------

    @cached_property
    def zen_cases(self) -> list[dict[str, Any]]:
        self.tell("writing cases for zen-engine")
        return [self._case(row) for row in range(min(self.rows, self.zen_rows))]

    def _case(self, row: int) -> dict[str, Any]:
        known = {}
        for fact, values in self.facts.items():
            value = int(values[row])
            if value != h.MISSING:
                known[fact] = _meant(fact, value)
        return peer_zen.case(known)

    @cached_property
    def zen_table(self) -> Any:
        return peer_zen.decision(self.rules, all_rules=False)

    def zen_answers(self) -> list[int]:
        table = self.zen_table
        return [peer_zen.answer(table, case) for case in self.zen_cases]

    @cached_property
    def openfisca(self) -> peer_openfisca.System:
        return peer_openfisca.System(self.rules, WORDS)

    def simulation(self) -> Any:
        """A fresh simulation: what is not known has OpenFisca's own default, false or 0."""
        given = {}
        for fact, values in self.facts.items():
            known = np.where(values == h.MISSING, 0, values)
            kind = catalogue()[fact].type
            given[fact] = known.astype({"boolean": bool, "whole": np.int32}.get(kind, np.uint8))
        return self.openfisca.simulation(given)

    # --- all of them ----------------------------------------------------------

    def subjects(self) -> list[Measured]:
        """Every subject, in the order of the table."""
        sql, coded, rules, rows = self.sql, self.coded, self.rules, self.rows
        many, later = self.many_codes, later_policy()
        return [
            Measured("scan", "scan: DuckDB sums the same 11 columns", sql.scan, rows),
            Measured("joined", "scan with the joins: sums the 13 facts", sql.joined_scan, rows),
            Measured("sql", "ours, DuckDB SQL: outcomes", lambda: sql.outcomes(rules), rows),
            Measured("sql-masks", "ours, DuckDB SQL: with masks", lambda: sql.masks(rules), rows),
            Measured("coded", "scan of the coded bytes (NumPy, 1 thread)", coded.scan, rows),
            Measured(
                "table-1", "ours, class table, 1 thread: outcomes", lambda: coded.outcomes(1), rows
            ),
            Measured(
                "table", "ours, class table, 2 threads: outcomes", lambda: coded.outcomes(2), rows
            ),
            Measured(
                "table-masks-1",
                "ours, class table, 1 thread: with masks",
                lambda: coded.masks(1),
                rows,
            ),
            Measured(
                "table-masks",
                "ours, class table, 2 threads: with masks",
                lambda: coded.masks(2),
                rows,
            ),
            Measured("polars", "Polars by hand, 2 threads: outcomes", self._polars(), rows),
            Measured(
                "openfisca",
                "OpenFisca-Core, 1 thread: outcomes, no *unknown*",
                peer_openfisca.answers,
                len(next(iter(self.facts.values()))),
                self.simulation,
            ),
            Measured(
                "zen", "zen-engine, 1 thread: outcomes", self.zen_answers, len(self.zen_cases)
            ),
            Measured(
                "many",
                f"ours, DuckDB SQL, {MANY_CODES:,} codes: outcomes",
                lambda: many.outcomes(rules),
                rows,
            ),
            Measured(
                "two",
                "ours, DuckDB SQL, two policies: with masks",
                lambda: sql.compared(rules, later),
                rows,
            ),
        ]

    def _polars(self) -> Callable[[], Any]:
        frames = self.polars
        return lambda: peer_polars.answers(frames)


def _meant(fact: str, value: int) -> Any:
    if fact in WORDS:
        return WORDS[fact][value]
    return bool(value) if catalogue()[fact].type == "boolean" else value
