"""Protects tables: what must be withheld or rounded, and the certificate that proves it enough."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from amends.disclosure.certificates import Certificate
from amends.disclosure.errors import DisclosureError
from amends.disclosure.explaining import Report, report
from amends.disclosure.protecting_blocks import WHOLE
from amends.disclosure.protecting_exact import least_withheld
from amends.disclosure.protecting_exchange import Exchange
from amends.disclosure.protecting_layout import Layout
from amends.disclosure.protecting_pool import Pool, Target, targets_of
from amends.disclosure.protecting_rounding import Unrounded, attempts, rounded
from amends.disclosure.protecting_search import LARGE, Search, Tell, Unprotectable
from amends.disclosure.published import Release, Table, Value, check_codes
from amends.disclosure.snapshots import Snapshot
from amends.disclosure.specifying import Spec
from amends.disclosure.systems import Place, grid, told

PRICE: Final = 8
"""What withholding a cell costs beside its count: many small cells are no better than a larger one."""
FLOWS: Final = 1_400
"""Flows that may be spent on giving cells back where everything is one block, so that it ends."""
GIVEN: Final = (1_000, 333)
"""The same in tables of many blocks, and in large ones."""
PASSES: Final = ((400, 6), (10**9, 1))
"""With so many variables, so many beginnings are tried, of which the cheapest is kept."""
TIES: Final = 1.05
"""The key makes cells dearer by so much at most, so that nobody without it foretells which of two is withheld."""
USUAL: Final = 13.0
"""What a small secondary cell costs; at first dearer ones count by their square, so that few large ones go."""
AGAIN: Final = 0.35
"""In a later beginning, what was withheld in the best so far costs this share of its price."""


@dataclass(frozen=True, slots=True)
class Protected:
    """A release that may be checked and approved, the certificate of it, and what staff are told."""

    release: Release
    certificate: Certificate
    report: Report


def protect(
    snapshot: Snapshot,
    tables: Sequence[Table],
    earlier: Sequence[Release],
    spec: Spec,
    tell: Tell = lambda what, done, whole: None,
) -> Protected:
    """Protect *tables* of *snapshot*, from which *earlier* releases are out already.

    The values of *tables* are not looked at. Raises `DisclosureError` where the history contradicts
    itself, or where no way of publishing these tables would be safe.
    """
    new = Release(
        spec.id, snapshot.id, spec.made, spec.profile, spec.threshold,
        f"{spec.reason} (judged by {spec.judged_by})", tuple(replace(one, values=()) for one in tables),
    )  # fmt: skip
    check_history(snapshot, [*earlier, new])
    every = [table for release in (*earlier, new) for table in release.tables]
    work = _Work(snapshot, tuple(earlier), new, Layout(snapshot, every, grid(snapshot, every)))
    return work.rounded(spec, tell) if spec.method == "rounding" else work.withheld(spec, tell)


def check_history(snapshot: Snapshot, releases: Sequence[Release]) -> None:
    """Raise `DisclosureError` where *releases* name unknown codes, one id twice, or untrue figures."""
    seen: set[str] = set()
    for release in releases:
        place = f"release {release.id}"
        if release.id in seen:
            raise DisclosureError(place, "there is another of this id")
        seen.add(release.id)
        if release.snapshot != snapshot.id:
            raise DisclosureError(place, f"is from {release.snapshot}, not from {snapshot.id}")
        check_codes(release, snapshot)
        for which, table in enumerate(release.tables):
            for cell, (value, count) in enumerate(
                zip(table.values, table.count(snapshot), strict=False)
            ):
                least, most = (value, value) if isinstance(value, int) else value or (0, count)
                if not least <= count <= most:
                    raise DisclosureError(
                        told(release, which, cell), f"says {value}, and the snapshot counts {count}"
                    )


class _Work:
    """One release to be protected, in the light of those before it."""

    def __init__(
        self, snapshot: Snapshot, earlier: tuple[Release, ...], new: Release, layout: Layout
    ) -> None:
        self.snapshot, self.earlier, self.new, self.layout = snapshot, earlier, new, layout
        self.before = sum(len(release.tables) for release in earlier)
        self.own = np.zeros(layout.size, bool)
        for sides in layout.tables[self.before :]:
            self.own[sides.start : sides.start + sides.size] = True
        number = 0
        for release in earlier:
            for table in release.tables:
                layout.publish(number, table.values)
                number += 1

    def targets(self) -> list[Target]:
        """The protected cells of every release."""
        ranges, number = [], 0
        for release in (*self.earlier, self.new):
            smallest = 0 if release.profile == "research" else 1
            for _ in release.tables:
                sides = self.layout.tables[number]
                ranges.append((sides.start, sides.start + sides.size, release.threshold, smallest))
                number += 1
        shown = self.layout.fixed
        return [one for one in targets_of(self.layout, ranges) if not shown[one.cell]]

    def place(self, cell: int) -> Place:
        """Where *cell* is, among the releases."""
        number = self.layout.table_of(cell)
        inside = cell - self.layout.tables[number].start
        for which, release in enumerate((*self.earlier, self.new)):
            if number < len(release.tables):
                return Place(which, number, inside)
            number -= len(release.tables)
        raise AssertionError(cell)

    # ---- withholding ------------------------------------------------------------------------

    def withheld(self, spec: Spec, tell: Tell) -> Protected:
        """Withhold cells, until every protected one is proved."""
        layout = self.layout
        small = (layout.true >= spec.smallest) & (layout.true < spec.threshold)
        price = np.where(self.own & ~small, layout.true + PRICE, 0).astype(float)
        layout.find_people(layout.fixed | (price > 0))
        targets = self.targets()
        chosen: set[int] = set()
        if spec.method == "exact" and targets:
            chosen.update(least_withheld(layout, targets, layout.true, spec.seconds))
        best, least = None, np.inf
        for turn in range(next(turns for size, turns in PASSES if layout.grid.variables <= size)):
            search = self._search(targets, price, chosen, spec, turn, tell)
            cost = price[list(search.because)].sum()
            if cost < least:
                best, least = search, cost
                chosen = set(search.because)
        assert best is not None
        return self._done(best, price)

    def _search(
        self,
        targets: list[Target],
        price: np.ndarray,
        chosen: set[int],
        spec: Spec,
        turn: int,
        tell: Tell,
    ) -> Search:
        """One beginning: the *chosen* cells are cheaper, or withheld from the start where an engine chose them."""
        layout = self.layout
        factor = np.ones(layout.size)
        factor[list(chosen)] = AGAIN if spec.method != "exact" else 0
        key = hmac.digest(spec.key, bytes([turn]), "sha256")
        ties = np.random.default_rng(int.from_bytes(key, "big")).uniform(1, TIES, layout.size)
        layout.cost = price * factor * ties
        pool = Pool(layout, targets)
        search = Search(layout, pool, key, tell)
        search.price = price
        if spec.method == "exact" and targets:
            search.because = dict.fromkeys(chosen, targets[0].cell)
        whole = layout.grid.variables <= WHOLE
        if whole:
            layout.cost *= price / USUAL
        try:
            self._spread(search, whole)
        except Unprotectable:
            self._withhold_all(search)
        layout.cost = np.where(layout.cost > 0, price, 0)
        if whole:
            Exchange(search, FLOWS).run()
        else:
            search.give_back(GIVEN[layout.grid.variables > LARGE])
        return search

    def _spread(self, search: Search, in_turn: bool) -> None:
        """Prove all; *in_turn* first against those who know nothing, for what serves many is found so."""
        people = self.layout.person
        if in_turn:
            self.layout.person = np.full_like(people, -1)
            try:
                search.spread()
            finally:
                self.layout.person = people
                search.pool.meet_people()
        search.spread()

    def _withhold_all(self, search: Search) -> None:
        """Withhold the new tables whole, where something is not protected otherwise: better nothing than too much."""
        for cell in np.flatnonzero(self.layout.cost > 0).tolist():
            self.layout.cost[cell] = 0
            search.because[cell] = next(iter(search.pool.targets))
        try:
            search.spread()
        except Unprotectable as error:
            place = self.place(error.cell)
            raise DisclosureError(
                told((*self.earlier, self.new)[place.release], place.table, place.cell),
                "cannot be protected: what is out already tells too much",
                "Publish nothing from this snapshot with this table.",
            ) from None

    def _done(self, search: Search, price: np.ndarray) -> Protected:
        layout = self.layout
        open_ = (price > 0) & ~np.isin(np.arange(layout.size), list(search.because))
        values: list[Value] = [
            int(count) if shown else None for count, shown in zip(layout.true, open_, strict=True)
        ]
        because = {self.place(cell): self.place(search.reason(cell)) for cell in search.because}
        return self._protected(values, search.pool, because)

    # ---- rounding ---------------------------------------------------------------------------

    def rounded(self, spec: Spec, tell: Tell) -> Protected:
        """Round every figure so that all still adds up, and prove what is known of small ones.

        To the least base, and there in the way, with which that can be proved.
        """
        self.layout.find_people(self.layout.fixed)
        failed = -1
        for base, seed in attempts(spec.threshold, spec.key):
            try:
                values = self._rounded(base, seed)
            except Unrounded:
                continue
            pool = Pool(self.layout, self.targets())
            try:
                Search(self.layout, pool, spec.key, tell).spread()
            except Unprotectable as error:
                failed = error.cell
                continue
            return self._protected(values, pool, {})
        name = "these tables"
        if failed >= 0:
            place = self.place(failed)
            name = told((*self.earlier, self.new)[place.release], place.table, place.cell)
        raise DisclosureError(
            name, f"is not protected by rounding, to {base} either", "Use the method suppression."
        )

    def _rounded(self, base: int, seed: int | None) -> list[Value]:
        """What to say of each own cell: the interval around its rounded figure."""
        layout = self.layout
        values: list[Value] = [None] * layout.size
        shown = rounded(layout, self.own, base, seed)
        for cell, value in zip(np.flatnonzero(self.own), shown, strict=True):
            least, most = max(0, value - base + 1), value + base - 1
            values[cell] = (least, most)
            layout.fall[cell] = layout.true[cell] - least
            layout.rise[cell] = most - layout.true[cell]
        return values

    # ---- what comes of it -------------------------------------------------------------------

    def _protected(self, values: list[Value], pool: Pool, because: dict[Place, Place]) -> Protected:
        tables = []
        for table, sides in zip(self.new.tables, self.layout.tables[self.before :], strict=True):
            tables.append(
                replace(table, values=tuple(values[sides.start : sides.start + sides.size]))
            )
        release = replace(self.new, tables=tuple(tables))
        releases = (*self.earlier, release)
        names = [dimension.name for dimension in self.snapshot.dimensions]
        certificate = Certificate(
            self.snapshot.digest,
            {one.id: one.digest for one in releases},
            dict(zip(names, self.layout.grid.classes, strict=True)),
            tuple(
                tuple(zip(move.variables.tolist(), move.changes.tolist(), strict=True))
                for move in pool.needed()
            ),
        )
        smallest = 0 if release.profile == "research" else 1
        told_staff = report(self.snapshot, releases, because, smallest)
        return Protected(release, certificate, told_staff)
