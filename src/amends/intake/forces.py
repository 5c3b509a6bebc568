"""The spellings of one force: its name as data.police.uk, the Home Office and others write it, and its ONS code."""

import difflib
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from amends.policy.library import published

_ENDS: Final = (
    " constabulary", " police service", " police force", " service", " force", " police",
)  # fmt: skip


@cache
def slug(name: str) -> str | None:
    """The force of this *name*, or ONS code, as data.police.uk names it in addresses; None where nobody knows it."""
    plain = _plain(name)
    if plain in _codes():
        return _codes()[plain]
    known = _known()
    while plain not in known:
        end = next((one for one in _ENDS if plain.endswith(one)), None)
        if end is None:
            return None
        plain = plain.removesuffix(end)
    return known[plain]


def nearest(name: str) -> str:
    """The known spelling that is most like *name*; empty where none is."""
    found = difflib.get_close_matches(_plain(name), list(_known()), 1, 0.6)
    return found[0] if found else ""


def _plain(name: str) -> str:
    return " ".join(name.replace("&", " and ").replace("-", " ").casefold().split())


@cache
def _known() -> dict[str, str]:
    found = {_plain(title): slug for slug, title in published().forces.items()}
    found |= {_plain(slug): slug for slug in published().forces}
    return found | {_plain(name): slug for name, slug in _said().items() if isinstance(slug, str)}


@cache
def _codes() -> dict[str, str]:
    """Apart from the names, so that no code is ever taken for what somebody meant."""
    return {_plain(code): slug for code, slug in _said()["codes"].items()}


def _said() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "forces.toml").read_text("utf-8"))
