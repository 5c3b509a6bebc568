"""What is wrong with a policy: rules never reached, gaps, clashes, missing sources and examples.

Each check tries a case of every kind that the conditions can tell apart (`circumstances`), so that
what it finds is there. Where there are too many kinds to try, it says so.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property, partial
from importlib.resources import files
from itertools import combinations
from typing import Any, Final

from amends.feel import tree
from amends.feel.evaluating import compile_node
from amends.feel.values import shown
from amends.policy.circumstances import Circumstances, TooMany
from amends.policy.deciding import Decision, State
from amends.policy.facts import Facts
from amends.policy.inputs import raised_node
from amends.policy.rules import Policy, Rule

NOT_READ: Final = "none read"
"""The source of what is illustrative."""


class Severity(StrEnum):
    """How bad a problem is: an error must be mended, a warning looked at, a note known."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a policy: where, what, and what would be right."""

    severity: Severity
    place: str
    wrong: str
    right: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (f"{self.severity}: {self.place}: {self.wrong}", self.right)))


class Space:
    """The rules of one policy, or of several, and the cases in which each is raised."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._nodes = {rule: raised_node(rule) for rule in self.rules}
        self._runs = {rule: compile_node(node) for rule, node in self._nodes.items()}

    @cached_property
    def circumstances(self) -> Circumstances:
        """Every kind of case that the rules can tell apart."""
        return Circumstances(self._nodes.values())

    def cases(self, *rules: Rule) -> Iterator[Facts]:
        """A case of every kind that *rules* can tell apart; raises TooMany."""
        return self.circumstances.cases(*(self._nodes[rule] for rule in rules))

    def raises(self, rule: Rule, case: Facts) -> bool:
        """Whether *rule* is raised in the fully known *case*."""
        return self._runs[rule](case, None) is True

    def exact(self, *rules: Rule) -> bool:
        """Whether `cases` leaves no kind out."""
        return self.circumstances.exact(*(self._nodes[rule] for rule in rules))

    def share(self, one: Rule, two: Rule) -> bool:
        """Whether the two rules could depend on each other: they share facts, or one has none."""
        parts = [set(self.circumstances.of(self._nodes[rule])) for rule in (one, two)]
        return not all(parts) or bool(parts[0] & parts[1])


def check_policy(policy: Policy, sources: frozenset[str] | None = None) -> list[Problem]:
    """What is wrong with the rules of *policy* by themselves; *sources* are those that are known."""
    space = Space(policy.rules)
    known = published_sources() if sources is None else sources
    found = [*_sources(policy, known), *_idle(policy)]
    for rule in policy.rules:
        found += _tried(_place(policy, rule), partial(_reached, policy, rule, space))
    for one, two in combinations(policy.rules, 2):
        if space.share(one, two):
            place = _place(policy, one, two)
            found += _tried(place, partial(_pair, policy, one, two, space))
    return [*found, *_tried(policy.id, partial(_gaps, policy))]


def _tried(place: str, check: Callable[[], Iterable[Problem]]) -> list[Problem]:
    try:
        return list(check())
    except TooMany as many:
        return [Problem(Severity.NOTE, place, str(many), "Fewer facts in a rule can be checked.")]


def _place(policy: Policy, *rules: Rule) -> str:
    return f"{policy.id}: {' and '.join(rule.id for rule in rules)}"


# --- sources --------------------------------------------------------------------------------------


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


def _sources(policy: Policy, known: frozenset[str]) -> Iterator[Problem]:
    parts: list[tuple[str, Policy | Rule]] = [(policy.id, policy)]
    parts += [(_place(policy, rule), rule) for rule in policy.rules]
    for place, part in parts:
        for name in named_sources(part.source):
            if name == NOT_READ and part.confidence == "illustrative":
                continue
            if name not in known:
                yield Problem(
                    Severity.ERROR, f"{place}: source", f"{name!r} is not in sources.csv.",
                    "Write for example: src 2, 25; founding article.",
                )  # fmt: skip


# --- one rule -------------------------------------------------------------------------------------


def _idle(policy: Policy) -> Iterator[Problem]:
    """Rules that raise no authority, ask for no record and advise nothing."""
    for rule in policy.rules:
        if rule.allow <= policy.otherwise and not rule.record and not rule.advise:
            wrong = "Nothing comes of it: it raises no authority, records nothing, advises nothing."
            yield Problem(Severity.NOTE, _place(policy, rule), wrong, "Say what it is for.")


def _reached(policy: Policy, rule: Rule, space: Space) -> Iterator[Problem]:
    place, found, tried = _place(policy, rule), set(), 0
    for case in space.cases(rule):
        tried += 1
        found.add(space.raises(rule, case))
        if len(found) > 1:
            return
    sure = "" if space.exact(rule) else f" of the {tried:,} that were tried"
    if found == {False}:
        severity = Severity.WARNING if sure else Severity.ERROR
        wrong = f"It is never reached: no case{sure} raises it."
        yield Problem(severity, place, wrong, "Look at its condition.")
    elif rule.when.text.strip() != "true":
        wrong = f"It is raised in every case{sure}."
        yield Problem(Severity.WARNING, place, wrong, 'If that is meant, write when = "true".')


# --- two rules ------------------------------------------------------------------------------------


def _pair(policy: Policy, one: Rule, two: Rule, space: Space) -> Iterator[Problem]:
    """A clash of two rules, or one that never matters beside the other."""
    seen = set()
    for case in space.cases(one, two):
        seen.add((space.raises(one, case), space.raises(two, case)))
        if {(True, False), (False, True)} <= seen:
            return
    together = (True, True) in seen
    only_one, only_two = (True, False) in seen, (False, True) in seen
    if not together:
        return
    authorities = {one.allow, two.allow}
    if (
        not only_one
        and not only_two
        and len(authorities) > 1
        and min(authorities) > policy.otherwise
    ):
        yield Problem(
            Severity.ERROR, _place(policy, one, two),
            f"They clash: raised in exactly the same cases, one allows {one.allow.word} and the "
            f"other {two.allow.word}.", "Say it once.",
        )  # fmt: skip
    elif not only_two and _covered(policy, two, one):
        yield _shadowed(policy, two, one)
    elif not only_one and _covered(policy, one, two):
        yield _shadowed(policy, one, two)


def _covered(policy: Policy, rule: Rule, by: Rule) -> bool:
    """Whether nothing comes of *rule* where *by* is raised too."""
    matters = bool(rule.record or rule.advise) or rule.allow <= policy.otherwise
    return not matters and by.allow >= rule.allow


def _shadowed(policy: Policy, rule: Rule, by: Rule) -> Problem:
    wrong = (
        f"It never changes an answer, a record or an advice: {by.id} is always raised with it, "
        f"and allows {by.allow.word}."
    )
    return Problem(Severity.NOTE, _place(policy, rule), wrong, "Keep it for the reason it gives.")


# --- all rules ------------------------------------------------------------------------------------


def _gaps(policy: Policy) -> Iterator[Problem]:
    """A case about which no rule says anything, where every rule says when it applies."""
    applies = [rule.applies.node for rule in policy.rules if rule.applies]
    if len(applies) < len(policy.rules):
        return
    runs = [compile_node(node) for node in applies]
    for case in Circumstances(applies).cases(*applies):
        if not any(run(case, None) is True for run in runs):
            wrong = f"There is a gap: no rule applies to a case with {told(case)}."
            yield Problem(Severity.WARNING, policy.id, wrong, "Say what holds there.")
            return


def told(case: Facts) -> str:
    """The facts of *case* as FEEL would write them."""
    return ", ".join(f"{name} = {_shown(value)}" for name, value in case.items()) or "any facts"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        records = (", ".join(f"{n}: {shown(v)}" for n, v in one.items()) for one in value)
        return "[" + ", ".join(f"{{{record}}}" for record in records) + "]"
    return shown(value)


# --- worked examples ------------------------------------------------------------------------------


def check_examples(policy: Policy, decisions: Iterable[Decision]) -> list[Problem]:
    """Rules of *policy* that no worked example raises, or that none leaves alone."""
    seen: dict[str, set[State]] = {rule.id: set() for rule in policy.rules}
    for decision in decisions:
        for finding in decision.findings:
            if finding.rule.policy == policy.id:
                seen[finding.rule.id].add(finding.state)
    found = []
    for rule in policy.rules:
        place, states = f"{policy.id}: {rule.id}", seen[rule.id]
        if State.RAISED not in states:
            found.append(
                Problem(
                    Severity.WARNING, place, "No worked example raises it.", "Add one that does."
                )
            )
        always = isinstance(raised_node(rule), tree.Const)
        if not always and not states & {State.MET, State.DOES_NOT_APPLY}:
            wrong = "No worked example leaves it unraised."
            found.append(Problem(Severity.WARNING, place, wrong, "Add one that does."))
    return found
