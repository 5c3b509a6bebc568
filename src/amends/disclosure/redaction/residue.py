"""What is left when all that is known was found: every word and figure that nobody can vouch for."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from amends.disclosure.redaction.folding import Folded
from amends.disclosure.redaction.naming import letters_apart
from amends.disclosure.redaction.spans import Found
from amends.disclosure.redaction.words import Word, allowed, is_ordinary, names_too, quoted

DIGITS: Final = "has a digit"
OTHER_SCRIPT: Final = "is in letters that are not Latin"
UNKNOWN: Final = "is not an ordinary word"
NAME_TOO: Final = "is a word, and a name as well"
CAPITAL: Final = "has a capital letter in the midst of a sentence"
AFTER_TITLE: Final = "comes after a title or a rank"
BETWEEN: Final = "stands between two words of a name"
BESIDE: Final = "has a capital letter, and stands beside what may be a name"
QUOTED: Final = "stands by itself in quotation marks"
INITIAL: Final = "may be an initial"
LETTERS: Final = "is letters by themselves"


def residue(folded: Folded, words: Sequence[Word]) -> Iterator[Found]:
    """Every word of a text that must not leave unseen, and why, whatever else was found.

    A word passes only if it is listed as ordinary; with a capital letter, only if that says nothing:
    where it begins a sentence, or stands among words all in capitals, or is usually written so.
    """
    for run in letters_apart(folded, words):
        yield Found(run[0].start, run[-1].end, "word", LETTERS, False)
    reasons = [
        _why(word, before, folded) for before, word in zip((None, *words), words, strict=False)
    ]
    for at, word in enumerate(words):
        reasons[at] = reasons[at] or _of_a_name(word, at, words, reasons, folded)
    for word, why in zip(words, reasons, strict=True):
        if why:
            yield Found(word.start, word.end, "number" if why == DIGITS else "word", why, False)
    yield from _other_signs(folded, words)


def _of_a_name(
    word: Word, at: int, words: Sequence[Word], reasons: Sequence[str], folded: Folded
) -> str:
    """Why a small word that passes by itself is asked about beside others: Karim bin Yusuf, An Ngo."""
    inside = 0 < at < len(words) - 1
    if word.lower in allowed("particles") and inside and reasons[at - 1] and reasons[at + 1]:
        return BETWEEN
    if not word.capital or word.first or word.shouted or not _grammar(word) or word.lower == "i":
        return ""
    for other in (at - 1, at + 1):
        if 0 <= other < len(words) and words[other].capital and reasons[other]:
            first, last = sorted((at, other))
            if folded.text[words[first].end : words[last].start] in (" ", "-"):
                return BESIDE
    return ""


def _why(word: Word, before: Word | None, folded: Folded) -> str:
    if word.digits:
        return DIGITS
    if _other_script(word, folded):
        return OTHER_SCRIPT
    if not _known(word.lower):
        return UNKNOWN
    if before and word.capital and _titled(before, word, folded):
        return AFTER_TITLE
    if quoted(folded.text, word.start, word.end):
        return QUOTED
    if len(word.text) == 1 and word.capital and folded.text[word.end : word.end + 1] == ".":
        return INITIAL
    return _capital(word) if word.capital else ""


def _other_script(word: Word, folded: Folded) -> bool:
    """Whether a letter of a word, as it was written, is not Latin, whatever it looks like."""
    start, end = folded.where(word.start, word.end)
    return any(
        one.isalpha() and not one.isascii() and not unicodedata.name(one, "").startswith("LATIN")
        for one in folded.original[start:end]
    )


def _known(lower: str) -> bool:
    """Whether a word is ordinary, or made of ordinary parts: he'd, somebody's."""
    if is_ordinary(lower):
        return len(lower) > 1 or lower in ("a", "i")
    head, mark, tail = lower.partition("'")
    return bool(mark) and is_ordinary(head) and tail in ("ll", "d", "ve", "re", "m", "s", "t", "")


def _titled(before: Word, word: Word, folded: Folded) -> bool:
    between = folded.text[before.end : word.start]
    return (
        before.lower in allowed("before_names")
        and not between.strip(" .")
        and len(between) <= 2
        and word.lower not in allowed("function") | allowed("titles")
        and not word.shouted
    )


def _capital(word: Word) -> str:
    """Why a capital letter must be asked about; nothing where it need not be."""
    if word.lower in names_too():
        return NAME_TOO
    if word.first or word.shouted or word.lower in allowed("capitalised"):
        return ""
    return "" if _grammar(word) else CAPITAL


def _grammar(word: Word) -> bool:
    return word.lower in allowed("function") and word.lower != "a"


def _other_signs(folded: Folded, words: Sequence[Word]) -> Iterator[Found]:
    """Signs that are neither letters, figures nor usual punctuation, such as emoji: one may be a name."""
    inside = [False] * len(folded.text)
    for word in words:
        inside[word.start : word.end] = [True] * (word.end - word.start)
    for at, letter in enumerate(folded.text):
        category = unicodedata.category(letter)
        if not (inside[at] or letter.isascii()) and category[0] in "LNS" and category != "Sc":
            yield Found(at, at + 1, "word", "is a sign that may mean somebody", False)
