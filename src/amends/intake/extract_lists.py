"""Lists of an extract (victims, earlier disposals): several columns, or entries of one, become records of a case."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from amends.intake.errors import IntakeError
from amends.policy.facts import LONGEST_LIST, FactKind, catalogue

TYPES: Final = {"boolean": "BOOLEAN", "whole": "INTEGER", "date": "DATE"}
"""The types of columns in the store; whatever else is text."""


class Reads(Protocol):
    """Reads a field of the extract as the value of a fact; raises ValueError, with why, where it is none.

    What is among those `not_known` is None.
    """

    @property
    def not_known(self) -> Collection[str]: ...

    def value(self, field: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A column that fills a *field* of a list: of the record of a `number`, or of all, with a `separator` between."""

    field: str
    reads: Reads
    number: int
    separator: str


@dataclass(frozen=True, slots=True)
class Listed:
    """How a list is filled: the columns of its fields, and the column that tells how many records there are.

    `count_unknown` has what means in that column that the number is not known.
    """

    kind: FactKind
    entries: Mapping[str, Entry]
    count: str
    count_unknown: frozenset[str] = frozenset()

    @property
    def fact(self) -> str:
        """The list's own name."""
        return self.kind.name

    @property
    def type(self) -> str:
        """Its type in the store: all fields of the list, whether or not they are filled."""
        fields = []
        for one in self.kind.fields:
            fields.append(f'"{one.name}" {TYPES.get(one.type, "VARCHAR")}')
            fields += [f'"{one.name}_absent" BOOLEAN'] if one.absent else []
        return f"STRUCT({', '.join(fields)})[]"

    def read(self, row: Mapping[str, str]) -> str:
        """The records that *row* has, as JSON; empty where nothing is known of any.

        None at all, `[]`, there is only where the column that counts says 0. Where that says more than the fields
        tell of, nothing is known of the others. Raises ValueError, with the column and why.
        """
        records, many = self._records(row), self._many(row)
        if many is None:
            return self._text(records) if records else ""
        if len(records) > many:
            raise ValueError(f"{self.count}: says {many}, and there are {len(records)} records.")
        return self._text([*records, *({} for _ in range(many - len(records)))])

    def _many(self, row: Mapping[str, str]) -> int | None:
        said = row[self.count].strip() if self.count else ""
        if not said or said in self.count_unknown:
            return None
        if not (said.isascii() and said.isdigit() and int(said) <= LONGEST_LIST):
            raise ValueError(f"{self.count}: {said!r} is no number from 0 to {LONGEST_LIST}.")
        return int(said)

    def _records(self, row: Mapping[str, str]) -> list[dict[str, Any]]:
        filled = {
            name: text
            for name, entry in self.entries.items()
            if (text := row[name].strip()) and text not in entry.reads.not_known
        }
        found: dict[int, dict[str, Any]] = {}
        sizes: dict[str, int] = {}
        for name, text in filled.items():
            entry = self.entries[name]
            parts = [text] if entry.number else text.split(entry.separator)
            sizes[name] = len(parts)
            for at, part in enumerate(parts, entry.number or 1):
                record = found.setdefault(at, {})
                if part.strip() and part.strip() not in entry.reads.not_known:
                    record[entry.field] = _value(name, entry.reads, part.strip())
        if len(set(sizes.values())) > 1:
            (first, one), (other, two) = (
                min(sizes.items(), key=_size),
                max(sizes.items(), key=_size),
            )
            raise ValueError(f"{first}: has {one} entries, and {other} has {two}.")
        if len(found) > LONGEST_LIST:
            raise ValueError(f"{self.fact}: has more than {LONGEST_LIST} records.")
        return [found[at] for at in sorted(found)]

    def _text(self, records: list[dict[str, Any]]) -> str:
        found = []
        for record in records:
            told: dict[str, Any] = {one.name: record.get(one.name) for one in self.kind.fields}
            for (
                one
            ) in self.kind.fields:  # what is known is not absent; of what is not, nobody knows
                if one.absent:
                    told[f"{one.name}_absent"] = False if one.name in record else None
            found.append(told)
        return json.dumps(found)


def _size(one: tuple[str, int]) -> int:
    return one[1]


def _value(name: str, reads: Reads, part: str) -> Any:
    try:
        return reads.value(part)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


# --- what a mapping says of lists -------------------------------------------------------------------


def fields() -> dict[str, FactKind]:
    """Each field of each list, as `victims.position`."""
    return {
        f"{kind.name}.{one.name}": one
        for kind in catalogue().values()
        if kind.type == "list"
        for one in kind.fields
    }


def place_of(place: str, said: Mapping[str, Any]) -> tuple[int, str]:
    """The number, or else the separator, that *said* gives a field of a list; IntakeError where both, or none."""
    number, separator = said.get("number"), said.get("separator")
    if (number is None) == (separator is None):
        raise IntakeError(
            place, f"fills {said['fact']}, a field of a list, and does not say of which record",
            'Write number = 1 for the first record, or separator = ";" where the column holds several.',
        )  # fmt: skip
    if number is not None and (type(number) is not int or not 1 <= number <= LONGEST_LIST):
        raise IntakeError(place, f"has the number {number!r}", f"Write 1 to {LONGEST_LIST}.")
    if separator is not None and (not isinstance(separator, str) or not separator.strip()):
        raise IntakeError(place, f"has the separator {separator!r}", 'Write separator = ";".')
    return number or 0, separator or ""


def gathered(
    name: str,
    entries: Mapping[str, tuple[str, Entry]],
    counts: Mapping[str, tuple[str, frozenset[str]]],
) -> Iterator[Listed]:
    """The lists that a mapping called *name* fills: *entries* by column, with their list; of *counts* by list, with
    what means there that the number is not known.

    Raises IntakeError where one field is filled twice, a number is left out, or numbers and separators are mixed.
    """
    for fact in dict.fromkeys([*(fact for fact, _ in entries.values()), *counts]):
        own = {column: one for column, (of, one) in entries.items() if of == fact}
        seen: set[tuple[str, int]] = set()
        for column, one in own.items():
            if (one.field, one.number) in seen:
                which = f" of record {one.number}" if one.number else ""
                raise IntakeError(f"{name}, {column}", f"fills {fact}.{one.field}{which} twice")
            seen.add((one.field, one.number))
        numbers = {one.number for one in own.values()}
        if 0 in numbers and len(numbers) > 1:
            raise IntakeError(
                f"{name}, {fact}", "has columns with a number and others with a separator",
                "Fill a list in one way.",
            )  # fmt: skip
        if gaps := sorted(set(range(1, max(numbers, default=0))) - numbers):
            raise IntakeError(f"{name}, {fact}", f"has no number {gaps[0]}, and a greater one")
        yield Listed(catalogue()[fact], own, *counts.get(fact, ("", frozenset())))
