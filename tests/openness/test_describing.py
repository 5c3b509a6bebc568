"""What machines are told of a publication, by the written specifications; the workbook as another program reads it."""

import csv
import hashlib
import io
import json
import re

import pytest

from support.publishing import publication

FILES = publication().files
TABLE = FILES["table-1.csv"]


def rows():
    return list(csv.DictReader(io.StringIO(TABLE.decode())))


# --- Data Package 2.0 and Table Schema (datapackage.org) --------------------------------------------


def test_the_data_package_has_what_the_specification_requires():
    package = json.loads(FILES["datapackage.json"])
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert re.fullmatch(r"[a-z0-9._/-]+", package["name"])
    assert package["licenses"] == [{"path": "https://licence.example/open"}]
    (resource,) = package["resources"]
    assert FILES[resource["path"]] == TABLE
    assert resource["bytes"] == len(TABLE)
    assert resource["hash"] == f"sha256:{hashlib.sha256(TABLE).hexdigest()}"
    assert re.fullmatch(r"[a-z0-9._/-]+", resource["name"])


def test_every_row_fits_the_table_schema():
    (resource,) = json.loads(FILES["datapackage.json"])["resources"]
    schema = resource["schema"]
    assert [field["name"] for field in schema["fields"]] == list(rows()[0])
    keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows()]
    assert len(set(keys)) == len(keys)
    for row in rows():
        for field in schema["fields"]:
            _fits(
                field, None if row[field["name"]] in schema["missingValues"] else row[field["name"]]
            )


def _fits(field, value):
    limits = field.get("constraints", {})
    if value is None:
        assert not limits.get("required")
        return
    if field["type"] == "integer":
        assert re.fullmatch(r"-?\d+", value)
        assert int(value) >= limits["minimum"]
    assert value in limits.get("enum", [value])


# --- CSV on the Web (W3C, Metadata Vocabulary for Tabular Data) -------------------------------------


def test_csv_on_the_web_finds_its_metadata_and_every_row_fits():
    said = json.loads(FILES["table-1.csv-metadata.json"])
    assert said["@context"][0] == "http://www.w3.org/ns/csvw"
    assert said["url"] == "table-1.csv"
    columns = said["tableSchema"]["columns"]
    assert [column["titles"] for column in columns] == list(rows()[0])
    names = [column["name"] for column in columns]
    assert len(set(names)) == len(names)
    assert not [
        name for name in names if name.startswith("_") or not re.fullmatch(r"[\w.~%-]+", name, re.A)
    ]
    assert set(said["tableSchema"]["primaryKey"]) <= set(names)
    for row in rows():
        for column in columns:
            _may_be(column, row[column["titles"]])


def _may_be(column, text):
    if text == "":  # the null of CSV on the Web, unless another is named
        assert not column.get("required")
        return
    kind = column["datatype"]
    if isinstance(kind, dict) and kind["base"] == "integer":
        assert re.fullmatch(r"[+-]?\d+", text)
        assert int(text) >= kind["minimum"]
    elif isinstance(kind, dict):
        assert re.fullmatch(kind["format"], text)


# --- DCAT 3 (W3C) -----------------------------------------------------------------------------------


def test_the_dataset_names_every_form_of_the_data_with_its_digest():
    said = json.loads(FILES["dcat.jsonld"])
    assert said["@type"] == "dcat:Dataset"
    assert said["dct:title"] == {"@value": "Community resolutions, 2025", "@language": "en-GB"}
    found = {}
    for one in said["dcat:distribution"]:
        name = one["dcat:downloadURL"]["@id"]
        assert one["dcat:byteSize"]["@value"] == str(len(FILES[name]))
        found[name] = one["spdx:checksum"]["spdx:checksumValue"]["@value"]
    assert found == {
        name: hashlib.sha256(FILES[name]).hexdigest()
        for name in ("index.html", "resolutions-2025.ods", "table-1.csv")
    }
    prefixes = set(said["@context"])
    used = re.findall(
        r'"([a-z]+):[A-Za-z_]', json.dumps({k: v for k, v in said.items() if k != "@context"})
    )
    assert set(used) - {"https"} <= prefixes


# --- the workbook, as odfdo reads it ----------------------------------------------------------------


@pytest.fixture
def book():
    odfdo = pytest.importorskip("odfdo", reason="odfdo is not installed")
    return odfdo.Document(io.BytesIO(FILES["resolutions-2025.ods"]))


def test_another_program_reads_the_same_figures(book):
    assert [sheet.name for sheet in book.body.tables] == ["Cover", "Contents", "Notes", "Table_1"]
    grid = book.body.get_table(name="Table_1").get_values()
    assert grid[2] == ["Year and offence group", "c0", "c1", "c2", "All"]
    counts = {(row["row"], row["column"]): row for row in rows()}
    for label, *values in grid[3:]:
        for head, value in zip(grid[2][1:], values, strict=True):
            row = counts[label, head]
            assert value == (int(row["count"]) if row["count"] else "[c]")


def test_it_says_its_title_language_and_author(book):
    meta = book.meta
    assert (meta.title, meta.language) == ("Community resolutions, 2025", "en-GB")
    assert meta.creator == meta.initial_creator == "Barsetshire Constabulary"
    assert f"{meta.creation_date:%Y-%m-%d}" == "2026-04-30"


def test_the_archive_begins_with_its_type_and_has_one_time():
    import zipfile

    data = FILES["resolutions-2025.ods"]
    assert data[30:38] == b"mimetype"
    assert data[38:84] == b"application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
        content = archive.read("content.xml").decode()
    assert "spanned" not in content
    assert "<text:p>1,957</text:p>" in content
    assert 'xlink:href="#Table_1.A1"' in content
    assert (
        'table:target-range-address="Table_1.A3:Table_1.E7" table:contains-header="true"' in content
    )
