"""On a day, for a force, exactly one version of each text judges; never a guess where none does."""

import datetime as dt

import pytest

from amends.policy.accepting import with_policies
from amends.policy.library import (
    NoPolicy,
    published,
    read_policy,
    shelf,
    text_of,
)
from amends.policy.rules import PolicyError
from support.policies import policy, rule, toml

HATE = rule("HATE", "flags.hate")
FORCES = {"kent": "Kent", "gwent": "Gwent"}
D = dt.date


def text(name, **head):
    return policy(HATE, id=name, **{"series": "guidance", **head})


OLD = text("old", starts="2012-01-01", known_from="2012-01-01", ends="2014-01-01")
NEW = text("new", starts="2014-01-01", known_from="2013-11-01")
LAW = text("law", series="law", layer="statute", starts="2010-01-01", known_from="2010-01-01")
KENT = text("kent", series="kent", scope="kent", layer="force", starts="2013-06-01")
SHELF = shelf([NEW, KENT, LAW, OLD], FORCES)


def chosen(force="kent", on=D(2014, 6, 1), known_on=None, drafts=(), held=SHELF):
    return [one.id for one in held.in_force(force, on, known_on, drafts).policies]


# --- two clocks -----------------------------------------------------------------------------------


def test_each_day_has_its_version():
    assert chosen("gwent", D(2013, 12, 31)) == ["old", "law"]
    assert chosen("gwent", D(2014, 1, 1)) == ["new", "law"]


def test_a_force_adds_its_own_from_its_first_day():
    assert chosen("kent", D(2013, 5, 31)) == ["old", "law"]
    assert chosen("kent", D(2013, 6, 1)) == ["old", "law", "kent"]
    assert chosen("gwent", D(2013, 6, 1)) == ["old", "law"]


def test_national_stands_first_then_by_layer_and_name():
    other = text("also", series="also", starts="2013-01-01")
    held = shelf([KENT, LAW, NEW, other], FORCES)
    assert chosen(held=held) == ["also", "new", "law", "kent"]


def test_what_was_not_yet_known_takes_no_part():
    late = text("late", starts="2013-01-01", known_from="2013-09-01")
    held = shelf([OLD, late], FORCES)
    on = D(2013, 6, 1)
    assert chosen(on=on, held=held) == ["late"]
    assert chosen(on=on, known_on=D(2013, 8, 31), held=held) == ["old"]
    assert chosen(on=on, known_on=D(2013, 9, 1), held=held) == ["late"]


def test_the_version_known_last_judges_whatever_the_order():
    late = text("late", starts="2013-01-01", known_from="2013-09-01")
    for held in (shelf([OLD, late], FORCES), shelf([late, OLD], FORCES)):
        assert chosen(on=D(2013, 6, 1), held=held) == ["late"]


def test_two_versions_known_from_one_day_are_an_error():
    twin = text("twin", starts="2013-01-01", known_from="2012-01-01")
    held = shelf([OLD, twin], FORCES)
    with pytest.raises(
        PolicyError, match=r"guidance: old and twin both cover 2013-06-01\. End one"
    ):
        held.in_force("kent", D(2013, 6, 1))
    later = text("later", starts="2013-01-01", known_from="2013-01-02")
    assert chosen(on=D(2013, 6, 1), held=shelf([OLD, twin, later], FORCES)) == ["later"]


# --- gaps, drafts, names --------------------------------------------------------------------------


def test_a_day_without_a_policy_is_an_error_that_names_the_gap():
    with pytest.raises(NoPolicy) as caught:
        SHELF.in_force("kent", D(2011, 12, 31))
    assert str(caught.value) == (
        "kent: No policy covers a decision of 2011-12-31. Held: new from 2014-01-01 to now; "
        "kent from 2013-06-01 to now; old from 2012-01-01 to 2013-12-31. "
        "Load the policy of that time."
    )
    with pytest.raises(NoPolicy) as caught:
        SHELF.in_force("gwent", D(2013, 6, 1), D(2011, 1, 1))
    assert str(caught.value) == (
        "gwent: No policy that covers a decision of 2013-06-01 was known on 2011-01-01. "
        "Known only later: old from 2012-01-01. Load the policy of that time."
    )
    with pytest.raises(NoPolicy, match=r"2011-06-01 as known on 2011-01-01\. Held: new"):
        SHELF.in_force("gwent", D(2011, 6, 1), D(2011, 1, 1))
    with pytest.raises(NoPolicy, match=r"Held: none\."):
        shelf([LAW], FORCES).in_force("gwent", D(2013, 6, 1))


def test_a_force_of_its_own_needs_no_national_guidance():
    assert chosen("kent", D(2013, 7, 1), held=shelf([KENT], FORCES)) == ["kent"]


def test_a_draft_refuses_to_decide():
    draft = text("draft", series="kent", scope="kent", layer="force", status="draft")
    held = shelf([draft], FORCES)
    with pytest.raises(NoPolicy, match=r"Only a draft covers it: draft\. Held: none\."):
        held.in_force("kent", D(2013, 7, 1))
    with pytest.raises(NoPolicy) as caught:
        held.in_force("kent", D(2012, 7, 1))
    assert "Only a draft" not in str(caught.value)
    with pytest.raises(NoPolicy) as caught:
        held.in_force("gwent", D(2013, 7, 1))
    assert "Only a draft" not in str(caught.value)
    assert chosen("kent", D(2013, 7, 1), drafts=["draft"], held=held) == ["draft"]


def test_a_draft_is_tried_beside_the_rest():
    draft = text("draft", starts="2014-01-01", known_from="2014-02-01", status="draft")
    held = shelf([NEW, KENT, LAW, draft], FORCES)
    assert chosen(held=held) == ["new", "law", "kent"]
    assert chosen(held=held, drafts=["draft"]) == ["draft", "law", "kent"]


def test_a_force_must_be_known():
    with pytest.raises(PolicyError) as caught:
        SHELF.check_force("kentt")
    assert str(caught.value) == (
        "kentt: There is no such force in England and Wales. Did you mean kent or gwent?"
    )
    with pytest.raises(PolicyError, match=r"For example avon-and-somerset\."):
        SHELF.in_force("zzz", D(2014, 1, 1))
    with pytest.raises(PolicyError, match="no such force"):
        SHELF.check_force("national")
    SHELF.check_force("gwent")
    shelf([KENT]).check_force("kent")


def test_the_scope_of_a_draft_is_no_force():
    held = published()
    with pytest.raises(PolicyError) as caught:
        held.in_force("illustrative", D(2013, 6, 1))
    assert str(caught.value) == (
        "illustrative: It is no force: only the scope of a draft (illustrative-force), which decides "
        "nothing. Name the force that decided; the draft alone is tried with --only."
    )
    assert not isinstance(caught.value, NoPolicy)
    with pytest.raises(PolicyError, match="only the scope of a draft"):
        held.check_force("illustrative", ["background-law"])


def test_a_draft_that_is_tried_lends_its_scope():
    draft = text("draft", series="s", scope="template", layer="force", status="draft")
    held = shelf([NEW, draft], FORCES)
    assert chosen("template", drafts=iter(["draft"]), held=held) == ["new", "draft"]
    with pytest.raises(PolicyError, match="only the scope of a draft"):
        chosen("template", held=held)
    also = text("also", series="t", scope="template", layer="force")
    assert chosen("template", held=shelf([NEW, draft, also], FORCES)) == ["new", "also"]


def test_the_draft_of_a_force_leaves_it_a_force():
    draft = text("draft", series="kent", scope="kent", layer="force", status="draft")
    assert chosen("kent", held=shelf([NEW, draft], FORCES)) == ["new"]


def test_a_policy_is_found_by_its_name():
    assert SHELF.find("kent") is KENT
    with pytest.raises(
        PolicyError, match=r"kentt: There is no such policy on the shelf\. Did you mean kent"
    ):
        SHELF.find("kentt")
    with pytest.raises(PolicyError, match="`amends policies` lists them"):
        SHELF.find("zzz")


def test_two_policies_of_one_name_are_refused():
    with pytest.raises(PolicyError, match=r"old: Two policies have this id\."):
        shelf([OLD, OLD])


def test_the_same_choice_is_the_same_rules():
    assert SHELF.in_force("kent", D(2014, 6, 1)) is SHELF.in_force("kent", D(2015, 6, 1))


# --- files ----------------------------------------------------------------------------------------


def test_policies_are_read_from_files_and_folders(tmp_path):
    (tmp_path / "b.toml").write_text(toml(HATE, id="b", series="b"))
    (tmp_path / "a.toml").write_text(toml(HATE, id="a", series="a"))
    (tmp_path / "a.examples.toml").write_text("[[example]]")
    (tmp_path / "notes.txt").write_text("x")
    assert read_policy(tmp_path / "a.toml").id == "a"
    both = with_policies(SHELF, [tmp_path])
    assert [one.id for one in both.policies[-2:]] == ["a", "b"]
    assert both.forces == FORCES
    assert len(both.policies) == 6
    assert with_policies(SHELF, [tmp_path / "b.toml"]).policies[-1].id == "b"
    with pytest.raises(PolicyError, match="cannot be read: No such file"):
        read_policy(tmp_path / "none.toml")
    with pytest.raises(PolicyError, match=r"^b\.toml: This is not TOML"):
        (tmp_path / "b.toml").write_text("x")
        with_policies(SHELF, [tmp_path])


def test_what_is_published_is_on_the_shelf():
    held = published()
    assert held is published()
    assert {"acpo-2012", "npcc-2022", "asb-act-2014", "kent-2023"} <= set(held.by_id)
    assert held.forces["avon-and-somerset"] == "Avon and Somerset"
    assert len(held.forces) >= 43
    assert all(one.scope in {"national", *held.forces} for one in held.policies if not one.draft)


@pytest.mark.parametrize(
    ("force", "on", "wanted"),
    [
        ("avon-and-somerset", D(2012, 7, 31), "avon-and-somerset-2011"),
        ("avon-and-somerset", D(2013, 6, 1), "acpo-2012+avon-and-somerset-2011"),
        ("avon-and-somerset", D(2014, 10, 20), "acpo-2012+asb-act-2014+avon-and-somerset-2011"),
        ("kent", D(2023, 6, 30), "npcc-2022+asb-act-2014"),
        ("kent", D(2023, 7, 1), "npcc-2022+asb-act-2014+kent-2023"),
    ],
)
def test_the_published_policies_of_a_day(force, on, wanted):
    assert published().in_force(force, on).name == wanted


# --- names of forces, and what is not held --------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Kent", "kent"),
        ("KENT POLICE", "kent"),
        ("Avon & Somerset Constabulary", "avon-and-somerset"),
        ("avon-and-somerset", "avon-and-somerset"),
        ("Metropolitan Police Service", "metropolitan"),
        ("British Transport Police", "btp"),
        ("BTP", "btp"),
        ("Dyfed Powys", "dyfed-powys"),
        ("Kentt", "Kentt"),
        ("", ""),
    ],
)
def test_a_force_is_known_by_the_names_people_give_it(said, name):
    assert published().named(said) == name


def test_a_force_without_a_policy_of_its_own_is_told_so():
    rules = SHELF.in_force("gwent", D(2013, 6, 1))
    assert SHELF.not_held("gwent", rules) == (
        "No policy of Gwent itself is held for this day: this is by national guidance only. "
        "The force's own policy may ask for more."
    )
    assert SHELF.not_held("national", rules) is None
    assert SHELF.not_held("kent", SHELF.in_force("kent", D(2013, 6, 1))) is None
    early = SHELF.in_force("kent", D(2013, 5, 1))
    draft = text("draft", series="d", scope="kent", layer="force", status="draft")
    ended = text("ended", series="e", scope="kent", layer="force", ends="2013-02-01")
    held = shelf([*SHELF.policies, draft, ended], FORCES)
    assert SHELF.not_held("kent", early).endswith(
        "may ask for more. Held of other days: kent from 2013-06-01 to now."
    )
    assert held.not_held("kent", early).endswith(
        "kent from 2013-06-01 to now; ended from 2013-01-01 to 2013-01-31."
    )


def test_what_was_known_on_the_very_day_counts_as_known():
    with pytest.raises(NoPolicy, match=r"2011-06-01 as known on 2012-01-01\."):
        SHELF.in_force("gwent", D(2011, 6, 1), D(2012, 1, 1))
    assert chosen("gwent", D(2013, 6, 1), D(2012, 1, 1)) == ["old", "law"]
    draft = text("draft", starts="2011-01-01", known_from="2012-01-01", status="draft")
    with pytest.raises(NoPolicy, match=r"No policy covers a decision of 2011-06-01 as known"):
        shelf([draft], FORCES).in_force("gwent", D(2011, 6, 1), D(2011, 1, 1))


def test_the_file_of_a_policy_may_be_read():
    assert 'id         = "kent-2023"' in text_of("kent-2023")
    with pytest.raises(PolicyError, match="There is no such policy"):
        text_of("kent-2024")
