"""The labels that an attribute may tell: those that are listed, for some attributes by the force itself."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.openness.questions import Attribute, attributes

FILE: Final = "labels.toml"
"""In the folder that remembers answers: for each attribute `of_the_force`, by name, a list of its labels."""
NOT_KNOWN: Final = "not known"
LONGEST: Final = 60


def listed(attribute: Attribute, answers: Path) -> Attribute:
    """*attribute* with the labels of the force, where the folder *answers* lists them.

    Raises DisclosureError, with the place, where the file lists what it may not.
    """
    path = answers / FILE
    if not attribute.of_the_force or not path.exists():
        return attribute
    own = _read(path).get(attribute.name)
    return replace(attribute, labels=(*own, NOT_KNOWN)) if own else attribute


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DisclosureError(str(path), f"cannot be read: {error}") from None
    known = [one.name for one in attributes().values() if one.of_the_force]
    for name, labels in said.items():
        if name not in known:
            raise DisclosureError(
                str(path),
                f"lists labels of {name!r}",
                f"A force lists those of: {', '.join(known)}.",
            )
        if not isinstance(labels, list) or not labels or not all(map(_is_label, labels)):
            raise DisclosureError(
                str(path), f"has for {name} what is no list of labels",
                f'Write {name} = ["North", "South"], each of at most {LONGEST} letters.',
            )  # fmt: skip
    return {name: tuple(dict.fromkeys(labels)) for name, labels in said.items()}


def _is_label(one: object) -> bool:
    return isinstance(one, str) and 0 < len(one.strip()) <= LONGEST and one.isprintable()
