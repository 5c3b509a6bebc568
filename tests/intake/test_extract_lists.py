"""Victims and earlier disposals of an extract: columns or entries become records, and none is made up."""

import csv

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.cli import main
from amends.intake.errors import IntakeError
from amends.intake.extracts import mapping
from amends.intake.store import open_store
from amends.openness.questions import attributes

NUMBERED = """[columns]
"Ref" = { fact = "case_reference" }
"Day" = { fact = "decision_date", format = "%Y-%m-%d" }
"V1 View" = { fact = "victims.position", number = 1, values = { A = "agree", D = "disagree", N = "no_view" } }
"V1 Age" = { fact = "victims.age", number = 1 }
"V1 Met" = { fact = "victims.contact_made", number = 1, values = { Y = true, N = false } }
"V2 View" = { fact = "victims.position", number = 2, values = { A = "agree", D = "disagree", N = "no_view" } }
"V2 Age" = { fact = "victims.age", number = 2 }
"Victims" = { count_of = "victims" }
"Earlier" = { fact = "earlier_disposals.kind", separator = ";", values={CR = "community_resolution", CAU = "caution"} }
"Earlier Days" = { fact = "earlier_disposals.date", separator = "|", format = "%d/%m/%Y" }
"Number Earlier" = { count_of = "earlier_disposals" }
"""
HEAD = "Ref,Day,V1 View,V1 Age,V1 Met,V2 View,V2 Age,Victims,Earlier,Earlier Days,Number Earlier"


@pytest.fixture
def taken(tmp_path):
    def take(*lines):
        (tmp_path / "map.toml").write_text(NUMBERED, "utf-8")
        path = tmp_path / "extract.csv"
        path.write_text("\n".join([HEAD, *lines]) + "\n", "utf-8")
        words = ["import", "records-extract", str(path), "--mapping", str(tmp_path / "map.toml")]
        status = main([*words, "--to", str(tmp_path / "store")])
        return status, tmp_path / "store"

    return take


def rows(store, what):
    held = open_store(store).held("cases").parquet
    return [
        row[0]
        for row in duckdb.sql(f"SELECT {what} FROM '{held}' ORDER BY case_reference").fetchall()
    ]


def test_numbered_columns_and_separated_entries_become_records(taken):
    status, store = taken(
        "a,2025-01-01,A,17,Y,D,,,CR;CAU,01/02/2020|,", "b,2025-01-01,,,,,,0,,,0",
        "c,2025-01-01,,,,,,,,,", "d,2025-01-01,,,,A,40,3,,,2",
    )  # fmt: skip
    assert status == 0
    first, none, unknown, padded = rows(store, "victims")
    assert [(v["position"], v["age"], v["age_absent"], v["contact_made"]) for v in first] == [
        ("agree", 17, False, True), ("disagree", None, None, None),
    ]  # fmt: skip
    assert (none, unknown) == ([], None)
    assert [v["position"] for v in padded] == ["agree", None, None]
    first, none, unknown, padded = rows(store, "earlier_disposals")
    assert [(e["kind"], str(e["date"])) for e in first] == [
        ("community_resolution", "2020-02-01"), ("caution", "None"),
    ]  # fmt: skip
    assert (none, unknown, len(padded)) == ([], None, 2)


def test_the_questions_count_them(taken):
    status, store = taken(
        "a,2025-01-01,A,17,Y,A,,2,CR,,", "b,2025-01-01,,,,,,0,,,0", "c,2025-01-01,,,,,,,,,",
        "d,2025-01-01,A,,Y,,,2,,,1", "e,2025-01-01,D,,N,A,,,CAU;CR,,",
    )  # fmt: skip
    assert status == 0
    said = {
        name: rows(store, attributes()[name].sql) for name in ("agreed", "consulted", "earlier")
    }
    assert said["agreed"] == [
        "agreed",
        "no victim",
        "not known",
        "not known",
        "one or more disagreed",
    ]
    assert said["consulted"] == [
        "not known",
        "no victim",
        "not known",
        "not known",
        "not contacted",
    ]
    assert said["earlier"] == ["one or more", "none", "not known", "one or more", "one or more"]


def test_a_row_whose_lists_do_not_fit_is_refused_with_its_line(taken):
    status, store = taken(
        "a,2025-01-01,A,,,D,,1,,,", "b,2025-01-01,X,,,,,,,,", "c,2025-01-01,,,,,,many,,,",
        "d,2025-01-01,,,,,,,CR;CAU,01/02/2020,", "e,2025-01-01,,400,,,,,,,", "f,2025-01-01,A,,,,,,,,",
    )  # fmt: skip
    assert status == 1
    with (store / "faults.csv").open(encoding="utf-8", newline="") as file:
        why = {row["line"]: row["why"] for row in csv.DictReader(file)}
    assert why["2"] == "Victims: says 1, and there are 2 records."
    assert why["3"] == "V1 View: 'X' is not among the values of the mapping."
    assert why["4"] == "Victims: 'many' is no number from 0 to 1000."
    assert why["5"] == "Earlier Days: has 1 entries, and Earlier has 2."
    assert why["6"].startswith("V1 Age: ")
    assert "7" not in why
    assert len(rows(store, "victims")) == 1


VIEW = st.sampled_from(["", "A", "D", "N"])


@settings(deadline=None)
@given(VIEW, VIEW, st.integers(0, 5))
def test_no_record_is_made_up_or_lost(tmp_path_factory, one, two, many):
    path = tmp_path_factory.mktemp("map") / "map.toml"
    path.write_text(NUMBERED, "utf-8")
    (victims,) = [each for each in mapping(str(path)).lists if each.fact == "victims"]
    row = dict.fromkeys(victims.entries, "") | {
        "V1 View": one,
        "V2 View": two,
        "Victims": str(many),
    }
    filled = [each for each in (one, two) if each]
    if len(filled) > many:
        with pytest.raises(ValueError, match="and there are"):
            victims.read(row)
        return
    found = duckdb.execute(f"SELECT ?::JSON::{victims.type}", [victims.read(row)]).fetchall()[0][0]
    assert len(found) == many
    views = {"A": "agree", "D": "disagree", "N": "no_view"}
    assert [each["position"] for each in found] == [views[each] for each in filled] + [None] * (
        many - len(filled)
    )


HEAD_OF = '[columns]\n"A" = {fact = "case_reference"}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"B" = {fact = "victims"}', "B: victims is no fact.*victims.position"),
        ('"B" = {fact = "victims.shoe"}', "B: victims.shoe is no fact.*victims.position"),
        ('"B" = {fact = "victims.age"}', "B: .*does not say of which record"),
        ('"B" = {fact = "victims.age", number = 1, separator = ";"}', "B: .*does not say of which"),
        ('"B" = {fact = "victims.age", number = 0}', "B: has the number 0"),
        ('"B" = {fact = "victims.age", separator = ""}', "B: has the separator ''"),
        ('"B" = {fact = "victims.age", number = 1, shoe = 1}', "B: says 'shoe'"),
        ('"B" = {fact = "victims.age", number = 2}', "victims: has no number 1"),
        ('"B" = {fact = "earlier_disposals.date", number = 1}', "B: is a day, and has no format"),
        (
            '"B" = {fact = "victims.age", number = 1}\n"C" = {fact = "victims.age", number = 1}',
            "C: fills victims.age of record 1 twice",
        ),
        (
            '"B" = {fact = "victims.age", number = 1}\n"C" = {fact = "victims.kind", separator = ";"}',
            "victims: has columns with a number and others with a separator",
        ),
        ('"B" = {count_of = "district"}', "B: counts 'district', which is no list"),
        ('"B" = {count_of = "victims", fact = "district"}', "B: counts, and does more"),
        ('"B" = {count_of = "victims"}\n"C" = {count_of = "victims"}', "C: counts victims, as B does"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_of_a_list_is_told_where(tmp_path, text, said):
    path = tmp_path / "map.toml"
    path.write_text(HEAD_OF + text)
    with pytest.raises(IntakeError, match=said):
        mapping(str(path))
