"""A force's policy that loosens says so, and a shelf with gaps or two texts for one day is told of."""

import pytest

from amends.policy import circumstances
from amends.policy.library import shelf
from amends.policy.tightening import check_overlay, check_shelf
from support.policies import policy, rule

HATE = rule("HATE", "flags.hate")

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
        [
            rule(
                "F", 'some v in victims satisfies v.position != "agree"', "sergeant", replaces=["B"]
            )
        ],
        [
            rule(
                "F",
                'some v in victims satisfies (v.position != "agree" or v.age < 18)',
                replaces=["B"],
            )
        ],
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
    assert shelved({"starts": Y13, "ends": Y14}, {"starts": Y14}) == []
    assert shelved({"starts": Y13}, {"starts": Y14, "known_from": Y14}) == []
    assert (
        shelved({"starts": Y13, "ends": Y14, "series": "a"}, {"starts": Y15, "series": "b"}) == []
    )


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
    assert shelved({"id": "made-up", **scoped}) == [
        f"error: {told_} `forces.csv` names the forces."
    ]
    assert shelved({"id": "made-up", "status": "draft", **scoped})[0].startswith(f"note: {told_}")
