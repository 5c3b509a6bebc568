"""What a workbook in OpenDocument (ODS) hides."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.openness.scanning_findings import Finding, harmless, shows
from amends.openness.scanning_parts import Parts
from amends.openness.scanning_xml import Element

MIMETYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_PARTS: Final = (
    "mimetype", "content.xml", "styles.xml", "meta.xml", "settings.xml", "manifest.rdf", "META-INF/manifest.xml",
)  # fmt: skip
_OTHER_PARTS: Final = (
    (r"(Basic|Scripts|Dialogs)/", "macro"),
    (r"(Object|ObjectReplacements|Pictures|Media)\b", "object"),
    (r"Thumbnails/", "cache"),
    (r"META-INF/.*signatures", "person"),
)
_KNOWN: Final = frozenset((
    "document-content", "scripts", "font-face-decls", "font-face", "automatic-styles", "body", "spreadsheet",
    "calculation-settings", "null-date", "iteration", "table", "table-column", "table-columns",
    "table-header-columns", "table-column-group", "table-row", "table-rows", "table-header-rows",
    "table-row-group", "table-cell", "covered-table-cell", "p", "span", "a", "s", "tab", "line-break",
    "named-expressions", "named-range", "database-ranges", "database-range", "sort", "sort-by", "title", "desc",
    "table-protection",
))  # fmt: skip
"""What may stand in the content of a workbook and hides nothing by itself."""
_KINDS: Final[Mapping[str, str]] = {
    "annotation": "comment", "annotation-end": "comment", "xml-comment": "comment",
    "tracked-changes": "change", "change-track-table-cell": "change", "change": "change",
    "data-pilot-tables": "pivot", "data-pilot-table": "pivot", "consolidation": "pivot",
    "table-source": "link", "dde-links": "link", "dde-link": "link", "dde-source": "link",
    "cell-range-source": "link", "database-source-sql": "link", "database-source-table": "link",
    "database-source-query": "link", "named-expression": "formula", "content-validations": "formula",
    "content-validation": "formula", "conditional-formats": "formula", "conditional-format": "formula",
    "event-listeners": "macro", "event-listener": "macro", "script": "macro", "scenario": "hidden",
    "filter": "hidden", "forms": "object", "shapes": "object", "author-name": "person", "author-initials": "person",
}  # fmt: skip
_DRAWN: Final = ("drawing:", "dr3d:", "chart:", "form:", "presentation:", "animation:")
_SAID: Final = ("title", "language", "date", "creation-date", "generator", "document-statistic")
"""What may be said of a workbook and tells of no person."""
_PEOPLE: Final = ("creator", "initial-creator", "printed-by")
_HEADED: Final = ("header", "header-left", "header-first", "footer", "footer-left", "footer-first")
_FIELDS: Final = ("sheet-name", "page-number", "page-count", "title", "date", "time")
_LENGTH: Final = re.compile(r"(-?[\d.]+)(cm|mm|in|pt|pc|px)")
_POINTS: Final = {"cm": 28.35, "mm": 2.835, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75}
_LEAST: Final = 2.0
"""Points below which a row, a column or a letter is as good as hidden."""


def scan_ods(parts: Parts, authors: frozenset[str]) -> Iterator[Finding]:
    """What the ODS workbook in *parts* hides; `DisclosureError` where it is encrypted or cannot be read."""
    _check_readable(parts)
    yield from _other_parts(parts)
    content, styles = parts.xml("content.xml"), _optional(parts, "styles.xml")
    held = _Styles()
    for tree in filter(None, (styles, content)):
        held.read(tree)
    yield from (Finding("unseen", "styles", what) for what in held.unseen)
    yield from _content(content, held)
    if styles is not None:
        yield from _heads(styles)
        yield from _links(styles, "styles.xml")
    yield from _meta(_optional(parts, "meta.xml"), authors)
    yield from _settings(_optional(parts, "settings.xml"))
    rdf = _optional(parts, "manifest.rdf")
    if rdf is not None and rdf.text.strip():
        yield Finding("text", "manifest.rdf", "a text")


def _check_readable(parts: Parts) -> None:
    manifest = parts.xml("META-INF/manifest.xml")
    if any(manifest.every("encryption-data", "EncryptedData", "encrypted-key")):
        raise DisclosureError(parts.place, "is encrypted", "Nothing is known of it.")


def _optional(parts: Parts, name: str) -> Element | None:
    return parts.xml(name) if name in parts.parts else None


def _other_parts(parts: Parts) -> Iterator[Finding]:
    for name, data in parts.parts.items():
        if name in _PARTS or (name.startswith("Configurations2/") and not data):
            continue
        if name.endswith("/") and not data:
            continue
        kinds = (kind for pattern, kind in _OTHER_PARTS if re.match(pattern, name))
        yield Finding(next(kinds, "unknown"), name, "a part that sheets do not need")


# --- styles -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Styles:
    """The styles by which something is not shown."""

    hidden: dict[str, set[str]] = field(default_factory=dict)
    unseen: list[str] = field(default_factory=list)

    def read(self, tree: Element) -> None:
        for style in tree.every("style", "default-style"):
            name, family = style.get("name", "the default"), style.get("family")
            if any(_no_room(one) or one.get("display") == "false" for one in style.children):
                self.hidden.setdefault(family, set()).add(name)
            self._letters(name, style)
        self._formats(tree)

    def _formats(self, tree: Element) -> None:
        for number in tree.every("number-style", "currency-style", "percentage-style"):
            if not any(number.every("number", "scientific-number", "fraction")):
                self.unseen.append(f"the format {number.get('name')} shows no number")
        for text in tree.every("text-style", "boolean-style", "date-style", "time-style"):
            if not any(one.name not in ("text", "text-properties") for one in text.children):
                self.unseen.append(f"the format {text.get('name')} shows nothing of what is there")

    def _letters(self, name: str, style: Element) -> None:
        said = {key: value for one in style.children for key, value in one.attributes.items()}
        if said.get("display") == "none" or "hidden" in said.get("cell-protect", ""):
            self.unseen.append(f"the style {name} hides what it is given to")
        behind = said.get("background-color", "transparent").lower()
        behind = "#ffffff" if behind == "transparent" else behind
        if said.get("color", "").lower() == behind:
            self.unseen.append(f"the style {name} has letters of the colour behind them")
        if "font-size" in said and _points(said["font-size"]) < _LEAST:
            self.unseen.append(f"the style {name} has letters too small to see")


def _no_room(one: Element) -> bool:
    sizes = [one.get(name) for name in ("row-height", "column-width") if name in one.attributes]
    return any(_points(size) < _LEAST for size in sizes)


def _points(length: str) -> float:
    match = _LENGTH.fullmatch(length)
    return float(match[1]) * _POINTS[match[2]] if match else 100.0


# --- content ----------------------------------------------------------------------------------------


def _content(content: Element, styles: _Styles) -> Iterator[Finding]:
    body = next(content.every("spreadsheet"), None)
    if body is None:
        raise DisclosureError("content.xml", "has no sheets", "It is no workbook that is known.")
    for one in content.children:
        if one.name == "scripts" and one.inside:
            yield Finding("macro", "the workbook", "a program")
        elif one.name not in _KNOWN:
            yield _strange(one, "the workbook")
    for one in body.children:
        if one.name == "table":
            yield from _sheet(one, styles)
        else:
            yield from _inside(one, "the workbook")


def _sheet(sheet: Element, styles: _Styles) -> Iterator[Finding]:
    name = sheet.get("name", "?")
    place = f"sheet {name}"
    if sheet.get("display") == "false" or sheet.get("style-name") in styles.hidden.get("table", ()):
        yield Finding("hidden", place, "the sheet")
    at = {"table-row": 0, "table-column": 0}
    for one in _lines(sheet):
        if one.name in at:
            where = f"{place}, {one.name.removeprefix('table-')} {at[one.name] + 1}"
            at[one.name] += int(
                one.get("number-rows-repeated", one.get("number-columns-repeated", "1"))
            )
            yield from _line(one, where, styles)
        elif one.name in ("table-row-group", "table-column-group"):
            if one.get("display") == "false":
                yield Finding("hidden", place, "a group of rows or columns that is closed")
        else:
            yield from _inside(one, place)


_GROUPS: Final = (
    "table-header-rows", "table-rows", "table-row-group", "table-columns", "table-header-columns", "table-column-group",
)  # fmt: skip


def _lines(sheet: Element) -> Iterator[Element]:
    """The rows, columns, groups, and whatever else stands in a sheet, in order."""
    for one in sheet.children:
        if one.name in _GROUPS:
            if "group" in one.name:
                yield one
            yield from _lines(one)
        else:
            yield one


def _line(line: Element, where: str, styles: _Styles) -> Iterator[Finding]:
    """What a row or a column hides."""
    family = line.name
    if line.get("visibility", "visible") != "visible":
        yield Finding("hidden", where, line.get("visibility"))
    elif line.get("style-name") in styles.hidden.get(family, ()):
        yield Finding("hidden", where, "it has no room")
    number = 0
    for cell in line.children:
        number += 1
        place = f"{where}, cell {number}"
        if cell.name in ("table-cell", "covered-table-cell"):
            yield from _cell(cell, place)
            number += int(cell.get("number-columns-repeated", "1")) - 1
        else:
            yield from _inside(cell, place)


def _cell(cell: Element, place: str) -> Iterator[Finding]:
    if cell.get("formula"):
        yield Finding("formula", place, cell.get("formula"))
    if cell.name == "covered-table-cell" and cell.text.strip():
        yield Finding("hidden", place, "a cell under a merged one, with something in it")
    for one in cell.children:
        yield from _inside(one, place)
    shown = "\n".join(one.text for one in cell.children if one.name == "p")
    if (held := _unseen(cell, shown)) is not None:
        yield Finding("unseen", place, f"it shows {shown!r:.40} and holds {held!r:.40}")


def _unseen(cell: Element, shown: str) -> str | None:
    """What *cell* holds, where it shows something else; None where it does not."""
    kind = cell.get("value-type")
    if kind in ("float", "percentage", "currency"):
        return None if shows(cell.get("value"), shown) else cell.get("value")
    if kind == "string" and "string-value" in cell.attributes:
        return None if cell.get("string-value") == shown else cell.get("string-value")
    if kind and not shown.strip():
        held = next((cell.get(name) for name in ("date-value", "time-value", "boolean-value")), "")
        return held or None
    values = [name for name in ("value", "string-value", "date-value") if name in cell.attributes]
    return cell.get(values[0]) if values and not kind else None


def _inside(one: Element, place: str) -> Iterator[Finding]:
    """What *one* and all in it are that a reader does not see."""
    yield from _strangers(one, place)
    yield from _links(one, place)
    for each in one.every("database-range"):
        if each.get("display-duplicates") == "false":
            yield Finding("hidden", place, "rows that are not shown because they repeat others")


def _strangers(one: Element, place: str) -> Iterator[Finding]:
    """The outermost elements of *one*, itself among them, that a plain sheet does not have."""
    if one.name in ("shapes", "forms") and not any(one.children):
        return
    if one.name == "table":
        yield Finding("hidden", place, "a table inside a cell")
    elif one.name not in _KNOWN or any(mark in one.space for mark in _DRAWN):
        yield _strange(one, place)
    else:
        for each in one.children:
            yield from _strangers(each, place)


def _strange(one: Element, place: str) -> Finding:
    kind = (
        "object" if any(mark in one.space for mark in _DRAWN) else _KINDS.get(one.name, "unknown")
    )
    return Finding(kind, place, one.name)


def _links(tree: Element, place: str) -> Iterator[Finding]:
    for one in (tree, *tree.every()):
        address = one.get("href")
        if address and not (one.name == "a" and harmless(address)) and not address.startswith("#"):
            yield Finding("link", place, address)


# --- what stands beside the sheets ------------------------------------------------------------------


def _heads(styles: Element) -> Iterator[Finding]:
    """Text at the head and foot of printed pages."""
    for head in styles.every(*_HEADED):
        said = _without_fields(head).replace("Page", "")
        if any(letter.isalnum() for letter in said):
            yield Finding("text", "the head or foot of printed pages", head.text.strip()[:60])


def _without_fields(one: Element) -> str:
    """The text of *one*, but for what stands in for the name of the sheet, the page, and the day."""
    if one.name in _FIELDS:
        return ""
    return "".join(each if isinstance(each, str) else _without_fields(each) for each in one.inside)


def _meta(meta: Element | None, authors: frozenset[str]) -> Iterator[Finding]:
    inside = next(meta.every("meta"), None) if meta is not None else None
    for one in inside.children if inside is not None else ():
        said = one.text.strip()
        if one.name in _PEOPLE and said and said not in authors:
            yield Finding("person", "the properties", f"{one.name}: {said}")
        elif one.name not in (*_SAID, *_PEOPLE) and (said or one.attributes):
            kind = "text" if one.name in ("description", "subject", "keyword") else "person"
            yield Finding(kind, "the properties", f"{one.name}: {said or 'set'}"[:80])


def _settings(settings: Element | None) -> Iterator[Finding]:
    for one in settings.every("config-item") if settings is not None else ():
        name, said = one.get("name"), one.text.strip()
        if name.startswith("Printer") and one.get("type") in ("string", "base64Binary") and said:
            yield Finding("person", "the settings", f"{name}: {said}"[:80])
        elif name in ("ShowZeroValues", "HasSheetTabs") and said == "false":
            yield Finding("unseen", "the settings", f"{name} is off")
