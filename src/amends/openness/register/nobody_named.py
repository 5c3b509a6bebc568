"""Whether a text names whoever asked: by a part of their name, where they are reached, or as it is misspelt."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from amends.accounts.refusals import Refused
from amends.disclosure.redaction.belongings import Belongings
from amends.disclosure.redaction.folding import Folded, fold
from amends.disclosure.redaction.identifiers import identifiers
from amends.disclosure.redaction.naming import Names
from amends.disclosure.redaction.parties import Party
from amends.disclosure.redaction.spans import Found
from amends.disclosure.redaction.words import Word, allowed, is_ordinary, words_of

TYPED: Final[Mapping[str, str]] = {
    "subject": "the short title", "title": "the title", "restated": "what was asked, restated",
    "letter": "the letter", "because": "why it applies", "public_interest": "how the public interest was weighed",
    "question": "what you ask them", "reason": "the reason", "reasons": "the reasons",
    "notice": "the decision notice", "asked": "what was asked for", "why": "what is not in a field",
}  # fmt: skip
"""What people type that goes out or is seen by others, and what it is called where it is refused."""
MADE: Final[Mapping[str, str]] = {
    "figures": "the letter with the figures", "told": "the sum of the cost", "answer": "the answer",
    "refusal": "the refusal",
}  # fmt: skip
"""What the program writes: there an ordinary word, or one of the name of the force, is nobody's name."""
PUBLIC: Final = ("subject", "title", "restated")
"""What stands at the head of the log: nothing there may look like where somebody is reached."""
SHAPES: Final = frozenset(
    {"postcode", "e-mail", "phone", "handle", "account", "card", "device", "document", "vehicle"}
)
_EMAIL: Final = re.compile(r"[^\s,;<>()]+@[^\s,;<>()]+")
_HANDLE: Final = re.compile(r"(?<!\S)@\w+")
_PHONE: Final = re.compile(r"\+?\d[\d ()-]{7,}\d")
_INITIALS: Final = "the initials of a party"


@dataclass(frozen=True)
class Asker:
    """Who asked, where they are reached, and what the force that answers is called."""

    name: str
    contact: str
    force: str

    @cached_property
    def _party(self) -> Party:
        def held(found: Sequence[str]) -> tuple[str, ...]:
            return tuple(one for one in found if any(map(str.isalnum, fold(one).text)))

        rest = _PHONE.sub(" ", _EMAIL.sub(" ", self.contact))
        return Party(
            role="requester", names=held([self.name]), emails=held(_EMAIL.findall(self.contact)),
            handles=held(_HANDLE.findall(rest)), phones=held(_PHONE.findall(self.contact)),
            addresses=held([rest]),
        )  # fmt: skip

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(word.lower for word in words_of(fold(self.force)))

    def named(self, text: str, *, made: bool = False) -> Iterator[str]:
        """Where in *text* they are named, as "line 2, word 4"; *made* where the program wrote it."""
        folded = fold(text)
        words = words_of(folded)
        names = Names([self._party], ["asker"]).search(folded, words)
        places_and_numbers = Belongings([self._party], ["asker"], None).search(folded, words)
        found = [one for one in names if one.reason != _INITIALS]
        found += [
            one for one in places_and_numbers
            if one.kind != "address" or _is_street(_of(one, words))
        ]  # fmt: skip
        places = {
            _place(folded, one, words) for one in found
            if one.certain and not self._harmless(_of(one, words), made)
        }  # fmt: skip
        yield from (f"line {line}, word {word}" for line, word in sorted(places))
        if not places and self.whole(text):
            yield "as it was given"

    def _harmless(self, words: Sequence[Word], made: bool) -> bool:
        """Whether *words* are the force's own, or ordinary ones that the program wrote."""
        plain = [word.lower for word in words]
        return all(one in self._own or (made and is_ordinary(one)) for one in plain)

    def whole(self, text: str) -> bool:
        """Whether name or place stands there letter by letter, as it was given."""
        plain = text.casefold()
        return any(len(one) > 2 and one.casefold() in plain for one in (self.name, self.contact))


def _of(one: Found, words: Sequence[Word]) -> list[Word]:
    return [word for word in words if one.start <= word.start < one.end]


def _is_street(words: Sequence[Word]) -> bool:
    """Whether a piece of an address is a house or a street: a town or a county names nobody."""
    said = {word.lower for word in words}
    return len(words) > 1 and bool(said & allowed("street_words") or any(map(str.isdigit, said)))


def _place(folded: Folded, one: Found, words: Sequence[Word]) -> tuple[int, int]:
    """The line and the word in it at which *one* begins, both from 1."""
    line = folded.text.count("\n", 0, one.start) + 1
    begins = folded.text.rfind("\n", 0, one.start) + 1
    return line, sum(begins <= word.start <= one.start for word in words) or 1


def shaped(text: str) -> Iterator[str]:
    """Where in *text* something looks like where somebody is reached or what they own, and what it looks like."""
    folded = fold(text)
    words = words_of(folded)
    for identifier in identifiers():
        for one in identifier.search(folded):
            if one.certain and one.kind in SHAPES:
                line, word = _place(folded, one, words)
                yield f"line {line}, word {word}, looks like: {one.kind}"


def texts(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts in *data* and in what it holds, each with its name."""
    for name, value in data.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            if isinstance(one, str):
                yield name, one
            elif isinstance(one, Mapping):
                yield from texts(one)


def check_unnamed(who: Asker, data: Mapping[str, Any]) -> None:
    """Refuse where a text of *data* names *who* asked, or the head of the log says where anybody is reached."""
    for name, text in texts(data):
        found = next(_in(who, name, text), "")
        if found:
            told = (
                f"This names whoever asked: {TYPED.get(name) or MADE.get(name) or name}, {found}. Write it without: "
                "their name is kept apart, and added to the letter."
            )
            raise Refused("REG-NAMED", told)
        if name in PUBLIC and (found := next(shaped(text), "")):
            told = f"{TYPED[name].capitalize()}, {found}. Write it without."
            raise Refused("REG-NAMED", told)


def _in(who: Asker, name: str, text: str) -> Iterator[str]:
    if name in TYPED or name in MADE:
        yield from who.named(text, made=name in MADE)
    elif who.whole(text):
        yield "as it was given"
