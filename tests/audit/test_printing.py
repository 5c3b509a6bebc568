"""The SQL printed for each engine is kept word for word, and a fault planted anywhere in it is found."""

import difflib
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp

from amends.audit import cells, dialects, printing, sql, terms
from amends.audit.dialects import DIALECTS
from amends.audit.plain import judge
from amends.audit.printing import Printer
from amends.audit.ways import Layout
from amends.feel import UNKNOWN, compile_text, evaluating, tree, truth
from amends.policy.facts import catalogue
from support.engines import Tables, attempt, columns, difference
from support.generating import Generator

GOLDEN = Path(__file__).parent / "golden" / "printed.txt"
CONDITIONS = (
    "offender.age >= 18",
    "offender.age in (1, 2.5, [10..17])",
    "not(flags.hate) and (offence.serious or flags.knife)",
    "gravity.score < 3",
    "not(gravity.score < 3)",
    "(gravity.score < 3) = (offence.code = null)",
    'offence.code in ("8N", "O\'Brien", "a\\\\b")',
    'starts with(lower case(offence.code), "8")',
    'ends with(offence.code, "N") or contains(offence.code, "_")',
    'if flags.hate then offence.group = "theft" else flags.knife',
    "(if flags.hate then gravity.score else null) > 2",
    "floor(offender.age * -0.25) + ceiling(offender.age * 0.1) > min(gravity.score, 2.5)",
    'offence.date + duration("P6M") <= decision.date',
    'decision.date - offence.date > duration("P30D")',
    'years and months duration(offence.date, decision.date) >= duration("P1Y2M")',
    'decision.date - duration("P28D") < date("2012-02-29")',
    "offence.date.month = 2",
    "count(victims) > 1",
    "some v in victims satisfies v.age < 18 and flags.hate",
    'every d in earlier_disposals satisfies d.date < offence.date and d.kind != "conviction"',
)


def printed() -> str:
    """Every condition, as it is asked of each engine: is it true, and where it may be null, is it false?"""
    lines = []
    for text in CONDITIONS:
        node = compile_text(text, catalogue().declarations(), kind="boolean").node
        lines.append(f"# {text}")
        for name, dialect in DIALECTS.items():
            printer = Printer(columns(), dialect)
            lines.append(f"{name} true: {dialect.print(printer.true(node))}")
            if node.type.absent:
                lines.append(f"{name} false: {dialect.print(printer.false(node))}")
        lines.append("")
    return "\n".join(lines)


def test_the_sql_of_each_engine_is_as_it_was():
    kept, now = GOLDEN.read_text("utf-8"), printed()
    changes = "\n".join(difflib.unified_diff(kept.splitlines(), now.splitlines(), lineterm=""))
    assert kept == now, f"{changes}\nIf that is right, write printed() to {GOLDEN} anew."


def test_printing_twice_gives_the_same_text():
    for seed in range(5):
        for rule in Generator(seed).ruleset().rules:
            for dialect in DIALECTS.values():
                tree_of_it = Printer(columns(), dialect).true(rule.when.node)
                assert dialect.print(tree_of_it) == dialect.print(tree_of_it)


# ---- planted faults ----------------------------------------------------------------------------

POLICIES = 250
CASES = 60
Plant = Callable[[pytest.MonkeyPatch], None]


def attribute(owner: Any, name: str, value: Any) -> Plant:
    return lambda patch: patch.setattr(owner, name, value)


def entry(table: Any, key: Any, value: Any) -> Plant:
    return lambda patch: patch.setitem(table, key, value)


def unscaled(value: exp.Expression, places: int) -> exp.Expression:
    return value


def loose_extreme(name: str, values: list[exp.Expression]) -> exp.Expression:
    make = exp.Least if name == "min" else exp.Greatest
    return make(this=values[0], expressions=values[1:], ignore_nulls=True)


def narrow(value: exp.Expression) -> exp.Expression:
    return printing._paren(value)


def unmerged(
    self: Printer, condition: tree.Node, then: exp.Expression, otherwise: exp.Expression
) -> exp.Expression:
    test = self.true(condition)
    return terms.case([(test, then), (terms.no(test), otherwise)])


def known_list(self: Any, records: exp.Expression, test: exp.Expression) -> exp.Expression:
    sure, open_one = self._some(records, test), self._some(records, terms.is_null(test))
    return terms.case([(sure, exp.true()), (open_one, exp.null())], exp.false())


def settled_records(self: Any, records: exp.Expression, test: exp.Expression) -> exp.Expression:
    none = (terms.is_null(records), exp.null())
    return terms.case([none, (self._some(records, test), exp.true())], exp.false())


def overflowing(self: Any, day: exp.Expression, months: int) -> exp.Expression:
    return dialects._moved(day, f"{months:+d} months")


def first_value(self: Printer, of: tree.Node, values: tuple[Any, ...]) -> exp.Expression:
    return REAL_ONE_OF(self, of, values[:1])


def unguarded_months(self: Printer, start: exp.Expression, end: exp.Expression) -> exp.Expression:
    (a, b), (c, d) = ([self.dialect.part(p, x) for p in ("year", "month")] for x in (start, end))
    return (c - a) * 12 + (d - b)


def swapped_text(self: Printer, node: tree.Call) -> exp.Expression:
    swap = {"starts with": "ends with", "ends with": "starts with"}
    name = swap.get(node.function, node.function)
    return REAL_TEXT(self, tree.Call(node.type, name, node.arguments))


def reversed_dates(self: Printer, sign: str, left: tree.Node, right: tree.Node) -> exp.Expression:
    return REAL_DATES(self, "+" if sign == "-" else "-", left, right)


def reversed_part(self: Any, name: str, day: exp.Expression) -> exp.Expression:
    return REAL_PART(self, "day" if name == "month" else name, day)


def no_absent_field(self: Printer, part: tree.Field, held: Any) -> printing.Column:
    return printing.Column(REAL_FIELD(self, part, held).value)


def first_way(self: Layout, rule: int) -> Any:
    return (self.places[place] for place in [(rule, 0)] if place in self.places)


def no_room(self: Layout, moves: Any, home: int, bit: int) -> tuple[int, int]:
    word, shift = REAL_ROOM(self, moves, home, bit)
    moves[word, shift + 1] = moves.pop((word, shift), 0)
    return word, shift


REAL_ROOM = Layout._room
REAL_ONE_OF = Printer._one_of
REAL_TEXT = Printer._text_test
REAL_DATES = Printer._dates
REAL_FIELD = Printer._record_field
REAL_PART = dialects.SQLite.part

IN_SQL: dict[str, Plant] = {
    "< for <=": entry(printing._ORDER, "<", exp.LTE),
    "<= for <": entry(printing._ORDER, "<=", exp.LT),
    "> for >=": entry(printing._ORDER, ">", exp.GTE),
    ">= for >": entry(printing._ORDER, ">=", exp.GT),
    "= for !=": entry(printing._ORDER, "=", exp.NEQ),
    "not < is > instead of >=": entry(printing._INVERSE, "<", exp.GT),
    "not >= is <= instead of <": entry(printing._INVERSE, ">=", exp.LTE),
    "and is or": attribute(printing, "both", terms.either),
    "or is and": attribute(printing, "either", terms.both),
    "not is dropped": attribute(printing, "no", lambda part: part),
    "the guard against null is dropped": attribute(Printer, "_guard", lambda self, of: None),
    "null is never there": attribute(Printer, "absent", lambda self, node: printing.FALSE),
    "an absent field is only unknown": attribute(Printer, "_record_field", no_absent_field),
    "some is every": attribute(Printer, "_any", Printer._all),
    "every is some": attribute(Printer, "_all", Printer._any),
    "a list that is not known is empty": attribute(dialects.SQLite, "any_record", known_list),
    "an unknown record is passed over": attribute(dialects.SQLite, "any_record", settled_records),
    "if does not see that both ways agree": attribute(Printer, "_chosen", unmerged),
    "in looks at the first value only": attribute(Printer, "_one_of", first_value),
    "decimal places are not brought in line": attribute(printing, "_scaled", unscaled),
    "max is min": attribute(exp, "Greatest", exp.Least),
    "ceiling is floor": attribute(
        printing,
        "_floored",
        lambda value, places, *, up, real=printing._floored: real(value, places, up=False),
    ),
    "starts with is ends with": attribute(Printer, "_text_test", swapped_text),
    "contains is true of nothing": attribute(dialects, "position", lambda w, m: terms.number(0)),
    "months run on into the next": attribute(dialects.SQLite, "add_months", overflowing),
    "date and duration the wrong way": attribute(Printer, "_dates", reversed_dates),
    "months between forget the day": attribute(Printer, "_months_between", unguarded_months),
    "the month is the day": attribute(dialects.SQLite, "part", reversed_part),
    "a list has no length": attribute(dialects.SQLite, "count", lambda self, of: terms.number(0)),
    "inspector before superintendent": attribute(
        sql, "LEVELS", (sql.LEVELS[0], sql.LEVELS[2], sql.LEVELS[1], sql.LEVELS[3])
    ),
    "nobody is asked last": attribute(sql, "LEVELS", sql.LEVELS[::-1]),
    "unsure is owed": attribute(sql, "no", terms.is_null),
}
IN_DUCKDB: dict[str, Plant] = {
    "32 bits are enough": attribute(printing, "_wide", narrow),
    "min and max pass over what is not known": attribute(printing, "_extreme", loose_extreme),
    "a list that is not known is empty": attribute(dialects.Dialect, "any_record", known_list),
    "nobody is asked last": attribute(cells, "LEVELS", cells.LEVELS[::-1]),
    "the answer looks at one way of a rule only": attribute(Layout, "rule", first_way),
    "the masks look at one way of a rule only": attribute(Layout, "_room", no_room),
    "perhaps is certainly": entry(cells._SIDES, "perhaps", "yes"),
}


def every_way(of: Any) -> Any:
    return evaluating._quantified(tree.Quantified(of.type, "every", of.list, of.body))


IN_PLAIN: dict[str, Plant] = {
    "< for <=": entry(evaluating._OPERATORS, "<", evaluating._OPERATORS["<="]),
    ">= for >": entry(evaluating._OPERATORS, ">=", evaluating._OPERATORS[">"]),
    "= for !=": entry(evaluating._OPERATORS, "=", lambda a, b: a != b),
    "and is or": entry(evaluating._MAKERS, tree.And, evaluating._or),
    "or is and": entry(evaluating._MAKERS, tree.Or, evaluating._and),
    "not of unknown is true": attribute(truth, "negated", lambda value: True),
    "some is every": entry(evaluating._MAKERS, tree.Quantified, every_way),
    "nothing is absent": entry(
        evaluating._MAKERS, tree.IsAbsent, lambda node: lambda facts, record: False
    ),
    "null = a value that may be null is false": attribute(
        evaluating, "_with_null", lambda one, two: False
    ),
    "if does not see that both ways agree": attribute(
        evaluating, "_merged", lambda one, two: UNKNOWN
    ),
    "times is plus": entry(evaluating._WORK, "*", evaluating._WORK["+"]),
    "unknown and false is unknown": attribute(truth, "both", lambda values: None),
}


@pytest.fixture(scope="module")
def tables() -> Tables:
    found = Tables()
    found.load(Generator(0).cases(CASES))
    return found


def found_fault(tables: Tables, engine: str) -> str:
    """The first difference between the plain loop and *engine*, over generated policies."""
    cases = Generator(0).cases(CASES)
    for seed in range(POLICIES):
        source = Generator(seed)
        rules = source.ruleset(most=4)
        wanted = attempt(lambda rules=rules: list(judge(cases, rules)))
        found = attempt(lambda rules=rules: tables.judged(engine, rules))
        if isinstance(wanted, str) or isinstance(found, str):
            return f"{wanted}, {found}"
        if told := difference(engine, seed, rules, cases, wanted, found):
            return told
    return ""


PLANTED = [
    *(pytest.param("sqlite", plant, id=f"SQL: {name}") for name, plant in IN_SQL.items()),
    *(pytest.param("duckdb", plant, id=f"DuckDB: {name}") for name, plant in IN_DUCKDB.items()),
    *(pytest.param("sqlite", plant, id=f"plain: {name}") for name, plant in IN_PLAIN.items()),
]


@pytest.mark.parametrize(("engine", "plant"), PLANTED)
def test_a_planted_fault_is_found(engine, plant, tables, monkeypatch):
    plant(monkeypatch)
    assert found_fault(tables, engine)


def test_no_fault_is_found_where_none_is_planted(tables, monkeypatch):
    monkeypatch.setattr(f"{__name__}.POLICIES", 20)
    assert not found_fault(tables, "sqlite")


def test_many_faults_are_planted():
    assert len(PLANTED) >= 15
    assert len(set(chain(IN_SQL, IN_DUCKDB, IN_PLAIN))) > 30
