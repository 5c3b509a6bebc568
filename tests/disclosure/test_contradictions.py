"""Answers that cannot all be true: the two real cases, and planted ones."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from amends.disclosure.contradictions import (
    RECOUNT,
    SNAPSHOTS,
    SUM,
    TWICE,
    check_counts,
    contradictions,
)
from amends.disclosure.errors import DisclosureError
from amends.disclosure.open_data import read_open_data
from amends.disclosure.published import Axis, Category, Release, Table
from amends.disclosure.refining import Repeat
from amends.disclosure.releases import read_ledger, record
from amends.disclosure.snapshots import Dimension, Snapshot
from support.releasing import answer, axis, opened, small

WEST_MIDLANDS = Path(__file__).parents[3] / "shared" / "data" / "foi" / "west_midlands_709_15.csv"
YEARS = tuple(str(year) for year in range(2010, 2019))
CODES = Snapshot(
    "codes", "outcomes", (Dimension("year", YEARS), Dimension("age", ("0-17", "18+"))), {}
)
"""For answers that came from elsewhere: their codes, and no records."""
AGES = {
    "community_resolutions": {"age": ["0-17", "18+"]},
    "offender_0_17": {"age": ["0-17"]},
    "offender_18_plus": {"age": ["18+"]},
}
WORDS = {
    "format": "amends-open-data-1", "id": "709_15", "snapshot": "codes", "made": "2015-03-31",
    "title": "Community resolutions", "reason": "Published by the force.",
    "columns": {"year": {"dimension": "year"}}, "counts": AGES,
}  # fmt: skip


def words(folder, **change):
    path = folder / "words.json"
    path.write_text(json.dumps(WORDS | change))
    return path


def of_year(name, year, value, title="Community resolutions"):
    table = Table(title, (Axis("year", (Category(year, frozenset({year})),)),), (value,), {})
    return Release(name, "codes", date(2019, 1, 1), "public", 1, "Published.", (table,))


# --- the two real cases ---------------------------------------------------------------------------


def test_northumbria_gave_two_numbers_for_2017(tmp_path):
    opened(tmp_path, CODES)
    record(read_ledger(tmp_path), of_year("113/18", "2017", 2_733))
    record(read_ledger(tmp_path), of_year("545/18", "2017", 2_277, "Primary outcome"))
    (found,) = contradictions(read_ledger(tmp_path))
    assert found.kind == TWICE
    assert [str(said) for said in found.said] == [
        "release 113/18, table 1 (Community resolutions), 2017: 2,733",
        "release 545/18, table 1 (Primary outcome), 2017: 2,277",
    ]
    assert found.wrong == "the same question, and two numbers"
    assert "definition" in found.right


@pytest.mark.skipif(not WEST_MIDLANDS.exists(), reason=f"there is no {WEST_MIDLANDS.name} here")
def test_west_midlands_totals_hold_people_of_unknown_age(tmp_path):
    opened(tmp_path, CODES)
    release = read_open_data(words(tmp_path), WEST_MIDLANDS)
    assert (release.profile, release.threshold) == ("public", 1)
    record(read_ledger(tmp_path), release)
    found = contradictions(read_ledger(tmp_path))
    assert [one.kind for one in found] == [SUM] * 5
    more = {one.said[0].labels[0]: one.wrong.rpartition(": ")[2] for one in found}
    assert more == {
        "2010": "78 more", "2011": "80 more", "2012": "95 more", "2013": "68 more",
        "2014": "32 more",
    }  # fmt: skip
    assert [said.labels for said in found[0].said] == [
        ("2010", "community_resolutions"), ("2010", "offender_0_17"), ("2010", "offender_18_plus"),
    ]  # fmt: skip
    assert "(unknown)" in found[0].right


# --- planted --------------------------------------------------------------------------------------

FORCE = small({(0, 0): 20, (1, 0): 30, (2, 0): 12}, 4, 2)


def with_values(release, *values):
    return replace(release, tables=(replace(release.tables[0], values=values),))


def test_a_true_history_has_none(tmp_path):
    opened(tmp_path, FORCE)
    for number, categories in enumerate((("a0", "a1"), ("a0+a1", "a2"), ("a0+a1+a2",))):
        record(read_ledger(tmp_path), answer(FORCE, axis("a", *categories), id=str(number)))
    assert contradictions(read_ledger(tmp_path)) == []


def test_a_number_that_the_snapshot_does_not_count_is_found(tmp_path):
    ledger = opened(tmp_path, FORCE)
    good = answer(FORCE, axis("a", "a0", "a1", "a2"))
    record(ledger, with_values(good, 20, (10, 29), (10, 12)))
    (found,) = contradictions(read_ledger(tmp_path))
    assert (found.kind, found.wrong) == (RECOUNT, "snapshot one counts 30")
    assert str(found.said[0]) == "release 1, table 1 (Counts), a1: 10 to 29"


def test_what_is_withheld_hides_no_fault_that_comes_after_it(tmp_path):
    ledger = opened(tmp_path, FORCE)
    record(ledger, with_values(answer(FORCE, axis("a", "a0", "a1", "a2")), None, 30, 13))
    (found,) = contradictions(read_ledger(tmp_path))
    assert (found.kind, found.wrong) == (RECOUNT, "snapshot one counts 12")


def test_a_question_that_was_withheld_first_is_still_answered_twice(tmp_path):
    opened(tmp_path, replace(FORCE, counts={}))
    sides = axis("a", "a0", "a1")
    record(read_ledger(tmp_path), with_values(answer(FORCE, sides, id="1"), None, 30))
    record(read_ledger(tmp_path), with_values(answer(FORCE, sides, id="2"), None, 31))
    assert [one.kind for one in contradictions(read_ledger(tmp_path))] == [TWICE]


def test_a_number_refused_is_named_by_its_place():
    good = answer(FORCE, axis("a", "a0", "a1"))
    check_counts(good, FORCE)
    with pytest.raises(DisclosureError, match="snapshot one counts 30") as error:
        check_counts(with_values(good, 20, 31), FORCE)
    assert error.value.place == "release 1, table 1 (Counts), a1: 31"


def test_sums_that_do_not_add_up_across_answers_name_every_place(tmp_path):
    opened(tmp_path, replace(FORCE, counts={}))
    asked = [("a0", 20), ("a1", 30), ("a0+a1", 49), ("a2", 12)]
    for number, (category, value) in enumerate(asked):
        of = answer(FORCE, axis("a", category), id=str(number))
        record(read_ledger(tmp_path), with_values(of, value))
    (found,) = contradictions(read_ledger(tmp_path))
    assert (found.kind, found.wrong) == (SUM, "the other numbers give 50: 1 fewer")
    assert [said.release for said in found.said] == ["2", "0", "1"]


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        (5, 6, True),
        (5, 5, False),
        (5, (4, 6), False),
        ((1, 4), 5, True),
        ((1, 4), (4, 9), False),
        ((5, 9), (1, 4), True),
        ((1, 4), (5, 9), True),
        ((0, 4), (0, 0), False),
        (0, 0, False),
        (0, (0, 3), False),
        (0, 1, True),
        (1, 0, True),
    ],
)
def test_two_answers_to_one_question_may_not_exclude_each_other(tmp_path, first, second, apart):
    opened(tmp_path, CODES)
    record(read_ledger(tmp_path), of_year("a", "2011", first))
    record(read_ledger(tmp_path), of_year("b", "2011", second))
    assert [one.kind for one in contradictions(read_ledger(tmp_path))] == [TWICE] * apart


def test_a_question_is_the_same_however_it_is_put(tmp_path):
    opened(tmp_path, replace(FORCE, counts={}))
    one = answer(FORCE, axis("a", "a0"), where={"b": frozenset({"b1"})}, id="1")
    other = answer(FORCE, axis("b", "b1"), where={"a": frozenset({"a0"})}, id="2")
    record(read_ledger(tmp_path), with_values(one, 3))
    record(read_ledger(tmp_path), with_values(other, 4))
    assert [found.kind for found in contradictions(read_ledger(tmp_path))] == [TWICE]


def test_two_snapshots_may_differ_and_are_told_apart_from_faults(tmp_path):
    later = replace(FORCE, id="two", counts={**FORCE.counts, (0, 0): 21})
    opened(tmp_path, FORCE)
    record(read_ledger(tmp_path), answer(FORCE, axis("a", "a0", "a1"), id="1"))
    record(read_ledger(tmp_path), later)
    record(read_ledger(tmp_path), answer(later, axis("a", "a0", "a1"), id="2"))
    (found,) = contradictions(read_ledger(tmp_path))
    assert found.kind == SNAPSHOTS
    assert "of the snapshots one and two" in found.wrong
    assert [said.value for said in found.said] == [20, 21]


def test_snapshots_that_repeat_each_other_must_add_up_together(tmp_path):
    opened(tmp_path, replace(FORCE, counts={}))
    record(read_ledger(tmp_path), replace(FORCE, id="two", counts={}), Repeat("one", {}))
    two = replace(FORCE, id="two")
    for snapshot, number, category, value in (
        (FORCE, "1", "a0", 20), (two, "2", "a1", 30), (two, "3", "a0+a1", 51),
    ):  # fmt: skip
        of = answer(snapshot, axis("a", category), id=number)
        record(read_ledger(tmp_path), with_values(of, value))
    (found,) = contradictions(read_ledger(tmp_path))
    assert (found.kind, found.wrong) == (SUM, "the other numbers give 50: 1 more")


# --- figures that others published ----------------------------------------------------------------

CSV = 'year,community_resolutions,offender_0_17,offender_18_plus\n2010,"1,234",234,\n2011,5,,5\n'


def figures(folder, text=CSV):
    path = folder / "figures.csv"
    path.write_text(text)
    return path


def test_open_data_is_a_release(tmp_path):
    release = read_open_data(words(tmp_path), figures(tmp_path))
    (table,) = release.tables
    assert table.values == (1234, 234, None, 5, None, 5)
    assert [category.label for category in table.axes[0].categories] == ["2010", "2011"]
    assert table.axes[1].categories[0].codes == {"0-17", "18+"}
    assert release.made == date(2015, 3, 31)


def test_labels_may_stand_for_several_codes_and_one_count_for_everybody(tmp_path):
    columns = {"years": {"dimension": "year", "codes": {"2010-11": ["2010", "2011"]}}}
    of = words(tmp_path, columns=columns, counts={"n": {}})
    (table,) = read_open_data(of, figures(tmp_path, "years,n\n2010-11,7\n2012,8\n")).tables
    assert table.values == (7, 8)
    assert [category.codes for category in table.axes[0].categories] == [{"2010", "2011"}, {"2012"}]
    assert len(table.axes) == 1


def test_combinations_that_do_not_stand_there_were_not_published(tmp_path):
    columns = {"year": {"dimension": "year"}, "age": {"dimension": "age"}}
    of = words(tmp_path, columns=columns, counts={"n": {}})
    text = "year,age,n\n2010,0-17,7\n2011,18+,8\n"
    (table,) = read_open_data(of, figures(tmp_path, text)).tables
    assert table.values == (7, None, None, 8)


@pytest.mark.parametrize(
    ("text", "place", "wrong"),
    [
        ("year,n\n", "figures.csv", "has no rows"),
        ("year,m\n2010,1\n", "line 1", "there is no column 'n'"),
        ("year,n\n2010,few\n", "line 2, n", "is no count: 'few'"),
        ("year,n\n2010,-1\n", "line 2, n", "is no count: '-1'"),
        ("year,n\n2010,1\n2010,1\n", "line 3", "counts 2010 again"),
        ("year,n\n2010\n", "line 2", "has not as many entries as columns"),
        ("year,n\n2010,1,2\n", "line 2", "has not as many entries as columns"),
    ],
)  # fmt: skip
def test_figures_that_cannot_be_read_are_refused_with_the_place(tmp_path, text, place, wrong):
    of = words(tmp_path, counts={"n": {}})
    with pytest.raises(DisclosureError, match=wrong) as error:
        read_open_data(of, figures(tmp_path, text))
    assert error.value.place.endswith(place)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"format": "csv"}, "does not describe open data"),
        ({"made": "March"}, "is no date: 'March'"),
        (
            {"counts": {"offender_0_17": {"age": ["0-17"]}, "offender_18_plus": {}}},
            "in one dimension",
        ),
        ({"more": 1}, "says 'more', which is not known"),
    ],
)
def test_words_that_say_something_else_are_refused(tmp_path, change, wrong):
    with pytest.raises(DisclosureError, match=wrong):
        read_open_data(words(tmp_path, **change), figures(tmp_path))


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(DisclosureError, match="No such file"):
        read_open_data(words(tmp_path), tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_bytes(b"year\xff")
    with pytest.raises(DisclosureError, match=r"is not UTF-8 \(byte 5\)"):
        read_open_data(words(tmp_path), tmp_path / "bad.csv")
