"""`amends release` and `amends scan`: from a protected folder to one for the public, or to nothing at all."""

import subprocess
import sys
from pathlib import Path

import pytest

from amends.cli import main
from support.planting import ODS, planted
from support.publishing import FORM, proved, put


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put(proved(), tmp_path / "safe")
    Path("about.toml").write_text(FORM, "utf-8")
    return tmp_path


def build(*more, to="out"):
    return main(["release", "build", "safe", "--about", "about.toml", "--to", to, *more])


def test_a_folder_is_built_checked_and_made_once_more(desk, capsys):
    assert build() == 0
    told = capsys.readouterr().out
    assert "4 of 16 figures withheld\n  More than one in ten" in told
    assert "8 files written to out, and checked." in told
    assert main(["release", "check", "out", "--from", "safe"]) == 0
    assert "every byte is the same" in capsys.readouterr().out
    assert main(["release", "check", "out"]) == 0
    assert "was not made once more" in capsys.readouterr().out
    assert build(to="again") == 0
    for path in Path("out").iterdir():
        assert path.read_bytes() == (Path("again") / path.name).read_bytes()


def test_nothing_confidential_is_in_the_folder(desk):
    build()
    names = {path.name for path in Path("out").iterdir()}
    assert not names & {"snapshot.json", "certificate.json", "report.txt", "seal.key"}
    assert all(path.stat().st_mode & 0o777 == 0o644 for path in Path("out").iterdir())


def test_what_was_changed_afterwards_is_told(desk, capsys):
    build()
    table = Path("out/table-1.csv")
    table.write_text(table.read_text("utf-8").replace("r2,c1,9", "r2,c1,8"), "utf-8")
    capsys.readouterr()
    assert main(["release", "check", "out", "--from", "safe"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "table-1.csv: It is not the file that release.json names."
    assert told[-1] == "table-1.csv: Made once more, it is another."


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("{1: All / All} cases", "12 cases", "says 12, and nothing has shown"),
        ("{1: All / All}", "{1: r0 / c0}", "which is withheld"),
        ('title = "', "title = ", "is not TOML"),
        ("published = 2026-04-30", 'published = "soon"', "is no date: 'soon'"),
    ],
)
def test_a_form_that_will_not_do_leaves_nothing_behind(desk, capsys, old, new, wrong):
    text = Path("about.toml").read_text("utf-8")
    assert old in text
    Path("about.toml").write_text(text.replace(old, new), "utf-8")
    assert build() == 2
    assert wrong in capsys.readouterr().err
    assert not Path("out").exists()


def test_a_folder_that_is_not_proved_is_refused(desk, capsys):
    text = Path("safe/release.json").read_text("utf-8").replace("null", "3", 1)
    Path("safe/release.json").write_text(text, "utf-8")
    assert build() == 2
    assert "is not proved safe" in capsys.readouterr().err
    assert not Path("out").exists()


def test_no_folder_is_written_over(desk, capsys):
    build()
    assert build() == 2
    assert "is there already" in capsys.readouterr().err


def test_scan_tells_where_what_is_hidden_and_of_which_kind(desk, capsys):
    build()
    good = Path("out/resolutions-2025.ods")
    Path("bad.ods").write_bytes(planted(good.read_bytes(), ODS["a comment"][1]))
    capsys.readouterr()
    assert main(["scan", str(good), "--author", "Barsetshire Constabulary"]) == 0
    assert capsys.readouterr().out == "1 read, 0 with something hidden.\n"
    assert main(["scan", str(good), "bad.ods", "--author", "Barsetshire Constabulary"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "bad.ods, sheet Table_1, row 7, cell 5: comment: annotation",
        "  comment: a comment or note",
        "2 read, 1 with something hidden.",
    ]


def test_scan_wants_to_be_told_who_may_be_the_author(desk, capsys):
    build()
    assert main(["scan", "out/resolutions-2025.ods"]) == 1
    assert "person: creator: Barsetshire Constabulary" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["about.toml", "nothing.ods"])
def test_what_scan_cannot_read_is_bad_input(desk, capsys, name):
    assert main(["scan", name]) == 2
    assert capsys.readouterr().out == ""


def test_both_need_nothing_but_python(desk):
    script = (
        "import sys, amends.cli.publishing, amends.cli.scanning; "
        "print([m for m in ('django', 'numpy', 'lxml', 'odfdo', 'jinja2', 'govuk_bank_holidays') if m in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"


# --- from the counts to the folder, with nothing invented in between --------------------------------

COUNTS = """year,offence,count
2024,Theft,3
2024,Arson,9
2024,Fraud,1040
2025,Theft,12
2025,Arson,15
2025,Fraud,7
"""
SPEC = """
id = "{id}"
snapshot = "2026-03-31"
unit = "cases"
made = 2026-04-02
reason = "few people live there"
judged_by = "the data protection officer"
key = "00ff"
method = "{method}"
[[table]]
title = "Cases by year and offence"
[[table.axis]]
dimension = "year"
total = "All years"
[[table.axis]]
dimension = "offence"
total = "All offences"
"""
ABOUT = """
id = "cases"
title = "Cases, 2024 and 2025"
headline = "{1: All years / All offences} cases."
publisher = "Barsetshire Constabulary"
contact = "foi@barsetshire.example"
licence = "https://licence.example/open"
published = 2026-04-30
summary = ["In two years."]
[columns]
year = "Year"
offence = "Kind of offence"
"""


def protect(name, method="suppression", *more):
    Path(f"{name}.toml").write_text(SPEC.format(id=name, method=method), "utf-8")
    return main(["protect", "counts.csv", "--spec", f"{name}.toml", "--out", name, *more])


@pytest.mark.parametrize(
    ("method", "headline"), [("suppression", "1,086 cases"), ("rounding", "About 1,0")]
)
def test_counts_are_protected_published_and_made_once_more(
    tmp_path, monkeypatch, capsys, method, headline
):
    pytest.importorskip("highspy", reason="the extra `protect` is not installed")
    monkeypatch.chdir(tmp_path)
    Path("counts.csv").write_text(COUNTS, "utf-8")
    Path("cases.toml").write_text(ABOUT, "utf-8")
    assert protect("first", method) == 0
    words = ["--about", "cases.toml", "--to", "out"]
    assert main(["release", "build", "first", *words]) == 0
    assert f'<p class="headline">{headline}' in Path("out/index.html").read_text("utf-8")
    assert main(["release", "check", "out", "--from", "first"]) == 0
    assert main(["scan", "out/cases.ods", "--author", "Barsetshire Constabulary"]) == 0
    told = Path("out/table-1.csv").read_text("utf-8")
    assert "2024,Theft,3," not in told
    capsys.readouterr()


def test_a_second_release_is_published_with_the_first_only_if_it_knows_it(
    tmp_path, monkeypatch, capsys
):
    pytest.importorskip("highspy", reason="the extra `protect` is not installed")
    monkeypatch.chdir(tmp_path)
    Path("counts.csv").write_text(COUNTS, "utf-8")
    Path("cases.toml").write_text(ABOUT, "utf-8")
    assert protect("first") == protect("blind") == 0
    words = ["--about", "cases.toml", "--to", "out"]
    assert main(["release", "build", "first", "blind", *words]) == 2
    assert "was protected without release first" in capsys.readouterr().err
    Path("history").mkdir()
    Path("first").rename("history/first")
    assert protect("second", "suppression", "--history", "history") == 0
    assert main(["release", "build", "second", *words]) == 2  # what it was proved with is not here
    assert main(["release", "build", "second", "--history", "history", *words]) == 0
    told = Path("out/statement.txt").read_text("utf-8")
    assert "and those of 1 earlier release from the same snapshot" in told
    Path("both.toml").write_text(ABOUT, "utf-8")
    assert (
        main(
            ["release", "build", "history/first", "second", "--about", "both.toml", "--to", "both"]
        )
        == 0
    )
    assert main(["release", "check", "both", "--from", "history/first", "second"]) == 0
