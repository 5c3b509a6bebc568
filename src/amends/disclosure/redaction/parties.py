"""Whoever is attached to a case or to one linked to it, and all by which they could be known."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.redaction.folding import fold
from amends.disclosure.shapes import Part, read

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody in a case: their role, and everything that is held by which they could be known.

    `numbers` are of any kind: collar, crime, custody, account. Raises `DisclosureError` where one
    of these is empty, has nothing to look for, or is one text where several are meant.
    """

    role: str
    names: Texts = ()
    aliases: Texts = ()
    dates_of_birth: tuple[date, ...] = ()
    addresses: Texts = ()
    phones: Texts = ()
    emails: Texts = ()
    handles: Texts = ()
    numbers: Texts = ()
    vehicles: Texts = ()
    organisations: Texts = ()

    def __post_init__(self) -> None:
        for name in TEXTS:
            held = getattr(self, name)
            if isinstance(held, str) or not isinstance(held, Iterable):
                raise DisclosureError(
                    f"the {self.role}: {name}", f"{held!r} is not a list.", f"Write [{held!r}]."
                )
            object.__setattr__(self, name, tuple(held))
            for one in getattr(self, name):
                self._check(name, one)
        object.__setattr__(self, "dates_of_birth", tuple(self.dates_of_birth))

    def _check(self, name: str, one: object) -> None:
        if not isinstance(one, str) or not any(map(str.isalnum, fold(one).text)):
            raise DisclosureError(
                f"the {self.role}: {name}",
                f"{one!r} has no letter and no digit to look for.",
                "Leave it out, or write it as it is known.",
            )

    @property
    def called(self) -> Texts:
        """Names and aliases."""
        return self.names + self.aliases


TEXTS: Final = tuple(
    one.name for one in fields(Party) if one.name not in ("role", "dates_of_birth")
)
"""The fields of a party that hold texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The parties of a case and of every case linked to it, and the day it happened on, if known."""

    parties: tuple[Party, ...]
    day: date | None = field(default=None)


def read_case(path: Path) -> Case:
    """The case in the JSON file at *path*: `parties`, and if need be `day` and `linked` cases.

    Raises `DisclosureError` with the place of a fault: a field that is misspelt would be a name
    that nobody looks for.
    """
    part = read(path).only("day", "parties", "linked")
    parties = list(_parties(part))
    for each in part.find("linked", []).each():
        parties += _parties(each.only("day", "parties"))
    if not parties:
        raise part.get("parties").refuse("names nobody.", "Name everybody attached to the case.")
    day = part.find("day", None)
    return Case(parties=tuple(parties), day=None if day.value is None else _day(day))


def _parties(part: Part) -> Iterable[Party]:
    return [_party(each) for each in part.get("parties").each()]


def _party(part: Part) -> Party:
    part.only("role", "dates_of_birth", *TEXTS)
    held = {name: part.find(name, []).texts() for name in TEXTS}
    days = tuple(_day(each) for each in part.find("dates_of_birth", []).each())
    if not any(held.values()) and not days:
        raise part.refuse("says nothing by which anybody is known.", f"Say {', '.join(TEXTS)}.")
    try:
        return Party(role=part.get("role").a(str), dates_of_birth=days, **held)
    except DisclosureError as error:
        raise part.refuse(f"{error.place}: {error.wrong}", error.right) from None


def _day(part: Part) -> date:
    try:
        return date.fromisoformat(part.a(str))
    except ValueError:
        raise part.refuse(f"is no date: {part.value!r}.", "Write it as 1997-03-31.") from None
