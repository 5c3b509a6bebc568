"""A later edition of the same figures, judged together with the earlier ones: subtracting them tells of nobody.

Cases that came late are few, and two editions side by side would tell of them. So records are told apart by the
editions that they are in, too (`joint_counts`): what an earlier edition told is then a figure of the same
population, and a new one is judged with it. A row (a year and an offence group) to which fewer than `LEAST` records
came, or from which fewer went, stays as it was told until more have.
"""

from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Release, read_release
from amends.disclosure.releases import Ledger, read_ledger
from amends.disclosure.snapshots import Snapshot, read_snapshot
from amends.openness.counted import GROUPS, Row, Source, codes_of
from amends.openness.joint_counts import (
    EDITION,
    Named,
    editions_now,
    few,
    joined,
    named,
    shown,
    then,
)
from amends.openness.partition import OTHER, read_rows
from amends.openness.questions import Attribute


@dataclass(frozen=True)
class Revised(Source):
    """Cases as at a later day than an edition that is out, whose answers are in the folder `before`."""

    before: Path

    @cached_property
    def _ledger(self) -> Ledger:
        return read_ledger(self.before)

    @cached_property
    def _old(self) -> Snapshot:
        name = self.before.name
        if (
            not self.before.is_dir()
            or name not in self._ledger.snapshots
            or self.as_at.isoformat() <= name[-10:]
        ):
            raise DisclosureError(
                str(self.before), "holds no answers of an earlier day",
                "Give the --answers that the earlier edition was made with, and a later --as-at.",
            )  # fmt: skip
        return self._ledger.snapshots[name]

    @cached_property
    def span(self) -> tuple[date, date]:
        """From the first day of the earlier edition to the last day of either."""
        first, last = super().span
        codes = self._old.by_name["day"].codes
        start, end = date.fromisoformat(codes[0]), date.fromisoformat(codes[-1])
        if first < start:
            raise DisclosureError(
                f"source {self.id}", f"has a case of {first}, and the earlier edition begins on {start}",
                "Publish cases of earlier days as a site of their own.",
            )  # fmt: skip
        return start, max(last, end)

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """The offence codes of either edition, by their group."""
        found = {group: list(codes) for group, codes in super().groups.items()}
        known = {code for codes in found.values() for code in codes}
        for code in self._old.by_name["offence"].codes:
            if code not in known:
                found.setdefault(self.group_of(code, self.span[1]), []).append(code)
        return {group: sorted(found[group]) for group in GROUPS if group in found}

    @cached_property
    def fixed(self) -> tuple[Row, ...]:
        """The rows of the earlier edition; an offence code that is new is in the row of its group."""
        rows = read_rows(self.before / "rows.json")
        found = {row.code: set(row.offences) for row in rows}
        for year in dict.fromkeys(row.year for row in rows):
            own = [row for row in rows if row.year == year]
            held = {code for row in own for code in row.offences}
            for group, codes in self.groups.items():
                labels = (GROUPS[group], OTHER, own[-1].label)
                home = next(row for label in labels for row in own if row.label == label)
                found[home.code] |= set(codes) - held
        return tuple(replace(row, offences=tuple(sorted(found[row.code]))) for row in rows)

    @cached_property
    def base(self) -> Snapshot:
        """The cases by day, offence, age and the editions that they are in."""
        plain = super().base
        new = _kept(shown(self._old), named(plain), self._stays, self._row_of)
        return joined(self.id, self._old, plain.dimensions, new)

    @cached_property
    def _stays(self) -> frozenset[str]:
        """The rows that stay as they were told."""
        return few(shown(self._old), named(super().base), self._row_of)

    @cached_property
    def _homes(self) -> dict[tuple[str, str], str]:
        return {
            (day, code): row.code
            for row in self.fixed
            for day in codes_of(row.start, row.end)
            for code in row.offences
        }

    def _row_of(self, leaf: Named) -> str:
        """The row that a leaf of the base is in; nothing where it is later than all of them."""
        return self._homes.get((leaf[0], leaf[1]), "")

    @property
    def now(self) -> Mapping[str, frozenset[str]]:
        """What counts in this edition."""
        return {EDITION: editions_now(self.base)}

    def cube(self, attribute: Attribute, rows: Sequence[Row]) -> Snapshot:
        """The cases by rows, by an attribute, and by the editions that they are in."""
        plain = super().cube(attribute, rows)
        old = self._told(attribute.name)
        before, new = shown(old), named(plain)
        more: Counter[str] = Counter()
        for counts, sign in ((new, 1), (before, -1)):
            for leaf, count in counts.items():
                more[leaf[0]] += sign * count
        alike = {row for row in few(before, new, _first) if not more[row]}
        return joined(
            plain.id, old, plain.dimensions, _kept(before, new, self._stays | alike, _first)
        )

    def tells(self, attribute: str) -> bool:
        """Whether the earlier edition told *attribute*: what one edition left out, none that follows it can tell."""
        wanted = f"{self.before.name}-{attribute}"
        held = (self.before / "safe").glob("*/snapshot.json")
        return any(read_snapshot(path).id == wanted for path in held)

    def _told(self, attribute: str) -> Snapshot:
        wanted = f"{self.before.name}-{attribute}"
        for path in sorted((self.before / "safe").glob("*/snapshot.json")):
            if (found := read_snapshot(path)).id == wanted:
                return found
        raise DisclosureError(
            f"the attribute {attribute}", "was not told in the earlier edition",
            "Make that edition with it, or publish a site that follows none.",
        )  # fmt: skip

    def history(self, snapshot: Snapshot, attribute: str = "") -> list[Release]:
        """What the earlier editions told, as figures of *snapshot*: the base, or an attribute's cube."""
        if not attribute:
            return [then(one, self._old, snapshot) for one in self._ledger.released(self._old.id)]
        old = self._told(attribute)
        told = [read_release(path) for path in (self.before / "safe").glob("*/release.json")]
        found = sorted(
            (one for one in told if one.snapshot == old.id), key=lambda one: (one.made, one.id)
        )
        return [then(one, old, snapshot) for one in found]


def revised(source: Source, before: Path) -> Revised:
    """*source* as a later edition of that whose answers are in the folder *before*."""
    return Revised(
        source.name,
        source.cases,
        source.as_at,
        source.invented,
        source.publisher,
        source.contact,
        before,
    )


def _first(leaf: Named) -> str:
    return leaf[0]


def _kept(
    old: Mapping[Named, int],
    new: Mapping[Named, int],
    rows: Container[str],
    row_of: Callable[[Named], str],
) -> Counter[Named]:
    """The counts *new*, but of *rows* the *old* ones."""
    found = Counter({leaf: count for leaf, count in new.items() if row_of(leaf) not in rows})
    found.update({leaf: count for leaf, count in old.items() if row_of(leaf) in rows})
    return found
