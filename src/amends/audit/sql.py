"""A set of rules as SQL: for each row the five numbers of its verdict, in one query.

The answer is worked out rule by rule in Kleene logic: in DuckDB by small tables of cells, in the other
engines by asking each rule. Where that may be over-cautious, the rows still *not yet known* carry a key
that says how every test came out; each different key is settled once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from sqlglot import exp

from amends.audit.cells import LEVELS, Cells, Link
from amends.audit.dialects import Dialect
from amends.audit.printing import Column, Printer
from amends.audit.terms import (
    SQL,
    both,
    call,
    case,
    cast,
    either,
    is_null,
    named,
    no,
    number,
    paren,
    text,
)
from amends.audit.verdicts import records_of
from amends.feel.truth import truth
from amends.policy.classes import Classes, classes_of
from amends.policy.exactness import is_exact
from amends.policy.rules import Authority, Ruleset

NUMBERS: Final = ("answer", "raised", "unknown", "owed", "unsure")
"""The columns of a verdict."""
_WORD: Final = 31
_ANSWERS: Final = {"y": True, "n": False, "-": None}


@dataclass(frozen=True)
class Query:
    """The SQL that judges rows by *rules*, over facts that stand in *columns*.

    Facts may stand in the code tables *links* too: by a join, and never by a condition for each code.
    """

    rules: Ruleset
    columns: Mapping[str, Column]
    dialect: Dialect
    links: tuple[Link, ...] = ()

    @cached_property
    def classes(self) -> Classes:
        """The inputs of the rules, which the key of a row tells apart."""
        return classes_of(self.rules)

    @cached_property
    def exact(self) -> bool:
        """Whether the answers need no second look."""
        return is_exact(self.classes)

    @cached_property
    def _printer(self) -> Printer:
        return Printer(self.columns, self.dialect)

    @cached_property
    def records(self) -> tuple[str, ...]:
        """The records in the order of their bits."""
        return records_of(self.rules)

    @cached_property
    def cells(self) -> Cells | None:
        """The rules as tables of cells, where the engine joins those faster than it asks rules."""
        if self.dialect.name != "duckdb":
            return None
        blocks = [range(len(self.rules.rules))]
        return Cells(self.classes, blocks, self._printer, self.links, every_input=not self.exact)

    @property
    def tables(self) -> dict[str, str]:
        """Tables that must stand in the database while the query runs: the SELECT of each, by its name."""
        found = self.cells.tables if self.cells else {}
        return {name: self.dialect.print(table) for name, table in found.items()}

    # --- the query ------------------------------------------------------------

    def verdicts(
        self,
        source: SQL,
        row: SQL,
        where: SQL | None = None,
        carry: Mapping[str, SQL] | None = None,
    ) -> exp.Select:
        """One line for each row of *source*: `n` (which *row*), the five numbers, `key`, and *carry*.

        `key` is NULL where the answer is definite, or where no second look is needed.
        """
        carried = [named(value, name) for name, value in (carry or {}).items()]
        held = [
            named(self.columns[f"recorded.{name}"].value, f"w{j}")
            for j, name in enumerate(self.records)
        ]
        if self.cells:
            found = [*carried, *held, *self.cells.keys()]
        else:
            found = [*carried, *held, *self._rules(), *([] if self.exact else self._tests())]
        inner = self._from(exp.select(named(row, "n"), *found, copy=False), source, where)
        outer = self._outer(self._told(inner))
        return outer.select(*map(exp.column, carry or ()), copy=False)

    def _rules(self) -> list[SQL]:
        return [
            named(self._printer.true(node), f"r{i}") for i, node in enumerate(self.classes.raised)
        ]

    def _told(self, inner: exp.Select) -> exp.Select:
        """*inner*, whose rows say how each rule or cell came out, with the answer and the masks."""
        if self.cells is None:
            packed = exp.select("*", named(self.answer(), "answer"), *self._words(), copy=False)
            return packed.from_(inner.subquery("found", copy=False), copy=False)
        told = self.cells.told(self.cells.linked(inner)).subquery("told", copy=False)
        answer = named(self.cells.answer(self.rules), "answer")
        return exp.select("*", answer, copy=False).from_(told, copy=False)

    def _outer(self, packed: exp.Select) -> exp.Select:
        columns = [
            named(cast(exp.column("answer"), "SMALLINT"), "answer"),
            *self._masks(),
            named(self._owed(unsure=False), "owed"),
            named(self._owed(unsure=True), "unsure"),
            named(self._key(), "key"),
        ]
        query = exp.select("n", *columns, copy=False)
        return query.from_(packed.subquery("packed", copy=False), copy=False)

    def _masks(self) -> list[SQL]:
        if self.cells is None:
            return [named(self._unpacked(0), "raised"), named(self._unpacked(_WORD), "unknown")]
        return [
            named(exp.column("yes0"), "raised"),
            named(undecided("yes0", "maybe0"), "unknown"),
        ]

    def outcomes(self, source: SQL, where: SQL | None = None) -> exp.Select:
        """Only the answer of each row of *source*, as `answer`."""
        if self.cells is None:
            levels = {level: self._any_of(level, self._printed) for level in LEVELS}
            answer = named(_by_level(levels, self.rules.otherwise), "answer")
            return self._from(exp.select(answer, copy=False), source, where)
        keys = self.cells.keys() or [named(number(0), "k")]
        told = self._told(self._from(exp.select(*keys, copy=False), source, where))
        return exp.select("answer").from_(told.subquery("packed", copy=False), copy=False)

    def _from(self, query: exp.Select, source: SQL, where: SQL | None) -> exp.Select:
        """*query* from *source*, and from the code tables that `Cells` does not join itself."""
        query = query.from_(source.copy(), copy=False)
        for link in () if self.cells and self.cells.links else self.links:
            row = exp.column(link.on, source.alias_or_name)
            on = exp.EQ(this=exp.column(link.key, link.table), expression=row)
            query = query.join(exp.to_table(link.table), on=on, join_type="left", copy=False)
        return query if where is None else query.where(where.copy(), copy=False)

    def answer(self) -> SQL:
        """The answer of a row whose rules came out as `r0`, `r1` and so on."""
        levels = {level: self._any_of(level, self._named) for level in LEVELS}
        return _by_level(levels, self.rules.otherwise)

    def _named(self, i: int) -> SQL:
        return exp.column(f"r{i}")

    def _printed(self, i: int) -> SQL:
        return self._printer.true(self.classes.raised[i])

    def _any_of(self, level: Authority, show: object) -> SQL | None:
        if level <= self.rules.otherwise:
            return None
        tests = [
            show(i)  # type: ignore[operator]
            for i, rule in enumerate(self.rules.rules)
            if rule.allow == level
        ]
        return either(*tests) if tests else None

    def _words(self) -> list[SQL]:
        """The rules that are raised, and unknown, packed in whole numbers of 31 rules each."""
        words = []
        for start in range(0, len(self.rules.rules), _WORD):
            bits: list[SQL] = []
            for place in range(min(_WORD, len(self.rules.rules) - start)):
                test = exp.column(f"r{start + place}")
                # Nulls first: most engines are quicker to see a null than to ask twice.
                ways = [(is_null(test), _bit(_WORD + place)), (test, _bit(place))]
                bits.append(case(ways, _bit(None)))
            words.append(named(_total(bits), f"p{start // _WORD}"))
        return words

    def _unpacked(self, shift: int) -> SQL:
        parts = []
        for word in range((len(self.rules.rules) + _WORD - 1) // _WORD):
            value: SQL = exp.column(f"p{word}")
            if shift:
                value = paren(exp.BitwiseRightShift(this=value, expression=number(shift)))
            low = exp.BitwiseAnd(this=value, expression=number((1 << _WORD) - 1))
            scale = number(1 << (_WORD * word))
            parts.append(exp.Mul(this=paren(low), expression=scale) if word else paren(low))
        return _total(parts)

    def _owed(self, *, unsure: bool) -> SQL:
        bits: list[SQL] = []
        for place, name in enumerate(self.records):
            wanting = [i for i, rule in enumerate(self.rules.rules) if name in rule.record]
            raised = self._any_raised(wanting)
            held = exp.column(f"w{place}")
            lacking = is_null(held) if unsure else no(held)
            bits.append(case([(both(raised, lacking), _bit(place))], _bit(None)))
        return _total(bits)

    def _any_raised(self, rules: list[int]) -> SQL:
        """Whether any of *rules* is certainly raised: only those ask for a record."""
        if self.cells:
            return self.cells.among("certain", rules)
        return call("COALESCE", either(*map(self._named, rules)), exp.false())

    # --- the key of a row that is not yet known -------------------------------

    def _tests(self) -> list[SQL]:
        """How each test came out, two questions where it may be null."""
        shown = []
        for i, (one, t) in enumerate(self._flat_tests()):
            test = self.classes.inputs[one].tests[t]
            shown.append(named(self._printer.true(test), f"t{i}"))
            if test.type.absent:
                shown.append(named(self._printer.false(test), f"f{i}"))
        return shown

    def _flat_tests(self) -> list[tuple[int, int]]:
        return [(i, t) for i, one in enumerate(self.classes.inputs) for t in range(len(one.tests))]

    def _key(self) -> SQL:
        if self.exact:
            return cast(exp.null(), "TEXT")
        open_answer = exp.EQ(
            this=exp.column("answer"),
            expression=number(int(Authority.NOT_YET_KNOWN)),
        )
        return case([(open_answer, self.cells.key() if self.cells else self._letters())])

    def _letters(self) -> SQL:
        letters: list[SQL] = []
        for i, (one, t) in enumerate(self._flat_tests()):
            letters.append(_letter(f"t{i}"))
            if self.classes.inputs[one].tests[t].type.absent:
                letters.append(_letter(f"f{i}"))
        key = letters[0]
        for letter in letters[1:]:
            key = exp.DPipe(this=key, expression=letter)
        return key

    def settled(self, key: str) -> Authority:
        """The exact answer of the rows with this *key*."""
        if self.cells:
            return self.classes.settle(self.cells.states(key))
        letters = iter(key)
        values: dict[int, list[object]] = {}
        for one, t in self._flat_tests():
            true = _ANSWERS[next(letters)]
            absent = self.classes.inputs[one].tests[t].type.absent
            false = _ANSWERS[next(letters)] if absent else (None if true is None else not true)
            values.setdefault(one, []).append(truth((true, false)))
        states = tuple(one.index[tuple(values[i])] for i, one in enumerate(self.classes.inputs))
        return self.classes.settle(states)


def _by_level(levels: Mapping[Authority, SQL | None], free: Authority) -> SQL:
    """The strictest level at which a rule is raised; not yet known while one above may be."""
    ways: list[tuple[SQL, SQL]] = []
    for level, test in levels.items():
        if test is not None:
            ways.append((test, number(int(level))))
            ways.append((is_null(test), number(int(Authority.NOT_YET_KNOWN))))
    rest = number(int(free))
    return case(ways, rest) if ways else rest


def undecided(yes: str, maybe: str) -> SQL:
    """The rules, as bits, that may be raised and are not certainly."""
    not_yes = exp.BitwiseNot(this=exp.column(yes))
    return exp.BitwiseAnd(this=exp.column(maybe), expression=not_yes)


def _letter(column: str) -> SQL:
    value = exp.column(column)
    return case([(is_null(value), text("-")), (value, text("y"))], text("n"))


def _bit(place: int | None) -> SQL:
    return cast(number(0 if place is None else 1 << place), "BIGINT")


def _total(parts: list[SQL]) -> SQL:
    if not parts:
        return _bit(None)
    total = parts[0]
    for part in parts[1:]:
        total = exp.Add(this=total, expression=part)
    return total
