"""The memory of answers: the same records are answered alike, and records that changed are not set beside them."""

from datetime import date

import duckdb
import pytest

from amends.cli import main
from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import MARKER
from amends.openness.answering import answer
from amends.openness.counted import Source
from amends.openness.editions import revised
from amends.openness.memory import of_day, settled
from amends.openness.partition import Judged
from amends.openness.questions import questions
from amends.statistics.cases import open_cases
from support.victims import invented_cases

FIRST, SECOND, THIRD = date(2025, 4, 30), date(2025, 5, 31), date(2025, 6, 30)
JUDGED = Judged(5, "Small counts might let somebody be recognised.", "The invented officer", FIRST)
ASKED = questions()["twelve-03-consented"]


def silent(what, done, of):
    return None


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """All cases, and all but the last 60, and all with one victim who changed their mind."""
    folder = tmp_path_factory.mktemp("cases")
    every = invented_cases(folder / "every.parquet", 11)
    fewer, other = folder / "fewer.parquet", folder / "other.parquet"
    duckdb.sql(f"COPY (SELECT * FROM '{every}' LIMIT 1440) TO '{fewer}' (FORMAT parquet)")
    duckdb.sql(
        f"COPY (SELECT * REPLACE (CASE WHEN case_reference = 'R7' THEN [] ELSE victims END AS victims) FROM '{every}') "
        f"TO '{other}' (FORMAT parquet)"
    )
    return every, fewer, other


def ask(path, day, answers, name="invented", since=None):
    with open_cases(path) as cases:
        source = Source(name, cases, day, True, "Invented Constabulary", "x@y.example")
        source = revised(source, since) if since else source
        return answer(ASKED, source, answers, JUDGED, None, silent)


def test_the_same_records_under_another_day_and_name_are_answered_alike(files, tmp_path):
    first = ask(files[0], FIRST, tmp_path)
    again = ask(files[0], SECOND, tmp_path, "renamed")
    assert again.releases == first.releases
    assert again.again
    assert again.source.as_at == FIRST, "the day as at which they were first told"
    assert len(list(tmp_path.glob("*/safe"))) == 1


@pytest.mark.parametrize("changed", [1, 2])
def test_records_that_changed_are_not_answered_beside_the_old(files, tmp_path, changed):
    ask(files[0], FIRST, tmp_path)
    with pytest.raises(DisclosureError, match="--since 2025-04-30") as refused:
        ask(files[changed], SECOND, tmp_path)
    assert "side by side" in str(refused.value)
    assert len(list(tmp_path.glob("*/safe"))) == 1


def test_records_of_other_days_have_a_place_beside(files, tmp_path):
    early, late = tmp_path / "early.parquet", tmp_path / "late.parquet"
    for path, which in ((early, "<"), (late, ">=")):
        duckdb.sql(
            f"COPY (SELECT * FROM '{files[0]}' WHERE decision_date {which} DATE '2024-04-01') "
            f"TO '{path}' (FORMAT parquet)"
        )
    ask(early, date(2024, 3, 31), tmp_path / "answers")
    ask(late, FIRST, tmp_path / "answers")
    assert len(list((tmp_path / "answers").glob("*/safe"))) == 2


def test_a_later_day_follows_and_no_difference_tells_of_few(files, tmp_path):
    first = ask(files[1], FIRST, tmp_path)
    second = ask(files[0], SECOND, tmp_path, since=of_day(tmp_path, FIRST))
    now = {row[:-1]: row[-1] for row in second.tables[0].rows}
    seen = 0
    for *labels, before in first.tables[0].rows:
        after = now[tuple(labels)]
        if before != MARKER != after and before != after:
            seen += 1
            assert abs(after - before) >= 5, (labels, before, after)
    assert seen
    with pytest.raises(DisclosureError, match="is not the latest"):
        ask(files[2], THIRD, tmp_path, since=tmp_path / "invented-2025-04-30")


def test_a_day_that_is_not_remembered_is_refused_with_those_that_are(files, tmp_path):
    ask(files[0], FIRST, tmp_path)
    with pytest.raises(DisclosureError, match="It remembers: 2025-04-30"):
        of_day(tmp_path, SECOND)


def test_an_empty_memory_knows_nobody(files, tmp_path):
    with open_cases(files[0]) as cases:
        source = Source("invented", cases, FIRST, True, "Invented Constabulary", "x@y.example")
        assert settled(source, tmp_path / "none") is source


def test_what_was_frozen_is_answered_from_whatever_the_file_says_later(files, tmp_path):
    """Facts that change while days, offences and ages do not are seen, because all is frozen at the first answer."""
    first = ask(files[0], FIRST, tmp_path)
    other = questions()["twelve-02-consulted"]
    with open_cases(files[2]) as cases:
        source = Source("invented", cases, FIRST, True, "Invented Constabulary", "x@y.example")
        told = answer(other, source, tmp_path, JUDGED, None, silent)
    assert told.tables[0].rows[0][-1] == first.tables[0].rows[0][-1]


def test_the_command_follows_a_day(files, tmp_path, capsys):
    common = [
        "answer", "twelve-03-consented", "--answers", str(tmp_path / "answers"), "--publisher", "Invented",
        "--contact", "x@y.example", "--judged-by", "A. Officer",
    ]  # fmt: skip
    cases = tmp_path / "cases.parquet"
    cases.write_bytes(files[1].read_bytes())
    assert (
        main(
            [*common, "--cases", str(cases), "--as-at", "2025-04-30", "--out", str(tmp_path / "a")]
        )
        == 0
    )
    cases.write_bytes(files[0].read_bytes())
    later = [*common, "--cases", str(cases), "--as-at", "2025-05-31", "--out", str(tmp_path / "b")]
    assert main(later) == 2
    assert "--since 2025-04-30" in " ".join(capsys.readouterr().err.split())
    assert main([*later, "--since", "2025-04-30"]) == 0
    assert (tmp_path / "b" / "letter.txt").exists()


def test_a_list_of_districts_that_came_later_makes_no_other_records(files, tmp_path):
    path = tmp_path / "districts.parquet"
    duckdb.sql(
        f"COPY (SELECT *, 'North' AS district FROM '{files[0]}') TO '{path}' (FORMAT parquet)"
    )
    first = ask(path, FIRST, tmp_path / "answers")
    (tmp_path / "answers" / "labels.toml").write_text('district = ["North"]', "utf-8")
    again = ask(path, SECOND, tmp_path / "answers")
    assert again.releases == first.releases
