"""Which of the facts that a set of rules asks about are not known in a row: a bit for each."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlglot import exp

from amends.audit.dialects import Dialect
from amends.audit.printing import Column
from amends.audit.terms import SQL, both, call, case, cast, is_null, no, number
from amends.feel import Type
from amends.policy.facts import Facts
from amends.policy.rules import Ruleset

MOST: Final = 62
"""Facts that have a bit, at most; the first that are asked about."""
_BOOLEAN: Final = Type(kind="boolean")


def asked(rules: Ruleset) -> tuple[str, ...]:
    """The facts that the conditions of *rules* ask about, in the order of their bits.

    A list (`victims`) is not known as a whole; a field (`victims.age`), where it is not known of some
    record of a list that is.
    """
    return tuple(dict.fromkeys(name for rule in rules.rules for name in rule.facts))[:MOST]


def blanks(facts: Facts, names: Sequence[str]) -> int:
    """The bits of one case."""
    return sum(1 << bit for bit, name in enumerate(names) if _blank(facts, name, names))


def _blank(facts: Facts, name: str, names: Sequence[str]) -> bool:
    of, _, field = name.partition(".")
    if field and of in names:
        return any(field not in record for record in facts.get(of) or ())
    return name not in facts


def blank_bits(rules: Ruleset, where: Mapping[str, Column], dialect: Dialect) -> SQL:
    """SQL for the bits of a row whose facts stand in *where*."""
    total: SQL = cast(number(0), "BIGINT")
    names = asked(rules)
    for bit, name in enumerate(names):
        of, _, field = name.partition(".")
        blank = (
            _of_record(where[of], field, dialect) if field and of in names else _null(where[name])
        )
        one = case([(blank, cast(number(1 << bit), "BIGINT"))], cast(number(0), "BIGINT"))
        total = exp.Add(this=total, expression=one)
    return total


def _null(column: Column) -> SQL:
    return _unknown(column.value, column.absent)


def _of_record(records: Column, field: str, dialect: Dialect) -> SQL:
    held = records.fields or frozenset()
    test: SQL = exp.true()
    if field in held:
        absent = dialect.absent_field(field) if f"{field}_absent" in held else None
        test = _unknown(dialect.field(field, _BOOLEAN), absent)
    return call("COALESCE", dialect.any_record(records.value, test), exp.false())


def _unknown(value: SQL, absent: SQL | None) -> SQL:
    unknown = is_null(value)
    if absent is None:
        return unknown
    return both(unknown, no(call("COALESCE", absent, exp.false())))
