"""An import that is killed at any step leaves the store as it was or as it is to be, never between."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from amends.intake.errors import IntakeError
from amends.intake.importing import take_in
from amends.intake.layouts import layout
from amends.intake.own_cases import take_cases
from amends.intake.store import FAULTS, INDEX, open_store

DAY = date(2026, 3, 31)
HEAD = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)
KILLED = """
import os, shutil, sys
from pathlib import Path
sys.path.insert(0, sys.argv[5])
from test_cut_short import imported

layout, file, base, root = sys.argv[1], *map(Path, sys.argv[2:5])

def killed_at(store, step):
    left = step
    def watch(event, args):
        nonlocal left
        if event.startswith(("open", "os.", "shutil.")) and any(str(one).startswith(str(store)) for one in args):
            left -= 1
            if not left:
                os._exit(9)
    sys.addaudithook(watch)
    imported(layout, file, store)
    os._exit(0)

for step in range(1, 1000):
    store = root / str(step)
    if base.exists():
        shutil.copytree(base, store)
    child = os.fork()
    if not child:
        killed_at(store, step)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 9:
        break
"""


def imported(name, file, store):
    """Take *file* into *store*."""
    if name == "cases":
        return take_cases([file], store, DAY, lambda *_: None)
    return take_in(layout(name), [file], store, DAY, lambda *_: None)


def street(path, *months):
    lines = [f"c{at},{one},Kent Police,Kent Police,,,x,,,Drugs,," for at, one in enumerate(months)]
    path.write_text("\n".join([HEAD, *lines]) + "\n", "utf-8")
    return path


def cases(path, *references):
    rows = ", ".join(f"('{one}', DATE '2025-04-01')" for one in references)
    sql = f"SELECT * FROM (VALUES {rows}) t(case_reference, decision_date)"
    duckdb.sql(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    return path


def state(store, name):
    """What a reader finds: the files, the rows and the faults; None where there is no store."""
    if not (store / INDEX).exists():
        with pytest.raises(IntakeError, match="is no store"):
            open_store(store)
        return None
    held = open_store(store).held(name)
    found = duckdb.sql(f"SELECT * FROM '{held.parquet}' ORDER BY ALL").fetchall()
    assert len(found) == sum(one.kept for one in held.files)
    return [one.name for one in held.files], found, (store / FAULTS).read_text("utf-8")


@pytest.mark.parametrize("name", ["police-uk-street", "cases"])
@pytest.mark.parametrize("begun", [True, False])
def test_killed_at_every_step(tmp_path, name, begun):
    write, ends = (cases, ".parquet") if name == "cases" else (street, ".csv")
    first, more = (("a", "b"), ("b", "c")) if name == "cases" else (("2020-01", "1"), ("2020-02",))
    (tmp_path / "steps").mkdir()
    base, file = tmp_path / "base", write(tmp_path / f"more{ends}", *more)
    if begun:
        imported(name, write(tmp_path / f"first{ends}", *first), base)
    before = state(base, name) if begun else None
    words = [KILLED, name, file, base, tmp_path / "steps", Path(__file__).parent]
    subprocess.run([sys.executable, "-c", *words], check=True)
    (tmp_path / "steps").rename(tmp_path / "after-steps")  # nothing may name where it was made
    stores = sorted((tmp_path / "after-steps").iterdir(), key=lambda one: int(one.name))
    after = state(stores[-1], name)
    assert after not in (None, before)
    found = [state(one, name) if one.exists() else None for one in stores]
    print(f"\n{name}: killed at {len(stores) - 1} steps, {found.count(after)} times it was done")
    assert len(stores) > 10
    assert all(one in (before, after) for one in found)
    assert found[1] == before
    assert found == sorted(found, key=lambda one: one == after)  # done once, and then for good
    for store in stores[:: max(1, len(stores) // 12)]:
        imported(name, file, store)
        assert state(store, name)[:2] == after[:2]
        assert no_more_than_it_names(store, name)


def no_more_than_it_names(store, name):
    """Whether the folder has only what the index names, and the rows before them."""
    said = json.loads((store / INDEX).read_text("utf-8"))
    rows = sorted((store / name).iterdir())
    there = {one.name for one in store.iterdir()}
    return rows[-1].name == said["sets"][name]["rows"] and len(rows) <= 2 and there == {
        INDEX, FAULTS, name,
    }  # fmt: skip


def test_a_reader_who_came_before_reads_on(tmp_path):
    store = tmp_path / "store"
    imported("police-uk-street", street(tmp_path / "a.csv", "2020-01"), store)
    held = open_store(store).held("police-uk-street")
    imported("police-uk-street", street(tmp_path / "b.csv", "2020-02"), store)
    assert duckdb.sql(f"SELECT count(*) FROM '{held.parquet}'").fetchall() == [(1,)]


def test_a_store_of_the_first_format_is_read_and_goes_on(tmp_path):
    store, name = tmp_path / "store", "police-uk-street"
    imported(name, street(tmp_path / "a.csv", "2020-01"), store)
    said = json.loads((store / INDEX).read_text("utf-8"))
    held = open_store(store).held(name)
    held.parquet.rename(store / name / "rows.parquet")
    del said["faults"], said["sets"][name]["rows"]
    (store / INDEX).write_text(json.dumps(said | {"format": "amends-store-1"}), "utf-8")
    assert len(state(store, name)[1]) == 1
    imported(name, street(tmp_path / "b.csv", "2020-02"), store)
    imported(name, street(tmp_path / "c.csv", "2020-03"), store)
    assert len(state(store, name)[1]) == 3
    assert no_more_than_it_names(store, name)


@pytest.mark.parametrize("rows", ["../rows.parquet", "rows.csv", "", 3])
def test_an_index_that_names_no_file_of_rows_is_damaged(tmp_path, rows):
    store, name = tmp_path / "store", "police-uk-street"
    imported(name, street(tmp_path / "a.csv", "2020-01"), store)
    said = json.loads((store / INDEX).read_text("utf-8"))
    said["sets"][name]["rows"] = rows
    (store / INDEX).write_text(json.dumps(said), "utf-8")
    with pytest.raises(IntakeError, match="is damaged"):
        open_store(store)


def test_nothing_of_somebody_else_is_cleared_away(tmp_path):
    store, name = tmp_path / "store", "police-uk-street"
    imported(name, street(tmp_path / "a.csv", "2020-01"), store)
    mine = [store / "faults-mine.csv", store / name / "rows-mine.parquet", store / "notes.txt"]
    for one in mine:
        one.write_text("mine", "utf-8")
    imported(name, street(tmp_path / "b.csv", "2020-02"), store)
    assert all(one.read_text("utf-8") == "mine" for one in mine)


def test_rows_that_are_gone_are_told_of_the_store(tmp_path):
    store, name = tmp_path / "store", "police-uk-street"
    imported(name, street(tmp_path / "a.csv", "2020-01"), store)
    shutil.rmtree(store / name)
    with pytest.raises(IntakeError, match="has lost its rows of police-uk-street") as told:
        open_store(store)
    assert ".parquet" not in str(told.value)
