"""What the invented resolutions were for: the offence, its code as recorded, and the days."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amends.demo.drawing import Draw, Flags, Whole
from amends.demo.parameters import Parameters

Places = NDArray[np.int16]
SPELLINGS = ("008/06", "00806", "8/06")
"""How a class and subclass may be written; each is the spelling of class 8, subclass 6."""


@dataclass(frozen=True, slots=True)
class Table:
    """The offences that can happen, a place to each, and how likely each is within its group."""

    rows: tuple[Mapping[str, Any], ...]
    groups: tuple[str, ...]
    shares: NDArray[np.float64]  # a row to each group, a column to each offence
    words: tuple[str, ...]  # everything an offence code column can hold
    own: Places  # by offence: place + 1 of its notifiable code in words
    before: Places  # the same, before the codes of burglary changed
    other: Places  # by spelling and offence: place + 1 of its class and subclass, or 0
    garbage: Places

    def column(self, name: str, default: Any) -> NDArray[Any]:
        """One column of the offences, *default* where a row says nothing."""
        return np.array([row.get(name, default) for row in self.rows])


@dataclass(frozen=True, slots=True)
class Offences:
    """What a chunk of rows was for. `code` is a place + 1 in the table's words, 0 = none."""

    group: NDArray[np.intp]
    offence: NDArray[np.intp]
    crime: Flags
    sexual: Flags
    code: Places
    garbage: Flags
    not_given: Flags
    decided: Whole
    committed: Whole


@cache
def table(given: Parameters) -> Table:
    """The offences of the parameters, made ready for drawing."""
    rows = tuple(given.tables["offences"]["rows"])
    families = given.tables["family"]
    groups = tuple(given.tables["group"])
    return Table(rows, groups, _shares(rows, families, groups), *_words(rows, given))


def ends(given: Parameters, rows: int) -> list[int]:
    """How many of the first *rows* records are of the first group, the first two groups, and so on.

    Whole-number arithmetic for the first group, so that it has 61 of 13,219 and not one more.
    """
    (part, whole), *others = [entry["value"] for entry in given.tables["group"].values()]
    shares = np.cumsum([part / whole, *others[:-1]])
    first = (2 * part * rows + whole) // (2 * whole)
    return [first, *(max(first, round(float(s) * rows)) for s in shares[1:]), rows]


def likely(given: Parameters) -> NDArray[np.float64]:
    """The share of all rows that each offence is likely to have; what is no crime left out."""
    known = table(given)
    (part, whole), *others = [entry["value"] for entry in given.tables["group"].values()]
    shares = np.array([part / whole, *others[:-1], 0.0])
    shares[-1] = 1 - shares.sum()
    shares[known.groups.index("no_crime")] = 0
    expected: NDArray[np.float64] = shares @ known.shares
    return expected


def invent_offences(
    draw: Draw, given: Parameters, first: int, rows: int, span: tuple[int, int]
) -> Offences:
    """The offences of rows *first* onwards, of *rows* in all, decided within *span* (in days)."""
    known = table(given)
    group = _groups(draw, given, first)
    crime = group != known.groups.index("no_crime")
    sexual = group == known.groups.index("sexual")
    offence = _offences(draw, known, group)
    spoilt = draw.chance(given.share("code.garbage")) & crime & ~sexual
    not_given = draw.chance(given.share("code.not_given")) & crime & ~sexual & ~spoilt
    code = np.where(spoilt, known.garbage[draw.place(given.mix("code.garbage_mix").values())], 0)
    good = crime & ~spoilt & ~not_given
    decided = _decided(draw, first, rows, span)
    code = np.where(good, _codes(draw, known, given, offence, decided), code).astype(np.int16)
    committed = _committed(draw, given, decided, sexual)
    return Offences(group, offence, crime, sexual, code, spoilt, not_given, decided, committed)


def _groups(draw: Draw, given: Parameters, first: int) -> NDArray[np.intp]:
    upto = np.subtract(ends(given, first + draw.size), ends(given, first))
    # Rounding can put a later group's end a row before an earlier one's in a very small chunk.
    counts = np.diff(np.maximum.accumulate(upto), prepend=0)
    return draw.generator.permutation(np.repeat(np.arange(len(counts)), counts))


def _offences(draw: Draw, known: Table, group: NDArray[np.intp]) -> NDArray[np.intp]:
    drawn = draw.share()
    offence = np.zeros(draw.size, dtype=np.intp)
    for place in range(len(known.groups)):
        where = group == place
        upto = np.cumsum(known.shares[place])
        offence[where] = np.searchsorted(upto[:-1] / upto[-1], drawn[where], side="right")
    return offence


def _codes(
    draw: Draw, known: Table, given: Parameters, offence: NDArray[np.intp], decided: Whole
) -> Places:
    spelling = draw.place(given.mix("code.ho_spelling").values())
    other = known.other[spelling, offence]
    use = draw.chance(given.share("code.ho_share")) & (other > 0)
    early = decided < given.day("code.burglary_since")
    own = np.where(early, known.before[offence], known.own[offence])
    return np.where(use, other, own)


def _decided(draw: Draw, first: int, rows: int, span: tuple[int, int]) -> Whole:
    start, end = span
    through = (np.arange(first, first + draw.size) + draw.generator.random(draw.size)) / rows
    decided: Whole = np.minimum(start + np.floor(through * (end - start + 1)), end).astype(np.int32)
    return decided


def _committed(draw: Draw, given: Parameters, decided: Whole, sexual: Flags) -> Whole:
    mean = np.where(sexual, given.share("dates.delay_sexual"), given.share("dates.delay"))
    delay = np.floor(draw.generator.exponential(mean))
    return (decided - np.minimum(delay, given.whole("dates.delay_most"))).astype(np.int32)


def _shares(
    rows: tuple[Mapping[str, Any], ...], families: Mapping[str, Any], groups: tuple[str, ...]
) -> NDArray[np.float64]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["family"]] = counts.get(row["family"], 0) + row["count"]
    shares = np.zeros((len(groups), len(rows)))
    for place, row in enumerate(rows):
        family = families[row["family"]]
        share = family["value"] * row["count"] / counts[row["family"]]
        shares[groups.index(family["group"]), place] = share
    # No crime was committed, but something happened: it is like the others, only without a code.
    shares[groups.index("no_crime")] = shares[groups.index("public_order")]
    within: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
    return within


def _words(
    rows: tuple[Mapping[str, Any], ...], given: Parameters
) -> tuple[tuple[str, ...], Places, Places, Places, Places]:
    words = [row["code"] for row in rows]
    own = np.arange(1, len(rows) + 1, dtype=np.int16)
    before = own.copy()
    other = np.zeros((len(SPELLINGS), len(rows)), dtype=np.int16)
    for place, row in enumerate(rows):
        if "before" in row:
            words.append(row["before"])
            before[place] = len(words)
        for n, spelling in enumerate(given.mix("code.ho_spelling") if "ho" in row else ()):
            words.append(spell(row["ho"], spelling))
            other[n, place] = len(words)
    garbage = list(given.mix("code.garbage_mix"))
    places = np.arange(len(words) + 1, len(words) + len(garbage) + 1, dtype=np.int16)
    return (*words, *garbage), own, before, other, places


def spell(code: str, like: str) -> str:
    """The class and subclass *code*, such as `046/00`, written as *like* writes `008/06`."""
    first, second = code.split("/")
    match SPELLINGS.index(like):
        case 0:
            return code
        case 1:
            return first + second
        case _:
            return f"{int(first)}/{second}"
