"""A month published again later replaces what was held of it, in whatever order the files come; and it is told."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.cli import main
from amends.intake.editions import folder_month
from amends.intake.importing import take_in
from amends.intake.layouts import layout
from amends.intake.store import open_store

HEAD = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type"
HEAD += ",Last outcome category,Context"


def silent(what, done, of):
    return None


def written(path, *rows):
    """A street file: of each row its crime, month, force and outcome."""
    lines = [f"{c},{m},{force},{force},,,Here,,,Drugs,{o}," for c, m, force, o in rows]
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text("\n".join([HEAD, *lines]) + "\n", "utf-8")
    return path


def held(store):
    path = open_store(store).held("police-uk-street").parquet
    return duckdb.sql(
        f"SELECT coalesce(crime_id, ''), month, force_slug, last_outcome_category FROM '{path}' ORDER BY ALL"
    ).fetchall()


def told(store, what):
    with (store / "faults.csv").open(encoding="utf-8", newline="") as file:
        return [row["why"] for row in csv.DictReader(file) if row["what"] == what]


def take(store, path, day):
    return take_in(layout("police-uk-street"), [path], store, day, silent)


EARLY = [("a", "2020-01", "Kent Police", "Under investigation"), ("", "2020-01", "Kent Police", "")]
LATE = [("a", "2020-01", "Kent Police", "Local resolution"), ("", "2020-01", "Kent Police", "")]
OTHER = [
    ("b", "2020-02", "Kent Police", "Local resolution"),
    ("c", "2020-01", "Essex Police", "Local resolution"),
]


@pytest.mark.parametrize("late_first", [False, True])
def test_the_later_edition_replaces_the_earlier_one_in_either_order(tmp_path, capsys, late_first):
    files = [
        (written(tmp_path / "early.csv", *EARLY, *OTHER), "2020-03-01"),
        (written(tmp_path / "late.csv", *LATE), "2020-09-01"),
    ]
    for path, day in reversed(files) if late_first else files:
        assert (
            main(
                [
                    "import",
                    "police-uk-street",
                    str(path),
                    "--to",
                    str(tmp_path / "s"),
                    "--as-at",
                    day,
                ]
            )
            == 0
        )
    assert "2 rows are replaced by a later edition of their month." in capsys.readouterr().out
    assert held(tmp_path / "s") == [
        ("", "2020-01", "kent", None), ("a", "2020-01", "kent", "Local resolution"),
        ("b", "2020-02", "kent", "Local resolution"), ("c", "2020-01", "essex", "Local resolution"),
    ]  # fmt: skip
    assert told(tmp_path / "s", "replaced") == [
        "2 rows of kent, 2020-01, are replaced by a later edition: late.csv, as at 2020-09-01."
    ]
    taken = {one.name: one for one in open_store(tmp_path / "s").held("police-uk-street").files}
    assert (taken["early.csv"].kept, taken["early.csv"].replaced) == (2, 2)
    assert (taken["late.csv"].kept, taken["late.csv"].replaced) == (2, 0)


def test_of_the_same_day_the_folder_decides_and_where_nothing_does_both_are_kept_and_told(tmp_path):
    day = date(2020, 9, 1)
    take(tmp_path / "a", written(tmp_path / "2020-03" / "x.csv", *EARLY), day)
    take(tmp_path / "a", written(tmp_path / "2020-08" / "x.csv", *LATE), day)
    assert len(held(tmp_path / "a")) == 2
    assert "x.csv, as at 2020-09-01" in told(tmp_path / "a", "replaced")[0]
    take(tmp_path / "b", written(tmp_path / "2020-03" / "x.csv", *EARLY), day)
    take(tmp_path / "b", written(tmp_path / "plain" / "y.csv", *LATE), day)
    assert len(held(tmp_path / "b")) == 4
    assert told(tmp_path / "b", "replaced") == []
    assert (
        "kent, 2020-01, is in y.csv too, as at the same day. Both are kept"
        in told(tmp_path / "b", "told")[0]
    )
    assert folder_month(Path("/x/2020-13/f.csv")) == ""


def test_a_store_of_before_has_no_folders_and_is_read(tmp_path):
    take(tmp_path / "s", written(tmp_path / "x.csv", *EARLY), date(2020, 9, 1))
    index = tmp_path / "s" / "index.json"
    said = json.loads(index.read_text("utf-8"))
    for one in said["sets"]["police-uk-street"]["files"]:
        del one["folder"], one["replaced"]
    index.write_text(json.dumps(said), "utf-8")
    assert open_store(tmp_path / "s").held("police-uk-street").files[0].replaced == 0


ROW = st.tuples(
    st.sampled_from(["", "a", "b", "c"]), st.sampled_from(["2020-01", "2020-02"]),
    st.sampled_from(["Kent Police", "Essex Police"]), st.sampled_from(["Local resolution", "Suspect charged"]),
)  # fmt: skip
FILE = st.lists(ROW, min_size=1, max_size=5)


@settings(max_examples=25, deadline=None)
@given(st.lists(FILE, min_size=1, max_size=3), st.randoms())
def test_every_row_is_kept_refused_repeated_or_replaced_and_the_latest_stands(files, random):
    days = [date(2020, 3 + at, 1) for at in range(len(files))]
    order = list(range(len(files)))
    random.shuffle(order)
    latest = {}
    for at, rows in enumerate(files):
        latest |= {(m, force): at for _, m, force, _ in rows}
    with TemporaryDirectory() as name:
        for at in order:
            take(
                Path(name) / "s",
                written(
                    Path(name) / f"{at}.csv", *files[at], ("z", "2019-01", "Kent Police", str(at))
                ),
                days[at],
            )
        wanted = {
            (c, m, force.split()[0].lower(), o)
            for at, rows in enumerate(files) for c, m, force, o in rows if latest[m, force] == at
        }  # fmt: skip
        found = [row for row in held(Path(name) / "s") if row[1] != "2019-01"]
        assert set(found) == wanted
        assert Counter(one[:3] for one in found if not one[0]) == Counter(
            (c, m, force.split()[0].lower())
            for at, rows in enumerate(files) for c, m, force, _ in rows if latest[m, force] == at and not c
        )  # fmt: skip
        for one in open_store(Path(name) / "s").held("police-uk-street").files:
            assert one.read == one.kept + one.refused + one.duplicates + one.replaced
