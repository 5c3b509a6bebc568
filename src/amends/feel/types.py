"""What kind of value each part of a condition has, and what is declared about the facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ORDERED = frozenset(
    {
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)
"""Kinds of value that `<` can compare."""

DAYS = "days and time duration"
MONTHS = "years and months duration"
MOMENT = "date and time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """The kind of a value.

    `kind` is one of ORDERED, `boolean`, `null`, `list` or `range`. `absent` says that the value may
    be known to be absent (null). `choices` are the only strings it can be, where they are known.
    `least` and `greatest` bound a number that comes from facts; `places` counts its decimal places.
    `item` is the type of what is in a list or range; `fields`, for a list of records, are the types
    of the fields of each.
    """

    kind: str
    absent: bool = False
    choices: tuple[str, ...] | None = None
    least: int | None = None
    greatest: int | None = None
    places: int = 0
    item: "Type | None" = None
    fields: tuple[tuple[str, "Type"], ...] | None = None

    def field(self, name: str) -> "Type | None":
        """The type of field *name* of each record in a list, or None where there is no such field."""
        return dict(self.fields or ()).get(name)

    def __str__(self) -> str:
        if self.kind in ("list", "range") and self.item:
            return f"{self.kind} of {self.item}"
        return self.kind


BOOLEAN = Type(kind="boolean")
NULL = Type(kind="null", absent=True)
RECORDS = "list"

Declarations = Mapping[str, Type]
"""The facts that a condition may ask about: dotted name to type."""

NO_FACTS: Declarations = MappingProxyType({})
