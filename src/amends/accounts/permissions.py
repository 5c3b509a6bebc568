"""Who may do what: one table of roles, actions and relations to a case, in `permissions.toml`.

A person may do something if one of their roles allows it by one of their relations to the case. What
the table does not allow is refused. `other_force` and `conflicted` are stronger than any role.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from importlib.resources import files
from operator import or_
from typing import Final

from django.db.models import Q

from amends.accounts.refusals import Refused

NOWHERE: Final = "There is no such case or person in your force."
"""What is said of another force's case, and of one that does not exist: no difference can be told."""
FORBIDDING: Final = ("other_force", "conflicted")
"""Relations that forbid, whatever else somebody is to the case."""


class TableError(ValueError):
    """A permission table that names what is not declared: where, and what."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done: `does` in words, and for each role the relations that allow it.

    `strong` asks for a second factor at sign-in.
    """

    name: str
    does: str
    allowed: Mapping[str, frozenset[str]]
    strong: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Every role and relation with what it means, and every action."""

    roles: Mapping[str, str]
    relations: Mapping[str, str]
    actions: Mapping[str, Action]

    def may(self, roles: Collection[str], action: str, relations: Collection[str]) -> bool:
        """Whether somebody of *roles*, who stands to a case in *relations*, may do *action*."""
        if any(relation in relations for relation in FORBIDDING):
            return False
        allowed = self.actions[action].allowed
        return any(not allowed[role].isdisjoint(relations) for role in roles if role in allowed)

    def reaching(self, roles: Collection[str], action: str) -> frozenset[str]:
        """The relations by which somebody of *roles* may do *action*."""
        allowed = self.actions[action].allowed
        return frozenset[str]().union(*(allowed[role] for role in roles if role in allowed))

    def cells(self) -> Iterator[tuple[str, str, str, bool]]:
        """Every role, action and relation, and whether that one role and relation allow it."""
        for role in self.roles:
            for action in self.actions:
                for relation in self.relations:
                    yield role, action, relation, self.may([role], action, [relation])


@cache
def table() -> Table:
    """The table that the service uses."""
    text = (files(__package__) / "permissions.toml").read_text("utf-8")
    return parse(tomllib.loads(text))


def parse(data: Mapping[str, Mapping[str, object]]) -> Table:
    """The table in *data*. Raises TableError where it names a role or relation that is not declared."""
    roles, relations = _texts(data["roles"]), _texts(data["relations"])
    actions = {}
    for name, given in data["actions"].items():
        if not isinstance(given, Mapping):
            raise TableError(f"{name}: it is no table.")
        actions[name] = _action(name, given, roles, relations)
    return Table(roles, relations, actions)


def _texts(data: Mapping[str, object]) -> dict[str, str]:
    return {name: str(text) for name, text in data.items()}


def _action(
    name: str, given: Mapping[str, object], roles: Mapping[str, str], relations: Mapping[str, str]
) -> Action:
    allowed: dict[str, frozenset[str]] = {}
    for role, named in given.items():
        if role in ("does", "strong"):
            continue
        if role not in roles:
            raise TableError(f"{name}: {role!r} is no role.")
        if not isinstance(named, list) or not named:
            raise TableError(f"{name}.{role}: it should be a list of relations.")
        for relation in named:
            if relation not in relations or relation in FORBIDDING:
                raise TableError(f"{name}.{role}: {relation!r} is no relation that allows.")
        allowed[role] = frozenset(named)
    return Action(name, str(given["does"]), allowed, bool(given.get("strong", False)))


def check(roles: Collection[str], action: str, relations: Collection[str]) -> None:
    """Refuse unless somebody of *roles* and *relations* may do *action*.

    The refusal of another force's case says what the refusal of no case at all says.
    """
    if "other_force" in relations:
        raise Refused("ACT-NONE", NOWHERE)
    if "conflicted" in relations:
        sentence = "You are part of this case, or close to somebody who is. Ask a colleague."
        raise Refused("ACT-CONFLICT", sentence)
    if not table().may(roles, action, relations):
        does = table().actions[action].does
        raise Refused("ACT-MAY-NOT", f"You may not do this here: {does[0].lower()}{does[1:]}")


def filtered(roles: Collection[str], action: str, related: Mapping[str, Q]) -> Q:
    """The rows on which somebody of *roles* may do *action*: *related* says which stand in each relation.

    A relation of which *related* says nothing reaches no row.
    """
    reached = [related[name] for name in sorted(table().reaching(roles, action)) if name in related]
    if not reached:
        return Q(pk__in=[])
    barred = [related[name] for name in FORBIDDING if name in related]
    return reduce(or_, reached) & ~reduce(or_, barred, Q(pk__in=[]))
