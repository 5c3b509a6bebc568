"""The search for canaries finds one in whatever form it might leave, and none where none is."""

import base64
import datetime as dt
import gzip
import html
import io
import json
import quopri
import shutil
import tarfile
import urllib.parse
import zipfile
import zlib

import duckdb
import pytest

from amends.notices.letters import pdf
from support.canary_search import found_in, found_under
from support.planted_people import birthday, canary

WORD = canary(7, 3)
SAID = f"Said by {WORD}, aged 31, of the field"


def zipped(name: str, data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr(name, data)
    return made.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as held:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        held.addfile(member, io.BytesIO(data))
    return made.getvalue()


def drawn(words: str, title: str = "Letter") -> bytes:
    return pdf(
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title></head><body><p>{words}</p></body></html>'
    )


WAYS = {
    "as it is": SAID.encode(),
    "in capitals": SAID.upper().encode(),
    "in an address": f"/search/?words=Ann+{WORD}".encode(),
    "UTF-16": SAID.encode("utf-16"),
    "UTF-16, the other way round": SAID.encode("utf-16-be"),
    "UTF-32": SAID.encode("utf-32"),
    "base64": base64.b64encode(SAID.encode()),
    "base64, one letter later": base64.b64encode(f"x{SAID}".encode()),
    "base64 for addresses": base64.urlsafe_b64encode(f"??>{SAID}".encode()),
    "base64 in lines": base64.encodebytes(SAID.encode() * 5)[30:],
    "base64 of UTF-16": base64.b64encode(SAID.encode("utf-16-le")),
    "a picture in an address": b'<img src="data:image/svg+xml;base64,'
    + base64.b64encode(f"<svg><title>{WORD}</title></svg>".encode())
    + b'">',
    "hexadecimal": SAID.encode().hex().encode(),
    "percent": "".join(f"%{one:02x}" for one in WORD.encode()).encode(),
    "percent, some of it": urllib.parse.quote(f"é {WORD}").replace("n", "%6e").encode(),
    "numbered entities": "".join(f"&#{ord(one)};" for one in WORD).encode(),
    "entities in hexadecimal": "".join(f"&#x{ord(one):X};" for one in WORD).encode(),
    "one letter an entity": WORD.replace("y", "&#121;").encode(),
    "beside entities": html.escape(f'<"{WORD}"&>').encode(),
    "JSON": json.dumps({"é": WORD}).replace("y", "\\u0079").encode(),
    "Python": repr(WORD).replace("c", "\\x63").encode(),
    "quoted-printable": quopri.encodestring(WORD.encode()).replace(b"n", b"=6E"),
    "gzip": gzip.compress(SAID.encode()),
    "zlib": zlib.compress(SAID.encode()),
    "a ZIP": zipped("content.xml", SAID.encode()),
    "the name of a member": zipped(f"{WORD}.xml", b"nobody"),
    "a ZIP in a ZIP": zipped("inner.zip", zipped("content.xml", SAID.encode())),
    "UTF-16 in a ZIP": zipped("styles.xml", SAID.encode("utf-16")),
    "a ZIP in base64": base64.b64encode(zipped("content.xml", SAID.encode())),
    "a tar": tarred("a.txt", SAID.encode()),
    "the name of a member of a tar": gzip.compress(tarred(WORD, b"nobody")),
    "words that a PDF draws": drawn(f"Dear {WORD}"),
    "the title of a PDF": drawn("Dear you", WORD),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_canary_is_found_however_it_is_written_or_packed(way):
    assert found_in(WAYS[way]) == {WORD}


def test_nothing_is_found_where_nothing_is():
    for harmless in (
        b"", b"cny12f", b"cny 0001 f 001", bytes(range(256)) * 50, WORD[:8].encode(), zipped("a.xml", b"nobody"),
        drawn("Dear you, of 1 January 1990"), b"PK\x03\x04 cut", b"\x1f\x8b cut", b"%PDF stream\nx\nendstream",
        ("0123456789abcdef" * 400).encode(), b"decided on 2011-04-01, kept from 1872",
    ):  # fmt: skip
        assert found_in(harmless) == set()


@pytest.mark.parametrize("case", [0, 40, 999])
def test_a_day_of_birth_is_found_as_people_and_machines_write_it(case):
    day = birthday(case)
    for said in (
        day.isoformat(), repr({"born": day}), f"{day:%d/%m/%Y}", f"born on {day.day} {day:%B %Y}.",
        json.dumps({"born": dt.datetime.combine(day, dt.time()).isoformat()}),
    ):  # fmt: skip
        assert len(found_in(said.encode())) == 1, said
        assert found_in(zipped("content.xml", said.encode())) == found_in(said.encode())


def test_a_canary_is_found_in_a_file_of_any_kind(tmp_path):
    (tmp_path / "plain.csv").write_text(f"name\n{WORD}\n")
    (tmp_path / f"{WORD}.txt").write_text("its name tells")
    (tmp_path / f"of-{WORD}").mkdir()
    (tmp_path / f"of-{WORD}" / "folder.txt").write_text("the name of its folder tells")
    duckdb.execute(f"COPY (SELECT '{WORD}' AS name) TO '{tmp_path / 'one.parquet'}'")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "words.xml").write_text(f"<p>{WORD}</p>")
    shutil.make_archive(str(tmp_path / "book"), "zip", tmp_path / "inside")
    (tmp_path / "harmless.txt").write_text("nobody")

    told = found_under(tmp_path)
    assert set(told) == {
        "plain.csv", f"{WORD}.txt", "folder.txt", "one.parquet", "words.xml", "book.zip",
    }  # fmt: skip
    assert set().union(*told.values()) == {WORD}
