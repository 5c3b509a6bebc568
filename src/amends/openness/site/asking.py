"""The page that answers three questions: each in plain sentences first, then the figures and what they leave out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

from amends.disclosure.tables import Safe
from amends.openness.answering import Answered
from amends.openness.counted import GROUPS, NOT_KNOWN, NOT_LISTED, Source
from amends.openness.site import figures
from amends.openness.site.sentences import Told, grid, headline, not_held, number
from amends.openness.site.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """A sentence of the page: its words, the page of its figures, and the label of each figure in it.

    `of` gives each place in the words the label of its figure; a share's sentence has none, and says the share.
    """

    page: str
    words: str = ""
    of: Mapping[str, str] | None = None


UNCOMPARED: Final = "no_comparison"
"""The words that say that there is nobody to compare with; they hold of whatever is told."""
_UNKNOWN: Final = {"unknown": NOT_KNOWN}
ASKED: Final[Mapping[str, tuple[Says, ...]]] = {
    "bad": (
        Says(page="for-what", words="bad_what", of={
            "violence": GROUPS["violence"], "sexual": GROUPS["sexual"], "robbery": GROUPS["robbery"],
            "theft": GROUPS["theft"],
        }),
        Says(page="how-serious", words="bad_grave", of=_UNKNOWN),
    ),
    "wanted": (
        Says(page="victims"),
        Says(page="victims", words="wanted_not", of=_UNKNOWN | {
            "against": "one or more disagreed", "silent": "no view, or not reached",
        }),
        Says(page="feedback"),
        Says(page="feedback", words="wanted_after", of={
            "against": "dissatisfied", "unasked": "not asked, or no answer",
        }),
    ),
    "works": (
        Says(page="reoffending", words=UNCOMPARED, of={}),
        Says(page="completion"),
        Says(page="completion", words="works_not", of=_UNKNOWN | {"failed": "not completed"}),
        Says(page="reoffending"),
        Says(page="reoffending", words="works_unknown", of={
            "unknown": "not known, or not followed for long enough",
        }),
    ),
}  # fmt: skip
"""The three questions of a victim's mother, and the sentences that answer each, in order."""


def answers(source: Source, found: Mapping[str, Answered], words: Words) -> Iterator[str]:
    """The three questions, each answered in sentences, with the tables that they come from below."""
    yield f"<p>{escape(words('what_it_is'))}</p>"
    for asked, says in ASKED.items():
        yield f"<h2>{escape(words(asked))}</h2>"
        told = [_said(one, source, found, words) for one in says]
        yield from (f"<p>{escape(said)}</p>" for said in dict.fromkeys(told) if said)
    yield f"<h2>{escape(words('more_figures'))}</h2>"
    pages = dict.fromkeys(one.page for says in ASKED.values() for one in says)
    for slug in pages:
        yield f'<h3><a href="{slug}.html">{escape(words.page(slug))}</a></h3>'
        yield f"<p>{escape(words.page(slug, 'lead'))}</p>"
        if figures.PAGES[slug].question in found:
            yield from _figures(slug, found, words)


def _figures(slug: str, found: Mapping[str, Answered], words: Words) -> Iterator[str]:
    table, shown = _shown(slug, found)
    if chance := headline(slug, shown, figures.PAGES[slug], words)[1]:
        yield f'<p class="quiet">{escape(chance)}</p>'
    yield f"<details><summary>{escape(words('as_table').format(page=words.page(slug)))}</summary>"
    yield from grid(table, shown, words, words.page(slug))
    yield "</details>"


def _said(one: Says, source: Source, found: Mapping[str, Answered], words: Words) -> str:
    """*one* as a sentence, or that the records do not hold what it would tell."""
    if one.words == UNCOMPARED:
        return words(UNCOMPARED)
    question = figures.PAGES[one.page].question
    if question not in found:
        return f"{words.page(one.page)}: {not_held(source, question, words)}"
    return sentence(one, found, source.span, words)


def sentence(
    one: Says, found: Mapping[str, Answered], period: tuple[date, date], words: Words
) -> str:
    """*one* with its figures; empty where it tells a share, and there is none to tell."""
    table, shown = _shown(one.page, found)
    if one.of is None:
        return headline(one.page, shown, figures.PAGES[one.page], words)[0]
    start, end = map(words.day, period)
    told = {name: number(_figure(label, shown), words) for name, label in one.of.items()}
    every = number(figures.whole(table), words)
    return words(one.words).format(**told, all=every, start=start, end=end)


def _shown(slug: str, found: Mapping[str, Answered]) -> tuple[Safe, Told]:
    shows = figures.PAGES[slug]
    table = figures.table_of(found, shows)
    return table, figures.rows(table, shows)


def _figure(label: str, shown: Told) -> int | str:
    """The figure of *label*; where some label is not listed, whatever is not known is counted with those.

    A label that is in no row is of no case: each that a case has stands in the table.
    """
    said = dict(shown)
    if label == NOT_KNOWN:
        return said.get(label, said.get(NOT_LISTED, 0))
    return said.get(label, 0)
