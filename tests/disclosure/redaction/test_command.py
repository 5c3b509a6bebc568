"""`amends redact` and its review sheet: from a text to what is issued, and every way to be refused."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from amends.cli import main
from amends.disclosure.redaction import Party, pages, read_case
from amends.disclosure.redaction.identifiers import identifiers

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "redaction.md"

CASE = {
    "day": "2013-06-01",
    "parties": [{"role": "victim", "names": ["John Smith"], "dates_of_birth": ["1997-03-04"]}],
    "linked": [{"parties": [{"role": "witness", "aliases": ["Shaz"], "phones": ["07700 900123"]}]}],
}
TEXT = "John, 16, met Aoife at the only cheese stall in the village. Shaz rang 0117 496 0123."


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.json").write_text(json.dumps(CASE), "utf-8")
    (tmp_path / "john smith.txt").write_text(TEXT, "utf-8")
    return tmp_path


@pytest.fixture
def redact(capsys, here):
    def run(*words, status=0, text="john smith.txt", case="case.json"):
        found = main(["redact", *text.split("+"), "--case", case, *map(str, words)])
        out, err = capsys.readouterr()
        assert found == status, (out, err)
        assert "Traceback" not in err
        return err if status else out

    return run


def change(here, name="one", to="done.json", decision="hide", **changes):
    """The sheet of folder *name*, completed."""
    sheet = json.loads((here / name / "review.json").read_text("utf-8"))
    sheet["reviewer"] = "PC Able"
    for row in sheet["spans"]:
        row["decision"] = row["decision"] or decision
    sheet |= changes
    (here / to).write_text(json.dumps(sheet), "utf-8")
    return sheet


def test_from_a_text_to_what_is_issued(redact, here):
    told = redact("--out", "one")
    assert told == (
        "3 hidden, 2 to decide on, 0 of 2 signed: see review.txt in one, and write in review.json.\n"
    )
    assert sorted(path.name for path in (here / "one").iterdir()) == ["review.json", "review.txt"]
    change(here, hide=[{"passage": "the only cheese stall in the village"}])
    redact("--review", "done.json", "--sign", "PC Able", "--out", "two")
    told = redact("--review", "two/review.json", "--sign", "PS Baker", "--out", "three")
    assert "0 to decide on, 2 of 2 signed" in told
    assert (
        redact("--review", "three/review.json", "--out", "four") == "Issued: text-1.txt in four.\n"
    )
    assert [path.name for path in (here / "four").iterdir()] == ["text-1.txt"]
    assert (here / "four" / "text-1.txt").read_text("utf-8") == (
        "[name 1], [age], met [word 1] at [passage]. [name 2] rang [phone]."
    )


def test_the_sheet_can_be_read(redact, here):
    redact("--out", "one")
    text = (here / "one" / "review.txt").read_text("utf-8")
    assert text.startswith("2 to decide on, 3 hidden.\n")
    assert "hidden   line 1, letter 1: name: a name of the victim" in text
    assert "DECIDE   line 1, letter 15: word: is not an ordinary word" in text
    assert ">>Aoife<< at the only" in text
    assert "\n         John, >>16<<, met" in text
    change(here, decision="may stay")
    redact("--review", "done.json", "--again", "--out", "two")
    assert "stays    line 1, letter 15" in (here / "two" / "review.txt").read_text("utf-8")


def test_the_sheet_shows_forty_letters_to_either_side(redact, here):
    (here / "john smith.txt").write_text(
        f"{'b' * 50} {'c' * 38} Aoifé {'d' * 38} {'e' * 50}", "utf-8"
    )
    redact("--out", "one")
    text = (here / "one" / "review.txt").read_text("utf-8")
    assert f"\n         {'c' * 38} >>Aoifé<< {'d' * 38}\n" in text
    assert '"says": "Aoifé"' in (here / "one" / "review.json").read_text("utf-8")
    rows = json.loads((here / "one" / "review.json").read_text("utf-8"))["spans"]
    assert {row["reason"] for row in rows} == {"is not an ordinary word"}


def test_all_that_is_missing_is_said(redact, here):
    redact("--out", "one")
    told = redact("--review", "one/review.json", "--out", "two", status=1)
    assert told.splitlines() == [
        "amends: The texts cannot be issued yet:",
        "  - line 1, letter 7: '16' may be the age of the victim on the day, and nobody has decided on it",
        "  - line 1, letter 15: 'Aoife' is not an ordinary word, and nobody has decided on it",
        "  - nobody has signed, and 2 different people must",
    ]
    assert not (here / "two").exists()


def test_the_same_person_cannot_sign_twice(redact, here):
    redact("--out", "one")
    change(here)
    redact("--review", "done.json", "--sign", "PC Able", "--out", "two")
    told = redact("--review", "two/review.json", "--sign", "pc able", "--out", "three", status=2)
    assert (
        told
        == "amends: the review: pc able has signed it already. Somebody else must sign as well.\n"
    )


def test_nobody_signs_while_something_waits(redact, here):
    redact("--out", "one")
    assert "2 spans wait" in redact(
        "--review", "one/review.json", "--sign", "PC Able", "--out", "two", status=2
    )


def test_a_change_after_signing_is_noticed(redact, here):
    redact("--out", "one")
    change(here)
    redact("--review", "done.json", "--sign", "PC Able", "--out", "two")
    redact("--review", "two/review.json", "--sign", "PS Baker", "--out", "three")
    sheet = json.loads((here / "three" / "review.json").read_text("utf-8"))
    next(row for row in sheet["spans"] if row["says"] == "Aoife")["decision"] = "may stay"
    (here / "changed.json").write_text(json.dumps(sheet), "utf-8")
    told = redact("--review", "changed.json", "--out", "four", status=1)
    assert "PC Able signed before the review was last changed" in told
    assert "nobody has signed" in told


def test_what_came_up_is_written_anew(redact, here):
    (here / "john smith.txt").write_text("Ask Aoife. Then Aoife left.", "utf-8")
    redact("--out", "one")
    sheet = change(here, decision="may stay")
    sheet["spans"][1]["decision"] = "hide"
    (here / "done.json").write_text(json.dumps(sheet), "utf-8")
    assert "says what is hidden elsewhere" in redact(
        "--review", "done.json", "--out", "two", status=1
    )
    redact("--review", "done.json", "--again", "--out", "two")
    again = json.loads((here / "two" / "review.json").read_text("utf-8"))
    assert [(row["says"], row["decision"]) for row in again["spans"]] == [
        ("Aoife", "may stay"),
        ("Aoife", "hide"),
    ]
    again["spans"][0]["because"] = "It is the name of a boat."
    (here / "done.json").write_text(json.dumps(again), "utf-8")
    redact("--review", "done.json", "--sign", "A", "--out", "three")
    redact("--review", "three/review.json", "--sign", "B", "--out", "four")
    redact("--review", "four/review.json", "--out", "five")
    assert (here / "five" / "text-1.txt").read_text("utf-8") == "Ask Aoife. Then [word 1] left."


def test_an_echo_has_a_row_of_its_own(redact, here):
    (here / "john smith.txt").write_text("At the Lighthouse. Lighthouse keepers left.", "utf-8")
    redact("--out", "one")
    change(here)
    redact("--review", "done.json", "--again", "--out", "two")
    sheet = json.loads((here / "two" / "review.json").read_text("utf-8"))
    assert [(row["start"], row["decision"]) for row in sheet["spans"]] == [(7, "hide"), (19, None)]
    for decision, because, out in (
        ("hide", "", "[word 1] keepers"),
        ("may stay", "A trade.", "Lighthouse keepers"),
    ):
        sheet["spans"][1] |= {"decision": decision, "because": because, "by": "PC Able"}
        (here / "done.json").write_text(json.dumps(sheet), "utf-8")
        redact("--review", "done.json", "--sign", "A", "--out", f"{decision} 1")
        redact("--review", f"{decision} 1/review.json", "--sign", "B", "--out", f"{decision} 2")
        redact("--review", f"{decision} 2/review.json", "--out", f"{decision} 3")
        assert out in (here / f"{decision} 3" / "text-1.txt").read_text("utf-8")
    sheet["spans"][1]["because"] = " "
    (here / "done.json").write_text(json.dumps(sheet), "utf-8")
    assert "Give the reason" in redact(
        "--review", "done.json", "--sign", "A", "--out", "x", status=2
    )


def test_a_certain_span_may_be_told_as_another_kind(redact, here):
    redact("--out", "one")
    sheet = change(here)
    sheet["spans"][0]["kind"] = "place"
    (here / "done.json").write_text(json.dumps(sheet), "utf-8")
    redact("--review", "done.json", "--sign", "A", "--out", "two")
    redact("--review", "two/review.json", "--sign", "B", "--out", "three")
    again = json.loads((here / "three" / "review.json").read_text("utf-8"))
    assert [row["by"] for row in again["spans"]] == ["PC Able", "PC Able", "PC Able", "", ""]
    redact("--review", "three/review.json", "--out", "four")
    assert (here / "four" / "text-1.txt").read_text("utf-8").startswith("[place 1], [age], met")


def test_a_passage_before_other_spans_is_signed_for_as_well(redact, here):
    (here / "john smith.txt").write_text("The vicar's daughter met Aoife.", "utf-8")
    redact("--out", "one")
    change(here, hide=[{"passage": "The vicar's daughter", "by": "PS Baker", "kind": "name"}])
    redact("--review", "done.json", "--sign", "A", "--out", "two")
    redact("--review", "two/review.json", "--sign", "B", "--out", "three")
    redact("--review", "three/review.json", "--out", "four")
    assert (here / "four" / "text-1.txt").read_text("utf-8") == "[name 1] met [word 1]."


def test_several_texts_are_one_pack(redact, here):
    both = "john smith.txt+b.txt"
    (here / "b.txt").write_text("Shaz met John.", "utf-8-sig")
    redact("--out", "one", text=both)
    change(here)
    redact("--review", "done.json", "--sign", "A", "--out", "two", text=both)
    redact("--review", "two/review.json", "--sign", "B", "--out", "three", text=both)
    assert redact("--review", "three/review.json", "--out", "four", text=both) == (
        "Issued: text-1.txt, text-2.txt in four.\n"
    )
    assert (here / "four" / "text-2.txt").read_text("utf-8") == "[name 2] met [name 1]."


def test_nothing_is_written_over(redact, here):
    (here / "one").mkdir()
    assert "It is there already" in redact("--out", "one", status=2)
    assert "cannot be written" in redact("--out", "no/such/folder", status=2)
    assert sorted(path.name for path in here.iterdir()) == ["case.json", "john smith.txt", "one"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"format": "x"}, "is not a review that this version can read"),
        ({"texts": []}, "are not the texts given"),
        ({"colour": "red"}, "says 'colour', which is not known"),
        ({"hide": [{"passage": "nowhere"}]}, "is in no text: 'nowhere'"),
        ({"hide": [{"passage": " "}]}, "is in no text"),
        ({"hide": [{"passage": "the only", "kind": "colour"}]}, "'colour' is no kind"),
        ({"spans": []}, "leaves out 'John' at line 1, letter 1"),
        ({"reviewer": ""}, "does not say who decided on '16'"),
    ],
)
def test_a_sheet_that_is_not_in_order_is_refused(redact, here, changes, told):
    redact("--out", "one")
    change(here, **changes)
    assert told in redact("--review", "done.json", "--out", "two", status=2)
    assert not (here / "two").exists()


@pytest.mark.parametrize(
    ("at", "changes", "told"),
    [
        (2, {"decision": "perhaps"}, "spans, 3: decision: is 'perhaps'. Write hide, or may stay"),
        (2, {"decision": 1}, "spans, 3: decision: is 1"),
        (0, {"certain": False}, "is not as it was proposed"),
        (0, {"says": "Jane"}, "is not as it was proposed"),
        (
            0,
            {"decision": "may stay"},
            "'John' is hidden (a name of the victim). To let it stay, give the reason",
        ),
        (0, {"start": 1}, "leaves out 'John'"),
        (1, {"text": 1, "start": 0, "end": 4}, "says one span twice"),
        (0, {"kind": "colour", "decision": "hide", "by": "A"}, "'colour' is no kind"),
    ],
)
def test_a_row_that_is_not_in_order_is_refused(redact, here, at, changes, told):
    redact("--out", "one")
    sheet = change(here)
    sheet["spans"][at] |= changes
    (here / "done.json").write_text(json.dumps(sheet), "utf-8")
    assert told in redact("--review", "done.json", "--out", "two", status=2)


def test_a_row_for_what_was_not_proposed_is_of_the_text(redact, here):
    redact("--out", "one")
    sheet = change(here)
    sheet["spans"].append({**sheet["spans"][2], "start": 5000, "end": 5001})
    (here / "done.json").write_text(json.dumps(sheet), "utf-8")
    assert "it has no passage from 5000 to 5001" in redact(
        "--review", "done.json", "--out", "two", status=2
    )


def test_a_text_that_was_changed_is_noticed(redact, here):
    redact("--out", "one")
    change(here)
    (here / "john smith.txt").write_text(f"{TEXT} And so on.", "utf-8")
    assert "one was changed, or is missing. Make a new sheet." in redact(
        "--review", "done.json", "--out", "two", status=2
    )


def test_a_case_that_was_changed_is_noticed(redact, here):
    redact("--out", "one")
    change(here)
    more = {
        **CASE,
        "parties": [*CASE["parties"], {"role": "witness", "organisations": ["Cheese Stall"]}],
    }
    (here / "case.json").write_text(json.dumps(more), "utf-8")
    assert "leaves out 'cheese stall'" in redact("--review", "done.json", "--out", "two", status=2)


@pytest.mark.parametrize("step", ["--again", "--sign=A"])
def test_a_step_needs_a_review(redact, step):
    assert f"{step.partition('=')[0]}: it needs --review" in redact(step, "--out", "one", status=2)


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ({"parties": []}, "parties: names nobody"),
        ({}, "does not say 'parties'"),
        ({"parties": [{"role": "x"}]}, "parties, 1: says nothing by which anybody is known"),
        ({"parties": [{"names": ["A B"]}]}, "does not say 'role'"),
        ({"parties": [{"role": "x", "name": ["A"]}]}, "says 'name', which is not known"),
        ({"parties": [{"role": "x", "names": "A B"}]}, "names: must be a list"),
        ({"parties": [{"role": "x", "names": ["-"]}]}, "has no letter and no digit"),
        ({"parties": [{"role": "x", "dates_of_birth": ["1/1/11"]}]}, "is no date: '1/1/11'"),
        ({"day": "June", "parties": [{"role": "x", "names": ["A"]}]}, "day: is no date: 'June'"),
        (
            {"parties": [{"role": "x", "names": ["A"]}], "linked": [{"case": 1}]},
            "linked, 1: says 'case'",
        ),
    ],
)
def test_a_case_that_is_not_in_order_is_refused(redact, here, case, told):
    (here / "case.json").write_text(json.dumps(case), "utf-8")
    assert told in redact("--out", "one", status=2)
    assert not (here / "one").exists()


def test_a_case_is_read_with_its_linked_cases(here):
    case = read_case(here / "case.json")
    assert case.day == date(2013, 6, 1)
    assert case.parties == (
        Party(role="victim", names=("John Smith",), dates_of_birth=(date(1997, 3, 4),)),
        Party(role="witness", aliases=("Shaz",), phones=("07700 900123",)),
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "is empty"), (b" \n", "is empty"), (b"\xff\xfe", "is not UTF-8 (byte 1)")],
)
def test_a_text_that_is_none_is_refused(redact, here, content, told):
    (here / "john smith.txt").write_bytes(content)
    assert told in redact("--out", "one", status=2)


def test_the_reference_page_is_written_from_the_code():
    assert PAGE.read_text("utf-8") == pages.reference(), "make pages"


def test_a_bar_in_a_shape_does_not_end_its_cell_of_the_page(monkeypatch):
    one = replace(identifiers()[0], name="one|two")
    monkeypatch.setattr(pages, "identifiers", lambda: (one,))
    assert r"| one\|two | [" in pages.reference()


def test_a_file_that_is_not_there_is_refused(redact):
    assert "no.txt: No such file" in redact("--out", "one", text="no.txt", status=2)
    assert "no.json: No such file" in redact("--out", "one", case="no.json", status=2)
    assert "no.json: No such file" in redact("--out", "one", "--review", "no.json", status=2)
