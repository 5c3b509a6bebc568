"""Questions answered from the files of data.police.uk: the counts that are known, and what is said of them."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.cli import main
from amends.disclosure.certificates import read_certificate
from amends.disclosure.checking import check
from amends.disclosure.errors import DisclosureError
from amends.disclosure.open_data import PROFILE
from amends.disclosure.published import read_release
from amends.disclosure.snapshots import read_snapshot
from amends.disclosure.tables import Safe
from amends.intake.importing import take_in
from amends.intake.layouts import layout
from amends.intake.store import open_store
from amends.openness.giving import give
from amends.openness.open_answering import PUBLISHED, answer_open
from amends.openness.open_counts import OpenData, forces, periods
from amends.openness.partition import Judged
from amends.openness.questions import questions

FOLDER = Path(__file__).parents[3] / "shared/data/police_uk"
DAY = date(2026, 11, 28)
JUDGED = Judged(1, PUBLISHED, "A. Reader", DAY)
HEAD = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name"
KENT = "Kent Police"


def silent(what, done, of):
    return None


def street(rows, force=KENT):
    """A street file: of each row its crime, month, type and outcome."""
    lines = [f"{c},{m},{force},{force},,,Somewhere,,,{t},{o}," for c, m, t, o in rows]
    return "\n".join([f"{HEAD},Crime type,Last outcome category,Context", *lines]) + "\n"


def outcomes(rows, force=KENT):
    """An outcomes file: of each row its crime, month and outcome."""
    lines = [f"{c},{m},{force},{force},,,Somewhere,,,{o}" for c, m, o in rows]
    return "\n".join([f"{HEAD},Outcome type", *lines]) + "\n"


def stored(folder, kind, text):
    path = folder / f"{kind}.csv"
    path.write_text(text, "utf-8")
    take_in(layout(kind), [path], folder / "store", date(2026, 3, 1), silent)
    held = open_store(folder / "store").held(kind)
    return OpenData("store", held, forces(held)[-1], "A newspaper", "news@example.test")


def figures(table):
    return {tuple(row[:-1]): row[-1] for row in table.rows}


def words(text):
    return " ".join(text.split())


# --- the real files ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    if not FOLDER.exists():
        pytest.skip("the files of data.police.uk are not beside the project")
    folder = tmp_path_factory.mktemp("real")
    (one,) = FOLDER.glob("2013-06-*-outcomes.csv")
    months = sorted(FOLDER.glob("avon-and-somerset-street/*.csv.gz"))
    take_in(layout("police-uk-outcomes"), [one], folder, date(2013, 8, 1), silent)
    take_in(layout("police-uk-street"), months, folder, date(2021, 11, 30), silent)
    return folder


def asked(real, tmp_path, question, *more):
    out = tmp_path / question
    assert main(["answer", question, "--store", str(real), "--out", str(out), *more]) == 0
    return out


def table(out, number):
    lines = (out / "release" / f"table-{number}.csv").read_text("utf-8").splitlines()[1:]
    return [line.rsplit(",", 2)[:2] for line in lines]


def test_june_2013_has_395_rows_and_349_crimes(real, tmp_path, capsys):
    out = asked(real, tmp_path, "open-outcomes")
    said = words((out / "letter.txt").read_text("utf-8"))
    assert (
        "395 outcomes of community resolution are listed. They are of 349 distinct crimes." in said
    )
    assert (
        "The figures count rows, one for each outcome of a crime and person dealt with, and distinct crimes"
        in said
    )
    assert "as the files stood on 1 August 2013" in said
    assert ["June 2013", "395"] in table(out, 1)
    assert ["June 2013", "349"] in table(out, 5)
    assert f"{395 / 8530:.1%}" in said
    assert f"{349 / 7947:.1%}" in said
    assert "INVENTED" not in said
    assert "No figure is withheld." in capsys.readouterr().out


def test_the_years_2018_to_2021_are_as_counted_and_july_2019_is_named(real, tmp_path):
    out = asked(real, tmp_path, "open-street")
    wanted = [
        ["All months", "6487"], ["2018", "1710"], ["2019 (11 of 12 months)", "1706"],
        ["2020", "1706"], ["2021 (9 of 12 months)", "1365"],
    ]  # fmt: skip
    assert table(out, 2) == wanted
    assert table(out, 7) == wanted  # every such row is of a crime of its own
    for name in ("letter.txt", "letter.html", "release/index.html"):
        assert "July 2019 is missing from the files." in words((out / name).read_text("utf-8")), (
            name
        )
    assert not [label for label, _ in table(out, 1) if label == "July 2019"]
    by_type = dict(table(out, 3))
    assert by_type["2018,Violence and sexual offences"] == "634"
    assert by_type["2020,Shoplifting"] == "160"
    said = words((out / "letter.txt").read_text("utf-8"))
    assert f"{6487 / (620495 - 124876 - 597):.1%} are of community resolutions" in said
    assert "of the rows of May 2020 that state an outcome, the most of any month" in said


def test_a_period_that_has_the_gap_names_it_and_another_does_not(real, tmp_path):
    with_gap = asked(real, tmp_path, "open-street", "--period", "2019-06-01..2019-07-31")
    within = words((with_gap / "letter.txt").read_text("utf-8"))
    assert table(with_gap, 2)[1] == ["2019 (1 of 12 months)", "155"]
    (tmp_path / "other").mkdir()
    without = asked(real, tmp_path / "other", "open-street", "--period", "2018-01-01..2018-12-31")
    assert "July 2019 is missing" in within
    assert "No month is missing" in words((without / "letter.txt").read_text("utf-8"))


def test_the_whole_set_with_a_gap_of_years_is_answered_and_the_gap_is_told_as_a_run(
    tmp_path, capsys
):
    if not FOLDER.exists():
        pytest.skip("the files of data.police.uk are not beside the project")
    files = [*FOLDER.glob("2013-06-*-street.csv"), *FOLDER.glob("*-street/*.csv.gz")]
    store = tmp_path / "store"
    more = ("--to", str(store), "--as-at", "2021-11-30")
    assert main(["import", "police-uk-street", *map(str, sorted(files)), *more]) == 0
    told = words(capsys.readouterr().out)
    assert "missing between them: 2013-07 to 2017-12, 2019-07." in told
    out = asked(store, tmp_path, "open-street")
    said = words((out / "letter.txt").read_text("utf-8"))
    assert "July 2013 to December 2017 and July 2019 are missing from the files." in said
    assert table(out, 2)[:3] == [
        ["All months", str(6487 + 190)], ["2013 (1 of 12 months)", "190"], ["2018", "1710"],
    ]  # fmt: skip


GAPS = [
    (("2020-01", "2020-04"), "February 2020 to March 2020 are missing from the files."),
    (("2020-01", "2020-05"), "February 2020 to April 2020 are missing from the files."),
    (
        ("2013-06", *(f"2018-{at:02}" for at in range(1, 13)), "2019-01", "2019-03"),
        "July 2013 to December 2017 and February 2019 are missing from the files.",
    ),
]


@pytest.mark.parametrize(("held", "wanted"), GAPS)
def test_months_missing_are_told_as_runs_and_the_letter_can_be_said(tmp_path, held, wanted):
    rows = [(f"c{at}", month, "Local resolution") for at, month in enumerate(held)]
    source = stored(tmp_path, "police-uk-outcomes", outcomes(rows))
    found = answer_open(questions()["open-outcomes"], source, tmp_path, JUDGED, None, silent)
    assert wanted in words(give(found, DAY, None, "test").files["letter.txt"].decode())


# --- counted as said --------------------------------------------------------------------------------

ROW = st.tuples(
    st.integers(1, 4), st.sampled_from(["2020-01", "2020-02", "2020-04", "2021-01"]),
    st.sampled_from(["Local resolution", "Suspect charged", "Under investigation"]),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=14))
def test_rows_and_distinct_crimes_are_those_of_the_file_whatever_it_holds(rows):
    with TemporaryDirectory() as name:
        source = stored(Path(name), "police-uk-outcomes", outcomes(rows))
        found = answer_open(questions()["open-outcomes"], source, Path(name), JUDGED, None, silent)
        settled = [(c, m) for c, m, o in rows if o == "Local resolution"]
        by_row, by_crime = figures(found.tables[0]), figures(found.tables[4])
        assert by_row["All months",] == len(settled)
        assert by_crime["All months",] == len({c for c, _ in settled})
        counted = Counter(m for _, m in settled)
        for label, months in periods("month", sorted({m for _, m, _ in rows})).items():
            assert by_row[label,] == counted[months[0]]
            assert by_crime[label,] == len({c for c, m in settled if m == months[0]})
        for label, months in periods("calendar", sorted({m for _, m, _ in rows})).items():
            assert figures(found.tables[5])[label,] == len({c for c, m in settled if m in months})
        whether = figures(found.tables[6])
        assert whether["All crimes with an outcome stated",] == len({c for c, _, _ in rows})
        assert whether["Community resolution",] == len({c for c, _ in settled})


@given(st.sets(st.integers(24_000, 24_060), min_size=1))
def test_every_month_is_in_one_year_and_a_year_cut_short_says_so(numbers):
    months = [f"{n // 12:04}-{n % 12 + 1:02}" for n in sorted(numbers)]
    for kind in ("calendar", "financial", "month"):
        found = periods(kind, months)
        assert [one for own in found.values() for one in own] == months
        for label, own in found.items():
            assert ("of 12 months" in label) == (kind != "month" and len(own) < 12)


def test_a_crime_is_counted_under_the_type_of_its_resolution(tmp_path):
    rows = [
        ("a", "2020-01", "Drugs", "Under investigation"),
        ("a", "2020-01", "Burglary", "Local resolution"),
    ]
    found = answer_open(
        questions()["open-street"],
        stored(tmp_path, "police-uk-street", street(rows)),
        tmp_path,
        JUDGED,
        None,
        silent,
    )
    by_type = figures(found.tables[7])
    assert (by_type["All months", "Burglary"], by_type["All months", "All crime types"]) == (1, 1)


def test_rows_without_a_crime_id_are_rows_and_no_crimes_and_that_is_said(tmp_path):
    rows = [
        ("", "2020-01", "Drugs", "Local resolution"),
        ("", "2020-01", "Anti-social behaviour", ""),
    ]
    source = stored(
        tmp_path, "police-uk-street", street([*rows, ("a", "2020-01", "Drugs", "Suspect charged")])
    )
    found = answer_open(questions()["open-street"], source, tmp_path, JUDGED, None, silent)
    assert figures(found.tables[0])["All months",] == 1
    assert figures(found.tables[5])["All months",] == 0
    assert figures(found.tables[3])["All months", "All outcomes stated"] == 2
    letter = words(give(found, DAY, None, "test").files["letter.txt"].decode())
    assert "Some rows have no Crime ID: they are among the rows, and among no crimes." in letter


# --- what leaves ------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path):
    rows = [
        (f"c{at}", f"2020-0{1 + at % 3}", "Drugs" if at % 5 else "Burglary", "Local resolution")
        for at in range(40)
    ]
    rows += [
        (f"d{at}", f"2020-0{1 + at % 3}", "Drugs" if at % 2 else "Burglary", "Suspect charged")
        for at in range(50)
    ]
    rows += [
        ("e", "2020-01", "Robbery", "Local resolution"),
        ("f", "2020-02", "Robbery", "Local resolution"),
    ]
    return stored(tmp_path, "police-uk-street", street(rows))


def test_nothing_leaves_but_as_safe_and_the_reason_is_kept(small, tmp_path):
    found = answer_open(
        questions()["open-street"], small, tmp_path / "answers", JUDGED, None, silent
    )
    assert all(type(one) is Safe for one in found.tables)
    assert {one.unit for one in found.tables} == {"rows", "distinct crimes"}
    assert 2 in figures(found.tables[2]).values()  # it is published, row by row
    for one in found.releases:
        assert (one.threshold, one.profile) == (1, PROFILE)
        assert one.reason == f"{PUBLISHED} (judged by A. Reader)"
    for folder in found.folders:
        release, snapshot = (
            read_release(folder / "release.json"),
            read_snapshot(folder / "snapshot.json"),
        )
        certificate = read_certificate(folder / "certificate.json")
        assert check(snapshot, [release], certificate).holds
        forged = json.loads(release.text())
        forged["tables"][0]["values"][0] += 1
        (folder / "forged.json").write_text(json.dumps(forged))
        untrue = read_release(folder / "forged.json")
        claimed = replace(certificate, releases={untrue.id: untrue.digest})
        assert "the snapshot counts" in check(snapshot, [untrue], claimed).faults[0]


def test_no_count_of_published_rows_is_withheld_for_no_reason_would_be_true(small, tmp_path):
    question, answers = questions()["open-street"], tmp_path / "answers"
    judged = Judged(5, "We would rather not.", "A. Reader", DAY)
    with pytest.raises(DisclosureError, match="would protect nobody"):
        answer_open(question, small, answers, judged, None, silent)
    assert not answers.exists()
    found = answer_open(question, small, answers, JUDGED, None, silent)
    letter = words(give(found, DAY, None, "test").files["letter.txt"].decode())
    assert "Nothing is withheld. Every row that is counted here is published" in letter
    assert "40(2)" not in letter
    for folder in found.folders:  # as an older version made them, where it was asked to
        path = folder / "release.json"
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"threshold": 5}), "utf-8")
    with pytest.raises(DisclosureError, match="was made with counts withheld"):
        answer_open(question, small, answers, JUDGED, None, silent)


def test_another_reason_than_that_of_before_is_refused(small, tmp_path):
    question, answers = questions()["open-street"], tmp_path / "answers"
    answer_open(question, small, answers, JUDGED, None, silent)
    judged = replace(JUDGED, reason="Because.", named=frozenset({"reason"}))
    with pytest.raises(DisclosureError, match="leave --reason out"):
        answer_open(question, small, answers, judged, None, silent)


def test_the_same_question_is_told_again_and_other_rows_of_the_same_day_are_refused(
    small, tmp_path
):
    question, answers = questions()["open-street"], tmp_path / "answers"
    first = answer_open(question, small, answers, JUDGED, None, silent)
    again = answer_open(question, small, answers, JUDGED, None, silent)
    assert (first.again, again.again) == (False, True)
    assert [one.rows for one in again.tables] == [one.rows for one in first.tables]
    other = stored(
        tmp_path, "police-uk-street", street([("z", "2020-01", "Drugs", "Local resolution")])
    )
    with pytest.raises(DisclosureError, match="counts otherwise"):
        answer_open(question, other, answers, JUDGED, None, silent)


# --- asked wrongly ----------------------------------------------------------------------------------


def refused(capsys, *said):
    assert main(["answer", *map(str, said)]) == 2
    return capsys.readouterr().err


def test_a_store_of_the_wrong_kind_is_refused_and_the_right_one_named(small, tmp_path, capsys):
    store, out = tmp_path / "store", tmp_path / "out"
    told = refused(capsys, "open-outcomes", "--store", store, "--out", out)
    assert (
        "holds no police-uk-outcomes, which question open-outcomes is asked of; it holds police-uk-street"
        in told
    )
    assert "`amends import police-uk-outcomes`" in told
    told = refused(capsys, "article", "--store", store, "--out", out)
    assert "holds no cases, and what is asked is of cases; it holds police-uk-street" in told
    assert "`amends import cases`" in told
    told = refused(capsys, "open-street", "--out", out)
    assert "is asked of open data (police-uk-street)" in told
    assert not out.exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--period", "2020-02-29..2020-01-01"), "ends before it begins"),
        (("--period", "2020-01-15..2020-02-29"), "cuts a month"),
        (("--period", "2019-01-01..2020-02-29"), "is not within the months held"),
        (("--force", "Essex"), "the store holds no row of 'Essex'. It holds: kent."),
        (("--as-at", "2020-01-01"), "--as-at: goes not with open data"),
        (("--threshold", "0"), "--threshold 0: goes not with open data"),
        (("--threshold", "5"), "to withhold a count would protect nobody"),
        (("--threshold", "5", "--reason", "Why not."), "Leave it out."),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_told_why(small, tmp_path, capsys, more, said):
    out = tmp_path / "out"
    told = refused(capsys, "open-street", "--store", tmp_path / "store", "--out", out, *more)
    assert said in told
    assert not out.exists()


def test_of_several_forces_one_is_named(tmp_path, capsys):
    text = street([("a", "2020-01", "Drugs", "Local resolution")])
    text += street([("b", "2020-01", "Drugs", "Local resolution")], "Essex Police").split("\n", 1)[
        1
    ]
    stored(tmp_path, "police-uk-street", text)
    words_ = ("open-street", "--store", tmp_path / "store", "--out", tmp_path / "out")
    assert "--force: is missing. The store holds rows of: essex, kent." in refused(capsys, *words_)
    assert main(["answer", *map(str, words_), "--force", "Kent Police"]) == 0
    assert "1 rows are of community resolutions" in capsys.readouterr().out
