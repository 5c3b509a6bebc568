"""A decision's document holds all it needs, cannot be changed unseen, and is read back or refused."""

import copy
import datetime as dt
import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.policy.completing import Told
from amends.policy.deciding import decide
from amends.policy.document_shapes import SHAPES
from amends.policy.documents import (
    FORMAT,
    LARGEST_DOCUMENT,
    Caveats,
    DocumentError,
    digest_of,
    document,
    dumps,
    loads,
    read_document,
)
from amends.policy.rendering import RENDERERS, render
from amends.policy.rules import ruleset
from support.generating import Generator
from support.policies import facts, policy, rule

ON = dt.date(2013, 6, 1)
POLICY = policy(
    rule("ADULT", "not(offender.appropriate_adult)", record=["appropriate_adult"], advise="Ask."),
    rule("SCORE", "gravity.score > 3", "inspector", applies="offender.age < 18"),
    rule(
        "V", 'some v in victims satisfies v.position = "disagree"', "sergeant", record=["rationale"]
    ),
    ends="2020-01-01",
    note="A note.",
    dates="About.",
)
GIVEN = facts(
    offender__age=17,
    offender__appropriate_adult=False,
    victims=[{"position": "disagree", "age": None}],
    recorded__rationale=False,
    offence__date="2013-05-01",
    gravity__score=None,
)


def made(case=GIVEN, *policies, **more):
    decision = decide(case, ruleset(*(policies or (POLICY,))))
    return document(decision, **{"force": "kent", "on": ON, **more})


# --- what is in it --------------------------------------------------------------------------------


def test_a_document_holds_the_whole_decision():
    found = made(
        known_on=dt.date(2014, 1, 1), made_by="amends 9", caveats=Caveats(["Why."], ["Beware."])
    )
    assert found["format"] == FORMAT == 2
    assert (found["notices"], found["not_asked"]) == (["Beware."], ["offence.date", "victims.age"])
    assert (found["force"], found["on"], found["known_on"]) == ("kent", "2013-06-01", "2014-01-01")
    assert (found["made_by"], found["trial"]) == ("amends 9", ["Why."])
    assert (found["answer"], found["low"], found["high"]) == ("nobody", "nobody", "nobody")
    assert found["otherwise"] == "officer"
    assert found["ruleset"] == {"name": "made-up", "digest": ruleset(POLICY).digest}
    assert found["illustrative"] is False
    (text,) = found["policies"]
    assert text["digest"] == POLICY.digest
    assert (text["starts"], text["ends"], text["known_from"]) == (
        "2013-01-01", "2020-01-01", "2013-01-01",
    )  # fmt: skip
    assert (text["note"], text["dates"], text["status"]) == ("A note.", "About.", "published")
    assert found["facts"]["offence.date"] == "2013-05-01"
    assert found["facts"]["victims"] == [{"position": "disagree", "age": None}]
    assert found["facts"]["gravity.score"] is None
    assert (found["derived"], found["offence"]) == ({}, None)
    assert found["owed"] == {"rationale": ["V"]}
    assert found["unsure_records"] == {"appropriate_adult": ["ADULT"]}
    assert (found["missing"], found["matters"]) == ([], [])
    assert found["near_miss"] == {
        "authority": "sergeant",
        "changes": [{"fact": "offender.appropriate_adult", "value": True, "whose": "do"}],
    }


def test_every_finding_is_in_it_in_the_policys_own_words():
    adult, score, victim = made()["findings"]
    assert adult == {
        "rule": "ADULT",
        "policy": "made-up",
        "ask": "Is it ADULT?",
        "clause": "Clause of ADULT",
        "because": "It is ADULT.",
        "source": "src 2",
        "confidence": "read",
        "allow": "nobody",
        "record": ["appropriate_adult"],
        "advise": "Ask.",
        "state": "raised",
        "stands": True,
        "facts": ["offender.appropriate_adult"],
        "unknown": [],
    }
    assert (score["state"], score["stands"]) == ("met", False)
    assert sorted(score["facts"]) == ["gravity.score", "offender.age"]
    assert (victim["state"], victim["stands"], victim["facts"]) == ("raised", True, ["victims"])


def test_advice_is_given_from_its_day():
    def advice(on):
        own = policy(rule("A", "true", advise="Look.", advise_from="2013-06-01"))
        return document(decide({}, ruleset(own)), force=None, on=on)["findings"][0]["advise"]

    day = dt.timedelta(days=1)
    assert [advice(ON - day), advice(ON), advice(ON + day)] == ["", "Look.", "Look."]
    assert made()["findings"][0]["advise"] == "Ask."


def test_what_was_given_and_asked_by_no_rule_is_named_once():
    case = facts(
        force="kent", case__reference="X1", offence__code="46", flags__hate=True,
        offender__appropriate_adult=True, offender__sex="male", recorded__rationale=True,
        offence__group="theft", earlier_disposals=[{"kind": "caution"}, {"kind": "caution"}],
        victims=[{"position": "agree", "kind": "person"}],
    )  # fmt: skip
    found = made(case, told=Told(frozenset({"offence.group"}), None))
    assert found["not_asked"] == [
        "earlier_disposals.kind",
        "flags.hate",
        "offender.sex",
        "victims.kind",
    ]


@pytest.mark.parametrize(
    ("case", "unknown"),
    [
        ({}, ["flags.hate", "victims"]),
        ({"flags__hate": True}, ["victims"]),
        ({"victims": []}, ["flags.hate"]),
        ({"victims": [{"age": 3}, {}]}, ["flags.hate", "victims.age", "victims.position"]),
        (
            {"victims": [{"age": None, "position": "agree"}, {"position": "agree"}]},
            ["flags.hate", "victims.age"],
        ),
        ({"victims": [{"age": 3, "position": "agree"}]}, ["flags.hate"]),
    ],
)
def test_a_finding_names_what_it_could_not_see(case, unknown):
    some = 'flags.hate and (some v in victims satisfies v.age < 5 and v.position = "agree")'
    decision = decide(facts(**case), ruleset(policy(rule("R", some))))
    assert document(decision, force=None, on=ON)["findings"][0]["unknown"] == unknown


def test_what_is_missing_is_in_it_with_its_meaning():
    found = made(facts(offender__age=17, offender__appropriate_adult=True))
    assert found["answer"] == "not_yet_known"
    assert found["missing"] == [["gravity.score"]]
    assert set(found["matters"]) == {"gravity.score", "victims"}
    assert found["near_miss"] is None
    meaning = found["meanings"]["gravity.score"]
    assert meaning["unit"] == "score"
    assert "gravity score" in meaning["meaning"]
    assert found["meanings"]["recorded.rationale"]["unit"] == ""


def test_every_fact_it_speaks_of_has_its_meaning():
    made_of = Generator(3)
    for seed in range(40):
        some = Generator(seed).ruleset(5)
        found = document(decide(made_of.case(), some), force=None, on=ON)
        spoken = {*found["facts"], *found["derived"], *found["matters"]}
        spoken |= {name for group in found["missing"] for name in group}
        spoken |= {f"recorded.{n}" for one in found["findings"] for n in one["record"]}
        spoken |= {one["fact"] for one in (found["near_miss"] or {"changes": []})["changes"]}
        spoken |= {*found["not_asked"], *(n for one in found["findings"] for n in one["unknown"])}
        assert spoken == set(found["meanings"])


def test_what_the_offence_table_told_stands_apart():
    row = {"code": "46", "name": "Shop", "source": "src 58", "confidence": "read", "digest": "0"}
    case = facts(offence__code="46", offence__group="theft")
    found = made(case, told=Told(frozenset({"offence.group"}), row))
    assert found["facts"] == {"offence.code": "46"}
    assert found["derived"] == {"offence.group": "theft"}
    assert found["offence"] == row
    assert found["illustrative"] is False
    doubtful = {**row, "confidence": "illustrative"}
    assert made(case, told=Told(frozenset(), doubtful))["illustrative"] is True


def test_what_is_illustrative_says_so():
    assert made(facts(gravity__matrix="illustrative"))["illustrative"] is True
    assert made(facts(gravity__matrix="force_own"))["illustrative"] is False
    doubtful = policy(rule("A", "true", confidence="illustrative"))
    assert made({}, doubtful)["illustrative"] is True


# --- there and back -------------------------------------------------------------------------------


def test_it_is_read_back_as_it_was_written():
    found = made()
    text = dumps(found)
    assert loads(text) == found
    assert dumps(loads(text)) == text
    assert render(loads(text)) == render(found)
    assert text.endswith("}\n")
    assert text.startswith('{\n  "answer": "nobody",\n')


def test_it_keeps_letters_as_they_are():
    found = made({}, policy(rule("A", "true", because="Être – yes.")))
    assert "Être – yes." in dumps(found)
    rest = {name: value for name, value in found.items() if name != "digest"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert found["digest"] == hashlib.sha256(text.encode()).hexdigest()
    assert loads(dumps(found)) == found


def test_the_digest_is_that_of_everything_else():
    found = made()
    rest = {name: value for name, value in found.items() if name != "digest"}
    assert found["digest"] == digest_of(rest) == digest_of(found)
    assert len(found["digest"]) == 64
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert found["digest"] == hashlib.sha256(text.encode()).hexdigest()


def test_the_same_decision_has_the_same_document():
    assert dumps(made()) == dumps(made())
    assert made(made_by="other")["digest"] != made()["digest"]


@pytest.mark.parametrize("seed", range(30))
def test_any_decision_is_written_read_and_rendered(seed):
    some = Generator(seed)
    rules = some.ruleset(6)
    for case in some.cases(3):
        found = document(decide(case, rules), force="kent", on=ON)
        text = dumps(found)
        assert loads(text) == found
        words = render(loads(text))
        assert words == render(found)
        assert words.endswith("\n")
        assert all(line == line.rstrip() for line in words.splitlines())


def test_every_format_has_its_shape_and_its_words():
    assert set(SHAPES) == set(RENDERERS)
    assert max(SHAPES) == FORMAT


# --- what is refused ------------------------------------------------------------------------------


def refused(text, place="d.json"):
    with pytest.raises(DocumentError) as caught:
        loads(text, place)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "d.json, line 1, column 1: This is not JSON"),
        ("{", "d.json, line 1, column 2: This is not JSON"),
        ("[]", "d.json: This is not the document of a decision. `amends decide --json` writes one."),
        ("{}", "d.json: This is not the document of a decision."),
        ("3", "d.json: This is not the document of a decision."),
        ('{"format": 3}', "d.json: format: Its format is 3, which this release does not know. "
         "Known: 1, 2. Use a later release."),
        ('{"format": "1"}', "d.json: format: Its format is '1', which"),
        ('{"format": true}', "d.json: format: Its format is True, which"),
        ('{"format": [1]}', "d.json: format: Its format is [1], which"),
        ('{"format": 1}', "d.json: It has no "),
        ('{"b": 1, "a": 1, "a": 2}', "d.json: The name 'a' is given twice."),
        ("[" * 100_000, "d.json: It is nested too deep."),
        ('{"format": ' + "1" * 5000 + "}", "d.json: "),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused(text, wrong):
    assert refused(text).startswith(wrong)


@pytest.mark.parametrize(
    ("path", "value", "wrong"),
    [
        (["answer"], "officer", "d.json: digest: It has been changed since it was made"),
        (["findings", 0, "because"], "Never mind.", "d.json: digest: It has been changed"),
        (["digest"], "0" * 64, "d.json: digest: It has been changed"),
        (["answer"], "captain", "d.json: answer: This should be one of inspector, nobody, not_yet_known,"),
        (["answer"], None, "d.json: answer: This should be one of "),
        (["answer"], ["nobody"], "d.json: answer: This should be one of "),
        (["low"], 3, "d.json: low: This should be one of "),
        (["otherwise"], "not_yet_known", "d.json: otherwise: This should be one of "),
        (["format"], 1.0, "d.json: format: Its format is 1.0, which this release does not know."),
        (["trial"], "x", "d.json: trial: This should be a list."),
        (["trial"], [3], "d.json: trial[1]: This should be text."),
        (["illustrative"], 1, "d.json: illustrative: This should be true or false."),
        (["force"], 3, "d.json: force: This should be text or null."),
        (["on"], "2013-6-1", "d.json: on: This should be a day, such as 2013-06-01."),
        (["on"], "20130601", "d.json: on: This should be a day, such as 2013-06-01."),
        (["on"], None, "d.json: on: This should be a day, such as 2013-06-01."),
        (["known_on"], "x", "d.json: known_on: This should be a day, such as 2013-06-01 or null."),
        (["policies"], {}, "d.json: policies: This should be a list."),
        (["policies", 0], "x", "d.json: policies[1]: This should be a table."),
        (["policies", 0, "confidence"], "sure", "d.json: policies[1]: confidence: This should be one of"),
        (["policies", 0, "ends"], "x", "d.json: policies[1]: ends: This should be a day"),
        (["policies", 0, "extra"], "x", "d.json: policies[1]: extra: There is no such key."),
        (["findings", 1, "state"], "odd", "d.json: findings[2]: state: This should be one of"),
        (["findings", 1, "record"], [None], "d.json: findings[2]: record[1]: This should be text."),
        (["facts"], [], "d.json: facts: This should be a table."),
        (["facts", "x"], {}, "d.json: facts: x: This should be text or true or false or a whole number "
         "or a list of records or null."),
        (["facts", "victims"], [3], "d.json: facts: victims: This should be text or"),
        (["facts", "x"], 1.5, "d.json: facts: x: This should be text or"),
        (["offence"], 3, "d.json: offence: This should be a table or null."),
        (["offence"], {}, "d.json: offence: It has no 'code'."),
        (["near_miss"], "x", "d.json: near_miss: This should be a table or null."),
        (["near_miss", "authority"], "x", "d.json: near_miss: authority: This should be one of"),
        (["near_miss", "changes", 0, "whose"], "fixed", "d.json: near_miss: changes[1]: whose: This"),
        (["missing"], [[3]], "d.json: missing[1][1]: This should be text."),
        (["owed", "x"], [3], "d.json: owed: x[1]: This should be text."),
        (["meanings", "x"], "x", "d.json: meanings: x: This should be a table."),
        (["ruleset", "name"], 3, "d.json: ruleset: name: This should be text."),
    ],
)  # fmt: skip
def test_a_document_that_was_changed_is_refused(path, value, wrong):
    changed = copy.deepcopy(made())
    part = changed
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert refused(dumps(changed)).startswith(wrong)


def test_a_document_with_something_left_out_is_refused():
    whole = made()
    for name in whole:
        if name == "format":
            continue
        rest = {key: value for key, value in whole.items() if key != name}
        assert refused(dumps(rest)) == f"d.json: It has no {name!r}."


@pytest.mark.parametrize("name", sorted(made()))
def test_every_part_counts_in_the_digest(name):
    whole = made()
    rest = {key: value for key, value in whole.items() if key != name}
    assert (digest_of(rest) == whole["digest"]) == (name == "digest")


@settings(max_examples=60, deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda of: st.lists(of, max_size=3) | st.dictionaries(st.sampled_from(["format", "on", "x"]), of),
    max_leaves=6,
))  # fmt: skip
def test_any_json_is_read_or_refused(data):
    with pytest.raises(DocumentError):
        loads(json.dumps(data))


# --- files ----------------------------------------------------------------------------------------


def test_a_document_is_read_from_its_file(tmp_path):
    path = tmp_path / "d.json"
    path.write_text(dumps(made()), "utf-8")
    assert read_document(path) == made()
    path.write_bytes(b"\xef\xbb\xbf" + dumps(made()).encode())
    assert read_document(path) == made()


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"\xff", "d.json: Byte 0 is not UTF-8. Use the document as it was written."),
        (b" " * (LARGEST_DOCUMENT + 1), "d.json: The file is larger than 5,000,000 bytes."),
        (b" " * LARGEST_DOCUMENT, "d.json, line 1, column 5000001: This is not JSON"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, raw, wrong):
    path = tmp_path / "d.json"
    path.write_bytes(raw)
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    assert str(caught.value).startswith(wrong)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        read_document(tmp_path / "none.json")
