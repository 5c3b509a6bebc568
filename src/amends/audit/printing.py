"""A checked condition as SQL: one tree, printed for DuckDB, SQLite, PostgreSQL or Spark.

Every boolean is asked two questions, *is it true?* and *is it false?*; SQL answers each yes, no or NULL,
which is Kleene's logic. Numbers are whole numbers in their smallest decimal place, days are
microseconds and months whole, so that every engine is exact.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlglot import exp

from amends.audit import dialects
from amends.audit.dialects import Dialect
from amends.audit.terms import (
    SQL,
    both,
    call,
    case,
    cast,
    either,
    is_known,
    no,
    number,
    paren,
    text,
)
from amends.feel import tree
from amends.feel.values import Months, Value

TRUE: Final = exp.true()
FALSE: Final = exp.false()
_DAY: Final = 86_400_000_000
_ORDER: Final = {"=": exp.EQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}
_INVERSE: Final = {"<": exp.GTE, "<=": exp.GT, ">": exp.LTE, ">=": exp.LT}


@dataclass(frozen=True, slots=True)
class Column:
    """Where a fact stands: the SQL of its value (NULL where not known) and of *is it absent?*.

    For a list, `fields` are the fields its records have, where that is known; others are not known.
    """

    value: SQL
    absent: SQL | None = None
    fields: frozenset[str] | None = None


class Printer:
    """Prints conditions for one *dialect*, over facts that stand in *columns*."""

    def __init__(self, columns: Mapping[str, Column], dialect: Dialect) -> None:
        self.columns = columns
        self.dialect = dialect

    # --- booleans: two questions ----------------------------------------------

    def true(self, node: tree.Node) -> SQL:
        """Is the boolean *node* true? NULL where that is not known."""
        match node:
            case tree.Const(value=value):
                return TRUE if value is True else FALSE
            case tree.Not(of=of):
                return self.false(of)
            case tree.And(parts=parts):
                return both(*map(self.true, parts))
            case tree.Or(parts=parts):
                return either(*map(self.true, parts))
            case tree.Choose(condition=condition, then=then, otherwise=otherwise):
                return self._chosen(condition, self.true(then), self.true(otherwise))
        return self._test(node)

    def _test(self, node: tree.Node) -> SQL:
        """Is a condition true that is not made of conditions?"""
        match node:
            case tree.Compare():
                return self._compared(node)
            case tree.OneOf(of=of, values=values):
                return self._guarded([of], self._one_of(of, values))
            case tree.IsAbsent(of=of):
                return self.absent(of)
            case tree.Quantified(kind=kind):
                return self._any(node, True) if kind == "some" else self._all(node, True)
            case tree.Call():
                return self._guarded(list(node.arguments), self._text_test(node))
        return self.value(node)

    def false(self, node: tree.Node) -> SQL:
        """Is the boolean *node* false? NULL where that is not known."""
        if not node.type.absent:
            return no(self.true(node))
        match node:
            case tree.Const(value=value):
                return TRUE if value is False else FALSE
            case tree.Not(of=of):
                return self.true(of)
            case tree.And(parts=parts):
                return either(*map(self.false, parts))
            case tree.Or(parts=parts):
                return both(*map(self.false, parts))
            case tree.Choose(condition=condition, then=then, otherwise=otherwise):
                return self._chosen(condition, self.false(then), self.false(otherwise))
        return self._false_test(node)

    def _false_test(self, node: tree.Node) -> SQL:
        """Is a condition false that is not made of conditions, and may be null?"""
        match node:
            case tree.Compare(operator=sign, left=left, right=right):
                return self._guarded([left, right], self._ordered(_INVERSE[sign], left, right))
            case tree.Quantified(kind=kind):
                return self._all(node, False) if kind == "some" else self._any(node, False)
            case tree.Call():
                return self._guarded(list(node.arguments), no(self._text_test(node)))
        raise TypeError(f"not a boolean that may be absent: {node}")

    def _guarded(self, operands: list[tree.Node], test: SQL) -> SQL:
        """*test*, but no where an operand is known to be absent (then its value is NULL)."""
        guards = [guard for operand in operands if (guard := self._guard(operand))]
        return both(*guards, test) if guards else test

    def _guard(self, operand: tree.Node) -> SQL | None:
        """That *operand* is not known to be absent; None where it never is."""
        if isinstance(operand, tree.Fact | tree.Field):
            absent = self._column(operand).absent if operand.type.absent else None
        else:
            absent = self.absent(operand)
        if absent is None or absent == FALSE:
            return None
        return no(call("COALESCE", absent, FALSE))

    def _column(self, node: tree.Fact | tree.Field) -> Column:
        name = node.name if isinstance(node, tree.Fact) else f"{node.list}.{node.name}"
        return self.columns[name]

    def _compared(self, node: tree.Compare) -> SQL:
        left, right = node.left, node.right
        if left.type.kind == "boolean":
            return self._same_truth(left, right)
        test = self._ordered(_ORDER[node.operator], left, right)
        both_absent = [self.absent(side) for side in (left, right)]
        if node.operator == "=" and FALSE not in both_absent:
            return either(both(*both_absent), self._guarded([left, right], test))
        return self._guarded([left, right], test)

    def _one_of(self, of: tree.Node, values: tuple[Value, ...]) -> SQL:
        if of.type.kind != "number":
            return exp.In(this=self.value(of), expressions=list(map(self.literal, values)))
        one, places = self.number(of)
        found = [_whole(Decimal(str(value))) for value in values]
        most = max(places, *(p for _, p in found))
        literals = [number(whole * 10 ** (most - p)) for whole, p in found]
        return exp.In(this=_scaled(one, most - places), expressions=literals)

    def _same_truth(self, left: tree.Node, right: tree.Node) -> SQL:
        ways = [
            both(self.true(left), self.true(right)),
            both(self.false(left), self.false(right)),
        ]
        if left.type.absent and right.type.absent:
            sides = [no(ask(s)) for s in (left, right) for ask in (self.true, self.false)]
            ways.append(both(*sides))
        return either(*ways)

    def _ordered(self, sign: type[exp.Binary], left: tree.Node, right: tree.Node) -> SQL:
        if left.type.kind == "number":
            (one, places), (two, others) = self.number(left), self.number(right)
            most = max(places, others)
            return sign(this=_scaled(one, most - places), expression=_scaled(two, most - others))
        return sign(this=_paren(self.value(left)), expression=_paren(self.value(right)))

    def _chosen(self, condition: tree.Node, then: SQL, otherwise: SQL) -> SQL:
        test = self.true(condition)
        same = case([(exp.EQ(this=paren(then), expression=paren(otherwise)), then)])
        return case([(test, then), (no(test), otherwise)], same)

    def _any(self, node: tree.Quantified, wanted: bool) -> SQL:
        return self.dialect.any_record(self.columns[node.list].value, self._body(node, wanted))

    def _all(self, node: tree.Quantified, wanted: bool) -> SQL:
        body = no(self._body(node, wanted))
        return no(paren(self.dialect.any_record(self.columns[node.list].value, body)))

    def _body(self, node: tree.Quantified, wanted: bool) -> SQL:
        inner = Printer({**self.columns, **self._record(node)}, self.dialect)
        return inner.true(node.body) if wanted else inner.false(node.body)

    def _record(self, node: tree.Quantified) -> dict[str, Column]:
        """Columns for the fields of the record at hand."""
        found = {}
        for part in tree.walk(node.body):
            if isinstance(part, tree.Field):
                held = self.columns[part.list].fields
                found[f"{part.list}.{part.name}"] = self._record_field(part, held)
        return found

    def _record_field(self, part: tree.Field, held: frozenset[str] | None) -> Column:
        value = self.dialect.unknown(part.type)
        if held is None or part.name in held:
            value = self.dialect.field(part.name, part.type)
        absent = None
        if part.type.absent and (held is None or f"{part.name}_absent" in held):
            absent = self.dialect.absent_field(part.name)
        return Column(value, absent)

    # --- other values ---------------------------------------------------------

    def absent(self, node: tree.Node) -> SQL:
        """Is the value of *node* known to be absent (null)? NULL where that is not known."""
        if not node.type.absent:
            return FALSE
        match node:
            case tree.Const(value=value):
                return TRUE if value is None else FALSE
            case tree.Fact() | tree.Field():
                return _absent(self._column(node))
            case tree.Choose(condition=condition, then=then, otherwise=otherwise):
                return self._chosen(condition, self.absent(then), self.absent(otherwise))
        parts = [self.absent(child) for child in tree.children(node)]
        return either(*(part for part in parts if part != FALSE))

    def value(self, node: tree.Node) -> SQL:
        """The value of *node*; NULL where it is not known or absent."""
        match node:
            case tree.Const(value=value):
                return self.literal(value)
            case tree.Fact() | tree.Field():
                return self._column(node).value
            case tree.Choose(condition=condition, then=then, otherwise=otherwise):
                return self._chosen(condition, self.value(then), self.value(otherwise))
        if node.type.kind == "number":
            return self.number(node)[0]
        match node:
            case tree.Arithmetic(operator=sign, left=left, right=right):
                return self._dates(sign, left, right)
            case tree.Call(function=name, arguments=arguments):
                return self._call(name, arguments)
        raise TypeError(f"no SQL for {node}")

    def literal(self, value: Any) -> SQL:
        """A known value as SQL."""
        if isinstance(value, dt.timedelta):
            return number(value // dt.timedelta(microseconds=1))
        if isinstance(value, Months):
            return number(value.months)
        if isinstance(value, dt.date):
            return self.dialect.date(value)
        if isinstance(value, str):
            return text(value)
        if value is None:
            return exp.null()
        whole, places = _whole(Decimal(str(value)))
        return exp.Literal.number(f"{value:f}") if places else number(whole)

    def _dates(self, sign: str, left: tree.Node, right: tree.Node) -> SQL:
        if right.type.kind == "date":
            days = self.dialect.days_between(self.value(left), self.value(right))
            return exp.Mul(this=paren(days), expression=number(_DAY))
        length = right.value if isinstance(right, tree.Const) else None
        factor = -1 if sign == "-" else 1
        if isinstance(length, Months):
            return self.dialect.add_months(self.value(left), factor * length.months)
        step = length // dt.timedelta(days=1) if isinstance(length, dt.timedelta) else 0
        return self.dialect.add_days(self.value(left), factor * step)

    def _call(self, name: str, arguments: tuple[tree.Node, ...]) -> SQL:
        values = [self.value(argument) for argument in arguments]
        if name == "years and months duration":
            return self._months_between(values[0], values[1])
        return call("LOWER" if name == "lower case" else "UPPER", *values)

    def _months_between(self, start: SQL, end: SQL) -> SQL:
        """Whole months from *start* to *end*, towards zero."""

        def forward(a: SQL, b: SQL) -> SQL:
            (ay, am, ad), (by, bm, bd) = ([self.dialect.part(p, d) for p in _PARTS] for d in (a, b))
            whole = (by - ay) * 12 + (bm - am)
            return whole - case([(bd < ad, number(1))], number(0))

        back = exp.Neg(this=paren(forward(end, start)))
        return case([(end >= start, forward(start, end)), (end < start, back)])

    def _text_test(self, node: tree.Call) -> SQL:
        whole, match = (self.value(argument) for argument in node.arguments)
        length = call("LENGTH", match)
        if node.function == "contains":
            return exp.GT(this=dialects.position(whole, match), expression=number(0))
        if node.function == "starts with":
            return exp.EQ(this=call("SUBSTR", whole, number(1), length), expression=match)
        longer = exp.GTE(this=call("LENGTH", whole), expression=length)
        before = exp.Sub(this=call("LENGTH", whole), expression=length)
        start = exp.Add(this=before, expression=number(1))
        tail = exp.EQ(this=call("SUBSTR", whole, start, length), expression=match)
        return both(longer, tail)

    # --- numbers: whole numbers in their smallest decimal place ---------------

    def number(self, node: tree.Node) -> tuple[SQL, int]:
        """The number *node* times ten to the power of the places given with it, a whole number."""
        match node:
            case tree.Const(value=value):
                if value is None:
                    return exp.null(), 0
                whole, places = _whole(Decimal(str(value)))
                return number(whole), places
            case tree.Arithmetic(operator="*", left=left, right=right):
                (one, places), (two, others) = self.number(left), self.number(right)
                return exp.Mul(this=_wide(one), expression=_wide(two)), places + others
            case tree.Arithmetic(operator=sign, left=left, right=right):
                (one, two), places = self._aligned([left, right])
                make = exp.Add if sign == "+" else exp.Sub
                return make(this=_paren(one), expression=_paren(two)), places
            case tree.Choose(condition=condition, then=then, otherwise=otherwise):
                (one, two), places = self._aligned([then, otherwise])
                return self._chosen(condition, one, two), places
            case tree.Count(list=name):
                return self.dialect.count(self.columns[name].value), 0
            case tree.Call(function=name, arguments=arguments):
                return self._number_call(name, arguments)
        return self.value(node), 0

    def _aligned(self, nodes: list[tree.Node]) -> tuple[list[SQL], int]:
        numbers = [self.number(node) for node in nodes]
        places = max(p for _, p in numbers)
        return [_scaled(one, places - p) for one, p in numbers], places

    def _number_call(self, name: str, arguments: tuple[tree.Node, ...]) -> tuple[SQL, int]:
        if name.startswith("."):
            return self.dialect.part(name[1:], self.value(arguments[0])), 0
        if name == "string length":
            return call("LENGTH", self.value(arguments[0])), 0
        values, places = self._aligned(list(arguments))
        if name == "abs":
            return call("ABS", values[0]), places
        if name in ("floor", "ceiling"):
            return _floored(values[0], places, up=name == "ceiling"), 0
        if name == "sum":
            total = values[0]
            for value in values[1:]:
                total = exp.Add(this=total, expression=_paren(value))
            return total, places
        return _extreme(name, values), places


_PARTS: Final = ("year", "month", "day")


def _absent(column: Column) -> SQL:
    known = (is_known(column.value), FALSE)
    return case([known] if column.absent is None else [(column.absent, TRUE), known])


def _paren(value: SQL) -> SQL:
    return paren(value) if isinstance(value, exp.Binary | exp.Neg) else value


def _scaled(value: SQL, places: int) -> SQL:
    if not places:
        return _paren(value)
    return paren(exp.Mul(this=_wide(value), expression=number(10**places)))


def _wide(value: SQL) -> SQL:
    """*value* in 64 bits, because most engines multiply numbers of 32 bits in 32 bits."""
    literal = isinstance(value, exp.Literal | exp.Paren)
    return value if literal else cast(value, "BIGINT")


def _whole(value: Decimal) -> tuple[int, int]:
    """*value* as a whole number, and how many decimal places it was moved by."""
    places = max(0, -int(value.normalize().as_tuple().exponent))
    return int(value.scaleb(places)), places


def _floored(value: SQL, places: int, *, up: bool) -> SQL:
    """*value*, which counts units of ten to the power of minus *places*, as a whole number."""
    if not places:
        return value
    unit = number(10**places)
    one = exp.Neg(this=_paren(value)) if up else value
    rest = exp.Mod(this=paren(exp.Mod(this=_paren(one), expression=unit) + unit), expression=unit)
    whole = exp.IntDiv(this=paren(exp.Sub(this=_paren(one), expression=rest)), expression=unit)
    return exp.Neg(this=paren(whole)) if up else paren(whole)


def _extreme(name: str, values: list[SQL]) -> SQL:
    """The least or greatest of *values*; NULL if any is, unlike SQL's own functions."""
    make = exp.Least if name == "min" else exp.Greatest
    known = [is_known(value) for value in values]
    plain = make(this=values[0], expressions=values[1:], ignore_nulls=True)
    return case([(both(*known), plain)])
