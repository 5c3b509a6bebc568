"""Spark gives every case the same answer, for the same reasons, as deciding it alone would."""

import importlib.util
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp

from amends.audit.dialects import DIALECTS
from amends.audit.judging import table_source
from amends.audit.plain import judge
from amends.audit.sql import NUMBERS, Query
from amends.audit.verdicts import Verdict
from amends.policy.facts import catalogue
from amends.policy.rules import Authority, Ruleset
from support.engines import attempt, columns, difference, record_type, row_of, spark_type
from support.generating import Generator

MISSING = [
    what
    for what, there in (
        ("pyspark (make .venv/.spark)", importlib.util.find_spec("pyspark")),
        ("Java (apt-get install default-jre-headless)", shutil.which("java")),
    )
    if not there
]
POLICIES = 200 if os.environ.get("AMENDS_LONG") else 20
CASES = 60
MOST_RULES = 6

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(
        bool(MISSING), reason=f"Spark is not tested here: no {' and no '.join(MISSING)}"
    ),
]


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    return Generator(0).cases(CASES)


@pytest.fixture(scope="module")
def spark(cases: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A Spark session with the cases as the view `history`."""
    from amends.audit.spark import session

    place: Path = tmp_path_factory.mktemp("spark") / "history.json"
    rows = ({"n": n, **row_of(case)} for n, case in enumerate(cases))
    place.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    schema = ["n INT"]
    for kind in catalogue().values():
        schema.append(f"{kind.column} {spark_type(kind)}")
        if kind.absent:
            schema.append(f"{kind.column}_absent BOOLEAN")
    found = session()
    found.sparkContext.setLogLevel("ERROR")
    history = found.read.schema(", ".join(schema)).json(str(place)).cache()
    history.createOrReplaceTempView("history")
    return found


def judged(spark: Any, rules: Ruleset) -> list[Verdict]:
    """What Spark finds, with the second look at what it leaves open."""
    query = Query(rules, columns(), DIALECTS["spark"])
    select = query.verdicts(table_source("history"), exp.column("n"))
    rows = spark.sql(query.dialect.print(select)).collect()
    found = []
    for row in sorted(rows, key=lambda row: row["n"]):
        numbers = [row[name] for name in NUMBERS]
        if row["key"] is not None and numbers[0] == Authority.NOT_YET_KNOWN:
            numbers[0] = int(query.settled(row["key"]))
        found.append(Verdict(*numbers))
    return found


def as_they_are(spark: Any, cases: list[dict[str, Any]]) -> bool:
    """Whether Spark holds the *cases* as they are, lists and all."""
    rows = spark.sql("SELECT * FROM history ORDER BY n").collect()
    for row, case in zip(rows, cases, strict=True):
        victims = case.get("victims")
        if row["offence_date"] != case.get("offence.date"):
            return False
        if (row["victims"] is None) != (victims is None):
            return False
        ages = [victim["age"] for victim in row["victims"] or ()]
        if ages != [victim.get("age") for victim in victims or ()]:
            return False
    return True


def test_spark_judges_a_history_as_each_case_would_be(spark, cases):
    # One test, and not one for each policy: pytest-xdist would start a Spark in every process.
    assert as_they_are(spark, cases)
    for seed in range(POLICIES):
        rules = Generator(seed).ruleset(MOST_RULES)
        found = attempt(lambda rules=rules: judged(spark, rules))
        assert not isinstance(found, str), f"spark, seed {seed}: {found}"
        told = difference("spark", seed, rules, cases, list(judge(cases, rules)), found)
        assert not told, told


def test_lists_are_arrays_of_records():
    assert record_type(catalogue()["victims"]).startswith("STRUCT<kind: STRING, age: INT, ")
