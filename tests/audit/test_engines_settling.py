"""Where an answer needs a long proof, every engine proves it, or none does."""

import datetime as dt

import pytest

from amends.audit.plain import judge
from amends.policy import classes as classing
from amends.policy.classes import classes_of
from amends.policy.exactness import is_exact
from amends.policy.rules import Authority, Ruleset
from support.engines import Tables, difference
from support.generating import Generator
from support.policies import rule, rules

CASES = 12
FIRST, LAST = 50_000, 50_050
"""Seeds that no other test uses: what was settled of a policy is remembered."""


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables()


def differences(tables: Tables, seed: int, found: Ruleset, cases: list[dict]) -> str:
    wanted = list(judge(cases, found))
    ways = {
        "duckdb": tables.judged("duckdb", found),
        "sqlite": tables.judged("sqlite", found),
        "class table": tables.by_class_table(found),
    }
    told = (difference(name, seed, found, cases, wanted, way) for name, way in ways.items())
    return "\n".join(filter(None, told))


def one_of(name: str, values: list[str]) -> str:
    return "(" + " or ".join(f"{name} = {value}" for value in values) + ")"


def test_facts_with_dozens_of_values_named_are_settled_by_every_engine(tables):
    """One of the two is raised whatever the facts are, which 68,921 combinations of classes show."""
    first = dt.date(2013, 1, 1)
    codes = [f'"{n}A"' for n in range(40)]
    days = [f'date("{first + dt.timedelta(days=3 * n)}")' for n in range(40)]
    odd = (
        f"({one_of('offence.code', codes)} = {one_of('offence.date', days)}) = "
        f"{one_of('resolution.last_action_due', days)}"
    )
    found = rules(rule("A", odd, "inspector"), rule("B", f"not({odd})", "inspector"))
    cases = [{}, {"offence.code": "3A"}, {"offence.code": "3A", "offence.date": first}]
    tables.load(cases)
    assert not differences(tables, 0, found, cases)
    assert {verdict.answer for verdict in judge(cases, found)} == {Authority.INSPECTOR}


@pytest.mark.parametrize("steps", [1, 2])
def test_engines_give_up_together(tables, monkeypatch, steps):
    monkeypatch.setattr(classing, "MOST_STEPS", steps)
    for seed in range(FIRST + steps * 1000, LAST + steps * 1000):
        found = Generator(seed).ruleset(4)
        if is_exact(classes_of(found)) or classes_of(found).together:
            continue
        cases = Generator(seed).cases(CASES)
        tables.load(cases)
        told = differences(tables, seed, found, cases)
        assert not told, told
