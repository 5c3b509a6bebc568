"""The whole site as files: every page in two languages, charts, and the open data, the same bytes every time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from amends.openness.answering import Answered, answer
from amends.openness.counted import Source
from amends.openness.giving import give
from amends.openness.partition import Judged, Step
from amends.openness.questions import questions
from amends.openness.site import figures, following_up, weighing
from amends.openness.site.charts import bars, steps
from amends.openness.site.earlier import INDEX, Earlier, Told, folder, following, written
from amends.openness.site.pages import Edition, page, style
from amends.openness.site.wording import LANGUAGES, Words, slugs

_NONE: Final = Earlier()
_SILENT: Final = ("", "")
QUESTIONS: Final = tuple(dict.fromkeys(one.question for one in figures.PAGES.values()))
"""The questions that the site answers."""


def answered(
    source: Source,
    answers: Path,
    judged: Judged,
    tell: Callable[[str, int, int], None],
    weighted: bool = False,
) -> dict[str, Answered]:
    """Every question of the site, answered from *source* with the memory in the folder *answers*.

    One whose columns the cases do not have, or that the edition before left out for that, is left out: every
    attribute is counted by the same rows, which are fixed without it, so no other answer is told otherwise.
    What weights of harm are put to is asked only where there are some: *weighted*.
    """
    asked = (*QUESTIONS, weighing.SHOWS.question) if weighted else QUESTIONS
    found = {}
    for number, name in enumerate(asked):
        if name in QUESTIONS and not figures.can_tell(source, name):
            continue
        tell(f"answering {name}", number, len(asked))
        found[name] = answer(questions()[name], source, answers, judged, None, _quiet)
    return found


def files(
    edition: Edition,
    version: str,
    tell: Step,
    earlier: Earlier = _NONE,
    why: tuple[str, str] = _SILENT,
) -> dict[str, bytes]:
    """Every file of the site by its path, those of *earlier* editions too; *why* figures of theirs have changed.

    Raises TypeError for a figure that is not of a `Safe` table, and DisclosureError as `following` does.
    """
    source, data = edition.source, dict[str, bytes]()
    for name, one in edition.answers.items():
        release = give(one, edition.on, None, version).release
        data |= {f"{name}/{path}": made for path, made in release.files.items()}
    told = Told(on=edition.on, as_at=source.as_at, source=source.id, why=why)
    edition = replace(edition, editions=following(earlier, told, data))
    found = {"site.css": style().encode(), INDEX: written(edition.editions), **earlier.files}
    for number, slug in enumerate(("index", *slugs())):
        tell(f"page {slug}", number, len(slugs()) + 1)
        for language in LANGUAGES:
            within = "" if language == "en" else "cy/"
            found[f"{within}{slug}.html"] = page(edition, slug, language).encode()
            if slug not in figures.PAGES or figures.PAGES[slug].question not in edition.answers:
                continue
            found[f"charts/{slug}-{language}.svg"] = _chart(edition, slug, language).encode()
            if slug == "reoffending" and (drawn := _curve(edition, language)):
                found[f"charts/{following_up.NAME}-{language}.svg"] = drawn.encode()
    found |= {folder(edition.on) + path: made for path, made in data.items()}
    return found


def edition_of(
    source: Source, answers: dict[str, Answered], on: date, weights: weighing.Weights | None = None
) -> Edition:
    """The edition of the day *on*, with the harm by *weights* where there are some."""
    return Edition(source=source, answers=answers, on=on, weights=weights)


def _chart(edition: Edition, slug: str, language: str) -> str:
    words, shows = Words(language), figures.PAGES[slug]
    table = figures.table_of(edition.answers, shows)
    shown = figures.rows(table, shows)
    titled = [(words.label(label), value) for label, value in shown]
    return bars(table, titled, words.page(slug), words("withheld"))


def _curve(edition: Edition, language: str) -> str:
    """The curve of re-offending over time; nothing where a count that it needs is withheld."""
    shows = figures.PAGES["reoffending"]
    table = figures.table_of(edition.answers, shows)
    found = following_up.curve(table, figures.rows(table, shows))
    words = Words(language)
    points = [(one.months, one.share, one.low, one.high) for one in found or ()]
    return steps(points, words("curve"), words("months")) if found else ""


def _quiet(what: str, done: int, of: int) -> None:
    """Say nothing of the steps within one answer."""
