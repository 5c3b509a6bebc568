"""What must be in the document of a decision, of each format that was ever written.

A shape is a type, several types, a list or a table of one shape, or a table with its keys. A format
is never changed: a new one is added beside it.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final


class Misshapen(ValueError):
    """A document with something missing, wrong or strange in it: `place` says where."""

    def __init__(self, place: str, wrong: str) -> None:
        self.place, self.wrong = place, wrong
        super().__init__(f"{place}: {wrong}")


class TableOf:
    """A table of any names, whose values have one shape."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape


class Day:
    """A day, written 2013-06-01."""


TEXT: Final = str
NULL: Final = type(None)
VALUE: Final = (str, bool, int, list, type(None))
"""What a fact can be."""


_ALLOWED: Final = frozenset({"officer", "sergeant", "inspector", "superintendent", "nobody"})
_ANSWERS: Final = _ALLOWED | {"not_yet_known"}
_CONFIDENCE: Final = frozenset({"read", "reported", "illustrative"})
_POLICY: Final = {
    **dict.fromkeys(("id", "series", "title", "owner", "scope", "layer", "status"), TEXT),
    **dict.fromkeys(("dates", "note", "source", "digest"), TEXT),
    "confidence": _CONFIDENCE,
    "starts": Day,
    "ends": (Day, NULL),
    "known_from": Day,
}
_FINDING: Final = {
    **dict.fromkeys(("rule", "policy", "ask", "clause", "because", "source", "advise"), TEXT),
    "confidence": _CONFIDENCE,
    "allow": _ALLOWED,
    "state": frozenset({"met", "raised", "unknown", "does not apply"}),
    "record": [TEXT],
    "facts": [TEXT],
    "stands": bool,
}
_CHANGE: Final = {"fact": TEXT, "value": VALUE, "whose": frozenset({"do", "theirs"})}
_ROW: Final = {
    **dict.fromkeys(("code", "name", "source", "digest"), TEXT),
    "confidence": _CONFIDENCE,
}
_ONE: Final = {
    "format": int,
    **dict.fromkeys(("digest", "made_by"), TEXT),
    "force": (TEXT, NULL),
    "on": Day,
    "known_on": (Day, NULL),
    "trial": [TEXT],
    "illustrative": bool,
    **dict.fromkeys(("answer", "low", "high"), _ANSWERS),
    "otherwise": _ALLOWED,
    "ruleset": {"name": TEXT, "digest": TEXT},
    "policies": [_POLICY],
    "facts": TableOf(VALUE),
    "derived": TableOf(VALUE),
    "offence": (_ROW, NULL),
    "findings": [_FINDING],
    "missing": [[TEXT]],
    "matters": [TEXT],
    "near_miss": ({"authority": _ALLOWED, "changes": [_CHANGE]}, NULL),
    "owed": TableOf([TEXT]),
    "unsure_records": TableOf([TEXT]),
    "meanings": TableOf({"meaning": TEXT, "values": [TEXT], "unit": TEXT}),
}

_TWO: Final = {
    **_ONE,
    "notices": [TEXT],
    "not_asked": [TEXT],
    "policies": [{**_POLICY, "sources": TableOf(TEXT)}],
    "findings": [{**_FINDING, "unknown": [TEXT]}],
    "meanings": TableOf(
        {**dict.fromkeys(("meaning", "ask", "from", "unit"), TEXT), "values": [TEXT]}
    ),
}

SHAPES: Final[Mapping[int, Any]] = {1: _ONE, 2: _TWO}
"""The shape of a document by its format."""

_WORDS: Final = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    list: "a list of records",
    NULL: "null",
    Day: "a day, such as 2013-06-01",
}


def check_shape(value: Any, shape: Any, place: str) -> None:
    """Raise Misshapen, with the *place*, where *value* does not have the *shape*."""
    if isinstance(shape, tuple):
        _check_either(value, shape, place)
    elif isinstance(shape, list):
        _check_records(value, shape[0], place)
    elif isinstance(shape, TableOf):
        _must(isinstance(value, dict), shape, place)
        for name, one in value.items():
            check_shape(one, shape.shape, f"{place}: {name}")
    elif isinstance(shape, dict):
        _check_keys(value, shape, place)
    else:
        _must(_is(value, shape), shape, place)


def _is(value: Any, shape: Any) -> bool:
    if isinstance(shape, frozenset):
        return isinstance(value, str) and value in shape
    if shape is Day:
        return isinstance(value, str) and _is_day(value)
    if shape is list:
        return isinstance(value, list) and all(isinstance(one, dict) for one in value)
    # `True` is an int to Python, and no whole number to anybody else.
    return type(value) is shape


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_either(value: Any, shapes: tuple[Any, ...], place: str) -> None:
    """One of *shapes*; where a table or null may stand, the table's own fault is told."""
    tables = [shape for shape in shapes if isinstance(shape, dict)]
    if tables and isinstance(value, dict):
        _check_keys(value, tables[0], place)
        return
    _must(any(_is(value, shape) for shape in shapes), shapes, place)


def _check_records(value: Any, shape: Any, place: str) -> None:
    _must(isinstance(value, list), [shape], place)
    for number, one in enumerate(value, 1):
        check_shape(one, shape, f"{place}[{number}]")


def _check_keys(value: Any, shape: Mapping[str, Any], place: str) -> None:
    _must(isinstance(value, dict), shape, place)
    for name in shape:
        if name not in value:
            raise Misshapen(place, f"It has no {name!r}.")
    for name, one in value.items():
        if name not in shape:
            raise Misshapen(f"{place}: {name}", "There is no such key.")
        check_shape(one, shape[name], f"{place}: {name}")


def _must(right: bool, shape: Any, place: str) -> None:
    if not right:
        raise Misshapen(place, f"This should be {_name(shape)}.")


def _name(shape: Any) -> str:
    if isinstance(shape, tuple):
        return " or ".join(map(_name, shape))
    if isinstance(shape, frozenset):
        return f"one of {', '.join(sorted(shape))}"
    if isinstance(shape, list):
        return "a list"
    return _WORDS[shape] if isinstance(shape, type) else "a table"
