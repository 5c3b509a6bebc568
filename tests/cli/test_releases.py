"""`amends releases`: what an officer reads, what is written, and the exit status."""

import json

import pytest

from amends.cli import main
from support.releasing import KEY, answer, axis, small

FORCE = small({(0, 0): 20, (1, 0): 30, (2, 0): 2, (3, 0): 9}, 4, 2)
LATER = small({(0, 0): 20, (1, 0): 30, (2, 0): 3}, 4, 2, id="two")


@pytest.fixture
def folder(tmp_path, capsys):
    """A ledger with a snapshot and one answer."""
    (tmp_path / "ledger").mkdir()
    assert releases("append", tmp_path / "ledger", write(tmp_path, FORCE)) == 0
    (tmp_path / "ledger" / "order.key").write_text(KEY)
    first = answer(FORCE, axis("a", "a0+a1+a2"), id="2024/118")
    assert releases("append", tmp_path / "ledger", write(tmp_path, first)) == 0
    capsys.readouterr()
    return tmp_path / "ledger"


def write(folder, thing, name="thing.json"):
    path = folder / name
    path.write_text(thing.text())
    return path


def releases(*words):
    return main(["releases", *map(str, words)])


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def second(*categories):
    return answer(FORCE, axis("a", *categories), id="2024/119")


def test_an_empty_ledger_says_how_to_begin(tmp_path, capsys):
    assert releases("list", tmp_path) == 0
    assert "Begin with a snapshot: amends releases append" in capsys.readouterr().out


def test_the_list_tells_snapshots_and_releases(folder, capsys):
    assert releases("list", folder) == 0
    assert capsys.readouterr().out == (
        "snapshot 0001  one  61 cases\n"
        "release 0001  2024/118  2026-04-01, from one, foi, threshold 5: 1 of 1 numbers published (Counts)\n"
    )


def test_consider_says_what_is_withheld_and_by_which_answer(folder, tmp_path, capsys):
    out = tmp_path / "out.json"
    new = write(tmp_path, second("a0+a1", "a3", "a2"))
    before = names(folder)
    assert releases("consider", folder, new, "--out", out) == 1
    said = capsys.readouterr().out
    assert said.startswith("For the force's own staff")
    assert "Not for publication" in " ".join(said.split())
    assert "Release 2024/119: 1 of 3 numbers may leave." in said
    assert "withheld: 1 below the threshold" in said
    assert "withheld: 1 that would give a small count by subtraction" in said
    assert "More than one number in ten is withheld" in said
    told = " ".join(said.split())
    assert "a0+a1: would give a count of 2 (a a2) by subtraction, with answer 2024/118." in told
    assert "table 1, a2: counts 2, below the threshold." in told
    assert json.loads(out.read_text())["tables"][0]["values"] == [None, 9, None]
    assert names(folder) == before


def test_what_consider_wrote_can_be_appended(folder, tmp_path, capsys):
    out = tmp_path / "out.json"
    releases("consider", folder, write(tmp_path, second("a0+a1", "a3")), "--out", out)
    assert releases("append", folder, out) == 0
    assert "release 2024/119 is in the ledger, as release-0002.json." in capsys.readouterr().out


def test_consider_and_append_in_one(folder, tmp_path, capsys):
    assert releases("consider", folder, write(tmp_path, second("a3")), "--append") == 0
    assert "It is in the ledger now." in capsys.readouterr().out
    assert "release-0002.json" in names(folder)
    assert releases("consider", folder, write(tmp_path, second("a3"))) == 2
    assert "is in the ledger already" in capsys.readouterr().err


def test_what_was_answered_before_is_told(folder, tmp_path, capsys):
    assert releases("consider", folder, write(tmp_path, second("a0+a1+a2"))) == 0
    said = capsys.readouterr().out
    assert "table 1 was answered before (the same): release 2024/118, table 1 (Counts)" in said


def test_many_reasons_are_cut_unless_all_are_asked_for(tmp_path, capsys):
    wide = small({(at, 0): 1 for at in range(60)}, 60, 1)
    (tmp_path / "wide").mkdir()
    releases("append", tmp_path / "wide", write(tmp_path, wide))
    new = write(tmp_path, answer(wide, axis("a", *(f"a{at}" for at in range(60)))))
    assert releases("consider", tmp_path / "wide", new) == 1
    said = capsys.readouterr().out
    assert said.count("counts 1, below the threshold") == 40
    assert "and 20 more: --all tells them." in said
    assert releases("consider", tmp_path / "wide", new, "--all") == 1
    assert capsys.readouterr().out.count("counts 1, below the threshold") == 60


def test_a_release_that_tells_too_much_is_not_appended(folder, tmp_path, capsys):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert releases("append", folder, write(tmp_path, second("a0+a1"))) == 1
    assert "a0+a1: may not leave: would give a count of 2" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_what_has_left_already_is_recorded_and_then_told_as_lost(folder, tmp_path, capsys):
    assert releases("append", folder, write(tmp_path, second("a0+a1")), "--left-already") == 0
    new = answer(FORCE, axis("a", "a0"), id="2024/120")
    assert releases("consider", folder, write(tmp_path, new)) == 0
    said = capsys.readouterr().out
    assert "Small counts that earlier answers narrow down too far already: 1.\n  a a2: 2\n" in said


def test_open_data_is_taken_in_as_a_release(folder, tmp_path, capsys):
    words = {
        "format": "amends-open-data-1", "id": "open", "snapshot": "one", "made": "2015-03-31",
        "title": "Open", "reason": "Published.", "columns": {"a": {"dimension": "a"}},
        "counts": {"n": {}},
    }  # fmt: skip
    (tmp_path / "words.json").write_text(json.dumps(words))
    (tmp_path / "open.csv").write_text("a,n\na2,2\n")
    arguments = (folder, tmp_path / "words.json", "--open-data", tmp_path / "open.csv")
    assert releases("append", *arguments) == 0
    capsys.readouterr()
    assert releases("list", folder) == 0
    assert "open  2015-03-31, from one, public, threshold 1: 1 of 1" in capsys.readouterr().out


def test_a_snapshot_may_repeat_an_earlier_one(folder, tmp_path, capsys):
    (tmp_path / "repeats.json").write_text('{"of": "one", "where": {"a": ["a0", "a1"]}}')
    new = write(tmp_path, LATER)
    assert releases("append", folder, new, "--repeats", tmp_path / "repeats.json") == 0
    assert releases("list", folder) == 0
    assert "snapshot 0002  two  53 cases; repeats one for a a0, a1" in capsys.readouterr().out


def test_contradictions_are_shown_with_both_places(folder, tmp_path, capsys):
    assert releases("contradictions", folder) == 0
    assert "contradictions: 0; differences between snapshots: 0" in capsys.readouterr().out
    wrong = second("a0+a1+a2").text().replace('"values":[52]', '"values":[51]')
    (tmp_path / "wrong.json").write_text(wrong)
    assert releases("append", folder, tmp_path / "wrong.json", "--left-already") == 0
    capsys.readouterr()
    assert releases("contradictions", folder) == 1
    said = capsys.readouterr().out
    assert said.startswith("For the force's own staff")
    assert "Snapshot one counts 52." in said
    assert "The same question, and two numbers." in said
    assert "    release 2024/118, table 1 (Counts), a0+a1+a2: 52" in said
    assert "    release 2024/119, table 1 (Counts), a0+a1+a2: 51" in said
    assert "contradictions: 2; differences between snapshots: 0" in said
    new = answer(FORCE, axis("a", "a0"), id="2024/120")
    assert releases("consider", folder, write(tmp_path, new)) == 2
    assert "release 2024/119, table 1" in capsys.readouterr().err


@pytest.mark.parametrize("part", ["list", "contradictions"])
def test_a_spoilt_ledger_is_refused_with_the_place(folder, capsys, part):
    (folder / "release-0001.json").write_text("{}")
    assert releases(part, folder) == 2
    assert "release-0001.json: was altered" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("{", "is not JSON"), ("[]", "must be an object"), ("{}", "does not say 'format'"),
     ('{"format": "x"}', "says")],
)  # fmt: skip
def test_a_file_that_is_no_release_is_refused(folder, tmp_path, capsys, text, wrong):
    (tmp_path / "bad.json").write_text(text)
    for part in ("consider", "append"):
        before = names(folder)
        assert releases(part, folder, tmp_path / "bad.json") == 2
        assert "bad.json" in capsys.readouterr().err
        assert names(folder) == before


def test_a_snapshot_cannot_be_considered(folder, tmp_path, capsys):
    assert releases("consider", folder, write(tmp_path, LATER)) == 2
    assert "is a snapshot. Name a release." in capsys.readouterr().err


def test_no_folder_is_refused(tmp_path, capsys):
    assert releases("list", tmp_path / "none") == 2
    assert "is no folder" in capsys.readouterr().err


def test_a_file_that_is_there_is_not_written_over(folder, tmp_path, capsys):
    out = tmp_path / "out.json"
    out.write_text("mine")
    new = write(tmp_path, second("a3"))
    assert releases("consider", folder, new, "--out", out, "--append") == 2
    assert out.read_text() == "mine"
    assert "release-0002.json" not in names(folder)
    assert releases("consider", folder, new, "--out", out, "--replace") == 0
    assert out.read_text() != "mine"


def test_progress_is_told_once_two_seconds_have_gone(monkeypatch, capsys):
    from amends.cli import releases as module

    clock = iter([0.0, 1.9, 2.5, 3.0, 4.6])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(clock))
    progress = module._Progress()
    for done in range(4):
        progress("looking for witnesses", done, 9)
    assert capsys.readouterr().err.splitlines() == [
        "amends: looking for witnesses: 1 of 9",
        "amends: looking for witnesses: 3 of 9",
    ]
