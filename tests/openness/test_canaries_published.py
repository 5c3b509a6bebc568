"""Nothing personal is published: of 1,000 planted cases, the site and a release that is built hold no canary."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from amends.cli import main
from amends.openness import answering, families
from amends.openness.families import NOT_LISTED
from amends.openness.giving import COLUMNS
from amends.openness.questions import questions
from support.canary_search import found_in, found_under
from support.planted_history import CASES, SAID, plant
from support.planted_people import canary, personal

KINDS = {".html", ".css", ".csv", ".json", ".jsonld", ".ods", ".svg", ".txt"}
"""What is published, by kind of file."""
WORD = canary(7, 3)
ABOUT = """
id = "resolutions"
title = "Community resolutions"
headline = "Figures"
publisher = "An invented force"
contact = "a@invented.example"
licence = "https://licence.example/open"
published = 2014-07-02
summary = ["{1: All years / All offences} cases were settled."]
[columns]
"""


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    reference = "printf('AS/cny%04df000', n)"
    return plant(tmp_path_factory.mktemp("planted") / "real.parquet", case_reference=reference)


def published(planted: Path, folder: Path, *words: str) -> Path:
    """The site that `amends publish` makes of *planted*, below *folder*."""
    given = ["--cases", str(planted), "--answers", str(folder / "answers"), *SAID, *words]
    assert main(["publish", "--to", str(folder / "site"), "--edition", "2014-07-02", *given]) == 0
    return folder / "site"


@pytest.fixture(scope="module")
def site(planted, tmp_path_factory):
    return published(planted, tmp_path_factory.mktemp("published"))


@pytest.fixture
def built(planted, tmp_path):
    """The folder that `amends release build` makes of an answer."""
    given = ["--cases", str(planted), "--answers", str(tmp_path / "answers"), *SAID]
    assert main(["answer", "article", *given, "--out", str(tmp_path / "answered")]) == 0
    (safe,) = (tmp_path / "answers").glob("*/safe/article-*")
    columns = "".join(f'{name} = "{COLUMNS[name]}"\n' for name in ("day", "offence"))
    (tmp_path / "about.toml").write_text(f"{ABOUT}{columns}# {WORD}: a note of whoever wrote it\n")
    words = [str(safe), "--about", str(tmp_path / "about.toml"), "--history", str(safe.parent)]
    assert main(["release", "build", *words, "--to", str(tmp_path / "built")]) == 0
    assert main(["release", "check", str(tmp_path / "built")]) == 0
    return tmp_path / "built"


def kinds(folder: Path) -> set[str]:
    return {one.suffix for one in folder.rglob("*") if one.is_file()}


def kinds_of(told) -> set[str]:
    return {Path(name).suffix for name in told}


def test_what_it_is_made_from_has_a_canary_of_every_field_of_every_case(planted):
    (held,) = found_under(planted.parent).values()
    assert len(held) == CASES * len(personal())


def test_the_site_has_none_in_any_file_nor_in_a_files_name(site):
    assert kinds(site) == KINDS
    assert len([one for one in site.rglob("*") if one.is_file()]) > 100
    assert found_under(site) == {}


def test_what_is_remembered_of_answers_has_none(site):
    memory = site.parent / "answers"
    assert kinds(memory) >= {".json", ".csv", ".txt"}
    assert found_under(memory) == {}


def test_a_release_that_is_built_has_none_in_any_file_nor_in_a_files_name(built):
    assert kinds(built) == KINDS - {".css", ".svg"}
    assert found_under(built) == {}
    assert found_under(built.parent / "answered") == {}


def test_nothing_that_is_printed_or_logged_on_the_way_has_one(planted, tmp_path, capsys, caplog):
    caplog.set_level(0)
    published(planted, tmp_path)
    told = capsys.readouterr()
    assert "pages in English and Welsh" in told.out
    assert found_in(f"{told.out}{told.err}{caplog.text}".encode()) == set()


# --- the search can fail ----------------------------------------------------------------------------


def leaked(data: bytes, suffix: str) -> bytes:
    """A published file, with a canary where its form has room for words."""
    if suffix in (".html", ".svg"):
        return data.replace(b"</title>", f" &#99;{WORD[1:]}</title>".encode(), 1)
    if suffix in (".json", ".jsonld"):
        return data.replace(b'": "', f'": "\\u0063{WORD[1:]} '.encode(), 1)
    return data + f"\n/* {WORD.upper()} */\n".encode()


@pytest.mark.parametrize("suffix", sorted(KINDS - {".ods"}))
def test_a_leak_into_a_file_of_each_kind_is_found(site, tmp_path, suffix):
    for number, file in enumerate(sorted(site.rglob(f"*{suffix}"))[:3]):
        data = leaked(file.read_bytes(), suffix)
        assert data != file.read_bytes()
        (tmp_path / f"{number}{suffix}").write_bytes(data)
        assert found_under(tmp_path)[f"{number}{suffix}"] == {WORD}


def test_a_leak_into_each_member_of_a_workbook_or_its_name_is_found(site, tmp_path):
    file = sorted(site.rglob("*.ods"))[0]
    with zipfile.ZipFile(file) as held:
        members = {name: held.read(name) for name in held.namelist()}
    assert {"content.xml", "meta.xml", "styles.xml"} <= set(members)
    for leaky in (*members, "name"):
        made = tmp_path / "leaky.ods"
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for name, data in members.items():
                new.writestr(name, data + f"<!-- {WORD} -->".encode() * (name == leaky))
            if leaky == "name":
                new.writestr(f"Pictures/{WORD}.png", b"")
        assert found_under(tmp_path) == {"leaky.ods": {WORD}}, leaky


def test_what_the_product_is_made_to_tell_is_found_in_every_kind_that_it_writes(
    planted, tmp_path, monkeypatch, capsys
):
    monkeypatch.setitem(answering.GROUPS, "violence", f"Violence, by {WORD}")
    publisher = canary(8, 4)
    words = ("--publisher", f"The force of {publisher}", "--reason", f"{publisher} is known")
    site = published(planted, tmp_path, *words)
    told = found_under(site)
    assert kinds_of(name for name, one in told.items() if WORD in one) >= {
        ".html", ".svg", ".csv", ".ods",
    }  # fmt: skip
    assert kinds_of(name for name, one in told.items() if publisher in one) >= {
        ".html", ".json", ".jsonld", ".ods", ".txt",
    }  # fmt: skip
    assert kinds_of(told) == KINDS - {".css"}, "whose words come from no case"
    assert found_under(tmp_path / "answers"), "and in what is remembered"

    capsys.readouterr()
    (tmp_path / WORD).mkdir()
    published(planted, tmp_path / WORD)
    assert found_in(capsys.readouterr().out.encode()) == {WORD}, "and in what is printed"


# --- labels are taken from cases: only those that are listed are told ---------------------------------

LABELLED = (
    "district", "resolution_action", "completion", "feedback", "panel_finding", "authority_reason",
    "victim_not_consulted_reason", "offender_sex", "authority_rank", "admission_form",
    "resolution_restorative_process", "offender_ethnicity", "resolution_delivery",
)  # fmt: skip
"""Columns of codes, in which somebody may have written a name."""


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """The planted history, with a canary for the code in a seventh of the cases, and for offences in some."""
    instead = {
        name: f"CASE WHEN n % 7 = {at % 7} THEN printf('cny%04df{at:03}', n) ELSE {name} END"
        for at, name in enumerate(LABELLED)
    }
    instead["offence_code"] = (
        "CASE WHEN n % 50 = 0 THEN printf('cny%04df099', n) ELSE offence_code END"
    )
    return plant(tmp_path_factory.mktemp("named") / "real.parquet", **instead)


def test_a_name_in_the_place_of_a_code_is_told_nowhere_on_the_site(named, tmp_path, capsys, caplog):
    caplog.set_level(0)
    site = published(named, tmp_path)
    assert found_under(site) == {}
    told = capsys.readouterr()
    assert found_in(f"{told.out}{told.err}{caplog.text}".encode()) == set()
    for name in ("site-district", "site-feedback", "site-why"):
        (csv,) = (site / "data").glob(f"*/{name}/table-1.csv")
        table = csv.read_text("utf-8")
        assert NOT_LISTED in table, "they are counted"


@pytest.mark.parametrize(
    "question", sorted(one.id for one in questions().values() if one.attributes)
)
def test_a_name_in_the_place_of_a_code_is_told_in_no_answer(named, tmp_path, question):
    given = ["--cases", str(named), "--answers", str(tmp_path / "answers"), *SAID]
    out = tmp_path / "answered"
    status = main(["answer", question, *given, "--out", str(out)])
    if status:
        assert not out.exists(), "refused: nothing left"
        return
    assert found_under(out) == {}


def by_district(cases: Path, folder: Path) -> int:
    """How `amends answer` ends for the question by district, with its memory and its answer in *folder*."""
    given = ["--cases", str(cases), "--answers", str(folder / "answers"), *SAID]
    return main(["answer", "site-district", *given, "--out", str(folder / "out")])


def test_a_label_that_no_list_holds_would_be_found(named, tmp_path, monkeypatch):
    every = tuple(canary(case, LABELLED.index("district")) for case in range(CASES))
    monkeypatch.setattr(families, "listed", lambda one, answers: replace(one, labels=every))
    (tmp_path / "answers").mkdir()
    assert by_district(named, tmp_path) == 0
    told = found_under(tmp_path / "out")
    assert kinds_of(told) >= {".html", ".csv", ".ods", ".json", ".txt"}


def test_a_force_lists_labels_of_its_own(planted, tmp_path, capsys):
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "labels.toml").write_text('district = ["Ambermoor", "Brackmere"]\n')
    assert by_district(planted, tmp_path) == 0
    table = (tmp_path / "out/release/table-1.csv").read_text("utf-8")
    assert "Ambermoor" in table
    assert NOT_LISTED in table
    assert "Estermouth" not in table
    for number, (wrong, said) in enumerate(
        (
            ('feedback = ["satisfied"]', "A force lists those of: district."),
            ("district = 1", "what is no list of labels"),
            (f'district = ["{"x" * 61}"]', "at most 60 letters"),
            ("district = [", "cannot be read"),
        )
    ):
        folder = tmp_path / str(number)
        (folder / "answers").mkdir(parents=True)
        (folder / "answers" / "labels.toml").write_text(wrong)
        assert by_district(planted, folder) == 2
        assert said in capsys.readouterr().err
        assert not (folder / "out").exists()
