"""A history is checked to the last value, and then seen as facts; what it does not hold is not known."""

import datetime as dt
import errno
from pathlib import Path

import duckdb
import pytest

from amends.audit.auditing import database
from amends.audit.history import HistoryError, open_history
from amends.demo.inventing import invent
from amends.policy.facts import catalogue
from support.histories import asked, audited, copied, written

VICTIM = "{'kind': 'person', 'age': 30, 'position': 'agree', 'informed_consent': true}"


def refused(path: Path) -> str:
    with database(path.name, 1) as connection, pytest.raises(HistoryError) as caught:
        open_history(path, connection)
    return str(caught.value)


def seen(path: Path, columns: str) -> list[tuple[object, ...]]:
    """Columns of the view in which the history at *path* is seen."""
    with database(path.name, 1) as connection:
        open_history(path, connection)
        return connection.execute(f"SELECT {columns} FROM history ORDER BY n").fetchall()


# --- no Parquet file ------------------------------------------------------------------------------


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refused(tmp_path / "none.parquet") == (
        f"{tmp_path}/none.parquet: There is no such file. "
        "Name a Parquet file: a row a case, a column a fact."
    )


def test_a_folder_is_refused(tmp_path):
    assert "It is no file, but a folder" in refused(tmp_path)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (b"", "h.parquet: The file is empty."),
        (b"PA", "h.parquet: It is not a Parquet file."),
        (b"force,decision_date\nkent,2013-06-01\n", "h.parquet: It is not a Parquet file."),
        (b"PARE" + b"x" * 40 + b"PARE", "h.parquet: The file is encrypted."),
        (b"PAR1" + b"x" * 40, "h.parquet: The file is cut short: its end is missing."),
        (b"PAR1" + b"x" * 40 + b"PAR1", "h.parquet: The file is damaged: "),
    ],
)
def test_what_is_no_parquet_file_is_refused(tmp_path, text, wrong):
    path = tmp_path / "h.parquet"
    path.write_bytes(text)
    assert refused(path).startswith(wrong)
    assert "\n" not in refused(path)


@pytest.mark.parametrize("left", [0.1, 0.5, 0.99])
def test_a_file_that_is_cut_short_is_refused(tmp_path, left):
    path = written(tmp_path / "h.parquet", *[{"offender_age": str(age)} for age in range(90)])
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * left)])
    assert "The file is cut short" in refused(path)


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    path = written(tmp_path / "h.parquet", {})

    def denied(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)  # root may read whatever it likes
    assert "The file cannot be read: Permission denied." in refused(path)


@pytest.mark.parametrize("name", ["a b.parquet", "it's.parquet", "b*.parquet", "c[1].parquet", "é"])
def test_any_name_will_do_and_stands_for_one_file_only(tmp_path, name):
    written(tmp_path / "b2.parquet", {}, {})
    path = tmp_path / name
    written(tmp_path / "plain", {"offender_age": "7"}).rename(path)
    assert seen(path, "offender_age") == [(7,)]


def test_a_folder_named_like_a_column_is_no_column(tmp_path):
    (tmp_path / "force=kent").mkdir()
    path = written(tmp_path / "force=kent" / "h.parquet", {})
    assert seen(path, "force") == [("avon-and-somerset",)]


# --- columns --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("select", "wrong"),
    [
        ("SELECT DATE '2013-06-01' AS decision_date", "h.parquet: It has no column force."),
        ("SELECT 'kent' AS force", "h.parquet: It has no column decision_date."),
        ("SELECT 'kent' AS Force", "h.parquet: Force: There is no such fact. Did you mean force?"),
        (
            "SELECT 'kent' AS force, DATE '2013-06-01' AS \"decision.date\"",
            "h.parquet: decision.date: There is no such fact. Did you mean decision_date?",
        ),
    ],
)
def test_a_history_needs_a_force_and_a_day(tmp_path, select, wrong):
    assert refused(copied(tmp_path / "h.parquet", select)).startswith(wrong)


@pytest.mark.parametrize(
    ("column", "sql", "wrong"),
    [
        ("offender_agee", "30", "h.parquet: offender_agee: There is no such fact. Did you mean offender_age?"),
        ("Offender_Age", "30", "Did you mean offender_age? Rename it, or leave it out."),
        ("victim", "30", "Did you mean victims?"),
        ("offence_code_absnt", "true", "Did you mean offence_code_absent?"),
        ("offender_age_absent", "true", "offender_age can never be known to be absent."),
        ("file_row_number", "1", "h.parquet: file_row_number: The name is needed for the numbers"),
        ("force", "1", "h.parquet: force: The column is INTEGER. It should be codes (VARCHAR)."),
        ("decision_date", "NULL", "The column is INTEGER. It should be days (DATE)."),
        ("decision_date", "'2013-06-01'", "The column is VARCHAR. It should be days (DATE)."),
        ("decision_date", "TIMESTAMP '2013-06-01 10:00:00'", "The column is TIMESTAMP."),
        ("offender_age", "30.0::DOUBLE", "The column is DOUBLE. It should be whole numbers (INTEGER)."),
        ("offender_age", "[30]", "The column is INTEGER[]. It should be whole numbers (INTEGER)."),
        ("flags_hate", "1", "It should be true or false (BOOLEAN)."),
        ("flags_hate", "[true]", "The column is BOOLEAN[]."),
        ("offence_code", "'8N'::BLOB", "The column is BLOB. It should be codes (VARCHAR)."),
        ("offence_code_absent", "'yes'", "offence_code_absent: The column is VARCHAR."),
        ("admission_form", "['none']", "The column is VARCHAR[]. It should be words (VARCHAR)."),
        ("victims", "2", "victims: The column is INTEGER. It should be lists of records (STRUCT[])."),
        ("victims", "[30]", "The column is INTEGER[]."),
        ("victims", f"[[{VICTIM}]]", "It should be lists of records (STRUCT[])."),
        ("victims", VICTIM, "It should be lists of records (STRUCT[])."),
        ("victims", "[{'age': '30'}]", "victims.age: The column is VARCHAR."),
        ("victims", "[{'age_absent': 1}]", "victims.age_absent: The column is INTEGER."),
        ("victims", "[{'informed_concent': true}]", "h.parquet: victims.informed_concent: There is no such"),
    ],
)  # fmt: skip
def test_a_column_of_a_wrong_name_or_type_is_refused(tmp_path, column, sql, wrong):
    assert wrong in refused(written(tmp_path / "h.parquet", {column: sql}))


@pytest.mark.parametrize("column", ["offender_age", "flags_hate", "admission_form", "offence_date"])
@pytest.mark.parametrize("kind", ["INTEGER", "DOUBLE", "VARCHAR", "TIMESTAMP", "BOOLEAN"])
def test_a_column_that_holds_nothing_may_be_of_any_type(tmp_path, column, kind):
    path = written(tmp_path / "h.parquet", {column: f"NULL::{kind}"}, {})
    assert seen(path, column) == [(None,), (None,)]


def test_columns_that_are_no_facts_are_named_and_not_read(tmp_path):
    path = written(tmp_path / "h.parquet", {"beat": "7", "victims": "[{'shoe_size': 9}]"})
    with database(path.name) as connection:
        assert open_history(path, connection).ignored == ("beat", "victims.shoe_size")


# --- values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "sql", "wrong"),
    [
        ("offender_age", "300", "300 is not a value it can have. It is a whole number of years from 0 to 120."),
        ("offender_age", "-1", "-1 is not a value it can have."),
        ("offender_age", "18446744073709551615::UBIGINT", "18446744073709551615 is not a value"),
        ("decision_date", "DATE '1066-10-14'", "1066-10-14 is not a value it can have. It is a day in the years"),
        ("decision_date", "'infinity'::DATE", "infinity is not a value it can have."),
        ("offence_date", "DATE '15000-01-01'", "15000-01-01 is not a value it can have."),
        ("admission_form", "'yes'", "yes is not a value it can have. It can be: admits_offence, accepts_"),
        ("admission_form", "''", " is not a value it can have."),
        ("admission_form", "'None'", "None is not a value it can have."),
        ("offence_code", "'8\u041d'", "8\\u041d is not a value it can have. A code is 1 to 40 plain letters"),
        ("offence_code", "''", "A code is 1 to 40 plain letters"),
        ("offence_code", "'8N\n'", "8N\\n is not a value it can have."),
        ("offence_code", f"'{'8' * 41}'", "is not a value it can have."),
        ("offence_code", f"'{'8' * 4000}'", f"{'8' * 57}... is not a value it can have."),
        ("case_reference", "'=1+1'", "=1+1 is not a value it can have."),
        ("force", "'\x1b[2Jkent'", "\\u001b[2Jkent is not a value it can have."),
    ],
)  # fmt: skip
def test_a_value_that_a_fact_cannot_have_is_refused_with_its_row_and_column(
    tmp_path, column, sql, wrong
):
    path = written(tmp_path / "h.parquet", {}, {}, {column: sql}, {column: sql})
    said = refused(path)
    assert f"h.parquet: row 3, {column}: " in said
    assert wrong in said
    assert said.isascii()
    assert "\n" not in said


@pytest.mark.parametrize(
    ("column", "record", "wrong"),
    [
        ("victims", "{'age': 300}", "victims[2].age: 300 is not a value it can have."),
        ("victims", "{'kind': 'dog'}", "victims[2].kind: dog is not a value it can have. It can be: person,"),
        ("victims", "{'age': 3, 'age_absent': true}", "victims[2].age: It is 3, and age_absent says that there"),
        ("earlier_disposals", "{'date': DATE '1066-10-14'}", "earlier_disposals[2].date: 1066-10-14 is"),
        ("earlier_disposals", "{'offence_code': '8\u041d'}", "earlier_disposals[2].offence_code: 8\\u041d is"),
        ("earlier_disposals", "{'offence_code': ' 8N'}", "earlier_disposals[2].offence_code:  8N is"),
    ],
)  # fmt: skip
def test_a_value_inside_a_list_is_refused_with_its_place(tmp_path, column, record, wrong):
    empty = {name: "NULL" for name in ("age", "kind", "date", "offence_code") if name in record}
    first = "{" + ", ".join(f"'{name}': {sql}" for name, sql in empty.items()) + "}"
    if "age_absent" in record:
        first = "{'age': NULL, 'age_absent': true}"
    path = written(tmp_path / "h.parquet", {}, {column: f"[{first}, {record}]"})
    assert f"h.parquet: row 2, {wrong}" in refused(path)


def test_a_list_of_more_records_than_a_case_may_have_is_refused(tmp_path):
    path = written(tmp_path / "h.parquet", {"victims": f"list_resize([{VICTIM}], 1001)"})
    assert "row 1, victims: The list has 1001 records: at most 1,000 are judged." in refused(path)


def test_a_value_that_is_also_said_to_be_absent_is_refused(tmp_path):
    path = written(tmp_path / "h.parquet", {"gravity_score": "3", "gravity_score_absent": "true"})
    assert "row 1, gravity_score: It is 3, and gravity_score_absent says" in refused(path)


def test_more_names_of_forces_than_there_can_be_are_refused(tmp_path):
    select = "SELECT 'f' || i AS force, DATE '2013-06-01' AS decision_date FROM range(501) AS t(i)"
    path = copied(tmp_path / "h.parquet", select)
    with (
        pytest.raises(HistoryError, match="force: The column holds 501 different names"),
        audited(path),
    ):
        pass


# --- seen as facts --------------------------------------------------------------------------------


def test_a_history_of_no_rows_is_seen_as_no_facts(tmp_path):
    path = copied(
        tmp_path / "h.parquet", "SELECT 'x' AS force, DATE '2013-06-01' AS decision_date LIMIT 0"
    )
    assert seen(path, "n, force") == []


def test_what_is_not_held_is_not_known_and_keeps_its_type(tmp_path):
    path = written(tmp_path / "h.parquet", {})
    columns = [kind.column for kind in catalogue().values()]
    columns += [f"{kind.column}_absent" for kind in catalogue().values() if kind.absent]
    (row,) = seen(path, ", ".join(columns))
    told = dict(zip(columns, row, strict=True))
    held = {"force": "avon-and-somerset", "decision_date": dt.date(2013, 6, 1)}
    assert {name: value for name, value in told.items() if value is not None} == held


def test_short_numbers_and_choices_from_a_list_are_read_like_any_other(tmp_path):
    kinds = "ENUM('constable', 'inspector')"
    path = written(
        tmp_path / "h.parquet",
        {"authority_rank": f"'inspector'::{kinds}", "offender_age": "30::UTINYINT"},
        {"force": "'kent'::ENUM('kent')", "offence_code": "'008/06'::ENUM('008/06')"},
    )
    found = seen(path, "force, authority_rank, offender_age, offence_group")
    assert found == [("avon-and-somerset", "inspector", 30, None), ("kent", None, None, "violence")]


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("008/06", "008/06"),
        ("00806", "008/06"),
        ("8/06", "008/06"),
        (" 8/6 ", "008/06"),
        ("8N", "8N"),
        ("8n", "8N"),
        ("  8n ", "8N"),
        ("8 N", "8N"),
    ],
)
def test_a_code_is_known_in_any_of_its_spellings(tmp_path, spelling, code):
    path = written(tmp_path / "h.parquet", {"offence_code": f"'{spelling}'"})
    found = seen(path, "offence_code, offence_group, unknown_code")
    assert found == [(code, "violence", False)]


@pytest.mark.parametrize(
    ("code", "decided", "offence", "held"),
    [
        ("28A", "2017-03-31", None, True),
        ("28A", "2017-04-01", None, False),
        ("28A", "2017-04-01", "2017-03-31", True),
        ("28A", "2017-04-01", "2017-04-01", False),
        ("28E", "2017-04-01", None, True),
        ("28E", "2017-03-31", None, False),
        ("28E", "2017-04-01", "2017-03-31", True),
    ],
)
def test_a_code_counts_on_the_day_of_the_decision_or_else_of_the_offence(
    tmp_path, code, decided, offence, held
):
    row = {"offence_code": f"'{code}'", "decision_date": f"DATE '{decided}'"}
    if offence:
        row["offence_date"] = f"DATE '{offence}'"
    path = written(tmp_path / "h.parquet", row)
    group = "theft" if held else None
    found = seen(path, "offence_code, offence_group, unknown_code")
    assert found == [(code, group, not held)]


def test_a_code_known_to_be_absent_leaves_all_that_a_code_tells_absent(tmp_path):
    row = {"offence_code": "NULL::VARCHAR", "offence_code_absent": "true"}
    path = written(tmp_path / "h.parquet", row, {"offence_code": "'8N'"})
    found = seen(
        path,
        "offence_code_absent, offence_group_absent, offence_mode_of_trial_absent, unknown_code",
    )
    assert found == [(True, True, True, False), (None, None, None, False)]


def test_a_group_of_the_history_s_own_goes_before_that_of_the_code(tmp_path):
    path = written(
        tmp_path / "h.parquet",
        {"offence_code": "'8N'", "offence_group": "'theft'"},
        {"offence_code": "'8N'", "offence_group": "'violence'"},
        {"offence_code": "'8N'"},
        {"offence_group": "'theft'", "offence_code_absent": "true"},
        {"offence_code_absent": "true"},
    )
    found = seen(path, "offence_group, offence_subgroup, offence_group_absent, code_differs")
    assert found == [
        ("theft", "violence_with_injury", False, True),
        ("violence", "violence_with_injury", False, False),
        ("violence", "violence_with_injury", None, False),
        ("theft", None, False, False),
        (None, None, True, False),
    ]


def test_only_the_short_notes_of_a_file_are_kept(tmp_path):
    path = written(tmp_path / "h.parquet", {}, notes=f"pandas: '{'x' * 600}', a: 'b'")
    with database(path.name, 1) as connection:
        assert open_history(path, connection).file.notes == {"a": "b"}


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: invent(path, rows=3), "every person, force record and case in this file is invented"),
        (lambda path: written(path, {"invented": "true"}, {}), "1 of 2 cases are marked as invented"),
        (lambda path: written(path, {"invented": "false"}, {}), ""),
        (lambda path: written(path, {"invented": "'yes'"}), ""),
        (lambda path: written(path, {}), ""),
    ],
)  # fmt: skip
def test_what_is_invented_is_known_to_be(tmp_path, make, says):
    path = tmp_path / "h.parquet"
    make(path)
    with database(path.name, 1) as connection:
        assert open_history(path, connection).invented == says


# --- what can stop the reading --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raised", "wrong"),
    [
        (duckdb.OutOfMemoryException("Out of Memory Error: no room\nhint"), "h: It stopped: "),
        (duckdb.IOException("IO Error: No space left on device"), "h: It stopped: No space left"),
        (duckdb.InvalidInputException("Invalid Input Error: bad page"), "h: The file is damaged: bad page."),
        (duckdb.Error("don't know what type: \x0c"), "h: The file is damaged: don't know what type."),
    ],
)  # fmt: skip
def test_what_stops_the_database_is_said_in_one_line(raised, wrong):
    with pytest.raises(HistoryError) as caught, database("h"):
        raise raised
    assert str(caught.value).startswith(wrong)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "raised", [RuntimeError("Query interrupted"), duckdb.InterruptException("INTERRUPT Error")]
)
def test_ctrl_c_is_ctrl_c_however_the_database_reports_it(raised):
    with pytest.raises(KeyboardInterrupt), database("h"):
        raise raised


@pytest.mark.parametrize("raised", [duckdb.BinderException("no column x"), RuntimeError("other")])
def test_a_fault_of_our_own_is_not_made_out_to_be_the_file_s(raised):
    with pytest.raises(type(raised)), database("h"):
        raise raised


def test_a_list_in_which_a_record_is_missing_counts_it_and_knows_nothing_of_it(tmp_path):
    path = written(tmp_path / "h.parquet", {"victims": f"[NULL, {VICTIM}]"})
    for engine in ("duckdb", "plain"):
        with audited(path, engine) as found:
            ((answer, unknown),) = asked(found, "SELECT answer, unknown FROM verdicts")
            rules = [rule.id for rule in found.plan.parts[0].rules.rules]
            assert answer == 8
            assert unknown >> rules.index("CR-VIC-03") & 1
