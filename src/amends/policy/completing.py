"""What an offence's code tells about it, put beside the facts of the case.

Source of the facts: the offence table (`published/offences.csv`), whose every row names its own.
"""

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from amends.policy.facts import Catalogue, FactError, FactKind, Facts, catalogue

CODE: Final = "offence.code"
TABLE: Final = "offences"


class Known(Protocol):
    """What is asked of an offence table; `amends.policy.offences.OffenceTable` answers it."""

    def find(self, code: str, on: dt.date | None = None) -> Any: ...

    def facts(self, code: str, on: dt.date | None = None) -> dict[str, str]: ...

    def digest(self) -> str: ...

    def __iter__(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What the offence table told of a case: the names of the facts, and the row they stand in."""

    names: frozenset[str] = frozenset()
    row: Mapping[str, str] | None = None


def complete(
    facts: Facts,
    offences: Known,
    on: dt.date,
    *,
    known: Catalogue | None = None,
    place: str = "facts",
) -> dict[str, Any]:
    """*facts*, and what the table *offences* tells of `offence.code` that the case does not say.

    *on* is the day of the decision. What the table does not know stays not known; where the code is
    known to be absent (no crime), so is all that the table would tell. The code is spelt as the table
    spells it, because conditions compare it. Raises FactError, naming the *place*, for a code the
    table does not hold, and where the case and the table differ.
    """
    if CODE not in facts:
        return dict(facts)
    told = _told(facts, offences, on, _of_table(known or catalogue()), place)
    for name, value in told.items():
        if name in facts and facts[name] != value:
            raise _differ(facts, name, value, place)
    return {**facts, CODE: _spelt(facts[CODE], offences), **told}


def day_of_code(facts: Facts, offences: Known, on: dt.date) -> dt.date | None:
    """The day to look the code of *facts* up on: that of the decision, or of the offence.

    A code counts from the day the crime was recorded, which lies between the two. None where the
    table holds the code on neither.
    """
    days = (on, facts.get("offence.date"))
    return next((day for day in days if day and offences.find(facts[CODE], day)), None)


def told(given: Facts, completed: Facts, offences: Known, on: dt.date) -> Told:
    """What the table told, where the case as *given* became *completed*; for a document."""
    names = frozenset(completed) - frozenset(given)
    if given.get(CODE) is None or (day := day_of_code(given, offences, on)) is None:
        return Told(names, None)
    row = offences.find(given[CODE], day)
    words = {name: str(getattr(row, name)) for name in ("code", "name", "source", "confidence")}
    return Told(names, {**words, "digest": offences.digest()})


def _spelt(code: str | None, offences: Known) -> str | None:
    held = offences.find(code) if code is not None else None
    return code if held is None else str(held.code)


def _of_table(known: Catalogue) -> list[FactKind]:
    return [kind for kind in known.values() if kind.table == TABLE]


def _told(
    facts: Facts, offences: Known, on: dt.date, kinds: Iterable[FactKind], place: str
) -> dict[str, Any]:
    if facts[CODE] is None:
        return {kind.name: None for kind in kinds if kind.absent}
    day = day_of_code(facts, offences, on)
    if day is None:
        raise _no_such_code(facts[CODE], offences, on, place)
    return dict(offences.facts(facts[CODE], day))


def _no_such_code(code: str, offences: Known, on: dt.date, place: str) -> FactError:
    where = f"{place}: {CODE}"
    if (held := offences.find(code)) is not None:
        spans = f"from {held.starts or 'the beginning'} to {held.ends or 'now'}"
        right = "Give the code of that time."
        return FactError(where, f"{code!r} is no code of {on}: it holds {spans}.", right)
    near = difflib.get_close_matches(code.upper(), [one.code for one in offences], n=3)
    return FactError(
        where,
        f"The offence table does not hold {code!r}.",
        f"Did you mean {' or '.join(near)}?"
        if near
        else "Give a notifiable code such as 8N, or a class and subclass such as 008/06.",
    )


def _differ(facts: Facts, name: str, value: Any, place: str) -> FactError:
    said = "absent" if value is None else repr(value)
    code = "an absent code" if facts[CODE] is None else f"the code {facts[CODE]!r}"
    given = "absent" if facts[name] is None else repr(facts[name])
    return FactError(
        f"{place}: {name}",
        f"The case says {given}, and {code} means {said}.",
        "Correct one of the two, or leave this fact out.",
    )
