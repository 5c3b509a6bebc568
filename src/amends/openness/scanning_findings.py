"""What is found hidden in a workbook: of which kind, where, and what it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

KINDS: Final[Mapping[str, str]] = {
    "hidden": "a sheet, row or column that is not shown",
    "unseen": "a cell that shows nothing, or something else than it holds",
    "formula": "a formula, which tells how a figure was made and may hold others",
    "pivot": "a pivot table, with the records that it was made from",
    "cache": "a copy of figures beside the sheets",
    "comment": "a comment or note",
    "change": "a tracked change, with what was there before",
    "link": "a link to another file or data source",
    "object": "an embedded object, picture or drawing",
    "macro": "a program",
    "person": "who wrote or printed it, or on which machine; where it is the force itself, name it: --author",
    "text": "a text beside the sheets",
    "beside": "bytes that belong to no part of the workbook",
    "unknown": "something that is not known here, so that nobody can say what it hides",
}
_NUMBER: Final = re.compile(r"-?\d[\d,\u00a0\u202f ]*(?:\.\d+)?")
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is hidden: its kind (one of KINDS), its place in the workbook, and what it is."""

    kind: str
    place: str
    what: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no kind of finding.")


def shows(value: str, text: str) -> bool:
    """Whether *text* shows the number *value*, to as many places as it shows, also as a percentage."""
    match = _NUMBER.search(text.replace("\u2212", "-"))
    if match is None:
        return False
    said = re.sub(r"[,\u00a0\u202f ]", "", match[0])
    places = len(said.partition(".")[2])
    try:
        number = float(value) * (100 if "%" in text else 1)
        return bool(abs(abs(number) - abs(float(said))) <= 0.5 * 10**-places + 1e-9)
    except ValueError:
        return False


def hides(format_code: str) -> bool:
    """Whether a number format of a workbook (XLSX) shows nothing of some number."""
    for section in _sections(format_code):
        bare = _QUOTED.sub("", section)
        if not re.search(r"[0#?@]|general|[dmyhs]", bare, re.IGNORECASE):
            return True
    return False


def _sections(format_code: str) -> list[str]:
    """The parts of a format for positive, negative and zero numbers and text."""
    held = re.sub(r'"[^"]*"|\\.', lambda match: match[0].replace(";", ","), format_code)
    return held.split(";")


def harmless(address: str) -> bool:
    """Whether a link leads inside the workbook, to a page, or to somebody's post box, and to no file or data."""
    return address.startswith(("#", "https://", "http://", "mailto:"))
