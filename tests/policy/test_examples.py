"""Worked examples are read strictly, judged as they ask to be, and say where they are wrong."""

import datetime as dt

import pytest

from amends.policy.examples import (
    examples_beside,
    failures,
    read_examples,
    rules_for,
    run,
)
from amends.policy.facts import FactError
from amends.policy.library import shelf
from amends.policy.rules import Authority, PolicyError
from support.policies import policy, rule

NATIONAL = policy(rule("N", "flags.knife", "sergeant"), id="national", starts="2012-01-01")
POLICY = policy(
    rule("HATE", "flags.hate", "inspector", record=["rationale"]),
    rule("OLD", 'decision.date < date("2013-02-01")', "sergeant"),
    id="force",
    series="force",
    scope="kent",
    layer="force",
)
SHELF = shelf([NATIONAL, POLICY], {"kent": "Kent"})
GIVEN = 'given = { "flags.hate" = true, "flags.knife" = false }\n'


def example(*lines, story="A story", answer="inspector"):
    text = f'[[example]]\nstory = "{story}"\nanswer = "{answer}"\n' + "\n".join(lines)
    (found,) = read_examples(text.encode(), "p.examples.toml", POLICY)
    return found


def refused(text, kind=PolicyError):
    with pytest.raises(kind) as caught:
        read_examples(text if isinstance(text, bytes) else text.encode(), "p.toml", POLICY)
    return str(caught.value)


# --- reading --------------------------------------------------------------------------------------


def test_an_example_is_read():
    found = example(
        GIVEN,
        "victims = [ { kind = 'person' } ]",
        "absent = ['resolution.last_action_due']",
        "on = 2014-06-01",
        "because = ['HATE']",
        "owed = ['rationale']",
        "alone = true",
    )
    assert found.place == "p.examples.toml: example 1 (A story)"
    assert found.facts == {
        "flags.hate": True,
        "flags.knife": False,
        "victims": ({"kind": "person"},),
        "resolution.last_action_due": None,
        "decision.date": dt.date(2014, 6, 1),
    }
    assert (found.on, found.answer) == (dt.date(2014, 6, 1), Authority.INSPECTOR)
    assert (found.because, found.owed, found.alone) == ({"HATE"}, {"rationale"}, True)


def test_what_is_left_out_of_an_example():
    found = example()
    assert found.on == POLICY.starts
    assert found.facts == {"decision.date": POLICY.starts}
    assert (found.because, found.owed, found.alone) == (frozenset(), None, False)


def test_the_offence_table_tells_what_the_code_means():
    found = example('given = { "offence.code" = "46" }')
    assert found.facts["offence.subgroup"] == "shoplifting"


def test_a_date_of_decision_may_be_given():
    found = example('given = { "decision.date" = 2013-03-01 }')
    assert found.facts["decision.date"] == dt.date(2013, 3, 1)
    assert found.on == POLICY.starts


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ("", "p.toml: It holds no examples. Write [[example]] before each."),
        ("example = 3", "p.toml: It holds no examples."),
        ("[[exmaple]]", "p.toml: exmaple: There is no such key. Write [[example]] before each."),
        ("example = [3]", "p.toml: example 1: This is not a table of names and values."),
        ("[[example]]", "p.toml: example 1: It has no 'story'."),
        ("[[example]]\nstory = 'S'", "p.toml: example 1 (S): It has no 'answer'."),
        ("[[example]]\nstory = 3", "p.toml: example 1: story: 3 is not text."),
        ("[[example]]\nstory = 'S'\nanswer = 'captain'",
         "p.toml: example 1 (S): answer: 'captain' is not an answer. It can be: officer, sergeant, "
         "inspector, superintendent, not_yet_known, nobody."),
        ("[[example]]\nstory = 'S'\nanswer = 'officer'\n[[example]]\nstory = 'T'\ngvien = {}",
         "p.toml: example 2 (T): gvien: There is no such key. Known: story, given,"),
        ("[[example]]\nstory = 'S'\ngiven = []", "p.toml: example 1 (S): given: [] is not a table."),
        ("[[example]]\nstory = 'S'\nvictims = {}", "p.toml: example 1 (S): victims: {} is not a list."),
        ("[[example]]\nstory = 'S'\non = 2013-01-01T10:00:00",
         "p.toml: example 1 (S): on: datetime.datetime(2013, 1, 1, 10, 0) is not a date"),
        ("[[example]]\nstory = 'S'\nalone = 1", "p.toml: example 1 (S): alone: 1 is not true or false."),
        ("x =", "p.toml: This is not TOML"),
        (b"x = '\xff'", "p.toml: Byte 5 is not UTF-8. Save as UTF-8."),
        ("x = " + "[" * 20_000, "p.toml: The file is nested too deep."),
    ],
)  # fmt: skip
def test_a_wrong_example_is_refused(lines, wrong):
    assert refused(lines).startswith(wrong)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("given = { 'offender.agee' = 3 }", "p.toml: example 1 (S): offender.agee: There is no such fact"),
        ("given = { 'offender.age' = '3' }", 'p.toml: example 1 (S): offender.age: "3" is not a whole'),
        ("absent = ['offender.age']", "p.toml: example 1 (S): offender.age: offender.age is null,"),
        ("absent = ['gravity.score']\ngiven = { 'gravity.score' = 3 }",
         "p.toml: example 1 (S): gravity.score: The fact is given twice."),
        ("victims = []\ngiven = { victims = [] }", "p.toml: example 1 (S): victims: The fact is given"),
        ("given = { 'offence.code' = 'zz' }", "p.toml: example 1 (S): offence.code: The offence table"),
    ],
)  # fmt: skip
def test_wrong_facts_are_refused_with_the_story(line, wrong):
    text = f"[[example]]\nstory = 'S'\nanswer = 'officer'\n{line}"
    assert refused(text, FactError).startswith(wrong)


def test_a_file_in_another_spelling_is_read():
    text = "[[example]]\r\nstory = 'S'\r\nanswer = 'officer'\r\n"
    (found,) = read_examples(b"\xef\xbb\xbf" + text.encode(), "p.toml", POLICY)
    assert found.story == "S"


# --- judging --------------------------------------------------------------------------------------


def test_an_example_is_judged_with_the_national_policy_of_its_day():
    assert rules_for(example(), POLICY, SHELF).name == "national+force"
    assert rules_for(example("alone = true"), POLICY, SHELF).name == "force"


def test_an_example_of_a_national_policy_needs_no_force():
    text = b"[[example]]\nstory = 'S'\nanswer = 'officer'"
    (found,) = read_examples(text, "p.toml", NATIONAL)
    assert rules_for(found, NATIONAL, SHELF).name == "national"


def test_an_example_of_a_draft_tries_it():
    draft = policy(
        rule("D", "true"), id="draft", series="d", status="draft", scope="kent", layer="force"
    )
    (found,) = read_examples(b"[[example]]\nstory = 'S'\nanswer = 'officer'", "p.toml", draft)
    assert rules_for(found, draft, SHELF).name == "national+draft+force"
    assert rules_for(found, draft, shelf([draft, NATIONAL])).name == "national+draft"


def test_a_changed_policy_is_judged_in_place_of_the_one_on_the_shelf():
    changed = policy(
        rule("HATE", "flags.hate"), id="force", series="force", scope="kent", layer="force"
    )
    assert rules_for(example(), changed, SHELF).policies[1] is changed


def test_an_example_outside_the_days_of_its_policy():
    with pytest.raises(
        PolicyError, match=r"example 1 \(A story\): on: force is not in force on 2012-06-01"
    ):
        run(example("on = 2012-06-01"), POLICY, SHELF)


def test_a_right_example_has_no_failures():
    right = example(GIVEN, "because = ['HATE', 'OLD']", "on = 2013-01-15")
    assert list(failures(right, run(right, POLICY, SHELF))) == []
    officer = example("given = { 'flags.hate' = false, 'flags.knife' = false }", "on = 2014-01-01",
                      "owed = []", answer="officer")  # fmt: skip
    assert list(failures(officer, run(officer, POLICY, SHELF))) == []


def test_a_wrong_example_says_how():
    wrong = example(GIVEN, "because = ['OLD', 'X']", "owed = ['admission']", answer="officer")
    assert list(failures(wrong, run(wrong, POLICY, SHELF))) == [
        "The answer is inspector, and should be officer.",
        "Standing in the way: HATE, OLD; it should be OLD, X.",
        "Records owed: nothing; it should be admission.",
    ]
    wrong = example(
        GIVEN.replace(" }", ", 'recorded.rationale' = false }"), "on = 2014-01-01", "owed = []"
    )
    assert list(failures(wrong, run(wrong, POLICY, SHELF))) == [
        "Standing in the way: HATE; it should be nothing.",
        "Records owed: rationale; it should be nothing.",
    ]


# --- files ----------------------------------------------------------------------------------------


def test_examples_stand_beside_their_policy(tmp_path):
    path = tmp_path / "mine.toml"
    assert examples_beside(path, POLICY) is None
    (tmp_path / "mine.examples.toml").write_text("[[example]]\nstory = 'S'\nanswer = 'officer'")
    (found,) = examples_beside(path, POLICY)
    assert found.place == "mine.examples.toml: example 1 (S)"
    (tmp_path / "other.examples.toml").mkdir()
    with pytest.raises(PolicyError, match="cannot be read: Is a directory"):
        examples_beside(tmp_path / "other.toml", POLICY)
