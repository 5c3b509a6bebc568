"""What a small slip in the condition language would change: ends, order, kinds, and what is refused."""

import datetime as dt

import pytest

from amends.feel import NOT_TRUE, UNKNOWN, UNKNOWN_OR_ABSENT, FeelError, Type, compile_text
from amends.feel.parsing import DEEPEST, parse

RISING = Type(kind="number", least=0, greatest=5)
FALLING = Type(kind="number", least=-5, greatest=0)
FACTS = {
    "b": Type(kind="boolean"),
    "z": RISING,
    "w": FALLING,
    "nought": Type(kind="number", least=0, greatest=0),
    "n": Type(kind="number", least=2, greatest=5),
    "s": Type(kind="number", absent=True, least=1, greatest=5),
    "half": Type(kind="number", least=1),
    "form": Type(kind="string", choices=("admits", "none")),
    "code": Type(kind="string", absent=True),
    "d": Type(kind="date"),
    "e": Type(kind="date", absent=True),
    "size_1": RISING,
    "size_2": RISING,
    "size_3": RISING,
    "size_4": RISING,
}


def value(text, **facts):
    return compile_text(text, FACTS).value(facts)


def kind(text):
    return compile_text(text, FACTS).node.type


def refused(text):
    with pytest.raises(FeelError) as caught:
        compile_text(text, FACTS)
    return caught.value


# --- the ends of numbers that come from facts -----------------------------------------------------


@pytest.mark.parametrize(
    ("text", "least", "greatest"),
    [
        ("z + n", 2, 10),
        ("n + w", -3, 5),
        ("w + n", -3, 5),
        ("z - n", -5, 3),
        ("z * n", 0, 25),
        ("n * w", -25, 0),
        ("w * w", 0, 25),
        ("abs(w)", 0, 5),
        ("abs(nought)", 0, 0),
        ("floor(z)", -1, 5),
        ("floor(w)", -6, 0),
        ("ceiling(z)", 0, 6),
        ("ceiling(w)", -5, 1),
        ("sum(z, z)", 0, 10),
        ("sum(w, w)", -10, 0),
        ("min(z, n)", 0, 5),
        ("max(w, w)", -5, 0),
        ("if b then z else z", 0, 5),
        ("if b then w else w", -5, 0),
        ("if b then half else n", None, None),
    ],
)
def test_a_number_that_may_be_nought_keeps_its_ends(text, least, greatest):
    found = kind(text)
    assert (found.least, found.greatest) == (least, greatest)


def test_nought_times_anything_is_never_too_large():
    assert value("nought * 0.0000000000000001 = nought", nought=0) is True


def test_fifteen_digits_are_allowed_whichever_of_them_are_decimal_places():
    whole = Type(kind="number", least=0, greatest=99_000_000_000_000)
    found = compile_text("x + 0.1 > 1", {"x": whole}).value({"x": 1})
    assert found is True
    larger = Type(kind="number", least=0, greatest=100_000_000_000_000)
    with pytest.raises(FeelError, match="too large to be exact"):
        compile_text("x + 0.1 > 1", {"x": larger})


# --- kinds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + 1", "number"),
        ('"a" + "b"', "string"),
        ('@"2013-01-31" + @"P1D"', "date"),
        ('@"2013-01-31" + @"P1M"', "date"),
        ('@"P1D" + @"2013-01-31"', "date"),
        ('@"P1M" + @"2013-01-31"', "date"),
        ('@"2013-01-31T10:00:00" + @"P1D"', "date and time"),
        ('@"2013-01-31T10:00:00" + @"P1M"', "date and time"),
        ('@"P1D" + @"2013-01-31T10:00:00"', "date and time"),
        ('@"P1M" + @"2013-01-31T10:00:00"', "date and time"),
        ('@"10:00:00" + @"PT1H"', "time"),
        ('@"PT1H" + @"10:00:00"', "time"),
        ('@"P1D" + @"P1D"', "days and time duration"),
        ('@"P1M" + @"P1M"', "years and months duration"),
        ("2 - 1", "number"),
        ('@"2013-01-31" - @"2013-01-01"', "days and time duration"),
        ('@"2013-01-31T10:00:00" - @"2013-01-01T10:00:00"', "days and time duration"),
        ('@"10:00:00" - @"09:00:00"', "days and time duration"),
        ('@"2013-01-31" - @"P1D"', "date"),
        ('@"2013-01-31" - @"P1M"', "date"),
        ('@"2013-01-31T10:00:00" - @"P1D"', "date and time"),
        ('@"2013-01-31T10:00:00" - @"P1M"', "date and time"),
        ('@"10:00:00" - @"PT1H"', "time"),
        ('@"P2D" - @"P1D"', "days and time duration"),
        ('@"P2M" - @"P1M"', "years and months duration"),
        ("2 * 3", "number"),
        ('2 * @"P1D"', "days and time duration"),
        ('@"P1D" * 2', "days and time duration"),
        ('2 * @"P1M"', "years and months duration"),
        ('@"P1M" * 2', "years and months duration"),
        ("3 / 2", "number"),
        ('@"P1D" / 2', "days and time duration"),
        ('@"P2M" / 2', "years and months duration"),
        ('@"P1D" / @"PT1H"', "number"),
        ('@"P1Y" / @"P1M"', "number"),
        ("2 ** 3", "number"),
        ("d - e", "days and time duration"),
        ('d + @"P1D"', "date"),
        ('@"P1M" + d', "date"),
        ("if b then null else n", "number"),
        ("if b then n else null", "number"),
        ("if b then null else null", "null"),
    ],
)
def test_a_value_has_the_kind_that_dmn_gives_it(text, wanted):
    assert kind(text).kind == wanted


def test_a_choice_that_may_be_null_is_so_whichever_way_is_null():
    assert kind("if b then null else n").absent
    assert kind("if b then n else null").absent


# --- what is known --------------------------------------------------------------------------------


def test_equality_of_conditions_keeps_what_is_known_of_each():
    """`b and null` is not true, whatever b is, though it is not known to be false."""
    assert value("b and s > 3", s=None) is NOT_TRUE
    assert value("(b and s > 3) = true", s=None) is False
    assert value("true = (b and s > 3)", s=None) is False
    assert value("(b and s > 3) in (true)", s=None) is False
    assert value("(b and s > 3) in (true, true)", s=None) is False


def test_a_choice_of_a_null_and_a_number_may_be_either():
    assert value("if b then s else n", s=None, n=1) is UNKNOWN_OR_ABSENT
    assert value("(if b then s else n) = null", s=None, n=2) is UNKNOWN
    assert value("(if b then n else s) = null", s=None, n=2) is UNKNOWN


def test_one_date_less_another_is_not_the_other_less_the_one():
    day = dt.date(2013, 6, 1)
    assert value('@"2013-06-15" - d = @"P14D"', d=day) is True
    assert value('d - @"2013-06-15" = @"-P14D"', d=day) is True


# --- what is refused ------------------------------------------------------------------------------


def test_the_steps_between_dates_of_facts_are_not_added():
    assert refused('(d - e) + (d - e) > @"P1D"').wrong == "+ may not be used here on facts."
    assert refused('(d - e) * 2 > @"P1D"').wrong == "* may not be used here on facts."


@pytest.mark.parametrize("text", ['"zzz" = form', 'form = "zzz"', '"zzz" != form'])
def test_a_value_that_a_fact_cannot_have_is_refused_on_either_side(text):
    assert refused(text).wrong == '"zzz" is not a value this fact can have.'


def test_at_most_three_facts_and_two_functions_are_suggested():
    assert refused("size_5 > 1").right.count(" or ") == 2
    assert refused("substrin(code)").right.count(" or ") == 1


@pytest.mark.parametrize("text", ["some", "some 1 in [1] satisfies true", "every", "(some)"])
def test_some_and_every_begin_nothing_without_a_name(text):
    word = "every" if "every" in text else "some"
    assert refused(text).wrong == f"'{word}' stands where a value should."


@pytest.mark.parametrize("text", [r'"\u12"', r'"\u"', r'"\U0001F"', r'"\x"'])
def test_half_an_escape_means_nothing(text):
    assert refused(text).wrong.endswith("has no meaning in a string.")


@pytest.mark.parametrize(
    "name",
    [
        "date(code) = d",
        "time(code) = null",
        "date and time(code) = null",
        "duration(code) = null",
        "date(n, 1, 1) = d",
    ],
)
def test_no_fact_is_read_as_a_date_or_a_duration(name):
    assert refused(name).wrong.endswith("may be used on constants only, not on facts.")


# --- limits ---------------------------------------------------------------------------------------


def test_one_hundred_and_fifty_parts_are_joined_to_the_first_and_no_more():
    parse(" or ".join(["true"] * 151))
    with pytest.raises(FeelError, match="More than 150 parts"):
        parse(" or ".join(["true"] * 152))


def test_lists_named_before_do_not_let_what_follows_nest_deeper():
    pair = "(some x in y, z in y satisfies true)"
    deep = "(" * DEEPEST + "true" + ")" * DEEPEST
    for text in (f"{pair} and {pair} and {deep}", f"{pair} or {deep}"):
        with pytest.raises(FeelError, match="nested more than"):
            parse(text)


def test_the_most_lists_of_one_some_is_its_depth():
    names = ", ".join(f"x{n} in y" for n in range(DEEPEST - 1))
    parse(f"some {names} satisfies true")
    with pytest.raises(FeelError, match="nested more than"):
        parse(f"some {names}, last in y satisfies true")


def test_the_longest_duration_is_ten_million_million_seconds():
    assert value('@"PT0.000001S" * 10000000000000000000 = @"PT1S" * 10000000000000') is True
    assert refused('@"PT0.000001S" * 10000000000000000001 = @"P1D"').wrong == (
        "The duration is too long, or finer than a microsecond."
    )


# --- constants ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('@"P2Y".years', 2),
        ('@"P1Y11M".years', 1),
        ('@"P1Y11M".months', 11),
        ("odd(1)", True),
        ("odd(-1)", True),
        ("odd(0)", False),
        ("odd(1.5)", False),
        ("2 in [[[1..3]]]", True),
        ("4 in [[[1..3]]]", False),
    ],
)
def test_a_constant_is_worked_out_to_the_end(text, wanted):
    assert value(text) == wanted
