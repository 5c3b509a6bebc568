"""A certificate: changes of the snapshot that no published figure notices; as confidential as that.

Every whole multiple of a move that leaves no count below 0 is another table that agrees with all
that was published. A protected cell is safe where such tables give it 1 or less, and others the
threshold or more. `checking` judges that; this module only keeps the file.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from amends.disclosure.shapes import Part, read

FORMAT: Final = "amends-certificate-1"

Move = tuple[tuple[int, int], ...]
"""Variables, by their numbers, and by how much each changes."""


@dataclass(frozen=True)
class Certificate:
    """What is claimed of a snapshot and of the releases made from it.

    `snapshot` and `releases` are digests, the releases by their ids. `classes` gives the class of
    each code of each dimension; a variable is a combination of classes, numbered with the last
    dimension fastest.
    """

    snapshot: str
    releases: Mapping[str, str]
    classes: Mapping[str, tuple[int, ...]]
    moves: tuple[Move, ...]

    def text(self) -> str:
        """The certificate as its file."""
        document = {
            "format": FORMAT,
            "snapshot": self.snapshot,
            "releases": dict(self.releases),
            "classes": {name: list(classes) for name, classes in self.classes.items()},
            "moves": [[number for pair in move for number in pair] for move in self.moves],
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `text`. It is not for publication: whoever guesses the few counts withheld could try each guess
        against it. What is published is sealed with a key (`openness.publishing.sources.seal`).
        """
        return hashlib.sha256(self.text().encode()).hexdigest()


def read_certificate(path: Path) -> Certificate:
    """The certificate in the file at *path*; raises `DisclosureError` with the place of a fault."""
    part = read(path).only("format", "snapshot", "releases", "classes", "moves")
    if part.get("format").a(str) != FORMAT:
        raise part.get("format").refuse("is not a certificate that this version can read", FORMAT)
    return Certificate(
        part.get("snapshot").a(str),
        {name: each.a(str) for name, each in part.get("releases").items()},
        {name: _numbers(each) for name, each in part.get("classes").items()},
        tuple(map(_move, part.get("moves").each())),
    )


def _numbers(part: Part) -> tuple[int, ...]:
    numbers: list[object] = part.a(list)
    found = tuple(number for number in numbers if type(number) is int)  # true is no number
    if len(found) != len(numbers):
        raise part.refuse("must be whole numbers only")
    return found


def _move(part: Part) -> Move:
    numbers = _numbers(part)
    if len(numbers) % 2:
        raise part.refuse("must be pairs of a variable and its change")
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))
