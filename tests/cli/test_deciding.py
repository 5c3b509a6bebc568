"""`amends decide` and `amends explain`: an answer whatever it is, and a clear refusal of what is wrong."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from amends.cli import main
from amends.cli.release import version
from amends.policy.documents import loads
from support.policies import rule, toml

ROOT = Path(__file__).parents[2]
SHOP = {
    "offence.code": "46",
    "offender.age": 30,
    "offender.agrees": True,
    "admission.form": "admits_offence",
    "victims": [
        {"kind": "business", "contact_made": True, "position": "agree", "informed_consent": True}
    ],
}
AVON = ("--force", "avon-and-somerset", "--on", "2013-06-01")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def facts(here):
    def write(**more):
        given = {**SHOP, **{name.replace("__", "."): value for name, value in more.items()}}
        Path("facts.json").write_text(json.dumps(given), "utf-8")
        return "facts.json"

    return write


@pytest.fixture
def amends(capsys):
    def run(*words, status=0):
        found = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert found == status, err
        assert "Traceback" not in err
        return out if status == 0 else err

    return run


# --- answers --------------------------------------------------------------------------------------


def test_it_says_who_may_allow_it(amends, facts):
    out = amends("decide", facts(), *AVON)
    assert out.startswith("An Inspector may allow this.\n")
    assert "CR-AUTH-01" in out


@pytest.mark.parametrize(
    ("more", "begins"),
    [
        ({"admission__form": "none"}, "Nobody may allow this.\n"),
        ({}, "An Inspector may allow this.\n"),
    ],
)
def test_any_answer_ends_well(amends, facts, more, begins):
    assert amends("decide", facts(**more), *AVON).startswith(begins)


def test_what_is_not_known_is_asked_for(amends, facts):
    out = amends("decide", facts(), "--force", "kent", "--on", "2024-01-15")
    assert out.startswith(
        "Not yet known who may allow this: it may be anything from a Sergeant to nobody.\nFirst find out: "
    )
    assert "WHAT TO FIND OUT" in out


def test_the_force_and_the_day_may_stand_in_the_facts(amends, facts):
    out = amends("decide", facts(force="avon-and-somerset", decision__date="2013-06-01"))
    assert "Force: Avon and Somerset. Day of the decision: 1 June 2013." in out
    Path("wrapped.json").write_text(json.dumps({"force": "avon-and-somerset", "facts": SHOP}))
    assert "Force: Avon and Somerset" in amends("decide", "wrapped.json", "--on", "2013-06-01")


def test_the_day_is_otherwise_today(amends, facts):
    found = json.loads(amends("decide", facts(), "--force", "kent", "--json"))
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    assert abs(dt.date.fromisoformat(found["on"]) - today) <= dt.timedelta(days=1)
    assert found["facts"]["decision.date"] == found["on"]


def test_policies_that_became_known_later_may_be_left_out(amends, facts):
    early = ("--force", "kent", "--on", "2023-07-02", "--json")
    assert "kent-2023" in json.loads(amends("decide", facts(), *early))["ruleset"]["name"]
    found = json.loads(amends("decide", facts(), *early, "--known-on", "2023-06-30"))
    assert found["ruleset"]["name"] == "npcc-2022+asb-act-2014"
    assert found["known_on"] == "2023-06-30"


# --- documents ------------------------------------------------------------------------------------


def test_a_decision_is_kept_and_explained(amends, facts):
    out = amends("decide", facts(), *AVON, "--json")
    found = loads(out)
    assert found["answer"] == "inspector"
    assert found["made_by"] == f"amends {version()}"
    assert found["trial"] == []
    assert found["derived"]["offence.subgroup"] == "shoplifting"
    assert found["offence"]["name"] == "Shoplifting"
    Path("kept.json").write_text(out, "utf-8")
    assert amends("explain", "kept.json") == amends("decide", facts(), *AVON)


def test_a_document_is_written_whole(amends, facts):
    words = amends("decide", facts(), *AVON, "--out", "kept.json")
    assert words.startswith("An Inspector")
    assert Path("kept.json").read_text("utf-8") == amends("decide", facts(), *AVON, "--json")
    assert amends("explain", "kept.json") == words
    assert Path("kept.json").stat().st_mode & 0o600 == 0o600
    assert sorted(p.name for p in Path().iterdir()) == ["facts.json", "kept.json"]


def test_the_case_of_a_document_may_be_decided_again(amends, facts):
    amends("decide", facts(), *AVON, "--out", "kept.json")
    again = json.loads(amends("decide", "kept.json", "--json"))
    assert again == json.loads(Path("kept.json").read_text("utf-8"))


def test_what_cannot_be_written_leaves_nothing(amends, facts, here):
    err = amends("decide", facts(), *AVON, "--out", "none/kept.json", status=2)
    assert err == "amends: none/kept.json: It cannot be written: No such file or directory.\n"
    (here / "folder").mkdir()
    err = amends("decide", facts(), *AVON, "--out", "folder", status=2)
    assert err.startswith("amends: folder: It cannot be written:")
    assert sorted(p.name for p in here.iterdir()) == ["facts.json", "folder"]


# --- other policies -------------------------------------------------------------------------------


def own(name="mine", when="flags.hate", **head):
    text = toml(rule("OWN", when), **{"id": name, "scope": "kent", "layer": "force", **head})
    Path(f"{name}.toml").write_text(text, "utf-8")
    return f"{name}.toml"


KENT = ("--on", "2022-06-01")


def test_a_policy_of_ones_own_takes_part_and_names_the_force(amends, facts):
    found = json.loads(amends("decide", facts(), "--policy", own(), *KENT, "--json"))
    assert found["force"] == "kent"
    assert found["ruleset"]["name"] == "npcc-2022+asb-act-2014+mine"
    assert found["trial"] == []


def test_two_forces_of_ones_own_name_no_force(amends, facts):
    own("gwent", scope="gwent")
    words = ("--policy", own(), "--policy", "gwent.toml", *KENT)
    assert "No force is named." in amends("decide", facts(), *words, status=2)


def test_a_policy_that_takes_no_part_is_told(capsys, facts):
    words = ("decide", facts(), "--policy", own(), "--force", "gwent", *KENT)
    assert main(list(words)) == 0
    assert capsys.readouterr().err == (
        "amends: note: mine takes no part: its scope is kent, from 2013-01-01 and still in force, "
        "known from 2013-01-01.\n"
    )
    assert (
        main(["decide", facts(), "--policy", own(ends="2014-01-01"), "--force", "kent", *KENT]) == 0
    )
    assert "from 2013-01-01 until 2014-01-01" in capsys.readouterr().err


def test_a_draft_refuses_and_says_how_to_try_it(amends, facts):
    draft = own(status="draft")
    err = amends("decide", facts(), "--policy", draft, *KENT, status=2)
    assert err == (
        "amends: mine: It is a draft, and a draft refuses to decide. "
        "To try it, which is no decision: --draft mine.\n"
    )
    out = amends("decide", facts(), "--policy", draft, "--draft", "mine", *KENT)
    assert "TRIAL, NOT A DECISION: The draft mine took part.\n" in out


def test_where_only_a_draft_covers_the_day(amends, facts):
    words = ("--force", "kent", "--on", "2011-06-01")
    err = amends("decide", facts(), *words, status=2)
    assert "amends: kent: No policy covers a decision of 2011-06-01." in err
    assert err.endswith("To try a draft, which is no decision: --draft background-law.\n")
    err = amends("decide", facts(), "--force", "kent", "--on", "2001-06-01", status=2)
    assert err.endswith("Load the policy of that time.\n")


def test_a_draft_that_takes_no_part_is_an_error(amends, facts):
    err = amends("decide", facts(), *AVON, "--draft", "illustrative-force", status=2)
    assert "amends: illustrative-force: The draft takes no part in a decision of" in err
    assert "Try it by itself: --only illustrative-force." in err
    err = amends("decide", facts(), *AVON, "--draft", "acpo-2012", status=2)
    assert err == (
        "amends: acpo-2012: It is not a draft. Leave out --draft acpo-2012: it takes part anyhow.\n"
    )
    err = amends("decide", facts(), *AVON, "--draft", "nosuch", status=2)
    assert "amends: nosuch: There is no such policy on the shelf." in err


def test_one_policy_may_be_tried_by_itself(amends, facts):
    out = amends("decide", facts(), "--only", "kent-2023", "--on", "2013-06-01")
    assert "TRIAL, NOT A DECISION: It is judged by kent-2023 alone" in out
    assert "Force:" not in out
    found = json.loads(amends("decide", facts(), "--only", own(), "--force", "kent", "--json"))
    assert found["ruleset"]["name"] == "mine"
    assert found["force"] == "kent"
    draft = amends("decide", facts(), "--only", "illustrative-force")
    assert "ILLUSTRATIVE: made up, and not published" in draft
    assert "TRIAL, NOT A DECISION: It is judged by illustrative-force alone" in draft
    assert "The draft illustrative-force took part." in " ".join(draft.split())
    words = ("--only", "mine", "--policy", own(), "--json")
    assert json.loads(amends("decide", facts(), *words))["ruleset"]["name"] == "mine"
    assert "no such policy" in amends("decide", facts(), "--only", "nosuch", status=2)


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"offender__age": "x"}, 'facts.json: offender.age: "x" is not a whole number of years.'),
        ({"offender__agee": 3}, "facts.json: offender.agee: There is no such fact."),
        ({"offence__code": "zz"}, "facts.json: offence.code: The offence table does not hold 'zz'."),
        ({"offence__group": "sexual"}, "facts.json: offence.group: The case says 'sexual', and the code"),
        ({"force": "kent"}, "facts.json: force: The case says 'kent', and --force 'avon-and-somerset'. "
         "Leave one of them out."),
        ({"decision__date": "2013-07-01"}, "facts.json: decision.date: The case says 2013-07-01, and --on "
         "says 2013-06-01. Leave one of them out."),
        ({"offence__date": "2013-06-02"}, "facts.json: offence.date: The offence is of 2013-06-02, after "
         "the decision of 2013-06-01. Correct one of the two days."),
    ],
)  # fmt: skip
def test_wrong_facts_are_refused(amends, facts, more, wrong):
    assert amends("decide", facts(**more), *AVON, status=2).startswith(f"amends: {wrong}")


def test_the_same_said_twice_is_no_fault(amends, facts):
    more = {
        "force": "avon-and-somerset",
        "decision__date": "2013-06-01",
        "offence__date": "2013-06-01",
    }
    assert amends("decide", facts(**more), *AVON).startswith("An Inspector")


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"\xff", "facts.json: Byte 0 is not UTF-8."),
        (b"{", "facts.json, line 1, column 2: This is not JSON"),
        (b"[" * 99_999, "facts.json: The file is nested too deep."),
        (b" " * 1_000_001, "facts.json: size: The file is larger than"),
        (b"[]", "facts.json: Facts are a table of names and values."),
        (b'{"facts": {}, "forse": "kent"}', "facts.json: forse: There is no such key."),
    ],
)
def test_a_damaged_file_is_refused(amends, raw, wrong):
    Path("facts.json").write_bytes(raw)
    assert amends("decide", "facts.json", *AVON, status=2).startswith(f"amends: {wrong}")


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ((), "No force is named. Write --force avon-and-somerset, for example."),
        (("--force", "kentt"), "kentt: There is no such force in England and Wales."),
        (("--force", "kent", "--on", "2013-02-30"), "'2013-02-30' is not a date that exists."),
        (("--force", "kent", "--on", "20130201"), "'20130201' is not a date that exists."),
        (("--force", "kent", "--on", "2013-2-001"), "'2013-2-001' is not a date that exists."),
        (
            ("--policy", "none.toml"),
            "none.toml: The file cannot be read: No such file or directory.",
        ),
        (("--nosuch",), "unrecognized arguments: --nosuch"),
    ],
)
def test_wrong_words_are_refused(amends, facts, words, wrong):
    assert wrong in amends("decide", facts(), *words, status=2)


def test_a_wrong_policy_is_refused_with_a_caret(amends, facts):
    err = amends("decide", facts(), "--policy", own(when="flags.hatte"), *KENT, status=2)
    assert "mine.toml: rule 1 (OWN): when: 'flags.hatte' is not a declared fact." in err
    assert "    flags.hatte\n    ^\n" in err


def test_a_changed_document_is_refused(amends, facts):
    out = amends("decide", facts(), *AVON, "--json")
    Path("kept.json").write_text(out.replace('"inspector"', '"officer"'), "utf-8")
    err = amends("explain", "kept.json", status=2)
    assert "kept.json: digest: It has been changed since it was made" in err
    assert "No such file" in amends("explain", "none.json", status=2)


# --- the program ----------------------------------------------------------------------------------


def program(*words, **more):
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        [sys.executable, "-m", "amends", *words], env=env, capture_output=True, check=False, **more
    )


def test_it_runs_as_a_module_and_needs_no_package(facts):
    done = program("decide", facts(), *AVON, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["answer"] == "inspector"


def test_a_closed_pipe_is_no_fault(facts):
    script = f"{sys.executable} -m amends facts | head -1; exit ${{PIPESTATUS[0]}}"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, check=False)
    assert done.stderr == b""
    assert done.returncode in (0, 141)


def test_the_bare_commands_load_nothing_else():
    script = (
        "import sys\n"
        "from amends.cli import main\n"
        "main(['feel', '1 + 1']); main(['policies']); main(['check', 'kent-2023'])\n"
        "print(sorted({m.partition('.')[0] for m in sys.modules}"
        " & {'duckdb', 'numpy', 'rich', 'sqlglot', 'pyspark'}))"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


# --- what must not be passed over -----------------------------------------------------------------


def test_a_force_whose_own_policy_is_not_held_is_told_so(amends, facts):
    out = amends("decide", facts(), "--force", "essex", "--on", "2013-06-01")
    note = (
        "NOTE: No policy of Essex itself is held for this day: this is by national guidance only."
    )
    assert note in " ".join(out.split())
    assert out.index("NOTE") < out.index("WHY")
    assert "NOTE" not in amends("decide", facts(), *AVON)
    late = amends("decide", facts(), "--force", "avon-and-somerset", "--on", "2017-06-01")
    assert "Held of other days: avon-and-somerset-2011 from 2011-04-01 to 2016-12-31" in " ".join(
        late.split()
    )


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"offender__age": 5}, "facts.json: offender.age: The suspect was 5, and no policy held"),
        ({"case__jurisdiction": "scotland"}, "facts.json: case.jurisdiction: It was in Scotland"),
    ],
)
def test_a_case_that_no_policy_held_speaks_of_is_refused_and_may_be_tried(
    amends, facts, more, place
):
    assert place in amends("decide", facts(**more), *AVON, status=2)
    out = amends("decide", facts(**more), *AVON, "--draft", "background-law")
    assert out.startswith("Nobody may allow this.\n")
    assert "TRIAL, NOT A DECISION: The draft background-law took part." in out


def test_what_was_given_and_not_asked_about_is_told(amends, facts):
    out = amends("decide", facts(flags__hate=True, offender__ethnicity="white"), *AVON)
    (part,) = [p for p in out.split("\n\n") if p.startswith("GIVEN, BUT NO POLICY HELD ASKS")]
    assert "- Is it a hate crime? (flags.hate)" in part
    assert "(offender.ethnicity)" in part
    assert "offence.code" not in part
    assert "decision.date" not in part


@pytest.mark.parametrize(
    "name", ["Avon and Somerset", "AVON-AND-SOMERSET", "Avon & Somerset Police"]
)
def test_a_force_may_be_named_as_people_name_it(amends, facts, name):
    out = amends("decide", facts(), "--force", name, "--on", "2013-06-01")
    assert out == amends("decide", facts(), *AVON)
    assert amends("policies", "--force", name) == amends("policies", "--force", AVON[1])
    both = facts(force=name.replace("&", "and"))
    assert amends("decide", both, *AVON).startswith("An Inspector may allow this.")


def test_a_day_to_come_is_told_and_one_that_is_no_day_of_ours_refused(amends, facts):
    out = amends("decide", facts(), "--force", "kent", "--on", "2150-01-01")
    assert "NOTE: This day has not come yet: another policy may be in force by then." in out
    for day in ("9999-01-01", "1800-01-01"):
        err = amends("decide", facts(), "--force", "kent", "--on", day, status=2)
        assert f"{day} is not in the years 1900 to 2199." in err


def test_nothing_is_written_over_unless_it_is_said(amends, facts):
    Path("kept.json").write_text("mine", "utf-8")
    err = amends("decide", facts(), *AVON, "--out", "kept.json", status=2)
    assert err == "amends: kept.json: It is there already. Name another file, or add --replace.\n"
    err = amends("decide", facts(), *AVON, "--out", "facts.json", status=2)
    assert "facts.json: It is there already." in err
    assert Path("kept.json").read_text("utf-8") == "mine"
    amends("decide", facts(), *AVON, "--out", "kept.json", "--replace")
    assert loads(Path("kept.json").read_text("utf-8"))["answer"] == "inspector"


def test_blanks_around_a_code_do_not_matter(amends, facts):
    for code in (" 46", "46 ", " 46 "):
        out = amends("decide", facts(offence__code=code), *AVON)
        assert "By the offence table, 46 is: Shoplifting." in out


def test_an_overlay_that_loosens_without_saying_why_decides_nothing(amends, facts):
    text = toml(
        rule("OWN", "flags.hate", replaces=["CR-VIC-04"]),
        id="mine", series="mine", scope="kent", layer="force",
    )  # fmt: skip
    Path("loose.toml").write_text(text, "utf-8")
    for words in (
        ("--policy", "loose.toml", "--force", "kent", "--on", "2013-06-01"),
        ("--only", "loose.toml"),
        ("--only", "mine", "--policy", "loose.toml"),
    ):
        err = amends("decide", facts(), *words, status=2)
        assert "amends: loose.toml: mine: OWN: It is looser than CR-VIC-04 of acpo-2012" in err


def test_a_fact_that_never_decides_is_called_so(amends, facts):
    err = amends("decide", facts(), "--policy", own(when='offender.sex = "male"'), *KENT, status=2)
    assert "offender.sex is kept to answer questions, never to decide." in err


@pytest.mark.parametrize(
    ("to", "wrong"), [("/dev/full", "No space left on device"), (None, "closed")]
)
def test_an_output_that_cannot_be_written_is_told_in_one_line(facts, to, wrong):
    words = f"{sys.executable} -m amends decide {facts()} {' '.join(AVON)} >{to or '&-'}"
    done = subprocess.run(words, shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert wrong in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_steps_for_a_policy_of_ones_own_lead_to_a_decision(amends, facts):
    text = amends("policies", "--text", "illustrative-force")
    for line, new in (
        ('id         = "illustrative-force"', 'id = "my-id"'),
        ('series     = "illustrative-force"', 'series = "my-force"'),
        ('scope      = "illustrative"', 'scope = "kent"'),
    ):
        assert line in text
        text = text.replace(line, new)
    mine = Path("my-force.toml")
    mine.write_text(text, "utf-8")
    amends("check", "my-force.toml")
    words = ("decide", facts(flags__hate=True), "--policy", "my-force.toml", *KENT)
    assert "--draft my-id" in amends(*words, status=2)
    assert "TRIAL, NOT A DECISION" in amends(*words, "--draft", "my-id")

    read = text.replace('"draft"', '"published"').replace('= "illustrative"', '= "read"')
    mine.write_text(read.replace('"none read"', '"P12"'), "utf-8")
    assert "'P12' is no source that is known" in amends(*words, status=2)
    own = 'confidence = "read"\nsources = { P12 = "Kent Police, procedure P12" }'
    read = read.replace('"none read"', '"P12"').replace('confidence = "read"', own, 1)
    mine.write_text(read, "utf-8")
    out = amends(*words)
    assert "CR-HATE-01 of my-id. Source: P12 (read)." in out
    assert "- Source P12: Kent Police, procedure P12.\n" in out
    assert "TRIAL" not in out
    assert "no such policy" in amends("policies", "--text", "nosuch", status=2)
