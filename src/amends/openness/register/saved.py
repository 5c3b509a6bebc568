"""The saved questions that may answer a request: whoever keeps such questions names them here."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol


class Saved(Protocol):
    """What the register needs to know of a saved question."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def asked(self) -> str:
        """What it asks, in plain English."""


SOURCES: Final[list[Callable[[], Mapping[str, Saved]]]] = []
"""Each gives questions by their id."""


def saved() -> dict[str, Saved]:
    """Every saved question by its id; none where nobody keeps any."""
    return {name: one for source in SOURCES for name, one in source().items()}
