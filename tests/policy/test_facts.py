"""Facts are read as what they are declared to be, and whatever cannot be taken is refused with its place."""

import datetime as dt
import json

import pytest

from amends.policy.facts import (
    LARGEST_FILE,
    LONGEST_LIST,
    FactError,
    catalogue,
    load_facts,
    read_catalogue,
    read_json,
)

KNOWN = catalogue()


def read(**given):
    return KNOWN.read({name.replace("__", "."): value for name, value in given.items()}, "f.json")


def refused(**given):
    with pytest.raises(FactError) as caught:
        read(**given)
    return str(caught.value)


# --- what is taken --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given", "taken"),
    [
        ("offender.agrees", True, True),
        ("offender.agrees", False, False),
        ("offender.age", 0, 0),
        ("offender.age", 120, 120),
        ("gravity.score", 1, 1),
        ("gravity.score", 5, 5),
        ("gravity.score", None, None),
        ("admission.form", "none", "none"),
        ("offence.code", "8N", "8N"),
        ("offence.code", "UK Finance", "UK Finance"),
        ("offence.code", "a" * 40, "a" * 40),
        ("offence.code", None, None),
        ("offence.date", "2013-06-01", dt.date(2013, 6, 1)),
        ("offence.date", dt.date(2013, 6, 1), dt.date(2013, 6, 1)),
        ("offence.date", "1900-01-01", dt.date(1900, 1, 1)),
        ("offence.date", "2199-12-31", dt.date(2199, 12, 31)),
        ("resolution.last_action_due", None, None),
        ("victims", [], ()),
        ("victims", ({"age": 3},), ({"age": 3},)),
        (
            "victims",
            [{}, {"age": None, "kind": "business"}],
            ({}, {"age": None, "kind": "business"}),
        ),
    ],
)
def test_a_fact_is_taken(name, given, taken):
    found = KNOWN.read({name: given})[name]
    assert found == taken
    assert type(found) is type(taken)


def test_a_list_may_be_long():
    assert len(read(victims=[{}] * LONGEST_LIST)["victims"]) == LONGEST_LIST


def test_facts_may_be_nested_or_dotted():
    nested = {"offender": {"age": 30, "agrees": True}, "offence.code": "46"}
    assert KNOWN.read(nested) == {
        "offender.age": 30,
        "offender.agrees": True,
        "offence.code": "46",
    }
    assert KNOWN.read({}) == {}


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given", "wrong"),
    [
        ("offender.agrees", "yes", '"yes" is not true or false.'),
        ("offender.agrees", 1, "1 is not true or false."),
        ("offender.age", True, "true is not a whole number of years."),
        ("offender.age", 30.0, "30.0 is not a whole number of years."),
        ("offender.age", "30", '"30" is not a whole number of years.'),
        ("offender.age", -1, "-1 years is not from 0 to 120."),
        ("offender.age", 121, "121 years is not from 0 to 120."),
        ("gravity.score", 0, "0 score is not from 1 to 5."),
        ("gravity.score", 6, "6 score is not from 1 to 5."),
        ("offender.age", None, "offender.age is null, and can never be known to be absent. "
         "If it is not known, leave it out."),
        ("victims", None, "victims is null, and can never be known to be absent. "
         "If it is not known, leave it out."),
        ("admission.form", "maybe", '"maybe" is not one of its values. '
         "It can be: admits_offence, accepts_responsibility, none."),
        ("admission.form", 3, "3 is not one of its values. "
         "It can be: admits_offence, accepts_responsibility, none."),
        ("offence.code", "8N;drop", '"8N;drop" is not a code. '
         "A code is 1 to 40 plain letters, digits, blanks and . / _ - characters."),
        ("offence.code", 46, "46 is not a code. "
         "A code is 1 to 40 plain letters, digits, blanks and . / _ - characters."),
        ("offence.code", "", '"" is not a code. '
         "A code is 1 to 40 plain letters, digits, blanks and . / _ - characters."),
        ("offence.date", "2013-02-30", '"2013-02-30" is not a date that exists. Write 2013-06-01.'),
        ("offence.date", "2013-W22-6", '"2013-W22-6" is not a date that exists. Write 2013-06-01.'),
        ("offence.date", 20130601, "20130601 is not a date that exists. Write 2013-06-01."),
        ("offence.date", "1899-12-31", "1899-12-31 is not in the years 1900 to 2199."),
        ("offence.date", "2200-01-01", "2200-01-01 is not in the years 1900 to 2199."),
        ("offence.date", dt.datetime(2013, 6, 1),
         '"2013-06-01 00:00:00" is not a date that exists. Write 2013-06-01.'),
        ("victims", 3, "3 is not a list of records."),
        ("nosuch.fact", 3, "There is no such fact. `amends facts` lists them."),
        ("offender.agee", 3, "There is no such fact. Did you mean offender.age or offender.agrees?"),
    ],
)  # fmt: skip
def test_a_wrong_fact_is_refused_with_its_place(name, given, wrong):
    with pytest.raises(FactError) as caught:
        KNOWN.read({name: given}, "f.json")
    assert str(caught.value) == f"f.json: {name}: {wrong}"


def test_a_wrong_record_is_refused_with_its_number():
    assert refused(victims=[{}, {"age": "x"}]) == (
        'f.json: victims[2].age: "x" is not a whole number of years.'
    )
    assert refused(victims=[{"agee": 3}]) == (
        "f.json: victims[1].agee: There is no such field. "
        "It can be: kind, age, contact_made, position, informed_consent."
    )
    assert refused(victims=[3]) == "f.json: victims[1]: 3 is not a record with named fields."
    long = refused(victims=[{}] * (LONGEST_LIST + 1))
    assert long == f"f.json: victims: The list has 1001 records. At most {LONGEST_LIST}."


def test_a_long_value_is_shown_in_short():
    message = refused(admission__form="x" * 100)
    assert '"' + "x" * 56 + "..." in message
    assert "x" * 57 not in message
    assert "..." in refused(admission__form="x" * 59)
    assert '"' + "x" * 58 + '"' in refused(admission__form="x" * 58)


def test_a_fact_given_twice_is_refused():
    with pytest.raises(FactError, match=r"offender\.age: The fact is given twice"):
        KNOWN.read({"offender": {"age": 3}, "offender.age": 3})


@pytest.mark.parametrize("data", [[], 3, "x", None])
def test_facts_are_a_table(data):
    with pytest.raises(FactError, match="Facts are a table of names and values"):
        KNOWN.read(data)


def test_a_table_nested_too_deep_is_no_fact():
    with pytest.raises(FactError, match=r"a\.b\.c\.d: There is no such fact"):
        KNOWN.read({"a": {"b": {"c": {"d": {"e": 3}}}}})


# --- files ----------------------------------------------------------------------------------------


def file(tmp_path, raw):
    path = tmp_path / "facts.json"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return path


def test_a_facts_file_is_read(tmp_path):
    plain = file(tmp_path, '{"offender.age": 30}')
    assert load_facts(plain) == {"offender.age": 30}
    inside = file(tmp_path, b'\xef\xbb\xbf{"facts": {"offender": {"age": 30}}}')
    assert load_facts(inside) == {"offender.age": 30}
    own = read_catalogue({"x": {"type": "boolean", "meaning": "X?", "from": "x"}})
    assert load_facts(file(tmp_path, '{"x": true}'), own) == {"x": True}


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        ("{", "facts.json, line 1, column 2: This is not JSON"),
        ("", "facts.json, line 1, column 1: This is not JSON"),
        (b"\xff\xfe", "facts.json: Byte 0 is not UTF-8. Save as UTF-8."),
        ("[" * 100_000, "facts.json: The file is nested too deep."),
        ('{"offender.age": ' + "1" * 5000 + "}", "facts.json: A number in it is far too long."),
        ('{"a": 1, "a": 2}', "facts.json: a: The name is given twice."),
        (" " * (LARGEST_FILE + 1), "facts.json: size: The file is larger than 1,000,000 bytes."),
        ("[]", "facts.json: Facts are a table of names and values."),
        ('{"offender.age": 1.5}', "facts.json: offender.age: 1.5 is not a whole number of years."),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, raw, wrong):
    with pytest.raises(FactError) as caught:
        load_facts(file(tmp_path, raw))
    assert str(caught.value).startswith(wrong)


def test_a_file_of_the_largest_size_is_read(tmp_path):
    assert read_json(file(tmp_path, "{}" + " " * (LARGEST_FILE - 2))) == {}


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FactError, match="cannot be read: No such file"):
        read_json(tmp_path / "none.json")
    with pytest.raises(FactError, match="cannot be read: Is a directory"):
        read_json(tmp_path)


# --- the catalogue --------------------------------------------------------------------------------


def test_every_fact_says_what_it_is():
    for kind in [*KNOWN.values(), *(f for one in KNOWN.values() for f in one.fields)]:
        assert kind.type in {"boolean", "whole", "choice", "code", "date", "list"}, kind.name
        assert kind.meaning.rstrip().endswith((".", "?")), kind.name
        assert kind.source, kind.name
        assert (kind.values is not None) == (kind.type == "choice"), kind.name
        assert kind.change in {"fixed", "do", "theirs"}, kind.name
        if kind.type == "whole":
            assert kind.unit, kind.name
            assert kind.least < kind.greatest, kind.name


def test_nobody_can_change_an_admission():
    assert KNOWN["admission.form"].change == "fixed"
    assert {n for n, kind in KNOWN.items() if kind.change == "theirs"} == {"offender.agrees"}


def test_a_fact_is_found_also_in_a_list():
    assert KNOWN.find("offender.age") is KNOWN["offender.age"]
    assert KNOWN.find("victims.age").name == "age"
    assert KNOWN.find("victims.nosuch") is None
    assert KNOWN.find("nosuch") is None
    assert KNOWN.find("offender.age.x") is None
    assert KNOWN["offender.age"].column == "offender_age"
    assert len(KNOWN) == len(list(KNOWN))


def test_only_facts_that_decide_may_be_asked_about():
    declared = KNOWN.declarations()
    assert "offender.sex" not in declared
    assert "offender.age" in declared
    age = declared["offender.age"]
    assert (age.kind, age.least, age.greatest, age.absent) == ("number", 0, 120, False)
    assert declared["gravity.score"].absent
    assert declared["admission.form"].choices[0] == "admits_offence"
    assert declared["admission.form"].kind == "string"
    assert declared["offence.code"].kind == "string"
    assert declared["offence.date"].kind == "date"
    assert declared["flags.hate"].fields is None
    assert declared["victims"].field("age").absent


def test_a_field_that_does_not_decide_is_left_out():
    known = read_catalogue(
        {
            "l": {"type": "list", "meaning": "L.", "from": "l"},
            "l.a": {"type": "boolean", "meaning": "A?", "from": "a"},
            "l.b": {"type": "boolean", "meaning": "B?", "from": "b", "decides": False},
            "m.a": {"type": "boolean", "meaning": "A?", "from": "a"},
        }
    )
    assert sorted(known) == ["l", "m.a"]
    assert [name for name, _ in known.declarations()["l"].fields] == ["a"]
    assert known.read({"l": [{"b": True}]}) == {"l": ({"b": True},)}


def test_the_catalogue_is_read_once():
    assert catalogue() is KNOWN


def test_json_shows_what_was_given():
    assert json.dumps("é", ensure_ascii=False) in refused(admission__form="é")
