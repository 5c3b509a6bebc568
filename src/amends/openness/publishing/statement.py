"""The statement of disclosure control: what is withheld in a publication, by which rule, why, and how it is proved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from amends.disclosure.published import Release
from amends.openness.publishing.showing import MEANINGS, Shown

TOO_MANY: Final = 10
"""Percent withheld above which coarser tables would tell more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """The tables of one release, the rule by which they were protected, and with how many earlier releases."""

    release: Release
    tables: tuple[Shown, ...]
    earlier: int = 0

    @property
    def figures(self) -> int:
        """How many figures the tables have."""
        return sum(len(table.figures) for table in self.tables)

    @property
    def withheld(self) -> int:
        """How many of them are withheld."""
        return sum(table.withheld for table in self.tables)

    @property
    def rounded(self) -> int:
        """How many of them are rounded."""
        cells = (figure for table in self.tables for _, figure in table.figures)
        return sum(figure.count is not None and bool(figure.marker) for figure in cells)

    @property
    def too_many(self) -> bool:
        """Whether so many are withheld that a coarser table should be thought of."""
        return 100 * self.withheld > TOO_MANY * self.figures

    def sentences(self) -> Iterator[str]:
        """The statement, for the public."""
        release = self.release
        yield _which(self.tables)
        yield _rule(release)
        yield f"Why: {release.reason}."
        yield self._withheld()
        if self.rounded:
            base = max(release.threshold, 2)
            yield (
                f"{self.rounded:,} of {self.figures:,} figures are rounded, each to a multiple of {base} that is less "
                f"than {base} away. Rounded figures still add up."
            )
        if self.withheld or self.rounded:
            yield _guarantee(release, self.earlier)

    def _withheld(self) -> str:
        if not self.withheld:
            return "No figure is withheld."
        are = "is" if self.withheld == 1 else "are"
        return (
            f"{self.withheld:,} of {self.figures:,} figures ({_percent(self.withheld, self.figures)}) {are} "
            "withheld: small counts, and such others as would give them away by subtraction. One marker "
            "stands for both."
        )

    def document(self) -> dict[str, object]:
        """The statement as data."""
        return {
            "tables": [table.number for table in self.tables],
            "threshold": self.release.threshold,
            "profile": self.release.profile,
            "reason": self.release.reason,
            "figures": self.figures,
            "withheld": self.withheld,
            "rounded": self.rounded,
            "percent_withheld": _percent(self.withheld, self.figures),
        }


def markers(tables: tuple[Shown, ...]) -> Iterator[tuple[str, str]]:
    """The markers that stand in *tables*, and what each means."""
    found = {marker for table in tables for marker in table.markers}
    return ((marker, means) for marker, means in MEANINGS.items() if marker in found)


def _which(tables: tuple[Shown, ...]) -> str:
    numbers = [str(table.number) for table in tables]
    if len(numbers) == 1:
        return f"Table {numbers[0]}."
    return f"Tables {', '.join(numbers[:-1])} and {numbers[-1]}."


def _rule(release: Release) -> str:
    least = release.threshold
    if least <= 1:
        return "No count is withheld because it is small."
    small = f"0 to {least - 1}" if release.profile == "research" else f"1 to {least - 1}"
    return f"Counts of {small if least > 2 or release.profile == 'research' else 1} are not told as they are."


def _guarantee(release: Release, earlier: int) -> str:
    releases = "1 earlier release" if earlier == 1 else f"{earlier:,} earlier releases"
    also = f" and those of {releases} from the same snapshot" if earlier else ""
    return (
        "For every such count there are complete sets of whole numbers, all in agreement with "
        f"these figures{also}, in which it is 0 or 1, and others in which it is {release.threshold} or more. That "
        "holds even for somebody who knows their own case. A certificate, which may be shown to an auditor, "
        "proves it by addition; it was checked before these figures were written."
    )


def _percent(part: int, whole: int) -> str:
    """To one place, rounded up: no publication looks as if it withheld less than it does."""
    tenths = -(-1000 * part // whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10}%"
