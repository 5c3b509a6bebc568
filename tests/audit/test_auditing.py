"""Every engine gives the same verdicts, and the report counts them as a plain loop would."""

import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

import duckdb
import pytest

from amends.audit.auditing import Audit, audit
from amends.audit.counting import SHORT, UNIT, WHO
from amends.audit.planning import Part
from amends.audit.reading import cases
from amends.audit.report import Report, report
from amends.audit.triage import RANKS, Difference, difference, given_authority
from amends.audit.writing import CannotWrite, folder, rows_of, write
from amends.demo.inventing import invent
from amends.demo.planting import CAUSES
from amends.disclosure.tables import WARNING
from amends.policy.deciding import Decision, State, decide
from amends.policy.facts import catalogue
from amends.policy.library import published
from amends.policy.rules import Authority, ruleset
from support.histories import asked, audited, copied, written

LONG = bool(os.environ.get("AMENDS_LONG"))
ROOT = Path(__file__).parents[2]
COLUMNS = "n, part, answer, raised, unknown, owed, unsure, given, blank, difference"


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> Path:
    """The history that everybody gets who asks for nothing else: the newspaper's."""
    path = tmp_path_factory.mktemp("usual") / "history.parquet"
    invent(path)
    return path


@pytest.fixture(scope="module")
def mixed(tmp_path_factory) -> Path:
    """Several forces in years in which every policy changes, some of which nothing covers."""
    path = tmp_path_factory.mktemp("mixed") / "history.parquet"
    forces = ("avon-and-somerset", "kent", "west-midlands", "northumbria")
    span = {"start": dt.date(2011, 4, 1), "end": dt.date(2024, 3, 31)}
    invent(path, rows=2_000, seed=3, forces=forces, **span)
    return path


@pytest.fixture(scope="module")
def judged(mixed) -> Iterator[Audit]:
    """The audit of that history: to look at, not to change."""
    with audited(mixed) as found:
        yield found


def verdicts(path: Path, engine: str) -> list[tuple[Any, ...]]:
    with audited(path, engine) as found:
        return asked(found, f"SELECT {COLUMNS} FROM verdicts ORDER BY n")


# --- the engines are equal ------------------------------------------------------------------------


def test_the_loop_and_the_database_give_the_same_verdicts(mixed, judged):
    by_loop = verdicts(mixed, "plain")
    assert asked(judged, f"SELECT {COLUMNS} FROM verdicts ORDER BY n") == by_loop
    assert 1_500 < len(by_loop) < 2_000
    assert {row[1] for row in by_loop} == set(range(1, 10))
    assert {row[2] for row in by_loop} >= {0, 1, 2, 8, 9}
    assert {row[9] for row in by_loop} == set(Difference)
    for column in range(3, 9):
        assert len({row[column] for row in by_loop}) > 3


REDUCED = {
    "only force and day": "force, decision_date",
    "a few facts": "force, decision_date, offence_code, admission_form, offender_age, authority_rank",
    "no lists": "* EXCLUDE (victims, earlier_disposals)",
    "lists of few fields": "* REPLACE (list_transform(victims, lambda v: {'position': v.position}) AS victims)",
    "lists that say who has no age": (
        "* REPLACE (list_transform(victims, lambda v: {'age_absent': v.age_absent}) AS victims)"
    ),
    "lists of strange fields": "* REPLACE (list_transform(victims, lambda v: {'strange': 1}) AS victims)",
    "lists with a record missing": "* REPLACE (list_append(victims, NULL) AS victims)",
    "no column says what is absent": "* EXCLUDE (offence_code_absent, gravity_score_absent)",
    "a group of its own": "*, CASE WHEN offence_code < '2' THEN 'sexual' END AS offence_group",
}  # fmt: skip


@pytest.mark.parametrize("columns", REDUCED.values(), ids=REDUCED)
def test_the_loop_and_the_database_agree_on_what_a_history_does_not_hold(tmp_path, mixed, columns):
    path = copied(tmp_path / "h.parquet", f"SELECT {columns} FROM '{mixed}' LIMIT 150")
    assert verdicts(path, "duckdb") == verdicts(path, "plain")


@pytest.mark.spark
@pytest.mark.skipif(
    find_spec("pyspark") is None, reason="pyspark is not installed: make test-spark"
)
@pytest.mark.skipif(which("java") is None, reason="Java is not installed")
def test_spark_gives_the_same_verdicts_as_the_database(tmp_path, mixed, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    columns = REDUCED["lists of few fields"].replace(
        "REPLACE", "EXCLUDE (earlier_disposals) REPLACE"
    )
    wanted = {
        "all": f"SELECT * FROM '{mixed}' WHERE force = 'kent' AND decision_date >= DATE '2021-09-01'",
        "few": f"SELECT {columns} FROM '{mixed}' WHERE decision_date >= DATE '2023-07-01' LIMIT 50",
    }
    for name, select in wanted.items():
        strange = tmp_path / f"{name}[1] {{a,b}}*.parquet"
        copied(tmp_path / "h.parquet", select).rename(strange)
        by_database = verdicts(strange, "duckdb")
        assert len(by_database) >= 50
        assert verdicts(strange, "spark") == by_database
    assert not list((tmp_path / "tmp").glob("amends-*/*"))


def test_spark_that_cannot_start_says_what_is_missing(monkeypatch, mixed):
    from amends.audit import spark

    def missing(name):
        raise ImportError(name)

    spark.session.cache_clear()
    monkeypatch.setattr(spark, "import_module", missing)
    with pytest.raises(spark.HistoryError, match="spark: pyspark is not installed"):
        verdicts(mixed, "spark")


def test_the_same_database_can_be_audited_again(tmp_path, mixed):
    few = copied(tmp_path / "h.parquet", f"SELECT * FROM '{mixed}' LIMIT 100")
    with audited(few) as found:
        first = asked(found, "FROM verdicts ORDER BY n")
        found.history.prepare()
        audit(found.history, found.plan, "plain")
        assert asked(found, "FROM verdicts ORDER BY n") == first


# --- codes that nobody knows ----------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["duckdb", "plain"])
def test_an_unknown_offence_code_is_a_counted_fault_and_never_eligible(tmp_path, engine):
    good = {
        "force": "'surrey'", "admission_form": "'admits_offence'", "offender_agrees": "true",
        "victims": "[]::STRUCT(position VARCHAR)[]", "offender_relevant_history": "false",
        "offence_mode_of_trial": "'summary_only'", "flags_domestic_abuse": "false",
    }  # fmt: skip
    path = written(
        tmp_path / "h.parquet",
        {**good, "offence_code": "'8N'"},
        {**good, "offence_code": "'999Z'"},
        {**good, "offence_code": "'28E'"},
        {**good, "offence_code": "'banana'", "admission_form": "'none'"},
    )
    with audited(path, engine) as found:
        assert asked(found, "SELECT answer FROM verdicts ORDER BY n") == [(0,), (8,), (8,), (9,)]
        ((what, count),) = report(found).faults.items()
    assert "offence code that no table holds on the day" in what
    assert count == 3


# --- the newspaper's figures, and what was planted ------------------------------------------------


def test_the_two_figures_of_the_newspaper_are_in_the_report_and_in_its_data(tmp_path, usual):
    with audited(usual) as found:
        figures = report(found)
        write(found, figures, tmp_path / "out")
    told = (tmp_path / "out" / "report.txt").read_text()
    data = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert "history.parquet: 13,219 cases" in told
    assert any(line.split()[:2] == ["sexual", "61"] for line in told.splitlines())
    assert data["rows"] == 13_219
    groups = next(table for table in data["tables"] if table["title"] == "For what")
    assert ["sexual", 61] in [row[:2] for row in groups["rows"]]
    assert sum(row[1] for row in groups["rows"]) == 13_219


def test_what_was_planted_is_found_and_nothing_else_is_made_out_to_be_wrong(usual):
    with audited(usual) as found:
        rows = asked(
            found,
            "SELECT f.planted, v.difference, h.admission_form, h.authority_rank FROM verdicts AS v "
            "JOIN history AS h USING (n) JOIN (SELECT planted, file_row_number AS n FROM "
            f"read_parquet('{usual}', file_row_number = true)) AS f USING (n)",
        )
    made: dict[str | None, Counter[str]] = {cause: Counter() for cause in (None, *CAUSES)}
    for cause, what, *_ in rows:
        made[cause][what] += 1
    assert set(made[None]) == {"in keeping", "cannot tell"}
    for cause in (
        "no_admission",
        "wrong_rank",
        "victim_not_asked",
        "victim_disagrees",
        "victim_silent",
    ):
        assert made[cause].total() > 100
        assert not made[cause]["in keeping"]
    assert set(made["wrong_rank"]) == {"authority too low", "cannot tell"}
    assert made["no_rationale"]["record missing"] > 0
    for cause, what, form, rank in rows:
        if cause == "no_admission" and form:
            assert what == "excluded"
        if cause == "wrong_rank" and rank and what != "cannot tell":
            assert RANKS[rank] < Authority.INSPECTOR


# --- rows in which something is plainly wrong -----------------------------------------------------

SOUND = {
    "admission_form": "'admits_offence'",
    "offender_agrees": "true",
    "victims": "[{'kind': 'person', 'position': 'agree', 'informed_consent': true}]",
}
WRONG = {
    "offence group, or another fact of the code, that is not the code's": {
        "offence_code": "'46'",
        "offence_group": "'violence'",
    },
    "offence after the decision": {"offence_date": "DATE '2013-06-02'"},
    "Scotland or Northern Ireland, or a suspect under 10, of whom no policy held speaks": {
        "case_jurisdiction": "'scotland'"
    },
    "offence code that no table holds on the day": {"offence_code": "'99ZZ'"},
}
CHILD = {"offender_age": "9"}


@pytest.mark.parametrize("engine", ["duckdb", "plain"])
def test_what_decide_would_refuse_is_counted_and_left_open(tmp_path, engine):
    rows = [*WRONG.values(), CHILD, {"admission_form": "'none'", **CHILD}, {"offence_code": "'46'"}]
    whole = [{**SOUND, **row} for row in rows]
    path = written(tmp_path / "h.parquet", *whole)
    with audited(path, engine) as found:
        answers = [a for (a,) in asked(found, "SELECT answer FROM verdicts ORDER BY n")]
        counts = report(found).faults
    open_ = int(Authority.NOT_YET_KNOWN)
    assert answers == [open_] * 5 + [int(Authority.NOBODY), int(Authority.INSPECTOR)]
    still = "what could be allowed is not yet known"
    assert counts == {f"{what}: {still}": 3 if what.startswith("Scotland") else 1 for what in WRONG}


# --- the report counts what a plain loop counts ---------------------------------------------------


class Recount:
    """The figures of an audit by another way: one live decision after another, counted in Python."""

    def __init__(self, found: Audit) -> None:
        self.answers: Counter[str] = Counter()
        self.differences: Counter[str] = Counter()
        self.raised: Counter[tuple[str, str]] = Counter()
        self.unknown: Counter[tuple[str, str]] = Counter()
        self.blank: Counter[str] = Counter()
        self.owed: Counter[str] = Counter()
        self.unsure: Counter[str] = Counter()
        bad = {n for (n,) in asked(found, "SELECT n FROM history WHERE unknown_code OR too_late")}
        for n, rank, facts in cases(found.history, Part(1, ruleset(), every=True)):
            try:
                rules = published().in_force(facts["force"], facts["decision.date"])
            except ValueError:
                continue
            self._count(decide(facts, rules), rank, n in bad)

    def _count(self, decision: Decision, rank: int | None, bad: bool) -> None:
        answer = decision.answer
        if bad:
            answer = max(answer, Authority.NOT_YET_KNOWN)
        self.answers[WHO[answer]] += 1
        self.differences[self._difference(decision, answer, rank)] += 1
        for finding in decision.findings:
            key = (finding.rule.policy, finding.rule.id)
            self.raised[key] += finding.state is State.RAISED
            self.unknown[key] += finding.state is State.UNKNOWN
        self.owed.update(name.replace("_", " ") for name in decision.owed)
        self.unsure.update(name.replace("_", " ") for name in decision.unsure_records)
        if answer is Authority.NOT_YET_KNOWN:
            self.blank.update(self._blank(decision))

    @staticmethod
    def _difference(decision: Decision, answer: Authority, rank: int | None) -> str:
        if answer is Authority.NOBODY:
            return "excluded"
        if answer is not Authority.NOT_YET_KNOWN and rank is not None and rank < answer:
            return "authority too low"
        if decision.owed:
            return "record missing"
        told = rank is not None or answer is Authority.OFFICER
        if answer is Authority.NOT_YET_KNOWN or decision.unsure_records or not told:
            return "cannot tell"
        return "in keeping"

    @staticmethod
    def _blank(decision: Decision) -> set[str]:
        found = set()
        raised = [f.rule.allow for f in decision.findings if f.state is State.RAISED]
        low = max([decision.ruleset.otherwise, *raised])
        for finding in decision.findings:
            if finding.state is State.UNKNOWN and finding.rule.allow > low:
                for name in finding.rule.facts:
                    of, _, field = name.partition(".")
                    if of in ("victims", "earlier_disposals") and field:
                        if any(field not in one for one in decision.facts.get(of, ())):
                            found.add(name)
                    elif name not in decision.facts:
                        found.add(name)
        return found


def table(figures: Report, title: str) -> list[tuple[Any, ...]]:
    return list(next(table.rows for table in figures.tables if table.title == title))


def test_the_report_counts_what_a_plain_loop_counts(judged):
    by_loop = Recount(judged)
    figures = report(judged)
    assert dict(table(figures, "Who could have allowed it")) == {
        who: by_loop.answers[who] for who in WHO.values()
    }
    rows = table(figures, "Who did allow it, against who could")
    assert {name: count for name, count, _ in rows} == {
        d.value: by_loop.differences[d] for d in Difference
    }
    rules = {
        (one.title.removeprefix("By rule of "), row[0]): row[1:3]
        for one in figures.tables
        if one.title.startswith("By rule of ")
        for row in one.rows
    }
    assert rules == {key: (by_loop.raised[key], by_loop.unknown[key]) for key in by_loop.raised}
    assert dict(table(figures, "By fact not known")) == dict(by_loop.blank)
    assert by_loop.blank["victims.position"] > 10
    records = {
        name: (owed, open_) for name, owed, open_ in table(figures, "Records the policy wants")
    }
    names = {*by_loop.owed, *by_loop.unsure}
    assert {name: records.pop(name) for name in names} == {
        name: (by_loop.owed[name], by_loop.unsure[name]) for name in names
    }
    assert set(records.values()) <= {(0, 0)}
    assert sum(figures.in_parts.values()) == by_loop.answers.total()
    assert sum(figures.in_parts.values()) + sum(n for *_, n in figures.not_judged) == 2_000


def test_a_history_of_no_rows_is_reported_as_nothing(tmp_path):
    path = copied(
        tmp_path / "h.parquet", "SELECT 'x' AS force, DATE '2013-06-01' AS decision_date LIMIT 0"
    )
    for engine in ("duckdb", "plain"):
        with audited(path, engine) as found:
            figures = report(found)
            write(found, figures, tmp_path / engine)
            told = "\n".join(figures.lines())
        assert "h.parquet: 0 cases" in told
        assert "Judged by\n  nothing\n" in told
        assert duckdb.execute(
            f"SELECT count(*) FROM '{tmp_path / engine}/verdicts.parquet'"
        ).fetchone() == (0,)


# --- differences ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "given", "owed", "unsure", "what"),
    [
        (9, 3, 1, 1, "excluded"),
        (9, None, 0, 0, "excluded"),
        (2, 1, 1, 0, "authority too low"),
        (2, 2, 1, 0, "record missing"),
        (8, 0, 1, 0, "record missing"),
        (8, 0, 0, 0, "cannot tell"),
        (8, 3, 0, 0, "cannot tell"),
        (2, None, 0, 0, "cannot tell"),
        (2, 2, 0, 1, "cannot tell"),
        (0, None, 0, 0, "in keeping"),
        (0, 0, 0, 0, "in keeping"),
        (2, 3, 0, 0, "in keeping"),
        (1, 1, 0, 0, "in keeping"),
    ],
)
def test_a_difference_is_the_first_that_fits(answer, given, owed, unsure, what):
    values = (
        f"SELECT {answer} AS answer, {given or 'NULL'} AS given, {owed} AS owed, {unsure} AS unsure"
    )
    if given == 0:
        values = values.replace("NULL AS given", "0 AS given")
    assert duckdb.execute(f"SELECT {difference()} FROM ({values})").fetchall() == [(what,)]


def test_every_rank_of_the_catalogue_may_allow_something():
    ranks = catalogue()["authority.rank"].values or ()
    assert set(ranks) == set(RANKS)
    for rank in ranks:
        sql = f"SELECT {given_authority('r')} FROM (SELECT '{rank}' AS r)"
        assert duckdb.execute(sql).fetchone() == (int(RANKS[rank]),)
    assert duckdb.execute(f"SELECT {given_authority('r')} FROM (SELECT NULL AS r)").fetchone() == (
        None,
    )


# --- faults that are counted ----------------------------------------------------------------------


def test_what_is_odd_is_counted_and_listed_with_its_row(tmp_path):
    path = written(
        tmp_path / "h.parquet",
        {"case_reference": "'A-1'"},
        {"case_reference": "'A-2'", "offence_code": "'banana'"},
        {"case_reference": "'A-3'", "offence_date": "DATE '2013-06-02'"},
        {"case_reference": "'A-4'", "offence_code": "'8N'", "offence_group": "'theft'"},
        {"case_reference": "'A-5'", "force": "'atlantis'"},
    )
    with audited(path) as found:
        figures = report(found)
        write(found, figures, tmp_path / "out")
    assert sorted(figures.faults.values()) == [1, 1, 1, 1]
    listed = duckdb.execute(f"FROM read_csv('{tmp_path}/out/faults.csv')").fetchall()
    assert [(row, reference, code) for row, reference, _, code in listed] == [
        (2, "A-2", "banana"),
        (3, "A-3", None),
        (4, "A-4", "8N"),
        (5, "A-5", None),
    ]
    assert [what for *_, what, _ in listed] == [
        next(fault for fault in figures.faults if fault.startswith(start))
        for start in ("offence code that", "offence after", "offence group", "not judged")
    ]


# --- the folder that is written -------------------------------------------------------------------


def test_every_file_says_that_it_is_raw_and_every_verdict_is_in_words(tmp_path, judged):
    figures = report(judged)
    write(judged, figures, tmp_path / "out")
    rows = asked(
        judged,
        "SELECT n + 1, case_reference, part, answer, given, difference, raised, unknown, owed, "
        "unsure, blank FROM verdicts JOIN history USING (n) ORDER BY n",
    )
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == {
        "report.txt",
        "summary.json",
        "verdicts.parquet",
        "faults.csv",
    }
    assert (out / "report.txt").read_text().startswith(f"{WARNING}\n")
    data = json.loads((out / "summary.json").read_text())
    assert data["warning"] == WARNING
    assert "INVENTED" in data["labels"][0]
    assert "INVENTED: every person" in (out / "report.txt").read_text()
    notes = dict(
        duckdb.execute(
            f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{out}/verdicts.parquet')"
        ).fetchall()
    )
    assert notes["amends"] == WARNING
    assert "invented" in notes
    words = {int(level): level.word for level in Authority}
    written_ = duckdb.execute(f"FROM '{out}/verdicts.parquet'").fetchall()
    assert written_ == [(*r[:3], words[r[3]], words.get(r[4]), *r[5:]) for r in rows]
    assert [part[UNIT] for part in data["parts"]] == [
        figures.in_parts[n] for n in sorted(figures.in_parts)
    ]
    for part in data["parts"]:
        assert {"rules", "facts", "records", "spans"} <= set(part)


def test_an_earlier_audit_is_replaced_and_nothing_else_ever_is(tmp_path):
    out = tmp_path / "out"
    for text in ("one", "two"):
        with folder(out) as made:
            for name in ("report.txt", "summary.json", "verdicts.parquet", "faults.csv"):
                (made / name).write_text(text)
    assert (out / "report.txt").read_text() == "two"
    (out / "my notes.txt").write_text("mine")
    with pytest.raises(CannotWrite, match="It exists, and is no earlier audit"), folder(out):
        pass
    assert (out / "my notes.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_could_not_be_finished_leaves_what_was_there(tmp_path):
    out = tmp_path / "out"
    with pytest.raises(ZeroDivisionError), folder(out) as made:
        (made / "report.txt").write_text("half")
        _ = 1 / 0
    assert list(tmp_path.iterdir()) == []
    out.mkdir()
    with pytest.raises(CannotWrite, match="It cannot be written: no room"), folder(out) as made:
        raise OSError(28, "no room")
    assert list(tmp_path.iterdir()) == [out]


# --- the rows behind a rule -----------------------------------------------------------------------


def test_the_rows_behind_a_rule_are_counted_over_every_part(usual):
    with audited(usual) as found:
        figures = report(found)
        told = list(rows_of(found, "CR-VIC-03", most=5))
        open_ = list(rows_of(found, "avon-and-somerset-2011/CR-VIC-03", "unknown", most=5))
        none = list(rows_of(found, "CR-OFF-01"))
    (row,) = [r for r in table(figures, "By rule of avon-and-somerset-2011") if r[0] == "CR-VIC-03"]
    assert told[0] == f"CR-VIC-03: raised in {row[1]:,} of 13,219 cases"
    assert open_[0] == f"avon-and-somerset-2011/CR-VIC-03: not known in {row[2]:,} of 13,219 cases"
    assert len(told) == len(open_) == 7
    assert told[-1] == f"  and {row[1] - 5:,} more"
    assert told[1].startswith("  row 17  INV-0000017  2011-") or "INV-" in told[1]
    assert told[1].endswith("nobody; excluded")
    assert none == ["CR-OFF-01: raised in 0 of 13,219 cases"]


# --- a million rows -------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.skipif(not LONG, reason="takes a minute or two: AMENDS_LONG=1 (make test-long)")
def test_a_million_rows_are_audited_in_three_gigabytes(tmp_path):
    path = tmp_path / "h.parquet"
    invent(path, rows=1_000_000)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    done = subprocess.run(
        [sys.executable, "-m", "amends", "audit", str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "h.parquet: 1,000,000 cases" in done.stdout
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert before <= most < 3_000_000  # kilobytes


def test_the_short_names_of_authorities_fit_a_narrow_table():
    assert list(SHORT) == list(WHO)
    assert max(map(len, SHORT.values())) <= 9
