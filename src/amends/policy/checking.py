"""What is wrong with a policy: rules never reached, gaps, clashes, missing sources and examples.

Each check tries a case of every kind that the conditions can tell apart (`circumstances`), so that
what it finds is there. Where there are too many kinds to try, it says so.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from itertools import combinations
from typing import Any

from amends.feel import tree
from amends.feel.evaluating import compile_node
from amends.feel.values import shown
from amends.policy.circumstances import Circumstances, TooMany
from amends.policy.deciding import Decision, State
from amends.policy.facts import Facts
from amends.policy.inputs import raised_node
from amends.policy.naming import check_names
from amends.policy.problems import Problem, Severity, place_of
from amends.policy.rules import Policy, Rule


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
    found = [*check_names(policy, sources), *_idle(policy)]
    for rule in policy.rules:
        found += _tried(place_of(policy, rule), partial(_reached, policy, rule, space))
    return [*found, *_pairs(policy, space), *_tried(policy.id, partial(_gaps, policy))]


def _pairs(policy: Policy, space: Space) -> Iterator[Problem]:
    """What is wrong between any two rules; one note of all those that could not be tried."""
    left = []
    for one, two in combinations(policy.rules, 2):
        if space.share(one, two):
            try:
                yield from list(_pair(policy, one, two, space))
            except TooMany:
                left.append(f"{one.id} and {two.id}")
    if left:
        pairs = "pair of rules has" if len(left) == 1 else "pairs of rules have"
        wrong = f"{len(left)} {pairs} too many kinds of case to try: {', '.join(left[:3])}"
        more = f", and {len(left) - 3} more" if len(left) > 3 else ""
        right = "Fewer facts in a rule can be checked."
        yield Problem(Severity.NOTE, policy.id, f"{wrong}{more}.", right)


def _tried(place: str, check: Callable[[], Iterable[Problem]]) -> list[Problem]:
    try:
        return list(check())
    except TooMany as many:
        return [Problem(Severity.NOTE, place, str(many), "Fewer facts in a rule can be checked.")]


# --- one rule -------------------------------------------------------------------------------------


def _idle(policy: Policy) -> Iterator[Problem]:
    """Rules that raise no authority, ask for no record and advise nothing."""
    for rule in policy.rules:
        if rule.allow <= policy.otherwise and not rule.record and not rule.advise:
            wrong = "Nothing comes of it: it raises no authority, records nothing, advises nothing."
            yield Problem(Severity.NOTE, place_of(policy, rule), wrong, "Say what it is for.")


def _reached(policy: Policy, rule: Rule, space: Space) -> Iterator[Problem]:
    place, found, tried = place_of(policy, rule), set(), 0
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
            Severity.ERROR, place_of(policy, one, two),
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
    return Problem(Severity.NOTE, place_of(policy, rule), wrong, "Keep it for the reason it gives.")


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
