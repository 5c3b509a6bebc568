"""Considering a new release: which of its numbers may leave, after all that has left before.

Numbers are taken in order of importance: what counts more codes together goes first, and a secret key
settles what is left. A count from 1 to the threshold - 1 is withheld, and one of the threshold itself
where somebody in it could be asked for alone later, and would know the others. Of the rest, the first gate
(`determined`) withholds each that would let somebody work out a target exactly; the second
(`protecting_history`) each that leaves a target without whole-number witnesses.
"""

import hashlib
import hmac
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from amends.disclosure.attacking_history import Equation
from amends.disclosure.contradictions import check_counts
from amends.disclosure.determined import Known, Unsure
from amends.disclosure.errors import DisclosureError
from amends.disclosure.protecting_history import Found, Lost, Step, gate, silent
from amends.disclosure.published import Release, Value
from amends.disclosure.refining import Cell, Space, coarsest
from amends.disclosure.releases import Entry, Ledger, record
from amends.disclosure.targets import Target, least, targets, words
from amends.disclosure.witnesses import Speller, Spelt, read_witnesses, write_witnesses

SMALL: Final = "small"
EXACT: Final = "difference"
NARROW: Final = "interval"
UNSURE: Final = "unsure"


@dataclass(frozen=True, slots=True)
class Withheld:
    """A number that may not leave: of which table (from 1) and cell (its place in `values`), and why.

    `kind` is SMALL, EXACT, NARROW or UNSURE; `answers` are the earlier releases that it would be set
    against, the oldest first. For staff only: `why` tells a count.
    """

    table: int
    cell: int
    labels: tuple[str, ...]
    value: Value
    kind: str
    why: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Considered:
    """A release as it may leave, what is withheld in it, and what earlier answers gave away already.

    `targets` says how many small counts were looked at; `lost` are those of them that earlier answers
    narrow too far whatever this one says. `witnesses` are the changes by which other populations
    agree with all that is published, this answer too: to be kept for the next (`append` does).
    """

    release: Release
    withheld: tuple[Withheld, ...]
    targets: int
    lost: tuple[Lost, ...]
    witnesses: tuple[Spelt, ...]

    @property
    def numbers(self) -> int:
        """How many numbers may leave."""
        return sum(value is not None for table in self.release.tables for value in table.values)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of a release: where it stands, what it counts, and what would be published."""

    release: Release
    table: int
    place: int
    labels: tuple[str, ...]
    cell: Cell
    value: Value

    @property
    def exact(self) -> int | None:
        """The value, where it is one number."""
        if isinstance(self.value, tuple):
            return self.value[0] if self.value[0] == self.value[1] else None
        return self.value

    @property
    def equation(self) -> tuple[int, int]:
        """The least and the greatest count that the value allows."""
        assert self.value is not None
        return self.value if isinstance(self.value, tuple) else (self.value, self.value)


def consider(ledger: Ledger, release: Release, tell: Step = silent) -> Considered:
    """Which numbers of *release* may leave after all that *ledger* holds.

    The numbers must be those of the snapshot. Raises `DisclosureError`, with the place, where they
    are not, where a code is unknown, or where the ledger contradicts itself.
    """
    ledger.check(release)
    if release.id in ledger.releases:
        raise DisclosureError(f"release {release.id}", "is in the ledger already")
    for one in (*ledger.released(release.snapshot), release):
        check_counts(one, ledger.snapshots[one.snapshot])
    tell("laying out the grid", 0, 1)
    try:
        return _Judgement(ledger, release).considered(tell)
    except Unsure as error:
        raise DisclosureError(
            f"release {release.id}", f"the history cannot be judged: {error}", "Nothing may leave."
        ) from None


class WouldDisclose(DisclosureError):
    """A release that says a number which may not leave."""


def append(ledger: Ledger, release: Release, tell: Step = silent) -> Entry:
    """Append *release*, every number of which may leave; raises `WouldDisclose` where one may not."""
    considered = consider(ledger, release, tell)
    for one in considered.withheld:
        where = " / ".join(one.labels)
        raise WouldDisclose(
            f"release {release.id}, table {one.table}, {where}", f"may not leave: {one.why}.",
            "Append the release that `consider` makes of it.",
        )  # fmt: skip
    return keep(ledger, considered)


def keep(ledger: Ledger, considered: Considered) -> Entry:
    """Append the release that *considered* holds, and keep its witnesses for the next."""
    entry = record(ledger, considered.release)
    write_witnesses(ledger.folder, considered.witnesses)
    return entry


class _Judgement:
    """One release against its history."""

    def __init__(self, ledger: Ledger, release: Release) -> None:
        self._release = release
        self._key = ledger.key
        self._kept = read_witnesses(ledger.folder)
        self._space = ledger.space(release.snapshot)
        history = ledger.released(release.snapshot)
        self._earlier = [one.id for one in history]
        self._old = [each for one in history for each in _numbers(self._space, one)]
        self._new = list(_numbers(self._space, release))
        everything = [*self._old, *self._new]
        cells = [one.cell for one in everything]
        self._grid = coarsest(self._space).refined(cells)
        self._counts = (*self._grid.counts(), 0)  # nobody is known to be outside: it is unbounded
        self._lone = self._grid.lone()
        self._rows = {cell: self._grid.row(cell) for cell in dict.fromkeys(cells)}
        self._withheld: list[Withheld] = []
        self._plain, self._nobody = Known(), set[int]()  # see `_history`
        small = [one for one in self._new if self._small(one)]
        self._targets = targets(
            self._grid, cells, self._hidden(everything, small), release.threshold
        )
        for one in small:
            self._withhold(one, SMALL, self._why_small(one))

    def _hidden(self, numbers: Iterable[_Number], small: Sequence[_Number]) -> dict[Cell, int]:
        """The cells that are withheld, with the greatest threshold of those who withhold them."""
        found: dict[Cell, int] = {}
        for one in (*(each for each in numbers if each.value is None), *small):
            least = max(one.release.threshold, self._release.threshold)
            found[one.cell] = max(found.get(one.cell, 0), least)
        return found

    def _count(self, one: _Number) -> int:
        return sum(self._counts[each] for each in self._rows[one.cell])

    def _small(self, one: _Number) -> bool:
        """Whether what would be published tells a count below the threshold."""
        if one.value is None or not 0 < self._count(one) < (high := self._high(one)):
            return False
        lowest, most = one.equation
        return lowest > 1 or most < high

    def _high(self, one: _Number) -> int:
        """The least count that may be told in its place."""
        lone = sum(self._lone[each] for each in self._rows[one.cell])
        return least(one.release.threshold, self._count(one), lone)

    def _why_small(self, one: _Number) -> str:
        count = self._count(one)
        if count < one.release.threshold:
            return f"counts {count}, below the threshold"
        return (
            f"counts {count}: somebody in it whom no other record is like could be asked for, "
            f"and would know that the others are {count - 1}"
        )

    def considered(self, tell: Step) -> Considered:
        """What may leave."""
        order = sorted(
            (one for one in self._new if one.value is not None and not self._small(one)),
            key=self._importance,
        )
        known, earlier, answers = self._history()
        new: list[_Number] = []
        for done, one in enumerate(order):
            tell("looking for differences", done, len(order))
            if not self._implied(one) and not self._exactly(known, one):
                new.append(one)
        speller = Speller(self._grid)
        before = [changes for one in self._kept if (changes := speller.read(one))]
        equations = [self._equation(one) for one in new]
        small = [one for one in self._targets if one.count < one.threshold]
        found = gate(self._counts, earlier, equations, small, before, tell)
        for number, blamed in found.withheld.items():
            told = self._in_order(answers[each] for each in blamed.earlier)
            why = f"would narrow down {self._said(blamed.target)}{_with(told)}"
            self._withhold(new[number], NARROW, why, told)
        witnesses = (
            speller.spelt(dict(zip(move.variables.tolist(), move.changes.tolist(), strict=True)))
            for move in found.moves
        )
        apart = (one for one in self._kept if not self._together(one))
        return self._result(found, [*witnesses, *apart])

    def _together(self, witness: Spelt) -> bool:
        """Whether a witness is of the snapshots that are judged here."""
        return all(snapshot in self._space.numbers for snapshot, _, _ in witness)

    def _importance(self, one: _Number) -> tuple[int, bytes]:
        """What comes first: the most codes together; then as the secret key has it."""
        codes = 1
        for mask in one.cell.box:
            codes *= mask.bit_count()
        told = repr((one.cell.population, one.cell.box)).encode()
        return -codes, hmac.digest(self._key, told, hashlib.sha256)

    def _history(self) -> tuple[Known, list[Equation], list[str]]:
        """All that earlier answers say: for the first gate; and for the second, without repetition.

        What is published to count nobody makes each of its parts nobody (`_nobody`). What the others
        give besides is `_plain`.
        """
        known = Known()
        known.watch({at: one.inside for at, one in enumerate(self._targets) if not one.cut})
        told = sorted(
            (one for one in self._old if one.value is not None),
            key=lambda one: len(self._rows[one.cell]),
        )
        self._nobody = {
            each for one in told if one.equation[1] == 0 for each in self._rows[one.cell]
        }
        equations, answers = [], []
        for one in told:
            row, exact = self._rows[one.cell], one.exact
            if exact is not None:
                known.add(row, one.release.id)
            if not exact or self._plain.add(self._some(row), one.release.id):
                equations.append(self._equation(one))
                answers.append(one.release.id)
        return known, equations, answers

    def _some(self, row: Iterable[int]) -> list[int]:
        """*row* without the variables that are published to count nobody."""
        return [each for each in row if each not in self._nobody]

    def _implied(self, one: _Number) -> bool:
        """Whether earlier answers tell the number already."""
        return self._plain.gives(self._some(self._rows[one.cell]))

    def _exactly(self, known: Known, one: _Number) -> bool:
        """Whether the number would complete a target, and so is withheld; else it is taken as known."""
        if one.exact is None:
            return False
        row = self._rows[one.cell]
        try:
            if completed := known.completes(row):
                at = min(completed, key=lambda at: (not self._targets[at].hidden, at))
                told = self._in_order(known.made_of(at, row))
                why = f"would give {self._said(self._targets[at])} by subtraction{_with(told)}"
                self._withhold(one, EXACT, why, told)
                return True
            known.add(row, self._release.id)
        except Unsure:
            self._withhold(one, UNSURE, "cannot be judged: the two primes answer differently")
            return True
        return False

    def _in_order(self, answers: Iterable[Hashable]) -> tuple[str, ...]:
        """The earlier ones of *answers*, the oldest first."""
        found = set(answers)
        return tuple(one for one in self._earlier if one in found)

    def _equation(self, one: _Number) -> Equation:
        return Equation(self._rows[one.cell], *one.equation)

    def _said(self, target: Target) -> str:
        return f"a count of {target.count} ({words(self._space, target.cell)})"

    def _withhold(self, one: _Number, kind: str, why: str, answers: tuple[str, ...] = ()) -> None:
        self._withheld.append(
            Withheld(one.table, one.place, one.labels, one.value, kind, why, answers)
        )

    def _result(self, found: Found, witnesses: Iterable[Spelt]) -> Considered:
        gone = {(one.table, one.cell) for one in self._withheld}
        tables = tuple(
            replace(
                table,
                values=tuple(
                    None if (number, place) in gone else value
                    for place, value in enumerate(table.values)
                ),
            )
            for number, table in enumerate(self._release.tables, 1)
        )
        self._withheld.sort(key=lambda one: (one.table, one.cell))
        return Considered(
            replace(self._release, tables=tables), tuple(self._withheld), len(self._targets),
            found.lost, tuple(witnesses),
        )  # fmt: skip


def _with(answers: Sequence[str]) -> str:
    if not answers:
        return ", with other numbers of this answer"
    *first, last = answers
    return f", with answer {last}" if not first else f", with answers {', '.join(first)} and {last}"


def _numbers(space: Space, release: Release) -> Iterator[_Number]:
    for number, table in enumerate(release.tables, 1):
        named = zip(table.cells(), space.cells(release.snapshot, table), table.values, strict=True)
        for place, (categories, cell, value) in enumerate(named):
            labels = tuple(category.label for category in categories)
            yield _Number(release, number, place, labels, cell, value)
