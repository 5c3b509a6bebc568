"""The life of a case as one table: the states, the commands, and where each leads."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

START: Final = "raised"
SAME: Final = "same"
ENDS: Final = ("closed", "incident", "erased")
"""States in which a case rests; all but the last until it is reopened."""
OUTCOME_8_FROM: Final = "done"
"""The only state from which a case may be closed as a community resolution."""


class OutOfTurn(Exception):
    """A command that cannot be given now: the state the case is in, and those it would have to be in."""

    def __init__(self, command: str, state: str, allowed: tuple[str, ...]) -> None:
        self.command, self.state, self.allowed = command, state, allowed
        now = lifecycle().states[state]
        super().__init__(f"The case is not at that point. Now: {now[0].lower()}{now[1:]}.")


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the states it may be given in, where it may lead, and why, if that is not plain."""

    name: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Every state with what it means, and every command."""

    states: Mapping[str, str]
    commands: Mapping[str, Command]

    def after(self, command: str, state: str, to: str | None = None) -> str:
        """The state that *command* leads to from *state*; *to* chooses where there are several.

        Raises OutOfTurn where it may not be given, ValueError where *to* is none of its ends.
        """
        found = self.commands[command]
        if state not in found.sources:
            raise OutOfTurn(command, state, found.sources)
        if to is None and len(found.targets) == 1:
            (to,) = found.targets
        if to not in found.targets:
            raise ValueError(f"{command} leads to {', '.join(found.targets)}, and not to {to}.")
        return state if to == SAME else to

    def steps(self) -> Iterator[tuple[str, str, str]]:
        """Every state, command and state it may lead to."""
        for name, command in self.commands.items():
            for state in command.sources:
                for to in command.targets:
                    yield state, name, state if to == SAME else to

    def possible(self, state: str) -> list[str]:
        """The commands that may be given in *state*."""
        return [name for name, command in self.commands.items() if state in command.sources]


@cache
def lifecycle() -> Lifecycle:
    """The table that the service obeys."""
    data = tomllib.loads((files(__package__) / "lifecycle.toml").read_text("utf-8"))
    states = dict(data["states"])
    commands = {}
    for name, given in data["commands"].items():
        found = Command(name, tuple(given["from"]), tuple(given["to"]), given.get("why", ""))
        strange = {*found.sources, *found.targets} - {*states, SAME}
        if strange:
            raise ValueError(f"{name}: there is no state {', '.join(sorted(strange))}.")
        commands[name] = found
    return Lifecycle(states, commands)
