"""Two policies on one history: the table of before and after adds up, and says what decides."""

from pathlib import Path
from typing import Any

import pytest

from amends.audit.auditing import database
from amends.audit.comparing import Comparison, compare
from amends.audit.counting import SHORT
from amends.audit.history import open_history
from amends.audit.planning import Part
from amends.audit.reading import cases
from amends.demo.inventing import invent
from amends.policy.deciding import State, decide
from amends.policy.library import published
from amends.policy.rules import Authority, Ruleset, ruleset
from support.histories import copied, written


def rules_of(*ids: str) -> Ruleset:
    return ruleset(*(published().find(id_) for id_ in ids))


BEFORE = rules_of("acpo-2012", "avon-and-somerset-2011")
AFTER = rules_of("npcc-2022")


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("history") / "history.parquet"
    invent(made, rows=1_500, seed=4)
    return made


def compared(path: Path, one: Ruleset, two: Ruleset) -> Comparison:
    with database(path.name, 1) as connection:
        return compare(open_history(path, connection), one, two)


@pytest.fixture(scope="module")
def found(path) -> Comparison:
    return compared(path, BEFORE, AFTER)


@pytest.fixture(scope="module")
def by_loop(path) -> list[tuple[Any, ...]]:
    """Of every case: the answers before and after, and both decisions, one case after another."""
    rows = []
    with database(path.name, 1) as connection:
        history = open_history(path, connection)
        bad = {
            n
            for (n,) in connection.execute(
                "SELECT n FROM history WHERE unknown_code OR too_late"
            ).fetchall()
        }
        for n, _, facts in cases(history, Part(1, ruleset(), every=True)):
            made = [decide(facts, rules) for rules in (BEFORE, AFTER)]
            least = Authority.NOT_YET_KNOWN if n in bad else Authority.OFFICER
            rows.append((*(max(one.answer, least) for one in made), *made))
    return rows


def test_the_matrix_adds_up_in_every_direction(found):
    names = found.matrix.columns[1:-1]
    *rows, totals = found.matrix.rows
    assert [row[0] for row in rows] == list(names)
    for row in rows:
        assert row[-1] == sum(row[1:-1])
    for column in range(1, len(names) + 2):
        assert totals[column] == sum(row[column] for row in rows)
    assert totals[-1] == 1_500
    stay = sum(row[n] for n, row in enumerate(rows, 1))
    assert found.changed == 1_500 - stay > 0


def test_the_matrix_counts_what_a_plain_loop_counts(found, by_loop):
    words = {short: level for level, short in SHORT.items()}
    names = found.matrix.columns[1:-1]
    for row in found.matrix.rows[:-1]:
        for name, count in zip(names, row[1:-1], strict=True):
            pair = (words[row[0]], words[name])
            assert count == sum((b, a) == pair for b, a, *_ in by_loop), pair


def test_the_rules_behind_the_changes_are_those_that_gave_the_answer_or_left_it_open(
    found, by_loop
):
    counts: dict[tuple[str, str, str], list[int]] = {}
    for *answers, one, two in by_loop:
        if answers[0] == answers[1]:
            continue
        for when, answer, made in (("Before", answers[0], one), ("After", answers[1], two)):
            raised = [f.rule.allow for f in made.findings if f.state is State.RAISED]
            low = max([made.ruleset.otherwise, *raised])
            for f in made.findings:
                gave = f.state is State.RAISED and f.rule.allow == answer > made.ruleset.otherwise
                left = f.state is State.UNKNOWN and answer is Authority.NOT_YET_KNOWN
                if gave or (left and f.rule.allow > low):
                    key = (f"{when}, by {f.rule.policy}", f.rule.id, SHORT[f.rule.allow])
                    counts.setdefault(key, [0, 0])[not gave] += 1
    told = {
        (table.title.partition(":")[0], row[0], row[3]): [row[1], row[2]]
        for table in found.changes
        for row in table.rows
    }
    assert told == counts
    assert len(told) > 10


def test_a_policy_compared_with_itself_changes_nothing(path):
    found = compared(path, AFTER, rules_of("npcc-2022"))
    assert found.changed == 0
    assert found.changes == ()
    for n, row in enumerate(found.matrix.rows[:-1], 1):
        assert sum(row[1:-1]) == row[n]


def test_two_pairs_can_be_compared_on_one_database(path):
    with database(path.name, 1) as connection:
        history = open_history(path, connection)
        first = compare(history, BEFORE, AFTER)
        assert compare(history, AFTER, AFTER).changed == 0
        assert compare(history, BEFORE, AFTER) == first


def test_authorities_that_no_case_has_are_left_out_and_named(tmp_path):
    path = written(tmp_path / "h.parquet", {"admission_form": "'none'"}, {})
    found = compared(path, rules_of("acpo-2012"), BEFORE)
    assert found.matrix.columns == ("before", "Not known", "Nobody", "all")
    assert found.matrix.rows == (("Not known", 1, 0, 1), ("Nobody", 0, 1, 1), ("all", 1, 1, 2))
    assert (
        "In no case, before or after: an officer, a sergeant, an inspector, a superintendent."
        in found.matrix.note
    )


def test_an_offence_that_nobody_knows_is_eligible_neither_before_nor_after(tmp_path):
    path = written(
        tmp_path / "h.parquet", {"offence_code": "'banana'", "admission_form": "'admits_offence'"}
    )
    found = compared(path, rules_of("acpo-2012"), rules_of("west-midlands"))
    assert found.matrix.columns == ("before", "Not known", "all")
    assert found.changed == 0


def test_a_history_of_no_rows_can_be_compared(tmp_path):
    path = copied(
        tmp_path / "h.parquet", "SELECT 'x' AS force, DATE '2013-06-01' AS decision_date LIMIT 0"
    )
    found = compared(path, BEFORE, AFTER)
    assert found.changed == 0
    assert found.matrix.rows == (("all", 0),)
    assert found.changes == ()


def test_the_whole_comparison_fits_80_columns(found):
    for table in (found.matrix, *found.changes):
        assert max(map(len, table.lines(80))) <= 80


def test_what_decide_would_refuse_is_left_open_on_both_sides(tmp_path):
    sound = {
        "admission_form": "'admits_offence'",
        "offender_agrees": "true",
        "victims": "[{'kind': 'person', 'position': 'agree', 'informed_consent': true}]",
    }
    wrong = ({"offender_age": "9"}, {"offence_code": "'46'", "offence_group": "'violence'"})
    rows = [{**sound, **one} for one in ({}, *wrong, {"offence_date": "DATE '2013-06-02'"})]
    own = rules_of("avon-and-somerset-2011")
    found = compared(written(tmp_path / "h.parquet", *rows), own, own)
    assert [row for row in found.matrix.rows if row[0] == "Inspector"] == [("Inspector", 1, 0, 1)]
    assert [row for row in found.matrix.rows if row[0] == "Not known"] == [("Not known", 0, 3, 3)]
