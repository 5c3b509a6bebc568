"""How a column of an extract fills a fact: how days are written, what stands for what, and what means not known."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from amends.intake.errors import IntakeError
from amends.intake.extract_lists import fields
from amends.policy.facts import FactError, FactKind, catalogue

KEYS: Final = ("fact", "format", "values", "not_known")
"""What a mapping may say of a column."""


@dataclass(frozen=True, slots=True)
class Fills:
    """How a column fills a fact: the fact's column and type, how days are written, and what stands for what.

    A field that is among those `not_known` says nothing of the fact, as an empty one does.
    """

    fact: str
    type: str
    format: str
    values: Mapping[str, Any]
    not_known: frozenset[str] = frozenset()

    def value(self, field: str) -> Any:
        """*field* as the fact's own kind, None where that is not known; ValueError, with why, where it is none."""
        value: Any = field
        if field in self.not_known:
            return None
        if self.values:
            if field not in self.values:
                raise ValueError(f"{field!r} is not among the values of the mapping.")
            value = self.values[field]
        elif self.type == "date":
            value = dt.datetime.strptime(field, self.format).date().isoformat()  # noqa: DTZ007
        elif self.type == "whole":
            value = int(field)
        kind = kinds().get(self.fact)
        if kind:
            try:
                kind.read(value, self.fact)
            except FactError as error:
                raise ValueError(str(error)) from None
        return value

    def read(self, field: str) -> str:
        """The same as the store holds it: empty where it is not known."""
        value = self.value(field)
        if value is None:
            return ""
        return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def kinds() -> Mapping[str, FactKind]:
    """Every fact by its column, and every field of a list by its name."""
    return {one.column: one for one in catalogue().values()} | fields()


def filled(place: str, said: Mapping[str, Any], kind: str) -> Fills:
    """How a column fills a fact of this *kind*, as a mapping *said* it; IntakeError, with the *place*, if wrong."""
    if kind == "date" and not (said.get("format") or said.get("values")):
        raise IntakeError(place, "is a day, and has no format", 'Write format = "%d/%m/%Y".')
    values, unknown = said.get("values", {}), unknown_of(place, said)
    if both := sorted(unknown & set(values)):
        raise IntakeError(place, f"has {both[0]!r} among values, and among those not known")
    return Fills(said["fact"], kind, said.get("format", ""), values, unknown)


def unknown_of(place: str, said: Mapping[str, Any]) -> frozenset[str]:
    """The fields that mean *not known*, as a mapping *said* it; IntakeError where that is no list of texts."""
    found = said.get("not_known", [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise IntakeError(place, f"has not_known = {found!r}", 'Write not_known = ["Unk", "NS"].')
    return frozenset(one.strip() for one in found)
