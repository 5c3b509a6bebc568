"""Each fault that can be planted in a policy is found, with its place and a case that shows it."""

import pytest

from amends.policy import circumstances
from amends.policy.checking import check_examples, check_policy, told
from amends.policy.circumstances import Circumstances, TooMany
from amends.policy.deciding import decide
from amends.policy.examples import published_examples, run
from amends.policy.inputs import raised_node
from amends.policy.library import published
from amends.policy.naming import named_sources, published_sources
from amends.policy.problems import Problem, Severity
from amends.policy.rules import PolicyError, parse, ruleset
from amends.policy.tightening import check_overlay, check_shelf
from support.policies import facts, policy, rule, rules, toml

HATE = rule("HATE", "flags.hate")


def found(*some, **head):
    return [str(one) for one in check_policy(policy(*some, **head))]


# --- reached, and not always ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "when",
    [
        "flags.hate and not(flags.hate)",
        "offender.age < 10 and offender.age > 20",
        "offender.age > 120",
        "gravity.score > 3 and gravity.score = null",
        'admission.form = "none" and admission.form = "admits_offence"',
        'offence.code = "8N" and offence.code = "46"',
        "count(victims) = 0 and (some v in victims satisfies v.contact_made)",
        "(some v in victims satisfies v.contact_made) and "
        "(every v in victims satisfies not(v.contact_made))",
        'decision.date < date("2013-01-01") and decision.date > date("2013-06-01")',
        "count(victims) > 8 and count(victims) < 7",
        "false",
        "null",
    ],
)
def test_a_rule_that_no_case_can_raise(when):
    assert found(rule("R", when)) == [
        "error: made-up: R: It is never reached: no case raises it. Look at its condition."
    ]


@pytest.mark.parametrize(
    "when",
    [
        "decision.date < offence.date and offence.date < decision.date",
        'offence.date + duration("P1M") < decision.date and offence.date > decision.date',
        "offender.age + gravity.aggravating < 0",
        'starts with(offence.code, "8") and offence.code = "46"',
    ],
)
def test_a_rule_that_no_case_tried_raises(when):
    (problem,) = found(rule("R", when))
    assert problem.startswith("warning: made-up: R: It is never reached: no case of the ")
    assert problem.endswith(" that were tried raises it. Look at its condition.")


@pytest.mark.parametrize(
    ("when", "sure"),
    [
        ("flags.hate or not(flags.hate)", "case."),
        ("offender.age >= 0", "case."),
        ("1 = 1", "case."),
        (
            "decision.date > offence.date or decision.date <= offence.date",
            "case of the 2 that were tried.",
        ),
    ],
)
def test_a_rule_that_every_case_raises(when, sure):
    assert found(rule("R", when)) == [
        f'warning: made-up: R: It is raised in every {sure} If that is meant, write when = "true".'
    ]


@pytest.mark.parametrize(
    "when",
    [
        "true",
        " true ",
        "flags.hate",
        "offender.age = 120",
        "offender.age = 0",
        "gravity.score = null",
        "count(victims) > 5",
        "count(victims) = 7",
        "(some v in victims satisfies v.age < 18) and (some v in victims satisfies v.age >= 18)",
        "(some v in victims satisfies v.age = null) and count(victims) = 3",
        'some d in earlier_disposals satisfies d.date > decision.date - duration("P12M")',
        'resolution.last_action_due > decision.date + duration("P112D")',
        'offence.date + duration("P6M") < decision.date',
        'decision.date - offence.date > duration("P28D")',
        'years and months duration(offence.date, decision.date) >= duration("P3Y")',
        "decision.date.year = 2020",
        "decision.date.month = 11",
        "offender.age + gravity.aggravating > 20",
        "offender.age * 2 = 36",
        "floor(offender.age * 0.5) = 9",
        'starts with(offence.code, "8N")',
        'offence.code = "8N"',
        'offence.code != "8N"',
        "abs(offender.age - 15) < 2",
    ],
)
def test_a_rule_that_some_case_raises(when):
    assert found(rule("R", when)) == []


def test_what_a_rule_applies_to_counts():
    other = rule("K", "flags.knife")
    assert found(other, rule("R", "true", applies="flags.hate")) == []
    assert "never reached" in found(other, rule("R", "flags.hate", applies="not(flags.hate)"))[0]


def test_more_cases_than_can_be_tried_are_said_to_be_too_many(monkeypatch):
    monkeypatch.setattr(circumstances, "MOST_CASES", 4)
    flags = ("flags.hate", "flags.knife", "flags.sexual")
    problems = found(rule("R", " and ".join(flags)), rule("S", " and ".join(flags[:2])))
    assert problems[0] == (
        "note: made-up: R: Not checked exactly: 8 combinations. Fewer facts in a rule can be checked."
    )
    assert problems[1] == (
        "note: made-up: 1 pair of rules has too many kinds of case to try: R and S. "
        "Fewer facts in a rule can be checked."
    )
    assert len(problems) == 2
    for names, words in (("ABC", "3 pairs"), ("AB", "1 pair")):
        (note,) = [p for p in found(*(rule(n, " and ".join(flags)) for n in names)) if "pair" in p]
        assert note.startswith(f"note: made-up: {words} of rules")
        assert "more" not in note
    many = [rule(name, " and ".join(flags)) for name in "ABCD"]
    (told,) = [one for one in found(*many) if "pairs" in one]
    assert (
        "6 pairs of rules have too many kinds of case to try: A and B, A and C, A and D, and 3 more."
        in told
    )


# --- two rules ------------------------------------------------------------------------------------

HATE_TOO = rule("TOO", "flags.hate = true", "inspector", record=["rationale"])


def test_a_clash():
    (problem,) = found(HATE, HATE_TOO)
    assert problem == (
        "error: made-up: HATE and TOO: They clash: raised in exactly the same cases, "
        "one allows nobody and the other inspector. Say it once."
    )
    (problem,) = found(HATE_TOO, HATE)
    assert "one allows inspector and the other nobody" in problem


def test_what_is_no_clash():
    assert found(HATE, rule("R", "flags.hate", "officer", record=["rationale"])) == []
    assert found(HATE, rule("R", "flags.hate", "nobody", record=["rationale"])) == [
        "note: made-up: HATE: It never changes an answer, a record or an advice: R is always "
        "raised with it, and allows nobody. Keep it for the reason it gives."
    ]
    assert (
        found(HATE, rule("R", "flags.hate and flags.knife", "inspector", record=["rationale"]))
        == []
    )
    assert found(HATE, rule("R", "not(flags.hate)", "inspector")) == []
    assert found(HATE, rule("R", "flags.knife", "inspector")) == []


def test_a_clash_above_what_the_policy_itself_says_only():
    low = rule("R", "flags.hate", "sergeant", record=["rationale"])
    assert found(HATE, low, otherwise="sergeant") == []
    assert "clash" in found(HATE, low)[0]


@pytest.mark.parametrize(
    ("one", "two", "shadowed"),
    [
        (
            rule("A", "true", "inspector"),
            rule("B", "flags.hate", "sergeant"),
            "B: It never changes",
        ),
        (
            rule("B", "flags.hate", "sergeant"),
            rule("A", "true", "inspector"),
            "B: It never changes",
        ),
        (
            rule("A", "true", "inspector"),
            rule("B", "flags.hate", "inspector"),
            "B: It never changes",
        ),
        (rule("A", "true", "inspector"), rule("B", "flags.hate", "nobody"), None),
        (
            rule("A", "flags.hate", "inspector"),
            rule("B", "flags.hate and flags.knife", "sergeant"),
            "B: It",
        ),
        (rule("A", "flags.hate"), rule("B", "flags.hate"), "B: It never changes"),
        (rule("A", "flags.hate"), rule("B", "flags.hate or flags.knife"), "A: It never changes"),
        (rule("A", "flags.hate"), rule("B", "flags.hate or flags.knife", "inspector"), None),
        (
            rule("A", "true", "inspector"),
            rule("B", "flags.hate", "sergeant", record=["rationale"]),
            None,
        ),
        (
            rule("A", "true", "inspector"),
            rule("B", "flags.hate", "sergeant", advise="Think."),
            None,
        ),
    ],
)
def test_a_rule_that_never_matters_beside_another(one, two, shadowed):
    problems = found(one, two)
    if shadowed is None:
        assert problems == []
    else:
        (problem,) = problems
        assert problem.startswith(f"note: made-up: {shadowed}")


def test_a_rule_of_which_nothing_comes():
    nothing = (
        "note: made-up: R: Nothing comes of it: it raises no authority, records nothing, advises"
    )
    assert found(rule("R", "flags.hate", "officer"))[0].startswith(nothing)
    assert found(rule("R", "flags.hate", "sergeant"), otherwise="sergeant")[0].startswith(nothing)
    assert found(rule("R", "flags.hate", "officer", record=["rationale"])) == []
    assert found(rule("R", "flags.hate", "officer", advise="Think.")) == []
    assert found(rule("R", "flags.hate", "inspector"), otherwise="sergeant") == []


# --- gaps -----------------------------------------------------------------------------------------


def test_a_gap_where_every_rule_says_when_it_applies():
    young = rule("Y", "flags.hate", applies="offender.age < 18")
    old = rule("O", "flags.knife", applies="offender.age > 18")
    assert found(young, old) == [
        "warning: made-up: There is a gap: no rule applies to a case with offender.age = 18. "
        "Say what holds there."
    ]
    assert found(young, rule("O", "flags.knife", applies="offender.age >= 18")) == []
    assert found(young, old, HATE) == [
        "note: made-up: Y: It never changes an answer, a record or an advice: HATE is always "
        "raised with it, and allows nobody. Keep it for the reason it gives."
    ]


def test_a_gap_is_shown_with_its_lists():
    one = rule("A", "flags.hate", applies="some v in victims satisfies v.age < 18")
    (problem,) = found(one)
    assert "no rule applies to a case with victims = []. " in problem
    two = rule("B", "flags.hate", applies="count(victims) = 0")
    (problem,) = [line for line in found(one, two) if "gap" in line]
    assert "victims = [{age: 18}]" in problem


def test_too_many_cases_for_gaps(monkeypatch):
    monkeypatch.setattr(circumstances, "MOST_CASES", 3)
    two = [
        rule(f"R{n}", "true", applies=f"flags.{name}") for n, name in enumerate(("hate", "knife"))
    ]
    assert (
        "note: made-up: Not checked exactly: 4 combinations. Fewer facts in a rule can be checked."
        in (found(*two))
    )


def test_facts_are_told_as_feel_writes_them():
    assert told({}) == "any facts"
    case = facts(offender__age=3, admission__form="none", victims=[{"age": None}, {}])
    assert told(case) == 'offender.age = 3, admission.form = "none", victims = [{age: null}, {}]'


# --- sources --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("src 2", ["2"]),
        ("src 2, 25, 32b", ["2", "25", "32b"]),
        ("founding article", ["founding article"]),
        ("src 4, 10; founding article", ["4", "10", "founding article"]),
        ("founding article; src 10", ["founding article", "10"]),
    ],
)
def test_the_sources_that_are_named(text, names):
    assert named_sources(text) == names
    assert set(names) <= published_sources()


def test_a_source_that_is_not_known():
    assert found(rule("R", "flags.hate", source="src 2, 999")) == [
        "error: made-up: R: source: '999' is no source that is known. "
        "Name one of sources.csv, for example src 2, 25; or one of the policy's own, under [sources]."
    ]
    assert found(HATE, source="hearsay") == [
        "error: made-up: source: 'hearsay' is no source that is known. "
        "Name one of sources.csv, for example src 2, 25; or one of the policy's own, under [sources]."
    ]
    own = frozenset({"2", "999"})
    assert check_policy(policy(rule("R", "flags.hate", source="src 999")), own) == []


def test_what_was_never_read_must_be_illustrative():
    draft = {"status": "draft"}
    made_up = rule("R", "flags.hate", source="none read", confidence="illustrative")
    assert found(made_up, **draft) == []
    both = rule("R", "flags.hate", source="none read; src 999", confidence="illustrative")
    assert "'999'" in found(both, **draft)[0]
    (problem,) = found(rule("R", "flags.hate", source="none read"), **draft)
    assert "'none read' is no source that is known" in problem
    (problem,) = found(
        rule("R", "flags.hate", source="src 999", confidence="illustrative"), **draft
    )
    assert "'999'" in problem


def test_what_is_published_is_never_illustrative():
    made_up = rule("R", "flags.hate", source="none read", confidence="illustrative")
    right = 'Read its source and name it; or make the policy a draft: status = "draft".'
    assert found(made_up) == [
        "error: made-up: R: confidence: It is illustrative, and the policy is published. " + right
    ]
    assert found(HATE, source="none read", confidence="illustrative") == [
        "error: made-up: confidence: It is illustrative, and the policy is published. " + right
    ]


def test_a_policy_may_name_sources_of_its_own():
    own = 'sources = { P12 = "Kent Police, procedure P12", "P 13" = "Its annex" }'
    text = toml(rule("R", "flags.hate", source="P12; src 2; P 13"))
    made = parse(text.replace("[[rule]]", f"{own}\n[[rule]]", 1), "made-up.toml")
    assert made.sources == {"P12": "Kent Police, procedure P12", "P 13": "Its annex"}
    assert check_policy(made) == []
    for wrong, words in (
        ('sources = { P12 = "" }', "made-up.toml: sources: P12: It does not say what it is."),
        ("sources = { P12 = 3 }", "made-up.toml: sources: P12: It does not say what it is."),
        ('sources = { "a, b" = "x" }', "sources: a, b: A name has no comma or semicolon."),
        ('sources = "x"', "made-up.toml: sources: 'x' is not a table."),
    ):
        with pytest.raises(PolicyError) as caught:
            parse(text.replace("[[rule]]", f"{wrong}\n[[rule]]", 1), "made-up.toml")
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ('offence.code = "ZZ9"', "The offence table does not hold 'ZZ9'. "),
        ('offence.code in ("46", "8n")', "'8n' is not its spelling. Write '8N'."),
        ('not("8/06" != offence.code)', "'8/06' is not its spelling. Write '008/06'."),
        ('offence.code = "8NN"', "The offence table does not hold '8NN'. Did you mean 8N"),
        (
            'some d in earlier_disposals satisfies d.offence_code in ("46", "ZZ9")',
            "The offence table does not hold 'ZZ9'.",
        ),
    ],
)
def test_an_offence_code_that_no_table_holds(when, told):
    (problem,) = found(rule("R", when))
    assert problem.startswith(f"error: made-up: R: {told}")
    good = rule(
        "R",
        'offence.code in ("46", "8N") or offence.code = "008/06"',
        applies='offence.code != "1A"',
    )
    codes = [one for one in found(good) if "table" in one]
    assert ["1A" in one for one in codes] == [True]


# --- worked examples ------------------------------------------------------------------------------


def examined(*cases):
    made = policy(HATE, rule("T", "true"), rule("K", "flags.knife", applies="offender.age < 18"))
    decisions = [decide(facts(**case), ruleset(made)) for case in cases]
    return [str(one) for one in check_examples(made, decisions)]


def test_a_rule_that_no_example_raises_or_leaves_alone():
    raises, alone = "No worked example raises it.", "No worked example leaves it unraised."
    assert [line.split(": ", 2)[2] for line in examined()] == [
        f"HATE: {raises} Add one that does.",
        f"HATE: {alone} Add one that does.",
        f"T: {raises} Add one that does.",
        f"K: {raises} Add one that does.",
        f"K: {alone} Add one that does.",
    ]
    assert examined({})[2:] == [line for line in examined() if ": K:" in line]
    everything = [
        {"flags__hate": True, "flags__knife": True, "offender__age": 17},
        {"flags__hate": False, "offender__age": 30},
    ]
    assert examined(*everything) == []
    assert examined(everything[0], {"flags__hate": False, "flags__knife": False}) == []
    assert all(line.startswith("warning: made-up: ") for line in examined())


def test_rules_of_another_policy_do_not_count():
    other = policy(rule("HATE", "flags.hate"), id="other")
    made = policy(rule("OWN", "flags.knife"))
    decision = decide(facts(flags__hate=True), ruleset(made, other))
    assert len(check_examples(made, [decision])) == 2


# --- what we publish ------------------------------------------------------------------------------


def test_what_we_publish_has_no_error_and_no_warning():
    held, problems = published(), []
    for made in held.policies:
        decisions = [run(one, made, held) for one in published_examples()[made.id]]
        problems += check_policy(made) + check_overlay(made, held) + check_examples(made, decisions)
    problems += check_shelf(held)
    assert [str(one) for one in problems if one.severity is not Severity.NOTE] == []


def test_a_problem_says_where_and_what_and_what_would_be_right():
    one = Problem(Severity.NOTE, "here", "Wrong.", "Right.")
    assert str(one) == "note: here: Wrong. Right."
    assert str(Problem(Severity.ERROR, "here", "Wrong.")) == "error: here: Wrong."


# --- circumstances --------------------------------------------------------------------------------


def circumstances_of(*whens):
    nodes = [
        raised_node(one) for one in rules(*(rule(f"R{n}", w) for n, w in enumerate(whens))).rules
    ]
    return Circumstances(nodes), nodes


@pytest.mark.parametrize(
    ("whens", "sizes"),
    [
        (["flags.hate", "flags.knife"], [2, 2]),
        (["flags.hate", "flags.hate and flags.knife"], [2, 2]),
        (["offender.age < 18", "offender.age < 10"], [3]),
        (["gravity.score > 3"], [3]),
        (["offence.date < decision.date", 'decision.date > date("2013-01-01")'], [4]),
        (["some v in victims satisfies v.age < 18", "count(victims) > 0"], [4]),
        (
            ["some v in victims satisfies v.age < 18", "every v in victims satisfies v.age < 18"],
            [7],
        ),
        (["true"], []),
    ],
)
def test_every_kind_of_case_has_one(whens, sizes):
    made, nodes = circumstances_of(*whens)
    assert sorted(len(part.kinds) for part in made.parts) == sorted(sizes)
    total = 1
    for size in sizes:
        total *= size
    assert len(list(made.cases(*nodes))) == total


def test_only_what_a_condition_asks_about_varies():
    made, nodes = circumstances_of("flags.hate", "flags.knife")
    assert list(made.cases(nodes[0])) == [{"flags.hate": False}, {"flags.hate": True}]
    assert len(made.of(*nodes)) == 2
    assert list(made.cases()) == [{}]


def test_too_many_cases(monkeypatch):
    made, nodes = circumstances_of("flags.hate", "flags.knife")
    monkeypatch.setattr(circumstances, "MOST_CASES", 4)
    assert len(list(made.cases(*nodes))) == 4
    monkeypatch.setattr(circumstances, "MOST_CASES", 3)
    with pytest.raises(TooMany) as caught:
        list(made.cases(*nodes))
    assert caught.value.count == 4
    assert str(caught.value) == "Not checked exactly: 4 combinations."


@pytest.mark.parametrize(
    ("when", "exact"),
    [
        ("flags.hate", True),
        ("offender.age < 18", True),
        ("abs(offender.age - 3) < 2", True),
        ("gravity.score * 2 > 3", True),
        ('offence.code = "8N"', True),
        ('starts with(offence.code, "8")', False),
        ('decision.date > date("2013-01-01")', True),
        ("decision.date.year > 2013", False),
        ("decision.date > offence.date", False),
        ("some v in victims satisfies v.age < 18", True),
        ("count(victims) > 3", True),
        ("some v in victims satisfies v.age > offender.age", False),
        (" and ".join(f"(some v in victims satisfies v.age = {n})" for n in range(3)), True),
        (" and ".join(f"(some v in victims satisfies v.age = {n})" for n in range(4)), False),
    ],
)
def test_whether_a_kind_may_have_been_left_out(when, exact):
    made, nodes = circumstances_of(when)
    assert made.exact(*nodes) is exact


def test_what_is_cut_short_is_not_exact(monkeypatch):
    monkeypatch.setattr(circumstances, "MOST_TRIED", 3)
    made, nodes = circumstances_of("flags.hate")
    assert made.exact(*nodes)
    monkeypatch.setattr(circumstances, "MOST_TRIED", 2)
    made, nodes = circumstances_of("flags.hate")
    assert not made.exact(*nodes)
