"""Small policies written for a test, and cases read as a facts file would be."""

import json
from typing import Any

from amends.policy.facts import catalogue
from amends.policy.rules import Policy, Ruleset, parse, ruleset

HEAD = {
    "id": "made-up",
    "series": "made-up",
    "title": "A made-up policy",
    "owner": "Nobody",
    "scope": "national",
    "layer": "guidance",
    "status": "published",
    "starts": "2013-01-01",
    "known_from": "2013-01-01",
    "otherwise": "officer",
    "source": "src 2",
    "confidence": "read",
}
DATES = ("starts", "ends", "known_from", "advise_from")


def rule(name: str, when: str, allow: str = "nobody", **more: Any) -> str:
    """One rule as TOML."""
    fields = {
        "id": name,
        "ask": f"Is it {name}?",
        "when": when,
        "allow": allow,
        "clause": f"Clause of {name}",
        "because": f"It is {name}.",
        "source": "src 2",
        "confidence": "read",
        **more,
    }
    return "[[rule]]\n" + "".join(
        f"{key} = {one if key in DATES else _value(one)}\n" for key, one in fields.items()
    )


def toml(*rules: str, **head: str | None) -> str:
    """A policy as TOML; a head of None leaves that line out."""
    fields = {name: one for name, one in {**HEAD, **head}.items() if one is not None}
    lines = [f"{key} = {one if key in DATES else _value(one)}\n" for key, one in fields.items()]
    return "".join(lines) + "\n".join(rules)


def policy(*rules: str, **head: str | None) -> Policy:
    """A policy as it is read from its file."""
    return parse(toml(*rules, **head), "made-up.toml")


def rules(*some: str, **head: str | None) -> Ruleset:
    """The rules of one policy, ready to decide."""
    return ruleset(policy(*some, **head))


def facts(**given: Any) -> dict[str, Any]:
    """Facts by name, with two underscores for the dot: `offender__age=17`."""
    return catalogue().read({name.replace("__", "."): one for name, one in given.items()})


def _value(one: Any) -> str:
    if isinstance(one, dict):
        return "{ " + ", ".join(f"{key} = {_value(part)}" for key, part in one.items()) + " }"
    return json.dumps(one)
