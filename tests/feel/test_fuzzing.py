"""Whatever is written as a condition is read or refused; whatever is known of a case, nothing crashes."""

from itertools import islice, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amends.feel import FeelError, Unknown, compile_text, truth
from amends.feel.parsing import parse
from amends.policy.facts import catalogue
from support.generating import Generator

WORDS = st.sampled_from(
    [
        "and",
        "or",
        "not(",
        "(",
        ")",
        "[",
        "]",
        ",",
        "..",
        ".",
        "if",
        "then",
        "else",
        "some",
        "every",
        "x",
        "in",
        "victims",
        "satisfies",
        "between",
        "null",
        "true",
        "false",
        "1",
        "2.5",
        "1e400",
        "-1",
        "**",
        "*",
        "/",
        "+",
        "-",
        "<",
        "<=",
        "=",
        "!=",
        "offender.age",
        "gravity.score",
        "flags.hate",
        "v.age",
        "offence.code",
        '"46"',
        '@"P1Y"',
        '@"2013-06-01"',
        '@"PT5H"',
        "decision.date",
        "date(",
        "duration(",
        "count(",
        "max(",
        "sum(",
        "abs(",
        "floor(",
        "list",
        "contains(",
        "for",
        "function",
        "instance",
        "of",
        "@",
        "//",
        "/*",
        "\\",
        "é",
    ]
)
DECLARED = catalogue().declarations()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
@example("\x00")
@example('"\ud800"')
@example("²")
def test_any_text_is_read_or_refused(text):
    refused_or_read(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=14).map(" ".join))
@example('duration("P99999Y") + decision.date > decision.date')
@example("max([offender.age]) > 1")
def test_any_words_are_read_or_refused(text):
    refused_or_read(text)


def refused_or_read(text):
    try:
        condition = compile_text(text, DECLARED)
    except FeelError as error:
        assert str(error)
        assert 0 <= error.at <= len(text)
        return
    condition.value({})
    assert parse(text)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_said_of_a_case_holds_of_every_completion(seed):
    """A known value is that of every completion; one not known leaves each completion open."""
    made = Generator(seed)
    condition = made.rule(1).when
    for _ in range(6):
        whole = made.case(0.0)
        partial = {name: value for name, value in whole.items() if made.random.random() < 0.5}
        true, false = truth.pair(condition.value(partial))
        for case in islice(completions(made, condition, partial), 40):
            is_true, is_false = truth.pair(condition.value(case))
            assert not isinstance(condition.value(case), Unknown)
            assert true in (None, is_true), (condition.text, partial, case)
            assert false in (None, is_false), (condition.text, partial, case)


def completions(made, condition, partial):
    tops = {name if name in made.known else name.partition(".")[0] for name in condition.facts}
    missing = sorted(tops - set(partial))
    ways = [[made.value(made.known[name]) for _ in range(4)] for name in missing]
    for values in product(*ways):
        yield {**partial, **dict(zip(missing, values, strict=True))}
