"""A file named twice, and a folder that is no store: what is said, and that nothing is written into it."""

import pytest

from amends.cli import main
from amends.intake.store import open_store

HEAD = "Occurrence Number,Outcome Date,District\n"
MAP = """
[columns]
"Occurrence Number" = { fact = "case_reference" }
"Outcome Date" = { fact = "decision_date", format = "%d/%m/%Y" }
"District" = { fact = "district" }
"""


@pytest.fixture
def extract(tmp_path):
    """An extract of two rows, the second not in UTF-8, and the words that import it into `store`."""
    path = tmp_path / "extract.csv"
    path.write_bytes(
        HEAD.encode() + b"A/1,01/02/2025,North\n" + b"A/2,02/02/2025,Caf\xe9 Quarter\n"
    )
    (tmp_path / "map.toml").write_text(MAP, "utf-8")
    words = [
        "import",
        "records-extract",
        str(path),
        "--mapping",
        str(tmp_path / "map.toml"),
        "--to",
    ]
    return path, words


def test_a_file_of_which_rows_were_refused_is_not_passed_over_in_silence(extract, tmp_path, capsys):
    _, words = extract
    store = tmp_path / "store"
    assert main([*words, str(store)]) == 1
    assert "--encoding cp1252" in capsys.readouterr().out
    assert main([*words, str(store)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "held already, as extract.csv, without the 1 row that was refused" in said
    assert "Another --mapping or --encoding reads it anew." in said
    assert main([*words, str(store), "--encoding", "cp1252"]) == 0
    assert [one.kept for one in open_store(store).sets["cases"].files] == [2]


@pytest.mark.parametrize("layout", ["records-extract", "police-uk-street"])
def test_a_folder_that_holds_something_else_is_no_place_for_a_store(
    extract, tmp_path, capsys, layout
):
    path, words = extract
    site = tmp_path / "site"
    site.mkdir()
    (site / "letter.html").write_text("A letter.", "utf-8")
    asked = words if layout == "records-extract" else ["import", layout, str(path), "--to"]
    assert main([*asked, str(site)]) == 2
    assert "holds letter.html, and is no store" in capsys.readouterr().err
    assert [one.name for one in site.iterdir()] == ["letter.html"]


def test_what_is_refused_leaves_no_folder_behind(extract, tmp_path, capsys):
    path, _ = extract
    assert main(["import", "police-uk-street", str(path), "--to", str(tmp_path / "new")]) == 2
    assert "There is no column" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_an_empty_folder_that_was_there_stays(extract, tmp_path):
    path, _ = extract
    (tmp_path / "mine").mkdir()
    assert main(["import", "police-uk-street", str(path), "--to", str(tmp_path / "mine")]) == 2
    assert (tmp_path / "mine").is_dir()


def test_a_case_that_is_told_otherwise_later_needs_a_new_store(extract, tmp_path, capsys):
    path, words = extract
    store, first = tmp_path / "store", HEAD + "A/1,01/02/2025,North\nA/2,02/02/2025,\n"

    def taken(text, day, to=store):
        path.write_text(text, "utf-8")
        status = main([*words, str(to), "--as-at", day])
        return status, " ".join(capsys.readouterr().err.split())

    assert taken(first, "2025-03-31")[0] == 0
    before = {one: one.read_bytes() for one in store.rglob("*") if one.is_file()}
    status, said = taken(first.replace("North", "South"), "2025-06-30")
    assert status == 2
    assert "case A/1: is held, and a file of a later day tells it otherwise (1 in all)" in said
    assert before == {one: one.read_bytes() for one in store.rglob("*") if one.is_file()}
    assert taken(first + "A/3,03/02/2025,West\n", "2025-06-30")[0] == 0
    assert open_store(store).held("cases").as_at == "2025-06-30"
    assert taken(first.replace("North", "South"), "2025-06-30", tmp_path / "new")[0] == 0


def test_what_a_killed_import_left_is_cleared_by_the_next(extract, tmp_path):
    _, words = extract
    store = tmp_path / "store"
    assert main([*words, str(store), "--encoding", "cp1252"]) == 0
    left = store / ".import-killed"
    left.mkdir()
    (left / "rows.parquet").write_text("rows of people", "utf-8")
    assert main([*words, str(store), "--encoding", "cp1252"]) == 0
    assert not left.exists()


def test_a_place_where_nothing_can_be_made_is_refused_in_words(extract, capsys):
    _, words = extract
    assert main([*words, "/proc/amends-store"]) == 2
    assert "is no folder, and cannot be made one" in capsys.readouterr().err
