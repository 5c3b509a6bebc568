"""The pages of docs/how-to whose commands can be typed as they stand do what they print."""

import contextlib
import io
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from amends.cli import main

pytest.importorskip("highspy", reason="the extra `protect` is not installed")

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PAGE = (ROOT / "docs" / "how-to" / "protect-a-table.md").read_text("utf-8")
BLOCKS = re.findall(r"(?:`([\w.]+)`:\n\n)?```(\w+)\n(.*?\n)```", PAGE, re.DOTALL)


def typed(line: str) -> str:
    """What the command in *line* prints: `amends` itself, or one of two of the shell."""
    program, *words = shlex.split(line)
    if program == "cat":
        return Path(words[0]).read_text("utf-8")
    if program == "mkdir":
        Path(words[0]).mkdir()
        return ""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        main(words)
    return out.getvalue()


def test_the_page_on_protecting_a_table_can_be_typed_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = 0
    for name, kind, text in BLOCKS:
        if kind != "console":
            Path(name).write_text(text, "utf-8")
            continue
        for command, printed in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
            assert typed(command) == printed, command
            ran += 1
    assert ran == PAGE.count("\n$ ") > 0


def test_every_line_that_a_spec_may_have_is_on_the_page():
    from amends.disclosure.specifying import _KEYS

    spec = next(text for name, _, text in BLOCKS if name == "spec.toml")
    more = re.findall(r"^\| `(.+?)` \|", PAGE, re.MULTILINE)
    told = set(tomllib.loads(spec)).union(*(tomllib.loads(line) for line in more))
    assert told >= set(_KEYS)


# --- the README -----------------------------------------------------------------------------------


def test_the_steps_of_the_readme_for_a_policy_of_ones_own_can_be_typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("facts.json").write_text(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1], "utf-8")
    _, part = README.split("## Your own force's policy\n")
    make, check, try_it = re.findall(r"^    (amends .*)$", part.split("\n## ")[0], re.MULTILINE)
    command, file = make.split(" > ")
    text = typed(command)
    for was in ('id         = "{}"', 'series     = "{}"'):
        assert was.format("illustrative-force") in text
        text = text.replace(was.format("illustrative-force"), was.format("my-force"), 1)
    Path(file).write_text(text.replace('scope      = "illustrative"', 'scope = "kent"'), "utf-8")
    assert "errors: 0" in typed(check)
    assert "TRIAL, NOT A DECISION: The draft my-force took part." in typed(try_it)


def test_the_first_answers_that_the_readme_leads_to_are_as_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("facts.json").write_text(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1], "utf-8")
    commands = re.findall(r"^\| `(amends (?:decide|explain) .*?)`", README, re.MULTILINE)
    plain, kept, kent, explained = (typed(one) for one in commands)
    assert plain.startswith("An Inspector may allow this.")
    assert kept.startswith("{")
    assert kent.startswith("Not yet known who may allow this")
    assert explained == plain
