"""Whether a force's policy only tightens what it replaces, and whether the shelf is in order."""

import datetime as dt
from collections.abc import Iterator

from amends.policy.checking import Space, told
from amends.policy.circumstances import TooMany
from amends.policy.facts import Facts
from amends.policy.library import NATIONAL, Shelf
from amends.policy.problems import Problem, Severity
from amends.policy.rules import Policy, Rule


def check_overlay(policy: Policy, shelf: Shelf) -> list[Problem]:
    """Rules of *policy* that loosen a national rule on the *shelf* without saying why and by whom.

    In every case in which a replaced rule is raised, a rule of the overlay must be raised that is
    at least as strict, and the records asked for must be no fewer.
    """
    found: list[Problem] = []
    for rule in policy.rules:
        place = f"{policy.id}: {rule.id}"
        if rule.replaces and policy.scope == NATIONAL:
            wrong = "A national policy replaces no rule."
            found.append(Problem(Severity.ERROR, place, wrong, "Write a new version of it."))
        elif rule.replaces:
            found += _replacing(policy, rule, shelf, place)
        elif rule.loosens:
            wrong = "It loosens nothing, because it replaces no rule."
            found.append(Problem(Severity.ERROR, place, wrong, "Name the rule in replaces."))
    return found


def _replacing(policy: Policy, rule: Rule, shelf: Shelf, place: str) -> Iterator[Problem]:
    looser = False
    for replaced in rule.replaces:
        others = list(_of_that_name(replaced, policy, shelf))
        if not others:
            wrong = f"It replaces {replaced}, and no national policy of its time has that rule."
            yield Problem(Severity.ERROR, place, wrong, "Correct the name, or the dates.")
        for other in others:
            try:
                case = _looser_case(other, policy)
            except TooMany as many:
                yield Problem(Severity.NOTE, place, str(many), "Fewer facts can be checked.")
                continue
            looser = looser or case is not None
            if case is not None and not rule.loosens:
                yield _loosens(place, other, case)
    if rule.loosens and not looser:
        wrong = "It says that it loosens, and it does not."
        yield Problem(Severity.NOTE, place, wrong, "Leave loosens out.")


def _of_that_name(name: str, policy: Policy, shelf: Shelf) -> Iterator[Rule]:
    """The national rules called *name* of the time of *policy*."""
    last = policy.ends or dt.date.max
    for other in shelf.policies:
        ends = other.ends or dt.date.max
        if other.scope == NATIONAL and other.starts < last and policy.starts < ends:
            yield from (rule for rule in other.rules if rule.id == name)


def _looser_case(replaced: Rule, policy: Policy) -> Facts | None:
    """A case in which *replaced* is raised and *policy* asks for less, or None; raises TooMany."""
    whole = Space((replaced, *policy.rules))
    rules = [rule for rule in policy.rules if whole.share(replaced, rule)]
    for case in whole.cases(replaced, *rules):
        if not whole.raises(replaced, case):
            continue
        raised = [rule for rule in rules if whole.raises(rule, case)]
        records = {name for rule in raised for name in rule.record}
        strict = any(rule.allow >= replaced.allow for rule in raised)
        if not strict or not records.issuperset(replaced.record):
            return case
    return None


def _loosens(place: str, replaced: Rule, case: Facts) -> Problem:
    return Problem(
        Severity.ERROR,
        place,
        f"It is looser than {replaced.id} of {replaced.policy}, for example with {told(case)}.",
        'Tighten it, or write loosens = { reason = "...", owner = "..." }.',
    )


def check_shelf(shelf: Shelf) -> list[Problem]:
    """Gaps and overlaps between the versions of a series, and scopes that are no force."""
    found = [*_scopes(shelf)]
    held: dict[tuple[str, str], list[Policy]] = {}
    for policy in shelf.policies:
        if not policy.draft:
            held.setdefault((policy.series, policy.scope), []).append(policy)
    for (series, _), versions in held.items():
        found += _versions(series, sorted(versions, key=lambda p: (p.starts, p.known_from)))
    return found


def _scopes(shelf: Shelf) -> Iterator[Problem]:
    for policy in shelf.policies:
        if policy.scope != NATIONAL and policy.scope not in shelf.forces:
            severity = Severity.NOTE if policy.draft else Severity.ERROR
            wrong = f"{policy.scope!r} is no force, so it takes part in no decision."
            yield Problem(severity, f"{policy.id}: scope", wrong, "`forces.csv` names the forces.")


def _versions(series: str, versions: list[Policy]) -> Iterator[Problem]:
    """What is wrong between the *versions* of a series, which stand by the day they start."""
    for number, policy in enumerate(versions[1:], 1):
        before = versions[:number]
        until = max(other.ends or dt.date.max for other in before)
        if policy.starts > until:
            wrong = f"No version covers the days from {until} until {policy.starts}."
            yield Problem(Severity.WARNING, series, wrong, "Load what held between, or say so.")
        for other in before:
            both = policy.starts < (other.ends or dt.date.max)
            if both and other.known_from == policy.known_from:
                wrong = f"{other.id} and {policy.id} cover the same days, known from the same day."
                yield Problem(Severity.ERROR, series, wrong, "End one of them.")
