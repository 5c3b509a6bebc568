"""What is missing from a case, and what would change its answer.

Nothing here ever suggests an admission: whether the suspect admits the offence is the suspect's to say.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, Final

from amends.policy.classes import Classes, classes_of
from amends.policy.deciding import Decision, State, decide
from amends.policy.facts import Catalogue, FactKind, Facts, catalogue
from amends.policy.rules import Authority, Rule

MOST_TOGETHER: Final = 3
"""How many missing facts, or changes, are tried together."""
MOST_TRIES: Final = 3_000
"""How many combinations are tried, at most."""
_NOT_FOR_RULES: Final = ("force", "case.reference", "decision.date", "offence.code")
"""Facts that say which policy judges which case, and so matter though no rule asks about them."""


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that somebody may properly change, the value it would have, and whose choice it is."""

    fact: str
    value: Any
    whose: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The fewest changes after which somebody may allow it, and the lowest authority that may."""

    changes: tuple[Change, ...]
    authority: Authority


def missing(decision: Decision) -> tuple[tuple[str, ...], ...]:
    """Which facts to find out: each group could settle the answer, the smallest groups first.

    Empty unless the answer is not yet known. Where no group of MOST_TOGETHER settles it, the only
    group is every fact that matters.
    """
    if decision.answer is not Authority.NOT_YET_KNOWN:
        return ()
    classes = classes_of(decision.ruleset)
    states = classes.states(decision.facts)
    unknown = classes.unknown(states)
    names = {i: _names(classes, i, decision) for i in unknown}
    for size in range(1, min(MOST_TOGETHER, len(unknown)) + 1):
        groups = [g for g in combinations(unknown, size) if _could_settle(classes, states, g)]
        if groups:
            found = {tuple(dict.fromkeys(n for i in g for n in names[i])) for g in groups}
            return tuple(sorted(found, key=lambda group: (len(group), group)))
    return (tuple(dict.fromkeys(n for i in unknown for n in names[i])),)


def matters(decision: Decision) -> tuple[str, ...]:
    """Every fact that is not known and could change the answer; none where it is definite."""
    if decision.answer is not Authority.NOT_YET_KNOWN:
        return ()
    classes = classes_of(decision.ruleset)
    unknown = classes.unknown(classes.states(decision.facts))
    return tuple(dict.fromkeys(n for i in unknown for n in _names(classes, i, decision)))


def not_known(rule: Rule, facts: Facts) -> tuple[str, ...]:
    """The facts that *rule* asks about and *facts* do not tell; a list's field as `victims.age`."""
    return tuple(name for name in rule.facts if not _told(name, facts))


def _told(name: str, facts: Facts) -> bool:
    of, _, field = name.partition(".")
    if isinstance(facts.get(of), tuple):
        return not field or all(field in record for record in facts[of])
    # Of a list that is not known as a whole, only the list itself is asked for.
    kind = catalogue().find(of)
    return name in facts or bool(field and kind and kind.type == "list")


def not_asked(decision: Decision, derived: Collection[str] = ()) -> tuple[str, ...]:
    """Facts that were given, and that no rule of the decision asks about or wants recorded.

    *derived* are facts that the offence table told, which nobody gave.
    """
    asked = set(decision.ruleset.facts)
    found: set[str] = set()
    for name, value in decision.facts.items():
        if name in derived or name in _NOT_FOR_RULES:
            continue
        if isinstance(value, tuple):
            found |= {f"{name}.{field}" for record in value for field in record} - asked
        elif name not in asked:
            found.add(name)
    return tuple(sorted(found))


def _names(classes: Classes, i: int, decision: Decision) -> tuple[str, ...]:
    """The facts of input *i* that are not known."""
    names = classes.inputs[i].name.split(", ")
    lists = {n for n in names if any(other.startswith(f"{n}.") for other in names)}
    for name in lists:
        if name not in decision.facts:
            return (name,)
    return tuple(n for n in names if n not in lists and n not in decision.facts)


def _could_settle(classes: Classes, states: tuple[int, ...], group: tuple[int, ...]) -> bool:
    ways = [classes.inputs[i].completions(states[i]) for i in group]
    for tried, values in enumerate(product(*ways)):
        if tried > MOST_TRIES // 10:
            return False
        told = list(states)
        for i, value in zip(group, values, strict=True):
            told[i] = value
        if classes.settle(tuple(told)) is not Authority.NOT_YET_KNOWN:
            return True
    return False


def near_miss(decision: Decision, known: Catalogue | None = None) -> NearMiss | None:
    """What would open a case that nobody may allow: the fewest changes, then the lowest authority.

    Only work still to be done, and the free choices of the people concerned, count as changes. None
    where the case is open already, or where nothing of that kind would open it.
    """
    if decision.answer is not Authority.NOBODY:
        return None
    choices = list(_changes(decision, known or catalogue()))
    tried = 0
    for size in range(1, MOST_TOGETHER + 1):
        opened = []
        for group in combinations(choices, size):
            tried += 1
            if tried > MOST_TRIES or len({c.fact for c in group}) < size:
                continue
            answer = decide(_changed(decision, group), decision.ruleset).answer
            if answer < Authority.NOT_YET_KNOWN:
                opened.append(NearMiss(group, answer))
        if opened:
            return min(opened, key=lambda n: (n.authority, [str(c.fact) for c in n.changes]))
    return None


def _changes(decision: Decision, known: Catalogue) -> Iterator[Change]:
    asked = {
        name
        for finding in decision.findings
        if finding.state in (State.RAISED, State.UNKNOWN)
        for name in finding.rule.facts
    }
    for name in sorted(asked):
        kind = known.find(name)
        if kind is None or kind.change == "fixed":
            continue
        for value in _values(kind):
            if decision.facts.get(name, ...) != value:
                yield Change(name, value, kind.change)


def _values(kind: FactKind) -> tuple[Any, ...]:
    if kind.type == "boolean":
        return (True, False)
    return kind.values or ()


def _changed(decision: Decision, group: tuple[Change, ...]) -> dict[str, Any]:
    facts = dict(decision.facts)
    for change in group:
        of, _, field = change.fact.partition(".")
        if isinstance(facts.get(of), tuple):
            facts[of] = tuple({**record, field: change.value} for record in facts[of])
        else:
            facts[change.fact] = change.value
    return facts
