"""What to hide in the texts of a pack: a proposal, for people to decide on."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.redaction.belongings import Belongings
from amends.disclosure.redaction.folding import Folded, fold
from amends.disclosure.redaction.identifiers import identifiers
from amends.disclosure.redaction.naming import Names, parts_of, subject
from amends.disclosure.redaction.parties import Party
from amends.disclosure.redaction.residue import residue
from amends.disclosure.redaction.spans import NUMBERED, Found, Span, settle
from amends.disclosure.redaction.words import Word, allowed, words_of

LONGEST: Final = 2_000_000
"""Letters that a text may have."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The texts of a pack, in order, and every span of them that may point to somebody, in order.

    It is made by `propose`; `issue` makes it anew, and refuses a review of any other.
    """

    texts: tuple[str, ...]
    parties: tuple[Party, ...]
    day: date | None
    spans: tuple[Span, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the texts and the spans."""
        document = [
            self.texts,
            [[each.text, each.start, each.end, each.kind, each.certain] for each in self.spans],
        ]
        return hashlib.sha256(json.dumps(document).encode("utf-8", "surrogatepass")).hexdigest()

    def line(self, span: Span) -> str:
        """Where a span is, as a person would say it: text 1, line 3, letter 12."""
        before = self.texts[span.text][: span.start]
        line, letter = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        text = f"text {span.text + 1}, " if len(self.texts) > 1 else ""
        return f"{text}line {line}, letter {letter}"


def propose(
    text: str | Sequence[str], parties: Iterable[Party], day: date | None = None
) -> Proposal:
    """What to hide in a text, or in the texts of one pack, in which *parties* may be named.

    *parties* are all those attached to the case and to every case linked to it; *day* is that of
    the case, by which ages are known. Found are the parties and their belongings, identifiers by
    their shape, and then every word and figure that is not known to be harmless. Raises
    `DisclosureError` where a text is no text or is too long.
    """
    texts = (text,) if isinstance(text, str) else tuple(text)
    known = tuple(parties)
    _check(texts, known)
    keys = _people(known)
    names, belongings = Names(known, keys), Belongings(known, keys, day)
    spans = [span for at, one in enumerate(texts) for span in _spans(at, one, names, belongings)]
    return Proposal(texts, known, day, tuple(spans))


def _check(texts: Sequence[object], parties: Sequence[object]) -> None:
    if not texts:
        raise DisclosureError("the pack", "it has no text.", "Give at least one.")
    for at, text in enumerate(texts, 1):
        if not isinstance(text, str):
            raise DisclosureError(f"text {at}", f"{type(text).__name__} is no text")
        if len(text) > LONGEST:
            raise DisclosureError(
                f"text {at}", f"it has {len(text)} letters.", f"Split it: {LONGEST} are the most."
            )
    for party in parties:
        if not isinstance(party, Party):
            raise DisclosureError("the parties", f"{party!r:.60} is no Party")


def _people(parties: Sequence[Party]) -> list[str]:
    """Who each party is: the same key for one person met twice, as in linked cases."""
    keys: list[str] = []
    for party in parties:
        called = {parts_of(name) for name in party.names if len(parts_of(name)) > 1}
        key = f"party {len(keys) + 1}"
        for other, known in zip(parties, keys, strict=False):
            born = {*party.dates_of_birth} & {*other.dates_of_birth}
            differ = party.dates_of_birth and other.dates_of_birth and not born
            if called & {parts_of(name) for name in other.names} and not differ:
                key = known
                break
        keys.append(key)
    return keys


def _spans(at: int, text: str, names: Names, belongings: Belongings) -> list[Span]:
    folded = fold(text)
    words = words_of(folded)
    known = [*names.search(folded, words), *belongings.search(folded, words)]
    for identifier in identifiers():
        known += identifier.search(folded)
    settled = settle(known, folded, words)
    taken = [False] * len(folded.text)
    for one in settled:
        taken[one.start : one.end] = [True] * (one.end - one.start)
    rest = [one for one in residue(folded, words) if not all(taken[one.start : one.end])]
    whole = settle([*settled, *rest], folded, words)
    return _apart(_span(at, one, folded) for one in _with_titles(whole, folded, words))


def _apart(spans: Iterable[Span]) -> list[Span]:
    """*spans*, of which those that share a letter of the original are one: ½ is a 1 and a 2."""
    found: list[Span] = []
    for one in spans:
        if found and one.start < found[-1].end:
            certain = found[-1].certain or one.certain
            words = found[-1].words + one.words[found[-1].end - one.start :]
            found[-1] = replace(
                found[-1], end=max(found[-1].end, one.end), certain=certain, words=words
            )
        else:
            found.append(one)
    return found


def _with_titles(found: Sequence[Found], folded: Folded, words: Sequence[Word]) -> Iterable[Found]:
    """*found*, in which a name takes the title before it along: Mrs Okafor."""
    ends = {word.end: word for word in words if word.lower in allowed("titles")}
    last = 0
    for one in found:
        title = next((ends[at] for at in range(one.start - 2, one.start) if at in ends), None)
        whole = one
        if title and one.kind in ("name", "word") and title.start >= last:
            between = folded.text[title.end : one.start]
            whole = one if between.strip(" .") else replace(one, start=title.start)
        last = one.end
        yield whole


def _span(at: int, one: Found, folded: Folded) -> Span:
    start, end = folded.where(one.start, one.end)
    words = folded.original[start:end]
    about = one.about or ((subject(words),) if one.kind in NUMBERED else ())
    return Span(at, start, end, one.kind, one.reason, one.certain, about, words)
