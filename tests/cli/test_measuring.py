"""`amends measure`, `amends link` and `amends match`: raw figures with a warning, and clear refusals."""

import re
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from amends.cli import main
from amends.disclosure.tables import WARNING
from support.counted import written

COLUMNS = (
    "case_reference",
    "decision_date",
    "offender_ethnicity",
    "offender_sex",
    "resolution_delivery",
    "admission_form",
    "completion",
    "feedback_asked",
    "feedback",
    "next_offence_on",
    "next_offence_proven_on",
    "followed_until",
)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [
        {
            "case_reference": f"C{n}",
            "decision_date": date(2013, 4, 1) + timedelta(days=n % 60),
            "offender_ethnicity": ("white", "black", None)[n % 3],
            "offender_sex": "female" if n % 4 == 0 else "male",
            "resolution_delivery": "street" if n % 5 else "deferred",
            "completion": "completed" if n % 2 else None,
            "feedback_asked": True,
            "feedback": "satisfied" if n % 3 else None,
            "followed_until": date(2016, 1, 1),
        }
        for n in range(300)
    ]
    written(Path("cases.parquet"), COLUMNS, rows)
    return tmp_path


def told(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_count_has_a_unit_and_a_warning(desk, capsys):
    status, out, err = told(capsys, "measure", "count", "cases.parquet", "--by", "offender_sex")
    assert (status, out) == (2, "")
    assert "--unit: is missing Name what is counted: cases, offenders" in err.replace(". ", " ")
    status, out, _ = told(
        capsys, "measure", "count", "cases.parquet", "--unit", "cases", "--by", "offender_sex"
    )
    assert status == 0
    assert out.startswith(WARNING)
    assert re.search(r"female\s+75\n\s+male\s+225\n", out)


def test_only_some_are_counted(desk, capsys):
    words = [
        "measure",
        "count",
        "cases.parquet",
        "--unit",
        "cases",
        "--only",
        "offender_ethnicity=black",
    ]
    status, out, _ = told(
        capsys, *words, "--only", "offender_ethnicity=not known", "--only", "feedback_asked=true"
    )
    assert status == 0
    assert re.search(r"count\n\s+200\n", out)
    assert (
        "Only where offender_ethnicity is black or not known and feedback_asked is true."
        in " ".join(out.split())
    )
    assert told(capsys, *words, "--only", "feedback")[0] == 2
    assert told(capsys, *words, "--only", "height=1")[0] == 2


@pytest.mark.parametrize(
    "words",
    [
        ("completion", "--only", "offender_sex=male"),
        ("feedback", "--from", "2013-04-01"),
        ("decisions", "--unit", "cases"),
        ("count", "--unit", "cases", "--missing", "2013-04"),
        ("count", "--unit", "cases", "--each", "month"),
        ("reoffending", "--weights", "w.csv"),
        ("series", "--unit", "cases", "--by", "offender_sex"),
        ("decisions", "--by", "offender_sex", "--by", "offender_ethnicity"),
    ],
)
def test_an_option_that_would_be_left_unheeded_is_refused(desk, capsys, words):
    status, out, err = told(capsys, "measure", words[0], "cases.parquet", *words[1:])
    assert (status, out) == (2, "")
    assert "does not go with" in err or "more than one column" in err


def test_invented_cases_are_said_to_be(desk, capsys):
    duckdb.sql(
        "COPY (SELECT *, case_reference <> 'C7' AS invented FROM 'cases.parquet') TO 'i.parquet' (FORMAT parquet)"
    )
    _, out, _ = told(capsys, "measure", "count", "i.parquet", "--unit", "cases")
    assert "INVENTED: 299 of the cases" in out
    _, out, _ = told(capsys, "measure", "count", "cases.parquet", "--unit", "cases")
    assert "INVENTED" not in out


def test_a_series_names_its_missing_months(desk, capsys):
    words = ["--unit", "cases", "--from", "2013-04-01", "--to", "2013-06-30", "--each", "quarter"]
    status, out, _ = told(capsys, "measure", "series", "cases.parquet", *words)
    assert status == 0
    assert "Missing months: 2013-06." in out
    assert re.search(r"2013 Q2\s+300\s+2 of 3", out)
    assert told(capsys, "measure", "series", "cases.parquet", *words[:4])[0] == 2
    assert told(capsys, "measure", "series", "cases.parquet", "--from", "1.4.13")[0] == 2


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("completion", r"not known\s+150"),
        ("feedback", r"asked, no answer known\s+100"),
        ("decisions", r"dealt with on the street\s+black\s+80\s+100\s+0\s+1\.00"),
        ("reoffending", r"none proven\s+300"),
    ],
)
def test_every_measure_is_printed(desk, capsys, what, says):
    status, out, err = told(capsys, "measure", what, "cases.parquet")
    print(out, err)
    assert status == 0
    assert out.startswith(WARNING)
    assert re.search(says, out)


def test_harm_wants_its_weights_with_their_licence(desk, capsys):
    Path("w.csv").write_text("sex,days\nmale,2\nfemale,1.5\n", "utf-8")
    words = ["measure", "harm", "cases.parquet", "--unit", "cases", "--by", "offender_sex",
             "--weights", "w.csv", "--weights-columns", "sex,days", "--weights-name", "Ours",
             "--weights-version", "1", "--weights-unit", "days"]  # fmt: skip
    status, _, err = told(capsys, *words)
    assert status == 2
    assert "no licence is given" in err
    status, out, _ = told(capsys, *words, "--weights-licence", "our own")
    assert status == 0
    assert re.search(r"female\s+75\s+112\.5\n\s+male\s+225\s+450\n", out)


def test_a_file_that_is_none_is_told_in_a_line(desk, capsys):
    Path("bad.parquet").write_text("no", "utf-8")
    for name in ("bad.parquet", "none.parquet"):
        status, out, err = told(capsys, "measure", "completion", name)
        assert (status, out, len(err.splitlines())) == (2, "", 1)
        assert name in err


def test_records_are_linked_and_counted(desk, capsys):
    pytest.importorskip("splink", reason="the extra `linking` is not installed")
    lines = [
        f"C{2 * n + again},{first},{last},19{60 + n % 30}-0{n % 9 + 1}-1{n % 8},P{n}"
        for n, (first, last) in enumerate(
            (f"{a}{b}", f"{c}son{b}")
            for a in ("Al", "Be", "Cor", "Dan", "Ed")
            for b in ("an", "ette", "in", "ulf", "ora")
            for c in ("Jack", "Wil", "Peter", "Rob", "Har", "Ander")
        )
        for again in (0, 1)
    ]
    text = "case_reference,first,last,born,truth\n" + "\n".join(lines) + "\n"
    Path("records.csv").write_text(text, "utf-8")
    words = ["link", "records.csv", "--to", "people.csv", "--field", "first=name", "--field", "last=name",
             "--field", "born=birth", "--alike", "born", "--alike", "last", "--certain", "first+born",
             "--certain", "last+born", "--labels", "truth"]  # fmt: skip
    status, out, err = told(capsys, *words)
    print(out, err)
    assert status == 0
    assert "150 people." in out
    assert "Precision 1.0000, recall 1.0000." in out
    status, out, err = told(
        capsys, "measure", "count", "cases.parquet", "--unit", "offenders", "--people", "people.csv"
    )
    assert status == 0, err
    assert "150" in out
    status, _, err = told(capsys, *words)
    assert status == 2
    assert "people.csv: is there already" in err
    assert told(capsys, *[word.replace("=name", "") for word in words])[0] == 2


def test_what_is_compared_is_written_down_first(desk, capsys):
    pytest.importorskip("statsmodels", reason="the extra `stats` is not installed")
    duckdb.sql(
        "COPY (SELECT i % 3 = 0 AS resolved, (i * 7) % 10 < 4 AS back, (i * 13) % 40 + 18 AS age "
        "FROM range(600) t(i)) TO 'p.parquet' (FORMAT parquet)"
    )
    status, out, _ = told(
        capsys, "match", "specify", "what.json", "--question", "Do they come back?", "--treated",
        "resolved", "--outcome", "back", "--alike", "age=number",
    )  # fmt: skip
    assert status == 0
    digest = out.split()[1]
    status, out, err = told(capsys, "match", "run", "what.json", "p.parquet", "--digest", digest)
    assert status == 0
    assert out.startswith(WARNING)
    assert "it is not an effect" in " ".join(out.split())
    assert "Inconclusive" in out
    status, out, err = told(capsys, "match", "run", "what.json", "p.parquet", "--digest", "0" * 64)
    assert (status, out) == (2, "")
    assert "changed after it was written" in err
