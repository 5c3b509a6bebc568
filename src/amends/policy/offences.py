"""What an offence code means: its name, group, police.uk category and mode of trial, all dated.

Two systems are held. `prc` is the notifiable code of recorded crime (8N); `ho` is the court's class
and subclass (008/06). They never clash in spelling, because an `ho` code is always CCC/SS.

The classification is that of 2017/18. `confidence` is about the classification: *read* where the
code and its name were read in the sources and the group follows from them, *reported* where it was
read at second hand in what `source` names, *illustrative* where the placing is our own. The mode of
trial is law, and `source` names the Act; it is left empty where a code covers offences of different
modes, or where we are not sure.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

from amends.policy.code_tables import (
    Row,
    Table,
    in_force,
    refuse_repeats,
    rows_of,
    same_days,
    shipped,
    text_of,
)

SYSTEMS = ("prc", "ho")
COLUMNS = (
    "system",
    "code",
    "name",
    "group",
    "subgroup",
    "police_uk_category",
    "mode_of_trial",
    "starts",
    "ends",
    "source",
    "confidence",
)
FACTS = ("group", "subgroup", "police_uk_category", "mode_of_trial")

_CLASS_AND_SUBCLASS = re.compile(r"([0-9]{1,3})/([0-9]{1,2})|([0-9]{3})([0-9]{2})")
_NOTIFIABLE = re.compile(r"[1-9][0-9]{0,2}(\.[1-9][0-9]?)?[A-Z]?")
# Notifiable codes that are words, or several codes counted as one.
_SPELT = {
    "".join(code.upper().split()): code
    for code in ("1/4.1/4.10/4.2", "AF", "CIFAS", "FFA UK", "UK Finance")
}


@dataclass(frozen=True, slots=True)
class Offence:
    """One code for a span of days. None means *not known*; `ends` is the first day it is over."""

    system: str
    code: str
    name: str
    group: str | None
    subgroup: str | None
    police_uk_category: str | None
    mode_of_trial: str | None
    starts: date | None
    ends: date | None
    source: str
    confidence: str


def normalise(code: str) -> str | None:
    """*code* as the tables spell it, or None if it has the shape of no code we know.

    Case and blanks do not matter. 8/06, 00806 and 008/06 are one code; 08805 is 088/05. A code of
    the right shape need not be in any table.
    """
    bare = "".join(code.split())
    # Some letters of other alphabets become ours in capitals: a long s becomes S.
    if not bare.isascii():
        return None
    plain = bare.upper()
    if plain in _SPELT:
        return _SPELT[plain]
    if found := _CLASS_AND_SUBCLASS.fullmatch(plain):
        number, part = found[1] or found[3], found[2] or found[4]
        return f"{int(number):03d}/{int(part):02d}"
    return plain if _NOTIFIABLE.fullmatch(plain) else None


def system_of(code: str) -> str:
    """The system of a code spelt as the tables spell it: `prc` or `ho`."""
    return "ho" if _CLASS_AND_SUBCLASS.fullmatch(code) else "prc"


class OffenceTable(Table[Offence]):
    """Offences by code and day."""

    def __init__(self, offences: Iterable[Offence], text: str) -> None:
        super().__init__(offences, text)
        self._by_code: dict[str, list[Offence]] = {}
        for offence in self:
            self._by_code.setdefault(offence.code, []).append(offence)

    def find(self, code: str, on: date | None = None) -> Offence | None:
        """The offence of *code* on the day *on*, or as last known; None if it is not held.

        For a notifiable code the day is that of recording: the burglary codes of before April 2017
        ended for crimes recorded from then on. For the mode of trial it is that of the offence.
        """
        return in_force(self._by_code.get(normalise(code) or "", ()), on)

    def facts(self, code: str, on: date | None = None) -> dict[str, str]:
        """The facts of the catalogue that *code* tells. What is not known is left out."""
        offence = self.find(code, on)
        known = {f"offence.{name}": getattr(offence, name, None) for name in FACTS}
        return {name: value for name, value in known.items() if value is not None}

    def normalise(self, code: str) -> str | None:
        """*code* as the table spells it; see the function of the same name."""
        return normalise(code)


def read(source: str | bytes | Path, name: str | None = None) -> OffenceTable:
    """The table in *source*: text, bytes, or the path of a force's own file. *name* is for errors.

    Raises BadTable, which says where the fault is and what would be right.
    """
    file, text = text_of(source, name)
    rows = [(row, _offence(row)) for row in rows_of(text, file, COLUMNS)]
    refuse_repeats(rows, "code", lambda offence: offence.code, same_days)
    return OffenceTable((offence for _, offence in rows), text)


@cache
def published() -> OffenceTable:
    """The table that comes with Amends."""
    return read(shipped("offences.csv"), "offences.csv")


def coded(row: Row, column: str, system: str) -> str:
    """The code in a cell, which must be spelt as *system* spells it."""
    code = row.text(column)
    right = normalise(code)
    if right is None:
        wrong = f"{code!r} is not the shape of an offence code."
        raise row.fault("table-code", column, wrong, "Write it as 8N or as 008/06.")
    if right != code:
        raise row.fault("table-code", column, f"{code!r} is not its spelling.", f"Write {right}.")
    if system_of(code) != system:
        wrong = f"{code!r} is not a code of the system {system}."
        raise row.fault("table-code", column, wrong, f"Its system is {system_of(code)}.")
    return code


def _offence(row: Row) -> Offence:
    system = row.word("system", SYSTEMS)
    group, subgroup, category, mode = (row.choice(name, _allowed(name)) for name in FACTS)
    starts, ends = row.days()
    return Offence(
        system=system,
        code=coded(row, "code", system),
        name=row.text("name"),
        group=group,
        subgroup=subgroup,
        police_uk_category=category,
        mode_of_trial=mode,
        starts=starts,
        ends=ends,
        source=row.text("source"),
        confidence=row.confidence(),
    )


@cache
def _allowed(name: str) -> tuple[str, ...]:
    catalogue = files("amends.policy").joinpath("catalogue.toml").read_text("utf-8")
    return tuple(tomllib.loads(catalogue)[f"offence.{name}"]["values"])
