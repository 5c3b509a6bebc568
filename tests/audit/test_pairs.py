"""Two sets of rules judged in one pass, and facts that stand in code tables beside the rows."""

import os
from typing import Any

import duckdb
import pytest
from sqlglot import exp

from amends.audit.cells import Link
from amends.audit.dialects import DIALECTS
from amends.audit.judging import judge_into, table_source, verdicts
from amends.audit.pairs import Pair, judge_pair_into
from amends.audit.plain import judge
from amends.audit.printing import Column
from amends.audit.sql import Query
from amends.audit.ways import WORD_BITS, Layout
from amends.policy.facts import catalogue
from amends.policy.rules import MOST_RULES, Ruleset, ruleset
from support.engines import Tables, columns
from support.generating import Generator, policy_of

SEEDS = 2_000 if os.environ.get("AMENDS_LONG") else 200
CASES = 24
SIDES = "before, before_raised, before_unknown, after, after_raised, after_unknown"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables()


def paired(tables: Tables, before: Ruleset, after: Ruleset) -> list[tuple[int, ...]]:
    """For each case: answer, raised and unknown by the rules before, and the same after."""
    tables.duck.execute("DROP TABLE IF EXISTS compared")
    pair = Pair(before, after, columns())
    judge_pair_into(tables.duck, pair, table_source("history"), exp.column("n"), "compared")
    return tables.duck.execute(f"SELECT {SIDES} FROM compared ORDER BY n").fetchall()


def apart(cases: list[dict[str, Any]], before: Ruleset, after: Ruleset) -> list[tuple[int, ...]]:
    """The same by the plain loop, one set of rules after the other."""
    both = zip(judge(cases, before), judge(cases, after), strict=True)
    return [(*one[:3], *two[:3]) for one, two in both]


@pytest.mark.parametrize("first", range(0, SEEDS, 25))
def test_two_sets_of_rules_at_once_say_what_each_says_alone(first, tables):
    cases = Generator(first).cases(CASES)
    tables.load(cases)
    for seed in range(first, first + 25):
        source = Generator(seed)
        before, after = source.ruleset(3), source.ruleset(3)
        assert paired(tables, before, after) == apart(cases, before, after), f"seed {seed}"


def test_some_generated_pairs_need_a_second_look_and_some_do_not():
    pairs = [
        Pair(Generator(s).ruleset(3), Generator(s + 1).ruleset(3), columns()) for s in range(60)
    ]
    assert len({pair.exact for pair in pairs}) == 2


def test_more_rules_together_than_fit_in_one_word(tables):
    source = Generator(1)
    before, after = (
        ruleset(policy_of(tuple(source.rule(n, depth=0) for n in range(MOST_RULES))))
        for _ in range(2)
    )
    cases = source.cases(CASES, missing=0.05)
    tables.load(cases)
    assert paired(tables, before, after) == apart(cases, before, after)


def in_database(tables: Tables) -> list[Any]:
    return tables.duck.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()


def test_nothing_is_left_in_the_database_but_what_was_asked_for(tables):
    tables.load(Generator(0).cases(3))
    paired(tables, Generator(0).ruleset(), Generator(1).ruleset())
    with_result = in_database(tables)
    assert with_result == [("compared",), ("history",)]
    with pytest.raises(duckdb.CatalogException, match="already exists"):
        pair = Pair(Generator(0).ruleset(), Generator(2).ruleset(), columns())
        judge_pair_into(tables.duck, pair, table_source("history"), exp.column("n"), "compared")
    assert in_database(tables) == with_result


# --- code tables ------------------------------------------------------------------------------------

LINKED = ("offence.mode_of_trial", "offence.group", "gravity.score", "offence.serious")
KINDS = {name: catalogue()[name] for name in LINKED}


@pytest.fixture(scope="module")
def linked() -> Tables:
    """Cases in `bare`, facts of offences in `offences`, and both joined in `whole`.

    Some cases have no code, and some a code that nobody knows.
    """
    tables = Tables()
    tables.load(Generator(7).cases(120))
    names = [kind.column for kind in KINDS.values()]
    names += [f"{kind.column}_absent" for kind in KINDS.values() if kind.absent]
    listed = ", ".join(names)
    tables.duck.execute(
        f"CREATE TABLE offences AS SELECT 'C' || n AS code, {listed} FROM history WHERE n < 9"
    )
    tables.duck.execute(
        f"CREATE TABLE bare AS SELECT * EXCLUDE ({listed}), "
        "CASE n % 11 WHEN 9 THEN NULL WHEN 10 THEN 'unheard of' ELSE 'C' || n % 11 END AS linked_by "
        "FROM history"
    )
    tables.duck.execute(
        f"CREATE TABLE whole AS SELECT bare.*, {listed} "
        "FROM bare LEFT JOIN offences ON offences.code = bare.linked_by"
    )
    return tables


def in_table() -> dict[str, Column]:
    found = columns()
    for name, kind in KINDS.items():
        absent = exp.column(f"{kind.column}_absent", "offences") if kind.absent else None
        found[name] = Column(exp.column(kind.column, "offences"), absent)
    return found


def judged(tables: Tables, query: Query, source: str) -> list[Any]:
    tables.duck.execute("DROP TABLE IF EXISTS judged")
    judge_into(tables.duck, query, table_source(source), exp.column("n"), "judged")
    return list(verdicts(tables.duck, "judged"))


def test_facts_in_a_code_table_are_judged_as_if_they_stood_in_the_row(linked):
    dialect, links = DIALECTS["duckdb"], (Link("offences", "linked_by", "code"),)
    asked = used = 0
    for seed in range(SEEDS):
        rules = Generator(seed).ruleset(4)
        if not set(LINKED) & set(rules.facts):
            continue
        joined = judged(linked, Query(rules, columns(), dialect), "whole")
        query = Query(rules, in_table(), dialect, links)
        assert judged(linked, query, "bare") == joined, f"seed {seed}"
        asked += 1
        used += bool(query.cells and query.cells.links)
    assert asked > 30
    assert used > 10


def test_a_pair_too_looks_into_a_code_table(linked):
    links = (Link("offences", "linked_by", "code"),)
    for seed in range(SEEDS // 4):
        before, after = Generator(seed).ruleset(3), Generator(seed + 500).ruleset(3)
        found = []
        for name, pair in (
            ("whole", Pair(before, after, columns())),
            ("bare", Pair(before, after, in_table(), links)),
        ):
            linked.duck.execute("DROP TABLE IF EXISTS compared")
            judge_pair_into(linked.duck, pair, table_source(name), exp.column("n"), "compared")
            found.append(linked.duck.execute(f"SELECT {SIDES} FROM compared ORDER BY n").fetchall())
        assert found[0] == found[1], f"seed {seed}"


# --- the bits of the masks --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ways",
    [[1], [0, 2], [4] * 3, [1] * 45 + [2] * 17, [4] * 62, [2, 1] * 31, [3, 0, 1, 4] * 15],
)
def test_every_way_has_a_bit_of_its_own_and_every_rule_its_bit_in_the_masks(ways):
    layout = Layout(ways, [range(len(ways))])
    places = list(layout.places.values())
    assert len(set(places)) == len(places) == sum(ways)
    assert all(0 <= bit < WORD_BITS for _, bit in places)
    for rule in range(len(ways)):
        told = {(w, rule + up) for (w, up), mask in layout.moves[0].items() if mask >> rule & 1}
        assert told == set(layout.rule(rule))


def test_two_sets_never_share_a_word():
    layout = Layout([2] * 80, [range(50), range(50, 80)])
    first, second = ({word for word, _ in moves} for moves in layout.moves)
    assert not first & second
