"""Two sets of rules as one query: every row is read once, and what both ask of a fact is asked once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from sqlglot import exp

from amends.audit.cells import Cells, Link
from amends.audit.dialects import DIALECTS, Dialect
from amends.audit.judging import Connection, settle_into, standing
from amends.audit.printing import Column, Printer
from amends.audit.sql import undecided
from amends.audit.terms import SQL, case, cast, either, named, number
from amends.policy.classes import Classes, classes_of
from amends.policy.exactness import is_exact
from amends.policy.rules import Authority, Ruleset

SIDES: Final = ("before", "after")
"""What the columns of each set of rules begin with."""


@dataclass(frozen=True)
class Pair:
    """The SQL of DuckDB that judges rows by the rules *before* and by the rules *after*.

    *columns* and *links* are as in a `Query`.
    """

    before: Ruleset
    after: Ruleset
    columns: Mapping[str, Column]
    links: tuple[Link, ...] = ()

    @property
    def dialect(self) -> Dialect:
        """The SQL it is printed in."""
        return DIALECTS["duckdb"]

    @property
    def sets(self) -> tuple[Ruleset, Ruleset]:
        """Both sets of rules, in the order of `SIDES`."""
        return self.before, self.after

    @cached_property
    def exact(self) -> bool:
        """Whether the answers of both need no second look."""
        return all(is_exact(classes_of(rules)) for rules in self.sets)

    @cached_property
    def classes(self) -> Classes:
        """The inputs of both together: each tells apart what either asks of a fact."""
        policies = (*self.before.policies, *self.after.policies)
        return classes_of(Ruleset(policies, (*self.before.rules, *self.after.rules)))

    @cached_property
    def cells(self) -> Cells:
        """The rules of both as tables of cells."""
        first = len(self.before.rules)
        blocks = [range(first), range(first, first + len(self.after.rules))]
        printer = Printer(self.columns, self.dialect)
        return Cells(self.classes, blocks, printer, self.links, every_input=not self.exact)

    @property
    def tables(self) -> dict[str, str]:
        """Tables that must stand in the database while the query runs: the SELECT of each, by its name."""
        return {name: self.dialect.print(table) for name, table in self.cells.tables.items()}

    def verdicts(self, source: SQL, row: SQL, where: SQL | None = None) -> exp.Select:
        """One line for each row of *source*: `n` (which *row*), `before`, `after`, the masks, and `key`.

        The masks are `before_raised`, `before_unknown` and so on. `key` is NULL where both answers are
        definite, or where no second look is needed.
        """
        inner = exp.select(named(row, "n"), *self.cells.keys(), copy=False)
        inner = inner.from_(source.copy(), copy=False)
        if where is not None:
            inner = inner.where(where.copy(), copy=False)
        for link in () if self.cells.links else self.links:
            there = exp.column(link.on, source.alias_or_name)
            on = exp.EQ(this=exp.column(link.key, link.table), expression=there)
            inner = inner.join(exp.to_table(link.table), on=on, join_type="left", copy=False)
        told = self.cells.told(self.cells.linked(inner)).subquery("told", copy=False)
        answered = exp.select("*", *self._answers(), copy=False).from_(told, copy=False)
        query = exp.select("n", *SIDES, *self._masks(), named(self._key(), "key"), copy=False)
        return query.from_(answered.subquery("answered", copy=False), copy=False)

    def _answers(self) -> list[SQL]:
        starts = (0, len(self.before.rules))
        return [
            named(cast(self.cells.answer(rules, start), "SMALLINT"), side)
            for side, rules, start in zip(SIDES, self.sets, starts, strict=True)
        ]

    def _masks(self) -> list[SQL]:
        found: list[SQL] = []
        for n, side in enumerate(SIDES):
            found.append(named(exp.column(f"yes{n}"), f"{side}_raised"))
            found.append(named(undecided(f"yes{n}", f"maybe{n}"), f"{side}_unknown"))
        return found

    def _key(self) -> SQL:
        if self.exact:
            return cast(exp.null(), "TEXT")
        unknown = number(int(Authority.NOT_YET_KNOWN))
        left = (exp.EQ(this=exp.column(side), expression=unknown) for side in SIDES)
        return case([(either(*left), self.cells.key())])

    def settled(self, key: str) -> tuple[Authority, Authority]:
        """The exact answers of the rows with this *key*, by the rules before and after."""
        states = self.cells.states(key)
        before, after = (self._settled(classes_of(rules), states) for rules in self.sets)
        return before, after

    def _settled(self, own: Classes, states: tuple[int, ...]) -> Authority:
        """The answer by *own* rules alone, which may tell apart fewer states than both together."""
        said = {
            test: value
            for one, state in zip(self.classes.inputs, states, strict=True)
            for test, value in zip(one.tests, one.states[state], strict=True)
        }
        return own.settle(tuple(one.index[tuple(said[t] for t in one.tests)] for one in own.inputs))


def judge_pair_into(
    connection: Connection, pair: Pair, source: SQL, row: SQL, table: str, where: SQL | None = None
) -> None:
    """Judge every row of *source* by both sets of rules into the new *table*.

    Its columns are those of `Pair.verdicts`; what is left open only rule by rule is settled.
    """
    select = pair.dialect.print(pair.verdicts(source, row, where))
    with standing(connection, pair.tables):
        connection.execute(f"CREATE TABLE {table} AS {select}")
    if not pair.exact:
        settle_into(connection, table, SIDES, lambda key: tuple(map(int, pair.settled(key))))
