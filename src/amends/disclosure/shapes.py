"""The shape of what is read: each part of a JSON document is asked for by type, with its place."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from amends.disclosure.errors import DisclosureError

T = TypeVar("T")
_NAMES: Final = {dict: "an object", list: "a list", str: "a text", int: "a whole number"}


def read(path: Path) -> "Part":
    """The JSON object in the file at *path*; raises `DisclosureError` where it is none."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise DisclosureError(str(path), error.strerror or "cannot be read") from None
    except UnicodeDecodeError as error:
        raise DisclosureError(
            str(path), f"is not UTF-8 (byte {error.start + 1})", "Save it as UTF-8."
        ) from None
    return parse(text, str(path))


def parse(text: str, place: str) -> "Part":
    """The JSON object in *text*, which stands at *place*; raises `DisclosureError` if it is none."""
    try:
        document = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise DisclosureError(
            f"{place}, line {error.lineno}, letter {error.colno}", f"is not JSON: {error.msg}"
        ) from None
    except RecursionError:
        raise DisclosureError(place, "has brackets nested too deeply") from None
    except ValueError as error:
        raise DisclosureError(place, str(error)) from None
    return Part(document, place)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"says {twice!r} twice in one object")
    return found


class Part:
    """A part of a document and its place, from which further parts are asked for by name."""

    __slots__ = ("place", "value")

    def __init__(self, value: object, place: str) -> None:
        self.value, self.place = value, place

    def refuse(self, wrong: str, right: str = "") -> DisclosureError:
        """The error to raise of this part."""
        return DisclosureError(self.place, wrong, right)

    def a(self, kind: type[T]) -> T:
        """The value, where it is of *kind*; true and false are no whole numbers."""
        if not isinstance(self.value, kind) or (kind is int and isinstance(self.value, bool)):
            raise self.refuse(f"must be {_NAMES.get(kind, kind.__name__)}, not {self.value!r:.60}")
        return self.value

    def get(self, name: str) -> "Part":
        """The part called *name*, which must be there."""
        inside: Mapping[str, object] = self.a(dict)
        if name not in inside:
            raise self.refuse(f"does not say {name!r}")
        return Part(inside[name], f"{self.place}: {name}")

    def find(self, name: str, default: object) -> "Part":
        """The part called *name*, or *default* where there is none."""
        inside: Mapping[str, object] = self.a(dict)
        return Part(inside.get(name, default), f"{self.place}: {name}")

    def only(self, *names: str) -> "Part":
        """The part itself, an object, where it says nothing but *names*."""
        inside: Mapping[str, object] = self.a(dict)
        for name in inside:
            if name not in names:
                raise self.refuse(
                    f"says {name!r}, which is not known", f"Known: {', '.join(names)}."
                )
        return self

    def each(self) -> "Iterator[Part]":
        """The parts of a list, in order."""
        things: list[object] = self.a(list)
        for number, thing in enumerate(things, 1):
            yield Part(thing, f"{self.place}, {number}")

    def items(self) -> "Iterator[tuple[str, Part]]":
        """The names and parts of an object, in order."""
        inside: Mapping[str, object] = self.a(dict)
        for name, thing in inside.items():
            yield name, Part(thing, f"{self.place}: {name}")

    def texts(self) -> tuple[str, ...]:
        """The texts of a list of texts, no text twice."""
        found = tuple(part.a(str) for part in self.each())
        if len(set(found)) != len(found):
            twice = next(text for text in found if found.count(text) > 1)
            raise self.refuse(f"says {twice!r} twice")
        return found
