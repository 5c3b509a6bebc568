"""A policy is read strictly: a missing, unknown or wrong part is refused with its place."""

import datetime as dt
import hashlib

import pytest

from amends.policy.rules import (
    LARGEST_POLICY,
    MOST_RULES,
    Authority,
    PolicyError,
    parse,
    ruleset,
)
from support.policies import policy, rule, rules, toml

HATE = rule("HATE", "flags.hate")


def refused(text):
    with pytest.raises(PolicyError) as caught:
        parse(text, "p.toml")
    return str(caught.value)


# --- what is read ---------------------------------------------------------------------------------


def test_a_policy_is_read():
    text = toml(
        rule("A-1", "flags.hate", "inspector", applies="case.recorded_crime", record=["rationale"]),
        rule("A-2", "flags.knife", advise="Think.", replaces=["X"], loosens={"reason": "r", "owner": "o"}),
        ends="2014-01-01", note="", dates="About.", otherwise="sergeant",
    )  # fmt: skip
    found = parse(text, "p.toml")
    assert (found.id, found.series, found.scope, found.layer) == (
        "made-up", "made-up", "national", "guidance",
    )  # fmt: skip
    assert (found.starts, found.ends) == (dt.date(2013, 1, 1), dt.date(2014, 1, 1))
    assert (found.known_from, found.dates, found.note) == (dt.date(2013, 1, 1), "About.", "")
    assert found.otherwise is Authority.SERGEANT
    assert not found.draft
    assert found.digest == hashlib.sha256(text.encode()).hexdigest()
    one, two = found.rules
    assert one.applies.text == "case.recorded_crime"
    assert one.when.text == "flags.hate"
    assert one.facts == ("case.recorded_crime", "flags.hate")
    assert (one.allow, one.record, one.policy) == (Authority.INSPECTOR, ("rationale",), "made-up")
    assert two.applies is None
    assert two.facts == ("flags.knife",)
    assert (two.advise, two.replaces) == ("Think.", ("X",))
    assert two.loosens == {"reason": "r", "owner": "o"}


def test_what_is_left_out_is_empty():
    found = policy(HATE)
    assert (found.ends, found.dates, found.note) == (None, "", "")
    (one,) = found.rules
    assert (one.record, one.replaces, one.advise, one.loosens) == ((), (), "", None)


def test_line_ends_and_a_byte_order_mark_change_nothing():
    text = toml(HATE)
    windows = parse(text.replace("\n", "\r\n"), "p.toml")
    assert windows.digest == parse(text, "p.toml").digest
    marked = parse(b"\xef\xbb\xbf" + text.encode(), "p.toml")
    assert marked.id == "made-up"


def test_a_policy_is_in_force_from_its_first_day_until_its_end():
    found = policy(HATE, ends="2014-01-01")
    days = ("2012-12-31", "2013-01-01", "2013-12-31", "2014-01-01")
    assert [found.in_force_on(dt.date.fromisoformat(day)) for day in days] == [
        False, True, True, False,
    ]  # fmt: skip
    assert policy(HATE).in_force_on(dt.date(2099, 1, 1))
    assert policy(HATE, status="draft").draft


def test_authorities_have_their_order_and_words():
    words = [one.word for one in sorted(Authority)]
    assert words == [
        "officer",
        "sergeant",
        "inspector",
        "superintendent",
        "not_yet_known",
        "nobody",
    ]
    assert policy(rule("A", "true", "superintendent")).rules[0].allow is Authority.SUPERINTENDENT


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "wrong"),
    [
        ({"title": None}, "p.toml: It has no 'title'. Write title = text."),
        ({"starts": None}, "p.toml: It has no 'starts'. Write starts = a date, such as 2013-06-01."),
        ({"tittle": "x"}, "p.toml: tittle: There is no such key. Known: id, series, title,"),
        ({"title": 3}, "p.toml: title: 3 is not text."),
        ({"title": " "}, "p.toml: title: It is empty."),
        ({"starts": "2013-01-01T10:00:00"}, "p.toml: starts: datetime.datetime(2013, 1, 1, 10, 0) is not"),
        ({"starts": '"2013-01-01"'}, "p.toml: starts: '2013-01-01' is not a date"),
        ({"starts": "2013-02-30"}, "p.toml: This is not TOML"),
        ({"layer": "law"}, "p.toml: layer: 'law' is not known. It can be: statute, guidance, force."),
        ({"status": "old"}, "p.toml: status: 'old' is not known. It can be: published, draft."),
        ({"confidence": "sure"},
         "p.toml: confidence: 'sure' is not known. It can be: read, reported, illustrative."),
        ({"otherwise": "not_yet_known"}, "p.toml: otherwise: 'not_yet_known' is not known. It can be: "
         "officer, sergeant, inspector, superintendent, nobody."),
        ({"id": "a b"}, "p.toml: id: An id is letters, digits and hyphens, at most 60."),
        ({"id": "-a"}, "p.toml: id: An id is letters"),
        ({"id": "a" * 61}, "p.toml: id: An id is letters"),
        ({"layer": "force"}, "p.toml: layer: The layer 'force' does not go with the scope 'national'."),
        ({"scope": "kent"}, "p.toml: layer: The layer 'guidance' does not go with the scope 'kent'."),
        ({"ends": "2013-01-01"}, "p.toml: ends: It ends before it starts."),
        ({"ends": "2012-01-01"}, "p.toml: ends: It ends before it starts."),
    ],
)  # fmt: skip
def test_a_wrong_head_is_refused(head, wrong):
    assert refused(toml(HATE, **head)).startswith(wrong)


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"allow": "captain"}, "allow: 'captain' is not known. It can be: officer, sergeant,"),
        ({"confidence": "sure"}, "confidence: 'sure' is not known."),
        ({"record": ["rationale", "nosuch"]}, "record: 'nosuch' is not known. It can be: admission,"),
        ({"record": "rationale"}, "record: 'rationale' is not a list."),
        ({"record": [3]}, "record: It should be a list of names."),
        ({"replaces": [["x"]]}, "replaces: It should be a list of names."),
        ({"loosens": {"reason": "r"}}, "loosens: It must say why and who owns it. "
         'Write { reason = "", owner = "" }.'),
        ({"loosens": "r"}, "loosens: 'r' is not a table."),
        ({"wehn": "x"}, "wehn: There is no such key. Known: id, ask, when,"),
        ({"because": ""}, "because: It is empty."),
        ({"when": "flags.hatte"}, "when: 'flags.hatte' is not a declared fact. (line 1, column 1)"),
        ({"when": "offender.age"}, "when: This is a number, where a boolean is wanted."),
        ({"applies": "flags.hate and"}, "applies: The end stands where a value should."),
        ({"when": 'offender.sex = "male"'}, "when: 'offender.sex' is not a declared fact."),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_refused_with_its_number_and_name(more, wrong):
    message = refused(toml(HATE, rule("A-1", **{"when": "flags.knife", **more})))
    assert message.startswith(f"p.toml: rule 2 (A-1): {wrong}")


def test_a_rule_must_have_its_parts():
    text = toml(rule("A-1", "flags.hate").replace('ask = "Is it A-1?"\n', ""))
    assert refused(text) == "p.toml: rule 1 (A-1): It has no 'ask'. Write ask = text."
    assert refused(toml() + "rule = [3]") == (
        "p.toml: rule 1: This is not a table of names and values."
    )
    assert refused(toml()) == "p.toml: It has no rules. Write at least one [[rule]]."


def test_two_rules_of_one_name_are_refused():
    assert refused(toml(HATE, HATE)) == "p.toml: HATE: Two rules have this id."
    assert refused(toml(rule("a b", "flags.hate"))) == (
        "p.toml: 'a b': An id is letters, digits and hyphens."
    )


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        ("a = ", "p.toml: This is not TOML"),
        (b"a = '\xff'", "p.toml: Byte 5 is not UTF-8. Save as UTF-8."),
        ("a = " + "[" * 20_000, "p.toml: The file is nested too deep."),
        ("a = " + "1" * 5_000, "p.toml: A number in it is far too long."),
        ("#" * (LARGEST_POLICY + 1), "p.toml: The file is larger than 1,000,000 bytes."),
    ],
)
def test_a_damaged_file_is_refused(raw, wrong):
    assert refused(raw).startswith(wrong)


def test_a_file_of_the_largest_size_is_read():
    text = toml(HATE)
    filled = text + "#" * (LARGEST_POLICY - len(text))
    assert parse(filled, "p.toml").id == "made-up"


# --- rules together -------------------------------------------------------------------------------


def names(found):
    return [one.id for one in found.rules]


def test_the_rules_of_several_policies_stand_in_order():
    one = policy(rule("A", "flags.hate"), rule("B", "flags.knife"), id="one", otherwise="sergeant")
    two = policy(rule("C", "flags.hate", record=["rationale"]), id="two", otherwise="officer")
    found = ruleset(one, two)
    assert names(found) == ["A", "B", "C"]
    assert found.name == "one+two"
    assert found.otherwise is Authority.SERGEANT
    assert found.facts == ("flags.hate", "flags.knife", "recorded.rationale")
    assert ruleset().otherwise is Authority.OFFICER


def test_a_rule_that_is_replaced_is_left_out():
    national = policy(rule("A", "flags.hate"), rule("B", "flags.knife"), id="n")
    force = policy(rule("C", "true", replaces=["A"]), id="f")
    assert names(ruleset(national, force)) == ["B", "C"]
    assert names(ruleset(force, national)) == ["C", "B"]
    same_name = policy(rule("A", "true", replaces=["A"]), id="f")
    found = ruleset(national, same_name)
    assert names(found) == ["B", "A"]
    assert found.rules[1].policy == "f"


def test_two_rules_of_one_name_both_stand():
    found = ruleset(policy(HATE, id="one"), policy(rule("HATE", "flags.knife"), id="two"))
    assert [one.policy for one in found.rules] == ["one", "two"]


def test_no_more_rules_than_a_whole_number_has_bits():
    many = [rule(f"R-{n}", "flags.hate") for n in range(MOST_RULES + 1)]
    assert len(rules(*many[:-1]).rules) == MOST_RULES
    with pytest.raises(PolicyError, match=r"made-up: More than 62 rules apply\."):
        rules(*many)


def test_the_same_rules_have_the_same_digest():
    one, two = policy(HATE, id="one"), policy(HATE, id="two")
    wanted = hashlib.sha256(f"one {one.digest}\ntwo {two.digest}".encode()).hexdigest()
    assert ruleset(one, two).digest == wanted
    assert ruleset(two, one).digest != wanted


def test_what_is_illustrative_says_so():
    assert not rules(HATE).illustrative
    assert rules(HATE, confidence="illustrative").illustrative
    assert rules(HATE, rule("B", "true", confidence="illustrative")).illustrative
    assert not rules(HATE, confidence="reported").illustrative
