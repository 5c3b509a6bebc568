"""Places that say again what is hidden elsewhere in a pack."""

from collections.abc import Iterator, Sequence
from typing import Final

from amends.disclosure.redaction.folding import Folded, fold
from amends.disclosure.redaction.naming import subject
from amends.disclosure.redaction.spans import Span
from amends.disclosure.redaction.words import Word, allowed, is_ordinary, words_of

WHY: Final = "says what is hidden elsewhere"

_Key = tuple[str, ...]


def echoes(texts: Sequence[str], hidden: Sequence[Span]) -> Iterator[Span]:
    """Each place outside of *hidden* whose words are those of a span in it, in order.

    A word that is ordinary counts only where it has a capital letter: to hide Will is not to hide
    every `will`. Of a span of several words, each that is not ordinary counts by itself as well.
    """
    keys = {key for span in hidden for key in _keys(words_of(fold(span.words)))}
    longest = max(map(len, keys), default=0)
    for number, text in enumerate(texts):
        folded = fold(text)
        inside = [span for span in hidden if span.text == number]
        runs = _kept(folded, words_of(folded), inside)
        for run in runs:
            yield from _in_run(number, run, keys, longest, folded)


def _keys(words: Sequence[Word]) -> Iterator[_Key]:
    """What to look for of a hidden span: all its words, and each that is not ordinary."""
    if len(words) > 1 or any(map(_telling, words)):
        yield tuple(word.lower for word in words)
    for word in words:
        if len(word.lower) > 1 and not is_ordinary(word.lower):
            yield (word.lower,)


def _telling(word: Word) -> bool:
    """Whether a hidden word says enough by itself to be looked for."""
    return word.lower not in allowed("function") and (len(word.lower) > 1 or word.digits)


def _kept(folded: Folded, words: Sequence[Word], hidden: Sequence[Span]) -> list[list[Word]]:
    """The words that stay, in runs between what is hidden."""
    gone = [False] * len(folded.text)
    for span in hidden:
        start, end = folded.at(span.start, span.end)
        gone[start:end] = [True] * (end - start)
    runs: list[list[Word]] = [[]]
    for word in words:
        if any(gone[word.start : word.end]):
            runs.append([])
        else:
            runs[-1].append(word)
    return runs


def _in_run(
    number: int, run: Sequence[Word], keys: set[_Key], longest: int, folded: Folded
) -> Iterator[Span]:
    at = 0
    while at < len(run):
        for length in range(min(longest, len(run) - at), 0, -1):
            words = run[at : at + length]
            if tuple(word.lower for word in words) in keys and _says_it(words):
                start, end = folded.where(words[0].start, words[-1].end)
                said = folded.original[start:end]
                yield Span(number, start, end, "word", WHY, False, (subject(said),), said)
                at += length - 1
                break
        at += 1


def _says_it(words: Sequence[Word]) -> bool:
    return len(words) > 1 or not is_ordinary(words[0].lower) or words[0].capital
