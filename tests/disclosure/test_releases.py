"""The ledger's folder: appended and never written over; what was altered, lost or cut short is found."""

import json
import os
import stat
from dataclasses import replace

import pytest

from amends.disclosure import releases
from amends.disclosure.errors import DisclosureError
from amends.disclosure.refining import Repeat
from amends.disclosure.releases import Entry, Ledger, read_ledger, read_thing, record
from support.releasing import answer, axis, opened, small

FORCE = small({(0, 0): 20, (1, 0): 30, (2, 0): 2}, 4, 2)
LATER = small({(0, 0): 20, (1, 0): 30, (2, 0): 3}, 4, 2, id="two")
APART = small({(0, 0): 1}, 4, 2, id="three")


def release(number, snapshot=FORCE):
    return answer(snapshot, axis("a", "a0", "a1"), id=number)


@pytest.fixture
def folder(tmp_path):
    """A ledger of two snapshots, the second repeating the first, and three releases."""
    opened(tmp_path, FORCE)
    record(read_ledger(tmp_path), release("2024/1"))
    record(read_ledger(tmp_path), LATER, Repeat("one", {"a": frozenset({"a1", "a0"})}))
    record(read_ledger(tmp_path), release("2024/2"))
    record(read_ledger(tmp_path), release("2024/3", LATER))
    return tmp_path


def lines(folder):
    return (folder / "ledger.jsonl").read_text().splitlines(keepends=True)


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(folder, place, wrong):
    before = bytes_of(folder)
    with pytest.raises(DisclosureError) as error:
        read_ledger(folder)
    assert str(folder / place) in error.value.place
    assert wrong in str(error.value)
    assert bytes_of(folder) == before


# --- what is kept ---------------------------------------------------------------------------------


def test_what_is_appended_is_read_again(folder):
    ledger = read_ledger(folder)
    assert ledger.snapshots == {"one": FORCE, "two": LATER}
    assert list(ledger.releases.items()) == [
        ("2024/1", release("2024/1")),
        ("2024/2", release("2024/2")),
        ("2024/3", release("2024/3", LATER)),
    ]
    assert [entry.file for entry in ledger.entries] == [
        "snapshot-0001.json", "release-0001.json", "snapshot-0002.json", "release-0002.json",
        "release-0003.json",
    ]  # fmt: skip
    assert ledger.repeats == {"two": Repeat("one", {"a": frozenset({"a0", "a1"})})}
    assert len(ledger.key) == 32


def test_each_line_names_the_digest_of_its_file_and_of_the_line_before(folder):
    import hashlib

    before = ""
    for line in lines(folder):
        said = json.loads(line)
        assert said["before"] == before
        assert said["digest"] == hashlib.sha256((folder / said["file"]).read_bytes()).hexdigest()
        before = hashlib.sha256(line.encode()).hexdigest()
    assert read_ledger(folder).head == before == releases.read_head(folder)


def test_an_append_leaves_what_was_there_byte_for_byte(folder):
    before = bytes_of(folder)
    record(read_ledger(folder), release("2024/4"))
    after = bytes_of(folder)
    assert after.keys() - before.keys() == {"release-0004.json"}
    assert after.pop("ledger.jsonl").startswith(before.pop("ledger.jsonl"))
    assert before.items() <= after.items()


def test_the_files_are_for_their_owner_alone(folder):
    for path in folder.iterdir():
        if path.name != "order.key":  # the tests write it themselves
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_each_ledger_has_a_key_of_its_own(tmp_path):
    keys = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        record(read_ledger(tmp_path / name), FORCE)
        keys.add(read_ledger(tmp_path / name).key)
        assert {len(key) for key in keys} == {32}
        record(read_ledger(tmp_path / name), LATER)
        keys.add(read_ledger(tmp_path / name).key)
    assert len(keys) == 2


def test_snapshots_are_judged_together_only_where_one_repeats_another(folder):
    record(read_ledger(folder), APART)
    record(read_ledger(folder), answer(APART, axis("a", "a0"), id="other"))
    ledger = read_ledger(folder)
    assert ledger.family("one") == ledger.family("two") == ("one", "two")
    assert ledger.family("three") == ("three",)
    assert [one.id for one in ledger.released("two")] == ["2024/1", "2024/2", "2024/3"]
    assert [one.id for one in ledger.released("three")] == ["other"]
    assert [one.id for one in ledger.space("one").snapshots] == ["one", "two"]


def test_a_repeat_of_a_repeat_is_of_the_same_family(folder):
    third = replace(LATER, id="third")
    record(read_ledger(folder), third, Repeat("two", {}))
    assert read_ledger(folder).family("one") == ("one", "two", "third")


def test_a_thing_is_read_by_what_it_says_it_is(folder):
    assert read_thing(folder / "snapshot-0001.json") == FORCE
    assert read_thing(folder / "release-0001.json") == release("2024/1")


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["release-0002.json", "snapshot-0001.json"])
def test_an_altered_file_is_found(folder, name):
    text = (folder / name).read_text()
    (folder / name).write_text(text.replace("20", "21", 1))
    line = 1 if name.startswith("snapshot") else 4
    refused(folder, name, f"was altered: it is not the file that line {line} of ledger.jsonl names")


@pytest.mark.parametrize("name", ["release-0002.json", "release-0003.json", "snapshot-0001.json"])
def test_a_missing_file_is_found(folder, name):
    (folder / name).unlink()
    refused(folder, name, "is missing")


@pytest.mark.parametrize("name", ["release-0004.json", "snapshot-0009.json"])
def test_a_file_that_is_not_in_the_index_is_found(folder, name):
    (folder / name).write_text(release("2024/4").text())
    refused(folder, name, "is not in ledger.jsonl")


def test_a_line_taken_out_is_found(folder):
    kept = lines(folder)
    del kept[3]
    (folder / "ledger.jsonl").write_text("".join(kept))
    (folder / "release-0002.json").unlink()
    refused(folder, "ledger.jsonl, line 4", "does not follow the line before")


def test_a_gap_in_the_numbers_is_found_even_where_the_digests_fit(folder):
    *kept, last = lines(folder)
    before = Entry(**json.loads(kept[-1])).text() if "repeats" not in kept[-1] else kept[-1]
    assert before == kept[-1]
    said = json.loads(last) | {"number": 4, "file": "release-0004.json"}
    (folder / "ledger.jsonl").write_text("".join([*kept, json.dumps(said) + "\n"]))
    (folder / "release-0003.json").rename(folder / "release-0004.json")
    refused(folder, "ledger.jsonl, line 5", "is release 4. It must be 3.")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"kind": "letter"}, "is 'letter'"),
        ({"file": "../release-0003.json"}, "must be release-0003.json"),
        ({"number": "3"}, "must be a whole number"),
        ({"id": "2024/1"}, "has the release '2024/1' a second time"),
        ({"id": "2024/9"}, "is '2024/3', and ledger.jsonl says '2024/9'"),
        ({"more": 1}, "says 'more', which is not known"),
    ],
)
def test_a_line_that_says_something_else_is_found(folder, change, wrong):
    *kept, last = lines(folder)
    said = json.loads(last) | change
    (folder / "ledger.jsonl").write_text("".join([*kept, json.dumps(said) + "\n"]))
    with pytest.raises(DisclosureError, match=r"ledger.jsonl, line 5|release-0003.json") as error:
        read_ledger(folder)
    assert wrong in str(error.value)


def test_a_line_cut_short_is_found(folder):
    (folder / "ledger.jsonl").write_text("".join(lines(folder))[:-9])
    refused(folder, "ledger.jsonl, line 5", "was cut short")


def test_a_line_that_is_no_json_is_found(folder):
    (folder / "ledger.jsonl").write_text("".join([*lines(folder), "{\n"]))
    refused(folder, "ledger.jsonl, line 6", "is not JSON")


def test_an_index_that_is_no_text_is_found(folder):
    (folder / "ledger.jsonl").write_bytes(b"\xff")
    refused(folder, "ledger.jsonl", "is not UTF-8 (byte 1)")


def test_a_repeat_that_is_no_longer_true_is_found(folder):
    changed = replace(FORCE, counts={**FORCE.counts, (0, 0): 21})
    (*_,) = lines(folder)
    entries = [json.loads(line) for line in lines(folder)]
    (folder / "snapshot-0001.json").write_text(changed.text())
    entries[0]["digest"], before = changed.digest, ""
    written = ""
    for said in entries:
        said["before"] = before
        line = json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"
        before = releases._digest(line)
        written += line
    (folder / "ledger.jsonl").write_text(written)
    with pytest.raises(DisclosureError, match="snapshot two: counts 20 of a0, b0"):
        read_ledger(folder)


@pytest.mark.parametrize(("text", "wrong"), [(None, "is missing"), ("key", "is not a key")])
def test_a_key_that_is_lost_or_spoilt_is_found(folder, text, wrong):
    if text is None:
        (folder / "order.key").unlink()
    else:
        (folder / "order.key").write_text(text)
    refused(folder, "order.key", wrong)


def test_no_folder_is_refused(tmp_path):
    with pytest.raises(DisclosureError, match="none: is no folder"):
        read_ledger(tmp_path / "none")


def test_an_empty_folder_is_an_empty_ledger(tmp_path):
    assert read_ledger(tmp_path) == Ledger(tmp_path)
    assert read_ledger(tmp_path).head == ""


# --- appending ------------------------------------------------------------------------------------


def appended_nothing(folder, thing, wrong, ledger=None, repeats=None):
    before = bytes_of(folder)
    with pytest.raises(DisclosureError, match=wrong):
        record(ledger or read_ledger(folder), thing, repeats)
    assert bytes_of(folder) == before


def test_nothing_is_appended_twice(folder):
    appended_nothing(folder, release("2024/2"), "is in the ledger already")
    appended_nothing(folder, LATER, "snapshot two: is in the ledger already")


def test_what_does_not_fit_is_not_appended(folder):
    wide = replace(
        release("2024/4"), tables=(replace(release("x").tables[0], axes=(axis("a", "a9", "a0"),)),)
    )
    appended_nothing(folder, wide, "there is no code 'a9'")
    appended_nothing(folder, replace(release("2024/4"), snapshot="none"), "no snapshot 'none'")
    third = replace(FORCE, id="third", counts={(0, 0): 1})
    appended_nothing(folder, third, "counts 1 of a0, b0", repeats=Repeat("one", {}))


@pytest.mark.parametrize(
    ("counts", "wrong"),
    [
        ({(0, 0): 20, (1, 0): 30}, "counts 0 of a2, b0.*counts 2"),
        ({**FORCE.counts, (3, 1): 1}, "counts 1 of a3, b1.*counts 0"),
        ({**FORCE.counts, (2, 0): 3}, "counts 3 of a2, b0.*counts 2"),
    ],
)
def test_a_repeat_counts_neither_more_nor_less_nor_others(folder, counts, wrong):
    third = replace(FORCE, id="third", counts=counts)
    appended_nothing(folder, third, wrong, repeats=Repeat("one", {}))


def test_the_least_threshold_is_one(folder):
    appended_nothing(folder, replace(release("2024/4"), threshold=0), "the threshold is 0")
    record(read_ledger(folder), replace(release("2024/4"), threshold=1))


def test_a_snapshot_does_not_repeat_itself_or_one_that_is_not_there(folder):
    third = replace(FORCE, id="third")
    for of in ("third", "none"):
        appended_nothing(folder, third, f"repeats '{of}', which", repeats=Repeat(of, {}))
    with pytest.raises(DisclosureError, match="repeats 'one', which"):
        releases.check_repeat(read_ledger(folder), FORCE, Repeat("one", {}))


def test_a_ledger_that_has_changed_since_it_was_read_is_not_appended_to(folder):
    old = read_ledger(folder)
    record(read_ledger(folder), release("2024/4"))
    appended_nothing(folder, release("2024/5"), "has changed since it was read", old)


def test_a_file_that_is_there_already_is_not_written_over(folder):
    ledger = read_ledger(folder)
    (folder / "release-0004.json").write_text("something")
    appended_nothing(folder, release("2024/4"), "is there already", ledger)


def test_where_the_index_cannot_be_written_nothing_is_left_behind(folder, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    ledger, before = read_ledger(folder), bytes_of(folder)
    real = os.fsync
    calls = []

    def second_fails(handle):
        calls.append(handle)
        return full(handle) if len(calls) == 2 else real(handle)

    monkeypatch.setattr(releases.os, "fsync", second_fails)
    with pytest.raises(OSError, match="No space left"):
        record(ledger, release("2024/4"))
    assert bytes_of(folder) == before
    monkeypatch.undo()
    record(read_ledger(folder), release("2024/4"))
    assert "2024/4" in read_ledger(folder).releases


def test_everything_is_on_the_disk_before_an_append_is_done(folder, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(
        releases.os, "fsync", lambda handle: synced.append(os.fstat(handle).st_mode) or real(handle)
    )
    record(read_ledger(folder), release("2024/4"))
    assert [stat.S_ISDIR(mode) for mode in synced] == [False, False, True]  # file, index, folder
