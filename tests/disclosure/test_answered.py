"""Questions that were answered before, found by what is counted and not by words."""

from dataclasses import replace
from datetime import date

from amends.disclosure.answered import CONTAINED, EQUAL, OVERLAPS, already_answered
from amends.disclosure.published import Axis, Category, Release, Table
from amends.disclosure.releases import read_ledger, record
from support.releasing import AGES, DAYS, OFFENCES, SEXUAL, answer, axis, force, opened, small

FORCE = small({(0, 0): 20, (1, 0): 30, (2, 0): 12}, 4, 2)


def found(folder, release):
    table = release.tables[0]
    return [
        (one.release, one.how, one.same)
        for one in already_answered(table, release.snapshot, read_ledger(folder))
    ]


def test_the_same_question_in_other_words_is_found(tmp_path):
    opened(tmp_path, FORCE)
    record(read_ledger(tmp_path), answer(FORCE, axis("a", "a0", "a1"), id="2024/1"))
    new = answer(FORCE, axis("a", "a1", "a0"))
    new = replace(new, tables=(replace(new.tables[0], title="Something else"),))
    assert found(tmp_path, new) == [("2024/1", EQUAL, 2)]


def test_those_that_answer_most_come_first(tmp_path):
    opened(tmp_path, FORCE)
    for number, categories in enumerate(
        (("a3",), ("a0+a1",), ("a0", "a2"), ("a0", "a1", "a2"), ("a0", "a1"))
    ):
        record(read_ledger(tmp_path), answer(FORCE, axis("a", *categories), id=str(number)))
    assert found(tmp_path, answer(FORCE, axis("a", "a0", "a1"))) == [
        ("4", EQUAL, 2), ("3", CONTAINED, 2), ("2", OVERLAPS, 1), ("1", OVERLAPS, 0),
    ]  # fmt: skip


def test_a_where_and_an_axis_say_the_same(tmp_path):
    opened(tmp_path, FORCE)
    one = answer(FORCE, axis("a", "a0"), where={"b": frozenset({"b1"})}, id="2024/1")
    record(read_ledger(tmp_path), one)
    other = answer(FORCE, axis("b", "b1"), where={"a": frozenset({"a0"})})
    assert found(tmp_path, other) == [("2024/1", EQUAL, 1)]


def test_every_code_of_a_dimension_is_as_good_as_not_naming_it(tmp_path):
    opened(tmp_path, FORCE)
    record(read_ledger(tmp_path), answer(FORCE, axis("a", "a0"), id="2024/1"))
    new = answer(FORCE, axis("a", "a0"), where={"b": frozenset({"b0", "b1"})})
    assert found(tmp_path, new) == [("2024/1", EQUAL, 1)]


def test_questions_that_have_nobody_in_both_do_not_meet(tmp_path):
    opened(tmp_path, FORCE)
    one = answer(FORCE, axis("a", "a0", "a1"), where={"b": frozenset({"b0"})}, id="2024/1")
    record(read_ledger(tmp_path), one)
    assert (
        found(tmp_path, answer(FORCE, axis("a", "a0", "a1"), where={"b": frozenset({"b1"})})) == []
    )
    assert found(tmp_path, answer(FORCE, axis("b", "b0"))) == [("2024/1", OVERLAPS, 0)]


def test_an_answer_from_another_snapshot_is_found_and_marked(tmp_path):
    later = replace(FORCE, id="two")
    opened(tmp_path, FORCE, later)
    record(read_ledger(tmp_path), answer(FORCE, axis("a", "a0"), id="1"))
    record(read_ledger(tmp_path), answer(later, axis("a", "a0"), id="2"))
    new = answer(later, axis("a", "a0")).tables[0]
    marks = {
        one.release: one.same_snapshot
        for one in already_answered(new, "two", read_ledger(tmp_path))
    }
    assert marks == {"1": False, "2": True}


# --- pairs of real questions ----------------------------------------------------------------------


def days(first, last):
    return frozenset(day for day in DAYS if first <= day <= last)


def table(title, *axes, **where):
    return Table(title, axes, (), where)


def of(folder, number, asked):
    snapshot = read_ledger(folder).snapshots["2026-03-31"]
    values = asked.count(snapshot)
    told = Release(
        number, snapshot.id, date(2026, 4, 1), "foi", 1, "Judged.",
        (replace(asked, values=values),),
    )  # fmt: skip
    record(read_ledger(folder), told)


def test_years_by_offence_and_age_meets_a_year_and_year_to_date_of_the_young(tmp_path):
    """West Midlands 709_15 and 4566_14: each year by offence, under and over 18; and the young alone."""
    opened(tmp_path, force(500))
    offence = Axis("offence", tuple(Category(code, frozenset({code})) for code in OFFENCES))
    years = Axis("day", tuple(
        Category(str(year), days(f"{year}-01-01", f"{year}-12-31")) for year in (2023, 2024, 2025)
    ))  # fmt: skip
    ages = Axis("age", tuple(Category(age, frozenset({age})) for age in AGES))
    of(tmp_path, "709_15", table("By year, offence and age", years, offence, ages))
    periods = (("2024/25", "2024-04-01", "2025-03-31"), ("to date", "2025-04-01", "2025-09-10"))
    part = Axis("day", tuple(Category(name, days(*ends)) for name, *ends in periods))
    new = table("Under 18", part, offence, age=frozenset({"10-17"}))
    (one,) = already_answered(new, "2026-03-31", read_ledger(tmp_path))
    assert (one.release, one.how) == ("709_15", OVERLAPS)


def test_by_month_and_offence_meets_the_details_of_one_group_by_year(tmp_path):
    """Avon and Somerset: by month and crime type; and sexual offences by detailed type and year."""
    opened(tmp_path, force(500))
    months = sorted({day[:7] for day in DAYS})
    month = Axis("day", tuple(
        Category(one, frozenset(day for day in DAYS if day.startswith(one))) for one in months
    ))  # fmt: skip
    offence = Axis("offence", tuple(Category(code, frozenset({code})) for code in OFFENCES))
    of(tmp_path, "months", table("By month", month, offence))
    sexual = tuple(code for code in OFFENCES if int(code[:2]) == SEXUAL)
    detail = Axis("offence", tuple(Category(code, frozenset({code})) for code in sexual))
    years = Axis("day", (Category("2024", days("2024-01-01", "2024-12-31")),))
    found = already_answered(
        table("Sexual offences", years, detail), "2026-03-31", read_ledger(tmp_path)
    )
    assert [(one.release, one.how, one.same) for one in found] == [("months", OVERLAPS, 0)]
