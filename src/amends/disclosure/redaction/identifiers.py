"""The identifiers that are known by their shape: what `identifiers.toml` says, read and looked for."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.redaction.check_digits import CHECKS
from amends.disclosure.redaction.folding import Folded
from amends.disclosure.redaction.spans import KINDS, Found

FILE: Final = Path(__file__).with_name("identifiers.toml")
_SAYS: Final = frozenset(
    ("name", "kind", "pattern", "certain", "source", "check", "any_case", "finds", "leaves")
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A kind of identifier: how it looks, what it is hidden as, and whether its shape is proof.

    Where its pattern has a group `it`, that alone is the identifier, and the rest a sign of it.
    `finds` are examples (the part between « and », if so marked), and `leaves` texts in which there is none.
    """

    name: str
    kind: str
    pattern: re.Pattern[str]
    certain: bool
    source: str
    check: str
    finds: tuple[str, ...]
    leaves: tuple[str, ...]

    def search(self, folded: Folded) -> Iterator[Found]:
        """Every one of these in a text."""
        group = "it" if "it" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(folded.text):
            if not self.check or CHECKS[self.check](match[group]):
                start, end = match.span(group)
                yield Found(start, end, self.kind, f"its shape: {self.name}", self.certain)


@cache
def identifiers() -> tuple[Identifier, ...]:
    """Every kind of identifier in `identifiers.toml`, in its order."""
    with FILE.open("rb") as stream:
        document = tomllib.load(stream)
    lists = {name: "|".join(words.split()) for name, words in document["list"].items()}
    return tuple(_identifier(one, lists) for one in document["identifier"])


def _identifier(one: dict[str, Any], lists: dict[str, str]) -> Identifier:
    place = f"{FILE.name}: {one.get('name', '?')}"
    if one.keys() - _SAYS or _SAYS - {"check", "any_case"} - one.keys():
        raise DisclosureError(
            place, f"it says {', '.join(sorted(one))}.", f"Say {', '.join(sorted(_SAYS))}."
        )
    if one["kind"] not in KINDS or one.get("check", "nhs") not in CHECKS:
        raise DisclosureError(place, "its kind or its check is not known")
    pattern = re.sub(r"(?<!P)<(\w+)>", lambda match: f"(?:{lists[match[1]]})", one["pattern"])
    flags = re.IGNORECASE if one.get("any_case", True) else re.NOFLAG
    return Identifier(
        one["name"], one["kind"], re.compile(pattern, flags | re.ASCII | re.VERBOSE),
        one["certain"], one["source"], one.get("check", ""), tuple(one["finds"]), tuple(one["leaves"]),
    )  # fmt: skip
