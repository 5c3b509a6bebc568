"""The invented policy that everything here is measured with, and a second version to compare with it."""

from pathlib import Path
from typing import Final

from amends.policy.rules import Ruleset, parse, ruleset

FILE: Final = Path(__file__).with_name("illustrative.toml")
_LATER: Final = (
    ("bench-illustrative", "bench-illustrative-later"),
    ("offender.age < 18 and earlier", "offender.age < 21 and earlier"),
    ("gravity.score >= 4 and not", "gravity.score >= 3 and not"),
    ('allow = "superintendent", ask = "Hate', 'allow = "nobody", ask = "Hate'),
    ('allow = "officer", ask = "An older', 'allow = "sergeant", ask = "An older'),
    ("community_resolutions >= 3 and", "community_resolutions >= 2 and"),
)
_BOTH_WAYS: Final = (
    ("offender.age < 16 and not", "offender.age between 14 and 17 and not"),
    ("flags.hate and offender.age < 18", "flags.hate and offender.age >= 18"),
    ("not(offender.agrees) and offender.age", "offender.agrees and offender.age"),
)


def policy() -> Ruleset:
    """The policy: 45 rules over 13 facts, whose answers need no second look."""
    return _read(())


def later_policy() -> Ruleset:
    """A later version of it, with six of its lines changed, as versions of a policy differ."""
    return _read(_LATER)


def both_ways() -> Ruleset:
    """It with three rules that ask a fact both ways, so that open answers need a second look."""
    return _read(_BOTH_WAYS)


def _read(changes: tuple[tuple[str, str], ...]) -> Ruleset:
    text = FILE.read_text("utf-8")
    for before, after in changes:
        if before not in text:
            raise ValueError(f"{FILE.name} no longer says {before!r}; change the list beside it.")
        text = text.replace(before, after)
    return ruleset(parse(text, FILE.name))
