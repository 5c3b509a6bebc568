"""The pages as HTML: the answer first, a chart with its table, links that work from a folder, and no script."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from importlib.resources import files
from typing import Final

from amends.disclosure.tables import Safe
from amends.openness.answering import Answered
from amends.openness.counted import Source
from amends.openness.questions import questions
from amends.openness.site import asking, comparing, figures, following_up, policies, weighing
from amends.openness.site.earlier import INDEX, Told, folder
from amends.openness.site.sentences import grid, not_held, number, opening
from amends.openness.site.wording import LANGUAGES, Words, slugs


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What a site is made from: the answers by question, the day of the edition, and every edition so far."""

    source: Source
    answers: Mapping[str, Answered]
    on: date
    editions: tuple[Told, ...] = ()
    weights: weighing.Weights | None = None

    @property
    def period(self) -> tuple[date, date]:
        """The days of decision that are counted."""
        return self.source.span


def page(edition: Edition, slug: str, language: str) -> str:
    """The page *slug* (`index` is the first) in a *language*."""
    words = Words(language)
    inside = {
        "index": _home, "policies": _policies, "open-data": _open_data, "protection": _protection,
        "questions": _questions,
    }.get(slug, _figures)  # fmt: skip
    body = "\n".join(inside(edition, slug, words))
    title = words("site") if slug == "index" else words.page(slug)
    return _frame(edition, slug, words, title, body)


def _frame(edition: Edition, slug: str, words: Words, title: str, body: str) -> str:
    up = "" if words.language == "en" else "../"
    other = f"cy/{slug}.html" if words.language == "en" else f"../{slug}.html"
    banner = words("invented_force" if slug == "policies" else "invented")
    told = [f'<p class="banner">{escape(banner)}</p>'] if edition.source.invented else []
    if draft := words("draft"):
        told.append(f'<p class="quiet">{escape(draft)}</p>')
    titles = {"index": words("home")} | {name: words.page(name) for name in slugs()}
    links = "".join(
        f'<li><a href="{name}.html"{_here(name, slug)}>{escape(said)}</a></li>'
        for name, said in titles.items()
    )
    other_language = LANGUAGES[1 - LANGUAGES.index(words.language)]
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} - {escape(edition.source.publisher)}</title>\n"
        f'<link rel="stylesheet" href="{up}site.css">\n</head>\n<body>\n'
        f'<a class="skip" href="#main">{escape(words("skip"))}</a>\n'
        f'<header><div class="wide"><p>{escape(edition.source.publisher)}</p>'
        f'<p><a href="{other}" lang="{other_language}" hreflang="{other_language}">{words("other")}</a></p>'
        "</div></header>\n"
        f'<main id="main" class="wide" tabindex="-1">\n{"".join(told)}<h1>{escape(title)}</h1>\n{body}\n</main>\n'
        f'<nav class="wide" aria-label="{escape(words("pages"))}"><h2>{escape(words("pages"))}</h2>'
        f"<ul>{links}</ul></nav>\n"
        f'<footer><div class="wide"><p>{escape(words("edition").format(day=words.day(edition.on)))}. '
        f"{escape(_as_at(edition, words))}</p>"
        f"<p>{escape(words('contact').format(contact=edition.source.contact))}</p></div></footer>\n</body>\n</html>\n"
    )


def _here(name: str, slug: str) -> str:
    return ' aria-current="page"' if name == slug else ""


def _as_at(edition: Edition, words: Words) -> str:
    start, end = edition.period
    return words("asat").format(
        day=words.day(edition.source.as_at), start=words.day(start), end=words.day(end)
    )


# --- pages with figures -----------------------------------------------------------------------------


_UNWEIGHED: Final = "no_harm"
_MISSING: Final = {"how-serious": _UNWEIGHED, "reoffending": "no_comparison"}
"""What a page cannot tell, and says so."""
Section = Callable[[Safe, Sequence[tuple[str, int | str]], Words], Iterator[str]]
_AFTER: Final[Mapping[str, Section]] = {
    "ethnicity": comparing.section,
    "reoffending": following_up.section,
}
"""What a page works out from its own table, below it."""


def _figures(edition: Edition, slug: str, words: Words) -> Iterator[str]:
    question = questions()[figures.PAGES[slug].question]
    held = question.id in edition.answers
    if held:
        yield from _held(edition, slug, words)
    else:
        yield f'<p class="headline">{escape(not_held(edition.source, question.id, words))}</p>'
        yield f"<p>{escape(words.page(slug, 'lead'))}</p>"
    if slug == "how-serious" and edition.weights:
        yield from _harm(edition, edition.weights, words)
    for caveat in question.caveats if held else ():
        yield f'<p lang="en">{escape(caveat)}</p>'
    place = f"#{question.id}" if held else ""
    yield f'<p><a href="open-data.html{place}">{escape(words("more"))}</a></p>'


def _held(edition: Edition, slug: str, words: Words) -> Iterator[str]:
    """What the page tells of the figures that are held: the share, the chart, the table, what is worked out."""
    shows = figures.PAGES[slug]
    table = figures.table_of(edition.answers, shows)
    shown = figures.rows(table, shows)
    yield from opening(slug, shown, shows, words)
    yield f"<p>{escape(words.page(slug, 'lead'))}</p>"
    if (missing := _MISSING.get(slug)) and not (missing == _UNWEIGHED and edition.weights):
        yield f"<p>{escape(words(missing))}</p>"
    up = "" if words.language == "en" else "../"
    alt = f"{words.page(slug)}. {words('same')}."
    yield f'<p class="chart"><img src="{up}charts/{slug}-{words.language}.svg" alt="{escape(alt)}"></p>'
    yield from grid(table, shown, words)
    if after := _AFTER.get(slug):
        yield from after(table, shown, words)


def _harm(edition: Edition, weights: weighing.Weights, words: Words) -> Iterator[str]:
    table = figures.table_of(edition.answers, weighing.SHOWS)
    shown = figures.rows(table, weighing.SHOWS)
    yield from weighing.section(table, shown, figures.whole(table), weights, words)


# --- the others -------------------------------------------------------------------------------------


def _home(edition: Edition, slug: str, words: Words) -> Iterator[str]:
    table = figures.table_of(edition.answers, figures.PAGES["how-many"])
    every = figures.whole(table)
    settled = words("settled_one" if every == 1 else "settled")
    yield f'<p class="headline">{escape(settled.format(many=number(every, words)))}</p>'
    yield f"<p>{escape(words('what_it_is'))}</p>"
    yield f"<p>{escape(_as_at(edition, words))}</p>"
    yield "<dl>"
    for name in slugs():
        yield f'<dt><a href="{name}.html">{escape(words.page(name))}</a></dt>'
        yield f"<dd>{escape(words.page(name, 'lead'))}</dd>"
    yield "</dl>"


def _questions(edition: Edition, slug: str, words: Words) -> Iterator[str]:
    yield f'<p class="headline">{escape(words.page(slug, "lead"))}</p>'
    yield from asking.answers(edition.source, edition.answers, words)


def _open_data(edition: Edition, slug: str, words: Words) -> Iterator[str]:
    up = "" if words.language == "en" else "../"
    at = up + folder(edition.on)
    yield f"<p>{escape(words.page(slug, 'lead'))}</p>\n<ul>"
    for name, one in edition.answers.items():
        title = escape(one.question.title)
        of = f'<span class="hidden" lang="en"> ({title})</span>'
        yield (
            f'<li id="{name}"><a lang="en" href="{at}{name}/index.html">{title}</a>: '
            f'<a href="{at}{name}/{name}.ods">ODS{of}</a>, <a href="{at}{name}/table-1.csv">CSV{of}</a></li>'
        )
    yield f"</ul>\n<h2>{escape(words('editions'))}</h2>\n<p>{escape(words('revised'))}</p>"
    for nth, told in reversed(tuple(enumerate(edition.editions, 1))):
        yield from _told(edition, told, nth, words)
    yield f'<p><a href="{up}{INDEX}">{escape(words("listed"))}</a></p>'


def _told(edition: Edition, told: Told, number: int, words: Words) -> Iterator[str]:
    up = "" if words.language == "en" else "../"
    as_at = words("told").format(number=number, day=words.day(told.on), as_at=words.day(told.as_at))
    yield f"<h3>{escape(as_at)}</h3>"
    if why := told.why[LANGUAGES.index(words.language)]:
        yield f"<p>{escape(why)}</p>"
    if told.changed:
        yield f"<p>{escape(words('changed'))}</p>"
    elif number > 1:
        yield f"<p>{escape(words('unchanged'))}</p>"
    named = told.changed or tuple(edition.answers)
    if told.on == edition.on and not told.changed:
        return
    yield "<ul>"
    for name in named:
        title = edition.answers[name].question.title if name in edition.answers else name
        yield f'<li><a lang="en" href="{up}{folder(told.on)}{name}/index.html">{escape(title)}</a></li>'
    yield "</ul>"


def _protection(edition: Edition, slug: str, words: Words) -> Iterator[str]:
    yield f'<p class="headline">{escape(words.page(slug, "lead"))}</p>'
    yield f"<p>{escape(words.page(slug, 'more'))}</p>"
    yield f'<p><a href="open-data.html">{escape(words.page("open-data"))}</a></p>'


def _policies(edition: Edition, slug: str, words: Words) -> Iterator[str]:
    yield f"<p>{escape(words.page(slug, 'lead'))}</p>"
    yield from policies.listed(words)


@cache
def style() -> str:
    """The style of every page."""
    page_style = (files("amends.openness.publishing") / "page.css").read_text("utf-8")
    return page_style + (files(__package__) / "site.css").read_text("utf-8")
