"""The publication as a web page: the headline first, every table with its caption and heads, and no script."""

from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from amends.openness.publishing.about import About, Words
from amends.openness.publishing.showing import Grid, Shown, headed, in_files
from amends.openness.publishing.statement import Protected, markers
from amends.openness.publishing.workbook import said


def page(
    about: About, words: Words, tables: Sequence[Shown], protected: Sequence[Protected]
) -> str:
    """The page as HTML, whole in itself but for the files that lie beside it."""
    parts = [
        *_opening(about, words), *_markers(tables), *(line for table in tables for line in _section(table)),
        *_texts("How the figures were made", words.methods), *_texts("Quality", words.quality),
        *_columns(about, tables), *_protection(protected), *_files(about, tables), *_revisions(about),
    ]  # fmt: skip
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{about.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(about.title)} - {escape(about.publisher)}</title>\n<style>\n{_style()}</style>\n</head>\n"
        '<body>\n<a class="skip" href="#main">Skip to main content</a>\n'
        f'<header><div class="wide"><p>{escape(about.publisher)}</p></div></header>\n'
        f'<main id="main" class="wide" tabindex="-1">\n{body}\n</main>\n'
        f'<footer><div class="wide"><p>Questions: {escape(about.contact)}</p>'
        f'<p>Licence: <a href="{escape(about.licence)}">{escape(about.licence)}</a></p></div></footer>\n'
        "</body>\n</html>\n"
    )


@cache
def _style() -> str:
    return (files(__package__) / "page.css").read_text("utf-8")


def _opening(about: About, words: Words) -> Iterator[str]:
    yield f"<h1>{escape(about.title)}</h1>"
    yield f'<p class="headline">{escape(words.headline)}</p>'
    yield f'<p class="quiet">Published on <time datetime="{about.published.isoformat()}">{said(about)}</time></p>'
    yield from (f"<p>{escape(text)}</p>" for text in words.summary)


def _markers(tables: Sequence[Shown]) -> Iterator[str]:
    found = list(markers(tuple(tables)))
    if found:
        yield "<h2>Markers in the tables</h2>"
        yield from _list(found)


def _section(table: Shown) -> Iterator[str]:
    grid, place = table.grid(), f"caption-{table.number}"
    yield f"<h2>Table {table.number}</h2>"
    yield f'<div class="scroll" role="region" aria-labelledby="{place}" tabindex="0">'
    yield f'<table id="{table.sheet}">'
    counted = escape(
        f"{table.unit}, by {headed(grid.across).lower()} from left to right"
        if grid.across
        else table.unit
    )
    yield f'<caption id="{place}"><strong>{escape(table.title)}</strong><span>{counted}</span></caption>'
    yield f"<thead><tr>{''.join(_heads(grid))}</tr></thead>"
    yield "<tbody>"
    for labels, figures in grid.lines:
        heads = "".join(f'<th scope="row">{escape(label)}</th>' for label in labels)
        cells = "".join(f"<td>{figure}</td>" for figure in figures)
        yield f"<tr>{heads}{cells}</tr>"
    yield "</tbody>\n</table>\n</div>"
    yield f'<p><a href="{table.sheet}.csv">Table {table.number} as CSV</a></p>'


def _heads(grid: Grid) -> Iterator[str]:
    for place, head in enumerate(grid.heads):
        if place < grid.stubs:
            yield f'<th scope="col">{escape(headed(head))}</th>'
        else:
            yield f'<th scope="col" class="number">{escape(head)}</th>'


def _texts(title: str, texts: Sequence[str]) -> Iterator[str]:
    if texts:
        yield f"<h2>{title}</h2>"
        yield from (f"<p>{escape(text)}</p>" for text in texts)


def _columns(about: About, tables: Sequence[Shown]) -> Iterator[str]:
    names = dict.fromkeys(name for table in tables for name in table.names)
    if names:
        yield "<h2>What the columns mean</h2>"
        yield from _list([(in_files(name), about.columns[name]) for name in names])


def _protection(protected: Sequence[Protected]) -> Iterator[str]:
    yield "<h2>How people are protected</h2>"
    for each in protected:
        yield from (f"<p>{escape(text)}</p>" for text in each.sentences())


def _files(about: About, tables: Sequence[Shown]) -> Iterator[str]:
    links = [(f"{about.id}.ods", "All tables as a workbook (ODS)")]
    links += [(f"{one.sheet}.csv", f"Table {one.number} as CSV: {one.title}") for one in tables]
    links += [
        ("datapackage.json", "Description of the data (Table Schema)"),
        ("dcat.jsonld", "Description for catalogues (DCAT)"),
        ("release.json", "What this release was made from, and the digest of every file"),
    ]  # fmt: skip
    yield "<h2>Files</h2>\n<ul>"
    yield from (f'<li><a href="{name}">{escape(what)}</a></li>' for name, what in links)
    yield "</ul>"


def _revisions(about: About) -> Iterator[str]:
    if about.revisions:
        yield "<h2>What was changed</h2>"
        yield from _list([(one.on.isoformat(), one.what) for one in about.revisions])


def _list(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield "<dl>"
    yield from (f"<dt>{escape(name)}</dt><dd>{escape(means)}</dd>" for name, means in pairs)
    yield "</dl>"
