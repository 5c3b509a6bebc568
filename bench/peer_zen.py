"""The same rules as a decision table of zen-engine (GoRules), and cases as it wants them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import zen

from amends.feel import tree
from amends.policy.inputs import raised_node
from amends.policy.rules import Rule, Ruleset

_SIGNS: Final = {"=": "==", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def decision(rules: Ruleset, *, all_rules: bool) -> Any:
    """A compiled decision table, one line a rule and one column a fact.

    With *all_rules* every line that matches is collected, as an explanation needs; otherwise the lines
    stand strictest first and the first that matches answers, which is its quickest way.
    """
    lines = list(enumerate(rules.rules))
    if not all_rules:
        lines.sort(key=lambda line: -line[1].allow)
    columns = [
        {"id": f"i{n}", "name": fact, "type": "expression", "field": fact}
        for n, fact in enumerate(rules.facts)
    ]
    columns.append({"id": "any", "name": "condition", "type": "expression"})
    table = {
        "hitPolicy": "collect" if all_rules else "first",
        "inputs": columns,
        "outputs": [
            {"id": "o1", "name": "allow", "type": "expression", "field": "allow"},
            {"id": "o2", "name": "rule", "type": "expression", "field": "rule"},
        ],
        "rules": [_line(n, rule, rules) for n, rule in lines],
    }
    content = {"nodes": list(_nodes(table)), "edges": [_edge("in", "table"), _edge("table", "out")]}
    return zen.ZenEngine().create_decision(json.dumps(content))


def _nodes(table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    place = {"x": 0, "y": 0}
    yield {"id": "in", "type": "inputNode", "name": "in", "position": place}
    yield {
        "id": "table",
        "type": "decisionTableNode",
        "name": "table",
        "position": place,
        "content": table,
    }
    yield {"id": "out", "type": "outputNode", "name": "out", "position": place}


def _edge(source: str, target: str) -> dict[str, str]:
    return {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}


def _line(number: int, rule: Rule, rules: Ruleset) -> dict[str, str]:
    cells = {f"i{n}": "" for n in range(len(rules.facts))} | {"any": ""}
    node = raised_node(rule)
    for part in node.parts if isinstance(node, tree.And) else (node,):
        facts = tree.facts_in(part)
        if len(facts) == 1:
            place, text = f"i{rules.facts.index(facts[0])}", _cell(part)
        else:
            place, text = "any", _expression(part)
        cells[place] = f"{cells[place]} and {text}" if cells[place] else text
    return {**cells, "_id": rule.id, "o1": str(int(rule.allow)), "o2": str(number)}


def _cell(node: tree.Node) -> str:
    match node:
        case tree.Fact():
            return "true"
        case tree.Not(of=tree.Fact()):
            return "false"
        case tree.Not(of=tree.Compare(operator="=", right=tree.Const(value=value))):
            return f"$ != {json.dumps(value)}"
        case tree.Compare(operator="=", right=tree.Const(value=value)):
            return json.dumps(value)
        case tree.Compare(operator=sign, right=tree.Const(value=value)):
            return f"{sign} {json.dumps(value)}"
        case tree.OneOf(values=values):
            return ", ".join(map(json.dumps, values))
    raise TypeError(f"no cell for {node}")


def _expression(node: tree.Node) -> str:
    match node:
        case tree.Fact(name=name):
            return name
        case tree.Not(of=of):
            return f"not({_expression(of)})"
        case tree.And(parts=parts):
            return " and ".join(f"({_expression(part)})" for part in parts)
        case tree.Or(parts=parts):
            return " or ".join(f"({_expression(part)})" for part in parts)
        case tree.Compare(operator=sign, left=tree.Fact(name=name), right=tree.Const(value=value)):
            return f"{name} {_SIGNS[sign]} {json.dumps(value)}"
    raise TypeError(f"no expression for {node}")


def case(facts: Mapping[str, Any]) -> dict[str, Any]:
    """*facts* nested by the parts of their names; one that is not known is left out."""
    found: dict[str, Any] = {}
    for name, value in facts.items():
        of, _, field = name.partition(".")
        found.setdefault(of, {})[field] = value
    return found


def answer(table: Any, facts: dict[str, Any]) -> int:
    """What the table with the first line answers: 0 (officer) where none matches."""
    result = table.evaluate(facts)["result"]
    return int(result["allow"]) if result else 0
