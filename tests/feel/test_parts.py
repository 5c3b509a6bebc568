"""The parts of a condition, before and after it is checked, are values: they cannot change."""

import dataclasses
import inspect

import pytest

from amends.feel import Type, compile_text, syntax, tree
from amends.feel.conditions import Condition
from amends.feel.functions import Function
from amends.feel.lexing import Token
from amends.feel.types import ORDERED
from amends.feel.values import Months

PARTS = [
    made
    for module in (syntax, tree)
    for _, made in inspect.getmembers(module, inspect.isclass)
    if made.__module__ == module.__name__
]
ALL = [*PARTS, Type, Token, Months, Function, Condition]


@pytest.mark.parametrize("part", ALL, ids=lambda part: f"{part.__module__}.{part.__name__}")
def test_it_is_a_value(part):
    assert part.__dataclass_params__.frozen
    assert "__slots__" in vars(part), "thousands are made: no dictionary in each"
    assert part.__dataclass_params__.eq


@pytest.mark.parametrize(
    "part",
    [*(p for p in PARTS if p.__module__ == syntax.__name__), Type, Function],
    ids=lambda part: part.__name__,
)
def test_its_fields_are_named_where_it_is_made(part):
    assert all(field.kw_only for field in dataclasses.fields(part))


def test_every_node_is_walked():
    text = (
        "if b and not(s = null) then (some v in vs satisfies v.age in (1, 2)) "
        "else count(vs) > 1 or n + 1 < abs(n)"
    )
    number = Type(kind="number", least=0, greatest=9)
    declared = {
        "b": Type(kind="boolean"),
        "s": Type(kind="string", absent=True),
        "n": number,
        "vs": Type(kind="list", fields=(("age", number),)),
    }
    node = compile_text(text, declared).node
    kinds = {type(part).__name__ for part in tree.walk(node)}
    nodes = {made.__name__ for made in PARTS if made.__module__ == tree.__name__} - {"Node"}
    assert kinds == nodes, "the condition above should have a part of every kind"
    assert tree.facts_in(node) == ("b", "s", "vs", "vs.age", "n")
    assert [type(part).__name__ for part in tree.children(node)] == ["And", "Quantified", "Or"]
    assert next(tree.walk(node)) is node


def test_a_constant_has_nothing_below_it():
    node = compile_text("1").node
    assert tree.children(node) == ()
    assert tree.is_constant(node)
    assert not tree.is_constant(compile_text("b", {"b": Type(kind="boolean")}).node)
    assert tree.facts_in(node) == ()


def test_a_type_says_what_it_is():
    number = Type(kind="number")
    of = Type(kind="list", item=number, fields=(("age", number),))
    assert str(number) == "number"
    assert str(of) == "list of number"
    assert str(Type(kind="range", item=number)) == "range of number"
    assert str(Type(kind="list")) == "list"
    assert str(Type(kind="number", item=number)) == "number"
    assert of.field("age") == number
    assert of.field("name") is None
    assert number.field("age") is None
    assert not number.absent
    assert number.places == 0
    assert "boolean" not in ORDERED
    assert len(ORDERED) == 7
