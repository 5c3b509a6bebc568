"""The life of a case as a page with a diagram, drawn from the one table."""

from collections.abc import Iterator

from amends.accounts.permissions import table
from amends.cases.lifecycle import ENDS, START, Lifecycle, lifecycle

_HEAD = """# The life of a case

Made from `src/amends/cases/lifecycle.toml` by `make pages`; a test keeps it so. Every arrow is an action
that is allowed or refused, done once, and entered in the ledger. What has no arrow cannot happen.
"""


def life(found: Lifecycle | None = None) -> str:
    """The page `docs/reference/lifecycle.md`."""
    return "\n".join(_lines(found or lifecycle())) + "\n"


def _lines(found: Lifecycle) -> Iterator[str]:
    yield _HEAD
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {START}: raise"
    moves: dict[tuple[str, str], list[str]] = {}
    for before, command, after in found.steps():
        if before != after:
            moves.setdefault((before, after), []).append(_short(command))
    for (before, after), names in moves.items():
        yield f"    {before} --> {after}: {', '.join(dict.fromkeys(names))}"
    yield from (f"    {end} --> [*]" for end in ENDS)
    yield "```"
    yield "\n## States\n"
    yield from (f"- **{name}**: {meaning}." for name, meaning in found.states.items())
    yield "\n## Commands\n"
    yield "| Command | What it does | In | Leads to | |"
    yield "|---|---|---|---|---|"
    for name, known in found.commands.items():
        does = table().actions[name].does
        sources, targets = ", ".join(known.sources), ", ".join(known.targets)
        yield f"| `{_short(name)}` | {does} | {sources} | {targets} | {known.why} |"


def _short(command: str) -> str:
    part, _, name = command.partition(".")
    said = name.replace("_", " ")
    return said if part == "cases" else f"{part}: {said}"
