"""`amends audit`, `compare`, `invent` and `demo`: what they print, what they leave, what they refuse."""

import errno
import fcntl
import json
import os
import pty
import shutil
import struct
import subprocess
import sys
import termios
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest

from amends.audit import writing
from amends.cli import main
from amends.demo.inventing import invent
from amends.disclosure.tables import WARNING
from support.histories import written

SRC = Path(__file__).parents[2] / "src"
PUBLISHED = files("amends.policy") / "published"
AVON, ACPO, KENT = "avon-and-somerset-2011", "acpo-2012", "kent-2023"
FILES = {"report.txt", "summary.json", "verdicts.parquet", "faults.csv"}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """An invented history of a thousand rows."""
    path = tmp_path_factory.mktemp("made") / "h.parquet"
    invent(path, rows=1_000)
    return path


@pytest.fixture
def here(tmp_path, monkeypatch, made):
    """A folder of our own with the history in it; whatever else is left in it is seen."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(made, tmp_path / "h.parquet")
    return tmp_path


@pytest.fixture
def amends(capsys, here):
    """Runs a command; gives what it printed, or what it said in refusing."""

    def run(*words, status=0):
        found = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert found == status, (out, err)
        assert "Traceback" not in err
        if status:
            assert out == ""
            assert len(err.splitlines()) == 1 or err.startswith("usage: ")
            return err
        return out

    return run


def left(here: Path) -> set[str]:
    return {path.name for path in here.iterdir()}


# --- audit ----------------------------------------------------------------------------------------


def test_an_audit_prints_its_report_and_says_that_it_is_raw_and_invented(amends, here):
    out = amends("audit", "h.parquet")
    assert out.startswith(f"{WARNING}\n\nh.parquet: 1,000 cases\nINVENTED: every person")
    for title in ("Judged by", "Who could have allowed it", "Who did allow it", "For what",
                  f"By rule of {AVON}", "By fact not known", "Records the policy wants",
                  "Faults in the history"):  # fmt: skip
        assert title in out
    assert left(here) == {"h.parquet"}


def test_every_engine_prints_the_same_report(amends):
    assert amends("audit", "h.parquet", "--engine", "plain") == amends("audit", "h.parquet")
    assert amends("audit", "h.parquet", "--threads", "1") == amends("audit", "h.parquet")


def test_an_audit_is_written_to_a_folder_and_may_replace_an_earlier_one(amends, here):
    for _ in range(2):
        out = amends("audit", "h.parquet", "--out", "out")
        assert "Written to out: report.txt, summary.json, verdicts.parquet, faults.csv" in out
        assert left(here) == {"h.parquet", "out"}
        assert left(here / "out") == FILES
    assert (here / "out" / "report.txt").read_text() in out + "\n"
    assert json.loads((here / "out" / "summary.json").read_text())["rows"] == 1_000
    (here / "link").symlink_to("out")
    amends("audit", "h.parquet", "--out", "link")
    assert (here / "link").is_symlink()
    (here / "empty").mkdir()
    amends("audit", "h.parquet", "--out", "empty")
    assert left(here / "empty") == FILES


def test_the_cases_behind_a_rule_are_listed(amends):
    out = amends("audit", "h.parquet", "--rule", "CR-VIC-03", "--most", "3")
    assert out.startswith(f"{WARNING}\n\nINVENTED: ")
    assert "CR-VIC-03: raised in " in out
    assert out.count("\n  row ") == 3
    assert "nobody; excluded" in out
    assert "Judged by" not in out
    open_ = amends("audit", "h.parquet", "--rule", f"{AVON}/CR-VIC-03", "--unknown")
    assert "CR-VIC-03: not known in " in open_
    assert open_.count("\n  row ") == 20
    assert " more\n" in open_


def test_one_policy_alone_is_a_trial(amends):
    out = amends("audit", "h.parquet", "--only", "npcc-2022")
    assert "TRIAL: every case is judged by npcc-2022, whatever its day and force." in out
    assert "part 1: npcc-2022; every day and force; 1,000 cases" in out
    assert "By rule of acpo-2012" not in out
    both = amends("audit", "h.parquet", "--only", f"{ACPO}+{AVON}", "--engine", "plain")
    assert f"part 1: {ACPO} + {AVON}; every day and force; 1,000 cases" in both


def test_a_policy_of_the_user_s_own_takes_its_place_on_the_shelf(amends, here, capsys):
    text = (PUBLISHED / f"{AVON}.toml").read_text("utf-8")
    own = here / "own.toml"
    own.write_text(text.replace(f'"{AVON}"', '"own"').replace('"avon-and-somerset"', '"surrey"'))
    written(here / "s.parquet", {"force": "'surrey'"})
    out = amends("audit", "s.parquet", "--policy", own)
    assert "part 1: acpo-2012 + own; 2013-06-01, surrey; 1 case" in out
    assert main(["audit", "h.parquet", "--policy", str(own)]) == 0
    assert "amends: note: own took no part: it covers no case." in capsys.readouterr().err
    alone = amends("audit", "h.parquet", "--only", own)
    assert "TRIAL: every case is judged by own" in alone


def test_a_draft_judges_nothing_unless_it_is_tried_and_then_says_so(amends, here, capsys):
    assert main(["audit", "h.parquet", "--only", "illustrative-force"]) == 0
    out, err = capsys.readouterr()
    assert "ILLUSTRATIVE: made up, and no published text: illustrative-force" in out
    assert "DRAFT: decides nothing, and is only tried: illustrative-force." in out
    assert err == ""
    text = (PUBLISHED / "background-law.toml").read_text("utf-8")
    (here / "draft.toml").write_text(text.replace('"background-law"', '"draft-law"', 1))
    assert main(["audit", "h.parquet", "--policy", "draft.toml"]) == 0
    assert "note: draft-law took no part: it is a draft." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required: HISTORY.parquet"),
        (["none.parquet"], "none.parquet: There is no such file."),
        (["."], "It is no file, but a folder"),
        (["h.parquet", "--engine", "abacus"], "invalid choice: 'abacus'"),
        (["h.parquet", "--threads", "0"], "'0' is not a whole number above 0."),
        (["h.parquet", "--most", "-3"], "'-3' is not a whole number above 0."),
        (["h.parquet", "--most", "some"], "'some' is not a whole number above 0."),
        (["h.parquet", "--unknown"], "--unknown: It goes with --rule."),
        (["h.parquet", "--rule", "CR-VIC-3"], "CR-VIC-3: No rule of this audit has that id. Did you mean CR-VIC-03"),
        (["h.parquet", "--rule", "x"], "x: No rule of this audit has that id. Known: CR-"),
        (["h.parquet", "--rule", "CR-VIC-03", "--only", "npcc-2022"], "CR-VIC-03: No rule of this audit"),
        (["h.parquet", "--only", "npcc-2023"], "npcc-2023: There is no such policy on the shelf. Did you mean"),
        (["h.parquet", "--only", ""], "There is no such policy on the shelf."),
        (["h.parquet", "--only", "none.toml"], "none.toml: "),
        (["h.parquet", "--policy", "none.toml"], "none.toml"),
        (["h.parquet", "--out", "h.parquet"], "h.parquet: It exists, and is no earlier audit."),
        (["h.parquet", "--out", "no/where"], "no/where: There is no folder "),
        (["h.parquet", "--out", "."], ".: It exists, and is no earlier audit."),
        (["h.parquet", "--out", "other"], "other: It exists, and is no earlier audit. Name another folder."),
        (["h.parquet", "--out", "/proc/x"], "/proc/x: It cannot be written: "),
        (["h.parquet", "--out", "x" * 300], "It cannot be written: File name too long."),
    ],
)  # fmt: skip
def test_an_audit_that_cannot_be_made_says_why_and_leaves_nothing(amends, here, words, said):
    (here / "other").mkdir()
    (here / "other" / "summary.json").write_text("{}")
    (here / "other" / "mine.txt").write_text("mine")
    assert said in amends("audit", *words, status=2)
    assert left(here) == {"h.parquet", "other"}
    assert left(here / "other") == {"summary.json", "mine.txt"}


@pytest.mark.parametrize("column", ["offender_age", "victims"])
def test_a_bad_value_is_refused_before_anything_is_written(amends, here, column):
    value = "300" if column == "offender_age" else "[{'age': 300}]"
    written(here / "bad.parquet", {}, {column: value})
    said = amends("audit", "bad.parquet", "--out", "out", status=2)
    assert said.startswith(f"amends: bad.parquet: row 2, {column}")
    assert left(here) == {"h.parquet", "bad.parquet"}


def test_a_folder_that_may_not_be_written_to_is_refused_before_any_work(amends, here, monkeypatch):
    def denied(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(writing, "mkdtemp", denied)  # root may write wherever it likes
    monkeypatch.setattr("amends.cli.auditing.open_history", None)
    said = amends("audit", "h.parquet", "--out", "out", status=2)
    assert said == "amends: out: It cannot be written: Permission denied.\n"


def test_a_disk_that_fills_up_leaves_the_earlier_audit_as_it_was(amends, here, monkeypatch):
    amends("audit", "h.parquet", "--out", "out")
    before = (here / "out" / "report.txt").read_bytes()

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing.json, "dumps", full)
    said = amends("audit", "h.parquet", "--only", "npcc-2022", "--out", "out", status=2)
    assert said == "amends: out: It cannot be written: No space left on device.\n"
    assert left(here) == {"h.parquet", "out"}
    assert (here / "out" / "report.txt").read_bytes() == before


def test_a_history_of_no_rows_is_audited(amends, here):
    duckdb.execute(f"COPY (SELECT * FROM '{here}/h.parquet' LIMIT 0) TO '{here}/none.parquet'")
    for engine in ("duckdb", "plain"):
        assert "none.parquet: 0 cases" in amends("audit", "none.parquet", "--engine", engine)
    assert "0 of 0 cases change." in amends("compare", ACPO, AVON, "none.parquet")


# --- compare --------------------------------------------------------------------------------------


def test_two_policies_are_compared_by_id_by_file_and_joined(amends, here):
    out = amends("compare", f"{ACPO}+{AVON}", "npcc-2022", "h.parquet")
    assert out.startswith(f"{WARNING}\n\nBefore: {ACPO}+{AVON}\nAfter:  npcc-2022\nINVENTED: ")
    assert " of 1,000 cases change." in out
    assert "Who may allow it, before (down) and after (across) (cases)" in out
    shutil.copy(str(PUBLISHED / f"{AVON}.toml"), here / "one.toml")
    shutil.copy(str(PUBLISHED / "npcc-2022.toml"), here / "a+b.toml")
    assert amends("compare", f"{ACPO}+one.toml", "a+b.toml", "h.parquet") == out


def test_a_policy_compared_with_itself_changes_no_case(amends):
    out = amends("compare", KENT, KENT, "h.parquet")
    assert "0 of 1,000 cases change." in out
    assert "rules behind" not in out


def test_a_comparison_says_what_is_made_up(amends):
    out = amends("compare", "npcc-2022", "illustrative-force", "h.parquet")
    assert "ILLUSTRATIVE: made up, and no published text: " in out
    assert "DRAFT: " in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["npcc-2022", "h.parquet"], "the following arguments are required: HISTORY.parquet"),
        (["npcc-2022", "npc-2022", "h.parquet"], "npc-2022: There is no such policy on the shelf. Did you mean npcc"),
        (["npcc-2022", "npcc-2022+", "h.parquet"], "There is no such policy on the shelf."),
        (["npcc-2022", "h.parquet", "h.parquet"], "h.parquet: "),
        (["npcc-2022", KENT, "none.parquet"], "none.parquet: There is no such file."),
    ],
)  # fmt: skip
def test_a_comparison_that_cannot_be_made_says_why(amends, words, said):
    assert said in amends("compare", *words, status=2)


# --- invent and demo ------------------------------------------------------------------------------


def test_a_history_is_invented_and_says_so(amends, here):
    span = ("--from", "2015-01-01", "--to", "2015-12-31")
    out = amends("invent", "new.parquet", "--rows", "50", "--seed", "7", *span)
    assert out.startswith("INVENTED: 50 community resolutions, 2015-01-01 to 2015-12-31, seed 7; ")
    assert out.endswith("Written to new.parquet.\n")
    days = duckdb.execute(
        f"SELECT count(*), min(decision_date), max(decision_date) FROM '{here}/new.parquet'"
    )
    count, first, last = days.fetchone() or ()
    assert count == 50
    assert str(first) >= "2015-01-01"
    assert str(last) <= "2015-12-31"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required: OUT.parquet"),
        (["x.parquet", "--rows", "0"], "rows is 0: give a whole number from 1"),
        (["x.parquet", "--rows", "ten"], "invalid int value: 'ten'"),
        (["x.parquet", "--seed", "-1"], "seed is -1: give a whole number from 0"),
        (["x.parquet", "--from", "2013-02-30"], "'2013-02-30' is not a date that exists."),
        (["x.parquet", "--from", "2013-02-03", "--to", "2012-01-01"], "from 2013-02-03 is after to 2012-01-01"),
        (["no/x.parquet"], "There is no folder no to put x.parquet in"),
        (["."], ". is a folder: give a file in it"),
        (["/proc/x.parquet"], "/proc/x.parquet cannot be written: "),
    ],
)  # fmt: skip
def test_a_history_that_cannot_be_invented_says_why_and_leaves_nothing(amends, here, words, said):
    assert said in amends("invent", *words, status=2)
    assert left(here) == {"h.parquet"}


def test_the_demo_shows_all_three_and_leaves_nothing(amends, here):
    out = amends("demo", "--rows", "400")
    assert "INVENTED: 400 community resolutions, 2011-04-01 to 2014-03-31, seed 1; " in out
    for title in (
        "1. An invented history",
        "2. The audit",
        "3. Two policies compared",
        "4. Where to look",
    ):
        assert f"\n{title}" in out
    assert WARNING in out
    assert "amends invent history.parquet" in out
    assert str(Path(os.environ.get("TMPDIR", "/tmp"))) not in out.replace(str(here), "")
    assert left(here) == {"h.parquet"}


def test_the_demo_keeps_its_history_where_it_is_told_to(amends, here):
    out = amends("demo", "--rows", "100", "--out", "kept here")
    assert left(here / "kept here") == {"invented.parquet"}
    assert "amends audit 'kept here/invented.parquet' --out audit" in out
    assert "amends invent" not in out
    assert "invented.parquet: 100 cases" in amends("audit", "kept here/invented.parquet")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "h.parquet"], "h.parquet: The folder cannot be made: File exists."),
        (["--out", "/proc/x/y"], "/proc/x/y: The folder cannot be made: "),
        (["--rows", "0"], "rows is 0"),
    ],
)
def test_a_demo_that_cannot_be_shown_says_why(amends, here, words, said):
    assert said in amends("demo", *words, status=2)
    assert left(here) == {"h.parquet"}


# --- stopping, and a terminal ---------------------------------------------------------------------


@pytest.mark.parametrize("words", [["audit", "h.parquet"], ["compare", ACPO, AVON, "h.parquet"]])
def test_ctrl_c_stops_the_database_at_once_and_leaves_nothing(here, words):
    """A query that would run for days; the signal comes while the database is at it."""
    program = f"""if True:
        import os, signal, sys, threading
        from amends.audit import auditing, comparing
        from amends.cli import main

        # Started in the background, a program is told to ignore the signal: not this one.
        signal.signal(signal.SIGINT, signal.default_int_handler)

        def forever(connection, *_):
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
            connection.execute("SELECT sum(i) FROM range(1000000000000000) AS t(i)")

        auditing.judge_into = comparing.judge_pair_into = forever
        sys.exit(main({words!r}))
    """
    (here / "tmp").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(SRC), "TMPDIR": str(here / "tmp")},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "amends: stopped.\n")
    assert left(here) == {"h.parquet", "tmp"}
    assert left(here / "tmp") == set()


@pytest.mark.parametrize(
    "words", [["audit", "h.parquet"], ["compare", f"{ACPO}+{AVON}", "npcc-2022", "h.parquet"]]
)
def test_on_a_terminal_no_line_is_longer_than_it_is_wide(here, words):
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    env = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    with subprocess.Popen(
        [sys.executable, "-m", "amends", *words],
        env={**env, "PYTHONPATH": str(SRC)}, stdout=theirs, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        os.close(theirs)
        told = b""
        while more := _read(ours):
            told += more
    os.close(ours)
    lines = told.decode().replace("\r\n", "\n").splitlines()
    assert running.returncode == 0
    assert len(lines) > 20
    assert [line for line in lines if len(line) > 80] == []
    assert any(line.endswith("...") for line in lines)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # how Linux says that the other end was closed
        return b""
