"""The kinds of restorative process as a page that people can read, with where each part comes from."""

from collections.abc import Iterable, Iterator

from amends.restorative.processes import Asked, Kind, Origin, Role
from amends.restorative.reading import shipped

_HEAD = """# Restorative processes

Made from `src/amends/restorative/processes/*.toml` by `make pages`; a test keeps it so. A force adds a kind, or
the next version of one, with a file of the same form in the folder `processes` of its service: no code. What was
used is never edited. A file that is wrong is refused whole, with the place, what is wrong and what would be right.

Behind each part stands its source and how far to trust it: *read*, *reported* or *illustrative*. What nobody has
read is illustrative, whatever everybody does. Source numbers are those of `policy/published/sources.csv`; 67 to 70
are named at the head of `immediate_rd.toml`.

**No day for a meeting can be set until each participant was prepared apart from the others and is willing, both
stages of the written risk assessment are signed for each and fit, whoever must lead is named, and an adult is with
a child.** A meeting that was set falls when somebody comes in or a risk is not fit: it is set anew. Either side may
withdraw at any time; then nothing more is done in that process, ever. A victim who does not come has refused nothing.

A process *counts as restorative* only where four minimum standards hold (src 8, 9, read): the person responsible
takes responsibility; a victim, the community or somebody else affected takes part; a structured process
establishes what happened and its impact; and what comes of it seeks to put right the harm. Amends works each out
from what is recorded, and says *not known* where that does not say."""


def processes(kinds: Iterable[Kind] | None = None) -> str:
    """The page `docs/reference/restorative.md`."""
    lines = [_HEAD]
    for kind in shipped() if kinds is None else kinds:
        lines += _kind(kind)
    return "\n".join(lines) + "\n"


def _kind(kind: Kind) -> Iterator[str]:
    yield f"\n## {kind.title}\n"
    yield f"`{kind.id}` version {kind.version}; a policy is told `{kind.counts_as}`. {_from(kind.origin)}\n"
    yield f"- **Steps**: {', '.join(kind.steps)}."
    yield f"- **Meeting**: {_meeting(kind)} {_from(kind.meeting.origin)}"
    leads = kind.facilitators
    roles = ", ".join(one.replace("_", " ") for one in leads.roles)
    words = ["trained"] * leads.trained + ["not the officer in the case"] * leads.independent
    yield f"- **Led by** at least {leads.least}: {roles}; {', '.join(words)}. {_from(leads.origin)}"
    yield from (_role(role) for role in kind.roles.values())
    yield f"- **Preparation**: {_asked(kind.preparation)}"
    yield from (f"- **Risk, stage {n}**: {_asked(kind.risk[n])}" for n in sorted(kind.risk))
    for item in kind.agenda.values():
        what = f" Establishes {item.establishes.replace('_', ' ')}." if item.establishes else ""
        yield f"- **Agenda**: {_ended(item.title)}{what} {_from(item.origin)}"
    if kind.feedback is not None:
        said = " ".join(kind.feedback.questions)
        who = ", ".join(kind.feedback.sides)
        yield f"- **Feedback** of {who}, 1 to 5: {said} {_from(kind.feedback.origin)}"
    for rule in kind.follow_up:
        yield f"- **After {rule.days} days**: {_ended(rule.title)} {_from(rule.origin)}"


def _meeting(kind: Kind) -> str:
    how = {
        "at_once": "At once.",
        "planned": "On a day that is set.",
        "indirect": "They never meet.",
    }
    within = kind.meeting.hold_within_days
    return how[kind.meeting.how] + (f" Best held within {within} days." if within else "")


def _role(role: Role) -> str:
    most = "" if role.most is None else f", at most {role.most}"
    child = " Needed where somebody is under 18." if role.for_child else ""
    return f"- **{role.title}** ({role.side}): at least {role.least}{most}.{child} {_from(role.origin)}"


def _asked(asked: Asked) -> str:
    return f"{_ended(asked.title)} {' '.join(asked.ask)} {_from(asked.origin)}"


def _ended(words: str) -> str:
    return words if words.endswith(("?", ".")) else f"{words}."


def _from(origin: Origin) -> str:
    return f"*({origin.confidence}: {origin.source})*"
