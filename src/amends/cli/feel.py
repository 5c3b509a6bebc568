"""`amends feel`: the value of one condition, or how many conformance cases come out right."""

import argparse
import dataclasses
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from amends.cli.conforming import judge, read_cases, report
from amends.feel import FeelError, Unknown, syntax
from amends.feel.checking import check
from amends.feel.conditions import Condition
from amends.feel.evaluating import compile_node
from amends.feel.functions import Outside
from amends.feel.parsing import parse
from amends.feel.values import shown
from amends.policy.facts import FactError, catalogue, read_json


def arguments(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of *command*."""
    parser.epilog = "A condition that begins with a minus sign is written after --."
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("condition", nargs="?", metavar="EXPR", help="a condition, in quotes")
    what.add_argument("--cases", type=Path, metavar="FILE", help="a JSON file of kit cases to run")
    parser.add_argument(
        "--given",
        type=Path,
        metavar="FILE",
        help="a JSON file of facts; names that are no facts of the catalogue are taken as they are",
    )


def run(args: argparse.Namespace, command: str) -> int:
    """Print the value; or run the cases, with exit status 1 if any answer is wrong."""
    if args.cases:
        verdicts = [judge(case) for case in read_cases(args.cases)]
        print(report(verdicts))
        return 1 if any(verdict.kind == "wrong" for verdict in verdicts) else 0
    known, others = _given(args.given) if args.given else ({}, {})
    print("\n".join(_told(_condition(args.condition, others), known)))
    return 0


def _told(condition: Condition, known: Mapping[str, Any]) -> Iterator[str]:
    try:
        value = condition.value(known)
    except (Outside, ArithmeticError) as error:
        raise FeelError(condition.text, 0, f"It has no value for these facts: {error}") from None
    if not isinstance(value, Unknown):
        yield shown(value)
        return
    yield "not known" if repr(value).startswith("not known") else f"not known ({value!r})"
    yield f"Not given: {', '.join(_missing(condition, known))}"


def _missing(condition: Condition, known: Mapping[str, Any]) -> Iterator[str]:
    """The facts that *condition* asks about and that are not known, not even in one record."""
    for name in condition.facts:
        of, _, field = name.partition(".")
        records = known.get(of)
        if isinstance(records, tuple):
            if any(field and field not in record for record in records):
                yield name
        elif name not in known and not (field and of in condition.facts):
            yield name


# --- what is given --------------------------------------------------------------------------------


def _given(path: Path) -> tuple[dict[str, Any], dict[str, syntax.Part]]:
    """The facts of the catalogue in the file, and whatever else it names, as written out."""
    data = read_json(path)
    if not isinstance(data, dict):
        right = 'For example {"offender.age": 30}.'
        raise FactError(path.name, "Facts are a table of names and values.", right)
    known = catalogue()
    facts, others = {}, {}
    for name, value in _flat(data, ""):
        if name in known:
            facts[name] = known[name].read(value, f"{path.name}: {name}")
        else:
            others[name] = _literal(value, f"{path.name}: {name}")
    return facts, others


def _flat(data: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _literal(value: Any, place: str) -> syntax.Part:
    if isinstance(value, list):
        items = tuple(_literal(one, f"{place}[{number}]") for number, one in enumerate(value, 1))
        return syntax.ListOf(at=0, items=items)
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return syntax.Literal(at=0, value=value)
    if isinstance(value, int | float):
        return syntax.Literal(at=0, value=Decimal(str(value)))
    raise FactError(place, "A table cannot stand in a list here.", "Use a list of the catalogue.")


def _condition(text: str, others: Mapping[str, syntax.Part]) -> Condition:
    """The condition *text*, with each name of *others* replaced by what it stands for."""
    part = _replaced(parse(text), others) if others else parse(text)
    node = check(part, text, catalogue().declarations())
    return Condition(text, node, compile_node(node))


def _replaced(part: Any, others: Mapping[str, syntax.Part]) -> Any:
    if isinstance(part, tuple):
        return tuple(_replaced(one, others) for one in part)
    if not isinstance(part, syntax.Part):
        return part
    if isinstance(part, syntax.Name):
        return _named(part, others)
    fields = {f.name: getattr(part, f.name) for f in dataclasses.fields(part)}
    if isinstance(part, syntax.Quantified):  # its own name hides one that was given
        others = {name: one for name, one in others.items() if name != part.variable}
    return dataclasses.replace(
        part, **{name: _replaced(one, others) for name, one in fields.items()}
    )


def _named(part: syntax.Name, others: Mapping[str, syntax.Part]) -> syntax.Part:
    for length in range(len(part.path), 0, -1):
        found = others.get(".".join(part.path[:length]))
        if found is not None:
            given: syntax.Part = dataclasses.replace(found, at=part.at)
            for name in part.path[length:]:
                given = syntax.Property(at=part.at, of=given, name=name)
            return given
    return part
