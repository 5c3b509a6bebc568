"""What came of the invented resolutions: consistent in itself and with the facts, which it leaves as they were."""

import datetime as dt
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.audit.auditing import audit, database
from amends.audit.history import HistoryError, open_history
from amends.audit.planning import plan
from amends.audit.report import report
from amends.demo import parameters
from amends.demo.inventing import invent
from amends.policy.afterwards import afterwards, page
from amends.policy.facts import catalogue
from amends.policy.library import published

FACTS_AS_THEY_WERE = "05b6b8cd6fc84baeaa47fd1e3aef84e9"
"""Of the usual file before it had further columns: the MD5 of the MD5s of its rows as DuckDB prints them."""

SOME = "len(list_filter(victims, v -> {})) > 0"
NOT_CONSULTED = SOME.format("NOT v.contact_made OR v.position = 'not_contactable'")
AGREES = SOME.format("v.position = 'agree'")
RULES = {  # what no row may be
    "done on a day after the decision": "completed_on <= decision_date",
    "a day only of what was done": "completed_on IS NOT NULL AND coalesce(completion NOT IN "
    "('completed', 'completed_after_change'), true)",
    "as agreed is by the last day agreed": "completion = 'completed' "
    "AND completed_on > resolution_last_action_due",
    "after a change is after the last day agreed": "completion = 'completed_after_change' "
    "AND completed_on <= resolution_last_action_due",
    "nothing is done after the records were read": "completed_on > known_until",
    "feedback only of those asked": "feedback IS NOT NULL AND feedback_asked IS NOT true",
    "feedback only where there is a victim": "feedback_asked IS NOT NULL AND len(victims) = 0",
    "no next offence before the decision": "next_offence_on <= decision_date",
    "no next offence after it was followed": "next_offence_on > followed_until",
    "no next offence unless it was followed": "next_offence_on IS NOT NULL AND followed_until IS NULL",
    "proven after committed": "next_offence_proven_on <= next_offence_on",
    "nothing proven that was not committed": "next_offence_proven_on IS NOT NULL "
    "AND next_offence_on IS NULL",
    "nothing proven after it was followed": "next_offence_proven_on > followed_until",
    "followed from the decision": "followed_until < decision_date",
    "followed no longer than the records": "followed_until > known_until",
    "a finding only of what a panel saw": "panel_finding IS NOT NULL AND panel_seen IS NOT true",
    "agreed only where consulted": "supervisor_agreed IS NOT NULL "
    "AND recorded_supervisor_consulted IS NOT true",
    "declined only where offered": "restorative_declined IS NOT NULL AND restorative_offered IS NOT true",
    "a process that took place was offered": "restorative_offered = false "
    "AND resolution_restorative_process <> 'none'",
    "and was not declined": "restorative_declined AND resolution_restorative_process <> 'none'",
    "a reason only for a victim not consulted": "victim_not_consulted_reason IS NOT NULL AND NOT "
    f"coalesce({NOT_CONSULTED}, false)",
    "a reason of authority only where one is on file": "authority_reason IS NOT NULL "
    "AND recorded_rationale IS NOT true",
    "no victim's wish that nobody had": "authority_reason = 'victims_wish' AND NOT "
    f"coalesce({AGREES}, false)",
    "no first offence after another": "authority_reason = 'first_offence' "
    "AND coalesce(len(earlier_disposals), 1) > 0",
    "a young person is under 18": "authority_reason = 'young_person' AND offender_age >= 18",
    "a restorative benefit needs a process": "authority_reason = 'restorative_benefit' "
    "AND resolution_restorative_process = 'none'",
}


def ask(
    file: Path, query: str, known_until: dt.date = dt.date(2014, 6, 29)
) -> list[tuple[object, ...]]:
    """The rows of *query*, in which `h` is *file* with the day on which its records were read."""
    rows = f"WITH h AS (SELECT *, DATE '{known_until}' AS known_until FROM '{file}') "
    return duckdb.execute(rows + query).fetchall()


def share(file: Path, condition: str, among: str) -> float:
    """The share of the rows *among* which *condition* is true; not known counts as not."""
    ((found,),) = ask(file, f"SELECT avg(coalesce({condition}, false)::int) FROM h WHERE {among}")
    assert isinstance(found, float)
    return found


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> Path:
    return invent(tmp_path_factory.mktemp("usual") / "history.parquet").out


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    return invent(tmp_path_factory.mktemp("large") / "h.parquet", rows=100_000, seed=5).out


# ---- the facts stay as they were ------------------------------------------------------------------


def test_the_facts_of_the_usual_file_are_what_they_were_before_it_had_these_columns(usual):
    before = f"(SELECT * EXCLUDE ({', '.join(afterwards())}) FROM '{usual}')"
    rows = f"SELECT md5(string_agg(md5(h::VARCHAR), '' ORDER BY case_reference)) FROM {before} h"

    assert duckdb.execute(rows).fetchone() == (FACTS_AS_THEY_WERE,)


def test_the_same_seed_gives_the_same_and_another_does_not(tmp_path, usual):
    same, other = (invent(tmp_path / f"{n}.parquet", seed=n).out for n in (1, 2))
    columns = ", ".join(afterwards())

    assert ask(same, f"SELECT {columns} FROM h") == ask(usual, f"SELECT {columns} FROM h")
    for column in afterwards():
        assert ask(other, f"SELECT {column} FROM h") != ask(usual, f"SELECT {column} FROM h")


def test_an_audit_passes_over_them_without_a_word(usual):
    with database(usual.name) as connection:
        history = open_history(usual, connection)
        told = "\n".join(report(audit(history, plan(history, published()))).lines(200))

    assert history.ignored == ("planted", "invented")
    assert "Columns that are no facts, not looked at: planted, invented." in told
    assert not [name for name in afterwards() if name in told]


def test_a_column_that_is_nearly_a_fact_is_still_refused(tmp_path, usual):
    wrong = tmp_path / "wrong.parquet"
    duckdb.execute(
        f"COPY (SELECT * RENAME (admission_form AS admission_from) FROM '{usual}') TO '{wrong}'"
    )

    with database(wrong.name) as connection, pytest.raises(HistoryError, match="admission_form"):
        open_history(wrong, connection)


# ---- what each column holds -----------------------------------------------------------------------


def test_every_column_is_of_its_type_and_holds_its_values_and_not_known(usual):
    types = {"boolean": "BOOLEAN", "date": "DATE"}
    held = {name: kind for name, kind, *_ in ask(usual, "SELECT * FROM (DESCRIBE FROM h)")}
    facts = {kind.column for kind in catalogue().values()}
    districts = parameters.load().mix("district.mix")

    for name, column in afterwards().items():
        found = {value for (value,) in ask(usual, f"SELECT DISTINCT {name} FROM h")}
        assert name not in facts
        assert held[name] == types.get(column.type, "VARCHAR")
        assert None in found
        if column.type == "boolean":
            assert found == {True, False, None}
        if column.type == "choice":
            assert found == {*column.values, None}
    assert {place for (place,) in ask(usual, "SELECT DISTINCT district FROM h")} == {
        *districts,
        None,
    }
    assert len(districts) == 6


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_holds_in_a_hundred_thousand_cases(large, rule):
    assert ask(large, f"SELECT count(*) FROM h WHERE {RULES[rule]}") == [(0,)]


def test_each_rule_speaks_of_rows_that_there_are(large):
    for rule, wrong in RULES.items():
        named = [name for name in afterwards() if name in wrong]
        known = " AND ".join(f"{name} IS NOT NULL" for name in named[:1])
        assert ask(large, f"SELECT count(*) > 100 FROM h WHERE {known}") == [(True,)], rule


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2**40),
    rows=st.integers(1, 3_000),
    start=st.dates(dt.date(2009, 1, 1), dt.date(2024, 1, 1)),
    span=st.integers(0, 2_000),
)
def test_every_rule_holds_of_any_history(seed, rows, start, span):
    end = start + dt.timedelta(span)
    with tempfile.TemporaryDirectory() as folder:
        file = invent(Path(folder) / "h.parquet", rows=rows, seed=seed, start=start, end=end).out
        wrong = ", ".join(f"count(*) FILTER ({rule})" for rule in RULES.values())
        (found,) = ask(file, f"SELECT {wrong} FROM h", end + dt.timedelta(90))

    assert dict(zip(RULES, found, strict=True)) == dict.fromkeys(RULES, 0)


# ---- what a page can show -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "among"),
    [
        ("district", "true"),
        ("supervisor_agreed", "recorded_supervisor_consulted"),
        ("authority_reason", "recorded_rationale"),
        ("restorative_offered", "true"),
        ("restorative_declined", "restorative_offered"),
        ("feedback_asked", "len(victims) > 0"),
        ("followed_until", "true"),
        ("panel_seen", "true"),
        ("panel_finding", "panel_seen"),
    ],
)
def test_each_is_not_known_in_its_own_share(large, column, among):
    lost = parameters.load().share(f"lost.{column}")

    assert share(large, f"{column} IS NULL", among) == pytest.approx(lost, abs=0.015)


def test_without_proof_of_completion_it_is_oftener_not_known_whether_it_was_done(large):
    proven = share(large, "completion IS NULL", "recorded_completion")

    assert proven == pytest.approx(0.05, abs=0.01)
    assert share(large, "completion IS NULL", "NOT recorded_completion") > 4 * proven


def test_serious_cases_go_to_a_panel_more_often_and_what_is_planted_is_found_there(large):
    usual = share(large, "panel_seen", "NOT flags_sexual AND NOT flags_domestic_abuse")
    doubtful = "planted IS NOT NULL AND panel_seen"

    assert share(large, "panel_seen", "offence_serious_sexual") > 0.8
    assert share(large, "panel_seen", "flags_sexual") > 5 * usual
    assert share(large, "panel_seen", "flags_domestic_abuse") > 3 * usual
    assert share(large, "panel_finding = 'inappropriate'", doubtful) > 0.4
    assert share(large, "panel_finding = 'inappropriate'", "planted IS NULL AND panel_seen") < 0.1


def test_a_victim_who_was_not_consulted_is_dissatisfied_more_often(large):
    answered = "feedback IS NOT NULL AND"
    alone = share(large, "feedback = 'dissatisfied'", f"{answered} planted = 'victim_not_asked'")
    heard = share(large, "feedback = 'dissatisfied'", f"{answered} planted IS NULL")

    assert alone > 2 * heard > 0.1


def test_what_is_to_be_done_later_is_done_less_often(large):
    street = share(large, "completion = 'not_completed'", "resolution_delivery = 'street'")

    assert (
        share(large, "completion = 'not_completed'", "resolution_delivery = 'deferred'")
        > 2 * street
    )
    assert 0.001 < share(large, "completion = 'still_running'", "true") < 0.02


def test_who_had_earlier_disposals_is_seen_again_more_often(large):
    followed = "followed_until >= decision_date + 365"
    again = "next_offence_on <= decision_date + 365"

    first = share(large, again, f"{followed} AND len(earlier_disposals) = 0")
    assert 0.1 < first < 0.3
    assert share(large, again, f"{followed} AND len(earlier_disposals) > 0") > 1.3 * first
    assert share(large, followed, "true") > 0.6


def test_every_parameter_of_what_came_afterwards_says_that_it_is_invented():
    tables = parameters.load().tables
    mine = ("district", "not_consulted", "supervisor_agreed", "authority_reason", "restorative")
    mine += ("completion", "feedback", "next_offence", "panel", "lost", "known_until")

    for name in mine:
        for key, entry in tables[name].items():
            assert entry["basis"].startswith("invented"), (name, key)


def test_the_page_of_reference_is_the_one_made_from_the_columns():
    held = Path(__file__).parents[2] / "docs" / "reference" / "afterwards.md"

    assert held.read_text("utf-8") == page(), "make pages"
    for name, column in afterwards().items():
        assert f"| `{name}` | {column.type} |" in page()
