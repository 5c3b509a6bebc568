"""The kinds of case a policy can tell apart: each fact in classes, each test over a list by itself."""

import datetime as dt

import pytest

from amends.feel import NOT_FALSE, NOT_TRUE, UNKNOWN, compile_text
from amends.policy import classes as classing
from amends.policy import inputs
from amends.policy.classes import Classes, classes_of
from amends.policy.deciding import decide
from amends.policy.exactness import is_exact
from amends.policy.facts import catalogue, read_catalogue
from amends.policy.inputs import OTHER_CODE, may_be, raised_node
from amends.policy.lists import has_length, list_of
from amends.policy.rules import Authority, parse, ruleset
from support.policies import facts, rule, rules, toml

DECLARED = catalogue().declarations()


def classes(*conditions):
    return Classes(rules(*(rule(f"R-{n}", when) for n, when in enumerate(conditions))))


def node(text):
    return compile_text(text, DECLARED).node


def values(found, place=0):
    return [value for _, value in found.inputs[place].known]


# --- classes of one fact --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "wanted"),
    [
        ("flags.hate", [False, True]),
        ("offender.age < 18", [0, 18]),
        ("offender.age between 10 and 17", [0, 10, 18]),
        ("offender.age < 10 or offender.age > 17", [0, 10, 18]),
        ("gravity.score > 3", [1, 4, None]),
        ("gravity.score = null", [1, None]),
        ('admission.form = "none"', ["admits_offence", "none"]),
        ('offence.code = "8N"', [OTHER_CODE, "8N"]),
        ('offence.code in ("8N", "46")', [OTHER_CODE, "46"]),
        ("offence.code = null", [OTHER_CODE, None]),
        ('decision.date > date("2013-06-01")', [dt.date(2000, 1, 1), dt.date(2013, 6, 2)]),
        ('decision.date >= date("2013-06-01")', [dt.date(2000, 1, 1), dt.date(2013, 6, 1)]),
        ('decision.date < date("1999-06-01")', [dt.date(2000, 1, 1), dt.date(1999, 5, 31)]),
        ("abs(offender.age - 3) < 2", [0, 2]),
        ("2 < gravity.score", [1, 3, None]),
        ('date("2013-06-01") < decision.date', [dt.date(2000, 1, 1), dt.date(2013, 6, 2)]),
        ("offender.age > 120", [0]),
    ],
)
def test_a_fact_has_one_value_for_each_class(when, wanted):
    found = classes(when)
    assert len(found.inputs) == 1
    assert found.inputs[0].single
    assert values(found) == wanted


def test_all_that_is_asked_of_one_fact_is_one_input():
    found = classes("offender.age < 18", "offender.age < 10", "offender.age < 18 and flags.hate")
    assert [one.name for one in found.inputs] == ["offender.age", "flags.hate"]
    assert values(found) == [0, 10, 18]
    assert found.uses == (frozenset({0}), frozenset({0}), frozenset({0, 1}))


def test_a_test_over_several_facts_is_an_input_of_its_own():
    found = classes("offence.date < decision.date", "offender.age + gravity.score > 20")
    assert [one.name for one in found.inputs] == [
        "offence.date, decision.date",
        "offender.age, gravity.score",
    ]
    assert [one.single for one in found.inputs] == [False, False]
    assert values(found, 0) == [False, True]
    assert values(found, 1) == [False, True, None]
    assert found.inputs[0].other == ((UNKNOWN,),)
    assert found.inputs[1].other == ((UNKNOWN,), (NOT_TRUE,), (NOT_FALSE,))


def test_a_count_beside_a_fact_is_an_input_of_its_own():
    found = classes("count(victims) > offender.age")
    assert [one.single for one in found.inputs] == [False]


OWN = read_catalogue(
    {
        name: {"type": "whole", "meaning": "How many?", "from": "x", "unit": "x", **ends}
        for name, ends in {
            "narrow": {"least": 1000, "greatest": 1999},
            "wide": {"least": 0, "greatest": 1000},
        }.items()
    }
)


def own_classes(*conditions):
    some = (rule(f"R-{n}", when) for n, when in enumerate(conditions))
    return Classes(ruleset(parse(toml(*some), "own.toml", OWN)))


def test_a_fact_of_many_values_is_tried_beside_the_constants():
    assert own_classes("narrow * 2 > 3000").inputs[0].single
    assert not own_classes("wide * 2 > 3000").inputs[0].single
    found = own_classes("wide > 18", "wide = 17")
    assert found.inputs[0].single
    assert values(found) == [0, 17, 19]
    assert values(own_classes("wide >= 18")) == [0, 18]
    assert values(own_classes("wide in (18, 20)", "wide > 19")) == [0, 18, 20, 21]


def test_a_code_that_is_only_looked_into_is_an_input_of_its_own():
    found = classes('starts with(offence.code, "8")')
    assert not found.inputs[0].single


def test_a_state_is_known_or_what_it_may_turn_out_to_be():
    (one,) = classes("gravity.score > 3").inputs
    assert one.state({"gravity.score": 2}) == 0
    assert one.state({"gravity.score": 5}) == 1
    assert one.state({"gravity.score": None}) == 2
    assert one.state({}) == 3
    assert one.completions(1) == (1,)
    assert one.completions(3) == (0, 1, 2)
    (one,) = classes("offender.age + gravity.score > 20").inputs
    assert [one.completions(n) for n in (3, 4, 5)] == [(0, 1, 2), (0, 2), (1, 2)]


@pytest.mark.parametrize(
    ("unsure", "may"),
    [
        (UNKNOWN, [True, False, None]),
        (NOT_TRUE, [False, None]),
        (NOT_FALSE, [True, None]),
        (True, [True]),
        (False, [False]),
        (None, [None]),
    ],
)
def test_what_a_test_may_turn_out_to_say(unsure, may):
    assert [value for value in (True, False, None) if may_be(unsure, value)] == may


# --- taking conditions apart ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("flags.hate", 1),
        ("not(flags.hate) and (flags.knife or offender.agrees)", 3),
        ("flags.hate = flags.knife", 2),
        ("if flags.hate then flags.knife else offender.agrees", 3),
        ("(if flags.hate then offender.age else gravity.aggravating) > 3", 1),
        ("offender.age between 1 and 3", 2),
        ("some v in victims satisfies (v.age > 3 and v.contact_made)", 1),
        ("true", 0),
        ("offence.code = null", 1),
        ('offence.code in ("8N", "46")', 1),
    ],
)
def test_the_smallest_conditions(text, count):
    assert len(list(inputs.tests_in(node(text)))) == count


def test_a_rule_is_raised_where_it_applies_and_its_circumstance_is_there():
    (one,) = rules(rule("R", "flags.hate", applies="gravity.score > 3")).rules
    assert len(list(inputs.tests_in(raised_node(one)))) == 2
    assert raised_node(one).type.absent
    (two,) = rules(rule("R", "flags.hate")).rules
    assert raised_node(two) == node("flags.hate")


# --- lists ----------------------------------------------------------------------------------------

SOME = 'some v in victims satisfies v.position != "agree"'
EVERY = 'every v in victims satisfies v.position = "agree"'


def test_answers_about_one_list_go_together():
    found = classes(SOME, EVERY, "count(victims) > 0")
    ((places, possible),) = found.together
    names = [found.inputs[i].tests[0] for i in places]
    some, every, several = (names.index(node(text)) for text in (SOME, EVERY, "count(victims) > 0"))
    said = {(one[some], one[every], one[several]) for one in possible}
    assert said == {(True, False, True), (False, True, True), (False, True, False)}


@pytest.mark.parametrize(
    ("one", "two", "together"),
    [
        ("count(victims) > 5", "count(victims) > 3", {(False, False), (False, True), (True, True)}),
        ("count(victims) = 2", "count(victims) = 3", {(False, False), (True, False), (False, True)}),
        ("count(victims) < 2", "count(victims) >= 1", {(True, False), (True, True), (False, True)}),
        ("count(victims) >= 0", "count(victims) = 0", {(True, True), (True, False)}),
        ("count(victims) > 30", "count(victims) < 31", {(True, False), (False, True)}),
        (SOME, "count(victims) = 0", {(False, True), (True, False), (False, False)}),
        (
            "some v in victims satisfies v.age < 18",
            "every v in victims satisfies v.age >= 18",
            {
                (False, True), (True, False), (None, None), (True, False), (None, None), (True, False),
            },
        ),
        (
            'some d in earlier_disposals satisfies d.date > date("2013-01-01")',
            'every d in earlier_disposals satisfies d.date <= date("2013-01-01")',
            {(False, True), (True, False)},
        ),
        (
            'some d in earlier_disposals satisfies date("2013-01-01") < d.date',
            'every d in earlier_disposals satisfies d.date <= date("2013-01-01")',
            {(False, True), (True, False)},
        ),
        (
            'some d in earlier_disposals satisfies d.offence_code in ("8N", "46")',
            'every d in earlier_disposals satisfies d.offence_code != "8N"',
            {(True, True), (True, False), (False, True)},
        ),
    ],
)  # fmt: skip
def test_which_answers_go_together(one, two, together):
    found = classes(one, two)
    ((places, possible),) = found.together
    names = [found.inputs[i].tests[0] for i in places]
    first, second = names.index(node(one)), names.index(node(two))
    assert {(answers[first], answers[second]) for answers in possible} == together


def test_three_tests_of_one_list_go_together():
    young, old = (f"some v in victims satisfies v.age {test}" for test in ("< 18", "> 65"))
    found = classes(young, old, "count(victims) = 1")
    ((places, possible),) = found.together
    names = [found.inputs[i].tests[0] for i in places]
    order = [names.index(node(text)) for text in (young, old, "count(victims) = 1")]
    said = {tuple(answers[i] for i in order) for answers in possible}
    assert (True, True, False) in said
    assert (True, True, True) not in said
    assert (True, False, True) in said
    assert (None, None, True) in said
    assert (None, False, True) not in said


def test_long_lists_are_told_apart_from_their_records():
    young, old = (f"some v in victims satisfies v.age {test}" for test in ("< 18", "> 65"))
    for count in ("count(victims) = 7", "count(victims) > 30"):
        found = classes(young, old, count)
        ((places, possible),) = found.together
        names = [found.inputs[i].tests[0] for i in places]
        order = [names.index(node(text)) for text in (young, old, count)]
        said = {tuple(answers[i] for i in order) for answers in possible}
        assert {(True, True, True), (True, True, False), (False, False, True)} <= said


def test_one_test_of_a_list_goes_with_nothing():
    assert classes(SOME).together == ()


def test_a_field_whose_values_cannot_be_listed_says_nothing():
    looked_into = 'some d in earlier_disposals satisfies starts with(d.offence_code, "8")'
    both = ('some d in earlier_disposals satisfies d.kind = "caution"',
            'every d in earlier_disposals satisfies d.kind = "caution"')  # fmt: skip
    found = classes(looked_into, *both)
    tests = {found.inputs[i].tests[0] for places, _ in found.together for i in places}
    assert node(looked_into) not in tests
    assert tests == {*map(node, both), *(has_length("earlier_disposals", n) for n in (0, 1))}


def test_what_cannot_go_together_makes_an_answer_definite():
    found = rules(rule("A", SOME, "inspector"), rule("B", EVERY, "inspector"))
    assert decide({}, found).answer is Authority.INSPECTOR
    found = rules(
        rule("A", SOME, "inspector"), rule("B", f"({EVERY}) and count(victims) > 0", "inspector")
    )
    assert decide({}, found).answer is Authority.NOT_YET_KNOWN
    assert decide(facts(victims=[{}]), found).answer is Authority.INSPECTOR
    assert decide(facts(victims=[]), found).answer is Authority.OFFICER


@pytest.mark.parametrize(
    "length",
    ["count(victims) in (3, 4)", "count(victims) * 2 = 6", "count(victims) + 2 = 5",
     "count(victims) > 30.5"],
)  # fmt: skip
def test_a_length_that_is_named_in_any_way_may_be_that_of_a_list_not_known(length):
    """It was taken for one that no list has, where it stood beside another test of the list."""
    found = rules(rule("A", length), rule("B", SOME, "officer"))
    assert decide({}, found).answer is Authority.NOT_YET_KNOWN


@pytest.mark.parametrize("known", [{}, {"kind": "person"}])
def test_one_victim_gives_one_answer(known):
    """Whatever the position of a victim, it is either "agree" or it is not."""
    found = rules(rule("A", SOME, "inspector"), rule("B", EVERY, "inspector"))
    assert decide(facts(victims=[known]), found).answer is Authority.INSPECTOR
    both = " and ".join(
        f'(some v in victims satisfies v.position = "{p}")' for p in ("agree", "disagree")
    )
    found = rules(rule("A", both), rule("B", "flags.hate", "inspector"))
    assert decide(facts(victims=[known], flags__hate=True), found).answer is Authority.INSPECTOR
    two = facts(victims=[known, known], flags__hate=True)
    assert decide(two, found).answer is Authority.NOT_YET_KNOWN


def test_what_no_record_can_be_is_not_asked_of_a_list_that_has_one():
    odd = "every v in victims satisfies (v.contact_made and not(v.contact_made))"
    found = rules(rule("A", odd))
    assert decide(facts(victims=[{}, {}]), found).answer is Authority.OFFICER
    assert decide({}, found).answer is Authority.NOT_YET_KNOWN
    odd = "some v in victims satisfies (v.contact_made and not(v.contact_made))"
    assert decide({}, rules(rule("A", odd))).answer is Authority.OFFICER


def test_lists_that_cannot_be_listed_are_left_alone():
    found = classes(SOME, "some v in victims satisfies v.age + 1 > offender.age")
    assert found.together == ()
    found = classes(SOME, 'some d in earlier_disposals satisfies d.kind = "caution"')
    assert found.together == ()


def test_which_list_a_test_is_about():
    assert list_of(node(SOME)) == "victims"
    assert list_of(node("count(victims) > 0")) == "victims"
    assert list_of(node("count(victims) > offender.age")) is None
    assert list_of(node("count(victims) > count(earlier_disposals)")) is None
    assert list_of(node("flags.hate")) is None
    assert has_length("victims", 0) == node("count(victims) = 0")


@pytest.mark.parametrize("length", [0, 1, 2, 5, 6, 7, 30])
def test_lengths_are_told_apart(length):
    found = rules(rule("A", "count(victims) > 5", "inspector"), rule("B", SOME, "sergeant"))
    case = facts(victims=[{}] * length)
    wanted = Authority.INSPECTOR if length > 5 else Authority.NOT_YET_KNOWN
    assert decide(case, found).answer is (wanted if length else Authority.OFFICER)


# --- the search -----------------------------------------------------------------------------------


def test_a_proof_that_would_take_too_long_is_not_yet_known(monkeypatch):
    names = ("flags.hate", "flags.knife", "flags.sexual", "flags.child", "offender.agrees")
    odd = " = ".join(f"({name})" for name in names[:2])
    found = rules(rule("A", odd, "inspector"), rule("B", f"not({odd})", "inspector"))
    monkeypatch.setattr(classing, "MOST_STEPS", 4)
    assert Classes(found).settle(Classes(found).states({})) is Authority.NOT_YET_KNOWN
    monkeypatch.setattr(classing, "MOST_STEPS", 5)
    assert Classes(found).settle(Classes(found).states({})) is Authority.INSPECTOR


def test_what_is_settled_is_remembered():
    found = classes_of(rules(rule("A", "flags.hate"), rule("B", "not(flags.hate)")))
    states = found.states({})
    assert found.settle(states) is found.settle(states) is Authority.NOBODY
    assert classes_of(found.ruleset) is found


def test_only_what_could_change_the_answer_matters():
    found = Classes(
        rules(
            rule("A", "flags.hate", "inspector"),
            rule("B", "flags.knife", "sergeant"),
            rule("C", "flags.sexual and flags.child", "nobody"),
        )
    )
    names = [one.name for one in found.inputs]

    def unknown(**given):
        return [names[i] for i in found.unknown(found.states(facts(**given)))]

    assert unknown() == ["flags.hate", "flags.knife", "flags.sexual", "flags.child"]
    assert unknown(flags__hate=True) == ["flags.sexual", "flags.child"]
    assert unknown(flags__hate=True, flags__child=True) == ["flags.sexual"]
    assert unknown(flags__hate=True, flags__child=False) == []
    assert unknown(flags__sexual=True, flags__child=True) == []


def test_a_rule_no_stricter_than_what_is_raised_does_not_matter():
    found = Classes(rules(rule("A", "true", "inspector"), rule("B", "flags.hate", "inspector")))
    assert found.unknown(found.states({})) == []
    found = Classes(rules(rule("A", "true", "sergeant"), rule("B", "flags.hate", "inspector")))
    assert found.unknown(found.states({})) == [0]


def test_every_finding_of_a_rule_in_the_order_of_the_states():
    found = classes("flags.hate and flags.knife", "flags.knife")
    hate, knife = found.inputs
    states = [(a, b) for a in range(len(hate.states)) for b in range(len(knife.states))]
    wanted = [found.findings(pair)[0] for pair in states]
    assert list(found.every_finding(0, (0, 1))) == wanted
    assert wanted == [False, False, False, False, True, None, False, None, None]
    assert list(found.every_finding(1, (1,))) == [False, True, None]


# --- when deciding rule by rule is exact ----------------------------------------------------------


@pytest.mark.parametrize(
    ("conditions", "exact"),
    [
        (("flags.hate", "flags.knife"), True),
        (("flags.hate", "flags.hate and flags.knife"), True),
        (("flags.hate", "not(flags.hate)"), False),
        (("offender.age < 18", "offender.age < 10"), True),
        (("offender.age < 18", "offender.age > 20"), True),
        (("offender.age < 18 and offender.age > 20",), False),
        (("offender.age < 18", "offender.age >= 18"), False),
        (("flags.hate = flags.knife",), False),
        (("if flags.hate then flags.knife else offender.agrees",), False),
        ((SOME, "flags.hate"), True),
        ((SOME, EVERY), False),
        (("true", "flags.hate"), True),
        (("not(flags.hate)", "flags.knife"), True),
        (("not(flags.hate and flags.knife)",), True),
        (("gravity.score > 3", "gravity.score = null"), True),
        (("gravity.score > 3 and gravity.score = null",), False),
        (("not(flags.hate and not(flags.knife))",), True),
        (("not(flags.hate and not(flags.hate))",), False),
        (("flags.hate or flags.knife",), True),
        (("flags.hate or not(flags.hate)",), False),
    ],
)
def test_whether_deciding_rule_by_rule_is_exact(conditions, exact):
    assert is_exact(classes(*conditions)) is exact
