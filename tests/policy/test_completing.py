"""What the offence's code tells is put beside the case; where the two differ, neither wins."""

import datetime as dt

import pytest

from amends.policy import offences
from amends.policy.completing import Told, complete, day_of_code, told
from amends.policy.facts import FactError

TABLE = offences.published()
DAY = dt.date(2018, 1, 1)
SHOP = {
    "offence.group": "theft",
    "offence.subgroup": "shoplifting",
    "offence.police_uk_category": "shoplifting",
    "offence.mode_of_trial": "either_way",
}
ABSENT = dict.fromkeys(SHOP)


def test_without_a_code_nothing_is_told():
    facts = {"offender.age": 30}
    found = complete(facts, TABLE, DAY)
    assert found == facts
    assert found is not facts
    assert told(facts, found, TABLE, DAY) == Told()


def test_a_code_tells_what_its_row_holds():
    facts = {"offence.code": "46", "offender.age": 30}
    found = complete(facts, TABLE, DAY)
    assert found == {**facts, **SHOP}
    row = told(facts, found, TABLE, DAY)
    assert row.names == set(SHOP)
    assert row.row["code"] == "46"
    assert row.row["name"] == "Shoplifting"
    assert row.row["digest"] == TABLE.digest()
    assert set(row.row) == {"code", "name", "source", "confidence", "digest"}


def test_what_the_table_does_not_know_stays_not_known():
    found = complete({"offence.code": "9B"}, TABLE, DAY)
    assert "offence.mode_of_trial" not in found
    assert found["offence.group"] == "public_order"


def test_a_code_is_spelt_as_the_table_spells_it():
    assert complete({"offence.code": "28e"}, TABLE, DAY)["offence.code"] == "28E"
    assert complete({"offence.code": "8/06"}, TABLE, DAY)["offence.code"] == "008/06"


def test_no_crime_has_no_offence():
    facts = {"offence.code": None}
    found = complete(facts, TABLE, DAY)
    assert found == {"offence.code": None, **ABSENT}
    assert told(facts, found, TABLE, DAY) == Told(frozenset(SHOP), None)


def test_what_the_case_says_too_may_agree():
    facts = {"offence.code": "46", "offence.group": "theft"}
    found = complete(facts, TABLE, DAY)
    assert found == {"offence.code": "46", **SHOP}
    assert "offence.group" not in told(facts, found, TABLE, DAY).names
    assert complete({"offence.code": None, "offence.group": None}, TABLE, DAY)


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"offence.code": "46", "offence.group": "sexual"},
         "f: offence.group: The case says 'sexual', and the code '46' means 'theft'. "
         "Correct one of the two, or leave this fact out."),
        ({"offence.code": "46", "offence.group": None},
         "f: offence.group: The case says absent, and the code '46' means 'theft'."),
        ({"offence.code": None, "offence.group": "sexual"},
         "f: offence.group: The case says 'sexual', and an absent code means absent."),
        ({"offence.code": "zz"},
         "f: offence.code: The offence table does not hold 'zz'. "
         "Give a notifiable code such as 8N, or a class and subclass such as 008/06."),
        ({"offence.code": "146"},
         "f: offence.code: The offence table does not hold '146'. Did you mean "),
        ({"offence.code": "28A"},
         "f: offence.code: '28A' is no code of 2018-01-01: it holds from the beginning to 2017-04-01. "
         "Give the code of that time."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(facts, wrong):
    with pytest.raises(FactError) as caught:
        complete(facts, TABLE, DAY, place="f")
    assert str(caught.value).startswith(wrong)


def test_a_code_not_yet_in_use_is_refused():
    with pytest.raises(
        FactError, match="'28E' is no code of 2017-03-31: it holds from 2017-04-01 to now"
    ):
        complete({"offence.code": "28E"}, TABLE, dt.date(2017, 3, 31))


def test_a_code_may_be_that_of_the_day_of_the_offence():
    """It counts from the day of recording, between the offence and the decision."""
    old = {"offence.code": "28A", "offence.date": dt.date(2017, 3, 1)}
    assert complete(old, TABLE, DAY)["offence.subgroup"] == "residential_burglary"
    assert day_of_code(old, TABLE, DAY) == dt.date(2017, 3, 1)
    assert told(old, complete(old, TABLE, DAY), TABLE, DAY).row["code"] == "28A"
    new = {"offence.code": "28E", "offence.date": dt.date(2017, 3, 1)}
    assert day_of_code(new, TABLE, DAY) == DAY
    assert day_of_code({"offence.code": "zz"}, TABLE, DAY) is None
    assert told({"offence.code": "zz"}, {}, TABLE, DAY).row is None
