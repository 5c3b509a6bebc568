"""A condition as it was written: the parts of the text, each with its place."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a condition; `at` is its place in the text, in characters from 0."""

    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Part):
    """A number, string, boolean or null written out."""

    value: Decimal | str | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLiteral(Part):
    """A date, time or duration written `@"..."`."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Part):
    """A name, perhaps dotted: a fact, or a field of the thing a `some` or `every` speaks of."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Property(Part):
    """A property of a value, such as the year of a date."""

    of: Part
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Part):
    """A function call; `names` are the parameter names where the arguments were named."""

    function: str
    arguments: tuple[Part, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf(Part):
    """A list written out."""

    items: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Part):
    """A range written out, with or without each of its ends."""

    low: Part
    high: Part
    with_low: bool
    with_high: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Part):
    """Two parts and an operator between them: arithmetic, comparison, `and` or `or`."""

    operator: str
    left: Part
    right: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Negation(Part):
    """A minus sign before a part."""

    of: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Between(Part):
    """`value between low and high`, ends included."""

    value: Part
    low: Part
    high: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Test(Part):
    """One test of `in`: an operator and what to compare with, or a bare value, list or range."""

    operator: str | None
    operand: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Among(Part):
    """`value in tests`: true if any of the tests is."""

    value: Part
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(Part):
    """`if condition then this else that`."""

    condition: Part
    then: Part
    otherwise: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantified(Part):
    """`some` or `every` thing in a list satisfies a condition."""

    kind: str
    variable: str
    of: Part
    satisfies: Part
