"""How a column of an extract fills a fact: how days are written, what stands for what, and what means not known."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from amends.intake.errors import IntakeError
from amends.intake.extract_lists import fields
from amends.policy.facts import FactError, FactKind, catalogue

KEYS: Final = ("fact", "format", "values", "not_known")
"""What a mapping may say of a column."""
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")
_SHORT: Final = 60
_EXAMPLE: Final = dt.date(2024, 3, 31)
"""A day of which day, month and year cannot be taken for each other."""


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
                raise ValueError(f"{_short(field)} is not among the values of the mapping.")
            value = self.values[field]
        elif self.type == "date":
            value = self._day(field).isoformat()
        elif self.type == "whole":
            value = _whole(field)
        kind = kinds().get(self.fact)
        if kind:
            try:
                kind.read(value, self.fact)
            except FactError as error:
                raise ValueError(str(error)) from None
        return value

    def _day(self, field: str) -> dt.date:
        try:
            return dt.datetime.strptime(field, self.format).date()  # noqa: DTZ007
        except ValueError:
            raise ValueError(
                f"{_short(field)} is no day as {_EXAMPLE.strftime(self.format)}."
            ) from None

    def read(self, field: str) -> str:
        """The same as the store holds it: empty where it is not known."""
        value = self.value(field)
        if value is None:
            return ""
        return str(value).lower() if isinstance(value, bool) else str(value)


def _short(field: str) -> str:
    return repr(field if len(field) <= _SHORT else field[:_SHORT] + "...")


def _whole(field: str) -> int:
    if not _WHOLE.fullmatch(field):
        raise ValueError(f"{_short(field)} is no whole number.")
    return int(field)


@cache
def kinds() -> Mapping[str, FactKind]:
    """Every fact by its column, and every field of a list by its name."""
    return {one.column: one for one in catalogue().values()} | fields()


def filled(place: str, said: Mapping[str, Any], kind: str) -> Fills:
    """How a column fills a fact of this *kind*, as a mapping *said* it; IntakeError, with the *place*, if wrong."""
    if kind == "date" and not (said.get("format") or said.get("values")):
        raise IntakeError(place, "is a day, and has no format", 'Write format = "%d/%m/%Y".')
    if kind == "date" and said.get("format") and not _is_format(said["format"]):
        wrong = f"has the format {said['format']!r}, which does not tell day, month and year"
        raise IntakeError(place, wrong, 'Write format = "%d/%m/%Y".')
    values, unknown = said.get("values", {}), unknown_of(place, said)
    if both := sorted(unknown & set(values)):
        raise IntakeError(place, f"has {both[0]!r} among values, and among those not known")
    return Fills(said["fact"], kind, said.get("format", ""), values, unknown)


def _is_format(said: Any) -> bool:
    """Whether a day that is written as *said* is read as the same day."""
    try:
        return dt.datetime.strptime(_EXAMPLE.strftime(said), said).date() == _EXAMPLE  # noqa: DTZ007
    except (TypeError, ValueError):
        return False


def unknown_of(place: str, said: Mapping[str, Any]) -> frozenset[str]:
    """The fields that mean *not known*, as a mapping *said* it; IntakeError where that is no list of texts."""
    found = said.get("not_known", [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise IntakeError(place, f"has not_known = {found!r}", 'Write not_known = ["Unk", "NS"].')
    return frozenset(one.strip() for one in found)
