"""Figures in sentences, and as tables: told figures of `Safe` tables, shares of them, and nothing else."""

from collections.abc import Iterator, Sequence
from html import escape

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import MARKER, Safe
from amends.openness.counted import Source
from amends.openness.site import figures
from amends.openness.site.wording import Words
from amends.statistics.rates import rate

Told = Sequence[tuple[str, int | str]]
"""The rows of a table that a page shows: each a label and a figure, or the marker of one that is withheld."""


def headline(slug: str, shown: Told, shows: figures.Shows, words: Words) -> tuple[str, str]:
    """The share of the page *slug* as a sentence, and how far chance could move it; empty where there is none.

    There is none where a figure that it needs is withheld, or too few are counted. Where the share is of how
    much was recorded, chance has no part in it.
    """
    counted = figures.share(list(shown), shows)
    if counted is None:
        return "", ""
    try:
        one = rate(*counted, of=slug, base="cases")
    except DisclosureError:  # too few for a rate
        return "", ""
    said = words.page(slug, "headline").format(
        part=number(one.part, words), whole=number(one.whole, words), share=_percent(one.share)
    )
    if shows.of_records:
        return said, ""
    return said, words("chance").format(low=_percent(one.low), high=_percent(one.high))


def opening(slug: str, shown: Told, shows: figures.Shows, words: Words) -> Iterator[str]:
    """The share of the page *slug* at its top, with how far chance could move it below."""
    told, chance = headline(slug, shown, shows, words)
    if told:
        yield f'<p class="headline">{escape(told)}</p>'
    if chance:
        yield f'<p class="quiet">{escape(chance)}</p>'


def number(value: int | str, words: Words) -> str:
    """A figure within a sentence; one that is withheld says so."""
    if value == MARKER:
        return words("untold_number")
    return f"{value:,}" if isinstance(value, int) else value


def not_held(source: Source, question: str, words: Words) -> str:
    """Why *question* has no answer: the records lack its columns, or did when the first edition was made."""
    lacking = figures.lacking(source, question)
    return words("not_held").format(columns=", ".join(lacking)) if lacking else words("not_begun")


def grid(table: Safe, shown: Told, words: Words, title: str = "") -> Iterator[str]:
    """*shown* as a table, with all that *table* counts below."""
    caption = title or words("same")
    yield f"<table>\n<caption><strong>{escape(caption)}</strong><span>{escape(words('unit'))}</span></caption>"
    yield f'<thead><tr><td></td><th scope="col" class="number">{escape(words("count"))}</th></tr></thead>\n<tbody>'
    for label, value in shown:
        yield _row(words.marked(label), value)
    yield _row(words.marked("All"), figures.whole(table))
    yield "</tbody>\n</table>"
    if any(value == MARKER for _, value in shown):
        yield f'<p class="quiet">{escape(words("marker"))}</p>'


def _row(label: str, value: int | str) -> str:
    """A row of a table; *label* is HTML."""
    told = f"{value:,}" if isinstance(value, int) else escape(value)
    return f'<tr><th scope="row">{label}</th><td>{told}</td></tr>'


def _percent(share: float) -> str:
    return f"{share:.1%}".rstrip("%")
