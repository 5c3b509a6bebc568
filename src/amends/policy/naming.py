"""Whether what a policy names is known: its sources, its confidence, the offences it speaks of."""

import csv
import difflib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from amends.feel import tree
from amends.policy import offences
from amends.policy.problems import Problem, Severity, place_of
from amends.policy.rules import Policy, Rule

NOT_READ: Final = "none read"
"""The source of what is illustrative."""
_CODES: Final = ("offence.code", "earlier_disposals.offence_code")


def check_names(policy: Policy, sources: frozenset[str] | None = None) -> list[Problem]:
    """Sources, offence codes and a confidence in *policy* that cannot stand.

    *sources* are those that are known beside the policy's own; those that ship with Amends if None.
    """
    known = published_sources() if sources is None else sources
    found = [*_sources(policy, known | frozenset(policy.sources)), *_made_up(policy)]
    for rule in policy.rules:
        found += _codes(policy, rule)
    return found


@cache
def published_sources() -> frozenset[str]:
    """The names of the sources that ship with Amends: `2`, `32b`, `founding article`."""
    text = (files("amends.policy") / "published" / "sources.csv").read_text("utf-8")
    return frozenset(row["number"] for row in csv.DictReader(text.splitlines()))


def named_sources(text: str) -> list[str]:
    """The sources that *text* names: `src 2, 25; founding article` names three."""
    found = []
    for part in text.split(";"):
        words = part.strip()
        numbers = words.removeprefix("src ").split(",") if words.startswith("src ") else [words]
        found += [number.strip() for number in numbers]
    return found


def _parts(policy: Policy) -> Iterator[tuple[str, Policy | Rule]]:
    yield policy.id, policy
    yield from ((place_of(policy, rule), rule) for rule in policy.rules)


def _sources(policy: Policy, known: frozenset[str]) -> Iterator[Problem]:
    for place, part in _parts(policy):
        for name in named_sources(part.source):
            if name == NOT_READ and part.confidence == "illustrative":
                continue
            if name not in known:
                yield Problem(
                    Severity.ERROR, f"{place}: source", f"{name!r} is no source that is known.",
                    "Name one of sources.csv, for example src 2, 25; or one of the policy's own, "
                    "under [sources].",
                )  # fmt: skip


def _made_up(policy: Policy) -> Iterator[Problem]:
    """What is illustrative in a policy that is said to be published, and so would decide live."""
    if policy.draft:
        return
    for place, part in _parts(policy):
        if part.confidence == "illustrative":
            wrong = "It is illustrative, and the policy is published."
            right = 'Read its source and name it; or make the policy a draft: status = "draft".'
            yield Problem(Severity.ERROR, f"{place}: confidence", wrong, right)


def _codes(policy: Policy, rule: Rule) -> Iterator[Problem]:
    """Codes in the conditions of *rule* that the offence table does not hold, or spells otherwise."""
    table = offences.published()
    for condition in filter(None, (rule.applies, rule.when)):
        for code in dict.fromkeys(_compared(condition.node)):
            held = table.find(code)
            if held is not None and held.code == code:
                continue
            wrong = f"The offence table does not hold {code!r}."
            near = difflib.get_close_matches(code.upper(), [one.code for one in table], n=3)
            right = f"Did you mean {' or '.join(near)}?" if near else "Write 8N or 008/06."
            if held is not None:
                wrong, right = f"{code!r} is not its spelling.", f"Write {held.code!r}."
            yield Problem(Severity.ERROR, place_of(policy, rule), wrong, right)


def _compared(node: tree.Node) -> Iterator[str]:
    """The texts with which *node* compares an offence code."""
    for part in tree.walk(node):
        match part:
            case tree.Compare(left=left, right=right):
                for one, other in ((left, right), (right, left)):
                    if _is_code(one) and isinstance(other, tree.Const):
                        yield from (v for v in (other.value,) if isinstance(v, str))
            case tree.OneOf(of=of, values=values) if _is_code(of):
                yield from (value for value in values if isinstance(value, str))


def _is_code(node: tree.Node) -> bool:
    match node:
        case tree.Fact(name=name):
            return name in _CODES
        case tree.Field(list=of, name=name):
            return f"{of}.{name}" in _CODES
    return False
