"""Each fault that can be planted in a policy is found, with its place and a case that shows it."""

import pytest

from amends.policy import circumstances
from amends.policy.checking import (
    Problem,
    Severity,
    check_examples,
    check_policy,
    named_sources,
    published_sources,
    told,
)
from amends.policy.circumstances import Circumstances, TooMany
from amends.policy.deciding import decide
from amends.policy.examples import published_examples, run
from amends.policy.inputs import raised_node
from amends.policy.library import published, shelf
from amends.policy.rules import ruleset
from amends.policy.tightening import check_overlay, check_shelf
from support.policies import facts, policy, rule, rules

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
        ("decision.date > offence.date or decision.date <= offence.date", "case of the 2 that were tried."),
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
        "years and months duration(offence.date, decision.date) >= duration(\"P3Y\")",
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
    assert problems[1].startswith("note: made-up: R and S: Not checked exactly: 8")
    assert len(problems) == 2


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
    assert found(HATE, rule("R", "flags.hate and flags.knife", "inspector", record=["rationale"])) == []
    assert found(HATE, rule("R", "not(flags.hate)", "inspector")) == []
    assert found(HATE, rule("R", "flags.knife", "inspector")) == []


def test_a_clash_above_what_the_policy_itself_says_only():
    low = rule("R", "flags.hate", "sergeant", record=["rationale"])
    assert found(HATE, low, otherwise="sergeant") == []
    assert "clash" in found(HATE, low)[0]


@pytest.mark.parametrize(
    ("one", "two", "shadowed"),
    [
        (rule("A", "true", "inspector"), rule("B", "flags.hate", "sergeant"), "B: It never changes"),
        (rule("B", "flags.hate", "sergeant"), rule("A", "true", "inspector"), "B: It never changes"),
        (rule("A", "true", "inspector"), rule("B", "flags.hate", "inspector"), "B: It never changes"),
        (rule("A", "true", "inspector"), rule("B", "flags.hate", "nobody"), None),
        (rule("A", "flags.hate", "inspector"), rule("B", "flags.hate and flags.knife", "sergeant"), "B: It"),
        (rule("A", "flags.hate"), rule("B", "flags.hate"), "B: It never changes"),
        (rule("A", "flags.hate"), rule("B", "flags.hate or flags.knife"), "A: It never changes"),
        (rule("A", "flags.hate"), rule("B", "flags.hate or flags.knife", "inspector"), None),
        (rule("A", "true", "inspector"), rule("B", "flags.hate", "sergeant", record=["rationale"]), None),
        (rule("A", "true", "inspector"), rule("B", "flags.hate", "sergeant", advise="Think."), None),
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
    nothing = "note: made-up: R: Nothing comes of it: it raises no authority, records nothing, advises"
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
    two = [rule(f"R{n}", "true", applies=f"flags.{name}") for n, name in enumerate(("hate", "knife"))]
    assert "note: made-up: Not checked exactly: 4 combinations. Fewer facts in a rule can be checked." in (
        found(*two)
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
        "error: made-up: R: source: '999' is not in sources.csv. "
        "Write for example: src 2, 25; founding article."
    ]
    assert found(HATE, source="hearsay") == [
        "error: made-up: source: 'hearsay' is not in sources.csv. "
        "Write for example: src 2, 25; founding article."
    ]
    own = frozenset({"2", "999"})
    assert check_policy(policy(rule("R", "flags.hate", source="src 999")), own) == []


def test_what_was_never_read_must_be_illustrative():
    assert found(rule("R", "flags.hate", source="none read", confidence="illustrative")) == []
    (problem,) = found(rule("R", "flags.hate", source="none read"))
    assert "'none read' is not in sources.csv" in problem
    (problem,) = found(rule("R", "flags.hate", source="src 999", confidence="illustrative"))
    assert "'999'" in problem


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


# --- overlays -------------------------------------------------------------------------------------

NATIONAL = policy(
    rule("A", "flags.hate", "inspector", record=["rationale"]),
    rule("B", 'some v in victims satisfies v.position = "disagree"', "sergeant"),
    id="national",
)
LOOSENS = {"reason": "r", "owner": "o"}


def overlaid(*some, others=(NATIONAL,), **head):
    force = {"id": "force", "scope": "kent", "layer": "force", **head}
    made = policy(*some, **force)
    return [str(one) for one in check_overlay(made, shelf([*others, made], {"kent": "Kent"}))]


@pytest.mark.parametrize(
    "some",
    [
        [rule("F", "flags.hate", "inspector", record=["rationale"], replaces=["A"])],
        [rule("F", "flags.hate", "nobody", record=["rationale", "admission"], replaces=["A"])],
        [rule("F", "true", "inspector", record=["rationale"], replaces=["A"])],
        [rule("F", "flags.hate or flags.knife", "inspector", record=["rationale"], replaces=["A"])],
        [
            rule("F", "flags.hate", "inspector", replaces=["A"]),
            rule("G", "true", "officer", record=["rationale"]),
        ],
        [
            rule("F", "flags.hate and flags.knife", "nobody", record=["rationale"], replaces=["A"]),
            rule("G", "flags.hate and not(flags.knife)", "inspector", record=["rationale"]),
        ],
        [rule("F", 'some v in victims satisfies v.position != "agree"', "sergeant", replaces=["B"])],
        [rule("F", 'some v in victims satisfies (v.position != "agree" or v.age < 18)', replaces=["B"])],
        [rule("F", "count(victims) > 0", "sergeant", replaces=["B"])],
        [rule("F", "flags.knife")],
    ],
)
def test_an_overlay_may_tighten(some):
    assert overlaid(*some) == []


@pytest.mark.parametrize(
    ("some", "case"),
    [
        ([rule("F", "flags.hate", "sergeant", record=["rationale"], replaces=["A"])], "flags.hate = true"),
        ([rule("F", "flags.hate", "inspector", replaces=["A"])], "flags.hate = true"),
        (
            [rule("F", "flags.hate and flags.knife", "nobody", record=["rationale"], replaces=["A"])],
            "flags.hate = true, flags.knife = false",
        ),
        (
            [rule("F", "flags.hate", "inspector", record=["rationale"], replaces=["A"],
                  applies="offender.age < 18")],
            "flags.hate = true, offender.age = 18",
        ),
        (
            [rule("F", "count(victims) > 1", "nobody", replaces=["B"])],
            'victims = [{position: "disagree"}]',
        ),
        ([rule("F", "flags.knife", replaces=["B"])], 'victims = [{position: "disagree"}]'),
    ],
)  # fmt: skip
def test_an_overlay_that_loosens_must_say_so(some, case):
    (problem,) = overlaid(*some)
    name = "A" if '"A"' in some[0] else "B"
    assert problem == (
        f"error: force: F: It is looser than {name} of national, for example with {case}. "
        'Tighten it, or write loosens = { reason = "...", owner = "..." }.'
    )
    said = [some[0] + "loosens = { reason = 'r', owner = 'o' }\n"]
    assert overlaid(*said) == []


def test_an_overlay_that_says_it_loosens_and_does_not():
    same = rule("F", "flags.hate", record=["rationale"], replaces=["A"], loosens=LOOSENS)
    assert overlaid(same) == [
        "note: force: F: It says that it loosens, and it does not. Leave loosens out."
    ]
    nothing = rule("F", "flags.hate", loosens=LOOSENS)
    assert overlaid(nothing) == [
        "error: force: F: It loosens nothing, because it replaces no rule. Name the rule in replaces."
    ]


def test_an_overlay_must_replace_what_is_there_in_its_time():
    unknown = "error: force: F: It replaces {}, and no national policy of its time has that rule."
    assert overlaid(rule("F", "true", replaces=["X"]))[0].startswith(unknown.format("X"))
    tight = rule("F", "true", record=["rationale"], replaces=["A"])
    assert overlaid(tight) == []
    for old in ({"starts": "2012-01-01", "ends": "2013-01-01"}, {"starts": "2014-01-01"}):
        other = policy(rule("A", "flags.hate"), id="other", **old)
        (problem,) = overlaid(tight, others=[other], ends="2014-01-01")
        assert problem.startswith(unknown.format("A"))
    for beside in ({"ends": "2013-01-02"}, {"starts": "2013-12-31"}, {}):
        other = policy(rule("A", "flags.hate"), id="other", **beside)
        assert overlaid(tight, others=[other], ends="2014-01-01") == []
    force = policy(rule("A", "flags.hate"), id="other", scope="gwent", layer="force")
    assert overlaid(tight, others=[force])[0].startswith(unknown.format("A"))


def test_every_version_that_is_replaced_is_compared():
    later = policy(rule("A", "flags.hate or flags.knife"), id="later", starts="2014-01-01")
    problems = overlaid(
        rule("F", "flags.hate", "inspector", record=["rationale"], replaces=["A"]),
        others=[NATIONAL, later],
    )
    assert len(problems) == 1
    assert "looser than A of later" in problems[0]


def test_a_national_policy_replaces_nothing():
    made = policy(rule("F", "true", replaces=["A"]), id="other")
    (problem,) = check_overlay(made, shelf([NATIONAL, made]))
    assert str(problem) == (
        "error: other: F: A national policy replaces no rule. Write a new version of it."
    )


def test_too_many_cases_for_an_overlay(monkeypatch):
    monkeypatch.setattr(circumstances, "MOST_CASES", 2)
    some = rule("F", "flags.hate and flags.knife", record=["rationale"], replaces=["A"])
    assert overlaid(some) == [
        "note: force: F: Not checked exactly: 4 combinations. Fewer facts can be checked."
    ]


# --- the shelf ------------------------------------------------------------------------------------


def shelved(*heads, forces=("kent",)):
    made = [policy(HATE, **{"id": f"p{n}", **head}) for n, head in enumerate(heads)]
    return [str(one) for one in check_shelf(shelf(made, dict.fromkeys(forces, "")))]


Y12, Y13, Y14, Y15 = ("2012-01-01", "2013-01-01", "2014-01-01", "2015-01-01")


def test_versions_in_order_are_well():
    assert shelved({"starts": Y13, "ends": Y14}, {"starts": Y14, "known_from": Y14}) == []
    assert shelved({"starts": Y14, "known_from": Y14}, {"starts": Y13, "ends": Y14}) == []
    assert shelved({"starts": Y13}, {"starts": Y14, "known_from": Y14}) == []
    assert shelved({"starts": Y13, "ends": Y14, "series": "a"}, {"starts": Y15, "series": "b"}) == []


def test_a_gap_between_versions():
    gap = "warning: made-up: No version covers the days from 2013-01-01 until 2014-01-01."
    assert shelved({"starts": Y12, "ends": Y13}, {"starts": Y14}) == [
        f"{gap} Load what held between, or say so."
    ]
    covered = {"starts": Y12, "known_from": Y14}
    assert shelved({"starts": Y12, "ends": Y13}, covered, {"starts": Y14, "known_from": Y15}) == []
    draft = {"starts": Y13, "ends": Y14, "status": "draft"}
    assert shelved({"starts": Y12, "ends": Y13}, draft, {"starts": Y14})[0].startswith(gap)


def test_two_versions_of_the_same_days_known_from_the_same_day():
    assert shelved({"starts": Y12}, {"starts": Y14}) == [
        "error: made-up: p0 and p1 cover the same days, known from the same day. End one of them."
    ]
    assert len(shelved({"starts": Y12}, {"starts": Y13}, {"starts": Y14})) == 3
    assert shelved({"starts": Y12}, {"starts": Y14, "status": "draft"}) == []


def test_versions_of_two_forces_do_not_meet():
    kent = {"scope": "kent", "layer": "force"}
    gwent = {"scope": "gwent", "layer": "force"}
    assert shelved(kent, gwent, forces=("kent", "gwent")) == []


def test_a_scope_that_is_no_force():
    scoped = {"scope": "kentt", "layer": "force"}
    told_ = "made-up: scope: 'kentt' is no force, so it takes part in no decision."
    assert shelved({"id": "made-up", **scoped}) == [f"error: {told_} `forces.csv` names the forces."]
    assert shelved({"id": "made-up", "status": "draft", **scoped})[0].startswith(f"note: {told_}")


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
    nodes = [raised_node(one) for one in rules(*(rule(f"R{n}", w) for n, w in enumerate(whens))).rules]
    return Circumstances(nodes), nodes


@pytest.mark.parametrize(
    ("whens", "sizes"),
    [
        (["flags.hate", "flags.knife"], [2, 2]),
        (["flags.hate", "flags.hate and flags.knife"], [2, 2]),
        (["offender.age < 18", "offender.age < 10"], [3]),
        (["gravity.score > 3"], [3]),
        (["offence.date < decision.date", "decision.date > date(\"2013-01-01\")"], [4]),
        (["some v in victims satisfies v.age < 18", "count(victims) > 0"], [4]),
        (["some v in victims satisfies v.age < 18", "every v in victims satisfies v.age < 18"], [7]),
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
