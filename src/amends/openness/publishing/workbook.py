"""The tables as a workbook (ODS): cover, contents, notes, and a sheet for each table.

Written with nothing but Python, its parts stored as they are: the same bytes on every machine, whatever
release of a library is there. Source: OASIS OpenDocument 1.3, parts 2 and 3.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from amends.disclosure.folders import ROUNDED
from amends.openness.publishing.about import About, Words
from amends.openness.publishing.showing import Figure, Grid, Shown, headed, in_files
from amends.openness.publishing.statement import Protected, markers

MIMETYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
FIXED: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every part: the first that the format knows, so that none is told."""
_SPACES: Final = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3"'
)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CELL: Final = (
    '<style:style style:name="{}" style:family="table-cell" style:parent-style-name="Default"{}>{}'
    "</style:style>"
)
_COLUMN: Final = (
    '<style:style style:name="{}" style:family="table-column">'
    '<style:table-column-properties style:column-width="{}"/></style:style>'
)
_NUMBER: Final = (
    '<number:number-style style:name="{}"><number:number number:decimal-places="0" number:min-integer-digits="1" '
    'number:grouping="true"/>{}</number:number-style>'
)
_BOLD: Final = '<style:text-properties fo:font-weight="bold"/>'
_WRAP: Final = '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>'
_RIGHT: Final = '<style:paragraph-properties fo:text-align="end"/>'
_LARGE: Final = '<style:text-properties fo:font-size="15pt" fo:font-weight="bold"/>'
_STYLES: Final = "".join(
    (
        _NUMBER.format("whole", ""),
        _NUMBER.format("rounded", f"<number:text> {ROUNDED}</number:text>"),
        _COLUMN.format("wide", "8cm"),
        _COLUMN.format("narrow", "3.2cm"),
        _COLUMN.format("text-column", "20cm"),
        _CELL.format("title", "", _LARGE),
        _CELL.format("head", "", _WRAP + _BOLD),
        _CELL.format("head-number", "", _WRAP + _RIGHT + _BOLD),
        _CELL.format("words", "", _WRAP),
        _CELL.format("count", ' style:data-style-name="whole"', _RIGHT),
        _CELL.format("count-rounded", ' style:data-style-name="rounded"', _RIGHT),
        _CELL.format("marker", "", _RIGHT),
    )
)


def workbook(
    about: About, words: Words, tables: Sequence[Shown], protected: Sequence[Protected]
) -> bytes:
    """The workbook as its file; no sheet, row or column of it is hidden, and no cells are merged."""
    sheets = [
        _cover(about, words), _contents(tables), _notes(about, words, tables, protected), *map(_sheet, tables)
    ]  # fmt: skip
    content = (
        f"{_HEAD}<office:document-content {_SPACES}><office:automatic-styles>{_STYLES}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(sheets)}{_ranges(tables)}</office:spreadsheet></office:body>"
        "</office:document-content>\n"
    )
    return stored(
        {
            "mimetype": MIMETYPE,
            "content.xml": content,
            "styles.xml": _styles(about),
            "meta.xml": _meta(about),
            "META-INF/manifest.xml": _manifest(),
        }
    )


def stored(parts: dict[str, str]) -> bytes:
    """*parts* in an archive, in their order, uncompressed and with the same time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, FIXED)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, text.encode())
    return held.getvalue()


# --- the sheets -------------------------------------------------------------------------------------


def sheet_name(table: Shown) -> str:
    """What the sheet of *table* is called."""
    return f"Table_{table.number}"


def _cover(about: About, words: Words) -> str:
    rows = [
        _row(_words(about.title, "title")),
        _row(_words(words.headline)),
        *(_row(_words(text)) for text in words.summary),
        _row(_words(f"Published by {about.publisher} on {said(about)}.")),
        _row(_words(f"Questions: {about.contact}")),
        _row(_linked(about.licence, "Licence: ", about.licence)),
        *(_row(_words(f"Changed on {one.on.isoformat()}: {one.what}")) for one in about.revisions),
    ]
    return _table("Cover", ["text-column"], rows)


def said(about: About) -> str:
    """The day of publication in words."""
    day = about.published
    return f"{day.day} {day:%B %Y}"


def _contents(tables: Sequence[Shown]) -> str:
    sheets = [("Notes", "What the markers mean, and how the figures were made and protected")]
    sheets += [(sheet_name(table), table.title) for table in tables]
    rows = [_row(_linked(f"#{name}.A1", "", name) + _words(what)) for name, what in sheets]
    return _table(
        "Contents", ["narrow", "text-column"],
        [_row(_words("Contents", "title")), _heads([_words("Sheet", "head") + _words("What is in it", "head")]), *rows],
    )  # fmt: skip


def _notes(
    about: About, words: Words, tables: Sequence[Shown], protected: Sequence[Protected]
) -> str:
    names = dict.fromkeys(name for table in tables for name in table.names)
    notes = [
        *((marker, means) for marker, means in markers(tuple(tables))),
        *((in_files(name), about.columns[name]) for name in names),
        *(("How it was made", text) for text in words.methods),
        *(("Quality", text) for text in words.quality),
        *(("Protection", text) for each in protected for text in each.sentences()),
    ]
    rows = [_row(_words(name, "head") + _words(text)) for name, text in notes]
    head = _heads([_words("Marker, column or subject", "head") + _words("What to know", "head")])
    return _table("Notes", ["wide", "text-column"], [_row(_words("Notes", "title")), head, *rows])


def _sheet(table: Shown) -> str:
    grid = table.grid()
    columns = ["wide"] * grid.stubs + ["narrow"] * (len(grid.heads) - grid.stubs)
    heads = "".join(
        _words(headed(head), "head") if place < grid.stubs else _words(head, "head-number")
        for place, head in enumerate(grid.heads)
    )
    rows = [
        _row("".join(map(_words, labels)) + "".join(map(_figure, figures)))
        for labels, figures in grid.lines
    ]
    return _table(
        sheet_name(table), columns,
        [_row(_words(table.title, "title")), _row(_words(_read(table, grid))), _heads([heads]), *rows],
    )  # fmt: skip


def _read(table: Shown, grid: Grid) -> str:
    """How the sheet is to be read."""
    across = f" Side by side: {headed(grid.across).lower()}." if grid.across else ""
    notes = " The sheet Notes explains the markers." if table.markers else ""
    return f"One table: {table.unit}.{across}{notes}"


def _ranges(tables: Sequence[Shown]) -> str:
    """Each table marked as one, with its heads in its first row."""
    return f"<table:database-ranges>{''.join(map(_range, tables))}</table:database-ranges>"


def _range(table: Shown) -> str:
    grid, name = table.grid(), sheet_name(table)
    last = f"{column(len(grid.heads))}{3 + len(grid.lines)}"
    return (
        f'<table:database-range table:name="{name}_data" table:target-range-address="{name}.A3:{name}.{last}" '
        'table:contains-header="true" table:display-filter-buttons="false"/>'
    )


def column(number: int) -> str:
    """The letters of a column, the first being 1: A."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# --- cells ------------------------------------------------------------------------------------------


def _table(name: str, columns: Sequence[str], rows: Sequence[str]) -> str:
    made = "".join(f'<table:table-column table:style-name="{each}"/>' for each in columns)
    return f'<table:table table:name="{name}">{made}{"".join(rows)}</table:table>'


def _row(cells: str) -> str:
    return f"<table:table-row>{cells}</table:table-row>"


def _heads(rows: Sequence[str]) -> str:
    return f"<table:table-header-rows>{''.join(map(_row, rows))}</table:table-header-rows>"


def _words(text: str, style: str = "words") -> str:
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"<text:p>{_spaced(text)}</text:p></table:table-cell>"
    )


def _spaced(text: str) -> str:
    """*text* for a paragraph, which would swallow spaces at its ends and second ones: each is an element."""
    return "".join(_letters(text))


def _letters(text: str) -> Iterator[str]:
    before = " "
    for place, letter in enumerate(text):
        alone = letter == " " and (before == " " or place == len(text) - 1)
        yield "<text:s/>" if alone else escape(letter)
        before = letter


def _linked(address: str, before: str, text: str) -> str:
    link = f"<text:a xlink:type={quoteattr('simple')} xlink:href={quoteattr(address)}>{escape(text)}</text:a>"
    return (
        '<table:table-cell table:style-name="words" office:value-type="string">'
        f"<text:p>{escape(before)}{link}</text:p></table:table-cell>"
    )


def _figure(figure: Figure) -> str:
    if figure.count is None:
        return _words(figure.marker, "marker")
    style = "count-rounded" if figure.marker else "count"
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="float" office:value="{figure.count}">'
        f"<text:p>{figure}</text:p></table:table-cell>"
    )


# --- the other parts --------------------------------------------------------------------------------


def _styles(about: About) -> str:
    language, country = about.language.split("-")
    return (
        f"{_HEAD}<office:document-styles {_SPACES}><office:styles>"
        '<style:default-style style:family="table-cell"><style:text-properties '
        f'fo:font-family="Arial" fo:font-size="12pt" fo:language="{language}" fo:country="{country}"/>'
        '</style:default-style><style:style style:name="Default" style:family="table-cell"/>'
        "</office:styles></office:document-styles>\n"
    )


def _meta(about: About) -> str:
    day = f"{about.published.isoformat()}T00:00:00"
    publisher = escape(about.publisher)
    return (
        f"{_HEAD}<office:document-meta {_SPACES}><office:meta><meta:generator>Amends</meta:generator>"
        f"<dc:title>{escape(about.title)}</dc:title><dc:language>{about.language}</dc:language>"
        f"<meta:initial-creator>{publisher}</meta:initial-creator><dc:creator>{publisher}</dc:creator>"
        f"<meta:creation-date>{day}</meta:creation-date><dc:date>{day}</dc:date>"
        "</office:meta></office:document-meta>\n"
    )


def _manifest() -> str:
    whole = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}" manifest:version="1.3"/>'
    entries = whole + "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in ("content.xml", "styles.xml", "meta.xml")
    )
    return (
        f'{_HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.3">{entries}</manifest:manifest>\n'
    )
