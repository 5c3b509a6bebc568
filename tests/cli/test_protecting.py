"""`amends protect` and `amends certificate check`: from a CSV file to a proved release, or to nothing at all."""

import csv
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from amends.cli import main

pytest.importorskip("highspy", reason="the extra `protect` is not installed")

SHARED = Path(__file__).parents[3] / "shared" / "data" / "police_uk"

COUNTS = [("2024", "Theft", 3), ("2024", "Arson", 9), ("2024", "Fraud", 40), ("2025", "Theft", 12),
          ("2025", "Arson", 15), ("2025", "Fraud", 7), ("2026", "Theft", 21), ("2026", "Arson", 0),
          ("2026", "Fraud", 33)]  # fmt: skip

FORM = """
id = "first"
snapshot = "2026-03-31"
unit = "cases"
made = 2026-04-02
reason = "few cases in a district of few people"
judged_by = "the data protection officer"
key = "00ff"

[[table]]
title = "Cases by year and offence"
[[table.axis]]
dimension = "year"
total = "All years"
[[table.axis]]
dimension = "offence"
total = "All offences"
"""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(COUNTS)
    Path("form.toml").write_text(FORM, "utf-8")
    return tmp_path


def write(rows, header="year,offence,count", name="counts.csv"):
    lines = [header, *(",".join(map(str, row)) for row in rows)]
    Path(name).write_text("\n".join(lines) + "\n", "utf-8")


def protect(*more, out="out") -> int:
    return main(["protect", "counts.csv", "--spec", "form.toml", "--out", out, *more])


def changed(**pairs):
    text = Path("form.toml").read_text("utf-8")
    for old, new in pairs.items():
        assert old in text
        text = text.replace(old, new)
    Path("form.toml").write_text(text, "utf-8")


def test_a_table_is_protected_proved_and_written(desk, capsys):
    assert protect() == 0
    told = capsys.readouterr().out
    assert "1 primary" in told
    assert "Proved for 1 protected cells." in told
    assert {path.name for path in Path("out").iterdir()} == {
        "snapshot.json", "release.json", "certificate.json", "table.csv", "report.txt",
    }  # fmt: skip
    with Path("out/table.csv").open(encoding="utf-8") as held:
        rows = list(csv.DictReader(held))
    assert len(rows) == 16
    assert rows[0].keys() == {"year", "offence", "count", "marker"}
    theft = next(row for row in rows if (row["year"], row["offence"]) == ("2024", "Theft"))
    assert (theft["count"], theft["marker"]) == ("", "[c]")
    assert all(row["count"].isdigit() != bool(row["marker"]) for row in rows)
    assert "primary (counts 3)" in Path("out/report.txt").read_text("utf-8")
    assert "judged by the data protection officer" in Path("out/report.txt").read_text("utf-8")
    assert Path("out").stat().st_mode & 0o077 == 0


def test_the_certificate_is_checked_by_anybody_who_has_the_snapshot(desk, capsys):
    protect()
    files = ["out/snapshot.json", "out", "out/certificate.json"]
    Path("out/release.json").rename("out/release-first.json")
    assert main(["certificate", "check", *files]) == 0
    told = capsys.readouterr().out
    assert ": proved, 1 protected of 16 cells" in told
    claimed = Path("out/certificate.json").read_bytes()
    assert hashlib.sha256(claimed).hexdigest()[:8] not in told
    release = json.loads(Path("out/release-first.json").read_text("utf-8"))
    release["reason"] = "another"
    Path("out/release-first.json").write_text(json.dumps(release), "utf-8")
    assert main(["certificate", "check", *files]) == 1
    told = capsys.readouterr().out
    assert "release first: what is certified is not what is here" in told
    assert "NOT proved" in told


def test_a_damaged_certificate_is_bad_input(desk, capsys):
    protect()
    path = Path("out/certificate.json")
    files = ["out/snapshot.json", "out/release.json", str(path)]
    good = path.read_text("utf-8")
    for bad, wrong in (
        (good[:-9], "is not JSON"),
        (good.replace("amends-certificate-1", "amends-certificate-9"), "cannot read"),
        (good.replace('"moves":[[', '"moves":[[true,'), "must be whole numbers only"),
        (good.replace('"moves":[[', '"moves":[[1,'), "must be pairs"),
    ):
        path.write_text(bad, "utf-8")
        assert main(["certificate", "check", *files]) == 2
        told = capsys.readouterr().err
        assert "certificate.json" in told
        assert wrong in told or "can read" in told


def test_a_certificate_without_a_release_is_bad_input(desk, capsys):
    protect()
    assert main(["certificate", "check", "out/snapshot.json", "out/certificate.json"]) == 2
    assert "Name a release" in capsys.readouterr().err


def test_checking_needs_nothing_but_python(desk):
    protect()
    code = (
        "import sys\n"
        "class No:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name.partition('.')[0] in {'numpy', 'highspy', 'rich', 'django', 'duckdb'}:\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, No())\n"
        "from amends.cli import main\n"
        "sys.exit(main(['certificate', 'check', 'out/snapshot.json', 'out/release.json', 'out/certificate.json']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "proved" in done.stdout


# ---- a history -------------------------------------------------------------------------------


def test_a_second_answer_agrees_with_the_first(desk, capsys):
    Path("history").mkdir()
    protect(out="history/first")
    changed(
        first="second", **{'[[table.axis]]\ndimension = "offence"\ntotal = "All offences"\n': ""}
    )
    assert protect("--history", "history") == 0
    files = ["history", "out/release.json", "out/certificate.json"]
    assert main(["certificate", "check", "out/snapshot.json", *files]) == 0
    # The later certificate is of both releases: alone, the first is not what it certifies.
    assert main(["certificate", "check", "out/snapshot.json", *files[1:]]) == 1


def test_counts_of_another_day_need_another_snapshot(desk, capsys):
    Path("history").mkdir()
    protect(out="history/first")
    write([("2024", "Theft", 4), *COUNTS[1:]])
    changed(first="second")
    assert protect("--history", "history") == 2
    told = capsys.readouterr().err
    assert "counts 4 of (2024, Theft), and the snapshot 2026-03-31 counts 3" in told
    changed(**{"2026-03-31": "2026-04-30"})
    assert protect("--history", "history") == 0
    assert "1 earlier releases are from other snapshots" in capsys.readouterr().out


def test_a_history_that_contradicts_itself_is_refused(desk, capsys):
    Path("history").mkdir()
    protect(out="history/first")
    path = Path("history/first/release.json")
    release = json.loads(path.read_text("utf-8"))
    release["tables"][0]["values"][-1] += 1
    path.write_text(json.dumps(release), "utf-8")
    changed(first="second")
    assert protect("--history", "history") == 2
    assert "release first, table 1, cell (All years, All offences): says" in capsys.readouterr().err
    assert not Path("out").exists()


# ---- what is refused -------------------------------------------------------------------------


def test_a_refusal_is_whole_sentences(desk, capsys):
    changed(judged_by="judge")
    assert "form.toml: says 'judge', which is not known. Known: id, " in refused(capsys)
    assert protect("--history", "nowhere") == 2
    said = capsys.readouterr().err
    assert said == "amends: nowhere: is no folder. Name the folder of earlier releases.\n"
    Path("form.toml").unlink()
    assert refused(capsys) == "amends: form.toml: No such file or directory.\n"


def refused(capsys) -> str:
    assert protect() == 2
    assert not Path("out").exists()
    assert not list(Path().glob(".amends-*"))
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([("2024", "Theft", -3)], "line 2: counts '-3'. A count is a whole number"),
        ([("2024", "Theft", "3.5")], "line 2: counts '3.5'"),
        ([("2024", "Theft", "")], "line 2: counts ''"),
        ([("2024", "Theft", 3), ("2024", "Theft", 4)], "line 3: counts the same codes"),
        ([("2024", "Theft")], "line 2: has 2 columns, not 3"),
    ],
)
def test_bad_counts_are_refused_with_their_line(desk, capsys, rows, wrong):
    write(rows)
    assert wrong in refused(capsys)


@pytest.mark.parametrize("header", ["year,offence", "count", "year,year,count"])
def test_a_file_without_its_columns_is_refused(desk, capsys, header):
    write([], header)
    assert "line 1" in refused(capsys)


def test_unknown_codes_are_refused(desk, capsys):
    changed(**{"[[table]]": '[codes]\noffence = ["Theft", "Arson"]\n\n[[table]]'})
    assert "line 4: offence has no code 'Fraud'" in refused(capsys)


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ('reason = "few cases in a district of few people"\n', "", "does not say 'reason'"),
        ('judged_by = "the data protection officer"\n', "", "does not say 'judged_by'"),
        ("few cases in a district of few people", " ", "reason is empty"),
        ('key = "00ff"', 'key = "xyz"', "must be hexadecimal"),
        ('key = "00ff"', 'profile = "lax"', "there is no profile 'lax'"),
        ('key = "00ff"', 'method = "magic"', "there is no method 'magic'"),
        ('key = "00ff"', "threshold = 0", "the threshold is below 1"),
        ('key = "00ff"', "speed = 9", "says 'speed', which is not known"),
        ("made = 2026-04-02", 'made = "soon"', "is no date"),
        ('dimension = "year"', 'dimension = "moon"', "there is no dimension 'moon'"),
        ('dimension = "year"', 'dimension = "offence"', "uses one dimension for two axes"),
        ('total = "All years"', 'categories = { Odd = ["1999"] }', "year has no code '1999'"),
        ('total = "All years"', 'total = "2024"', "there is a category '2024' already"),
        ('id = "first"', "id = first", "is not TOML"),
    ],
)
def test_a_bad_form_is_refused_with_the_place(desk, capsys, old, new, wrong):
    changed(**{old: new})
    told = refused(capsys)
    assert wrong in told
    assert told.count("\n") == 1


def test_totals_beside_must_add_up(desk, capsys):
    write([("All years", "Theft", 36), ("2024", "All offences", 53)], name="totals.csv")
    changed(**{'title = "': 'totals = "totals.csv"\ntitle = "'})
    assert "totals.csv, line 3: says 53, and the counts add up to 52" in refused(capsys)
    write([("All years", "Theft", 36), ("2024", "All offences", 52)], name="totals.csv")
    assert protect() == 0
    write([("All years", "Murder", 36)], name="totals.csv")
    assert protect(out="more") == 2
    assert "offence has no category 'Murder'" in capsys.readouterr().err


def test_a_hierarchy_gives_categories(desk, capsys):
    write(
        [("Theft", "Acquisitive"), ("Fraud", "Acquisitive"), ("Arson", "")],
        "offence,group",
        "offences.csv",
    )
    changed(**{'total = "All offences"': 'hierarchy = "offences.csv"\ntotal = "All offences"'})
    assert protect() == 0
    assert "2024,Acquisitive," in Path("out/table.csv").read_text("utf-8")
    write([("Theft", "Acquisitive"), ("Fraud", "Acquisitive")], "offence,group", "offences.csv")
    assert protect(out="more") == 2
    assert "does not have the code 'Arson'" in capsys.readouterr().err


def test_a_folder_that_is_there_is_not_written_over(desk, capsys):
    Path("out").mkdir()
    Path("out/kept.txt").write_text("kept", "utf-8")
    assert protect() == 2
    assert "is there already" in capsys.readouterr().err
    assert [path.name for path in Path("out").iterdir()] == ["kept.txt"]


def test_nothing_half_written_is_left(desk, capsys, monkeypatch):
    from amends.disclosure import folders

    monkeypatch.setattr(
        folders.os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    assert "cannot be written: No space left" in refused(capsys)


# ---- real files ------------------------------------------------------------------------------


def real(columns) -> dict[tuple[str, ...], int]:
    """Crimes of Avon and Somerset in police_uk, counted by what *columns* makes of a row."""
    import gzip

    found: dict[tuple[str, ...], int] = {}
    for path in sorted(SHARED.glob("avon-and-somerset-street/*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8-sig") as held:
            for row in csv.DictReader(held):
                if row["Crime type"] != "Anti-social behaviour" and row["LSOA name"]:
                    key = columns(row)
                    found[key] = found.get(key, 0) + 1
    return found


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data/police_uk")
@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("month,type", lambda row: (row["Month"], row["Crime type"])),
        (
            "district,year,type",
            lambda row: (row["LSOA name"][:-5], row["Month"][:4], row["Crime type"]),
        ),
    ],
)
def test_real_crimes_end_to_end(desk, capsys, header, columns):
    counts = real(columns)
    with Path("counts.csv").open("w", encoding="utf-8", newline="") as held:
        writer = csv.writer(held)
        writer.writerow([*header.split(","), "count"])
        writer.writerows([*key, count] for key, count in counts.items())
    axes = "".join(
        f'[[table.axis]]\ndimension = "{one}"\ntotal = "All"\n' for one in header.split(",")
    )
    Path("form.toml").write_text(FORM.partition("[[table.axis]]")[0] + axes, "utf-8")
    assert protect() == 0
    told = capsys.readouterr().out
    with capsys.disabled():
        print(f"\n{header}: {told.splitlines()[2]}")
    assert (
        main(
            [
                "certificate",
                "check",
                "out/snapshot.json",
                "out/release.json",
                "out/certificate.json",
            ]
        )
        == 0
    )
