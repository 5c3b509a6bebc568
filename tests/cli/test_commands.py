"""The commands as a whole, and `feel`, `policies`, `facts` and `check`."""

import json
import shutil
from pathlib import Path

import pytest

from amends import cli
from amends.cli import COMMANDS, main
from amends.policy.library import published
from support.policies import rule, toml

SHELF = Path(cli.__file__).parents[1] / "policy" / "published"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def amends(capsys):
    def run(*words, status=0):
        found = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert found == status, (out, err)
        assert "Traceback" not in err
        return out if status < 2 else err

    return run


# --- the commands as a whole ----------------------------------------------------------------------


def test_every_command_is_told(amends):
    out = amends("--help")
    for name, command in COMMANDS.items():
        assert name in out
        assert command.help.split()[0] in out
    assert amends("--version").startswith("amends ")
    for name in ("decide", "explain", "feel", "policies", "facts", "check"):
        assert f"usage: amends {name}" in amends(name, "--help")


@pytest.mark.parametrize("words", [(), ("nosuch",), ("decide",), ("explain",), ("feel",)])
def test_words_that_mean_nothing_are_refused(amends, words):
    assert "usage: amends" in amends(*words, status=2)


def test_a_command_whose_packages_are_not_installed_says_which(amends, monkeypatch):
    def load(name):
        raise ModuleNotFoundError("No module named 'duckdb'", name="duckdb")

    monkeypatch.setattr(cli, "_module", load)
    assert amends("audit", "h.parquet", status=2) == (
        "amends: audit: the package 'duckdb' is not installed. "
        "Install it with: pip install 'amends[audit]' (in a clone: pip install '.[audit]')\n"
    )


def test_a_fault_of_our_own_is_not_hidden(monkeypatch):
    def load(name):
        raise ModuleNotFoundError("No module named 'amends.nosuch'", name="amends.nosuch")

    monkeypatch.setattr(cli, "_module", load)
    for name in ("audit", "decide"):
        with pytest.raises(ModuleNotFoundError):
            main([name, "x"])


def test_it_stops_when_it_is_told_to(amends, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("amends.cli.feel.run", stop)
    assert amends("feel", "1", status=130) == "amends: stopped.\n"


def test_whoever_reads_may_stop_reading(amends, monkeypatch):
    def closed(*_):
        raise BrokenPipeError

    monkeypatch.setattr("amends.cli.feel.run", closed)
    monkeypatch.setattr("amends.cli._pipe_closed", lambda: 141)
    assert amends("feel", "1", status=141) == ""


def test_the_errors_of_a_command_of_its_own_are_told(amends, monkeypatch):
    class Odd(Exception):
        pass

    def fail(*_):
        raise Odd("place: Something.")

    monkeypatch.setattr("amends.cli.feel.run", fail)
    with pytest.raises(Odd):
        main(["feel", "1"])
    monkeypatch.setattr("amends.cli.feel.ERRORS", (Odd,), raising=False)
    assert amends("feel", "1", status=2) == "amends: place: Something.\n"


# --- feel -----------------------------------------------------------------------------------------

GIVEN = {
    "offender": {"age": 17},
    "flags.hate": True,
    "x": 1.5,
    "day": "2020-01-02",
    "list": [1, 2, 3],
    "mixed": [[1], None],
    "sure": True,
    "none": None,
    "deep": {"er": 4},
    "victims": [{"age": 3}, {}],
}


@pytest.fixture
def given(here):
    Path("given.json").write_text(json.dumps(GIVEN), "utf-8")
    return ("--given", "given.json")


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("1 + 1", "2"),
        ("offender.age < 18", "true"),
        ("not(flags.hate)", "false"),
        ("x * 2", "3"),
        ("deep.er + 1", "5"),
        ("date(day).year", "2020"),
        ("day", '"2020-01-02"'),
        ("list", "[1, 2, 3]"),
        ("2 in list", "true"),
        ("sum(list)", "6"),
        ("count(list)", "3"),
        ("some i in list satisfies i > 2", "true"),
        ("some x in list satisfies x = 1", "true"),
        ("(some x in list satisfies x = 1) and x = 1.5", "true"),
        ("none = null", "true"),
        ("if sure then x else 0", "1.5"),
        ("some v in victims satisfies v.age < x + 2", "true"),
        ("count(victims)", "2"),
        ("if flags.hate then offender.age else 3", "17"),
    ],
)
def test_the_value_of_a_condition(amends, given, condition, value):
    assert amends("feel", condition, *given) == f"{value}\n"


@pytest.mark.parametrize(
    ("condition", "missing"),
    [
        ("offender.agrees", "offender.agrees"),
        ("flags.knife and offender.age < 18", "flags.knife"),
        ("flags.knife and flags.child", "flags.knife, flags.child"),
        ("some v in victims satisfies v.age > 5", "victims.age"),
        (
            "some v in victims satisfies (v.age > 5 and v.contact_made)",
            "victims.age, victims.contact_made",
        ),
        ("some d in earlier_disposals satisfies d.like_offence", "earlier_disposals"),
        ("gravity.score > 3", "gravity.score"),
    ],
)
def test_what_is_not_known_is_named(amends, given, condition, missing):
    assert amends("feel", condition, *given) == f"not known\nNot given: {missing}\n"


def test_a_boolean_of_which_half_is_known(amends):
    Path("g.json").write_text('{"gravity.score": null}')
    out = amends("feel", "gravity.score > 3 and flags.hate", "--given", "g.json")
    assert out == "not known (not true)\nNot given: flags.hate\n"


def test_without_facts_the_catalogue_is_known(amends):
    assert amends("feel", "offender.age < 18") == "not known\nNot given: offender.age\n"
    assert amends("feel", "--", "-1 + 3") == "2\n"


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("1 +",), "The end stands where a value should. (line 1, column 4)\n    1 +\n       ^"),
        (("offender.agee",), "Did you mean offender.age or "),
        (("x.y",), "A number has no property 'y' here."),
        (("zzz",), "'zzz' is not a declared fact."),
    ],
)
def test_a_wrong_condition_is_shown_with_a_caret(amends, given, words, wrong):
    assert wrong in amends("feel", *words, *given, status=2)


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ([], "g.json: Facts are a table of names and values."),
        ({"offender.age": "x"}, 'g.json: offender.age: "x" is not a whole number of years.'),
        ({"x": [{"a": 1}]}, "g.json: x[1]: A table cannot stand in a list here."),
    ],
)
def test_wrong_facts_are_refused(amends, data, wrong):
    Path("g.json").write_text(json.dumps(data))
    assert amends("feel", "1", "--given", "g.json", status=2).startswith(f"amends: {wrong}")


def cases(*some):
    path = Path("cases.json")
    path.write_text(json.dumps(some), "utf-8")
    return path


def case(expression, expected, **more):
    return {"expression": expression, "expected": expected, **more}


def test_conformance_cases_are_counted(amends):
    some = cases(
        case("1 + 1", 2),
        case("0.1 + 0.2", 0.3),
        case("1 = 1", True),
        case('@"P1Y"', "P1Y"),
        case("[1, 2]", [1, 2]),
        case("null", None),
        case("nosuch(1)", None),
        case("{a: 1}", {"a": 1}),
        case("1 + 1", None, folder="0082-feel-coercion"),
        case("[10]", 10, folder="0082-feel-coercion"),
    )
    assert amends("feel", "--cases", some) == (
        "right 6, refused 4, wrong 0 of 10\n"
        "right 5, refused 2, wrong 0 of 7 whose answer is not null\n"
    )


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (case("1 + 1", 3, folder="f", case="9"), "wrong: f 9: 1 + 1 is 2, and must be 3"),
        (case("1 + 1", None), "wrong: cases.json: case 1: 1 + 1 is 2, and must be null"),
        (case("1", True), "wrong: cases.json: case 1: 1 is 1, and must be true"),
        (case("true", 1), "wrong: cases.json: case 1: true is true, and must be 1"),
        (case("[true]", [1]), "wrong: cases.json: case 1: [true] is [true], and must be [1]"),
        (case("[1]", [1, 2]), "wrong: cases.json: case 1: [1] is [1], and must be [1, 2]"),
        (case("null", False), "wrong: cases.json: case 1: null is null, and must be false"),
        (case('"1"', 1), 'wrong: cases.json: case 1: "1" is "1", and must be 1'),
    ],
)
def test_a_wrong_answer_is_listed_and_is_a_failure(amends, one, told):
    out = amends("feel", "--cases", cases(one), status=1)
    assert out.splitlines()[0] == told
    assert out.splitlines()[1] == "right 0, refused 0, wrong 1 of 1"


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        ("{}", "cases.json: This is not a list of cases."),
        ("[3]", "cases.json: case 1: This is not a table."),
        ('[{"expression": "1"}]', "cases.json: case 1: It has no 'expected'."),
        ('[{"expected": 1}]', "cases.json: case 1: It has no 'expression'."),
        ('[{"expression": 1, "expected": 1}]', "cases.json: case 1: expression: This is not text."),
        ("[", "cases.json, line 1, column 2: This is not JSON"),
        ("[" * 99_999, "cases.json: The file is nested too deep."),
        ("[" + "1" * 5_000 + "]", "cases.json: A number in it is far too long."),
        (b"\xff", "cases.json: Byte 0 is not UTF-8."),
    ],
)
def test_a_damaged_file_of_cases_is_refused(amends, raw, wrong):
    Path("cases.json").write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    assert amends("feel", "--cases", "cases.json", status=2).startswith(f"amends: {wrong}")


def test_a_file_of_cases_that_is_not_there_or_too_large(amends, monkeypatch):
    assert "No such file" in amends("feel", "--cases", "none.json", status=2)
    monkeypatch.setattr("amends.cli.conforming.LARGEST_FILE", 1)
    err = amends("feel", "--cases", cases(), status=2)
    assert err == "amends: cases.json: The file is larger than 1 bytes.\n"


# --- policies and facts ---------------------------------------------------------------------------


def names(out):
    return [line.split()[0] for line in out.splitlines()[2:]]


def test_the_shelf_is_listed(amends):
    out = amends("policies")
    assert names(out) == sorted(published().by_id)
    head, line, first = out.splitlines()[:3]
    assert head.split()[:3] == ["policy", "scope", "from"]
    assert set(line) == {"-", " "}
    assert first.split() == [
        "acpo-2012", "national", "2012-08-01", "2022-01-01", "2012-08-01", "published", "reported",
        str(len(published().find("acpo-2012").rules)),
    ]  # fmt: skip
    assert "in force" in out


def test_the_shelf_may_be_narrowed(amends):
    assert names(amends("policies", "--force", "kent", "--on", "2024-01-15")) == [
        "npcc-2022", "asb-act-2014", "kent-2023",
    ]  # fmt: skip
    assert "kent-2023" in names(amends("policies", "--force", "kent"))
    assert "northumbria" not in names(amends("policies", "--force", "kent"))
    assert "acpo-2012" not in names(amends("policies", "--on", "2024-01-15"))
    assert "no such force" in amends("policies", "--force", "kentt", status=2)
    assert "No policy covers" in amends(
        "policies", "--force", "kent", "--on", "1999-01-01", status=2
    )
    Path("mine.toml").write_text(toml(rule("A", "flags.hate"), id="mine"))
    assert "mine" in names(amends("policies", "--policy", "mine.toml"))


def test_the_facts_are_listed(amends):
    out = amends("facts")
    assert "offender.age (0 to 120 years)\n    Age of the suspect" in out
    assert "gravity.score (1 to 5 score; may be absent)\n" in out
    assert "victims.position (choice)\n" in out
    assert "    One of: agree, disagree, no_view, not_contactable.\n" in out
    assert "told by the table of offences" in out
    assert "offender.sex (choice; kept to answer questions, never to decide)" in out
    assert "flags.hate (boolean)\n" in out


# --- check ----------------------------------------------------------------------------------------


def test_what_is_published_is_well(amends):
    out = amends("check")
    assert out.splitlines()[-1].startswith("errors: 0, warnings: 0, notes: ")
    assert amends("check", "kent-2023") == "errors: 0, warnings: 0, notes: 0\n"


def test_a_copy_of_a_published_policy_is_well_too(amends):
    for name in ("kent-2023.toml", "kent-2023.examples.toml"):
        shutil.copy(SHELF / name, ".")
    assert amends("check", "kent-2023.toml") == "errors: 0, warnings: 0, notes: 0\n"
    Path("kent-2023.examples.toml").unlink()
    assert amends("check", "kent-2023.toml") == (
        "warning: kent-2023: It has no worked examples. "
        "Write them beside it, in NAME.examples.toml.\n"
        "errors: 0, warnings: 1, notes: 0\n"
    )


def test_faults_are_listed_errors_first(amends):
    Path("mine.toml").write_text(
        toml(
            rule("A", "flags.hate", source="src 999"),
            rule("B", "flags.hate and not(flags.hate)"),
            rule("C", "offender.age >= 0", "officer"),
            id="mine",
            series="mine",
            scope="kentt",
            layer="force",
        )
    )
    Path("mine.examples.toml").write_text(
        "[[example]]\nstory = 'S'\nanswer = 'officer'\nalone = true\ngiven = { 'flags.hate' = true }"
    )
    out = amends("check", "mine.toml", status=1)
    kinds = [line.split(":")[0] for line in out.splitlines()]
    assert kinds == sorted(kinds[:-1], key=("error", "warning", "note").index) + kinds[-1:]
    for told in (
        "error: mine: A: source: '999' is no source that is known.",
        "error: mine: B: It is never reached",
        "warning: mine: C: It is raised in every case.",
        "note: mine: C: Nothing comes of it",
        "error: mine: scope: 'kentt' is no force",
        "error: mine.examples.toml: example 1 (S): The answer is nobody, and should be officer.",
        "error: mine.examples.toml: example 1 (S): Standing in the way: A; it should be nothing.",
        "warning: mine: B: No worked example raises it.",
    ):
        assert told in out, out


def test_gaps_of_a_series_are_told_with_the_policy(amends):
    Path("later.toml").write_text(
        toml(
            rule("A", "flags.hate"),
            id="later",
            series="west-midlands",
            scope="west-midlands",
            layer="force",
            starts="2023-01-01",
            known_from="2023-01-01",
        )
    )
    out = amends("check", "later.toml")
    assert (
        "warning: west-midlands: No version covers the days from 2022-01-01 until 2023-01-01."
        in out
    )


def test_what_cannot_be_read_is_refused(amends):
    Path("bad.toml").write_text(toml(rule("A", "flags.hatte")))
    assert "'flags.hatte' is not a declared fact." in amends("check", "bad.toml", status=2)
    assert amends("check", "nosuch", status=2) == (
        "amends: nosuch: There is no such policy or file. `amends policies` lists them.\n"
    )
    assert "cannot be read" in amends("check", "nosuch.toml", status=2)
    Path("good.toml").write_text(toml(rule("A", "flags.hate")))
    Path("good.examples.toml").write_text("x")
    assert "good.examples.toml: This is not TOML" in amends("check", "good.toml", status=2)
