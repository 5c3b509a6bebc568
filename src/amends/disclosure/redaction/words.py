"""Which words may stay in a text unasked, which are names as well, and where the words of a text are."""

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from amends.disclosure.redaction.folding import Folded

_FOLDER: Final = Path(__file__).parent
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ENDS: Final = re.compile(r"'s$")
_BEGINS: Final = re.compile(
    r"[.?!](?:\s|['\")\]])|[.?!]$|\n[^\S\n]*\n|\n\s*[-*•>]|(?:^|[\s,(:])[\"']$"
)
"""What stands between two words where the second begins a sentence."""
_QUOTES: Final = ('"', "'")
SHOUTED: Final = 4
"""Words in capitals, one after the other, from which on they are taken for shouting and not for names."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a folded text, without its possessive ending: from `start` to before `end`.

    `first` where it begins a sentence, and `shouted` where it stands among words all in capitals:
    a capital letter then says nothing.
    """

    start: int
    end: int
    text: str
    lower: str
    first: bool = False
    shouted: bool = False

    @property
    def capital(self) -> bool:
        """Whether it has a capital letter."""
        return any(one.isupper() for one in self.text)

    @property
    def digits(self) -> bool:
        """Whether it has a digit."""
        return any(one.isdigit() for one in self.text)


def words_of(folded: Folded) -> tuple[Word, ...]:
    """The words of a text, in order."""
    found: list[Word] = []
    last = 0
    for match in _WORD.finditer(folded.text):
        start, end = match.span()
        end -= 2 if _ENDS.search(folded.lower[start:end]) and end - start > 2 else 0
        alone = quoted(folded.text, start, match.end())
        first = not found or (not alone and _first(folded.text[last:start], found[-1]))
        found.append(Word(start, end, folded.text[start:end], folded.lower[start:end], first))
        last = match.end()
    return tuple(_shouting(found))


def quoted(text: str, start: int, end: int) -> bool:
    """Whether a word stands by itself between quotation marks, as a nickname does."""
    return text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES


def _first(between: str, before: Word) -> bool:
    abbreviated = before.lower in allowed("before_names") or len(before.text) == 1
    stop = between.startswith(".") and "\n" not in between
    return bool(_BEGINS.search(between)) and not (abbreviated and stop)


def _shouting(words: list[Word]) -> Iterator[Word]:
    run: list[Word] = []
    for word in words:
        if word.text.isupper() or (run and not word.capital and word.digits):
            run.append(word)
            continue
        yield from _loud(run)
        run = []
        yield word
    yield from _loud(run)


def _loud(run: list[Word]) -> Iterator[Word]:
    shouted = len(run) >= SHOUTED
    for word in run:
        yield Word(word.start, word.end, word.text, word.lower, word.first, shouted)


# ---- what may stay ---------------------------------------------------------------------------


@cache
def allowed(name: str) -> frozenset[str]:
    """The words that `allowed.toml` lists under *name*, in lower case."""
    with (_FOLDER / "allowed.toml").open("rb") as stream:
        return frozenset(tomllib.load(stream)[name].split())


@cache
def ordinary() -> frozenset[str]:
    """Every ordinary word, in lower case."""
    return _listed("ordinary_words.txt") | allowed("ordinary") | allowed("function")


@cache
def names_too() -> frozenset[str]:
    """The ordinary words that are names as well: Will, Rose, May, Mark, Grace."""
    return _listed("names_that_are_words.txt")


def _listed(name: str) -> frozenset[str]:
    lines = (_FOLDER / name).read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def is_ordinary(word: str) -> bool:
    """Whether *word*, in lower case, is an ordinary English word, whatever else it may be."""
    return word in ordinary() or word in allowed("capitalised")


# ---- short forms -----------------------------------------------------------------------------


@cache
def _short_forms() -> Mapping[str, frozenset[str]]:
    """The short forms and other spellings of each first name in `nicknames.csv`."""
    with (_FOLDER / "nicknames.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["name"]: frozenset(row["short_forms"].split()) for row in csv.DictReader(stream)
        }


def also_called(name: str) -> frozenset[str]:
    """What else somebody called *name* is called: William is Bill, and Bill may be William or Will."""
    known = _short_forms()
    found = set(known.get(name, ()))
    for full, shorts in known.items():
        if name in shorts:
            found |= {full, *shorts}
    return frozenset(found - {name})
