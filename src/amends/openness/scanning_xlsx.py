"""What a workbook in Office Open XML (XLSX) hides."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Final

from amends.openness.scanning_findings import Finding, harmless, hides, shows
from amends.openness.scanning_parts import Parts
from amends.openness.scanning_xml import Element

_PARTS: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/worksheets/[^/]+\.xml|xl/worksheets/_rels/[^/]+\.rels|xl/styles\.xml|xl/theme/theme\d+\.xml"
    r"|xl/sharedStrings\.xml|xl/tables/[^/]+\.xml"
)
"""The parts that a workbook of sheets and tables needs."""
_OTHER_PARTS: Final = (
    (r"xl/pivot(Tables|Cache)/", "pivot"), (r"xl/(comments|threadedComments)", "comment"),
    (r"xl/persons?/", "person"), (r"xl/revisions/", "change"),
    (r"xl/(externalLinks|queryTables|connections|model)", "link"),
    (r"xl/(embeddings|media|drawings|charts|chartsheets|ctrlProps|activeX|diagrams)", "object"),
    (r"xl/(slicers|slicerCaches|timelines|timelineCaches)", "pivot"),
    (r"xl/(vbaProject|vbaData|macrosheets|dialogsheets)", "macro"), (r"xl/calcChain", "formula"),
    (r"xl/(printerSettings)/", "person"), (r"docProps/(custom|thumbnail)", "text"), (r"customXml/", "text"),
    (r"_xmlsignatures/", "person"), (r"xl/volatileDependencies", "cache"),
)  # fmt: skip
_SHEET: Final = frozenset((
    "worksheet", "sheetPr", "outlinePr", "pageSetUpPr", "tabColor", "dimension", "sheetViews", "sheetView",
    "pane", "selection", "sheetFormatPr", "cols", "col", "sheetData", "row", "c", "v", "is", "t", "r", "rPr",
    "b", "i", "u", "sz", "color", "name", "family", "scheme", "charset", "rFont", "vertAlign", "mergeCells",
    "mergeCell", "hyperlinks", "hyperlink", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "tableParts", "tablePart", "autoFilter", "sheetProtection", "phoneticPr", "sheetCalcPr", "rowBreaks",
    "colBreaks", "brk", "ignoredErrors", "ignoredError",
))  # fmt: skip
"""What may stand in a sheet and hides nothing by itself."""
_KINDS: Final[Mapping[str, str]] = {
    "f": "formula", "conditionalFormatting": "formula", "dataValidations": "formula",
    "filterColumn": "hidden", "scenarios": "hidden", "customSheetViews": "hidden",
    "drawing": "object", "legacyDrawingHF": "object", "oleObjects": "object", "controls": "object", "picture": "object",
    "legacyDrawing": "comment", "xml-comment": "comment",
    "dataConsolidate": "link", "webPublishItems": "link", "customProperties": "text",
}  # fmt: skip
_SAID: Final = frozenset((
    "title", "language", "created", "modified", "Application", "AppVersion", "DocSecurity", "ScaleCrop",
    "HeadingPairs", "TitlesOfParts", "LinksUpToDate", "SharedDoc", "HyperlinksChanged", "TotalTime",
))  # fmt: skip
"""What may be said of a workbook and tells of no person."""
_BOOK_KINDS: Final = {
    "externalReferences": "link",
    "pivotCaches": "pivot",
    "customWorkbookViews": "hidden",
}
_RANGE: Final = re.compile(r"[^()\[\]]*![$A-Z0-9:]+(,[^()\[\]]*![$A-Z0-9:]+)*")
"""A name that stands for cells, and works nothing out."""
_FIELD: Final = re.compile(r'&(?:"[^"]*"|\d+|[A-Z])')
"""What stands in for the page, the day or the name of the sheet, or sets how letters look."""
_PEOPLE: Final = ("creator", "lastModifiedBy", "Manager", "Company")
_OFF: Final = ("0", "false")
_LEAST: Final = 2.0
"""Points below which a row, and letters below which a column, is as good as hidden."""


def scan_xlsx(parts: Parts, authors: frozenset[str]) -> Iterator[Finding]:
    """What the XLSX workbook in *parts* hides."""
    for name, data in parts.parts.items():
        if not _PARTS.fullmatch(name) and not (name.endswith("/") and not data):
            kinds = (kind for pattern, kind in _OTHER_PARTS if re.match(pattern, name))
            yield Finding(next(kinds, "unknown"), name, "a part that sheets do not need")
    yield from _book(parts)
    yield from _relations(parts)
    yield from _styles(parts)
    used: set[int] = set()
    for name, sheet in _sheets(parts):
        yield from _sheet(sheet, name, used)
    yield from _strings(parts, used)
    for name in ("docProps/core.xml", "docProps/app.xml"):
        if name in parts.parts:
            yield from _properties(parts.xml(name), authors)


def _book(parts: Parts) -> Iterator[Finding]:
    book = parts.xml("xl/workbook.xml")
    for sheet in book.every("sheet"):
        if sheet.get("state", "visible") != "visible":
            yield Finding("hidden", f"sheet {sheet.get('name')}", sheet.get("state"))
    for name in book.every("definedName"):
        if not _RANGE.fullmatch(name.text) or name.get("hidden") not in ("", *_OFF):
            yield Finding("formula", f"name {name.get('name')}", name.text)
    for one in book.every(*_BOOK_KINDS):
        yield Finding(_BOOK_KINDS[one.name], "the workbook", one.name)
    for view in book.every("workbookView"):
        if view.get("visibility", "visible") != "visible" or view.get("showSheetTabs") in _OFF:
            yield Finding("hidden", "the workbook", "its window or the names of its sheets")


def _relations(parts: Parts) -> Iterator[Finding]:
    for name in parts.parts:
        if not name.endswith(".rels"):
            continue
        for one in parts.xml(name).every("Relationship"):
            address = one.get("Target")
            if (one.get("TargetMode") == "External" and not harmless(address)) or (
                one.get("TargetMode") == "External" and not one.get("Type").endswith("/hyperlink")
            ):
                yield Finding("link", name, address)


def _sheets(parts: Parts) -> Iterator[tuple[str, Element]]:
    """Each sheet with its name, or with that of its part where no name leads to it."""
    titles = {one.get("id"): one.get("name") for one in parts.xml("xl/workbook.xml").every("sheet")}
    held = "xl/_rels/workbook.xml.rels"
    paths = {
        posixpath.normpath(posixpath.join("/xl", one.get("Target"))).lstrip("/"): titles.get(
            one.get("Id")
        )
        for one in (parts.xml(held).every("Relationship") if held in parts.parts else ())
    }
    for name in parts.parts:
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            yield f"sheet {paths.get(name) or name}", parts.xml(name)


# --- sheets -----------------------------------------------------------------------------------------


def _sheet(sheet: Element, place: str, used: set[int]) -> Iterator[Finding]:
    if place.endswith(".xml"):
        yield Finding("hidden", place, "a sheet that the workbook does not name")
    yield from _strangers(sheet, place)
    yield from _views(sheet, place)
    for one in sheet.every("col", "row"):
        if what := _hidden(one):
            where = one.get("r") or f"{one.get('min')} to {one.get('max')}"
            yield Finding(
                "hidden", f"{place}, {'row' if one.name == 'row' else 'columns'} {where}", what
            )
    for one in sheet.every("hyperlink"):
        if one.get("tooltip"):
            yield Finding("text", f"{place}, {one.get('ref')}", one.get("tooltip"))
    for cell in sheet.every("c"):
        yield from _cell(cell, f"{place}, {cell.get('r')}", used)


def _views(sheet: Element, place: str) -> Iterator[Finding]:
    """What the sheet as a whole does not show, or shows on paper only."""
    for one in sheet.every("sheetFormatPr"):
        if one.get("zeroHeight", "0") not in _OFF:
            yield Finding("hidden", place, "every row that says nothing else")
    for one in sheet.every("sheetView"):
        if one.get("showZeros") in _OFF or one.get("showFormulas", "0") not in _OFF:
            yield Finding("unseen", place, "noughts, or what formulas give")
    for one in sheet.every("headerFooter"):
        said = _FIELD.sub("", one.text).replace("Page", "").replace("of", "")
        if any(letter.isalnum() for letter in said):
            yield Finding("text", place, f"the head or foot of printed pages: {one.text}"[:80])


def _hidden(one: Element) -> str:
    if one.get("hidden", "0") not in _OFF:
        return "hidden"
    size = one.get("ht") if one.name == "row" else one.get("width")
    return "it has no room" if size and float(size) < (_LEAST if one.name == "row" else 0.3) else ""


def _cell(cell: Element, place: str, used: set[int]) -> Iterator[Finding]:
    value = next((one.text for one in cell.children if one.name == "v"), "")
    if cell.get("t") == "s" and value.isdigit():
        used.add(int(value))
    inside = [one for one in cell.children if one.name == "is"]
    if inside and value and not shows(value, inside[0].text):
        yield Finding("unseen", place, f"it shows {inside[0].text!r:.40} and holds {value!r:.40}")


def _strangers(one: Element, place: str) -> Iterator[Finding]:
    """The outermost elements that a plain sheet does not have."""
    if one.name in _SHEET:
        for each in one.children:
            yield from _strangers(each, place)
    else:
        yield Finding(_KINDS.get(one.name, "unknown"), place, one.name)


# --- what stands beside the sheets ------------------------------------------------------------------


def _styles(parts: Parts) -> Iterator[Finding]:
    if "xl/styles.xml" not in parts.parts:
        return
    styles = parts.xml("xl/styles.xml")
    for one in styles.every("numFmt"):
        if hides(one.get("formatCode")):
            yield Finding("unseen", "styles", f"the number format {one.get('formatCode')}")
    yield from _letters(styles)
    for one in styles.every("protection"):
        if one.get("hidden", "0") not in _OFF:
            yield Finding("unseen", "styles", "cells whose formulas are hidden")


def _letters(styles: Element) -> Iterator[Finding]:
    """Forms of cells whose letters cannot be seen."""
    fonts = [one for each in styles.every("fonts") for one in each.children]
    fills = [one for each in styles.every("fills") for one in each.children]
    for form in (one for each in styles.every("cellXfs") for one in each.children):
        font = _at(fonts, form.get("fontId"))
        if _white(font) and not _filled(_at(fills, form.get("fillId"))):
            yield Finding("unseen", "styles", "letters as white as the page")
        if any(float(one.get("val", "11")) < _LEAST for one in font.every("sz")):
            yield Finding("unseen", "styles", "letters too small to see")


def _at(things: list[Element], number: str) -> Element:
    place = int(number or 0)
    return things[place] if place < len(things) else Element("", "", {})


def _white(font: Element) -> bool:
    colours = list(font.every("color"))
    return any(
        one.get("rgb").upper().endswith("FFFFFF") or one.get("theme") == "0" for one in colours
    )


def _filled(fill: Element) -> bool:
    return any(one.get("patternType", "none") != "none" for one in fill.every("patternFill"))


def _strings(parts: Parts, used: set[int]) -> Iterator[Finding]:
    """Texts that no cell shows: what was deleted may still be there."""
    if "xl/sharedStrings.xml" in parts.parts:
        for place, one in enumerate(parts.xml("xl/sharedStrings.xml").every("si")):
            if place not in used:
                yield Finding("cache", "the texts of the workbook", one.text[:60])


def _properties(properties: Element, authors: frozenset[str]) -> Iterator[Finding]:
    for one in properties.children:
        said = one.text.strip()
        if one.name in _PEOPLE and said and said not in authors:
            yield Finding("person", "the properties", f"{one.name}: {said}")
        elif one.name not in (*_SAID, *_PEOPLE) and said:
            kind = (
                "text"
                if one.name in ("description", "subject", "keywords", "category")
                else "person"
            )
            yield Finding(kind, "the properties", f"{one.name}: {said}"[:80])
