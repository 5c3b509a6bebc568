"""Questions answered from the Home Office's tables: the known figures, and what is beside them of data.police.uk."""

import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cli import main
from amends.disclosure.errors import DisclosureError
from amends.intake.importing import take_in
from amends.intake.layouts import layout
from amends.intake.store import open_store
from amends.openness.official_counts import Official, Year
from amends.openness.publishing.about import About, put_in
from amends.openness.publishing.showing import Figure, Shown
from openness.test_open_data import FOLDER, street

TABLES = FOLDER.parent / "home_office"
NATIONAL, FORCE = "oocd_national_year.csv", "oocd_force_year_avon_and_somerset.csv"
BY_OFFENCE = "oocd_force_offence_year_avon_and_somerset.csv"


def words(path):
    return " ".join(path.read_text("utf-8").split())


def cells(out, number):
    rows = csv.reader((out / "release" / f"table-{number}.csv").read_text("utf-8").splitlines())
    return {tuple(labels): int(count) for *labels, count, _ in list(rows)[1:]}


def asked(store, out, question, *more):
    status = main(["answer", question, "--store", str(store), "--out", str(out), *map(str, more)])
    assert status == 0
    return words(out / "letter.txt")


# --- the published tables ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    if not TABLES.exists():
        pytest.skip("the tables of the Home Office are not beside the project")
    store = tmp_path_factory.mktemp("official")
    files = [str(TABLES / name) for name in (NATIONAL, FORCE)]
    on = ("--to", str(store), "--as-at", "2026-06-01")
    assert main(["import", "home-office-outcomes", *files, *on]) == 0
    assert main(["import", "home-office-outcomes-by-offence", str(TABLES / BY_OFFENCE), *on]) == 0
    months = sorted(FOLDER.glob("avon-and-somerset-street/*.csv.gz"))
    kept = [one for one in months if "2018-03" <= one.name[:7] <= "2019-08"]
    take_in(layout("police-uk-street"), kept, store, date(2021, 11, 30), lambda *_: None)
    return store


def test_the_known_year_stands_beside_that_of_the_open_data_on_both_bases(real, tmp_path):
    said = asked(real, tmp_path / "out", "home-office-resolutions")
    assert (
        "Avon and Somerset, 2018/19: data.police.uk lists 1,772 crimes with a community resolution. That is 59 more "
        "than the 1,713 that the Home Office counts of crimes recorded in the year (103.4% of them), and 218 more than "
        "the 1,554 of crimes closed in it (114.0%)." in said
    )
    assert (
        "2017/18: not comparable. Of data.police.uk April 2017 to February 2018 are not held."
        in said
    )
    assert (
        "2019/20: not comparable. Of data.police.uk July 2019, September 2019 to March 2020" in said
    )
    assert "lists 1,772" in words(tmp_path / "out" / "release" / "index.html")
    national, own = cells(tmp_path / "out", 1), cells(tmp_path / "out", 2)
    closed = [
        116452,
        117874,
        111215,
        102854,
        108716,
        114040,
        132217,
        136356,
        143270,
        149095,
        168739,
        185570,
    ]
    force = [2882, 1890, 1998, 1423, 1554, 1933, 1800, 2202, 2251, 1830, 1373, 1620]
    recorded = [2865, 2074, 1842, 1539, 1713, 1726, 1876, 2214, 2187, 1754, 1346, 1596]
    for at, year in enumerate(f"{2014 + n}/{15 + n}" for n in range(12)):
        assert national[f"All forces, {year}", "Closed in the year"] == closed[at]
        assert own[f"Avon and Somerset, {year}", "Closed in the year"] == force[at]
        assert own[f"Avon and Somerset, {year}", "Recorded in the year"] == recorded[at]
    assert {labels[0] for labels in cells(tmp_path / "out", 3)} == {"Avon and Somerset, 2018/19"}


def test_the_national_request_is_answered_with_the_mean_that_was_reported(real, tmp_path, capsys):
    said = asked(real, tmp_path / "out", "bbc-2018")
    assert "On average of the years 2014/15 to 2017/18" in said
    assert "and 112,099 by that in which it was closed." in said
    assert "all kinds of out-of-court disposal together" in said
    assert "2018/19" not in said
    capsys.readouterr()
    assert main(["answer", "bbc-2018"]) == 1
    assert "section 21" in capsys.readouterr().out


def test_sexual_offences_are_told_of_all_kinds_together_and_the_groups_add_up(real, tmp_path):
    said = asked(real, tmp_path / "out", "home-office-by-offence")
    assert "does not have community resolutions by themselves" in said
    own = cells(tmp_path / "out", 1)
    found = [
        own[f"Avon and Somerset, {2014 + n}/{15 + n}", "Closed in the year"] for n in range(12)
    ]
    assert found == [59, 33, 54, 37, 43, 67, 44, 70, 90, 71, 96, 76]
    parts = cells(tmp_path / "out", 2)
    for (year, group, basis), many in parts.items():
        if group == "All":
            own = [n for (y, g, b), n in parts.items() if (y, b) == (year, basis) and g != "All"]
            assert many == sum(own)


# --- made by hand -----------------------------------------------------------------------------------


def official(store, rows, name="made.csv"):
    """A store with a table of outcomes: of each row the force, the year, recorded and closed."""
    heads = [one.name for one in layout("home-office-outcomes").columns]
    path = store.parent / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, heads, restval="1")
        writer.writeheader()
        for force, year, recorded, closed in rows:
            slug = force.lower().replace(" ", "-")
            own = {"force": force, "slug": slug, "fy": year}
            writer.writerow({**own, "recorded_all_t8": recorded, "closed_all_t8": closed})
    take_in(layout("home-office-outcomes"), [path], store, date(2026, 6, 1), lambda *_: None)
    return store


def listed(store, months):
    path = store.parent / "street.csv"
    text = street(
        [(f"c{at}", month, "Drugs", "Local resolution") for at, month in enumerate(months)]
    )
    path.write_text(text, "utf-8")
    take_in(layout("police-uk-street"), [path], store, date(2026, 6, 1), lambda *_: None)


def test_years_are_compared_where_every_month_is_held_and_not_otherwise(tmp_path):
    store = official(tmp_path / "store", [("Kent", "2020/21", 12, 20), ("Kent", "2021/22", 5, 6)])
    listed(store, [*Year("kent", "2020/21").months, *Year("kent", "2021/22").months[1:]])
    said = asked(store, tmp_path / "out", "home-office-resolutions")
    assert "2020/21: data.police.uk lists 12 crimes" in said
    assert "as many as the 12 that the Home Office" in said
    assert "8 fewer than the 20 of crimes closed" in said
    assert "2021/22: not comparable. Of data.police.uk April 2021 is not held." in said
    assert "2021/22: data.police.uk lists" not in said


def test_without_street_files_it_says_that_there_is_nothing_to_compare(tmp_path):
    store = official(tmp_path / "store", [("Kent", "2020/21", 12, 20), ("Essex", "2020/21", 3, 4)])
    said = asked(store, tmp_path / "out", "home-office-resolutions", "--force", "Kent Police")
    assert "the store holds none of its street files" in said
    assert "Essex" not in said


@pytest.mark.parametrize(
    ("period", "wanted"),
    [
        ("2020-01-01..2021-03-31", "cuts a financial year"),
        ("2019-04-01..2021-03-31", "is not within the years held"),
        ("2021-04-01..2021-03-31", "ends before it begins"),
    ],
)
def test_periods_are_of_whole_years_that_are_held(tmp_path, capsys, period, wanted):
    store = official(tmp_path / "store", [("Kent", "2020/21", 12, 20)])
    out = tmp_path / "out"
    told = ["answer", "home-office-resolutions", "--store", str(store), "--out", str(out)]
    assert main([*told, "--period", period]) == 2
    assert wanted in capsys.readouterr().err
    assert not out.exists()


def test_a_national_question_without_national_rows_and_two_editions_are_refused(tmp_path, capsys):
    store = official(tmp_path / "store", [("Kent", "2014/15", 12, 20)])
    out = tmp_path / "out"
    assert main(["answer", "bbc-2018", "--store", str(store), "--out", str(out)]) == 2
    assert "has no row of what is asked: by all forces" in capsys.readouterr().err
    official(store, [("Kent", "2014/15", 13, 20)], "later.csv")
    held = open_store(store).held("home-office-outcomes")
    with pytest.raises(DisclosureError, match="otherwise in another file"):
        _ = Official("store", held, "", "A newspaper", "news@example.test").base


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 40))
def test_differences_and_means_in_words_are_those_of_the_figures(one, other, among):
    figures = ((("a", "x"), Figure(one)), (("b", "x"), Figure(other)))
    table = Shown(number=1, title="T", unit="u", names=("n", "m"), figures=figures)
    asked_for = f"{{1: a / x compared with b / x}} that; {{1: a / x shared among {among}}}"
    about = About(
        id="t", title="T", headline="T", publisher="P", contact="C", licence="https://x.example",
        published=date(2026, 1, 1), summary=(asked_for,), columns={"n": "N", "m": "M"},
    )  # fmt: skip
    (said,) = put_in(about, (table,)).summary
    difference, mean = said.split(" that; ")
    number = int(difference.split()[0].replace(",", "")) if one != other else 0
    assert number == abs(one - other)
    assert (" more " in difference, " fewer " in difference) == (one > other, one < other)
    assert abs(int(mean.replace(",", "")) - one / among) <= 0.5
