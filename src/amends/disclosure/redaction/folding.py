"""A text as it is read: marks, look-alikes and hidden letters undone, and each place known in the original."""

import csv
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent

_RINGED: Final = ((0x1F150, 26), (0x1F170, 26), (0x1F1E6, 26), (0xE0041, 26))
"""Letters A to Z in rings and black boxes, as flags, and as tags that nobody sees; first and how many."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text to search: `text` with its capitals, `lower` without, letter for letter.

    The letter at *n* stands for `original[starts[n]:ends[n]]`. Nothing is said twice: marks on a
    letter belong to it, and what cannot be seen has no letter.
    """

    original: str
    text: str
    lower: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def where(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original the letters from *start* to before *end* are."""
        return self.starts[start], self.ends[end - 1]

    def at(self, start: int, end: int) -> tuple[int, int]:
        """The letters that stand for the original from *start* to before *end*."""
        return bisect_left(self.ends, start + 1), bisect_left(self.starts, end)


def fold(original: str) -> Folded:
    """*original* as it is searched: compatible forms (NFKD), no marks, Latin look-alikes.

    Source of the forms: Unicode Standard Annex 15, https://www.unicode.org/reports/tr15/.
    """
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, one in enumerate(original):
        found = plain(one)
        if not found and ends and unicodedata.category(one) in ("Mn", "Me", "Mc"):
            ends[-1] = at + 1
        letters += found
        starts += [at] * len(found)
        ends += [at + 1] * len(found)
    text = "".join(letters)
    lower = "".join(one.lower() if len(one.lower()) == 1 else one for one in letters)
    return Folded(original, text, lower, tuple(starts), tuple(ends))


@cache
def plain(letter: str) -> str:
    """What one letter is read as; nothing where it is a mark or cannot be seen."""
    if letter in _look_alikes():
        return _look_alikes()[letter]
    return "".join(map(_plainest, unicodedata.normalize("NFKD", letter)))


@cache
def _look_alikes() -> Mapping[str, str]:
    """Letters that look like a Latin letter or a plain sign, or have none of their own beneath a mark."""
    with (_FOLDER / "look_alikes.csv").open(encoding="utf-8", newline="") as stream:
        return {
            letter: row["read_as"] for row in csv.DictReader(stream) for letter in row["letters"]
        }


def _plainest(letter: str) -> str:
    if letter in _look_alikes():
        return _look_alikes()[letter]
    if letter.isascii():
        return letter if letter >= " " or letter in "\n\t\r" else ""
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    for first, count in _RINGED:
        if 0 <= ord(letter) - first < count:
            return chr(ord("A") + ord(letter) - first)
    if 0xE0061 <= ord(letter) <= 0xE007A or 0xE0030 <= ord(letter) <= 0xE0039:
        return chr(ord(letter) - 0xE0000)
    if unicodedata.category(letter) in _UNSEEN:
        return ""
    return " " if letter.isspace() else letter


_UNSEEN: Final = ("Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn")


def lowered(text: str) -> str:
    """*text* as it is compared: folded and without capitals."""
    return fold(text).lower


def visible(text: str) -> str:
    """*text* without what cannot be seen, in which a message could hide."""
    return "".join(
        one
        for one in text
        if one in "\n\t" or unicodedata.category(one) not in ("Cf", "Cc", "Cs", "Co", "Cn")
    )
