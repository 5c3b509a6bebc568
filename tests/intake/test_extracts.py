"""An extract of a records system becomes cases by a mapping, and nothing in it is changed in silence."""

import csv

import duckdb
import pytest

from amends.cli import main
from amends.intake.errors import IntakeError
from amends.intake.extracts import mapping
from amends.intake.store import open_store

HEAD = (
    "Occurrence Number,Outcome Date,Committed From,HO Code,Suspect Age,Suspect Gender,DA Flag,Hate Flag,"
    "Suspect Agrees,Authorising Rank,District,Officer Notes"
)
GOOD = "A/1,27/03/2025,26/03/2025,46,17,F,N,,Y,SGT,Ambermoor,He was kind."


def taken(tmp_path, *lines):
    path, store = tmp_path / "extract.csv", tmp_path / "store"
    path.write_text("\n".join([HEAD, *lines]) + "\n", "utf-8")
    words = ["import", "records-extract", str(path), "--mapping", "niche-like", "--to", str(store)]
    return main(words), store


def test_a_row_becomes_a_case_and_what_is_empty_is_not_known(tmp_path):
    status, store = taken(tmp_path, GOOD)
    assert status == 0
    held = open_store(store).held("cases")
    row = duckdb.sql(
        "SELECT case_reference, decision_date::VARCHAR, offence_code, offender_age, offender_sex, "
        f"flags_domestic_abuse, flags_hate, authority_rank FROM '{held.parquet}'"
    ).fetchall()
    assert row == [("A/1", "2025-03-27", "46", 17, "female", False, None, "sergeant")]
    assert held.files[0].name == "extract.csv"
    assert b"kind" not in held.parquet.read_bytes()


def test_what_the_mapping_does_not_know_is_refused_with_its_line(tmp_path, capsys):
    lines = (
        GOOD, GOOD.replace(",F,", ",X,"), GOOD.replace("27/03/2025", "2025-03-27"),
        GOOD.replace(",17,", ",many,"), GOOD.replace(",17,", ",400,"), GOOD, GOOD.replace("A/1", ""),
    )  # fmt: skip
    status, store = taken(tmp_path, *lines)
    assert status == 1
    assert (
        "7 rows read, 1 kept (0 of them repaired), 5 refused, 1 duplicates"
        in capsys.readouterr().out
    )
    with (store / "faults.csv").open(encoding="utf-8", newline="") as file:
        faults = {
            row["line"]: row["why"] for row in csv.DictReader(file) if row["what"] == "refused"
        }
    assert faults["3"] == "Suspect Gender: 'X' is not among the values of the mapping."
    assert faults["4"] == "Outcome Date: '2025-03-27' is no day as 31/03/2024."
    assert faults["5"] == "Suspect Age: 'many' is no whole number."
    assert "is not from" in faults["6"]


def test_words_that_are_left_out_stand_nowhere_in_the_store(tmp_path):
    words = "He is Adrian Ashby."
    lines = (
        GOOD.replace("He was kind.", words).replace(",F,", ",X,"), f"A/2,{words}",
        GOOD.replace("He was kind.", f'"{words} ""Sorry, he said'), f'"{words}" he said',
    )  # fmt: skip
    status, store = taken(tmp_path, *lines)
    assert status == 1
    with (store / "faults.csv").open(encoding="utf-8", newline="") as file:
        faults = [(row["line"], row["text"]) for row in csv.DictReader(file)]
    assert faults == [
        ("2", "A/1,27/03/2025,26/03/2025,46,17,X,N,,Y,SGT,Ambermoor"),
        ("3", ""),
        ("4", ""),
    ]
    for path in store.rglob("*"):
        assert path.is_dir() or b"Adrian" not in path.read_bytes()


def test_a_last_line_without_an_end_tells_no_words_that_are_left_out(tmp_path):
    (tmp_path / "extract.csv").write_text(f"{HEAD}\n{GOOD}", "utf-8")
    words = ["import", "records-extract", str(tmp_path / "extract.csv"), "--mapping", "niche-like"]
    assert main([*words, "--to", str(tmp_path / "store")]) == 0
    told = (tmp_path / "store/faults.csv").read_text("utf-8")
    assert "The file ends in this line" in told
    assert "kind" not in told


def test_an_extract_of_other_columns_is_refused_whole(tmp_path, capsys):
    path = tmp_path / "other.csv"
    path.write_text(HEAD.replace("HO Code", "Offence") + "\n")
    words = ["import", "records-extract", str(path), "--to", str(tmp_path / "store")]
    assert main([*words, "--mapping", "niche-like"]) == 2
    assert "There is no column 'Offence' in the mapping niche-like" in capsys.readouterr().err
    assert main(words) == 2
    assert "--mapping: is missing" in capsys.readouterr().err
    assert (
        main(["import", "cases", str(path), "--to", str(tmp_path / "s"), "--mapping", "niche-like"])
        == 2
    )


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (HEAD.replace("DA Flag", "DA Flag "), "'DA Flag ' in the mapping niche-like. It has blanks at its ends"),
        (HEAD.replace("DA Flag", "\xa0DA Flag"), "It has blanks at its ends: write it without them"),
        (HEAD.replace(",", ";"), "The file has semicolons between its fields: save it with commas."),
        (HEAD.replace(",", "\t"), "The file has tabs between its fields: save it with commas."),
        (HEAD.replace("DA Flag", "DA flag"), "no column 'DA flag' in the mapping niche-like. Is it 'DA Flag'?"),
        (HEAD.replace("DA Flag,", ""), "The first line lacks 'DA Flag'. In the mapping niche-like are: Occurrence"),
    ],
)  # fmt: skip
def test_a_head_that_does_not_go_with_the_mapping_is_told_with_what_may_be_wrong(
    tmp_path, capsys, head, said
):
    (tmp_path / "e.csv").write_text(f"{head}\n", "utf-8")
    words = ["import", "records-extract", str(tmp_path / "e.csv"), "--to", str(tmp_path / "store")]
    assert main([*words, "--mapping", "niche-like"]) == 2
    assert said in " ".join(capsys.readouterr().err.split(" "))


def test_a_column_of_the_mapping_that_has_blanks_is_found(tmp_path, capsys):
    assert by(tmp_path, MAP.replace('"Age"', '"Age "'), NAMES)[0] == 2
    assert "There is 'Age ', with blanks at its ends: is that right?" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["1_7", "+17", "\u0661\u0667", "17.0", "1e1", "9" * 60])
def test_what_only_a_program_takes_for_a_number_is_none(tmp_path, capsys, number):
    assert by(tmp_path, MAP, NAMES, f"a,01/02/2025,,{number},,,,")[0] == 1
    assert f"Age: '{number}' is no whole number." in "".join(
        (tmp_path / "store/faults.csv").read_text("utf-8").splitlines()
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "has no \\[columns\\]"), ('[columns]\n"A" = {}', "does not say which fact"),
        ('[columns]\n"A" = {fact = "shoe"}', "is no fact"), ("[columns", "is not TOML"),
        ('[columns]\n"A" = {fact = "decision_date"}', "has no format"),
        ('[columns]\n"A" = {fact = "decision_date", format = "%Y"}', "does not tell day, month and year"),
        ('[columns]\n"A" = {fact = "decision_date", format = "%d/%m/%Q"}', "does not tell day, month"),
        ('[columns]\n"A" = {fact = "district"}\n"B" = {fact = "district"}', "fills district twice"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_told_where(tmp_path, text, said):
    path = tmp_path / "map.toml"
    path.write_text(text)
    with pytest.raises(IntakeError, match=said):
        mapping(str(path))
    with pytest.raises(IntakeError, match="Name a TOML file"):
        mapping("no-such-mapping")


def test_the_mapping_that_ships_fills_facts_and_leaves_words_out():
    held = mapping("niche-like")
    assert {"case_reference", "decision_date", "offence_code"} <= {
        one.fact for one in held.fills.values()
    }
    assert "Officer Notes" in held.ignored


MAP = """[columns]
"Ref" = { fact = "case_reference" }
"Day" = { fact = "decision_date", format = "%d/%m/%Y" }
"Done" = { fact = "offence_date", format = "%d/%m/%Y", not_known = ["Unk", "00/00/0000"] }
"Age" = { fact = "offender_age", not_known = ["U", "999"] }
"DA" = { fact = "flags_domestic_abuse", values = { Y = true, N = false }, not_known = ["Unk", "NS", "U", ""] }
"View" = { fact = "victims.position", number = 1, values = { A = "agree" }, not_known = ["U"] }
"Victims" = { count_of = "victims", not_known = ["U"] }
"Earlier" = { fact = "earlier_disposals.kind", separator = ";", values = { C = "caution" }, not_known = ["U"] }
"""
NAMES = "Ref,Day,Done,Age,DA,View,Victims,Earlier"


def by(tmp_path, text, *lines):
    """The status of importing *lines*, the head first, by the mapping *text*, and the store."""
    (tmp_path / "map.toml").write_text(text, "utf-8")
    (tmp_path / "e.csv").write_text("\n".join(lines) + "\n", "utf-8")
    words = ["import", "records-extract", str(tmp_path / "e.csv"), "--mapping"]
    words += [str(tmp_path / "map.toml"), "--to", str(tmp_path / "store")]
    return main(words), tmp_path / "store"


def test_what_means_not_known_is_not_known_and_never_no_or_none(tmp_path):
    status, store = by(
        tmp_path, MAP, NAMES, "a,01/02/2025,Unk,U,NS,U,U,U", "b,01/02/2025,00/00/0000,999,,A,1,C;U",
        "c,01/02/2025,31/01/2025,0,N,,0,", "d,01/02/2025,,,Unk,U,1,",
    )  # fmt: skip
    assert status == 0
    held = open_store(store).held("cases").parquet
    assert duckdb.sql(
        "SELECT offence_date::VARCHAR, offender_age, flags_domestic_abuse, [v.position for v in victims], "
        f"[e.kind for e in earlier_disposals] FROM '{held}' ORDER BY case_reference"
    ).fetchall() == [
        (None, None, None, None, None),
        (None, None, None, ["agree"], ["caution", None]),
        ("2025-01-31", 0, False, [], None),
        (None, None, None, [None], None),
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('values = { Y = true }, not_known = ["Y"]', "has 'Y' among values, and among those not known"),
        ('not_known = "U"', "Write not_known ="), ("not_known = [0]", "Write not_known ="),
    ],
)  # fmt: skip
def test_what_means_not_known_is_a_list_of_texts_and_means_nothing_else(tmp_path, more, said):
    path = tmp_path / "map.toml"
    path.write_text(f'[columns]\n"DA" = {{ fact = "flags_hate", {more} }}\n')
    with pytest.raises(IntakeError, match=said):
        mapping(str(path))
    path.write_text(f'[columns]\n"N" = {{ count_of = "victims", {more} }}\n')
    with pytest.raises(IntakeError, match=r"Write not_known|counts, and does more"):
        mapping(str(path))
