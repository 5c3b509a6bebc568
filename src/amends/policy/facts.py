"""The facts a policy may ask about: known, known to be absent, or not known.

The catalogue is data (`catalogue.toml`). The facts of a case are a mapping from dotted name to value;
a fact that is not in it is not known, and None means known to be absent.
"""

import datetime as dt
import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from amends.feel import Declarations, Type
from amends.feel.values import read_date

LARGEST_FILE: Final = 1_000_000
"""Bytes in a facts file, at most: one case has some thousands."""
LONGEST_LIST: Final = 1_000
"""Records in one list of a case, at most."""

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199

_KINDS = {"boolean": "boolean", "whole": "number", "choice": "string", "code": "string"}
_KINDS |= {"date": "date", "list": "list"}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}")

Facts = Mapping[str, Any]


class FactError(ValueError):
    """A fact that cannot be taken: `place` says where, `wrong` what, `right` what would be right."""

    def __init__(self, place: str, wrong: str, right: str = "") -> None:
        self.place, self.wrong, self.right = place, wrong, right
        super().__init__(f"{place}: {wrong}" + (f" {right}" if right else ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind:
    """One declared fact.

    `type` is boolean, whole, choice, code, date or list; `unit` is what a whole number counts;
    `meaning` is the question it answers; `source` the field of a records system it comes from.
    `absent` says that it may be known to be absent, `decides` that a condition may ask about it,
    `table` which code table gives it. `change` says whether anybody may properly change it: "do"
    (work still to be done), "theirs" (a free choice of the person concerned) or "fixed". `ask` is the
    question to put to people, where the meaning is not itself one.
    """

    name: str
    type: str
    meaning: str
    source: str
    unit: str | None = None
    values: tuple[str, ...] | None = None
    least: int | None = None
    greatest: int | None = None
    absent: bool = False
    decides: bool = True
    table: str | None = None
    change: str = "fixed"
    ask: str = ""
    fields: tuple["FactKind", ...] = ()

    @property
    def column(self) -> str:
        """Its column in a history: the name, with underscores for dots."""
        return self.name.replace(".", "_")

    @property
    def question(self) -> str:
        """What to ask somebody who may know it."""
        return self.ask or self.meaning

    def feel_type(self) -> Type:
        """Its type, as a condition sees it."""
        fields = tuple((f.name, f.feel_type()) for f in self.fields if f.decides)
        return Type(
            kind=_KINDS[self.type],
            absent=self.absent,
            choices=self.values,
            least=self.least,
            greatest=self.greatest,
            fields=fields or None,
        )

    def read(self, value: Any, place: str) -> Any:
        """*value*, from JSON, TOML or a history, as this fact's own kind; raises FactError."""
        if value is None:
            return self._null(place)
        return getattr(self, f"_read_{self.type}")(value, place)

    def _null(self, place: str) -> None:
        if not self.absent:
            raise FactError(
                place,
                f"{self.name} is null, and can never be known to be absent.",
                "If it is not known, leave it out.",
            )

    def _read_boolean(self, value: Any, place: str) -> bool:
        if not isinstance(value, bool):
            raise FactError(place, f"{_short(value)} is not true or false.")
        return value

    def _read_whole(self, value: Any, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise FactError(place, f"{_short(value)} is not a whole number of {self.unit}.")
        low, high = self.least or 0, self.greatest or 0
        if not low <= value <= high:
            raise FactError(place, f"{_short(value)} {self.unit} is not from {low} to {high}.")
        return value

    def _read_choice(self, value: Any, place: str) -> str:
        if not isinstance(value, str) or value not in (self.values or ()):
            raise FactError(
                place, f"{_short(value)} is not one of its values.", _one_of(self.values or ())
            )
        return value

    def _read_code(self, value: Any, place: str) -> str:
        if not isinstance(value, str) or not _CODE.fullmatch(value.strip(" ")):
            raise FactError(
                place,
                f"{_short(value)} is not a code.",
                "A code is 1 to 40 plain letters, digits, blanks and . / _ - characters.",
            )
        return value.strip(" ")

    def _read_date(self, value: Any, place: str) -> dt.date:
        day = value if type(value) is dt.date else None
        if isinstance(value, str):
            day = read_date(value)
        if day is None:
            right = "Write 2013-06-01."
            raise FactError(place, f"{_short(value)} is not a date that exists.", right)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise FactError(place, f"{day} is not in the years {FIRST_YEAR} to {LAST_YEAR}.")
        return day

    def _read_list(self, value: Any, place: str) -> tuple[dict[str, Any], ...]:
        if not isinstance(value, list | tuple):
            raise FactError(place, f"{_short(value)} is not a list of records.")
        if len(value) > LONGEST_LIST:
            raise FactError(
                place, f"The list has {len(value)} records.", f"At most {LONGEST_LIST}."
            )
        return tuple(self._record(one, f"{place}[{n}]") for n, one in enumerate(value, 1))

    def _record(self, record: Any, place: str) -> dict[str, Any]:
        if not isinstance(record, dict):
            raise FactError(place, f"{_short(record)} is not a record with named fields.")
        fields = {f.name: f for f in self.fields}
        for name in record:
            if name not in fields:
                raise FactError(f"{place}.{name}", "There is no such field.", _one_of(fields))
        return {name: fields[name].read(one, f"{place}.{name}") for name, one in record.items()}


def _short(value: Any) -> str:
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _one_of(values: Any) -> str:
    return f"It can be: {', '.join(values)}."


class Catalogue(Mapping[str, FactKind]):
    """Every declared fact by its dotted name; a list's fields stand inside the list."""

    def __init__(self, kinds: Mapping[str, FactKind]) -> None:
        self._kinds = dict(kinds)

    def __getitem__(self, name: str) -> FactKind:
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def find(self, name: str) -> FactKind | None:
        """The fact *name*, also a field of a list such as `victims.age`."""
        if name in self._kinds:
            return self._kinds[name]
        of, _, field = name.partition(".")
        fields = self._kinds[of].fields if of in self._kinds else ()
        return next((f for f in fields if f.name == field), None)

    def declarations(self) -> Declarations:
        """What a condition may ask about: every fact that decides, with its type."""
        return {name: kind.feel_type() for name, kind in self._kinds.items() if kind.decides}

    def read(self, data: Mapping[str, Any], place: str = "facts") -> dict[str, Any]:
        """The facts of a case from *data*, nested (`{"offender": {"age": 30}}`) or dotted.

        Raises FactError, with the place, for a fact that is not declared or a value it cannot have.
        """
        found: dict[str, Any] = {}
        for name, value in self._flat(data, "", place):
            where = f"{place}: {name}"
            if name in found:
                raise FactError(where, "The fact is given twice.")
            if name not in self._kinds:
                raise FactError(where, "There is no such fact.", self._near(name))
            found[name] = self._kinds[name].read(value, where)
        return found

    def _flat(self, data: Any, before: str, place: str) -> Iterator[tuple[str, Any]]:
        if not isinstance(data, Mapping):
            raise FactError(place, "Facts are a table of names and values.")
        for key, value in data.items():
            name = f"{before}{key}"
            if isinstance(value, dict) and name.count(".") < 3:
                yield from self._flat(value, f"{name}.", place)
            else:
                yield name, value

    def _near(self, name: str) -> str:
        near = difflib.get_close_matches(name, self._kinds, n=2)
        return f"Did you mean {' or '.join(near)}?" if near else "`amends facts` lists them."


@cache
def catalogue() -> Catalogue:
    """The catalogue that ships with Amends."""
    text = (files("amends.policy") / "catalogue.toml").read_text("utf-8")
    return read_catalogue(tomllib.loads(text))


def read_catalogue(data: Mapping[str, Mapping[str, Any]]) -> Catalogue:
    """A catalogue from its TOML table; the fields of a list are named `list.field`."""
    lists = {name for name, kind in data.items() if kind["type"] == "list"}
    kinds: dict[str, FactKind] = {}
    fields: dict[str, list[FactKind]] = {name: [] for name in lists}
    for name, kind in data.items():
        of, _, field = name.partition(".")
        if of in lists and field:
            fields[of].append(_kind(field, kind))
        else:
            kinds[name] = _kind(name, kind)
    for name in lists:
        kind = dict(data[name])
        kinds[name] = _kind(name, kind, tuple(fields[name]))
    return Catalogue(kinds)


def _kind(name: str, data: Mapping[str, Any], fields: tuple[FactKind, ...] = ()) -> FactKind:
    rest = {k: v for k, v in data.items() if k not in ("from", "values")}
    values = tuple(data["values"]) if "values" in data else None
    return FactKind(name=name, source=data["from"], values=values, fields=fields, **rest)


def load_facts(path: Path, known: Catalogue | None = None) -> dict[str, Any]:
    """The facts of one case from the JSON file *path*.

    Raises FactError, naming the file and the place in it, for whatever cannot be taken.
    """
    data = read_json(path)
    if isinstance(data, dict) and isinstance(data.get("facts"), dict):
        data = data["facts"]
    return (known or catalogue()).read(data, path.name)


def read_json(path: Path) -> Any:
    """What the JSON file *path* holds, refused with the place where it is too large or not JSON."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FactError("size", f"The file is larger than {LARGEST_FILE:,} bytes.")
        return json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_once)
    except OSError as error:
        raise FactError(str(path), f"The file cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise FactError(path.name, f"Byte {error.start} is not UTF-8.", "Save as UTF-8.") from None
    except json.JSONDecodeError as error:
        place = f"{path.name}, line {error.lineno}, column {error.colno}"
        raise FactError(place, f"This is not JSON: {error.msg}.") from None
    except FactError as error:
        raise FactError(f"{path.name}: {error.place}", error.wrong, error.right) from None
    except RecursionError:
        raise FactError(path.name, "The file is nested too deep.") from None
    except ValueError:  # Python refuses to read a number of thousands of digits
        raise FactError(path.name, "A number in it is far too long.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FactError(key, "The name is given twice.")
        found[key] = value
    return found
