"""How near two spellings are, and whether they sound alike."""

import re
from functools import cache
from typing import Final

_SOUNDS: Final = (
    (r"^(?:kn|gn|pn)", "n"),
    (r"^wr", "r"),
    (r"^x", "s"),
    (r"^rh", "r"),
    (r"mb$", "m"),
    (r"ph", "f"),
    (r"gh(?=[^aeiou]|$)", ""),
    (r"sch|ch(?=r)", "k"),
    (r"[cs]h|tch|ti(?=o)", "S"),
    (r"ck|q", "k"),
    (r"c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"dg(?=e)|g(?=[eiy])", "j"),
    (r"z", "s"),
    (r"v", "f"),
    (r"th", "T"),
    (r"(?<=[aeiou])[rhwy](?=[^aeiou]|$)", ""),  # Clark and Clarke, as they are said in Britain
    (r"(?<!^)[aeiouyhw]", ""),
    (r"^[aeiouyh]+", "A"),
    (r"(.)\1+", r"\1"),
)
"""What is read as what, in this order; after L. Philips, Hanging on the Metaphone, Computer Language 7(12), 1990."""


def distance(one: str, other: str, most: int) -> int:
    """Letters dropped, added, changed or swapped with a neighbour to make *other*; `most + 1` at most.

    The restricted distance of F. Damerau, Communications of the ACM 7(3), 1964.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                best = min(best, last[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def near(one: str, other: str) -> bool:
    """Whether *one* may be a slip for *other*: one letter in four or more, two in eight or more."""
    shorter = min(len(one), len(other))
    if shorter < 4:
        return False
    most = 2 if shorter >= 8 else 1
    return distance(one, other, most) <= most


@cache
def sound(word: str) -> str:
    """A key that words which sound alike share, roughly: Stephen and Steven, Clarke and Clark."""
    for pattern, becomes in _SOUNDS:
        word = re.sub(pattern, becomes, word)
    return word


def sounds_like(one: str, other: str) -> bool:
    """Whether two words of four letters or more sound alike, roughly."""
    return min(len(one), len(other)) >= 4 and len(sound(one)) > 1 and sound(one) == sound(other)
