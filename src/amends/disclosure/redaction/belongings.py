"""Finding what belongs to a case's parties: addresses, organisations, numbers, days of birth, ages."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from amends.disclosure.redaction.folding import Folded, lowered
from amends.disclosure.redaction.identifiers import identifiers
from amends.disclosure.redaction.parties import Party
from amends.disclosure.redaction.spans import Found
from amends.disclosure.redaction.spelling import near
from amends.disclosure.redaction.words import Word, allowed, is_ordinary

_ONES: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_KINDS: Final = {
    "phones": "phone", "emails": "e-mail", "handles": "handle", "numbers": "number", "vehicles": "vehicle",
}  # fmt: skip
_WHOLE: Final = 6
"""Letters and digits below which a number is only found where it stands by itself."""


def plain_code(text: str) -> str:
    """The letters and digits of a number as they are compared."""
    return "".join(filter(str.isalnum, lowered(text)))


def age_in_words(age: int) -> str:
    """An age below a hundred in words: thirty-two."""
    if age < 1:
        return ""
    if age < 20:
        return _ONES[age - 1]
    tens = _TENS[min(age, 99) // 10 - 2]
    return f"{tens} {_ONES[age % 10 - 1]}" if age % 10 else tens


def age_on(day: date, born: date) -> int:
    """The years that somebody *born* then had completed on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Belongings:
    """What belongs to *parties* and is not a name, to be found in a text; *day* is that of the case."""

    def __init__(self, parties: Sequence[Party], keys: Sequence[str], day: date | None) -> None:
        self.phrases: list[tuple[tuple[str, ...], str, str, str]] = []
        self.single: dict[str, tuple[str, str, str]] = {}
        self.codes: dict[str, tuple[str, str]] = {}
        self.ages: dict[str, str] = {}
        for party, key in zip(parties, keys, strict=True):
            for kind, held in (("address", party.addresses), ("organisation", party.organisations)):
                for text in held:
                    self._add_phrase(kind, text, key, party.role)
            for field, kind in _KINDS.items():
                for text in getattr(party, field):
                    self._add_code(kind, text, party.role)
            for born in party.dates_of_birth:
                self._add_birth(born, day, party.role)

    def _add_phrase(self, kind: str, text: str, key: str, role: str) -> None:
        words = tuple(re.findall(r"[^\W_]+", lowered(text).replace("'", "")))
        self.phrases.append((words, kind, key, f"the {kind} of the {role}"))
        for word in words:
            if len(word) > 2 and not _common(word) and not word.isdigit():
                self.single[word] = (kind, key, f"part of the {kind} of the {role}")
        (postcode,) = (each for each in identifiers() if each.name == "postcode")
        for match in postcode.pattern.finditer(lowered(text)):
            self.codes[plain_code(match[0])] = ("postcode", f"the postcode of the {role}")

    def _add_code(self, kind: str, text: str, role: str) -> None:
        code = plain_code(text)
        if kind == "phone":
            code = re.sub(r"^(?:00)?44|^0", "", code) or code
        self.codes[code] = (kind, f"the {kind} of the {role}")
        local = plain_code(text.partition("@")[0])
        if kind == "e-mail" and len(local) >= _WHOLE and not is_ordinary(local):
            self.codes[local] = (kind, f"part of the {kind} of the {role}")

    def _add_birth(self, born: date, day: date | None, role: str) -> None:
        for form in ("%d%m%Y", "%d%m%y", "%Y%m%d", "%Y"):
            self.codes[born.strftime(form)] = ("date", f"the birth of the {role}")
        for year in (str(born.year), f"{born.year % 100:02}"):
            self.codes[f"{born.day}{born.month}{year}"] = ("date", f"the birth of the {role}")
        age = age_on(day, born) if day else 0
        if 0 < age < 120:
            for said in (str(age), age_in_words(age)):
                self.ages[said] = f"the age of the {role} on the day"

    def search(self, folded: Folded, words: Sequence[Word]) -> Iterator[Found]:
        """All of these in a text of these *words*."""
        yield from self._search_phrases(folded, words)
        yield from self._search_words(words)
        yield from self._search_codes(folded, words)
        yield from self._search_ages(folded)

    def _search_phrases(self, folded: Folded, words: Sequence[Word]) -> Iterator[Found]:
        """Two words or more of an address or an organisation, one after the other."""
        pieces = _pieces(words)
        places: dict[str, list[int]] = defaultdict(list)
        for at, (text, _, _) in enumerate(pieces):
            places[text].append(at)
        for phrase, kind, key, why in self.phrases:
            covered = -1
            for start in sorted(_pairs(phrase, pieces, places)):
                if start < covered:
                    continue
                covered = start + _run(phrase, pieces, start)
                told = [text for text, _, _ in pieces[start:covered]]
                sure = not all(map(_common, told)) or len(told) == len(phrase)
                yield Found(pieces[start][1], pieces[covered - 1][2], kind, why, sure, (key,))

    def _search_words(self, words: Sequence[Word]) -> Iterator[Found]:
        """A word of an address or an organisation by itself, or nearly so."""
        for word, (text, start, end) in zip(words, _pieces(words), strict=True):
            ordinary = is_ordinary(text)
            if text in self.single and (word.capital or not ordinary):
                kind, key, why = self.single[text]
                yield Found(start, end, kind, why, not ordinary, (key,))
            elif not ordinary:
                for listed, (kind, key, why) in self.single.items():
                    if near(text, listed):
                        yield Found(start, end, kind, f"{why}, nearly", True, (key,))

    def _search_codes(self, folded: Folded, words: Sequence[Word]) -> Iterator[Found]:
        """Numbers, however they are spaced."""
        places = [at for at, letter in enumerate(folded.lower) if letter.isalnum()]
        squeezed = "".join(folded.lower[at] for at in places)
        edges = {word.start for word in words}, {word.end for word in words}
        for code, (kind, why) in self.codes.items():
            at = squeezed.find(code)
            while at >= 0:
                run = places[at : at + len(code)]
                apart = max((b - a for a, b in pairwise(run)), default=1)
                alone = run[0] in edges[0] and run[-1] + 1 in edges[1]
                if apart <= 4 and (alone or len(code) >= _WHOLE):
                    sure = not is_ordinary(code)
                    yield Found(run[0], run[-1] + 1, kind, why, sure)
                at = squeezed.find(code, at + 1)

    def _search_ages(self, folded: Folded) -> Iterator[Found]:
        (age,) = (each for each in identifiers() if each.name == "age")
        for found in age.search(folded):
            said = set(re.findall(r"\d+|[a-z]+", folded.lower[found.start : found.end]))
            for text, why in self.ages.items():
                if said >= set(text.split()):
                    yield Found(found.start, found.end, "age", why, True)
        for text, why in self.ages.items():
            pattern = rf"(?<!\w){text.replace(' ', '[ -]?')}(?!\w)"
            for match in re.finditer(pattern, folded.lower):
                yield Found(match.start(), match.end(), "age", f"may be {why}", False)


def _common(word: str) -> bool:
    """Whether a word of an address or an organisation says nothing by itself."""
    return word in allowed("street_words") or word in allowed("function")


def _pieces(words: Sequence[Word]) -> list[tuple[str, int, int]]:
    return [(word.lower.replace("'", ""), word.start, word.end) for word in words]


def _pairs(
    phrase: tuple[str, ...], pieces: list[tuple[str, int, int]], places: dict[str, list[int]]
) -> Iterator[int]:
    """Where the first of two pieces is that follow each other as in *phrase*."""
    for one, other in pairwise(phrase):
        for at in places.get(one, ()):
            if at + 1 < len(pieces) and pieces[at + 1][0] == other:
                yield at


def _run(phrase: tuple[str, ...], pieces: list[tuple[str, int, int]], at: int) -> int:
    """How many words from piece *at* on follow each other as in *phrase*, at the most."""
    best = 0
    for begin, word in enumerate(phrase):
        if word == pieces[at][0]:
            length = 0
            for said, (text, _, _) in zip(phrase[begin:], pieces[at:], strict=False):
                if said != text:
                    break
                length += 1
            best = max(best, length)
    return best
