"""How often a decision fell on each ethnic group beside another: worked out from told figures and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import MARKER, Safe
from amends.openness.site.charts import check
from amends.openness.site.wording import Words
from amends.statistics.disproportionality import AT_LEAST, Group, Index, relative_rate

REFERENCE: Final = "White"
"""The group beside which the others stand; the choice is ours, and the page names it."""
DECIDED, OTHERWISE = "on the street", "deferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A group beside the reference: cases decided so, of those of which it is known, both None where withheld.

    `index` is None for the reference itself, where a count is withheld (`told` is then False), and where
    there are too few.
    """

    name: str
    group: Group | None
    index: Index | None
    told: bool


def compare(table: Safe, shown: Sequence[tuple[str, int | str]]) -> list[Compared]:
    """Every group of *shown*, the told rows of *table*, beside REFERENCE.

    A row is called `group, decision`. Raises TypeError where a row is no figure of a `Safe` table.
    """
    check(table, shown)
    said = dict(shown)
    names = dict.fromkeys(
        label.rpartition(", ")[0] for label in said if label.endswith((DECIDED, OTHERWISE))
    )
    groups = {name: _group(said, name) for name in names}
    base = groups.get(REFERENCE)
    return [
        Compared(
            name=name, group=one, told=one is not None and base is not None,
            index=None if name == REFERENCE else _index(one, base),
        )
        for name, one in groups.items()
    ]  # fmt: skip


def _group(said: dict[str, int | str], name: str) -> Group | None:
    """The group *name*; None where one of its counts was withheld. What nobody has is told as no row, and is 0."""
    decided, otherwise = (said.get(f"{name}, {one}", 0) for one in (DECIDED, OTHERWISE))
    if not isinstance(decided, int) or not isinstance(otherwise, int):
        return None
    return Group(name=name, decided=decided, reached=decided + otherwise)


def _index(group: Group | None, base: Group | None) -> Index | None:
    if group is None or base is None:
        return None
    try:
        return relative_rate(group, base)
    except DisclosureError:  # too few, or none decided so
        return None


def section(table: Safe, shown: Sequence[tuple[str, int | str]], words: Words) -> Iterator[str]:
    """The index of each group as a table, with what it means and what it does not."""
    reference = words.label(REFERENCE)
    title = words("index").format(reference=reference)
    yield f'<section class="derived"><h2>{escape(title)}</h2>\n<table>'
    yield f"<caption><strong>{escape(title)}</strong><span>{escape(words('index_base'))}</span></caption>"
    heads = "".join(
        f'<th scope="col" class="number">{escape(words(one))}</th>' for one in ("count", "ratio")
    )
    yield f'<thead><tr><th scope="col">{escape(words("group"))}</th>{heads}</tr></thead>\n<tbody>'
    for one in compare(table, shown):
        yield (
            f'<tr><th scope="row">{words.marked(one.name)}</th><td>{escape(_counts(one, words))}</td>'
            f"<td>{escape(_said(one, words))}</td></tr>"
        )
    yield "</tbody>\n</table>"
    yield f"<p>{escape(words('index_means').format(few=AT_LEAST))}</p><p>{escape(words('index_not'))}</p></section>"


def _counts(one: Compared, words: Words) -> str:
    if one.group is None:
        return MARKER
    return words("part_of").format(part=f"{one.group.decided:,}", whole=f"{one.group.reached:,}")


def _said(one: Compared, words: Words) -> str:
    if one.name == REFERENCE:
        return words("reference")
    if not one.told:
        return words("untold")
    if one.index is None:
        return words("too_few")
    middle, low, high = (f"{x:.2f}" for x in (one.index.ratio, one.index.low, one.index.high))
    return words("interval").format(middle=middle, low=low, high=high)
