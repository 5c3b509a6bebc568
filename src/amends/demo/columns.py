"""The columns of a history file: one to each fact of the catalogue that a case itself holds."""

from collections.abc import Sequence
from functools import cache

from amends.policy.facts import FactKind, catalogue

LISTS = {"victims": 3, "earlier_disposals": 3}
"""The list facts, and how many records of each an invented case has at most."""

TYPES = {"boolean": "BOOLEAN", "whole": "INTEGER", "date": "DATE"}
"""The type of column for each type of fact; VARCHAR for the others."""


def scalars() -> list[FactKind]:
    """The facts with a column of their own: no list, and not found from the offence table."""
    return [fact for fact in catalogue().values() if not fact.table and fact.type != "list"]


def fields(owner: str) -> Sequence[FactKind]:
    """The facts within the list fact *owner*."""
    return catalogue()[owner].fields


def list_type(owner: str) -> str:
    """The type of the column of the list fact *owner*."""
    parts = []
    for fact in fields(owner):
        parts.append(f'"{fact.column}" {TYPES.get(fact.type, "VARCHAR")}')
        if fact.absent:
            parts.append(f'"{fact.column}_absent" BOOLEAN')
    return f"STRUCT({', '.join(parts)})[]"


@cache
def code(fact: str, value: str) -> int:
    """The number that stands for *value* while rows are made; 0 stands for not known.

    A value that is not one of the catalogue's is a `ValueError`: a fault of ours, never of the data.
    """
    kind = catalogue().find(fact)
    if kind is None or kind.values is None or value not in kind.values:
        raise ValueError(f"{value!r} is not a value of the fact {fact}.")
    return kind.values.index(value) + 1
