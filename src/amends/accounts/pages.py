"""The permission table as a page that people can read."""

from collections.abc import Iterator

from amends.accounts.permissions import FORBIDDING, Table, table

_HEAD = """# Who may do what

Made from `src/amends/accounts/permissions.toml` by `make pages`; a test keeps it so. A person may do something
if one of their roles allows it by one of their relations to the case. What stands nowhere is refused.
Rank is another matter: what a rank may allow is in the policy of the force.
"""


def permissions(found: Table | None = None) -> str:
    """The page `docs/reference/permissions.md`."""
    return "\n".join(_lines(found or table())) + "\n"


def _lines(found: Table) -> Iterator[str]:
    yield _HEAD
    yield "## Roles\n"
    yield from (f"- **{_word(name)}**: {meaning}." for name, meaning in found.roles.items())
    yield "\n## Relations\n"
    yield from (f"- *{_word(name)}*: {meaning}." for name, meaning in found.relations.items())
    yield "\n## Actions\n"
    yield "| Action | What it does | Who may, by which relation |"
    yield "|---|---|---|"
    for action in found.actions.values():
        who = "; ".join(
            f"**{_word(role)}**: {', '.join(_word(r) for r in found.relations if r in by)}"
            for role, by in action.allowed.items()
        )
        strong = " *(second factor)*" if action.strong else ""
        yield f"| `{action.name}` | {action.does}{strong} | {who} |"
    barred = " and ".join(f"*{_word(name)}*" for name in FORBIDDING)
    cells = len(found.roles) * len(found.actions) * len(found.relations)
    yield f"\n{barred} forbid everything. The tests execute all {cells:,} cells, both ways."


def _word(name: str) -> str:
    return name.replace("_", " ")
