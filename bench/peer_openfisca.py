"""The same rules as OpenFisca-Core variables: thirteen inputs, one variable a rule, and the answer."""

from collections.abc import Callable, Mapping
from enum import Enum as PyEnum
from typing import Any, Final

import numpy as np
from openfisca_core.entities import Entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from amends.feel import tree
from amends.policy.inputs import raised_node
from amends.policy.rules import Ruleset

PERIOD: Final = "2013-06"
ENTITY: Final = Entity("case", "cases", "A case", "One resolution.")
_TESTS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def plain(fact: str) -> str:
    """The name of a fact as a variable."""
    return fact.replace(".", "_")


class System:
    """The rules as a system of variables, over facts whose choices are *choices*."""

    def __init__(self, rules: Ruleset, choices: Mapping[str, tuple[str, ...]]) -> None:
        self.rules = rules
        self.enums = {
            fact: Enum(f"Kind{n}", [(word, word) for word in words])  # type: ignore[call-overload]
            for n, (fact, words) in enumerate(choices.items())
        }
        self.system = TaxBenefitSystem([ENTITY])
        for node in {part for r in rules.rules for part in tree.walk(raised_node(r))}:
            if isinstance(node, tree.Fact):
                self._add_input(node)
        for n, rule in enumerate(rules.rules):
            self._add(f"rule_{n}", bool, False, self._formula(raised_node(rule)))
        self._add("answer", int, 0, self._answer())

    def _add_input(self, fact: tree.Fact) -> None:
        if fact.name in self.enums:
            kind = self.enums[fact.name]
            self._add(plain(fact.name), Enum, next(iter(kind)), None, possible_values=kind)
        else:
            whole = fact.type.kind == "number"
            self._add(plain(fact.name), int if whole else bool, 0 if whole else False, None)

    def _add(self, name: str, kind: type, default: Any, formula: Any, **more: Any) -> None:
        body = {
            "value_type": kind,
            "entity": ENTITY,
            "definition_period": DateUnit.MONTH,
            "label": name,
            **more,
        }
        if not isinstance(default, int) or kind is not Enum:
            body["default_value"] = default
        if formula is not None:
            body["formula"] = formula
        self.system.add_variable(type(name, (Variable,), body))

    def _formula(self, node: tree.Node) -> Any:
        def formula(case: Any, period: Any) -> Any:
            return self._value(node, lambda name: case(name, period))

        return formula

    def _value(self, node: tree.Node, read: Callable[[str], Any]) -> Any:
        match node:
            case tree.Fact(name=name):
                return read(plain(name))
            case tree.Not(of=of):
                return ~self._value(of, read)
            case tree.And(parts=parts):
                return np.logical_and.reduce([self._value(part, read) for part in parts])
            case tree.Or(parts=parts):
                return np.logical_or.reduce([self._value(part, read) for part in parts])
            case tree.Compare(
                operator=sign, left=tree.Fact(name=name), right=tree.Const(value=value)
            ):
                return _TESTS[sign](read(plain(name)), self._constant(name, value))
            case tree.OneOf(of=tree.Fact(name=name), values=values):
                found = read(plain(name))
                return np.logical_or.reduce([found == self._constant(name, v) for v in values])
        raise TypeError(f"no formula for {node}")

    def _constant(self, fact: str, value: Any) -> Any:
        return self.enums[fact][value] if fact in self.enums else value

    def _answer(self) -> Any:
        levels = [(f"rule_{n}", int(rule.allow)) for n, rule in enumerate(self.rules.rules)]

        def formula(case: Any, period: Any) -> Any:
            answer = np.zeros(case.count, np.int32)
            for name, level in levels:
                answer = np.maximum(answer, np.where(case(name, period), level, 0))
            return answer

        return formula

    def simulation(self, facts: Mapping[str, Any]) -> Simulation:
        """Cases with these *facts* by name: arrays, in which a choice is its number."""
        count = len(next(iter(facts.values())))
        simulation = SimulationBuilder().build_default_simulation(self.system, count)
        for name, values in facts.items():
            kind: type[PyEnum] | None = self.enums.get(name)
            array = values if kind is None else EnumArray(values.astype(np.uint8), kind)
            simulation.set_input(plain(name), PERIOD, array)
        return simulation


def answers(simulation: Simulation) -> Any:
    """The answer of every case."""
    return simulation.calculate("answer", PERIOD)
