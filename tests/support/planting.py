"""Things that a workbook can hide, planted one at a time in a good one."""

import io
import zipfile
from collections.abc import Callable
from typing import Final

Parts = dict[str, bytes]
Plant = Callable[[Parts], None]


def opened(data: bytes) -> Parts:
    """The parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def closed(parts: Parts) -> bytes:
    """An archive of these parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return held.getvalue()


def sub(part: str, old: str, new: str) -> Plant:
    """Writes *new* in place of the first *old* in *part*; there must be one."""

    def plant(parts: Parts) -> None:
        text = parts[part].decode()
        assert old in text, (part, old)
        parts[part] = text.replace(old, new, 1).encode()

    return plant


def part(name: str, data: bytes = b"<x/>") -> Plant:
    """Puts in one part more."""

    def plant(parts: Parts) -> None:
        assert name not in parts, name
        parts[name] = data

    return plant


def _sheet(extra: str, inside: str = "") -> Plant:
    return sub(
        "content.xml",
        '<table:table table:name="Table_1"',
        f'{extra}<table:table{inside} table:name="Table_1"',
    )


def _cell(attributes: str = "", inside: str = "", shown: str = "1,957") -> Plant:
    def plant(parts: Parts) -> None:
        text, old = parts["content.xml"].decode(), 'office:value="1957"'
        at = text.rindex(old)
        rest = text[at + len(old) :]
        assert "<text:p>1,957</text:p>" in rest, "another took its place"
        rest = rest.replace("<text:p>1,957</text:p>", f"{inside}<text:p>{shown}</text:p>", 1)
        parts["content.xml"] = f"{text[:at]}{attributes} {rest}".encode()

    return plant


def _style(inside: str, family: str = "table-cell", name: str = "count") -> Plant:
    made = f'<style:style style:name="planted" style:family="{family}">{inside}</style:style>'
    return sub("content.xml", "</office:automatic-styles>", f"{made}</office:automatic-styles>")


def both(*plants: Plant) -> Plant:
    """Does several."""

    def plant(parts: Parts) -> None:
        for one in plants:
            one(parts)

    return plant


_BODY: Final = "</office:spreadsheet>"
_META: Final = "</office:meta>"
_SECRET: Final = '<table:table table:name="S"><table:table-row><table:table-cell/></table:table-row></table:table>'

ODS: Final[dict[str, tuple[str, Plant]]] = {
    "a hidden sheet by its style": (
        "hidden",
        both(
            _style('<style:table-properties table:display="false"/>', "table"),
            _sheet("", ' table:style-name="planted"'),
        ),
    ),
    "a hidden sheet by itself": ("hidden", _sheet("", ' table:display="false"')),
    "a hidden row": (
        "hidden",
        sub("content.xml", "<table:table-row>", '<table:table-row table:visibility="collapse">'),
    ),
    "a filtered row": (
        "hidden",
        sub("content.xml", "<table:table-row>", '<table:table-row table:visibility="filter">'),
    ),
    "a hidden column": (
        "hidden",
        sub(
            "content.xml",
            "<table:table-column ",
            '<table:table-column table:visibility="collapse" ',
        ),
    ),
    "a row without height": (
        "hidden",
        both(
            _style('<style:table-row-properties style:row-height="0cm"/>', "table-row"),
            sub("content.xml", "<table:table-row>", '<table:table-row table:style-name="planted">'),
        ),
    ),
    "a column without width": (
        "hidden",
        sub("content.xml", 'style:column-width="3.2cm"', 'style:column-width="0.01mm"'),
    ),
    "a closed group of rows": (
        "hidden",
        sub(
            "content.xml",
            "</table:table>",
            '<table:table-row-group table:display="false"><table:table-row/></table:table-row-group></table:table>',
        ),
    ),
    "a hidden row in a group": (
        "hidden",
        sub(
            "content.xml",
            "</table:table>",
            '<table:table-row-group><table:table-row table:visibility="collapse"/></table:table-row-group>'
            "</table:table>",
        ),
    ),
    "a table in a cell": ("hidden", _cell('office:value="1957"', _SECRET)),
    "something under a merged cell": (
        "hidden",
        _cell(
            'office:value="1957"',
            "",
            "1,957</text:p></table:table-cell>"
            "<table:covered-table-cell><text:p>3</text:p></table:covered-table-cell><table:table-cell><text:p>",
        ),
    ),
    "a scenario": (
        "hidden",
        sub(
            "content.xml",
            "</table:table>",
            '<table:scenario table:is-active="false"/></table:table>',
        ),
    ),
    "a filter": (
        "hidden",
        sub(
            "content.xml",
            'table:display-filter-buttons="false"/>',
            'table:display-filter-buttons="false"><table:filter/></table:database-range>',
        ),
    ),
    "rows that repeat others": (
        "hidden",
        sub(
            "content.xml",
            "<table:database-range ",
            '<table:database-range table:display-duplicates="false" ',
        ),
    ),
    "a value behind another": ("unseen", _cell('office:value="3"')),
    "a value behind a marker": ("unseen", _cell('office:value="3"', "", "[c]")),
    "a value behind nothing": ("unseen", _cell('office:value="3"', "", "")),
    "a text behind another": (
        "unseen",
        sub(
            "content.xml",
            'office:value-type="string"',
            'office:value-type="string" office:string-value="secret"',
        ),
    ),
    "a day behind nothing": (
        "unseen",
        sub(
            "content.xml",
            "</table:table>",
            "<table:table-row><table:table-cell "
            'office:value-type="date" office:date-value="2025-01-02"/></table:table-row></table:table>',
        ),
    ),
    "a value of no kind": (
        "unseen",
        sub(
            "content.xml",
            "</table:table>",
            '<table:table-row><table:table-cell office:value="3"/></table:table-row></table:table>',
        ),
    ),
    "white letters": ("unseen", _style('<style:text-properties fo:color="#FFFFFF"/>')),
    "letters of their ground": (
        "unseen",
        _style(
            '<style:table-cell-properties fo:background-color="#12436d"/>'
            '<style:text-properties fo:color="#12436d"/>'
        ),
    ),
    "letters of no size": ("unseen", _style('<style:text-properties fo:font-size="1pt"/>')),
    "letters that are not shown": (
        "unseen",
        _style('<style:text-properties text:display="none"/>'),
    ),
    "a protected formula": (
        "unseen",
        _style('<style:table-cell-properties style:cell-protect="hidden-and-protected"/>'),
    ),
    "a format without a number": (
        "unseen",
        sub(
            "content.xml",
            "</office:automatic-styles>",
            "<number:number-style "
            'style:name="n"><number:text>[c]</number:text></number:number-style></office:automatic-styles>',
        ),
    ),
    "a format for text that shows none": (
        "unseen",
        sub(
            "content.xml",
            "</office:automatic-styles>",
            "<number:text-style "
            'style:name="n"><number:text>x</number:text></number:text-style></office:automatic-styles>',
        ),
    ),
    "noughts not shown": (
        "unseen",
        part(
            "settings.xml",
            b'<s xmlns:c="urn:oasis:names:tc:opendocument:xmlns:config:1.0">'
            b'<c:config-item c:name="ShowZeroValues" c:type="boolean">false</c:config-item></s>',
        ),
    ),
    "a formula": ("formula", _cell('office:value="1957" table:formula="of:=1900+57"')),
    "a named formula": (
        "formula",
        sub(
            "content.xml",
            _BODY,
            "<table:named-expressions><table:named-expression "
            'table:name="n" table:expression="3"/></table:named-expressions>' + _BODY,
        ),
    ),
    "a list to choose from": (
        "formula",
        sub("content.xml", _BODY, "<table:content-validations/>" + _BODY),
    ),
    "a pivot table": (
        "pivot",
        sub(
            "content.xml",
            _BODY,
            "<table:data-pilot-tables><table:data-pilot-table "
            'table:name="p"/></table:data-pilot-tables>' + _BODY,
        ),
    ),
    "a consolidation": ("pivot", sub("content.xml", _BODY, "<table:consolidation/>" + _BODY)),
    "a comment": (
        "comment",
        _cell(
            'office:value="1957"', "<office:annotation><text:p>Ask Ann</text:p></office:annotation>"
        ),
    ),
    "a comment in the text": (
        "comment",
        sub("content.xml", "<table:table ", "<!-- Ask Ann --><table:table "),
    ),
    "a tracked change": (
        "change",
        sub("content.xml", "<table:table ", "<table:tracked-changes/><table:table "),
    ),
    "a link to another workbook": (
        "link",
        sub(
            "content.xml",
            "</table:table>",
            '<table:table-source xlink:href="file:///srv/crimes.ods"/></table:table>',
        ),
    ),
    "a link between programs": ("link", sub("content.xml", _BODY, "<table:dde-links/>" + _BODY)),
    "a link to a file in a text": (
        "link",
        sub("content.xml", 'xlink:href="#Notes.A1"', 'xlink:href="../crimes.ods"'),
    ),
    "a picture from elsewhere in a style": (
        "link",
        sub(
            "styles.xml",
            "</office:styles>",
            '<style:style style:name="p" style:family="page"><style:background-image xlink:href="http://x.example/a.png"/>'
            "</style:style></office:styles>",
        ),
    ),
    "an embedded object": ("object", part("Object 1/content.xml")),
    "a picture": ("object", part("Pictures/1.png", b"x")),
    "a drawing": (
        "object",
        sub(
            "content.xml",
            "</table:table>",
            "<table:shapes><d:frame "
            'xmlns:d="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"/></table:shapes></table:table>',
        ),
    ),
    "a form": (
        "object",
        sub(
            "content.xml",
            "</table:table>",
            "<office:forms><f:form "
            'xmlns:f="urn:oasis:names:tc:opendocument:xmlns:form:1.0"/></office:forms></table:table>',
        ),
    ),
    "a program": ("macro", part("Basic/Standard/Module1.xml")),
    "a program inside": (
        "macro",
        sub(
            "content.xml",
            "<office:automatic-styles>",
            "<office:scripts><office:script>x</office:script></office:scripts><office:automatic-styles>",
        ),
    ),
    "a program that waits": ("macro", _cell('office:value="1957"', "<office:event-listeners/>")),
    "a picture of what was there": ("cache", part("Thumbnails/thumbnail.png", b"x")),
    "an author": (
        "person",
        sub("meta.xml", "<dc:creator>Barsetshire Constabulary", "<dc:creator>PC 1234 Ann Smith"),
    ),
    "who began it": (
        "person",
        sub(
            "meta.xml",
            "<meta:initial-creator>Barsetshire Constabulary",
            "<meta:initial-creator>Ann",
        ),
    ),
    "who printed it": (
        "person",
        sub("meta.xml", _META, "<meta:printed-by>Ann</meta:printed-by>" + _META),
    ),
    "how long it took": (
        "person",
        sub("meta.xml", _META, "<meta:editing-duration>P1D</meta:editing-duration>" + _META),
    ),
    "a template on a machine": (
        "person",
        sub("meta.xml", _META, '<meta:template xlink:href="/srv/t.ots"/>' + _META),
    ),
    "a field of one's own": (
        "person",
        sub("meta.xml", _META, '<meta:user-defined meta:name="x">1</meta:user-defined>' + _META),
    ),
    "a printer": (
        "person",
        part(
            "settings.xml",
            b'<s xmlns:c="urn:oasis:names:tc:opendocument:xmlns:config:1.0">'
            b'<c:config-item c:name="PrinterName" c:type="string">HQ-Room-12</c:config-item></s>',
        ),
    ),
    "a signature": ("person", part("META-INF/documentsignatures.xml")),
    "the name of an author in a cell": (
        "person",
        _cell('office:value="1957"', "", "1,957<text:author-name>A</text:author-name>"),
    ),
    "a description": (
        "text",
        sub("meta.xml", _META, "<dc:description>Draft: 3 in Ambridge</dc:description>" + _META),
    ),
    "a text at the foot of a page": (
        "text",
        sub(
            "styles.xml",
            "</office:document-styles>",
            "<office:master-styles>"
            '<style:master-page style:name="d"><style:footer><text:p>3 in Ambridge</text:p></style:footer>'
            "</style:master-page>"
            "</office:master-styles></office:document-styles>",
        ),
    ),
    "a text in the manifest": ("text", part("manifest.rdf", b"<r>3 in Ambridge</r>")),
    "a part that nobody knows": ("unknown", part("secret.bin", b"3 in Ambridge")),
    "a setting of a toolbar": ("unknown", part("Configurations2/toolbar/x.xml", b"<x/>")),
    "an element that nobody knows": (
        "unknown",
        sub("content.xml", "<table:table ", "<table:novelty/><table:table "),
    ),
}
"""Of each thing: the kind as which it must be found, and how it is planted in a workbook of ours (ODS)."""


def _in_sheet(before: str, new: str) -> Plant:
    return sub("xl/worksheets/sheet1.xml", before, new + before)


_TYPES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

XLSX: Final[dict[str, tuple[str, Plant]]] = {
    "a hidden sheet": ("hidden", sub("xl/workbook.xml", 'state="visible"', 'state="veryHidden"')),
    "a hidden row": (
        "hidden",
        sub("xl/worksheets/sheet1.xml", '<row r="1"', '<row hidden="1" r="1"'),
    ),
    "a row without height": (
        "hidden",
        sub("xl/worksheets/sheet1.xml", '<row r="1"', '<row ht="0" customHeight="1" r="1"'),
    ),
    "a hidden column": (
        "hidden",
        _in_sheet("<sheetData>", '<cols><col min="9" max="9" hidden="1" width="9"/></cols>'),
    ),
    "a column without width": (
        "hidden",
        _in_sheet("<sheetData>", '<cols><col min="9" max="9" width="0"/></cols>'),
    ),
    "rows hidden together": (
        "hidden",
        sub("xl/worksheets/sheet1.xml", "<sheetFormatPr ", '<sheetFormatPr zeroHeight="1" '),
    ),
    "a filter": (
        "hidden",
        _in_sheet("<pageMargins", '<autoFilter ref="A1:B2"><filterColumn colId="0"/></autoFilter>'),
    ),
    "a sheet without a name": (
        "hidden",
        part("xl/worksheets/sheet9.xml", b"<worksheet><sheetData/></worksheet>"),
    ),
    "a view of one's own": ("hidden", _in_sheet("<pageMargins", "<customSheetViews/>")),
    "noughts not shown": (
        "unseen",
        sub("xl/worksheets/sheet1.xml", "<sheetView ", '<sheetView showZeros="0" '),
    ),
    "a format that shows nothing": (
        "unseen",
        sub(
            "xl/styles.xml",
            "<fonts",
            '<numFmts count="1"><numFmt numFmtId="170" formatCode=";;;"/></numFmts><fonts',
        ),
    ),
    "a format that shows a marker": (
        "unseen",
        sub(
            "xl/styles.xml",
            "<fonts",
            '<numFmts count="1"><numFmt numFmtId="170" '
            'formatCode="&quot;[c]&quot;"/></numFmts><fonts',
        ),
    ),
    "a formula": ("formula", sub("xl/worksheets/sheet1.xml", "<v>3</v>", "<f>1+2</f><v>3</v>")),
    "a named formula": (
        "formula",
        sub(
            "xl/workbook.xml",
            "<calcPr",
            '<definedNames><definedName name="n">3+4</definedName></definedNames><calcPr',
        ),
    ),
    "a hidden name": (
        "formula",
        sub(
            "xl/workbook.xml",
            "<calcPr",
            '<definedNames><definedName name="n" hidden="1">'
            "Sheet!$A$1</definedName></definedNames><calcPr",
        ),
    ),
    "the order of formulas": ("formula", part("xl/calcChain.xml")),
    "a condition": ("formula", _in_sheet("<pageMargins", "<conditionalFormatting/>")),
    "a list to choose from": ("formula", _in_sheet("<pageMargins", "<dataValidations/>")),
    "a pivot table": ("pivot", part("xl/pivotTables/pivotTable1.xml")),
    "the records of a pivot table": ("pivot", part("xl/pivotCache/pivotCacheRecords1.xml")),
    "a text that no cell shows": (
        "cache",
        part("xl/sharedStrings.xml", b"<sst><si><t>3 in Ambridge</t></si></sst>"),
    ),
    "comments": ("comment", part("xl/comments1.xml")),
    "threads of comments": ("comment", part("xl/threadedComments/threadedComment1.xml")),
    "who commented": ("person", part("xl/persons/person.xml")),
    "a tracked change": ("change", part("xl/revisions/revisionLog1.xml")),
    "another workbook": ("link", part("xl/externalLinks/externalLink1.xml")),
    "a data source": ("link", part("xl/connections.xml")),
    "a query": ("link", part("xl/queryTables/queryTable1.xml")),
    "a link to a file": (
        "link",
        sub(
            "xl/_rels/workbook.xml.rels",
            "</Relationships>",
            f'<Relationship Id="r99" Type="{_TYPES}'
            '/hyperlink" Target="file:///srv/crimes.xlsx" TargetMode="External"/></Relationships>',
        ),
    ),
    "a picture from elsewhere": (
        "link",
        sub(
            "xl/_rels/workbook.xml.rels",
            "</Relationships>",
            f'<Relationship Id="r99" '
            f'Type="{_TYPES}/image" Target="https://x.example/a.png" TargetMode="External"/></Relationships>',
        ),
    ),
    "an embedded object": ("object", part("xl/embeddings/oleObject1.bin")),
    "a picture": ("object", part("xl/media/image1.png")),
    "a chart": ("object", part("xl/charts/chart1.xml")),
    "a drawing": ("object", _in_sheet("</worksheet>", "<drawing/>")),
    "a program": ("macro", part("xl/vbaProject.bin")),
    "an old program": ("macro", part("xl/macrosheets/sheet1.xml")),
    "an author": ("person", sub("docProps/core.xml", ">openpyxl<", ">PC 1234 Ann Smith<")),
    "who saved it": (
        "person",
        sub(
            "docProps/core.xml",
            "</cp:coreProperties>",
            "<cp:lastModifiedBy>Ann</cp:lastModifiedBy></cp:coreProperties>",
        ),
    ),
    "a company": (
        "person",
        sub("docProps/app.xml", "</Properties>", "<Company>Ann and Co</Company></Properties>"),
    ),
    "a manager": (
        "person",
        sub("docProps/app.xml", "</Properties>", "<Manager>Ann</Manager></Properties>"),
    ),
    "a printer": ("person", part("xl/printerSettings/printerSettings1.bin")),
    "a description": (
        "text",
        sub(
            "docProps/core.xml",
            "</cp:coreProperties>",
            "<cp:description>3 in Ambridge</cp:description></cp:coreProperties>",
        ),
    ),
    "properties of one's own": ("text", part("docProps/custom.xml")),
    "data of one's own": ("text", part("customXml/item1.xml")),
    "a text at the foot of a page": (
        "text",
        _in_sheet(
            "</worksheet>",
            "<headerFooter><oddFooter>&amp;L3 in Ambridge</oddFooter></headerFooter>",
        ),
    ),
    "a part that nobody knows": ("unknown", part("xl/secret.xml")),
    "an element that nobody knows": ("unknown", _in_sheet("<pageMargins", "<novelty/>")),
    "something of a later time": ("unknown", _in_sheet("</worksheet>", "<extLst><ext/></extLst>")),
}
"""The same for a workbook that openpyxl wrote (XLSX)."""


def planted(data: bytes, plant: Plant) -> bytes:
    """The workbook *data* with something planted in it."""
    parts = opened(data)
    plant(parts)
    return closed(parts)
