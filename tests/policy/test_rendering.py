"""A decision reads the same for ever: byte for byte, whatever became of the policies since."""

import copy
from pathlib import Path

import pytest

from amends.policy.documents import dumps, read_document
from amends.policy.plain_words_1 import GUARD, WIDTH
from amends.policy.rendering import RENDERERS, render

GOLDEN = Path(__file__).parent / "golden"
DOCUMENTS = sorted(GOLDEN.glob("decision-*.json"))


def test_every_format_has_golden_decisions():
    formats = {read_document(path)["format"] for path in DOCUMENTS}
    assert formats == set(RENDERERS)
    answers = {read_document(path)["answer"] for path in DOCUMENTS}
    assert answers >= {"officer", "inspector", "nobody", "not_yet_known"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_decision_is_told_byte_for_byte_as_it_was(path):
    assert render(read_document(path)).encode() == path.with_suffix(".txt").read_bytes()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_its_document_is_byte_for_byte_as_it_was(path):
    assert dumps(read_document(path)).encode() == path.read_bytes()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_no_line_is_too_wide_but_for_a_digest(path):
    for line in path.with_suffix(".txt").read_text("utf-8").splitlines():
        assert len(line) <= WIDTH or len(line.split()[-1]) == 64


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_nobody_is_led_to_an_admission(path):
    document, words = read_document(path), render(read_document(path))
    flat = " ".join(words.split())
    if document["answer"] == "nobody":
        assert GUARD in flat
    assert "should admit" not in flat
    for change in (document["near_miss"] or {"changes": []})["changes"]:
        assert not change["fact"].startswith("admission")


def changed(name, **parts):
    document = copy.deepcopy(read_document(GOLDEN / f"decision-1-{name}.json"))
    return render({**document, **parts})


def test_a_fact_without_a_meaning_is_told_by_its_name():
    words = changed("no-crime", meanings={})
    assert "- admission.form: admits offence.\n" in words
    assert "- flags.domestic_abuse: no.\n" in words
    assert "- victims: none.\n" in words


def test_the_guard_stands_where_admission_or_victims_are_asked_for():
    base = {"meanings": {}, "missing": [["flags.hate"]]}
    without = changed("many-ways-to-settle-it", **base, matters=["flags.hate"])
    assert GUARD not in " ".join(without.split())
    for name in ("admission.form", "victims", "victims.position"):
        words = changed("many-ways-to-settle-it", **base, matters=["flags.hate", name])
        assert GUARD in " ".join(words.split())


def test_as_many_ways_are_shown_as_can_be_read():
    groups = [[f"fact.{n}"] for n in range(7)]
    words = changed("many-ways-to-settle-it", meanings={}, missing=groups, matters=[])
    assert "6. fact.5\nand 1 more ways.\n" in words
    words = changed("many-ways-to-settle-it", meanings={}, missing=groups[:6], matters=["fact.0"])
    assert "6. fact.5\n\n" in words
    assert "These may matter too" not in words


def test_what_was_never_read_is_named():
    words = changed("an-inspector-may", illustrative=True, offence={
        "code": "46", "name": "Shop", "source": "s", "confidence": "illustrative", "digest": "0",
    })  # fmt: skip
    flat = " ".join(words.split())
    assert "made up, and not published: the place of the offence in the offence table." in flat
    assert "By the offence table, 46 is: Shop." in flat


def test_units_follow_their_number():
    meanings = {
        "a": {"meaning": "How old", "values": [], "unit": "years"},
        "b": {"meaning": "The score.", "values": [], "unit": "score"},
    }
    for value, told in (
        (1, "How old: 1 year."),
        (2, "How old: 2 years."),
        (0, "How old: 0 years."),
    ):
        words = changed("no-crime", facts={"a": value, "b": 1}, meanings=meanings)
        assert f"- {told}\n- The score: 1.\n" in words
    words = changed("no-crime", facts={"a": None}, meanings=meanings)
    assert "- How old: none (known to be absent).\n" in words


def test_where_nothing_is_known_it_says_so():
    words = changed("no-crime", facts={}, derived={}, offence=None)
    assert "WHAT WAS KNOWN\nNothing.\n" in words
    assert "Nothing." not in changed("no-crime", facts={}, offence=None)


def test_two_questions_of_a_group_stand_together():
    words = changed("many-ways-to-settle-it", meanings={}, missing=[["a", "b"]], matters=[])
    assert words.startswith("Not yet known. First find out: a b\n")
    assert "1. a And: b\n" in words


def test_long_words_are_not_broken():
    words = changed("no-crime", trial=["x" * 100, "y"])
    assert f"TRIAL, NOT A DECISION:\n{'x' * 100}\ny\n" in words
