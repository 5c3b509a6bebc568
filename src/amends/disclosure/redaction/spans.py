"""Pieces of a text that may point to somebody, and what becomes of those that overlap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from amends.disclosure.redaction.folding import Folded
from amends.disclosure.redaction.words import Word

NUMBERED: Final = frozenset({"name", "organisation", "place", "word"})
"""The kinds whose markers are numbered: [name 1] is the same throughout a pack."""
KINDS: Final = (
    *("account", "address", "age", "card", "coordinates", "date", "device", "document", "e-mail"),
    *("handle", "link", "name", "number", "organisation", "passage", "phone", "place", "postcode"),
    *("reference", "vehicle", "word"),
)
"""What may be hidden, as the markers call it."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a text of a pack: of text number `text` (from 0), from `start` to before `end`.

    `certain` where it is hidden unless somebody gives a reason to let it stay; any other waits for
    a decision. `about` says whom or what it means, so that the same is always numbered the same;
    `words` is what it says.
    """

    text: int
    start: int
    end: int
    kind: str
    reason: str
    certain: bool
    about: tuple[str, ...] = ()
    words: str = ""

    def overlaps(self, other: "Span") -> bool:
        """Whether a letter is in both."""
        return self.text == other.text and self.start < other.end and other.start < self.end

    def covers(self, other: "Span") -> bool:
        """Whether every letter of *other* is in this."""
        return self.text == other.text and self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of a folded text that was found, from letter `start` to before `end`."""

    start: int
    end: int
    kind: str
    reason: str
    certain: bool
    about: tuple[str, ...] = ()


def settle(found: Iterable[Found], folded: Folded, words: Sequence[Word]) -> list[Found]:
    """*found* as pieces that do not overlap and cut no word in two, in order.

    Two that overlap become one that covers both, and takes after the one that is certain, or else
    the longer. Two names of one person that stand side by side become one.
    """
    whole = _Whole(folded, words)
    settled: list[Found] = []
    for one in sorted(map(whole, found), key=lambda each: (each.start, -each.end, each.reason)):
        if settled and one.start < settled[-1].end:
            settled[-1] = _both(settled[-1], one)
        elif settled and _one_name(settled[-1], one, folded):
            settled[-1] = replace(settled[-1], end=one.end, certain=True)
        else:
            settled.append(one)
    return settled


class _Whole:
    """Widens a piece to whole words."""

    def __init__(self, folded: Folded, words: Sequence[Word]) -> None:
        self.starts, self.ends = list(range(len(folded.text))), list(range(1, len(folded.text) + 1))
        for word in words:
            length = word.end - word.start
            self.starts[word.start : word.end] = [word.start] * length
            self.ends[word.start : word.end] = [word.end] * length

    def __call__(self, one: Found) -> Found:
        return replace(one, start=self.starts[one.start], end=self.ends[one.end - 1])


def _both(one: Found, other: Found) -> Found:
    def weight(each: Found) -> tuple[bool, int]:
        return each.certain, each.end - each.start

    first = one if weight(one) >= weight(other) else other
    return replace(first, start=one.start, end=max(one.end, other.end))


def _one_name(one: Found, other: Found, folded: Folded) -> bool:
    """Whether two pieces are parts of one name: Smith, John."""
    between = folded.text[one.end : other.start]
    initial = not folded.text[max(0, one.end - 2) : one.end - 1].isalnum()
    return (
        one.kind == other.kind
        and one.kind in NUMBERED | {"address"}
        and one.about == other.about != ()
        and len(between) <= 3
        and not between.strip(" ,.'-" if initial else " ,'-")
        and (one.certain or other.certain)
    )
