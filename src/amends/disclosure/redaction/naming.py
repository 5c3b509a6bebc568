"""Finding the names of a case's parties, as they are and as people write them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Final

from amends.disclosure.redaction.folding import Folded, lowered
from amends.disclosure.redaction.parties import Party
from amends.disclosure.redaction.spans import Found
from amends.disclosure.redaction.spelling import near, sounds_like
from amends.disclosure.redaction.words import Word, allowed, also_called, is_ordinary

SHORTEST: Final = 4
"""Letters from which on a name is looked for with slips of the pen, and within other words."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word by which somebody is known: whom it is about, and why."""

    about: str
    why: str
    listed: bool = True


def parts_of(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared, without titles."""
    words = re.findall(r"[^\W_]+", lowered(name).replace("'", ""))
    return tuple(word for word in words if word not in allowed("titles")) or tuple(words)


def subject(words: str) -> str:
    """What *words* mean, by which the same is numbered the same: a name without its title."""
    return " ".join(parts_of(words)) or lowered(words)


class Names:
    """The names and aliases of *parties*, to be found in a text.

    `keys` says for each party whom it is: parties that are one person share a key.
    """

    def __init__(self, parties: Sequence[Party], keys: Sequence[str]) -> None:
        self.terms: dict[str, set[Term]] = defaultdict(set)
        self.initials: dict[str, set[str]] = defaultdict(set)
        self.particles: dict[str, set[str]] = defaultdict(set)
        for party, key in zip(parties, keys, strict=True):
            for name in party.called:
                self._add(parts_of(name), key, party.role)

    def _add(self, parts: tuple[str, ...], key: str, role: str) -> None:
        own = [part for part in parts if part not in allowed("particles")] or list(parts)
        for part in {*parts} - {*own}:
            self.particles[part].add(key)
        for part in own:
            if len(part) > 1:
                self.terms[part].add(Term(key, f"a name of the {role}"))
        for part in own[:-1] or own:
            for short in also_called(part):
                self.terms[short].add(Term(key, f"a form of a name of the {role}", listed=False))
        for joined in _joined(parts) | _joined(tuple(own)):
            self.terms[joined].add(Term(key, f"a name of the {role}"))
        self._add_initials(parts, own, key)

    def _add_initials(self, parts: Sequence[str], own: Sequence[str], key: str) -> None:
        for some in (parts, own, *((own[0], other) for other in own[1:])):
            if len(some) > 1:
                self.initials["".join(part[0] for part in some)].add(key)

    @cached_property
    def long(self) -> Mapping[str, frozenset[Term]]:
        """The listed names that are long enough to be found with a slip, or within a word."""
        return {
            name: found
            for name, terms in self.terms.items()
            if len(name) >= SHORTEST and (found := frozenset(t for t in terms if t.listed))
        }

    def search(self, folded: Folded, words: Sequence[Word]) -> Iterator[Found]:
        """Every name of these in a text of these *words*."""
        hits = [self._hits(word.lower) for word in words]
        for at, word in enumerate(words):
            if hits[at]:
                sure = _plainly_a_name(word) or _beside(hits, at, folded, words)
                found = [_found(word.start, word.end, hits[at], sure)]
            else:
                found = [*self._nearly(word)]
            yield from found
            yield from self._with_particle(found, at, words)
        yield from self._split(folded, words)
        yield from self._initialled(folded, words, hits)

    def _hits(self, word: str) -> frozenset[Term]:
        bare = word.replace("'", "")
        forms = [bare, bare[:-1]] if bare.endswith("s") and len(bare) > 3 else [bare]
        for form in forms:
            if form in self.terms and (form == bare or not is_ordinary(word)):
                return frozenset(self.terms[form])
        return frozenset()

    def _nearly(self, word: Word) -> Iterator[Found]:
        """A word with a name within it, or near one, or that sounds like one."""
        ordinary = is_ordinary(word.lower)
        if len(word.lower) < SHORTEST or (
            ordinary and (not word.capital or word.first or word.shouted)
        ):
            return
        bare = word.lower.replace("'", "")
        for how, alike in (("within it", _within), ("nearly", near), ("by its sound", sounds_like)):
            terms = frozenset[Term]().union(
                *(terms for name, terms in self.long.items() if alike(bare, name))
            )
            if terms and not (ordinary and alike is _within):
                sure = not ordinary and alike is not sounds_like
                yield _found(word.start, word.end, terms, sure, f", {how}")
                return

    def _with_particle(
        self, found: Sequence[Found], at: int, words: Sequence[Word]
    ) -> Iterator[Found]:
        """The small word before a name that is listed with it: Al Rashid, van Dyk."""
        before = words[at - 1] if at else None
        for one in found:
            if before and self.particles.get(before.lower, set()) & {*one.about}:
                yield replace(one, start=before.start)

    def _split(self, folded: Folded, words: Sequence[Word]) -> Iterator[Found]:
        """A name written in two: Mc Donald, O Brien; or in letters: S M I T H."""
        for one, other in pairwise(words):
            joined = (one.lower + other.lower).replace("'", "")
            if len(joined) >= SHORTEST and joined in self.terms and _close(one, other, folded):
                sure = not (is_ordinary(one.lower) and is_ordinary(other.lower))
                yield _found(one.start, other.end, self.terms[joined], sure, ", in two")
        for run in letters_apart(folded, words):
            joined = "".join(word.lower for word in run)
            found = [
                terms for name, terms in self.terms.items() if len(name) > 2 and name in joined
            ]
            if found:
                terms = frozenset[Term]().union(*found)
                yield _found(run[0].start, run[-1].end, terms, True, ", letter by letter")

    def _initialled(
        self, folded: Folded, words: Sequence[Word], hits: Sequence[frozenset[Term]]
    ) -> Iterator[Found]:
        for at, word in enumerate(words):
            if (
                1 < len(word.lower) <= 5
                and word.lower in self.initials
                and self._may_be_initials(word)
            ):
                sure = word.text.isupper() and not word.shouted and not is_ordinary(word.lower)
                yield self._of(word.start, word.end, word.lower, sure)
            elif len(word.text) == 1 and word.capital:
                yield from self._single(at, folded, words, hits)
        for length in (2, 3, 4):
            for at in range(len(words) - length + 1):
                run = words[at : at + length]
                letters = "".join(word.lower for word in run)
                if letters in self.initials and _all_letters(run, folded):
                    yield self._of(run[0].start, run[-1].end, letters, True)

    def _may_be_initials(self, word: Word) -> bool:
        if word.lower in self.terms or word.lower in allowed("titles"):
            return False
        return word.capital or not is_ordinary(word.lower)

    def _single(
        self, at: int, folded: Folded, words: Sequence[Word], hits: Sequence[frozenset[Term]]
    ) -> Iterator[Found]:
        """An initial beside a name of the same person: J. Smith, Smith J."""
        word = words[at]
        after = at + 1
        while after < len(words) and words[after].lower in self.particles:
            after += 1
        for other in (at - 1, after):
            if not 0 <= other < len(words) or not hits[other]:
                continue
            first, last = sorted((word, words[other]), key=lambda each: each.start)
            terms = {
                term
                for term in hits[other]
                if any(
                    term.about in keys and word.lower in initials
                    for initials, keys in self.initials.items()
                )
            }
            between = words[min(at, other) : max(at, other) + 1]
            if terms and all(_close(a, b, folded) for a, b in pairwise(between)):
                yield _found(first.start, last.end, terms, True, ", with an initial")

    def _of(self, start: int, end: int, initials: str, sure: bool) -> Found:
        about = tuple(sorted(self.initials[initials]))
        return Found(start, end, "name", "the initials of a party", sure, about)


def _joined(parts: tuple[str, ...]) -> set[str]:
    if len(parts) < 2:
        return set()
    found = {"".join(pair) for pair in pairwise(parts)} | {"".join(parts)}
    first, last = parts[0], parts[-1]
    if len(last) > 2:
        found |= {first + last, last + first, first[0] + last, last + first[0]}
    return {one for one in found if len(one) > 2}


def _found(
    start: int, end: int, terms: "frozenset[Term] | set[Term]", sure: bool, how: str = ""
) -> Found:
    about = tuple(sorted({term.about for term in terms}))
    why = min((not term.listed, term.why) for term in terms)[1]
    return Found(start, end, "name", f"{why}{how}", sure, about)


def _plainly_a_name(word: Word) -> bool:
    """Whether a word that is a party's name is one here: Will, in the midst of a sentence."""
    if not is_ordinary(word.lower):
        return True
    return word.capital and not word.first and not word.shouted


def _beside(
    hits: Sequence[frozenset[Term]], at: int, folded: Folded, words: Sequence[Word]
) -> bool:
    """Whether a further name of the same person stands beside a name: will rose."""
    about = {term.about for term in hits[at]}
    for other in (at - 1, at + 1):
        if 0 <= other < len(words) and about & {term.about for term in hits[other]}:
            first, last = sorted((words[at], words[other]), key=lambda each: each.start)
            if _close(first, last, folded) and first.lower != last.lower:
                return True
    return False


def _close(one: Word, other: Word, folded: Folded) -> bool:
    """Whether nothing but a space, a stop, a comma, a hyphen or an apostrophe is between two words."""
    between = folded.text[one.end : other.start]
    return len(between) <= 3 and not between.strip(" .,-'")


def _all_letters(run: Sequence[Word], folded: Folded) -> bool:
    """Whether *run* is initials: J.S., J. S., J S."""
    return all(len(word.text) == 1 and word.capital for word in run) and all(
        _close(one, other, folded) for one, other in pairwise(run)
    )


def letters_apart(folded: Folded, words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Runs of three or more words of one letter, such as S-M-I-T-H."""
    run: list[Word] = []
    for word in words:
        single = len(word.text) == 1 and word.text.isalpha()
        if single and (not run or _close(run[-1], word, folded)):
            run.append(word)
            continue
        if len(run) > 2:
            yield run
        run = [word] if single else []
    if len(run) > 2:
        yield run


def _within(word: str, name: str) -> bool:
    return name in word and name != word
