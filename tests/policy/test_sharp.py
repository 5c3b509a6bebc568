"""What a small slip in judging by policy would change: ends, order, what goes together, what is told."""

import datetime as dt
from dataclasses import replace
from hashlib import sha256

import pytest

from amends.feel import Type, compile_text
from amends.policy import circumstances, explaining, gravity, lists, offences
from amends.policy import classes as classing
from amends.policy.checking import check_policy
from amends.policy.circumstances import Circumstances
from amends.policy.classes import Classes
from amends.policy.code_tables import BadTable
from amends.policy.completing import complete
from amends.policy.deciding import State, decide
from amends.policy.documents import DocumentError, digest_of, loads
from amends.policy.exactness import is_exact
from amends.policy.explaining import Change, missing, near_miss
from amends.policy.facts import Catalogue, FactError, catalogue, read_catalogue
from amends.policy.library import shelf
from amends.policy.rules import Authority, PolicyError, ruleset
from amends.policy.tightening import check_overlay, check_shelf
from support.generating import policy_of, rule_of
from support.policies import facts, policy, rule, rules

WHOLE = Type(kind="number", least=0, greatest=1_000_000)
AGREE = 'some v in victims satisfies v.position = "agree"'
NOT_AGREE = 'some v in victims satisfies v.position != "agree"'
EVERY_AGREE = 'every v in victims satisfies v.position = "agree"'


def found(*some, **head):
    """What a check says of a policy, without what it says of rules of which nothing comes."""
    return [str(one) for one in check_policy(policy(*some, **head))]


def classes(*texts, **declared):
    """The classes of conditions over facts of our own making, or over those of the catalogue."""
    known = declared or catalogue().declarations()
    made = (compile_text(text, known, kind="boolean") for text in texts)
    return Classes(
        ruleset(policy_of(tuple(rule_of(n, one, Authority.NOBODY) for n, one in enumerate(made))))
    )


def values(made, place=0):
    return [value for _, value in made.inputs[place].known]


def node(text, **declared):
    return compile_text(text, declared or catalogue().declarations()).node


# --- which values of a fact are tried -------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "whole"),
    [
        (Type(kind="number", least=0, greatest=999), True),
        (Type(kind="number", least=0, greatest=1000), False),
        (Type(kind="number", least=-500, greatest=499), True),
        (Type(kind="number", least=5000, greatest=5999), True),
        (Type(kind="number", least=5000, greatest=6000), False),
        (Type(kind="number", least=0), False),
        (Type(kind="number", greatest=9), False),
        (Type(kind="number"), False),
        (Type(kind="date"), False),
        (Type(kind="string", choices=("a", "b")), True),
        (Type(kind="string"), False),
    ],
)
def test_a_fact_of_up_to_a_thousand_values_is_tried_value_by_value(kind, whole):
    text = {"number": "abs(x - 3) < 2", "date": "x.year > 2013", "string": 'starts with(x, "a")'}
    (one,) = classes(text[kind.kind], x=kind).inputs
    assert one.single is whole


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("x > 0", Type(kind="number", least=-5, greatest=0), [-5]),
        ("x > 5", Type(kind="number", least=0, greatest=5), [0]),
        ("x > 5", WHOLE, [0, 6]),
        ("x > 5.5", WHOLE, [0, 6]),
        ("x >= -5", Type(kind="number", least=-1_000_000, greatest=1_000_000), [0, -6]),
        ('date("2013-06-01") < x', Type(kind="date"), [dt.date(2000, 1, 1), dt.date(2013, 6, 2)]),
        ('"a" = x', Type(kind="string", absent=True), ["another code", "a"]),
    ],
)
def test_every_class_has_a_value_that_the_fact_can_have(text, kind, wanted):
    made = classes(text, x=kind)
    assert made.inputs[0].single
    assert values(made) == wanted


def test_how_many_records_a_list_has_is_no_question_about_another_fact():
    (one,) = classes("count(victims) > offender.age").inputs
    assert not one.single
    assert one.name == "victims, offender.age"


# --- what goes together ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "told_apart"),
    [
        ('r.on > date("2013-01-01")', True),
        ('date("2013-01-01") > r.on', True),
        ('r.on in (date("2013-01-01"), date("2014-01-01"))', True),
        ("r.on = null", True),
        ('r.code = "8N"', True),
        ("r.size > 3", True),
        ("abs(r.size - 3) > 1", True),
        ('starts with(r.code, "8")', False),
        ("r.on.year > 2013", False),
        ("r.on > r.until", False),
        ("r.size > r.other", False),
    ],
)
def test_conditions_on_the_records_of_a_list_are_judged_together_where_values_can_be_listed(
    test, told_apart
):
    size, day = Type(kind="number", least=0, greatest=5), Type(kind="date", absent=True)
    fields = {"on": day, "until": day, "code": Type(kind="string"), "size": size, "other": size}
    records = Type(kind="list", fields=tuple(fields.items()))
    made = classes(f"some r in rs satisfies {test}", f"every r in rs satisfies {test}", rs=records)
    assert bool(made.together) is told_apart


def test_one_of_some_victims_agrees_or_does_not_if_there_is_one():
    both = rules(rule("A", AGREE, "inspector"), rule("B", NOT_AGREE, "inspector"))
    assert decide(facts(victims=[{}]), both).answer is Authority.INSPECTOR
    assert decide({}, both).answer is Authority.NOT_YET_KNOWN
    assert decide(facts(victims=[]), both).answer is Authority.OFFICER


def test_a_list_asked_about_once_is_not_joined_to_another():
    earlier = 'some d in earlier_disposals satisfies d.kind != "caution"'
    both = rules(rule("A", AGREE, "inspector"), rule("B", earlier, "inspector"))
    assert decide({}, both).answer is Authority.NOT_YET_KNOWN
    assert Classes(both).together == ()


@pytest.mark.parametrize(
    "counted",
    [
        "8 = count(victims)",
        "count(victims) in (7, 9)",
        "count(victims) = 5",
        "count(victims) > 6",
    ],
)
def test_a_list_of_any_length_may_hold_records_of_any_kind(counted):
    made = classes(AGREE, EVERY_AGREE, counted)
    ((places, possible),) = made.together
    place = next(n for n, i in enumerate(places) if made.inputs[i].tests[0] == node(counted))
    others = [
        n
        for n, i in enumerate(places)
        if made.inputs[i].tests[0] in (node(AGREE), node(EVERY_AGREE))
    ]
    so = {tuple(one[n] for n in others) for one in possible if one[place] is True}
    assert so == {(True, True), (True, False), (False, False)}


def test_both_rules_stand_in_the_way_where_one_of_them_must():
    decision = decide(
        {}, rules(rule("A", NOT_AGREE, "inspector"), rule("B", EVERY_AGREE, "inspector"))
    )
    assert decision.answer is Authority.INSPECTOR
    assert [one.rule.id for one in decision.reasons] == ["A", "B"]


# --- the search for a definite answer -------------------------------------------------------------

SAME = "flags.hate = flags.knife"


@pytest.mark.parametrize(("steps", "answer"), [(4, Authority.NOT_YET_KNOWN), (5, Authority.NOBODY)])
def test_a_proof_takes_a_step_for_each_case_looked_into(monkeypatch, steps, answer):
    """Nothing known; hate false, then knife twice; hate true is the fifth that is still open."""
    monkeypatch.setattr(classing, "MOST_STEPS", steps)
    made = Classes(rules(rule("A", SAME), rule("B", f"not({SAME})")))
    assert made.settle(made.states({})) is answer


def test_what_is_definite_rule_by_rule_is_settled_at_once():
    made = Classes(rules(rule("A", "flags.hate", "inspector")))
    assert made.settle(made.states(facts(flags__hate=True))) is Authority.INSPECTOR
    assert made.settle(made.states(facts(flags__hate=False))) is Authority.OFFICER


def test_what_could_not_raise_the_answer_does_not_matter():
    made = Classes(
        rules(rule("A", "flags.hate", "inspector"), rule("B", "flags.knife", "inspector"))
    )
    assert made.unknown(made.states(facts(flags__hate=True))) == []


def test_the_limits_are_those_that_are_published():
    assert classing.MOST_STEPS == 20_000
    assert explaining.MOST_TRIES == 3_000
    assert circumstances.MOST_CASES == 200_000
    assert circumstances.MOST_TRIED == 20_000
    assert (lists.MOST_TRIES, lists.LONGEST) == (20_000, 1_000)


# --- when deciding rule by rule is exact ----------------------------------------------------------


@pytest.mark.parametrize(
    ("conditions", "exact"),
    [
        (("not(flags.hate and not(flags.knife))",), True),
        (("flags.hate and not(flags.knife and not(flags.hate))", "flags.child"), True),
        (("flags.hate or not(flags.hate)", "flags.knife"), False),
        (("not(flags.hate) or (flags.knife and flags.hate)",), False),
    ],
)
def test_exactness_looks_into_every_joint_of_a_condition(conditions, exact):
    assert is_exact(classes(*conditions)) is exact


# --- what a rule applies to -----------------------------------------------------------------------


def test_a_rule_that_cannot_be_known_to_apply_does_not_apply():
    """`b and null` is not true, whatever b is."""
    only = rule("R", "flags.knife", applies="flags.hate and gravity.score > 3")
    decision = decide(facts(gravity__score=None, flags__knife=True), rules(only))
    assert decision.findings[0].state is State.DOES_NOT_APPLY
    assert decision.answer is Authority.OFFICER


# --- trying the cases that conditions tell apart --------------------------------------------------


@pytest.mark.parametrize(
    "when",
    [
        "decision.date.year = 2015 and decision.date.month = 6 and decision.date.day = 14",
        "decision.date.year = 2015 and decision.date.month = 11 and decision.date.day = 2",
        "decision.date.month = 1 and decision.date.day = 2",
        "decision.date.month = 1 and decision.date.day = 31",
        "decision.date.month = 3 and decision.date.day = 27",
        "decision.date.month = 3 and decision.date.day = 29",
        "decision.date.month = 12 and decision.date.day = 28",
        "decision.date.year = 1901",
        "decision.date.year = 2020 and decision.date.month = 1 and decision.date.day = 1",
        "decision.date.year = 2019 and decision.date.month = 12 and decision.date.day = 31",
        "decision.date.year = 2019 and decision.date.month = 1 and decision.date.day = 2",
        "decision.date.year + 1 = 2019",
        "decision.date.day = 1",
        'decision.date.year = 2020 and decision.date > date("2013-06-01")',
        'decision.date + duration("P2M") = date("2013-06-01")',
        'decision.date - duration("P2M") = date("2013-06-01")',
        'decision.date + duration("P40D") = date("2013-06-01")',
        'decision.date - duration("P40D") = date("2013-06-01")',
        "count(victims) + 1 = 8",
        "count(victims) - 1 = 8",
        "count(victims) = 100",
        "some v in victims satisfies v.age * 2 = 36",
        "(if flags.hate then null else offender.age) > 3",
        '(if decision.date > date("2013-06-01") then offender.age else gravity.score) > 3',
        "(if offence.date + {P1M} < decision.date then offender.age else gravity.score) > 3",
        "(if offence.date + {P9D} < decision.date then offender.age else gravity.score) > 3",
        "(if (if flags.hate then {T1} else {T2}) = {T1} then offender.age else gravity.score) > 3",
        "(if (if flags.hate then {P9D} else {P1D}) = {P1D} then offender.age else gravity.score) > 3",
        "(if (if flags.hate then {P1M} else {P2M}) = {P1M} then offender.age else gravity.score) > 3",
        '(if (if flags.hate then "a" else "b") = "a" then offender.age else gravity.score) > 3',
    ],
)
def test_a_case_that_raises_the_rule_is_found(when):
    marks = {name: f'duration("{name}")' for name in ("P1M", "P2M", "P1D", "P9D")}
    marks |= {"T1": 'time("10:00:00")', "T2": 'time("11:00:00")'}
    assert found(rule("R", when.format(**marks))) == []


@pytest.mark.parametrize("text", ["x + 1 = 300", "x - 1 = 300", "x = 300", "x > 299 and x < 301"])
def test_numbers_on_both_sides_of_every_constant_are_tried(text):
    one = node(text, x=WHOLE)
    condition = compile_text(text, {"x": WHOLE})
    assert {condition.value(case) for case in Circumstances([one]).cases(one)} == {False, True}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x > 3", Type(kind="number", least=500, greatest=5_000)),
        ("x > 0", Type(kind="number", least=-5_000, greatest=0)),
        ("x > 3", Type(kind="number", least=0, greatest=10**12)),
        ("x >= 5", Type(kind="number", least=5, greatest=5_000)),
    ],
)
def test_no_number_is_tried_that_the_fact_cannot_have(text, kind):
    one = node(text, x=kind)
    for case in Circumstances([one]).cases(one):
        assert kind.least <= case["x"] <= kind.greatest


@pytest.mark.parametrize(
    ("kind", "exact"),
    [
        (Type(kind="number", least=0, greatest=999), True),
        (Type(kind="number", least=0, greatest=1000), False),
        (Type(kind="number", least=500, greatest=1499), True),
        (Type(kind="number", least=0), False),
        (Type(kind="number", greatest=9), False),
    ],
)
def test_trying_every_value_is_exact(kind, exact):
    one = node("abs(x - 3) < 2", x=kind)
    assert Circumstances([one]).exact(one) is exact


@pytest.mark.parametrize(
    ("when", "sure"),
    [
        ('starts with(admission.form, "zzz")', True),
        ("flags.hate and not(flags.hate)", True),
        ('decision.date + duration("P1D") < decision.date', False),
        ('starts with(offence.code, "z") and offence.code = "8N"', False),
    ],
)
def test_a_check_says_whether_every_case_was_tried(when, sure):
    (problem,) = found(rule("R", when))
    assert ("that were tried" not in problem) is sure


def test_conditions_that_share_a_fact_by_way_of_others_are_one_part():
    texts = (
        "offence.date < decision.date",
        "decision.date < resolution.last_action_due",
        'offence.date > date("2013-06-01")',
        "flags.hate",
    )
    parts = Circumstances([node(text) for text in texts]).parts
    assert sorted(len(part.tests) for part in parts) == [1, 3]


def test_a_rule_that_needs_four_different_records_is_not_said_to_be_impossible():
    ages = " and ".join(f"(some v in victims satisfies v.age = {n})" for n in (3, 5, 7, 9))
    (problem,) = found(rule("R", ages))
    assert problem.startswith("warning: made-up: R: It is never reached: no case of the ")


# --- what a check tells ---------------------------------------------------------------------------


def test_a_source_after_one_that_was_not_read_is_looked_up_too():
    some = rule("R", "flags.hate")
    problems = found(some, source="none read; nosuch", confidence="illustrative")
    assert [one for one in problems if "error" in one] == [
        "error: made-up: source: 'nosuch' is no source that is known. "
        "Name one of sources.csv, for example src 2, 25; or one of the policy's own, under [sources].",
        "error: made-up: confidence: It is illustrative, and the policy is published. "
        'Read its source and name it; or make the policy a draft: status = "draft".',
    ]


def test_what_raises_nothing_is_told_once():
    problems = found(rule("A", "true", "inspector"), rule("B", "flags.hate", "officer"))
    assert len(problems) == 1
    assert "B: Nothing comes of it" in problems[0]


def test_one_check_of_too_many_cases_does_not_hide_the_next(monkeypatch):
    monkeypatch.setattr(circumstances, "MOST_CASES", 4)
    three = "flags.knife and flags.sexual and flags.domestic_abuse"
    one = policy(rule("A", three, "inspector"), id="one", series="one")
    two = policy(rule("A", "flags.hate", "inspector"), id="two", series="two")
    force = policy(
        rule("F", "flags.hate", "sergeant", replaces=["A"]), id="f", scope="kent", layer="force"
    )
    problems = check_overlay(force, shelf([one, two, force], {"kent": "Kent"}))
    assert [str(problem.severity) for problem in problems] == ["note", "error"]


def test_a_version_that_starts_when_the_last_ends_does_not_overlap_it():
    some = rule("R", "flags.hate")
    old = policy(some, id="old", starts="2010-01-01", ends="2013-01-01", known_from="2013-01-01")
    new = policy(some, id="new")
    assert check_shelf(shelf([old, new])) == []


# --- what is missing, and what would open it ------------------------------------------------------


def test_no_group_of_four_is_asked_for_in_place_of_everything():
    names = ("flags.hate", "flags.knife", "flags.child", "flags.sexual")
    odd = f"({names[0]} = {names[1]}) = ({names[2]} = {names[3]})"
    lower = rule("S", "flags.domestic_abuse", "sergeant")
    (group,) = missing(decide({}, rules(rule("X", odd, "inspector"), lower)))
    assert sorted(group) == sorted((*names, "flags.domestic_abuse"))


@pytest.mark.parametrize(
    ("tries", "wanted"),
    [(10, (("offender.age",),)), (9, (("offender.age", "flags.hate"),))],
)
def test_only_so_many_values_are_tried_for_a_group(monkeypatch, tries, wanted):
    """The second value of the age settles it: a tenth of the tries must reach it."""
    monkeypatch.setattr(explaining, "MOST_TRIES", tries)
    some = (rule("A", "offender.age > 40"), rule("H", "flags.hate", "inspector"))
    groups = missing(decide({}, rules(*some)))
    assert {frozenset(group) for group in groups} == {frozenset(group) for group in wanted}


def test_what_would_open_it_may_be_a_change_to_no():
    near = near_miss(decide(facts(offender__agrees=True), rules(rule("R", "offender.agrees"))))
    assert near.changes == (Change("offender.agrees", False, "theirs"),)


def test_two_values_of_one_fact_are_no_two_changes():
    known = dict(catalogue())
    known["flags.relationship"] = replace(known["flags.relationship"], change="do")
    near_one = rule("K", 'flags.relationship = "other_family"')
    adult = rule("A", "not(offender.appropriate_adult)")
    given = facts(flags__relationship="other_family", offender__appropriate_adult=False)
    near = near_miss(decide(given, rules(near_one, adult)), Catalogue(known))
    assert [change.fact for change in near.changes] == [
        "flags.relationship",
        "offender.appropriate_adult",
    ]


# --- facts, documents and tables ------------------------------------------------------------------


def test_a_number_that_may_only_be_nought_is_nought():
    said = {
        "type": "whole",
        "unit": "things",
        "least": 0,
        "greatest": 0,
        "meaning": "?",
        "from": "?",
    }
    known = read_catalogue({"x": said})
    assert known.read({"x": 0}) == {"x": 0}
    with pytest.raises(FactError, match="1 things is not from 0 to 0"):
        known.read({"x": 1})


def test_more_than_sixty_letters_are_cut_in_an_error():
    for letters, shown in ((58, "a" * 58 + '"'), (59, "a" * 56 + "...")):
        with pytest.raises(FactError) as caught:
            catalogue().read({"flags.hate": "a" * letters})
        assert f'"{shown} is not true or false.' in str(caught.value)


def test_a_digest_is_over_the_letters_themselves():
    assert digest_of({"b": "é", "a": [1]}) == sha256('{"a":[1],"b":"é"}'.encode()).hexdigest()


def test_the_name_that_is_given_twice_is_told():
    with pytest.raises(DocumentError, match="The name 'b' is given twice"):
        loads('{"a": 1, "b": 2, "c": 3, "b": 4}')


def test_a_byte_that_is_no_text_is_on_the_line_where_it_stands():
    for raw, line in ((b"\n\xff", 2), (b"\xff", 1), (b"a\nb\n\xff\n", 3)):
        with pytest.raises(BadTable) as caught:
            offences.read(raw)
        assert caught.value.line == line


@pytest.mark.parametrize("days", ["0", "0.5", "1"])
def test_a_harm_may_be_of_no_days_or_of_half_a_day(days):
    row = f"ours,1,prc,46,{days},force,read,MIT"
    (weight,) = gravity.read_weights("\n".join((",".join(gravity.WEIGHTS), row)))
    assert str(weight.days) == days


def test_few_near_names_are_suggested():
    with pytest.raises(FactError) as fault:
        complete({"offence.code": "28Z"}, offences.published(), dt.date(2018, 1, 1))
    assert fault.value.right.count(" or ") == 2
    some = [policy(rule("R", "flags.hate"), id=f"name-{n}", series=f"s{n}") for n in range(4)]
    held = shelf(some, {f"force-{n}": "Force" for n in range(4)})
    with pytest.raises(PolicyError) as wrong:
        held.find("name-9")
    assert wrong.value.right.count(" or ") == 1
    with pytest.raises(PolicyError) as wrong:
        held.check_force("force-9")
    assert wrong.value.right.count(" or ") == 1
