"""Files taken into a store: the known figures of real files, every row accounted for, and nothing half-made."""

import csv
import gzip
import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.cli import main
from amends.intake import opening, taking
from amends.intake.errors import IntakeError
from amends.intake.forces import nearest, slug
from amends.intake.importing import take_in
from amends.intake.layouts import NAMES, layout
from amends.intake.store import open_store

DATA = Path(__file__).parents[3] / "shared/data"
DAY = date(2026, 3, 31)
STREET = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
STREET += "Last outcome category,Context"
FORCE = "Avon and Somerset Constabulary"


def silent(what, done, of):
    return None


def line(crime="a", month="2020-01", force=FORCE, kind="Shoplifting", outcome="Local resolution"):
    return f"{crime},{month},{force},{force},-2.5,51.4,On or near,E01,Bath 1,{kind},{outcome},"


def street(path, *lines, ends="\n"):
    path.write_text(ends.join([STREET, *lines]) + ends, "utf-8", newline="")
    return path


def taken(tmp_path, *paths, name="police-uk-street"):
    return take_in(layout(name), paths, tmp_path / "store", DAY, silent)


def rows(tmp_path, what="*", name="police-uk-street", where="true"):
    path = open_store(tmp_path / "store").held(name).parquet
    return duckdb.sql(f"SELECT {what} FROM '{path}' WHERE {where} ORDER BY ALL").fetchall()


# --- real files -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    if not DATA.exists():
        pytest.skip("the real files are not beside the project")
    store = tmp_path_factory.mktemp("real") / "store"
    police, home = DATA / "police_uk", DATA / "home_office"
    months = sorted((police / "avon-and-somerset-street").glob("*.gz"))
    for name, paths in (
        ("police-uk-outcomes", [police / "2013-06-avon-and-somerset-outcomes.csv"]),
        ("police-uk-street", [police / "2013-06-avon-and-somerset-street.csv", *months]),
        ("home-office-outcomes", [home / "oocd_force_year_avon_and_somerset.csv"]),
        (
            "home-office-outcomes-by-offence",
            [home / "oocd_force_offence_year_avon_and_somerset.csv"],
        ),
        ("home-office-recorded-crime", [home / "prc-pfa-mar2013-onwards-tables201718.csv"]),
    ):
        take_in(layout(name), paths, store, DAY, silent)
    return open_store(store)


def asked(store, name, sql):
    return duckdb.sql(sql.format(rows=f"'{store.held(name).parquet}'")).fetchall()


def test_june_2013_has_395_rows_and_349_crimes(real):
    sql = "SELECT count(*), count(DISTINCT crime_id) FROM {rows} WHERE outcome = 'community_resolution'"
    assert asked(real, "police-uk-outcomes", sql) == [(395, 349)]


def test_january_to_march_2018_has_31839_crimes_without_anti_social_behaviour(real):
    sql = "SELECT count(*) FROM {rows} WHERE stands AND month BETWEEN '2018-01' AND '2018-03'"
    assert asked(real, "police-uk-street", sql) == [(31_839,)]
    home = "SELECT sum(number_of_offences) FROM {rows} WHERE force_slug = 'avon-and-somerset' AND financial_quarter = 4"
    ((recorded,),) = asked(real, "home-office-recorded-crime", home)
    print(
        f"\ncrimes of the last quarter of 2017/18: data.police.uk 31,839, Home Office {recorded:,}"
    )
    assert recorded == 31_696


def test_the_years_2018_to_2021_with_the_missing_month_named(real):
    sql = (
        "SELECT month[:4], count(*) FROM {rows} WHERE outcome = 'community_resolution' AND month > '2018' "
        "GROUP BY 1 ORDER BY 1"
    )
    assert asked(real, "police-uk-street", sql) == [
        ("2018", 1710), ("2019", 1706), ("2020", 1706), ("2021", 1365),
    ]  # fmt: skip
    assert [month for month in real.held("police-uk-street").missing_months if month > "2018"] == [
        "2019-07"
    ]


def test_2018_19_lies_by_the_recorded_basis_of_the_home_office(real):
    sql = (
        "SELECT count(*) FROM {rows} WHERE outcome = 'community_resolution' "
        "AND month BETWEEN '2018-04' AND '2019-03'"
    )
    ((open_data,),) = asked(real, "police-uk-street", sql)
    home = "SELECT recorded_all_t8, closed_all_t8 FROM {rows} WHERE fy = '2018/19'"
    ((recorded, closed),) = asked(real, "home-office-outcomes", home)
    print(
        f"\n2018/19: data.police.uk {open_data:,}; Home Office recorded {recorded:,} "
        f"({open_data / recorded - 1:+.1%}), closed {closed:,} ({open_data / closed - 1:+.1%})"
    )
    assert (open_data, recorded, closed) == (1772, 1713, 1554)


def test_out_of_court_disposals_by_offence_group_add_up_to_the_force(real):
    groups = "SELECT fy, sum(closed_oocd), sum(recorded_oocd) FROM {rows} GROUP BY 1 ORDER BY 1"
    whole = "SELECT fy, closed_all_oocd, recorded_all_oocd FROM {rows} ORDER BY 1"
    by_group = asked(real, "home-office-outcomes-by-offence", groups)
    assert by_group == asked(real, "home-office-outcomes", whole)
    assert len(by_group) == 12
    types = "+".join(f"closed_all_t{kind}" for kind in (2, 3, 6, 7, 8, 22))
    odd = f"SELECT count(*) FROM {{rows}} WHERE {types} <> closed_all_oocd"
    assert asked(real, "home-office-outcomes", odd) == [(0,)]


def test_padded_counts_are_repaired_and_told(real):
    (file,) = real.held("home-office-recorded-crime").files
    assert (file.read, file.kept, file.refused) == (23_068, 23_068, 0)
    assert file.repaired == 23_068


# --- every row accounted for ----------------------------------------------------------------------

good = st.builds(
    line, st.sampled_from("abc"), st.sampled_from(["2020-01", "2020-02"]),
    kind=st.sampled_from(["Shoplifting", "Shopping"]),
    outcome=st.sampled_from(
        ["Local resolution", "Status update unavailable", "Something new", "", "Local resolution "]
    ),
)  # fmt: skip
odd = st.one_of(
    st.binary(max_size=30).map(lambda raw: raw.replace(b"\n", b"").replace(b'"', b"'")),
    st.just(line(force="Nowhere Police").encode()), st.just(line(month="2020-13").encode()),
    st.just(line(kind="").encode()), st.just(line(kind='"quoted, kind"').encode()),
)  # fmt: skip


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.one_of(good.map(str.encode), odd), max_size=12), st.sampled_from([b"\n", b"\r\n"])
)
def test_rows_read_are_kept_refused_or_duplicates_whatever_the_bytes(tmp_path_factory, lines, ends):
    folder = tmp_path_factory.mktemp("any")
    path = folder / "any.csv"
    path.write_bytes(ends.join([STREET.encode(), *lines]) + ends)
    found = taken(folder, path)
    (file,) = found.new
    assert file.read == len(lines)
    assert file.read == file.kept + file.refused + file.duplicates
    assert rows(folder, "count(*)") == [(file.kept,)]
    with (folder / "store" / "faults.csv").open(encoding="utf-8", newline="") as held:
        told = [row["what"] for row in csv.DictReader(held)]
    assert told.count("refused") == file.refused
    assert told.count("duplicate") == file.duplicates


@settings(deadline=None, max_examples=25)
@given(st.lists(st.one_of(good.map(str.encode), odd), max_size=12))
def test_both_ways_of_reading_give_the_same(tmp_path_factory, lines):
    found = []
    for straight in (True, False):
        folder = tmp_path_factory.mktemp("way")
        (folder / "any.csv").write_bytes(b"\n".join([STREET.encode(), *lines]) + b"\n")
        with pytest.MonkeyPatch.context() as patch:
            if not straight:
                patch.setattr(taking, "_straight", lambda *args: None)
            taken(folder, folder / "any.csv")
        text = (folder / "store" / "faults.csv").read_text("utf-8")
        found.append((rows(folder), text))
    assert found[0] == found[1]


def test_a_good_file_goes_straight_through(tmp_path, monkeypatch):
    monkeypatch.setattr(taking, "_through", lambda *args: pytest.fail("row by row"))
    assert taken(tmp_path, street(tmp_path / "good.csv", line("a"), line("b"))).new[0].kept == 2


# --- duplicates -----------------------------------------------------------------------------------


def test_views_and_parquet_give_the_same(tmp_path, monkeypatch):
    first = street(tmp_path / "a.csv", line("a"), line("a", outcome=""), line("b"), line(""))
    second = street(tmp_path / "b.csv", line("c"), line("b", month="2020-02"))
    found = []
    for name, bytes_ in (
        ("views", range(2**30)),
        ("parquet", range(0)),
        ("both", range(400, 2**30)),
    ):
        monkeypatch.setattr(taking, "AS_VIEWS", bytes_)
        take_in(layout("police-uk-street"), (first, second), tmp_path / name, DAY, silent)
        path = open_store(tmp_path / name).held("police-uk-street").parquet
        found.append(duckdb.sql(f"SELECT * FROM '{path}' ORDER BY source, line").fetchall())
    assert second.stat().st_size < 400 < first.stat().st_size
    assert len(found[0]) == 6
    assert found[0] == found[1] == found[2]


def test_each_row_keeps_the_line_that_it_has_in_a_large_file(tmp_path):
    lines = [line(f"{number:064x}") for number in range(300_000)]
    taken(tmp_path, street(tmp_path / "a.csv", *lines))
    held = rows(tmp_path, "crime_id, line")
    assert len(held) == 300_000
    assert all(at == int(crime, 16) + 2 for crime, at in held)


def test_of_several_rows_of_a_crime_the_stated_one_stands_and_all_are_kept(tmp_path):
    path = street(
        tmp_path / "a.csv", line("x", outcome="Status update unavailable"), line("x"),
        line("x", outcome="Under investigation"), line("x"), line(""), line(""),
    )  # fmt: skip
    found = taken(tmp_path, path)
    assert (found.new[0].kept, found.new[0].duplicates, found.crimes) == (5, 1, 1)
    assert rows(tmp_path, "line, last_outcome_category", where="stands") == [
        (3, "Local resolution")
    ]
    assert rows(tmp_path, "line", where="stands IS NULL") == [(6,), (7,)]  # no crimes


def test_outcomes_that_are_alike_are_two_people(tmp_path):
    head = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type"
    one = f"x,2013-06,{FORCE},{FORCE},,,No location,,,Local resolution"
    path = tmp_path / "o.csv"
    path.write_text(f"{head}\n{one}\n{one}\n", "utf-8")
    found = taken(tmp_path, path, name="police-uk-outcomes")
    assert found.resolutions == {"2013-06": (2, 1)}


def test_a_file_that_is_held_is_told_and_not_doubled(tmp_path, capsys):
    path = street(tmp_path / "a.csv", line("x"))
    taken(tmp_path, path)
    again = street(tmp_path / "b.csv", line("x"))
    assert main(["import", "police-uk-street", str(again), "--to", str(tmp_path / "store")]) == 0
    assert "b.csv is held already, as a.csv" in capsys.readouterr().out
    assert rows(tmp_path, "count(*)") == [(1,)]


# --- columns and labels that drifted --------------------------------------------------------------


def test_a_file_of_2012_has_no_crime_id(tmp_path):
    path = tmp_path / "old.csv"
    path.write_text(
        "Month,Reported by,Falls within,Easting,Northing,Location,Crime type,Context\n"
        f"2012-01,{FORCE},{FORCE},375000,165000,On or near,Burglary,\n", "utf-8",
    )  # fmt: skip
    taken(tmp_path, path, street(tmp_path / "new.csv", line("x")))
    assert rows(tmp_path, "month, easting, crime_id, stands") == [
        ("2012-01", "375000", None, None), ("2020-01", None, "x", True),
    ]  # fmt: skip


def test_a_label_that_nobody_knows_is_kept_and_told(tmp_path):
    formula = "=cmd|' /C calc'!A0"
    lines = (line("x", outcome="Forgiven"), line("y", kind=formula), line("z", kind=formula))
    found = taken(tmp_path, street(tmp_path / "a.csv", *lines))
    assert rows(tmp_path, "crime_type, last_outcome_category, outcome") == [
        (formula, "Local resolution", "community_resolution"),
        (formula, "Local resolution", "community_resolution"), ("Shoplifting", "Forgiven", None),
    ]  # fmt: skip
    assert list(found.reasons["told"]) == [
        "Last outcome category: the layout does not know 'Forgiven'; it is kept, in 1 row.",
        f"Crime type: the layout does not know {formula!r}; it is kept, in 2 rows.",
    ]
    with (tmp_path / "store" / "faults.csv").open(encoding="utf-8", newline="") as held:
        assert [row["line"] for row in csv.DictReader(held)] == ["2", "3"]


@pytest.mark.parametrize("blank", [" ", "\t", "\xa0"])
def test_blanks_at_the_ends_of_a_label_are_put_right_and_told(tmp_path, blank):
    one = line("x", kind=f"Drugs{blank}", outcome=f"{blank}Local resolution")
    found = taken(tmp_path, street(tmp_path / "a.csv", one, line("y")))
    assert rows(tmp_path, "crime_type, outcome") == [
        ("Drugs", "community_resolution"), ("Shoplifting", "community_resolution"),
    ]  # fmt: skip
    assert (found.new[0].repaired, found.new[0].kept) == (1, 2)
    assert "told" not in found.reasons
    assert "Crime type: blanks at its ends were left out." in found.reasons["repaired"]


def test_every_crime_type_of_the_real_files_is_known(real):
    asked_for = asked(real, "police-uk-street", "SELECT DISTINCT crime_type FROM {rows}")
    assert {kind for (kind,) in asked_for} <= set(layout("police-uk-street").kinds)
    assert len(asked_for) == 14


# --- forces ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Avon & Somerset Constabulary", "Avon & Somerset", "Avon and Somerset Constabulary",
        "Avon and Somerset", "AVON AND SOMERSET  police", "avon-and-somerset", "E23000036", " e23000036",
    ],
)  # fmt: skip
def test_every_spelling_is_one_force(name):
    assert slug(name) == "avon-and-somerset"


def test_every_force_of_the_home_office_table_is_known():
    path = DATA / "home_office/prc-pfa-mar2013-onwards-tables201718.csv"
    if not path.exists():
        pytest.skip("the Home Office table is not beside the project")
    with path.open(encoding="utf-8", newline="") as file:
        names = {row["Force Name"] for row in csv.DictReader(file)}
    assert len(names) == 48
    assert not [name for name in names if slug(name) is None]


def test_every_code_of_the_statistical_office_is_of_the_force_that_it_names():
    path = DATA / "forces_population/lad_csp_pfa_december_2016.csv"
    if not path.exists():
        pytest.skip("the areas of the statistical office are not beside the project")
    with path.open(encoding="utf-8-sig", newline="") as file:
        codes = {row["PFA16CD"]: row["PFA16NM"] for row in csv.DictReader(file)}
    assert len(codes) == 43
    assert {code: slug(code) for code in codes} == {
        code: slug(name) for code, name in codes.items()
    }
    assert None not in {slug(name) for name in codes.values()}
    assert (slug("E23000099"), nearest("E23000099")) == (None, "")


def test_an_unknown_force_is_refused_with_the_nearest(tmp_path):
    assert (slug("Avon and Sumerset"), nearest("Avon and Sumerset")) == (None, "avon and somerset")
    found = taken(tmp_path, street(tmp_path / "a.csv", line(force="Avon and Sumerset"), line("b")))
    assert (found.new[0].kept, found.new[0].refused) == (1, 1)
    (reason,) = found.reasons["refused"]
    assert reason.endswith("Is it 'avon and somerset'?")


# --- files that are not what they seem ------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "said"),
    [
        (b"PK\x03\x04rest", "a zip archive, and no CSV"), (STREET.encode("utf-32"), "UTF-32"),
        (b"a,b\n1,2\n", "There is no column 'a'"), (b"Month,Month\n", "lacks|twice"), (b"", "empty"),
        (b"\x00" * 70_000, "NUL|longer"),
    ],
)  # fmt: skip
def test_another_kind_of_file_is_refused_and_nothing_is_made(tmp_path, capsys, begins, said):
    path = tmp_path / "odd.csv"
    path.write_bytes(begins)
    store = tmp_path / "store"
    assert main(["import", "police-uk-street", str(path), "--to", str(store)]) == 2
    error = capsys.readouterr().err
    assert "odd.csv" in error
    with pytest.raises(IntakeError, match=said):
        taken(tmp_path, path)
    assert not [one for one in store.rglob("*") if one.is_file()]


def test_a_fault_in_the_second_file_leaves_the_store_as_it_was(tmp_path):
    taken(tmp_path, street(tmp_path / "a.csv", line("x")))
    before = {path: path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()}
    (tmp_path / "bad.csv").write_text("a,b\n")
    with pytest.raises(IntakeError):
        taken(tmp_path, street(tmp_path / "c.csv", line("y")), tmp_path / "bad.csv")
    after = {path: path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()}
    assert after == before


def test_a_compressed_file_that_unfolds_too_far_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "FREE", 10_000)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(STREET.encode() + b"\n" + b"a" * 40_000_000))
    with pytest.raises(IntakeError, match="unfolds to more than 200 times its size"):
        taken(tmp_path, path)


def test_a_compressed_file_cut_short_is_refused(tmp_path):
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress((STREET + "\n" + line() + "\n").encode())[:-12])
    with pytest.raises(IntakeError, match="damaged"):
        taken(tmp_path, path)


def test_a_text_like_a_formula_is_data_in_the_store_and_harmless_among_the_faults(tmp_path):
    taken(tmp_path, street(tmp_path / "a.csv", line("=1+1"), "=cmd|' /C calc'!A0"))
    assert rows(tmp_path, "crime_id") == [("=1+1",)]
    assert "'=cmd" in (tmp_path / "store" / "faults.csv").read_text("utf-8")


def test_exit_status_and_summary(tmp_path, capsys):
    path = street(tmp_path / "a.csv", line("x"), line("y", month="2020-03"), line(month="soon"))
    assert main(["import", "police-uk-street", str(path), "--to", str(tmp_path / "store")]) == 1
    told = capsys.readouterr().out
    assert "1 file of police-uk-street: 3 rows read, 2 kept (0 of them repaired), 1 refused" in told
    assert "Months 2020-01 to 2020-03, missing between them: 2020-02." in told
    assert "refused 1: Month is not a month." in told


def test_months_missing_are_told_of_each_force_and_not_of_all_together(tmp_path, capsys):
    kent = [line(f"k{at}", month=f"2020-0{at}") for at in (1, 2, 3, 4, 5)]
    essex = [line(f"e{at}", month=f"2020-0{at}").replace(FORCE, "Essex Police") for at in (1, 5)]
    path = street(tmp_path / "a.csv", *kent, *essex)
    assert main(["import", "police-uk-street", str(path), "--to", str(tmp_path / "store")]) == 0
    told = capsys.readouterr().out
    assert "Months 2020-01 to 2020-05, of 2 forces: 1 without a month missing." in told
    assert "  essex, missing: 2020-02 to 2020-04" in told
    assert "none missing between them" not in told


def test_a_damaged_index_is_refused(tmp_path):
    taken(tmp_path, street(tmp_path / "a.csv", line("x")))
    index = tmp_path / "store" / "index.json"
    said = json.loads(index.read_text("utf-8"))
    for text in (
        "{",
        "[]",
        json.dumps(said | {"format": "x"}),
        json.dumps({"format": said["format"]}),
    ):
        index.write_text(text)
        with pytest.raises(IntakeError, match=r"damaged|another version"):
            open_store(tmp_path / "store")
    with pytest.raises(IntakeError, match="is no store"):
        open_store(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_every_layout_names_columns_that_it_has(name):
    one = layout(name)
    for column in (one.key, one.force, one.month, one.outcome):
        assert not column or one.column(column).name == column
    assert set(one.precedence) >= set(one.labels.values()) or not one.precedence


# --- cases of our own -----------------------------------------------------------------------------


def cases(path, sql):
    duckdb.sql(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    return path


CASES = (
    "SELECT * FROM (VALUES ('a', DATE '2025-04-01', '46'), ('b', DATE '2025-05-01', NULL), "
    "('a', DATE '2025-04-01', '46'), ('c', NULL, '46'), (NULL, DATE '2025-06-01', '46')) "
    "t(case_reference, decision_date, offence_code)"
)


def test_cases_are_taken_in_each_once_and_with_its_day(tmp_path, capsys):
    path, store = cases(tmp_path / "one.parquet", CASES), tmp_path / "store"
    words = ["import", "cases", str(path), "--to", str(store), "--as-at", "2026-03-31"]
    assert main(words) == 1
    told = capsys.readouterr().out
    assert "5 rows read, 2 kept (0 of them repaired), 2 refused, 1 duplicates" in told
    held = open_store(store).held("cases")
    assert (held.as_at, [one.kept for one in held.files]) == ("2026-03-31", [2])
    assert duckdb.sql(f"SELECT case_reference, offence_code FROM '{held.parquet}' ORDER BY 1").fetchall() == [
        ("a", "46"), ("b", None),
    ]  # fmt: skip
    with (store / "faults.csv").open(encoding="utf-8", newline="") as file:
        faults = [(row["line"], row["what"], row["text"]) for row in csv.DictReader(file)]
    assert faults == [("4", "refused", "c"), ("5", "refused", ""), ("3", "duplicate", "a")]
    more = cases(
        tmp_path / "two.parquet",
        "SELECT 'd' AS case_reference, DATE '2025-07-01' AS decision_date, true AS flags_hate",
    )
    assert main(["import", "cases", str(path), str(more), "--to", str(store)]) == 0
    assert "one.parquet is held already" in capsys.readouterr().out
    more_held = open_store(store).held("cases")
    sql = f"SELECT count(*), count(flags_hate) FROM '{more_held.parquet}'"
    assert duckdb.sql(sql).fetchall() == [(3, 1)]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT 'a' AS case_reference", "has no column decision_date"),
        (CASES.replace("offence_code)", "offence_cod)"), "Is it offence_code?"),
        (CASES.replace("offence_code)", "shoe_size)"), "which is no fact"),
    ],
)  # fmt: skip
def test_cases_with_a_column_that_is_no_fact_are_refused(tmp_path, capsys, sql, said):
    path = cases(tmp_path / "one.parquet", sql)
    assert main(["import", "cases", str(path), "--to", str(tmp_path / "store")]) == 2
    assert said in capsys.readouterr().err
    (tmp_path / "no.parquet").write_bytes(b"PAR1 not")
    assert (
        main(["import", "cases", str(tmp_path / "no.parquet"), "--to", str(tmp_path / "store")])
        == 2
    )
    assert "is no Parquet file" in capsys.readouterr().err
    assert not [one for one in (tmp_path / "store").rglob("*") if one.is_file()]


def test_a_question_is_answered_from_a_store(tmp_path, capsys):
    history, store = tmp_path / "history.parquet", tmp_path / "store"
    assert main(["invent", str(history), "--rows", "3000"]) == 0
    assert main(["import", "cases", str(history), "--to", str(store), "--as-at", "2026-03-31"]) == 0
    words = [
        "answer",
        "northumbria-113-18",
        "--store",
        str(store),
        "--answers",
        str(tmp_path / "answers"),
    ]
    words += ["--publisher", "Invented", "--contact", "nobody@invented.example", "--out"]
    assert main([*words, str(tmp_path / "out")]) == 0
    letter = " ".join((tmp_path / "out/letter.txt").read_text("utf-8").split())
    assert "There were 3,000 community resolutions in all." in letter
    assert "as the records stood on 31 March 2026" in letter
    capsys.readouterr()
    assert main([*words, str(tmp_path / "two"), "--cases", str(history)]) == 2
    assert "goes not with --cases" in capsys.readouterr().err
    assert main(["answer", "article", "--store", str(tmp_path), "--out", str(tmp_path / "x")]) == 2
    assert "is no store" in capsys.readouterr().err
