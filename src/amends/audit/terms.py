"""The few words of SQL that the printers build with; none of them copies what it is given."""

from collections.abc import Iterable
from functools import cache

from sqlglot import exp

SQL = exp.Expr


def both(*parts: SQL) -> SQL:
    """`AND` of *parts*: Kleene's *and*."""
    return exp.and_(*parts, copy=False)


def either(*parts: SQL) -> SQL:
    """`OR` of *parts*: Kleene's *or*."""
    return exp.or_(*parts, copy=False)


def no(part: SQL) -> SQL:
    """`NOT` of *part*: Kleene's *not*."""
    return exp.not_(part, copy=False)


def is_null(part: SQL) -> SQL:
    """Whether *part* is NULL: never NULL itself."""
    return exp.Is(this=_operand(part), expression=exp.null())


def is_known(part: SQL) -> SQL:
    """Whether *part* is not NULL."""
    return no(is_null(part))


def case(ways: Iterable[tuple[SQL, SQL]], otherwise: SQL | None = None) -> SQL:
    """`CASE` of (condition, value) in order; NULL, or *otherwise*, where none is true."""
    ifs = [exp.If(this=condition, true=value) for condition, value in ways]
    return exp.Case(ifs=ifs, default=otherwise)


def paren(part: SQL) -> SQL:
    """*part* in brackets."""
    return exp.Paren(this=part)


def cast(part: SQL, kind: str) -> SQL:
    """*part* as a value of the SQL type *kind*."""
    return exp.Cast(this=part, to=_kind(kind))


@cache
def _kind(name: str) -> exp.DataType:
    """The SQL type *name*, read once: reading one costs more than printing a whole comparison."""
    return exp.DataType.build(name, dialect="duckdb")


def named(part: SQL, name: str) -> SQL:
    """*part* as the column *name*."""
    return exp.Alias(this=part, alias=exp.to_identifier(name))


def number(value: int) -> SQL:
    """A whole number, in brackets where it is negative."""
    literal = exp.Literal.number(abs(value))
    return exp.Paren(this=exp.Neg(this=literal)) if value < 0 else literal


def text(value: str) -> SQL:
    """A string."""
    return exp.Literal.string(value)


def call(name: str, *arguments: SQL) -> SQL:
    """A function of the engine at hand, by its own name there."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def _operand(part: SQL) -> SQL:
    return part if isinstance(part, exp.Column | exp.Paren) else exp.Paren(this=part)
