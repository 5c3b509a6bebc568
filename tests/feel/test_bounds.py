"""How large a number that comes from facts can grow is worked out, so that every engine holds it."""

import pytest

from amends.feel import Type, compile_text, tree
from amends.feel.operating import bounds

FACTS = {
    "n": Type(kind="number", least=2, greatest=5),
    "m": Type(kind="number", least=-3, greatest=4),
    "s": Type(kind="number", absent=True, least=1, greatest=5),
    "b": Type(kind="boolean"),
    "k": Type(kind="string"),
    "vs": Type(kind="list", fields=(("age", Type(kind="number", least=0, greatest=9)),)),
    "d": Type(kind="date"),
    "e": Type(kind="date", absent=True),
}


def kind(text):
    return compile_text(text, FACTS).node.type


@pytest.mark.parametrize(
    ("text", "least", "greatest", "places"),
    [
        ("n + m", -1, 9, 0),
        ("n - m", -2, 8, 0),
        ("n * m", -15, 20, 0),
        ("m * m", -12, 16, 0),
        ("n + 1", 2, 7, 0),
        ("n - 1", 0, 5, 0),
        ("n * 2", 2, 15, 0),
        ("n * 0.25", -5, 5, 2),
        ("n + 0.5", 1, 6, 1),
        ("n * 0.5 + m * 0.25", -9, 9, 2),
        ("-n", -10, 0, 0),
        ("abs(m)", 0, 4, 0),
        ("abs(n * 0.5)", 0, 5, 1),
        ("floor(n * 0.5)", -6, 5, 0),
        ("ceiling(n * 0.5)", -5, 6, 0),
        ("min(n, m)", -3, 5, 0),
        ("max(n, m, 0.5)", -3, 5, 1),
        ("sum(n, m)", -1, 9, 0),
        ("sum(n, 0.25)", 1, 6, 2),
        ("string length(k)", 0, 10_000, 0),
        ("count(vs)", 0, 100_000, 0),
        ("d.year", 1, 9999, 0),
        ("if b then n else m", -3, 5, 0),
        ("if b then n else n * 0.5", -5, 5, 1),
    ],
)
def test_a_number_has_its_ends_and_its_decimal_places(text, least, greatest, places):
    found = kind(text)
    assert (found.kind, found.least, found.greatest, found.places) == (
        "number", least, greatest, places,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("n + 1", False),
        ("s + 1", True),
        ("1 + s", True),
        ("max(n, s)", True),
        ("max(n, 1)", False),
        ("s > 3", True),
        ("3 > s", True),
        ("n > 3", False),
        ("s = 3", False),
        ("s > 3 and b", True),
        ("b and n > 3", False),
        ("not(s > 3)", True),
        ("s = null", False),
        ("if b then n else s", True),
        ("if b then n else null", True),
        ("if b then n else m", False),
        ("e.year", True),
        ("d.year", False),
        ("e - d", True),
        ("some v in vs satisfies v.age > s", True),
        ("some v in vs satisfies v.age > n", False),
        ("s in (1, 2)", False),
        ("s between 1 and 2", True),
    ],
)
def test_what_may_be_null_is_known(text, absent):
    assert kind(text).absent is absent


def test_a_constant_has_the_ends_beside_it():
    for text, places in (("3", 0), ("2.5", 1), ("-0.125", 3), ("1e20", 0)):
        node = compile_text(text).node
        assert isinstance(node, tree.Const)
        found = bounds(node)
        assert found.least == int(node.value) - 1
        assert found.greatest == int(node.value) + 1
        assert found.places == places


def test_one_way_of_unknown_size_makes_the_choice_so():
    loose = {"b": Type(kind="boolean"), "x": Type(kind="number"), **FACTS}
    found = compile_text("if b then x else n", loose).node.type
    assert (found.least, found.greatest) == (None, None)
