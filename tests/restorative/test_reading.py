"""Kinds of process as files: what ships holds what it should, and a bad file is refused with what would be right."""

import datetime as dt
import re
import tomllib
from importlib.resources import files

import pytest

from amends.accounts.permissions import table
from amends.cases.models.people import PARTS
from amends.policy.rules import CONFIDENCE
from amends.restorative import reading
from amends.restorative.processes import BEFORE_MEETING, HARMED, STEPS
from amends.restorative.reading import BadProcess, latest, parse, read, shelf, shipped

FOLDER = files("amends.restorative") / "processes"
TEXT = (FOLDER / "vo_conference.toml").read_text("utf-8")
KINDS = {kind.id: kind for kind in shipped()}


def test_the_three_processes_and_indirect_work_ship():
    assert set(KINDS) == {"immediate_rd", "vo_conference", "community_conference", "indirect"}
    assert all(kind.counts_as == kind.id for kind in KINDS.values())


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_each_has_everything_that_keeps_people_safe(kind):
    before = kind.steps[: kind.steps.index("meet")]
    assert set(before) == set(BEFORE_MEETING)
    assert set(kind.steps) == set(STEPS)
    assert set(kind.risk) == {1, 2}
    assert kind.facilitators.trained
    assert len(kind.feedback.questions) == 3
    assert set(kind.feedback.sides) == {"victim", "responsible"}
    assert kind.follow_up
    assert any(role.side in HARMED and role.least for role in kind.roles.values())
    assert any(role.for_child for role in kind.roles.values())


def test_whoever_leads_a_planned_process_is_neutral():
    assert not KINDS["immediate_rd"].facilitators.independent
    planned = [kind for kind in KINDS.values() if kind.meeting.how != "at_once"]
    assert all(kind.facilitators.independent for kind in planned)
    assert KINDS["community_conference"].facilitators.least == 2


def origins(data, place=""):
    """Every table of a file that says where it comes from, and what it says."""
    if isinstance(data, dict):
        if place.rpartition(".")[2] not in ("", "steps"):
            yield place, data.get("source"), data.get("confidence")
        for name, value in data.items():
            yield from origins(value, f"{place}.{name}")
    elif isinstance(data, list):
        for one in data:
            if isinstance(one, dict):
                yield from origins(one, place)


@pytest.mark.parametrize("name", KINDS)
def test_every_part_says_where_it_comes_from_and_what_nobody_read_is_illustrative(name):
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    found = list(origins(data))
    assert len(found) > 10
    for place, source, confidence in found:
        assert source, place
        assert confidence in CONFIDENCE, place
        if re.search(r"\bours?\b|no text read", source):
            assert confidence == "illustrative", place
        if confidence != "illustrative":
            assert re.match(r"src \d+", source), place


def test_the_words_of_the_files_are_those_of_the_record():
    assert set(reading.PARTS) == set(PARTS)
    assert set(reading.LEADERS) <= set(table().roles)


def test_follow_ups_fall_due_from_the_day_of_the_meeting():
    assert KINDS["vo_conference"].due(dt.date(2026, 1, 30)) == [
        dt.date(2026, 2, 6), dt.date(2026, 5, 30),
    ]  # fmt: skip


# --- refused --------------------------------------------------------------------------------------------

MEET = '"prepare", "risk_1", "risk_2", "meet"'


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("version    = 1", "version    = 0", "x.toml.version", "0 is out of range"),
        ("version    = 1", 'version    = "1"', "x.toml.version", "Write a whole number"),
        ("version    = 1", "version    = true", "x.toml.version", "Write a whole number"),
        ("version    = 1", "", "x.toml.version", "It is missing"),
        ("version    = 1", "verison = 1", "x.toml.verison", "Did you mean version?"),
        ("version    = 1", "version = 1\nzzz = 1", "x.toml.zzz", "There is: id, version"),
        ('= "vo_conference"\nversion', '= "VO"\nversion', "x.toml.id", "Write small letters"),
        ('as  = "vo_conference"', 'as  = "none"', "x.toml.counts_as", "Write one of immediate_rd"),
        (MEET, '"prepare", "risk_1", "meet"', "x.toml.steps", "keeps people safe is left out"),
        (MEET, '"meet", "prepare", "risk_1", "risk_2"', "x.toml.steps", "before it is known to be"),
        (MEET, '"prepare", "risk_2", "risk_1", "meet"', "x.toml.steps", "before it is known to be"),
        ('"attend", "agree"', '"agree", "attend"', "x.toml.steps", "Write meet, attend, agree"),
        ('"attend", "agree"', '"attend", "agree", "agree"', "x.toml.steps", "says something twice"),
        ('"attend", "agree"', '"attend", "agree", "party"', "x.toml.steps[8].it", "not known"),
        ('"feedback", "follow_up"', '"follow_up"', "x.toml.feedback", "Add it to steps"),
        ('= "planned"', '= "by_post"', "x.toml.meeting.how", "at_once, planned, indirect"),
        ("hold_within_days = 42", "hold_within_days = 0", "x.toml.meeting.hold_within_days", "1 to 366"),
        ("trained     = true", "trained = 1", "x.toml.facilitators.trained", "true or false"),
        ('"facilitator", "vol', '"sheriff", "vol', "x.toml.facilitators.roles[0].it", "not known"),
        ('side       = "responsible"', 'side = "support"', "x.toml.roles", "Nobody is responsible"),
        ('side       = "victim"', 'side = "support"', "x.toml.roles", "Nobody who was harmed"),
        ('id         = "interpreter"', 'id = "victim"', "x.toml.roles[5].id", "there already"),
        ("most       = 1", "most = 0", "x.toml.roles[0].most", "1 to 50"),
        ("least      = 1\nmost       = 1", "least = 2\nmost = 1", "x.toml.roles[0].least", "0 to 1"),
        ("stage      = 2", "stage = 1", "x.toml.risk[1].stage", "Write 1 and 2"),
        ("stage      = 2", "stage = 3", "x.toml.risk[1].stage", "1 to 2"),
        ('establishes = "impact"', 'establishes = "what_happened"', "x.toml.agenda", "establish: impact"),
        ('"I was treated fairly.", ', "", "x.toml.feedback.questions", "Ask 3"),
        ("days       = 120", "days = 3", "x.toml.follow_up", "The days do not rise"),
        ('confidence = "illustrative"', 'confidence = "sure"', "x.toml.confidence", "read, reported"),
        ('title      = "Interpreter"', 'title = " "', "x.toml.roles[5].title", "empty or too long"),
        ("[meeting]", "[meeting", "x.toml", "It is no TOML"),
        ("[preparation]", "[preparations]", "x.toml.preparations", "Did you mean preparation?"),
        ("[meeting]", "[[meeting]]", "x.toml.meeting", "Write a table"),
        ("[[agenda]]", "[[agendas]]", "x.toml.agendas", "Did you mean agenda?"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_the_place_and_what_would_be_right(old, new, place, said):
    assert old in TEXT, old
    text = TEXT.replace(old, new, 1) if "agendas" not in new else TEXT.replace(old, new)
    with pytest.raises(BadProcess) as caught:
        parse(text, "x.toml")
    assert caught.value.place == place, caught.value
    assert said in str(caught.value)
    assert caught.value.wrong[-1] == "."
    assert caught.value.right


def test_what_is_too_large_empty_or_no_text_is_refused():
    for text in (b"#" * (reading.LARGEST + 1), b"\xff", ""):
        with pytest.raises(BadProcess):
            parse(text, "x.toml")
    with pytest.raises(BadProcess, match="Write at least one"):
        parse(TEXT.split("[[roles]]")[0].replace("[meeting]", "roles = []\n[meeting]"), "x.toml")
    one = TEXT.split("[[risk]]")
    with pytest.raises(BadProcess, match="A stage is missing"):
        parse(
            "[[risk]]".join([one[0], one[1]]) + "[[agenda]]" + TEXT.split("[[agenda]]", 1)[1],
            "x.toml",
        )


def test_feedback_and_follow_up_may_be_left_out():
    text = TEXT.split("[feedback]")[0].replace(', "feedback", "follow_up"]', "]")
    kind = parse(text, "x.toml")
    assert (kind.feedback, kind.follow_up) == (None, ())


# --- the shelf ------------------------------------------------------------------------------------------


def test_a_force_adds_a_kind_and_a_version_with_a_file_and_never_edits_one(tmp_path):
    assert read(tmp_path / "none") == read() == shelf(shipped())
    (tmp_path / "circle.toml").write_text(TEXT.replace('"vo_conference"', '"circle"', 1), "utf-8")
    (tmp_path / "bad.toml").write_text(TEXT.replace('"vo_conference"', '"x"'), "utf-8")
    with pytest.raises(BadProcess, match=r"bad.toml.counts_as"):
        read(tmp_path)
    (tmp_path / "bad.toml").unlink()
    (tmp_path / "next.toml").write_text(TEXT.replace("version    = 1", "version = 2"), "utf-8")
    found = read(tmp_path)
    assert latest(found, "circle").counts_as == "vo_conference"
    assert latest(found, "vo_conference").version == 2
    assert found["vo_conference", 1] == KINDS["vo_conference"]
    assert latest(found, "none") is None
    (tmp_path / "again.toml").write_text(TEXT, "utf-8")
    with pytest.raises(BadProcess, match="What was used is never edited"):
        read(tmp_path)
