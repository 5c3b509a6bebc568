"""Texts and days: kept exactly, or refused with what is wrong; outcomes and the time bar."""

import csv
import datetime as dt
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.outcomes import outcomes
from amends.cases.texts import BadValue, age, day, text
from amends.cases.time_bar import time_bar
from amends.policy.code_tables import CONFIDENCES

D = dt.date
TODAY = D(2026, 2, 28)


@pytest.mark.parametrize(
    "value",
    ["It was me.", "Être désolé", "Ŵyn Llŷr", "👮🏽‍♀️ sorry 𝔸", "two\nlines\tand a tab", "x" * 5000],
)
def test_what_people_say_is_kept_exactly(value):
    assert text(value, "words") == value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "TXT-EMPTY"), (" \n ", "TXT-EMPTY"), ("x" * 5001, "TXT-LONG"), ("a\0b", "TXT-SIGN"),
        ("a\x1bb", "TXT-SIGN"), ("a\ud800b", "TXT-SIGN"), ("abc\u202egnp", "TXT-ORDER"),
        ("\u2066x\u2069", "TXT-ORDER"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_by_its_code(value, code):
    with pytest.raises(BadValue) as caught:
        text(value, "words")
    assert (caught.value.code, caught.value.field) == (code, "words")


@given(st.text(max_size=200))
def test_a_text_is_kept_as_it_is_or_refused(value):
    try:
        assert text(value, "words", needed=False) == value
    except BadValue as error:
        assert error.code in ("TXT-SIGN", "TXT-ORDER")


@pytest.mark.parametrize(
    ("value", "after", "code"),
    [
        (D(2026, 3, 1), None, "DAY-FUTURE"), (D(1899, 12, 31), None, "DAY-EARLY"),
        (D(2020, 1, 1), D(2020, 1, 2), "DAY-ORDER"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_refused(value, after, code):
    with pytest.raises(BadValue) as caught:
        day(value, "said", today=TODAY, after=after)
    assert caught.value.code == code


def test_a_day_that_can_be_is_kept():
    assert day(TODAY, "said", today=TODAY, after=TODAY) == TODAY


def test_a_birthday_counts_from_its_first_hour_and_a_leap_day_on_the_first_of_march():
    assert age(D(2008, 2, 28), TODAY) == 18
    assert age(D(2008, 3, 1), TODAY) == 17
    assert age(D(2008, 2, 29), D(2026, 2, 28)) == 17
    assert age(D(2008, 2, 29), D(2026, 3, 1)) == 18


@given(st.dates(D(1900, 1, 1), D(2100, 1, 1)), st.dates(D(1900, 1, 1), D(2100, 1, 1)))
def test_nobody_grows_younger(born, on):
    assert age(born, on + dt.timedelta(days=1)) >= age(born, on)


# --- the time bar -----------------------------------------------------------------------------------


def test_a_summary_offence_can_be_prosecuted_for_six_months():
    for on, last in ((D(2025, 8, 31), D(2026, 2, 28)), (D(2025, 1, 15), D(2025, 7, 15))):
        found = bar("summary_only", on, code="125/12")
        assert (found.sure_until, found.last_day) == (last, last)
        assert "longer" not in found.why
        assert found.confidence == "illustrative"
        assert "Not read in the Acts (illustrative)" in found.why


WARNED = "the ordinary six months may not apply"


def bar(mode, on, code=None, domestic=None):
    given = {
        "offence.mode_of_trial": mode,
        "offence.date": on,
        "offence.code": code,
        "flags.domestic_abuse": domestic,
    }
    return time_bar({name: one for name, one in given.items() if one is not None})


@pytest.mark.parametrize(
    ("code", "domestic", "on", "last"),
    [
        ("105/01", True, D(2025, 1, 15), D(2027, 1, 15)),
        ("105/01", None, D(2025, 1, 15), D(2027, 1, 15)),
        ("105/01", True, D(2022, 6, 28), D(2024, 6, 28)),
        ("105/01", False, D(2025, 1, 15), D(2025, 7, 15)),
        ("105/01", True, D(2022, 6, 27), D(2022, 12, 27)),
        ("130/01", False, D(2025, 1, 15), D(2028, 1, 15)),
        ("130/03", False, D(2025, 1, 15), D(2028, 1, 15)),
        ("149/00", False, D(2015, 1, 15), None),  # criminal damage of little value
        ("131/01", None, D(2015, 1, 15), None),
        ("125/12", True, D(2025, 1, 15), D(2025, 7, 15)),
    ],
)
def test_an_exception_that_might_apply_is_never_passed_over(code, domestic, on, last):
    found = bar("summary_only", on, code, domestic)
    assert found.last_day == last
    assert found.sure_until == bar("summary_only", on, "125/12").sure_until
    assert (WARNED in found.why) == (found.last_day != found.sure_until)


@pytest.mark.parametrize(
    "code",
    [
        None,  # an offence under the Communications Act 2003 s127, of which no code is held
        "48",  # theft or unauthorised taking: offences of different modes of trial
        "46",  # low-value shoplifting, typed as summary: the table says either way
        "58D",  # criminal damage, the same
        "105A",  # assault without injury, aggravated or not
        "8R",  # malicious communications, under one Act or another
        "140/99",  # a code that is not held
    ],
)
def test_where_the_code_does_not_say_the_offence_it_is_never_said_to_be_too_late(code):
    found = bar("summary_only", D(2015, 1, 15), code)
    assert (found.sure_until, found.last_day) == (D(2015, 7, 15), None)
    assert WARNED in found.why


@pytest.mark.parametrize("mode", ["either_way", "indictable_only", None])
def test_where_no_bar_is_known_no_day_is_given_and_it_is_said_why(mode):
    found = bar(mode, D(2025, 1, 1))
    assert (found.sure_until, found.last_day) == (None, None)
    assert found.why
    assert bar("summary_only", None).last_day is None


# --- outcomes ---------------------------------------------------------------------------------------


def test_an_outcome_may_be_given_from_its_day():
    found = outcomes()
    assert found["8"].holds_on(D(2013, 4, 1))
    assert not found["8"].holds_on(D(2013, 3, 31))
    assert not found["22"].holds_on(D(2019, 3, 31))
    assert found["22"].confidence == "reported"
    assert {one.confidence for one in found.values()} == {"illustrative", "reported"}
    assert set(found) == {*map(str, range(1, 24)), "1A", "2A", "3A"}  # domain.md 3.1


def test_an_outcome_says_what_it_is_and_how_far_that_is_known():
    fraud = outcomes()["19"]
    assert "National Fraud Intelligence Bureau" in fraud.name
    assert (fraud.starts, fraud.confidence) == (D(2014, 4, 1), "illustrative")


@pytest.mark.parametrize("name", ["outcomes", "retention", "time_limits"])
def test_what_was_read_is_told_in_the_words_of_the_policies(name):
    rows = csv.DictReader((files("amends.cases") / f"{name}.csv").read_text("utf-8").splitlines())
    for row in rows:
        assert row["confidence"] in CONFIDENCES
        assert row["source"]
        if "general knowledge" in row["source"] or "not read" in row["source"]:
            assert row["confidence"] == "illustrative", row
