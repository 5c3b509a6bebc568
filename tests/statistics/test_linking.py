"""Records are linked by a mapping beside them, judged against labels."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.disclosure.errors import DisclosureError
from amends.statistics.cases import open_cases
from amends.statistics.counting import count
from amends.statistics.linking import (
    Plan,
    against_labels,
    precision_and_recall,
    read_mapping,
)
from support.counted import written

FAKE = Path("../shared/data/linkage/fake_1000.csv")
PLAN = {
    "reference": "unique_id",
    "fields": {
        "first_name": "name",
        "surname": "name",
        "dob": "birth",
        "city": "text",
        "email": "email",
    },
    "alike": (("first_name",), ("surname",), ("dob",), ("email",)),
    "certain": (("first_name", "dob"), ("surname", "dob"), ("email",)),
}


pytest.importorskip("splink", reason="the extra `linking` is not installed")
from amends.statistics.likeness import link  # noqa: E402 - what stands above says why not


def test_fake_1000_against_its_labels(tmp_path):
    if not FAKE.exists():
        pytest.skip(f"{FAKE} is not here")
    before = FAKE.read_bytes()
    with FAKE.open(encoding="utf-8") as file:
        labels = {row["unique_id"]: row["cluster"] for row in csv.DictReader(file)}
    found = {}
    for threshold in (0.5, 0.8, 0.9, 0.95):
        to = tmp_path / f"{threshold}.csv"
        people = link(FAKE, Plan(**PLAN, threshold=threshold), to)
        table = against_labels(read_mapping(to), labels)
        precision, recall = found[threshold] = precision_and_recall(table)
        print(
            f"fake_1000, threshold {threshold}: {people} people of 1,000 records (251 by the labels), "
            f"precision {precision:.4f}, recall {recall:.4f}, {table.rows}"
        )
    assert len(labels) == 1000
    assert len(set(labels.values())) == 251
    assert found[0.5][0] >= 0.97
    assert found[0.5][1] >= 0.85
    assert found[0.9][0] >= 0.995
    assert found[0.9][1] >= 0.78
    recalls = [recall for _, recall in found.values()]
    assert recalls == sorted(recalls, reverse=True)
    assert FAKE.read_bytes() == before


RECORDS = "unique_id,first_name,surname,dob,city,email\n" + "".join(
    f"{n}-{again},{first},{last},19{60 + n % 30}-0{n % 9 + 1}-1{n % 8},Bristol,{first}{n}@example.org\n"
    for n, (first, last) in enumerate(
        (f"{a}{b}", f"{c}son")
        for a in ("Al", "Be", "Cor", "Dan")
        for b in ("an", "ette", "in")
        for c in ("Jack", "Wil", "Peter")
    )
    for again in (1, 2)
)


@pytest.fixture
def records(tmp_path):
    path = tmp_path / "records.csv"
    path.write_text(RECORDS, "utf-8")
    return path


def test_a_mapping_is_made_beside_the_records_and_serves_to_count(records, tmp_path):
    to, again = tmp_path / "people.csv", tmp_path / "again.csv"
    people = link(records, Plan(**PLAN), to)
    link(records, Plan(**PLAN), again)
    assert records.read_text("utf-8") == RECORDS
    assert to.read_bytes() == again.read_bytes()
    mapping = read_mapping(to)
    assert people == len(set(mapping.values())) == 36
    assert all(mapping[f"{n}-1"] == mapping[f"{n}-2"] for n in range(36))
    how = json.loads(to.with_name("people.csv.how.json").read_text("utf-8"))
    assert how["people"] == 36
    assert (to.stat().st_mode | to.with_name("people.csv.how.json").stat().st_mode) & 0o077 == 0
    assert how["plan"]["threshold"] == 0.9
    rows = [{"case_reference": record, "decision_date": None} for record in mapping]
    file = written(tmp_path / "c.parquet", ("case_reference", "decision_date"), rows)
    with open_cases(file, people=to) as cases:
        assert count(cases, "offenders").rows == ((36,),)
    with open_cases(file) as cases:  # taken back: the records are as before
        assert count(cases, "cases").rows == ((72,),)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"threshold": 1.0}, "a threshold between 0 and 1"),
        ({"fields": {"surname": "smell", "dob": "birth"}}, "not all of a kind"),
        ({"certain": ()}, "alike or certain"),
        ({"reference": "id"}, "has no column id"),
        ({"reference": "city"}, "71 records have no city of their own"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused(records, tmp_path, change, says):
    with pytest.raises(DisclosureError, match=says):
        link(records, Plan(**(PLAN | change)), tmp_path / "to.csv")
    assert not (tmp_path / "to.csv").exists()


def test_columns_may_have_any_name(records, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text(RECORDS.replace("surname", '"a ""b\'; c"', 1), "utf-8")
    odd = "a \"b'; c"

    def turned(rules):
        return tuple(tuple(odd if one == "surname" else one for one in rule) for rule in rules)

    fields = {odd if one == "surname" else one: kind for one, kind in PLAN["fields"].items()}
    alike, certain = turned(PLAN["alike"]), turned(PLAN["certain"])
    plan = Plan(reference="unique_id", fields=fields, alike=alike, certain=certain)
    assert link(other, plan, tmp_path / "odd.csv") == link(
        records, Plan(**PLAN), tmp_path / "c.csv"
    )


LINE = "1,a,b,1970-01-01,c,d@e.org\n"


@pytest.mark.parametrize(
    "lines", [LINE, LINE + "2,x,y,1980-05-05,z,q@w.org\n", LINE + "2" + LINE[1:], LINE + "2,,,,,\n"]
)
def test_records_of_which_nothing_can_be_learnt_are_refused(tmp_path, lines):
    path = tmp_path / "few.csv"
    path.write_text(RECORDS.partition("\n")[0] + "\n" + lines, "utf-8")
    with pytest.raises(DisclosureError, match="too few of them are alike, or too many"):
        link(path, Plan(**PLAN), tmp_path / "to.csv")


def test_no_mapping_is_written_over(records, tmp_path):
    (tmp_path / "to.csv").write_text("mine", "utf-8")
    with pytest.raises(DisclosureError, match="is there already"):
        link(records, Plan(**PLAN), tmp_path / "to.csv")
    with pytest.raises(DisclosureError, match="is no mapping"):
        read_mapping(tmp_path / "to.csv")


people = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=12)


@given(people)
def test_precision_of_one_is_the_recall_of_the_other(drawn):
    one = {str(n): str(a) for n, (a, _) in enumerate(drawn)}
    two = {str(n): str(b) for n, (_, b) in enumerate(drawn)}
    pairs = [(a, b) for a in one for b in one if a < b]
    said = sum(one[a] == one[b] for a, b in pairs)
    true = sum(two[a] == two[b] for a, b in pairs)
    both = sum(one[a] == one[b] and two[a] == two[b] for a, b in pairs)
    table = against_labels(one, two)
    assert [row[-1] for row in table.rows] == [both, said - both, true - both]
    if said and true:
        assert precision_and_recall(table) == precision_and_recall(against_labels(two, one))[::-1]
    else:
        with pytest.raises(DisclosureError, match="no pairs"):
            precision_and_recall(table)


def test_labels_of_other_records_are_refused():
    with pytest.raises(DisclosureError, match="of other records"):
        against_labels({"1": "a"}, {"2": "a"})
