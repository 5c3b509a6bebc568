"""Two editions of a site: a late case is told of by no difference between them, and what changed says why."""

from collections import Counter
from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.cli import main
from amends.demo.inventing import invent
from amends.disclosure.published import Axis, Category, Release, Table
from amends.disclosure.snapshots import Dimension, Snapshot
from amends.disclosure.tables import MARKER
from amends.openness.counted import Source
from amends.openness.editions import revised
from amends.openness.joint_counts import LEAST, few, joined, named, shown, then
from amends.openness.partition import Judged
from amends.openness.site.building import answered, edition_of, files
from amends.openness.site.earlier import INDEX, read_site
from amends.statistics.cases import open_cases

FIRST, SECOND = date(2026, 3, 31), date(2026, 4, 30)
WHY = ("Cases that were recorded late came in.", "Daeth achosion a gofnodwyd yn hwyr i mewn.")


def silent(what, done, of):
    return None


def judged(on):
    return Judged(5, "Small counts might let somebody be recognised.", "The invented officer", on)


def of(cases, on):
    return Source("cases", cases, on, True, "Invented Constabulary", "foi@invented.example")


@pytest.fixture(scope="module")
def late(tmp_path_factory):
    """Makes two files of cases, the first without as many as came late."""
    folder = tmp_path_factory.mktemp("late")
    invent(folder / "cases.parquet", rows=3_000)

    def make(many):
        path = folder / f"without-{many}.parquet"
        duckdb.sql(
            "COPY (SELECT * EXCLUDE n FROM (SELECT *, row_number() OVER (ORDER BY hash(case_reference)) AS n "
            f"FROM '{folder}/cases.parquet') WHERE n > {many}) TO '{path}' (FORMAT parquet)"
        )
        return path, folder / "cases.parquet"

    return make


@pytest.fixture(scope="module", params=[1, 100])
def two(request, late, tmp_path_factory):
    """Two editions, and how many came late."""
    answers = tmp_path_factory.mktemp("answers")
    before, after = late(request.param)
    with open_cases(before) as cases, open_cases(after) as more:
        old = of(cases, FIRST)
        new = revised(of(more, SECOND), answers / old.id)
        yield (
            edition_of(old, answered(old, answers, judged(FIRST), silent), FIRST),
            edition_of(new, answered(new, answers, judged(SECOND), silent), SECOND),
            request.param,
        )


def test_no_difference_of_two_figures_tells_of_few(two):
    old, new, many = two
    seen = 0
    for name, one in old.answers.items():
        for before, after in zip(one.tables, new.answers[name].tables, strict=True):
            now = {row[:-1]: row[-1] for row in after.rows}
            for *labels, count in before.rows:
                again = now[tuple(labels)]
                if count != MARKER != again and count != again:
                    seen += 1
                    assert abs(count - again) >= 5, (name, labels, count, again)
    assert bool(seen) is (many > 1)


def test_what_came_late_is_counted_once_there_is_enough(two):
    old, new, many = two
    whole = [one.answers["article"].tables[0].rows[0][-1] for one in (old, new)]
    if many == 1:
        assert whole[0] == whole[1]
    else:
        assert 0 < whole[1] - whole[0] <= many


def test_the_note_is_shown_in_both_languages_and_old_files_stay(two, tmp_path):
    old, new, many = two
    first = files(old, "test", silent)
    for name, data in first.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    earlier = read_site(tmp_path)
    second = files(new, "test", silent, earlier, WHY)
    assert second == files(new, "test", silent, earlier, WHY)
    assert {n: d for n, d in first.items() if n.startswith("data/")}.items() <= second.items()
    assert WHY[0] in second["open-data.html"].decode()
    assert WHY[1] in second["cy/open-data.html"].decode()
    assert (
        "Edition 2: 30 April 2026, from the records of 30 April 2026"
        in second["open-data.html"].decode()
    )
    assert "Rhifyn 1: 31 Mawrth 2026" in second["cy/open-data.html"].decode()
    assert "data/2026-03-31/article/index.html" in second["open-data.html"].decode()
    changed = "are told otherwise in" in second["open-data.html"].decode()
    assert changed is (many > 1)


def test_figures_that_changed_need_a_note_in_both_languages(late, tmp_path, capsys):
    before, after = late(100)
    answers = tmp_path / "answers"
    common = ["--answers", str(answers), "--publisher", "Invented", "--contact", "x@y.example"]

    def publish(path, day, to, *more):
        own = ["--cases", str(path), "--as-at", day, "--edition", day, "--to", str(tmp_path / to)]
        return main(["publish", *own, *common, *more])

    cases = tmp_path / "cases.parquet"
    cases.write_bytes(before.read_bytes())
    assert publish(cases, "2026-03-31", "one") == 0
    cases.write_bytes(after.read_bytes())
    since = ("--since", str(tmp_path / "one"))
    assert publish(cases, "2026-03-30", "two", *since) == 2
    capsys.readouterr()
    assert publish(cases, "2026-04-30", "two", *since, "--why", WHY[0]) == 2
    assert "--why-cy" in capsys.readouterr().err
    assert not (tmp_path / "two").exists()
    assert publish(cases, "2026-04-30", "two", *since, "--why", WHY[0], "--why-cy", "Daeth 3") == 2
    assert publish(cases, "2026-04-30", "two", *since, "--why", WHY[0], "--why-cy", WHY[1]) == 0
    assert len(read_site(tmp_path / "two").editions) == 2
    assert (tmp_path / "two" / INDEX).is_file()


def test_since_is_refused_of_what_is_no_site(tmp_path):
    out = str(tmp_path / "out")
    assert main(["publish", "--to", out, "--since", str(tmp_path)]) == 2
    assert main(["publish", "--to", out, "--why", "Late."]) == 2


COUNTS = st.dictionaries(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), st.integers(1, 30)
)


@settings(deadline=None)
@given(editions=st.lists(COUNTS, min_size=2, max_size=4))
def test_joined_counts_hold_every_edition(editions):
    dimensions = (Dimension("row", ("a", "b")), Dimension("kind", ("x", "y", "z")))
    at = [one.places for one in dimensions]
    leaves = {(at[0][a], at[1][b]): n for (a, b), n in editions[0].items()}
    joint = Snapshot("1", "cases", dimensions, leaves)
    every = tuple(Category(code, frozenset({code})) for code in "ab")
    bare = Table("T", (Axis("row", every),), (), {})
    told = Release("r", "1", FIRST, "foi", 5, "why", (bare,))
    first = bare.count(joint)
    for number, counts in enumerate(editions[1:], 2):
        after = joined(str(number), joint, dimensions, counts)
        assert named(after).total() >= sum(counts.values())
        assert +shown(after) == +Counter(counts)
        told = then(told, joint, after)
        assert told.tables[0].count(after) == first
        joint = after


@given(old=COUNTS, new=COUNTS)
def test_a_row_changes_by_nobody_or_by_many(old, new):
    still = few(old, new, lambda leaf: leaf[0])
    for row in "ab":
        changes = [new.get((row, kind), 0) - old.get((row, kind), 0) for kind in "xyz"]
        sums = [
            sum(n for n in changes if n > 0),
            -sum(n for n in changes if n < 0),
            abs(sum(changes)),
        ]
        assert (row in still) is any(0 < n < LEAST for n in sums)
