"""Texts in which what points to somebody is marked: {kind:words}, and how much of it was found.

The kinds are those of the markers, and three more: `party` is somebody listed in the case (a name
or what belongs to them), `other` somebody or something that is not, and `deep` what no pattern and
no list can see.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from amends.disclosure.redaction import Span

_MARK = re.compile(r"\{([a-z-]+):([^{}]*)\}")


@dataclass(frozen=True)
class Mark:
    """What is marked in a text: its kind, and where it is."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Marked:
    """A text without its marks, and the marks."""

    text: str
    marks: tuple[Mark, ...]

    def said(self, mark: Mark) -> str:
        """What is marked."""
        return self.text[mark.start : mark.end]


def read(marked: str) -> Marked:
    """The text and the marks of *marked*."""
    parts, marks, at, length = [], [], 0, 0
    for match in _MARK.finditer(marked):
        before = marked[at : match.start()]
        parts += [before, match[2]]
        length += len(before)
        marks.append(Mark(match[1], length, length + len(match[2])))
        length += len(match[2])
        at = match.end()
    return Marked("".join((*parts, marked[at:])), tuple(marks))


def covered(spans: Iterable[Span], length: int) -> list[bool]:
    """For each letter of a text, whether one of *spans* hides it."""
    found = [False] * length
    for span in spans:
        found[span.start : span.end] = [True] * (span.end - span.start)
    return found


def hides(mark: Mark, hidden: list[bool], text: str) -> bool:
    """Whether every letter and figure of *mark* is hidden."""
    return all(hidden[at] for at in range(mark.start, mark.end) if text[at].isalnum())


def other_words(marked: Marked) -> list[tuple[int, int]]:
    """The words of a text that point to nobody."""
    taken = [False] * len(marked.text)
    for mark in marked.marks:
        taken[mark.start : mark.end] = [True] * (mark.end - mark.start)
    return [
        match.span()
        for match in re.finditer(r"[^\W_]+(?:['’][^\W_]+)*", marked.text)
        if not any(taken[match.start() : match.end()])
    ]
