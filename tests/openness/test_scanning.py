"""Nothing hidden in a workbook is missed, nothing in a good one is taken for hidden, and the unreadable is refused."""

import io
import random
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.disclosure.errors import DisclosureError
from amends.openness.scanning import scan
from amends.openness.scanning_findings import KINDS, hides, shows
from support.planting import ODS, XLSX, closed, opened, planted
from support.publishing import publication

FORCE = "Barsetshire Constabulary"
GOOD = publication().files["resolutions-2025.ods"]


def book() -> bytes:
    """A workbook as openpyxl writes it, with nothing hidden in it."""
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    made = openpyxl.Workbook()
    made.active.append(["Offence", "Count"])
    made.active.append(["Theft", 3])
    made.create_sheet("Notes").append(["[c]: withheld"])
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def kinds(data: bytes) -> set[str]:
    return {one.kind for one in scan(data, "it", [FORCE, "openpyxl"])}


# --- what is there is found -------------------------------------------------------------------------


def test_a_good_workbook_hides_nothing():
    assert scan(GOOD, "it", [FORCE]) == ()
    assert scan(planted(GOOD, lambda parts: None), "it", [FORCE]) == ()


@pytest.mark.parametrize("name", ODS)
def test_what_is_planted_in_an_ods_workbook_is_found(name):
    kind, plant = ODS[name]
    assert kinds(planted(GOOD, plant)) == {kind}


def test_a_good_workbook_of_another_program_hides_nothing():
    assert scan(book(), "it", ["openpyxl"]) == ()


@pytest.mark.parametrize("name", XLSX)
def test_what_is_planted_in_an_xlsx_workbook_is_found(name):
    kind, plant = XLSX[name]
    assert kind in kinds(planted(book(), plant))


def test_every_kind_is_planted_in_both():
    assert {kind for kind, _ in ODS.values()} == set(KINDS) - {"beside"}
    assert {kind for kind, _ in XLSX.values()} == set(KINDS) - {"beside"}


@given(st.lists(st.sampled_from(sorted(ODS)), min_size=2, max_size=5, unique=True), st.randoms())
def test_several_are_all_found(names, order):
    order.shuffle(names)
    parts = opened(GOOD)
    wanted = set()
    for name in names:
        kind, plant = ODS[name]
        try:
            plant(parts)
        except (AssertionError, ValueError):  # another took its place
            continue
        wanted.add(kind)
    assert kinds(closed(parts)) >= wanted


def test_hiding_in_openpyxl_is_found():
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    from openpyxl.comments import Comment
    from openpyxl.styles import Font
    from openpyxl.worksheet.datavalidation import DataValidation

    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["Theft", 3, "=1+2"])
    sheet["A1"].comment = Comment("Ask Ann", "Ann")
    sheet["A1"].font = Font(color="FFFFFFFF")
    sheet.row_dimensions[7].hidden = True
    sheet.column_dimensions["F"].hidden = True
    sheet.add_data_validation(DataValidation(type="list", formula1='"3,4"'))
    made.create_sheet("Secret").sheet_state = "hidden"
    made.properties.lastModifiedBy = "Ann"
    held = io.BytesIO()
    made.save(held)
    found = scan(held.getvalue(), "it", ["openpyxl"])
    assert {"hidden", "formula", "comment", "unseen", "person"} <= {one.kind for one in found}
    assert {"sheet Secret", "sheet Sheet, row 7", "sheet Sheet, columns 6 to 6"} <= {
        one.place for one in found if one.kind == "hidden"
    }


def test_a_text_that_a_cell_shows_is_not_hidden():
    def share(parts):
        sheet = parts["xl/worksheets/sheet1.xml"].decode()
        old = 't="inlineStr"><is><t>Theft</t></is>'
        assert old in sheet
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(old, 't="s"><v>0</v>').encode()
        parts["xl/sharedStrings.xml"] = b"<sst><si><t>Theft</t></si></sst>"

    assert scan(planted(book(), share), "it", ["openpyxl"]) == ()


def test_a_workbook_from_a_template_names_a_printer_of_whoever_made_the_template():
    odfdo = pytest.importorskip("odfdo", reason="odfdo is not installed")
    made = odfdo.Document("spreadsheet")
    made.body.clear()
    sheet = odfdo.Table("Data")
    sheet.set_values([["Offence", "Count"], ["Theft", 1234]])
    made.body.append(sheet)
    held = io.BytesIO()
    made.save(held)
    found = scan(held.getvalue(), "it")
    assert {one.kind for one in found} == {"cache", "person"}
    assert any(one.what.startswith("PrinterName: ") for one in found)


def test_white_letters_on_a_dark_ground_can_be_seen():
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    from openpyxl.styles import Font, PatternFill

    made = openpyxl.Workbook()
    made.active.append(["Theft"])
    made.active["A1"].font = Font(color="FFFFFFFF")
    made.active["A1"].fill = PatternFill("solid", fgColor="FF12436D")
    held = io.BytesIO()
    made.save(held)
    assert scan(held.getvalue(), "it", ["openpyxl"]) == ()


# --- beside the parts -------------------------------------------------------------------------------


def test_bytes_beside_the_parts_are_found():
    for data in (GOOD + b"3 in Ambridge", b"3 in Ambridge" + GOOD):
        assert kinds(data) == {"beside"}
    held = io.BytesIO(GOOD)
    with zipfile.ZipFile(held, "a") as archive:
        archive.comment = b"3 in Ambridge"
    assert kinds(held.getvalue()) == {"beside"}


def test_a_part_taken_out_of_the_directory_is_found():
    """The classic: the bytes are still there, and nothing names them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in opened(GOOD).items():
            archive.writestr(name, data)
            if name == "mimetype":
                archive.writestr("secret.txt", "3 in Ambridge")
        archive.filelist = [one for one in archive.filelist if one.filename != "secret.txt"]
    assert kinds(held.getvalue()) == {"beside"}


# --- what cannot be read is refused -----------------------------------------------------------------


def encrypted():
    old = "<manifest:file-entry "
    parts = opened(GOOD)
    text = (
        parts["META-INF/manifest.xml"].decode().replace(old, "<manifest:encryption-data/>" + old, 1)
    )
    return closed({**parts, "META-INF/manifest.xml": text.encode()})


def flagged():
    data = bytearray(GOOD)
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, 1)
    return bytes(data)


def twice():
    held = io.BytesIO(closed(opened(GOOD)))
    with zipfile.ZipFile(held, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("content.xml", "<x/>")
    return held.getvalue()


def changed(name, data):
    return closed({**opened(GOOD), name: data})


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    "data",
    [
        b"", b"offence,count\n", b"\xd0\xcf\x11\xe0" + bytes(600), GOOD[:-30], GOOD[: len(GOOD) // 2],
        closed({"a.txt": b"x"}), changed("mimetype", b"application/zip"), changed("content.xml", b"<x"),
        changed("content.xml", BOMB), changed("content.xml", b"<x>" * 300 + b"</x>" * 300),
        changed("content.xml", b"<x/>"), changed("content.xml", b'<?run it?><x/>'),
        closed({name: data for name, data in opened(GOOD).items() if name != "META-INF/manifest.xml"}),
        encrypted(), flagged(),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(data):
    with pytest.raises(
        DisclosureError, match=r"cannot be read|is no|is neither|has no|not read|encrypted|nested"
    ):
        scan(data, "it", [FORCE])


def test_two_parts_of_one_name_are_refused():
    with pytest.raises(DisclosureError, match=r"two parts called content\.xml"):
        scan(twice(), "it", [FORCE])


def test_whatever_is_done_to_its_bytes_it_is_read_or_refused():
    pick = random.Random(7)
    told = 0
    for _ in range(300):
        data = bytearray(GOOD)
        for _ in range(pick.randint(1, 4)):
            data[pick.randrange(len(data))] = pick.randrange(256)
        try:
            scan(bytes(data), "it", [FORCE])
        except DisclosureError:
            told += 1
    assert told > 200  # a stored part has a checksum


# --- small questions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text", "so"),
    [
        ("1957", "1,957", True), ("1957", "1 957", True), ("1957", "1,957 [r]", True), ("0.214", "21.4%", True),
        ("0.2144", "21.4%", True), ("3.14159", "3.14", True), ("-2", "\u22122", True), ("-2", "(2)", True),
        ("3", "[c]", False), ("3", "", False), ("3", "1,957", False), ("3.4", "3", True), ("3.6", "3", False),
        ("x", "3", False),
    ],
)  # fmt: skip
def test_whether_a_text_shows_a_number(value, text, so):
    assert shows(value, text) is so


@pytest.mark.parametrize(
    ("code", "so"),
    [
        ("General", False), ("#,##0", False), ('#,##0" [r]"', False), ("0.0%", False), ("dd/mm/yyyy", False),
        ("@", False),
        ("#,##0;[Red]-#,##0", False), (";;;", True), ('"[c]"', True), ("0;-0;;@", True), ('0;"x"', True), (r"\0", True),
    ],
)  # fmt: skip
def test_whether_a_format_shows_nothing(code, so):
    assert hides(code) is so
