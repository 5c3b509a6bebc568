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


def test_the_guard_stands_in_the_second_format_too():
    document = read_document(GOLDEN / "decision-2-many-ways-to-settle-it.json")
    base = {**document, "meanings": {}, "missing": [["flags.hate"]]}
    for names, stands in (
        (["flags.hate"], False),
        (["flags.hate", "admission.form"], True),
        (["victims"], True),
        (["victims.position"], True),
    ):
        words = render({**base, "matters": names})
        assert (GUARD in " ".join(words.split())) is stands


def second(name, **parts):
    document = copy.deepcopy(read_document(GOLDEN / f"decision-2-{name}.json"))
    return render({**document, **parts})


def test_what_a_reader_must_be_told_stands_before_the_reasons():
    words = second("nobody-may", notices=["Beware.", "And take care."])
    assert words.startswith("Nobody may allow this.\n\nNOTE: Beware.\nNOTE: And take care.\nForce:")
    assert "NOTE" not in second("nobody-may", notices=[])


def test_what_to_find_out_stands_before_the_reasons_and_says_where_to_look():
    words = second("not-yet-known")
    assert words.index("WHAT TO FIND OUT") < words.index("WHY\n")
    assert "Look in: case file." in words
    assert "WHAT TO FIND OUT" not in second("nobody-may")


def test_a_fact_of_which_nothing_is_said_is_asked_by_its_name():
    meaning = {
        "x.y": {"meaning": "M.", "ask": "A?", "from": "the log", "values": ["a_b", "c"], "unit": ""}
    }
    words = second("many-ways-to-settle-it", meanings=meaning, missing=[["x.y", "z"]], matters=[])
    assert "First find out: A? One of: a b, c. Look in: the log.\n                z?\n" in words
    assert "1. A? One of: a b, c. Look in: the log.\n   z?\n" in words


def test_the_second_format_shows_as_many_ways_as_can_be_read():
    for count, told in ((8, "and 2 more ways.\n"), (7, "and 1 more way.\n"), (6, "6. fact.5?\n\n")):
        groups = [[f"fact.{n}"] for n in range(count)]
        words = second("many-ways-to-settle-it", meanings={}, missing=groups, matters=["fact.0"])
        assert told in words
        assert "These may matter too" not in words
    words = second("many-ways-to-settle-it", meanings={}, missing=[["a"]], matters=["a", "b"])
    assert "1. a?\nThese may matter too:\n- b?\n" in words


def test_what_is_not_known_is_never_said_as_if_it_were_so():
    (lines,) = [p for p in second("not-yet-known").split("\n\n") if p.startswith("WHY")]
    assert "Not known. If it stands in the way, " in " ".join(lines.split())
    assert "What is not known:" in lines
    assert "What is not known:" not in second("whichever-is-so")


def test_records_are_owed_only_where_it_could_be_allowed():
    words = second("nobody-may-but-it-could-be-opened")
    assert "WHAT WOULD HAVE TO BE RECORDED, IF IT WERE OPENED\nStill owed:\n" in words
    words = second("nobody-may-but-it-could-be-opened", near_miss=None)
    assert "RECORDED" not in words
    assert "WHAT MUST BE RECORDED\n" in second("an-inspector-may")
    assert "BE RECORDED" not in second("nobody-may-but-it-could-be-opened", findings=[])


def test_what_nobody_asked_about_is_told():
    words = second("nobody-may", not_asked=["flags.hate"], meanings={})
    assert (
        "GIVEN, BUT NO POLICY HELD ASKS ABOUT IT\nNone of this had any part in the answer:\n"
        "- flags.hate? (flags.hate)\n"
    ) in words
    assert "GIVEN, BUT" not in second("nobody-may", not_asked=[])


def test_a_rule_speaks_for_itself_alone():
    assert "By this rule alone, an Inspector may allow it." in " ".join(
        second("an-inspector-may").split()
    )


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
