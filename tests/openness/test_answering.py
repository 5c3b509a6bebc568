"""Questions answered one after the other from an invented force: what they say, and what they never tell."""

import json
import os
from dataclasses import replace
from datetime import date
from itertools import product
from random import Random

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from amends.cli import main
from amends.demo.inventing import invent
from amends.disclosure.certificates import read_certificate
from amends.disclosure.checking import check
from amends.disclosure.contradictions import contradictions
from amends.disclosure.errors import DisclosureError
from amends.disclosure.folders import of_snapshot, read_releases
from amends.disclosure.protecting import protect
from amends.disclosure.published import Axis, Category, Release, Table, read_release
from amends.disclosure.releases import read_ledger, record
from amends.disclosure.snapshots import Dimension, Snapshot, read_snapshot
from amends.disclosure.specifying import Spec
from amends.disclosure.tables import MARKER, Safe
from amends.openness.answering import answer
from amends.openness.clock import due
from amends.openness.counted import Source, calendar_years, financial_years, months, named, said
from amends.openness.giving import _in_words, folder_of, give
from amends.openness.partition import LEAST, Judged, rows_of
from amends.openness.publishing.showing import Figure, Shown
from amends.openness.questions import questions
from amends.statistics.cases import open_cases
from support.reckoning import Told, small_counts

DAY = date(2026, 3, 31)
JUDGED = Judged(5, "Small counts might let somebody be recognised.", "The invented officer", DAY)
LOOKED_AT = None if os.environ.get("AMENDS_LONG") else 6_000
"""So many small counts of all answers together are looked at, of more than a hundred thousand; None: all."""
HELD = [one for one in questions().values() if one.of_cases]
TWELVE = [one for one in HELD if one.id.startswith("twelve-")]


def silent(what, done, of):
    return None


@pytest.fixture(scope="module")
def invented(tmp_path_factory):
    path = tmp_path_factory.mktemp("history") / "invented.parquet"
    invent(path)
    return path


@pytest.fixture(scope="module")
def source(invented):
    with open_cases(invented) as cases:
        yield Source(
            named(invented), cases, DAY, True, "Invented Constabulary", "foi@invented.example"
        )


@pytest.fixture(scope="module")
def every(source, tmp_path_factory):
    """Every question answered, one after the other, from one memory."""
    folder = tmp_path_factory.mktemp("answers")
    return {one.id: answer(one, source, folder, JUDGED, None, silent) for one in HELD}


def figures(table):
    return {tuple(row[:-1]): row[-1] for row in table.rows}


# --- the article's question -------------------------------------------------------------------------


def test_13219_and_61_stand_in_the_letter_and_the_sexual_offences_are_safe(every):
    given_ = give(every["article"], DAY, date(2026, 3, 2), "test")
    letter = given_.files["letter.txt"].decode()
    assert "13,219 cases were settled by community resolution." in letter
    assert "61 of them were for sexual offences." in letter
    assert letter.index("INVENTED") < letter.index("13,219")
    assert f"The law gives us until {said(due(date(2026, 3, 2)))}" in " ".join(letter.split())
    by_offence = figures(every["article"].tables[2])
    told = [value for value in by_offence.values() if value != MARKER]
    print(
        f"\nsexual offences by offence: {len(told)} of {len(by_offence)} figures told, the least {min(told)}"
    )
    assert min(told) >= 5
    assert MARKER in by_offence.values()


@pytest.mark.parametrize("name", ["northumbria-467-12", "twelve-06-reason", "cheshire-2863"])
def test_what_stands_in_words_alone_is_costed_and_what_can_be_had_instead_is_said(every, name):
    letter = " ".join(give(every[name], DAY, None, "test").files["letter.txt"].decode().split())
    assert "661 hours at 3 minutes each, more than the limit of 18 hours, in which 360" in letter
    assert "What can be had instead (section 16)" in letter
    assert ("illustrative" in letter) == (name == "twelve-06-reason")


def test_what_can_be_read_within_the_limit_is_offered(every):
    question = replace(every["northumbria-467-12"].question, minutes=1, why_minutes="of the notes")
    few = replace(every["northumbria-467-12"], question=question)
    table = Shown(
        number=1, title="T", unit="cases", names=("day",), figures=((("All years",), Figure(1080)),)
    )
    first, then = _in_words(few, (table,), DAY)
    assert "because of the notes. To read {1: All years} records" in first
    assert then == "That is within the limit: ask for it, and they are read (section 16)."
    (gone,) = (replace(table, figures=((("All years",), Figure(None, "[c]")),)),)
    assert list(_in_words(few, (gone,), DAY)) == []


NOT_HELD = [one.id for one in questions().values() if one.not_held]


@pytest.mark.parametrize("name", NOT_HELD)
def test_what_is_not_held_is_answered_by_a_letter_with_the_section_and_how_to_complain(
    tmp_path, name
):
    out = tmp_path / "out"
    more = ("--publisher", "Barset Police", "--contact", "foi@barset.example", "--out", str(out))
    assert main(["answer", name, *more]) == 1
    assert sorted(one.name for one in out.iterdir()) == ["letter.html", "letter.txt"]
    letter = " ".join((out / "letter.txt").read_text("utf-8").split())
    for said_ in (questions()[name].asked, questions()[name].not_held, "section 16 of the Act"):
        assert said_ in letter
    assert "ask the Information Commissioner" in letter
    assert "foi@barset.example" in letter
    assert "INVENTED" not in letter + (out / "letter.html").read_text("utf-8")
    assert main(["answer", name, *more]) == 2  # nothing is written over


def test_a_letter_of_what_is_not_held_is_signed_or_invented(tmp_path, capsys):
    out = tmp_path / "out"
    half = ["answer", NOT_HELD[0], "--out", str(out), "--publisher", "Barset Police"]
    assert main(half) == 2
    assert "--contact: is missing" in capsys.readouterr().err
    assert not out.exists()
    assert main(["answer", NOT_HELD[0], "--out", str(out), "--received", "2026-03-02"]) == 1
    letter = " ".join((out / "letter.txt").read_text("utf-8").split())
    assert "INVENTED" in letter
    assert "We received your request on 2 March 2026." in letter


def test_what_is_told_first_is_said_once_in_the_release_and_the_letter(every):
    for name in ("article", "northumbria-113-18"):
        files = give(every[name], DAY, None, "test").files
        described = json.loads(files["release/datapackage.json"])["description"]
        page, letter = (files[one].decode() for one in ("release/index.html", "letter.txt"))
        assert [text.count("13,219 c") for text in (described, page, letter)] == [1, 1, 1]
    assert (
        "61 of them were for sexual offences."
        in json.loads(give(every["article"], DAY, None, "test").files["release/datapackage.json"])[
            "description"
        ]
    )


def test_every_table_is_safe_and_says_its_unit(every):
    for one in every.values():
        assert all(type(table) is Safe and table.unit == "cases" for table in one.tables)


def test_no_small_count_is_told_in_any_answer(every):
    for one in every.values():
        for table in one.tables:
            assert not [value for value in figures(table).values() if value in (1, 2, 3, 4)], (
                one.question.id
            )


# --- the twelve -------------------------------------------------------------------------------------


def test_there_are_twelve_and_each_says_what_the_records_say(every, source):
    assert len(TWELVE) == 12
    for question in TWELVE[1:]:
        (attribute,) = question.attributes.values()
        rows = source.cases.rows(
            f"SELECT ({attribute.sql})::VARCHAR AS l, count(*) FROM cases GROUP BY l ORDER BY l"
        )
        table = figures(
            every[question.id].tables[-1]
        )  # of age and sex the table of ages stands first
        assert table["All years", "All"] == sum(many for _, many in rows) == 13_219
        for label, many in rows:
            assert table["All years", label] in (many, MARKER), (question.id, label)


def test_the_letter_tells_in_words_what_the_table_does(every):
    told = " ".join(
        give(every["twelve-03-consented"], DAY, None, "test").files["letter.txt"].decode().split()
    )
    table = figures(every["twelve-03-consented"].tables[0])
    assert f"agreed, {table['All years', 'agreed']:,}; " in told
    assert f"one or more disagreed, {table['All years', 'one or more disagreed']:,}; " in told
    assert "What victims said of a community resolution: " in told


def test_the_twelve_ask_for_the_same_rows(every):
    for one in TWELVE[2:]:
        heads = {row[0] for row in every[one.id].tables[-1].rows}
        assert heads == {row[0] for row in every[TWELVE[1].id].tables[-1].rows}


def test_rows_are_large_and_their_totals_are_published(every, source):
    base = every[TWELVE[1].id].history.parent
    rows = rows_of(source, base, JUDGED, silent)
    release = read_ledger(base).releases[f"rows-{source.id}"]
    told = [table.values[0] for table in release.tables]
    assert len(told) == len(rows)
    assert None not in told
    assert sum(told) == 13_219
    small = [(one.label, many) for one, many in zip(rows, told, strict=True) if many < LEAST]
    assert not small


# --- nothing by subtraction -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pair",
    [
        ("west-midlands-709-15", "west-midlands-4566-14"),
        ("avon-and-somerset-by-month", "avon-and-somerset-sexual"),
    ],
)  # fmt: skip
def test_overlapping_questions_tell_nothing_together(source, tmp_path, pair):
    releases = []
    for id_ in pair:
        found = answer(questions()[id_], source, tmp_path, JUDGED, None, silent)
        releases += found.releases
    told = Told(source.base, releases)
    wanted = small_counts(source.base, told)
    print(f"\n{' and '.join(pair)}: 0 of {len(wanted):,} small counts can be worked out")
    assert len(wanted) > 20
    assert told.tells(wanted) == 0


def test_all_answers_together_tell_nothing(every, source):
    releases = [
        one for each in every.values() for one in each.releases if one.snapshot == source.id
    ]
    told = Told(source.base, releases)
    wanted = small_counts(source.base, told)
    looked_at = Random(1).sample(wanted, LOOKED_AT) if LOOKED_AT else wanted
    print(
        f"\n{len(releases)} answers together: 0 of {len(looked_at):,} of {len(wanted):,} small counts can be worked out"
    )
    assert told.tells(looked_at) == 0


def test_every_answer_is_proved_with_all_before_it(every):
    cells = 0
    for one in every.values():
        known = read_releases(one.history)
        for folder in one.folders:
            snapshot, release = (
                read_snapshot(folder / "snapshot.json"),
                read_release(folder / "release.json"),
            )
            certificate = read_certificate(folder / "certificate.json")
            earlier = [
                each
                for each in of_snapshot(known, snapshot.id)
                if each.id in certificate.releases and each.id != release.id
            ]
            verdict = check(snapshot, [*earlier, release], certificate)
            assert verdict.holds, one.question.id
            cells += verdict.protected
    assert cells > 300


def test_what_proves_an_attribute_keeps_every_row_as_it_is(every):
    """So no other attribute, and no answer by year and offence, can notice: people change places inside a row."""
    for question in TWELVE[1:]:
        folder = every[question.id].folders[-1]
        snapshot = read_snapshot(folder / "snapshot.json")
        certificate = read_certificate(folder / "certificate.json")
        labels = max(certificate.classes[snapshot.dimensions[1].name]) + 1
        for move in certificate.moves:
            rows = {}
            for number, change in move:
                rows[number // labels] = rows.get(number // labels, 0) + change
            assert not any(rows.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=8, max_size=8))
def test_for_each_withheld_count_of_an_attribute_there_is_a_joint_table_that_agrees_with_all(
    counts,
):
    """Two rows, two attributes of two values each: in each row, all tables of both together are counted through."""
    cells = list(product(range(2), repeat=3))  # row, first attribute, second attribute
    joint = dict(zip(cells, counts, strict=True))
    try:
        told = [_protected(joint, at) for at in (1, 2)]
    except DisclosureError:
        assume(False)
    for row in range(2):
        own = {(a, b): joint[row, a, b] for a, b in product(range(2), repeat=2)}
        others = [one for one in _of_total(sum(own.values())) if _agrees(one, row, told)]
        for at, value in product(range(2), repeat=2):
            if told[at][row, value] is None and 0 < _sum(own, at, value) < 3:
                found = {_sum(one, at, value) for one in others}
                assert min(found) <= 1
                assert max(found) >= 3


def _of_total(total):
    """Every table of two by two that counts *total*."""
    for a, b, c in product(range(total + 1), repeat=3):
        if a + b + c <= total:
            yield {(0, 0): a, (0, 1): b, (1, 0): c, (1, 1): total - a - b - c}


def _sum(table, at, value):
    return sum(n for place, n in table.items() if place[at] == value)


def _agrees(table, row, told):
    return all(
        count is None or _sum(table, at, value) == count
        for at, one in enumerate(told)
        for (of_row, value), count in one.items()
        if of_row == row
    )


def _protected(joint, at):
    """What is told of attribute *at*: by the protector, with the row totals out already."""
    leaves = {}
    for cell, many in joint.items():
        key = (cell[0], cell[at])
        leaves[key] = leaves.get(key, 0) + many
    dimensions = (Dimension("row", ("r0", "r1")), Dimension("x", ("x0", "x1")))
    snapshot = Snapshot(
        f"cube{at}", "cases", dimensions, {key: n for key, n in leaves.items() if n}
    )
    rows = Axis("row", tuple(Category(one, frozenset({one})) for one in ("r0", "r1")))
    first = Table("Rows", (rows,), (), {})
    first = Table("Rows", (rows,), first.count(snapshot), {})
    earlier = Release("rows", snapshot.id, DAY, "foi", 3, "Judged.", (first,))
    columns = Axis("x", tuple(Category(one, frozenset({one})) for one in ("x0", "x1")))
    spec = Spec(
        id="one", made=DAY, profile="foi", threshold=3, reason="Judged.", judged_by="A", key=b"k"
    )
    made = protect(snapshot, [Table("Both", (rows, columns), (), {})], [earlier], spec)
    return dict(zip(product(range(2), repeat=2), made.release.tables[0].values, strict=True))


# --- contradictions of the past, re-enacted ---------------------------------------------------------


def test_an_earlier_figure_that_differs_is_found(source, tmp_path):
    """Northumbria gave one year of community resolutions as 2,277 and as 2,733 in two answers."""
    found = answer(questions()["northumbria-113-18"], source, tmp_path, JUDGED, None, silent)
    base = found.history.parent
    assert contradictions(read_ledger(base)) == []
    (table,) = found.releases[0].tables
    at = 2
    other = tuple(value + (456 if place == at else 0) for place, value in enumerate(table.values))
    wrong = Table(table.title, table.axes, other, table.where)
    record(read_ledger(base), Release("545-18", source.id, DAY, "foi", 1, "Left before.", (wrong,)))
    found_out = contradictions(read_ledger(base))
    assert found_out
    assert any("545-18" in str(line) for one in found_out for line in one.said)


def test_groups_that_do_not_add_up_to_their_total_are_found(source, tmp_path):
    """West Midlands' under-18s and adults fell short of the total by 78: those of unknown age."""
    found = answer(questions()["northumbria-113-18"], source, tmp_path, JUDGED, None, silent)
    base = found.history.parent
    every = Category("All", frozenset(source.base.dimensions[0].codes))
    ages = Axis(
        "age",
        (Category("0-17", frozenset({"0-17"})), Category("18+", frozenset({"18+", "not known"}))),
    )
    table = Table("By age", (Axis("day", (every,)), ages), (), {})
    young, old = table.count(source.base)
    short = Table(table.title, table.axes, (young, old - 78), {})
    record(read_ledger(base), Release("709_15", source.id, DAY, "foi", 1, "Left before.", (short,)))
    found_out = contradictions(read_ledger(base))
    assert any("709_15" in str(line) for one in found_out for line in one.said)


# --- asked again, and asked wrongly -----------------------------------------------------------------


def test_the_same_question_is_told_again_unchanged(every, source):
    first = every["article"]
    again = answer(
        questions()["article"], source, first.history.parent.parent, JUDGED, None, silent
    )
    assert again.again
    assert not first.again
    assert [one.rows for one in again.tables] == [one.rows for one in first.tables]


def test_another_day_and_another_judge_ask_by_the_same_attribute(source, tmp_path):
    question, base = questions()["twelve-07-domestic-abuse"], tmp_path / source.id / "safe"
    answer(question, source, tmp_path, JUDGED, None, silent)
    later = Judged(5, "Another reason.", "Another officer", date(2026, 4, 9))
    year = (date(2012, 4, 1), date(2013, 3, 31))
    again = answer(question, source, tmp_path, later, year, silent)
    assert not again.again
    assert again.releases[0].made == later.made
    totals = read_release(base / f"rows-{source.id}-domestic_abuse" / "release.json")
    assert totals.made == DAY
    assert "invented officer" in totals.reason
    assert answer(question, source, tmp_path, later, year, silent).again


def test_who_asks_again_for_something_else_is_told_what_was_given(source, tmp_path):
    question = questions()["northumbria-113-18"]
    answer(question, source, tmp_path, JUDGED, None, silent)
    (base,) = (one for one in tmp_path.iterdir() if one.is_dir())
    before = {one: one.read_bytes() for one in base.rglob("*") if one.is_file()}

    def again(threshold, reason, *named):
        judged = Judged(threshold, reason, "Another officer", date(2026, 4, 9), frozenset(named))
        return answer(question, source, tmp_path, judged, None, silent)

    with pytest.raises(DisclosureError, match=r"answered on 31 March 2026 with 5.*--threshold 5"):
        again(3, JUDGED.reason, "threshold")
    with pytest.raises(
        DisclosureError, match=r"another than that.*Small counts.*leave --reason out"
    ):
        again(5, "We changed our mind.", "threshold", "reason")
    assert again(5, JUDGED.reason, "threshold", "reason").again
    assert again(3, "What nobody named gives way.").releases[0].threshold == 5
    assert before == {one: one.read_bytes() for one in base.rglob("*") if one.is_file()}


def test_one_letter_does_not_withhold_by_two_measures(source, tmp_path):
    question = questions()["article"]
    found = answer(question, source, tmp_path, JUDGED, None, silent)
    assert len(found.folders) == 1
    both = replace(
        question, tables=(*question.tables, *questions()["twelve-07-domestic-abuse"].tables)
    )
    both = replace(both, attributes=questions()["twelve-07-domestic-abuse"].attributes)
    with pytest.raises(
        DisclosureError, match="a part of this was answered on 31 March 2026 with 5"
    ):
        answer(both, source, tmp_path, replace(JUDGED, threshold=10), None, silent)
    assert {
        one.threshold for one in answer(both, source, tmp_path, JUDGED, None, silent).releases
    } == {5}


def test_two_answers_at_once_from_one_memory_are_refused(source, tmp_path):
    question, refused = questions()["twelve-07-domestic-abuse"], []

    def meanwhile(what, done, of):
        if not refused:
            year = (date(2012, 4, 1), date(2013, 3, 31))
            with pytest.raises(DisclosureError, match="by somebody else") as error:
                answer(question, source, tmp_path, JUDGED, year, silent)
            refused.append(error)

    answer(question, source, tmp_path, JUDGED, None, meanwhile)
    assert refused
    year = (date(2012, 4, 1), date(2013, 3, 31))
    later = answer(question, source, tmp_path, JUDGED, year, silent)
    certified_ = read_certificate(later.folders[0] / "certificate.json").releases
    assert any(one.startswith(question.id) for one in certified_ if one != later.releases[0].id)


def test_totals_that_were_altered_are_no_ground_for_an_answer(source, tmp_path):
    question = questions()["twelve-07-domestic-abuse"]
    answer(question, source, tmp_path, JUDGED, None, silent)
    kept = tmp_path / source.id / "safe" / f"rows-{source.id}-domestic_abuse" / "release.json"
    kept.write_text(kept.read_text("utf-8").replace("13219", "13218"), "utf-8")
    year = (date(2012, 4, 1), date(2013, 3, 31))
    with pytest.raises(DisclosureError, match="other totals"):
        answer(question, source, tmp_path, JUDGED, year, silent)


def test_the_same_day_must_count_the_same(every, source, tmp_path, invented):
    changed = tmp_path / "invented.parquet"
    duckdb.sql(f"COPY (SELECT * FROM '{invented}' LIMIT 13000) TO '{changed}' (FORMAT parquet)")
    with open_cases(changed) as cases:
        other = Source(source.name, cases, DAY, True, source.publisher, source.contact)
        with pytest.raises(DisclosureError, match="Name another day with --as-at"):
            answer(
                questions()["article"],
                other,
                every["article"].history.parent.parent,
                JUDGED,
                None,
                silent,
            )


def test_a_period_outside_the_cases_or_across_a_year_is_refused(source, tmp_path):
    for question, period, words in (
        ("article", (date(2010, 1, 1), date(2012, 1, 1)), "is not within the cases"),
        ("twelve-02-consulted", (date(2011, 4, 1), date(2012, 6, 30)), "cuts a financial year"),
    ):
        with pytest.raises(DisclosureError, match=words):
            answer(questions()[question], source, tmp_path, JUDGED, period, silent)


def test_a_case_without_a_day_is_no_answer(tmp_path, invented):
    path = tmp_path / "no-day.parquet"
    duckdb.sql(
        f"COPY (SELECT * REPLACE (CASE WHEN case_reference LIKE '%7' THEN NULL ELSE decision_date END "
        f"AS decision_date) FROM '{invented}') TO '{path}' (FORMAT parquet)"
    )
    with open_cases(path) as cases:
        one = Source("x", cases, DAY, True, "x", "y")
        with pytest.raises(DisclosureError, match="cases without a day of decision"):
            answer(questions()["article"], one, tmp_path, JUDGED, None, silent)


# --- what is given ----------------------------------------------------------------------------------


def test_the_release_rebuilds_byte_for_byte(every, tmp_path):
    first, again = (give(every["article"], DAY, None, "test").files for _ in range(2))
    assert first == again
    folder_of(tmp_path / "out", first)
    assert json.loads((tmp_path / "out/release/release.json").read_text("utf-8"))


def test_a_figure_that_is_withheld_is_said_to_be(every, source, tmp_path):
    question = questions()["article"]
    hidden = next(
        labels for labels, value in figures(every["article"].tables[2]).items() if value == MARKER
    )
    asked = type(question)(
        **{name: getattr(question, name) for name in question.__slots__ if name != "answer"},
        answer=(f"{{3: {' / '.join(hidden)}}} were of that offence.",),
    )
    found = type(every["article"])(
        **{
            name: getattr(every["article"], name)
            for name in every["article"].__slots__
            if name != "question"
        },
        question=asked,
    )
    letter = give(found, DAY, None, "test").files["letter.txt"].decode()
    assert "some were of that offence. The figure is withheld" in " ".join(letter.split())


def test_periods_are_whole_years_or_say_what_part():
    first, last = date(2011, 4, 1), date(2013, 3, 31)
    assert [one[0] for one in financial_years(first, last)] == ["2011/12", "2012/13"]
    assert [one[0] for one in calendar_years(first, last)] == [
        "1 April 2011 to 31 December 2011", "2012", "1 January 2013 to 31 March 2013",
    ]  # fmt: skip
    names = [one[0] for one in months(first, last)]
    assert (len(names), names[0], names[-1]) == (24, "April 2011", "March 2013")
    assert (
        financial_years(date(1999, 5, 1), date(2000, 3, 31))[0][0] == "1 May 1999 to 31 March 2000"
    )
