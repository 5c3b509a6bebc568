"""What is not FEEL, not in our profile, or asks for an unknown fact is refused, with the place."""

import pytest

from amends.feel import FeelError, Type, compile_text
from amends.feel.checking import MOST_UNROLLED
from amends.feel.lexing import LONGEST_TEXT, tokens
from amends.feel.parsing import DEEPEST, LONGEST_CHAIN, parse

WHOLE = Type(kind="number", least=0, greatest=120)
FACTS = {
    "flags.hate": Type(kind="boolean"),
    "offender.age": WHOLE,
    "gravity.score": Type(kind="number", absent=True, least=1, greatest=5),
    "large": Type(kind="number", least=0, greatest=10**15 - 1),
    "big": Type(kind="number", least=0, greatest=10**15),
    "form": Type(kind="string", choices=("admits", "none")),
    "code": Type(kind="string", absent=True),
    "day": Type(kind="date"),
    "due": Type(kind="date", absent=True),
    "other": Type(kind="list", fields=(("n", WHOLE),)),
    "victims": Type(
        kind="list",
        fields=(("age", WHOLE), ("adult", Type(kind="boolean")), ("on", Type(kind="date"))),
    ),
}


def refused(text, kind=None):
    with pytest.raises(FeelError) as caught:
        compile_text(text, FACTS, kind=kind)
    return caught.value


@pytest.mark.parametrize(
    ("text", "at", "wrong"),
    [
        ("", 0, "The end stands where a value should."),
        ("1 +", 3, "The end stands where a value should."),
        ("1 2", 2, "'2' cannot follow here."),
        ("1 < 2 < 3", 6, "'<' cannot follow here."),
        ("(1", 2, "The end stands where ')' should."),
        ("1)", 1, "')' cannot follow here."),
        ("[1, 2", 5, "The end stands where ']' should."),
        ("]1", 0, "This bracket opens nothing."),
        ("1 in [1..2", 10, "A range is not closed."),
        ("1 in (1, 2", 10, "The end stands where ')' should."),
        ("[1..2]", 0, "A range may stand only after `in`."),
        ("1 in [2..1]", 5, "The range ends before it begins."),
        ("1 in [1..null]", 5, "The range ends before it begins."),
        ("* 2", 0, "'*' stands where a value should."),
        ("1 & 2", 2, "'&' has no meaning in a condition."),
        ('"abc', 0, "A string begins here and does not end."),
        ('1 + @"2013', 4, "A string begins here and does not end."),
        ('"a\nb"', 0, "A string begins here and does not end."),
        ("1 /* x", 2, "A comment begins here and does not end."),
        (r'"\q"', 0, r"\q has no meaning in a string."),
        (r'"\U110000"', 0, r"\U110000 is not a Unicode character."),
        (r'"\uD83D"', 0, "The string holds half a Unicode character."),
        ("1" * 35, 0, "The number has more than 34 digits."),
        ("1e7000", 0, "The number has more than 34 digits."),
        ("1e99999999999", 0, "The number has more than 34 digits."),
        ("if 1 = 1 then 2", 15, "The end stands where 'else' should."),
        ("if 1 = 1 else 2", 9, "'else' stands where 'then' should."),
        ("if 1 then 2 else 3", 3, "This is a number, not a condition."),
        ("1 between 2 or 3", 12, "'or' stands where 'and' should."),
        ("some in victims satisfies true", 5, "A name should stand here."),
        ("some x victims satisfies true", 7, "'victims' stands where 'in' should."),
        ("some x in victims where true", 18, "'where' stands where 'satisfies' should."),
        ("some 1", 0, "'some' stands where a value should."),
        ("for x in [1] return x", 0, "`for` is not in our profile."),
        ("1 instance of number", 2, "`instance of` is not in our profile."),
        ("function(x) x", 0, "Functions cannot be defined in our profile."),
        ("[1, 2][1]", 6, "A filter or an index is not in our profile."),
        ("day.", 4, "A name should follow the full stop."),
        ("day.5", 3, "'.5' cannot follow here."),
        ("-2 ** 2", 3, "A minus sign before a power can be read in two ways."),
        ("and", 0, "'and' stands where a value should."),
        ("abs(", 4, "The end stands where a value should."),
        ("abs(1", 5, "The end stands where ',' should."),
        ("max(1 2)", 6, "'2' stands where ',' should."),
        ("date(year: 2013, 6, 1)", 0, "Either every argument is named, or none is."),
        ("1 = 1 and 2", 10, "This is a number, not a condition."),
        ("not(1)", 4, "This is a number, not a condition."),
        ("1 = true", 2, "A number cannot be compared with a boolean: they are never equal."),
        ("true < false", 5, "A boolean is neither less nor greater than another."),
        ('1 + "a"', 2, "+ cannot stand between a number and a string."),
        ("true - 1", 5, "- cannot stand between a boolean and a number."),
        ("-true", 0, "A boolean has no negative."),
        ("day.hour", 0, "A date has no property 'hour' here."),
        ("day.weekday", 0, "A date has no property 'weekday' here."),
        ("offender.age.year", 0, "A number has no property 'year' here."),
        ('"a".year', 3, "A string has no property 'year' here."),
        ("offender.agee > 3", 0, "'offender.agee' is not a declared fact."),
        ("zzz", 0, "'zzz' is not a declared fact."),
        ("victims = 1", 0, "victims is a list."),
        ("some v in victims satisfies v", 28, "v is a whole record of victims."),
        ("some v in victims satisfies v.agee > 1", 28, "'agee' is not a declared fact."),
        ("some v in form satisfies true", 10, "A list should stand here."),
        ("some v in 1 satisfies true", 10, "A list should stand here."),
        ("count(offender.age)", 6, "A list should stand here."),
        ("some v in victims satisfies some w in other satisfies true", 28, "One list of facts at a time."),
        ("some v in victims satisfies 1", 28, "This is a number, not a condition."),
        ("[offender.age] = [1]", 0, "A list of facts may stand only after `in`, or in a function."),
        ("offender.age = null", 13, "This can never be null: null means *known to be absent*."),
        ("flags.hate = null", 11, "This can never be null: null means *known to be absent*."),
        ("(gravity.score > 3) = null", 20, "This can never be null: null means *known to be absent*."),
        ('form = "admitts"', 5, '"admitts" is not a value this fact can have.'),
        ('form in ("admits", "x")', 19, '"x" is not a value this fact can have.'),
        ('form < "none"', 5, "Facts that are text have no order."),
        ("offender.age > 1234567890.123456", 13, "The number is too long to compare with a fact."),
        ("if flags.hate then 1 else \"a\"", 0, "One way gives a number, the other a string."),
        ("if flags.hate then [1] else [2]", 0, "One way gives a list of number, the other a list of number."),
        ("offender.age / 2 > 1", 13, "/ may not be used here on facts."),
        ("2 ** offender.age > 1", 2, "** may not be used here on facts."),
        ('code + "a" = "b"', 5, "+ may not be used here on facts."),
        ('day + @"PT1H" > day', 4, "A date can be moved by whole days only."),
        ('day + @"P200Y1M" > day', 4, "A date can be moved by at most 200 years."),
        ('day - @"P73201D" > day', 4, "A date can be moved by at most 200 years."),
        ('@"P201Y" + day > day', 9, "A date can be moved by at most 200 years."),
        ("day + (due - day) > day", 4, "+ may not be used here on facts."),
        ("big * 2 > 1", 4, "The number could grow too large to be exact."),
        ("big + 1 > 1", 4, "The number could grow too large to be exact."),
        ("sum(big, 1) > 1", 0, "The number could grow too large to be exact."),
        ("abs(offender.age, 1)", 0, "abs does not take 2 values."),
        ("nosuch(1)", 0, "'nosuch' is not a function of our profile."),
        ("abs(x: 1)", 0, "abs has no values of these names."),
        ('abs("a")', 0, 'abs takes a number, not the string "a".'),
        ("abs(day)", 0, "abs takes a number, not the date."),
        ('max(1, "a")', 0, 'max takes a number, not the string "a".'),
        ("@\"x\"", 0, '"x" is not a date, local time or duration that we read.'),
        ("floor(offender.age, 1) > 1", 0, "floor may be used on constants only, not on facts."),
        ("ceiling(offender.age, 1) > 1", 0, "ceiling may be used on constants only, not on facts."),
        ("modulo(offender.age, 2) = 1", 0, "modulo may be used on constants only, not on facts."),
        ("even(offender.age)", 0, "even may be used on constants only, not on facts."),
        ("odd(offender.age)", 0, "odd may be used on constants only, not on facts."),
        ("date(offender.age, 1, 1) > day", 0, "date may be used on constants only, not on facts."),
        ("date(code) > day", 0, "date may be used on constants only, not on facts."),
        ('time(code) > @"10:00:00"', 0, "time may be used on constants only, not on facts."),
        ('duration(code) > @"P1D"', 0, "duration may be used on constants only, not on facts."),
        ("date and time(code) = null", 0, "date and time may be used on constants only, not on facts."),
        ("substring(code, 1)", 0, "substring may be used on constants only, not on facts."),
        ("substring(code, 1, 1)", 0, "substring may be used on constants only, not on facts."),
        ('substring before(code, "a")', 0, "substring before may be used on constants only, not on facts."),
        ('substring after(code, "a")', 0, "substring after may be used on constants only, not on facts."),
    ],
)  # fmt: skip
def test_a_refusal_says_what_and_where(text, at, wrong):
    error = refused(text)
    assert (error.wrong, error.at) == (wrong, at)
    assert error.text == text


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("offender.agee > 3", "Did you mean offender.age?"),
        ("zzz", "See the catalogue of facts."),
        ('form = "admitts"', "Did you mean 'admits'? It can be: admits, none."),
        ('form = "zzz"', "It can be: admits, none."),
        ("abss(1)", "Did you mean abs?"),
        ("zzzzzz(1)", ""),
        ("nott(1)", "Did you mean not?"),
        ("floor()", "Write floor(n) or floor(n, scale)."),
        ("abs(x: 1)", "Its names are n."),
        ("day.hour", "Known: year, month, day."),
        ("offender.age.year", ""),
        ("some v in form satisfies true", "The lists of a case are: other, victims."),
        ("some v in victims satisfies v.agee > 1", "Did you mean age?"),
    ],
)
def test_a_refusal_says_what_would_be_right(text, right):
    assert refused(text).right == right


def test_where_no_list_is_declared_one_is_shown():
    with pytest.raises(FeelError) as caught:
        compile_text("count(x)")
    assert caught.value.right == "For example [1, 2, 3]."


# --- the message ----------------------------------------------------------------------------------


def test_the_caret_stands_under_the_place():
    assert str(refused("offender.age > 3 and\n\tzzz = 1")) == (
        "'zzz' is not a declared fact. (line 2, column 2)\n"
        "     zzz = 1\n"
        "     ^\n"
        "  See the catalogue of facts."
    )


def test_a_long_line_is_cut_round_the_place():
    text = "1 = 1 and " * 20 + "zzz" + " and 1 = 1" * 20
    line, caret = str(refused(text)).split("\n")[1:3]
    assert "(line 1, column 201)" in str(refused(text))
    assert line[caret.index("^") :].startswith("zzz")
    assert len(line) == 4 + 140
    assert caret.index("^") == 4 + 70


def test_a_short_line_is_not_cut():
    text = "1 = 1 and " * 7 + "zzz"
    line, caret = str(refused(text)).split("\n")[1:3]
    assert line == "    " + text
    assert caret == " " * 74 + "^"


def test_a_place_past_the_end_is_the_end():
    assert FeelError("ab", 9, "Wrong.").at == 2
    assert str(FeelError("ab", 9, "Wrong.")) == "Wrong. (line 1, column 3)\n    ab\n      ^"
    assert FeelError("ab\ncd", 3, "Wrong.").shown().endswith("line 2, column 1)\n    cd\n    ^")


# --- the kind that is wanted ----------------------------------------------------------------------


def test_a_condition_must_be_true_or_false():
    error = refused("offender.age + 1", kind="boolean")
    assert (error.wrong, error.at) == ("This is a number, where a boolean is wanted.", 0)
    assert compile_text("offender.age > 1", FACTS, kind="boolean").value({"offender.age": 2})
    assert compile_text("null", FACTS, kind="boolean").value({}) is None


# --- limits ---------------------------------------------------------------------------------------


def test_the_longest_text():
    parse("1" + " " * (LONGEST_TEXT - 1))
    with pytest.raises(FeelError, match="10,001 characters long") as caught:
        parse("1" + " " * LONGEST_TEXT)
    assert caught.value.at == LONGEST_TEXT


def test_the_deepest_nesting():
    parse("(" * (DEEPEST - 1) + "1" + ")" * (DEEPEST - 1))
    with pytest.raises(FeelError, match=f"nested more than {DEEPEST} deep"):
        parse("(" * DEEPEST + "1" + ")" * DEEPEST)
    # What is done with does not count.
    parse(" and ".join(["(1 = 1)"] * DEEPEST))


def test_the_most_lists_of_some():
    def some(count):
        return "some " + ", ".join(f"x{n} in [1]" for n in range(count)) + " satisfies true"

    parse(some(DEEPEST - 1).replace("x58 in [1]", "x58 in y"))
    with pytest.raises(FeelError, match=f"nested more than {DEEPEST} deep"):
        parse(some(DEEPEST))
    parse(" or ".join(f"({some(30)})" for _ in range(9)))


def test_the_most_items_that_lists_within_lists_try():
    def some(*sizes):
        lists = (f"x{n} in {list(range(size))}" for n, size in enumerate(sizes))
        return "some " + ", ".join(lists) + " satisfies x0 = 1"

    assert MOST_UNROLLED == 2_000
    compile_text(some(2, 999), {})  # 2, and twice 999
    for sizes in ((2, 1000), (10,) * 7, (3, 3, 3, 3, 3, 3, 3)):
        with pytest.raises(FeelError, match="Lists within lists make more than 2,000 cases"):
            compile_text(some(*sizes), {})


@pytest.mark.parametrize("sign", [" and ", " or ", " + ", " - ", " * ", " / ", " ** "])
def test_the_longest_chain(sign):
    part = "true" if sign in (" and ", " or ") else "1"
    parse(sign.join([part] * (LONGEST_CHAIN + 1)))
    with pytest.raises(FeelError, match=f"More than {LONGEST_CHAIN} parts are joined"):
        parse(sign.join([part] * (LONGEST_CHAIN + 2)))


def test_the_most_minus_signs_and_full_stops():
    parse("-" * LONGEST_CHAIN + "1")
    with pytest.raises(FeelError, match="parts are joined"):
        parse("-" * (LONGEST_CHAIN + 1) + "1")
    parse("a" + ".a" * LONGEST_CHAIN)
    with pytest.raises(FeelError, match="parts are joined"):
        parse("a" + ".a" * (LONGEST_CHAIN + 1))


def test_numbers_up_to_34_digits_are_exact():
    assert compile_text("9" * 34).value({}) == int("9" * 34)
    assert compile_text("1e6000").value({})
    assert refused("1e6001").wrong == "The number has more than 34 digits."
    assert compile_text("1e-6000").value({})
    assert refused("1e-6001").wrong == "The number has more than 34 digits."


def test_numbers_that_come_from_facts_stay_exact():
    assert compile_text("large - 0 > 1", FACTS).value({"large": 2})
    assert compile_text("offender.age * 1000000000 > 1", FACTS).value({"offender.age": 2})
    assert refused("large + 1 > 1").wrong == "The number could grow too large to be exact."
    assert refused("big * -2 > 1").wrong == "The number could grow too large to be exact."
    assert refused("offender.age * 1000000.00000001 > 1").wrong.startswith("The number could grow")
    assert compile_text("offender.age > 1234567890123.5", FACTS).value({"offender.age": 1}) is False
    assert refused("offender.age > 12345678901234.5").wrong.startswith("The number is too long")
    assert refused("12345678901234.5 < offender.age").wrong.startswith("The number is too long")


def test_dates_that_come_from_facts_stay_in_the_calendar():
    for step in ("P200Y", "-P200Y", "P2400M", "P73200D", "-P73200D"):
        assert compile_text(f'day + @"{step}" > day', FACTS)


# --- tokens ---------------------------------------------------------------------------------------


def read(text):
    return [(token.kind, token.text, token.at) for token in tokens(text)]


def test_tokens_have_their_places():
    assert read('a1 <= 1.5e3 // end\n @"x" "y"..') == [
        ("name", "a1", 0),
        ("sign", "<=", 3),
        ("number", "1.5e3", 6),
        ("at", "x", 20),
        ("string", "y", 25),
        ("sign", "..", 28),
        ("end", "the end", 30),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"a\nb\tc\rd\"e\\f\'g"', "a\nb\tc\rd\"e\\f'g"),
        (r'"é"', "é"),
        (r'"\U01F40E"', "\U0001f40e"),
        (r'"\uD83D\uDC0E"', "\U0001f40e"),
        (r'"\U10FFFF"', "\U0010ffff"),
        ('"plain"', "plain"),
        ('"/* no comment */"', "/* no comment */"),
    ],
)
def test_strings_are_unescaped(text, value):
    assert compile_text(text).value({}) == value


@pytest.mark.parametrize(
    "text", ["1 /* a\n * b */ + 1", "1 + // one\n1", "/**/1+1", "1 + 1 // and so on", "\t1\r\n+ 1 "]
)
def test_comments_and_blanks_are_passed_over(text):
    assert compile_text(text).value({}) == 2


def test_names_are_more_than_ascii():
    assert compile_text("é > 1", {"é": WHOLE}).value({"é": 2}) is True
    assert refused("1a").wrong == "'a' cannot follow here."
    assert compile_text("some_1 > 1", {"some_1": WHOLE}).value({"some_1": 2}) is True
    assert compile_text("date > 1", {"date": WHOLE}).value({"date": 2}) is True


def test_names_of_functions_may_have_blanks():
    assert compile_text('string  length ( "abc" )').value({}) == 3
    assert compile_text('starts with("abc", "a")').value({}) is True
    assert refused("string length").wrong == "'length' cannot follow here."


def test_a_name_given_by_some_hides_nothing_beside_it():
    text = "(some x in [1] satisfies x = 1) and x = 2"
    assert compile_text(text, {"x": WHOLE}).value({"x": 2}) is True
    text = "some offender in victims satisfies offender.age = 3"
    assert compile_text(text, FACTS).value({"victims": ({"age": 3},), "offender.age": 9}) is True


def test_some_over_constants_inside_some_over_facts():
    text = "some v in victims satisfies some n in [1, 2] satisfies v.age = n"
    assert compile_text(text, FACTS).value({"victims": ({"age": 2},)}) is True
    text = "some n in [1, 2] satisfies some v in victims satisfies v.age = n"
    assert compile_text(text, FACTS).value({"victims": ({"age": 3},)}) is False
    text = 'some d in [@"2013-01-01"] satisfies d.year = 2013'
    assert compile_text(text, FACTS).value({}) is True
