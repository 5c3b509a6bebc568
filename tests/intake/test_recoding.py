"""Files in another encoding: read where it is declared or marked, and refused where it is not."""

import csv
import gzip
import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cli import main
from amends.intake.errors import IntakeError
from amends.intake.recoding import Recoded, encoding, known
from amends.intake.store import open_store

HEAD = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type"
HEAD += ",Last outcome category,Context\n"
TEXT = (
    f"{HEAD}a,2020-01,Kent Police,Kent Police,,,On or near Café – “Bar”,,,Drugs,Local resolution,\n"
)


def taken(tmp_path, data, *more, name="file.csv"):
    path, store = tmp_path / name, tmp_path / "store"
    path.write_bytes(data)
    return main(["import", "police-uk-street", str(path), "--to", str(store), *more]), store


def places(store):
    path = open_store(store).held("police-uk-street").parquet
    return [row[0] for row in duckdb.sql(f"SELECT location FROM '{path}'").fetchall()]


def told(store):
    with (store / "faults.csv").open(encoding="utf-8", newline="") as file:
        return [(row["what"], row["line"], row["why"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("data", "more", "read_as"),
    [
        (TEXT.encode("cp1252"), ("--encoding", "cp1252"), "cp1252"),
        (TEXT.encode("cp1252"), ("--encoding", "Windows-1252"), "cp1252"),
        (BOM_UTF16_LE + TEXT.encode("utf-16-le"), (), "utf-16-le"),
        (BOM_UTF16_BE + TEXT.encode("utf-16-be"), (), "utf-16-be"),
        (BOM_UTF16_LE + TEXT.encode("utf-16-le"), ("--encoding", "utf-16"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), ("--encoding", "utf-16-be"), "utf-16-be"),
        (BOM_UTF8 + TEXT.encode(), (), ""), (TEXT.encode(), ("--encoding", "utf8"), ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("folded", [False, True])
def test_a_file_is_read_as_it_is_declared_or_marked_and_that_is_told(
    tmp_path, data, more, read_as, folded
):
    name = "file.csv.gz" if folded else "file.csv"
    status, store = taken(tmp_path, gzip.compress(data) if folded else data, *more, name=name)
    assert status == 0
    assert places(store) == ["On or near Café – “Bar”"]
    assert told(store) == ([("told", "0", f"The file was read as {read_as}.")] if read_as else [])


def test_undeclared_it_is_refused_and_the_option_named(tmp_path, capsys):
    status, store = taken(tmp_path, TEXT.encode("cp1252"))
    assert status == 1
    assert places(store) == []
    assert told(store)[0][2].endswith("say it: --encoding cp1252.")
    assert "1 rows read, 0 kept (0 of them repaired), 1 refused" in capsys.readouterr().out


def test_what_is_not_of_the_declared_encoding_is_refused_by_its_line(tmp_path):
    bad = TEXT.encode("cp1252").replace(b"Caf", b"Ca\x81f")
    good = (
        HEAD.encode() + TEXT.encode("cp1252").split(b"\n")[1] + b"\n" + bad.split(b"\n")[1] + b"\n"
    )
    status, store = taken(tmp_path, good, "--encoding", "cp1252")
    assert status == 1
    assert len(places(store)) == 1
    assert ("refused", "3", "The line is not cp1252.") in told(store)


@pytest.mark.parametrize(
    ("data", "more", "said"),
    [
        (BOM_UTF16_LE + TEXT.encode("utf-16-le"), ("--encoding", "cp1252"), "begins with the mark of utf-16-le"),
        (BOM_UTF8 + TEXT.encode(), ("--encoding", "cp1252"), "begins with the mark of utf-8"),
        (BOM_UTF16_LE + TEXT.encode("utf-16-le"), ("--encoding", "utf-16-be"), "mark of utf-16-le"),
        (TEXT.encode("utf-16-le"), ("--encoding", "utf-16"), "has no byte-order mark. Say utf-16-le"),
        (TEXT.encode("utf-32"), (), "mark of UTF-32"),
        (TEXT.encode("utf-16-le"), (), "NUL"),
        (TEXT.encode("utf-16")[:-1], (), "is cut short"),
        (TEXT.encode(), ("--encoding", "morse"), "'morse' is not known. Known: utf-8, cp1252, utf-16"),
    ],
)  # fmt: skip
def test_a_contradiction_refuses_the_whole_file(tmp_path, capsys, data, more, said):
    status, store = taken(tmp_path, data, *more)
    assert status == 2
    assert said in capsys.readouterr().err
    assert not (store / "index.json").exists()


MAP = 'encoding = "cp1252"\n[columns]\n"Réf" = { fact = "case_reference" }\n'
MAP += '"Day" = { fact = "decision_date", format = "%Y-%m-%d" }\n"Place" = { fact = "district" }\n'


def test_a_mapping_says_the_encoding_of_an_extract(tmp_path, capsys):
    extract, said, store = tmp_path / "x.csv", tmp_path / "map.toml", tmp_path / "store"
    extract.write_bytes("Réf,Day,Place\na,2025-01-01,Bellà\n".encode("cp1252"))
    said.write_text(MAP, "utf-8")
    words = ["import", "records-extract", str(extract), "--mapping", str(said), "--to", str(store)]
    assert main([*words, "--encoding", "utf-16"]) == 2
    assert "--encoding: is utf-16, and the mapping says cp1252" in capsys.readouterr().err
    assert main(words) == 0
    held = open_store(store).held("cases").parquet
    assert duckdb.sql(f"SELECT district FROM '{held}'").fetchall() == [("Bellà",)]
    said.write_text(MAP.replace("cp1252", "morse"), "utf-8")
    assert main(words) == 2
    assert "map.toml, encoding: 'morse' is not known" in capsys.readouterr().err
    said.write_text(MAP.removeprefix('encoding = "cp1252"\n'), "utf-8")
    other = [*words[:-1], str(tmp_path / "other")]
    assert main(other) == 2  # the header itself is not UTF-8
    assert "--encoding cp1252" in capsys.readouterr().err
    assert main([*other, "--encoding", "cp1252"]) == 0
    assert main(["import", "cases", str(held), "--to", str(store), "--encoding", "cp1252"]) == 2


@given(st.text(), st.sampled_from(["utf-16-le", "utf-16-be", "cp1252"]), st.integers(1, 40))
def test_every_text_comes_through_as_it_is_line_by_line(text, name, limit):
    text = text if name != "cp1252" else text.encode("cp1252", "ignore").decode("cp1252")
    file = Recoded(io.BytesIO(text.encode(name)), name, "here")
    lines = list(iter(lambda: file.readline(limit), b""))
    assert b"".join(lines) == text.encode()
    assert all(len(line) <= limit and b"\n" not in line[:-1] for line in lines)


@given(st.binary(max_size=60), st.sampled_from(["cp1252", "utf-16-le"]))
def test_bytes_that_are_none_are_never_read_as_text(data, name):
    data = data if name == "cp1252" else data[: len(data) // 2 * 2]
    file = Recoded(io.BytesIO(data), name, "here")
    try:
        found = b"".join(iter(file.readline, b""))
    except IntakeError:
        return  # half a pair at the end
    try:
        wanted = data.decode(name)
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            found.decode()
    else:
        assert found.decode() == wanted


def test_no_mark_and_nothing_declared_is_utf_8():
    assert encoding(b"abc", "", "here") == "utf-8"
    assert known("UTF8") == "utf-8"
