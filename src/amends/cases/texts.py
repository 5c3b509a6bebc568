"""Texts and days as people give them: kept exactly as they are, or refused with what is wrong."""

import datetime as dt
import unicodedata
from typing import Final

LONGEST: Final = 5_000
"""Letters of what somebody said, at most."""
EARLIEST: Final = dt.date(1900, 1, 1)
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that make a text read otherwise than it is kept."""
_BREAKS: Final = frozenset("\n\t")


class BadValue(ValueError):
    """A text or a day that cannot be kept: a stable code, which field, and a sentence."""

    def __init__(self, code: str, field: str, sentence: str) -> None:
        self.code, self.field, self.sentence = code, field, sentence
        super().__init__(f"{field}: {sentence}")


def text(value: str, field: str, *, most: int = LONGEST, needed: bool = True) -> str:
    """*value* as it is. Raises BadValue for what is empty though *needed*, too long, or hides something."""
    if needed and not value.strip():
        raise BadValue("TXT-EMPTY", field, "This is needed.")
    if len(value) > most:
        told = f"This has {len(value):,} letters. At most {most:,} are kept: shorten it."
        raise BadValue("TXT-LONG", field, told)
    for letter in value.replace("\r\n", "\n"):  # a browser ends lines so
        if letter in _REORDERING:
            told = "This holds a mark that changes the order of letters. Type it again without."
            raise BadValue("TXT-ORDER", field, told)
        if unicodedata.category(letter) in ("Cc", "Cs") and letter not in _BREAKS:
            told = f"This holds a sign that cannot be read (U+{ord(letter):04X}). Take it out."
            raise BadValue("TXT-SIGN", field, told)
    return value


def day(value: dt.date, field: str, *, today: dt.date, after: dt.date | None = None) -> dt.date:
    """*value*, which is not in the future, not before *after*, and not before anybody alive was born."""
    if value > today:
        raise BadValue("DAY-FUTURE", field, f"{value:%-d %B %Y} is in the future.")
    if value < EARLIEST:
        raise BadValue("DAY-EARLY", field, f"{value.year} is too long ago: check the year.")
    if after is not None and value < after:
        told = f"{value:%-d %B %Y} is before {after:%-d %B %Y}: one of the two is wrong."
        raise BadValue("DAY-ORDER", field, told)
    return value


def age(born: dt.date, on: dt.date) -> int:
    """Whole years from *born* to *on*; somebody born on 29 February is a year older on 1 March.

    Source: Family Law Reform Act 1969 s9, an age is reached at the start of the birthday.
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, however their letters, capitals and blanks are written."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
