"""No learnt score about a person enters a decision."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
POLICY = ROOT / "src" / "amends" / "policy"
PROMISE = "No learnt score about a person enters a decision."

# A gravity score is read off a published table of offences: it scores the offence, not a person.
ALLOWED = {"gravity.score"}

# Words of prediction, and the names of tools in use that predict people.
LEARNT = """
algorithm algorithmic assetplus classifier hart inferred learned learnt likelihood model oasys
ogp ogrs ogrs3 ogrs4 ovp percentile predict predicted prediction predictive predictor
probability profile profiling propensity rating recidivism risk rsr savry score scored scoring
susceptibility threat
"""
# What makes a decision differ for no reason, or rest on training.
UNWANTED = """
joblib keras lightgbm numpy onnxruntime pandas pickle random scipy secrets sklearn tensorflow
torch transformers uuid xgboost
"""


def catalogue() -> dict[str, dict[str, object]]:
    return tomllib.loads((POLICY / "catalogue.toml").read_text("utf-8"))


def learnt_words(name: str) -> set[str]:
    """The words of a dotted fact name that would make it a prediction of a person."""
    return set() if name in ALLOWED else set(LEARNT.split()) & set(re.split(r"[._]", name.lower()))


def conditions() -> list[tuple[str, str]]:
    """Every condition of every published policy, and where it stands."""
    return [
        (f"{path.name} {rule['id']}", rule[key])
        for path in sorted((POLICY / "published").glob("*.toml"))
        for rule in tomllib.loads(path.read_text("utf-8")).get("rule", [])
        for key in ("applies", "when")
        if key in rule
    ]


def names_in(condition: str) -> set[str]:
    """The names that a condition uses, dotted as written; what stands in quotes is not a name."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', " ", condition)
    return set(re.findall(r"[A-Za-z_]\w*(?:\.\w+)*", bare))


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_no_declared_fact_is_a_learnt_score(name):
    words = learnt_words(name)
    assert not words, (
        f"The fact {name!r} sounds like a prediction ({', '.join(words)}). {PROMISE} "
        "If it scores an offence by a published table, allow it here by name, and say why."
    )


def test_no_condition_reads_a_learnt_score():
    assert conditions(), "No published policy has a condition, so this test would prove nothing."
    found = [
        f"{where}: {name}"
        for where, condition in conditions()
        for name in sorted(names_in(condition))
        if learnt_words(name)
    ]
    assert not found, f"{PROMISE} These conditions read one:\n" + "\n".join(found)


def test_no_condition_reads_who_somebody_is():
    """Sex and ethnicity are kept, to be asked whether the law treats people alike."""
    facts = catalogue()
    kept = {name for name, fact in facts.items() if fact.get("decides", True) is False}
    assert {"offender.sex", "offender.ethnicity"} <= kept
    found = [f"{where}: {kept & names_in(text)}" for where, text in conditions()]
    assert not [line for line in found if not line.endswith("set()")], "\n".join(found)


def test_these_tests_would_notice():
    assert learnt_words("offender.risk_score") == {"risk", "score"}
    assert not learnt_words("gravity.score")
    assert names_in('offender.ogrs > 3 and offence.code = "risk"') >= {"offender.ogrs"}
    assert "risk" not in names_in('offence.code = "risk"')


@pytest.mark.parametrize("package", ["policy", "feel"])
def test_nothing_learnt_or_random_is_imported(package):
    files = sorted((POLICY.parent / package).rglob("*.py"))
    assert files
    found = []
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                roots = {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                roots = {(node.module or "").partition(".")[0]}
            else:
                continue
            found += [
                f"{path.name}:{node.lineno} {name}"
                for name in sorted(roots & set(UNWANTED.split()))
            ]
    assert not found, f"{PROMISE} These imports would let one in:\n" + "\n".join(found)


def test_the_promise_is_written_down():
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert PROMISE in readme, f"README.md must say in so many words: {PROMISE}"
