"""A set of rules as SQL: for each row the five numbers of its verdict, in one query.

The answer is worked out rule by rule in Kleene logic. Where that may be over-cautious, the rows still
*not yet known* carry a key that says how every test came out; each different key is settled once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from sqlglot import exp

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
_LEVELS: Final = (
    Authority.NOBODY,
    Authority.SUPERINTENDENT,
    Authority.INSPECTOR,
    Authority.SERGEANT,
)
_ANSWERS: Final = {"y": True, "n": False, "-": None}


@dataclass(frozen=True)
class Query:
    """The SQL that judges rows by *rules*, over facts that stand in *columns*."""

    rules: Ruleset
    columns: Mapping[str, Column]
    dialect: Dialect

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
        raised = [
            named(self._printer.true(node), f"r{i}")
            for i, node in enumerate(self.classes.raised)
        ]
        held = [
            named(self.columns[f"recorded.{name}"].value, f"w{j}")
            for j, name in enumerate(self.records)
        ]
        tests = [] if self.exact else self._tests()
        inner = exp.select(named(row, "n"), *carried, *raised, *held, *tests).from_(source)
        if where is not None:
            inner = inner.where(where)
        packed = exp.select("*", named(self.answer(), "answer"), *self._words())
        outer = self._outer(packed.from_(inner.subquery("found")), len(tests))
        return outer.select(*map(exp.column, carry or ()), copy=False)

    def _outer(self, packed: exp.Select, tests: int) -> exp.Select:
        key = self._key(tests) if tests else cast(exp.null(), "TEXT")
        columns = [
            named(cast(exp.column("answer"), "SMALLINT"), "answer"),
            named(self._unpacked(0), "raised"),
            named(self._unpacked(_WORD), "unknown"),
            named(self._owed(unsure=False), "owed"),
            named(self._owed(unsure=True), "unsure"),
            named(key, "key"),
        ]
        return exp.select("n", *columns).from_(packed.subquery("packed"))

    def outcomes(self, source: SQL, where: SQL | None = None) -> exp.Select:
        """Only the answer of each row of *source*, as `answer`."""
        levels = {level: self._any_of(level, self._printed) for level in _LEVELS}
        answer = named(_by_level(levels, self.rules.otherwise), "answer")
        query = exp.select(answer).from_(source)
        return query if where is None else query.where(where)

    def answer(self) -> SQL:
        """The answer of a row whose rules came out as `r0`, `r1` and so on."""
        levels = {level: self._any_of(level, self._named) for level in _LEVELS}
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
                value = paren(
                    exp.BitwiseRightShift(this=value, expression=number(shift))
                )
            low = exp.BitwiseAnd(this=value, expression=number((1 << _WORD) - 1))
            scale = number(1 << (_WORD * word))
            parts.append(exp.Mul(this=paren(low), expression=scale) if word else paren(low))
        return _total(parts)

    def _owed(self, *, unsure: bool) -> SQL:
        bits: list[SQL] = []
        for place, name in enumerate(self.records):
            wanting = [
                exp.column(f"r{i}") for i, r in enumerate(self.rules.rules) if name in r.record
            ]
            # Only a rule that is certainly raised asks for a record.
            raised = call("COALESCE", either(*wanting), exp.false())
            held = exp.column(f"w{place}")
            lacking = is_null(held) if unsure else no(held)
            bits.append(case([(both(raised, lacking), _bit(place))], _bit(None)))
        return _total(bits)

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
        return [
            (i, t) for i, one in enumerate(self.classes.inputs) for t in range(len(one.tests))
        ]

    def _key(self, tests: int) -> SQL:
        letters: list[SQL] = []
        for i, (one, t) in enumerate(self._flat_tests()):
            letters.append(_letter(f"t{i}"))
            if self.classes.inputs[one].tests[t].type.absent:
                letters.append(_letter(f"f{i}"))
        key = letters[0]
        for letter in letters[1:]:
            key = exp.DPipe(this=key, expression=letter)
        open_answer = exp.EQ(
            this=exp.column("answer"),
            expression=number(int(Authority.NOT_YET_KNOWN)),
        )
        return case([(open_answer, key)])

    def settled(self, key: str) -> Authority:
        """The exact answer of the rows with this *key*."""
        letters = iter(key)
        values: dict[int, list[object]] = {}
        for one, t in self._flat_tests():
            true = _ANSWERS[next(letters)]
            absent = self.classes.inputs[one].tests[t].type.absent
            false = _ANSWERS[next(letters)] if absent else (None if true is None else not true)
            values.setdefault(one, []).append(truth((true, false)))
        states = tuple(
            one.index[tuple(values[i])] for i, one in enumerate(self.classes.inputs)
        )
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
