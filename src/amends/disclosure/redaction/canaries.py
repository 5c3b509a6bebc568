"""Planted identifiers: invented, known again wherever they turn up, and never to be released.

All are of kinds that belong to nobody: Ofcom's numbers for drama, National Insurance numbers that
begin with QQ, postcodes of ZZ, addresses of `.example`.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.redaction.check_digits import nhs
from amends.disclosure.redaction.folding import fold

_SYLLABLES: Final = ("zub", "quo", "vix", "plo", "gri", "thwe", "yaz", "oft", "jub", "nem")
_PATTERNS: Final = {
    "name": rf"(?=((?:{'|'.join(_SYLLABLES)}){{3}}))",
    "phone": r"(?=(77009009\d\d))",
    "number": r"(?=(qq9\d{5}[a-d]|9990\d{6}))",
    "postcode": r"(?=(zz9\d9[a-z]{2}))",
    "vehicle": r"(?=(xx99xx[a-j]))",
    "reference": r"(?=(99zz9\d{4}99))",
}
"""What is looked for in the letters and digits of a text, without what stands between them."""

_SENTENCES: Final = (
    "{name} told the officer that the car was {vehicle}.",
    "The witness can be reached on {phone} or at {e-mail}, he said, and was called {name}.",
    "Her address was given as {address}, {postcode}, and the crime reference is {reference}.",
    "According to {first}, his NHS number is {nhs} and the other number {national}.",
    "A message from {handle} said: ask {surname}.",
)


@dataclass(frozen=True, slots=True)
class Canary:
    """A planted identifier: what kind it is, and how it is written."""

    kind: str
    text: str


def canaries(seed: int) -> tuple[Canary, ...]:
    """The planted identifiers of *seed*, one of each kind: the same for the same seed."""
    draw = random.Random(f"canary {seed}")
    first, surname = _name(draw), _name(draw)
    digits = "".join(draw.choices("0123456789", k=6))
    return (
        Canary("name", f"{first} {surname}"),
        Canary("first", first),
        Canary("surname", surname),
        Canary("phone", f"07700 9009{digits[:2]}"),
        Canary("e-mail", f"{first}.{surname}@canary.example".lower()),
        Canary("handle", f"@{surname}{digits[:2]}".lower()),
        Canary("national", f"QQ 9{digits[0]} {digits[1:3]} {digits[3:5]} {draw.choice('ABCD')}"),
        Canary("nhs", _nhs_number(draw)),
        Canary("postcode", f"ZZ9{digits[0]} 9{draw.choice('ABDEF')}{draw.choice('ABDEF')}"),
        Canary("vehicle", f"XX99 XX{draw.choice('ABCDEFGHJ')}"),
        Canary("reference", f"99ZZ/9{digits[:4]}/99"),
        Canary("address", f"{draw.randrange(1, 99)} {surname} Street"),
    )


def _name(draw: random.Random) -> str:
    one, other = draw.randrange(10), draw.randrange(10)
    return "".join(_SYLLABLES[n] for n in (one, other, (3 * one + 7 * other + 1) % 10)).title()


def _nhs_number(draw: random.Random) -> str:
    while True:
        number = f"9990{draw.randrange(10**6):06}"
        if nhs(number):
            return f"{number[:3]} {number[3:6]} {number[6:]}"


def released_canaries(text: str) -> tuple[str, ...]:
    """Every planted identifier of any seed in *text*, however it is written, in order."""
    squeezed = "".join(filter(str.isalnum, fold(text).lower))
    return tuple(
        match[1]
        for kind, pattern in _PATTERNS.items()
        for match in re.finditer(pattern, squeezed)
        if _is_ours(kind, match[1])
    )


def _is_ours(kind: str, found: str) -> bool:
    if kind == "name":
        parts = re.findall("|".join(_SYLLABLES), found)
        one, other, check = map(_SYLLABLES.index, parts)
        return (3 * one + 7 * other + 1) % 10 == check
    return not found.startswith("999") or nhs(found)


def plant(texts: Sequence[str], seed: int, share: float) -> Iterator[tuple[str, bool]]:
    """*texts*, of which a *share* (0 to 1) drawn by *seed* has a sentence with planted identifiers added.

    With each, whether it was planted. Raises `DisclosureError` where *share* is none.
    """
    if not 0 <= share <= 1:
        raise DisclosureError("the share of planted texts", f"it is {share}.", "Give 0 to 1.")
    chosen = set(random.Random(seed).sample(range(len(texts)), round(share * len(texts))))
    for number, text in enumerate(texts):
        if number not in chosen:
            yield text, False
            continue
        held = {one.kind: one.text for one in canaries(seed * 1_000_003 + number)}
        sentence = _SENTENCES[number % len(_SENTENCES)]
        for kind, words in held.items():
            sentence = sentence.replace(f"{{{kind}}}", words)
        yield f"{text} {sentence}".strip(), True
