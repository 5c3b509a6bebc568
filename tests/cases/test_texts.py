"""Texts and days: kept exactly, or refused with what is wrong; outcomes and the time bar."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases.outcomes import outcomes
from amends.cases.texts import BadValue, age, day, text
from amends.cases.time_bar import time_bar

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
        found = bar("summary_only", on, code="140/01")
        assert (found.sure_until, found.last_day) == (last, last)
        assert "longer" not in found.why
        assert found.confidence == "background"


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
        ("105A", True, D(2022, 6, 28), D(2024, 6, 28)),
        ("105/01", False, D(2025, 1, 15), D(2025, 7, 15)),
        ("105/01", True, D(2022, 6, 27), D(2022, 12, 27)),
        ("130/01", False, D(2025, 1, 15), D(2028, 1, 15)),
        ("48", None, D(2025, 1, 15), D(2028, 1, 15)),
        (None, False, D(2025, 1, 15), D(2028, 1, 15)),
        ("140/01", True, D(2025, 1, 15), D(2025, 7, 15)),
    ],
)
def test_an_exception_that_might_apply_is_never_passed_over(code, domestic, on, last):
    found = bar("summary_only", on, code, domestic)
    assert found.last_day == last
    assert found.sure_until == bar("summary_only", on, "140/01").sure_until
    assert ("a longer limit may apply" in found.why) == (found.last_day != found.sure_until)


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
    assert {one.confidence for one in found.values()} == {"background", "reported"}
