"""Attributes that read the same facts, counted together: who knows one thing of a victim knows another.

Each of them is a coarser view of one joint attribute, whose codes say what a case is in all of them: that no victim was
asked and that there was no victim cannot both be, and nobody has to be told so. Only what some case is, is a code.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Final

from amends.disclosure.published import Axis, Category
from amends.openness.listing import NOT_KNOWN, listed
from amends.openness.questions import Attribute, attributes

ALL: Final = "All"
NOT_LISTED: Final = "not known or not listed"
"""The label of cases whose own label is not listed, and then of those too of which it is not known."""
_LAST: Final = (NOT_KNOWN, NOT_LISTED)
_AND: Final = " | "


@dataclass(frozen=True, slots=True)
class Family:
    """Attributes that are judged together, under one name; an attribute that names no family is one by its own name."""

    name: str
    members: tuple[Attribute, ...]

    @property
    def alone(self) -> bool:
        """Whether it is an attribute that names no family: then its labels are the codes."""
        return self.name == self.members[0].name

    @property
    def names(self) -> list[str]:
        """The names of its members."""
        return [one.name for one in self.members]

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns of a case that it reads."""
        return tuple(dict.fromkeys(name for one in self.members for name in one.needs))

    def listed(self, rows: Iterable[tuple[str, tuple[str, ...], int]]) -> Counter[tuple[str, str]]:
        """How many cases have each row and joint code; *rows* have a row, a label for each member, and how many.

        No label is told that is not listed.
        """
        found = list(rows)
        known: list[dict[str, str]] = []
        for at, one in enumerate(self.members):
            strange = any(labels[at] not in one.labels for _, labels, _ in found)
            known.append({x: x for x in one.labels} | ({NOT_KNOWN: NOT_LISTED} if strange else {}))
        counts = Counter[tuple[str, str]]()
        for row, labels, many in found:
            told = [of.get(label, NOT_LISTED) for of, label in zip(known, labels, strict=True)]
            counts[row, self._code(told)] += many
        return counts

    def _code(self, labels: Sequence[str]) -> str:
        if self.alone:
            return labels[0]
        return _AND.join(
            f"{one.name}: {label}" for one, label in zip(self.members, labels, strict=True)
        )

    def ordered(self, codes: Iterable[str]) -> tuple[str, ...]:
        """*codes* in the order of tables: what is not known stands last."""
        return tuple(sorted(codes, key=lambda one: (one in _LAST, one)))

    def axis(self, attribute: str, codes: Sequence[str]) -> Axis:
        """The side of a table that tells the labels of one *attribute* apart, of all *codes* there are."""
        parts = (
            Category(label, held) for label, held in sorted(
                labels_of(attribute, codes, alone=self.alone).items(),
                key=lambda one: (one[0] in _LAST, one[0]),
            )
        )  # fmt: skip
        return Axis(self.name, (Category(ALL, frozenset(codes)), *parts), attribute)

    def between(self, codes: Sequence[str]) -> Axis:
        """What the label of one member has that the label of another, which lies within it, has not.

        Who is told both counts can take one from the other.
        """
        found: dict[frozenset[str], str] = {}
        for first, second in permutations(self.members, 2):
            for label, held in labels_of(first.name, codes).items():
                for other, inside in labels_of(second.name, codes).items():
                    if inside < held:
                        name = f"{first.name}: {label}, but not {second.name}: {other}"
                        found.setdefault(held - inside, name)
        return Axis(self.name, tuple(Category(name, held) for held, name in found.items()))


def labels_of(
    attribute: str, codes: Iterable[str], *, alone: bool = False
) -> dict[str, frozenset[str]]:
    """The joint codes that each label of an *attribute* takes in; *alone*: the codes are its labels."""
    found: dict[str, set[str]] = {}
    for code in codes:
        label = code
        if not alone:
            start = f"{attribute}: "
            label = next(x for x in code.split(_AND) if x.startswith(start)).removeprefix(start)
        found.setdefault(label, set()).add(code)
    return {label: frozenset(held) for label, held in found.items()}


def members_of(family: str, codes: Sequence[str]) -> list[str]:
    """The names of the attributes of which the *codes* of a *family* tell."""
    if family in attributes():
        return [family]
    return [one.partition(": ")[0] for one in codes[0].split(_AND)]


def widened(attribute: str, codes: frozenset[str], now: Collection[str]) -> frozenset[str]:
    """The joint *codes* of a label of *attribute*, and those of *now* of the same label, of a later edition."""
    ((label, _),) = labels_of(attribute, codes).items()
    return codes | labels_of(attribute, now)[label]


def families(columns: Collection[str], answers: Path) -> tuple[Family, ...]:
    """The families of which cases with these *columns* can tell; in each, those members that can be told.

    *answers* is the folder where a force lists labels of its own.
    """
    held: dict[str, list[Attribute]] = {}
    for one in attributes().values():
        if set(one.needs) <= set(columns):
            held.setdefault(one.family or one.name, []).append(listed(one, answers))
    return tuple(Family(name, tuple(members)) for name, members in held.items())
