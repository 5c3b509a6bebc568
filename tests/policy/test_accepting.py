"""A user's own policies: used where nothing is wrong with them, and otherwise refused by name."""

import shutil

import pytest

from amends.policy.accepting import accepted, problems_of, with_new_text, with_policies
from amends.policy.library import published
from amends.policy.problems import Severity
from amends.policy.rules import PolicyError
from support.policies import rule, toml

KENT = {"id": "mine", "series": "mine", "scope": "kent", "layer": "force"}
VICTIMS = 'some v in victims satisfies v.position != "agree"'


@pytest.fixture
def written(tmp_path):
    def write(*rules, name="mine", **head):
        path = tmp_path / f"{name}.toml"
        path.write_text(toml(*rules, **{**KENT, **head}), "utf-8")
        return path

    return write


def refused(*paths):
    with pytest.raises(PolicyError) as caught:
        with_policies(published(), paths)
    return str(caught.value)


def replacing(**more):
    return rule("OWN", "flags.hate", replaces=["CR-VIC-04"], **more)


def test_what_is_sound_takes_its_place(written):
    held = with_policies(published(), [written(rule("OWN", "flags.hate"))])
    assert held.find("mine") is held.policies[-1]
    assert accepted(written(rule("OWN", "flags.hate")), published()).id == "mine"


@pytest.mark.parametrize(
    ("rules", "head", "wrong"),
    [
        ([replacing()], {}, "mine.toml: mine: OWN: It is looser than CR-VIC-04 of acpo-2012"),
        ([rule("OWN", "flags.hate", replaces=["NONE-01"])], {}, "OWN: It replaces NONE-01, and no"),
        (
            [rule("OWN", "flags.hate", loosens={"reason": "r", "owner": "o"})],
            {},
            "It loosens nothing",
        ),
        ([rule("OWN", "flags.hate", source="hearsay")], {}, "source: 'hearsay' is no source"),
        ([rule("OWN", 'offence.code = "ZZ9"')], {}, "does not hold 'ZZ9'"),
        ([rule("OWN", "flags.hate and not(flags.hate)")], {}, "It is never reached"),
        ([rule("OWN", "flags.hate")], {"scope": "kentt"}, "'kentt' is no force"),
        (
            [rule("OWN", "flags.hate")],
            {"confidence": "illustrative", "source": "none read"},
            "It is illustrative, and the policy is published.",
        ),
        ([rule("A", "flags.hate"), rule("B", "flags.hate", "sergeant")], {}, "They clash"),
    ],
)
def test_what_check_calls_an_error_is_refused(written, rules, head, wrong):
    path = written(*rules, **head)
    assert wrong in refused(path)
    assert refused(path).startswith("mine.toml: mine")
    with pytest.raises(PolicyError) as caught:
        accepted(path, published())
    assert wrong in str(caught.value)


def test_an_overlay_that_says_why_it_loosens_is_taken(written):
    why = {"reason": "A pilot", "owner": "The Chief Constable"}
    held = with_policies(published(), [written(replacing(loosens=why))])
    assert held.find("mine").rules[0].loosens == why


def test_a_draft_may_be_illustrative(written):
    path = written(
        rule("OWN", "flags.hate"), status="draft", confidence="illustrative", source="none read"
    )
    assert with_policies(published(), [path]).find("mine").draft


def test_warnings_and_notes_refuse_nothing(written):
    path = written(rule("OWN", "offender.age >= 0", "officer"))
    policy = accepted(path, published())
    found = problems_of(policy, with_new_text(policy, published()))
    assert {one.severity for one in found} == {Severity.WARNING, Severity.NOTE}


def test_more_than_one_error_is_counted(written):
    path = written(rule("OWN", "flags.hate", source="x"), rule("TWO", "flags.knife", source="y"))
    assert "And 1 more: `amends check mine.toml` lists them." in refused(path)
    one = written(rule("OWN", "flags.hate", source="x"))
    assert "more" not in refused(one)


def test_an_id_that_is_taken_names_the_file_and_what_to_do(written, tmp_path):
    path = written(rule("OWN", "flags.hate"), id="kent-2023", name="copy")
    assert refused(path) == (
        "copy.toml: id: kent-2023 is the id of a policy that ships with Amends. Give yours its own, "
        "such as kent-2023-b, and a series of its own unless it is a later version of that text; "
        "--only tries it by itself."
    )
    assert accepted(path, published()).id == "kent-2023"
    one, two = written(rule("A", "flags.hate")), written(rule("A", "flags.hate"), name="other")
    assert refused(one, two) == (
        "other.toml: id: Two policies have the id mine: mine.toml has it too. "
        "An id names one text. Change one of them."
    )
    assert with_policies(published(), [one, one]).find("mine")  # the same file, named twice
    shutil.rmtree(tmp_path)


def test_a_folder_that_holds_no_policy_is_refused(tmp_path):
    (tmp_path / "a.examples.toml").write_text("")
    assert (
        refused(tmp_path)
        == f"{tmp_path}: The folder holds no policy. A policy is a file NAME.toml."
    )


def test_what_ships_has_no_error():
    for policy in published().policies:
        held = with_new_text(policy, published())
        assert len(held.policies) == len(published().policies)
        assert not [p for p in problems_of(policy, held) if p.severity is Severity.ERROR]
